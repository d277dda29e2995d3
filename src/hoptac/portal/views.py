from __future__ import annotations

from datetime import date

from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from hoptac.ledger.located import placer
from hoptac.ledger.models import Party, Record, RecordParty
from hoptac.ledger.whereabouts import MARK
from hoptac.places.units import Unit
from hoptac.screens.grounds import ground_of
from hoptac.screens.labels import label
from hoptac.screens.lists import RecordFilter, page_of
from hoptac.screens.placing import (
    by_place,
    home_map,
    place_context,
    place_link,
    places_context,
    places_csv_answer,
    sum_context,
    unit_or_404,
)
from hoptac.screens.recordlist import list_context, list_csv
from hoptac.screens.totals import Figures, MadeOf, group_of, totals_of
from hoptac.screens.visible import public_cooperations, public_parties, public_records
from hoptac.screens.voices import tell

FIRST_FEW = 6
SHOWN = ("contribution", "activity", "meeting", "agreement", "ask")


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    live = Q(records__in=public_records())
    found = (
        public_cooperations()
        .annotate(record_count=Count("records", filter=live, distinct=True))
        .order_by("slug")
    )
    page = page_of(found, request.GET, per_page=60)
    here = list(page.object_list)
    totals = totals_of(here)
    rows = [(c, totals[c.pk]) for c in here]
    context = {"page": page, "rows": rows, "records": public_records().count()}
    return render(request, "portal/home.html", context | home_map(request, public_records(), "portal"))


@require_safe
def cooperation(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(public_cooperations().prefetch_related("localities"), slug=slug)
    records = public_records().filter(cooperations=found)
    counts = dict(records.order_by().values_list("kind").annotate(Count("pk")))
    sections = [
        (kind, list(records.filter(kind=kind).order_by("-year", "title_key", "id")[:FIRST_FEW]), counts[kind])
        for kind in SHOWN
        if counts.get(kind)
    ]
    figures = Figures.of(found)
    tables = [
        ("field", figures.by("field"), _("By field")),
        ("year", figures.by("year"), _("By year")),
    ]
    context = {"cooperation": found, "total": figures.total(), "tables": tables, "sections": sections}
    context |= by_place(request, found, records, figures, "portal")
    return render(request, "portal/cooperation.html", context)


@require_safe
def sum_page(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(public_cooperations(), slug=slug)
    ground = ground_of(request.GET)
    group = group_of(found, request.GET.get("by", ""), request.GET.get("group", ""), ground)
    if group is None:
        raise Http404
    return render(request, "portal/sum.html", {"cooperation": found, "made": MadeOf.of(group, request.GET)})


@require_safe
def cooperation_records(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(public_cooperations(), slug=slug)
    wish = RecordFilter.of(request.GET)
    page = page_of(wish.apply(public_records().filter(cooperations=found)), request.GET)
    context = {
        "cooperation": found,
        "page": page,
        "wish": wish,
        "kinds": [(k, label("kind", k)) for k in SHOWN],
    }
    return render(request, "portal/records.html", context)


@require_safe
def record(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(public_records().prefetch_related("cooperations", "roles__party"), slug=slug)
    parties = public_parties().filter(roles__record=found)
    return render(request, "portal/record.html", {"record": found, "told": tell(found), "parties": parties})


@require_safe
def records(request: HttpRequest) -> HttpResponse:
    context = list_context(request, public_records(), public_cooperations(), public_parties(), "portal")
    return render(request, "portal/all_records.html", context)


@require_safe
def records_csv(request: HttpRequest) -> HttpResponse:
    return list_csv(request, public_records(), "portal")


@require_safe
def places(request: HttpRequest) -> HttpResponse:
    return render(request, "places.html", places_context(request, public_records(), "portal"))


@require_safe
def places_csv(request: HttpRequest) -> HttpResponse:
    return places_csv_answer(request, public_records(), "portal")


@require_safe
def place(request: HttpRequest, slug: str) -> HttpResponse:
    """Any unit of any time; of the ledger only what is public."""
    unit = unit_or_404(slug)
    return render(request, "place.html", place_context(request, unit, public_records(), "portal"))


@require_safe
def place_sum(request: HttpRequest, slug: str) -> HttpResponse:
    context = sum_context(request, unit_or_404(slug), public_records(), "portal")
    if context is None:
        raise Http404
    return render(request, "place_sum.html", context)


@require_safe
def party(request: HttpRequest, slug: str) -> HttpResponse:
    """A party or place: what it gave and received, the cooperations that it is in."""
    found = get_object_or_404(public_parties().select_related("locality"), slug=slug)

    def as_(role: str) -> list[Record]:
        linked = public_records().filter(roles__party=found, roles__role=role)
        return list(linked.distinct().order_by("-year", "title_key", "id")[:LONGEST])

    units = public_units_of(found) if found.kind == "locality" else []
    context = {
        "party": found,
        "space": "portal",
        "places": [place_link(u) for u in units],
        "given": as_("funder"),
        "received": as_("recipient"),
        "met": as_("party"),
        "cooperations": public_cooperations().filter(localities=found).order_by("slug"),
    }
    return render(request, "portal/party.html", context)


def public_units_of(found: Party) -> list[Unit]:
    """The units that a party was in the days of its public records, the latest first."""
    rows = RecordParty.objects.filter(party=found, record__in=public_records()).order_by()
    ids = {
        unit for ids in rows.values_list("units", flat=True).distinct() for unit in (ids or "").split(MARK)
    }
    units = [u for u in map(placer().unit, ids) if u is not None]
    return sorted(units, key=lambda u: (u.valid_to or date.max, u.id), reverse=True)


LONGEST = 100  # records of one role on a party's page
