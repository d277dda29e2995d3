"""The lists of reviews and of a review's contributions (danh sách): what was asked for, the rows that answer it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import F, QuerySet
from django.http import QueryDict

from hoptac.ledger.facts import LEFT_OUT
from hoptac.ledger.models import STANDINGS
from hoptac.reading.values import FIELDS, STATUSES
from hoptac.review.models import STATES, Review
from hoptac.review.rows import Row, span
from hoptac.review.telling import NONE, Pick, Teller
from hoptac.screens.lists import LONGEST_SEARCH, is_slug
from hoptac.text.fold import search_key

ORDERS = {"name": "cooperation__slug", "period": "last_year", "state": "state", "changed": "changed_at"}


@dataclass(frozen=True)
class ReviewFilter:
    """What a list of reviews was asked for."""

    q: str = ""
    state: str = ""
    cooperation: str = ""
    sort: str = ""

    @classmethod
    def of(cls, query: QueryDict) -> ReviewFilter:
        state, cooperation, sort = query.get("state", ""), query.get("cooperation", ""), query.get("sort", "")
        return cls(
            q=query.get("q", "")[:LONGEST_SEARCH].strip(),
            state=state if state in STATES else "",
            cooperation=cooperation if is_slug(cooperation) else "",
            sort=sort if sort.removeprefix("-") in ORDERS else "",
        )

    def apply(self, reviews: QuerySet[Review]) -> QuerySet[Review]:
        found = reviews.select_related("cooperation")
        for word in search_key(self.q).split():
            found = found.filter(slug__contains=word)
        if self.state:
            found = found.filter(state=self.state)
        if self.cooperation:
            found = found.filter(cooperation__slug=self.cooperation)
        if not self.sort:
            return found.order_by("-changed_at", "-id")
        column = F(ORDERS[self.sort.removeprefix("-")])
        return found.order_by(column.desc() if self.sort.startswith("-") else column.asc(), "id")


ROW_ORDERS: dict[str, Callable[[Teller, Row], Any]] = {
    "n": lambda tell, r: tell.number(r),
    "what": lambda _tell, r: search_key(r.title),
    "sum": lambda _tell, r: (r.fact.value if r.fact is not None else None) or 0,
    "year": lambda _tell, r: span(r)[0] or 0,
    "standing": lambda _tell, r: STANDINGS.index(r.standing),
}


@dataclass(frozen=True)
class RowFilter:
    """Which contributions of a review are asked for, and in what order; an unknown value is as if it were not there."""

    pick: Pick
    sort: str = ""

    @classmethod
    def of(cls, query: QueryDict) -> RowFilter:
        known = {
            "field": (*FIELDS, NONE),
            "status": (*STATUSES, NONE),
            "standing": STANDINGS,
            "counted": ("0", "1"),
            "reason": LEFT_OUT,
            "level": ("province", "district", "commune"),
        }
        given = {
            name: value
            for name in Pick.__dataclass_fields__
            if (value := query.get(name, "")) and (name not in known or value in known[name])
        }
        sort = query.get("sort", "")
        return cls(Pick.of(given), sort if sort.removeprefix("-") in ROW_ORDERS else "")

    def apply(self, tell: Teller) -> list[Row]:
        found = self.pick.apply(tell, tell.contributions)
        order = ROW_ORDERS[self.sort.removeprefix("-") or "n"]
        return sorted(
            found, key=lambda r: (order(tell, r), tell.number(r)), reverse=self.sort.startswith("-")
        )

    @property
    def hidden(self) -> list[tuple[str, str]]:
        """What the search form carries on without showing it."""
        names = ("years", "span", "several", "place", "level", "currency", "reason")
        kept = [(name, getattr(self.pick, name)) for name in names if getattr(self.pick, name)]
        return [*kept, ("sort", self.sort)] if self.sort else kept

    def query(self, **more: str) -> str:
        parts = {name: getattr(self.pick, name) for name in Pick.__dataclass_fields__}
        return urlencode(
            {name: value for name, value in {**parts, "sort": self.sort, **more}.items() if value}
        )
