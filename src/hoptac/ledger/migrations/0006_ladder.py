# ruff: noqa: RUF012
"""How far each record has come, and until when. Null until ``hoptac rebuild`` fills it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ledger", "0005_inbox_and_parties")]
    operations = [
        migrations.AddField("record", "stage", models.CharField(max_length=12, null=True)),
        migrations.AddField("record", "due", models.DateField(null=True)),
        migrations.AddField("record", "met", models.BooleanField(null=True)),
        migrations.AddIndex("record", models.Index(fields=["stage", "due"], name="record_stage_due")),
    ]
