"""Geometry of outlines (hình học ranh giới): rings that share lines, dissolved and thinned without gaps or crossings.

A ring is closed: its first point comes again at its end. Points are degrees of longitude and latitude; distances are in
degrees of latitude.
"""

from __future__ import annotations

import itertools
import math
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

DECIMALS = 3  # 0.001 degree is some 110 m; the source is no better
THIN = 0.016  # degrees: a point nearer than this to the line without it is left out
THIN_ISLAND = 0.005
SMALL = 0.01  # square degrees: a ring that is no greater is an island to be thinned less
SQUEEZE = math.cos(math.radians(16))  # of a degree of longitude in the middle of the country
MOST_ROUNDS = 12  # of thinning a line less because it crosses another
CELL = 0.1  # degrees: lines are compared within cells of this width

Point = tuple[float, float]
Ring = list[Point]
Edge = tuple[Point, Point]
Chain = tuple[Point, ...]


def doubled_area(ring: Sequence[Point]) -> float:
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in itertools.pairwise(ring))


def contains(ring: Sequence[Point], p: Point) -> bool:
    inside = False
    for (ax, ay), (bx, by) in itertools.pairwise(ring):
        if (ay > p[1]) != (by > p[1]) and p[0] < (bx - ax) * (p[1] - ay) / (by - ay) + ax:
            inside = not inside
    return inside


def far(a: Point, b: Point) -> float:
    return math.hypot((a[0] - b[0]) * SQUEEZE, a[1] - b[1])


def off_line(p: Point, a: Point, b: Point) -> float:
    """How far a point lies from the line between two others."""
    ax, ay, bx, by = a[0] * SQUEEZE, a[1], b[0] * SQUEEZE, b[1]
    px, py = p[0] * SQUEEZE, p[1]
    length = (bx - ax) ** 2 + (by - ay) ** 2
    t = 0.0 if length == 0 else max(0.0, min(1.0, ((px - ax) * (bx - ax) + (py - ay) * (by - ay)) / length))
    return math.hypot(px - ax - t * (bx - ax), py - ay - t * (by - ay))


def douglas_peucker(line: Ring, limit: float) -> Ring:
    """A line with fewer points; its ends stay."""
    if len(line) < 3:
        return line
    worst, at = max((off_line(p, line[0], line[-1]), i) for i, p in enumerate(line[1:-1], 1))
    if worst <= limit:
        return [line[0], line[-1]]
    return douglas_peucker(line[: at + 1], limit)[:-1] + douglas_peucker(line[at:], limit)


def dissolve(rings: Iterable[Ring]) -> list[Ring]:
    """The rings round all of some rings that share lines: a line that is run both ways falls out."""
    edges: Counter[Edge] = Counter()
    for ring in rings:
        turned = ring if doubled_area(ring) < 0 else ring[::-1]
        edges.update(itertools.pairwise(turned))
    left = {e for e, n in edges.items() if n > edges[e[1], e[0]]}
    after: dict[Point, list[Point]] = defaultdict(list)
    for a, b in sorted(left):
        after[a].append(b)
    out: list[Ring] = []
    while after:
        start = min(after)
        ring = [start, take(after, start, None)]
        while ring[-1] != start:
            ring.append(take(after, ring[-1], ring[-2]))
        out.append(ring)
    return sorted(out, key=lambda r: (doubled_area(r), r))


def take(after: dict[Point, list[Point]], at: Point, before: Point | None) -> Point:
    """The next point of a ring; where rings touch, the sharpest turn to the right, so that each stays by itself."""
    if at not in after:
        sys.exit(f"a ring does not close at {at}")
    choices = after[at]
    pick = (
        choices[0] if before is None or len(choices) == 1 else min(choices, key=lambda c: turn(before, at, c))
    )
    choices.remove(pick)
    if not choices:
        del after[at]
    return pick


def turn(a: Point, b: Point, c: Point) -> float:
    back = math.atan2(a[1] - b[1], a[0] - b[0])
    return (math.atan2(c[1] - b[1], c[0] - b[0]) - back) % (2 * math.pi) or 2 * math.pi


def walk(body: Ring, start: int, end: int) -> Ring:
    """The points of a ring from one index on to another, both included."""
    return body[start : end + 1] if start <= end else body[start:] + body[: end + 1]


def span(line: Ring) -> float:
    return sum(far(a, b) for a, b in itertools.pairwise(line))


