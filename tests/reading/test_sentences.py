"""Sentences: a table of real troubles, and that nothing but space is lost."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hoptac.lexicon import default_lexicon
from hoptac.reading.sentences import split_sentences

ROWS = [
    line.split("\t")
    for line in (Path(__file__).parents[1] / "cases" / "sentences.tsv")
    .read_text(encoding="utf-8")
    .splitlines()[1:]
]


@pytest.mark.parametrize(("text", "expected", "why"), ROWS, ids=[row[2] for row in ROWS])
def test_sentences(text: str, expected: str, why: str) -> None:
    found = [text[a:b] for a, b in split_sentences(text, 0, len(text), lexicon=default_lexicon())]
    assert found == [x for x in expected.split("|") if x], why


@given(st.text(alphabet="aA .!?…\n”1", max_size=60))
def test_only_space_lies_between_sentences(text: str) -> None:
    spans = list(split_sentences(text, 0, len(text), lexicon=default_lexicon()))
    at = 0
    for a, b in spans:
        assert a < b and not text[at:a].strip()
        at = b
    assert not text[at:].strip()


def test_a_page_of_dots_costs_its_length() -> None:
    text = "." * 200_000 + "x"
    assert list(split_sentences(text, 0, len(text), lexicon=default_lexicon())) == [(0, len(text))]
