"""What a review counts (dữ liệu của bản kiểm điểm): the rows of a snapshot as values, and sums over them. Pure: no database.

A snapshot is kept as canonical JSON, schema ``hoptac/review/1``. What stands in it is all that a review ever says of
the ledger, so that it says the same in ten years.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from hoptac.ledger.canonical import canonical_json
from hoptac.ledger.sums import add

SCHEMA = "hoptac/review/1"
HOME_CURRENCY = "VND"


@dataclass(frozen=True, slots=True)
class Told:
    """A statement that a row stands on: its number in the ledger, the side that speaks (None: the page itself), the page, and
    the ISO day of the page, or of a statement without one; "" for a page that bears no day."""

    seq: int
    side: str | None
    source: int | None
    on: str


@dataclass(frozen=True, slots=True)
class Fact:
    """A contribution's figures; ``value`` in whole units of the currency. ``left_out`` as in the ledger's totals."""

    value: Decimal | None
    of_total: Decimal | None
    currency: str | None
    bound: str | None
    quantity: Decimal | None
    unit: str | None
    year: int | None
    year_to: int | None
    field: str | None
    status: str | None
    left_out: str


@dataclass(frozen=True, slots=True)
class Row:
    """A record as it stood. ``statuses`` are the states ever told of a contribution, each with its day;
    ``otherwise`` the values that contradict, by field; ``units`` and ``why`` where it counts, as the ledger has it."""

    uid: str
    kind: str
    slug: str
    title: str
    standing: str
    values: Mapping[str, Any]
    otherwise: Mapping[str, Any]
    statuses: tuple[tuple[str, str], ...]
    units: str | None
    why: str
    givers: tuple[str, ...]
    takers: tuple[str, ...]
    part_of: str | None
    year: int | None
    said: tuple[Told, ...]
    fact: Fact | None

    @property
    def sources(self) -> tuple[int, ...]:
        return tuple(dict.fromkeys(t.source for t in self.said if t.source is not None))


@dataclass(frozen=True, slots=True)
class Page:
    """A source of the rows; ``published`` is ISO, "" where the page does not say."""

    sha256: str
    title: str
    outlet: str
    url: str
    published: str


@dataclass(frozen=True, slots=True)
class Attendant:
    """A person whom a page of a meeting names, in what office."""

    name: str
    office: str
    side: str
    sources: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Joined:
    """That a side joined a record to another: it ``carries_out`` or ``answers`` an ask, or was ``said_at`` a meeting."""

    record: str
    relation: str
    to: str


@dataclass(frozen=True, slots=True)
class Locality:
    identity: str
    name: str
    code: str


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The ledger of one cooperation at one moment: up to statement ``statements``, filing ``filings``, link ``links``."""

    cooperation: str
    localities: tuple[Locality, ...]
    first: int
    last: int
    taken_at: str
    statements: int
    filings: int
    links: int
    rows: tuple[Row, ...]
    pages: tuple[Page, ...]
    people: tuple[Attendant, ...]
    joined: tuple[Joined, ...]

    def of_kind(self, kind: str) -> tuple[Row, ...]:
        return tuple(r for r in self.rows if r.kind == kind)

    def contributions(self) -> tuple[Row, ...]:
        """The contributions of the period, and those that may be of it: not those surely given in other years."""
        return tuple(r for r in self.of_kind("contribution") if not self.outside(r))

    def outside(self, row: Row) -> bool:
        first, last = span(row)
        return (first is not None and first > self.last) or (last is not None and last < self.first)

    def within(self, row: Row) -> bool:
        first, last = span(row)
        return first is not None and last is not None and self.first <= first and last <= self.last

    def reason(self, row: Row) -> str:
        """Why a contribution's sum is not counted in this review; "" where it is."""
        if row.fact is None or row.fact.value is None or not row.fact.currency:
            return row.fact.left_out if row.fact and row.fact.left_out else "no_sum"
        return row.fact.left_out or ("" if self.within(row) else "undated")


def span(row: Row) -> tuple[int | None, int | None]:
    """The years that a record is of."""
    if row.fact is not None:
        return row.fact.year, row.fact.year_to
    return row.year, row.year


