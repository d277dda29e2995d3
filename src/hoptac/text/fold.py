"""Folding that carries its offset map (gấp chữ, giữ vị trí).

Three forms, each used for one thing:

``fold``        the reading form: NFC, tone on the vowel where the 2020s gazetteer puts it ("hoà" -> "hòa"),
                every space one kind of space (a tab parts cells and stays), no zero-width characters, one kind
                of line end, Đ for its look-alikes. Case, đ and i/y stay, so that names can be shown as folded.
``match_form``  the form in which literals are looked up: the reading form, lower case, "tỷ" -> "tỉ".
                It has exactly as many characters as the reading form, so it needs no map of its own.
``search_key``  for search boxes: lower case, no accents, đ -> d, words parted by one space. No map.

Tone's place: Decision 240/QĐ (1984) of the Ministry of Education puts it on the first vowel of an open "oa, oe, uy";
many outlets write the other way. After q the u belongs to the consonant: "quý" stays.
i/y: the same decision writes i after h, k, l, m, s, t, v in an open syllable ("kĩ, lí, mĩ, sĩ, tỉ, vĩ, hi"), while
names and most outlets write y; only such whole syllables are folded, so "quý", "thủy", "Thy", "may", "city" stay.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

_ZERO_WIDTH = "\u200b\u200c\u200d\u2060\ufeff\u00ad"
_SPACES = (
    "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000\v\f"
)
_LINE_ENDS = "\r\u0085\u2028\u2029"
_D_LOOKALIKES = {"Ð": "Đ", "Ɖ": "Đ", "ð": "đ"}  # eth, African D; from fonts and code pages that lack Đ
_HATS = "\u0302\u0306"  # circumflex and breve, where NFC left them apart: typed after the tone
_DROPPED = re.compile(f"[{_ZERO_WIDTH}]")
_MOVING = re.compile(f"[{_ZERO_WIDTH}{_LINE_ENDS}{_HATS}]")
_ONE_FOR_ONE = {**dict.fromkeys(_SPACES, " "), **_D_LOOKALIKES}
_ODD = re.compile(f"[{_SPACES}{''.join(_D_LOOKALIKES)}]")

# Characters that stay as they are, whatever stands around them: neither moved nor replaced by folding, and no normal
# form changes or joins them. Nearly all of a Vietnamese page; a test walks them.
_SETTLED = (
    "\t\n -~\u00a1-\u00ac\u00ae-\u00cf\u00d1-\u00ef\u00f1-\u0188\u018a-\u02ff"
    "\u1e00-\u1eff\u2010-\u2027\u2030-\u205e\u20a0-\u20bf"
)
_PLAIN = re.compile(f"[{_SETTLED}]*")
_STRAYS = re.compile(f"[^{_SETTLED}][^{_SETTLED}]*")

# Characters that no normal form joins to the one before; a test walks all of Unicode to hold that.
_STARTERS = (
    "\x00-\u02ff\u0370-\u0482\u1e00-\u20cf\u2100-\u2cee\u3040-\u3098\u3100-\u9fff"
    "\uac00-\ud7a3\ud800-\uf8ff\U0001f000-\U0001faff"
)
_EDIT = re.compile(
    f"\r\n|[{_LINE_ENDS}]"
    f"|[^{_ZERO_WIDTH}{_LINE_ENDS}](?:[{_ZERO_WIDTH}]*[^{_STARTERS}{_ZERO_WIDTH}])+"
    f"|[{_ZERO_WIDTH}]+",
)
_PLAIN_CLUSTER = re.compile("[A-Za-z\u00c0-\u01b0][\u0300-\u036f]+")
# Starters that NFC can still join to the one before: Hangul vowels and finals, vowel signs of some Indic scripts.
_JOINING = re.compile(
    "[\u1161-\u1175\u11a8-\u11c2\u09be\u09d7\u0b3e\u0b56\u0b57\u0bbe\u0bd7\u0cc2\u0cd5\u0cd6\u0d3e\u0d57\u0dcf\u0ddf"
    "\u102e\u1b35\U00011127\U0001133e\U00011357\U000114b0\U000114ba\U000114bd\U000115af\U00011930"
    "\U000113b8\U000113bb\U000113c2\U000113c5\U000113c7-\U000113c9\U0001611e-\U00016120\U00016d63\U00016d67]"
)

_TONED = {"a": "àáảãạ", "e": "èéẻẽẹ", "y": "ỳýỷỹỵ", "o": "òóỏõọ", "u": "ùúủũụ"}
_MOVE: dict[str, str] = {}
for _first, _second in (("o", "a"), ("o", "e"), ("u", "y")):
    for _from, _to in zip(_TONED[_second], _TONED[_first], strict=True):
        for _old, _new in ((_first + _from, _to + _second), (_first.upper() + _from, _to.upper() + _second)):
            _MOVE[_old] = _new
            _MOVE[_old[0] + _old[1].upper()] = _new[0] + _new[1].upper()
_OLD_TONE = re.compile("[oOuU][" + "".join(sorted({pair[1] for pair in _MOVE})) + r"](?![\w\u0300-\u036f])")

_LONG_Y = dict(zip("yỳýỷỹỵ", "iìíỉĩị", strict=True))
# The rare letter first, what must stand before it second: four times as fast as reading from left to right.
_LONE_Y = re.compile(r"[yỳýỷỹỵ](?<=[hklmstv].)(?<![\w\u0300-\u036f]..)(?!\w)")


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text and the way back to the text it came from.

    ``starts[i]``, ``ends[i]`` bound the source of folded character ``i``. Characters of one source cluster share its
    bounds; clusters do not overlap, and between them stands only what folding drops (zero-width characters). Both are
    None where folding moved nothing, so that position ``i`` is position ``i``.
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
        """The first folded position whose source holds ``position`` of the source text, or the last before it."""
        if self.starts is None:
            return position
        at = bisect_right(self.starts, position) - 1
        return bisect_left(self.starts, self.starts[at]) if at > 0 else 0

    def after(self, first: Folded) -> Folded:
        """This folding of ``first.text``, with its way back to ``first.source``.

        >>> from hoptac.text.references import expand_references
        >>> first = expand_references("Ho&agrave; B&igrave;nh")
        >>> both = fold(first.text).after(first)
        >>> both.text, both.quote(0, 3)
        ('Hòa Bình', 'Ho&agrave;')
        """
        if first.text != self.source:
            raise ValueError("the first folding did not give the text that this one folded")
        if first.starts is None or first.ends is None:
            return Folded(first.source, self.text, self.starts, self.ends)
        if self.starts is None or self.ends is None:
            return Folded(first.source, self.text, first.starts, first.ends)
        return Folded(
            first.source,
            self.text,
            tuple(first.starts[start] for start in self.starts),
            tuple(first.ends[end - 1] for end in self.ends),
        )


def fold(source: str) -> Folded:
    """The reading form of a text, with its way back. Linear in the text's length; never fails.

    >>> fold("Uỷ ban tỉnh Hoà Bình").text
    'Ủy ban tỉnh Hòa Bình'
    >>> folded = fold("Hoa\\u0300 Bi\\u0300nh")
    >>> folded.text, folded.span(0, 3), folded.span(4, 8)
    ('Hòa Bình', (0, 4), (5, 10))
    """
    text, starts, ends = source, None, None
    plain = _PLAIN.fullmatch(source) is not None
    strays = [] if plain else _strays(source)
    if any(
        not unicodedata.is_normalized("NFC", source[a:b]) or _MOVING.search(source, a, b) for a, b in strays
    ):
        text, starts, ends = _compose(source, strays)
    if not text.isascii():
        text = _OLD_TONE.sub(_move_tone, text)
    if not plain:
        text = _ODD.sub(_replace_odd, text)
    return Folded(source, text, starts, ends)


def _move_tone(m: re.Match[str]) -> str:
    pair, at = m.group(), m.start()
    if pair[0] in "uU" and at and m.string[at - 1] in "qQ":
        return pair
    return _MOVE.get(pair, pair)


def _replace_odd(m: re.Match[str]) -> str:
    return _ONE_FOR_ONE[m.group()]


def _strays(source: str) -> list[tuple[int, int]]:
    """The stretches that may change, each with the character before, which marks may join, and the whole of a line end."""
    found = []
    done = 0
    for stray in _STRAYS.finditer(source):
        start, end = stray.span()
        if start > done:
            start -= 1
        if source.startswith("\r\n", end - 1):
            end += 1
        found.append((start, end))
        done = end
    return found


def _compose(source: str, strays: Iterable[tuple[int, int]]) -> tuple[str, tuple[int, ...], tuple[int, ...]]:
    """NFC without zero-width characters, with one kind of line end, and each character's source."""
    out: list[str] = []
    starts: list[int] = []
    ends: list[int] = []

    def put(piece: str, start: int, end: int) -> None:
        out.append(piece)
        for _ in piece:
            starts.append(start)
            ends.append(end)

    def copy(start: int, end: int) -> None:
        out.append(source[start:end])
        starts.extend(_numbers(start, end))
        ends.extend(_numbers(start + 1, end + 1))

    done = 0
    for start, end in strays:
        copy(done, start)
        _edit(source, start, end, put)
        done = end
    copy(done, len(source))
    return "".join(out), tuple(starts), tuple(ends)


