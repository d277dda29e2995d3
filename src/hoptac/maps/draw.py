"""Draw a map of provinces as one SVG (vẽ bản đồ): sums as shades, works as dots, no script, no style, nothing fetched.

Colours and type are presentation attributes, so that the map can be drawn inside any page or report; a page's CSS may
override them by class. Shades grow darker in even steps of one hue, so that they hold in grey and for the colour-blind,
and each unit bears the number of its step.
"""

from __future__ import annotations

import math
import re
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

from hoptac.lexicon.tables import Lexicon, default_lexicon
from hoptac.maps.outlines import HEIGHT, WIDTH, Box, Mark, Outlines, Shape, Units, on_plane, outlines
from hoptac.maps.rows import (
    Dot,
    Figure,
    Here,
    Language,
    MapRow,
    Say,
    Words,
    checked,
    map_table,
    ranked,
    steps_of,
)
from hoptac.maps.steps import MOST_STEPS, How, Steps

SHADES = ("#d6e7f0", "#9fc4da", "#67a0c2", "#3b7aa3", "#124a70")
SPREAD = ((), (2,), (1, 3), (0, 2, 4), (0, 1, 3, 4), (0, 1, 2, 3, 4))  # which shades, by the number of steps
SEA, LAND, ZERO = "#f2f6f8", "#ffffff", "#fbf6e6"
INK, LINE, HALO, DOT = "#1d2125", "#5c666d", "#ffffff", "#c2500f"
NAME_SIZE, NUMBER_SIZE, TEXT_SIZE = 12, 11, 14
LETTER = 0.57  # of a letter's height: its mean width
LEGEND_X, LEGEND_Y = 450, 28  # the sea to the east of the north
LEGEND_LETTERS, LINE_HEIGHT, WRAPPED_HEIGHT = 46, 25, 17
SWATCH, SWATCH_HEIGHT = 26, 18
MARK_LETTERS = (
    1.6  # an archipelago's name is written no larger than this, so that it ends before the map does
)
MARK_ROOM = 70  # from the middle of an archipelago's mark to the end of its name
AROUND, LEAST_VIEW = 1.5, 170  # how much more than the units a cut map shows, and how little at least
BESIDE = 0.5  # a page shows the map at about half its size, so the dots of a legend beside it too
HERE = 15  # the radius of the ring round a place
DOT_LEAST, DOT_MOST = 3.5, 20.0
NUMBER_ROOM = 2  # letters: a number keeps apart from the next, lest 1 and 4 be read as 14
HALF_LINE = 6  # from the middle of a name and its number to the middle of either
NEARBY = ((0, 0), (0, -6), (0, 6), (-12, 0), (12, 0), (-12, -6), (12, 6))  # where they may stand, best first
ISLETS = (
    (-9.0, -4.0),
    (0.0, -9.0),
    (9.0, -5.0),
    (-5.0, 4.0),
    (4.0, 2.0),
    (11.0, 6.0),
)  # a sign, not a survey
KEY = re.compile(r"[a-z][a-z0-9-]*")
HREF = re.compile(r"https?://|/(?!/)|[?#]")


