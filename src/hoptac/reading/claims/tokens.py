"""A sentence as a row of tokens: mentions, table words and punctuation, in order (chuỗi dấu hiệu của câu)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from hoptac.lexicon import Lexicon
from hoptac.reading.mentions import (
    BodyName,
    Count,
    Figure,
    Mention,
    Money,
    PersonName,
    PlaceName,
    Reference,
    Span,
    When,
)
from hoptac.reading.scan import Hits, Scanner
from hoptac.reading.scene import Scene

_PUNCT = re.compile(r"[,;:()]|\s[-–—]\s")

_KIND_OF = {
    Money: "money",
    Count: "count",
    When: "when",
    Span: "span",
    PlaceName: "party",
    BodyName: "party",
    PersonName: "party",
    Reference: "party",
    Figure: "figure",
}


@dataclass(frozen=True, slots=True)
class Token:
    """``kind`` is money, count, when, span, figure, party, punct or a kind of the ``claim_words`` table; ``word`` is the mark,
    or the act of the table's word; ``mention`` is what a finder found."""

    kind: str
    start: int
    end: int
    word: str = ""
    mention: Mention | None = None


def _claim_scanner(lexicon: Lexicon) -> Scanner[tuple[str, str]]:
    return Scanner({row["literal"]: (row["kind"], row["act"]) for row in lexicon.table("claim_words")})


def _thing_scanner(lexicon: Lexicon) -> Scanner[str]:
    return Scanner({row["literal"]: row["act"] for row in lexicon.table("things")})


def _folk_scanner(lexicon: Lexicon) -> Scanner[str]:
    return Scanner({row["literal"]: row["kind"] for row in lexicon.table("beneficiaries")})


@dataclass(frozen=True)
class Marks:
    """The word hits of a whole page, each table's found in one pass and only where asked for, looked up by sentence."""

    scene: Scene

    @classmethod
    def of(cls, scene: Scene) -> Marks:
        return cls(scene)

    @cached_property
    def words(self) -> Hits[tuple[str, str]]:
        return Hits.of(self.scene.lexicon.built(_claim_scanner).find(self.scene.doc.low))

    @cached_property
    def things(self) -> Hits[str]:
        return Hits.of(self.scene.lexicon.built(_thing_scanner).find(self.scene.doc.low))

    @cached_property
    def folk(self) -> Hits[str]:
        return Hits.of(self.scene.lexicon.built(_folk_scanner).find(self.scene.doc.low))


def tokens_of(scene: Scene, marks: Marks, start: int, end: int) -> list[Token]:
    """The tokens of ``[start, end)``, in order, none overlapping; a mention wins over a word inside it."""
    taken: list[Token] = [
        Token(_KIND_OF[type(m)], m.start, m.end, mention=m)
        for m in _in_order(scene.names_in(start, end), scene.figures_in(start, end))
        if type(m) in _KIND_OF
    ]
    rest = [Token(hit.value[0], hit.start, hit.end, hit.value[1]) for hit in marks.words.within(start, end)]
    rest += [
        Token("punct", m.start(), m.end(), m.group().strip())
        for m in _PUNCT.finditer(scene.doc.text, start, end)
    ]
    return _laid(taken, sorted(rest, key=lambda t: t.start))


def _laid(taken: list[Token], rest: list[Token]) -> list[Token]:
    """Two ordered rows as one: a word or mark that overlaps a mention is dropped."""
    out: list[Token] = []
    k = 0
    for token in rest:
        while k < len(taken) and taken[k].end <= token.start:
            out.append(taken[k])
            k += 1
        if k == len(taken) or token.end <= taken[k].start:
            out.append(token)
    return out + taken[k:]


def _in_order(*lists: Iterable[Mention]) -> list[Mention]:
    """Mentions of several finders as one row: where two overlap the longer stays."""
    out: list[Mention] = []
    for m in sorted((m for each in lists for m in each), key=lambda m: (m.start, -m.end)):
        if out and m.start < out[-1].end:
            if m.end - m.start > out[-1].end - out[-1].start:
                out[-1] = m
            continue
        out.append(m)
    return out
