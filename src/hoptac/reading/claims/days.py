"""Which day a page gives what it tells (ngày của việc được kể): the days at hand and what speaks for each.

The days at hand are those of the sentence, the last one before it, the first one of the page, the page's own date, and none.
Weights of ``judge_weights`` ("days") choose between them.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import exp
from typing import NamedTuple

from hoptac.lexicon import Lexicon
from hoptac.reading.mentions import Span, When
from hoptac.reading.scan import literal_form
from hoptac.reading.scene import Scene

SOON = 3
"""A month written with its year settles the year of days at most so many months after it."""

FIRST_LINES = 4
"""The day that the first lines name first is a day at hand for all that the page tells."""

OPENS = 20
"""A day that begins so many characters after its sentence's first opens the sentence."""

BACK = 400
"""A day told before is looked for so many characters back."""

STEPS = (8, 20, 40, 70, 120)
"""Distances in characters between a day and the word for what took place are told apart by these."""

FULL_DATE = len("2024-04-25")

_YEAR = re.compile(r"\d{4}")


class Day(NamedTuple):
    """A day at hand: ISO, as exact as the page, None for none; and the features that speak for it."""

    iso: str | None
    features: tuple[str, ...]


NONE = Day(None, ("none",))
"""What is at hand on a page without any day."""


def frame_words(lexicon: Lexicon) -> dict[str, str]:
    """What the words of ``event_frames`` say of an event's name or a year after them."""
    return {literal_form(row["literal"]): row["means"] for row in lexicon.table("event_frames")}


@dataclass(frozen=True)
class Years:
    """The years that a page settles for its days: those that it names barely ("năm 2019") or with a full day, and not as the
    end, begin or birth of something; and by month those that it names with a month."""

    named: frozenset[int]
    months: frozenset[tuple[int, int]]

    @classmethod
    def of(cls, scene: Scene) -> Years:
        named, months = set(), set()
        frames = scene.lexicon.built(frame_words)
        for m in scene.figures:
            if isinstance(m, Span) and m.last and m.last.year and (m.anniversary or _is_past(scene, m.last)):
                named.add(m.last.year)
            if not isinstance(m, When) or m.year is None:
                continue
            if m.anniversary or (m.day and _written(scene, m)):
                named.add(m.year)
            elif m.month and not m.day and _written(scene, m):
                months.add((m.year, m.month))
            elif not m.month:
                words = scene.doc.low[max(0, m.start - 16) : m.end].split()[-4:]
                if not any(frames.get(word.strip("(,")) == "othertime" for word in words):
                    named.add(m.year)
        return cls(frozenset(named), frozenset(months))

    def settle(self, day: When) -> bool:
        return day.year in self.named or any(
            year == day.year and 0 <= (day.month or 0) - month <= SOON for year, month in self.months
        )


def _is_past(scene: Scene, end: When) -> bool:
    """Whether a period's end is no later than the page."""
    return scene.year is not None and end.year is not None and end.year <= scene.year


def _written(scene: Scene, day: When) -> bool:
    return _YEAR.search(scene.doc.text, day.start, day.end) is not None


