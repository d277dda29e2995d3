# ruff: noqa: RUF012
"""The unit as it was, of records and of their parties. Null until ``hoptac rebuild`` fills it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ledger", "0002_written_once")]
    operations = [
        migrations.AddField("record", "place_units", models.TextField(null=True)),
        migrations.AddField("record", "place_told", models.CharField(blank=True, default="", max_length=12)),
        migrations.AddField("record", "place_why", models.CharField(blank=True, default="", max_length=12)),
        migrations.AddField("recordparty", "units", models.TextField(null=True)),
        migrations.AddIndex("record", models.Index(fields=["place_units"], name="record_place_units")),
    ]
