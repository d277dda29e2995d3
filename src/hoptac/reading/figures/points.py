"""A day, month or year as it is written (ngày, tháng, năm): one end of a period, or the whole of a date."""

from __future__ import annotations

import re
from calendar import monthrange
from typing import NamedTuple

from hoptac.reading.figures.amounts import BARE, COUNT, MEASURE, MONEY, amount_at
from hoptac.reading.figures.scan import Scan

YEAR = r"(?:1[0-9]|20)\d\d"
DMY = re.compile(rf"(\d\d?)( ?[/.\-] ?)(\d\d?)\2({YEAR}|\d\d)(?![\d%])(?![.,/\-]\d)")
DM = re.compile(r"(\d\d?)([/.\-])(\d\d?)(?![\d%])(?![.,/:]\d)")
MY = re.compile(rf"(\d\d?)( ?[/.\-] ?|, )({YEAR})(?!\d)")
YMD = re.compile(rf"({YEAR})-(\d\d)-(\d\d)(?!\d)")
SPACED_DM = re.compile(r"(\d\d?)( - )(\d\d?)(?=[,.)\n]|$)(?![.,]\d)")
LONG_DAY = re.compile(r"(\d\d?) tháng (\d\d?)(?!\d)")
RUN = re.compile(r"\d+")
NUMBER = re.compile(r"\d{1,4}(?!\d)")
PLAIN_YEAR = re.compile(rf"{YEAR}(?!\d)")
YEAR_TAIL = re.compile(rf"(?: ?[/\-] ?|,? năm | )({YEAR})(?![\d./])")
MONTH_YEAR_TAIL = re.compile(rf"(?: ?[/\-] ?|,? năm |, | )({YEAR})(?![\d./])")
# How a year or "năm nay" behind a day begins.
TAIL_STARTS = frozenset(" /-,")
RELATIVE_TAIL = re.compile(r" năm (nay|ngoái|trước|sau|tới|kia)(?![^\W_])")
# How what joins two years begins.
JOIN_STARTS = "/-–—đt"
JOIN = re.compile(r" ?[-–—] ?| (?:đến|tới) (?:hết )?(?:cuối |đầu |giữa )?")
DATE_WORD = re.compile(r"(?:ngày|tháng|năm|quý) ")
LIST_OF_DAYS = re.compile(
    r"(?:(?:, ?| và (?:ngày )?| - |-)\d\d?)?(?:, ?| và )(?:[^\W\d_]+ ){0,3}(\d\d?)[/\-](\d\d?)(?![\d%])"
)
# Two-digit years up to this one are of this century ("25/4/24").
CENTURY_TURN = 40


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


def is_day(day: int, month: int, year: int | None) -> bool:
    """Whether some calendar year (or this one) has the day."""
    return 1 <= month <= 12 and 1 <= day <= monthrange(year or 2024, month)[1]


def point_at(s: Scan, pos: int, lead: str) -> Point | None:
    """The date that begins with digits at ``pos``, as far as its shape and its lead tell."""
    low = s.low
    run = RUN.match(low, pos)
    if run is None:
        return None
    size, end = run.end() - pos, run.end()
    sign = low[end : end + 1]
    if size == 4 and sign == "-":
        m = YMD.match(low, pos)
        if m is not None:
            y, mo, d = int(m[1]), int(m[2]), int(m[3])
            return Point(m.end(), y, mo, d, bad=not is_day(d, mo, y))
    if sign == " ":
        sign = low[end + 1 : end + 2]
    parted = size <= 2 and sign != "" and sign in "/.-"
    if parted:
        point = _full_day(s, pos, lead)
        if point is not None:
            return point
    elif size <= 2 and sign == "t" and lead != "month":
        m = LONG_DAY.match(low, pos)
        if m is not None:
            return _long_day(s, m, lead)
    if lead == "month":
        return _month(s, pos)
    if parted:
        point = _part_day(s, pos, sign, lead)
        if point is not None:
            return point
    if size <= 4:
        if lead in ("year", "span", "from", "until"):
            m = NUMBER.match(low, pos)
            if m is not None and _year_fits(s, m, lead):
                return Point(end, int(m.group()), sure=lead == "year" or size == 4)
        if size == 4 and sign and sign in JOIN_STARTS:
            m = PLAIN_YEAR.match(low, pos)
            if m is not None and _year_range(s, end, int(m.group())):
                return Point(end, int(m.group()))
    if lead in ("day", "from", "until"):
        return _bare_day(s, pos, lead)
    return None


