"""What a map says of each unit and each dot, in words (bảng thay cho bản đồ): the one source of the map and its table."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from hoptac.lexicon.tables import Lexicon, Row, default_lexicon
from hoptac.maps.outlines import Units, on_plane, outlines
from hoptac.maps.steps import How, Steps, make_steps

Language = Literal["vi", "en"]
Figure = Decimal | int | None
Say = Callable[[Decimal], str]
Standing = Literal["step", "zero", "unknown", "empty", "dot"]

OPEN, CLOSE = "{", "}"


@dataclass(frozen=True, slots=True)
class Dot:
    """A place with works (chấm): where it lies, its name, how many works, and the page it leads to."""

    lon: float
    lat: float
    name: str
    count: int
    href: str = ""


@dataclass(frozen=True, slots=True)
class Here:
    """The place that a map is about (nơi đang xem): a ring is drawn round it."""

    lon: float
    lat: float
    name: str


@dataclass(frozen=True, slots=True)
class MapRow:
    """A line of the table: what the map shows of a unit, or of a dot.

    ``standing`` is "step" (a figure, shaded by ``step``), "zero", "unknown" (records without a figure), "empty" (no
    record), or "dot". ``words`` is the figure or the reason why there is none; ``range`` the step's bounds; ``holds``
    names the archipelago that is part of the unit; ``said`` is the whole in one line, as the map's own titles have it.
    """

    standing: Standing
    code: str
    name: str
    value: Decimal | None
    words: str
    step: int | None
    range: str
    holds: str
    said: str


class Words:
    """The words of maps in one language, from the lexicon's ``map_labels``."""

    def __init__(self, lexicon: Lexicon, language: Language) -> None:
        if language not in ("vi", "en"):
            raise ValueError(f"lang: found {language!r}; expected vi or en")
        self._rows: Mapping[str, Row] = lexicon.built(_labels)
        self.language = language

    def __call__(self, code: str, **filled: str) -> str:
        """The words of a code, with names and figures put in; nothing that is put in is read as a pattern."""
        said = self._rows[code][self.language]
        parts = said.split(OPEN)
        out = parts[0]
        for part in parts[1:]:
            name, _, rest = part.partition(CLOSE)
            out += filled[name] + rest
        return out

    def name(self, code: str, plain: str) -> str:
        """What a map writes for a unit: its name, or the lexicon's own way of it."""
        row = self._rows.get(f"unit_{code}")
        return row[self.language] if row else plain

    def number(self, value: Decimal | int) -> str:
        """A number with all its digits, grouped as the language does."""
        grouped = f"{Decimal(value):,f}"
        whole, _, decimals = grouped.partition(".")
        whole = whole.replace(",", self("group_mark"))
        decimals = decimals.rstrip("0")
        return f"{whole}{self('decimal_mark')}{decimals}" if decimals else whole

    def range(self, steps: Steps, number: int, say: Say) -> str:
        """The bounds of a step, in words."""
        if steps.least is None or steps.most is None or not 1 <= number <= steps.count:
            raise ValueError(f"step {number}: expected 1 to {steps.count}")
        if not steps.bounds:
            one = steps.least == steps.most
            return self("only" if one else "within", low=say(steps.least), high=say(steps.most))
        if number == 1:
            return self("below", high=say(steps.bounds[0]))
        if number == steps.count:
            return self("from", low=say(steps.bounds[-1]))
        return self("between", low=say(steps.bounds[number - 2]), high=say(steps.bounds[number - 1]))


def _labels(lexicon: Lexicon) -> dict[str, Row]:
    return {row["code"]: row for row in lexicon.table("map_labels")}


def map_table(
    values: Mapping[str, Figure],
    *,
    units: Units = "63",
    points: Sequence[Dot] = (),
    lang: Language = "vi",
    say: Say | None = None,
    how: How = "quantile",
    lexicon: Lexicon | None = None,
) -> tuple[MapRow, ...]:
    """What ``draw_map`` shows, for those who cannot see it: every unit, the greatest figure first, then every dot.

    Takes   what ``draw_map`` takes, and the same of it.
    Gives   63 or 34 rows of units: figures falling, then those not known, then those without records, by code; then
            the dots, counts falling.
    Fails   ValueError for a code that the map has not, a figure below nought or not finite, a dot off the map or
            without works.

    >>> row = map_table({"11": Decimal(65), "01": None}, units="34")[0]
    >>> row.said
    'Điện Biên: 65 (bậc 1)'
    """
    words = Words(lexicon or default_lexicon(), lang)
    speak = say or words.number
    shown = outlines(units)
    figures = checked(values, {shape.code for shape in shown.shapes}, units)
    steps = steps_of(figures, how)
    held: dict[str, list[str]] = defaultdict(list)
    for mark in shown.marks:
        held[mark.code].append(words("archipelago", name=mark.name))
    rows = []
    for shape in shown.shapes:
        name = words.name(shape.code, shape.name)
        holds = ", ".join(words("holds", name=archipelago) for archipelago in held[shape.code])
        rows.append(_row(shape.code, name, figures, steps, words, speak, holds))
    rows.sort(key=lambda r: (r.value is None, -(r.value or 0), r.standing == "empty", r.code))
    return (*rows, *(_dot_row(dot, words) for dot in ranked(points)))


def _row(
    code: str,
    name: str,
    figures: Mapping[str, Decimal | None],
    steps: Steps,
    words: Words,
    say: Say,
    holds: str,
) -> MapRow:
    value = figures.get(code)
    if value is None:
        standing: Standing = "unknown" if code in figures else "empty"
        text = words(standing)
        return MapRow(standing, code, name, None, text, None, "", holds, words("said", name=name, words=text))
    if value == 0:
        text = words("zero", figure=say(value))
        return MapRow("zero", code, name, value, text, None, "", holds, words("said", name=name, words=text))
    step, text = steps.of(value), say(value)
    said = words("said_step", name=name, words=text, step=str(step))
    return MapRow("step", code, name, value, text, step, words.range(steps, step, say), holds, said)


def _dot_row(dot: Dot, words: Words) -> MapRow:
    count = words.number(dot.count)
    said = words("dot", name=dot.name, count=count)
    return MapRow("dot", "", dot.name, Decimal(dot.count), count, None, "", "", said)


def ranked(points: Sequence[Dot]) -> tuple[Dot, ...]:
    """The dots, the one with most works first. ValueError for one off the map or without works."""
    for dot in points:
        on_plane(dot.lon, dot.lat)
        if dot.count < 1:
            raise ValueError(f"dot {dot.name!r}: found {dot.count} works, expected 1 or more")
    return tuple(sorted(points, key=lambda d: (-d.count, d.name, d.lon, d.lat)))


def checked(values: Mapping[str, Figure], codes: set[str], units: Units) -> dict[str, Decimal | None]:
    """The figures as decimals. ValueError says which code or figure no map can show."""
    strange = sorted(set(values) - codes)
    if strange:
        raise ValueError(
            f"codes {', '.join(strange)}: not on the map of {units}; roll the figures up onto it first"
        )
    out: dict[str, Decimal | None] = {}
    for code in sorted(values):
        value = values[code]
        out[code] = None if value is None else Decimal(value)
        if value is not None and not (Decimal(value).is_finite() and value >= 0):
            raise ValueError(f"figure of {code}: found {value}, expected 0 or more")
    return out


def steps_of(figures: Mapping[str, Decimal | None], how: How) -> Steps:
    """The steps of the figures above nought."""
    return make_steps((v for v in figures.values() if v), how)
