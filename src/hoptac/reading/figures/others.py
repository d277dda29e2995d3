"""Figures that are no sum, count or date: times, telephones, papers' numbers, codes, scores, ratios (con số khác)."""

from __future__ import annotations

import re

from hoptac.reading.figures.quantity import FIRM
from hoptac.reading.figures.scan import Before, Scan
from hoptac.reading.mentions import Blank, Figure, Figures

LAW = re.compile(r"\d+(?:/\d{2,4})?/[A-ZĐƯ][A-ZĐƯ0-9]*(?:[-–/][A-ZĐƯ0-9]+)*")
PHONE = re.compile(
    r"(?:\+84|0)[ .\-]?\d{1,4}(?:[ .\-]?\d{2,4}){2,3}(?![\d.,]?\d)|(?:1[89]00)[ .\-]?\d{2,4}(?:[ .\-]?\d{2,3})?(?!\d)|\+?84[ .]?\d{2,3}[ .]?\d{3}[ .]?\d{3,4}(?!\d)"
)
TIME = re.compile(
    r"\d{1,2} ?(?:h|g)(?: ?\d{1,2}(?!\d)(?:['’p]| phút)?)?(?![^\W_])(?!/)|\d{1,2}:\d{2}(?::\d{2})?(?: ?[ap]m)?(?!\d)"
    r"|\d{1,2} ?giờ (?:\d{1,2}(?: phút)?|kém \d{1,2}|rưỡi)(?![^\W_])|\d{1,2} giờ(?= (?:sáng|trưa|chiều|tối|đêm|ngày|hôm|khuya)(?![^\W_]))"
)
HOUR = re.compile(r"\d{1,2}")
LAST_HOUR = 24
TIME_RANGE = re.compile(r" ?[-–] ?")
SCORE = re.compile(r"\d{1,3} ?[-–] ?\d{1,3}(?![\d.,/%]\d)(?!\d)")
RATIO = re.compile(r"\d+(?:[.,]\d+)?(?: ?[/:] ?| chọi )\d+(?:[.,]\d+)?(?![\d/])")
ONE_OF = re.compile(r"\d+(?= trong (?:(?:tổng )?số )?\d)")
SIZE = re.compile(
    r"\d+(?:[.,]\d+)? ?[x×] ?\d+(?:[.,]\d+)?(?: ?[x×] ?\d+(?:[.,]\d+)?)?(?![^\W_])(?: ?(?:cm|mm|m)(?![^\W_]))?"
)
RANGE = re.compile(r"\d+(?:[.,]\d+)* ?[-–] ?\d+(?:[.,]\d+)*(?!\d)")
VERSION = re.compile(r"\d(?:\.\d)+(?![\d])(?!,\d)")
RUN = re.compile(r"[^\W_]+(?:[-./:,][^\W_]+)*")
DIGITS = re.compile(r"\d+(?:[.,/:\-–]\d+)*")
# What may stand before the number of an item, on its line.
BULLETS = " -–•*(+"
LIST_ITEM = re.compile(r"\d{1,2}(?:\.\d{1,2})*[.)/\-](?= |$)")
MAIL = re.compile(r"[\w.@/:\-?=&%#]+")
LEFT_JOIN = re.compile(r"[^\W_]+(?:[-./&+@:_]{1,2}[^\W_]+)*[-./&+@:_]?\Z")
# A code such as "29A-123.45" is at most so long; how far back its first letter is looked for.
CODE_REACH = 40


def read_law(s: Scan, pos: int, leads: list[Before]) -> Figures | None:
    """ "19/2017/HNGĐ-PT", "02/HD-UBND", "số 72-KL/TW": the number of a paper."""
    dashed = s.number_end > pos and s.low[s.number_end : s.number_end + 1] in "-–"
    m = (LAW_DASH if dashed else LAW).match(s.text, pos)
    if m is None or m.group().rsplit("/", 1)[-1] in MONEY_SIGNS:
        return None
    return Figure(_figure_start(leads, pos), m.end(), "law")


