"""What a line looks like by itself (hình dạng của dòng): its shape, from length, ends, capitals and known words.

A shape is a row of the lexicon's ``layout_weights``. Nothing here looks at a line's neighbours.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from ahocorasick_rs import AhoCorasick

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

LINKS = 3
"""So many words of a menu in one line, or more, are its links."""
PHOTO_REACH = 60
"""How far from the end of a long line the credit of its picture stands."""
IMPRINT_PHRASES = 2
"""A paragraph with so many phrases of an imprint is one."""

_ENDS = frozenset(".!…;”\"’'")
_STRIP = " :.…»›>•|-–—()[]0123456789+,*"
_DAY = re.compile(
    r"(?<![\d/.-])(?:(?P<d>\d{1,2})(?P<sep>[/.-])(?P<m>\d{1,2})(?P=sep)(?P<y>\d{4})"
    r"|(?P<y2>\d{4})-(?P<m2>\d{2})-(?P<d2>\d{2})"
    r"|(?P<d3>\d{1,2}) (?:tháng|thg) (?P<m3>\d{1,2})(?: năm|,)? (?P<y3>\d{4}))(?![\d/])"
)
_CLOCK = re.compile(r"\d{1,2} ?[:hg] ?\d{2}(?::\d{2})?(?: ?')?")
_WORD = re.compile(r"[^\W\d_]+")
_NUMERALS = "IVX"
_BULLET = re.compile(r"[-–—•●▪*+·] ?\w|\d{1,2}[.)/] \w|[a-zđ]\) ?\w|[IVX]{1,4}[.)] ?\w")
_PHONE = re.compile(r"(?:\+84|(?<![\d.,/-])0)[\d .()-]{8,}\d|[\w.]+@[\w-]+\.\w|\bwww\.|https?://")
_LINKS = re.compile(r" ?[»›>|•] ?|\t| / ")
_DIGIT = re.compile(r"\d")
_CELL = re.compile(r"\t|\|| {3,}")
_ITEM = re.compile(r"; |: \d")
_ASIDE_NAME = re.compile(r"\s*\([^()]*\)\s*")


class Inside:
    """Phrases that tell wherever in a line they stand, with their kinds; the one listed first counts."""

    def __init__(self, rows: Iterable[tuple[str, str]]) -> None:
        kinds = dict(rows)
        self._kinds = list(kinds.values())
        self._find = AhoCorasick(kinds or ["\0"]).find_matches_as_indexes

    def kind(self, low: str) -> str | None:
        """The kind of the first phrase of the table that stands in ``low``."""
        hits = self._find(low, overlapping=True)
        return self._kinds[min(hits)[0]] if hits else None

    def count(self, low: str, kind: str) -> int:
        """How many phrases of one kind stand in ``low``."""
        hits = self._find(low, overlapping=True)
        return sum([self._kinds[row] == kind for row in {hit[0] for hit in hits}]) if hits else 0


class Menu:
    """The words of menus, found as whole words in a line, none overlapping."""

    def __init__(self, words: Iterable[str]) -> None:
        ordered = sorted(words, key=len, reverse=True)
        self._find = AhoCorasick(ordered or ["\0"]).find_matches_as_indexes
        self._words = re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, ordered or ["\0"])) + r")(?!\w)")

    def found(self, low: str, least: int) -> list[str]:
        """The words in ``low``, in order; none where there are fewer than ``least``."""
        if len(self._find(low, overlapping=True)) < least:
            return []
        words: list[str] = self._words.findall(low)
        return words if len(words) >= least else []


@dataclass(frozen=True, slots=True)
class FurnitureWords:
    """The lexicon's ``layout_words``, ready for lookup by whole line, by first word and anywhere."""

    whole: dict[str, str]
    starts: dict[str, tuple[tuple[str, str], ...]]
    inside: Inside
    of_dates: frozenset[str]
    menu: Menu


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
                menu.append(phrase)
        elif at == "start":
            starts.setdefault(_first(phrase), []).append((phrase, kind))
        elif at == "word":
            of_dates.add(phrase)
        else:
            inside.append((phrase, kind))
    by_first = {word: tuple(sorted(rows, key=lambda r: -len(r[0]))) for word, rows in starts.items()}
    return FurnitureWords(whole, by_first, Inside(inside), frozenset(of_dates), Menu(menu))


def _first(low: str) -> str:
    space = low.find(" ")
    word = low if space < 0 else low[:space]
    return word if word.isalpha() else word.rstrip(":,.")


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
    half = length // 2
    if length >= TWIN_LENGTH and text[0] == text[-half] and text[:half] == text[-half:]:
        return "twin"
    known = words.starts.get(_first(low))
    start = None if known is None else _start_kind(low, known)
    ended = last in _ENDS
    if length >= PROSE_LENGTH:
        ended = ended or (last == ")" and _DIGIT.search(text, length - 6) is None)
        if ended:
            return _long_shape(low, start, words)
    if (kind := words.whole.get(low)) is not None:
        return kind
    key = low.strip(_STRIP)
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
    tail = low[-PHOTO_REACH:]
    if ("ảnh" in tail or low.startswith("ảnh")) and (
        low.startswith("ảnh:") or words.inside.count(tail, "photo")
    ):
        return "credit"
    if start in ("foot", "end", "bar") and (":" in low[:60] or _inside_kind(low, words) == "foot"):
        return start
    if start == "box":
        return "more"
    if (":" in low or "quyền" in low or "nguồn" in low or "phép" in low) and words.inside.count(
        low, "foot"
    ) >= IMPRINT_PHRASES:
        return "foot"
    return "prose" if len(low) < PARA_LENGTH else "para"


def _inside_kind(low: str, words: FurnitureWords) -> str | None:
    kind = words.inside.kind(low)
    return "credit" if kind == "photo" else kind


def _plain_shape(text: str, low: str, length: int, ended: bool, words: FurnitureWords) -> str:
    """A line that no known word settles."""
    count = text.count(" ") + 1
    first = text[0]
    if not first.isalpha() and _WORD.search(text) is None:
        return "cells" if length > 1 and _DIGIT.search(text) else "symbol"
    if (not first.isupper() or first in _NUMERALS) and _BULLET.match(text):
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
    parts = 0
    for word in text.replace(",", " ").replace("/", " ").split(" "):
        if word and word not in "-–&":
            if not word[0].isupper() or not word.replace(".", "").isalpha():
                return False
            parts += 1
    return 2 <= parts <= 7


def _is_crumb(text: str, low: str, words: FurnitureWords) -> bool:
    """Several links in one line: "Trang chủ » Chính trị", "Thời sự Kinh tế Văn hóa Thể thao"."""
    parts: list[str] = [part for part in _LINKS.split(low) if part]
    if len(parts) >= 2 and any(words.whole.get(key_of(part)) == "menu" for part in parts):
        return sum(part.count(" ") < TITLE_WORDS - 1 for part in parts) >= 0.6 * len(parts)
    found = words.menu.found(low, LINKS) if text.count(" ") >= LINKS else []
    return bool(found) and len("".join(found)) >= 0.6 * len(text)


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