@dataclass(frozen=True)
class Calendar:
    """The days that a page names in its main lines."""

    scene: Scene

    @cached_property
    def days(self) -> tuple[When, ...]:
        return tuple(m for m in self.scene.figures if isinstance(m, When) and not m.anniversary)

    @cached_property
    def years(self) -> Years:
        return Years.of(self.scene)

    @cached_property
    def opening(self) -> When | None:
        """The first day, else the first month, that the first lines name."""
        lines = self.scene.main[:FIRST_LINES]
        if not lines:
            return None
        end = max(stop for _, stop, _ in lines)
        first = [m for m in self.days if m.start < end and m.month and m.year]
        return next((m for m in first if m.day), first[0] if first else None)

    @cached_property
    def _starts(self) -> list[int]:
        return [m.start for m in self.days]

    def inside(self, start: int, end: int) -> Sequence[When]:
        return self.days[bisect_left(self._starts, start) : bisect_left(self._starts, end)]

    def settled(self, day: When) -> str:
        """How the year of a day is known: written with it, by the page's date, by a year that the page names, guessed."""
        if _written(self.scene, day):
            return "written"
        page = self.scene.page_date
        if page is not None and len(page) > 4:
            return "dated"
        return "named" if self.years.settle(day) else "yeardate" if page is not None else "guess"

    def told_year(self, year: int | None) -> tuple[str, ...]:
        """How the page names a year that is not written with a day: the words before it, other years beside it."""
        if year not in self._told_years:
            self._told_years[year] = self._how_told(year)
        return self._told_years[year]

    @cached_property
    def _told_years(self) -> dict[int | None, tuple[str, ...]]:
        return {}

    def _how_told(self, year: int | None) -> tuple[str, ...]:
        low = self.scene.doc.low
        out: dict[str, None] = {}
        written = [m for m in self.days if m.year and _written(self.scene, m)]
        same = [m for m in written if m.year == year]
        for m in same:
            words = low[max(0, m.start - 16) : m.start].split()[-1:] + low[m.start : m.end].split()[:1]
            out[f"year by={_exact(m)}"] = None
            if m.month is None:
                out[f"year by={' '.join(words)}"] = None
        out[f"year told={min(len(same), 3)}"] = None
        later = any(m.year and year and m.year > year for m in written)
        earlier = any(m.year and year and m.year < year for m in written)
        out[f"years later={later}|earlier={earlier}"] = None
        return tuple(out)

    def options(
        self, word: tuple[int, int], sentence: tuple[int, int], kind: str, role: str, line: int
    ) -> list[Day]:
        """The days at hand for what is told by ``word`` in its sentence, each once."""
        if not self.days and self.scene.page_date is None:
            return [NONE]
        here = self.inside(*sentence)
        found: dict[str | None, dict[str, None]] = {}

        def offer(iso: str | None, features: Sequence[str]) -> None:
            found.setdefault(iso, {}).update(dict.fromkeys(features))

        nearest = min(here, key=lambda m: _apart(m, word), default=None)
        for m in here:
            if m.iso is not None:
                offer(m.iso, self._here(m, word, sentence, m is nearest, len(here)))
        told = self.inside(max(0, sentence[0] - BACK), sentence[0])
        before = next((m for m in reversed(told) if m.month), None)
        if before is not None and before.iso is not None:
            offer(before.iso, self._far("before", before, bool(here), line, role))
        opening = self.opening
        if opening is not None and opening is not before and opening not in here and opening.iso is not None:
            offer(opening.iso, self._far("opening", opening, bool(here), line, role))
        page = self.scene.page_date
        if page is not None and len(page) == FULL_DATE:
            offer(page, [f"page|here={bool(here)}", f"page|line={line}", f"page|{role}"])
        month = any(m.month for m in here)
        settled = self.settled(nearest) if nearest is not None else "-"
        date = len(page or "")
        close = _step(_apart(nearest, word)) if nearest is not None else "-"
        offer(
            None,
            [
                "none",
                f"none|{kind}",
                f"none|{role}",
                f"none|line={line}",
                f"none|here={min(len(here), 2)}|month={month}",
                f"none|{settled}|month={month}",
                f"none|near={close}|month={month}",
                f"none|date={date}|here={bool(here)}",
                f"none|opening={self.settled(opening) if opening else '-'}|here={bool(here)}",
            ],
        )
        return [Day(iso, tuple(features)) for iso, features in found.items()]

    def _here(
        self, day: When, word: tuple[int, int], sentence: tuple[int, int], nearest: bool, days: int
    ) -> list[str]:
        low = self.scene.doc.low
        exact, settled = _exact(day), self.settled(day)
        side = "left" if day.end <= word[0] else "right"
        lead = low[max(sentence[0], day.start - 20) : day.start].split()
        first = low[day.start : day.end].split()[0]
        opens = day.start - sentence[0] < OPENS
        out = [
            f"here={exact}",
            f"here={exact}|{settled}",
            f"here={exact}|{side}|{_step(_apart(day, word))}",
            f"here={exact}|opens={opens}",
            f"here={exact}|nearest={nearest}",
            f"here={exact}|days={min(days, 3)}|nearest={nearest}",
            f"lead={lead[-1] if lead else '-'}",
            f"first={first}",
            f"signs={min(low.count(',', min(day.end, word[1]), max(day.start, word[0])), 2)}",
        ]
        return out if settled in ("written", "dated") else [*out, *self.told_year(day.year)]

    def _far(self, source: str, day: When, here: bool, line: int, role: str) -> list[str]:
        exact, settled = _exact(day), self.settled(day)
        out = [
            f"{source}|here={here}",
            f"{source}={exact}|{settled}",
            f"{source}={exact}|line={line}|here={here}",
            f"{source}|{role}",
        ]
        return out if settled in ("written", "dated") else [*out, *self.told_year(day.year)]


def _exact(day: When) -> str:
    return "day" if day.day else "month" if day.month else "year"


def _apart(day: When, word: tuple[int, int]) -> int:
    return max(day.start - word[1], word[0] - day.end, 0)


def _step(apart: int) -> int:
    return sum(apart >= step for step in STEPS)


def choose_day(weights: Mapping[str, float], options: Sequence[Day]) -> tuple[Day, float]:
    """The likeliest day and how likely it is among those at hand."""
    if len(options) == 1:
        return options[0], 1.0
    scores = [sum([weights.get(name, 0.0) for name in option.features]) for option in options]
    top = max(scores)
    raised = [exp(score - top) for score in scores]
    n = scores.index(top)
    return options[n], raised[n] / sum(raised)
