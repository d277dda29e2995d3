"""What a line looks like by itself (hình dạng của dòng): its shape, from length, ends, capitals and known words.

A shape is a row of the lexicon's ``layout_weights``. Nothing here looks at a line's neighbours.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from hoptac.lexicon.tables import Lexicon
from hoptac.text.fold import fold, match_form

PROSE_LENGTH = 110
"""Characters from which a line that ends a sentence is a paragraph, not a caption or a short remark."""
PARA_LENGTH = 320
"""Characters from which a paragraph is too long to be a caption."""
HEAD_LENGTH = 68
"""Characters up to which an unpunctuated line is short enough to head a section of a story."""
TITLE_WORDS = 5
MARKS_LENGTH = 8
"""Marks and digits around a known word, at most: "Bình luận (12)", not "09:20 | 26-04-2024 | Xã hội"."""
TWIN_LENGTH = 40
"""A line from this length on whose two halves are the same is a teaser's title, from its picture and its link."""
RUNON_LENGTH = 80
"""Two headlines that a dump has run together are at least this long."""
RUNON_MOST = 180
SHORT_LENGTH = 160
"""Lines above this length are not looked through for words of an imprint or a date."""

_ENDS = frozenset(".!…;”\"’'")
_STRIP = " :.…»›>•|-–—()[]0123456789+,*"
_DAY = re.compile(
    r"(?<![\d/.-])(?:(?P<d>\d{1,2})(?P<sep>[/.-])(?P<m>\d{1,2})(?P=sep)(?P<y>\d{4})"
    r"|(?P<y2>\d{4})-(?P<m2>\d{2})-(?P<d2>\d{2})"
    r"|(?P<d3>\d{1,2}) (?:tháng|thg) (?P<m3>\d{1,2})(?: năm|,)? (?P<y3>\d{4}))(?![\d/])"
)
_CLOCK = re.compile(r"\d{1,2} ?[:hg] ?\d{2}(?::\d{2})?(?: ?')?")
_WORD = re.compile(r"[^\W\d_]+")
_BULLET = re.compile(r"[-–—•●▪*+·] ?\w|\d{1,2}[.)/] \w|[a-zđ]\) ?\w|[IVX]{1,4}[.)] ?\w")
_PHONE = re.compile(r"(?:\+84|(?<![\d.,/-])0)[\d .()-]{8,}\d|[\w.]+@[\w-]+\.\w|\bwww\.|https?://")
_LINKS = re.compile(r" ?[»›>|•] ?|\t| / ")
_DIGIT = re.compile(r"\d")
_CELL = re.compile(r"\t|\|| {3,}")
_ITEM = re.compile(r"; |: \d")
_ASIDE_NAME = re.compile(r"\s*\([^()]*\)\s*")


@dataclass(frozen=True, slots=True)
class FurnitureWords:
    """The lexicon's ``layout_words``, ready for lookup by whole line, by first word and anywhere."""

    whole: dict[str, str]
    starts: dict[str, tuple[tuple[str, str], ...]]
    inside: tuple[tuple[str, str], ...]
    of_dates: frozenset[str]
    menu: re.Pattern[str]


def furniture_words(lexicon: Lexicon) -> FurnitureWords:
    """Compile the words of a page's furniture; use through ``lexicon.built``."""
    whole: dict[str, str] = {}
    starts: dict[str, list[tuple[str, str]]] = {}
    inside: list[tuple[str, str]] = []
    of_dates: set[str] = set()
    menu: list[str] = []
    for row in lexicon.table("layout_words"):
        phrase, kind, at = match_form(fold(row["phrase"]).text), row["kind"], row["at"]
        if at == "line":
            whole.setdefault(phrase.strip(_STRIP) or phrase, kind)
            if kind == "menu":
                menu.append(re.escape(phrase))
        elif at == "start":
            starts.setdefault(_first(phrase), []).append((phrase, kind))
        elif at == "word":
            of_dates.add(phrase)
        else:
            inside.append((phrase, kind))
    menu.sort(key=len, reverse=True)
    by_first = {word: tuple(sorted(rows, key=lambda r: -len(r[0]))) for word, rows in starts.items()}
    pattern = re.compile(r"(?<!\w)(?:" + "|".join(menu) + r")(?!\w)") if menu else re.compile(r"(?!)")
    return FurnitureWords(whole, by_first, tuple(inside), frozenset(of_dates), pattern)


