"""Sums on one page (tổng hợp): of any records, by what one asks, in the money of its day or in one year's prices, things apart.

Each sum opens what it counted and what it left out, with the reason.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.translation import gettext as _

from hoptac.ledger.models import Cooperation, Record
from hoptac.ledger.prices import years
from hoptac.ledger.sums import Group as LedgerGroup
from hoptac.ledger.sums import Tallies, Tally, facts_of, grand_total, group_facts, in_kind, scope_of
from hoptac.screens.grounds import ground_of, map_choices, name_of_key
from hoptac.screens.labels import label
from hoptac.screens.lists import is_slug
from hoptac.screens.tables import csv_answer
from hoptac.screens.totals import MadeOf, Money, as_group, money_of

BY = ("field", "year", "place", "unit", "funder", "recipient", "status", "standing")
CODED = ("field", "status", "standing")
UNKNOWN = "none"
LONGEST = 500  # characters of a group's key


@dataclass(frozen=True)
class SumWish:
    """What a page of sums was asked for."""

    by: str = "field"
    cooperation: str = ""
    prices: int | None = None

    @classmethod
    def of(cls, query: QueryDict) -> SumWish:
        by, cooperation, prices = query.get("by", ""), query.get("cooperation", ""), query.get("prices", "")
        base = int(prices) if prices.isascii() and prices.isdigit() and len(prices) == 4 else None
        return cls(
            by=by if by in BY else "field",
            cooperation=cooperation if is_slug(cooperation) else "",
            prices=base if base in years() else None,
        )

    def query(self) -> str:
        parts = {"by": self.by, "cooperation": self.cooperation, "prices": self.prices or ""}
        return urlencode({key: value for key, value in parts.items() if value})


@dataclass(frozen=True)
class Line:
    """One line of the table: the group, its sums, how many records it counts and leaves out."""

    key: str
    name: str
    sums: tuple[Money, ...]
    counted: int
    left_out: int


def by_choices() -> list[tuple[str, str]]:
    names = (
        _("Field"),
        _("Year"),
        _("Place on the map"),
        _("Place as it was"),
        _("Given by"),
        _("Received by"),
        _("State"),
        _("Standing"),
    )
    return list(zip(BY, names, strict=True))


def name_of_group(key: str, by: str) -> str:
    if key == UNKNOWN:
        return _("Not stated")
    if by in ("place", "unit"):
        return name_of_key(key)
    return label(by, key) if by in CODED else key


def _narrowed(records: QuerySet[Record], wish: SumWish) -> QuerySet[Record]:
    if not wish.cooperation:
        return records
    linked = Record.cooperations.through.objects.filter(cooperation__slug=wish.cooperation)
    return records.filter(pk__in=linked.values("record_id"))


def _groups(records: QuerySet[Record], wish: SumWish, query: QueryDict) -> tuple[list[Line], Line]:
    """The lines of the table and the whole. From tallies of the database where it can add, else from the figures."""
    facts = scope_of(None, records)
    if wish.by in ("funder", "recipient") or (wish.prices is not None and wish.by in ("place", "unit")):
        found = group_facts(facts_of(None, records), wish.by, ground=ground_of(query), prices=wish.prices)
        return [_line(g, wish.by) for g in found], _line(grand_total(found), "")
    tallies = Tallies(facts)
    if wish.prices is not None:
        lines = [_line(t, wish.by) for t in tallies.restated(wish.by, wish.prices)]
        whole = next(iter(tallies.restated("", wish.prices)), Tally(None, {}, {}, {}))
        return lines, _line(whole, "")
    return [_line(t, wish.by) for t in tallies.by(wish.by, ground_of(query))], _line(tallies.total(), "")


def _line(told: Tally | LedgerGroup, by: str) -> Line:
    key = str(told.key) if told.key not in (None, "") else UNKNOWN
    counted = told.counted if isinstance(told, Tally) else len(told.counted)
    left_out = told.left_out if isinstance(told, Tally) else len(told.left_out)
    name = name_of_group(key, by) if by else _("All contributions")
    return Line(key, name, money_of(told.totals), counted, left_out)


def sums_context(
    request: HttpRequest, records: QuerySet[Record], cooperations: QuerySet[Cooperation], space: str
) -> dict[str, Any]:
    wish = SumWish.of(request.GET)
    kept = _narrowed(records, wish)
    lines, whole = _groups(kept, wish, request.GET)
    lines.sort(key=lambda line: _order(line, wish.by))
    return {
        "space": space,
        "wish": wish,
        "lines": lines,
        "whole": whole,
        "kinds": in_kind(scope_of(None, kept)),
        "choices": by_choices(),
        "by_name": dict(by_choices())[wish.by],
        "years": years(),
        "cooperations": cooperations.values_list("slug", "name"),
        "maps": map_choices(ground_of(request.GET)) if wish.by == "place" else None,
    }


def _order(line: Line, by: str) -> tuple[Any, ...]:
    first = line.sums[0].amount if line.sums else 0
    if by == "year":
        return (line.key == UNKNOWN, [-ord(c) for c in line.key])
    return (line.key == UNKNOWN or line.key.startswith("?"), -first, -line.counted, line.name)


def sum_of_context(request: HttpRequest, records: QuerySet[Record], space: str) -> dict[str, Any] | None:
    """What one line of the page counted and left out; None where there is no such group."""
    wish = SumWish.of(request.GET)
    key = request.GET.get("group", "")[:LONGEST]
    facts = facts_of(None, _narrowed(records, wish))
    found = group_facts(facts, wish.by, ground=ground_of(request.GET), prices=wish.prices)
    if not key:
        group = as_group("", _("All contributions"), grand_total(found))
    else:
        mine = next((g for g in found if (str(g.key) if g.key not in (None, "") else UNKNOWN) == key), None)
        if mine is None:
            return None
        group = as_group(key, name_of_group(key, wish.by), mine)
    return {"made": MadeOf.of(group, request.GET), "wish": wish, "space": space}


def sums_csv_answer(request: HttpRequest, records: QuerySet[Record]) -> HttpResponse:
    """The lines of the screen, every digit."""
    wish = SumWish.of(request.GET)
    lines, _whole = _groups(_narrowed(records, wish), wish, request.GET)
    lines.sort(key=lambda line: _order(line, wish.by))
    rows = [(line, money) for line in lines for money in (line.sums or (None,))]
    columns = (
        (dict(by_choices())[wish.by], lambda r: r[0].name),
        (_("Counted sum"), lambda r: f"{r[1].amount:f}" if r[1] else ""),
        (_("Currency"), lambda r: r[1].currency if r[1] else ""),
        (_("Prices of"), lambda r: wish.prices or ""),
        (_("Counted"), lambda r: r[0].counted),
        (_("Left out of the sum"), lambda r: r[0].left_out),
    )
    return csv_answer("sums", columns, rows)
