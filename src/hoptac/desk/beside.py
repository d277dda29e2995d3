"""What stands beside a record's values on its page: each side's word, how far it has come, what belongs to it, its papers."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from hoptac.desk.forms import FORMS
from hoptac.desk.papers import PaperForm
from hoptac.ledger.filing import filed_statements
from hoptac.ledger.ladder import Reached, lateness
from hoptac.ledger.links import ENDS, Tie, ties_of
from hoptac.ledger.models import Party, Record, Source, Statement
from hoptac.ledger.worklife import Deed, LifeEntry, life_of
from hoptac.screens.access import desk_of, open_records

PEOPLE_KINDS = ("meeting",)
SAME_PAGE_MOST = 20  # asks of the same page shown beside a meeting


@dataclass(frozen=True)
class SideWord:
    """One side of a record: where its word stands."""

    party: Party
    word: str | None
    own: bool


@dataclass(frozen=True)
class TiedRecord:
    """A record at the other end of a tie, and whether the user's side made the tie and may undo it."""

    record: Record
    tie: Tie
    relation: str
    forward: bool
    mine: bool


@dataclass(frozen=True)
class ClauseRow:
    """A clause of an agreement and what was tied to it; ``n`` None: under the agreement, of no clause told."""

    n: int | None
    text: str
    tied: tuple[TiedRecord, ...]


@dataclass(frozen=True)
class LifeRow:
    """A year of a work's life, with the records and the numbers of the statements that tell it."""

    entry: LifeEntry
    records: tuple[Record, ...]


def beside(request: HttpRequest, record: Record, may_write: bool, own: list[Party]) -> dict[str, Any]:
    """The context of a record's page beyond its values and voices."""
    mine = {p.pk for p in own}
    tied, papers = _tied(request, record, mine)
    late, days = lateness(record.kind, record.values, Reached(record.stage), timezone.localdate())
    words = [
        SideWord(role.party, role.word, role.party_id in desk_of(request).ids)
        for role in record.roles.all()
        if role.role == "side"
    ]
    context: dict[str, Any] = {
        "sides": sorted(words, key=lambda w: w.party.name_key),
        "late": late,
        "late_days": days,
        "due": record.values.get("due"),
        "tied": [t for t in tied if not (record.kind == "agreement" and t.relation == "under")],
        "papers": papers,
        "may_tie": may_write and any(record.kind in ends[0] | ends[1] for ends in ENDS.values()),
        "may_state": may_write and record.kind in FORMS,
        "paper_form": PaperForm() if may_write else None,
        "makes": _makes(record) if may_write else [],
    }
    if record.kind == "activity":
        context["life"] = _life(record)
    if record.kind == "agreement":
        context["clauses"] = _clauses(record, tied)
    if record.kind == "meeting":
        context |= {"people_told": _people(record), "same_page": _same_page(request, record, tied)}
    return context


def _tied(
    request: HttpRequest, record: Record, mine: set[int]
) -> tuple[list[TiedRecord], list[tuple[Source, Tie | None]]]:
    ties = ties_of([record.pk])
    ends = {t.link.to_id if t.link.record_id == record.pk else t.link.record_id for t in ties}
    seen = set(
        open_records(desk_of(request)).filter(pk__in=[e for e in ends if e]).values_list("pk", flat=True)
    )
    tied, papers = [], []
    for t in ties:
        if t.link.paper is not None:
            papers.append((t.link.paper, t if mine & set(t.parties) else None))
            continue
        forward = t.link.record_id == record.pk
        other = t.link.to if forward else t.link.record
        if other is not None and other.pk in seen:
            tied.append(TiedRecord(other, t, t.link.relation, forward, bool(mine & set(t.parties))))
    letters = Source.objects.filter(statements__filings__record=record, reader="").defer("text", "layout")
    known = {p.pk for p, _ in papers}
    return tied, [*papers, *((s, None) for s in letters.distinct().order_by("id") if s.pk not in known)]


def _makes(record: Record) -> list[tuple[str, str, str]]:
    """What can be begun from a record: (kind, cooperation, the address part that ties it)."""
    cooperation = record.cooperations.first()
    if cooperation is None:
        return []
    kinds = {
        "meeting": ("ask", "agreement"),
        "agreement": ("ask", "meeting", "activity"),
        "ask": ("activity",),
    }
    return [
        (kind, cooperation.slug, f"{record.kind}={record.slug}")
        for kind in kinds.get(record.kind, ())
        if kind in FORMS
    ]


def _life(record: Record) -> list[LifeRow]:
    parts = {r.pk: r for r in Record.objects.live().filter(part_of=record)}
    deeds, says = [], defaultdict(list)
    for statement, record_id in filed_statements([record.pk, *parts]):
        says[record_id].append(str(statement.uid))
        if record_id == record.pk:
            deeds.append(Deed((str(statement.uid),), "activity", statement.values))
    deeds += [Deed(tuple(says[pk]), part.kind, part.values, pk) for pk, part in parts.items()]
    return [LifeRow(e, tuple(parts[k] for k in e.records)) for e in life_of(deeds)]


def _clauses(record: Record, tied: list[TiedRecord]) -> list[ClauseRow]:
    under: dict[int | None, list[TiedRecord]] = defaultdict(list)
    texts = {int(c["n"]): str(c["text"]) for c in record.values.get("clauses", ())}
    for t in tied:
        if t.relation == "under" and not t.forward:
            n = t.tie.link.clause
            under[n if n in texts else None].append(t)
    rows = [ClauseRow(n, text, tuple(under[n])) for n, text in sorted(texts.items())]
    return [*rows, *([ClauseRow(None, "", tuple(under[None]))] if under[None] else [])]


def _people(record: Record) -> list[dict[str, Any]]:
    """People whom the pages that tell of a meeting name in their offices: told by the page, not as attending."""
    sources = [s.source_id for s, _ in filed_statements([record.pk]) if s.source_id is not None]
    told = Statement.objects.in_force().filter(kind="person", source__in=sources).order_by("seq")
    listed = {p["name"] for p in record.values.get("people", ())}
    found: dict[str, dict[str, Any]] = {}
    for values in told.values_list("values", flat=True):
        if values["name"] not in listed:
            found.setdefault(values["name"], values)
    return list(found.values())


def _same_page(request: HttpRequest, record: Record, tied: list[TiedRecord]) -> list[Record]:
    """Asks that the same pages tell and that nobody has tied to the meeting yet."""
    sources = [s.source_id for s, _ in filed_statements([record.pk]) if s.source_id is not None]
    asks = open_records(desk_of(request)).filter(
        kind="ask", filings__statement__source__in=sources, cooperations__in=record.cooperations.all()
    )
    known = {t.record.pk for t in tied}
    return [r for r in asks.distinct().order_by("pk")[:SAME_PAGE_MOST] if r.pk not in known]
