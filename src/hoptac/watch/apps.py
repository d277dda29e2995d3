from django.apps import AppConfig


class WatchConfig(AppConfig):
    name = "hoptac.watch"
    label = "watch"
    verbose_name = "Hợp Tác: news watch"
