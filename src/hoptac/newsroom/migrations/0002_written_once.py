# ruff: noqa: RUF012
"""Triggers that refuse to change or delete an edition, a picture, a notice or a reply."""

from django.db import migrations

from hoptac.ledger import triggers
from hoptac.newsroom.guards import TABLES


class Migration(migrations.Migration):
    dependencies = [("newsroom", "0001_tables"), ("ledger", "0002_written_once")]
    operations = [migrations.RunPython(*triggers.guard(*TABLES))]
