"""Read Word 97–2003 files (.doc): the text that the piece table puts together.

Source  [MS-DOC] 2.4.1 (retrieving text), 2.5.1 (Fib), 2.9.38 (Clx), 2.9.73 (FcCompressed).
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator, Mapping

from hoptac.pages.build import Rendering, clean, make_page
from hoptac.pages.call import Call
from hoptac.pages.limits import Refused
from hoptac.pages.values import Finding, Page

MEDIA_TYPE = "application/msword"
_MAGIC = 0xA5EC
_ENCRYPTED, _TABLE_ONE = 0x0100, 0x0200
_CCP_TEXT, _CCP_NOTES, _CCP_HEADERS = 0x4C, 0x50, 0x54
_FC_CLX = 0x01A2
_COMPRESSED = 0x40000000
_FIELD_CODE = re.compile("\x13[^\x13\x14\x15]*(?:\x14|\x15)")
_MARKS = re.compile("[\x00-\x06\x08\x0e-\x12\x14-\x1d\x1f]")
_CELL_END = "\x07"
_FIELD_DEPTH = 8
_MAX_COLUMNS = 63
"""Word 97 allows no more columns."""


def read_doc(data: bytes, name: str, call: Call, streams: Mapping[str, bytes]) -> Iterator[Page | Finding]:
    """One page of a Word 97 file: its text, then notes, then headers and footers as furniture.

    Fails   ``Refused``: P10 encrypted, P13 older than Word 97, P12 a piece table that leads nowhere.
    """
    word = streams["worddocument"]
    try:
        text, notes, headers = _stories(word, streams, name, call)
    except (struct.error, KeyError, IndexError) as error:
        raise Refused("P12", name, kind="doc", found=str(error)[:200]) from error
    rendering = Rendering(name, call.limits.max_text_chars)
    for kind, line in _lines(text):
        rendering.add(line, kind)
    for _, line in _lines(notes):
        rendering.add(line, "footnote")
    for line in dict.fromkeys(line for _, line in _lines(headers)):
        rendering.add(line, "header", "furniture")
    text, blocks, mended = rendering.finish()
    text, found = clean(text, name)
    yield make_page(name, text, data, MEDIA_TYPE, blocks=blocks, findings=[*found, *mended])


def _stories(word: bytes, streams: Mapping[str, bytes], name: str, call: Call) -> tuple[str, str, str]:
    magic, version = struct.unpack_from("<HH", word, 0)
    flags = struct.unpack_from("<H", word, 0x0A)[0]
    if magic != _MAGIC or version < 0xC1:
        raise Refused("P13", name, kind="a Word file older than Word 97", instead="docx")
    if flags & _ENCRYPTED:
        raise Refused("P10", name)
    table = streams["1table" if flags & _TABLE_ONE else "0table"]
    sizes = [max(0, size) for size in struct.unpack_from("<3i", word, _CCP_TEXT)]
    offset, length = struct.unpack_from("<II", word, _FC_CLX)
    whole = _pieces(word, _piece_table(table[offset : offset + length]), name, call)
    first, second, third = sizes
    return whole[:first], whole[first : first + second], whole[first + second : first + second + third]


def _piece_table(clx: bytes) -> bytes:
    at = 0
    while clx[at] == 1:  # property modifiers stand before the piece table
        at += 3 + struct.unpack_from("<H", clx, at + 1)[0]
    if clx[at] != 2:
        raise IndexError("no piece table")
    length = struct.unpack_from("<I", clx, at + 1)[0]
    return clx[at + 5 : at + 5 + length]


def _pieces(word: bytes, table: bytes, name: str, call: Call) -> str:
    count = (len(table) - 4) // 12
    if count < 1:
        raise IndexError("the piece table is empty")
    ends = struct.unpack_from(f"<{count + 1}I", table, 0)
    parts: list[str] = []
    total = 0
    for n in range(count):
        place = struct.unpack_from("<I", table, 4 * (count + 1) + 8 * n + 2)[0]
        size = ends[n + 1] - ends[n]
        if size < 0 or total + size > call.limits.max_text_chars:
            raise Refused("P06", name, limit=f"{call.limits.max_text_chars:,}")
        total += size
        if place & _COMPRESSED:
            start = (place & ~_COMPRESSED) // 2
            parts.append(word[start : start + size].decode("cp1252", "replace"))
        else:
            parts.append(word[place : place + 2 * size].decode("utf-16-le", "replace"))
    return "".join(parts)


def _lines(story: str) -> Iterator[tuple[str, str]]:
    """Paragraphs and table rows of a story, as ("p" or "tr", text). Every cell ends with a mark, a row with one more."""
    story = story.replace("\x1e", "-").replace("\x1f", "").replace("\x0b", "\n").replace("\x0c", "\r")
    for _ in range(_FIELD_DEPTH):  # the code of a field goes, its result stays
        story, changed = _FIELD_CODE.subn("", story)
        if not changed:
            break
    *cells, rest = _MARKS.sub("", story).split(_CELL_END)
    at = 0
    while at < len(cells):
        before, _, first = cells[at].rpartition("\r")
        yield from (("p", line) for line in before.split("\r"))
        cells[at] = first
        width, at = _row_width(cells, at), at
        while True:
            row = cells[at : at + width]
            yield "tr", "\t".join(" ".join(cell.split()) for cell in row)
            at += width + 1
            if at >= len(cells) or "\r" in cells[at] or not _ends_row(cells, at + width):
                break
    yield from (("p", line) for line in rest.split("\r"))


def _ends_row(cells: list[str], at: int) -> bool:
    return at < len(cells) and not cells[at]


def _row_width(cells: list[str], start: int) -> int:
    """How many cells the rows from ``start`` on have: the fewest for which every row of the table ends with an empty
    mark. An empty cell looks like the end of a row; the rows below it tell them apart."""
    last = next((n for n in range(start + 1, len(cells)) if "\r" in cells[n]), len(cells))
    for width in range(1, _MAX_COLUMNS + 1):
        if all(_ends_row(cells, row + width) for row in range(start, last, width + 1)):
            return width
    return next((w for w in range(1, _MAX_COLUMNS + 1) if _ends_row(cells, start + w)), 1)
