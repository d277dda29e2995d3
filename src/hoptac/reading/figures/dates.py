"""Days, months, years and periods (ngày tháng, giai đoạn)."""

from __future__ import annotations

import re
from calendar import monthrange
from typing import NamedTuple

from hoptac.reading.figures.amounts import BARE, COUNT, MEASURE, MONEY, amount_at
from hoptac.reading.figures.scan import Before, Scan
from hoptac.reading.mentions import Blank, Figure, Figures, Span, When

YEAR = r"(?:1[0-9]|20)\d\d"
DMY = re.compile(rf"(\d\d?)( ?[/.\-] ?)(\d\d?)\2({YEAR}|\d\d)(?![\d%])(?![.,/\-]\d)")
DM = re.compile(r"(\d\d?)([/.\-])(\d\d?)(?![\d%])(?![.,/:]\d)")
MY = re.compile(rf"(\d\d?)( ?[/.\-] ?|, )({YEAR})(?!\d)")
YMD = re.compile(rf"({YEAR})-(\d\d)-(\d\d)(?!\d)")
SPACED_DM = re.compile(r"(\d\d?)( - )(\d\d?)(?=[,.)\n]|$)(?![.,]\d)")
LONG_DAY = re.compile(r"(\d\d?) tháng (\d\d?)(?!\d)")
NUMBER = re.compile(r"\d{1,4}(?!\d)")
PLAIN_YEAR = re.compile(rf"{YEAR}(?!\d)")
YEAR_TAIL = re.compile(rf"(?: ?[/\-] ?|,? năm | )({YEAR})(?![\d./])")
MONTH_YEAR_TAIL = re.compile(rf"(?: ?[/\-] ?|,? năm |, | )({YEAR})(?![\d./])")
RELATIVE_TAIL = re.compile(r" năm (nay|ngoái|trước|sau|tới|kia)(?![^\W_])")
LUNAR_TAIL = re.compile(r",? ?\(?(?:âm lịch|al(?![^\W_])|tết|tháng giêng|tháng chạp|giêng|chạp)")
JOIN = re.compile(r" ?[-–—] ?| (?:đến|tới) (?:hết )?(?:cuối |đầu |giữa )?")
DATE_WORD = re.compile(r"(?:ngày|tháng|năm|quý) ")
LIST_OF_DAYS = re.compile(
    r"(?:(?:, ?| và (?:ngày )?| - |-)\d\d?)?(?:, ?| và )(?:[^\W\d_]+ ){0,3}(\d\d?)[/\-](\d\d?)(?![\d%])"
)
QUARTER = re.compile(
    rf"quý (iv|iii|ii|i|[1-4])(?![^\W_])(?:(?: ?[/\-] ?| năm |, năm | )({YEAR})(?!\d)| năm (nay|ngoái|trước|sau|tới))?"
)
COMMEMORATED = re.compile(r"[.;\n]")
# How far back "kỷ niệm 70 năm Chiến thắng …" may stand before the date that it commemorates.
ANNIVERSARY_REACH = 140
# A jubilee's two dates lie a whole number of years apart, at least this many.
LEAST_JUBILEE = 5
ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
# Two-digit years up to this one are of this century ("25/4/24").
CENTURY_TURN = 40
# How far back the word that makes "năm tới" plural is looked for.
BEFORE_RELATIVE = 12
RELATIVE_YEARS = {"nay": 0, "ngoái": -1, "trước": -1, "kia": -2, "sau": 1, "tới": 1}


class Point(NamedTuple):
    """A day, month or year as written. ``sure`` where its shape can be nothing else; ``bad`` where no calendar has it."""

    end: int
    year: int | None = None
    month: int | None = None
    day: int | None = None
    sure: bool = True
    bad: bool = False

    @property
    def level(self) -> str:
        return "day" if self.day is not None else "month" if self.month is not None else "year"


