"""Who may see and write what (quyền): one accessor for each kind of object.

A user works for parties (Membership). A cooperation is open to those who work for one of its localities, or for a body of
one. A record is open where one of its cooperations is, or where a locality of the user is one of its sides. A source is
open where a record that stands on it is. What is not open is not there: 404, the same answer as for what does not exist.
To write one must be an officer or an administrator of a side.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest

from hoptac.ledger.models import Cooperation, Filing, Membership, Record, RecordParty, Source

SPEAKERS = frozenset({"officer", "administrator"})  # a reviewer may serve both sides, and speaks for neither


@dataclass(frozen=True)
class Desk:
    """The rights of one user: ``sides`` maps the id of each locality the user works for to the roles there."""

    everything: bool
    sides: dict[int, frozenset[str]]

    @property
    def ids(self) -> frozenset[int]:
        return frozenset(self.sides)

    def writes_for(self, parties: frozenset[int]) -> frozenset[int]:
        """Those of ``parties`` for which the user may speak."""
        return frozenset(p for p in parties & self.ids if self.sides[p] & SPEAKERS)


def desk_of(request: HttpRequest) -> Desk:
    """The rights of the user behind a request; asked once for each request."""
    kept = getattr(request, "_hoptac_desk", None)
    if not isinstance(kept, Desk):
        kept = rights_of(request.user)
        request._hoptac_desk = kept  # type: ignore[attr-defined]
    return kept


def rights_of(user: AbstractBaseUser | AnonymousUser) -> Desk:
    if not user.is_authenticated:
        return Desk(False, {})
    sides: dict[int, frozenset[str]] = {}
    for party, locality, role in Membership.objects.filter(user_id=user.pk).values_list(
        "party_id", "party__locality_id", "role"
    ):
        for side in {party, locality or party}:
            sides[side] = sides.get(side, frozenset()) | {role}
    return Desk(bool(getattr(user, "is_superuser", False)), sides)


def open_cooperations(desk: Desk) -> QuerySet[Cooperation]:
    every = Cooperation.objects.all()
    if desk.everything:
        return every
    return every.filter(
        pk__in=Cooperation.localities.through.objects.filter(party_id__in=desk.ids).values("cooperation_id")
    )


def open_records(desk: Desk) -> QuerySet[Record]:
    every = Record.objects.live()
    if desk.everything:
        return every
    shared = Record.cooperations.through.objects.filter(cooperation__in=open_cooperations(desk)).values(
        "record_id"
    )
    own = RecordParty.objects.filter(party_id__in=desk.ids, role="side").values("record_id")
    return every.filter(Q(pk__in=shared) | Q(pk__in=own))


def open_sources(desk: Desk) -> QuerySet[Source]:
    every = Source.objects.all()
    if desk.everything:
        return every
    spoken = Filing.objects.filter(record__in=open_records(desk)).values("statement__source_id")
    return every.filter(pk__in=spoken)


def cooperation_for(request: HttpRequest, slug: str) -> tuple[Cooperation, bool]:
    """The cooperation and whether the user may write in it; 404 where it is not open to the user."""
    desk = desk_of(request)
    found = open_cooperations(desk).filter(slug=slug).prefetch_related("localities").first()
    if found is None:
        raise Http404
    return found, bool(desk.writes_for(frozenset(p.pk for p in found.localities.all())))


def record_for(request: HttpRequest, slug: str) -> tuple[Record, bool]:
    """The record and whether the user may write of it; 404 where it is not open to the user."""
    desk = desk_of(request)
    found = open_records(desk).filter(slug=slug).prefetch_related("cooperations", "roles__party").first()
    if found is None:
        raise Http404
    return found, bool(desk.writes_for(sides_of(found)))


def sides_of(record: Record) -> frozenset[int]:
    """The ids of the localities that a record concerns; a work also concerns those of the cooperations that it is in."""
    own = frozenset(r.party_id for r in record.roles.all() if r.role == "side")
    if record.kind != "activity":
        return own
    return own | frozenset(p.pk for c in record.cooperations.all() for p in c.localities.all())


def source_for(request: HttpRequest, sha256: str) -> tuple[Source, bool]:
    """The source, never to be written; 404 where it is not open to the user."""
    found = open_sources(desk_of(request)).filter(sha256=sha256).first()
    if found is None:
        raise Http404
    return found, False
