"""Sums and counts with their hedges (số tiền, số lượng, từ chỉ mức)."""

from __future__ import annotations

import re
from decimal import Decimal

from hoptac.reading.figures.amounts import (
    BARE,
    COUNT,
    MEASURE,
    MILLION,
    MONEY,
    THOUSAND,
    YEARS,
    Amount,
    amount_at,
    joined,
    scale_at,
    unit_at,
)
from hoptac.reading.figures.numbers import DIGITS, plain_decimal
from hoptac.reading.figures.scan import WORD, WORDS, Before, Scan
from hoptac.reading.mentions import Blank, Count, Figure, Figures, Money

# How far back "mỗi suất quà gồm tiền mặt trị giá" may stand before the sum that it makes a rate.
EACH_REACH = 70
# No word of a name is longer.
NAME_REACH = 40
CLAUSE = re.compile(r"[.,;:()\n]")
# Figure kinds whose leads name the number whatever stands behind it ("quận 1", "lần thứ 11"); the other kinds' leads
# speak only where the number has no unit.
FIRM = frozenset({"ordinal", "address", "road", "law", "code", "grade", "lunar", "name", "version", "age"})
# From here on "số" before a number and a known noun counts ("số 64 liệt sĩ"), below it names ("số 2").
LEAST_COUNT_AFTER_SO = 10


def read_quantity(s: Scan, pos: int, leads: list[Before] | None, *, only: str = "") -> Figures | None:
    """The sum, count or measured figure that begins at ``pos``, its hedges included; None where none does."""
    amount = amount_at(s, pos)
    if amount is None:
        return None
    if amount.spelled and not _spelled_counts(s, amount):
        return None
    if leads is None:
        leads = s.leads(pos)
    prefixed = _prefix(s, pos) if amount.sort != MONEY or amount.currency == "VND" else None
    span = joined(s, amount, opened=any(one.sort == "from" for one in leads) if leads else False)
    low: Decimal | None = None
    if span is not None:
        amount, low = span
    if prefixed is not None and amount.end > amount.start and amount.sort in (BARE, MONEY, COUNT):
        code, begin = prefixed
        number_end = _digits_end(s, pos)
        scale, scale_end = scale_at(s, number_end)
        end = amount.end if amount.sort == MONEY else (scale_end if scale is not None else number_end)
        amount = Amount(
            begin, end, number_end, amount.raw, scale, amount.value, MONEY, code, each=amount.each
        )
    if amount.sort == BARE or (only and amount.sort != only):
        return None
    if amount.sort == COUNT and not _counts(s, amount, leads):
        return None
    start, bound, end = _hedged(s, amount, leads, ranged=low is not None)
    value = plain_decimal(amount.value)
    if low is not None:
        bound, low = "at_most", plain_decimal(low)
    if amount.sort == MONEY:
        each = amount.each or _each_before(s, start)
        return Money(start, end, value, amount.currency, bound, low, each)
    if amount.sort == COUNT:
        unit = s.text[amount.unit_start : amount.end]
        return Count(start, end, value, unit, bound, low, amount.unit_start)
    kind = amount.kind
    nearest = leads[0] if leads else None
    if nearest is not None and nearest.sort == "figure":
        if nearest.value == kind:
            start = min(start, nearest.start)
        elif (
            nearest.value in FIRM
            and amount.end - amount.unit_start == 1
            and s.low[amount.unit_start - 1] != " "
        ):
            return None  # "phòng 12m" has a room's number, "Quốc lộ 1A" a road's
    if kind == "duration" and leads and any(one.value == "anniversary" for one in leads):
        kind = "anniversary"
    return Figure(start, end, kind)


def _digits_end(s: Scan, pos: int) -> int:
    m = DIGITS.match(s.low, pos)
    return pos if m is None else m.end()


def _spelled_counts(s: Scan, amount: Amount) -> bool:
    """Whether a number in words is a figure here: before money, or before a noun that the table lets words count."""
    if amount.sort == MONEY:
        if amount.scale is None and amount.value < MILLION:
            return amount.currency is not None and s.low[amount.start : amount.end].count(" ") > 1
        return True
    if amount.sort != COUNT or not amount.known:
        return False
    if amount.kind == "goods" or amount.scale is not None:
        return True
    noun = s.grammar.nouns.get(s.low[amount.unit_start : amount.end])
    least = noun.in_words if noun is not None else _head_words(s, amount)
    if least == 0 or amount.value < least:
        return False
    return not (s.low.startswith("năm ", amount.start) and _year_word(s, amount.start))


def _head_words(s: Scan, amount: Amount) -> int:
    words = s.low[amount.unit_start : amount.end].split(" ")
    for n in range(len(words), 0, -1):
        noun = s.grammar.nouns.get(" ".join(words[:n]))
        if noun is not None:
            return noun.in_words
    return 0


def _year_word(s: Scan, pos: int) -> bool:
    """Whether "năm" here is "year": a word or number before it says so ("trong năm", "mỗi năm", "5 năm")."""
    before = s.low[max(0, pos - 12) : pos].rstrip(" ")
    last = before.rsplit(" ", 1)[-1]
    return not before or not last.isalpha() or last not in s.grammar.five_after


