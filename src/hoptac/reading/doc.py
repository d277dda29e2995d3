"""The text that every finder works on, and the way back to the page (văn bản làm việc)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from hoptac.reading.values import Evidence
from hoptac.text.fold import Folded, fold, match_form


@dataclass(frozen=True)
class Doc:
    """A page's text in its reading form.

    Finders read ``text`` (reading form: case kept, for names) and ``low`` (match form: for literals); the two have
    the same length and positions. Mentions count positions of ``text``; ``evidence`` turns them into the page's own.
    """

    folded: Folded
    low: str

    @classmethod
    def of(cls, source: str) -> Doc:
        folded = fold(source)
        return cls(folded, match_form(folded.text))

    @property
    def text(self) -> str:
        return self.folded.text

    @cached_property
    def lines(self) -> tuple[tuple[int, int], ...]:
        """Start and end of each line, line ends excluded; line ``n`` of the contract is ``lines[n - 1]``."""
        spans, at = [], 0
        for line in self.text.split("\n"):
            spans.append((at, at + len(line)))
            at += len(line) + 1
        return tuple(spans)

    def evidence(self, start: int, end: int) -> Evidence:
        folded = self.folded
        if folded.starts is not None:
            start, end = folded.span(start, end)
        return Evidence(start, end, folded.source[start:end])