_FIRST_NUMBERS = tuple(range(1 << 15))


def _numbers(start: int, end: int) -> Sequence[int]:
    """The whole numbers from ``start`` up to ``end``: for a page of usual length without making them anew."""
    return _FIRST_NUMBERS[start:end] if end <= len(_FIRST_NUMBERS) else range(start, end)


def _edit(source: str, start: int, end: int, put: Callable[[str, int, int], None]) -> None:
    """Put the pieces of ``source[start:end]``, which nothing around it joins."""
    done = start
    for m in _EDIT.finditer(source, start, end):
        a, b = m.span()
        for at in range(done, a):  # a character that NFC replaces, such as the angstrom sign
            put(unicodedata.normalize("NFC", source[at]), at, at + 1)
        done = b
        cluster = m.group()
        if _PLAIN_CLUSTER.fullmatch(cluster):
            put(_join_marks(cluster), a, b)
        elif cluster[0] in _LINE_ENDS:
            put("\n", a, b)
        elif cluster[0] not in _ZERO_WIDTH:
            for first, last in _clusters(source, a, b):
                put(_join_marks(_DROPPED.sub("", source[first:last])), first, last)
    for at in range(done, end):
        put(unicodedata.normalize("NFC", source[at]), at, at + 1)


_TONE_FIRST = re.compile(f"([aeoAEO])([\u0300\u0301\u0303\u0309\u0323]+)([{_HATS}]+)")


