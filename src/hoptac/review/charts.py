"""Charts as SVG (biểu đồ): one grammar for the web and for paper, no script, no style, nothing fetched. Pure.

A chart is rows of marks under named series. Four kinds draw it: ``bars`` (one series), ``pair`` (two beside each other),
``stack`` (one row, its parts beside each other) and ``matrix`` (rows by columns, areas). With ``href`` each mark that opens
something is a link, so that it takes the keyboard's focus and says its figure; the table of the same marks stands beside.

Drawn by ourselves rather than with Vega: the site's rule is ``default-src 'self'`` without inline style, under which Vega's
parser must run interpreted and its views still write inline style; its bundle is 898 kB against some 6 kB of a chart here; and
paper and web share one drawing. Colours are attributes that a page's CSS may override by class; they differ in lightness
and in pattern, so they hold in grey.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from html import escape
from math import sqrt
from typing import Literal

from hoptac.review.document import Column, Href, Run, Table, TableRow, Target, run

WIDTHS = {"bars": 440, "pair": 440, "stack": 440, "matrix": 640}  # of a drawing; letters have one size in all
VALUE_ROOM = 150  # behind the longest bar, for its figure
LETTER = 0.54  # of a letter's height: its mean width
SIZE, SMALL = 15, 13
INK, SOFT, GROUND, LINE = "#1d2125", "#4f565d", "#ffffff", "#8b887e"
SOLID, LIGHT, ACCENT = "#124a70", "#9fc4da", "#c2500f"
FILLS = ("solid", "light", "empty", "crossed")
LABEL_ROOM, TOTAL_ROOM = 195, 125  # of a matrix, to the left and to the right
CELL_HEIGHT = 40
FONT = "system-ui, 'Noto Sans', 'Liberation Sans', Arial, sans-serif"

Kind = Literal["bars", "pair", "stack", "matrix"]


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark: its length or area, its figure in words, what it opens, the numbers of the rows behind it."""

    value: Decimal
    words: str
    to: Target | None = None
    numbers: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a chart: a mark for each series, None where there is none; ``total`` ends a matrix's row."""

    label: str
    marks: tuple[Mark | None, ...]
    total: str = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """``series`` names the marks of a row in order; ``head`` what the rows are; ``fills`` how each series looks."""

    kind: Kind
    title: str
    head: str
    series: tuple[str, ...]
    lines: tuple[Line, ...]
    fills: tuple[str, ...] = FILLS
    measure: str = ""
    """What the figures of a stack are, for its table."""

    @property
    def width(self) -> int:
        return WIDTHS[self.kind]

    def draw(self, key: str, href: Href | None = None) -> str:
        """The chart as an ``<svg>`` element; ids begin with ``key``."""
        height, parts = {"bars": _bars, "pair": _bars, "stack": _stack, "matrix": _matrix}[self.kind](
            self, key, href
        )
        role = "group" if href else "img"
        out = [
            f'<svg xmlns="http://www.w3.org/2000/svg" class="chart" viewBox="0 0 {self.width} {height:g}" role="{role}" '
            f'aria-labelledby="{key}-t" font-family="{FONT}" font-size="{SIZE}" fill="{INK}">',
            f'<title id="{key}-t">{_text(self.title)}</title>',
            _patterns(key),
            f'<rect class="chart-ground" width="{self.width}" height="{height:g}" fill="{GROUND}"/>',
            *parts,
            "</svg>",
        ]
        return "\n".join(out) + "\n"

    def table(self, code: str, caption: str) -> Table:
        """The same figures as a table; columns and rows as in the chart."""
        if self.kind == "stack":
            marks = self.lines[0].marks if self.lines else ()
            rows = tuple(
                TableRow((run(name), _cell(mark)))
                for name, mark in zip(self.series, marks, strict=True)
                if mark
            )
            return Table(code, caption, (Column(self.head, 3), Column(self.measure, 1, "right")), rows)
        columns = (Column(self.head, 2), *(Column(name, 1, "right") for name in self.series))
        rows = tuple(TableRow((run(one.label), *(_cell(m) for m in one.marks))) for one in self.lines)
        return Table(code, caption, columns, rows)


def _cell(mark: Mark | None) -> tuple[Run, ...]:
    return (Run(mark.words, to=mark.to, numbers=mark.numbers),) if mark is not None else run("–")


def _text(words: str) -> str:
    return escape("".join(c if c.isprintable() else " " for c in words))


def _room(words: str, size: float = SIZE) -> float:
    return len(words) * size * LETTER


def cut(words: str, room: float, size: float = SIZE) -> str:
    """Words that fit into so much room, with an ellipsis where they had to be cut."""
    most = max(4, int(room / (size * LETTER)))
    return words if len(words) <= most else words[: most - 1].rstrip() + "…"


def fitting(words: str, room: float) -> float:
    """The size at which a figure fits its room: a figure is set smaller, never cut."""
    return min(SMALL, room / (max(1, len(words)) * LETTER))


def _patterns(key: str) -> str:
    return (
        f'<defs><pattern id="{key}-x" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        f'<rect width="7" height="7" fill="{GROUND}"/><rect width="2.6" height="7" fill="{ACCENT}"/></pattern></defs>'
    )


def _look(fill: str, key: str) -> str:
    paint = {"solid": SOLID, "light": LIGHT, "empty": GROUND, "crossed": f"url(#{key}-x)"}[fill]
    edge = ACCENT if fill == "crossed" else SOLID
    return f'class="mark-{fill}" fill="{paint}" stroke="{edge}" stroke-width="1.2"'


