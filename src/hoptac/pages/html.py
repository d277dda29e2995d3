"""Read HTML into lines (trang web): article and furniture both kept, each line with what the markup calls it.

The parser gives events, no tree: depth and the number of attributes then cost only what they weigh, and a page of
100,000 nested elements is read like any other.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, cast

from hoptac.lexicon import Lexicon
from hoptac.pages.hints import Hints
from hoptac.pages.html_meta import HeadFacts
from hoptac.pages.limits import Limits, Refused


def _tags(names: str) -> frozenset[str]:
    return frozenset(names.split())


# HTML Living Standard, section 15.3: elements shown as blocks. Others run on in their line.
_BLOCKS = _tags(
    "address article aside blockquote body button caption center dd details dialog dir div dl dt fieldset figcaption "
    "figure footer form frameset h1 h2 h3 h4 h5 h6 header hgroup hr html legend li listing main menu nav noscript ol "
    "optgroup option p pre search section select summary table tbody td textarea tfoot th thead tr ul xmp"
)
_DROPPED = _tags("script style template iframe object applet svg math canvas audio video noembed noframes")
_VOID = _tags("area base br col embed hr img input link meta param source track wbr")
_STORIES = frozenset(("article", "main", "body"))
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_CELL_CHARS = 300
"""A cell with several blocks is still a cell of a table of facts up to this length; above, the table is layout."""
_COVERED = 0.6
"""Share of a line that inline elements with a hint must cover to speak for it."""
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_RIGHT = re.compile(r"text-align\s*:\s*right", re.IGNORECASE)
_XML_DECLARATION = re.compile(r"\s*<\?xml[^>]*\?>")
_SPACES = re.compile(r"[ \t\n\r\f]+")
_MAX_SCRIPT = 1 << 20
_FEED = 1 << 20


@dataclass(slots=True, eq=False)
class Frame:
    """An open element: its tag, its own hint, and the nearest element above that has one."""

    tag: str
    parent: Frame | None
    hint: str | None
    hinted: Frame | None
    first: int
    last: int = -1
    depth: int = 0
    mass: int = 0
    titles: int = 0
    right: bool = False
    cell: int = 0
    nested: bool = False
    opened: int = 0


@dataclass(slots=True, eq=False)
class Line:
    """One line of the rendition before its role is settled."""

    text: str
    kind: str
    frame: Frame
    link: int
    role: str | None = None
    cell: int = 0


@dataclass
class Rendition:
    """A parsed page: its lines and what its head says."""

    lines: list[Line]
    head: HeadFacts
    root: Frame


@dataclass
class _Builder:
    """Takes the parser's events (lxml calls start, end, data, comment, pi, close)."""

    hints: Hints
    limits: Limits
    where: str
    head: HeadFacts = field(default_factory=HeadFacts)
    lines: list[Line] = field(default_factory=list)
    chars: int = 0
    elements: int = 0

    def __post_init__(self) -> None:
        self.root = Frame("", None, None, None, 0)
        self._frame = self.root
        self._buffer: list[str] = []
        self._link = 0
        self._links = 0
        self._dropped = 0
        self._script: list[str] | None = None
        self._title: list[str] | None = None
        self._pre = 0
        self._rows = 0
        self._inline: list[tuple[int, Frame]] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if self._dropped:
            if tag not in _VOID:
                self._dropped += 1
            return
        if tag in _DROPPED:
            self._dropped = 1
            if tag == "script" and "ld+json" in attributes.get("type", ""):
                self._script = []
            return
        if tag == "br":
            self._flush()
            return
        if tag in ("meta", "link", "base"):
            self.head.take(tag, attributes)
            return
        if tag in _VOID:
            if tag == "hr":
                self._flush()
            return
        if tag == "title" and self.head.title is None and not self.lines:
            self._title = []
        if tag in _BLOCKS:
            self._flush()
        self._open(tag, attributes)

    def _open(self, tag: str, attributes: dict[str, str]) -> None:
        self.elements += 1
        if self.elements > self.limits.max_elements:
            raise Refused("P09", self.where, limit=f"{self.limits.max_elements:,}", what="elements")
        parent = self._frame
        hint = self.hints.of(tag, attributes)
        if hint == "header" and parent.hinted is not None and parent.hinted.hint in _STORIES:
            hint = None  # the header of an article is its opening, not the site's
        right = False
        if attributes:
            style = attributes.get("style", "")
            if "hidden" in attributes or (style and _HIDDEN.search(style)):
                hint = "furniture"
            right = bool(style and _RIGHT.search(style)) or attributes.get("align", "").lower() == "right"
            if tag in ("time", "meta") or "itemprop" in attributes:
                self.head.take_item(attributes)
        frame = Frame(tag, parent, hint, None, len(self.lines), depth=parent.depth + 1, right=right)
        frame.opened = self.chars
        frame.hinted = frame if hint else parent.hinted
        if tag == "a":
            self._links += 1
        elif tag == "pre":
            self._pre += 1
        elif tag == "tr":
            self._rows += 1
        elif tag in ("td", "th") and parent.tag == "tr":
            parent.cell += 1
        elif tag == "table":
            self._mark_nested(parent)
        self._frame = frame

    def _mark_nested(self, frame: Frame | None) -> None:
        """The row around a table is layout, not facts. Rows further up hear it from this one."""
        steps = 0
        while frame is not None and steps < 64:
            if frame.tag == "tr":
                frame.nested = True
                return
            frame, steps = frame.parent, steps + 1

    def end(self, tag: str) -> None:
        if self._dropped:
            if tag not in _VOID:
                self._dropped -= 1
            if not self._dropped and self._script is not None:
                self.head.take_json("".join(self._script))
                self._script = None
            return
        if tag in _VOID:
            return
        if tag == "title" and self._title is not None:
            self.head.title = " ".join("".join(self._title).split()) or None
            self._title = None
        elif tag in _BLOCKS:
            self._flush()
        frame = self._frame
        if frame.parent is None:
            return
        frame.last = len(self.lines)
        if tag == "a":
            self._links -= 1
        elif tag == "pre":
            self._pre -= 1
        elif tag == "tr":
            self._rows -= 1
            self._close_row(frame)
        if frame.hint and tag not in _BLOCKS and self._buffer:
            self._inline.append((self.chars - frame.opened, frame))
        self._frame = frame.parent

    def data(self, data: str) -> None:
        if self._dropped:
            if self._script is not None and sum(map(len, self._script[-1:])) < _MAX_SCRIPT:
                self._script.append(data)
            return
        if self._title is not None:
            self._title.append(data)
            return
        if self._pre and "\n" in data:
            *whole, data = data.split("\n")
            for line in whole:
                self._buffer.append(line)
                self._flush()
        self._buffer.append(data)
        if self._links:
            self._link += len(data)
        self.chars += len(data)
        if self.chars > self.limits.max_text_chars:
            raise Refused("P06", self.where, limit=f"{self.limits.max_text_chars:,}")

    def comment(self, data: str) -> None:
        """Comments are not part of the page."""

    def pi(self, target: str, data: str | None = None) -> None:
        """Processing instructions are not part of the page."""

    def close(self) -> Rendition:
        self._flush()
        self.root.last = len(self.lines)
        return Rendition(self.lines, self.head, self.root)

    def _flush(self) -> None:
        if not self._buffer:
            return
        text = "".join(self._buffer)
        self._buffer.clear()
        link, self._link = self._link, 0
        inline, self._inline = self._inline, []
        text = _SPACES.sub(" ", text).strip(" ")
        if not text or text.isspace():
            return
        kind = holder = self._frame
        if inline and sum(size for size, _ in inline) >= _COVERED * len(text):
            holder = max(inline, key=lambda part: part[0])[
                1
            ]  # a line that is all <time> or span.author is a date, a byline
        while kind.parent is not None and kind.tag not in _BLOCKS:  # an inline element around a br
            kind = kind.parent
        line = Line(text, kind.tag or "p", holder, min(link, len(text)))
        row = kind
        for _ in range(6 if self._rows else 0):
            if row.parent is None or row.tag == "table":
                break
            if row.parent.tag == "tr":
                line.cell = row.parent.cell
                break
            row = row.parent
        self.lines.append(line)

    def _close_row(self, row: Frame) -> None:
        """Make one line of a table's row where its cells hold facts, not layout."""
        if row.nested or row.cell < 2:
            if row.nested:
                self._mark_nested(row.parent)
            return
        lines = self.lines[row.first :]
        cells = [""] * row.cell
        for line in lines:
            if not 1 <= line.cell <= row.cell or line.kind in _HEADINGS:
                return
            cells[line.cell - 1] = f"{cells[line.cell - 1]} {line.text}".lstrip()
        many = len(lines) > sum(1 for cell in cells if cell)
        if many and max(map(len, cells)) > _CELL_CHARS:
            return
        row.last = row.first + 1
        self.lines[row.first :] = [Line("\t".join(cells).rstrip("\t"), "tr", row, sum(x.link for x in lines))]


def parse_html(markup: str, *, lexicon: Lexicon, limits: Limits, where: str) -> Rendition:
    """Lines and head facts of a page's markup; roles are not settled yet.

    Fails   never on markup; ``Refused`` P06 where its text is longer than ``max_text_chars``, P09 where it has more than
            ``max_elements`` elements.
    """
    from lxml import etree

    builder = _Builder(lexicon.built(Hints), limits, where)
    parser = etree.HTMLParser(
        target=cast(Any, builder), huge_tree=True, remove_comments=True, remove_pis=True
    )
    declaration = _XML_DECLARATION.match(markup)
    at = declaration.end() if declaration else 0
    for start in range(at, len(markup), _FEED):
        parser.feed(markup[start : start + _FEED])
    if at >= len(markup):
        return builder.close()
    try:
        parser.close()
    except etree.XMLSyntaxError:  # nothing but spaces or comments: no element was opened
        return builder.close()
    return Rendition(builder.lines, builder.head, builder.root)
