"""Totals as a screen shows them (tổng số): the ledger's sums with names, in the order of the screen."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from hoptac.ledger.located import Ground
from hoptac.ledger.models import ContributionFact, Cooperation, Record
from hoptac.ledger.sums import Counted, LeftOut, facts_of, grand_total, group_facts
from hoptac.ledger.sums import Group as LedgerGroup
from hoptac.places.units import Unit
from hoptac.reading.values import FIELDS
from hoptac.screens.grounds import name_of_key, unit_of_key
from hoptac.screens.labels import label

UNKNOWN = "none"  # the group of what states no field, or no year
PLACES = ("place", "unit")
BY = ("field", "year", "place", "unit")


@dataclass(frozen=True)
class Figures:
    """The figures of a page, read once for all of its tables."""

    facts: tuple[ContributionFact, ...]

    @classmethod
    def of(cls, scope: Cooperation | QuerySet[Record]) -> Figures:
        facts = facts_of(scope) if isinstance(scope, Cooperation) else facts_of(None, scope)
        return cls(tuple(facts))


Scope = (
    Cooperation | QuerySet[Record] | Figures
)  # what is summed: a cooperation, any records, what was read of them


@dataclass(frozen=True)
class Money:
    amount: Decimal
    currency: str


@dataclass(frozen=True)
class Reason:
    """Records left out of a sum for one reason."""

    code: str
    records: tuple[Record, ...]


@dataclass(frozen=True)
class Group:
    """The sum of one group: of a field, a year, a place, or of all. ``sums`` has one sum for each currency, đồng first.

    ``unit`` is the place's unit; None for any other group, and for the records that no unit holds.
    """

    key: str
    name: str
    sums: tuple[Money, ...]
    counted: tuple[Counted, ...]
    left_out: tuple[LeftOut, ...]
    unit: Unit | None = None

    @property
    def reasons(self) -> tuple[Reason, ...]:
        found: dict[str, list[Record]] = defaultdict(list)
        for one in self.left_out:
            found[one.reason].append(one.record)
        return tuple(Reason(code, tuple(records)) for code, records in sorted(found.items()))

    @property
    def first(self) -> Decimal:
        """The sum in đồng, else in the first currency there is: what the bar shows."""
        return self.sums[0].amount if self.sums else Decimal(0)


def sums_of(scope: Scope, by: str = "field", ground: Ground | None = None) -> list[LedgerGroup]:
    """The ledger's sums of a scope; one query, none of figures that are at hand."""
    figures = scope if isinstance(scope, Figures) else Figures.of(scope)
    return group_facts(figures.facts, by, ground=ground)


def total_of(scope: Scope) -> Group:
    """The total of a scope; one query."""
    return _shown("", _("All contributions"), grand_total(sums_of(scope)))


def groups_by(scope: Scope, by: str, ground: Ground | None = None) -> tuple[Group, ...]:
    """The sums by field (in the order of the code list), by year (latest first), by place (greatest first) or by the
    unit as it was; what is unknown or cannot be placed comes last. One query."""
    found = {str(g.key) if g.key else UNKNOWN: g for g in sums_of(scope, by, ground)}
    if by in PLACES:
        shown = [_shown(key, name_of(key, by), group, unit_of_key(key)) for key, group in found.items()]
        return tuple(sorted(shown, key=lambda g: (g.unit is None, -g.first, -len(g.counted), g.name)))
    order = (
        [*FIELDS, UNKNOWN] if by == "field" else [*sorted(found.keys() - {UNKNOWN}, reverse=True), UNKNOWN]
    )
    return tuple(_shown(key, name_of(key, by), found[key]) for key in order if key in found)


def group_of(scope: Scope, by: str, key: str, ground: Ground | None = None) -> Group | None:
    """The total, or the group that ``by`` and ``key`` name; None where there is none."""
    if not by:
        return total_of(scope)
    if by not in BY:
        return None
    return next((g for g in groups_by(scope, by, ground) if g.key == key), None)


def totals_of(cooperations: Iterable[Cooperation]) -> dict[int, Group]:
    """The total of each cooperation of a list, in two queries for all: the same as ``total_of`` gives for each."""
    ids = [c.pk for c in cooperations]
    pairs = list(
        Record.cooperations.through.objects.filter(cooperation__in=ids).values_list(
            "cooperation_id", "record_id"
        )
    )
    facts = ContributionFact.objects.filter(record__in={r for _c, r in pairs}, record__in_force__gt=0)
    by_record = {f.record_id: f for f in facts.select_related("record").order_by("record_id")}
    found: dict[int, list[ContributionFact]] = {pk: [] for pk in ids}
    for cooperation, record in sorted(pairs):
        if record in by_record:
            found[cooperation].append(by_record[record])
    return {pk: _of_facts(facts) for pk, facts in found.items()}


def _of_facts(facts: list[ContributionFact]) -> Group:
    counted = tuple(
        Counted(f.record, f.amount, f.currency)
        for f in facts
        if f.counted and f.amount is not None and f.currency
    )
    left_out = tuple(LeftOut(f.record, f.left_out, f.amount, f.currency) for f in facts if not f.counted)
    totals: dict[str, Decimal] = defaultdict(Decimal)
    for one in counted:
        totals[one.currency] += one.value
    return _shown("", "", LedgerGroup(None, dict(totals), counted, left_out))


def name_of(key: str, by: str) -> str:
    if by in PLACES:
        return name_of_key(key)
    if key == UNKNOWN:
        return _("Field not stated") if by == "field" else _("Year not stated")
    return label("field", key) if by == "field" else key


def _shown(key: str, name: str, group: LedgerGroup, unit: Unit | None = None) -> Group:
    sums = sorted(group.totals.items(), key=lambda t: (t[0] != "VND", t[0]))
    counted = sorted(group.counted, key=lambda c: (-c.value, -(c.record.year or 0), c.record.title_key))
    left_out = sorted(
        group.left_out, key=lambda x: (-(x.value or 0), -(x.record.year or 0), x.record.title_key)
    )
    return Group(key, name, tuple(Money(a, c) for c, a in sums), tuple(counted), tuple(left_out), unit)
