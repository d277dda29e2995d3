"""Part a page's own story from its furniture (bố cục trang).

A dump of a page has no markup: what a line is shows in its shape, its neighbours and the words that sites use for
menus, share bars, lists and imprints (``layout_words``). ``lay_out`` gives each line a shape, lets repeated lines,
gaps and markup nudge it, and takes the best path through the page's places (``layout_path``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from hoptac.lexicon.tables import Lexicon
from hoptac.pages.values import Block
from hoptac.reading.doc import Doc
from hoptac.reading.layout_path import RUNS, best_path, page_map
from hoptac.reading.layout_shapes import TITLE_WORDS, day_of, furniture_words, key_of, shape_of
from hoptac.reading.values import Article, Evidence, LineRole, Teaser
from hoptac.text.fold import fold, match_form

ROLE_OF = {
    "head": "furniture",
    "headline": "headline",
    "under": "furniture",
    "lead": "lead",
    "aside": "furniture",
    "body": "body",
    "section": "body",
    "repeat": "headline",
    "caption": "caption",
    "byline": "byline",
    "tail": "furniture",
    "teaser": "teaser_title",
    "teaser_lead": "teaser_lead",
}
PLACES_OF = {
    "headline": ("headline", "repeat"),
    "lead": ("lead",),
    "body": ("body", "section"),
    "caption": ("caption",),
    "byline": ("under", "byline"),
    "date": ("under",),
    "related": ("aside", "teaser"),
    "teaser_title": ("teaser",),
    "teaser_lead": ("teaser_lead",),
    "furniture": ("head", "under", "aside", "tail"),
}
MAIN = frozenset(("headline", "lead", "body", "caption"))
TITLES = frozenset(("title", "head", "runon", "question", "open"))
"""Shapes that a headline may have."""
PROSE = frozenset(("prose", "para"))
CAPTION_LIKE = frozenset(("prose", "sentence", "credit", "title", "head", "open", "short", "question", "runon"))
CAPTION_LENGTH = 300
BESIDE = 2
"""Lines after the story's end within which a day is the story's."""
LISTED = 6
"""Titles that a heading of related stories speaks for."""
SURE = 12.0
"""Points of a role that the file's own markup gives: more than any shape can say against it."""
NEAR_SHARE = 0.35
"""A page parts its paragraphs by empty lines where more than this share of its lines follow one."""
HEADLINE_AT = 4
"""Lines at a page's start among which a line that comes again may be the headline, whatever its shape."""
SHORTEST_TITLE = 32
"""Characters from which a title may be another story's; a shorter one heads a section more likely."""
TITLE_REACH = 220
"""Characters that a headline has at most."""
TEXT_REACH = 400
"""Lines of running text whose words are compared with a page's titles."""
STRANGE, AKIN = 0.1, 0.25
"""Shares of a title's word pairs in the text: below the first it is another story's, above the second its own."""
Points = tuple[tuple[str, float], ...]
OWN: Points = (("aside", -1.0), ("section", 0.8), ("teaser", -0.5))
OTHERS: Points = (("aside", 0.5), ("section", -1.2), ("body", -1.0), ("teaser", 0.3))
OF_NEXT: Points = (("aside", -0.5), ("section", -1.1), ("teaser", 0.4))
"""What it says of a title that the text, no line of it, or only the line after it shares its words."""
WORD = re.compile(r"\w+")
HEADLINE_REACH = 200
"""Lines at a page's head that are compared with its text, to find which title is the story's."""
TITLE_TAIL = re.compile(r" (?:[-–—|]|::) ")


@dataclass(frozen=True, slots=True)
class Layout:
    """Where everything on a page stands.

    ``roles`` has one row for each line that is not empty; ``main`` numbers the lines of the story (headline, lead,
    body, captions), from 1; ``date`` is the day that the page gives itself, ``outlet`` the publisher that it names.
    """

    roles: tuple[LineRole, ...]
    article: Article
    main: tuple[int, ...]
    date: date | None = None
    outlet: str | None = None


@dataclass(slots=True)
class _Line:
    n: int
    start: int
    end: int
    low: str
    shape: str
    key: str
    gap: bool
    hint: str | None = None