@lru_cache(maxsize=4096)
def _join_marks(cluster: str) -> str:
    """NFC of one cluster, whichever of hat and tone was typed first ("a\u0301\u0302" is "ấ", though not for Unicode)."""
    if _MOVING.search(cluster):
        apart = unicodedata.normalize("NFD", cluster)
        cluster = _TONE_FIRST.sub(r"\1\3\2", apart)
    return unicodedata.normalize("NFC", cluster)


def _clusters(source: str, start: int, end: int) -> list[tuple[int, int]]:
    """The least stretches of source[start:end] that NFC can treat each by itself; trailing zero-widths left out."""
    bounds = [start]
    for at in range(start + 1, end):
        char = source[at]
        if char not in _ZERO_WIDTH and not unicodedata.combining(char) and not _JOINING.match(char):
            bounds.append(at)
    spans = []
    for a, b in zip(bounds, [*bounds[1:], end], strict=True):
        while source[b - 1] in _ZERO_WIDTH:
            b -= 1
        spans.append((a, b))
    return spans


def match_form(text: str) -> str:
    """The form for looking literals up: as many characters as ``text``, lower case, "tỷ" as "tỉ".

    ``text`` is in the reading form.

    >>> match_form("65 TỶ đồng, Công ty Mỹ Lý, quý I, Thủy")
    '65 tỉ đồng, công ti mĩ lí, quý i, thủy'
    """
    low = text.lower()
    if len(low) != len(text):  # "İ" grows when lowered; keep such a character as it is
        low = "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
    return _LONE_Y.sub(_shorten_y, low)


def _shorten_y(m: re.Match[str]) -> str:
    return _LONG_Y[m.group()]


_KEY_WORD = re.compile(r"[^\W_]+")


def search_key(text: str) -> str:
    """The key under which a search box finds a text: no accents, no case, đ as d.

    >>> search_key("Trường Tiểu học  Hà Nội – Điện Biên Phủ")
    'truong tieu hoc ha noi dien bien phu'
    """
    plain = unicodedata.normalize("NFKD", _DROPPED.sub("", text)).lower()
    if not plain.isascii():
        plain = unicodedata.normalize("NFKD", plain)
        plain = "".join(c for c in plain if not unicodedata.combining(c)).replace("đ", "d").replace("ð", "d")
    return " ".join(_KEY_WORD.findall(plain))
