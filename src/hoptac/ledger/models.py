"""The ledger's tables (các bảng của sổ cái).

What is written once: Source, Passage, Statement, StatementPassage, Filing, Link, PartyDecision, Reader runs. Everything else is
either a name (Party, Person, Cooperation, Membership) or a cache that ``records.py`` and ``inbox.py`` rebuild (Record's values,
ContributionFact, RecordParty, RecordKey, Waiting). Words and invariants L1-L9: docs/reference/ledger.md.
"""

from __future__ import annotations

import uuid
from decimal import Decimal
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from hoptac.ledger.appendonly import AppendOnly, AppendOnlyQuerySet

PARTY_KINDS = ("locality", "body", "company", "organisation", "school", "hospital", "newspaper", "group")
STATEMENT_KINDS = ("contribution", "activity", "meeting", "ask", "agreement", "person")
RECORD_KINDS = ("contribution", "activity", "meeting", "ask", "agreement")
STANDINGS = ("read", "one_side", "both_sides", "disputed")
FILING_ACTIONS = ("file", "wait", "reject", "undo")
DECISIONS = ("merge", "name", "identifier", "undo")
PARTY_ROLES = ("funder", "recipient", "party", "by", "to", "side", "giver", "taker")
ROLES = ("viewer", "officer", "reviewer", "administrator")
WORDS = ("silent", "differs", "unanswered", "stands", "said")
RELATIONS = ("said_at", "under", "carries_out", "paper")
LINK_ACTIONS = ("link", "unlink")


class Party(models.Model):
    """A locality, a body of one, a company, union, school, hospital, newspaper, or a group of people (bên, đơn vị).

    ``identity`` tells parties apart: ``place:`` and the name for a country or province, else ``name:`` and the name, folded
    and lowered. A code is no identity: "15" was Yên Bái until 2025-06-30 and is Lào Cai since. ``level`` of a locality:
    0 country, 1 province, 2 district, 3 commune. ``locality`` is the province-level locality that a body or group belongs
    to; of such a locality it is null.
    """

    identity = models.CharField(max_length=400, unique=True)
    kind = models.CharField(max_length=20)
    name = models.CharField(max_length=400)
    name_key = models.CharField(max_length=400, db_index=True)
    slug = models.SlugField(max_length=120, unique=True)
    code = models.CharField(max_length=12, null=True, db_index=True)
    level = models.SmallIntegerField(null=True)
    locality = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="bodies")
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="merged")

    class Meta:
        ordering = ("name_key", "id")

    def __str__(self) -> str:
        return self.name


class Person(models.Model):
    """A person in an office (người và chức vụ). One name on one side is one person; ``side`` null: not known.

    ``merged_into`` as of parties."""

    identity = models.CharField(max_length=600, unique=True)
    name = models.CharField(max_length=200)
    name_key = models.CharField(max_length=200, db_index=True)
    side = models.ForeignKey(Party, on_delete=models.PROTECT, null=True, related_name="people")
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="merged")

    class Meta:
        ordering = ("name_key", "id")

    def __str__(self) -> str:
        return self.name


class Cooperation(models.Model):
    """Two or more localities that cooperate (quan hệ hợp tác). ``key`` is their identities in order, joined by a space."""

    key = models.CharField(max_length=400, unique=True)
    name = models.CharField(max_length=400)
    slug = models.SlugField(max_length=160, unique=True)
    localities = models.ManyToManyField(Party, related_name="cooperations")

    class Meta:
        ordering = ("name", "id")

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """For which party a user works, and as what (viewer, officer, reviewer, administrator)."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=20)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["user", "party"], name="membership_once"),)

    def __str__(self) -> str:
        return f"{self.user} · {self.party} · {self.role}"


class Source(AppendOnly):
    """A kept page or paper (nguồn). ``sha256`` is of its bytes, which lie in the content-addressed store.

    ``text`` is the rendition of the first reading, in which every offset of every passage counts, then and later.
    ``layout`` holds ``{"lines": [{"n": 1, "role": "body"}], "blocks": [[start, end, kind, role]]}``.
    """

    sha256 = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=400)
    media_type = models.CharField(max_length=100)
    encoding = models.CharField(max_length=40, null=True)
    url = models.TextField(null=True)
    outlet = models.CharField(max_length=200, null=True)
    published = models.DateField(null=True)
    title = models.TextField(null=True)
    size = models.BigIntegerField()
    text = models.TextField()
    reader = models.CharField(max_length=100)
    layout = models.JSONField(default=dict)
    taken_at = models.DateTimeField()

    class Meta(AppendOnly.Meta):
        ordering = ("-id",)

    def __str__(self) -> str:
        return self.title or self.name


class Passage(AppendOnly):
    """An exact span of a source's text (trích đoạn): code points, end excluded; ``text[start:end] == quote``."""

    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="passages")
    start = models.IntegerField()
    end = models.IntegerField()
    quote = models.TextField()

    class Meta(AppendOnly.Meta):
        ordering = ("source_id", "start", "end")
        constraints = (
            models.UniqueConstraint(fields=["source", "start", "end"], name="passage_once"),
            models.CheckConstraint(condition=Q(start__gte=0) & Q(end__gt=F("start")), name="passage_span"),
        )

    def __str__(self) -> str:
        return self.quote


