"""Settle the role of each line of an HTML page (vai trò của dòng) from its markup alone.

Find the element that holds the story's paragraphs (the story), the line that is its headline, and what lies between
them (the opening). A line takes the nearest hint above it; hints of elements that hold the story itself say nothing,
so that ``class="main-nav-fixed"`` on a wrapper does not turn the page into a menu. Outside the story, linked titles
are teasers, what follows one in the same card is its lead, and menus are furniture. What stays open is None: the
layout of the reading decides it.
"""

from __future__ import annotations

import re

from hoptac.pages.html import Frame, Line, Rendition

_CLIMB = 64
"""Elements looked at above a line. Deeper pages are made to be deep."""
_HINTS = 12
"""Hints looked at above a line; real pages have some five."""
_CARD = 4
"""A card's title and lead lie within so many elements of each other."""
_PARAGRAPH_CHARS = 50
_WRAPPED, _WRAPPED_LINES = 0.6, 2
"""Share and number of a page's paragraphs above which the element around them is a wrapper."""
_STORY_CHARS = 120
"""A story without a name in its markup needs this much text directly under one element."""
_KEY_CHARS = 20
"""A line this long that begins the page's own title is its headline: titles go on with the outlet's name."""
_TITLE_WORDS = 5
"""Links of menus are shorter ("Chính trị", "Văn hóa - Xã hội"); headlines are longer."""
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_PARAGRAPH_TAGS = frozenset(("p", "span", "li", "ul", "ol", "blockquote", "font", "b", "strong", "i", "em"))
_APART = frozenset(("furniture", "caption", "lead", "aside", "related", "teaser"))
_OPENING = frozenset(("lead", "byline", "date", "caption", "headline", "related", "furniture"))
_FURNITURE = frozenset(("furniture", "header"))
_WORD = re.compile(r"\w+")


def settle_roles(page: Rendition) -> None:
    """Give every line of the page its role, in place."""
    _Settler(page).run()


def _words(line: Line) -> int:
    return line.text.count(" ") + 1


def _key(text: str) -> str:
    return " ".join(_WORD.findall(text.lower()))


