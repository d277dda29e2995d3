"""The one-pass scan of names agrees with its slow reading, and names keep the invariants of mentions."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hoptac.lexicon.tables import default_lexicon
from hoptac.reading.doc import Doc
from hoptac.reading.names import find_names, find_officers
from hoptac.reading.names.scan import NameScanner
from hoptac.reading.names.words import name_words

LEXICON = default_lexicon()
WORDS = name_words(LEXICON)
CORPUS = Path(__file__).parents[3] / "shared" / "corpus" / "articles.jsonl.gz"

PIECES = [
    "Chủ tịch", "phó", "UBND", "tỉnh", "Điện Biên", "Điện Biên Phủ", "Hà Nội", "thành phố", "xã", "Nguyễn", "Văn",
    "Vừ A", "Trường", "Tiểu học", "số 2", "GD-ĐT", "TP. HCM", "đồng chí", "ông", "Lò Thị Mai", "và", "cho biết", "hai bên",
    "“", "”", '"', "(", ")", ", ", " - ", ": ", "; ", ".", "\n", " ", "Hoà", "không", "công ty", "Sở", "K'", "Báo", "7", "Q.",
]  # fmt: skip
PAGES = st.lists(st.sampled_from(PIECES), max_size=30).flatmap(
    lambda parts: st.sampled_from([" ".join(parts), "".join(parts)])
)


def scanner(*literals: str) -> NameScanner[str]:
    return NameScanner({literal: literal for literal in literals})


@given(PAGES)
def test_fast_and_slow_scan_agree(text: str) -> None:
    low = Doc.of(text).low
    assert WORDS.scanner.find(low) == WORDS.scanner.find_slowly(low)


@given(
    st.text(alphabet="ab -\n.", max_size=24),
    st.lists(st.text(alphabet="ab ", min_size=1, max_size=6), max_size=5),
)
def test_fast_and_slow_scan_agree_on_any_words(text: str, literals: list[str]) -> None:
    words = [" ".join(literal.split()) for literal in literals if literal.strip()]
    if words:
        found = scanner(*words)
        assert found.find(text) == found.find_slowly(text)


def test_a_literal_is_a_whole_word() -> None:
    assert scanner("ông").find("không ông công") == [(6, 9, "ông")]


def test_a_longer_word_that_fails_leaves_the_shorter() -> None:
    assert scanner("ban", "ban thường vụ", "thường").find("ban thường vụng") == [
        (0, 3, "ban"),
        (4, 10, "thường"),
    ]


def test_a_literal_does_not_cross_a_line() -> None:
    assert scanner("hà nội").find("hà\nnội hà nội") == [(7, 13, "hà nội")]


def test_breaks_inside_a_literal_are_alike() -> None:
    assert [hit[:2] for hit in scanner("GD-ĐT").find("gd-đt gd&đt gd/đt")] == [(0, 5), (6, 11), (12, 17)]


@given(PAGES)
def test_names_are_in_order_and_part(text: str) -> None:
    page = Doc.of(text)
    names = find_names(page, lexicon=LEXICON)
    ends = [0, *(name.end for name in names)]
    assert all(
        before <= name.start < name.end <= len(page.text) for before, name in zip(ends, names, strict=False)
    )
    for officer in find_officers(page, names, lexicon=LEXICON):
        assert officer.name and officer.office
        assert all(0 <= start < end <= len(page.text) for start, end in officer.spans)


@given(PAGES)
def test_reading_twice_gives_the_same(text: str) -> None:
    one, two = Doc.of(text), Doc.of(text)
    names = find_names(one, lexicon=LEXICON)
    assert names == find_names(two, lexicon=LEXICON)
    assert find_officers(one, names, lexicon=LEXICON) == find_officers(two, names, lexicon=LEXICON)


def test_fast_and_slow_scan_agree_on_the_corpus() -> None:
    if not CORPUS.is_file():
        pytest.skip("no corpus beside the project")
    with gzip.open(CORPUS, "rt", encoding="utf-8") as articles:
        for _, line in zip(range(60), articles, strict=False):
            low = Doc.of(json.loads(line)["text"]).low
            assert WORDS.scanner.find(low) == WORDS.scanner.find_slowly(low)