def lay_out(
    doc: Doc,
    *,
    blocks: tuple[Block, ...] = (),
    title: str | None = None,
    outlet: str | None = None,
    lexicon: Lexicon,
) -> Layout:
    """Give each line of a page its role, and gather the story (bố cục trang).

    ``blocks`` are what the file's markup says, where there is markup: a block's role settles its lines. ``title`` is the
    page's own title, ``outlet`` its publisher where known.

    Gives   a Layout: roles by line of ``doc.lines``, evidence on each line without its outer spaces.
    Fails   never: an empty page gives an empty Layout, a page of teasers an article without headline or body.
    """
    lines = _take_lines(doc, lexicon)
    _take_hints(lines, doc, blocks)
    nudges = _nudge(lines, title)
    places = best_path([line.shape for line in lines], nudges, lexicon.built(page_map))
    roles = _settle_roles(lines, places)
    article = _gather(doc, lines, roles)
    main = tuple(line.n for line, role in zip(lines, roles, strict=True) if role in MAIN)
    return Layout(
        tuple(LineRole(line.n, role) for line, role in zip(lines, roles, strict=True)),
        article,
        main,
        _find_day(lines, places, roles),
        outlet or _find_outlet(doc, lines, places, title, lexicon),
    )


def _take_lines(doc: Doc, lexicon: Lexicon) -> list[_Line]:
    words = lexicon.built(furniture_words)
    lines, text, low = [], doc.text, doc.low
    gap = False
    for n, (start, end) in enumerate(doc.lines, 1):
        raw = text[start:end]
        body = raw.strip()
        if not body:
            gap = True
            continue
        if len(body) != end - start:
            start += len(raw) - len(raw.lstrip())
        end = start + len(body)
        small = low[start:end]
        shape = shape_of(body, small, words)
        lines.append(_Line(n, start, end, small, shape, small if shape in PROSE else key_of(small), gap))
        gap = False
    return lines


def _take_hints(lines: list[_Line], doc: Doc, blocks: tuple[Block, ...]) -> None:
    """Give each line the role of the block it stands in; both are in text order."""
    if not any(block.role for block in blocks):
        return
    at = 0
    marked = sorted((b for b in blocks if b.role), key=lambda b: (b.start, b.end))
    for line in lines:
        start, end = doc.folded.span(line.start, line.end)
        while at < len(marked) and marked[at].end <= start:
            at += 1
        if at < len(marked) and marked[at].start < end:
            line.hint = marked[at].role


Nudges = dict[int, dict[str, float]]


def _nudge(lines: list[_Line], title: str | None) -> Nudges:
    """What repetition, gaps, the page's title and markup say of single lines."""
    nudges: Nudges = {}
    _nudge_repeated(lines, nudges)
    _nudge_captions(lines, nudges)
    _nudge_listed(lines, nudges)
    _nudge_headline(lines, title, nudges)
    _nudge_by_words(lines, nudges)
    for i, line in enumerate(lines):
        if line.hint is not None and line.hint in PLACES_OF:
            for place in PLACES_OF[line.hint]:
                _add(nudges, i, place, SURE)
    return nudges


def _add(nudges: Nudges, i: int, place: str, points: float) -> None:
    mine = nudges.setdefault(i, {})
    mine[place] = mine.get(place, 0.0) + points


def _nudge_repeated(lines: list[_Line], nudges: Nudges) -> None:
    """A title twice in a row is a teaser's; a title met again further down is the headline's, before a caption."""
    seen: dict[str, int] = {}
    for i, line in enumerate(lines):
        if len(line.key) < 20 and line.shape != "name":
            continue
        before = seen.get(line.key)
        seen[line.key] = i
        if before is None:
            continue
        if line.shape == "name":
            _add(nudges, i, "byline", 1.5)
        elif line.shape in TITLES or (before < HEADLINE_AT and not line.low.endswith(".")):
            if before == i - 1:
                for j in (before, i):
                    _add(nudges, j, "teaser", 3.0)
                    _add(nudges, j, "headline", 1.0)
            else:
                _add(nudges, before, "headline", 1.5)
                _add(nudges, i, "headline", 1.5)
                _add(nudges, i, "repeat", 6.0)
                _add(nudges, i, "section", -4.0)
                _add(nudges, i, "body", -4.0)
        elif line.shape in ("sentence", "credit", "prose"):
            for j in (before, i):
                _add(nudges, j, "caption", 4.0)
                _add(nudges, j, "body", -2.0)


def _nudge_listed(lines: list[_Line], nudges: Nudges) -> None:
    """Titles right under a heading of related stories are those stories'; so is the text right after a twin title."""
    left = 0
    for i, line in enumerate(lines):
        if i and lines[i - 1].shape == "twin" and line.shape in RUNS:
            for place, points in (("aside", 8.0), ("teaser_lead", 1.0), ("body", -3.0), ("lead", -3.0)):
                _add(nudges, i, place, points)
        if i > 1 and line.shape in RUNS and lines[i - 1].shape == "date" and lines[i - 2].shape in TITLES:
            _add(nudges, i, "teaser_lead", 2.0)
        if line.shape in ("box", "list"):
            left = LISTED
        elif left and line.shape in TITLES:
            left -= 1
            _add(nudges, i, "aside", 0.8)
            _add(nudges, i, "body", -1.5)
            _add(nudges, i, "section", -1.0)
        elif line.shape not in ("date", "short", "bar"):
            left = 0


