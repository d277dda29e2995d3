from django.urls import path

from hoptac.portal import views

app_name = "portal"
urlpatterns = [
    path("", views.home, name="home"),
    path("cooperations/<slug:slug>/", views.cooperation, name="cooperation"),
    path("cooperations/<slug:slug>/sum/", views.sum_page, name="cooperation-sum"),
    path("cooperations/<slug:slug>/records/", views.cooperation_records, name="cooperation-records"),
    path("records/", views.records, name="records"),
    path("records.csv", views.records_csv, name="records-csv"),
    path("places/", views.places, name="places"),
    path("places.csv", views.places_csv, name="places-csv"),
    path("places/<slug:slug>/", views.place, name="place"),
    path("places/<slug:slug>/sum/", views.place_sum, name="place-sum"),
    path("records/<slug:slug>/", views.record, name="record"),
    path("parties/<slug:slug>/", views.party, name="party"),
]
