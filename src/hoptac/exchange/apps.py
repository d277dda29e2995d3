from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "hoptac.exchange"
    label = "exchange"
    verbose_name = "Hợp Tác: data in and out"