def _nudge_captions(lines: list[_Line], nudges: Nudges) -> None:
    """In a page that parts its lines by empty ones only here and there, a last block of short lines holds captions."""
    gaps = [i for i, line in enumerate(lines) if line.gap and i]
    if not gaps or len(gaps) > NEAR_SHARE * len(lines):
        return
    told = 0
    for before, i in pairwise([0, *gaps]):
        told = max(told, sum(lines[j].shape in RUNS for j in range(before, i)))
        stop = i
        while stop < len(lines) and lines[stop].shape in CAPTION_LIKE and (stop == i or not lines[stop].gap):
            stop += 1
        short = all(lines[j].end - lines[j].start <= CAPTION_LENGTH for j in range(i, stop))
        ends = stop == len(lines)
        if told < 3 or not short or (not ends and (lines[stop].gap or stop - i > told)):
            continue
        points = 4.0 if ends else 2.0
        for j in range(i, stop):
            _add(nudges, j, "caption", points)
            _add(nudges, j, "body", -points / 2)


def _nudge_headline(lines: list[_Line], title: str | None, nudges: Nudges) -> None:
    """What is known of the headline before a word of the text is compared."""
    if len(lines) > 2 and lines[1].gap and (lines[1].shape in RUNS or lines[1].shape == "open"):
        first = lines[0]
        if first.shape in TITLES or (first.shape in ("short", "name") and " " in first.low):
            _add(nudges, 0, "headline", 2.5)
        elif (
            first.low.count(" ") >= TITLE_WORDS
            and len(first.low) <= TITLE_REACH
            and not first.low.endswith(".")
            and first.shape not in ("crumb", "date")
        ):
            _add(nudges, 0, "headline", 14.0)
    if title is not None:
        want = key_of(match_form(fold(title.strip()).text))
        for i, line in enumerate(lines[:HEADLINE_REACH]):
            if line.shape in TITLES and (want.startswith(line.key) or line.key.startswith(want)):
                _add(nudges, i, "headline", 5.0)
    _nudge_page_title(lines, nudges)


def _nudge_by_words(lines: list[_Line], nudges: Nudges) -> None:
    """A title whose pairs of words stand in the running text is the story's own, or heads a part of it.

    Titles of other stories share hardly a pair of words with it: over 1,500 clean stories, one title in ten of another
    story shares 8 % of its pairs, nine section heads in ten share more. The line after a title does not count, so that
    a teaser's lead does not speak for the teaser's title: such a title is a teaser's or heads one paragraph.
    """
    titles = [i for i, line in enumerate(lines) if line.shape in TITLES and "caption" not in nudges.get(i, {})]
    if len(titles) < 2:
        return
    text = [i for i, line in enumerate(lines) if line.shape in RUNS][:TEXT_REACH]
    if not text:
        return
    where: dict[tuple[str, str], int] = {}
    for i in text:
        for pair in pairwise(WORD.findall(lines[i].low)):
            where[pair] = i if where.get(pair, i) == i else -1
    first = text[min(2, len(text) - 1)]
    for i in titles:
        if i > text[-1] + HEADLINE_REACH:
            break
        pairs = list(pairwise(WORD.findall(lines[i].low)))
        if not pairs:
            continue
        share = sum(where.get(pair, i + 1) != i + 1 for pair in pairs) / len(pairs)
        if i < first:
            _add(nudges, i, "headline", 4.0 * (share - 0.3))
        if share > AKIN:
            moved = OWN
        elif len(lines[i].key) < SHORTEST_TITLE:
            continue
        elif sum(pair in where for pair in pairs) < STRANGE * len(pairs):
            moved = OTHERS
        elif share < STRANGE:
            moved = OF_NEXT
        else:
            continue
        for place, points in moved:
            _add(nudges, i, place, points)
        if moved == OTHERS and lines[i].shape == "question":
            _add(nudges, i, "body", -0.6)


def _nudge_page_title(lines: list[_Line], nudges: Nudges) -> None:
    """The first line may be the page's title: the headline with the outlet's name after it."""
    for i in range(min(3, len(lines))):
        cut = TITLE_TAIL.split(lines[i].low)
        if len(cut) < 2:
            continue
        head = key_of(lines[i].low[: lines[i].low.rfind(cut[-1]) - 3])
        for j in range(i + 1, min(len(lines), HEADLINE_REACH)):
            if lines[j].key == head and len(head) >= 20:
                _add(nudges, j, "headline", 4.0)
                _add(nudges, i, "headline", -4.0)
                return


