"""Find every figure of a text (tìm mọi con số): candidates first, typed rules around each, the first that fits.

A candidate is a digit, a number word, a scale word or a relative date ("hôm qua"): one pass of an automaton finds
them all. Around a candidate the readers are asked in the order below; what they look for is in their own modules.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from ahocorasick_rs import AhoCorasick

from hoptac.lexicon.tables import Lexicon
from hoptac.reading.doc import Doc
from hoptac.reading.figures.dates import read_date, read_quarter, read_relative
from hoptac.reading.figures.grammar import Grammar, build_grammar
from hoptac.reading.figures.others import (
    read_code,
    read_law,
    read_led,
    read_name,
    read_phone,
    read_rest,
    read_shape,
    read_size,
    read_time,
)
from hoptac.reading.figures.points import YEAR
from hoptac.reading.figures.quantity import read_quantity, read_scale_word
from hoptac.reading.figures.scan import Scan
from hoptac.reading.mentions import Figures, When

LONE_YEAR = re.compile(rf"{YEAR}(?![\d%])(?![.,:/\-–]\d)")
# Unicode has no decimal digit from here on (16.0); "２０２４" in full width is a figure as well.
AFTER_DIGITS = 0x1FBFA
NEXT_WORD = re.compile(r"(?: {1,2}|\n)([^\W\d_]+)")
# A type broken from its number by a space before the hyphen: "Su -47", "AIM -120".
SPACED_CODE = re.compile(r"(?<![^\W_])[A-ZĐ][A-Za-z]{0,3} -\Z")


def find_figures(doc: Doc, *, lexicon: Lexicon) -> tuple[Figures, ...]:
    """Find every figure (con số) that the text states: sums, counts, days, periods, and all other numbers.

    Gives   mentions in text order, none overlapping. Every digit of the text lies inside one; what could not be read
            is a Blank with a code of ``messages_reading``. Hedges ("gần", "không quá", "trở lên") are inside the span
            and in ``bound``.
    Dates   are as exact as their own words; ``settle`` gives them what the story or the page's date settles.
    Fails   never on text.

    >>> from hoptac.lexicon.tables import default_lexicon
    >>> [m.value for m in find_figures(Doc.of("hỗ trợ 2,4 tỷ đồng"), lexicon=default_lexicon())]
    [Decimal('2400000000')]
    """
    grammar = lexicon.built(build_grammar)
    scan = Scan(doc, doc.text, doc.low, grammar)
    return _read(scan, _candidates(doc.low, lexicon))


def find_figures_slowly(doc: Doc, *, lexicon: Lexicon) -> tuple[Figures, ...]:
    """As ``find_figures``, but every position is tried: the plain reading that the fast one must agree with."""
    grammar = lexicon.built(build_grammar)
    scan = Scan(doc, doc.text, doc.low, grammar)
    return _read(scan, range(len(doc.low)))


def _read(scan: Scan, places: Iterable[int]) -> tuple[Figures, ...]:
    found: list[Figures] = []
    for pos in places:
        if pos < scan.floor:
            continue
        mention = read_at(scan, pos)
        if mention is not None:
            found.append(mention)
            scan.floor, scan.last = mention.end, mention
    return tuple(found)


def read_at(s: Scan, pos: int) -> Figures | None:
    """The figure to which the character at ``pos`` is the first digit or the first letter of a number word."""
    char = s.low[pos]
    if char.isdecimal():
        return _read_digits(s, pos)
    if char.isalpha() and not (pos and (s.low[pos - 1].isalnum() or s.low[pos - 1] == "_")):
        return _read_word(s, pos)
    return None


def _read_digits(s: Scan, pos: int) -> Figures:
    joined_left = pos > 0 and _grown(s, pos)
    leads = s.leads(pos)
    if joined_left:
        money = read_quantity(s, pos, leads, only="money") if not leads else None
        led = leads and leads[0].sort in ("date", "from") and s.low[pos - 1].isalpha()
        if money is not None and money.start < pos:
            return money
        if not led:
            code = read_name(s, pos) if s.low.startswith(" -", pos - 2) else read_code(s, pos)
            if code is not None:
                return code
    for read in (read_law, read_phone, read_time, read_size):
        mention = read(s, pos, leads)
        if mention is not None:
            return mention
    return (
        read_date(s, pos, leads)
        or read_quantity(s, pos, leads)
        or read_led(s, pos, leads)
        or _lone_year(s, pos)
        or read_shape(s, pos, leads)
        or read_code(s, pos)
        or read_name(s, pos)
        or read_rest(s, pos)
    )


def _grown(s: Scan, pos: int) -> bool:
    """Whether letters stand directly before the digits, or behind one hyphen, dot or slash."""
    before = s.low[pos - 1]
    if pos - 1 < s.floor:
        return False
    if before.isalpha() or before in "_@#":
        return True
    if before not in "-./" or pos - 2 < s.floor:
        return False
    return s.low[pos - 2].isalpha() or (
        before == "-" and SPACED_CODE.search(s.text, max(0, pos - 7), pos) is not None
    )


def _lone_year(s: Scan, pos: int) -> Figures | None:
    """A year alone: "(1954)", "World Cup 2018", "sau 2015,"."""
    m = LONE_YEAR.match(s.low, pos)
    return When(pos, m.end(), int(m.group())) if m is not None and int(m.group()) >= 1900 else None


def _read_word(s: Scan, pos: int) -> Figures | None:
    words = s.words(pos, 1)
    if not words or s.low[words[0][1] : words[0][1] + 1].isalnum():
        return None
    word = words[0][0]
    grammar = s.grammar
    if word in grammar.number_words:
        number = grammar.number_words[word][1]
        if number in ("unit", "ten", "fraction"):
            mention = read_quantity(s, pos, None)
            if mention is not None:
                return mention
    if word in grammar.spelled:
        return read_scale_word(s, pos, s.leads(pos))
    if word == "quý":
        return read_quarter(s, pos)
    return read_relative(s, pos)


def _candidates(low: str, lexicon: Lexicon) -> list[int]:
    """The places at which a figure may begin, in text order.

    A digit is one unless another stands before it. A word is one where it stands alone, and a number word only before
    a word that numbers in words count ("hai xã"), a scale word, a currency or another number word.
    """
    grammar = lexicon.built(build_grammar)
    places: set[int] = set()
    for _, start, end in lexicon.built(_automaton).find_matches_as_indexes(low, overlapping=True):
        if low[start].isdecimal():
            places.add(start)
            continue
        if start and low[start - 1].isalnum():
            continue
        if low[end : end + 1].isalnum():
            continue
        if low[start:end] in grammar.counting:
            m = NEXT_WORD.match(low, end)
            if m is None or m.group(1) not in grammar.after_counting:
                continue
        places.add(start)
    return sorted(places)


def _automaton(lexicon: Lexicon) -> AhoCorasick:
    grammar: Grammar = lexicon.built(build_grammar)
    digits = [chr(code) for code in range(AFTER_DIGITS) if chr(code).isdecimal()]
    return AhoCorasick([*digits, *grammar.literals, "quý"])
