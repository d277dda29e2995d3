"""One pass over a text for all words of names (dò mọi từ khóa của tên trong một lượt).

The text is first laid out so that every break between words is a space; each literal is looked for with a space before
it, so the automaton meets no "ông" inside "không". ``find_slowly`` is the same rule by dictionary, position by position.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Generic, TypeVar

from ahocorasick_rs import AhoCorasick, MatchKind

from hoptac.reading.scan import literal_form

T = TypeVar("T")
Found = tuple[int, int, T]

BREAKS = "\n\t.,;:!?()[]{}<>\"'`“”‘’«»/\\-–—―…*+=&%|_~@#$^•·●▪■►°′″"


def break_form(low: str) -> str:
    """A text in match form with every break between words as one space for each character.

    >>> break_form("tp.hcm, gd-đt")
    'tp hcm  gd đt'
    """
    for char in BREAKS:
        if char in low:
            low = low.replace(char, " ")
    return low


class NameScanner(Generic[T]):
    """An automaton over literals that begin and end at word breaks; a break inside a literal matches any break."""

    def __init__(self, entries: Mapping[str, T]) -> None:
        self._lookup = {
            " " + break_form(literal_form(literal)).strip(): value for literal, value in entries.items()
        }
        self._patterns = list(self._lookup)
        self._values = list(self._lookup.values())
        self._several = [" " in pattern[1:] for pattern in self._patterns]
        self._automaton = AhoCorasick(self._patterns, matchkind=MatchKind.LeftmostLongest)
        lengths: dict[str, set[int]] = {}
        for pattern in self._patterns:
            lengths.setdefault(_first_word(pattern, 0), set()).add(len(pattern))
        self._lengths = {first: sorted(all_of, reverse=True) for first, all_of in lengths.items()}

    def find(self, low: str) -> list[Found[T]]:
        """(start, end, value) of each literal: in order, none overlapping, the longest at each word, no line crossed."""
        text = " " + break_form(low)
        last = len(text)
        values, several = self._values, self._several
        out: list[Found[T]] = []
        at = 0
        for index, start, end in self._automaton.find_matches_as_indexes(text):
            if start < at:
                continue
            if (end == last or text[end] == " ") and not (several[index] and "\n" in low[start : end - 1]):
                out.append((start, end - 1, values[index]))
            else:
                for found in self._slowly(low, text, start, end):
                    out.append(found)
                    at = found[1]
        return out

    def find_slowly(self, low: str) -> list[Found[T]]:
        """What ``find`` gives, by trying every length at every word: the reference that tests hold ``find`` to."""
        text = " " + break_form(low)
        return list(self._slowly(low, text, 0, len(text)))

    def _slowly(self, low: str, text: str, at: int, stop: int) -> Iterator[Found[T]]:
        last = len(text)
        while at < stop:
            step = at + 1
            if text[at] == " ":
                for length in self._lengths.get(_first_word(text, at), ()):
                    end = at + length
                    if end > last or (end < last and text[end] != " ") or low.find("\n", at, end - 1) >= 0:
                        continue
                    value = self._lookup.get(text[at:end])
                    if value is not None:
                        yield at, end - 1, value
                        step = end
                        break
            at = step


def _first_word(text: str, at: int) -> str:
    end = text.find(" ", at + 1)
    return text[at:] if end < 0 else text[at:end]
