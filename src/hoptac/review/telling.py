"""How a review tells its rows (cách nêu từng hồ sơ): cells, sums, groups, and the number that each row bears on paper. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from hoptac.ledger.located import LEVELS, LEVELS_OF, MAPS, NOWHERE, key_of, placer
from hoptac.lexicon.tables import Lexicon, default_lexicon
from hoptac.places.naming import say, say_whole
from hoptac.places.units import PROVINCE, Unit
from hoptac.review.document import Run, Runs, Target, run
from hoptac.review.rows import Locality, Pile, Row, Snapshot, span
from hoptac.review.words import Language, Words
from hoptac.text.fold import search_key

NONE = "none"  # the key of the group that states nothing
ARROW = " → "


@dataclass(frozen=True, slots=True)
class SideWords:
    """What one side wrote: free text, "" where it wrote nothing."""

    side: str
    strengths: str = ""
    limits: str = ""
    proposals: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a side says became of an ask or a promise (``about``: its record's uid); ``outcome`` a code of ``OUTCOMES``."""

    side: str
    about: str
    outcome: str
    words: str


class Teller:
    """Everything a part of the review needs to tell its rows in one language, on one map."""

    def __init__(
        self,
        snapshot: Snapshot,
        language: Language,
        units: str,
        outcomes: Iterable[Outcome] = (),
        lexicon: Lexicon | None = None,
    ) -> None:
        self.snapshot, self.units = snapshot, units
        self.lexicon = lexicon or default_lexicon()
        self.w = Words(self.lexicon, language)
        self.language: Language = language
        self.place = placer(self.lexicon)
        self._wholes = {search_key(one.name) for one in snapshot.localities}
        self.by_uid = {r.uid: r for r in snapshot.rows}
        self.contributions = sorted(snapshot.contributions(), key=_order)
        self._numbers: dict[str, int] = {r.uid: n for n, r in enumerate(self.contributions, 1)}
        self.outcomes: dict[str, list[Outcome]] = {}
        for one in outcomes:
            self.outcomes.setdefault(one.about, []).append(one)
        self.joined: dict[str, list[Row]] = {}
        for link in snapshot.joined:
            if link.relation in ("carries_out", "answers") and link.record in self.by_uid:
                self.joined.setdefault(link.to, []).append(self.by_uid[link.record])

    def number(self, row: Row) -> int:
        """The row's number in the annex of sources: contributions in their order, then what is told, as it comes."""
        return self._numbers.setdefault(row.uid, len(self._numbers) + 1)

    def numbers(self, rows: Iterable[Row]) -> tuple[int, ...]:
        return tuple(self.number(r) for r in rows)

    def numbered(self) -> list[tuple[int, Row]]:
        """Every row that has a number, in order."""
        return [(n, self.by_uid[uid]) for uid, n in sorted(self._numbers.items(), key=lambda item: item[1])]

    # cells of one row

    def what(self, row: Row) -> Runs:
        words = capital(row.title)
        place = (row.values.get("place") or {}).get("name", "")
        if place and (key := search_key(place)) not in self._wholes and key not in search_key(words):
            words = self.w("in_place", what=words, place=place)
        return (Run(words, to=Target(record=row.slug), numbers=(self.number(row),)),)

    def who(self, row: Row) -> str:
        givers = names(row.values.get("funder")) or ", ".join(row.givers)
        takers = names(row.values.get("recipient")) or ", ".join(row.takers)
        return ARROW.join(part for part in (givers, takers) if part) or self.w("no_sum")

    def amount(self, row: Row) -> Runs:
        """The sum with its hedge and its whole, what is counted in things, and what others say instead."""
        told = []
        fact = row.fact
        if fact is not None and fact.value is not None:
            words = self.w.money(fact.value, fact.currency, fact.bound)
            if fact.of_total is not None:
                words = self.w("of_total", part=words, whole=self.w.money(fact.of_total, fact.currency))
            told.append(words)
        if fact is not None and fact.quantity is not None:
            told.append(self.w.quantity(fact.quantity, fact.unit))
        for other in row.otherwise.get("amount", ()):
            other_words = self.w.money(Decimal(other["value"]), other.get("currency"), other.get("bound"))
            told.append(self.w("otherwise", values=other_words))
        if not told:
            return run(self.w("no_sum"))
        return (Run("; ".join(told), to=Target(record=row.slug)),)

    def year(self, row: Row) -> str:
        first, last = span(row)
        return self.years(first, last)

    def years(self, first: int | None, last: int | None) -> str:
        if first is None and last is None:
            return self.w("no_sum")
        if first == last:
            return str(first)
        return self.w("years_span", first=str(first or "…"), last=str(last or "…"))

    def status(self, row: Row) -> str:
        status = row.fact.status if row.fact is not None else None
        return self.w.label("status", status) if status else self.w("no_sum")

    def standing(self, row: Row) -> str:
        return self.w.label("standing", row.standing)

    # sums

    def sums(self, whole: Pile, to: Target | None = None, *, apart: str = "; ") -> Runs:
        """A pile's totals, each a figure of its own; with nothing counted, words that say so."""
        out: list[Run] = []
        for currency, total in whole.totals:
            counted = [r for r in whole.counted if r.fact is not None and r.fact.currency == currency]
            if out:
                out.append(Run(apart))
            out.append(Run(self.w.money(total, currency), to=to, numbers=self.numbers(counted)))
        return tuple(out) or run(self.w("sum_none"))

    def count(self, rows: Iterable[Row], to: Target | None = None) -> Run:
        kept = list(rows)
        return Run(self.w.number(len(kept)), to=to, numbers=self.numbers(kept))

    def reasons(self, whole: Pile) -> str:
        """Why sums are left out, the commonest first; how many for each where there is more than one reason."""
        told = sorted(whole.reasons().items(), key=lambda item: (-item[1], item[0]))
        said = [(lower(self.w.label("reason", code)), n) for code, n in told]
        if len(said) == 1:
            return said[0][0]
        return "; ".join(self.w("reason_count", reason=words, n=self.w.number(n)) for words, n in said)

    def told_on(self, row: Row) -> str:
        """The day on which a row was first told, ISO; where no page bears a day, that of the meeting it tells of; else ""."""
        days = [t.on for t in row.said if t.on]
        if not days:
            days = [
                m.values["date"]
                for m in self.snapshot.of_kind("meeting")
                if m.values.get("date") and set(m.sources) & set(row.sources)
            ]
        return min(days, default="")

    # groups

    def period(self) -> str:
        first, last = self.snapshot.first, self.snapshot.last
        if first == last:
            return self.w("in_year", year=str(first))
        return self.w("in_years", first=str(first), last=str(last))

    def sides(self) -> str:
        said = [self.called(one) for one in self.snapshot.localities]
        return said[0] if len(said) == 1 else self.w("and", first=", ".join(said[:-1]), last=said[-1])

    def called(self, one: Locality) -> str:
        """A locality with its kind: "thành phố Hà Nội"."""
        found = [u for u in self.place.places.of_code(one.code) if u.level == PROVINCE and u.name == one.name]
        return say(found[-1], self.lexicon, self.language) if found else one.name

    def place_key(self, row: Row, level: str) -> str:
        return key_of(self.place.on(row.units, row.why, MAPS[self.units], LEVELS[level]))

    def place_name(self, key: str) -> str:
        if key.startswith(NOWHERE):
            return self.w.label("placement", key[len(NOWHERE) :])
        unit = self.place.unit(key)
        return self.whole_name(unit) if unit is not None else key

    def whole_name(self, unit: Unit) -> str:
        chain = (unit, *self.place.places.parents(unit))
        return capital(say_whole(chain, self.lexicon, self.language))

    def levels(self) -> tuple[str, ...]:
        """The levels at which a table by place says something: provinces, and the finer one if any record is told so finely."""
        fine = [
            level
            for level in LEVELS_OF[self.units][1:]
            if any(not self.place_key(r, level).startswith(NOWHERE) for r in self.contributions)
        ]
        return ("province", *fine[:1])