def _full_day(s: Scan, pos: int, lead: str) -> Point | None:
    """ "25/4/2024", "25-4-24" behind a day's lead."""
    m = DMY.match(s.low, pos)
    if m is None or not (len(m[4]) == 4 or m[2] == "/" or lead in ("day", "weekday")):
        return None
    d, mo, y = int(m[1]), int(m[3]), int(m[4])
    if len(m[4]) == 2:
        y += 2000 if y <= CENTURY_TURN else 1900
    fits = is_day(d, mo, y)
    return Point(m.end(), y, mo, d, sure=fits or len(m[4]) == 4, bad=not fits)


def _part_day(s: Scan, pos: int, sign: str, lead: str) -> Point | None:
    """ "4/2024", "25/4", "25 - 4" with ``sign`` between."""
    low = s.low
    if sign == "/":
        m = MY.match(low, pos)
        if m is not None and 1 <= int(m[1]) <= 12 and not _scaled(s, pos):
            return Point(m.end(), int(m[3]), int(m[1]))
    m = DM.match(low, pos) or (SPACED_DM.match(low, pos) if lead == "day" else None)
    return None if m is None else _day_month(s, m, lead)


def _scaled(s: Scan, pos: int) -> bool:
    """Whether a map's scale stands here: "tỷ lệ 1/2000"."""
    return any(one.sort == "figure" and one.value == "ratio" for one in s.leads(pos)[:1])


def _long_day(s: Scan, m: re.Match[str], lead: str) -> Point | None:
    d, mo = int(m[1]), int(m[2])
    if not 1 <= mo <= 12 or d > 31:
        return None
    tail = YEAR_TAIL.match(s.low, m.end())
    if tail is not None:
        return Point(tail.end(), int(tail[1]), mo, d, bad=not is_day(d, mo, int(tail[1])))
    if lead not in ("day", "weekday", "from", "until"):
        return None
    relative = RELATIVE_TAIL.match(s.low, m.end())
    return Point(relative.end() if relative else m.end(), None, mo, d, bad=not is_day(d, mo, None))


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
    bounding = (
        lead in ("from", "until") and sep == "-" and is_day(d, mo, None) and not _has_unit(s, m.start())
    )
    if sep != "/" and not led and not bounding:
        return None
    if sep == "." and s.leads(m.start())[:1] and s.leads(m.start())[0].phrase != "ngày":
        return None
    if not is_day(d, mo, None):
        return Point(m.end(), None, mo, d, sure=led and sep == "/", bad=True) if sep == "/" else None
    end = m.end()
    if s.low[end : end + 1] not in TAIL_STARTS:
        return Point(end, None, mo, d, sure=led)
    tail = YEAR_TAIL.match(s.low, end)
    if tail is not None and s.low[end] != "-":
        return Point(tail.end(), int(tail[1]), mo, d, bad=not is_day(d, mo, int(tail[1])))
    relative = RELATIVE_TAIL.match(s.low, end)
    return Point(relative.end() if relative else end, None, mo, d, sure=led or relative is not None)


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
        return now_end(s, m.end()) > 0
    return int(second.group()) > year and not _counts_known(s, m.end())


def now_end(s: Scan, pos: int) -> int:
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
        second = DM.match(s.low, skip_date_word(s, joined.end()))
        if (
            second is not None
            and is_day(int(second[1]), int(second[3]), None)
            and second[2] != "."
            and lead != "until"
        ):
            if second[2] == "-" and lead == "from" and not joined.group().strip().isalpha():
                return None
            return Point(m.end(), None, None, day)
    listed = LIST_OF_DAYS.match(s.low, m.end())
    if listed is not None and is_day(int(listed[1]), int(listed[2]), None) and lead == "day":
        return Point(m.end(), None, int(listed[2]), day)
    if lead != "day" or _counts_known(s, pos) or s.low[m.end() : m.end() + 1] in set("/-.:hg%"):
        return _sentence_end(s, pos, m.end(), day, lead)
    return Point(m.end(), None, None, day)


def _sentence_end(s: Scan, pos: int, end: int, day: int, lead: str) -> Point | None:
    """ "… vào ngày 25." at the end of a sentence."""
    stop = s.low[end : end + 1] == "." and not s.low[end + 1 : end + 2].isdecimal()
    return Point(end, None, None, day) if stop and lead == "day" and not _counts_known(s, pos) else None


def skip_date_word(s: Scan, pos: int) -> int:
    m = DATE_WORD.match(s.low, pos)
    return pos if m is None else m.end()
