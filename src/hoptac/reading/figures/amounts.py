"""An amount: number, scale words, and what it is an amount of (số, bậc, đơn vị)."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import NamedTuple

from hoptac.reading.figures.grammar import Opener
from hoptac.reading.figures.numbers import DIGITS, SPACED, number_value, spell
from hoptac.reading.figures.scan import WORD, WORDS, Scan

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

NEXT_WORD = re.compile(r" {0,2}([^\W\d_]+)")
PER_SLASH = re.compile(r" ?/ ?[^\W\d_]+[\d²³]?(?:/[^\W\d_]+[\d²³]?)*")
JOIN_DASH = re.compile(r" ?[-–—] ?")
JOIN_WORD = re.compile(r" (?:đến|tới) ")
# How what joins two amounts begins.
JOINS = ("-", " -", "–", " –", "—", " —", " đến ", " tới ")
NOTHING = Opener()


class Amount(NamedTuple):
    """``raw`` is the number as written, ``scale`` what multiplies it; ``value`` their product, None where unreadable.

    ``number_end`` is the end of the number's own digits or words. ``sort`` is money, count, measure or bare; ``unit``
    the currency code, the counted noun's place or the measure's kind. ``known`` says that a table row names the
    counted noun.
    """

    start: int
    end: int
    number_end: int
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
    amounts: dict[int, Amount | None] = s.amounts
    if pos in amounts:
        return amounts[pos]
    found = amounts[pos] = _amount_at(s, pos)
    return found


def _amount_at(s: Scan, pos: int) -> Amount | None:
    low = s.low
    if pos == s.number:
        end = s.number_end
    else:
        m = DIGITS.match(low, pos)
        end = pos if m is None else m.end()
    if end == pos:
        spelled = spell_at(s, pos)
        return None if spelled is None else _amount(s, pos, spelled[1], spelled[1], "", spelled[0])
    if low.startswith(" ", end) and low[end + 1 : end + 2].isdecimal():
        spaced = SPACED.match(low, pos)
        if spaced is not None:
            found = _amount(s, pos, spaced.end(), end, spaced.group(), None)
            if found is not None and found.sort == MONEY and found.scale is None:
                return found
    return _amount(s, pos, end, end, low[pos:end], None)


def spell_at(s: Scan, pos: int) -> tuple[Decimal, int] | None:
    words = s.words(pos, SPELLED_WORDS)
    found = spell([word for word, _ in words], s.grammar.number_words, "trăm")
    if found is None:
        return None
    return found[0], words[found[1] - 1][1]


def _amount(
    s: Scan, start: int, end: int, number_end: int, digits: str, spelled: Decimal | None
) -> Amount | None:
    at, word, opener = _opening(s, end)
    scale: Decimal | None = None
    scale_end = end
    if opener.scale:
        scale, scale_end = scale_at(s, end)
        if scale is not None and digits and scale == THOUSAND and s.low[scale_end - 1] == "k":
            plain = number_value(digits)
            if plain is None or plain < LEAST_K:
                scale, scale_end = None, end
    large = len(digits) > LAST_SMALL or scale is not None
    if scale_end != end:
        at, word, opener = _opening(s, scale_end)
    tail = _unit(s, scale_end, at, word, opener, scaled=scale is not None, large=large)
    sort = tail.sort
    if spelled is not None:
        raw: Decimal | None = spelled
    else:
        raw = number_value(digits, scaled=scale is not None, whole=sort in (COUNT, MONEY))
    if raw is None:
        return None
    value = raw
    if scale is not None:
        value = raw * scale
        more, more_end = _added(s, scale_end, scale)
        if more:
            value += more
            tail = unit_at(s, more_end, scaled=True)
            scale_end = more_end
    sort, tail_end, unit_start, known, kind, currency, each = tail
    if scale is not None and sort == BARE and scale >= THOUSAND:
        sort, currency = MONEY, "VND"
    return Amount(
        start,
        max(tail_end, scale_end),
        number_end,
        raw,
        scale,
        value,
        sort,
        currency,
        kind,
        unit_start,
        known,
        spelled is not None,
        each,
    )


def _opening(s: Scan, end: int) -> tuple[int, str, Opener]:
    """Where the word behind a number begins, its letters, and what they may begin."""
    low = s.low
    m = NEXT_WORD.match(low, end)
    if m is not None:
        word = m.group(1)
        return m.start(1), word, s.grammar.openers.get(word, NOTHING)
    if low[end : end + 1] != "\n":
        return s.gap(end), "", s.grammar.openers[""]
    at = s.soft_gap(end)
    m = WORD.match(low, at)
    word = "" if m is None else m.group()
    return at, word, s.grammar.openers.get(word, NOTHING)


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
        if scale.not_before:
            following = WORD.match(s.low, s.gap(m.end()))
            if following is not None and following.group() in scale.not_before:
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
        word = WORD.match(s.low, begin)
        if word is not None:
            number = s.grammar.number_words.get(word.group())
            if number is None:
                return total, end
            if number[1] == "half":
                return total + scale / 2, word.end()
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
    at, word, opener = _opening(s, end)
    return _unit(s, end, at, word, opener, scaled=scaled, large=large)


def _unit(s: Scan, end: int, at: int, word: str, opener: Opener, *, scaled: bool, large: bool) -> Unit:
    """As ``unit_at``, with what stands at ``at`` behind the number."""
    low = s.low
    if not word:
        first = low[at : at + 1]
        if not first or first not in s.grammar.unit_signs:
            return Unit(BARE, end)
    if opener.currency:
        money = _currency(s, at, large=large)
        if money is not None:
            return _per(s, Unit(MONEY, money[1], 0, False, "", money[0]))
    noun_end = _noun_end(s, at, word, opener)
    if opener.measure:
        measure = s.grammar.measure_re.match(low, at)
        if measure is not None and measure.end() >= noun_end:
            kind = s.grammar.measures[measure.group()]
            if kind == "goods":
                return Unit(COUNT, _goods_end(s, measure.end()), at, True, kind)
            return Unit(MEASURE, measure.end(), at, True, kind)
    if at == end:
        return Unit(BARE, end)
    if noun_end:
        listed = s.grammar.comma_nouns.match(low, at) if low.startswith(",", noun_end) else None
        if listed is not None:
            return Unit(COUNT, listed.end(), at, True)
        if s.grammar.nouns[low[at:noun_end]].classifier:
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
    sign, end = m.group(), m.end()
    currency = s.grammar.currencies[sign]
    if not currency.after and not currency.both:
        return None
    begin = s.gap(end)
    if begin > end:
        following = WORD.match(s.low, begin)
        if following is not None:
            word = following.group()
            if word in currency.not_before or (not large and word in currency.not_before_bare):
                return None
            title = s.text[at].isupper() and s.text[at + 1 : at + 2].islower()
            if title and sign[0].isalpha() and s.text[begin].isupper():  # a name: "Yên Bái", "Đồng Nai"
                return None
    return currency.code, end


def _per(s: Scan, amount: Unit) -> Unit:
    """A rate's own unit behind the currency: "đồng/suất", "đồng mỗi hộ"."""
    low, end = s.low, amount.end
    m = PER_SLASH.match(low, end) if low.startswith(("/", " /"), end) else None
    if m is not None:
        stop = m.end()
        begin = s.gap(low.rfind("/", end, stop) + 1)
        noun = _known_noun(s, begin)
        if noun > stop:
            more = PER_SLASH.match(low, noun)
            stop = noun if more is None else more.end()
        return amount._replace(end=stop, each=True)
    m = WORD.match(low, s.gap(end))
    if m is not None and m.group() in s.grammar.per and low.startswith(" ", m.end()):
        begin = m.end() + 1
        noun = _known_noun(s, begin, LONGEST_NOUN - 1)
        if noun:
            return amount._replace(end=noun, each=True)
        m = WORD.match(low, begin)
        if m is not None and m.group() in s.grammar.measures:
            return amount._replace(end=m.end(), each=True)
    return amount


