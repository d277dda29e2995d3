"""Taking a reading into the ledger (nhận bản đọc vào sổ): the story of a page, in one transaction.

Keep the bytes; hold the chain; keep the source's row; say each thing once; file it; rebuild the records it touched. A
process that dies before the end has written nothing but kept bytes, which the next taking finds in place.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from hoptac.ledger import store
from hoptac.ledger.agree import name_key
from hoptac.ledger.canonical import digest, page_key, storable
from hoptac.ledger.filing import (
    Shelf,
    activity_values,
    concerned,
    file_statement,
    filed_under,
    suggest,
    wait,
)
from hoptac.ledger.matching import ENOUGH, match
from hoptac.ledger.models import Filing, Party, Passage, ReaderRun, Source, Statement, Waiting
from hoptac.ledger.parties import ensure_person
from hoptac.ledger.records import rebuild
from hoptac.ledger.statements import Draft, append, lock_chain
from hoptac.ledger.values import ValuesError, check_values
from hoptac.pages.values import Finding, Page
from hoptac.reading.values import Evidence, Reading


@dataclass(frozen=True)
class TakeResult:
    """What one taking did. ``refused`` are findings: things read that could not be a statement."""

    source: Source
    new_source: bool
    statements_new: int = 0
    statements_known: int = 0
    statements_superseded: int = 0
    records_new: int = 0
    unfiled: int = 0
    refused: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class _Claim:
    """One thing that a page says: checked values, and the passages that say so."""

    kind: str
    values: dict[str, Any]
    evidence: tuple[Evidence, ...]
    confidence: int | None


@dataclass
class _Tally:
    new: int = 0
    known: int = 0
    superseded: int = 0
    records: int = 0
    unfiled: int = 0
    refused: list[Finding] = field(default_factory=list)


class TakeError(Exception):
    """A page and a reading that do not belong together; ``finding`` says how."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(f"{finding.code} {finding.where}")
        self.finding = finding


def take_reading(
    reading: Reading,
    page: Page,
    *,
    speaker: Party | None = None,
    by: User | None = None,
    now: datetime | None = None,
    filing: str | None = None,
) -> TakeResult:
    """Take one page's reading into the ledger. All of it or nothing; a second time changes nothing (L7).

    ``speaker``  the party whose own paper the page is; None where a newspaper or a site tells of others.
    ``by``       the user who brings it, kept with each statement.
    ``filing``   what is filed without a person: ``filing.MODES``; as the setting HOPTAC_FILING says if None.
    A newer reader's reading of a kept source adds what it reads anew. Where it tells a thing otherwise, its statement
    supersedes the older reader's; what it no longer reads is filed nowhere, unless a person filed it.
    Fails        TakeError L14 where page and reading are of two sources, L15 where the page's text is not the kept text.
    """
    if reading.source.sha256 != page.sha256:
        raise TakeError(
            Finding("L14", page.name, (("page", page.sha256), ("reading", reading.source.sha256)), fatal=True)
        )
    store.put(page.data, page.sha256)
    made_at = now or timezone.now()
    with transaction.atomic():
        lock_chain()
        source, new_source = _keep_source(page, reading, made_at)
        said_by = speaker.identity if speaker is not None else ""
        if ReaderRun.objects.filter(
            source=source, reader=reading.source.reader, speaker_identity=said_by
        ).exists():
            known = Statement.objects.filter(
                source=source, speaker=speaker, reader=reading.source.reader
            ).count()
            return TakeResult(source, new_source, statements_known=known)
        tally = _Tally()
        taking = _Taking(source, reading.source.reader, speaker, by, made_at, tally, filing)
        taking.say_all(_claims(reading, source, tally))
        ReaderRun.objects.create(
            source=source, reader=reading.source.reader, speaker_identity=said_by, made_at=made_at
        )
    return TakeResult(
        source,
        new_source,
        tally.new,
        tally.known,
        tally.superseded,
        tally.records,
        tally.unfiled,
        tuple(tally.refused),
    )


def _keep_source(page: Page, reading: Reading, made_at: datetime) -> tuple[Source, bool]:
    text = storable(page.text)
    known = Source.objects.filter(sha256=page.sha256).first()
    if known is not None:
        if known.text != text:
            raise TakeError(Finding("L15", page.name, (("source", page.sha256),), fatal=True))
        return known, False
    layout = {
        "lines": [{"n": line.n, "role": line.role} for line in reading.lines],
        "blocks": [[b.start, b.end, b.kind, b.role] for b in page.blocks],
    }
    headline = reading.article.headline
    return Source.objects.create(
        sha256=page.sha256,
        name=storable(page.name)[:400],
        media_type=page.media_type[:100],
        encoding=page.encoding,
        url=page.url or reading.source.url,
        outlet=_cut(page.outlet or reading.source.outlet, 200),
        published=page.published or reading.source.published,
        title=storable(page.title or (headline.quote if headline is not None else "")).strip() or None,
        size=len(page.data),
        text=text,
        reader=reading.source.reader[:100],
        layout=layout,
        taken_at=made_at,
    ), True


