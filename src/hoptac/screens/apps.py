from django.apps import AppConfig


class ScreensConfig(AppConfig):
    name = "hoptac.screens"
    label = "screens"
    verbose_name = "Screens"
