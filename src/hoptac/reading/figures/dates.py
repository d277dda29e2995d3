"""Days, months, years and periods (ngày tháng, giai đoạn): what a date's words, place and neighbours make of it."""

from __future__ import annotations

import re

from hoptac.reading.figures.amounts import COUNT, MEASURE, amount_at
from hoptac.reading.figures.points import DATE_WORD, JOIN, JOIN_STARTS, YEAR, Point, now_end, point_at
from hoptac.reading.figures.scan import WORDS, Before, Scan
from hoptac.reading.mentions import Blank, Figure, Figures, Span, When

LUNAR_TAIL = re.compile(r",? ?\(?(?:âm lịch|al(?![^\W_])|tết|tháng giêng|tháng chạp|giêng|chạp)")
# How what makes a day lunar begins, a space, comma or bracket before it or not.
LUNAR_STARTS = frozenset(" ,(âatgc")
QUARTER = re.compile(
    rf"quý (iv|iii|ii|i|[1-4])(?![^\W_])(?:(?: ?[/\-] ?| năm |, năm | )({YEAR})(?!\d)| năm (nay|ngoái|trước|sau|tới))?"
)
COMMEMORATED = re.compile(r"[.;\n]")
# How far back "kỷ niệm 70 năm Chiến thắng …" may stand before the date that it commemorates.
ANNIVERSARY_REACH = 140
# A jubilee's two dates lie a whole number of years apart, at least this many.
LEAST_JUBILEE = 5
# How far back the word that makes "năm tới" plural is looked for.
BEFORE_RELATIVE = 12
# Words of the longest relative date ("trong sáng hôm nay").
LONGEST_RELATIVE = 4
RELATIVE_YEARS = {"nay": 0, "ngoái": -1, "trước": -1, "kia": -2, "sau": 1, "tới": 1}
# From here on the first of two numbers is a day where nothing else tells ("25/4"), below it may count parts ("4/5").
LEAST_CLEAR_DAY = 12


def read_date(s: Scan, pos: int, leads: list[Before]) -> Figures | None:
    """The day, month, year or period that begins with the digits at ``pos``; None where they are no date.

    Leads ("ngày", "từ tháng", "giai đoạn") belong to it. "25/4" and "10-9" are dates behind a day's lead; elsewhere
    "25/4" is one where nothing makes it a ratio, "10-9" is not.
    """
    lead = _lead_kind(leads) or ("day" if s.last is not None and _behind_relative(s, pos, s.last) else "")
    point = point_at(s, pos, lead)
    if point is None:
        return None
    start = _start(leads, pos)
    if point.bad:
        return Blank(start, point.end, "M04") if point.sure else None
    if not point.sure and not _is_date(s, pos, point, lead, leads):
        return None
    if point.year is None and s.low[point.end : point.end + 1] in LUNAR_STARTS:
        m = LUNAR_TAIL.match(s.low, point.end)
        if m is not None:
            return Figure(start, m.end(), "lunar")
    if leads and _is_lunar(leads):
        return Figure(start, point.end, "lunar")
    period = _period(s, pos, point, start, leads)
    if period is not None:
        return period
    if point.day is None and point.month is None and leads and any(one.sort == "from" for one in leads):
        first = _when(pos, point)
        return Span(start, point.end, first, None)
    anniversary = point.year is not None and _commemorates(s, pos, point)
    return When(start, point.end, point.year, point.month, point.day, anniversary)


def _is_lunar(leads: list[Before]) -> bool:
    return any(one.value == "lunar" and one.sort == "figure" for one in leads)


def _behind_relative(s: Scan, pos: int, last: Figures) -> bool:
    """Whether "hôm nay", "sáng qua" stand right before: "hôm nay (5/9)", "sáng nay 9-4"."""
    return (
        isinstance(last, When)
        and last.year is None
        and last.month is None
        and s.grammar.date_words.get(s.low[last.start : last.end], ("", ""))[0] == "relative_day"
        and s.low[last.end : pos].strip(" (,") == ""
    )


def _lead_kind(leads: list[Before]) -> str:
    """What the nearest lead of a date makes of its number; empty where there is none."""
    for one in leads:
        if one.sort == "date":
            return one.value
        if one.sort == "from":
            return "from"
    return ""


def _start(leads: list[Before], pos: int) -> int:
    start = pos
    for one in leads:
        dated = one.sort in ("date", "from")
        if (dated and one.value != "until") or (one.sort == "figure" and one.value == "lunar"):
            start = min(start, one.start)
        elif not dated and one.start != start:
            break
    return start


def _is_date(s: Scan, pos: int, point: Point, lead: str, leads: list[Before]) -> bool:
    """Whether "25/4" without a day's lead is a date."""
    if point.level == "year":
        return True
    if s.low[pos : point.end] in s.grammar.holidays:
        return not _ratio_noun(s, point.end)
    if s.low[pos : point.end] in s.grammar.ratios:
        return False
    if lead in ("from", "until"):
        return not _ratio_noun(s, point.end)
    if leads and leads[0].sort in ("hedge", "figure", "vague", "neutral", "each"):
        return False
    if _ratio_noun(s, point.end):
        return False
    before = s.low[max(0, pos - 2) : pos]
    if before.endswith(("(", "( ", "- ", "– ", ", ")) or not before.strip():
        return True
    day, month = point.day or 0, point.month or 0
    return day > month and day > LEAST_CLEAR_DAY


