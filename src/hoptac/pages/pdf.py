"""Read the text layer of PDF files: visual lines joined to paragraphs, the number of its page in each block's kind.

The library below is native code. Before it sees the file, streams that inflate without measure are refused; pages are
taken one at a time and counted. A scanned page has no text layer: that is said, with its number, and never silently
empty.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import import_module
from typing import Any

from hoptac.pages.build import Rendering, clean, finding, make_page
from hoptac.pages.call import Call
from hoptac.pages.limits import Refused
from hoptac.pages.pdf_lines import PdfLine, join_pages
from hoptac.pages.pdf_streams import check_streams
from hoptac.pages.values import Finding, Page

MEDIA_TYPE = "application/pdf"
_FEW_CHARS = 60
"""A page with a picture and no more text than a stamp or a page number is a scan."""
_NAMED_PAGES = 40
_PASSWORD, _SECURITY = 4, 5
_TITLE_NOISE = re.compile(
    r"^microsoft (?:word|powerpoint|excel)\b|\.(?:docx?|pdf|xlsx?|indd|cdr)$|^untitled", re.IGNORECASE
)


def read_pdf(data: bytes, name: str, call: Call) -> Iterator[Page | Finding]:
    """One page (in our sense) of a whole PDF. Block kinds are "page 1", "page 2"…; running heads and page numbers are
    furniture. The dates that a PDF keeps are its file's, so ``published`` is None.

    Fails   ``Refused``: P10 encrypted, P12 broken, P07 inflates without measure, P09 too many pages, P11 no page has
            a text layer. Where some pages have none, the page's findings say which (P11).
    """
    check_streams(data, name, call)
    pdfium: Any = import_module("pypdfium2")
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        if getattr(error, "err_code", None) in (_PASSWORD, _SECURITY) or "assword" in str(error):
            raise Refused("P10", name) from error
        raise Refused("P12", name, kind="pdf", found=str(error)[:200]) from error
    try:
        yield _read_document(document, data, name, call)
    finally:
        document.close()


def _read_document(document: Any, data: bytes, name: str, call: Call) -> Page:
    count = len(document)
    if count > call.limits.max_pdf_pages:
        raise Refused("P09", name, limit=call.limits.max_pdf_pages, what="pages")
    pages: list[list[PdfLine]] = []
    scanned: list[int] = []
    broken: list[int] = []
    chars = 0
    for n in range(count):
        call.budget.tick()
        try:
            lines, picture = _page_lines(document, n)
        except Exception as error:
            if type(error).__name__ != "PdfiumError":
                raise
            broken.append(n + 1)
            continue
        size = sum(len(line.text) for line in lines)
        chars += size
        if chars > call.limits.max_text_chars:
            raise Refused("P06", name, limit=f"{call.limits.max_text_chars:,}")
        if picture and size < _FEW_CHARS:
            scanned.append(n + 1)
        pages.append(lines)
    if not count or len(broken) == count:
        raise Refused("P12", name, kind="pdf", found="no page can be opened")
    if scanned and not any(pages[n] for n in range(len(pages)) if n + 1 not in scanned):
        raise Refused("P11", name, pages=_numbers(scanned))
    rendering = Rendering(name, call.limits.max_text_chars)
    for text, number, furniture in join_pages(pages):
        rendering.add(text, f"page {number}", "furniture" if furniture else None)
    text, blocks, mended = rendering.finish()
    text, found = clean(text, name)
    if scanned:
        found.append(finding("P11", name, pages=_numbers(scanned)))
    if broken:
        found.append(finding("P08", name, found=f"page {_numbers(broken)}"))
    title = " ".join((document.get_metadata_dict().get("Title") or "").replace("\0", "").split())
    if _TITLE_NOISE.search(title):
        title = ""
    return make_page(
        name, text, data, MEDIA_TYPE, title=title or None, blocks=blocks, findings=[*found, *mended]
    )


def _page_lines(document: Any, n: int) -> tuple[list[PdfLine], bool]:
    """The visual lines of one page, and whether it shows a picture and next to no text."""
    raw: Any = import_module("pypdfium2.raw")
    page = document[n]
    try:
        text_page = page.get_textpage()
        try:
            lines = _lines_of(text_page, n + 1)
        finally:
            text_page.close()
        few = sum(len(line.text) for line in lines) < _FEW_CHARS
        picture = few and any(True for _ in page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=3))
    finally:
        page.close()
    return lines, picture


def _lines_of(text_page: Any, number: int) -> list[PdfLine]:
    count = text_page.count_chars()
    if not count:
        return []
    text = text_page.get_text_range()
    aligned = len(text) == count
    lines: list[PdfLine] = []
    at = 0
    for raw_line in text.split("\n"):
        shown = raw_line.strip("\r ")
        if shown.strip("\ufffe\x02 \t\u00a0"):
            first = at + len(raw_line) - len(raw_line.lstrip())
            last = at + len(raw_line.rstrip("\r \ufffe\x02")) - 1
            box = _box(text_page, first, max(first, last)) if aligned else None
            lines.append(PdfLine(shown, number, *(box or (0.0, 0.0, 0.0, 0.0))))
        at += len(raw_line) + 1
    return lines


def _box(text_page: Any, first: int, last: int) -> tuple[float, float, float, float]:
    """Left, bottom, right and top of a line, from its first and last character."""
    left, bottom, _, top = text_page.get_charbox(first, loose=True)
    _, bottom_2, right, top_2 = text_page.get_charbox(last, loose=True)
    return left, min(bottom, bottom_2), right, max(top, top_2)


def _numbers(pages: list[int]) -> str:
    shown = ", ".join(str(n) for n in pages[:_NAMED_PAGES])
    return shown if len(pages) <= _NAMED_PAGES else f"{shown}… ({len(pages)})"
