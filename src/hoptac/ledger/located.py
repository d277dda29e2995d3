"""Records on the map of 63 or of 34 provinces (quy về bản đồ): where each lies there, or why that cannot be told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from django.db.models import Q, QuerySet

from hoptac.ledger.models import Record
from hoptac.ledger.whereabouts import MARK, NO_PLACE, UNSETTLED
from hoptac.lexicon.tables import Lexicon, default_lexicon
from hoptac.places.atlas import Atlas, atlas
from hoptac.places.rollup import LARGER, NONE_THERE, SEVERAL, Placement, place
from hoptac.places.store import LAST_OF_63
from hoptac.places.units import COMMUNE, DISTRICT, PROVINCE, Unit

MAPS: dict[str, date | None] = {"34": None, "63": LAST_OF_63}  # the first is the usual one; None is today
LEVELS = {"province": PROVINCE, "district": DISTRICT, "commune": COMMUNE}
LEVELS_OF = {"34": ("province", "commune"), "63": ("province", "district", "commune")}
NOT_FILLED = "not_filled"  # a record from before places were kept; ``hoptac rebuild`` fills it
REASONS = (SEVERAL, UNSETTLED, LARGER, NONE_THERE, "unknown", NO_PLACE, NOT_FILLED)
NOWHERE = "?"  # begins the key of a group that no unit of the map holds; its reason follows


@dataclass(frozen=True, slots=True)
class Ground:
    """A map (``units``: "63" or "34"), and the level asked for; None for the smallest unit that holds a record."""

    units: str = "34"
    level: str | None = "province"

    @property
    def day(self) -> date | None:
        return MAPS[self.units]


class Located(Protocol):
    """What has the columns of a record that say where it counts."""

    @property
    def place_units(self) -> str | None: ...

    @property
    def place_why(self) -> str: ...


class Placer:
    """Where records lie on any day's map; each answer is worked out once. Made once for a lexicon."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.places: Atlas = atlas(lexicon)
        self._known: dict[tuple[str, date | None, int | None], Placement] = {}
        self._points: dict[str, tuple[float, float] | None] = {}

    def units(self, ids: str | None) -> tuple[Unit, ...]:
        """The units of a record's column; an id that the tables no longer have is left out."""
        return tuple(u for u in map(self.unit, (ids or "").split(MARK)) if u is not None)

    def unit(self, unit_id: str) -> Unit | None:
        try:
            return self.places.unit(unit_id)
        except KeyError:
            return None

    def point(self, unit: Unit) -> tuple[float, float] | None:
        """Latitude and longitude of a point in a unit, as ``Atlas.point``."""
        if unit.id not in self._points:
            self._points[unit.id] = self.places.point(unit)
        return self._points[unit.id]

    def on(self, ids: str | None, why: str, day: date | None, level: int | None) -> Placement:
        """Where the units of a record's column lie on the map of a day. Several that all lie in one unit lie there."""
        if not ids:
            return Placement(None, NOT_FILLED if ids is None else why or NO_PLACE)
        key = (ids, day, level)
        if key not in self._known:
            self._known[key] = self._place(ids, day, level)
        return self._known[key]

    def _place(self, ids: str, day: date | None, level: int | None) -> Placement:
        found = []
        for unit_id in ids.split(MARK):
            unit = self.unit(unit_id)
            found.append(
                Placement(None, NOT_FILLED)
                if unit is None
                else place(unit, places=self.places, on=day, level=level)
            )
        if len(found) == 1:
            return found[0]
        units = {p.unit.id: p.unit for p in found if p.unit is not None}
        if len(units) == 1 and all(p.unit is not None for p in found):
            return found[0]
        may = {u.id: u for p in found for u in ((p.unit,) if p.unit is not None else p.candidates)}
        return Placement(None, UNSETTLED, tuple(may.values()))

    def of(self, record: Located, ground: Ground) -> Placement:
        level = None if ground.level is None else LEVELS[ground.level]
        return self.on(record.place_units, record.place_why, ground.day, level)


def placer(lexicon: Lexicon | None = None) -> Placer:
    """The placer of a lexicon, made once."""
    return (lexicon or default_lexicon()).built(Placer)


def key_of(placement: Placement) -> str:
    """The key of the group in which a record stands: a unit's id, or ``?`` and the reason."""
    return placement.unit.id if placement.unit is not None else f"{NOWHERE}{placement.reason}"


def unit_key(ids: str | None, why: str) -> str:
    """The key of the group of a record's own unit, as it was; from its columns."""
    if ids and MARK not in ids:
        return ids
    return f"{NOWHERE}{NOT_FILLED if ids is None else why}"


Pair = tuple[str | None, str]  # the columns ``place_units`` and ``place_why`` of records


def pairs_of(records: QuerySet[Record]) -> frozenset[Pair]:
    """Where some records count, as their columns have it. One query."""
    return frozenset(records.order_by().values_list("place_units", "place_why").distinct())


def in_unit(
    records: QuerySet[Record], unit: Unit, *, perhaps: bool = False, pairs: frozenset[Pair] | None = None
) -> QuerySet[Record]:
    """The records that lie in a unit: its own, of its parts, and of what it came from where all of that lies here.

    ``perhaps``: instead those of which that cannot be told: a part of their unit lies here, or one of those they may mean.
    Of a unit that ended, what came later to what it became is not its own. ``pairs``: those of the records, if at hand.
    """
    last = unit.valid_to or date.max

    def held(ids: str | None, found: Placement) -> bool:
        if perhaps and (found.unit is not None or unit.id not in {u.id for u in found.candidates}):
            return False
        if not perhaps and (found.unit is None or found.unit.id != unit.id):
            return False
        units = placer().units(ids)
        return all((u.valid_from or date.min) <= last for u in units)

    known = pairs_of(records) if pairs is None else pairs
    found = records.filter(_matching(known, held, unit.valid_to, unit.level))
    if unit.valid_to is not None:
        found = found.filter(Q(year__isnull=True) | Q(year__lte=unit.valid_to.year))
    return found


def on_map(records: QuerySet[Record], ground: Ground, key: str) -> QuerySet[Record]:
    """The records of one group of a map (``key_of``)."""
    level = None if ground.level is None else LEVELS[ground.level]
    return records.filter(_matching(pairs_of(records), lambda _ids, p: key_of(p) == key, ground.day, level))


def _matching(
    pairs: frozenset[Pair],
    wanted: Callable[[str | None, Placement], bool],
    day: date | None,
    level: int | None,
) -> Q:
    """A condition on the columns: those of their values that are wanted."""
    at = placer()
    hits = [(ids, why) for ids, why in pairs if wanted(ids, at.on(ids, why, day, level))]
    q = Q(place_units__in=[ids for ids, _why in hits if ids])
    for ids, why in hits:
        if not ids:
            q |= Q(place_units__isnull=True) if ids is None else Q(place_units="", place_why=why)
    return q
