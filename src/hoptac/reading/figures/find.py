"""Find every figure of a text (tìm mọi con số): candidates first, typed rules around each, the first that fits.

A candidate is a digit, a number word, a scale word or a relative date ("hôm qua"): one pass of an automaton finds
them all. Around a candidate the readers are asked in the order below; what they look for is in their own modules.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from ahocorasick_rs import BytesAhoCorasick, Implementation

from hoptac.lexicon.tables import Lexicon
from hoptac.reading.doc import Doc
from hoptac.reading.figures.dates import read_date, read_quarter, read_relative
from hoptac.reading.figures.grammar import Grammar, build_grammar
from hoptac.reading.figures.numbers import DIGITS
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
from hoptac.reading.figures.scan import WORD, Before, Scan
from hoptac.reading.letters import page_bytes
from hoptac.reading.mentions import Figures, When
from hoptac.reading.scan import SPACE, break_form, word_bytes

NOWHERE = 1 << 60
"""Behind every text."""
LONE_YEAR = re.compile(rf"{YEAR}(?![\d%])(?![.,:/\-–]\d)")
# The digits as ``page_bytes`` has them; the last stands for those of all other scripts ("２０２４" in full width is a figure
# as well), whose byte letters without one of their own share.
DIGIT_SIGNS = "0123456789٣"
ODD_DIGIT = len(DIGIT_SIGNS) - 1
# What stands before most numbers; nothing is grown together there.
PARTED = " \n("
# How a telephone number may begin, and what stands behind the first number of a time of day or of sides ("20 x 30").
PHONE_STARTS = ("0", "1800", "1900", "84")
HOUR_SIGNS = "hg:"
HOUR_DIGITS = 2
SIZE_SIGNS = "x×"
# What stands, behind a space or not, after the first number of a date without a lead.
DATE_SIGNS = "/.-–—"
DATED = ("date", "from")
DATE_WORDS = (" tháng ", " tới ", " đến ")
NEXT_WORD = re.compile(r"(?: {1,2}|\n)([^\W\d_]+)")
# A type broken from its number by a space before the hyphen: "Su -47", "AIM -120".
SPACED_CODE = re.compile(r"(?<![^\W_])[A-ZĐ][A-Za-z]{0,3} -\Z")


def find_figures(
    doc: Doc, *, lexicon: Lexicon, lines: Sequence[tuple[int, int]] | None = None
) -> tuple[Figures, ...]:
    """Find every figure (con số) that the text states: sums, counts, days, periods, and all other numbers.

    ``lines`` are the stretches of ``doc.text`` to be read, in order; None: the whole text.

    Gives   mentions in text order, none overlapping. Every digit of the lines lies inside one; what could not be read
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
    places = _candidates(doc.low, lexicon)
    return _read(scan, places if lines is None else _inside(places, lines))


def find_figures_slowly(doc: Doc, *, lexicon: Lexicon) -> tuple[Figures, ...]:
    """As ``find_figures``, but every position is tried: the plain reading that the fast one must agree with."""
    grammar = lexicon.built(build_grammar)
    scan = Scan(doc, doc.text, doc.low, grammar)
    return _read(scan, range(len(doc.low)))


def _read(scan: Scan, places: Iterable[int]) -> tuple[Figures, ...]:
    found: list[Figures] = []
    low = scan.low
    for place in places:
        pos = place
        while pos >= scan.floor:
            mention = read_at(scan, pos)
            if mention is None:
                break
            found.append(mention)
            pos = scan.floor = mention.end
            scan.last = mention
            if not low[pos : pos + 1].isdecimal():
                break
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
    low = s.low
    leads = s.leads(pos)
    before = low[pos - 1] if pos else "\n"
    m = DIGITS.match(low, pos)
    end = pos + 1 if m is None else m.end()
    s.number, s.number_end = pos, end
    if before not in PARTED and _grown(s, pos):
        money = read_quantity(s, pos, leads, only="money") if not leads else None
        led = leads and leads[0].sort in ("date", "from") and before.isalpha()
        if money is not None and money.start < pos:
            return money
        if not led:
            code = read_name(s, pos) if low.startswith(" -", pos - 2) else read_code(s, pos)
            if code is not None:
                return code
    return (
        _read_marked(s, pos, end, leads, before)
        or (read_date(s, pos, leads) if _may_date(s, pos, end, leads) else None)
        or read_quantity(s, pos, leads)
        or (read_led(s, pos, leads) if leads else None)
        or (_lone_year(s, pos) if end == pos + 4 else None)
        or read_shape(s, pos, leads)
        or read_code(s, pos)
        or read_name(s, pos)
        or read_rest(s, pos)
    )


