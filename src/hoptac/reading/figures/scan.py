"""A doc being read for figures: where the last figure ended, what stands before and behind a place in the text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple

from hoptac.reading.doc import Doc
from hoptac.reading.figures.grammar import LONGEST_LEAD, Grammar, Lead
from hoptac.reading.mentions import Figures

WORD = re.compile(r"[^\W\d_]+")
TOKEN = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)?|[^\w\s]")
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
        low, grammar = self.low, self.grammar
        lo = max(self.floor, pos - REACH, low.rfind("\n", 0, pos) + 1)
        if lo > 0 and lo == pos - REACH and lo > self.floor:
            space = low.find(" ", lo, pos)
            if space < 0:
                return []
            lo = space
        tokens = [(m.group(), m.start()) for m in TOKEN.finditer(low, lo, pos)]
        found: list[Before] = []
        at = len(tokens)
        if at and tokens[-1][0] in ":." and at > 1:
            at -= 1
        table = grammar.leads
        while at > 0 and len(found) < STACK:
            for n in range(min(LONGEST_LEAD, at), 0, -1):
                phrase = " ".join(word for word, _ in tokens[at - n : at])
                entry: tuple[Lead, ...] | None = table.get(phrase)
                if entry is not None:
                    start = tokens[at - n][1]
                    found.extend(Before(one.sort, one.value, start, phrase) for one in entry)
                    at -= n
                    break
            else:
                break
        return found

    def words(self, pos: int, most: int) -> list[tuple[str, int]]:
        """Up to ``most`` words from ``pos`` on, each parted from the next by one space: (word, its end)."""
        low, found = self.low, []
        for _ in range(most):
            m = WORD.match(low, pos)
            if m is None:
                break
            found.append((m.group(), m.end()))
            pos = m.end()
            if not low.startswith(" ", pos):
                break
            pos += 1
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