def draw_map(
    values: Mapping[str, Figure],
    *,
    units: Units = "63",
    points: Sequence[Dot] = (),
    title: str,
    legend: str = "",
    dots_legend: str = "",
    lang: Language = "vi",
    say: Say | None = None,
    links: Mapping[str, str] | None = None,
    how: How = "quantile",
    key: str = "map",
    here: Here | None = None,
    inner_legend: bool = True,
    letters: float = 1,
    around: Sequence[str] = (),
    lexicon: Lexicon | None = None,
) -> str:
    """Draw sums by unit and works by place as an SVG.

    Takes   ``values``: figures by GSO code of the map's own day; None: records without a figure; a code left out:
            no records. ``points``: dots sized by count. ``legend``: what the shades show, with its unit.
            ``say``: a figure in words, digits grouped if None. ``links``: addresses by code. ``how``: how steps are
            made (``make_steps``). ``key``: what ids begin with; maps on one page need different ones. ``here``: a
            place to ring. ``inner_legend``: False where the page writes the legend beside the map (``map_legend``).
            ``letters``: how much larger than usual names and numbers are written. ``around``: codes of the units to
            which the map is cut, with what lies about them; the whole country if empty.
    Gives   an ``<svg>`` element, the same for the same input. Hoàng Sa and Trường Sa are on every map, shaded as the
            units that they belong to.
    Fails   as ``map_table``; ValueError for an address that is neither of this site nor http(s), or a wrong ``key``.

    >>> draw_map({"11": 65}, title="Hỗ trợ").startswith("<svg ")
    True
    """
    words = Words(lexicon or default_lexicon(), lang)
    if not KEY.fullmatch(key):
        raise ValueError(f"key: found {key!r}; expected small letters, digits and hyphens, a letter first")
    links = links or {}
    for href in (*links.values(), *(dot.href for dot in points if dot.href)):
        if not HREF.match(href):
            raise ValueError(
                f"link: found {href!r}; expected an address that begins with /, ?, #, http:// or https://"
            )
    shown = outlines(units)
    rows = map_table(values, units=units, points=points, lang=lang, say=say, how=how, lexicon=lexicon)
    by_code = {row.code: row for row in rows if row.standing != "dot"}
    steps = steps_of(checked(values, set(by_code), units), how)
    view = _view(shown, around)
    zoom = view[2] / WIDTH
    size = letters * zoom
    live = bool(links) or any(dot.href for dot in points)
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="map" viewBox="{view[0]:g} {view[1]:g} {view[2]:g} {view[3]:g}" '
        f'role="{"group" if live else "img"}" aria-labelledby="{key}-title" aria-describedby="{key}-desc" '
        f"font-family=\"system-ui, 'Noto Sans', 'Liberation Sans', Arial, sans-serif\" fill=\"{INK}\">",
        f'<title id="{key}-title">{_text(title)}</title>',
        f'<desc id="{key}-desc">{_text(_describe(rows, legend, words))}</desc>',
        _hatch(key),
        f'<rect class="map-sea" width="{WIDTH}" height="{HEIGHT}" fill="{SEA}"/>',
        f'<g class="map-units" stroke="{LINE}" stroke-width="{0.7 * zoom:.3g}" stroke-linejoin="round">',
        *(_unit(shape, by_code[shape.code], steps, key, links, live) for shape in shown.shapes),
        "</g>",
        *(
            _mark(mark, by_code[mark.code], steps, key, words, live, min(letters, MARK_LETTERS) * zoom)
            for mark in shown.marks
        ),
        *_dots(points, words, live, zoom),
        *_here(here, live, zoom),
        *_names(shown, by_code, size, view),
        *(
            _legend(rows, steps, points, (legend, dots_legend), words, say or words.number, key)
            if inner_legend
            else ()
        ),
        "</svg>",
    ]
    return "\n".join(part for part in out if part) + "\n"


def _text(words: str) -> str:
    """Text that is safe in an element and in an attribute; letters that XML has no place for become U+FFFD."""
    return escape(re.sub(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "\ufffd", words))


def _describe(rows: Sequence[MapRow], legend: str, words: Words) -> str:
    of_units = [row for row in rows if row.standing != "dot"]
    known = [row for row in of_units if row.value is not None]
    unknown = sum(row.standing == "unknown" for row in of_units)
    dots = [row for row in rows if row.standing == "dot"]
    said = [f"{legend.strip()}:"] if legend.strip() and known else []
    if known:
        said.append(words("some", known=words.number(len(known)), all=words.number(len(of_units))))
        said.append(words("most", names="; ".join(f"{row.name}, {row.words}" for row in known[:3])))
    elif not dots:
        said.append(words("none"))
    if unknown:
        said.append(words("missing", count=words.number(unknown)))
    if dots:
        total = sum(row.value or 0 for row in dots)
        said.append(words("spots", count=words.number(len(dots)), works=words.number(total)))
    return " ".join([*said, words("sea")])


def _hatch(key: str) -> str:
    return (
        f'<defs><pattern id="{key}-hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        f'<rect width="6" height="6" fill="{LAND}"/><rect width="1.6" height="6" fill="#80878c"/></pattern></defs>'
    )


def _fill(row: MapRow, steps: Steps, key: str) -> str:
    if row.step is not None:
        return SHADES[SPREAD[steps.count][row.step - 1]]
    return {"zero": ZERO, "unknown": f"url(#{key}-hatch)"}.get(row.standing, LAND)


def _class(row: MapRow, steps: Steps) -> str:
    """The number of the step, and the number of its shade: which shades there are goes by how many steps there are."""
    if row.step is None:
        return f"map-{row.standing}"
    return f"map-step-{row.step} map-shade-{SPREAD[steps.count][row.step - 1] + 1}"