def _first(low: str) -> str:
    return low.split(" ", 1)[0].rstrip(":,.")


def key_of(low: str) -> str:
    """A line without its number, marks and spaces at the ends: "Bình luận (3)" and "bình luận" are one."""
    return low.strip(_STRIP)


def shape_of(text: str, low: str, words: FurnitureWords) -> str:
    """The shape of one line: ``text`` stripped and not empty, ``low`` its match form, of the same length.

    >>> from hoptac.lexicon.tables import default_lexicon
    >>> known = default_lexicon().built(furniture_words)
    >>> [shape_of(t, t.lower(), known) for t in ("Trần Vũ", "Bình luận (3)", "26/04/2024 10:15", "Tin, ảnh: PV")]
    ['name', 'end', 'date', 'byline']
    """
    length, last = len(text), text[-1]
    ended = last in _ENDS or (last == ")" and length >= PROSE_LENGTH and not _DIGIT.search(text, length - 6))
    half = length // 2
    if length >= TWIN_LENGTH and text[:half] == text[-half:]:
        return "twin"
    known = words.starts.get(_first(low))
    start = _start_kind(low, known) if known is not None else None
    if length >= PROSE_LENGTH and ended:
        return _long_shape(low, start, words)
    key = low.strip(_STRIP)
    if (kind := words.whole.get(low)) is not None:
        return kind
    if length - len(key) <= MARKS_LENGTH and (kind := words.whole.get(key)) is not None:
        return kind
    if start == "byline":
        if _is_byline(text, low, known or ()):
            return "byline"
    elif start == "box":
        return "more"
    elif start == "speech":
        return "sentence"
    elif start == "photo":
        return "credit" if not ended or ":" in text[:20] or length < 40 else "sentence"
    elif start == "outlet":
        if length <= 45 and not ended and _named_outlet(text, known or ()):
            return "foot"
    elif start is not None and not (ended and length > 30 and ":" not in low):
        return start
    if (kind := _inside_kind(low, words)) is not None and not (
        kind == "foot" and last == "." and ":" not in low
    ):
        return kind
    if length <= SHORT_LENGTH and (last != "." or length < 50) and _DIGIT.search(text):
        if _is_day_line(text, low, words):
            return "date"
        if _PHONE.search(text):
            return "foot"
    return _plain_shape(text, low, length, ended, words)


def _long_shape(low: str, start: str | None, words: FurnitureWords) -> str:
    """A line long enough for a paragraph: still an imprint, a picture's caption or a pointer where its words say so."""
    if "ảnh" in low[-60:] or low.startswith("ảnh"):
        tail = low[-60:]
        if any(phrase in tail for phrase, kind in words.inside if kind == "photo") or low.startswith("ảnh:"):
            return "credit"
    if start in ("foot", "end", "bar") and (":" in low[:60] or _inside_kind(low, words) == "foot"):
        return start
    if start == "box":
        return "more"
    if ("quyền" in low or "nguồn" in low or "phép" in low or ":" in low) and _imprint_count(low, words) >= 2:
        return "foot"
    return "prose" if len(low) < PARA_LENGTH else "para"


def _imprint_count(low: str, words: FurnitureWords) -> int:
    return sum(phrase in low for phrase, kind in words.inside if kind == "foot")


def _inside_kind(low: str, words: FurnitureWords) -> str | None:
    for phrase, kind in words.inside:
        if phrase in low:
            return "credit" if kind == "photo" else kind
    return None


def _plain_shape(text: str, low: str, length: int, ended: bool, words: FurnitureWords) -> str:
    """A line that no known word settles."""
    count = text.count(" ") + 1
    letters = _WORD.search(text)
    if letters is None:
        return "cells" if length > 1 and _DIGIT.search(text) else "symbol"
    if _BULLET.match(text):
        return "bullet"
    if text[-1] == ":":
        return "colon"
    if text[-1] == "?":
        return "prose" if length >= PROSE_LENGTH else "question"
    if _is_name(text, length):
        return "name"
    if ended and not (text[-1] in "'\"”’)" and length < 100 and "." not in text):
        return "sentence"
    if _is_crumb(text, low, words):
        return "crumb"
    if count >= TITLE_WORDS and _ITEM.search(text):
        return "item"
    if len(_CELL.findall(text)) >= 2:
        return "cells"
    if count < TITLE_WORDS:
        return "short"
    if length >= RUNON_LENGTH and length <= RUNON_MOST and text.count(",") <= 2 and _is_runon(text):
        return "runon"
    if length >= PROSE_LENGTH + 30:
        return "open"
    return "head" if length <= HEAD_LENGTH else "title"


