from django.apps import AppConfig

from hoptac.review.guards import TABLES


class ReviewConfig(AppConfig):
    name = "hoptac.review"
    label = "review"
    verbose_name = "Review"
    written_once = TABLES
