"""Part a page's own story from its furniture (bố cục trang).

A dump of a page has no markup: what a line is shows in its shape, its neighbours and the words that sites use for
menus, share bars, lists and imprints (``layout_words``). ``lay_out`` gives each line a shape, lets repeated lines,
gaps and markup nudge it, and takes the best path through the page's places (``layout_path``).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from hoptac.lexicon.tables import Lexicon
from hoptac.pages.values import Block
from hoptac.reading.doc import Doc
from hoptac.reading.layout_nudges import PLACES_OF, PROSE, TITLE_TAIL, TITLES, Line, nudge
from hoptac.reading.layout_path import RUNS, best_path, page_map
from hoptac.reading.layout_shapes import day_of, furniture_words, key_of, shape_of
from hoptac.reading.values import Article, Evidence, LineRole, Teaser

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
MAIN = frozenset(("headline", "lead", "body", "caption"))
BESIDE = 2
"""Lines after the story's end within which a day is the story's."""


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


line_role = lru_cache(maxsize=4096)(LineRole)
"""One value for all pages' tenth lines of the body, and so on."""
ODD_AMONG = 2
"""So many doubled titles make a single one at the page's end no title."""


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
    nudges = nudge(lines, title)
    places = best_path([line.shape for line in lines], nudges, lexicon.built(page_map))
    roles = _settle_roles(lines, places)
    article = _gather(doc, lines, roles)
    main = tuple([line.n for line, role in zip(lines, roles, strict=True) if role in MAIN])
    return Layout(
        tuple([line_role(line.n, role) for line, role in zip(lines, roles, strict=True)]),
        article,
        main,
        _find_day(lines, places, roles),
        outlet or _find_outlet(doc, lines, places, title, lexicon),
    )


def _take_lines(doc: Doc, lexicon: Lexicon) -> list[Line]:
    words = lexicon.built(furniture_words)
    lines, low = [], doc.low
    gap = False
    n = start = 0
    for raw, small in zip(doc.text.split("\n"), low.split("\n"), strict=True):
        n += 1
        begin, start = start, start + len(raw) + 1
        body = raw.strip()
        if not body:
            gap = True
            continue
        end = start - 1
        if body != raw:
            begin += len(raw) - len(raw.lstrip())
            end = begin + len(body)
            small = low[begin:end]
        shape = shape_of(body, small, words)
        lines.append(Line(n, begin, end, small, shape, small if shape in PROSE else key_of(small), gap))
        gap = False
    return lines


def _take_hints(lines: list[Line], doc: Doc, blocks: tuple[Block, ...]) -> None:
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


def _settle_roles(lines: list[Line], places: list[str]) -> list[str]:
    """Turn places into the contract's roles."""
    roles = []
    headline = lines[places.index("headline")].key if "headline" in places else None
    for i, (line, place) in enumerate(zip(lines, places, strict=True)):
        role = ROLE_OF[place]
        if role == "furniture":
            role = _furniture_role(lines, places, i, headline)
        elif place == "repeat" and line.key != headline:
            role = "related"
        roles.append(line.hint if line.hint is not None and line.hint in PLACES_OF else role)
    _settle_lists(lines, places, roles)
    return roles


def _furniture_role(lines: list[Line], places: list[str], i: int, headline: str | None) -> str:
    """What a line outside the story is."""
    line, place = lines[i], places[i]
    if line.shape == "date":
        return "date"
    if line.shape == "byline" or (place == "under" and line.shape == "name"):
        return "byline" if place in ("under", "aside") else "furniture"
    if line.shape == "twin":
        return "teaser_title" if _has_lead(lines, places, i) else "related"
    if line.shape in RUNS and i and lines[i - 1].shape == "twin":
        return "teaser_lead"
    if place in ("aside", "head") and (line.shape in TITLES or line.shape == "more"):
        return "furniture" if headline is not None and line.low.startswith(headline) else "related"
    return "furniture"


def _has_lead(lines: list[Line], places: list[str], i: int) -> bool:
    return i + 1 < len(lines) and places[i + 1] == places[i] and lines[i + 1].shape in RUNS


def _settle_lists(lines: list[Line], places: list[str], roles: list[str]) -> None:
    """A list of bare titles is a list of related headlines; with leads or doubled titles they are teasers."""
    if "teaser" not in places and "teaser_lead" not in places:
        return
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
            elif i == len(lines) and _odd_one_out(lines, places, start) and lines[-1].hint is None:
                roles[-1] = "furniture"
            start = None


def _odd_one_out(lines: list[Line], places: list[str], start: int) -> bool:
    """Whether the page's last line closes a list of doubled titles without being one: the paper's imprint."""
    titles = [j for j in range(start, len(lines)) if places[j] == "teaser"]
    if not titles or titles[-1] != len(lines) - 1:
        return False
    keys = [lines[j].key for j in titles]
    return (
        keys.count(keys[-1]) == 1
        and all(keys.count(key) > 1 for key in keys[:-1])
        and len(set(keys)) > ODD_AMONG
    )


def _gather(doc: Doc, lines: list[Line], roles: list[str]) -> Article:
    """The story's parts as evidence, in text order."""
    parts: dict[str, list[Evidence]] = {
        role: [] for role in ("headline", "lead", "byline", "body", "caption")
    }
    teasers: list[Teaser] = []
    pending: tuple[str, Evidence] | None = None
    for line, role in zip(lines, roles, strict=True):
        if role in parts:
            if role == "headline" and not (parts["lead"] or parts["body"] or parts["caption"]):
                parts[role].clear()  # an office's letterhead may stand where a newspaper's headline does
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


def _find_day(lines: list[Line], places: list[str], roles: list[str]) -> date | None:
    """The page's own day: under the headline, else nearest above it, else beside the byline."""
    if all(line.shape != "date" for line in lines) and "date" not in roles:
        return None
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
    doc: Doc, lines: list[Line], places: list[str], title: str | None, lexicon: Lexicon
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
