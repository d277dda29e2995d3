"""Which stories belong beside which (tin liên quan, tin nên đọc): first what they tell of, then likeness of words.

Points: a shared record, a shared work, a shared place, a shared person, a shared party, the same cooperation; the likeness of headline
and lead decides among equals. A story that shares nothing but words has to be much alike.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from django.db.models import Count, Q
from rapidfuzz import fuzz

from hoptac.ledger.models import Record, RecordParty
from hoptac.ledger.whereabouts import MARK
from hoptac.newsroom.models import Story, StoryRecord
from hoptac.text.fold import search_key

RECORD, WORK, PLACE, PERSON, PARTY, COOPERATION, WORDS = 10, 8, 4, 3, 1, 2, 4
ENOUGH = 4  # points from which a story is related
ALIKE = 0.8  # likeness of words that is enough by itself
LOOKED_AT = 300  # newest public stories that are compared
RELATED, MUST_READ, MORE = 4, 3, 6
TOLD_MOST = 4_000  # rows of records of those stories that are read


@dataclass(slots=True)
class Traits:
    """What a story tells of."""

    words: str
    cooperation: int | None
    records: set[int] = field(default_factory=set)
    works: set[int] = field(default_factory=set)
    places: set[str] = field(default_factory=set)
    people: set[str] = field(default_factory=set)
    parties: set[int] = field(default_factory=set)


@dataclass(frozen=True)
class Beside:
    """The stories that stand beside one."""

    related: tuple[Story, ...]
    must_read: tuple[Story, ...]
    more: tuple[Story, ...]


def beside(story: Story) -> Beside:
    """Related: by points. Must read: of the rest, those that stand on most records both sides confirm. More: the newest."""
    newest = list(Story.objects.public().exclude(pk=story.pk).select_related("party")[:LOOKED_AT])
    traits = traits_of([story, *newest])
    own = traits[story.pk]
    scored = [(points(own, traits[s.pk]), s) for s in newest]
    related = [s for p, s in sorted(scored, key=lambda x: -x[0]) if p >= ENOUGH][:RELATED]
    shown = {s.pk for s in related}
    weight = _confirmed(newest)
    solid = sorted((s for s in newest if s.pk not in shown and weight[s.pk]), key=lambda s: -weight[s.pk])
    must = solid[:MUST_READ]
    shown |= {s.pk for s in must}
    return Beside(tuple(related), tuple(must), tuple([s for s in newest if s.pk not in shown][:MORE]))


def points(one: Traits, other: Traits) -> float:
    """How much two stories tell of the same.

    >>> points(Traits("a b", 1, records={7}), Traits("c d", 1, records={7})) > ENOUGH
    True
    """
    likeness = fuzz.token_set_ratio(one.words, other.words) / 100
    told = (
        RECORD * _shared(one.records, other.records)
        + WORK * _shared(one.works, other.works)
        + PLACE * _shared(one.places, other.places)
        + PERSON * _shared(one.people, other.people)
        + PARTY * _shared(one.parties, other.parties)
        + COOPERATION * (one.cooperation is not None and one.cooperation == other.cooperation)
    )
    if not told:
        return WORDS * likeness if likeness >= ALIKE else 0.0
    return told + WORDS * likeness


def _shared(one: Collection[object], other: Collection[object]) -> float:
    """How many of two sets are shared, each further one counting less."""
    many = len(set(one) & set(other))
    return min(many, 1) + 0.25 * max(0, min(many, 5) - 1)


def traits_of(stories: Iterable[Story]) -> dict[int, Traits]:
    """What each story tells of; two queries for all."""
    out = {s.pk: Traits(search_key(f"{s.headline} {s.lead}"), s.cooperation_id) for s in stories}
    told: dict[int, list[int]] = defaultdict(list)
    rows = StoryRecord.objects.filter(story__in=out).values_list(
        "story_id", "record_id", "record__part_of", "record__place_units", "record__kind", "record__values"
    )
    for story, record, work, units, kind, values in rows.order_by()[:TOLD_MOST]:
        mine = out[story]
        mine.records.add(record)
        mine.works |= {w for w in (work, record if kind == "activity" else None) if w}
        mine.places |= {u for u in (units or "").split(MARK) if u}
        mine.people |= {
            p["name"] for p in values.get("people") or () if isinstance(p, dict) and p.get("name")
        }
        told[record].append(story)
    roles = RecordParty.objects.filter(record__in=told, role="side").values_list("record_id", "party_id")
    for record, party in roles:
        for story in told[record]:
            out[story].parties.add(party)
    return out


def _confirmed(stories: Iterable[Story]) -> dict[int, int]:
    both = Count("records", filter=Q(records__standing="both_sides"))
    rows = Story.objects.filter(pk__in=[s.pk for s in stories]).annotate(both=both).values_list("pk", "both")
    return dict(rows)


def stories_of(record: Record) -> list[Story]:
    """The public stories that tell of a record or of its work's parts, newest first."""
    told = Q(records=record) | Q(records__part_of=record)
    return list(Story.objects.public().filter(told).select_related("party").distinct()[:MORE])
