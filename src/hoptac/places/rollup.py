"""Roll records up onto the map of any day (quy về bản đồ của một ngày), saying what could not be placed exactly.

A record carries the unit as it was. On another map that unit may be held by one unit, by several, or by none; only the
first is counted there. Nothing is divided among units, and nothing is left out of sight: records placed and records not
placed are together all that went in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

from hoptac.places.atlas import Atlas
from hoptac.places.units import Unit

T = TypeVar("T")

NO_PLACE, LARGER, SEVERAL, NONE_THERE = "no_place", "larger", "several", "none_there"


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a unit lies on a map: ``unit``, or None with the ``reason`` and the ``candidates`` that it may lie in.

    Reasons: ``no_place`` the record names none, ``larger`` the unit is larger than those asked for, ``several`` parts
    of it lie in different units, ``none_there`` that map has no unit of this level that holds it.
    """

    unit: Unit | None
    reason: str | None = None
    candidates: tuple[Unit, ...] = ()


@dataclass(frozen=True, slots=True)
class Group(Generic[T]):
    """The records that lie in one unit of the map, in the order in which they came."""

    unit: Unit
    items: tuple[T, ...]


@dataclass(frozen=True, slots=True)
class NotPlaced(Generic[T]):
    """A record that the map cannot take, and why."""

    item: T
    placement: Placement


@dataclass(frozen=True, slots=True)
class RolledUp(Generic[T]):
    """All records of one roll-up: in ``groups`` by unit (ordered by code), or in ``not_placed``; none in both or neither."""

    groups: tuple[Group[T], ...]
    not_placed: tuple[NotPlaced[T], ...]


def place(unit: Unit | None, *, places: Atlas, on: date | None = None, level: int | None = None) -> Placement:
    """Where a unit of any time lies on the map of a day (today's where None).

    ``level`` 1, 2, 3 asks for the province, district or commune there; None for the smallest unit that holds it all.
    """
    if unit is None:
        return Placement(None, NO_PLACE)
    day = on or date.max
    covers = [c.unit for c in places.at(unit, day)]
    if level is not None:
        above = [(u, *places.parents(u, on)) for u in covers]
        covers = list(dict.fromkeys(p for chain in above for p in chain if p.level == level))
        if any(u.level < level for chain in above for u in chain[:1]):
            return Placement(None, LARGER, tuple(covers))
        if any(all(p.level != level for p in chain) for chain in above):
            return Placement(None, NONE_THERE, tuple(covers))
    elif len(covers) > 1:
        covers = _least_common(covers, places, on) or covers
    if len(covers) == 1:
        return Placement(covers[0])
    return Placement(None, SEVERAL if covers else NONE_THERE, tuple(covers))


def _least_common(units: list[Unit], places: Atlas, on: date | None) -> list[Unit]:
    chains = [places.parents(u, on) for u in units]
    return next(([p] for p in chains[0] if all(p in chain for chain in chains)), [])


def roll_up(
    items: Iterable[T],
    where: Callable[[T], Unit | None],
    *,
    places: Atlas,
    on: date | None = None,
    level: int | None = None,
) -> RolledUp[T]:
    """Group records by the unit of a day's map that holds the unit each names (see ``place``)."""
    groups: dict[Unit, list[T]] = {}
    rest: list[NotPlaced[T]] = []
    known: dict[str | None, Placement] = {}
    for item in items:
        unit = where(item)
        key = unit.id if unit else None
        if key not in known:
            known[key] = place(unit, places=places, on=on, level=level)
        placed = known[key].unit
        if placed is None:
            rest.append(NotPlaced(item, known[key]))
        else:
            groups.setdefault(placed, []).append(item)
    ordered = sorted(groups.items(), key=lambda group: (group[0].level, group[0].code or "", group[0].id))
    return RolledUp(tuple(Group(unit, tuple(found)) for unit, found in ordered), tuple(rest))
