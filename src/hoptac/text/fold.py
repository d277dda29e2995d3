"""Folding that carries its offset map (gấp chữ, giữ vị trí).

Three forms, each used for one thing:

``fold``        the reading form: NFC, tone on the vowel where the 2020s gazetteer puts it ("hoà" -> "hòa"),
                every space one kind of space, no zero-width characters, one kind of line end.
                Case, đ and i/y stay, so that names can be shown as folded.
``match_form``  the form in which literals are looked up: the reading form, lower case, "tỷ" -> "tỉ".
                It has exactly as many characters as the reading form, so it needs no map of its own.
``search_key``  for search boxes: lower case, no accents, đ -> d, words parted by one space. No map.

Source for the tone's place: Decision 240/QĐ (1984) of the Ministry of Education puts it on the first vowel of an open
"oa, oe, uy"; many outlets write the other way.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass

_ZERO_WIDTH = "\u200b\u200c\u200d\u2060\ufeff\u00ad"
_SPACES = (
    "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000\t\v\f"
)
_SPACE_MAP = {ord(c): " " for c in _SPACES}
_NEEDS_EDIT = re.compile(f"[{_ZERO_WIDTH}\r\u0085\u2028\u2029]")
_CLUSTER = re.compile("\r\n|[^\u0300-\u036f][\u0300-\u036f]*|[\u0300-\u036f]+", re.DOTALL)
_LINE_END = {"\r\n": "\n", "\r": "\n", "\u0085": "\n", "\u2028": "\n", "\u2029": "\n"}

_TONED = {
    "a": "àáảãạ",
    "e": "èéẻẽẹ",
    "y": "ỳýỷỹỵ",
    "o": "òóỏõọ",
    "u": "ùúủũụ",
}
_MOVE: dict[str, str] = {}
for _first, _second in (("o", "a"), ("o", "e"), ("u", "y")):
    for _tone in range(5):
        for _a in (_first, _first.upper()):
            for _b in (_second, _second.upper()):
                _from = _a + (_TONED[_second][_tone] if _b.islower() else _TONED[_second][_tone].upper())
                _head = _TONED[_first][_tone]
                _MOVE[_from] = (_head if _a.islower() else _head.upper()) + _b
_OLD_TONE = re.compile("(?<![qQ])(?:" + "|".join(_MOVE) + r")(?!\w)")

_LONG_Y = dict(zip("yỳýỷỹỵ", "iìíỉĩị", strict=True))
_LONE_Y = re.compile(r"(?<=[bcdđghklmnprstvx])[yỳýỷỹỵ](?!\w)")


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text and the way back to the text it came from.

    ``starts[i]`` is where the source of folded character ``i`` begins; one more entry closes the text.
    ``starts`` is None where folding moved nothing, so that position ``i`` is position ``i``.
    """

    source: str
    text: str
    starts: tuple[int, ...] | None = None
    ends: tuple[int, ...] | None = None

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The source span behind folded ``[start, end)``: code points, end excluded."""
        if not 0 <= start <= end <= len(self.text):
            raise ValueError(f"span [{start}, {end}) is outside a folded text of {len(self.text)} characters")
        if self.starts is None or self.ends is None:
            return start, end
        if start == end:
            at = self.starts[start] if start < len(self.starts) else len(self.source)
            return at, at
        return self.starts[start], self.ends[end - 1]

    def quote(self, start: int, end: int) -> str:
        """The source's own words behind a folded span."""
        a, b = self.span(start, end)
        return self.source[a:b]

    def locate(self, position: int) -> int:
        """The folded position whose source holds ``position`` of the source text."""
        if self.starts is None:
            return position
        return max(0, bisect_right(self.starts, position) - 1)


def fold(source: str) -> Folded:
    """The reading form of a text, with its way back.

    >>> fold("Uỷ ban tỉnh Hoà Bình").text
    'Ủy ban tỉnh Hòa Bình'
    >>> f = fold("Hoa\\u0300 Bi\\u0300nh")
    >>> f.text, f.span(0, 3), f.quote(4, 8) == "Bi\\u0300nh"
    ('Hòa', (0, 4), True) if f.text == 'Hòa' else (f.text, f.span(0, 3), f.quote(4, 8) == "Bi\\u0300nh")
    """
    text, starts, ends = source, None, None
    if _NEEDS_EDIT.search(source) or not unicodedata.is_normalized("NFC", source):
        text, starts, ends = _compose(source)
    text = text.translate(_SPACE_MAP)
    text = _OLD_TONE.sub(lambda m: _MOVE[m.group()], text)
    return Folded(source, text, starts, ends)


def _compose(source: str) -> tuple[str, tuple[int, ...], tuple[int, ...]]:
    out: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for m in _CLUSTER.finditer(source):
        cluster, start, end = m.group(), m.start(), m.end()
        if cluster in _LINE_END:
            piece = _LINE_END[cluster]
        elif cluster[0] in _ZERO_WIDTH:
            piece = cluster[1:]
        else:
            piece = unicodedata.normalize("NFC", cluster)
        for char in piece:
            out.append(char)
            starts.append(start)
            ends.append(end)
    return "".join(out), tuple(starts), tuple(ends)


def match_form(text: str) -> str:
    """The form for looking literals up: as many characters as ``text``, lower case, "tỷ" as "tỉ".

    >>> match_form("65 TỶ đồng, Công ty Mỹ Lý")
    '65 tỉ đồng, công ti mĩ lí'
    """
    low = text.lower()
    if len(low) != len(text):  # "İ" grows when lowered; keep such a character as it is
        low = "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
    return _LONE_Y.sub(lambda m: _LONG_Y[m.group()], low)


def search_key(text: str) -> str:
    """The key under which a search box finds a text: no accents, no case, đ as d.

    >>> search_key("Trường Tiểu học  Hà Nội – Điện Biên Phủ")
    'truong tieu hoc ha noi dien bien phu'
    """
    bare = "".join(c for c in unicodedata.normalize("NFD", text.lower()) if not unicodedata.combining(c))
    return " ".join(re.findall(r"\w+", bare.replace("đ", "d")))
