"""A record told by those who speak of it (hồ sơ và các lời khai): fields with who says so, statements with their words."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from hoptac.ledger.models import Filing, Passage, Record, Source, Statement, StatementPassage
from hoptac.screens.passages import Piece, excerpt

FIELD_ORDER = (
    "kind", "title", "number", "name", "what", "about", "funder", "recipient", "by", "by_side", "to", "parties", "act",
    "amount", "quantity", "date", "signed", "due", "year", "period", "place", "field", "status", "stage", "owner", "outcome",
    "answered", "answer", "people", "signers", "clauses", "life",
)  # fmt: skip


@dataclass(frozen=True)
class Voice:
    """One statement as the screen tells it. ``n`` is its number on the page, from 1."""

    n: int
    statement: Statement
    passages: tuple[Passage, ...]
    pieces: tuple[Piece, ...]
    in_force: bool

    @property
    def source(self) -> Source | None:
        return self.statement.source

    @property
    def anchor(self) -> str:
        return f"s-{self.n}"


@dataclass(frozen=True)
class Version:
    """One value of a field and the voices that give it. ``how``: "" for the value shown, "near" for one told more or less
    exactly, "other" for one that contradicts."""

    value: Any
    voices: tuple[Voice, ...]
    how: str = ""


@dataclass(frozen=True)
class FieldRow:
    """A field: its value first, then what others say instead."""

    name: str
    standing: str
    versions: tuple[Version, ...]

    @property
    def disputed(self) -> bool:
        return self.standing == "disputed"


@dataclass(frozen=True)
class Told:
    """A whole record: fields, the voices now in force, those that were taken back, the filings in order."""

    record: Record
    fields: tuple[FieldRow, ...]
    voices: tuple[Voice, ...]
    past: tuple[Voice, ...]
    filings: tuple[Filing, ...] = field(default=())


def tell(record: Record) -> Told:
    """Everything a screen says of one record, in five queries."""
    filings = tuple(
        Filing.objects.filter(statement__filings__record=record)
        .select_related("statement", "by", "record")
        .order_by("id")
        .distinct()
    )
    latest: dict[int, Filing] = {f.statement_id: f for f in filings}
    here = [pk for pk, f in latest.items() if f.record_id == record.pk]
    statements = list(
        Statement.objects.filter(pk__in=here)
        .select_related("speaker", "source", "signer", "superseded_by")
        .defer("source__layout")
        .order_by("seq")
    )
    carried: dict[int, list[Passage]] = defaultdict(list)
    for link in (
        StatementPassage.objects.filter(statement__in=here).select_related("passage").order_by("order")
    ):
        carried[link.statement_id].append(link.passage)
    now = [s for s in statements if not hasattr(s, "superseded_by")]
    before = [s for s in statements if hasattr(s, "superseded_by")]
    voices = tuple(_voice(n, s, carried[s.pk], True) for n, s in enumerate(now, 1))
    past = tuple(_voice(n, s, carried[s.pk], False) for n, s in enumerate(before, len(now) + 1))
    return Told(record, _fields(record, voices), voices, past, filings)


def _voice(n: int, statement: Statement, passages: list[Passage], in_force: bool) -> Voice:
    pieces = excerpt(statement.source.text, passages) if statement.source and passages else ()
    return Voice(n, statement, tuple(passages), pieces, in_force)


def _fields(record: Record, voices: tuple[Voice, ...]) -> tuple[FieldRow, ...]:
    by_uid = {str(v.statement.uid): v for v in voices}

    def said(uids: list[str]) -> tuple[Voice, ...]:
        return tuple(sorted((by_uid[u] for u in uids if u in by_uid), key=lambda v: v.n))

    rows = []
    for name in sorted(record.fields, key=_place):
        told = record.fields[name]
        first = Version(told.get("value"), said(told.get("says", [])))
        others = tuple(
            Version(o.get("value"), said(o.get("says", [])), how)
            for how, key in (("other", "otherwise"), ("near", "near"))
            for o in told.get(key, [])
        )
        if first.value in (None, "", []) and not others:
            continue
        rows.append(FieldRow(name, told.get("standing", "read"), (first, *others)))
    return tuple(rows)


def _place(name: str) -> tuple[int, str]:
    return (FIELD_ORDER.index(name) if name in FIELD_ORDER else len(FIELD_ORDER), name)