class ReaderRun(AppendOnly):
    """That a reader version has read a source for a speaker: the second time there is nothing to do (L7)."""

    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="runs")
    reader = models.CharField(max_length=100)
    speaker_identity = models.CharField(max_length=400, default="")
    made_at = models.DateTimeField()

    class Meta(AppendOnly.Meta):
        constraints = (
            models.UniqueConstraint(fields=["source", "reader", "speaker_identity"], name="reader_run_once"),
        )

    def __str__(self) -> str:
        return f"{self.source_id} · {self.reader}"


class StatementQuerySet(AppendOnlyQuerySet["Statement"]):
    def in_force(self) -> StatementQuerySet:
        """Those that no later statement supersedes."""
        return self.filter(superseded_by__isnull=True)

    def filed_under(self, record: Record) -> StatementQuerySet:
        """Those whose latest filing row puts them under ``record``."""
        newer = Filing.objects.filter(
            statement=models.OuterRef("filings__statement"), id__gt=models.OuterRef("filings__id")
        )
        return self.filter(~models.Exists(newer), filings__record=record)


StatementManager = models.Manager.from_queryset(StatementQuerySet)


class Statement(AppendOnly):
    """What a party or a source says of a record (lời khai): never changed, never deleted.

    ``speaker`` null: the source itself speaks (a newspaper, a web page). ``values`` is the contract's object of its kind
    without evidence; decimals are strings. ``confidence`` is in thousandths, 0-1000, None for a person's own word.
    ``key`` makes entering idempotent; ``hash`` chains every statement to the one before it (L9).
    """

    seq = models.BigAutoField(primary_key=True)
    uid = models.UUIDField(unique=True)
    kind = models.CharField(max_length=20)
    speaker = models.ForeignKey(Party, on_delete=models.PROTECT, null=True, related_name="statements")
    source = models.ForeignKey(Source, on_delete=models.PROTECT, null=True, related_name="statements")
    signer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="statements"
    )
    reason = models.TextField(default="", blank=True)
    values: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField()
    confidence = models.SmallIntegerField(null=True)
    reader = models.CharField(max_length=100, default="", blank=True)
    made_at = models.DateTimeField()
    key = models.CharField(max_length=64, unique=True)
    supersedes = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, related_name="superseded_by"
    )
    prev_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64, unique=True)
    passages = models.ManyToManyField(Passage, through="StatementPassage", related_name="statements")

    objects: ClassVar[StatementManager[Statement]] = StatementManager()

    class Meta(AppendOnly.Meta):
        ordering = ("seq",)
        indexes = (models.Index(fields=["kind", "seq"], name="statement_kind"),)
        constraints = (
            models.CheckConstraint(
                condition=Q(source__isnull=False) | (Q(signer__isnull=False) & ~Q(reason="")),
                name="statement_stands",
            ),
            models.CheckConstraint(
                condition=Q(supersedes__isnull=True) | ~Q(supersedes=F("seq")), name="statement_not_itself"
            ),
            models.CheckConstraint(
                condition=Q(confidence__isnull=True) | Q(confidence__range=(0, 1000)),
                name="statement_confidence",
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.uid}"

    @property
    def certainty(self) -> Decimal | None:
        """``confidence`` as a part of one."""
        return None if self.confidence is None else Decimal(self.confidence) / 1000


class StatementPassage(AppendOnly):
    """Which passages a statement stands on, in order."""

    statement = models.ForeignKey(Statement, on_delete=models.PROTECT, related_name="stands_on")
    passage = models.ForeignKey(Passage, on_delete=models.PROTECT, related_name="carries")
    order = models.SmallIntegerField()

    class Meta(AppendOnly.Meta):
        ordering = ("statement_id", "order")
        constraints = (
            models.UniqueConstraint(fields=["statement", "passage"], name="statement_passage_once"),
        )

    def __str__(self) -> str:
        return f"{self.statement_id}:{self.order}"


class ChainHead(models.Model):
    """The end of the chain of hashes: one row. Whoever appends statements holds it."""

    hash = models.CharField(max_length=64, default="", blank=True)
    length = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.length} {self.hash[:12]}"


