"""Where a record counts (nơi được tính): from the names that its statements give to units as they were. Pure: knows no Django.

A unit that the reading names by its id is taken as it is. A name alone is settled by its code, its day, and what it lies
in; several units left mean that the words do not tell, and the record keeps all of them. Nothing is guessed.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from hoptac.lexicon.tables import Lexicon, default_lexicon
from hoptac.places.atlas import Atlas
from hoptac.places.finder import finder
from hoptac.places.units import COUNTRY, PROVINCE, Unit

NO_PLACE, UNKNOWN, UNSETTLED = "no_place", "unknown", "unsettled"
PLACE, RECIPIENT = "place", "recipient"
MARK = "|"  # between ids in one column; no id holds it
MOST = 60  # units that one record may mean; a name with more of them tells nothing

Span = tuple[date, date]


@dataclass(frozen=True, slots=True)
class Named:
    """A place as a statement names it: its name, its code and its unit in time where they are told."""

    name: str
    code: str | None = None
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Where a record counts: ``units`` are ids, one where it is settled.

    ``told`` is "place" or "recipient", by which of them it is known. ``why`` is "" for one unit, else ``no_place``
    (nothing is named), ``unknown`` (no unit bears the name) or ``unsettled`` (several do, or several received).
    """

    units: tuple[str, ...] = ()
    told: str = ""
    why: str = NO_PLACE

    @property
    def text(self) -> str:
        """The ids in one column."""
        return MARK.join(self.units)


def span_of(values: Mapping[str, Any]) -> Span | None:
    """The days in which a deed may lie, from its day, its year or its period; None where none is told.

    >>> span_of({"date": "2024-04"})
    (datetime.date(2024, 4, 1), datetime.date(2024, 4, 30))
    """
    day = values.get("date") or ""
    if day:
        year, month, of_month = (*map(int, day.split("-")), 0, 0)[:3]
        last = calendar.monthrange(year, month)[1] if month else 31
        if of_month > last:
            of_month = 0
        return date(year, month or 1, of_month or 1), date(year, month or 12, of_month or last)
    first, last_year = values.get("period") or (None, None)
    first, last_year = values.get("year") or first or last_year, values.get("year") or last_year or first
    return (date(first, 1, 1), date(last_year, 12, 31)) if first and last_year else None


def settle(
    told: Named,
    *,
    deed: Span | None = None,
    pages: Iterable[date] = (),
    near: Sequence[Unit] = (),
    lexicon: Lexicon | None = None,
) -> tuple[Unit, ...]:
    """The units that a place's name can mean: one where it is settled, none where no unit bears it.

    ``deed``   the days of the deed: a unit that stood then is meant, if there is one.
    ``pages``  the days of the pages that say so: else one that stood then.
    ``near``   units that it should lie in (the receiving province); only those that do are kept, if any does.
    A plain name means the province that bears it, as it does for parties. Of the forms that one unit had, the last is
    taken where no day tells them apart.

    >>> [u.id for u in settle(Named("xã Sín Thầu"), deed=(date(2014, 1, 1), date(2014, 12, 31)))]
    ['03154@63']
    >>> [u.id for u in settle(Named("Lai Châu", "12"), deed=(date(1990, 1, 1), date(1990, 12, 31)))]
    ['12@old']
    """
    find = finder(lexicon or default_lexicon())
    places = find.atlas
    if told.unit is not None:
        try:
            return (places.unit(told.unit),)
        except KeyError:
            pass
    found = list(find.find(told.name))
    if told.code is not None:
        coded = [u for u in found if u.code == told.code]
        found = coded or list(places.of_code(told.code)) or found
    found = [u for u in found if u.level <= PROVINCE] or found
    for spans in ([deed] if deed is not None else [], [(day, day) for day in pages]):
        standing = [u for u in found if any(_stood_in(u, span) for span in spans)]
        if standing:
            found = standing
            break
    else:
        found = _last_forms(found)
    if near and len(found) > 1:
        names = {u.id for other in near for u in (other, *(c.unit for c in places.now(other)))}
        found = [u for u in found if names & _around(u, deed, places)] or found
    return tuple({u.id: u for u in (_first_spelling(u, places) for u in found)}.values())


