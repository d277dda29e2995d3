"""Which record belongs to which (mối liên hệ giữa các hồ sơ): made by a person for a side, undone by the same side only.

The latest row of a side counts for one record, relation, target and clause; a tie stands while any side's latest row ties it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from hoptac.ledger.models import Link, Party, Record, Source
from hoptac.ledger.statements import StatementError, lock_chain

NO_CLAUSE = -1
ENDS: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    "said_at": (frozenset({"ask", "agreement"}), frozenset({"meeting"})),
    "under": (frozenset({"ask", "activity", "contribution", "meeting"}), frozenset({"agreement"})),
    "carries_out": (frozenset({"activity", "contribution", "agreement"}), frozenset({"ask"})),
}
"""Relation -> the kinds of record from which and to which it may lead."""


@dataclass(frozen=True, slots=True)
class Tie:
    """A tie that stands: its latest row, and the sides that tie it."""

    link: Link
    parties: tuple[int, ...]


def ties_of(record_ids: Iterable[int]) -> list[Tie]:
    """Every tie that stands from or to some records, oldest first; one query."""
    ids = list(record_ids)
    rows = (
        Link.objects.filter(Q(record__in=ids) | Q(to__in=ids))
        .select_related("record", "to", "paper", "party", "by")
        .defer("paper__text", "paper__layout")
        .order_by("id")
    )
    latest: dict[tuple[int, str, int | None, int | None, int | None], dict[int, Link]] = {}
    for row in rows:
        key = (row.record_id, row.relation, row.to_id, row.paper_id, row.clause)
        latest.setdefault(key, {})[row.party_id] = row
    out = []
    for by_party in latest.values():
        standing = [row for row in by_party.values() if row.action == "link"]
        if standing:
            out.append(Tie(standing[-1], tuple(row.party_id for row in standing)))
    return out


def standing_links() -> QuerySet[Link]:
    """The rows of links that count, for counting in the database."""
    rows = Link.objects.annotate(of_clause=Coalesce("clause", NO_CLAUSE))
    newer = rows.filter(
        Q(to=OuterRef("to")) | Q(paper=OuterRef("paper")),
        of_clause=OuterRef("of_clause"),
        record=OuterRef("record"),
        relation=OuterRef("relation"),
        party=OuterRef("party"),
        id__gt=OuterRef("id"),
    )
    return rows.filter(~Exists(newer), action="link")


def tie(
    record: Record,
    relation: str,
    target: Record | Source,
    *,
    party: Party,
    by: User,
    at: datetime,
    clause: int | None = None,
    reason: str = "",
    action: str = "link",
) -> bool:
    """Tie a record to another, or a paper to it, for a side; ``action="unlink"`` undoes the side's own tie.

    False where nothing changes by it. Fails with StatementError L70 for kinds of record that the relation does not tie.
    """
    to, paper = (target, None) if isinstance(target, Record) else (None, target)
    if to is not None:
        ends = ENDS.get(relation, (frozenset(), frozenset()))
        if record.kind not in ends[0] or to.kind not in ends[1]:
            raise StatementError("L70", relation=relation, kind=record.kind, found=to.kind)
    elif relation != "paper":
        raise StatementError("L70", relation=relation, kind=record.kind, found="paper")
    with transaction.atomic():
        lock_chain()
        same = Link.objects.filter(
            record=record, relation=relation, to=to, paper=paper, clause=clause, party=party
        )
        last = same.order_by("-id").first()
        if (last.action if last is not None else "unlink") == action:
            return False
        Link.objects.create(
            record=record,
            relation=relation,
            to=to,
            paper=paper,
            clause=clause,
            action=action,
            party=party,
            by=by,
            reason=reason,
            made_at=at,
        )
    return True
