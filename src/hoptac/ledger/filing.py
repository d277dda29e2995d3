"""Which record a statement speaks of (xếp hồ sơ): suggestions for a person, and the program's own decision.

Candidates are live records of the same kind that share a key with the statement (``blocking``). What is done without a
person depends on the setting ``HOPTAC_FILING``:

- ``automatic``  the best record that has enough points; a new one where none has; waiting where two are as good;
- ``sure``       as above where the reading is certain and the answer clear, else waiting;
- ``inbox``      everything waits for a person.

A filing is a row of its own and can be undone. A work that a contribution names (an activity) goes where its contribution goes.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.db import connection
from django.db.models import Exists, OuterRef
from django.utils.text import slugify

from hoptac.ledger.blocking import Sides, asked_keys, record_keys
from hoptac.ledger.canonical import NAMESPACE
from hoptac.ledger.deeds import Deed
from hoptac.ledger.likeness import work_name
from hoptac.ledger.matching import ENOUGH, MAYBE, SURE, TIE, Match, match, match_deeds
from hoptac.ledger.models import Filing, Party, Record, Statement, Waiting
from hoptac.ledger.parties import KnownParties, named_parties, sides_of
from hoptac.text.fold import search_key

AUTOMATIC, SURE_ONLY, INBOX = "automatic", "sure", "inbox"
MODES = (AUTOMATIC, SURE_ONLY, INBOX)
CERTAIN = 800  # thousandths: a reading from which on its words are taken without a person, where the answer is clear too
CLEAR = 2 * TIE  # points by which the best record must lead for the answer to be clear
BUCKET = 150  # records of one key that are looked at, the newest: a key with more tells little
COMPARED = 40  # records that are compared in full, those that share most keys
TERMS = 100  # keys asked for in one query


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A record under which a statement may belong, and why."""

    record: Record
    match: Match


@dataclass(frozen=True, slots=True)
class Concerned:
    """Whom a statement concerns: parties by role, and the localities behind them."""

    roles: tuple[tuple[str, Party], ...]
    sides: tuple[Party, ...]
    givers: tuple[Party, ...] = ()
    takers: tuple[Party, ...] = ()

    @property
    def blocks(self) -> Sides:
        """The identities under which the statement's record is found."""
        every = self.sides or tuple(p for _, p in self.roles)
        return Sides(*(tuple(sorted({p.identity for p in ps})) for ps in (self.takers, self.givers, every)))


@dataclass
class _Kept:
    record: Record
    statements: list[Statement] = field(default_factory=list)


def concerned(kind: str, values: dict[str, Any], known: KnownParties | None = None) -> Concerned:
    """The parties of a statement's values; parties that are new are made. A place stands in for a recipient's locality
    where the recipient's own name holds none ("học sinh nghèo"); a commune or district whose unit is told is of its province."""
    known = known or KnownParties()
    by_role = {role: [known.ensure(*n) for n in names] for role, names in named_parties(values, kind).items()}
    givers = sides_of(by_role.get("funder", ())) or known.sides_of_units(values.get("funder"))
    takers = sides_of(by_role.get("recipient", ())) or known.sides_of_units(values.get("recipient"))
    place = values.get("place")
    if place and not takers and kind in ("contribution", "activity"):
        where = known.locality_of(place["name"], place.get("code"))
        takers = [where] if where is not None else []
    sides = sides_of([*(p for parties in by_role.values() for p in parties), *givers, *takers])
    roles = tuple((role, p) for role, parties in by_role.items() for p in dict.fromkeys(parties))
    return Concerned(roles, tuple(sides), tuple(givers), tuple(takers))


