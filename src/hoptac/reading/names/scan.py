"""One pass over a text for all words of names (dò mọi từ khóa của tên trong một lượt).

The text is first laid out as bytes in which every break between words is a space; each literal is looked for with a space
before it, so the automaton meets no "ông" inside "không". ``find_slowly`` is the same rule by dictionary, word by word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Generic, TypeVar

from ahocorasick_rs import BytesAhoCorasick, Implementation, MatchKind

from hoptac.reading.letters import OWN, class_table, page_bytes
from hoptac.reading.scan import literal_form

T = TypeVar("T")
Found = tuple[int, int, T]

BREAK = re.compile(r"[\W_]")
SPACE = 0x20
TO_SPACES = class_table({"upper": "", "lower": "", "word": "", "_": " "}, " ")


def break_form(low: str) -> str:
    """A text in match form with every break between words as one space for each character.

    >>> break_form("tp.hcm, gd-đt")
    'tp hcm  gd đt'
    """
    return BREAK.sub(" ", low)


class NameScanner(Generic[T]):
    """An automaton over literals that begin and end at word breaks; a break inside a literal matches any break."""

    def __init__(self, entries: Mapping[str, T]) -> None:
        self._lookup = {
            break_form(literal_form(literal)).strip(): value for literal, value in entries.items()
        }
        self._literals = list(self._lookup)
        self._values = list(self._lookup.values())
        self._checked = [" " in literal or not OWN.issuperset(literal) for literal in self._literals]
        """Whether more than its bytes and its end must fit: it could cross a line, or letters of it share a byte."""
        self._automaton = BytesAhoCorasick(
            [page_bytes(" " + literal) for literal in self._literals],
            matchkind=MatchKind.LeftmostLongest,
            implementation=Implementation.ContiguousNFA,
        )
        self._longest = max(map(len, self._literals), default=0)
        lengths: dict[str, set[int]] = {}
        for literal in self._literals:
            lengths.setdefault(literal.split(" ", 1)[0], set()).add(len(literal))
        self._lengths = {first: sorted(all_of, reverse=True) for first, all_of in lengths.items()}

    def find(self, low: str) -> list[Found[T]]:
        """(start, end, value) of each literal: in order, none overlapping, the longest at each word, no line crossed."""
        text = b" " + page_bytes(low).translate(TO_SPACES) + b" "
        values, checked = self._values, self._checked
        out: list[Found[T]] = []
        at = 0
        for index, start, end in self._automaton.find_matches_as_indexes(text):
            if not checked[index]:
                if text[end] == SPACE and start >= at:
                    out.append((start, end - 1, values[index]))
            elif start < at:
                continue
            elif text[end] == SPACE and self._holds(low, start, end - 1, index):
                out.append((start, end - 1, values[index]))
            else:
                for found in self._slowly(low, start, end - 1):
                    out.append(found)
                    at = found[1]
        return out

    def _holds(self, low: str, start: int, end: int, index: int) -> bool:
        words = low[start:end]
        return words == self._literals[index] or (
            "\n" not in words and break_form(words) == self._literals[index]
        )

    def find_slowly(self, low: str) -> list[Found[T]]:
        """What ``find`` gives, by trying every length at every word: the reference that tests hold ``find`` to."""
        return list(self._slowly(low, 0, len(low)))

    def _slowly(self, low: str, start: int, stop: int) -> Iterator[Found[T]]:
        """The literals that begin in ``[start, stop)``; a word begins at ``start``."""
        words = break_form(low[start : stop + self._longest + 1])
        at, stop, last = 0, stop - start, len(low) - start
        while at < stop:
            step = at + 1
            if at == 0 or words[at - 1] == " ":
                gap = words.find(" ", at)
                for length in self._lengths.get(words[at : gap if gap >= 0 else len(words)], ()):
                    end = at + length
                    if end > last or (end < last and words[end] != " "):
                        continue
                    value = self._lookup.get(words[at:end])
                    if value is not None and low.find("\n", start + at, start + end) < 0:
                        yield start + at, start + end, value
                        step = end
                        break
            at = step