def read_date(s: Scan, pos: int, leads: list[Before]) -> Figures | None:
    """The day, month, year or period that begins with the digits at ``pos``; None where they are no date.

    Leads ("ngày", "từ tháng", "giai đoạn") belong to it. "25/4" and "10-9" are dates behind a day's lead; elsewhere
    "25/4" is one where nothing makes it a ratio, "10-9" is not.
    """
    kinds = _lead_kinds(leads)
    lead = kinds[0] if kinds else "day" if _behind_relative(s, pos) else ""
    point = point_at(s, pos, lead)
    if point is None:
        return None
    start = _start(leads, pos)
    if point.bad:
        return Blank(start, point.end, "M04") if point.sure else None
    if not point.sure and not _is_date(s, pos, point, lead, leads):
        return None
    m = LUNAR_TAIL.match(s.low, point.end)
    if m is not None and point.year is None:
        return Figure(start, m.end(), "lunar")
    if any(one.sort == "figure" and one.value == "lunar" for one in leads):
        return Figure(start, point.end, "lunar")
    period = _period(s, pos, point, start, leads)
    if period is not None:
        return period
    opened = any(one.sort == "from" for one in leads)
    if opened and point.level == "year":
        first = _when(pos, point)
        return Span(start, point.end, first, None)
    anniversary = point.year is not None and _commemorates(s, pos, point)
    return When(start, point.end, point.year, point.month, point.day, anniversary)


def _behind_relative(s: Scan, pos: int) -> bool:
    """Whether "hôm nay", "sáng qua" stand right before: "hôm nay (5/9)", "sáng nay 9-4"."""
    last = s.last
    return (
        isinstance(last, When)
        and s.grammar.date_words.get(s.low[last.start : last.end], ("", ""))[0] == "relative_day"
        and s.low[last.end : pos].strip(" (,") == ""
    )


def _lead_kinds(leads: list[Before]) -> list[str]:
    return [one.value if one.sort == "date" else one.sort for one in leads if one.sort in ("date", "from")]


def _start(leads: list[Before], pos: int) -> int:
    start = pos
    for one in leads:
        dated = one.sort in ("date", "from")
        if (dated and one.value != "until") or (one.sort == "figure" and one.value == "lunar"):
            start = min(start, one.start)
        elif not dated and one.start != start:
            break
    return start


def _day(day: int, month: int, year: int | None) -> bool:
    """Whether some calendar year (or this one) has the day."""
    return 1 <= month <= 12 and 1 <= day <= monthrange(year or 2024, month)[1]


def point_at(s: Scan, pos: int, lead: str) -> Point | None:
    """The date that begins with digits at ``pos``, as far as its shape and its lead tell."""
    low = s.low
    m = YMD.match(low, pos)
    if m is not None:
        y, mo, d = int(m[1]), int(m[2]), int(m[3])
        return Point(m.end(), y, mo, d, bad=not _day(d, mo, y))
    m = DMY.match(low, pos)
    if m is not None and (len(m[4]) == 4 or (m[2] == "/" or lead in ("day", "weekday"))):
        d, mo, y = int(m[1]), int(m[3]), int(m[4])
        if len(m[4]) == 2:
            y += 2000 if y <= CENTURY_TURN else 1900
        fits = _day(d, mo, y)
        return Point(m.end(), y, mo, d, sure=fits or len(m[4]) == 4, bad=not fits)
    m = LONG_DAY.match(low, pos)
    if m is not None and lead != "month":
        return _long_day(s, m, lead)
    if lead == "month":
        return _month(s, pos)
    m = MY.match(low, pos)
    if m is not None and m[2].strip() == "/" and 1 <= int(m[1]) <= 12 and not _scaled(s, pos):
        return Point(m.end(), int(m[3]), int(m[1]))
    m = DM.match(low, pos) or (SPACED_DM.match(low, pos) if lead == "day" else None)
    if m is not None:
        found = _day_month(s, m, lead)
        if found is not None:
            return found
    if lead in ("year", "span", "from", "until"):
        m = NUMBER.match(low, pos)
        if m is not None and _year_fits(s, m, lead):
            return Point(m.end(), int(m.group()), sure=lead == "year" or len(m.group()) == 4)
    m = PLAIN_YEAR.match(low, pos)
    if m is not None and _year_range(s, m.end(), int(m.group())):
        return Point(m.end(), int(m.group()))
    if lead in ("day", "from", "until"):
        return _bare_day(s, pos, lead)
    return None


