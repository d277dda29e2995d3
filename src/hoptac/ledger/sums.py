"""Totals that explain themselves (cộng, và vì sao có khoản không cộng).

A total counts exact sums of what was given, in one currency; what it leaves out it names, with the reason. Nothing is ever
added across currencies.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Context, Decimal
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Count, F, QuerySet, Sum

from hoptac.ledger.facts import Fact, Paired, covered_totals
from hoptac.ledger.filing import concerned, filed_statements
from hoptac.ledger.located import LEVELS, Ground, key_of, placer, unit_key
from hoptac.ledger.models import ContributionFact, Cooperation, Record, RecordParty, Statement
from hoptac.ledger.parties import KnownParties
from hoptac.ledger.prices import factor
from hoptac.ledger.records import as_fact, compute, paired_facts
from hoptac.text.fold import search_key

_EXACT = Context(prec=100)
BY = ("field", "year", "status", "standing", "act", "funder", "recipient", "place", "unit", "currency")


HALF = 10**9  # sums are added in two halves, so that the database's own 64 bits never overflow


class Brief(NamedTuple):
    """What a total needs of a record."""

    pk: int
    uid: UUID
    year: int | None
    title_key: str
    place_units: str | None
    place_why: str


class Figure(NamedTuple):
    """A contribution's figures, as a total needs them."""

    record: Brief
    amount: Decimal | None
    currency: str | None
    field: str | None
    year: int | None
    year_to: int | None
    status: str | None
    standing: str
    act: str | None
    left_out: str

    @property
    def record_id(self) -> int:
        return self.record.pk


