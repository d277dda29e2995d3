"""An amount: number, scale words, and what it is an amount of (số, bậc, đơn vị)."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import NamedTuple

from hoptac.reading.figures.numbers import DIGITS, SPACED, number_value, spell
from hoptac.reading.figures.scan import Scan

MONEY, COUNT, MEASURE, BARE = "money", "count", "measure", "bare"
# A number in words is at most this long: "chín trăm chín mươi chín" and a scale word or two.
SPELLED_WORDS = 7
# A counted phrase that no table row ends is cut after this many words, as in "bộ dụng cụ sửa nhà".
FREE_WORDS = 2
LONGEST_NOUN = 4
THOUSAND, MILLION = Decimal(1000), Decimal(1_000_000)
# Below this a number before a lone "k" is a name ("4K"), not thousands of đồng.
LEAST_K = 10
# "triệu tỉ": no text multiplies further.
LARGEST_SCALE = Decimal(10) ** 15
# A sum in đồng has at least four figures; with fewer, "đồng" may begin another word ("5 đồng ruộng").
LAST_SMALL = 3
YEARS = range(1900, 2100)

PER_SLASH = re.compile(r" ?/ ?[^\W\d_]+[\d²³]?(?:/[^\W\d_]+[\d²³]?)*")
JOIN_DASH = re.compile(r" ?[-–—] ?")
JOIN_WORD = re.compile(r" (?:đến|tới) ")


class Amount(NamedTuple):
    """``raw`` is the number as written, ``scale`` what multiplies it; ``value`` their product, None where unreadable.

    ``sort`` is money, count, measure or bare; ``unit`` the currency code, the counted noun's place or the measure's
    kind. ``known`` says that a table row names the counted noun.
    """

    start: int
    end: int
    raw: Decimal
    scale: Decimal | None
    value: Decimal
    sort: str
    currency: str | None = None
    kind: str = ""
    unit_start: int = 0
    known: bool = False
    spelled: bool = False
    each: bool = False


class Unit(NamedTuple):
    """What stands behind a number: the fields are Amount's own, ``start`` is its ``unit_start``."""

    sort: str
    end: int
    start: int = 0
    known: bool = False
    kind: str = ""
    currency: str | None = None
    each: bool = False


def amount_at(s: Scan, pos: int) -> Amount | None:
    """The amount that begins with digits or number words at ``pos``; None where no number begins or it cannot be read."""
    digit = s.low[pos].isdecimal()
    if digit:
        spaced = SPACED.match(s.low, pos)
        if spaced is not None:
            found = _amount(s, pos, spaced.end(), spaced.group(), None)
            if found is not None and found.sort == MONEY and found.scale is None:
                return found
        m = DIGITS.match(s.low, pos)
        return None if m is None else _amount(s, pos, m.end(), m.group(), None)
    spelled = spell_at(s, pos)
    if spelled is None:
        return None
    value, end = spelled
    return _amount(s, pos, end, "", value)


def spell_at(s: Scan, pos: int) -> tuple[Decimal, int] | None:
    words = s.words(pos, SPELLED_WORDS)
    found = spell([word for word, _ in words], s.grammar.number_words, "trăm")
    if found is None:
        return None
    return found[0], words[found[1] - 1][1]


def _amount(s: Scan, start: int, end: int, digits: str, spelled: Decimal | None) -> Amount | None:
    scale, scale_end = scale_at(s, end)
    if scale is not None and digits and scale == THOUSAND and s.low[scale_end - 1] == "k":
        plain = number_value(digits)
        if plain is None or plain < LEAST_K:
            scale, scale_end = None, end
    large = len(digits) > LAST_SMALL or scale is not None
    tail = unit_at(s, scale_end, scaled=scale is not None, large=large)
    if spelled is not None:
        raw: Decimal | None = spelled
    else:
        raw = number_value(digits, scaled=scale is not None, whole=tail.sort in (MONEY, COUNT))
    if raw is None:
        return None
    value = raw * (scale or 1)
    if scale is not None:
        more, more_end = _added(s, scale_end, scale)
        if more:
            value += more
            tail = unit_at(s, more_end, scaled=True)
            scale_end = more_end
    sort, tail_end, unit_start, known, kind, currency, each = tail
    if scale is not None and sort == BARE and scale >= THOUSAND:
        sort, currency = MONEY, "VND"
    end = max(tail_end, scale_end)
    return Amount(
        start, end, raw, scale, value, sort, currency, kind, unit_start, known, spelled is not None, each
    )