class RecordQuerySet(models.QuerySet["Record"]):
    def live(self) -> RecordQuerySet:
        """Records that at least one statement in force speaks of."""
        return self.filter(in_force__gt=0)


class Record(models.Model):
    """An activity, contribution, meeting, ask or agreement (hồ sơ): the statements filed under it, consolidated.

    Cached, rebuilt by ``records.rebuild``: ``title``, ``values`` (field -> value), ``standing``, ``fields`` (field ->
    ``{"standing", "value", "says": [uid], "near": [...], "otherwise": [{"value", "says": [uid]}]}``; ``near`` are less or
    more exact wordings that do not contradict), ``in_force`` (how many statements), ``year``, ``part_of`` (the activity of
    a contribution), ``cooperations``, ``parties``.

    ``stage``, ``due``, ``met``: how far it has come by all that carries it out, until when, and whether what was due has come
    (``climb``); a stage that nothing tells is null.

    ``place_units``: the ids of the units, as they were, in which the record counts: one where that is settled, those that
    it may mean where not (parted by ``|``), "" for none, null in a ledger that has not been rebuilt since this column
    came. ``place_told``: "place" or "recipient", by which of them. ``place_why``: "" for one unit, else the reason.
    """

    uid = models.UUIDField(unique=True, default=uuid.uuid4)
    kind = models.CharField(max_length=20)
    slug = models.SlugField(max_length=200, unique=True)
    title = models.TextField(default="", blank=True)
    title_key = models.TextField(default="", blank=True)
    opened_at = models.DateTimeField()
    values: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)
    fields: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)
    standing = models.CharField(max_length=20, default="read")
    in_force = models.IntegerField(default=0)
    year = models.SmallIntegerField(null=True)
    place_units = models.TextField(null=True)
    place_told = models.CharField(max_length=12, default="", blank=True)
    place_why = models.CharField(max_length=12, default="", blank=True)
    part_of = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, related_name="parts")
    stage = models.CharField(max_length=12, null=True)
    due = models.DateField(null=True)
    met = models.BooleanField(null=True)
    cooperations = models.ManyToManyField(Cooperation, related_name="records")
    parties = models.ManyToManyField(Party, through="RecordParty", related_name="records")

    objects = RecordQuerySet.as_manager()

    class Meta:
        ordering = ("-year", "title", "id")
        indexes = (
            models.Index(fields=["kind", "-year", "-id"], name="record_kind_year"),
            models.Index(fields=["place_units"], name="record_place_units"),
            models.Index(fields=["stage", "due"], name="record_stage_due"),
        )

    def __str__(self) -> str:
        return self.title


class RecordParty(models.Model):
    """Who is in a record, as what: funder, recipient, party, by, to as told; and the localities of province level behind
    them: ``side`` (all that the record concerns), ``giver`` and ``taker`` (of a contribution).

    ``units``: ids of the units that the party was in the record's days, as in ``Record.place_units``; "" for one that is
    no place. ``word``: of a side, where its word stands (``turns.word_of``); null of other roles, and before a rebuild."""

    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="roles")
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="roles")
    role = models.CharField(max_length=12)
    units = models.TextField(null=True)
    word = models.CharField(max_length=12, null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["record", "party", "role"], name="record_party_once"),)
        indexes = (
            models.Index(fields=["party", "role"], name="record_party_role_index"),
            models.Index(fields=["party", "word"], name="record_party_word_index"),
        )

    def __str__(self) -> str:
        return f"{self.record_id} {self.role} {self.party_id}"