@dataclass(frozen=True, slots=True)
class Counted:
    """A record that a total counts, with what it adds."""

    record: Brief
    value: Decimal
    currency: str


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A record that a total leaves out, and why: a code of ``facts.LEFT_OUT``. ``value`` is None where no sum is told."""

    record: Brief
    reason: str
    value: Decimal | None
    currency: str | None


@dataclass(frozen=True, slots=True)
class Group:
    """One line of a table of totals. ``key`` None: not told. ``totals`` has one sum for each currency, in its order."""

    key: Any
    totals: dict[str, Decimal]
    counted: tuple[Counted, ...]
    left_out: tuple[LeftOut, ...]

    @property
    def reasons(self) -> dict[str, int]:
        """How many records are left out for each reason."""
        out: dict[str, int] = {}
        for one in self.left_out:
            out[one.reason] = out.get(one.reason, 0) + 1
        return out


@dataclass(frozen=True, slots=True)
class Tally:
    """A group of which only the figures are asked: sums and how many records were counted, by currency; how many were
    left out, by reason."""

    key: Any
    totals: dict[str, Decimal]
    numbers: dict[str, int]
    reasons: dict[str, int]

    @property
    def counted(self) -> int:
        return sum(self.numbers.values())

    @property
    def left_out(self) -> int:
        return sum(self.reasons.values())


def add(values: Iterable[Decimal]) -> Decimal:
    """The exact sum: no rounding whatever the size."""
    total = Decimal(0)
    for value in values:
        total = _EXACT.add(total, value)
    return total


def sum_records(
    cooperation: Cooperation | None = None,
    by: str = "field",
    *,
    years: tuple[int, int] | None = None,
    ground: Ground | None = None,
    records: QuerySet[Record] | None = None,
) -> list[Group]:
    """The totals of a cooperation's contributions (of all cooperations for None), one group for each value of ``by``.

    ``by``       field, year, status, standing, act, funder, recipient, place, unit or currency. A record with two funders
                 stands in the group of both together ("Hà Nội, Thanh Hóa"): no sum is counted in two groups.
    ``years``    only what was given from the first to the last year; what has no year is left out as ``undated``.
    ``ground``   for ``place``: the map and level onto which records are rolled up, the provinces of today if None. A
                 group's key is the id of a unit there, or "?" and the reason why no unit holds its records.
                 ``unit`` groups by the unit as it was.
    ``records``  only these.
    Groups come in order of key, the one without a key last.
    """
    return group_facts(facts_of(cooperation, records), by, years=years, ground=ground)


def facts_of(cooperation: Cooperation | None = None, records: QuerySet[Record] | None = None) -> list[Figure]:
    """The figures of a cooperation's contributions, or of some records', or of all; one query."""
    rows = scope_of(cooperation, records).order_by("record_id")
    told = [f"record__{name}" for name in Brief._fields]
    return [
        Figure(Brief(*row[:6]), None if row[6] is None else Decimal(row[6]).scaleb(-row[7]), *row[8:])
        for row in rows.values_list(*told, "amount_minor", "exponent", *Figure._fields[2:])
    ]


def scope_of(
    cooperation: Cooperation | None = None, records: QuerySet[Record] | None = None
) -> QuerySet[ContributionFact]:
    """The rows of figures that a total is made of."""
    facts = ContributionFact.objects.filter(record__in_force__gt=0)
    if cooperation is not None:
        facts = facts.filter(record__cooperations=cooperation)
    if records is not None:
        facts = facts.filter(record__in=records.order_by().values("pk"))
    return facts


Row = tuple[
    Any, ...
]  # the columns of a group, then currency, exponent, left_out, the two halves of its sum, how many


def tally(facts: QuerySet[ContributionFact], *columns: str) -> list[Row]:
    """The figures of some rows, added in the database for each combination of ``columns``; one query."""
    rows = facts.order_by().values_list(*columns, "currency", "exponent", "left_out")
    return list(
        rows.annotate(high=Sum(F("amount_minor") / HALF), low=Sum(F("amount_minor") % HALF), rows=Count("pk"))
    )


def put_together(
    rows: Iterable[Row],
    key_of_row: Callable[[Row], Any],
    restated: Callable[[Row], Decimal | str] | None = None,
) -> list[Tally]:
    """Rows of ``tally`` as groups: the same as ``group_facts`` gives, without the records.

    ``restated`` gives for a row by what its sum is multiplied, or the reason why it is left out.

    Groups come in order of key, the one without a key last.
    """
    minor: dict[Any, dict[tuple[str, int], Decimal | int]] = {}
    found: dict[Any, Tally] = {}
    for row in rows:
        key = key_of_row(row)
        group = found.get(key)
        if group is None:
            group = found[key] = Tally(key, {}, {}, {})
            minor[key] = {}
        currency, exponent, left_out, high, low, count = row[-6:]
        times = restated(row) if restated is not None and not left_out and high is not None else 1
        if isinstance(times, str):
            left_out = times
        if left_out or currency is None or high is None:
            reason = left_out or "no_sum"
            group.reasons[reason] = group.reasons.get(reason, 0) + count
        else:
            group.numbers[currency] = group.numbers.get(currency, 0) + count
            sums = minor[key]
            whole = int(high) * HALF + int(low)
            more = whole if isinstance(times, int) else _EXACT.multiply(Decimal(whole), Decimal(times))
            sums[currency, exponent] = _EXACT.add(Decimal(sums.get((currency, exponent), 0)), Decimal(more))
    for key, group in found.items():
        for (currency, exponent), added in minor[key].items():
            value = _EXACT.scaleb(Decimal(added), -exponent)
            group.totals[currency] = _EXACT.add(group.totals.get(currency, Decimal(0)), value)
    return [
        found[key] for key in sorted(found, key=lambda key: (key is None, key if key is not None else ""))
    ]


class Tallies:
    """The figures of some rows, read in groups when first asked for: by field and year, and by the unit as it was."""

    def __init__(self, facts: QuerySet[ContributionFact]) -> None:
        self._facts = facts
        self._read: dict[tuple[str, ...], list[Row]] = {}

    def _rows(self, *columns: str) -> list[Row]:
        if columns not in self._read:
            self._read[columns] = tally(self._facts, *columns)
        return self._read[columns]

    def total(self) -> Tally:
        """All of them as one."""
        rows = next(iter(self._read.values()), None) or self._rows("field", "year")
        return next(iter(put_together(rows, lambda _row: None)), Tally(None, {}, {}, {}))

    def restated(self, by: str, base: int) -> list[Tally]:
        """The groups by field, year, status, standing, act or currency in the prices of one year; "" for all as one."""
        rows = self._rows(*([by] if by else []), "year", "year_to")

        def times(row: Row) -> Decimal | str:
            year, year_to, currency = row[-8:-5]
            return factor(currency, year, year_to, base)

        return put_together(rows, (lambda row: row[0]) if by else (lambda _row: None), times)

    def by(self, by: str, ground: Ground | None = None) -> list[Tally]:
        """The groups by field, year, place (on the map and level of ``ground``) or unit, as ``sum_records`` has them."""
        if by in ("status", "standing", "act", "currency"):
            return put_together(self._rows(by), lambda row: row[0])
        if by in ("field", "year"):
            column = ("field", "year").index(by)
            return put_together(self._rows("field", "year"), lambda row: row[column])
        rows = self._rows("record__place_units", "record__place_why")
        if by == "unit":
            return put_together(rows, lambda row: unit_key(row[0], row[1]))
        if by != "place":
            raise ValueError(f"by: found {by!r}; expected field, year, place or unit")
        at, on = placer(), ground or Ground()
        level = None if on.level is None else LEVELS[on.level]
        return put_together(rows, lambda row: key_of(at.on(row[0], row[1], on.day, level)))


def group_facts(
    facts: Iterable[Figure],
    by: str,
    *,
    years: tuple[int, int] | None = None,
    ground: Ground | None = None,
    prices: int | None = None,
) -> list[Group]:
    """Totals of figures that are at hand, as ``sum_records`` has them; asks the database only for funders or recipients.

    ``prices``: in the prices of that year; what cannot be restated is left out (``prices``).
    """
    kept = [f for f in facts if years is None or not _outside(f, years)]
    group_key = _keys(by, kept, ground or Ground())
    groups: dict[Any, tuple[list[Counted], list[LeftOut]]] = {}
    for fact in kept:
        counted, left_out = groups.setdefault(group_key(fact), ([], []))
        reason = fact.left_out or ("undated" if years is not None and not _within(fact, years) else "")
        amount = fact.amount
        if prices is not None and not reason and amount is not None:
            times = factor(fact.currency, fact.year, fact.year_to, prices)
            if isinstance(times, str):
                reason = times
            else:
                amount = _EXACT.multiply(amount, times)
        if reason or amount is None or fact.currency is None:
            left_out.append(LeftOut(fact.record, reason or "no_sum", fact.amount, fact.currency))
        else:
            counted.append(Counted(fact.record, amount, fact.currency))
    ordered = sorted(groups, key=lambda key: (key is None, key if key is not None else ""))
    return [_group(key, *groups[key]) for key in ordered]


def _outside(fact: Figure, years: tuple[int, int]) -> bool:
    """Whether a sum was surely not given in these years."""
    return (fact.year is not None and fact.year > years[1]) or (
        fact.year_to is not None and fact.year_to < years[0]
    )


def grand_total(groups: Iterable[Group]) -> Group:
    """All groups as one: the same whatever they were grouped by."""
    kept = list(groups)
    counted = sorted((c for g in kept for c in g.counted), key=lambda c: c.record.pk)
    left_out = sorted((x for g in kept for x in g.left_out), key=lambda x: x.record.pk)
    return _group(None, counted, left_out)


def _group(key: Any, counted: list[Counted], left_out: list[LeftOut]) -> Group:
    currencies = sorted({c.currency for c in counted})
    totals = {currency: add(c.value for c in counted if c.currency == currency) for currency in currencies}
    return Group(key, totals, tuple(counted), tuple(left_out))


def _within(fact: Figure, years: tuple[int, int]) -> bool:
    """Whether a sum was surely given in these years; a span that reaches outside is not surely inside."""
    return (
        fact.year is not None
        and fact.year_to is not None
        and years[0] <= fact.year
        and fact.year_to <= years[1]
    )


def _keys(by: str, facts: list[Figure], ground: Ground) -> Callable[[Figure], Any]:
    if by in ("field", "year", "status", "standing", "act", "currency"):
        return lambda fact: getattr(fact, by)
    if by == "place":
        at = placer()
        return lambda fact: key_of(at.of(fact.record, ground))
    if by == "unit":
        return lambda fact: unit_key(fact.record.place_units, fact.record.place_why)
    if by not in BY:
        raise ValueError(f"by: found {by!r}; expected one of {', '.join(BY)}")
    names: dict[int, list[str]] = {}
    rows = RecordParty.objects.filter(record__in=[f.record_id for f in facts], role=by).select_related(
        "party"
    )
    for row in rows.order_by("party__name_key", "party_id"):
        names.setdefault(row.record_id, []).append(row.party.name)
    return lambda fact: ", ".join(names[fact.record_id]) if fact.record_id in names else None


def rebuilt_facts() -> dict[int, Fact]:
    """Every contribution's figures straight from the statements, past every cache (L6): record id -> Fact."""
    records = {r.pk: r for r in Record.objects.filter(kind="contribution", in_force__gt=0)}
    statements: dict[int, list[Statement]] = {pk: [] for pk in records}
    for statement, record_id in filed_statements(records):
        statements[record_id].append(statement)
    paired, known = [], KnownParties()
    for pk, record in records.items():
        new = compute(record, statements[pk], known)
        if new.fact is not None:
            paired.append(Paired(pk, new.pair, new.fact))
    totals = covered_totals(paired)
    return {p.key: replace(p.fact, left_out="covered_total") if p.key in totals else p.fact for p in paired}


