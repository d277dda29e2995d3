"""Floors of the labelled pairs: two tellings of one deed are known for one, and no others."""

from __future__ import annotations

import pytest
from labelled_pairs import labelled_pairs

from hoptac.ledger.matching import ENOUGH, match

PRECISION, RECALL = 0.95, 0.85


@pytest.mark.parametrize("held_back", [False, True], ids=["tune", "hold"])
def test_precision_and_recall_of_the_pairs(held_back: bool) -> None:
    pairs = [p for p in labelled_pairs() if p.held_back == held_back]
    told = {p.n: match("contribution", p.a, p.b, pages=p.pages).score >= ENOUGH for p in pairs}
    right = sum(told[p.n] and p.same for p in pairs)
    assert right / sum(told.values()) >= PRECISION
    assert right / sum(p.same for p in pairs) >= RECALL


def test_there_are_enough_of_them_of_both_kinds() -> None:
    pairs = labelled_pairs()
    assert len(pairs) == len({p.n for p in pairs}) >= 200
    assert min(sum(p.same for p in pairs), sum(not p.same for p in pairs)) >= 100


def test_the_order_of_two_tellings_does_not_matter() -> None:
    for p in labelled_pairs():
        there = match("contribution", p.a, p.b, pages=p.pages).score
        assert there == match("contribution", p.b, p.a, pages=(p.pages[1], p.pages[0])).score, p.n
