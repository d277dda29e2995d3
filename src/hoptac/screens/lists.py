"""Lists with filters that live in the address (danh sách): what was asked for, and the rows that answer it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db.models import Count, F, Q, QuerySet
from django.http import QueryDict

from hoptac.ledger.located import LEVELS, LEVELS_OF, MAPS, Ground, in_unit, on_map
from hoptac.ledger.models import RECORD_KINDS, STANDINGS, Cooperation, Record, RecordParty, Source
from hoptac.places.units import Unit
from hoptac.reading.values import FIELDS, STATUSES
from hoptac.screens.grounds import USUAL, unit_of_slug
from hoptac.text.fold import search_key

PER_PAGE = 25
LONGEST_SEARCH = 200  # characters of a search that are looked at
ANY_LEVEL = "any"  # the smallest unit that holds a record
LONGEST_KEY = 60  # characters of a group's key
YEARS = range(1900, 2200)


def is_slug(text: str) -> bool:
    """Whether a text can be the slug of anything here."""
    return bool(re.fullmatch(r"[\w-]{1,200}", text))


@dataclass(frozen=True)
class RecordFilter:
    """What a list of records was asked for; an unknown value of a filter is as if it were not there.

    ``place`` is the slug of a unit: what it and the units it came from received; ``perhaps`` "1" instead what may lie in it.
    ``spot`` is the key of a group of the map that ``map`` and ``level`` name: a unit's id, or "?" and a reason.
    """

    q: str = ""
    kind: str = ""
    field: str = ""
    status: str = ""
    standing: str = ""
    year: int | None = None
    party: str = ""
    cooperation: str = ""
    place: str = ""
    perhaps: str = ""
    spot: str = ""
    map: str = ""
    level: str = ""
    sort: str = ""

    @classmethod
    def of(cls, query: QueryDict) -> RecordFilter:
        def known(name: str, codes: Iterable[str]) -> str:
            value = query.get(name, "")
            return value if value in codes else ""

        def slug(name: str) -> str:
            value = query.get(name, "")
            return value if is_slug(value) else ""

        year = query.get("year", "")
        return cls(
            q=query.get("q", "")[:LONGEST_SEARCH].strip(),
            kind=known("kind", RECORD_KINDS),
            field=known("field", FIELDS),
            status=known("status", STATUSES),
            standing=known("standing", STANDINGS),
            year=int(year) if year.isascii() and year.isdigit() and int(year) in YEARS else None,
            party=slug("party"),
            cooperation=slug("cooperation"),
            place=slug("place"),
            perhaps=known("perhaps", ("1",)),
            spot=spot if len(spot := query.get("spot", "")) <= LONGEST_KEY else "",
            map=known("map", MAPS),
            level=known("level", (*LEVELS, ANY_LEVEL)),
            sort=known("sort", (*RECORD_ORDERS, *(f"-{k}" for k in RECORD_ORDERS))),
        )

    @property
    def narrowed(self) -> bool:
        return any(
            (
                self.q,
                self.kind,
                self.field,
                self.status,
                self.standing,
                self.year,
                self.party,
                self.cooperation,
                self.place,
                self.spot,
            )
        )

    @property
    def unit(self) -> Unit | None:
        """The place whose records are asked for."""
        return unit_of_slug(self.place) if self.place else None

    @property
    def ground(self) -> Ground:
        units = self.map or USUAL
        if self.level == ANY_LEVEL:
            return Ground(units, None)
        return Ground(units, self.level if self.level in LEVELS_OF[units] else "province")

    @property
    def hidden(self) -> list[tuple[str, str]]:
        """What a search form carries on without showing it."""
        names = ("party", "place", "perhaps", "spot", "map", "level", "sort")
        return [(name, getattr(self, name)) for name in names if getattr(self, name)]

    def query(self) -> str:
        """The filter as the tail of an address, without empty parts."""
        parts = {k: v for k, v in self.__dict__.items() if v not in ("", None)}
        return urlencode(parts)

    def apply(self, records: QuerySet[Record]) -> QuerySet[Record]:
        found = records
        for word in search_key(self.q).split():
            found = found.filter(title_key__contains=word)
        if self.kind:
            found = found.filter(kind=self.kind)
        if self.field:
            found = found.filter(fact__field=self.field)
        if self.status:
            found = found.filter(fact__status=self.status)
        if self.standing:
            found = found.filter(standing=self.standing)
        if self.year:
            found = found.filter(year=self.year)
        if self.party:
            found = found.filter(
                pk__in=RecordParty.objects.filter(party__slug=self.party).values("record_id")
            )
        if self.cooperation:
            linked = Record.cooperations.through.objects.filter(cooperation__slug=self.cooperation)
            found = found.filter(pk__in=linked.values("record_id"))
        if self.place:
            unit = self.unit
            found = in_unit(found, unit, perhaps=bool(self.perhaps)) if unit is not None else found.none()
        if self.spot:
            found = on_map(found, self.ground, self.spot)
        return _ordered(found, self.sort, RECORD_ORDERS, ("-year", "title_key", "id"))


RECORD_ORDERS = {
    "title": "title_key",
    "year": "year",
    "sum": "fact__amount_minor",
    "standing": "standing",
    "kind": "kind",
}
COOPERATION_ORDERS = {"name": "slug", "records": "record_count", "disputed": "disputed_count"}
SOURCE_ORDERS = {"title": "title", "published": "published", "taken": "taken_at"}


def _ordered(rows: QuerySet, sort: str, orders: dict[str, str], usual: tuple[str, ...]) -> QuerySet:  # type: ignore[type-arg]
    column = orders.get(sort.removeprefix("-"))
    if column is None:
        return rows.order_by(*usual)
    first = F(column).desc(nulls_last=True) if sort.startswith("-") else F(column).asc(nulls_last=True)
    return rows.order_by(first, "id")


def page_of(rows: QuerySet | Sequence[Any], query: QueryDict, per_page: int = PER_PAGE) -> Page:  # type: ignore[type-arg]
    """The page asked for; the nearest there is where the number is out of range."""
    return Paginator(rows, per_page).get_page(query.get("page"))


def cooperations_in(cooperations: QuerySet[Cooperation], query: QueryDict) -> QuerySet[Cooperation]:
    """Cooperations with how many records they have, those whose name holds every word asked for."""
    found = cooperations
    for word in search_key(query.get("q", "")[:LONGEST_SEARCH]).split():
        found = found.filter(slug__contains=word)
    live = Q(records__in_force__gt=0)
    counted = found.annotate(
        record_count=Count("records", filter=live, distinct=True),
        disputed_count=Count("records", filter=live & Q(records__standing="disputed"), distinct=True),
    )
    return _ordered(counted, query.get("sort", ""), COOPERATION_ORDERS, ("slug", "id"))


def sources_in(sources: QuerySet[Source], query: QueryDict) -> QuerySet[Source]:
    """Sources whose title, file name or outlet holds every word asked for, accents or not."""
    found = sources.defer("text", "layout")
    words = search_key(query.get("q", "")[:LONGEST_SEARCH]).split()
    if words:
        names = found.values_list("pk", "title", "name", "outlet")
        keys = ((pk, search_key(" ".join(filter(None, parts)))) for pk, *parts in names)
        found = found.filter(pk__in=[pk for pk, key in keys if all(word in key for word in words)])
    return _ordered(found, query.get("sort", ""), SOURCE_ORDERS, ("-taken_at", "-id"))
