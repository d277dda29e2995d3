"""The phrases around a verb of giving: to whom, what, where (cụm từ quanh động từ)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from hoptac.lexicon import Lexicon
from hoptac.reading.claims.tokens import Token
from hoptac.reading.mentions import Count, PlaceName, Reference
from hoptac.reading.scan import Scanner, literal_form
from hoptac.reading.scene import PROVINCE, Scene
from hoptac.reading.values import PartyName

STOPS = frozenset(
    {
        "money",
        "give",
        "send",
        "say",
        "sum",
        "get",
        "run",
        "work",
        "for",
        "worth",
        "by",
        "stop",
        "will",
        "part",
        "total",
        "each",
        "span",
        "when",
        "with",
    }
    | {"going", "ask", "plan", "recent", "now", "past", "habit", "passive", "to"}
)
"""Token kinds that end a noun phrase."""

LIST_WORDS = 6
"""A stretch between two commas is one more thing of a list where it has at most this many words."""

KIND_WORDS = 2
"""At most this many words ("thành phố") stand before a name at the head of a stretch."""


WHAT_WORDS = 24
"""A thing's phrase is cut after this many words."""


def _beneficiaries(lexicon: Lexicon) -> Scanner[bool]:
    return Scanner(
        {row["literal"]: True for row in lexicon.table("beneficiaries") if row["kind"] == "people"}
    )


def _joiners(lexicon: Lexicon) -> frozenset[str]:
    kinds = ("and", "to", "of", "in", "for", "by", "with", "stop", "passive")
    return frozenset(row["literal"] for row in lexicon.table("claim_words") if row["kind"] in kinds)


def clean_phrase(scene: Scene, start: int, end: int) -> str:
    """The words of a span as one phrase: spaces run together, marks at the ends and words past the limit dropped.

    Where the span is but a word that stands for a name on the page ("nhà trường"), the phrase is that name.
    """
    for m in scene.names_in(start, end):
        alone = not scene.doc.text[start : m.start].strip() and not scene.doc.text[m.end : end].strip(" ,.;:")
        if alone and isinstance(m, Reference) and len(m.names) == 1:
            return m.names[0]
    text = re.sub(r"\s+", " ", scene.doc.text[start:end]).strip(" ,;:.–—-“”\"'…()")
    words = text.split(" ")[:WHAT_WORDS]
    while words and words[-1].lower() in scene.lexicon.built(_joiners):
        words.pop()
    return " ".join(words).rstrip(" ,;:")


def names_people(scene: Scene, start: int, end: int) -> bool:
    """Whether a phrase begins with a noun for people ("hộ nghèo", "các em học sinh")."""
    hits = scene.lexicon.built(_beneficiaries).find(scene.doc.low[start:end])
    return bool(hits) and len(scene.doc.low[start : start + hits[0].start].split()) <= 1


def noun_phrase(
    scene: Scene,
    tokens: Sequence[Token],
    start: int,
    end: int,
    *,
    first_count: bool = False,
    lists: bool = True,
) -> tuple[int, int]:
    """The noun phrase from ``start``: up to a word that ends it, or a comma that does not go on with a list."""
    marks = [t for t in tokens if start <= t.start < end]
    for n, token in enumerate(marks):
        first = not scene.doc.text[start : token.start].strip()
        if token.kind == "count" and not (first and first_count) and not first:
            return start, token.start
        if token.kind in STOPS and not (first and token.kind in ("work", "with", "each")):
            return start, token.start
        if token.kind == "punct":
            if token.word == "," and lists and _list_goes_on(scene, marks[n + 1 :], token.end, end):
                continue
            if token.word == "(" or first:
                return start, token.start
            return start, token.start
    return start, end


def _list_goes_on(scene: Scene, tokens: Sequence[Token], start: int, end: int) -> bool:
    nxt = next((t for t in tokens if t.kind == "punct" or t.kind in STOPS), None)
    stretch = scene.doc.text[start : nxt.start if nxt else end]
    inside = [t for t in tokens if t.start < (nxt.start if nxt else end)]
    heads = (t for t in inside if t.kind in ("party", "count", "figure"))
    if any(len(scene.doc.text[start : t.start].split()) <= KIND_WORDS for t in heads):
        return False
    return 0 < len(stretch.split()) <= LIST_WORDS


def place_in(scene: Scene, start: int, end: int) -> PartyName | None:
    """Where: the narrowest place named in a span, a district before a province."""
    places = [m for m in scene.names_in(start, end) if isinstance(m, PlaceName) and m.level >= PROVINCE]
    lower = [m for m in places if m.level == PROVINCE + 1] or [m for m in places if m.level > PROVINCE + 1]
    chosen = lower or places
    return PartyName(chosen[0].name, chosen[0].code, chosen[0].unit) if chosen else None


def counts_people(scene: Scene, token: Token) -> bool:
    """Whether a count is of people, who receive and are not given."""
    hits = scene.lexicon.built(_beneficiaries).find(
        literal_form(token.mention.unit if isinstance(token.mention, Count) else "")
    )
    return bool(hits) and hits[0].start == 0
