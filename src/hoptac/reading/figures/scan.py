"""A doc being read for figures: where the last figure ended, what stands before and behind a place in the text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple

from hoptac.reading.doc import Doc
from hoptac.reading.figures.grammar import Grammar, Lead
from hoptac.reading.mentions import Figures

WORDS = tuple(re.compile(rf"[^\W\d_]+(?: [^\W\d_]+){{0,{max(0, most - 1)}}}") for most in range(9))
# What may stand before the first word of a lead: "(ngày 5/9)".
OPENING = "(\"“‘'[-–•*+>"
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
    """``floor`` is the end of the last figure, ``last``: nothing before it may be taken again."""

    doc: Doc
    text: str
    low: str
    grammar: Grammar
    floor: int = 0
    last: Figures | None = None

    def leads(self, pos: int) -> list[Before]:
        """The leads that stand directly before ``pos`` on its line, the nearest first; each phrase as long as it can be."""
        table, ends = self.grammar.leads, self.grammar.lead_ends
        floor = max(self.floor, pos - REACH)
        found: list[Before] = []
        at = pos
        while len(found) < STACK:
            words: list[tuple[str, int, bool]] = []
            most = 1
            stop = at
            while len(words) < most:
                word, begin, last = self._word_before(stop, floor, first=at == pos and not words)
                if not word:
                    break
                if not words:
                    most = ends.get(word, 0)
                    if not most:
                        return found
                words.append((word, begin, last))
                if last:
                    break
                stop = begin
            for size in range(len(words), 0, -1):
                phrase = " ".join(word for word, _, _ in reversed(words[:size]))
                entry: tuple[Lead, ...] | None = table.get(phrase)
                if entry is not None:
                    at = words[size - 1][1]
                    found.extend(Before(one.sort, one.value, at, phrase) for one in entry)
                    if words[size - 1][2]:
                        return found
                    break
            else:
                return found
        return found

    def _word_before(self, pos: int, floor: int, *, first: bool) -> tuple[str, int, bool]:
        """The word that ends before ``pos``, its start, and whether nothing of one phrase can stand before it.

        The nearest word may touch the number or carry a colon or stop ("SĐT: 09…", "Q. 1"); a word cut by ``floor`` is
        none.
        """
        low = self.low
        if pos > floor and low[pos - 1] == " ":
            begin = low.rfind(" ", floor, pos - 1) + 1
            word = low[begin : pos - 1]
            if begin > floor and word.isalpha():
                return word, begin, False
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
