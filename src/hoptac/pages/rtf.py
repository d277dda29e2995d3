"""Read rich text (.rtf): the text between its control words.

Source  Rich Text Format Specification 1.9.1: destinations, \\'hh in the code page of \\ansicpg, \\uN with \\ucN.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from hoptac.pages.build import Rendering, clean, make_page
from hoptac.pages.call import Call
from hoptac.pages.limits import Refused
from hoptac.pages.values import Finding, Page

_TOKEN = re.compile(
    rb"\\'([0-9a-fA-F]{2})|\\([a-zA-Z]{1,32})(-?\d{1,10})? ?|\\(.)|([{}])|([^\\{}\r\n]+)|[\r\n]+", re.DOTALL
)
_SKIPPED = frozenset(
    b"fonttbl colortbl stylesheet info pict object themedata datastore listtable listoverridetable rsidtbl "
    b"generator xmlnstbl fldinst latentstyles filetbl revtbl bkmkstart bkmkend mmathPr nonshppict".split()
)
_MARGINS = frozenset(b"header headerl headerr headerf footer footerl footerr footerf".split())
_BREAKS = frozenset(b"par sect page row line".split())
_SIGNS = {
    b"tab": "\t",
    b"cell": "\t",
    b"emdash": "—",
    b"endash": "–",
    b"lquote": "‘",
    b"rquote": "’",
    b"ldblquote": "“",
    b"rdblquote": "”",
    b"bullet": "•",
    b"enspace": " ",
    b"emspace": " ",
}
_SYMBOLS = {b"~": "\u00a0", b"_": "-", b"\\": "\\", b"{": "{", b"}": "}"}
_MAX_GROUPS = 100_000
_TICK = 50_000


def read_rtf(data: bytes, name: str, call: Call) -> Iterator[Page | Finding]:
    """One page of a rich text file; headers and footers as furniture. ``Refused`` P12 where groups never end."""
    rendering = Rendering(name, call.limits.max_text_chars)
    margins: dict[str, None] = {}
    for kind, line in _lines(data, name, call):
        if kind == "header":
            margins.setdefault(" ".join(line.split()))
        else:
            rendering.add(line, kind)
    for line in margins:
        rendering.add(line, "header", "furniture")
    text, blocks, mended = rendering.finish()
    text, found = clean(text, name)
    yield make_page(name, text, data, "application/rtf", blocks=blocks, findings=[*found, *mended])


def _lines(data: bytes, name: str, call: Call) -> Iterator[tuple[str, str]]:
    state = _State()
    for count, match in enumerate(_TOKEN.finditer(data)):
        if not count % _TICK:
            call.budget.tick()
        hexed, word, number, sign, brace, plain = match.groups()
        if brace == b"{":
            state.open()
            if len(state.groups) > _MAX_GROUPS:
                raise Refused("P12", name, kind="rtf", found=f"{_MAX_GROUPS:,} groups inside one another")
        elif brace == b"}":
            if state.leaves_margin():
                yield "header", state.take()
            state.close()
        else:
            if state.starting and word in _MARGINS and not state.margin:
                yield "p", state.take()
            state.enter(word, sign)
            if word is not None:
                state.set(word, number)
            if state.skip:
                continue
            if hexed or plain:
                state.put(bytes([int(hexed, 16)]) if hexed else plain)
            elif word == b"u" and number:
                state.put_unicode(int(number))
            elif word in _BREAKS:
                yield ("header" if state.margin else "tr" if word == b"row" else "p"), state.take()
            elif word in _SIGNS and word is not None:
                state.say(_SIGNS[word])
            elif sign is not None and sign in _SYMBOLS:
                state.say(_SYMBOLS[sign])
    yield "p", state.take()


@dataclass
class _State:
    """Where the reading of a rich text stands: the open groups, and the line that is being put together."""

    groups: list[tuple[bool, bool, int]] = field(default_factory=list)
    skip: bool = False
    margin: bool = False
    fallback: int = 1
    to_skip: int = 0
    codec: str = "cp1252"
    starting: bool = False
    parts: list[str] = field(default_factory=list)
    raw: bytearray = field(default_factory=bytearray)

    def open(self) -> None:
        self.groups.append((self.skip, self.margin, self.fallback))
        self.starting = True

    def close(self) -> None:
        self.skip, self.margin, self.fallback = self.groups.pop() if self.groups else (False, False, 1)
        self.starting = False

    def leaves_margin(self) -> bool:
        return self.margin and not (self.groups and self.groups[-1][1])

    def enter(self, word: bytes | None, sign: bytes | None) -> None:
        """The first word of a group names its destination."""
        if sign == b"*" or (self.starting and word in _SKIPPED):
            self.skip = True
        elif self.starting and word in _MARGINS:
            self.margin = True
        self.starting = False

    def set(self, word: bytes, number: bytes | None) -> None:
        if word == b"ansicpg" and number:
            self.codec = _codec(number)
        elif word == b"uc" and number:
            self.fallback = max(0, min(int(number), 8))
        elif word == b"bin" and number:
            self.skip = True  # bytes that are no text; the group that holds them says nothing else

    def put(self, raw: bytes) -> None:
        self.raw += raw[self.to_skip :]
        self.to_skip = max(0, self.to_skip - len(raw))

    def put_unicode(self, number: int) -> None:
        self.say(chr(number % 0x10000))
        self.to_skip = self.fallback

    def say(self, text: str) -> None:
        if self.raw:
            self.parts.append(self.raw.decode(self.codec, "replace"))
            self.raw.clear()
        self.parts.append(text)

    def take(self) -> str:
        """The line so far. Surrogates that came one by one become one character."""
        self.say("")
        text = "".join(self.parts).encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
        self.parts.clear()
        return text


def _codec(number: bytes) -> str:
    try:
        return codecs.lookup(f"cp{int(number)}").name
    except (LookupError, ValueError):
        return "cp1252"
