"""The best way through a page (đường đi qua các vùng của trang): one place for each line.

A page is read as head, headline, what stands under it, lead, body with its asides, captions and section heads, byline,
then tail and teasers. Each line's shape says how well it fits each place (``layout_weights``), and moves between places
cost (``layout_moves``); the path with the highest sum wins, ties going to the place listed first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hoptac.lexicon.tables import Lexicon

NEVER = -1e9


@dataclass(frozen=True, slots=True)
class Map:
    """The two tables, by number: ``places`` in order, ``fits[shape]``, ``before[place]`` = (place, cost) pairs."""

    places: tuple[str, ...]
    fits: dict[str, tuple[float, ...]]
    first: tuple[float, ...]
    last: tuple[float, ...]
    before: tuple[tuple[tuple[int, float], ...], ...]


def page_map(lexicon: Lexicon) -> Map:
    """Compile the weights and moves; use through ``lexicon.built``."""
    weights, moves = lexicon.table("layout_weights"), lexicon.table("layout_moves")
    places = tuple(column for column in weights[0] if column not in ("shape", "note"))
    fits = {row["shape"]: tuple(float(row[p]) for p in places) for row in weights}
    cost = {row["after"]: {p: float(row[p]) for p in places if row[p]} for row in moves}
    first = tuple(cost["start"].get(p, NEVER) for p in places)
    last = tuple(cost["end"].get(p, NEVER) for p in places)
    before = tuple(
        tuple((n, cost[a][p]) for n, a in enumerate(places) if p in cost[a]) for p in places
    )
    return Map(places, fits, first, last, before)


def best_path(
    shapes: Sequence[str], nudges: Mapping[int, Mapping[str, float]], ground: Map
) -> list[str]:
    """The place of each line, by its shape and what its neighbours say of it.

    ``nudges[i]`` adds to line ``i``'s fit for the places that it names. Linear in the number of lines.
    """
    if not shapes:
        return []
    number = {place: n for n, place in enumerate(ground.places)}
    before, fits = ground.before, ground.fits
    scores = list(ground.first)
    back: list[bytes] = []
    for i, shape in enumerate(shapes):
        fit: Sequence[float] = fits[shape]
        if i in nudges:
            moved = list(fit)
            for place, points in nudges[i].items():
                moved[number[place]] += points
            fit = moved
        if i == 0:
            scores = [a + b for a, b in zip(scores, fit, strict=True)]
            continue
        came = bytearray(len(fit))
        new = []
        for place, ways in enumerate(before):
            best, who = NEVER, 0
            for origin, cost in ways:
                total = scores[origin] + cost
                if total > best:
                    best, who = total, origin
            new.append(best + fit[place])
            came[place] = who
        scores = new
        back.append(bytes(came))
    closing = [a + b for a, b in zip(scores, ground.last, strict=True)]
    at = max(range(len(closing)), key=closing.__getitem__)
    path = [at]
    for came_from in reversed(back):
        at = came_from[at]
        path.append(at)
    path.reverse()
    return [ground.places[n] for n in path]