def _known_noun(s: Scan, at: int, most: int = LONGEST_NOUN) -> int:
    """Where the longest counted noun of the tables at ``at``, of ``most`` words at most, ends; 0 where there is none."""
    m = WORD.match(s.low, at)
    if m is None:
        return 0
    return _noun_end(s, at, m.group(), s.grammar.openers.get(m.group(), NOTHING), most)


def _noun_end(s: Scan, at: int, word: str, opener: Opener, most: int = LONGEST_NOUN) -> int:
    """As ``_known_noun``, with the first word and what it may begin."""
    most = min(most, opener.noun)
    nouns = s.grammar.nouns
    if most > 1:
        m = WORDS[most].match(s.low, at)
        phrase = m.group() if m is not None else word
        while phrase != word:
            if phrase in nouns:
                return at + len(phrase)
            phrase = phrase[: phrase.rfind(" ")]
    return at + len(word) if most and word in nouns else 0


def _goods_end(s: Scan, end: int) -> int:
    """Where the noun behind a classifier or a measure of goods ends: "suất quà", "tấn gạo"; ``end`` where none is."""
    if not s.low.startswith(" ", end):
        return end
    at = end + 1
    m = WORD.match(s.low, at)
    if m is None or m.group() in s.grammar.stops or not s.text[at].islower():
        return end
    return _known_noun(s, at) or _free_noun(s, at) or end


def _free_noun(s: Scan, at: int) -> int:
    """Where a counted phrase outside the tables ends: lower-case words up to a stop word, at most two; 0 for none."""
    low, stop = s.low, 0
    for _ in range(FREE_WORDS):
        m = WORD.match(low, at)
        if m is None or m.group() in s.grammar.stops or not s.text[at].islower():
            break
        stop = m.end()
        if not low.startswith(" ", stop):
            break
        at = stop + 1
    return stop


def joined(s: Scan, first: Amount, *, opened: bool) -> tuple[Amount, Decimal] | None:
    """The range that ``first`` begins: the amount with its upper end, and the lower end.

    A dash joins two amounts of one thing; "đến" does so behind "từ" or where the first has no unit of its own.
    """
    at, number_end = first.start, first.number_end
    if not s.low.startswith(JOINS, number_end) and not s.low.startswith(JOINS, first.end):
        return None
    for m_end, by_dash in _joins(s, first):
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


def _joins(s: Scan, first: Amount) -> list[tuple[int, bool]]:
    low = s.low
    found = []
    for at in (first.number_end, first.end) if first.end != first.number_end else (first.end,):
        if low.startswith(JOINS, at):
            for pattern, by_dash in ((JOIN_DASH, True), (JOIN_WORD, False)):
                m = pattern.match(low, at)
                if m is not None:
                    found.append((m.end(), by_dash))
    return found