# "5.000/VND" is a price, no paper.
MONEY_SIGNS = ("VNĐ", "VND", "USD")
LAW_DASH = re.compile(
    r"\d{1,4}[-–](?:NQ|CT|KL|QĐ|KH|TB|HD|QĐ|CV|BC|TT|NĐ|TTr|CTr|CTR|HDLN|QC|ĐA)(?:[/-][A-ZĐƯa-z0-9]+)*(?![^\W_])"
)


def read_time(s: Scan, pos: int, leads: list[Before]) -> Figures | None:
    """ "18h30", "8:30", "18 giờ 30 phút", "7h - 11h": the time of day."""
    m = TIME.match(s.low, pos)
    hour = HOUR.match(s.low, pos)
    if m is None or hour is None or int(hour.group()) > LAST_HOUR:
        return None
    end = m.end()
    joint = TIME_RANGE.match(s.low, end)
    if joint is not None:
        second = TIME.match(s.low, joint.end())
        if second is not None:
            end = second.end()
    return Figure(pos, end, "time")


def read_size(s: Scan, pos: int, leads: list[Before]) -> Figures | None:
    """ "20 x 30 cm", "1,2 x 2,4 m": the sides of a thing."""
    m = SIZE.match(s.low, pos)
    return None if m is None else Figure(pos, m.end(), "size")


def read_phone(s: Scan, pos: int, leads: list[Before]) -> Figures | None:
    """ "0912.345.678", "024 3825 1234", "1900 1234"."""
    begin = pos - 1 if pos and s.low[pos - 1] == "+" and pos - 1 >= s.floor else pos
    m = PHONE.match(s.low, begin)
    if m is None:
        return None
    digits = sum(c.isdecimal() for c in m.group())
    led = any(one.sort == "figure" and one.value == "phone" for one in leads)
    if not (9 <= digits <= 12 or (m.group().startswith(("18", "19")) and digits >= 6)) or (
        m.group().startswith(("18", "19")) and digits > 10
    ):
        return None
    if any(one.sort in ("date", "from") for one in leads) and not led:
        return None
    return Figure(_figure_start(leads, begin), m.end(), "phone")


def read_led(s: Scan, pos: int, leads: list[Before]) -> Figures | None:
    """A number that the word before it names: "quận 1", "lần thứ 11", "Điều 5", "lớp 3", "Quốc lộ 1A"."""
    for one in leads:
        if one.sort in ("hedge", "date"):
            continue
        if one.sort != "figure":
            return None
        if one.value in FIRM or one.value in s.grammar.kinds:
            m = RUN.match(s.low, pos)
            if m is None:
                return None
            end = m.end()
            if one.value == "ordinal" and one.phrase == "thứ" and m.group() in ("2", "3", "4", "5", "6", "7"):
                return Figure(one.start, end, "weekday")
            return Figure(one.start, end, one.value)
    return None


def read_shape(s: Scan, pos: int, leads: list[Before]) -> Figures | None:
    """What only the shape tells: scores, ratios, ranges, versions, items of a list."""
    low = s.low
    first = pos
    while first and low[first - 1] in BULLETS:
        first -= 1
    if not first or low[first - 1] == "\n":
        m = LIST_ITEM.match(low, pos)
        if m is not None:
            return Figure(pos, m.end(), "list")
    m = RATIO.match(low, pos) or ONE_OF.match(low, pos)
    if m is not None:
        return Figure(pos, m.end(), "ratio")
    m = SCORE.match(low, pos)
    if m is not None:
        kind = "score" if any(one.value == "score" for one in leads) else "range"
        return Figure(pos, m.end(), kind)
    m = RANGE.match(low, pos)
    if m is not None:
        return Figure(pos, m.end(), "range")
    m = VERSION.match(low, pos)
    if m is not None and low[pos : m.end()].count(".") + 1 >= 2 and not _comma(low, m.end()):
        return Figure(pos, m.end(), "version")
    return None


