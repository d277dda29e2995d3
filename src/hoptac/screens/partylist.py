"""Parties and people on screens (các bên và người): who may decide of them, lists with their filters."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, F, Q, QuerySet
from django.http import QueryDict

from hoptac.ledger.models import PARTY_KINDS, Party, Person, RecordParty
from hoptac.ledger.parties import side_of
from hoptac.screens.access import SPEAKERS, Desk, open_records
from hoptac.screens.lists import LONGEST_SEARCH, is_slug
from hoptac.text.fold import search_key

ORDERS = {"name": "name_key", "records": "record_count"}


@dataclass(frozen=True)
class PartyFilter:
    """What a list of parties or people was asked for."""

    q: str = ""
    kind: str = ""
    side: str = ""
    sort: str = ""

    @classmethod
    def of(cls, query: QueryDict) -> PartyFilter:
        kind, side, sort = query.get("kind", ""), query.get("side", ""), query.get("sort", "")
        return cls(
            q=query.get("q", "")[:LONGEST_SEARCH].strip(),
            kind=kind if kind in PARTY_KINDS else "",
            side=side if is_slug(side) else "",
            sort=sort if sort.removeprefix("-") in ORDERS else "",
        )

    @property
    def narrowed(self) -> bool:
        return any((self.q, self.kind, self.side))

    def parties(self, rows: QuerySet[Party]) -> QuerySet[Party]:
        """Parties that stand for themselves, with how many records they are in, whose names hold every word."""
        found = rows.filter(merged_into=None)
        for word in search_key(self.q).split():
            told = Q(name_key__contains=word) | Q(merged__name_key__contains=word)
            found = found.filter(pk__in=Party.objects.filter(told).values("pk"))
        if self.kind:
            found = found.filter(kind=self.kind)
        if self.side:
            found = found.filter(Q(locality__slug=self.side) | Q(slug=self.side))
        counted = found.annotate(record_count=Count("roles__record", distinct=True))
        return self._ordered(counted)

    def people(self, rows: QuerySet[Person]) -> QuerySet[Person]:
        found = rows.filter(merged_into=None)
        for word in search_key(self.q).split():
            found = found.filter(name_key__contains=word)
        if self.side:
            found = found.filter(side__slug=self.side)
        return found.order_by("-name_key" if self.sort == "-name" else "name_key", "id")

    def _ordered(self, rows: QuerySet[Party]) -> QuerySet[Party]:
        column = ORDERS.get(self.sort.removeprefix("-"))
        if column is None:
            return rows.order_by("name_key", "id")
        return rows.order_by(F(column).desc() if self.sort.startswith("-") else F(column).asc(), "id")


def open_parties(desk: Desk) -> QuerySet[Party]:
    """The parties of records that are open to a user, and those that were merged into them."""
    if desk.everything:
        return Party.objects.all()
    known = RecordParty.objects.filter(record__in=open_records(desk)).values("party_id")
    return Party.objects.filter(Q(pk__in=known) | Q(merged_into__in=known) | Q(pk__in=desk.ids))


def open_people(desk: Desk) -> QuerySet[Person]:
    """People of the user's sides and of those that cooperate with them, and people without a known side."""
    if desk.everything:
        return Person.objects.all()
    sides = RecordParty.objects.filter(record__in=open_records(desk), role="side").values("party_id")
    return Person.objects.filter(Q(side__in=sides) | Q(side__in=desk.ids) | Q(side=None))


def may_decide(desk: Desk, party: Party) -> bool:
    """Whether a user may merge a party or name it: an officer of its locality; of one that belongs to none, any officer."""
    side = side_of(party)
    if side is None:
        return any(roles & SPEAKERS for roles in desk.sides.values())
    return bool(desk.writes_for(frozenset({side.pk})))


def may_decide_person(desk: Desk, person: Person) -> bool:
    if person.side_id is None:
        return any(roles & SPEAKERS for roles in desk.sides.values())
    return bool(desk.writes_for(frozenset({person.side_id})))