@dataclass(frozen=True, slots=True)
class Pile:
    """Rows with their sum: one total for each currency, đồng first; what is counted; what is not, and why."""

    totals: tuple[tuple[str, Decimal], ...]
    counted: tuple[Row, ...]
    left_out: tuple[tuple[Row, str], ...]

    @property
    def rows(self) -> tuple[Row, ...]:
        return (*self.counted, *(row for row, _ in self.left_out))

    def reasons(self) -> dict[str, int]:
        out: dict[str, int] = {}
        for _row, reason in self.left_out:
            out[reason] = out.get(reason, 0) + 1
        return out

    def total(self, currency: str) -> Decimal | None:
        return dict(self.totals).get(currency)


def pile(snapshot: Snapshot, rows: Iterable[Row]) -> Pile:
    """The sum of some contributions, nothing ever added across currencies."""
    counted: list[Row] = []
    left_out: list[tuple[Row, str]] = []
    sums: dict[str, list[Decimal]] = {}
    for row in rows:
        reason = snapshot.reason(row)
        if reason or row.fact is None or row.fact.value is None or row.fact.currency is None:
            left_out.append((row, reason or "no_sum"))
        else:
            counted.append(row)
            sums.setdefault(row.fact.currency, []).append(row.fact.value)
    ordered = sorted(sums, key=lambda c: (c != HOME_CURRENCY, c))
    return Pile(tuple((c, add(sums[c])) for c in ordered), tuple(counted), tuple(left_out))


def piles(
    snapshot: Snapshot, rows: Iterable[Row], key: Callable[[Row], str | int | None]
) -> dict[str | int | None, Pile]:
    """Sums by a key, in order of the key, those without one last."""
    groups: dict[str | int | None, list[Row]] = {}
    for row in rows:
        groups.setdefault(key(row), []).append(row)
    ordered = sorted(groups, key=lambda k: (k is None, str(k)))
    return {k: pile(snapshot, groups[k]) for k in ordered}


def figures_of(snapshot: Snapshot) -> dict[str, Any]:
    """The figures that a snapshot is held to: totals, how many are counted and left out, how many records of each kind."""
    whole = pile(snapshot, snapshot.contributions())
    kinds: dict[str, int] = {}
    for row in snapshot.rows:
        kinds[row.kind] = kinds.get(row.kind, 0) + 1
    return {
        "totals": dict(whole.totals),
        "counted": len(whole.counted),
        "left_out": whole.reasons(),
        "records": kinds,
    }


def body_text(body: Mapping[str, Any]) -> str:
    """A snapshot's JSON in its one form."""
    return canonical_json(body)


def read_body(text: str) -> Snapshot:
    """A snapshot from its JSON; ValueError where the schema is another."""
    body = json.loads(text)
    if body.get("schema") != SCHEMA:
        raise ValueError(f"schema: found {body.get('schema')!r}; expected {SCHEMA!r}")
    return Snapshot(
        cooperation=body["cooperation"],
        localities=tuple(Locality(*one) for one in body["localities"]),
        first=body["period"][0],
        last=body["period"][1],
        taken_at=body["taken_at"],
        statements=body["statements"],
        filings=body["filings"],
        links=body["links"],
        rows=tuple(map(_row, body["rows"])),
        pages=tuple(Page(*one) for one in body["pages"]),
        people=tuple(Attendant(p[0], p[1], p[2], tuple(p[3])) for p in body["people"]),
        joined=tuple(Joined(*one) for one in body["joined"]),
    )


def _row(row: Mapping[str, Any]) -> Row:
    fact = row.get("fact")
    return Row(
        uid=row["uid"],
        kind=row["kind"],
        slug=row["slug"],
        title=row["title"],
        standing=row["standing"],
        values=row["values"],
        otherwise=row.get("otherwise", {}),
        statuses=tuple((status, on) for status, on in row.get("statuses", ())),
        units=row.get("units"),
        why=row["why"],
        givers=tuple(row["givers"]),
        takers=tuple(row["takers"]),
        part_of=row.get("part_of"),
        year=row.get("year"),
        said=tuple(Told(*one) for one in row["said"]),
        fact=_fact(fact) if fact is not None else None,
    )


def _fact(fact: Mapping[str, Any]) -> Fact:
    def number(name: str) -> Decimal | None:
        return Decimal(fact[name]) if fact.get(name) is not None else None

    return Fact(
        value=number("value"),
        of_total=number("of_total"),
        currency=fact.get("currency"),
        bound=fact.get("bound"),
        quantity=number("quantity"),
        unit=fact.get("unit"),
        year=fact.get("year"),
        year_to=fact.get("year_to"),
        field=fact.get("field"),
        status=fact.get("status"),
        left_out=fact["left_out"],
    )
