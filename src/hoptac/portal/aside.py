"""What stands beside a public record (bên cạnh hồ sơ): its sides, its life, its parts, what it is tied to, photos, stories."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from hoptac.ledger.filing import filed_statements
from hoptac.ledger.ladder import Reached, lateness
from hoptac.ledger.links import ties_of
from hoptac.ledger.models import Party, Record
from hoptac.ledger.worklife import Deed, LifeEntry, life_of
from hoptac.newsroom.models import Photo, Story
from hoptac.newsroom.related import stories_of
from hoptac.screens.totals import Figures, Sum
from hoptac.screens.visible import public_records

PARTS_MOST = 60  # contributions shown on a work's page; the list has them all
PHOTOS_MOST = 12


@dataclass(frozen=True)
class SideWord:
    """A side of a record and where its word stands (``word_labels``)."""

    party: Party
    word: str | None


@dataclass(frozen=True)
class LifeRow:
    """What was done to a work in a year, with the records that tell it."""

    entry: LifeEntry
    records: tuple[Record, ...]


@dataclass(frozen=True)
class TiedRecord:
    """A record at the other end of a tie. ``forward``: the tie leads from the page's record to it."""

    record: Record
    relation: str
    forward: bool


def aside(record: Record) -> dict[str, Any]:
    """The context of a record's page beyond its values and voices; public records alone."""
    words = [SideWord(r.party, r.word) for r in record.roles.all() if r.role == "side"]
    late, days = lateness(record.kind, record.values, Reached(record.stage), timezone.localdate())
    parts = list(public_records().filter(part_of=record).select_related("fact").order_by("-year", "id"))
    context: dict[str, Any] = {
        "sides": sorted(words, key=lambda w: w.party.name_key),
        "late": late,
        "late_days": days,
        "due": record.values.get("due"),
        "tied": _tied(record),
        "parts": parts[:PARTS_MOST],
        "parts_count": len(parts),
        "parts_sum": _sum(record) if parts else None,
        "photos": _photos(record),
        "stories": stories_of(record),
    }
    if record.kind == "activity":
        context["life"] = _life(record, parts)
    return context


def _sum(record: Record) -> Sum:
    return Figures.of(public_records().filter(part_of=record, kind="contribution")).total()


def _tied(record: Record) -> list[TiedRecord]:
    ties = [t.link for t in ties_of([record.pk]) if t.link.to_id is not None]
    ends = {link.to_id if link.record_id == record.pk else link.record_id for link in ties}
    seen = set(public_records().filter(pk__in=[e for e in ends if e]).values_list("pk", flat=True))
    out = []
    for link in ties:
        forward = link.record_id == record.pk
        other = link.to if forward else link.record
        if other is not None and other.pk in seen:
            out.append(TiedRecord(other, link.relation, forward))
    return out


def _life(record: Record, parts: list[Record]) -> list[LifeRow]:
    known = {p.pk: p for p in parts}
    deeds, says = [], defaultdict(list)
    for statement, record_id in filed_statements([record.pk, *known], texts=False):
        says[record_id].append(str(statement.uid))
        if record_id == record.pk:
            deeds.append(Deed((str(statement.uid),), "activity", statement.values))
    deeds += [Deed(tuple(says[pk]), part.kind, part.values, pk) for pk, part in known.items()]
    return [LifeRow(e, tuple(known[k] for k in e.records)) for e in life_of(deeds)]


def _photos(record: Record) -> list[Photo]:
    """Photos of public stories that tell of this record."""
    told = Story.objects.public().filter(records=record).order_by()
    rows = (
        Photo.objects.filter(story__in=told).select_related("picture", "story__party").defer("picture__data")
    )
    kept: dict[int, Photo] = {}
    for photo in rows.order_by("-story__published_at", "order"):
        kept.setdefault(photo.picture_id, photo)
    return list(kept.values())[:PHOTOS_MOST]