def _first_spelling(unit: Unit, places: Atlas) -> Unit:
    """A country under its first name: the tables have a row for each ("Nhật", "Nhật Bản")."""
    return places.of_code(unit.code)[0] if unit.level == COUNTRY and unit.code else unit


def _stood_in(unit: Unit, span: Span) -> bool:
    return (unit.valid_from or date.min) <= span[1] and span[0] <= (unit.valid_to or date.max)


def _last_forms(units: list[Unit]) -> list[Unit]:
    """Of units with one code and name only the one that stood last."""
    last: dict[tuple[str | None, str], Unit] = {}
    for unit in units:
        key = (unit.code or unit.id, unit.name)
        if key not in last or (unit.valid_to or date.max) > (last[key].valid_to or date.max):
            last[key] = unit
    return list(last.values())


def _around(unit: Unit, deed: Span | None, places: Atlas) -> set[str]:
    """Ids of a unit, of what it lay in on its last day and on the deed's, and of what it became with what that lies in."""
    above = [unit, *places.parents(unit)]
    if deed is not None and unit.stands_on(deed[0]):
        above += places.parents(unit, deed[0])
    for cover in places.now(unit):
        above += [cover.unit, *places.parents(cover.unit)]
    return {u.id for u in above}


def locate(
    place: Sequence[Named],
    received: Sequence[Sequence[Unit]],
    *,
    finer: Sequence[Named] = (),
    deed: Span | None = None,
    pages: Iterable[date] = (),
    lexicon: Lexicon | None = None,
) -> Whereabouts:
    """Where a record counts.

    ``place``     the place that it names, once for each way in which its statements write it; empty where none does.
    ``received``  the units that each of its recipients may mean. Where no place is named, or none that a unit bears (a
                  hamlet, a school), the record counts where its recipients are.
    ``finer``     places that other statements name without contradicting: one that lies in the place is more exact.
    """
    days = tuple(pages)
    near = tuple({u.id: u for units in received for u in units if len(units) == 1}.values())
    told = [n for n in place if n.unit is not None] or list(place)
    named = _ids(settle(n, deed=deed, pages=days, near=near, lexicon=lexicon) for n in told)
    if named:
        inner = _inner(finer, named, deed=deed, pages=days, lexicon=lexicon) if len(named) == 1 else ()
        return _where(inner or named, PLACE)
    receivers = _ids(received)
    if receivers:
        return _where(receivers, RECIPIENT)
    return Whereabouts(why=UNKNOWN if place else NO_PLACE)


def _inner(
    finer: Sequence[Named],
    named: tuple[str, ...],
    *,
    deed: Span | None,
    pages: tuple[date, ...],
    lexicon: Lexicon | None,
) -> tuple[str, ...]:
    """The one unit, of those that other statements name, that lies deepest in the place; none where two do."""
    places = finder(lexicon or default_lexicon()).atlas
    outer = places.unit(named[0])
    found: dict[str, Unit] = {}
    for told in finer:
        units = settle(told, deed=deed, pages=pages, near=(outer,), lexicon=lexicon)
        if len(units) == 1 and units[0] != outer and outer.id in _around(units[0], deed, places):
            found[units[0].id] = units[0]
    deepest = [u.id for u in found.values() if u.level == max(v.level for v in found.values())]
    return tuple(deepest) if len(deepest) == 1 else ()


def _ids(many: Iterable[Iterable[Unit]]) -> tuple[str, ...]:
    return tuple(sorted({u.id for units in many for u in units}))


def _where(ids: tuple[str, ...], told: str) -> Whereabouts:
    if len(ids) > MOST:
        return Whereabouts((), told, UNSETTLED)
    return Whereabouts(ids, told, "" if len(ids) == 1 else UNSETTLED)