class Shelf:
    """The records that statements of one taking may belong to, read once and kept up to date."""

    def __init__(self) -> None:
        self._kept: dict[int, _Kept] = {}
        self._fresh: dict[int, set[int]] = {}
        self._deeds: dict[int, Deed] = {}
        self.parties = KnownParties()

    def candidates(self, statement: Statement, who: Concerned) -> list[_Kept]:
        """The live records that share most keys with a statement."""
        keys = asked_keys(
            statement.kind, self.parties.told_as_one(statement.kind, statement.values), who.blocks
        )
        shared = shared_keys(keys)
        for key in keys:
            for record_id in self._fresh.get(key, ()):
                shared[record_id] = shared.get(record_id, 0) + 1
        first = sorted(shared, key=lambda pk: (-shared[pk], -pk))[:COMPARED]
        self._read([pk for pk in first if pk not in self._kept])
        found = [self._kept[pk] for pk in first if pk in self._kept]
        return [kept for kept in found if kept.record.kind == statement.kind]

    def _read(self, ids: list[int]) -> None:
        if not ids:
            return
        for record in Record.objects.live().filter(pk__in=ids).order_by("pk"):
            self._kept[record.pk] = _Kept(record)
        for statement, record_id in filed_statements([pk for pk in ids if pk in self._kept], texts=False):
            self._kept[record_id].statements.append(statement)

    def deed(self, statement: Statement) -> Deed:
        """A contribution ready to be compared, made once."""
        if statement.pk not in self._deeds:
            page = statement.source.published if statement.source is not None else None
            values = self.parties.told_as_one(statement.kind, statement.values)
            self._deeds[statement.pk] = Deed(values, page)
        return self._deeds[statement.pk]

    def add(self, statement: Statement, record: Record, who: Concerned) -> None:
        if record.pk not in self._kept:
            self._read([record.pk])
        kept = self._kept.setdefault(record.pk, _Kept(record))
        if all(s.pk != statement.pk for s in kept.statements):
            kept.statements.append(statement)
        values = self.parties.told_as_one(statement.kind, statement.values)
        for key in record_keys(statement.kind, values, who.blocks):
            self._fresh.setdefault(key, set()).add(record.pk)

    def forget(self, statement: Statement) -> None:
        """A statement that no longer speaks: superseded, or filed nowhere."""
        for kept in self._kept.values():
            kept.statements = [s for s in kept.statements if s.pk != statement.pk]


def shared_keys(keys: list[int]) -> dict[int, int]:
    """Record id -> how many of these keys it has; of each key the newest records only."""
    out: dict[int, int] = {}
    part = "SELECT * FROM (SELECT record_id FROM ledger_recordkey WHERE key = %s ORDER BY record_id DESC LIMIT %s) AS t"
    with connection.cursor() as cursor:
        for at in range(0, len(keys), TERMS):
            some = keys[at : at + TERMS]
            sql = " UNION ALL ".join([part] * len(some))
            cursor.execute(sql, [value for key in some for value in (key, BUCKET)])
            for (record_id,) in cursor.fetchall():
                out[record_id] = out.get(record_id, 0) + 1
    return out


def filed_statements(record_ids: Iterable[int], *, texts: bool = True) -> list[tuple[Statement, int]]:
    """The statements in force whose latest filing is one of these records, with that record's id, in order of entry.

    ``texts``: with the whole text of each source.
    """
    latest: dict[int, int | None] = {}
    ids = list(record_ids)
    touched = Filing.objects.filter(record__in=ids).values("statement")
    for statement_id, record_id in (
        Filing.objects.filter(statement__in=touched).order_by("id").values_list("statement_id", "record_id")
    ):
        latest[statement_id] = record_id
    filed = {s: r for s, r in latest.items() if r in set(ids)}
    statements = (
        Statement.objects.in_force().filter(seq__in=list(filed)).select_related("source", "speaker__locality")
    )
    if not texts:
        statements = statements.defer("source__text", "source__layout")
    return [(s, filed[s.pk] or 0) for s in statements.order_by("seq")]


