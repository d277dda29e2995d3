import re
import sys
import time
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from text_cases import rows
from vietnamese import Text, written

from hoptac.text.fold import _JOINING, _MOVING, _ODD, _PLAIN, _STARTERS, Folded, fold, match_form, search_key

CHARS = st.characters() | st.sampled_from(
    "aàạầoòuưyỷqhtĐđ\u0300\u0301\u0302\u0309\u0323\u031b\u200b\u200d\ufeff\u00ad\r\n\u2028\u00a0ḍ̇Å가ᄀ\u1161\u11a8\u09c7\u09be\ud800İ"
)
ANY = st.text(CHARS, max_size=40)
DROPPED = "\u200b\u200c\u200d\u2060\ufeff\u00ad"


@pytest.mark.parametrize(("text", "expected", "why"), rows("text_fold"))
def test_fold(text: str, expected: str, why: str) -> None:
    assert fold(text).text == expected


@pytest.mark.parametrize(("text", "expected", "why"), rows("text_match"))
def test_match_form(text: str, expected: str, why: str) -> None:
    assert match_form(fold(text).text) == expected


@pytest.mark.parametrize(("text", "expected", "why"), rows("text_search_key"))
def test_search_key(text: str, expected: str, why: str) -> None:
    assert search_key(text) == expected
    assert search_key(expected) == expected


@given(ANY | written().map(lambda w: w.text))
@settings(max_examples=400)
def test_folding_holds_its_promises(source: str) -> None:
    folded = fold(source)
    assert fold(folded.text).text == folded.text, "folding twice changes nothing"
    assert unicodedata.is_normalized("NFC", folded.text)
    nfc, nfd = unicodedata.normalize("NFC", source), unicodedata.normalize("NFD", source)
    assert fold(nfc).text == fold(nfd).text == folded.text
    assert len(match_form(folded.text)) == len(folded.text)
    assert match_form(match_form(folded.text)) == match_form(folded.text)
    assert search_key(search_key(source)) == search_key(source)


@given(ANY | written().map(lambda w: w.text))
@settings(max_examples=400)
def test_sources_stand_in_order_and_cover_the_text(source: str) -> None:
    folded = fold(source)
    at = 0
    for i in range(len(folded.text)):
        start, end = folded.span(i, i + 1)
        assert start < end
        if i and folded.span(i - 1, i) == (start, end):
            continue  # characters of one cluster share its source
        assert start >= at
        assert all(c in DROPPED for c in source[at:start])
        at = end
        assert folded.span(folded.locate(start), i + 1)[0] == start
    assert all(c in DROPPED for c in source[at:])
    for position in range(len(source)):
        assert 0 <= folded.locate(position) <= max(0, len(folded.text) - 1)


@given(written())
@settings(max_examples=300)
def test_every_folded_word_maps_back_exactly(text: Text) -> None:
    folded = fold(text.text)
    assert folded.text.replace("\n", " ").split() == [word.plain for word in text.words]
    at = 0
    for word in text.words:
        start = folded.text.index(word.plain, at)
        at = start + len(word.plain)
        quote = folded.quote(start, at)
        assert quote.strip(DROPPED) == word.typed.strip(DROPPED), "the source's own words"
        assert fold(quote).text == word.plain, "R2: folding the quote gives the span again"
        a, b = folded.span(start, at)
        assert text.text[a:b] == quote, "R1"


@given(st.text(st.characters(), max_size=60))
def test_match_form_keeps_the_length_of_any_text(text: str) -> None:
    assert len(match_form(text)) == len(text)


@pytest.mark.parametrize("bounds", [(-1, 0), (0, 3), (2, 1)])
def test_a_span_outside_the_text_is_refused(bounds: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="outside"):
        fold("ab").span(*bounds)


def test_empty_spans_and_empty_texts_have_a_place() -> None:
    folded = fold("\u200bHa\u0300\u200b")
    assert folded.text == "Hà"
    assert [folded.span(i, i) for i in range(3)] == [(1, 1), (2, 2), (5, 5)]
    assert fold("\u200b").span(0, 0) == (1, 1)
    assert fold("").locate(0) == 0


def test_emoji_and_lone_surrogates_pass() -> None:
    assert fold("Chúc mừng 👨\u200d👩\u200d👧 a\u0301").text == "Chúc mừng 👨👩👧 á"
    assert fold("\ud800a\u0301\udfff").text == "\ud800á\udfff"


def test_scripts_that_join_otherwise_keep_their_places() -> None:
    folded = fold("a\u0915\u200b\u0916 \u1112\u1161\u11ab")
    assert folded.text == "a\u0915\u0916 \ud55c"
    assert [folded.span(i, i + 1) for i in (1, 2, 4)] == [(1, 2), (3, 4), (5, 8)]


def test_foldings_chain() -> None:
    first = fold("Ho\u200ba\u0300")
    again = fold(first.text).after(first)
    assert again.quote(0, 3) == first.source
    plain = Folded("Hoà", "Hoà")
    assert fold(plain.text).after(plain) == fold("Hoà")
    with pytest.raises(ValueError, match="first folding"):
        fold("a").after(fold("b"))
    assert fold("a\u0301").after(Folded("xa\u0301", "a\u0301", (1, 2), (2, 3))).span(0, 1) == (1, 3)


def test_settled_characters_stay_whatever_stands_around_them() -> None:
    settled = [char for char in map(chr, range(0x110000)) if _PLAIN.fullmatch(char)]
    assert len(settled) > 900
    for char in settled:
        assert unicodedata.is_normalized("NFC", char), hex(ord(char))
        assert not unicodedata.combining(char), hex(ord(char))
        assert not _JOINING.match(char), hex(ord(char))
        assert not _MOVING.match(char), hex(ord(char))
        assert not _ODD.match(char), hex(ord(char))


@pytest.mark.parametrize(
    ("source", "text", "spans"),
    [
        ("a\u0301 b", "á b", [(0, 2), (2, 3), (3, 4)]),
        ("x\r\ny", "x\ny", [(0, 1), (1, 3), (3, 4)]),
        ("é\u200b\u0323e", "ẹ́e", [(0, 3), (0, 3), (3, 4)]),
        ("→a\u00a0b", "→a b", [(0, 1), (1, 2), (2, 3), (3, 4)]),
        ("\u212b\u2126", "ÅΩ", [(0, 1), (1, 2)]),
    ],
)
def test_stray_characters_keep_their_sources(source: str, text: str, spans: list[tuple[int, int]]) -> None:
    folded = fold(source)
    assert folded.text == text
    assert [folded.span(i, i + 1) for i in range(len(text))] == spans


def test_starters_are_what_unicode_says() -> None:
    starter = re.compile(f"[{_STARTERS}]")
    for code in range(sys.maxunicode + 1):
        char = chr(code)
        if starter.match(char):
            assert not unicodedata.combining(char)
            assert not _JOINING.match(char)
        pair = unicodedata.decomposition(char).split()
        if len(pair) == 2 and pair[0][0] != "<" and unicodedata.normalize("NFC", char) == char:
            second = chr(int(pair[1], 16))
            assert unicodedata.combining(second) or _JOINING.match(second), f"{second!r} joins"


@pytest.mark.slow
def test_time_is_linear() -> None:
    def took(text: str) -> float:
        began = time.perf_counter()
        fold(text)
        return time.perf_counter() - began

    for bad in ("e\u0302\u0323", "\u200b", "a" + "\u0301" * 50, "\u0301", "\r", "a\u200b"):
        took(bad * 1000)
        assert took(bad * 80_000 if len(bad) < 9 else bad * 4000) < 4.0