def _prefix(s: Scan, pos: int) -> tuple[str | None, int] | None:
    """A currency written before its number ("US$500", "USD 5.000")."""
    end = pos - 1 if pos and s.low[pos - 1] == " " else pos
    if not end or s.low[end - 1] not in s.grammar.prefix_ends:
        return None
    for n in (3, 2, 1):
        begin = end - n
        word = s.low[max(0, begin) : end]
        if begin < s.floor or word not in s.grammar.prefix_currencies:
            continue
        if word[0].isalpha() and begin and s.low[begin - 1].isalnum():
            continue
        return s.grammar.currencies[word].code, begin
    return None


def _counts(s: Scan, amount: Amount, leads: list[Before]) -> bool:
    nearest = leads[0] if leads else None
    if nearest is not None and nearest.sort == "figure" and nearest.value in FIRM:
        return amount.known and nearest.phrase == "số" and amount.value >= LEAST_COUNT_AFTER_SO
    if not amount.known and amount.start > 1 and _named(s, amount.start):
        return False
    if not amount.known and amount.scale is None and amount.raw in YEARS:
        return not s.low[amount.start : amount.start + 4].isdecimal()
    return True


def _named(s: Scan, pos: int) -> bool:
    """Whether a name stands directly before the number: "Bệnh viện Nhi Đồng 2 khám …"."""
    space = s.low.rfind(" ", max(0, pos - NAME_REACH), pos - 1)
    word = s.text[space + 1 : pos - 1]
    return space > 1 and word[:1].isupper() and word.isalpha() and s.text[space - 1].isalnum()


def _hedged(s: Scan, amount: Amount, leads: list[Before], *, ranged: bool) -> tuple[int, str, int]:
    """Start with the hedges before, the bound, end with the hedge behind."""
    start, end = amount.start, amount.end
    bounds: list[str] = []
    after = None
    behind = s.gap(end)
    first = s.low[behind : behind + 1]
    if first and first in s.grammar.after_hedge_starts:
        m = WORDS[2].match(s.low, behind)
        after = None if m is None else s.grammar.after_hedges.get(m.group())
        if m is not None and after is not None:
            end = m.end()
            bounds.append(after)
    if not leads and not bounds:
        return start, "exact", end
    at = None
    for one in leads:
        if one.sort == "hedge":
            start = min(start, one.start)
            bounds.append(one.value)
            at = one.start
        elif one.sort == "from" and (ranged or after is not None):
            start = min(start, one.start)
        elif one.start != at and one.sort != "from":
            break
    firm = [b for b in bounds if b in ("at_least", "at_most")]
    bound = firm[0] if firm else ("about" if "about" in bounds else "exact")
    return start, bound, end


def _each_before(s: Scan, start: int) -> bool:
    window = s.low[max(s.floor, start - EACH_REACH) : start]
    each = s.grammar.each_words
    if not any(word in window for word in each):
        return False
    return not set(each).isdisjoint(CLAUSE.split(window)[-1].split())


def read_scale_word(s: Scan, pos: int, leads: list[Before]) -> Figures | None:
    """What a scale word without a number says: "tỷ rưỡi" is a sum, "hàng chục tỷ đồng" a sum in vague words (M01)."""
    vague = [one for one in leads if one.sort == "vague"]
    start = vague[-1].start if vague else pos
    for one in leads:
        if one.sort not in ("vague", "hedge"):
            break
        start = min(start, one.start)
    scale, end = scale_at(s, pos)
    if scale is None:
        return None
    m = WORD.match(s.low, pos)
    several = m is None or end > m.end()
    if not vague and s.text[pos].isupper() and s.text[pos + 1].islower():
        return None
    if not vague and not several:
        return _one_and_a_half(s, pos, leads, scale, end)
    if not vague and scale < MILLION:
        return None
    tail = unit_at(s, end, scaled=True)
    if tail.sort == MONEY or (tail.sort == BARE and scale >= MILLION):
        return Blank(start, max(end, tail.end), "M01")
    if tail.sort in (COUNT, MEASURE) and vague:
        return Figure(start, tail.end, "vague")
    return None


def _one_and_a_half(s: Scan, pos: int, leads: list[Before], scale: Decimal, end: int) -> Figures | None:
    m = WORD.match(s.low, s.gap(end))
    if m is None or s.grammar.number_words.get(m.group(), (scale, ""))[1] != "half" or scale < THOUSAND:
        return None
    stop = m.end()
    tail = unit_at(s, stop, scaled=True)
    value = scale + scale / 2
    if tail.sort not in (MONEY, BARE):
        return None
    amount = Amount(
        pos,
        max(stop, tail.end),
        stop,
        value,
        None,
        value,
        MONEY,
        tail.currency if tail.sort == MONEY else "VND",
    )
    start, bound, end = _hedged(s, amount, leads, ranged=False)
    return Money(
        start, end, plain_decimal(value), amount.currency, bound, None, tail.each or _each_before(s, start)
    )
