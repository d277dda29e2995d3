"""Pages of places (trang địa bàn), for the desk and for the public: what stands on them.

Whoever calls gives the records that the reader may see; nothing else of the ledger is asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Any

from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from hoptac.ledger.located import LEVELS, NOWHERE, Ground, in_unit, pairs_of, placer
from hoptac.ledger.models import Cooperation, Record
from hoptac.lexicon.tables import default_lexicon
from hoptac.places.atlas import END_OF_DISTRICTS, PART
from hoptac.places.finder import finder
from hoptac.places.units import COUNTRY, PROVINCE, Change, Unit
from hoptac.screens.days import day_words
from hoptac.screens.grounds import (
    Choice,
    ground_of,
    ground_query,
    level_choices,
    level_name,
    map_choices,
    name_of_key,
    place_slug,
    unit_name,
    unit_of_key,
    unit_of_slug,
    whole_name,
)
from hoptac.screens.labels import label, language_code
from hoptac.screens.lists import LONGEST_SEARCH, page_of
from hoptac.screens.mapping import page_map
from hoptac.screens.tables import csv_answer
from hoptac.screens.totals import Figures, MadeOf, Sum, group_of

FIRST_FEW = 6  # records of a kind on a place's own page
SHOWN = ("activity", "contribution", "meeting")
FOUND_MOST = 60  # units that a search shows


@dataclass(frozen=True)
class PlaceLink:
    """A place on a screen: its name, what it lay in, its part of an address, and what else is said of it there."""

    name: str
    whole: str
    slug: str
    time: str = ""
    note: str = ""


def place_link(unit: Unit, note: str = "") -> PlaceLink:
    return replace(_place_link(unit.id, language_code()), note=note)


@cache  # units do not change while the program runs
def _place_link(unit_id: str, _language: str) -> PlaceLink:
    unit = placer().places.unit(unit_id)
    return PlaceLink(unit_name(unit), whole_name(unit), place_slug(unit), time_words(unit))


def time_words(unit: Unit) -> str:
    """From when to when a unit stood so. A first day that is not on record is left out, not guessed."""
    if unit.level == COUNTRY:
        return ""
    first = day_words(unit.valid_from.isoformat()) if unit.valid_from else ""
    last = day_words(unit.valid_to.isoformat()) if unit.valid_to else ""
    if first and last:
        return _("from %(first)s to %(last)s") % {"first": first, "last": last}
    if last:
        return _("until %(last)s") % {"last": last}
    return _("since %(first)s") % {"first": first} if first else ""


@dataclass(frozen=True)
class ChangeRow:
    """One change in a unit's life: the other unit, when, by which act, whether only a part of it went there."""

    link: PlaceLink
    on: date
    act: str
    part: bool


def _changes(changes: Iterable[Change], *, later: bool) -> list[ChangeRow]:
    return [
        ChangeRow(place_link(c.after if later else c.before), c.on, c.act, c.extent == PART) for c in changes
    ]


@dataclass(frozen=True)
class Spot:
    """Where a record lies on the map at hand: a place, or why none holds it."""

    link: PlaceLink | None
    why: str


def spot_of(record: Record, ground: Ground) -> Spot:
    found = placer().of(record, ground)
    if found.unit is None:
        return Spot(None, label("placement", found.reason))
    return Spot(place_link(found.unit), "")


def with_spots(records: Sequence[Record], units: str) -> list[tuple[Record, Spot]]:
    """Records beside where each lies on a map: the smallest unit there that holds it."""
    ground = Ground(units, None)
    return [(record, spot_of(record, ground)) for record in records]


def own_units(record: Record) -> list[PlaceLink]:
    """The units, as they were, in which a record counts; several where the words do not tell which."""
    return [place_link(u) for u in placer().units(record.place_units)]


