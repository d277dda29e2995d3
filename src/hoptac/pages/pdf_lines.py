"""Join the visual lines of PDF pages into paragraphs (nối dòng thành đoạn)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median

_PAGE_NUMBER = re.compile(
    r"(?:(?:trang|page)\s*)?[-–—]?\s*\d{1,4}\s*(?:[/|]\s*\d{1,4})?\s*[-–—]?", re.IGNORECASE
)
_DIGITS = re.compile(r"\d+")
_ITEM = re.compile(
    r"(?:[-–—+•*▪◦●○]\s|\(?\d{1,3}[.)](?:\s|\d)|\(?[a-zđ][.)]\s|[IVXLC]{1,6}[.)]\s|Điều \d|Phần |Chương )"
)
_SENTENCE_END = re.compile(r"[.!?;:…”\"]\s*$")
_WORD_CUT = re.compile(r"[A-Za-z]{2,}-$")
_OWN_HYPHEN = re.compile(r"[^\W\d_]-$")
_EDGE_LINES = 2
"""Lines at the top and bottom of a page that may be running heads or page numbers."""
_REPEATS = 3
"""Pages on which an edge line must stand to be a running head."""
_FULL = 0.88
"""A line that reaches this share of the column's width goes on in the next one."""
_INDENT = 0.6
"""First-line indent, in line heights, that starts a paragraph."""
_GAP = 1.75
"""Distance of two lines' bottoms, in line heights, above which a paragraph ends. Official papers use 1.5 spacing."""


@dataclass(frozen=True, slots=True)
class PdfLine:
    """One visual line: its text, the number of its page, its box in points (all 0 where it is not known)."""

    text: str
    page: int
    left: float
    bottom: float
    right: float
    top: float


def join_pages(pages: Sequence[Sequence[PdfLine]]) -> Iterator[tuple[str, int, bool]]:
    """Paragraphs of all pages as (text, page number, is furniture); a paragraph that crosses pages is whole and
    belongs to the page on which it begins."""
    running = _running_heads(pages)
    held: list[str] = []
    held_page, last, margin = 0, None, (0.0, 0.0)
    waiting: list[tuple[str, int, bool]] = []
    for page in pages:
        edges = _edges(page)
        body = [line for line in page if not (id(line) in edges and _is_furniture(line, running))]
        mine = _margins(body)
        for line in page:
            if id(line) in edges and _is_furniture(line, running):
                waiting.append((line.text, line.page, True))
                continue
            if last is not None and _goes_on(last, line, margin if last.page == line.page else mine, body):
                held.append(line.text)
            else:
                if held:
                    yield _joined(held), held_page, False
                yield from waiting
                waiting = []
                held, held_page = [line.text], line.page
            last, margin = line, mine
    if held:
        yield _joined(held), held_page, False
    yield from waiting


def _edges(page: Sequence[PdfLine]) -> set[int]:
    return {id(line) for line in (*page[:_EDGE_LINES], *page[-_EDGE_LINES:])}


def _running_heads(pages: Sequence[Sequence[PdfLine]]) -> set[str]:
    counts: Counter[str] = Counter()
    for page in pages:
        edge = (*page[:_EDGE_LINES], *page[-_EDGE_LINES:])
        counts.update({_DIGITS.sub("0", line.text) for line in edge if len(line.text) < 200})
    return {text for text, count in counts.items() if count >= _REPEATS and count * 2 >= len(pages) * 0.8}


def _is_furniture(line: PdfLine, running: set[str]) -> bool:
    return _PAGE_NUMBER.fullmatch(line.text) is not None or _DIGITS.sub("0", line.text) in running


def _margins(lines: Sequence[PdfLine]) -> tuple[float, float]:
    """Where most lines of a page begin, and how far its long lines reach: points, else characters."""
    if not lines:
        return 0.0, 0.0
    if all(line.right for line in lines):
        lefts = Counter(round(line.left / 4) * 4.0 for line in lines)
        rights = sorted(line.right for line in lines)
        return min(left for left, n in lefts.items() if n * 5 >= max(lefts.values())), rights[
            -1 - len(rights) // 10
        ]
    lengths = sorted(len(line.text) for line in lines)
    return 0.0, float(lengths[-1 - len(lengths) // 10])


def _goes_on(last: PdfLine, line: PdfLine, margin: tuple[float, float], body: Sequence[PdfLine]) -> bool:
    """Is this line the next line of the same paragraph?"""
    if last.text.endswith(("\ufffe", "\x02")):
        return True
    if _ITEM.match(line.text):
        return False
    ended = _SENTENCE_END.search(last.text) is not None
    left, right = margin
    if not last.right or not line.right:
        return len(last.text) >= _FULL * right and not (
            ended and line.text[:1].isupper() and len(last.text) < right
        )
    height = max(1.0, last.top - last.bottom)
    width = max(1.0, right - left)
    if last.right < left + _FULL * width:
        return False
    if last.page != line.page:
        return not ended and line.text[:1].islower()
    if not 0.6 < (line.top - line.bottom) / height < 1.7:
        return False
    step = last.bottom - line.bottom
    if step <= 0 or step > _GAP * max(height, median(x.top - x.bottom for x in body)):
        return False
    first_line = last.left > left + _INDENT * height
    indented = line.left > left + _INDENT * height
    return not (indented and (not first_line or line.left > last.left + 1 or ended))


def _joined(lines: Sequence[str]) -> str:
    """One paragraph of its lines. A word cut by the typesetter's own hyphen is whole again; a plain hyphen between
    letters of English goes with it, any other stays ("công-" "tư" is "công-tư", "Hà Nội -" "Điện Biên" keeps its space)."""
    text = lines[0]
    for line in lines[1:]:
        if text.endswith(("\ufffe", "\x02")) or (
            _WORD_CUT.search(text) and line[:2].isascii() and line[:2].isalpha() and line[:1].islower()
        ):
            text = text[:-1] + line
        elif _OWN_HYPHEN.search(text):
            text += line
        else:
            text = f"{text} {line}"
    return text.replace("\ufffe", "").replace("\x02", "")
