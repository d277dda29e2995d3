"""One pass over a text for all words of names (dò mọi từ khóa của tên trong một lượt)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from hoptac.reading.scan import Found, WordScanner

T = TypeVar("T")


class NameScanner(WordScanner[T]):
    """The words of names; a break inside a literal matches any break ("GD-ĐT", "GD&ĐT"), but no line's end."""

    def __init__(self, entries: Mapping[str, T]) -> None:
        super().__init__(entries, loose=True)

    def find(self, low: str) -> list[Found[T]]:
        """(start, end, value) of each literal: in order, none overlapping, the longest at each word, no line crossed."""
        return self.spans(low)

    def find_slowly(self, low: str) -> list[Found[T]]:
        """What ``find`` gives, the slow way: the reference that tests hold ``find`` to."""
        return self.spans_slowly(low)