def _cut(text: str | None, most: int) -> str | None:
    return None if text is None else storable(text)[:most]


def _claims(reading: Reading, source: Source, tally: _Tally) -> list[_Claim]:
    """What the reading says, in the order in which it is said: people first, so that an ask knows its speaker's side."""
    sides = {name_key(p.name): p.side for p in reading.people if p.side}
    told: list[tuple[str, dict[str, Any], tuple[Evidence, ...], float | None]] = []
    told += [
        ("person", {"name": p.name, "office": p.office, "side": p.side}, p.evidence, None)
        for p in reading.people
    ]
    told += [("contribution", _values(c), c.evidence, c.confidence) for c in reading.contributions]
    told += [("meeting", _values(e), e.evidence, e.confidence) for e in reading.events]
    told += [("agreement", _values(a), a.evidence, a.confidence) for a in reading.agreements]
    told += [
        (
            "ask",
            _values(a) | {"by_side": sides.get(name_key(a.by)) if a.by else None},
            a.evidence,
            a.confidence,
        )
        for a in reading.asks
    ]
    claims: dict[tuple[str, str], _Claim] = {}
    for kind, values, evidence, confidence in told:
        try:
            checked = check_values(kind, values)
            for span in evidence:
                _check_span(span, source)
        except ValuesError as error:
            tally.refused.append(_refusal(source, kind, evidence, str(error)))
            continue
        if not evidence:
            tally.refused.append(_refusal(source, kind, evidence, "0 passages"))
            continue
        thousandths = None if confidence is None else round(min(max(confidence, 0.0), 1.0) * 1000)
        for claim in _with_activity(_Claim(kind, checked, evidence, thousandths)):
            key = (claim.kind, page_key(source.sha256, "", claim.kind, claim.values))
            before = claims.get(key)
            claims[key] = claim if before is None else _twice(before, claim)
    return list(claims.values())


def _values(claim: Any) -> dict[str, Any]:
    values: dict[str, Any] = asdict(claim)
    return {name: value for name, value in values.items() if name not in ("evidence", "confidence")}


def _check_span(span: Evidence, source: Source) -> None:
    if source.text[span.start : span.end] != storable(span.quote) or span.start >= span.end:
        raise ValuesError(
            "passage",
            [(f"{span.start}:{span.end}", repr(span.quote[:60]), "the words at that place of the text (R1)")],
        )


def _refusal(source: Source, kind: str, evidence: tuple[Evidence, ...], reason: str) -> Finding:
    start, end = (evidence[0].start, evidence[0].end) if evidence else (None, None)
    return Finding("L16", source.name, (("kind", kind), ("reason", reason)), start, end)


def _with_activity(claim: _Claim) -> Iterable[_Claim]:
    """A contribution that names its work also says that there is such a work."""
    work = activity_values(claim.values) if claim.kind == "contribution" else None
    if work is not None:
        yield _Claim("activity", check_values("activity", work), claim.evidence, claim.confidence)
    yield claim


def _twice(first: _Claim, second: _Claim) -> _Claim:
    """A thing told twice on a page is one claim on all its passages."""
    spans = {(e.start, e.end): e for e in (*first.evidence, *second.evidence)}
    surest = max(filter(None, (first.confidence, second.confidence)), default=None)
    return _Claim(first.kind, first.values, tuple(spans[key] for key in sorted(spans)), surest)


