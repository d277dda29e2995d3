"""Read Word files (.docx): paragraphs and tables in document order, notes and boxes, headers and footers as furniture."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from hoptac.pages.build import Rendering, make_page
from hoptac.pages.call import Call
from hoptac.pages.limits import Refused
from hoptac.pages.values import Finding, Page
from hoptac.pages.zips import chunks, open_zip

if TYPE_CHECKING:
    from docx.document import Document as Word

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
# ECMA-376 part 1, 17: WordprocessingML.
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_P, _TBL, _TR, _TC, _T = (f"{_W}{tag}" for tag in ("p", "tbl", "tr", "tc", "t"))
_BOX = f"{_W}txbxContent"
_SIGNS = {
    f"{_W}tab": "\t",
    f"{_W}ptab": "\t",
    f"{_W}br": "\n",
    f"{_W}cr": "\n",
    f"{_W}noBreakHyphen": "-",
}
_LEFT_OUT = frozenset(
    (_FALLBACK, _BOX, *(f"{_W}{tag}" for tag in ("del", "moveFrom", "pPr", "rPr", "instrText")))
)
_NOTES = ("footnotes", "endnotes")
_ENTITY = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_HEADING = re.compile(r"heading (\d)", re.IGNORECASE)


def read_docx(data: bytes, name: str, call: Call) -> Iterator[Page | Finding]:
    """One page of a Word file.

    Deleted text of tracked changes is left out, inserted text is in. The dates that Word keeps are those of the file,
    not of what it says, so ``published`` stays None; the date line of the paper is in its text.
    Fails   ``Refused``: what ``open_zip`` refuses; P03 for a part of XML above ``max_page_bytes``; P12 no Word file;
            P30 defines entities.
    """
    _check_parts(data, name, call)
    document = _open(data, name)
    rendering = Rendering(name, call.limits.max_text_chars)
    walker = _Walker(document, rendering, call)
    walker.write()
    title = " ".join((document.core_properties.title or "").split()) or None
    text, blocks, mended = rendering.finish()
    yield make_page(name, text, data, MEDIA_TYPE, title=title, blocks=blocks, findings=mended)


def _check_parts(data: bytes, name: str, call: Call) -> None:
    """Bound every part of XML before a tree is made of it, and see whether one defines entities."""
    archive = open_zip(data, name, call.limits)
    for member in archive.infolist():
        if not member.filename.endswith((".xml", ".rels")):
            continue
        if member.file_size > call.limits.max_page_bytes:
            raise Refused("P03", name, limit=f"{call.limits.max_page_bytes:,}")
        first = next(chunks(archive, member, name), b"")
        if _ENTITY.search(first):
            raise Refused("P30", name)


def _open(data: bytes, name: str) -> Word:
    from docx import Document
    from docx.opc.exceptions import OpcError
    from lxml.etree import LxmlError

    try:
        return Document(io.BytesIO(data))
    except (OpcError, LxmlError, KeyError, ValueError, AttributeError, TypeError, OSError) as error:
        raise Refused("P12", name, kind="docx", found=str(error)[:200] or type(error).__name__) from error


class _Walker:
    """Writes a document's parts into a rendition."""

    def __init__(self, document: Word, rendering: Rendering, call: Call) -> None:
        self.document = document
        self.out = rendering
        self.call = call
        self.styles = _style_names(document)

    def write(self) -> None:
        headers, footers = self._margins()
        for line in headers:
            self.out.add(line, "header", "furniture")
        self._write_body(self.document.element.body)
        for part in _NOTES:
            for line in self._notes(part):
                self.out.add(line, "footnote")
        for line in footers:
            self.out.add(line, "footer", "furniture")

    def _write_body(self, body: Any) -> None:
        stack: list[Any] = list(reversed(body))
        count = 0
        while stack:
            element = stack.pop()
            count += 1
            if not count % 1000:
                self.call.budget.tick()
            if element.tag == _P:
                self._write_paragraph(element)
            elif element.tag == _TBL:
                for row in _rows(element):
                    self.out.add(row, "tr")
            elif element.tag not in _LEFT_OUT:
                stack.extend(reversed(element))  # content controls, custom XML, inserted ranges

    def _write_paragraph(self, paragraph: Any) -> None:
        kind, role = self._kind(paragraph)
        text, boxes = _paragraph_text(paragraph)
        self.out.add(text, kind, role)
        for box in boxes:
            for inner in box.iter(_P):
                self.out.add(_paragraph_text(inner)[0], "textbox")

    def _kind(self, paragraph: Any) -> tuple[str, str | None]:
        properties = paragraph.find(f"{_W}pPr")
        if properties is None:
            return "p", None
        style = properties.find(f"{_W}pStyle")
        name = self.styles.get(style.get(f"{_W}val", ""), "") if style is not None else ""
        if match := _HEADING.match(name):
            return f"h{match[1]}", None
        if name == "title":
            return "title", "headline"
        if name == "caption":
            return "caption", "caption"
        if properties.find(f"{_W}numPr") is not None or name.startswith("list"):
            return "li", None
        return "p", None

    def _margins(self) -> tuple[list[str], list[str]]:
        """Lines of all headers and of all footers, each said once however many sections repeat it."""
        headers: dict[str, None] = {}
        footers: dict[str, None] = {}
        for relation in self.document.part.rels.values():
            if relation.is_external:
                continue
            kind = relation.reltype.rsplit("/", 1)[-1]
            lines = {"header": headers, "footer": footers}.get(kind)
            element = getattr(relation.target_part, "element", None)
            if lines is not None and element is not None:
                for paragraph in element.iter(_P):
                    lines.setdefault(" ".join(_paragraph_text(paragraph)[0].split()))
        return list(headers), list(footers)

    def _notes(self, part: str) -> Iterator[str]:
        from lxml import etree

        for relation in self.document.part.rels.values():
            if relation.is_external or relation.reltype.rsplit("/", 1)[-1] != part:
                continue
            parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True)
            root = etree.fromstring(relation.target_part.blob, parser)
            for note in root if root is not None else ():
                if note.get(f"{_W}type") is None:  # separators have a type, notes have none
                    yield " ".join(" ".join(_paragraph_text(p)[0].split()) for p in note.iter(_P))