def shown_facts() -> dict[int, Fact]:
    """Every contribution's figures as the screens have them: record id -> Fact."""
    rows = ContributionFact.objects.filter(record__in_force__gt=0)
    return {row.record_id: replace(as_fact(row), left_out=row.left_out) for row in rows}


def totals_of(facts: Iterable[Fact]) -> dict[str, Decimal]:
    """The totals per currency of the facts that count."""
    sums: dict[str, Decimal] = {}
    for fact in facts:
        if not fact.left_out and fact.value is not None and fact.currency is not None:
            sums[fact.currency] = _EXACT.add(sums.get(fact.currency, Decimal(0)), fact.value)
    return dict(sorted(sums.items()))


def parts_of_total(record: Record) -> list[Record]:
    """The records whose sums a total (left out as ``covered_total``) covers."""
    rows = ContributionFact.objects.filter(
        record__in_force__gt=0, record__cooperations__in=record.cooperations.all()
    )
    parts = covered_totals(paired_facts(rows.distinct())).get(record.pk, ())
    return list(Record.objects.filter(pk__in=parts).order_by("pk"))


PARTS_SHOWN = 200  # parts of a period's total that are looked for


def parts_inside(kind: str, values: Mapping[str, Any]) -> list[int]:
    """The records that count now and that a period's total would cover, were it filed: same giver, receiver and currency,
    years inside its span, its field if it names one. None for what is no total of several years."""
    first, last = values.get("period") or (None, None)
    amount = values.get("amount") or {}
    if kind != "contribution" or not first or not last or first == last or not amount.get("currency"):
        return []
    who = concerned(kind, dict(values))
    found = ContributionFact.objects.filter(
        counted=True, currency=amount["currency"], year__gte=first, year_to__lte=last
    ).exclude(year=first, year_to=last)
    for role, parties in (("giver", who.givers), ("taker", who.takers)):
        if not parties:
            return []
        told = RecordParty.objects.filter(role=role, party__in=parties)
        found = found.filter(record__in=told.values("record_id"))
    if values.get("field") not in (None, "other"):
        found = found.filter(field=values["field"])
    return list(found.order_by("year", "record_id").values_list("record_id", flat=True)[:PARTS_SHOWN])


