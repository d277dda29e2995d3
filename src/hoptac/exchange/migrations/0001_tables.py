# ruff: noqa: RUF012
"""Publishers, activities taken from their files, activities in their files."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("ledger", "0003_units_in_time"),
    ]

    operations = [
        migrations.CreateModel(
            name="Publisher",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("ref", models.CharField(max_length=120, unique=True)),
                ("former", models.JSONField(default=list)),
                ("type", models.CharField(default="11", max_length=3)),
                ("mark", models.CharField(blank=True, default="", max_length=64)),
                ("made_at", models.DateTimeField(null=True)),
                (
                    "party",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="publisher",
                        to="ledger.party",
                    ),
                ),
            ],
            options={
                "ordering": ("party__name_key",),
            },
        ),
        migrations.CreateModel(
            name="Given",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("identifier", models.CharField(max_length=500)),
                ("file", models.CharField(max_length=400)),
                ("line", models.IntegerField(null=True)),
                ("part", models.IntegerField(default=0)),
                ("made_at", models.DateTimeField()),
                (
                    "party",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="given", to="ledger.party"
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="given", to="ledger.source"
                    ),
                ),
            ],
            options={
                "ordering": ("id",),
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [models.Index(fields=["party", "identifier", "-id"], name="given_latest")],
                "constraints": [models.UniqueConstraint(fields=("party", "source"), name="given_once")],
            },
        ),
        migrations.CreateModel(
            name="Published",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("given", models.CharField(max_length=500, null=True)),
                ("identifier", models.CharField(max_length=500)),
                ("stamp", models.CharField(default="", max_length=64)),
                ("content", models.CharField(default="", max_length=64)),
                ("body", models.TextField(default="")),
                ("size", models.BigIntegerField(default=0)),
                ("transactions", models.IntegerField(default=0)),
                ("findings", models.JSONField(default=list)),
                ("state", models.CharField(default="gone", max_length=8)),
                ("made_at", models.DateTimeField()),
                (
                    "record",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="published",
                        to="ledger.record",
                    ),
                ),
                (
                    "publisher",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="activities",
                        to="exchange.publisher",
                    ),
                ),
            ],
            options={
                "ordering": ("id",),
                "indexes": [models.Index(fields=["publisher", "state", "id"], name="published_state")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("publisher", "identifier"), name="published_identifier_once"
                    ),
                    models.UniqueConstraint(fields=("publisher", "record"), name="published_record_once"),
                ],
            },
        ),
    ]
