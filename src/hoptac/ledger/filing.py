"""Which record a statement speaks of (xếp hồ sơ): suggestions for a person, and the program's own decision.

Candidates are live records of the same kind that concern one of the same localities (or, where there is none, one of the
same parties). The decision: the best that has enough points; a new record where none has; and nowhere, for a person to
decide, where two are as good. A filing is a row of its own and can be undone.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.utils.text import slugify

from hoptac.ledger.canonical import NAMESPACE
from hoptac.ledger.likeness import work_name
from hoptac.ledger.matching import ENOUGH, TIE, Match, match
from hoptac.ledger.models import Filing, Party, Record, Statement
from hoptac.ledger.parties import KnownParties, named_parties, sides_of
from hoptac.text.fold import search_key


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
        self._kept: dict[tuple[str, frozenset[int]], dict[int, _Kept]] = {}
        self.parties = KnownParties()

    def candidates(self, kind: str, who: Concerned) -> list[_Kept]:
        wanted = frozenset(p.pk for p in who.sides) or frozenset(p.pk for _, p in who.roles)
        key = (kind, wanted)
        if key not in self._kept:
            self._kept[key] = self._read(kind, wanted)
        return list(self._kept[key].values())

    def _read(self, kind: str, wanted: frozenset[int]) -> dict[int, _Kept]:
        records = Record.objects.live().filter(kind=kind, roles__party__in=wanted).distinct()
        kept = {record.pk: _Kept(record) for record in records.order_by("pk")}
        for statement, record_id in filed_statements(list(kept)):
            kept[record_id].statements.append(statement)
        return kept

    def add(self, statement: Statement, record: Record, who: Concerned) -> None:
        parties = frozenset(p.pk for p in who.sides) | frozenset(p.pk for _, p in who.roles)
        for (kind, wanted), kept in self._kept.items():
            if kind == record.kind and wanted & parties:
                kept.setdefault(record.pk, _Kept(record)).statements.append(statement)

    def forget(self, statement: Statement) -> None:
        """A statement that no longer speaks: superseded, or filed nowhere."""
        for kept in self._kept.values():
            for one in kept.values():
                one.statements = [s for s in one.statements if s.pk != statement.pk]


def filed_statements(record_ids: Iterable[int]) -> list[tuple[Statement, int]]:
    """The statements in force whose latest filing is one of these records, with that record's id, in order of entry."""
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
    return [(s, filed[s.pk] or 0) for s in statements.order_by("seq")]


def suggest(
    statement: Statement, *, shelf: Shelf | None = None, who: Concerned | None = None
) -> list[Suggestion]:
    """The records under which a statement may belong, best first; ties in order of age."""
    shelf = shelf or Shelf()
    who = who or concerned(statement.kind, statement.values, shelf.parties)
    out: list[Suggestion] = []
    for kept in shelf.candidates(statement.kind, who):
        matches = [
            match(statement.kind, statement.values, other.values, one_page=_one_page(statement, other))
            for other in kept.statements
            if other.pk != statement.pk
        ]
        if not matches or any("same_page" in m.reasons for m in matches):
            continue
        best = max(matches, key=lambda m: m.score)
        if best.score > 0:
            out.append(Suggestion(kept.record, best))
    return sorted(out, key=lambda s: (-s.match.score, s.record.pk))


def _one_page(a: Statement, b: Statement) -> bool:
    return a.source_id is not None and a.source_id == b.source_id and a.speaker_id == b.speaker_id


def file_statement(
    statement: Statement, *, shelf: Shelf, made_at: datetime, who: Concerned | None = None
) -> tuple[Record | None, bool]:
    """File a statement by the program's own rule. Gives the record, and whether it is new; (None, False) where two
    records are as good and a person must decide."""
    who = who or concerned(statement.kind, statement.values, shelf.parties)
    found = [s for s in suggest(statement, shelf=shelf, who=who) if s.match.score >= ENOUGH]
    if len(found) > 1 and found[0].match.score - found[1].match.score < TIE:
        reason = f"tie {found[0].record.slug} {found[1].record.slug}: {found[0].match.text}"
        Filing.objects.create(
            statement=statement, action="file", score=found[0].match.score, reason=reason, made_at=made_at
        )
        return None, False
    if found:
        record, new, score, reason = found[0].record, False, found[0].match.score, found[0].match.text
    else:
        record, new, score, reason = open_record(statement, made_at=made_at), True, None, "new"
    Filing.objects.create(statement=statement, record=record, score=score, reason=reason, made_at=made_at)
    shelf.add(statement, record, who)
    return record, new


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
    return ", ".join(filter(None, [parties, period])) or kind


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