@dataclass(frozen=True, slots=True)
class InKind:
    """Things given, counted by one unit: how many, from how many records, and how many records are left out, by reason."""

    unit: str | None
    total: Decimal
    counted: int
    reasons: dict[str, int]

    @property
    def left_out(self) -> int:
        return sum(self.reasons.values())


def in_kind(facts: QuerySet[ContributionFact]) -> list[InKind]:
    """What was given in things, each unit apart, the most records first; asked for and promised things are left out, and
    disputed ones. One query."""
    rows = facts.exclude(quantity=None).order_by()
    told = rows.values_list("unit", "quantity", "status", "standing").annotate(rows=Count("pk"))
    found: dict[str, InKind] = {}
    for unit, quantity, status, standing, count in told:
        key = search_key(unit or "")
        old = found.get(key) or InKind(unit, Decimal(0), 0, {})
        reason = (
            status if status in ("requested", "pledged") else "disputed" if standing == "disputed" else ""
        )
        if reason:
            reasons = {**old.reasons, reason: old.reasons.get(reason, 0) + count}
            found[key] = replace(old, reasons=reasons)
        else:
            total = _EXACT.add(old.total, _EXACT.multiply(Decimal(quantity), Decimal(count)))
            found[key] = replace(old, total=total, counted=old.counted + count)
    return sorted(found.values(), key=lambda k: (-k.counted, -k.left_out, k.unit or ""))
