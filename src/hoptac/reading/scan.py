"""Find the words of a table in a text, all in one pass (dò từ).

``Scanner.find`` runs an automaton over the whole text; ``Scanner.find_slowly`` is the plain reading of the same rule and must
agree with it: at each word's first letter, the longest literal that ends at a word's last letter, then on from its end.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from ahocorasick_rs import AhoCorasick, MatchKind

from hoptac.text.fold import fold, match_form

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Hit(Generic[T]):
    """A literal at ``[start, end)`` of the text, with what the table says of it."""

    start: int
    end: int
    value: T


def literal_form(literal: str) -> str:
    """A table's literal as texts in match form would show it.

    >>> literal_form("Hoà Mỹ")
    'hòa mĩ'
    """
    return match_form(fold(literal).text)


@dataclass(frozen=True)
class Hits(Generic[T]):
    """The hits of a whole text, looked up by stretch."""

    all: Sequence[Hit[T]]
    starts: Sequence[int]

    @classmethod
    def of(cls, hits: Sequence[Hit[T]]) -> Hits[T]:
        return cls(hits, [hit.start for hit in hits])

    def within(self, start: int, end: int) -> Sequence[Hit[T]]:
        """The hits that begin in ``[start, end)``, in order."""
        return self.all[bisect_left(self.starts, start) : bisect_left(self.starts, end)]


class Scanner(Generic[T]):
    """An automaton over the literals of a table.

    ``entries`` maps a literal to its value; literals are folded here, so tables may write "thuỷ" or "thủy".
    """

    def __init__(self, entries: Mapping[str, T]) -> None:
        folded = {literal_form(literal): value for literal, value in entries.items() if literal}
        self._literals = list(folded)
        self._values = list(folded.values())
        self._lookup = folded
        self._automaton = AhoCorasick(self._literals, matchkind=MatchKind.Standard) if folded else None
        self._longest = max(map(len, self._literals), default=0)

    def find(self, low: str) -> list[Hit[T]]:
        """Hits in ``low`` (a text in match form): in order, none overlapping, leftmost and longest, whole words only."""
        if self._automaton is None:
            return []
        found: list[tuple[int, int, int]] = []
        last = len(low)
        for index, start, end in self._automaton.find_matches_as_indexes(low, overlapping=True):
            if (start == 0 or not low[start - 1].isalnum()) and (end == last or not low[end].isalnum()):
                found.append((start, -end, index))
        found.sort()
        hits: list[Hit[T]] = []
        at = 0
        for start, minus_end, index in found:
            if start >= at:
                hits.append(Hit(start, -minus_end, self._values[index]))
                at = -minus_end
        return hits

    def find_slowly(self, low: str) -> Iterator[Hit[T]]:
        """The same hits as ``find``, by trying every position: the reference that tests hold ``find`` to."""
        at = 0
        while at < len(low):
            if at == 0 or not low[at - 1].isalnum():
                for end in range(min(len(low), at + self._longest), at, -1):
                    if (end == len(low) or not low[end].isalnum()) and low[at:end] in self._lookup:
                        yield Hit(at, end, self._lookup[low[at:end]])
                        at = end - 1
                        break
            at += 1
