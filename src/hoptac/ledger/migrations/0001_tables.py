# ruff: noqa: RUF012

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ChainHead",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("hash", models.CharField(blank=True, default="", max_length=64)),
                ("length", models.BigIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="Source",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("sha256", models.CharField(max_length=64, unique=True)),
                ("name", models.CharField(max_length=400)),
                ("media_type", models.CharField(max_length=100)),
                ("encoding", models.CharField(max_length=40, null=True)),
                ("url", models.TextField(null=True)),
                ("outlet", models.CharField(max_length=200, null=True)),
                ("published", models.DateField(null=True)),
                ("title", models.TextField(null=True)),
                ("size", models.BigIntegerField()),
                ("text", models.TextField()),
                ("reader", models.CharField(max_length=100)),
                ("layout", models.JSONField(default=dict)),
                ("taken_at", models.DateTimeField()),
            ],
            options={
                "ordering": ("-id",),
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="Party",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("identity", models.CharField(max_length=400, unique=True)),
                ("kind", models.CharField(max_length=20)),
                ("name", models.CharField(max_length=400)),
                ("name_key", models.CharField(db_index=True, max_length=400)),
                ("slug", models.SlugField(max_length=120, unique=True)),
                ("code", models.CharField(db_index=True, max_length=12, null=True)),
                ("level", models.SmallIntegerField(null=True)),
                (
                    "locality",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="bodies",
                        to="ledger.party",
                    ),
                ),
            ],
            options={
                "ordering": ("name_key", "id"),
            },
        ),
        migrations.CreateModel(
            name="Cooperation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=400, unique=True)),
                ("name", models.CharField(max_length=400)),
                ("slug", models.SlugField(max_length=160, unique=True)),
                ("localities", models.ManyToManyField(related_name="cooperations", to="ledger.party")),
            ],
            options={
                "ordering": ("name", "id"),
            },
        ),
        migrations.CreateModel(
            name="Person",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("identity", models.CharField(max_length=600, unique=True)),
                ("name", models.CharField(max_length=200)),
                ("name_key", models.CharField(db_index=True, max_length=200)),
                (
                    "side",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="people",
                        to="ledger.party",
                    ),
                ),
            ],
            options={
                "ordering": ("name_key", "id"),
            },
        ),
        migrations.CreateModel(
            name="Record",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField(default=uuid.uuid4, unique=True)),
                ("kind", models.CharField(max_length=20)),
                ("slug", models.SlugField(max_length=200, unique=True)),
                ("title", models.TextField(blank=True, default="")),
                ("title_key", models.TextField(blank=True, default="")),
                ("opened_at", models.DateTimeField()),
                ("values", models.JSONField(default=dict)),
                ("fields", models.JSONField(default=dict)),
                ("standing", models.CharField(default="read", max_length=20)),
                ("in_force", models.IntegerField(default=0)),
                ("year", models.SmallIntegerField(null=True)),
                ("cooperations", models.ManyToManyField(related_name="records", to="ledger.cooperation")),
                (
                    "part_of",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="parts",
                        to="ledger.record",
                    ),
                ),
            ],
            options={
                "ordering": ("-year", "title", "id"),
            },
        ),
        migrations.CreateModel(
            name="RecordParty",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("role", models.CharField(max_length=12)),
                (
                    "party",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="roles", to="ledger.party"
                    ),
                ),
                (
                    "record",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="roles", to="ledger.record"
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="record",
            name="parties",
            field=models.ManyToManyField(
                related_name="records", through="ledger.RecordParty", to="ledger.party"
            ),
        ),
        migrations.CreateModel(
            name="ReaderRun",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reader", models.CharField(max_length=100)),
                ("speaker_identity", models.CharField(default="", max_length=400)),
                ("made_at", models.DateTimeField()),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="runs", to="ledger.source"
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="Passage",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("start", models.IntegerField()),
                ("end", models.IntegerField()),
                ("quote", models.TextField()),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="passages",
                        to="ledger.source",
                    ),
                ),
            ],
            options={
                "ordering": ("source_id", "start", "end"),
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="Statement",
            fields=[
                ("seq", models.BigAutoField(primary_key=True, serialize=False)),
                ("uid", models.UUIDField(unique=True)),
                ("kind", models.CharField(max_length=20)),
                ("reason", models.TextField(blank=True, default="")),
                ("values", models.JSONField()),
                ("confidence", models.SmallIntegerField(null=True)),
                ("reader", models.CharField(blank=True, default="", max_length=100)),
                ("made_at", models.DateTimeField()),
                ("key", models.CharField(max_length=64, unique=True)),
                ("prev_hash", models.CharField(max_length=64)),
                ("hash", models.CharField(max_length=64, unique=True)),
                (
                    "signer",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="statements",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="statements",
                        to="ledger.source",
                    ),
                ),
                (
                    "speaker",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="statements",
                        to="ledger.party",
                    ),
                ),
                (
                    "supersedes",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="superseded_by",
                        to="ledger.statement",
                    ),
                ),
            ],
            options={
                "ordering": ("seq",),
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="Filing",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("action", models.CharField(default="file", max_length=10)),
                ("score", models.SmallIntegerField(null=True)),
                ("reason", models.TextField()),
                ("made_at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="filings",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="filings",
                        to="ledger.person",
                    ),
                ),
                (
                    "record",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="filings",
                        to="ledger.record",
                    ),
                ),
                (
                    "statement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="filings",
                        to="ledger.statement",
                    ),
                ),
            ],
            options={
                "ordering": ("id",),
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="StatementPassage",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("order", models.SmallIntegerField()),
                (
                    "passage",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="carries",
                        to="ledger.passage",
                    ),
                ),
                (
                    "statement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="stands_on",
                        to="ledger.statement",
                    ),
                ),
            ],
            options={
                "ordering": ("statement_id", "order"),
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.AddField(
            model_name="statement",
            name="passages",
            field=models.ManyToManyField(
                related_name="statements", through="ledger.StatementPassage", to="ledger.passage"
            ),
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("role", models.CharField(max_length=20)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="memberships",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "party",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="memberships",
                        to="ledger.party",
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("user", "party"), name="membership_once")],
            },
        ),
        migrations.CreateModel(
            name="ContributionFact",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("amount_minor", models.BigIntegerField(null=True)),
                ("of_total_minor", models.BigIntegerField(null=True)),
                ("exponent", models.SmallIntegerField(default=0)),
                ("currency", models.CharField(max_length=3, null=True)),
                ("bound", models.CharField(max_length=10, null=True)),
                ("quantity", models.CharField(max_length=40, null=True)),
                ("unit", models.CharField(max_length=200, null=True)),
                ("year", models.SmallIntegerField(null=True)),
                ("year_to", models.SmallIntegerField(null=True)),
                ("field", models.CharField(max_length=20, null=True)),
                ("status", models.CharField(max_length=20, null=True)),
                ("act", models.CharField(max_length=20, null=True)),
                ("place", models.CharField(max_length=200, null=True)),
                ("standing", models.CharField(max_length=20)),
                ("counted", models.BooleanField(default=False)),
                ("left_out", models.CharField(blank=True, default="", max_length=20)),
                (
                    "record",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="fact", to="ledger.record"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["year", "field"], name="fact_year_field")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("amount_minor__isnull", False),
                                ("counted", True),
                                ("currency__isnull", False),
                                ("left_out", ""),
                            ),
                            models.Q(("counted", False), models.Q(("left_out", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="fact_counted_or_why_not",
                    )
                ],
            },
        ),
        migrations.AddIndex(
            model_name="recordparty",
            index=models.Index(fields=["party", "role"], name="record_party_role_index"),
        ),
        migrations.AddConstraint(
            model_name="recordparty",
            constraint=models.UniqueConstraint(fields=("record", "party", "role"), name="record_party_once"),
        ),
        migrations.AddIndex(
            model_name="record",
            index=models.Index(fields=["kind", "-year", "-id"], name="record_kind_year"),
        ),
        migrations.AddConstraint(
            model_name="readerrun",
            constraint=models.UniqueConstraint(
                fields=("source", "reader", "speaker_identity"), name="reader_run_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="passage",
            constraint=models.UniqueConstraint(fields=("source", "start", "end"), name="passage_once"),
        ),
        migrations.AddConstraint(
            model_name="passage",
            constraint=models.CheckConstraint(
                condition=models.Q(("start__gte", 0), ("end__gt", models.F("start"))), name="passage_span"
            ),
        ),
        migrations.AddIndex(
            model_name="filing",
            index=models.Index(fields=["statement", "-id"], name="filing_latest"),
        ),
        migrations.AddConstraint(
            model_name="filing",
            constraint=models.CheckConstraint(
                condition=models.Q(("record__isnull", True), ("person__isnull", True), _connector="OR"),
                name="filing_one_thing",
            ),
        ),
        migrations.AddConstraint(
            model_name="filing",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("action", "reject"), _negated=True),
                    models.Q(("record__isnull", True), ("person__isnull", True)),
                    _connector="OR",
                ),
                name="filing_rejected_nowhere",
            ),
        ),
        migrations.AddConstraint(
            model_name="statementpassage",
            constraint=models.UniqueConstraint(
                fields=("statement", "passage"), name="statement_passage_once"
            ),
        ),
        migrations.AddIndex(
            model_name="statement",
            index=models.Index(fields=["kind", "seq"], name="statement_kind"),
        ),
        migrations.AddConstraint(
            model_name="statement",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("source__isnull", False),
                    models.Q(("signer__isnull", False), models.Q(("reason", ""), _negated=True)),
                    _connector="OR",
                ),
                name="statement_stands",
            ),
        ),
        migrations.AddConstraint(
            model_name="statement",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("supersedes__isnull", True),
                    models.Q(("supersedes", models.F("seq")), _negated=True),
                    _connector="OR",
                ),
                name="statement_not_itself",
            ),
        ),
        migrations.AddConstraint(
            model_name="statement",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("confidence__isnull", True), ("confidence__range", (0, 1000)), _connector="OR"
                ),
                name="statement_confidence",
            ),
        ),
    ]