def _read_marked(s: Scan, pos: int, end: int, leads: list[Before], before: str) -> Figures | None:
    """What its own signs or first digits tell: a paper, a telephone, a time of day, sides. Few numbers have such signs,
    so each reader is asked only where its own stand; ``end`` is the end of the digits with their marks."""
    low = s.low
    sign = low[end : end + 1]
    mention: Figures | None = None
    if sign and sign in "/-–":
        mention = read_law(s, pos, leads)
    if mention is None and (before == "+" or low.startswith(PHONE_STARTS, pos)):
        mention = read_phone(s, pos, leads)
    if sign == " ":
        sign = low[end + 1 : end + 2]
    if mention is None and sign and sign in HOUR_SIGNS and end - pos <= HOUR_DIGITS:
        mention = read_time(s, pos, leads)
    if mention is None and sign and sign in SIZE_SIGNS:
        mention = read_size(s, pos, leads)
    return mention


def _may_date(s: Scan, pos: int, end: int, leads: list[Before]) -> bool:
    """Whether digits may begin a date: by a date's lead, the sign behind their first run, or a relative day before them."""
    for one in leads:
        if one.sort in DATED:
            return True
    low = s.low
    sign = low[end : end + 1]
    if sign == " ":
        sign = low[end + 1 : end + 2]
        if sign in ("t", "đ"):
            return low.startswith(DATE_WORDS, end)
    if sign and sign in DATE_SIGNS:
        return True
    return low.count(".", pos, end) > 1 or (isinstance(s.last, When) and s.last.year is None)


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
    m = WORD.match(s.low, pos)
    if m is None or s.low[m.end() : m.end() + 1].isalnum():
        return None
    word = m.group()
    grammar = s.grammar
    if _may_count(s.low, word, m.end(), grammar):
        mention = read_quantity(s, pos, None)
        if mention is not None:
            return mention
    if word in grammar.spelled:
        return read_scale_word(s, pos, s.leads(pos))
    if word == "quý":
        return read_quarter(s, pos)
    return read_relative(s, pos)


def _may_count(low: str, word: str, end: int, grammar: Grammar) -> bool:
    """Whether a number word stands before a word that it counts ("hai xã"), a scale word, a currency or another number."""
    counted = grammar.after_counting.get(word)
    if counted is None:
        return False
    m = NEXT_WORD.match(low, end)
    return m is not None and m.group(1) in counted


def _candidates(low: str, lexicon: Lexicon) -> list[int]:
    """The places at which a figure may begin, in text order, some twice.

    A digit is one unless another stands before it. A word is one where it stands alone, and a number word only where
    it may count.
    """
    grammar = lexicon.built(build_grammar)
    words = lexicon.built(_words)
    text = word_bytes(low)
    places: list[int] = []
    digit = -2
    for word, start, end in words.automaton.find_matches_as_indexes(text, overlapping=True):
        if word < words.digits:
            at = start - 1
            if at != digit + 1:
                if word == ODD_DIGIT and not low[at].isdecimal():
                    continue
                places.append(at)
            digit = at
        elif text[end] == SPACE and (
            not words.counts[word] or _may_count(low, low[start : end - 1], end - 1, grammar)
        ):
            places.append(start)
    places.sort()
    return places


def _inside(places: Sequence[int], lines: Iterable[tuple[int, int]]) -> Iterator[int]:
    """The places that lie in one of the lines; both are in text order."""
    ends = iter(lines)
    start, end = next(ends, (0, 0))
    for place in places:
        while place >= end:
            start, end = next(ends, (NOWHERE, NOWHERE))
        if place >= start:
            yield place


class Words(NamedTuple):
    """The automaton of ``_candidates``: ``digits`` patterns are digits, the others words with the space before them;
    ``counts`` tells the number words among them."""

    automaton: BytesAhoCorasick
    digits: int
    counts: tuple[bool, ...]


def _words(lexicon: Lexicon) -> Words:
    grammar: Grammar = lexicon.built(build_grammar)
    literals = (*grammar.literals, "quý")
    return Words(
        BytesAhoCorasick(
            [*map(page_bytes, DIGIT_SIGNS), *(page_bytes(" " + break_form(literal)) for literal in literals)],
            implementation=Implementation.ContiguousNFA,
        ),
        len(DIGIT_SIGNS),
        (*[False] * len(DIGIT_SIGNS), *(literal in grammar.after_counting for literal in literals)),
    )
