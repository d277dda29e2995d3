# ruff: noqa: RUF012
"""Triggers that refuse to change or delete a snapshot, a side's text or its assent."""

from django.db import migrations

from hoptac.ledger import triggers
from hoptac.review.guards import TABLES


class Migration(migrations.Migration):
    dependencies = [("review", "0001_reviews"), ("ledger", "0002_written_once")]
    operations = [migrations.RunPython(*triggers.guard(*TABLES))]