def place_context(request: HttpRequest, unit: Unit, records: QuerySet[Record], space: str) -> dict[str, Any]:
    """Everything on a place's page: the unit in time, what it received, its records, a map."""
    at = placer().places
    ground = ground_of(request.GET, None)
    if ground.level is None or ground.level not in [c.value for c in _levels_below(unit, ground)]:
        ground = Ground(ground.units, _finer(unit, ground))
    pairs = pairs_of(records)
    mine = in_unit(records, unit, pairs=pairs)
    counts = dict(mine.order_by().values_list("kind").annotate(Count("pk")))
    sections = [
        (kind, list(mine.filter(kind=kind).order_by("-year", "title_key", "id")[:FIRST_FEW]), counts[kind])
        for kind in SHOWN
        if counts.get(kind)
    ]
    contributions = Figures.of(mine.filter(kind="contribution"))
    total = contributions.total()
    point = placer().point(unit)
    listed = reverse(f"{space}:records")
    now = at.now(unit) if unit.valid_to is not None else ()
    return {
        "space": space,
        "unit": unit,
        "name": unit_name(unit),
        "slug": place_slug(unit),
        "kind": level_name(unit),
        "time": time_words(unit),
        "parents": [place_link(p) for p in at.parents(unit)],
        "came_from": _changes(at.predecessors(unit), later=False),
        "became": _changes(at.successors(unit), later=True),
        "now": [place_link(c.unit, _("a part of it") if c.part else "") for c in now],
        "district_ended": at.why_none(unit) == END_OF_DISTRICTS,
        "point": point,
        "ground": ground,
        "ground_query": ground_query(ground, "commune"),
        "maps": map_choices(ground),
        "levels": _levels_below(unit, ground),
        "total": total,
        "tables": [
            ("field", contributions.by("field"), _("By field")),
            ("year", contributions.by("year"), _("By year")),
        ],
        "places": contributions.by("place", ground),
        "own": contributions.by("unit"),
        "sections": sections,
        "record_count": sum(counts.values()),
        "perhaps": in_unit(records, unit, perhaps=True, pairs=pairs).count(),
        "map": page_map(
            mine,
            ground.units,
            title=_("What %(place)s received") % {"place": unit_name(unit)},
            link=lambda query: f"{listed}?place={place_slug(unit)}&{query}",
            here=(point[1], point[0], unit_name(unit)) if point and not _abroad(unit) else None,
            around=_provinces(unit, ground),
            figures=contributions,
        ),
    }


def by_place(
    request: HttpRequest,
    cooperation: Cooperation,
    records: QuerySet[Record],
    figures: Figures,
    space: str,
) -> dict[str, Any]:
    """A cooperation's sums by place, and its map, on the map that the address asks for."""
    ground = ground_of(request.GET)
    listed = reverse(f"{space}:records")

    def link(query: str) -> str:
        return f"{listed}?cooperation={cooperation.slug}&{query}"

    return {
        "space": space,
        "ground": ground,
        "ground_query": ground_query(ground),
        "maps": map_choices(ground),
        "levels": level_choices(ground),
        "places": figures.by("place", ground),
        "map": page_map(records, ground.units, title=cooperation.name, link=link, figures=figures),
    }


def home_map(request: HttpRequest, records: QuerySet[Record], space: str) -> dict[str, Any]:
    """The map of everything that the reader may see."""
    ground = ground_of(request.GET)
    listed = reverse(f"{space}:records")
    title = _("What was given, by province")
    return {
        "space": space,
        "ground": ground,
        "ground_query": ground_query(ground),
        "maps": map_choices(ground),
        "map": page_map(records, ground.units, title=title, link=lambda query: f"{listed}?{query}"),
    }


def _abroad(unit: Unit) -> bool:
    return unit.level == COUNTRY or (unit.level == PROVINCE and unit.parent != "Việt Nam")


def _provinces(unit: Unit, ground: Ground) -> list[str]:
    """Ids of the provinces of a map in which a unit lies; of a country none, so that the whole map is shown."""
    if unit.level == COUNTRY or _abroad(unit):
        return []
    at = placer().places
    covers = [c.unit for c in at.at(unit, ground.day or date.max)]
    chains = [(u, *at.parents(u, ground.day)) for u in covers]
    return list(dict.fromkeys(p.id for chain in chains for p in chain if p.level == PROVINCE))


def _levels_below(unit: Unit, ground: Ground) -> list[Choice]:
    """The levels of a map at which a unit has parts; of a commune its own."""
    least = min(unit.level + 1, LEVELS["commune"])
    return [c for c in level_choices(ground, None) if c.value and LEVELS[c.value] >= least]


def _finer(unit: Unit, ground: Ground) -> str:
    """The level at which a place's parts are told if the address names none: the next below it that the map has."""
    if unit.level >= LEVELS["district"]:
        return "commune"
    return "district" if ground.units == "63" else "commune"