class _Settler:
    def __init__(self, page: Rendition) -> None:
        self.page = page
        self.lines = page.lines
        self.story = self._find_story()
        self.headline = self._find_headline()
        self.frame = self._find_region()

    def run(self) -> None:
        first, last = self._bounds()
        opening = self.headline if self.headline is not None and self.headline < first else first
        if self.frame is not None and self.frame.first < opening:
            opening = self.frame.first
        for n, line in enumerate(self.lines):
            if n == self.headline:
                line.role = "headline"
            elif first <= n < last:
                line.role = self._inside(line)
            elif opening <= n < first:
                line.role = self._opening(line)
            else:
                line.role = self._outside(n, line, after=n >= last)
        self._pair_teasers(opening, last)

    def _bounds(self) -> tuple[int, int]:
        if self.story is not None:
            return self.story.first, self.story.last
        return len(self.lines), len(self.lines)

    # -- where the story is

    def _find_story(self) -> Frame | None:
        """The element that holds the story: one named so with most text, else the parent of most paragraphs."""
        paragraphs = [line for line in self.lines if _is_paragraph(line)]
        _clear_wrappers(paragraphs)
        named: dict[int, Frame] = {}
        parents: dict[int, Frame] = {}
        for line in paragraphs:
            chain = _above(line.frame, _CLIMB)
            if any(frame.hint in _APART for frame in chain):
                continue
            direct = True
            for frame in chain:
                frame.mass += len(line.text) - line.link
                if frame.hint == "body" or frame.tag == "article":
                    named[id(frame)] = frame
                if direct and frame.tag not in _PARAGRAPH_TAGS:
                    parents[id(frame)], direct = frame, False
                    frame.titles += len(line.text) - line.link
        bodies = [frame for frame in named.values() if frame.hint == "body"]
        best = self._heaviest(bodies)
        if best is None:
            articles = list(named.values())
            best = self._heaviest(articles) if len(articles) == 1 else None
        if best is None and parents:
            best = max(parents.values(), key=lambda frame: frame.titles)
            if best.titles < _STORY_CHARS or (best.tag in ("td", "th") and best.titles < 2 * _STORY_CHARS):
                best = None
        for frame in parents.values():
            frame.titles = 0
        return best

    @staticmethod
    def _heaviest(frames: list[Frame]) -> Frame | None:
        """The one with most text; among those within a tenth of it the innermost, which holds least else."""
        if not frames:
            return None
        most = max(frame.mass for frame in frames)
        return max((f for f in frames if f.mass >= 0.9 * most), key=lambda frame: frame.depth)

    def _find_headline(self) -> int | None:
        """The line that is the story's headline: what the head calls it first, else the h1 nearest before the story."""
        last = self.story.last if self.story is not None else len(self.lines)
        wanted = {_key(text) for text in self.page.head.headlines}
        starts = {text[:1].lower() for text in self.page.head.headlines}
        found: list[tuple[int, int]] = []
        for n, line in enumerate(self.lines[:last]):
            if len(line.text) > 400:
                continue
            hints = self._hints(line)
            heading = line.kind == "h1" or ("headline" in hints[:1] and line.link * 2 < len(line.text))
            named = False
            if line.text[:1].lower() in starts:
                key = _key(line.text)
                named = key in wanted or (len(key) > _KEY_CHARS and any(w.startswith(key) for w in wanted))
            if not (heading or named) or (not named and not _FURNITURE.isdisjoint(hints)):
                continue
            if line.link * 2 > len(line.text) and line.kind != "h1":
                continue
            rank = 4 * (named and heading) + 2 * named + heading + (line.kind in _HEADINGS)
            found.append((rank, n))
        if not found:
            return None
        best = max(rank for rank, _ in found)
        return next(n for rank, n in found if rank == best)

    def _find_region(self) -> Frame | None:
        """The smallest element that holds both the headline and the story; None where that is the whole page."""
        if self.story is None or self.headline is None:
            return self.story
        frame: Frame | None = self.story
        for _ in range(_CLIMB):
            if frame is None or frame.tag in ("", "body", "html"):
                return None
            if frame.first <= self.headline < frame.last:
                return frame
            frame = frame.parent
        return None

    # -- hints

    def _holds_story(self, frame: Frame) -> bool:
        story = self.story
        return (
            story is not None
            and frame.first <= story.first
            and story.last <= frame.last
            and frame.depth <= story.depth
        )

    def _hints(self, line: Line) -> list[str]:
        """All hints above a line that are about a part of the page and not about all of it, the nearest first."""
        found: list[str] = []
        frame = line.frame.hinted
        for _ in range(_HINTS):
            if frame is None:
                break
            about_a_part = frame.hint is not None and frame.hint not in ("article", "main", "body")
            if about_a_part and not self._holds_story(frame):
                found.append(str(frame.hint))
            frame = frame.parent.hinted if frame.parent is not None else None
        return found

    # -- roles

    def _inside(self, line: Line) -> str | None:
        hints = self._hints(line)
        for hint in hints:
            if hint == "header":
                continue
            if hint == "headline":
                break
            if hint == "aside":
                return "related" if line.link * 2 > len(line.text) else "furniture"
            return hint
        if line.link >= 0.9 * len(line.text) and _words(line) >= _TITLE_WORDS:
            return "related"
        if line.frame.right and _words(line) <= 8:
            return "byline"
        return "body"

    def _opening(self, line: Line) -> str | None:
        for hint in self._hints(line):
            if hint in _OPENING:
                return hint if hint != "headline" or line.kind == "h1" else None
            if hint == "aside":
                return "furniture"
        return None

    def _outside(self, n: int, line: Line, *, after: bool) -> str | None:
        hints = self._hints(line)
        words = _words(line)
        linked = line.link * 2 > len(line.text)
        if "furniture" in hints or "header" in hints:
            return "furniture"
        if linked and words >= _TITLE_WORDS and "date" not in hints and "byline" not in hints:
            return "teaser_title"
        if self.story is None and self.headline is None:
            return hints[0] if hints and hints[0] in ("caption", "date", "byline", "lead") else None
        if "aside" in hints or "related" in hints or "date" in hints or line.kind in _HEADINGS or linked:
            if "byline" in hints and after and not linked:
                return "byline"
            return "furniture"
        if "byline" in hints or "caption" in hints:
            return ("byline" if "byline" in hints else "caption") if after else "furniture"
        return None

    def _pair_teasers(self, opening: int, last: int) -> None:
        """What follows a teaser's title within the same card is its lead."""
        for line in self.lines:
            if line.role == "teaser_title":
                for frame in _above(line.frame, _CARD):
                    frame.titles += 1
        title: Line | None = None
        for n, line in enumerate(self.lines):
            if opening <= n < last:
                title = None
                continue
            if line.role == "teaser_title":
                if title is not None and self._linked_lead(title, line):
                    line.role = "teaser_lead"
                else:
                    title = line
            elif title is not None and self._is_lead(line) and self._one_card(title, line, 1):
                line.role = "teaser_lead"

    def _linked_lead(self, title: Line, line: Line) -> bool:
        """Is this link the lead under a card's heading, not the next title? ``h3 > a`` and then ``p > a``."""
        return (
            title.kind in _HEADINGS
            and line.kind not in (*_HEADINGS, "li")
            and line.text != title.text
            and self._one_card(title, line, 2)
        )

    def _is_lead(self, line: Line) -> bool:
        hints = self._hints(line)
        if "furniture" in hints or "header" in hints or "date" in hints or line.kind in _HEADINGS:
            return False
        return "lead" in hints or _words(line) > _TITLE_WORDS

    @staticmethod
    def _one_card(title: Line, line: Line, titles: int) -> bool:
        around = _above(line.frame, _CARD)
        for frame in _above(title.frame, _CARD):
            if frame in around:
                return frame.titles <= titles and frame.tag not in ("body", "html")
        return False


def _is_paragraph(line: Line) -> bool:
    return (
        len(line.text) - line.link >= _PARAGRAPH_CHARS
        and line.link * 3 <= len(line.text)
        and line.kind != "tr"
    )


def _clear_wrappers(paragraphs: list[Line]) -> None:
    """Take the hint from an element that holds most of the page's paragraphs: it is a wrapper with an odd name
    (form#aspnetForm around all of a portal, div.page-with-sidebar), not the part that its name means."""
    whole = sum(len(line.text) for line in paragraphs)
    held: dict[int, tuple[Frame, int, int]] = {}
    for line in paragraphs:
        for frame in _above(line.frame, _CLIMB):
            if (
                frame.hint
                and frame.hint not in ("body", "article", "main")
                and frame.tag not in ("nav", "footer")
            ):
                _, size, count = held.get(id(frame), (frame, 0, 0))
                held[id(frame)] = (frame, size + len(line.text), count + 1)
    for frame, size, count in held.values():
        if count >= _WRAPPED_LINES and size > _WRAPPED * whole:
            frame.hint = None


def _above(frame: Frame, steps: int) -> list[Frame]:
    found: list[Frame] = []
    at: Frame | None = frame
    while at is not None and len(found) <= steps:
        found.append(at)
        at = at.parent
    return found
