"""The automaton and the plain reading of its rule agree; literals are whole words, leftmost and longest."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hoptac.reading.scan import Hit, Scanner, literal_form

WORDS = ("trao", "trao tặng", "trao đổi", "hỗ trợ", "hỗ", "trợ cấp", "tặng", "tặng quà", "cấp", "tỷ", "quà")
PIECES = (*WORDS, "trợ", "x", " ", ",", ". ", "tỉ", "quà tặng")


def scanner() -> Scanner[str]:
    return Scanner({word: word for word in WORDS})


@given(st.lists(st.sampled_from(PIECES), max_size=30), st.sampled_from(["", " "]))
@settings(max_examples=300, deadline=None)
def test_the_fast_path_agrees_with_the_slow_one(pieces: list[str], joint: str) -> None:
    low = literal_form(joint.join(pieces))
    assert scanner().find(low) == list(scanner().find_slowly(low))


@given(st.lists(st.sampled_from(PIECES), max_size=30))
@settings(deadline=None)
def test_hits_are_ordered_and_do_not_overlap(pieces: list[str]) -> None:
    hits = scanner().find(literal_form(" ".join(pieces)))
    assert all(a.end <= b.start for a, b in pairwise(hits))


def test_a_literal_is_a_whole_word_and_the_longest() -> None:
    low = literal_form("Trao tặng quà, trao đổi; hỗ trợx, traotặng")
    assert [low[h.start : h.end] for h in scanner().find(low)] == ["trao tặng", "quà", "trao đổi", "hỗ"]


def test_a_longer_literal_that_is_no_whole_word_does_not_hide_a_shorter_one() -> None:
    assert scanner().find("trao tặngx") == [Hit(0, 4, "trao")]


def test_spellings_of_a_literal_are_one() -> None:
    low = literal_form("12 tỉ")
    assert [h.value for h in scanner().find(low)] == ["tỷ"]


def test_a_table_without_rows_finds_nothing() -> None:
    assert Scanner[str]({}).find("trao tặng") == []


def test_signs_inside_a_literal_count() -> None:
    found = Scanner({"khám, chữa bệnh": "x", "dạy học": "y"})
    assert [h.value for h in found.find("khám, chữa bệnh; dạy, học; khám chữa bệnh; dạy học")] == ["x", "y"]


def test_letters_that_share_a_byte_are_told_apart() -> None:
    assert [h.value for h in Scanner({"thüringen": "a"}).find("thüringen thöringen thüringen")] == ["a", "a"]


def test_a_literal_that_ends_in_a_sign_is_refused() -> None:
    with pytest.raises(ValueError, match="letter or digit"):
        Scanner({"50 %": "x"})
