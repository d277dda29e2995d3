"""The pictures of a review (biểu đồ, bản đồ): which rows make which marks, and the table that says the same. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from hoptac.ledger.located import MAPS, NOWHERE
from hoptac.maps.draw import draw_map
from hoptac.maps.outlines import EAST, NORTH, SOUTH, WEST, Units, outlines
from hoptac.maps.rows import Dot, map_table
from hoptac.maps.rows import Figure as MapFigure
from hoptac.places.units import PROVINCE
from hoptac.reading.values import FIELDS
from hoptac.review.charts import Chart, Line, Mark
from hoptac.review.document import Column, Figure, Href, Table, TableRow, Target, run
from hoptac.review.promises import DONE, Promise
from hoptac.review.rows import HOME_CURRENCY, Row, pile, piles, span
from hoptac.review.telling import NONE, Teller
from hoptac.review.words import Language
from hoptac.screens.figures import money_words

COLUMNS_MOST = 10  # of a matrix, beyond which years are put together
YEARS_TOGETHER = (1, 5, 10, 20, 50)
PLACES_MOST = 10  # bars of a chart by place; the others are one bar
STANDINGS = ("both_sides", "one_side", "read", "disputed")
STANDING_FILLS = ("solid", "light", "empty", "crossed")
MAP_LETTERS = {"34": 1.5, "63": 1.15}  # how much larger than usual a map's names are on a report's page
MAP_SHARE = 0.62
CHART_SHARE = 0.72  # of the text's width, so that letters are as large as in the matrix
CUT_MOST = 4  # provinces with a figure up to which the map is cut to them and what lies about them
CUT_LETTERS = 1.4


def currency_of(tell: Teller) -> str:
    """The one currency that pictures show: đồng where any is counted, else that of most contributions."""
    totals = pile(tell.snapshot, tell.contributions).totals
    return totals[0][0] if totals else HOME_CURRENCY


def _figure(tell: Teller, code: str, chart: Chart, note: str = "") -> Figure:
    marks = [
        (one.label, name, m)
        for one in chart.lines
        for name, m in zip(chart.series, one.marks, strict=True)
        if m
    ]
    top = max(marks, key=lambda t: t[2].value, default=None)
    most = ""
    if top is not None:
        label = (
            top[1] if chart.kind == "stack" else f"{top[0]}, {top[1]}" if len(chart.series) > 1 else top[0]
        )
        most = tell.w("chart_most", label=label, words=top[2].words)
    alt = tell.w("chart_alt", title=chart.title, most=most).strip()
    caption = f"{chart.title}. {note}" if note else chart.title
    share = 1.0 if chart.kind == "matrix" else CHART_SHARE
    return Figure(code, caption, alt, chart, chart.table(code, chart.title), share)


def _others(tell: Teller, currency: str) -> str:
    rest = [c for c, _total in pile(tell.snapshot, tell.contributions).totals if c != currency]
    return (
        tell.w("chart_other_money", currencies=", ".join(tell.w.label("currency", c) for c in rest))
        if rest
        else ""
    )


def _of_currency(tell: Teller, currency: str) -> list[Row]:
    whole = pile(tell.snapshot, tell.contributions)
    return [r for r in whole.counted if r.fact is not None and r.fact.currency == currency]


def _mark(tell: Teller, rows: Iterable[Row], currency: str, to: Target) -> Mark | None:
    kept = list(rows)
    total = pile(tell.snapshot, kept).total(currency)
    return None if total is None else Mark(total, tell.w.money(total, currency), to, tell.numbers(kept))


def matrix(tell: Teller) -> Figure | None:
    """Counted sums by field and year."""
    currency = currency_of(tell)
    rows = _of_currency(tell, currency)
    if not rows:
        return None
    years = [y for r in rows for y in span(r) if y is not None]
    step = next(
        (n for n in YEARS_TOGETHER if max(years) // n - min(years) // n < COLUMNS_MOST), YEARS_TOGETHER[-1]
    )
    if len({y for r in rows for y in span(r)}) <= COLUMNS_MOST and step > 1:
        buckets = [(y, y) for y in sorted(set(years))]
        step = 1
    else:
        buckets = [(n * step, n * step + step - 1) for n in range(min(years) // step, max(years) // step + 1)]
    several = [r for r in rows if _crosses(r, step)]
    names = [str(a) if a == b else f"{a}–{b % 100:02d}" for a, b in buckets]
    names += [tell.w("chart_several")] if several else []
    lines = []
    for field, whole in _by_field(tell, rows):
        marks = []
        for a, b in buckets:
            inside = [r for r in whole if not _crosses(r, step) and a <= (span(r)[0] or 0) <= b]
            marks.append(
                _mark(tell, inside, currency, Target.pick(field=field, years=f"{a}-{b}", counted="1"))
            )
        if several:
            crossing = [r for r in whole if _crosses(r, step)]
            marks.append(
                _mark(tell, crossing, currency, Target.pick(field=field, several=str(step), counted="1"))
            )
        total = pile(tell.snapshot, whole).total(currency)
        lines.append(
            Line(field_name(tell, field), tuple(marks), tell.w.money(total, currency) if total else "")
        )
    title = tell.w("chart_matrix", currency=tell.w.label("currency", currency))
    chart = Chart("matrix", title, tell.w("c_field"), tuple(names), tuple(lines))
    return _figure(tell, "matrix", chart, _others(tell, currency))


def _crosses(row: Row, step: int) -> bool:
    first, last = span(row)
    return first is None or last is None or first // step != last // step


def _by_field(tell: Teller, rows: Iterable[Row]) -> list[tuple[str, list[Row]]]:
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault((row.fact.field if row.fact else None) or NONE, []).append(row)
    return [(field, groups[field]) for field in (*FIELDS, NONE) if field in groups]


def field_name(tell: Teller, field: str) -> str:
    return tell.w("field_none") if field == NONE else tell.w.label("field", field)


def places(tell: Teller) -> Figure | None:
    """Counted sums by place, at the finest level that tells places apart."""
    currency = currency_of(tell)
    level = _level(tell, currency)
    groups = piles(tell.snapshot, _of_currency(tell, currency), lambda r: tell.place_key(r, level))
    ranked = sorted(
        groups.items(), key=lambda item: (str(item[0]).startswith(NOWHERE), -(item[1].total(currency) or 0))
    )
    if not ranked:
        return None
    lines = []
    for key, whole in ranked[:PLACES_MOST]:
        to = Target.pick(place=str(key), level=level, map=tell.units, counted="1")
        mark = _mark(tell, whole.counted, currency, to)
        lines.append(Line(tell.place_name(str(key)), (mark,)))
    rest = [r for _key, whole in ranked[PLACES_MOST:] for r in whole.counted]
    if rest:
        mark = _mark(tell, rest, currency, Target.pick(counted="1"))
        lines.append(Line(tell.w.many("other_places", len(ranked) - PLACES_MOST), (mark,)))
    title = tell.w("chart_places", currency=tell.w.label("currency", currency))
    chart = Chart("bars", title, tell.w("c_place"), (tell.w("c_totals"),), tuple(lines))
    return _figure(tell, "places", chart, _others(tell, currency))


def _level(tell: Teller, currency: str) -> str:
    """The finest level at which more than half of the counted contributions have a place."""
    rows = _of_currency(tell, currency)
    fine = tell.levels()[-1]
    placed = sum(not tell.place_key(r, fine).startswith(NOWHERE) for r in rows)
    return fine if 2 * placed > len(rows) else "province"


def promised(tell: Teller, promises: Iterable[Promise]) -> Figure | None:
    """What was promised beside what was delivered, by field: in money where any promise tells a sum, else in number."""
    kept = list(promises)
    if not kept:
        return None
    currency = currency_of(tell)
    money = any(_promised_sum(p, currency) for p in kept)
    lines = []
    for field in (*FIELDS, NONE):
        here = [p for p in kept if (_field(p) or NONE) == field]
        here = [p for p in here if not money or _promised_sum(p, currency)]
        if not here:
            continue
        done = [p for p in here if p.became == DONE]
        marks = tuple(_promise_mark(tell, some, currency, money=money) for some in (here, done))
        lines.append(Line(field_name(tell, field), marks))
    code = "chart_promises_money" if money else "chart_promises_count"
    title = tell.w(code, currency=tell.w.label("currency", currency))
    chart = Chart(
        "pair",
        title,
        tell.w("c_field"),
        (tell.w("promised"), tell.w("delivered")),
        tuple(lines),
        ("empty", "solid"),
    )
    return _figure(tell, "promises", chart)


def _field(promise: Promise) -> str | None:
    return promise.row.fact.field if promise.row.fact is not None else None


def _promised_sum(promise: Promise, currency: str) -> Decimal | None:
    fact = promise.row.fact
    return fact.value if fact is not None and fact.currency == currency else None


def _promise_mark(tell: Teller, promises: list[Promise], currency: str, *, money: bool) -> Mark:
    rows = [p.row for p in promises]
    if not money:
        return Mark(Decimal(len(rows)), tell.w.number(len(rows)), numbers=tell.numbers(rows))
    total = sum((_promised_sum(p, currency) or Decimal(0) for p in promises), Decimal(0))
    return Mark(total, tell.w.money(total, currency), numbers=tell.numbers(rows))


def standing(tell: Teller) -> Figure | None:
    """How many contributions stand how."""
    if not tell.contributions:
        return None
    marks = []
    for code in STANDINGS:
        rows = [r for r in tell.contributions if r.standing == code]
        mark = Mark(
            Decimal(len(rows)), tell.w.number(len(rows)), Target.pick(standing=code), tell.numbers(rows)
        )
        marks.append(mark if rows else None)
    names = tuple(tell.w.label("standing", code) for code in STANDINGS)
    title = tell.w("chart_standing")
    chart = Chart(
        "stack",
        title,
        tell.w("c_standing"),
        names,
        (Line("", tuple(marks)),),
        STANDING_FILLS,
        tell.w("c_contributions"),
    )
    return _figure(tell, "standing", chart)


@dataclass(frozen=True, slots=True)
class MapPicture:
    """Counted sums by province as shades, works as dots."""

    values: dict[str, MapFigure]
    dots: tuple[Dot, ...]
    units: Units
    title: str
    legend: str
    lang: Language
    currency: str
    keys: dict[str, str]

    def say(self, value: Decimal) -> str:
        return money_words(value, self.currency, language=self.lang)

    def draw(self, key: str, href: Href | None = None) -> str:
        links = {
            code: href(Target.pick(place=unit, level="province", map=self.units, counted="1"))
            for code, unit in self.keys.items()
        } if href else {}  # fmt: skip
        cut = 0 < len(self.values) <= CUT_MOST
        return draw_map(
            self.values, units=self.units, points=self.dots, title=self.title, legend=self.legend, lang=self.lang,
            say=self.say, links=links, key=key, letters=CUT_LETTERS if cut else MAP_LETTERS[self.units],
            inner_legend=not cut, around=tuple(self.values) if cut else (),
        )  # fmt: skip


def map_of(tell: Teller) -> Figure | None:
    """The map of counted sums by province, with the works of the cooperation as dots."""
    currency = currency_of(tell)
    units: Units = "63" if tell.units == "63" else "34"
    known = {shape.code for shape in outlines(units).shapes}
    values: dict[str, MapFigure] = {}
    keys: dict[str, str] = {}
    for key, whole in piles(
        tell.snapshot, tell.contributions, lambda r: tell.place_key(r, "province")
    ).items():
        unit = tell.place.unit(str(key))
        if unit is not None and unit.code in known and unit.level == PROVINCE:
            values[unit.code] = whole.total(currency)
            keys[unit.code] = str(key)
    dots = _works(tell)
    if not values and not dots:
        return None
    title = tell.w("chart_map", currency=tell.w.label("currency", currency))
    picture = MapPicture(values, dots, units, title, tell.w("c_totals"), tell.language, currency, keys)
    rows = [
        r
        for r in map_table(values, units=units, points=dots, lang=picture.lang, say=picture.say)
        if r.standing != "empty"
    ]
    table = Table(
        "map",
        title,
        (Column(tell.w("c_place"), 2), Column(tell.w("c_totals"), 1, "right")),
        tuple(
            TableRow((run(r.name), run(tell.w.many("works", int(r.value)) if r.standing == "dot" and r.value else r.words)))
            for r in rows
        ),
    )  # fmt: skip
    most = next((r for r in rows if r.standing == "step"), None)
    alt = tell.w(
        "chart_alt", title=title, most=tell.w("chart_most", label=most.name, words=most.words) if most else ""
    )
    caption = f"{title}. {tell.w('map_dots')}" if dots else title
    return Figure("map", caption, alt.strip(), picture, table, MAP_SHARE)


def _works(tell: Teller) -> tuple[Dot, ...]:
    counts: dict[str, int] = {}
    for row in tell.snapshot.of_kind("activity"):
        unit = tell.place.on(row.units, row.why, MAPS[tell.units], None).unit
        if unit is not None:
            counts[unit.id] = counts.get(unit.id, 0) + 1
    dots = []
    for key, count in counts.items():
        unit = tell.place.unit(key)
        point = tell.place.point(unit) if unit is not None else None
        if unit is not None and point is not None and SOUTH <= point[0] <= NORTH and WEST <= point[1] <= EAST:
            dots.append(Dot(point[1], point[0], tell.whole_name(unit), count))
    return tuple(dots)
