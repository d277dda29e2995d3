# ruff: noqa: RUF012
"""What waits for a person, by what records are found, what is decided of parties. Keys are made by ``hoptac init``."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from hoptac.ledger import triggers


class Migration(migrations.Migration):
    dependencies = [
        ("ledger", "0004_sides"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="PartyDecision",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("action", models.CharField(max_length=12)),
                ("name", models.CharField(blank=True, default="", max_length=400)),
                ("identity", models.CharField(blank=True, db_index=True, default="", max_length=400)),
                ("scheme", models.CharField(blank=True, default="", max_length=40)),
                ("value", models.CharField(blank=True, default="", max_length=120)),
                ("valid_from", models.CharField(max_length=10, null=True)),
                ("valid_to", models.CharField(max_length=10, null=True)),
                ("reason", models.TextField()),
                ("made_at", models.DateTimeField()),
            ],
            options={
                "ordering": ("id",),
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="RecordKey",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.BigIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="Waiting",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=20)),
                ("words", models.TextField(blank=True, default="")),
                ("year", models.SmallIntegerField(null=True)),
                ("since", models.DateTimeField()),
                ("score", models.SmallIntegerField(null=True)),
            ],
            options={
                "ordering": ("-since", "statement_id"),
            },
        ),
        migrations.AddField(
            model_name="filing",
            name="after",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="replaced_by",
                to="ledger.filing",
            ),
        ),
        migrations.AddField(
            model_name="party",
            name="merged_into",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="merged",
                to="ledger.party",
            ),
        ),
        migrations.AddField(
            model_name="person",
            name="merged_into",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="merged",
                to="ledger.person",
            ),
        ),
        migrations.AddConstraint(
            model_name="filing",
            constraint=models.UniqueConstraint(
                condition=models.Q(("after__isnull", False)), fields=("after",), name="filing_replaced_once"
            ),
        ),
        migrations.AddField(
            model_name="partydecision",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="party_decisions",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="partydecision",
            name="into",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="decided_into",
                to="ledger.party",
            ),
        ),
        migrations.AddField(
            model_name="partydecision",
            name="into_person",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="decided_into",
                to="ledger.person",
            ),
        ),
        migrations.AddField(
            model_name="partydecision",
            name="party",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="decisions",
                to="ledger.party",
            ),
        ),
        migrations.AddField(
            model_name="partydecision",
            name="person",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="decisions",
                to="ledger.person",
            ),
        ),
        migrations.AddField(
            model_name="partydecision",
            name="undoes",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="undone_by",
                to="ledger.partydecision",
            ),
        ),
        migrations.AddField(
            model_name="recordkey",
            name="record",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="keys", to="ledger.record"
            ),
        ),
        migrations.AddField(
            model_name="waiting",
            name="best",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="ledger.record"
            ),
        ),
        migrations.AddField(
            model_name="waiting",
            name="sides",
            field=models.ManyToManyField(related_name="+", to="ledger.party"),
        ),
        migrations.AddField(
            model_name="waiting",
            name="statement",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="waiting", to="ledger.statement"
            ),
        ),
        migrations.AddConstraint(
            model_name="partydecision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("party__isnull", False), ("person__isnull", True)),
                    models.Q(("party__isnull", True), ("person__isnull", False)),
                    _connector="OR",
                ),
                name="decision_of_one",
            ),
        ),
        migrations.AddConstraint(
            model_name="partydecision",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True), name="decision_has_reason"
            ),
        ),
        migrations.AddConstraint(
            model_name="partydecision",
            constraint=models.UniqueConstraint(
                condition=models.Q(("undoes__isnull", False)), fields=("undoes",), name="decision_undone_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="recordkey",
            constraint=models.UniqueConstraint(fields=("key", "record"), name="record_key_once"),
        ),
        migrations.AddIndex(
            model_name="waiting",
            index=models.Index(fields=["-since", "statement"], name="waiting_since"),
        ),
        migrations.RunPython(*triggers.guard("ledger_partydecision")),
    ]
