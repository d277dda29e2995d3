"""Parties and people on the desk: lists, one of each, and the decisions that put names together and part them again."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from hoptac.ledger import decisions
from hoptac.ledger.decisions import DecisionError, like_parties, names_of, offices_of
from hoptac.ledger.models import PARTY_KINDS, Party, PartyDecision, Person
from hoptac.screens.access import desk_of, open_records
from hoptac.screens.labels import label
from hoptac.screens.lists import page_of
from hoptac.screens.partylist import PartyFilter, may_decide, may_decide_person, open_parties, open_people
from hoptac.screens.tables import csv_answer

REASON_MOST = 500  # characters
FIRST_FEW = 10  # records of a party on its page; the rest are one click away


def why_not(code: str) -> str:
    """Why a decision cannot be, in words."""
    return {
        "same": _("These are one already."),
        "locality": _("Countries and provinces are told apart by law: they are not put together here."),
        "sides": _("They belong to two localities."),
        "merged": _("Someone else put it together with another meanwhile."),
        "undone": _("Someone else undid it already."),
        "day": _("A day is written as 2024, 2024-05 or 2024-05-31."),
        "scheme": _("A register is a code such as XM-DAC or VN-GDT, the identifier one word."),
        "known": _("Another party bears this already: put the two together instead."),
    }[code]


@require_safe
@login_required
def parties(request: HttpRequest) -> HttpResponse:
    wish = PartyFilter.of(request.GET)
    page = page_of(wish.parties(open_parties(desk_of(request))).select_related("locality"), request.GET)
    context = {
        "page": page,
        "wish": wish,
        "kinds": [(code, label("party", code)) for code in PARTY_KINDS],
        "sides": Party.objects.filter(pk__in=Party.objects.exclude(locality=None).values("locality")),
    }
    return render(request, "desk/parties.html", context)


@require_safe
@login_required
def parties_csv(request: HttpRequest) -> HttpResponse:
    rows = PartyFilter.of(request.GET).parties(open_parties(desk_of(request))).select_related("locality")
    columns = (
        (_("Name"), lambda p: p.name),
        (_("Kind"), lambda p: label("party", p.kind)),
        (_("Locality"), lambda p: p.locality.name if p.locality else ""),
        (_("Code"), lambda p: p.code),
        (_("Records"), lambda p: p.record_count),
        (_("Address"), lambda p: request.build_absolute_uri(reverse("desk:party", args=[p.slug]))),
    )
    return csv_answer("parties", columns, rows)


def _party(request: HttpRequest, slug: str) -> Party:
    found = open_parties(desk_of(request)).filter(slug=slug).select_related("locality", "merged_into").first()
    if found is None:
        raise Http404
    return found


@require_safe
@login_required
def party(request: HttpRequest, slug: str) -> HttpResponse:
    """A party: its names and identifiers, what was decided of it, its bodies, people and records."""
    found = _party(request, slug)
    desk = desk_of(request)
    live = open_records(desk).filter(pk__in=found.roles.values("record_id"))
    told = PartyDecision.objects.filter(Q(party=found) | Q(into=found)).select_related(
        "party", "into", "by", "undoes"
    )
    writes = may_decide(desk, found) and found.merged_into is None
    context = {
        "party": found,
        "writes": writes,
        "names": names_of(found),
        "identifiers": told.filter(action="identifier", undone_by=None),
        "decided": told.prefetch_related("undone_by").order_by("-id"),
        "like": like_parties(found) if writes else [],
        "bodies": found.bodies.filter(merged_into=None)[:50],
        "people": open_people(desk).filter(side=found, merged_into=None)[:50],
        "records": live.order_by("-year", "title_key", "id")[:FIRST_FEW],
        "record_count": live.count(),
    }
    return render(request, "desk/party.html", context)


def _reason(request: HttpRequest) -> str:
    return " ".join(request.POST.get("reason", "").split())[:REASON_MOST]


def _do(request: HttpRequest, done: Callable[[User, str], object], words: str) -> None:
    """Do what was decided and say so, or say why it cannot be."""
    reason = _reason(request)
    if not isinstance(request.user, User):
        raise PermissionDenied
    if not reason:
        messages.error(request, _("A decision needs its reason, for example the paper that says so."))
        return
    try:
        done(request.user, reason)
    except DecisionError as error:
        messages.error(request, why_not(error.code))
    else:
        messages.success(request, words)


@require_POST
@login_required
def decide(request: HttpRequest, slug: str) -> HttpResponse:
    """Merge this party into another, or give it a name or an identifier. 403 for who may not decide of both."""
    found, desk, now = _party(request, slug), desk_of(request), timezone.now()
    what = request.POST.get("do", "")
    if not may_decide(desk, found):
        raise PermissionDenied
    after = found.slug
    if what == "merge":
        into = _party(request, request.POST.get("into", ""))
        if not may_decide(desk, into):
            raise PermissionDenied
        after = into.slug
        _do(request, lambda by, reason: decisions.merge_parties(found, into, by=by, reason=reason, at=now),
            _("The two are one now. It can be undone."))  # fmt: skip
    elif what == "name":
        name = " ".join(request.POST.get("name", "").split())
        days = [request.POST.get(key, "").strip() or None for key in ("from", "to")]
        if name:
            _do(request, lambda by, reason: decisions.add_name(
                found, name, valid_from=days[0], valid_to=days[1], by=by, reason=reason, at=now), _("The name is kept."))  # fmt: skip
    elif what == "identifier":
        scheme, value = request.POST.get("scheme", ""), request.POST.get("value", "")
        _do(request, lambda by, reason: decisions.add_identifier(found, scheme, value, by=by, reason=reason, at=now),
            _("The identifier is kept."))  # fmt: skip
    return redirect("desk:party", slug=after)


@require_POST
@login_required
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Undo a decision on a party or person. 403 for who may not decide of it."""
    desk = desk_of(request)
    found = (
        PartyDecision.objects.filter(pk=pk)
        .exclude(action="undo")
        .select_related("party", "into", "person")
        .first()
    )
    if found is None:
        raise Http404
    of_party = found.into or found.party
    allowed = (
        may_decide(desk, of_party)
        if of_party is not None
        else found.person is not None and may_decide_person(desk, found.person)
    )
    if not allowed:
        raise PermissionDenied
    _do(
        request,
        lambda by, reason: decisions.undo(found, by=by, reason=reason, at=timezone.now()),
        _("The decision is undone."),
    )
    if of_party is not None:
        return redirect("desk:party", slug=of_party.slug)
    return redirect("desk:person", pk=found.person_id or 0)


