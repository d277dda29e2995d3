"""The reading's own places hold their floors on the labels of this folder: what ``find_names`` calls a place, with its unit.

The measure is the one of ``score_places``. Findings without a unit or candidates say nothing and are left out, as a matcher's
would be; villages too. Places inside the names of bodies that are called after one (schools, firms) are part of the name.
"""

from __future__ import annotations

from collections.abc import Sequence

import pytest
import score_places

from hoptac.lexicon.tables import default_lexicon
from hoptac.places.matching import PlaceMatch, matcher
from hoptac.places.units import COMMUNE, Unit
from hoptac.reading.doc import Doc
from hoptac.reading.mentions import BodyName, PlaceName
from hoptac.reading.names import find_names
from hoptac.reading.names.find import places_inside
from hoptac.reading.names.reader import Reader

FLOORS = {  # part: F1 on the right unit without the places inside bodies' names, and with them
    "tune": (0.924, 0.931),
    "hold": (0.920, 0.924),
}
LEXICON = default_lexicon()
NAMED = frozenset(("school", "firm", "hospital", "newspaper", "bank", "museum", "library", "fund", "centre"))
"""Kinds of bodies that may be called after a place which they do not speak for."""


def unit_of(unit_id: str) -> Unit:
    names = matcher(LEXICON).names
    return names.unit(names.entry(unit_id))


def find_of_reading(text: str) -> Sequence[PlaceMatch]:
    doc = Doc.of(text)
    names = find_names(doc, lexicon=LEXICON)
    reader = Reader.of(doc, LEXICON, None)
    bodies = {name.start for name in names if isinstance(name, BodyName) and name.kind not in NAMED}
    inside = [place for start, place in places_inside(reader).items() if start in bodies]
    out: list[PlaceMatch] = []
    for place in [*(name for name in names if isinstance(name, PlaceName)), *inside]:
        unit, left = place.unit, place.candidates
        if unit is None and not left and reader.units is not None:
            meant = reader.units.lower(place.name, place.level, place.parent)
            unit, left = meant.unit, meant.candidates
        units = tuple(unit_of(one) for one in ((unit,) if unit else left))
        if units and place.level <= COMMUNE:
            start, end = doc.folded.span(place.start, place.end)
            only = units[0] if unit else None
            out.append(PlaceMatch(start, end, text[start:end], only, units, place.level, place.name))
    return sorted(out, key=lambda match: match.start)


@pytest.mark.skipif(not score_places.CORPUS.exists(), reason="the corpus of articles is not at hand")
@pytest.mark.parametrize("part", FLOORS)
def test_the_reading_finds_the_right_unit(part: str) -> None:
    found = [article for article in score_places.labels() if score_places.part_of(article["id"]) == part]
    text_of = score_places.texts(article["id"] for article in found)
    for bodies, floor in zip((False, True), FLOORS[part], strict=True):
        got = score_places.score(found, text_of, find_of_reading, bodies=bodies)
        assert got.f1 >= floor, (
            f"{part}, bodies {bodies}: {got.f1:.4f} ({got.right} of {got.labelled}, {got.found} found)"
        )
