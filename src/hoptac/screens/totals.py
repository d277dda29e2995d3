"""Totals that explain themselves (tổng số): what was counted, what was left out and why. Never across currencies."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from hoptac.ledger.models import ContributionFact, Cooperation
from hoptac.reading.values import FIELDS
from hoptac.screens.labels import label

UNKNOWN = "none"  # the group of what states no field, or no year
BY = ("field", "year")


@dataclass(frozen=True)
class Money:
    amount: Decimal
    currency: str


@dataclass(frozen=True)
class Reason:
    """Facts left out of a sum for one reason."""

    code: str
    facts: tuple[ContributionFact, ...]


@dataclass(frozen=True)
class Group:
    """The sum of one group: of a field, a year, or of all. ``sums`` has one sum for each currency, the largest group first."""

    key: str
    name: str
    counted: tuple[ContributionFact, ...]
    left_out: tuple[ContributionFact, ...]

    @property
    def sums(self) -> tuple[Money, ...]:
        totals: dict[str, Decimal] = defaultdict(Decimal)
        for fact in self.counted:
            totals[fact.currency or ""] += fact.amount or Decimal(0)
        return tuple(
            Money(amount, currency)
            for currency, amount in sorted(totals.items(), key=lambda t: (t[0] != "VND", t[0]))
        )

    @property
    def reasons(self) -> tuple[Reason, ...]:
        found: dict[str, list[ContributionFact]] = defaultdict(list)
        for fact in self.left_out:
            found[fact.left_out].append(fact)
        return tuple(Reason(code, tuple(facts)) for code, facts in sorted(found.items()))

    @property
    def first(self) -> Decimal:
        """The sum in đồng, else in the first currency there is: what the bar shows."""
        return self.sums[0].amount if self.sums else Decimal(0)


def facts_of(cooperation: Cooperation) -> list[ContributionFact]:
    """The contributions of a cooperation as figures, the largest first; one query."""
    found = ContributionFact.objects.filter(record__cooperations=cooperation, record__in_force__gt=0)
    return sorted(
        found.select_related("record"),
        key=lambda f: (-(f.amount or Decimal(0)), -(f.year or 0), f.record.title_key),
    )


def total_of(facts: Iterable[ContributionFact]) -> Group:
    return _group("", _("All contributions"), facts)


def groups_by(facts: Sequence[ContributionFact], by: str) -> tuple[Group, ...]:
    """The sums by field (in the order of the code list) or by year (latest first); the unknown comes last."""
    found: dict[str, list[ContributionFact]] = defaultdict(list)
    for fact in facts:
        found[key_of(fact, by)].append(fact)
    order = (
        [*FIELDS, UNKNOWN] if by == "field" else [*sorted(found.keys() - {UNKNOWN}, reverse=True), UNKNOWN]
    )
    return tuple(_group(key, name_of(key, by), found[key]) for key in order if key in found)


def key_of(fact: ContributionFact, by: str) -> str:
    value = fact.field if by == "field" else fact.year
    return str(value) if value else UNKNOWN


def name_of(key: str, by: str) -> str:
    if key == UNKNOWN:
        return _("Field not stated") if by == "field" else _("Year not stated")
    return label("field", key) if by == "field" else key


def _group(key: str, name: str, facts: Iterable[ContributionFact]) -> Group:
    every = list(facts)
    return Group(key, name, tuple(f for f in every if f.counted), tuple(f for f in every if not f.counted))
