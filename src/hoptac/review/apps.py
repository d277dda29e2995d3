from django.apps import AppConfig


class ReviewConfig(AppConfig):
    name = "hoptac.review"
    label = "review"
    verbose_name = "Review"