class Filing(AppendOnly):
    """Which record, or which person, a statement speaks of (xếp hồ sơ). The latest row of a statement counts.

    ``record`` and ``person`` both null: filed nowhere: it waits for a person (``wait``, ``undo``), or was put aside
    (``reject``). ``by`` null: filed by the program, for the reasons that it gives. ``after`` is the row that a person saw
    standing and replaces; each is replaced so once at most, so of two who decide at once one wins.
    """

    statement = models.ForeignKey(Statement, on_delete=models.PROTECT, related_name="filings")
    record = models.ForeignKey(Record, on_delete=models.PROTECT, null=True, related_name="filings")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="filings")
    action = models.CharField(max_length=10, default="file")
    score = models.SmallIntegerField(null=True)
    reason = models.TextField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="filings"
    )
    made_at = models.DateTimeField()
    after = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="replaced_by", db_index=False
    )

    class Meta(AppendOnly.Meta):
        ordering = ("id",)
        indexes = (models.Index(fields=["statement", "-id"], name="filing_latest"),)
        constraints = (
            models.CheckConstraint(
                condition=Q(record__isnull=True) | Q(person__isnull=True), name="filing_one_thing"
            ),
            models.CheckConstraint(
                condition=~Q(action="reject") | (Q(record__isnull=True) & Q(person__isnull=True)),
                name="filing_rejected_nowhere",
            ),
            models.UniqueConstraint(
                fields=["after"], condition=Q(after__isnull=False), name="filing_replaced_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.statement_id} -> {self.record_id or self.person_id}"


class Link(AppendOnly):
    """That a record belongs to another, or that a paper belongs to it (mối liên hệ). Made by a person for a side.

    ``relation``: the ask, pledge or agreement was ``said_at`` the meeting ``to``; the ask, work, contribution or meeting
    stands ``under`` the agreement ``to`` (of clause ``clause`` where told); the work, contribution or agreement ``carries_out``
    the ask ``to``; ``paper`` is a paper of the record. The latest row of a side for one target counts; a side undoes its own.
    """

    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="links")
    relation = models.CharField(max_length=12)
    to = models.ForeignKey(Record, on_delete=models.PROTECT, null=True, related_name="linked_from")
    paper = models.ForeignKey(Source, on_delete=models.PROTECT, null=True, related_name="paper_of")
    clause = models.SmallIntegerField(null=True)
    action = models.CharField(max_length=10, default="link")
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="made_links")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="made_links")
    reason = models.TextField(default="", blank=True)
    made_at = models.DateTimeField()

    class Meta(AppendOnly.Meta):
        ordering = ("id",)
        constraints = (
            models.CheckConstraint(
                condition=Q(to__isnull=False, paper__isnull=True) | Q(to__isnull=True, paper__isnull=False),
                name="link_one_target",
            ),
            models.CheckConstraint(condition=Q(to__isnull=True) | ~Q(to=F("record")), name="link_not_itself"),
        )

    def __str__(self) -> str:
        return f"{self.record_id} {self.relation} {self.to_id or self.paper_id}"


