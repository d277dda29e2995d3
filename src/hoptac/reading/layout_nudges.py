"""What lines say of one another (dòng này nói về dòng kia): repetition, gaps, shared words, the page's title, markup.

A nudge adds points to one line's fit for some places, before ``layout_path`` takes the best way through the page.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from hoptac.reading.layout_path import RUNS
from hoptac.reading.layout_shapes import TITLE_WORDS, key_of
from hoptac.text.fold import fold, match_form

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
TITLES = frozenset(("title", "head", "runon", "question", "open"))
"""Shapes that a headline may have."""
PROSE = frozenset(("prose", "para"))
CAPTION_LIKE = frozenset(
    ("prose", "sentence", "credit", "title", "head", "open", "short", "question", "runon")
)
CAPTION_LENGTH = 300
"""Characters that a caption has at most."""
LISTED = 6
"""Titles that a heading of related stories speaks for."""
SURE = 12.0
"""Points of a role that the file's own markup gives: more than any shape can say against it."""
LEAST_TOLD = 3
"""A block of captions follows one of at least so many lines of running text."""
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


@dataclass(slots=True)
class Line:
    """One line at work: its number, span and match form, its shape, whether an empty line stands before it, and the
    role that the markup hints at."""

    n: int
    start: int
    end: int
    low: str
    shape: str
    key: str
    gap: bool
    hint: str | None = None


Nudges = dict[int, dict[str, float]]


def nudge(lines: list[Line], title: str | None) -> Nudges:
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


def _nudge_repeated(lines: list[Line], nudges: Nudges) -> None:
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


def _nudge_listed(lines: list[Line], nudges: Nudges) -> None:
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


def _nudge_captions(lines: list[Line], nudges: Nudges) -> None:
    """In a page that parts its lines by empty ones only here and there, a last block of short lines holds captions."""
    gaps = [i for i, line in enumerate(lines) if line.gap and i]
    if not gaps or len(gaps) > NEAR_SHARE * len(lines):
        return
    told = 0
    for before, i in pairwise([0, *gaps]):
        told = max(told, sum([line.shape in RUNS for line in lines[before:i]]))
        if told < LEAST_TOLD:
            continue
        stop = i
        while stop < len(lines) and lines[stop].shape in CAPTION_LIKE and (stop == i or not lines[stop].gap):
            stop += 1
        ends = stop == len(lines)
        if not ends and (lines[stop].gap or stop - i > told):
            continue
        if any(line.end - line.start > CAPTION_LENGTH for line in lines[i:stop]):
            continue
        points = 4.0 if ends else 2.0
        for j in range(i, stop):
            _add(nudges, j, "caption", points)
            _add(nudges, j, "body", -points / 2)


def _nudge_headline(lines: list[Line], title: str | None, nudges: Nudges) -> None:
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


def _nudge_by_words(lines: list[Line], nudges: Nudges) -> None:
    """A title whose pairs of words stand in the running text is the story's own, or heads a part of it.

    Titles of other stories share hardly a pair of words with it: over 1,500 clean stories, one title in ten of another
    story shares 8 % of its pairs, nine section heads in ten share more. The line after a title does not count, so that
    a teaser's lead does not speak for the teaser's title: such a title is a teaser's or heads one paragraph.
    """
    titles = [
        i for i, line in enumerate(lines) if line.shape in TITLES and "caption" not in nudges.get(i, {})
    ]
    if len(titles) < 2:
        return
    text = [i for i, line in enumerate(lines) if line.shape in RUNS][:TEXT_REACH]
    if not text:
        return
    running = "\n".join([lines[i].low for i in text])
    first = text[min(2, len(text) - 1)]
    for i in titles:
        if i > text[-1] + HEADLINE_REACH:
            break
        words = WORD.findall(lines[i].low)
        pairs = [f"{a} {b}" for a, b in pairwise(words)]
        if not pairs:
            continue
        shared = [pair for pair in pairs if pair in running and _times(running, pair)]
        following = lines[i + 1].low if i + 1 < len(lines) and lines[i + 1].shape in RUNS else ""
        share = sum(_times(running, pair) > _times(following, pair) for pair in shared) / len(pairs)
        if i < first:
            _add(nudges, i, "headline", 4.0 * (share - 0.3))
        if share > AKIN:
            moved = OWN
        elif len(lines[i].key) < SHORTEST_TITLE:
            continue
        elif len(shared) < STRANGE * len(pairs):
            moved = OTHERS
        elif share < STRANGE:
            moved = OF_NEXT
        else:
            continue
        for place, points in moved:
            _add(nudges, i, place, points)
        if moved == OTHERS and lines[i].shape == "question":
            _add(nudges, i, "body", -0.6)


def _times(text: str, pair: str) -> int:
    """How often a pair of words stands in ``text``, as whole words."""
    times, at = 0, text.find(pair)
    while at >= 0:
        end = at + len(pair)
        if not (at and text[at - 1].isalnum()) and not text[end : end + 1].isalnum():
            times += 1
        at = text.find(pair, end)
    return times


def _nudge_page_title(lines: list[Line], nudges: Nudges) -> None:
    """The first line may be the page's title: the headline with the outlet's name after it."""
    for i in range(min(3, len(lines))):
        if lines[i].shape in PROSE:
            continue
        cut = TITLE_TAIL.split(lines[i].low)
        if len(cut) < 2:
            continue
        head = key_of(lines[i].low[: lines[i].low.rfind(cut[-1]) - 3])
        for j in range(i + 1, min(len(lines), HEADLINE_REACH)):
            if lines[j].key == head and len(head) >= 20:
                _add(nudges, j, "headline", 4.0)
                _add(nudges, i, "headline", -4.0)
                return
