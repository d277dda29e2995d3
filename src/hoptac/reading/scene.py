"""What the whole page settles for each of its sentences (bối cảnh của trang)."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from hoptac.lexicon import Lexicon
from hoptac.reading.doc import Doc
from hoptac.reading.mentions import (
    BodyName,
    Figures,
    Mention,
    Names,
    Officer,
    PersonName,
    PlaceName,
    Reference,
    Span,
    When,
)
from hoptac.reading.names import full_names
from hoptac.reading.sentences import split_sentences
from hoptac.reading.values import PartyName

PROVINCE = 1
"""Level of a province or city under the Government (``PlaceName.level``)."""

SECOND_SHARE = 0.34
"""A second locality is one of the page's pair where it is named at least this often beside the first."""


@dataclass(frozen=True)
class Dated:
    """The days and years of a page; ``own`` are those of the page's own ``year``."""

    whens: tuple[When, ...]
    year: int | None

    @cached_property
    def own(self) -> tuple[When, ...]:
        return tuple(m for m in self.whens if m.year == self.year)

    @cached_property
    def years(self) -> int:
        """How many years are named."""
        return len({m.year for m in self.whens})

    @cached_property
    def days(self) -> tuple[When, ...]:
        """The whole days of the page's own year."""
        return tuple(m for m in self.own if m.day is not None)

    @cached_property
    def _starts(self) -> list[int]:
        return [m.start for m in self.whens]

    @cached_property
    def _own_starts(self) -> list[int]:
        return [m.start for m in self.own]

    def before(self, position: int) -> int:
        """How many stand before a position."""
        return bisect_left(self._starts, position)

    def owns_in(self, start: int, end: int) -> bool:
        """Whether one of the page's own year stands in a stretch."""
        return bisect_left(self._own_starts, start) < bisect_left(self._own_starts, end)

    def last_day(self, position: int) -> When | None:
        """The last whole day before a position."""
        for n in range(self.before(position) - 1, -1, -1):
            if self.whens[n].day is not None:
                return self.whens[n]
        return None


