"""Place matching holds its floors on the labels of this folder. A floor is never lowered quietly."""

from __future__ import annotations

import pytest
import score_places

FLOORS = {  # part: F1 on the right unit without the places inside bodies' names, and with them
    "tune": (0.970, 0.973),
    "hold": (0.943, 0.945),
}


@pytest.mark.skipif(not score_places.CORPUS.exists(), reason="the corpus of articles is not at hand")
@pytest.mark.parametrize("part", FLOORS)
def test_matching_finds_the_right_unit(part: str) -> None:
    found = [article for article in score_places.labels() if score_places.part_of(article["id"]) == part]
    text_of = score_places.texts(article["id"] for article in found)
    for bodies, floor in zip((False, True), FLOORS[part], strict=True):
        got = score_places.score(found, text_of, score_places.find_of_matcher, bodies=bodies)
        assert got.f1 >= floor, (
            f"{part}, bodies {bodies}: {got.f1:.4f} ({got.right} of {got.labelled}, {got.found} found)"
        )