class ContributionFact(models.Model):
    """A contribution as figures (số liệu), for lists and sums. Rebuilt from statements, never the truth.

    A sum is ``amount_minor / 10**exponent`` in ``currency``; ``amount_low``/``of_total_minor`` share the exponent.
    ``left_out`` is empty where the sum counts in totals, else the code why not (``sums.LEFT_OUT``).
    """

    record = models.OneToOneField(Record, on_delete=models.CASCADE, related_name="fact")
    amount_minor = models.BigIntegerField(null=True)
    of_total_minor = models.BigIntegerField(null=True)
    exponent = models.SmallIntegerField(default=0)
    currency = models.CharField(max_length=3, null=True)
    bound = models.CharField(max_length=10, null=True)
    quantity = models.CharField(max_length=40, null=True)
    unit = models.CharField(max_length=200, null=True)
    year = models.SmallIntegerField(null=True)
    year_to = models.SmallIntegerField(null=True)
    field = models.CharField(max_length=20, null=True)
    status = models.CharField(max_length=20, null=True)
    act = models.CharField(max_length=20, null=True)
    place = models.CharField(max_length=200, null=True)
    standing = models.CharField(max_length=20)
    counted = models.BooleanField(default=False)
    left_out = models.CharField(max_length=20, default="", blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(counted=True, left_out="", amount_minor__isnull=False, currency__isnull=False)
                | (Q(counted=False) & ~Q(left_out="")),
                name="fact_counted_or_why_not",
            ),
        )
        indexes = (models.Index(fields=["year", "field"], name="fact_year_field"),)

    def __str__(self) -> str:
        return f"{self.record_id}: {self.amount}"

    @property
    def amount(self) -> Decimal | None:
        """The sum in whole units of its currency."""
        return None if self.amount_minor is None else Decimal(self.amount_minor).scaleb(-self.exponent)

    @property
    def of_total(self) -> Decimal | None:
        """The whole that the sum is a part of."""
        return None if self.of_total_minor is None else Decimal(self.of_total_minor).scaleb(-self.exponent)


class RecordKey(models.Model):
    """By what a record can be found when a statement may speak of it: a hash of what ``blocking.record_keys`` gives."""

    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="keys")
    key = models.BigIntegerField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["key", "record"], name="record_key_once"),)

    def __str__(self) -> str:
        return f"{self.record_id} {self.key}"


class Waiting(models.Model):
    """A statement that waits for a person to file it (lời khai chờ xếp hồ sơ). A cache of filings, for lists.

    ``sides`` are the localities that it concerns; none: any officer may file it. ``best`` and ``score``: the likeliest record
    when it began to wait. ``words`` are searched.
    """

    statement = models.OneToOneField(Statement, on_delete=models.PROTECT, related_name="waiting")
    kind = models.CharField(max_length=20)
    words = models.TextField(default="", blank=True)
    year = models.SmallIntegerField(null=True)
    since = models.DateTimeField()
    best = models.ForeignKey(Record, on_delete=models.SET_NULL, null=True, related_name="+")
    score = models.SmallIntegerField(null=True)
    sides = models.ManyToManyField(Party, related_name="+")

    class Meta:
        ordering = ("-since", "statement_id")
        indexes = (models.Index(fields=["-since", "statement"], name="waiting_since"),)

    def __str__(self) -> str:
        return str(self.statement_id)


class PartyDecision(AppendOnly):
    """What a person decided of a party or person (quyết định về bên, người): never changed, undone by a later row.

    ``merge``       ``party`` is ``into`` (or ``person`` is ``into_person``): one under two names.
    ``name``        ``party`` bears ``name`` too, from ``valid_from`` to ``valid_to`` (YYYY, YYYY-MM or YYYY-MM-DD, null: open).
    ``identifier``  ``party`` is ``value`` in the register ``scheme`` ("XM-DAC", "VN-GDT").
    ``undo``        ``undoes`` no longer holds; each is undone once at most.
    """

    action = models.CharField(max_length=12)
    party = models.ForeignKey(Party, on_delete=models.PROTECT, null=True, related_name="decisions")
    into = models.ForeignKey(Party, on_delete=models.PROTECT, null=True, related_name="decided_into")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="decisions")
    into_person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="decided_into")
    name = models.CharField(max_length=400, default="", blank=True)
    identity = models.CharField(max_length=400, default="", blank=True, db_index=True)
    scheme = models.CharField(max_length=40, default="", blank=True)
    value = models.CharField(max_length=120, default="", blank=True)
    valid_from = models.CharField(max_length=10, null=True)
    valid_to = models.CharField(max_length=10, null=True)
    undoes = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="undone_by", db_index=False
    )
    reason = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="party_decisions")
    made_at = models.DateTimeField()

    class Meta(AppendOnly.Meta):
        ordering = ("id",)
        constraints = (
            models.CheckConstraint(
                condition=Q(party__isnull=False, person__isnull=True)
                | Q(party__isnull=True, person__isnull=False),
                name="decision_of_one",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="decision_has_reason"),
            models.UniqueConstraint(
                fields=["undoes"], condition=Q(undoes__isnull=False), name="decision_undone_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.action} {self.party_id or self.person_id}"