def suggest(
    statement: Statement, *, shelf: Shelf | None = None, who: Concerned | None = None
) -> list[Suggestion]:
    """The records under which a statement may belong, best first; ties in order of age."""
    shelf = shelf or Shelf()
    who = who or concerned(statement.kind, statement.values, shelf.parties)
    out: list[Suggestion] = []
    for kept in shelf.candidates(statement, who):
        matches = [_match(statement, other, shelf) for other in kept.statements if other.pk != statement.pk]
        if not matches or any("same_page" in m.reasons for m in matches):
            continue
        best = max(matches, key=lambda m: m.score)
        if best.score > 0:
            out.append(Suggestion(kept.record, best))
    return sorted(out, key=lambda s: (-s.match.score, s.record.pk))


def _one_page(a: Statement, b: Statement) -> bool:
    return a.source_id is not None and a.source_id == b.source_id and a.speaker_id == b.speaker_id


def _match(statement: Statement, other: Statement, shelf: Shelf) -> Match:
    one_page = _one_page(statement, other)
    if statement.kind == "contribution":
        return match_deeds(shelf.deed(statement), shelf.deed(other), one_page=one_page)
    return match(statement.kind, statement.values, other.values, one_page=one_page)


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the program would do with a statement. ``record`` None: open a new one. ``clear``: nothing else comes near."""

    record: Record | None
    score: int | None
    reason: str
    tied: bool
    clear: bool


def propose(found: list[Suggestion]) -> Proposal:
    """The program's own answer to the records found for a statement, best first."""
    enough = [s for s in found if s.match.score >= ENOUGH]
    if not enough:
        best = found[0].match.score if found else 0
        return Proposal(None, None, "new", False, best < MAYBE)
    first, lead = enough[0], enough[0].match.score - (found[1].match.score if len(found) > 1 else 0)
    tied = len(enough) > 1 and lead < TIE
    reason = (
        f"tie {first.record.slug} {enough[1].record.slug}: {first.match.text}" if tied else first.match.text
    )
    return Proposal(
        first.record, first.match.score, reason, tied, first.match.score >= SURE and lead >= CLEAR
    )


def file_statement(
    statement: Statement,
    *,
    shelf: Shelf,
    made_at: datetime,
    who: Concerned | None = None,
    mode: str | None = None,
) -> tuple[Record | None, bool]:
    """File a statement by the program's own rule. Gives the record, and whether it is new; (None, False) where a person
    must decide: two records are as good, or ``mode`` (the setting HOPTAC_FILING if None) asks for a person."""
    mode = mode or settings.HOPTAC_FILING
    who = who or concerned(statement.kind, statement.values, shelf.parties)
    found = suggest(statement, shelf=shelf, who=who)
    answer = propose(found)
    certain = statement.confidence is None or statement.confidence >= CERTAIN
    told_apart = statement.kind == "activity" and not answer.tied
    if (
        answer.tied
        or mode == INBOX
        or (mode == SURE_ONLY and not told_apart and not (certain and answer.clear))
    ):
        wait(statement, who, found, reason=answer.reason if answer.tied else "asked", made_at=made_at)
        return None, False
    record = answer.record or open_record(statement, made_at=made_at)
    Filing.objects.create(
        statement=statement, record=record, score=answer.score, reason=answer.reason, made_at=made_at
    )
    shelf.add(statement, record, who)
    return record, answer.record is None


def wait(
    statement: Statement, who: Concerned, found: list[Suggestion], *, reason: str, made_at: datetime
) -> Filing:
    """File a statement nowhere, for a person to decide."""
    best = found[0] if found else None
    filing = Filing.objects.create(
        statement=statement,
        action="wait",
        score=best.match.score if best is not None else None,
        reason=reason,
        made_at=made_at,
    )
    put_in_line(statement, who, best, since=made_at)
    return filing


def put_in_line(statement: Statement, who: Concerned, best: Suggestion | None, *, since: datetime) -> None:
    """Show a statement among those that wait; an activity is not shown: it goes where its contribution goes."""
    if statement.kind == "activity":
        return
    values = statement.values
    told = [
        title_of(statement.kind, values),
        *(p.name for _, p in who.roles),
        *filter(None, [values.get("office")]),
    ]
    row, _ = Waiting.objects.update_or_create(
        statement=statement,
        defaults={
            "kind": statement.kind,
            "words": search_key(" ".join(told)),
            "year": year_of(values),
            "since": since,
            "best": best.record if best is not None else None,
            "score": best.match.score if best is not None else None,
        },
    )
    row.sides.set(who.sides)


