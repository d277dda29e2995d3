from django.apps import AppConfig


class NewsroomConfig(AppConfig):
    name = "hoptac.newsroom"
    verbose_name = "News room"
