"""IATI in (nhận tệp IATI): each activity becomes a kept source and statements of the organisation that reports it.

One activity is one transaction: what is taken before a fault stays taken, and taking the file again goes on from there. The
activity's own bytes are kept as they stand in the file. A later file's word on an activity takes the place of the earlier one's.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import BinaryIO
from xml.sax.saxutils import quoteattr

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from hoptac.exchange.facts import Facts, Told, name_of, org_name
from hoptac.exchange.findings import Note
from hoptac.exchange.models import Given
from hoptac.iati import Finding, Limits, Reading
from hoptac.iati.activity import Activity
from hoptac.iati.scan import Origin
from hoptac.iati.stream import Head
from hoptac.ledger import store
from hoptac.ledger.canonical import digest, page_key, storable
from hoptac.ledger.filing import Shelf, activity_values, file_statement, filed_under
from hoptac.ledger.models import Filing, Party, Passage, ReaderRun, Source, Statement
from hoptac.ledger.parties import ensure_party
from hoptac.ledger.records import rebuild
from hoptac.ledger.statements import Draft, append, lock_chain
from hoptac.ledger.values import ValuesError, check_values
from hoptac.lexicon.tables import Lexicon, default_lexicon

READER = "iati/1"
MEDIA_TYPE = "application/iati+xml"
ROLE = "iati"


@dataclass
class IatiReport:
    """What taking a file did. ``loss`` counts by path what became no statement; the kept bytes have it all."""

    name: str
    activities: int = 0
    activities_new: int = 0
    activities_known: int = 0
    statements_new: int = 0
    statements_superseded: int = 0
    records_new: int = 0
    unfiled: int = 0
    loss: Counter[str] = field(default_factory=Counter)
    findings: list[Finding] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)


def take_iati(
    stream: BinaryIO,
    *,
    name: str,
    by: User | None = None,
    now: datetime | None = None,
    lexicon: Lexicon | None = None,
    limits: Limits | None = None,
    told: Callable[[IatiReport], None] = lambda report: None,
) -> IatiReport:
    """Take every activity of a file into the ledger; broken ones are findings, the good ones go on.

    The same file taken twice changes nothing. ``told`` is called after each activity.
    """
    lexicon = lexicon or default_lexicon()
    report = IatiReport(name)
    reading = Reading(stream, lexicon, limits)
    made_at = now or timezone.now()
    reader = f"{READER}+lexicon:{lexicon.version}"
    met: set[bytes] = set()
    facts = Facts(lexicon)
    for activity, origin in reading:
        head = reading.head
        if head is None:
            break
        text = _kept_text(origin, head)
        facts.add(activity, text)
        if not origin.last:
            continue
        report.activities += 1
        _take(activity, origin, text, facts, report, _Way(name, reader, by, made_at, met))
        report.loss.update(facts.loss)
        facts = Facts(lexicon)
        told(report)
    report.loss.update(reading.loss)
    report.findings += reading.findings
    return report


@dataclass(frozen=True)
class _Way:
    """How a file is being taken; ``met`` are digests of whose identifiers came before in it."""

    file: str
    reader: str
    by: User | None
    made_at: datetime
    met: set[bytes]


def _kept_text(origin: Origin, head: Head) -> str:
    """An activity as it is kept: a file of its own, with the version and the namespaces of the file that it came in."""
    spaces = "".join(
        f" xmlns{':' + prefix if prefix else ''}={quoteattr(uri)}" for prefix, uri in head.namespaces.items()
    )
    raw = origin.raw.decode(origin.encoding, "replace")
    version = quoteattr(head.version or "1.01")
    return f"<iati-activities version={version}{spaces}>\n{raw}\n</iati-activities>\n"


def _take(activity: Activity, origin: Origin, text: str, facts: Facts, report: IatiReport, way: _Way) -> None:
    identifier = (activity.identifier or "")[:500]
    where = identifier or f"{way.file}:{origin.line}"
    publisher = org_name(activity.reporting_org)
    if not publisher:
        report.notes.append(Note("X10", where))
        return
    if not name_of(activity.title):
        report.notes.append(Note("X13", where))
    if origin.part:
        report.notes.append(Note("X14", where, "", (("value", str(origin.part)),)))
    data = text.encode("utf-8", "replace")
    sha256 = hashlib.sha256(data).hexdigest()
    store.put(data, sha256)
    with transaction.atomic():
        lock_chain()
        speaker = ensure_party(publisher)
        if Given.objects.filter(party=speaker, source__sha256=sha256).exists():
            report.activities_known += 1
            return
        mark = hashlib.blake2b(f"{speaker.pk} {identifier}".encode(), digest_size=8).digest()
        twice = bool(identifier) and mark in way.met
        way.met.add(mark)
        if twice:
            report.notes.append(Note("X12", where))
        before = None if twice or not identifier else _latest(speaker, identifier)
        try:
            told = [Told(t.kind, check_values(t.kind, t.values), t.spans) for t in facts.told(activity, text)]
        except ValuesError as error:
            report.notes.append(Note("X11", where, "", (("value", str(error)),)))
            return
        source = _keep_source(activity, origin, text, data, sha256, way)
        Given.objects.create(
            party=speaker,
            identifier=identifier,
            source=source,
            file=way.file[:400],
            line=origin.line,
            part=origin.part,
            made_at=way.made_at,
        )
        ReaderRun.objects.get_or_create(
            source=source,
            reader=way.reader,
            speaker_identity=speaker.identity,
            defaults={"made_at": way.made_at},
        )
        _Saying(source, speaker, before, way, report).say(_with_works(told))
        report.activities_new += 1


def _latest(party: Party, identifier: str) -> Given | None:
    rows = Given.objects.filter(party=party, identifier=identifier)
    return rows.order_by("-id").select_related("source").first()


def _keep_source(
    activity: Activity, origin: Origin, text: str, data: bytes, sha256: str, way: _Way
) -> Source:
    known = Source.objects.filter(sha256=sha256).first()
    if known is not None:
        return known
    return Source.objects.create(
        sha256=sha256,
        name=storable(f"{way.file} {activity.identifier or origin.line}")[:400],
        media_type=MEDIA_TYPE,
        encoding="utf-8",
        url=None,
        outlet=org_name(activity.reporting_org)[:200],
        published=_day(activity.updated),
        title=storable(name_of(activity.title)) or None,
        size=len(data),
        text=storable(text),
        reader=way.reader,
        layout={"lines": [{"n": 1, "role": ROLE}], "blocks": []},
        taken_at=way.made_at,
    )


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat((text or "")[:10])
    except ValueError:
        return None


def _with_works(told: Iterable[Told]) -> list[Told]:
    """What is told, after the works that it names; each thing once."""
    out: dict[str, Told] = {}
    for one in told:
        work = activity_values(one.values)
        if work is not None:
            values = check_values("activity", work)
            out.setdefault(digest(["activity", values]), Told("activity", values, one.spans))
        key = digest([one.kind, one.values])
        if key in out:
            one = Told(one.kind, one.values, (*out[key].spans, *one.spans))
        out[key] = one
    return list(out.values())


@dataclass
class _Saying:
    """Makes an activity's statements and files them."""

    source: Source
    speaker: Party
    before: Given | None
    way: _Way
    report: IatiReport
    shelf: Shelf = field(default_factory=Shelf)
    touched: set[int] = field(default_factory=set)

    def say(self, told: list[Told]) -> None:
        passages = self._passages(told)
        older = self._older()
        drafts = [
            Draft(
                kind=one.kind,
                values=one.values,
                key=page_key(self.source.sha256, self.speaker.identity, one.kind, one.values),
                speaker=self.speaker,
                source=self.source,
                passages=[passages[span] for span in one.spans],
                signer=self.way.by,
                reader=self.way.reader,
                supersedes=_taken_place(one, older),
            )
            for one in told
        ]
        for statement, new in append(drafts, made_at=self.way.made_at):
            if new:
                self.report.statements_new += 1
                self._file(statement)
        for statement in older:
            self._withdraw(statement)
        rebuild(self.touched, self.shelf.parties)

    def _passages(self, told: list[Told]) -> dict[tuple[int, int], Passage]:
        text = self.source.text
        out = {}
        for start, end in sorted({span for one in told for span in one.spans}):
            out[start, end], _ = Passage.objects.get_or_create(
                source=self.source, start=start, end=end, defaults={"quote": text[start:end]}
            )
        return out

    def _older(self) -> list[Statement]:
        """What the publisher's file before said of the activity, and still stands."""
        if self.before is None:
            return []
        rows = Statement.objects.in_force().filter(source=self.before.source, speaker=self.speaker)
        return list(rows.select_related("source").order_by("seq"))

    def _file(self, statement: Statement) -> None:
        old = statement.supersedes
        place = filed_under(old) if old is not None else None
        if old is not None:
            self.report.statements_superseded += 1
            self.shelf.forget(old)
        if place is not None and place.record is not None:
            Filing.objects.create(
                statement=statement, record=place.record, reason="supersedes", made_at=self.way.made_at
            )
            self.touched.add(place.record.pk)
            return
        record, new = file_statement(statement, shelf=self.shelf, made_at=self.way.made_at)
        self.report.records_new += new
        self.report.unfiled += record is None
        if record is not None:
            self.touched.add(record.pk)

    def _withdraw(self, statement: Statement) -> None:
        """What the later file does not say any more is filed nowhere, unless a person filed it."""
        filing = filed_under(statement)
        if filing is None or filing.by is not None or filing.action == "reject":
            return
        self.shelf.forget(statement)
        Filing.objects.create(
            statement=statement,
            action="reject",
            reason=f"not_read_by {self.way.reader}",
            made_at=self.way.made_at,
        )
        if filing.record_id is not None:
            self.touched.add(filing.record_id)


def _taken_place(one: Told, older: list[Statement]) -> Statement | None:
    """The older statement on the same topic, taken out of the list."""
    for at, old in enumerate(older):
        if old.kind == one.kind and _topic(old.kind, old.values) == _topic(one.kind, one.values):
            return older.pop(at)
    return None


def _topic(kind: str, values: dict[str, object]) -> str:
    """What a statement is about, its figure left aside."""
    amount, quantity = values.get("amount"), values.get("quantity")
    about = {k: v for k, v in values.items() if k in ("funder", "recipient", "year", "status")}
    money = amount.get("currency") if isinstance(amount, dict) else None
    unit = quantity.get("unit") if isinstance(quantity, dict) else None
    return digest([kind, about if kind == "contribution" else {}, money, unit, quantity is None])