def _unit(shape: Shape, row: MapRow, steps: Steps, key: str, links: Mapping[str, str], live: bool) -> str:
    said = _text(row.said)
    href = links.get(shape.code)
    alone = f' role="img" aria-label="{said}"' if live and not href else ""
    path = (
        f'<path class="map-unit {_class(row, steps)}" data-code="{shape.code}"{alone} fill="{_fill(row, steps, key)}" '
        f'd="{shape.path}"><title>{said}</title></path>'
    )
    return f'<a href="{_text(href)}" aria-label="{said}">{path}</a>' if href else path


def _view(shown: Outlines, around: Sequence[str]) -> Box:
    """The part of the plane that is shown: west, north, width, height. An archipelago goes with its unit."""
    wanted = set(around)
    boxes = [shape.box for shape in shown.shapes if shape.code in wanted]
    boxes += [
        (m.x - MARK_ROOM, m.y - MARK_ROOM, m.x + MARK_ROOM, m.y + MARK_ROOM)
        for m in shown.marks
        if m.code in wanted
    ]
    if not boxes:
        return (0, 0, WIDTH, HEIGHT)
    west, north = min(b[0] for b in boxes), min(b[1] for b in boxes)
    east, south = max(b[2] for b in boxes), max(b[3] for b in boxes)
    width = max((east - west) * AROUND, (south - north) * AROUND * WIDTH / HEIGHT, LEAST_VIEW)
    width = min(width, WIDTH)
    height = width * HEIGHT / WIDTH
    x = min(max(0.0, (west + east - width) / 2), WIDTH - width)
    y = min(max(0.0, (north + south - height) / 2), HEIGHT - height)
    return (round(x, 1), round(y, 1), round(width, 1), round(height, 1))


def _mark(mark: Mark, row: MapRow, steps: Steps, key: str, words: Words, live: bool, letters: float) -> str:
    """An archipelago: a ring of islets in its unit's shade, its name, and whose it is."""
    name, unit = words("archipelago", name=mark.name), words("of_unit", name=row.name)
    said = f"{_text(name)} {_text(unit)}. {_text(row.said)}"
    alone = f' role="img" aria-label="{said}"' if live else ""
    islets = "".join(f'<circle cx="{x:g}" cy="{y:g}" r="3.4"/>' for x, y in ISLETS)
    return (
        f'<g class="map-mark {_class(row, steps)}" data-code="{row.code}"{alone} transform="translate({mark.x:g} {mark.y:g})">'
        f"<title>{said}</title>"
        f'<ellipse rx="24" ry="18" fill="{LAND}" stroke="{LINE}" stroke-dasharray="3 3"/>'
        f'<g fill="{_fill(row, steps, key)}" stroke="{INK}" stroke-width=".8">{islets}</g>'
        f'<g text-anchor="middle" font-size="{_letters(letters, TEXT_SIZE)}"><text y="{22 + 13 * letters:g}" font-weight="600">{_text(name)}</text>'
        f'<text y="{22 + 30 * letters:g}" font-size="{_letters(letters, NAME_SIZE)}">{_text(unit)}</text></g></g>'
    )


def _letters(size: float, of: int) -> str:
    return f"{size * of:.4g}"


def _names(shown: Outlines, rows: Mapping[str, MapRow], size: float, view: Box) -> list[str]:
    """The number of each unit's step, and its name where there is room, those with the greatest figures first."""
    shapes = {
        shape.code: shape
        for shape in shown.shapes
        if view[0] <= shape.x <= view[0] + view[2] and view[1] <= shape.y <= view[1] + view[3]
    }
    names, digits, half = NAME_SIZE * size, NUMBER_SIZE * size, HALF_LINE * size
    here = [row for row in rows.values() if row.code in shapes]
    numbers = {row.code: (shapes[row.code].x, shapes[row.code].y) for row in here if _sign(row)}
    taken = [(code, _room(x, y, NUMBER_ROOM, digits)) for code, (x, y) in numbers.items()]
    out = [
        f'<g class="map-names" aria-hidden="true" text-anchor="middle" font-size="{names:.4g}" stroke="{HALO}" '
        f'stroke-width="{2.6 * size:.3g}" stroke-linejoin="round" paint-order="stroke" pointer-events="none">'
    ]
    for row in here:
        shape, numbered = shapes[row.code], row.code in numbers
        others = [box for code, box in taken if code != row.code]
        for right, down in NEARBY:
            x, y = shape.x + right * size, shape.y + down * size
            mine = [_room(x, y - half if numbered else y, len(row.name), names)]
            if numbered:
                mine.append(_room(x, y + half, NUMBER_ROOM, digits))
            if any(_overlap(box, other) for box in mine for other in others):
                continue
            taken = [(code, box) for code, box in taken if code != row.code] + [
                (row.code, box) for box in mine
            ]
            if numbered:
                numbers[row.code] = (x, y + half)
            line = y + names / 3 - (half if numbered else 0)
            out.append(f'<text x="{x:.1f}" y="{line:.1f}">{_text(row.name)}</text>')
            break
    out += [_number(x, y + digits / 3, _sign(rows[code]), digits) for code, (x, y) in numbers.items()]
    return [*out, "</g>"]


