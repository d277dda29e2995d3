"""The outlines of the 63 provinces and of the 34 (ranh giới), laid on a drawing plane.

``places/data/outlines_63.geojson`` and ``outlines_34.geojson`` are made by ``scripts/make_outlines.py``. The plane has
its origin at the north-west corner, x to the east, y to the south; a degree of latitude is ``SCALE`` units. Degrees of
longitude are as wide as they are in the middle of the country. It reaches east far enough to hold Hoàng Sa and Trường Sa in
their places.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal, get_args

from hoptac.places.store import DATA

Units = Literal["63", "34"]
Box = tuple[float, float, float, float]

WEST, EAST, SOUTH, NORTH = 101.8, 117.2, 8.1, 23.65  # degrees
SCALE = 60  # units of the plane to a degree of latitude
SQUEEZE = math.cos(math.radians(16))  # of a degree of longitude, in the middle of the country
WIDTH, HEIGHT = round((EAST - WEST) * SQUEEZE * SCALE), round((NORTH - SOUTH) * SCALE)


@dataclass(frozen=True, slots=True)
class Shape:
    """A province: ``path`` is the "d" of an SVG path; ``x``, ``y`` the point inside with most room for its name; ``box``
    its west, north, east and south ends."""

    code: str
    name: str
    path: str
    x: float
    y: float
    box: Box


@dataclass(frozen=True, slots=True)
class Mark:
    """An archipelago that is drawn as a mark in its place; ``code`` is the province to which it belongs."""

    name: str
    code: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Outlines:
    """One map: its provinces in the order of their codes, and the marks."""

    shapes: tuple[Shape, ...]
    marks: tuple[Mark, ...]


def on_plane(lon: float, lat: float) -> tuple[float, float]:
    """Where a point lies on the plane. ValueError where the map does not reach."""
    if not (WEST <= lon <= EAST and SOUTH <= lat <= NORTH):
        raise ValueError(
            f"point {lon}, {lat}: off the map; expected longitude {WEST} to {EAST}, latitude {SOUTH} to {NORTH}"
        )
    return round((lon - WEST) * SQUEEZE * SCALE, 1), round((NORTH - lat) * SCALE, 1)


@cache
def outlines(units: Units) -> Outlines:
    """The map of 63 provinces (until 2025-06-30) or of 34 (since 2025-07-01), read once.

    >>> len(outlines("34").shapes)
    34
    """
    if units not in get_args(Units):
        raise ValueError(f"units: found {units!r}; expected one of {', '.join(get_args(Units))}")
    kept = json.loads((DATA / f"outlines_{units}.geojson").read_text(encoding="utf-8"))
    shapes, marks = [], []
    for feature in kept["features"]:
        about, geometry = feature["properties"], feature["geometry"]
        if "mark" in about:
            marks.append(Mark(about["mark"], about["code"], *on_plane(*geometry["coordinates"])))
        else:
            path = "".join(_path(polygon[0]) for polygon in geometry["coordinates"])
            ends = [on_plane(*point) for polygon in geometry["coordinates"] for point in polygon[0]]
            (west, east), (north, south) = ((min(at), max(at)) for at in zip(*ends, strict=True))
            box = (west, north, east, south)
            shapes.append(Shape(about["code"], about["name"], path, *on_plane(*about["label"]), box))
    return Outlines(tuple(shapes), tuple(marks))


def _path(ring: Sequence[Sequence[float]]) -> str:
    """A closed ring in relative steps of a tenth of a unit, each from where the last one was rounded to."""
    points = [tuple(round(v * 10) for v in on_plane(lon, lat)) for lon, lat in ring[:-1]]
    at = points[0]
    out = [f"M{at[0] / 10:g} {at[1] / 10:g}l"]
    for x, y in points[1:]:
        out.append(f"{(x - at[0]) / 10:g} {(y - at[1]) / 10:g} ")
        at = (x, y)
    return re.sub(r"\b0\.", ".", "".join(out).replace(" -", "-").rstrip()) + "z"
