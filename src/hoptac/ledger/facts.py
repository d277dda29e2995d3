"""A contribution as figures, and which figures count in a total (số liệu, và vì sao không tính). Pure: knows no Django."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from hoptac.ledger.consolidate import DISPUTED
from hoptac.lexicon.tables import Lexicon, default_lexicon

# Why a sum is left out of totals, in the order asked; codes are rows of the lexicon's ``reason_labels``.
LEFT_OUT = (
    "no_sum",
    "no_currency",
    "requested",
    "pledged",
    "disputed",
    "rate",
    "hedged",
    "covered_total",
    "undated",
    "no_prices",
    "no_price_year",
)
MONEY_FIELDS = ("amount", "funder", "recipient", "status", "year", "period")
PARTS_LEAST = 2  # a sum equal to the sum of at least so many others of its pair is their total


@dataclass(frozen=True, slots=True)
class Fact:
    """One contribution's figures. ``amount`` and ``of_total`` are minor units: ``Decimal(amount).scaleb(-exponent)``."""

    amount: int | None = None
    of_total: int | None = None
    exponent: int = 0
    currency: str | None = None
    bound: str | None = None
    quantity: str | None = None
    unit: str | None = None
    year: int | None = None
    year_to: int | None = None
    field: str | None = None
    status: str | None = None
    act: str | None = None
    place: str | None = None
    standing: str = "read"
    left_out: str = ""

    @property
    def value(self) -> Decimal | None:
        return None if self.amount is None else Decimal(self.amount).scaleb(-self.exponent)


@dataclass(frozen=True, slots=True)
class Paired:
    """A fact with whom it joins: its own key, its funders' and its recipients' sides."""

    key: int
    pair: tuple[frozenset[str], frozenset[str]]
    fact: Fact


def fact_of(
    values: Mapping[str, Any],
    fields: Mapping[str, Mapping[str, Any]],
    standing: str,
    *,
    lexicon: Lexicon | None = None,
) -> Fact:
    """The figures of one consolidated contribution, and by themselves why they would not count."""
    amount = values.get("amount") or {}
    quantity = values.get("quantity") or {}
    period = values.get("period") or (None, None)
    minor, of_total, exponent = _minor(amount, lexicon or default_lexicon())
    return Fact(
        amount=minor,
        of_total=of_total,
        exponent=exponent,
        currency=amount.get("currency"),
        bound=amount.get("bound"),
        quantity=quantity.get("value"),
        unit=quantity.get("unit"),
        year=values.get("year") or period[0] or period[1],
        year_to=values.get("year") or period[1] or period[0],
        field=values.get("field"),
        status=values.get("status"),
        act=values.get("act"),
        place=(values.get("place") or {}).get("name"),
        standing=standing,
        left_out=_left_out(amount, values.get("status"), fields),
    )


def _minor(amount: Mapping[str, Any], lexicon: Lexicon) -> tuple[int | None, int | None, int]:
    """A sum and its whole in the currency's smallest unit, or in a finer one where the sum itself is finer."""
    numbers = [Decimal(amount[key]) for key in ("value", "of_total") if amount.get(key)]
    if not numbers:
        return None, None, 0
    known = {row["code"]: int(row["exponent"]) for row in lexicon.table("ledger_currencies")}
    exponent = known.get(amount.get("currency") or "", 0)
    for number in numbers:
        finest = number.normalize().as_tuple().exponent
        exponent = max(exponent, -finest if isinstance(finest, int) else 0)
    minor = [int(number.scaleb(exponent)) for number in numbers]
    return minor[0], minor[1] if len(minor) > 1 else None, exponent


def _left_out(amount: Mapping[str, Any], status: str | None, fields: Mapping[str, Mapping[str, Any]]) -> str:
    if not amount.get("value"):
        return "no_sum"
    if not amount.get("currency"):
        return "no_currency"
    if status in ("requested", "pledged"):
        return status
    if any(fields.get(name, {}).get("standing") == DISPUTED for name in MONEY_FIELDS):
        return "disputed"
    if amount.get("each"):
        return "rate"
    return "hedged" if amount.get("bound", "exact") != "exact" else ""


def covered_totals(paired: Iterable[Paired]) -> dict[int, tuple[int, ...]]:
    """Which of some sums are totals of others that count: key of the total -> keys of its parts.

    A sum is a total of its pair (same funders' and recipients' sides, same currency) where
    - it is told for a span of years, and others of that field (any, if it names none) are told for years inside; or
    - it equals, to the last đồng, the sum of all others of the same year and pair, of which there are two or more.
    """
    groups: dict[tuple[object, str | None], list[Paired]] = {}
    for one in paired:
        if not one.fact.left_out and _two_sides(one.pair):
            groups.setdefault((one.pair, one.fact.currency), []).append(one)
    out: dict[int, tuple[int, ...]] = {}
    for counted in groups.values():
        for total in sorted(counted, key=lambda p: (-(p.fact.value or 0), p.key)):
            others = [
                p
                for p in counted
                if p.key != total.key and p.key not in out and _of_field(total.fact, p.fact)
            ]
            parts = [p for p in others if _inside(total.fact, p.fact)] or _parts(total.fact, others)
            if parts:
                out[total.key] = tuple(sorted(p.key for p in parts))
    return out


def _two_sides(pair: tuple[frozenset[str], frozenset[str]]) -> bool:
    givers, takers = pair
    return bool(givers and takers) and len(givers | takers) > 1


def _of_field(total: Fact, part: Fact) -> bool:
    return total.field in (None, "other") or part.field == total.field


def _parts(total: Fact, others: list[Paired]) -> list[Paired]:
    same_years = [p for p in others if (p.fact.year, p.fact.year_to) == (total.year, total.year_to)]
    whole = sum((p.fact.value or Decimal(0) for p in same_years), Decimal(0))
    return same_years if len(same_years) >= PARTS_LEAST and whole == total.value else []


def _inside(total: Fact, part: Fact) -> bool:
    if (
        total.year is None
        or total.year_to is None
        or total.year == total.year_to
        or part.year is None
        or part.year_to is None
    ):
        return False
    narrower = (part.year, part.year_to) != (total.year, total.year_to)
    return narrower and total.year <= part.year and part.year_to <= total.year_to