def _sign(row: MapRow) -> str:
    """What stands on a unit beside its colour: the number of its step, 0 for a figure of nought, else nothing."""
    return f"{row.step}" if row.step is not None else "0" if row.standing == "zero" else ""


def _room(x: float, y: float, letters: int, size: float) -> Box:
    """The box that a line of letters takes round its middle."""
    half = letters * size * LETTER / 2
    return (x - half, y - size / 2, x + half, y + size / 2)


def _overlap(a: Box, b: Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def _number(x: float, y: float, number: str, size: float) -> str:
    return f'<text class="map-number" x="{x:.1f}" y="{y:.1f}" font-size="{size:.4g}" font-weight="700">{number}</text>'


def _radius(count: int, most: int) -> float:
    """The area of a dot grows with its count; the greatest has the greatest radius."""
    return round(max(DOT_LEAST, DOT_MOST * math.sqrt(count / max(most, 10))), 1)


def _dots(points: Sequence[Dot], words: Words, live: bool, zoom: float) -> list[str]:
    if not points:
        return []
    out = [f'<g class="map-dots" fill="{DOT}" fill-opacity=".72" stroke="#fff" stroke-width="{zoom:.3g}">']
    most = max(dot.count for dot in points)
    for dot in ranked(points):
        x, y = on_plane(dot.lon, dot.lat)
        said = _text(words("dot", name=dot.name, count=words.number(dot.count)))
        alone = f' role="img" aria-label="{said}"' if live and not dot.href else ""
        circle = f'<circle class="map-dot"{alone} cx="{x:g}" cy="{y:g}" r="{_radius(dot.count, most) * zoom:.4g}"><title>{said}</title></circle>'
        out.append(f'<a href="{_text(dot.href)}" aria-label="{said}">{circle}</a>' if dot.href else circle)
    return [*out, "</g>"]


def _here(here: Here | None, live: bool, zoom: float) -> list[str]:
    """A ring round a place, with its name."""
    if here is None:
        return []
    x, y = on_plane(here.lon, here.lat)
    said = _text(here.name)
    alone = f' role="img" aria-label="{said}"' if live else ""
    return [
        f'<g class="map-here"{alone} fill="none"><title>{said}</title>'
        f'<circle cx="{x:g}" cy="{y:g}" r="{HERE * zoom:.4g}" stroke="{HALO}" stroke-width="{7 * zoom:.3g}"/>'
        f'<circle cx="{x:g}" cy="{y:g}" r="{HERE * zoom:.4g}" stroke="{DOT}" stroke-width="{3.4 * zoom:.3g}"/></g>'
    ]


@dataclass(frozen=True, slots=True)
class LegendLine:
    """A line of a legend beside the map: ``swatch`` a small SVG, ``said`` what it stands for; "" where a head stands."""

    swatch: str
    said: str


def map_legend(
    values: Mapping[str, Figure],
    *,
    units: Units = "63",
    points: Sequence[Dot] = (),
    lang: Language = "vi",
    say: Say | None = None,
    how: How = "quantile",
    key: str = "map",
    lexicon: Lexicon | None = None,
) -> tuple[LegendLine, ...]:
    """The legend of ``draw_map`` as lines for a page: the darkest first, then what has no shade, then the dots.

    The hatch is the one of the map with the same ``key`` on the same page.
    """
    words = Words(lexicon or default_lexicon(), lang)
    rows = map_table(values, units=units, points=points, lang=lang, say=say, how=how, lexicon=lexicon)
    steps = steps_of(checked(values, {row.code for row in rows if row.standing != "dot"}, units), how)
    out = [
        LegendLine(_small(sign, SWATCH, SWATCH_HEIGHT), said)
        for sign, said in _lines(rows, steps, words, say or words.number, key)
    ]
    if points:
        most = max(dot.count for dot in points)
        for count in sorted({1, most}):
            radius = _radius(count, most) * BESIDE
            side = math.ceil(2 * radius)
            dot = f'<circle class="map-dot" cx="{side / 2:g}" cy="{side / 2:g}" r="{radius:.3g}" fill="{DOT}" fill-opacity=".72"/>'
            out.append(LegendLine(_small(dot, side, side), words("works", count=words.number(count))))
    return tuple(out)


def _small(inside: str, width: int, height: int) -> str:
    return f'<svg class="map-swatch" width="{width}" height="{height}" viewBox="0 0 {width} {height}" aria-hidden="true" focusable="false">{inside}</svg>'


def _lines(rows: Sequence[MapRow], steps: Steps, words: Words, say: Say, key: str) -> list[tuple[str, str]]:
    """The swatch and the words of every shade that a unit has; none where no unit has a record."""
    of_units = {row.standing: row for row in rows if row.standing != "dot"}
    if set(of_units) == {"empty"}:
        return []
    lines = []
    for number in range(steps.count, 0, -1):
        shade = SPREAD[steps.count][number - 1]
        name = f"map-step-{number} map-shade-{shade + 1}"
        lines.append((_swatch(SHADES[shade], name, f"{number}"), words.range(steps, number, say)))
    for standing in ("zero", "unknown", "empty"):
        if row := of_units.get(standing):
            lines.append((_swatch(_fill(row, steps, key), f"map-{standing}", _sign(row)), row.words))
    return lines


def _legend(
    rows: Sequence[MapRow],
    steps: Steps,
    points: Sequence[Dot],
    heads: tuple[str, str],
    words: Words,
    say: Say,
    key: str,
) -> list[str]:
    """What the shades and dots mean, the darkest first; shades that no unit has are left out."""
    lines = _lines(rows, steps, words, say, key)
    out, y = [f'<g class="map-legend" aria-hidden="true" font-size="{TEXT_SIZE}">'], LEGEND_Y
    if lines:
        y = _head(out, heads[0], y)
    for sign, said in lines:
        wrapped = textwrap.wrap(said, LEGEND_LETTERS) or [""]
        text = "".join(
            f'<text x="{SWATCH + 10}" y="{14 + WRAPPED_HEIGHT * i}">{_text(line)}</text>'
            for i, line in enumerate(wrapped)
        )
        out.append(f'<g transform="translate({LEGEND_X} {y - 14})">{sign}{text}</g>')
        y += LINE_HEIGHT + WRAPPED_HEIGHT * (len(wrapped) - 1)
    if points:
        y = _head(out, heads[1] or words("dots"), y + (LINE_HEIGHT if lines else 0))
        most = max(dot.count for dot in points)
        for count in sorted({1, max(1, round(most / 4)), most}):
            radius = _radius(count, most)
            y += max(0, round(radius - LINE_HEIGHT / 2))
            out.append(
                f'<circle class="map-dot" cx="{LEGEND_X + DOT_MOST:g}" cy="{y - 5}" r="{radius:g}" fill="{DOT}" fill-opacity=".72"/>'
                f'<text x="{LEGEND_X + 2 * DOT_MOST + 10:g}" y="{y}">{words.number(count)}</text>'
            )
            y += LINE_HEIGHT + max(0, round(radius - LINE_HEIGHT / 2))
    return [*out, "</g>"]


def _swatch(fill: str, name: str, sign: str) -> str:
    ink = HALO if fill in SHADES[MOST_STEPS // 2 + 1 :] else INK
    return (
        f'<rect class="{name}" width="{SWATCH}" height="{SWATCH_HEIGHT}" fill="{fill}" stroke="{LINE}" stroke-width=".7"/>'
        f'<text x="{SWATCH / 2:g}" y="13" fill="{ink}" font-size="{NUMBER_SIZE}" font-weight="700" '
        f'text-anchor="middle">{sign}</text>'
    )


def _head(out: list[str], words: str, y: int) -> int:
    for line in textwrap.wrap(words, LEGEND_LETTERS):
        out.append(f'<text x="{LEGEND_X}" y="{y}" font-weight="700">{_text(line)}</text>')
        y += LINE_HEIGHT - 5
    return y + 7 if words.strip() else y
