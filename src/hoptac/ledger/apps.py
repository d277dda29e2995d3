from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "hoptac.ledger"
    label = "ledger"
    verbose_name = "Hợp Tác: ledger"
