# ruff: noqa: RUF012
"""Links between records, and where each side's word on a record stands. The word is null until ``hoptac rebuild`` fills it."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import F, Q

from hoptac.ledger import triggers


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("ledger", "0003_units_in_time"),
    ]
    operations = [
        migrations.AddField("recordparty", "word", models.CharField(max_length=12, null=True)),
        migrations.AddIndex(
            "recordparty", models.Index(fields=["party", "word"], name="record_party_word_index")
        ),
        migrations.CreateModel(
            name="Link",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("relation", models.CharField(max_length=12)),
                ("clause", models.SmallIntegerField(null=True)),
                ("action", models.CharField(default="link", max_length=10)),
                ("reason", models.TextField(blank=True, default="")),
                ("made_at", models.DateTimeField()),
                (
                    "record",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="links", to="ledger.record"
                    ),
                ),
                (
                    "to",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="linked_from",
                        to="ledger.record",
                    ),
                ),
                (
                    "paper",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="paper_of",
                        to="ledger.source",
                    ),
                ),
                (
                    "party",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="made_links",
                        to="ledger.party",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="made_links",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={"ordering": ("id",), "abstract": False, "base_manager_name": "objects"},
        ),
        migrations.AddConstraint(
            "link",
            models.CheckConstraint(
                condition=Q(to__isnull=False, paper__isnull=True) | Q(to__isnull=True, paper__isnull=False),
                name="link_one_target",
            ),
        ),
        migrations.AddConstraint(
            "link",
            models.CheckConstraint(condition=Q(to__isnull=True) | ~Q(to=F("record")), name="link_not_itself"),
        ),
        migrations.RunPython(*triggers.guard("ledger_link")),
    ]