def standing_in_line() -> set[int]:
    """The statements that should be shown as waiting: not superseded, filed nowhere and not put aside."""
    nowhere = Filing.objects.filter(record=None, person=None).exclude(action="reject")
    newer = Filing.objects.filter(statement=OuterRef("statement"), id__gt=OuterRef("id"))
    last = nowhere.filter(~Exists(newer)).filter(statement__superseded_by=None)
    return set(last.exclude(statement__kind="activity").values_list("statement_id", flat=True))


def rebuild_line(made_at: datetime) -> None:
    """Make the list of what waits anew from the filings; what it has right stays."""
    wanted, shown = standing_in_line(), set(Waiting.objects.values_list("statement_id", flat=True))
    Waiting.objects.filter(statement__in=shown - wanted).delete()
    shelf = Shelf()
    for statement in Statement.objects.filter(pk__in=wanted - shown).select_related("source", "speaker"):
        who = concerned(statement.kind, statement.values, shelf.parties)
        best = next(iter(suggest(statement, shelf=shelf, who=who)), None)
        put_in_line(statement, who, best, since=made_at)


def year_of(values: dict[str, Any]) -> int | None:
    """The year of what a statement tells, None where none is told."""
    day = values.get("date") or values.get("signed") or ""
    period = values.get("period") or (None, None)
    year = values.get("year") or period[0] or period[1] or (int(day[:4]) if day[:4].isdigit() else None)
    return int(year) if year else None


def open_record(statement: Statement, *, made_at: datetime) -> Record:
    """A new record for a statement that belongs to none. Its number follows from the statement's: the same everywhere."""
    uid = uuid.uuid5(NAMESPACE, f"record {statement.uid}")
    known = Record.objects.filter(uid=uid).first()
    if known is not None:
        return known
    title = title_of(statement.kind, statement.values)
    slug = f"{slugify(search_key(title))[:80].strip('-') or statement.kind}-{uid.hex[:8]}"
    return Record.objects.create(
        uid=uid, kind=statement.kind, slug=slug, title=title, title_key=search_key(title), opened_at=made_at
    )


def title_of(kind: str, values: dict[str, Any]) -> str:
    """A record's title in its own words: what was given, the work's name, who met when, what was asked."""
    if kind in ("contribution", "ask", "activity"):
        return str(values[{"contribution": "what", "ask": "about", "activity": "name"}[kind]])
    parties = " – ".join(p["name"] for p in values.get("parties", ()))
    if kind == "meeting":
        return ", ".join(filter(None, [parties, values.get("date")])) or values["kind"]
    first, last = values.get("period") or (None, None)
    period = f"{first or ''}–{last or ''}" if first or last else ""
    return ", ".join(filter(None, [values.get("title"), parties, period])) or kind


def activity_values(values: dict[str, Any]) -> dict[str, Any] | None:
    """What a contribution's statement says of the work it was given to; None where it names none."""
    work = work_name(values["what"])
    if work is None:
        return None
    return {"name": work.name} | {
        key: values[key] for key in ("recipient", "place", "field") if values.get(key)
    }


def move_statement(
    statement: Statement,
    record: Record | None,
    *,
    by: User | None,
    reason: str,
    made_at: datetime,
    action: str = "file",
) -> Filing:
    """A person's filing: under another record, or under none. The caller rebuilds both records (``records.rebuild``)."""
    return Filing.objects.create(
        statement=statement, record=record, action=action, reason=reason, by=by, made_at=made_at
    )


def filed_under(statement: Statement) -> Filing | None:
    """The filing row that counts, None where the statement has never been filed."""
    return (
        Filing.objects.filter(statement=statement)
        .order_by("-id")
        .select_related("record", "person", "by")
        .first()
    )
