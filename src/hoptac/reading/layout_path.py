"""The best way through a page (đường đi qua các vùng của trang): one place for each line.

A page is read as head, headline, what stands under it, lead, body with its asides, captions and section heads, byline,
then tail and teasers. Each line's shape says how well it fits each place (``layout_weights``), and moves between places
cost (``layout_moves``); the path with the highest sum wins, ties going to the place listed first. In both tables an
empty cell is a thing that no page does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import add

from hoptac.lexicon.tables import Lexicon

UNIT = 1000
"""Points are whole thousandths, so that sums do not depend on the order of adding."""
NEVER = -(10**12)
RUNS = frozenset(("prose", "para", "sentence"))
"""Shapes of running text: a stretch of them stands in one place but for its first two lines and its last."""
SHORTEST_RUN = 5
BEAM = 40 * UNIT
"""A way through the page that is this far behind the best is not followed further."""
UNFIT = -10 * UNIT
"""What a place that a line's shape never takes counts where another line speaks for it all the same."""

RUN_SHAPES = tuple(sorted(RUNS))
MOST_KNOWN = 4096
"""Steps that are kept, about a kilobyte each: most pages' steps are those of the page before."""

Ways = tuple[tuple[tuple[int, int], ...], ...]
Scores = tuple[int, ...]
Kind = tuple[str, tuple[tuple[str, float], ...], tuple[tuple[str, int], ...]]


@dataclass(frozen=True, slots=True)
class Map:
    """The two tables, by number, in thousandths of a point.

    ``places`` in order; ``fits[shape]`` one score for each place; ``ways[shape][place]`` the (place, points) pairs
    that lead on from a place to those that the shape may take, ``run`` those for running text, ``every`` all;
    ``stay`` the points of each place after itself. ``known`` keeps steps, which depend on nothing but the tables.
    """

    places: tuple[str, ...]
    number: dict[str, int]
    fits: dict[str, tuple[int, ...]]
    ways: dict[str, Ways]
    every: Ways
    run: Ways
    stay: tuple[int, ...]
    first: tuple[int, ...]
    last: tuple[int, ...]
    known: dict[tuple[Scores, Kind], tuple[Scores, bytes]]


def page_map(lexicon: Lexicon) -> Map:
    """Compile the weights and moves; use through ``lexicon.built``."""
    weights, moves = lexicon.table("layout_weights"), lexicon.table("layout_moves")
    places = tuple(column for column in weights[0] if column not in ("shape", "note"))
    fits = {row["shape"]: tuple(_points(row[p]) for p in places) for row in weights}
    cost = {row["after"]: {p: _points(row[p]) for p in places if row[p]} for row in moves}
    every = tuple(tuple((n, cost[a][b]) for n, b in enumerate(places) if b in cost[a]) for a in places)
    return Map(
        places,
        {place: n for n, place in enumerate(places)},
        fits,
        {shape: _onto(every, (fit,)) for shape, fit in fits.items()},
        every,
        _onto(every, [fits[shape] for shape in RUN_SHAPES]),
        tuple(cost[place].get(place, NEVER) for place in places),
        tuple(cost["start"].get(place, NEVER) for place in places),
        tuple(cost["end"].get(place, NEVER) for place in places),
        {},
    )


def _points(cell: str) -> int:
    return round(float(cell) * UNIT) if cell else NEVER


def _onto(every: Ways, fits: Sequence[Scores]) -> Ways:
    """The ways to places that one of the fits allows."""
    return tuple(
        tuple((place, points) for place, points in ways if any(fit[place] > NEVER for fit in fits))
        for ways in every
    )


def best_path(shapes: Sequence[str], nudges: Mapping[int, Mapping[str, float]], ground: Map) -> list[str]:
    """The place of each line, by its shape and what its neighbours say of it.

    ``nudges[i]`` adds to line ``i``'s fit for the places that it names. Linear in the number of lines.
    """
    if not shapes:
        return []
    stretches = _stretches(shapes, nudges)
    kinds = [_kind(shapes, nudges, i, count) for i, count in stretches]
    scores = _level([a + b for a, b in zip(ground.first, _fit(kinds[0], ground), strict=True)])
    known = ground.known
    came_from: list[bytes] = []
    for kind in kinds[1:]:
        step = known.get((scores, kind))
        if step is None:
            step = _step(scores, kind, ground)
            if len(known) >= MOST_KNOWN:
                known.clear()
            known[scores, kind] = step
        scores = step[0]
        came_from.append(step[1])
    closing = [a + b for a, b in zip(scores, ground.last, strict=True)]
    at = closing.index(max(closing))
    path = [ground.places[at]] * stretches[-1][1]
    for (_, count), origins in zip(stretches[-2::-1], reversed(came_from), strict=True):
        at = origins[at]
        path.extend([ground.places[at]] * count)
    path.reverse()
    return path


def _level(scores: Sequence[int]) -> Scores:
    """The scores against the best one; what is too far behind it is out."""
    best = max(scores)
    least = best - BEAM
    return tuple([score - best if score >= least else NEVER for score in scores])


def _step(scores: Scores, kind: Kind, ground: Map) -> tuple[Scores, bytes]:
    """The best score of each place after one more stretch, and the place before it on that way."""
    shape, nudged, run = kind
    ways = ground.run if run else ground.every if nudged else ground.ways[shape]
    reached = [NEVER] * len(scores)
    came = bytearray(len(scores))
    for origin, score in enumerate(scores):
        if score > NEVER:
            for place, points in ways[origin]:
                if score + points > reached[place]:
                    reached[place] = score + points
                    came[place] = origin
    return _level(list(map(add, reached, _fit(kind, ground)))), bytes(came)


def _kind(shapes: Sequence[str], nudges: Mapping[int, Mapping[str, float]], i: int, count: int) -> Kind:
    """All that says how well a stretch fits the places: its shape, what its neighbours say, and the shapes of a run."""
    if count > 1:
        inside = shapes[i : i + count]
        return shapes[i], (), tuple([(shape, inside.count(shape)) for shape in RUN_SHAPES])
    nudged = nudges.get(i)
    return shapes[i], () if nudged is None else tuple(nudged.items()), ()


def _stretches(shapes: Sequence[str], nudges: Mapping[int, Mapping[str, float]]) -> list[tuple[int, int]]:
    """The page as (first line, lines) stretches: single lines, and the inner lines of long runs of text together."""
    found: list[tuple[int, int]] = []
    i, size = 0, len(shapes)
    while i < size:
        stop = i
        while stop < size and shapes[stop] in RUNS and stop not in nudges:
            stop += 1
        if stop - i >= SHORTEST_RUN:
            found += ((i, 1), (i + 1, 1), (i + 2, stop - i - 3), (stop - 1, 1))
            i = stop
        else:
            stop = max(stop, i + 1)
            found += [(j, 1) for j in range(i, stop)]
            i = stop
    return found


def _fit(kind: Kind, ground: Map) -> Sequence[int]:
    """How well a stretch fits each place."""
    shape, nudged, run = kind
    if run:
        more = sum([times for _, times in run]) - 1
        total = [cost * more for cost in ground.stay]
        for inside, times in run:
            if times:
                total = [a + times * b for a, b in zip(total, ground.fits[inside], strict=True)]
        return total
    if not nudged:
        return ground.fits[shape]
    fit = list(ground.fits[shape])
    for place, points in nudged:
        n = ground.number[place]
        fit[n] = round(points * UNIT) + (fit[n] if fit[n] > NEVER else UNFIT)
    return fit
