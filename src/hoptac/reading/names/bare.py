"""Districts and communes named without a kind word (tên trần): only where the page itself says that a place is meant."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from operator import attrgetter

from hoptac.lexicon.tables import Lexicon
from hoptac.places.units import COMMUNE, DISTRICT, PROVINCE, Unit
from hoptac.reading.mentions import Names, PlaceName
from hoptac.reading.names.units import PageUnits

NEXT = re.compile(r", | \(| [-–] ")
"""What stands between a place and the one that it lies in: "Sìn Hồ, Lai Châu", "Thăng Bình (Quảng Nam)"."""
BEFORE = re.compile(r", | và | \(| [-–] ")
LONGEST_GAP = 4
LONGEST_WORD = 8


def _openers(lexicon: Lexicon) -> frozenset[str]:
    return frozenset(row["word"] for row in lexicon.table("place_marks") if row["says"] == "stop")


def read_bare(
    text: str, runs: Sequence[tuple[int, int]], names: list[Names], units: PageUnits
) -> list[Names]:
    """``names`` with the lower places among ``runs``, the runs of capitals that no rule took.

    A run is a place where it bears the name of a unit that the page names with its kind word ("huyện Mường Nhé … ở
    Mường Nhé"), that lies in the place after it or goes with the one before it ("xã Chăn Nưa, Sìn Hồ, Lai Châu",
    "các huyện …, Nhơn Trạch"), or of a district of a province of the page after a word of place ("tại Mường Nhé").
    """
    openers = units.lexicon.built(_openers)
    called: dict[str, PlaceName] = {}
    for name in names:
        if isinstance(name, PlaceName) and name.level in (DISTRICT, COMMUNE):
            called.setdefault(units.plain(name.name), name)
    starts = [name.start for name in names]
    found: list[Names] = []
    last: PlaceName | None = None
    for start, end in runs:
        n = bisect_left(starts, start)
        if n < len(names) and names[n].start < end:
            continue
        written = text[start:end]
        known = called.get(written)
        if known is not None:
            last = PlaceName(start, end, known.name, known.level, None, known.parent)
            found.append(last)
            continue
        before = names[n - 1] if n else None
        if last is not None and (before is None or before.start < last.start):
            before = last
        opened = text[max(0, start - LONGEST_WORD) : start - 1].rpartition(" ")[2].lstrip('(“"') in openers
        unit = _beside(text, start, end, before, names[n] if n < len(names) else None, units, opened)
        if unit is None and opened:
            unit = units.of_page(written)
        if unit is not None:
            last = PlaceName(start, end, unit.full_name, unit.level, None, None)
            found.append(last)
    return sorted([*names, *found], key=attrgetter("start")) if found else names


def _beside(
    text: str,
    start: int,
    end: int,
    before: Names | None,
    after: Names | None,
    units: PageUnits,
    opened: bool,
) -> Unit | None:
    """The unit of a run that goes with the place before or after it.

    A commune is told by its district; by its province alone only after a word of place (``opened``): the names of
    estates, forests and stations are those of communes too.
    """
    if (
        isinstance(after, PlaceName)
        and PROVINCE <= after.level <= DISTRICT
        and after.start - end <= LONGEST_GAP
    ):
        joint = NEXT.fullmatch(text, end, after.start)
        if joint and (unit := units.inside(text[start:end], after, communes=opened)):
            return unit
    if not isinstance(before, PlaceName) or before.level not in (DISTRICT, COMMUNE):
        return None
    if start - before.end > LONGEST_GAP or not BEFORE.fullmatch(text, before.end, start):
        return None
    return units.beside(text[start:end], before)