@dataclass(frozen=True)
class Scene:
    """A page with its mentions, and what they settle together.

    ``main`` holds the lines that claims are read from, as (start, end, role) of ``doc.text``. ``year`` is the year in which
    the page was written, where its date or an anniversary settles it.
    """

    doc: Doc
    lexicon: Lexicon
    main: tuple[tuple[int, int, str], ...]
    figures: tuple[Figures, ...]
    names: tuple[Names, ...]
    officers: tuple[Officer, ...]
    year: int | None = None
    page_date: str | None = None

    @cached_property
    def main_starts(self) -> list[int]:
        """Where each main line begins."""
        return [start for start, _, _ in self.main]

    @cached_property
    def times(self) -> tuple[When | Span, ...]:
        """The days, years and periods of the page, in order."""
        return tuple(m for m in self.figures if isinstance(m, When | Span))

    def times_in(self, start: int, end: int) -> Sequence[When | Span]:
        """Those of a stretch."""
        return self.times[bisect_left(self._time_starts, start) : bisect_left(self._time_starts, end)]

    @cached_property
    def _time_starts(self) -> list[int]:
        return [m.start for m in self.times]

    @cached_property
    def dated(self) -> Dated:
        """The days and years of the page that are no anniversaries."""
        whens = [m for m in self.times if isinstance(m, When) and m.year is not None and not m.anniversary]
        return Dated(tuple(whens), self.year)

    @cached_property
    def _figure_starts(self) -> list[int]:
        return [m.start for m in self.figures]

    @cached_property
    def _name_starts(self) -> list[int]:
        return [m.start for m in self.names]

    def figures_in(self, start: int, end: int) -> Sequence[Figures]:
        return self.figures[bisect_left(self._figure_starts, start) : bisect_left(self._figure_starts, end)]

    def names_in(self, start: int, end: int) -> Sequence[Names]:
        return self.names[bisect_left(self._name_starts, start) : bisect_left(self._name_starts, end)]

    @cached_property
    def _sentences(self) -> dict[tuple[int, int], tuple[tuple[int, int], ...]]:
        return {}

    def sentences_in(self, start: int, end: int) -> tuple[tuple[int, int], ...]:
        """The sentences of one line, split once for all claims."""
        known = self._sentences
        if (start, end) not in known:
            known[start, end] = tuple(split_sentences(self.doc.text, start, end, lexicon=self.lexicon))
        return known[start, end]

    @cached_property
    def provinces(self) -> dict[str, PartyName]:
        """The provinces of this page by their plain names."""
        return {
            m.name: PartyName(m.name, m.code, m.unit)
            for m in self.names
            if isinstance(m, PlaceName) and m.level == PROVINCE and m.code is not None
        }

    @cached_property
    def localities(self) -> tuple[PartyName, ...]:
        """The province-level localities of the story, the most spoken of first; the headline counts five times."""
        weight: Counter[str] = Counter()
        first: dict[str, int] = {}
        for start, end, role in self.main:
            for m in self.names_in(start, end):
                for name in self._localities_of(m):
                    weight[name] += 5 if role == "headline" else 1
                    first.setdefault(name, m.start)
        ranked = sorted(weight, key=lambda name: (-weight[name], first[name]))
        return tuple(self.locality(name) for name in ranked)

    def _localities_of(self, m: Mention) -> tuple[str, ...]:
        if isinstance(m, PlaceName) and m.level == PROVINCE:
            return (m.name,)
        if isinstance(m, BodyName) and m.speaks_for_locality and m.locality and m.locality[0].isupper():
            return (m.locality,)
        return ()

    @cached_property
    def pair(self) -> tuple[PartyName, PartyName] | None:
        """The two localities that the page is about, where just two stand out."""
        weight: Counter[str] = Counter()
        for start, end, role in self.main:
            for m in self.names_in(start, end):
                for name in self._localities_of(m):
                    weight[name] += 5 if role == "headline" else 1
        ranked = weight.most_common(3)
        if len(ranked) < 2 or ranked[1][1] < SECOND_SHARE * ranked[0][1]:
            return None
        if len(ranked) > 2 and ranked[2][1] >= ranked[1][1] * 0.75:
            return None
        return self.locality(ranked[0][0]), self.locality(ranked[1][0])

    def other_of_pair(self, one: PartyName) -> PartyName | None:
        if self.pair is None:
            return None
        a, b = self.pair
        return b if one.name == a.name else a if one.name == b.name else None

    @cached_property
    def lower_units(self) -> dict[str, PartyName]:
        """The districts and communes of this page by their names with kind word, where each name means one unit."""
        found = [
            m for m in self.names if isinstance(m, PlaceName) and m.level > PROVINCE and m.unit is not None
        ]
        units: dict[str, set[str | None]] = {}
        for m in found:
            units.setdefault(m.name, set()).add(m.unit)
        return {m.name: PartyName(m.name, m.code, m.unit) for m in found if len(units[m.name]) == 1}

    @cached_property
    def often_lower(self) -> tuple[PartyName, ...]:
        """The districts and communes of the story, the most spoken of first; the headline counts five times."""
        weight: Counter[str] = Counter()
        found: dict[str, PartyName] = {}
        for start, end, role in self.main:
            for m in self.names_in(start, end):
                if isinstance(m, PlaceName) and m.level > PROVINCE:
                    weight[m.name] += 5 if role == "headline" else 1
                    found.setdefault(m.name, PartyName(m.name, m.code, m.unit))
        return tuple(found[name] for name, _ in weight.most_common())

    def locality(self, name: str) -> PartyName:
        return self.provinces.get(name) or self.lower_units.get(name) or PartyName(name)

    @cached_property
    def full_names(self) -> dict[str, str]:
        """A short name of this page with the full one that it stands for: "Tuấn" is "Nguyễn Ngọc Tuấn"."""
        return full_names(self.names)

    @cached_property
    def in_office(self) -> frozenset[str]:
        """The names of those whom the page gives an office."""
        return frozenset(officer.name for officer in self.officers)

    @cached_property
    def _sides(self) -> dict[str, str | None]:
        return {officer.name: officer.side for officer in self.officers}

    def parties_of(self, m: Mention | None) -> tuple[PartyName, ...]:
        """The parties that a mention names: a locality for its own bodies, several for "hai địa phương"."""
        if isinstance(m, PlaceName):
            return (PartyName(m.name, m.code, m.unit),)
        if isinstance(m, BodyName):
            if m.speaks_for_locality and m.locality:
                return (self.locality(m.locality),)
            return (PartyName(m.name),)
        if isinstance(m, Reference):
            return tuple(self.locality(name) for name in m.names)
        if isinstance(m, PersonName):
            name = self.full_names.get(m.name, m.name)
            side = self._sides.get(name)
            return (self.locality(side),) if side else (PartyName(name),)
        return ()
