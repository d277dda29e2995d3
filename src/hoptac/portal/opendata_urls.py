from django.urls import path

from hoptac.portal import opendata

app_name = "opendata"
urlpatterns = [
    path("", opendata.files, name="files"),
    path("iati/<str:ref>/findings/", opendata.findings, name="findings"),
    path("iati/<str:name>", opendata.iati_file, name="iati"),
    path("tables/<slug:name>.<slug:kind>", opendata.table_file, name="table"),
]