def thinned(rings: dict[str, list[Ring]]) -> dict[str, list[Ring]]:
    """All rings with fewer points. A line between two nodes is thinned once for both sides; one that crosses another
    when thinned is thinned less, until none does."""
    nodes = find_nodes(rings)
    cut_up: dict[str, list[list[Chain]]] = {}
    limits: dict[Chain, float] = {}
    for code, found in rings.items():
        cut_up[code] = [chains_of(ring, nodes) for ring in found]
        for ring, chains in zip(found, cut_up[code], strict=True):
            limit = THIN if abs(doubled_area(ring)) / 2 > SMALL else THIN_ISLAND
            for chain in chains:
                key = min(chain, chain[::-1])
                limits[key] = min(limit, limits.get(key, THIN))
    for _ in range(MOST_ROUNDS):
        lines = {key: rounded(douglas_peucker(list(key), limit)) for key, limit in limits.items()}
        out = {code: [assembled(chains, lines) for chains in found] for code, found in cut_up.items()}
        wrong = crossing(lines)
        for code, found in out.items():
            for n, ring in enumerate(found):
                if len(ring) < 4:  # no island is thinned away
                    wrong |= {min(chain, chain[::-1]) for chain in cut_up[code][n]}
        if not wrong:
            return out
        for key in wrong:
            limits[key] /= 2
    sys.exit(f"{len(wrong)} lines cross others, the first at {min(wrong)[0]}")


def find_nodes(rings: dict[str, list[Ring]]) -> set[Point]:
    """The points at which lines end: where three lines meet, or where the units on a line's sides change."""
    owners: dict[frozenset[Point], set[str]] = defaultdict(set)
    joined: dict[Point, set[Point]] = defaultdict(set)
    for code, found in rings.items():
        for ring in found:
            for a, b in itertools.pairwise(ring):
                owners[frozenset((a, b))].add(code)
                joined[a].add(b)
                joined[b].add(a)
    return {
        p
        for p, others in joined.items()
        if len(others) != 2 or len({frozenset(owners[frozenset((p, o))]) for o in others}) > 1
    }


def chains_of(ring: Ring, nodes: set[Point]) -> list[Chain]:
    """A ring cut at its nodes; one with fewer than two at two points that lie far apart."""
    body = ring[:-1]
    starts = [i for i, p in enumerate(body) if p in nodes]
    if len(starts) < 2:
        first = starts[0] if starts else body.index(min(body))
        body = body[first:] + body[:first]
        starts = [0, max(range(len(body)), key=lambda i: far(body[0], body[i]))]
    return [tuple(walk(body, i, starts[(k + 1) % len(starts)])) for k, i in enumerate(starts)]


def assembled(chains: Iterable[Chain], lines: dict[Chain, Ring]) -> Ring:
    out: Ring = []
    for chain in chains:
        key = min(chain, chain[::-1])
        line = lines[key] if key == chain else lines[key][::-1]
        out += [p for p in line if not out or p != out[-1]]
    return out


def rounded(line: Ring) -> Ring:
    return [(round(x, DECIMALS), round(y, DECIMALS)) for x, y in line]


def crossing(lines: dict[Chain, Ring]) -> set[Chain]:
    """The lines of which a piece crosses a piece of any other line, or of the same."""
    cells: dict[tuple[int, int], list[tuple[Edge, Chain]]] = defaultdict(list)
    for key, line in lines.items():
        for a, b in itertools.pairwise(line):
            for i in range(int(min(a[0], b[0]) / CELL), int(max(a[0], b[0]) / CELL) + 1):
                for j in range(int(min(a[1], b[1]) / CELL), int(max(a[1], b[1]) / CELL) + 1):
                    cells[i, j].append(((a, b), key))
    found: set[Chain] = set()
    for near in cells.values():
        for (one, mine), (two, other) in itertools.combinations(near, 2):
            if meet(*one, *two):
                found |= {mine, other}
    return found


def meet(a: Point, b: Point, c: Point, d: Point) -> bool:
    """Whether two pieces touch or cross anywhere but at an end of both."""
    if {a, b} == {c, d}:
        return False
    one, two, three, four = side(a, b, c), side(a, b, d), side(c, d, a), side(c, d, b)
    if one * two < 0 and three * four < 0:
        return True
    ends = ((one, c, a, b), (two, d, a, b), (three, a, c, d), (four, b, c, d))
    return any(off == 0 and p not in (q, r) and between(p, q, r) for off, p, q, r in ends)


def side(a: Point, b: Point, p: Point) -> float:
    turned = (b[0] - a[0]) * (p[1] - a[1]) - (b[1] - a[1]) * (p[0] - a[0])
    return 0.0 if abs(turned) < 1e-12 else turned


def between(p: Point, a: Point, b: Point) -> bool:
    return min(a[0], b[0]) <= p[0] <= max(a[0], b[0]) and min(a[1], b[1]) <= p[1] <= max(a[1], b[1])