def _comma(low: str, end: int) -> bool:
    return low[end : end + 1] == "," and low[end + 1 : end + 2].isdecimal()


def read_code(s: Scan, pos: int) -> Figures | None:
    """A number grown into letters: "U23", "Covid-19", "29A-123.45", "4G", "VTV1", "baodienbien.vn/2024"."""
    low = s.low
    lo = max(s.floor, pos - CODE_REACH)
    lo = max(lo, low.rfind("\n", lo, pos) + 1, low.rfind(" ", lo, pos) + 1)
    m = LEFT_JOIN.search(low, lo, pos) if lo < pos else None
    start = m.start() if m is not None else pos
    right = RUN.match(low, pos)
    if right is None:
        return None
    end = right.end()
    if start == pos and low[pos:end].replace(".", "").replace(",", "").isdecimal():
        return None
    if not any(c.isalpha() for c in low[start:end]):
        return None
    if (
        "@" in low[start : end + 1]
        or "://" in low[max(0, lo) : end]
        or ".vn" in low[start:end]
        or ".com" in low[start:end]
    ):
        mail = MAIL.match(low, start)
        return Figure(start, mail.end() if mail else end, "address_mail")
    return Figure(start, end, "code" if "-" in low[start:end] or "." in low[start:end] else "name")


def read_name(s: Scan, pos: int) -> Figures | None:
    """A number that belongs to the name before it ("Nhiệt điện Thái Bình 2", "MH 370", "K -222", "Su -30"), or goes on
    with a list ("quận 1, 2, 3"); a long run of digits is a code."""
    low = s.low
    m = NUMBER.match(low, pos)
    if m is None:
        return None
    last = s.last
    if isinstance(last, Figure) and LIST_JOIN.fullmatch(low, last.end, pos):
        return Figure(pos, m.end(), last.kind)
    if m.end() - pos >= LONG_CODE:
        return Figure(pos, m.end(), "code")
    before = NAME_BEFORE.search(s.text, max(s.floor, pos - CODE_REACH), pos)
    if before is None or before.group(1)[0].islower():
        return None
    word = before.group(1)
    if (
        len(word) > 1
        and not word.isupper()
        and s.text[pos - 1] != "-"
        and _sentence_start(s, before.start(1))
    ):
        return None
    short = len(word) <= SHORT_CODE and (word.isupper() or s.text[pos - 1] == "-")
    return Figure(before.start(1) if short else pos, m.end(), "code" if short else "name")


def _sentence_start(s: Scan, pos: int) -> bool:
    before = s.low[max(0, pos - 2) : pos].rstrip(" ")
    return not before or before[-1] in '\n.:;!?"“-–•'


NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
LIST_JOIN = re.compile(r" ?(?:,|;|và|hoặc|hay|&|\+|/|-|–) ?")
NAME_BEFORE = re.compile(r"([^\W\d_]+) ?-?\Z")
# From this many digits on a plain run of digits is a code (an account, an identity number).
LONG_CODE = 9
# Letters of a type or plate before its number: "MH 370", "AIM -120".
SHORT_CODE = 4


def read_rest(s: Scan, pos: int) -> Figures:
    """A number of which nothing is known: no unit (M02), or separators that follow no way of writing (M03)."""
    m = DIGITS.match(s.low, pos)
    end = pos + 1 if m is None else m.end()
    plain = s.low[pos:end].replace(".", "").replace(",", "")
    odd = not plain.isdecimal() or s.low[pos:end].count(",") > 1
    return Blank(pos, end, "M03" if odd else "M02")


def _figure_start(leads: list[Before], pos: int) -> int:
    start = pos
    for one in leads:
        if one.sort != "figure":
            break
        start = min(start, one.start)
    return start