def _settle_roles(lines: list[_Line], places: list[str]) -> list[str]:
    """Turn places into the contract's roles."""
    roles = []
    headline = next((line.key for line, place in zip(lines, places, strict=True) if place == "headline"), None)
    for i, (line, place) in enumerate(zip(lines, places, strict=True)):
        role = ROLE_OF[place]
        if role == "furniture":
            if line.shape == "date":
                role = "date"
            elif line.shape == "byline" or (place == "under" and line.shape == "name"):
                role = "byline" if place in ("under", "aside") else role
            elif line.shape == "twin":
                role = "teaser_title" if _has_lead(lines, places, i) else "related"
            elif line.shape in RUNS and i and lines[i - 1].shape == "twin":
                role = "teaser_lead"
            elif place in ("aside", "head") and (line.shape in TITLES or line.shape == "more"):
                role = "furniture" if headline is not None and line.low.startswith(headline) else "related"
        elif place == "repeat" and line.key != headline:
            role = "related"
        roles.append(line.hint if line.hint is not None and line.hint in PLACES_OF else role)
    _settle_lists(lines, places, roles)
    return roles


def _has_lead(lines: list[_Line], places: list[str], i: int) -> bool:
    return i + 1 < len(lines) and places[i + 1] == places[i] and lines[i + 1].shape in RUNS


def _settle_lists(lines: list[_Line], places: list[str], roles: list[str]) -> None:
    """A list of bare titles is a list of related headlines; with leads or doubled titles they are teasers."""
    start: int | None = None
    for i in range(len(lines) + 1):
        inside = i < len(lines) and places[i] in ("teaser", "teaser_lead")
        if inside and start is None:
            start = i
        elif not inside and start is not None:
            told = any(
                places[j] == "teaser_lead"
                or lines[j].shape == "twin"
                or (j > start and lines[j].key == lines[j - 1].key)
                for j in range(start, i)
            )
            if not told:
                for j in range(start, i):
                    if lines[j].hint is None:
                        roles[j] = "related"
            start = None


def _gather(doc: Doc, lines: list[_Line], roles: list[str]) -> Article:
    """The story's parts as evidence, in text order."""
    parts: dict[str, list[Evidence]] = {role: [] for role in ("headline", "lead", "byline", "body", "caption")}
    teasers: list[Teaser] = []
    pending: tuple[str, Evidence] | None = None
    for line, role in zip(lines, roles, strict=True):
        if role in parts:
            parts[role].append(doc.evidence(line.start, line.end))
        elif role == "teaser_title":
            if pending is None or pending[0] != line.key:
                if pending is not None:
                    teasers.append(Teaser(pending[1], None))
                pending = (line.key, doc.evidence(line.start, line.end))
        elif role == "teaser_lead" and pending is not None:
            teasers.append(Teaser(pending[1], doc.evidence(line.start, line.end)))
            pending = None
    if pending is not None:
        teasers.append(Teaser(pending[1], None))
    return Article(
        _first(parts["headline"]),
        _first(parts["lead"]),
        _first(parts["byline"]),
        tuple(parts["body"]),
        tuple(parts["caption"]),
        tuple(teasers),
    )


def _first(found: list[Evidence]) -> Evidence | None:
    return found[0] if found else None


def _find_day(lines: list[_Line], places: list[str], roles: list[str]) -> date | None:
    """The page's own day: under the headline, else nearest above it, else beside the byline."""
    above = under = below = None
    story = -BESIDE
    for i, (line, place, role) in enumerate(zip(lines, places, roles, strict=True)):
        if role in MAIN or role == "byline":
            story = i
        if role != "date" and line.shape != "date":
            continue
        day = day_of(line.low)
        if day is None:
            continue
        if place == "under":
            under = under or day
        elif place == "head":
            above = day
        elif i - story <= BESIDE:
            below = below or day
    return under or above or below


def _outlet_words(lexicon: Lexicon) -> tuple[str, ...]:
    return tuple(row["phrase"] for row in lexicon.table("layout_words") if row["kind"] == "outlet")


def _find_outlet(
    doc: Doc, lines: list[_Line], places: list[str], title: str | None, lexicon: Lexicon
) -> str | None:
    """The publisher that the page's title or imprint names."""
    names = lexicon.built(_outlet_words)
    if title is not None:
        last = TITLE_TAIL.split(" ".join(title.split()))[-1]
        if last != title and last.startswith(names):
            return last
    for line, place in zip(lines, places, strict=True):
        if place not in ("head", "tail"):
            continue
        text = doc.text[line.start : line.end]
        if text.startswith(names) and line.shape in ("foot", "short", "name", "head") and len(text) <= 60:
            return text.rstrip(" .,:;")
    return None