def _scaled(s: Scan, pos: int) -> bool:
    """Whether a map's scale stands here: "tỷ lệ 1/2000"."""
    return any(one.sort == "figure" and one.value == "ratio" for one in s.leads(pos)[:1])


def _long_day(s: Scan, m: re.Match[str], lead: str) -> Point | None:
    d, mo = int(m[1]), int(m[2])
    if not 1 <= mo <= 12 or d > 31:
        return None
    tail = YEAR_TAIL.match(s.low, m.end())
    if tail is not None:
        return Point(tail.end(), int(tail[1]), mo, d, bad=not _day(d, mo, int(tail[1])))
    if lead not in ("day", "weekday", "from", "until"):
        return None
    relative = RELATIVE_TAIL.match(s.low, m.end())
    return Point(relative.end() if relative else m.end(), None, mo, d, bad=not _day(d, mo, None))


def _month(s: Scan, pos: int) -> Point | None:
    m = MY.match(s.low, pos)
    if m is not None:
        mo = int(m[1])
        return Point(m.end(), int(m[3]), mo, bad=not 1 <= mo <= 12)
    m = NUMBER.match(s.low, pos)
    if m is None or not 1 <= int(m.group()) <= 12:
        return None
    tail = MONTH_YEAR_TAIL.match(s.low, m.end())
    if tail is not None:
        return Point(tail.end(), int(tail[1]), int(m.group()))
    relative = RELATIVE_TAIL.match(s.low, m.end())
    return Point(relative.end() if relative else m.end(), None, int(m.group()))


def _day_month(s: Scan, m: re.Match[str], lead: str) -> Point | None:
    d, sep, mo = int(m[1]), m[2].strip(), int(m[3])
    led = lead in ("day", "weekday")
    bounding = lead in ("from", "until") and sep == "-" and _day(d, mo, None) and not _has_unit(s, m.start())
    if sep != "/" and not led and not bounding:
        return None
    if sep == "." and s.leads(m.start())[:1] and s.leads(m.start())[0].phrase != "ngày":
        return None
    if not _day(d, mo, None):
        return Point(m.end(), None, mo, d, sure=led and sep == "/", bad=True) if sep == "/" else None
    tail = YEAR_TAIL.match(s.low, m.end())
    if tail is not None and s.low[m.end()] != "-":
        return Point(tail.end(), int(tail[1]), mo, d, bad=not _day(d, mo, int(tail[1])))
    relative = RELATIVE_TAIL.match(s.low, m.end())
    end = relative.end() if relative else m.end()
    return Point(end, None, mo, d, sure=led or relative is not None)


def _has_unit(s: Scan, pos: int) -> bool:
    amount = amount_at(s, pos)
    if amount is None or amount.sort == BARE:
        m = DM.match(s.low, pos)
        amount = amount_at(s, m.start(3)) if m is not None else None
    return (
        amount is not None
        and amount.sort in (MONEY, MEASURE, COUNT)
        and (amount.known or amount.sort == MONEY)
    )


def _year_fits(s: Scan, m: re.Match[str], lead: str) -> bool:
    digits = m.group()
    following = s.low[m.end() : m.end() + 1]
    if following in (".", ",") and s.low[m.end() + 1 : m.end() + 2].isdecimal():
        return False
    if len(digits) == 4:
        if lead == "year" or PLAIN_YEAR.fullmatch(digits):
            return lead in ("year", "span") or not _counts_known(s, m.start())
        return False
    return len(digits) == 3 and lead == "year" and not _counts_known(s, m.start())


