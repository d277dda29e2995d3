# ruff: noqa: RUF012
"""Triggers that refuse to change or delete what is written once, and the first row of the chain of hashes."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from hoptac.ledger import triggers


def open_chain(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    apps.get_model("ledger", "ChainHead").objects.get_or_create(pk=1)


def leave_chain(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """The row goes with its table."""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_tables")]
    operations = [
        migrations.RunPython(open_chain, leave_chain),
        migrations.RunPython(*triggers.guard(*triggers.FIRST_TABLES)),
    ]
