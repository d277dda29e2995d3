"""Find the words of a table in a text, all in one pass (dò từ).

The text is first laid out as bytes, one a character, in which every break between words is a space; each literal is looked for
with a space before it, so the automaton meets no "ông" inside "không", and what it finds needs no counting back to characters.
``find_slowly`` is the plain reading of the same rule, by dictionary, and must agree with ``find``: at each word's first letter,
the longest literal that ends at a word's last letter, then on from its end.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any, Generic, NamedTuple, TypeVar

from ahocorasick_rs import BytesAhoCorasick, Implementation, MatchKind

from hoptac.reading.letters import OWN, class_table, page_bytes
from hoptac.text.fold import fold, match_form

T = TypeVar("T")
Found = tuple[int, int, T]

BREAK = re.compile(r"[\W_]")
SPACE = 0x20
WORD, WORDS, PHRASE = range(3)
"""What must fit beside a literal's bytes and its end: nothing; that no line ends inside; every character."""
TO_SPACES = class_table({"upper": "", "lower": "", "word": "", "_": " "}, " ")


class Hit(NamedTuple, Generic[T]):
    """A literal at ``[start, end)`` of the text, with what the table says of it."""

    start: int
    end: int
    value: T


_HIT: Callable[[Found[Any]], Hit[Any]] = partial(tuple.__new__, Hit)
"""``Hit._make`` without its count of fields: a quarter of the time."""


def literal_form(literal: str) -> str:
    """A table's literal as texts in match form would show it.

    >>> literal_form("Hoà Mỹ")
    'hòa mĩ'
    """
    return match_form(fold(literal).text)


def break_form(low: str) -> str:
    """A text in match form with every break between words as one space for each character.

    >>> break_form("tp.hcm, gd-đt")
    'tp hcm  gd đt'
    """
    return BREAK.sub(" ", low)


@lru_cache(maxsize=4)
def word_bytes(low: str) -> bytes:
    """``break_form`` as bytes, one for each character, between two spaces. The last texts are kept: many tables ask."""
    return b" %b " % page_bytes(low).translate(TO_SPACES)


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
        starts = self.starts
        first = bisect_left(starts, start)
        if first == len(starts) or starts[first] >= end:
            return ()
        return self.all[first : bisect_left(starts, end, first)]


class WordScanner(Generic[T]):
    """An automaton over literals that begin and end with a letter or digit and are whole words of the text.

    ``loose``: a break inside a literal matches any break but a line's end ("GD-ĐT": "gd & đt"); else signs count.
    """

    def __init__(self, entries: Mapping[str, T], *, loose: bool) -> None:
        self._loose = loose
        folded = {literal_form(literal): value for literal, value in entries.items() if literal}
        self._lookup = {self._form(literal).strip(): value for literal, value in folded.items()}
        literals = list(self._lookup)
        self._values = list(self._lookup.values())
        wrong = [literal for literal in literals if not (literal[0].isalnum() and literal[-1].isalnum())]
        if wrong:
            raise ValueError(
                f"a word to look for begins and ends with a letter or digit: {wrong[0]!r} does not"
            )
        self._checked = [
            WORD if literal.isalnum() and OWN.issuperset(literal) else PHRASE for literal in literals
        ]
        if loose:
            self._checked = [
                WORDS if OWN.issuperset(literal) and check == PHRASE else check
                for literal, check in zip(literals, self._checked, strict=True)
            ]
        self._automaton = BytesAhoCorasick(
            [page_bytes(" " + break_form(literal)) for literal in literals],
            matchkind=MatchKind.LeftmostLongest,
            implementation=Implementation.ContiguousNFA,  # a DFA is larger than the cache: slower beside other work
        )
        self._longest = max(map(len, literals), default=0)
        lengths: dict[str, set[int]] = {}
        for literal in literals:
            lengths.setdefault(break_form(literal).split(" ", 1)[0], set()).add(len(literal))
        self._lengths = {first: sorted(all_of, reverse=True) for first, all_of in lengths.items()}

    def _form(self, words: str) -> str:
        return break_form(words) if self._loose else words

    def spans(self, low: str) -> list[Found[T]]:
        """(start, end, value) of each literal in a text in match form: in order, none overlapping, longest at each word."""
        text = word_bytes(low)
        values, checked, lookup = self._values, self._checked, self._lookup
        out: list[Found[T]] = []
        put = out.append
        at = 0
        for index, start, end in self._automaton.find_matches_as_indexes(text):
            if start < at:
                continue
            check = checked[index]
            if text[end] == SPACE:
                if check == WORD or (check == WORDS and low.find("\n", start, end - 1) < 0):
                    put((start, end - 1, values[index]))
                    continue
                words = low[start : end - 1]
                value = lookup.get(words)
                if value is None and self._loose:
                    value = self._held(words)
                if value is not None:
                    put((start, end - 1, value))
                    continue
            elif check == WORD:
                continue
            for found in self._slowly(low, start, end - 1):
                put(found)
                at = found[1]
        return out

    def _held(self, words: str) -> T | None:
        value = self._lookup.get(words)
        if value is None and self._loose and "\n" not in words:
            value = self._lookup.get(break_form(words))
        return value

    def spans_slowly(self, low: str) -> list[Found[T]]:
        """What ``spans`` gives, by trying every length at every word: the reference that tests hold ``spans`` to."""
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
                    value = self._held(low[start + at : start + end])
                    if value is not None:
                        yield start + at, start + end, value
                        step = end
                        break
            at = step


class Scanner(WordScanner[T]):
    """The words of a table, as ``Hit``s; signs inside a literal count."""

    def __init__(self, entries: Mapping[str, T]) -> None:
        super().__init__(entries, loose=False)

    def find(self, low: str) -> list[Hit[T]]:
        """Hits in ``low`` (a text in match form): in order, none overlapping, leftmost and longest, whole words only."""
        return list(map(_HIT, self.spans(low)))

    def find_slowly(self, low: str) -> Iterator[Hit[T]]:
        """The same hits as ``find``, by trying every position: the reference that tests hold ``find`` to."""
        return map(_HIT, self.spans_slowly(low))