@dataclass
class _Taking:
    source: Source
    reader: str
    speaker: Party | None
    by: User | None
    made_at: datetime
    tally: _Tally
    mode: str | None = None
    shelf: Shelf = field(default_factory=Shelf)
    touched: set[int] = field(default_factory=set)

    def say_all(self, claims: list[_Claim]) -> None:
        said_by = self.speaker.identity if self.speaker is not None else ""
        keys = [page_key(self.source.sha256, said_by, c.kind, c.values) for c in claims]
        gone = set(
            Statement.objects.filter(key__in=keys, superseded_by__isnull=False).values_list("key", flat=True)
        )
        keys = [digest([key, self.reader]) if key in gone else key for key in keys]
        older = self._older(set(keys))
        passages = self._passages(claims)
        known = set(Statement.objects.filter(key__in=keys).values_list("key", flat=True))
        drafts = []
        for claim, key in zip(claims, keys, strict=True):
            replaced = self._replaced(claim, older) if key not in known else None
            if replaced is not None:
                older.remove(replaced)
            drafts.append(
                Draft(
                    kind=claim.kind,
                    values=claim.values,
                    key=key,
                    speaker=self.speaker,
                    source=self.source,
                    passages=[passages[e.start, e.end] for e in claim.evidence],
                    signer=self.by,
                    confidence=claim.confidence,
                    reader=self.reader,
                    supersedes=replaced,
                )
            )
        for statement, new in append(drafts, made_at=self.made_at):
            if new:
                self.tally.new += 1
                self._file(statement)
            else:
                self.tally.known += 1
                self._restore(statement)
        for statement in older:
            self._withdraw(statement)
        rebuild(self.touched, self.shelf.parties)

    def _older(self, keys: set[str]) -> list[Statement]:
        """Older readers' statements in force of this source for this speaker, which this reading does not repeat."""
        old = (
            Statement.objects.in_force()
            .filter(source=self.source, speaker=self.speaker)
            .exclude(reader__in=("", self.reader))
        )
        return [s for s in old.order_by("seq") if s.key not in keys]

    def _passages(self, claims: list[_Claim]) -> Mapping[tuple[int, int], Passage]:
        spans = {(e.start, e.end): storable(e.quote) for c in claims for e in c.evidence}
        kept = {(p.start, p.end): p for p in Passage.objects.filter(source=self.source)}
        new = [
            Passage(source=self.source, start=a, end=b, quote=q)
            for (a, b), q in sorted(spans.items())
            if (a, b) not in kept
        ]
        for passage in new:
            passage.save()
            kept[passage.start, passage.end] = passage
        return kept

    def _replaced(self, claim: _Claim, older: list[Statement]) -> Statement | None:
        """The older statement that speaks of the same thing on the same words, or well enough like it."""
        spans = [(e.start, e.end) for e in claim.evidence]
        best: tuple[int, int, Statement] | None = None
        for old in older:
            if old.kind != claim.kind:
                continue
            overlap = sum(
                max(0, min(b, p.end) - max(a, p.start)) for p in old.passages.all() for a, b in spans
            )
            if claim.kind == "person":
                points = ENOUGH if name_key(old.values["name"]) == name_key(claim.values["name"]) else -1
            else:
                points = match(claim.kind, old.values, claim.values).score
            if overlap and points >= 0 and (best is None or (points, overlap) > best[:2]):
                best = (points, overlap, old)
        return best[2] if best is not None else None

    def _file(self, statement: Statement) -> None:
        """Where its predecessor stood; else where the ledger's own rule puts it."""
        old = statement.supersedes
        if old is not None:
            self.tally.superseded += 1
            self.shelf.forget(old)
            Waiting.objects.filter(statement=old).delete()
        place = _last_place(old) if old is not None else None
        if place is not None:
            self._put(statement, place, "supersedes")
        elif statement.kind == "person":
            person = ensure_person(statement.values["name"], statement.values.get("side"))
            Filing.objects.create(
                statement=statement, person=person, reason="name_same", made_at=self.made_at
            )
        else:
            record, new = file_statement(statement, shelf=self.shelf, made_at=self.made_at, mode=self.mode)
            self.tally.records += new
            self.tally.unfiled += record is None and statement.kind != "activity"
            if record is not None:
                self.touched.add(record.pk)

    def _put(self, statement: Statement, place: Filing, reason: str) -> None:
        Filing.objects.create(
            statement=statement, record=place.record, person=place.person, reason=reason, made_at=self.made_at
        )
        if place.record is not None:
            self.touched.add(place.record.pk)
            self.shelf.add(
                statement, place.record, concerned(statement.kind, statement.values, self.shelf.parties)
            )

    def _restore(self, statement: Statement) -> None:
        """A statement that a reader between did not make, and this one makes again: filed again."""
        filing, place = filed_under(statement), _last_place(statement)
        if filing is None or filing.action != "reject" or filing.by is not None:
            return
        if place is not None:
            self._put(statement, place, f"read_again_by {self.reader}")
        else:
            who = concerned(statement.kind, statement.values, self.shelf.parties)
            found = suggest(statement, shelf=self.shelf, who=who)
            wait(statement, who, found, reason=f"read_again_by {self.reader}", made_at=self.made_at)

    def _withdraw(self, statement: Statement) -> None:
        """An older reader's statement that the newer one does not make: filed nowhere, unless a person filed it."""
        filing = filed_under(statement)
        if filing is None or filing.by is not None or filing.action == "reject":
            return
        self.shelf.forget(statement)
        Waiting.objects.filter(statement=statement).delete()
        Filing.objects.create(
            statement=statement, action="reject", reason=f"not_read_by {self.reader}", made_at=self.made_at
        )
        if filing.record_id is not None:
            self.touched.add(filing.record_id)


def _last_place(statement: Statement) -> Filing | None:
    """Where a statement stands, or stood before a reader that did not make it; None where it stood nowhere, or where a
    person took it out."""
    filing = filed_under(statement)
    if filing is not None and filing.action == "reject" and filing.by is None:
        rows = Filing.objects.filter(statement=statement).exclude(record=None, person=None)
        filing = rows.order_by("-id").select_related("record", "person").first()
    return filing if filing is not None and (filing.record or filing.person) else None
