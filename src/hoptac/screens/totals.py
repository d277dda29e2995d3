"""Totals as a screen shows them (tổng số): the ledger's sums with names, in the order of the screen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _

from hoptac.ledger.located import Ground
from hoptac.ledger.models import ContributionFact, Cooperation, Record
from hoptac.ledger.sums import (
    Counted,
    Figure,
    LeftOut,
    Tallies,
    Tally,
    facts_of,
    grand_total,
    group_facts,
    put_together,
    scope_of,
    tally,
)
from hoptac.ledger.sums import Group as LedgerGroup
from hoptac.places.units import Unit
from hoptac.reading.values import FIELDS
from hoptac.screens.grounds import name_of_key, unit_of_key
from hoptac.screens.labels import label

UNKNOWN = "none"  # the group of what states no field, or no year
PLACES = ("place", "unit")
BY = ("field", "year", "place", "unit")
ROWS = 100  # records of a sum on one page
DECIMALS_SHOWN = 6  # more than any sum that is told has

Scope = Cooperation | QuerySet[Record]  # what is summed: a cooperation, or any records


@dataclass(frozen=True)
class Money:
    amount: Decimal
    currency: str


@dataclass(frozen=True)
class Sum:
    """The sum of one group, for tables and maps: of a field, a year, a place, or of all; one for each currency, đồng first.

    ``numbers``: how many records were counted, by currency; ``left_out``: how many were not. ``unit`` is the place's unit;
    None for any other group, and for the records that no unit holds.
    """

    key: str
    name: str
    sums: tuple[Money, ...]
    numbers: Mapping[str, int]
    left_out: int
    unit: Unit | None = None

    @property
    def counted(self) -> int:
        return sum(self.numbers.values())

    @property
    def first(self) -> Decimal:
        """The sum in đồng, else in the first currency there is: what the bar shows."""
        return _first(self.sums)


@dataclass(frozen=True)
class Group:
    """The sum of one group with all that it is made of, the greatest first."""

    key: str
    name: str
    sums: tuple[Money, ...]
    counted: tuple[Counted, ...]
    left_out: tuple[LeftOut, ...]
    unit: Unit | None = None


class Figures:
    """The figures of a page, read once for all of its tables and its map."""

    def __init__(self, facts: QuerySet[ContributionFact]) -> None:
        self._tallies = Tallies(facts)

    @classmethod
    def of(cls, scope: Scope) -> Figures:
        return cls(_facts(scope))

    def total(self) -> Sum:
        return _sum("", _("All contributions"), self._tallies.total())

    def by(self, by: str, ground: Ground | None = None) -> tuple[Sum, ...]:
        """The sums by field (in the order of the code list), by year (latest first), by place (greatest first) or by the
        unit as it was; what is unknown or cannot be placed comes last."""
        found = {_key(t.key): t for t in self._tallies.by(by, ground)}
        if by in PLACES:
            sums = [_sum(key, name_of_key(key), found[key], unit_of_key(key)) for key in found]
            return tuple(sorted(sums, key=lambda s: (s.unit is None, -s.first, -s.counted, s.name)))
        return tuple(_sum(key, name_of(key, by), found[key]) for key in _order(by, found))


def total_of(scope: Scope) -> Group:
    """The total of a scope, with its records; one query."""
    return as_group("", _("All contributions"), grand_total(group_facts(_rows(scope), "field")))


def groups_by(scope: Scope, by: str, ground: Ground | None = None) -> tuple[Group, ...]:
    """The sums by field, year, place or unit with their records, in the order of ``Figures.by``. One query."""
    found = {_key(g.key): g for g in group_facts(_rows(scope), by, ground=ground)}
    if by in PLACES:
        groups = [as_group(key, name_of_key(key), found[key], unit_of_key(key)) for key in found]
        return tuple(sorted(groups, key=lambda g: (g.unit is None, -_first(g.sums), -len(g.counted), g.name)))
    return tuple(as_group(key, name_of(key, by), found[key]) for key in _order(by, found))


def group_of(scope: Scope, by: str, key: str, ground: Ground | None = None) -> Group | None:
    """The total, or the group that ``by`` and ``key`` name, with its records; None where there is none."""
    if not by:
        return total_of(scope)
    if by not in BY:
        return None
    found = next((g for g in group_facts(_rows(scope), by, ground=ground) if _key(g.key) == key), None)
    if found is None:
        return None
    return as_group(key, name_of(key, by), found, unit_of_key(key) if by in PLACES else None)


def totals_of(cooperations: Iterable[Cooperation]) -> dict[int, Sum]:
    """The total of each cooperation of a list, in one query for all: the same as ``total_of`` gives for each."""
    ids = [c.pk for c in cooperations]
    facts = scope_of().filter(record__cooperations__in=ids)
    found = {t.key: t for t in put_together(tally(facts, "record__cooperations"), lambda row: row[0])}
    return {pk: _sum("", "", found.get(pk, Tally(pk, {}, {}, {}))) for pk in ids}


@dataclass(frozen=True)
class CountedRow:
    """A record that a sum counts, with what it adds."""

    record: Record
    value: Decimal
    currency: str


@dataclass(frozen=True)
class Reason:
    """Records left out of a sum for one reason: how many, and those of the page at hand."""

    code: str
    count: int
    records: tuple[Record, ...]


@dataclass(frozen=True)
class MadeOf:
    """What a sum is made of, a page at a time: what it counts (``counted``), what it leaves out (``left_out``)."""

    group: Group
    counted: Page[Counted]
    left_out: Page[LeftOut]
    rows: tuple[CountedRow, ...]
    reasons: tuple[Reason, ...]

    @classmethod
    def of(cls, group: Group, query: QueryDict) -> MadeOf:
        """The pages that an address asks for (``page`` of what is counted, ``left`` of the rest). One query."""
        counted = Paginator(group.counted, ROWS).get_page(query.get("page"))
        in_order = sorted(group.left_out, key=lambda x: x.reason)
        left_out = Paginator(in_order, ROWS).get_page(query.get("left"))
        shown = [*(c.record.pk for c in counted), *(x.record.pk for x in left_out)]
        records = Record.objects.in_bulk(shown)
        numbers = Counter(x.reason for x in group.left_out)
        return cls(
            group,
            counted,
            left_out,
            tuple(CountedRow(records[c.record.pk], _shown(c.value), c.currency) for c in counted),
            tuple(
                Reason(code, numbers[code], tuple(records[x.record.pk] for x in some))
                for code, some in groupby(left_out, key=lambda x: x.reason)
            ),
        )


def name_of(key: str, by: str) -> str:
    if by in PLACES:
        return name_of_key(key)
    if key == UNKNOWN:
        return _("Field not stated") if by == "field" else _("Year not stated")
    return label("field", key) if by == "field" else key


def _facts(scope: Scope) -> QuerySet[ContributionFact]:
    return scope_of(scope) if isinstance(scope, Cooperation) else scope_of(None, scope)


def _rows(scope: Scope) -> list[Figure]:
    return facts_of(scope) if isinstance(scope, Cooperation) else facts_of(None, scope)


def _key(key: object) -> str:
    return str(key) if key else UNKNOWN


def _order(by: str, found: Iterable[str]) -> list[str]:
    keys = set(found)
    order = [*FIELDS] if by == "field" else sorted(keys - {UNKNOWN}, reverse=True)
    return [key for key in (*order, UNKNOWN) if key in keys]


def money_of(totals: Mapping[str, Decimal]) -> tuple[Money, ...]:
    ordered = sorted(totals.items(), key=lambda t: (t[0] != "VND", t[0]))
    return tuple(Money(_shown(amount), currency) for currency, amount in ordered)


def _shown(amount: Decimal) -> Decimal:
    """A sum as it is; one restated in a year's prices, which has no end of digits, in whole units."""
    exponent = amount.as_tuple().exponent
    return (
        amount if isinstance(exponent, int) and exponent >= -DECIMALS_SHOWN else amount.quantize(Decimal(1))
    )


def _first(sums: tuple[Money, ...]) -> Decimal:
    return sums[0].amount if sums else Decimal(0)


def _sum(key: str, name: str, told: Tally, unit: Unit | None = None) -> Sum:
    return Sum(key, name, money_of(told.totals), told.numbers, told.left_out, unit)


def as_group(key: str, name: str, group: LedgerGroup, unit: Unit | None = None) -> Group:
    counted = sorted(group.counted, key=lambda c: (-c.value, -(c.record.year or 0), c.record.title_key))
    left_out = sorted(
        group.left_out, key=lambda x: (-(x.value or 0), -(x.record.year or 0), x.record.title_key)
    )
    return Group(key, name, money_of(group.totals), tuple(counted), tuple(left_out), unit)