def _counts_known(s: Scan, pos: int) -> bool:
    amount = amount_at(s, pos)
    return (
        amount is not None
        and amount.sort in (MONEY, MEASURE, COUNT)
        and (amount.known or amount.sort == MONEY)
    )


def _year_range(s: Scan, end: int, year: int) -> bool:
    m = JOIN.match(s.low, end)
    if m is None:
        return s.low.startswith("/", end) and s.low[end + 1 : end + 5] == str(year + 1)
    second = PLAIN_YEAR.match(s.low, m.end())
    if second is None:
        return _now(s, m.end()) > 0
    return int(second.group()) > year and not _counts_known(s, m.end())


def _now(s: Scan, pos: int) -> int:
    """Where the word for the present at ``pos`` ends; 0 where there is none."""
    for word in s.grammar.now_words:
        if s.low.startswith(word, pos) and not s.low[pos + len(word) : pos + len(word) + 1].isalpha():
            return pos + len(word)
    return 0


def _bare_day(s: Scan, pos: int, lead: str) -> Point | None:
    """A day alone: "ngày 25", "từ ngày 20 - 25/4", "ngày 20 và 21/4"."""
    m = NUMBER.match(s.low, pos)
    if m is None or not 1 <= int(m.group()) <= 31:
        return None
    day = int(m.group())
    joined = JOIN.match(s.low, m.end())
    if joined is not None:
        second = DM.match(s.low, _skip_date_word(s, joined.end()))
        if (
            second is not None
            and _day(int(second[1]), int(second[3]), None)
            and second[2] != "."
            and lead != "until"
        ):
            if second[2] == "-" and lead == "from" and not joined.group().strip().isalpha():
                return None
            return Point(m.end(), None, None, day)
    listed = LIST_OF_DAYS.match(s.low, m.end())
    if listed is not None and _day(int(listed[1]), int(listed[2]), None) and lead == "day":
        return Point(m.end(), None, int(listed[2]), day)
    if lead != "day" or _counts_known(s, pos) or s.low[m.end() : m.end() + 1] in set("/-.:hg%"):
        return _sentence_end(s, pos, m.end(), day, lead)
    return Point(m.end(), None, None, day)


def _sentence_end(s: Scan, pos: int, end: int, day: int, lead: str) -> Point | None:
    """ "… vào ngày 25." at the end of a sentence."""
    stop = s.low[end : end + 1] == "." and not s.low[end + 1 : end + 2].isdecimal()
    return Point(end, None, None, day) if stop and lead == "day" and not _counts_known(s, pos) else None


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


# From here on the first of two numbers is a day where nothing else tells ("25/4"), below it may count parts ("4/5").
LEAST_CLEAR_DAY = 12


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


def _skip_date_word(s: Scan, pos: int) -> int:
    m = DATE_WORD.match(s.low, pos)
    return pos if m is None else m.end()


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
    m = JOIN.match(s.low, first.end)
    slash = first.level == "year" and s.low.startswith("/", first.end)
    if m is None and not slash:
        return None
    at = first.end + 1 if m is None else m.end()
    now = _now(s, at)
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
    window = COMMEMORATED.split(s.low[max(0, pos - ANNIVERSARY_REACH) : pos])[-1]
    if not any(word in window for word in s.grammar.anniversaries):
        return False
    bracket = window.rfind("(")
    return bracket >= 0 and ")" not in window[bracket:]


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
    words = s.words(pos, 4)
    for n in range(len(words), 0, -1):
        found = s.grammar.date_words.get(s.low[pos : words[n - 1][1]])
        if found is not None:
            return When(pos, words[n - 1][1], None)
    return None
