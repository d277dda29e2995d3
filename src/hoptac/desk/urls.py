from django.urls import path

from hoptac.desk import places, records, sources, views

app_name = "desk"
urlpatterns = [
    path("", views.cooperations, name="cooperations"),
    path("cooperations.csv", views.cooperations_csv, name="cooperations-csv"),
    path("cooperations/<slug:slug>/", views.cooperation, name="cooperation"),
    path("cooperations/<slug:slug>/sum/", views.sum_page, name="cooperation-sum"),
    path("records/", records.records, name="records"),
    path("records.csv", records.records_csv, name="records-csv"),
    path("records/<slug:slug>/", records.record, name="record"),
    path("records/<slug:slug>/answer/", records.answer, name="record-answer"),
    path("places/", places.places, name="places"),
    path("places.csv", places.places_csv, name="places-csv"),
    path("places/<slug:slug>/", places.place, name="place"),
    path("places/<slug:slug>/sum/", places.place_sum, name="place-sum"),
    path("sources/", sources.sources, name="sources"),
    path("sources/<slug:sha256>/", sources.source, name="source"),
]
