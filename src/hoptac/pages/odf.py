"""Read OpenDocument texts and spreadsheets (.odt, .ods). Source: OASIS OpenDocument 1.3, part 3."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from hoptac.pages.build import Rendering, make_page
from hoptac.pages.call import Call
from hoptac.pages.limits import Refused
from hoptac.pages.values import Finding, Page
from hoptac.pages.zips import open_zip, read_member

ODT = "application/vnd.oasis.opendocument.text"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_P, _H, _NOTE = f"{_TEXT}p", f"{_TEXT}h", f"{_TEXT}note"
_ROW, _CELL, _COVERED = f"{_TABLE}table-row", f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"
_LEFT_OUT = frozenset((f"{_TEXT}tracked-changes", f"{_OFFICE}annotation", f"{_TEXT}note-citation"))
_MAX_REPEATS = 64
"""Repeats of a filled cell or row that are written out; more is a fill, not a table of facts."""
_ENTITY = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)


def read_odt(data: bytes, name: str, call: Call) -> Iterator[Page | Finding]:
    """One page of an OpenDocument text: paragraphs, lists, tables, notes; headers and footers as furniture."""
    root = _content(data, "content.xml", name, call)
    rendering = Rendering(name, call.limits.max_text_chars)
    body = root.find(f"{_OFFICE}body")
    _write(body if body is not None else root, rendering, call)
    styles = _content(data, "styles.xml", name, call, needed=False)
    if styles is not None:
        margins = (p for part in styles.iter("{*}master-page") for p in part.iter(_P))
        for line in dict.fromkeys(_inline(p) for p in margins):
            rendering.add(line, "header", "furniture")
    text, blocks, mended = rendering.finish()
    yield make_page(name, text, data, ODT, blocks=blocks, findings=mended)


def read_ods(data: bytes, name: str, call: Call) -> Iterator[Page | Finding]:
    """The sheets of an OpenDocument spreadsheet, one a page, cells as the sheet shows them, parted by tabs."""
    root = _content(data, "content.xml", name, call)
    for number, table in enumerate(root.iter(f"{_TABLE}table")):
        if number >= call.limits.max_members:
            raise Refused("P09", name, limit=call.limits.max_members, what="sheets")
        title = table.get(f"{_TABLE}name") or f"{number + 1}"
        own = f"{name}#{title}"
        rendering = Rendering(own, call.limits.max_text_chars)
        for row in _rows(table):
            call.budget.tick()
            rendering.add(row, "tr")
        text, blocks, mended = rendering.finish()
        media_type = "text/tab-separated-values"
        yield make_page(
            own,
            text,
            text.encode(),
            media_type,
            encoding="utf-8",
            title=title,
            blocks=blocks,
            findings=mended,
        )


def _content(data: bytes, part: str, name: str, call: Call, *, needed: bool = True) -> Any:
    from lxml import etree

    xml = read_member(open_zip(data, name, call.limits), part, name, call.limits.max_page_bytes)
    if xml is None:
        if needed:
            raise Refused("P12", name, kind="OpenDocument", found=f"no {part}; it may be encrypted")
        return None
    if _ENTITY.search(xml):
        raise Refused("P30", name)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)
    try:
        root = etree.fromstring(xml, parser)
    except etree.XMLSyntaxError as error:
        raise Refused("P12", name, kind="OpenDocument", found=str(error)[:200]) from error
    return root


def _write(body: Any, rendering: Rendering, call: Call) -> None:
    stack: list[tuple[Any, str]] = [(child, "p") for child in reversed(body)]
    notes: list[str] = []
    while stack:
        element, kind = stack.pop()
        tag = element.tag
        if tag in _LEFT_OUT:
            continue
        if tag == _H:
            level = element.get(f"{_TEXT}outline-level") or "1"
            rendering.add(_inline(element), f"h{level[:1]}")
        elif tag == _P:
            call.budget.tick()
            rendering.add(_inline(element), kind)
            notes += [_inline(note) for note in element.iter(_NOTE)]
        elif tag == f"{_TABLE}table":
            for row in _rows(element):
                rendering.add(row, "tr")
        else:
            inner = "li" if tag == f"{_TEXT}list-item" else kind
            stack.extend((child, inner) for child in reversed(element))
    for note in notes:
        rendering.add(note, "footnote")


def _rows(table: Any) -> Iterator[str]:
    for row in table.iter(_ROW):
        cells: list[str] = []
        for cell in row:
            if cell.tag not in (_CELL, _COVERED):
                continue
            text = " ".join(" ".join(_inline(p).split()) for p in cell.iter(_P, _H))
            times = _repeats(cell, "number-columns-repeated")
            cells += [text] * (min(times, _MAX_REPEATS))
        line = "\t".join(cells).rstrip("\t")
        for _ in range(_repeats(row, "number-rows-repeated") if line else 0):
            yield line


def _repeats(element: Any, name: str) -> int:
    value = element.get(f"{_TABLE}{name}") or "1"
    return min(int(value), _MAX_REPEATS) if value.isdigit() and len(value) < 10 else 1


def _inline(paragraph: Any) -> str:
    """The text of a paragraph: spaces, tabs and line breaks are elements; notes stand elsewhere."""
    parts: list[str] = [paragraph.text or ""]
    stack: list[tuple[Any, bool]] = [(child, False) for child in reversed(paragraph)]
    while stack:
        element, closing = stack.pop()
        if closing:
            parts.append(element.tail or "")
            continue
        stack.append((element, True))
        tag = element.tag
        if tag in _LEFT_OUT or (tag == _NOTE and paragraph.tag != _NOTE):
            continue
        if tag == f"{_TEXT}s":
            count = element.get(f"{_TEXT}c") or "1"
            parts.append(" " * min(int(count) if count.isdigit() and len(count) < 4 else 1, 64))
        elif tag == f"{_TEXT}tab":
            parts.append("\t")
        elif tag == f"{_TEXT}line-break":
            parts.append("\n")
        else:
            parts.append(element.text or "")
            stack.extend((child, False) for child in reversed(element))
    return "".join(parts)