def _start_kind(low: str, known: tuple[tuple[str, str], ...]) -> str | None:
    for phrase, kind in known:
        if low.startswith(phrase):
            after = low[len(phrase) : len(phrase) + 1]
            if not (after.isalnum() and phrase[-1].isalnum()):
                return kind
    return None


def _is_byline(text: str, low: str, known: tuple[tuple[str, str], ...]) -> bool:
    """ "Theo TTXVN", "Tin, ảnh: Quang Minh"; not "Theo đó, hai bên …" nor "Bài học từ Điện Biên"."""
    if len(text) > 80:
        return False
    phrase = next(p for p, kind in known if kind == "byline" and low.startswith(p))
    rest = text[len(phrase) :].strip()
    if not rest or rest[0] in ":-–/":
        return text[-1] != "?" and rest.count(" ") <= 8
    names = rest.split(" ")
    capital = sum(1 for word in names if word[:1].isupper() or not word[:1].isalpha())
    return len(names) <= 8 and capital >= 0.7 * len(names) and text[-1] not in ".?!"


def _named_outlet(text: str, known: tuple[tuple[str, str], ...]) -> bool:
    """ "Báo Điện Biên Phủ"; not "Báo chí hai tỉnh đưa tin"."""
    phrase = next(p for p, kind in known if kind == "outlet" and text.lower().startswith(p))
    return text[len(phrase) :].strip()[:1].isupper()


def _is_name(text: str, length: int) -> bool:
    """ "Trần Vũ", "Nguyễn Hoàng (Theo Reuters)", "Hồng Hạnh - Vũ Anh": capitals only, two to five words."""
    if length > 60 or not text[0].isupper() or text[-1] == ".":
        return False
    if text[-1] == ")":
        text = _ASIDE_NAME.sub("", text)
    parts = [
        word for word in text.replace(",", " ").replace("/", " ").split(" ") if word and word not in "-–&"
    ]
    return 2 <= len(parts) <= 7 and all(w[0].isupper() and w.replace(".", "").isalpha() for w in parts)


def _is_crumb(text: str, low: str, words: FurnitureWords) -> bool:
    """Several links in one line: "Trang chủ » Chính trị", "Thời sự Kinh tế Văn hóa Thể thao"."""
    parts: list[str] = [part for part in _LINKS.split(low) if part]
    if len(parts) >= 2 and any(words.whole.get(key_of(part)) == "menu" for part in parts):
        return sum(part.count(" ") < TITLE_WORDS - 1 for part in parts) >= 0.6 * len(parts)
    found: list[str] = words.menu.findall(low) if text.count(" ") >= 3 else []
    return len(found) >= 3 and len("".join(found)) >= 0.6 * len(text)


def _is_runon(text: str) -> bool:
    """Two headlines run together: far from both ends a capital follows a small word and small words follow it."""
    words = text.split(" ")
    return any(
        words[i][:1].isupper()
        and not words[i - 1][:1].isupper()
        and words[i - 1][-1:] not in ",:;–-"
        and words[i + 1].islower()
        and words[i + 2].islower()
        for i in range(5, len(words) - 4)
    )


def _is_day_line(text: str, low: str, words: FurnitureWords) -> bool:
    """A line that holds a day and hardly anything else but names: not "Giao nhà hoàn thiện ngày 25/7/2016"."""
    day = _DAY.search(low)
    if day is None or text[-1] == ".":
        return False
    rest = _CLOCK.sub(" ", text[: day.start()] + " " + text[day.end() :])
    others = [word for word in _WORD.findall(rest) if match_form(word) not in words.of_dates]
    return len(others) <= 5 and sum(word[0].islower() for word in others) <= 1


def day_of(low: str) -> date | None:
    """The day that a date line states; None where it states none that the calendar has.

    >>> day_of("thứ sáu, 26/04/2024 10:15")
    datetime.date(2024, 4, 26)
    """
    m = _DAY.search(low)
    if m is None:
        return None
    year, month, day = (
        m["y"] or m["y2"] or m["y3"],
        m["m"] or m["m2"] or m["m3"],
        m["d"] or m["d2"] or m["d3"],
    )
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None
