"""Everybody on a page who may give or receive (các bên trên trang), by sentence: a deed's parties are often named sentences before it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from hoptac.reading.claims.args import Arg, args_of
from hoptac.reading.claims.tokens import Marks, tokens_of
from hoptac.reading.claims.verbs import GIVING
from hoptac.reading.scene import Scene

PAST = 8
"""Who gives or receives is looked for in so many sentences before."""

FIRST = 3
"""The headline and the lead: the sentences that say what a page is about."""


@dataclass(frozen=True)
class Seen:
    """One phrase of another sentence: ``far`` counts the sentences back to it (negative: after), ``side`` is L or R of that
    sentence's first verb of giving, "-" where it has none."""

    arg: Arg
    far: int
    side: str
    same_line: bool
    opens: bool


@dataclass
class Cast:
    """The phrases of every sentence of a page's main lines, each sentence's found when first asked for."""

    scene: Scene
    marks: Marks
    known: dict[int, tuple[Sequence[Arg], int]] = field(default_factory=dict)

    @cached_property
    def sentences(self) -> list[tuple[int, int, int]]:
        """Every sentence as (start, end, number of its line)."""
        return [
            (a, b, n)
            for n, (start, end, _) in enumerate(self.scene.main)
            for a, b in self.scene.sentences_in(start, end)
        ]

    @cached_property
    def _starts(self) -> list[int]:
        return [start for start, _, _ in self.sentences]

    def number(self, start: int) -> int:
        """Which sentence a position stands in."""
        return max(0, bisect_right(self._starts, start) - 1)

    def phrases(self, n: int) -> tuple[Sequence[Arg], int]:
        """The phrases of sentence ``n``, and where its first verb of giving stands (-1: none)."""
        if n not in self.known:
            start, end, _ = self.sentences[n]
            tokens = tokens_of(self.scene, self.marks, start, end)
            verb = next((t.start for t in tokens if t.kind in GIVING), -1)
            self.known[n] = args_of(self.scene, self.marks, tokens, start, end), verb
        return self.known[n]

    def around(self, start: int) -> list[Seen]:
        """The phrases of the sentences before, of headline and lead, and of the next sentence, nearest first."""
        here = self.number(start)
        before = [n for n in range(here - 1, -1, -1) if here - n <= PAST or n < FIRST]
        after = [n for n in (here + 1,) if n < len(self.sentences)]
        line = self.sentences[here][2]
        seen: list[Seen] = []
        for n in (*before, *after):
            args, verb = self.phrases(n)
            begin, _, at = self.sentences[n]
            for arg in args:
                side = "-" if verb < 0 else "L" if arg.end <= verb else "R"
                seen.append(Seen(arg, here - n, side, at == line, arg.start == begin))
        return seen