def scale_at(s: Scan, end: int) -> tuple[Decimal | None, int]:
    """The scale words behind a number: their product and where they end ("nghìn tỉ" is 10^12)."""
    product: Decimal | None = None
    at = end
    while True:
        begin = s.soft_gap(at)
        m = s.grammar.scale_re.match(s.low, begin)
        if m is None:
            return product, at
        scale = s.grammar.scales[m.group()]
        following = s.words(s.gap(m.end()), 1)
        if following and following[0][0] in scale.not_before:
            return product, at
        if product is not None and product * scale.value > LARGEST_SCALE:
            return product, at
        product = (product or Decimal(1)) * scale.value
        at = m.end()


def _added(s: Scan, at: int, scale: Decimal) -> tuple[Decimal, int]:
    """What is added behind a scale word: "rưỡi", or a smaller part ("2 tỷ 350 triệu")."""
    total, end = Decimal(0), at
    while True:
        begin = s.gap(end)
        if begin == end:
            return total, end
        words = s.words(begin, 1)
        if words and s.grammar.number_words.get(words[0][0], (Decimal(0), ""))[1] == "half":
            return total + scale / 2, words[0][1]
        m = DIGITS.match(s.low, begin)
        if m is not None:
            raw, stop = number_value(m.group(), scaled=True), m.end()
        else:
            spelled = spell_at(s, begin)
            if spelled is None:
                return total, end
            raw, stop = spelled
        smaller, stop = scale_at(s, stop)
        if raw is None or smaller is None or raw * smaller >= scale:
            return total, end
        total, end, scale = total + raw * smaller, stop, smaller


def unit_at(s: Scan, end: int, *, scaled: bool, large: bool = True) -> Unit:
    """What the number before ``end`` is an amount of; of sort bare where nothing says so."""
    at = s.soft_gap(end)
    first = s.low[at : at + 1]
    if not first or not (first.isalpha() or first in s.grammar.unit_signs):
        return Unit(BARE, end)
    money = _currency(s, at, large=large)
    if money is not None:
        return _per(s, Unit(MONEY, money[1], currency=money[0]))
    words = s.words(at, LONGEST_NOUN)
    noun_end = _known_noun(s, words)
    measure = s.grammar.measure_re.match(s.low, at)
    if measure is not None and measure.end() >= noun_end:
        kind = s.grammar.measures[measure.group()]
        if kind == "goods":
            return Unit(COUNT, _goods_end(s, measure.end()), at, True, kind)
        return Unit(MEASURE, measure.end(), at, True, kind)
    if at == end:
        return Unit(BARE, end)
    if noun_end:
        listed = s.grammar.comma_nouns.match(s.low, at) if s.low.startswith(",", noun_end) else None
        if listed is not None:
            return Unit(COUNT, listed.end(), at, True)
        if s.grammar.nouns[s.low[at:noun_end]].classifier:
            noun_end = _goods_end(s, noun_end)
        return Unit(COUNT, noun_end, at, True)
    stop = 0 if scaled and _million(s, end) else _free_noun(s, at)
    return Unit(COUNT, stop, at) if stop else Unit(BARE, end)


def _million(s: Scan, end: int) -> bool:
    """Whether the scale word that ends at ``end`` is one of money's own (triệu, tỉ): a bare "65 tỷ" is đồng."""
    word = s.low[s.low.rfind(" ", 0, end) + 1 : end]
    scale = s.grammar.scales.get(word)
    return scale is None or scale.value >= MILLION


def _currency(s: Scan, at: int, *, large: bool) -> tuple[str | None, int] | None:
    m = s.grammar.currency_re.match(s.low, at)
    if m is None:
        return None
    currency = s.grammar.currencies[m.group()]
    if not currency.after and not currency.both:
        return None
    following = s.words(s.gap(m.end()), 1) if s.gap(m.end()) > m.end() else []
    if following:
        word = following[0][0]
        if word in currency.not_before or (not large and word in currency.not_before_bare):
            return None
    if m.group()[0].isalpha() and s.text[at].isupper() and s.text[at + 1 : at + 2].islower() and following:
        second = s.gap(m.end())
        if s.text[second].isupper():  # a name: "Yên Bái", "Đồng Nai"
            return None
    return currency.code, m.end()


