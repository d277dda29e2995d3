"""A map on a page (bản đồ trên trang): sums as shades, works as dots, a table that says the same, and what is not on it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from urllib.parse import urlencode

from django.db.models import Count, QuerySet
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from hoptac.ledger.located import MAPS, Ground, placer
from hoptac.ledger.models import Record
from hoptac.maps.draw import draw_map, map_legend
from hoptac.maps.outlines import EAST, NORTH, SOUTH, WEST, Units, outlines
from hoptac.maps.rows import Dot, Figure, Here, Language, MapRow, map_table
from hoptac.places.units import PROVINCE, Unit
from hoptac.screens.figures import money_words
from hoptac.screens.grounds import whole_name
from hoptac.screens.labels import label, language_code
from hoptac.screens.totals import Figures, Sum

Link = Callable[[str], str]  # the tail of an address -> the address
HOME_CURRENCY = "VND"
MOST_DOTS = 200  # dots of works on one map; with more of them they are drawn by province
LETTERS = 2.2  # a page shows the map at about half its size


@dataclass(frozen=True)
class Line:
    """A line of the table beside the map: what the map says of a unit or a dot, and the list that it leads to."""

    name: str
    words: str
    step: int | None
    holds: str
    href: str


@dataclass(frozen=True)
class Elsewhere:
    """Contributions that the map does not show, for one reason."""

    name: str
    group: Sum
    href: str


@dataclass(frozen=True)
class LegendRow:
    swatch: SafeString
    said: str


@dataclass(frozen=True)
class PageMap:
    """All that a page needs of a map. ``currency`` is the one whose sums are shaded; ``others`` are left to the tables."""

    svg: SafeString
    legend_head: str
    legend: tuple[LegendRow, ...]
    units: tuple[Line, ...]
    empty: int
    dots: tuple[Line, ...]
    elsewhere: tuple[Elsewhere, ...]
    works_elsewhere: int
    currency: str
    others: tuple[str, ...]
    map_name: str


def page_map(
    records: QuerySet[Record],
    units: str,
    *,
    title: str,
    link: Link | None,
    figures: Figures | None = None,
    here: tuple[float, float, str] | None = None,
    around: Sequence[str] = (),
    key: str = "map",
) -> PageMap:
    """The map of some records: the counted sums of contributions by province, the works by the unit that holds them.

    ``link`` gives the address of a list from its query; without it nothing is linked. ``around``: ids of provinces to
    which the map is cut. ``figures``: those of the records, where the page has read them. Two queries at most.
    """
    ground = Ground(units, "province")
    shown: Units = "63" if units == "63" else "34"
    codes = provinces_of(shown)
    groups = (figures or Figures.of(records.filter(kind="contribution"))).by("place", ground)
    currency, others = _currency(groups)
    values: dict[str, Figure] = {}
    links: dict[str, str] = {}
    elsewhere = []
    for group in groups:
        href = _href(link, ground, group.key, "contribution")
        if group.key in codes and (code := codes[group.key].code):
            values[code] = _figure(group, currency)
            if href:
                links[code] = href
        else:
            name = label("placement", "abroad") + f": {group.name}" if group.unit is not None else group.name
            elsewhere.append(Elsewhere(name, group, href))
    dots, lost = _works(records, units, link)

    def said(value: Decimal) -> str:
        return money_words(value, currency)

    lang: Language = "en" if language_code() == "en" else "vi"
    legend_head = _("Counted sum, %(currency)s") % {"currency": label("currency", currency)}
    svg = draw_map(
        values, units=shown, points=dots, title=title, legend=legend_head, lang=lang, say=said, links=links, key=key,
        here=Here(*here) if here and _on_map(here[0], here[1]) else None, inner_legend=False,
        letters=LETTERS, around=[code for u in around if u in codes and (code := codes[u].code)],
    )  # fmt: skip
    rows = map_table(values, units=shown, points=dots, lang=lang, say=said)
    legend = map_legend(values, units=shown, points=dots, lang=lang, say=said, key=key)
    of_dots = {(dot.name, dot.count): dot.href for dot in dots}
    return PageMap(
        svg=mark_safe(svg),  # noqa: S308 draw_map escapes every word that is not its own
        legend_head=legend_head,
        legend=tuple(LegendRow(mark_safe(line.swatch), line.said) for line in legend),  # noqa: S308
        units=tuple(
            _line(row, links.get(row.code, "")) for row in rows if row.standing not in ("empty", "dot")
        ),
        empty=sum(row.standing == "empty" for row in rows),
        dots=tuple(
            _line(row, of_dots[row.name, int(row.value or 0)]) for row in rows if row.standing == "dot"
        ),
        elsewhere=tuple(elsewhere),
        works_elsewhere=lost,
        currency=label("currency", currency),
        others=tuple(label("currency", c) for c in others),
        map_name=label("map_of", units),
    )


@cache
def provinces_of(units: Units) -> dict[str, Unit]:
    """The provinces of a map by their ids."""
    day, places = MAPS[units] or date.max, placer().places
    standing = (u for shape in outlines(units).shapes for u in places.of_code(shape.code) if u.stands_on(day))
    return {u.id: u for u in standing if u.level == PROVINCE}


def _line(row: MapRow, href: str) -> Line:
    return Line(row.name, row.words, row.step, row.holds, href)


def _currency(groups: tuple[Sum, ...]) -> tuple[str, list[str]]:
    """The one currency that is shaded: đồng where there is any, else the one of most contributions; and the others."""
    counted: Counter[str] = Counter()
    for group in groups:
        counted.update(group.numbers)
    if HOME_CURRENCY in counted or not counted:
        first = HOME_CURRENCY
    else:
        first = min(counted, key=lambda c: (-counted[c], c))
    return first, sorted(c for c in counted if c != first)


def _figure(group: Sum, currency: str) -> Decimal | None:
    return next((m.amount for m in group.sums if m.currency == currency), None)


def _href(link: Link | None, ground: Ground, key: str, kind: str) -> str:
    if link is None:
        return ""
    query = {"kind": kind, "spot": key, "map": ground.units, "level": ground.level or ""}
    return link(urlencode({name: value for name, value in query.items() if value}))


def _works(records: QuerySet[Record], units: str, link: Link | None) -> tuple[list[Dot], int]:
    """The works by the smallest unit of the map that holds them, each at its unit's point; and how many have no point.

    Where that makes more dots than a reader can tell apart, by province.
    """
    rows = records.filter(kind="activity").order_by().values_list("place_units", "place_why")
    counted = list(rows.annotate(Count("pk")))
    dots, lost = _dots(counted, units, link, None)
    return (dots, lost) if len(dots) <= MOST_DOTS else _dots(counted, units, link, PROVINCE)


def _dots(
    rows: Sequence[tuple[str | None, str, int]], units: str, link: Link | None, level: int | None
) -> tuple[list[Dot], int]:
    at = placer()
    counts: dict[str, int] = {}
    found: dict[str, Unit] = {}
    lost = 0
    for ids, why, count in rows:
        unit = at.on(ids, why, MAPS[units], level).unit
        point = at.point(unit) if unit is not None else None
        if unit is None or point is None or not _on_map(point[1], point[0]):
            lost += count
        else:
            found[unit.id] = unit
            counts[unit.id] = counts.get(unit.id, 0) + count
    dots = []
    for key, unit in found.items():
        lat, lon = at.point(unit) or (0.0, 0.0)
        name = whole_name(unit)
        query = {
            "kind": "activity",
            "spot": key,
            "map": units,
            "level": "any" if level is None else "province",
        }
        dots.append(Dot(lon, lat, name, counts[key], link(urlencode(query)) if link else ""))
    return dots, lost


def _on_map(lon: float, lat: float) -> bool:
    return WEST <= lon <= EAST and SOUTH <= lat <= NORTH
