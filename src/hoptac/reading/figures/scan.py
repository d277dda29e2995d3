"""A doc being read for figures: where the last figure ended, what stands before and behind a place in the text."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from hoptac.reading.doc import Doc
from hoptac.reading.figures.grammar import Grammar, LeadEnd
from hoptac.reading.mentions import Figures

WORD = re.compile(r"[^\W\d_]+")
WORDS = tuple(re.compile(rf"[^\W\d_]+(?: [^\W\d_]+){{0,{max(0, most - 1)}}}") for most in range(9))
# What may stand before the first word of a lead: "(ngày 5/9)".
OPENING = "(\"“‘'[-–•*+>"
# What may stand between the last letter of a lead and its number.
TOUCHING = ":.-"
# How far back, in characters, a lead or a stack of hedges may begin before its number.
REACH = 48
# How many leads in a row belong to one number: "ước tính khoảng hơn".
STACK = 4


class Before(NamedTuple):
    """A lead with its place."""

    sort: str
    value: str
    start: int
    phrase: str


@dataclass(slots=True)
class Scan:
    """``floor`` is the end of the last figure, ``last``: nothing before it may be taken again.

    ``amounts`` keeps what ``amount_at`` read at a place: several readers ask for the same one. ``number`` is where the
    digits being read begin, ``number_end`` where they end with their marks.
    """

    doc: Doc
    text: str
    low: str
    grammar: Grammar
    floor: int = 0
    last: Figures | None = None
    amounts: dict[int, Any] = field(default_factory=dict)
    number: int = -1
    number_end: int = 0

    def leads(self, pos: int) -> list[Before]:
        """The leads that stand directly before ``pos`` on its line, the nearest first; each phrase as long as it can be."""
        low, floor = self.low, self.floor
        if pos <= floor:
            return []
        nearest = low[pos - 1]
        if nearest != " " and not nearest.isalpha() and nearest not in TOUCHING:
            return []
        if floor < pos - REACH:
            floor = pos - REACH
        found: list[Before] = []
        at = pos
        while len(found) < STACK:
            ends, stop = self.grammar.lead_ends, at
            phrase: LeadEnd | None = None
            cut = False
            while ends:
                word, begin, last = "", 0, False
                if stop > floor and low[stop - 1] == " ":
                    begin = low.rfind(" ", floor, stop - 1) + 1
                    word = low[begin : stop - 1]
                if begin <= floor or not word.isalpha():
                    word, begin, last = self._word_before(stop, floor, first=stop == pos)
                end = ends.get(word)
                if end is None:
                    break
                if end.leads:
                    phrase, at, cut = end, begin, last
                if last:
                    break
                ends, stop = end.before, begin
            if phrase is None:
                return found
            for one in phrase.leads:
                found.append(Before(one.sort, one.value, at, phrase.phrase))
            if cut:
                return found
        return found

    def _word_before(self, pos: int, floor: int, *, first: bool) -> tuple[str, int, bool]:
        """The word that ends before ``pos``, its start, and whether nothing of one phrase can stand before it.

        The nearest word may touch the number or carry a colon or stop ("SĐT: 09…", "Q. 1"); a word cut by ``floor`` is
        none.
        """
        low = self.low
        end = pos
        while end > floor and low[end - 1] == " ":
            end -= 1
        begin = low.rfind(" ", floor, end) + 1
        if begin == 0:
            begin = floor
        line = low.rfind("\n", begin, end) + 1
        word = low[max(begin, line) : end]
        begin = max(begin, line)
        if not word.isalpha():
            if first:
                word = word.rstrip(":.")
            if not word.replace("-", "a").isalpha():
                bare = word.lstrip(OPENING)
                return (bare, begin + len(word) - len(bare), True) if bare.isalpha() else ("", begin, True)
        cut = begin == floor and begin > self.floor and low[begin - 1].isalnum()
        return ("", begin, True) if cut else (word, begin, bool(line) or begin == floor)

    def words(self, pos: int, most: int) -> list[tuple[str, int]]:
        """Up to ``most`` words from ``pos`` on, each parted from the next by one space: (word, its end)."""
        m = WORDS[most].match(self.low, pos)
        if m is None:
            return []
        found, end = [], pos
        for word in m.group().split(" "):
            end += len(word)
            found.append((word, end))
            end += 1
        return found

    def gap(self, pos: int) -> int:
        """``pos`` moved over up to two spaces."""
        low = self.low
        if low.startswith(" ", pos):
            pos += 1
            if low.startswith(" ", pos):
                pos += 1
        return pos

    def soft_gap(self, pos: int) -> int:
        """As ``gap``, or over one line end that broke a phrase ("65⏎tỷ đồng")."""
        low = self.low
        if low.startswith("\n", pos) and pos + 1 < len(low) and self.text[pos + 1].islower():
            return pos + 1
        return self.gap(pos)
