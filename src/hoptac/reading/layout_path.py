"""The best way through a page (đường đi qua các vùng của trang): one place for each line.

A page is read as head, headline, what stands under it, lead, body with its asides, captions and section heads, byline,
then tail and teasers. Each line's shape says how well it fits each place (``layout_weights``), and moves between places
cost (``layout_moves``); the path with the highest sum wins, ties going to the place listed first. In both tables an
empty cell is a thing that no page does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hoptac.lexicon.tables import Lexicon

NEVER = -1e9
RUNS = frozenset(("prose", "para", "sentence"))
"""Shapes of running text: a stretch of them stands in one place but for its first two lines and its last."""
SHORTEST_RUN = 5
BEAM = 40.0
"""A way through the page that is this far behind the best is not followed further."""

Ways = tuple[tuple[int, float], ...]


@dataclass(frozen=True, slots=True)
class Map:
    """The two tables, by number.

    ``places`` in order; ``fits[shape]`` one score for each place; ``ways[shape][place]`` the (place, cost) pairs that
    lead on from a place to those that the shape may take; ``stay`` the cost of each place after itself.
    """

    places: tuple[str, ...]
    number: dict[str, int]
    fits: dict[str, tuple[float, ...]]
    ways: dict[str, tuple[Ways, ...]]
    every: tuple[Ways, ...]
    stay: tuple[float, ...]
    first: tuple[float, ...]
    last: tuple[float, ...]


def page_map(lexicon: Lexicon) -> Map:
    """Compile the weights and moves; use through ``lexicon.built``."""
    weights, moves = lexicon.table("layout_weights"), lexicon.table("layout_moves")
    places = tuple(column for column in weights[0] if column not in ("shape", "note"))
    fits = {row["shape"]: tuple(float(row[p]) if row[p] else NEVER for p in places) for row in weights}
    cost = {row["after"]: {p: float(row[p]) for p in places if row[p]} for row in moves}
    every = tuple(tuple((n, cost[a][b]) for n, b in enumerate(places) if b in cost[a]) for a in places)
    return Map(
        places,
        {place: n for n, place in enumerate(places)},
        fits,
        {s: tuple(tuple(w for w in ways if row[w[0]] > NEVER) for ways in every) for s, row in fits.items()},
        every,
        tuple(cost[place].get(place, NEVER) for place in places),
        tuple(cost["start"].get(place, NEVER) for place in places),
        tuple(cost["end"].get(place, NEVER) for place in places),
    )


def best_path(shapes: Sequence[str], nudges: Mapping[int, Mapping[str, float]], ground: Map) -> list[str]:
    """The place of each line, by its shape and what its neighbours say of it.

    ``nudges[i]`` adds to line ``i``'s fit for the places that it names. Linear in the number of lines.
    """
    if not shapes:
        return []
    size = len(ground.places)
    scores: list[float] = []
    steps: list[tuple[int, bytes]] = []
    for i, count in _stretches(shapes, nudges):
        fit, ways = _fit(shapes, nudges, i, count, ground)
        came = [0] * size
        if i == 0:
            scores = [a + b for a, b in zip(ground.first, fit, strict=True)]
        else:
            reached = [NEVER] * size
            least = max(scores) - BEAM
            for origin, score in enumerate(scores):
                if score >= least:
                    for place, cost in ways[origin]:
                        total = score + cost
                        if total > reached[place]:
                            reached[place] = total
                            came[place] = origin
            scores = [a + b for a, b in zip(reached, fit, strict=True)]
        steps.append((count, bytes(came)))
    closing = [a + b for a, b in zip(scores, ground.last, strict=True)]
    at = closing.index(max(closing))
    path: list[str] = []
    for count, origins in reversed(steps):
        path.extend([ground.places[at]] * count)
        at = origins[at]
    path.reverse()
    return path


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


def _fit(
    shapes: Sequence[str], nudges: Mapping[int, Mapping[str, float]], i: int, count: int, ground: Map
) -> tuple[Sequence[float], tuple[Ways, ...]]:
    """How well a stretch fits each place, and the moves worth a look."""
    shape = shapes[i]
    fit: Sequence[float] = ground.fits[shape]
    if count > 1:
        inside = shapes[i : i + count]
        total = [cost * (count - 1) for cost in ground.stay]
        for kind in RUNS:
            if times := inside.count(kind):
                total = [a + times * b for a, b in zip(total, ground.fits[kind], strict=True)]
        return total, ground.ways["prose"]
    if i not in nudges:
        return fit, ground.ways[shape]
    moved = list(fit)
    for place, points in nudges[i].items():
        n = ground.number[place]
        moved[n] = points + (moved[n] if moved[n] > NEVER else -10.0)
    return moved, ground.every
