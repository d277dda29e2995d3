"""The public pages of the ledger: home, cooperations, records, places, parties, and what sums are made of."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from hoptac.ledger.located import placer
from hoptac.ledger.models import Party, Record, RecordParty
from hoptac.ledger.whereabouts import MARK
from hoptac.newsroom.models import Story
from hoptac.places.units import COUNTRY, Unit
from hoptac.portal.aside import aside
from hoptac.portal.moved import party_now, record_now
from hoptac.portal.served import public_page
from hoptac.portal.show import Meta, dataset, show, site_thing, whole
from hoptac.screens.grounds import ground_of, place_slug
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
from hoptac.screens.templatetags.hoptac import heading
from hoptac.screens.totals import Figures, MadeOf, group_of, totals_of
from hoptac.screens.visible import public_cooperations, public_parties, public_records
from hoptac.screens.voices import tell

FIRST_FEW = 6
SHOWN = ("contribution", "activity", "meeting", "agreement", "ask")
LATEST = 8  # records on the first page
FRONT = 4  # stories on the first page
LONGEST = 100  # records of one role on a party's page


@public_page
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
    context: dict[str, Any] = {
        "page": page,
        "rows": [(c, totals[c.pk]) for c in here],
        "records": public_records().count(),
        "latest": list(public_records().order_by("-id")[:LATEST]),
        "stories": list(Story.objects.public().select_related("party")[:FRONT]),
    }
    about = _(
        "Schools, sums, gifts, doctors and training between localities, each figure with the sentence behind it."
    )
    meta = Meta(_("Localities that help one another"), about, linked=(site_thing(),))
    return show(request, "portal/home.html", context | home_map(request, public_records(), "portal"), meta)


@public_page
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
    listed = reverse("portal:records-csv")
    about = _(
        "What %(name)s gave, built, promised and agreed: each sum with what it counts and the words that say so."
    )
    about %= {"name": found.name}
    here = reverse("portal:cooperation", args=[slug])
    data = dataset(
        found.name, about, here, {f"{listed}?cooperation={slug}": ("text/csv", _("Records, as a table"))}
    )
    context = {
        "cooperation": found,
        "total": figures.total(),
        "tables": tables,
        "sections": sections,
        "stories": list(Story.objects.public().filter(cooperation=found).select_related("party")[:FRONT]),
        "embed": whole(reverse("portal:embed", args=[slug])),
    }
    context |= by_place(request, found, records, figures, "portal")
    return show(request, "portal/cooperation.html", context, Meta(found.name, about, linked=(data,)))


@public_page
def sum_page(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(public_cooperations(), slug=slug)
    ground = ground_of(request.GET)
    group = group_of(found, request.GET.get("by", ""), request.GET.get("group", ""), ground)
    if group is None:
        raise Http404
    context = {"cooperation": found, "made": MadeOf.of(group, request.GET)}
    return show(request, "portal/sum.html", context, Meta(f"{group.name} · {found.name}"))


@public_page
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
    return show(request, "portal/records.html", context, Meta(f"{_('Records')} · {found.name}"))


@public_page
def record(request: HttpRequest, slug: str) -> HttpResponse:
    shown = public_records().select_related("part_of").prefetch_related("cooperations", "roles__party")
    found = shown.filter(slug=slug).first()
    if found is None:
        now = record_now(slug)
        if now is None:
            raise Http404
        return HttpResponsePermanentRedirect(reverse("portal:record", args=[now.slug]))
    told = tell(found)
    parties = public_parties().filter(roles__record=found)
    context = {"record": found, "told": told, "parties": parties} | aside(found)
    if found.part_of is not None and not public_records().filter(pk=found.part_of.pk).exists():
        context["part_hidden"] = True
    first = next((p.quote for v in told.voices for p in v.passages), "")
    meta = Meta(heading(found), first or label("kind", found.kind), kind="article")
    return show(request, "portal/record.html", context, meta)


@public_page
def records(request: HttpRequest) -> HttpResponse:
    context = list_context(request, public_records(), public_cooperations(), public_parties(), "portal")
    return show(request, "portal/all_records.html", context, Meta(_("Records")))


@require_safe
def records_csv(request: HttpRequest) -> HttpResponse:
    return list_csv(request, public_records(), "portal")


@public_page
def places(request: HttpRequest) -> HttpResponse:
    context = places_context(request, public_records(), "portal")
    return show(request, "places.html", context, Meta(_("Places")))


@require_safe
def places_csv(request: HttpRequest) -> HttpResponse:
    return places_csv_answer(request, public_records(), "portal")


@public_page
def place(request: HttpRequest, slug: str) -> HttpResponse:
    """Any unit of any time; of the ledger only what is public."""
    unit = unit_or_404(slug)
    if slug != place_slug(unit):
        query = request.META.get("QUERY_STRING", "")
        there = reverse("portal:place", args=[place_slug(unit)])
        return HttpResponsePermanentRedirect(there + (f"?{query}" if query else ""))
    context = place_context(request, unit, public_records(), "portal")
    thing = {
        "@type": "Country" if unit.level == COUNTRY else "AdministrativeArea",
        "name": context["name"],
        "url": whole(reverse("portal:place", args=[slug])),
    }
    about = _("What %(place)s received, by field and year, and what it was before.") % {
        "place": context["name"]
    }
    return show(request, "place.html", context, Meta(context["name"], about, linked=(thing,)))


@public_page
def place_sum(request: HttpRequest, slug: str) -> HttpResponse:
    context = sum_context(request, unit_or_404(slug), public_records(), "portal")
    if context is None:
        raise Http404
    return show(request, "place_sum.html", context, Meta(context["name"]))


@public_page
def party(request: HttpRequest, slug: str) -> HttpResponse:
    """A party or place: what it gave and received, the cooperations that it is in."""
    found = public_parties().select_related("locality").filter(slug=slug).first()
    if found is None:
        now = party_now(slug)
        if now is None:
            raise Http404
        return HttpResponsePermanentRedirect(reverse("portal:party", args=[now.slug]))

    def as_(*roles: str) -> list[Record]:
        linked = public_records().filter(roles__party=found, roles__role__in=roles)
        return list(linked.distinct().order_by("-year", "title_key", "id")[:LONGEST])

    def sum_as(role: str) -> Any:
        mine = RecordParty.objects.filter(party=found, role=role).values("record_id")
        return Figures.of(public_records().filter(kind="contribution", pk__in=mine)).total()

    locality = found.kind == "locality"
    units = public_units_of(found) if locality else []
    context = {
        "party": found,
        "places": [place_link(u) for u in units],
        "given": as_("funder"),
        "received": as_("recipient"),
        "asked": as_("by", "to"),
        "met": as_("party"),
        "gave": sum_as("giver" if locality else "funder"),
        "got": sum_as("taker" if locality else "recipient"),
        "cooperations": public_cooperations().filter(localities=found).order_by("slug"),
        "stories": list(Story.objects.public().filter(party=found)[:FRONT]),
    }
    about = _("What %(name)s gave, received and agreed.") % {"name": found.name}
    here = reverse("portal:party", args=[slug])
    return show(
        request, "portal/party.html", context, Meta(found.name, about, linked=(organisation(found, here),))
    )


def organisation(party: Party, path: str) -> dict[str, Any]:
    """A party as schema.org has it."""
    kinds = {
        "locality": "GovernmentOrganization", "body": "GovernmentOrganization", "company": "Corporation",
        "school": "School", "hospital": "Hospital", "newspaper": "NewsMediaOrganization",
    }  # fmt: skip
    thing: dict[str, Any] = {
        "@type": kinds.get(party.kind, "Organization"),
        "name": party.name,
        "url": whole(path),
    }
    if party.locality is not None and party.locality_id != party.pk:
        thing["parentOrganization"] = {"@type": "GovernmentOrganization", "name": party.locality.name}
    return thing


def public_units_of(found: Party) -> list[Unit]:
    """The units that a party was in the days of its public records, the latest first."""
    rows = RecordParty.objects.filter(party=found, record__in=public_records()).order_by()
    ids = {
        unit for ids in rows.values_list("units", flat=True).distinct() for unit in (ids or "").split(MARK)
    }
    units = [u for u in map(placer().unit, ids) if u is not None]
    return sorted(units, key=lambda u: (u.valid_to or date.max, u.id), reverse=True)
