from django.apps import AppConfig

from hoptac.newsroom.guards import TABLES


class NewsroomConfig(AppConfig):
    name = "hoptac.newsroom"
    verbose_name = "News room"
    written_once = TABLES