@require_safe
@login_required
def people(request: HttpRequest) -> HttpResponse:
    wish = PartyFilter.of(request.GET)
    page = page_of(wish.people(open_people(desk_of(request))).select_related("side"), request.GET)
    sides = Party.objects.filter(pk__in=open_people(desk_of(request)).values("side"))
    return render(request, "desk/people.html", {"page": page, "wish": wish, "sides": sides})


@require_safe
@login_required
def people_csv(request: HttpRequest) -> HttpResponse:
    rows = PartyFilter.of(request.GET).people(open_people(desk_of(request))).select_related("side")
    columns = (
        (_("Name"), lambda p: p.name),
        (_("Side"), lambda p: p.side.name if p.side else ""),
        (_("Address"), lambda p: request.build_absolute_uri(reverse("desk:person", args=[p.pk]))),
    )
    return csv_answer("people", columns, rows)


def _person(request: HttpRequest, pk: int) -> Person:
    found = open_people(desk_of(request)).filter(pk=pk).select_related("side", "merged_into").first()
    if found is None:
        raise Http404
    return found


@require_safe
@login_required
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """A person in office: which offices statements give, from and to the pages that say so. Nothing else is kept of anyone."""
    found, desk = _person(request, pk), desk_of(request)
    namesakes = open_people(desk).filter(merged_into=None).exclude(pk=found.pk)
    words = found.name_key.split()
    for word in words[-1:]:
        namesakes = namesakes.filter(name_key__contains=word)
    context = {
        "person": found,
        "offices": offices_of(found),
        "writes": may_decide_person(desk, found) and found.merged_into is None,
        "namesakes": namesakes.filter(Q(side=found.side) | Q(side=None))[:10]
        if found.side_id
        else namesakes[:10],
        "decided": PartyDecision.objects.filter(Q(person=found) | Q(into_person=found))
        .select_related("person", "into_person", "by")
        .prefetch_related("undone_by")
        .order_by("-id"),
    }
    return render(request, "desk/person.html", context)


@require_POST
@login_required
def merge_person(request: HttpRequest, pk: int) -> HttpResponse:
    found, desk = _person(request, pk), desk_of(request)
    sent = request.POST.get("into", "")
    into = _person(request, int(sent)) if sent.isascii() and sent.isdigit() and len(sent) < 12 else None
    if into is None:
        raise Http404
    if not (may_decide_person(desk, found) and may_decide_person(desk, into)):
        raise PermissionDenied
    _do(request, lambda by, reason: decisions.merge_people(found, into, by=by, reason=reason, at=timezone.now()),
        _("The two are one now. It can be undone."))  # fmt: skip
    return redirect("desk:person", pk=into.pk)