def _ratio_noun(s: Scan, end: int) -> bool:
    amount = amount_at(s, _last_number(s, end))
    return (
        amount is not None and amount.sort in (COUNT, MEASURE) and amount.known and amount.kind != "duration"
    )


def _last_number(s: Scan, end: int) -> int:
    at = end
    while at > 0 and s.low[at - 1].isdecimal():
        at -= 1
    return at


def _when(pos: int, point: Point, other: Point | None = None, anniversary: bool = False) -> When:
    """The point as a When; what it leaves out and the other end of its period gives is taken from there."""
    year, month, day = point.year, point.month, point.day
    if other is not None:
        if year is None and other.year is not None:
            over = month is not None and other.month is not None and month > other.month
            year = other.year - over  # "từ 25/12 đến 5/1/2024"
        if month is None and day is not None:
            month = other.month
    return When(pos, point.end, year, month, day, anniversary)


def _period(s: Scan, pos: int, first: Point, start: int, leads: list[Before]) -> Figures | None:
    sign = s.low[first.end : first.end + 1]
    if sign == " ":
        sign = s.low[first.end + 1 : first.end + 2]
    if not sign or sign not in JOIN_STARTS:
        return None
    m = JOIN.match(s.low, first.end)
    slash = first.level == "year" and s.low.startswith("/", first.end)
    if m is None and not slash:
        return None
    at = first.end + 1 if m is None else m.end()
    now = now_end(s, at)
    if now:
        return Span(start, now, _when(pos, first), None)
    word = DATE_WORD.match(s.low, at)
    second_pos = at if word is None else word.end()
    if second_pos >= len(s.low) or not s.low[second_pos].isdecimal():
        return None
    lead = {"ngày ": "day", "tháng ": "month", "năm ": "year"}.get(word.group() if word else "", "")
    by_word = m is not None and m.group().strip() not in ("-", "–", "—")
    opened = any(one.sort == "from" for one in leads) or not by_word
    if not lead:
        lead = (
            "month"
            if first.level == "month" and by_word and first.year is None
            else "until"
            if by_word
            else "day"
        )
        if first.level == "year":
            lead = "year"
    second = point_at(s, second_pos, lead)
    if second is None or second.bad or not opened:
        return None
    if first.level != second.level and not (by_word and first.year and second.year):
        return None
    if first.level == "year" and (first.year or 0) >= (second.year or 0):
        return None
    if first.day is not None and first.month is None and second.month is None:
        return None
    if first.level == "day" and not by_word and second.year is None and second.month is None:
        return None
    apart = (second.year or 0) - (first.year or 0)
    jubilee = _jubilee(first, second) or (apart >= LEAST_JUBILEE and _commemorates(s, pos, first))
    return Span(
        start,
        second.end,
        _when(pos, first, second, jubilee),
        _when(second_pos, second, first if second.year is None and first.year is not None else None, jubilee),
        jubilee,
    )


def _jubilee(first: Point, second: Point) -> bool:
    """ "7/5/1954 - 7/5/2024": one day, years apart."""
    if first.day is None or first.year is None or second.year is None:
        return False
    return (first.day, first.month) == (
        second.day,
        second.month,
    ) and second.year - first.year >= LEAST_JUBILEE


def _commemorates(s: Scan, pos: int, point: Point) -> bool:
    """Whether the date in brackets, or at the end of its name, is the one that "kỷ niệm …" before it speaks of."""
    low, floor = s.low, max(0, pos - ANNIVERSARY_REACH)
    bracket = low.rfind("(", floor, pos)
    if bracket < 0 or low.find(")", bracket, pos) >= 0:
        return False
    window = COMMEMORATED.split(low[floor:pos])[-1]
    return "(" in window and any(word in window for word in s.grammar.anniversaries)


def read_quarter(s: Scan, pos: int) -> Figures | None:
    """ "quý II/2024", "quý 1 năm 2024": the year, with the quarter in the span; None where no quarter stands there."""
    m = QUARTER.match(s.low, pos)
    if m is None:
        return None
    if m[2] is None:
        return Figure(pos, m.end(), "quarter") if m[1].isdecimal() or m[3] else None
    return When(pos, m.end(), int(m[2]))


def read_relative(s: Scan, pos: int) -> Figures | None:
    """ "hôm qua", "sáng nay", "năm ngoái": a When without parts, which the page's own date settles."""
    before = s.low[max(0, pos - BEFORE_RELATIVE) : pos].rsplit("\n", 1)[-1].split()
    if before and (
        before[-1] in s.grammar.not_relative
        or before[-1] in s.grammar.number_words
        or before[-1] in s.grammar.scales
    ):
        return None
    if before and before[-1].isdecimal():
        return None
    m = WORDS[LONGEST_RELATIVE].match(s.low, pos)
    phrase = "" if m is None else m.group()
    while phrase:
        end = pos + len(phrase)
        if phrase in s.grammar.date_words and not s.low[end : end + 1].isalnum():
            return When(pos, end, None)
        phrase = phrase[: max(0, phrase.rfind(" "))]
    return None