def _style_names(document: Word) -> dict[str, str]:
    names: dict[str, str] = {}
    try:
        styles = document.styles.element
    except (KeyError, AttributeError, ValueError):
        return names
    for style in styles.iter(f"{_W}style"):
        name = style.find(f"{_W}name")
        if name is not None:
            names[style.get(f"{_W}styleId", "")] = name.get(f"{_W}val", "").lower()
    return names


def _paragraph_text(paragraph: Any) -> tuple[str, list[Any]]:
    """The text of one paragraph, and the text boxes anchored in it. A box is told twice in the file, once as fallback."""
    parts: list[str] = []
    boxes: list[Any] = []
    stack: list[Any] = list(reversed(paragraph))
    while stack:
        element = stack.pop()
        tag = element.tag
        if tag == _T:
            parts.append(element.text or "")
        elif tag == _BOX:
            boxes.append(element)
        elif tag in _LEFT_OUT:
            continue
        elif sign := _SIGNS.get(tag):
            parts.append(sign)
        elif len(element):
            stack.extend(reversed(element))
    return "".join(parts), boxes


def _rows(table: Any) -> Iterator[str]:
    """The rows of a table, cells parted by tabs; a cell that continues the one above is empty."""
    for row in _within(table, _TR):
        cells: list[str] = []
        for cell in _within(row, _TC):
            properties = cell.find(f"{_W}tcPr")
            span, goes_on = 1, False
            if properties is not None:
                grid = properties.find(f"{_W}gridSpan")
                if grid is not None and (grid.get(f"{_W}val") or "").isdigit():
                    span = min(int(grid.get(f"{_W}val")[:3]), 63)
                merge = properties.find(f"{_W}vMerge")
                goes_on = merge is not None and merge.get(f"{_W}val", "continue") == "continue"
            texts = () if goes_on else (_paragraph_text(p)[0] for p in cell.iter(_P))
            cells.append(" ".join(" ".join(text.split()) for text in texts).strip())
            cells.extend([""] * (span - 1))
        yield "\t".join(cells)


def _within(parent: Any, wanted: str) -> Iterator[Any]:
    """Children of one tag, content controls and inserted ranges around them opened."""
    stack = list(reversed(parent))
    while stack:
        element = stack.pop()
        if element.tag == wanted:
            yield element
        elif element.tag not in (_TBL, _TR, _TC, _P) and element.tag not in _LEFT_OUT:
            stack.extend(reversed(element))
