"""The stage of each record, kept beside it (nấc thang của hồ sơ): a cache, so that lists can ask for what is late or unanswered.

A contribution stands by itself; a work by what is told of it and by the contributions to it; an ask by what carries it out. So the
three are computed in that order.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from hoptac.ledger.ladder import Reached, due_day, is_met, stage_of
from hoptac.ledger.links import ties_of
from hoptac.ledger.models import Link, Record

Part = tuple[Any, str, dict[str, Any]]
COLUMNS = ("stage", "due", "met")


def climb(record_ids: Iterable[int]) -> None:
    """Compute anew the stages of some records, of the works that they are parts of and of the asks that they carry out."""
    ids = set(record_ids)
    ids |= set(Record.objects.filter(parts__in=ids).values_list("pk", flat=True))
    ids |= set(Link.objects.filter(record__in=ids, relation="carries_out").values_list("to", flat=True))
    for record, new in reached_of(ids):
        if any(getattr(record, column) != new[column] for column in COLUMNS):
            Record.objects.filter(pk=record.pk).update(**new)


def reached_of(record_ids: Iterable[int]) -> list[tuple[Record, dict[str, Any]]]:
    """Each record with what its columns ``stage``, ``due`` and ``met`` must hold."""
    wanted = [pk for pk in set(record_ids) if pk is not None]
    records = list(Record.objects.filter(pk__in=wanted).order_by("pk"))
    asks = [r.pk for r in records if r.kind == "ask"]
    carried = [t.link for t in ties_of(asks) if t.link.relation == "carries_out" and t.link.to_id in asks]
    works = {r.pk for r in records if r.kind == "activity"}
    works |= {link.record_id for link in carried if link.record.kind == "activity"}
    parts = _parts_of(works)
    by_ask: dict[int, list[Part]] = defaultdict(list)
    for link in carried:
        stage = stage_of(link.record.kind, link.record.values, parts[link.record_id]).stage
        by_ask[link.to_id or 0].append((link.record_id, "activity", {"stage": {"code": stage}}))
    out = []
    for record in records:
        reached = stage_of(record.kind, record.values, [*parts[record.pk], *by_ask[record.pk]])
        out.append((record, _columns(record, reached)))
    return out


def _parts_of(works: set[int]) -> dict[int, list[Part]]:
    parts: dict[int, list[Part]] = defaultdict(list)
    rows = Record.objects.live().filter(part_of__in=works).order_by("pk")
    for work, key, kind, values in rows.values_list("part_of_id", "pk", "kind", "values"):
        parts[work].append((key, kind, values))
    return parts


def _columns(record: Record, reached: Reached) -> dict[str, Any]:
    return {
        "stage": reached.stage,
        "due": due_day(record.values.get("due")),
        "met": is_met(record.kind, record.values, reached),
    }