def _linked(inner: str, said: str, mark: Mark, href: Href | None) -> str:
    titled = inner.replace("/>", f"><title>{_text(said)}</title></rect>", 1)
    if href is None or mark.to is None:
        return titled
    return f'<a class="mark" href="{escape(href(mark.to))}" aria-label="{_text(said)}">{titled}</a>'


def _rect(x: float, y: float, width: float, height: float, look: str) -> str:
    return f'<rect {look} x="{x:.1f}" y="{y:.1f}" width="{max(width, 1.5):.1f}" height="{height:g}"/>'


def _legend(chart: Chart, key: str, y: float) -> list[str]:
    out, x = [], 1.0
    for name, fill in zip(chart.series, chart.fills, strict=False):
        out.append(_rect(x, y, 22, 14, _look(fill, key)))
        out.append(f'<text x="{x + 30:.1f}" y="{y + 12.5:.1f}" font-size="{SMALL}">{_text(name)}</text>')
        x += 30 + _room(name, SMALL) + 26
    return out


def _bars(chart: Chart, key: str, href: Href | None) -> tuple[float, list[str]]:
    """A label, and under it a bar for each series with its figure behind it."""
    two = len(chart.series) > 1
    out: list[str] = [*_legend(chart, key, 2)] if two else []
    y = 34.0 if two else 4.0
    most = _most(m for one in chart.lines for m in one.marks)
    for one in chart.lines:
        out.append(f'<text x="1" y="{y + 14:.1f}">{_text(cut(one.label, chart.width))}</text>')
        y += 20
        for name, fill, mark in zip(chart.series, chart.fills, one.marks, strict=False):
            if mark is None:
                continue
            long = float(mark.value / most) * (chart.width - VALUE_ROOM)
            said = f"{one.label}, {name}: {mark.words}" if two else f"{one.label}: {mark.words}"
            out.append(_linked(_rect(1, y, long, 16, _look(fill, key)), said, mark, href))
            size = fitting(mark.words, chart.width - long - 14)
            out.append(
                f'<text x="{max(long, 1.5) + 9:.1f}" y="{y + 13:.1f}" font-size="{size:.3g}">'
                f"{_text(mark.words)}</text>"
            )
            y += 21
        y += 8
    return max(y, 30), out


def _most(marks: Iterable[Mark | None]) -> Decimal:
    return max((m.value for m in marks if m is not None), default=Decimal(1)) or Decimal(1)


def _stack(chart: Chart, key: str, href: Href | None) -> tuple[float, list[str]]:
    """One bar of parts; below it each part's sign, name and figure."""
    marks = chart.lines[0].marks if chart.lines else ()
    whole = sum((m.value for m in marks if m is not None), Decimal(0)) or Decimal(1)
    out: list[str] = []
    x, y = 1.0, 50.0
    for name, fill, mark in zip(chart.series, chart.fills, marks, strict=False):
        if mark is None:
            continue
        long = float(mark.value / whole) * (chart.width - 2)
        out.append(_linked(_rect(x, 2, long, 34, _look(fill, key)), f"{name}: {mark.words}", mark, href))
        x += long
        out.append(_rect(1, y, 22, 16, _look(fill, key)))
        out.append(f'<text x="31" y="{y + 13:.1f}">{_text(f"{name}: {mark.words}")}</text>')
        y += 25
    return y + 2, out


def _matrix(chart: Chart, key: str, href: Href | None) -> tuple[float, list[str]]:
    """Rows by columns; the area of a square is its figure, the number behind a row is its total."""
    count = max(1, len(chart.series))
    wide = (chart.width - LABEL_ROOM - TOTAL_ROOM) / count
    side = min(wide, CELL_HEIGHT) - 4
    most = _most(m for one in chart.lines for m in one.marks)
    size = min(SMALL, wide / (max(map(len, chart.series), default=4) * LETTER) * 0.94)
    out = [
        f'<text x="{LABEL_ROOM + wide * (n + 0.5):.1f}" y="14" font-size="{size:.1f}" fill="{SOFT}" text-anchor="middle">'
        f"{_text(name)}</text>"
        for n, name in enumerate(chart.series)
    ]
    y = 22.0
    for one in chart.lines:
        middle = y + CELL_HEIGHT / 2
        out.append(f'<path d="M0 {y:g}H{chart.width}" stroke="{LINE}" stroke-opacity=".35"/>')
        labels = _wrapped(one.label, LABEL_ROOM - 6)
        for n, words in enumerate(labels):
            at = middle + 5 - (len(labels) - 1) * 8 + n * 16
            out.append(f'<text x="1" y="{at:.1f}" font-size="{SMALL}">{_text(words)}</text>')
        for n, mark in enumerate(one.marks):
            if mark is None:
                continue
            edge = max(3.0, side * sqrt(float(mark.value / most)))
            x = LABEL_ROOM + wide * (n + 0.5) - edge / 2
            shape = _rect(x, middle - edge / 2, edge, round(edge, 1), _look("solid", key))
            out.append(_linked(shape, f"{one.label}, {chart.series[n]}: {mark.words}", mark, href))
        out.append(
            f'<text x="{chart.width - 2}" y="{middle + 5:.1f}" font-size="{fitting(one.total, TOTAL_ROOM):.3g}" '
            f'text-anchor="end">{_text(one.total)}</text>'
        )
        y += CELL_HEIGHT
    return y + 2, out


def _wrapped(words: str, room: float) -> list[str]:
    """A label on two lines at most."""
    most = int(room / (SMALL * LETTER))
    if len(words) <= most:
        return [words]
    at = words.rfind(" ", 0, most + 1)
    at = at if at > 0 else most
    return [words[:at], cut(words[at:].strip(), room, SMALL)]