def _order(row: Row) -> tuple[Any, ...]:
    first, last = span(row)
    year = first if first is not None else last
    return (year is None, year or 0, last or year or 0, search_key(row.title), row.uid)


def names(told: Any) -> str:
    """The names of a list of parties."""
    return ", ".join(str(one["name"]) for one in told or () if isinstance(one, Mapping) and one.get("name"))


def lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]


_SPAN = re.compile(r"(\d{1,4})-(\d{1,4})")


@dataclass(frozen=True, slots=True)
class Pick:
    """Which contributions of a review a figure is of, as its address says: the same on every page that shows the figure.

    ``years`` "2011-2015" what was given within, "none" what has no year; ``span`` "2011-2014" what was told for just these
    years; ``several`` "5" what reaches over a boundary of five years; ``place`` a key of the map ``map`` at ``level``.
    """

    q: str = ""
    field: str = ""
    years: str = ""
    span: str = ""
    several: str = ""
    place: str = ""
    level: str = ""
    status: str = ""
    standing: str = ""
    counted: str = ""
    reason: str = ""
    currency: str = ""

    @classmethod
    def of(cls, query: Mapping[str, str]) -> Pick:
        return cls(**{name: query.get(name, "")[:80] for name in cls.__dataclass_fields__})

    def apply(self, tell: Teller, rows: Iterable[Row]) -> list[Row]:
        tests = [
            test for test in (self._of_row(tell), self._of_years(), self._of_sum(tell)) if test is not None
        ]
        return [r for r in rows if all(test(r) for test in tests)]

    def _of_row(self, tell: Teller) -> Callable[[Row], bool]:
        words = search_key(self.q).split()
        level = self.level if self.level in LEVELS else "province"

        def holds(row: Row) -> bool:
            fact = row.fact
            key = f"{search_key(row.title)} {search_key(tell.who(row))}" if words else ""
            return (
                all(word in key for word in words)
                and (not self.field or (fact.field if fact and fact.field else NONE) == self.field)
                and (not self.status or (fact.status if fact and fact.status else NONE) == self.status)
                and (not self.standing or row.standing == self.standing)
                and (not self.place or tell.place_key(row, level) == self.place)
            )

        return holds

    def _of_years(self) -> Callable[[Row], bool]:
        within, exact = _SPAN.fullmatch(self.years), _SPAN.fullmatch(self.span)
        several = int(self.several) if self.several.isdigit() and int(self.several) else 0

        def holds(row: Row) -> bool:
            first, last = span(row)
            if self.years == NONE and (first is not None or last is not None):
                return False
            if within and not (
                first is not None and last is not None
                and int(within[1]) <= first and last <= int(within[2])
            ):  # fmt: skip
                return False
            if exact and (first, last) != (int(exact[1]), int(exact[2])):
                return False
            return not several or (
                first is not None and last is not None and first // several != last // several
            )

        return holds

    def _of_sum(self, tell: Teller) -> Callable[[Row], bool]:
        def holds(row: Row) -> bool:
            reason = tell.snapshot.reason(row)
            return (
                (not self.counted or (self.counted == "1") == (not reason))
                and (not self.reason or reason == self.reason)
                and (not self.currency or (row.fact is not None and row.fact.currency == self.currency))
            )

        return holds