def sum_context(
    request: HttpRequest, unit: Unit, records: QuerySet[Record], space: str
) -> dict[str, Any] | None:
    """What one sum of a place is made of; None where there is no such sum."""
    ground = ground_of(request.GET, "commune")
    mine = in_unit(records, unit).filter(kind="contribution")
    group = group_of(mine, request.GET.get("by", ""), request.GET.get("group", ""), ground)
    if group is None:
        return None
    made = MadeOf.of(group, request.GET)
    return {"space": space, "name": unit_name(unit), "slug": place_slug(unit), "made": made}


@dataclass(frozen=True)
class PlaceRow:
    """A line of the list of places: the place, its sums, how many records lie in it."""

    link: PlaceLink
    key: str
    sums: Sum | None
    count: int | None


def places_context(request: HttpRequest, records: QuerySet[Record], space: str) -> dict[str, Any]:
    """The list of places that received, on either map; with words, the units of any time that bear the name."""
    ground = ground_of(request.GET)
    q = request.GET.get("q", "")[:LONGEST_SEARCH].strip()
    context: dict[str, Any] = {
        "space": space,
        "q": q,
        "ground": ground,
        "ground_query": ground_query(ground),
        "maps": map_choices(ground),
        "levels": level_choices(ground),
    }
    if q:
        found = finder(default_lexicon()).find(q)
        context["found"] = [place_link(u) for u in found[:FOUND_MOST]]
        context["more"] = max(0, len(found) - FOUND_MOST)
        return context
    rows, nowhere = place_rows(records, ground)
    order = request.GET.get("sort", "")
    if order == "name":
        rows.sort(key=lambda r: r.link.whole)
    elif order == "-records":
        rows.sort(key=lambda r: (-(r.count or 0), r.link.whole))
    return context | {"page": page_of(rows, request.GET), "nowhere": nowhere, "sort": order}


def place_rows(records: QuerySet[Record], ground: Ground) -> tuple[list[PlaceRow], list[PlaceRow]]:
    """The places of a map with records, greatest sum first; and the groups that no unit of it holds. Two queries."""
    at = placer()
    level = LEVELS[ground.level] if ground.level else None
    counts: dict[str, int] = {}
    columns = records.filter(kind__in=SHOWN).order_by().values_list("place_units", "place_why")
    for ids, why, count in columns.annotate(Count("pk")):
        found = at.on(ids, why, ground.day, level)
        key = found.unit.id if found.unit is not None else f"{NOWHERE}{found.reason}"
        counts[key] = counts.get(key, 0) + count
    sums = {s.key: s for s in Figures.of(records.filter(kind="contribution")).by("place", ground)}
    rows, nowhere = [], []
    for key, count in counts.items():
        unit = unit_of_key(key)
        if unit is None:
            nowhere.append(
                PlaceRow(PlaceLink(name_of_key(key), name_of_key(key), ""), key, sums.get(key), count)
            )
        else:
            rows.append(PlaceRow(place_link(unit), key, sums.get(key), count))

    def greatest(row: PlaceRow) -> tuple[Any, ...]:
        return (-(row.sums.first if row.sums else 0), -(row.count or 0), row.link.whole)

    return sorted(rows, key=greatest), sorted(nowhere, key=greatest)


def places_csv_answer(request: HttpRequest, records: QuerySet[Record], space: str) -> HttpResponse:
    """Every place of the list at hand, and the groups that no unit of the map holds."""
    rows, nowhere = place_rows(records, ground_of(request.GET))
    columns = (
        (_("Place"), lambda r: r.link.whole),
        (_("Unit"), lambda r: "" if r.key.startswith(NOWHERE) else r.key),
        (_("Records"), lambda r: r.count),
        (
            _("Counted sum"),
            lambda r: "; ".join(f"{m.amount:f} {m.currency}" for m in r.sums.sums) if r.sums else "",
        ),
        (_("Left out of the sum"), lambda r: r.sums.left_out if r.sums else 0),
        (
            _("Address"),
            lambda r: (
                request.build_absolute_uri(reverse(f"{space}:place", args=[r.link.slug]))
                if r.link.slug
                else ""
            ),
        ),
    )
    return csv_answer("places", columns, [*rows, *nowhere])


def unit_or_404(slug: str) -> Unit:
    unit = unit_of_slug(slug)
    if unit is None:
        raise Http404
    return unit
