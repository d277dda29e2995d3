from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "hoptac.accounts"
    label = "accounts"

    def ready(self) -> None:
        from hoptac.accounts.audit import listen

        listen()