def _per(s: Scan, amount: Unit) -> Unit:
    """A rate's own unit behind the currency: "đồng/suất", "đồng mỗi hộ"."""
    m = PER_SLASH.match(s.low, amount.end)
    if m is not None:
        stop = m.end()
        slash = s.low.rfind("/", amount.end, stop)
        begin = s.gap(slash + 1)
        noun = _known_noun(s, s.words(begin, LONGEST_NOUN))
        if noun > stop:
            more = PER_SLASH.match(s.low, noun)
            stop = noun if more is None else more.end()
        return amount._replace(end=stop, each=True)
    words = s.words(s.gap(amount.end), LONGEST_NOUN)
    if words and words[0][0] in s.grammar.per:
        noun = _known_noun(s, words[1:], words[0][1] + 1)
        if noun:
            return amount._replace(end=noun, each=True)
        if len(words) > 1 and words[1][0] in s.grammar.measures:
            return amount._replace(end=words[1][1], each=True)
    return amount


def _known_noun(s: Scan, words: list[tuple[str, int]], begin: int | None = None) -> int:
    """Where the longest counted noun of the tables that these words begin with ends; 0 where there is none."""
    if not words:
        return 0
    start = words[0][1] - len(words[0][0]) if begin is None else begin
    for n in range(len(words), 0, -1):
        if s.low[start : words[n - 1][1]] in s.grammar.nouns:
            return words[n - 1][1]
    return 0


def _goods_end(s: Scan, end: int) -> int:
    """Where the noun behind a classifier or a measure of goods ends: "suất quà", "tấn gạo"; ``end`` where none is."""
    if not s.low.startswith(" ", end):
        return end
    at = end + 1
    words = s.words(at, LONGEST_NOUN)
    noun = _known_noun(s, words)
    if noun and words and words[0][0] not in s.grammar.stops and s.text[at].islower():
        return noun
    return _free_noun(s, at) or end


def _free_noun(s: Scan, at: int) -> int:
    """Where a counted phrase outside the tables ends: lower-case words up to a stop word, at most two; 0 for none."""
    stop, taken = 0, 0
    stops = s.grammar.stops
    for word, word_end in s.words(at, FREE_WORDS):
        if word in stops or not s.text[word_end - len(word)].islower():
            break
        stop, taken = word_end, taken + 1
    return stop if taken else 0


def joined(s: Scan, first: Amount, *, opened: bool) -> tuple[Amount, Decimal] | None:
    """The range that ``first`` begins: the amount with its upper end, and the lower end.

    A dash joins two amounts of one thing; "đến" does so behind "từ" or where the first has no unit of its own.
    """
    at = first.start
    number_end = _number_end(s, first)
    for m_end, by_dash in _joins(s, first, number_end):
        if m_end >= len(s.low) or not (s.low[m_end].isdecimal() or first.spelled):
            continue
        second = amount_at(s, m_end)
        if second is None or second.sort == BARE or second.spelled != first.spelled:
            continue
        own = first.end > number_end and first.sort != BARE
        if own and m_end > first.end - 1:
            if not by_dash and not opened:
                continue
            if first.sort != second.sort:
                continue
            if first.sort == MONEY and first.currency != second.currency and not _lacks_currency(s, first):
                continue
            if first.sort == MEASURE and first.kind != second.kind:
                continue
            low = first.value
        else:
            low = first.raw * (second.scale or 1)
            if low >= second.value and second.scale is not None and second.scale > THOUSAND:
                low = first.raw * second.scale / THOUSAND
        if low < second.value:
            return second._replace(start=at), low
    return None


def _lacks_currency(s: Scan, amount: Amount) -> bool:
    return s.low[amount.start : amount.end].rsplit(" ", 1)[-1] in s.grammar.scales


def _number_end(s: Scan, amount: Amount) -> int:
    m = DIGITS.match(s.low, amount.start)
    if m is not None:
        return m.end()
    spelled = spell_at(s, amount.start)
    return amount.end if spelled is None else spelled[1]


def _joins(s: Scan, first: Amount, number_end: int) -> list[tuple[int, bool]]:
    found = []
    for at in dict.fromkeys((number_end, first.end)):
        for pattern, by_dash in ((JOIN_DASH, True), (JOIN_WORD, False)):
            m = pattern.match(s.low, at)
            if m is not None:
                found.append((m.end(), by_dash))
    return found
