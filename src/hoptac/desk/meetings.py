"""Meetings and visits (buổi làm việc, chuyến thăm): the list; each has its page as a record."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from hoptac.ledger.links import standing_links
from hoptac.ledger.models import STANDINGS, Cooperation, Record
from hoptac.screens.access import Desk, desk_of, open_cooperations, open_records
from hoptac.screens.labels import label
from hoptac.screens.lists import RecordFilter, page_of
from hoptac.screens.tables import csv_answer
from hoptac.screens.templatetags.hoptac import heading, names

COOPERATIONS_MOST = 5  # buttons to begin a record; any other cooperation has its own on its page


def listed(request: HttpRequest, kind: str) -> tuple[RecordFilter, QuerySet[Record]]:
    """What was asked for, and the open records of a kind that answer it, with how many records are tied to each."""
    wish = RecordFilter.of(request.GET)
    standing = standing_links().values("pk")
    tied = Count("linked_from__record", filter=Q(linked_from__in=standing), distinct=True)
    found = wish.apply(open_records(desk_of(request)).filter(kind=kind))
    return wish, found.annotate(tied_count=tied)


def list_page(request: HttpRequest, kind: str, template: str) -> HttpResponse:
    wish, found = listed(request, kind)
    desk = desk_of(request)
    context: dict[str, Any] = {
        "page": page_of(found, request.GET),
        "wish": wish,
        "kind": kind,
        "standings": [(code, label("standing", code)) for code in STANDINGS],
        "cooperations": list(open_cooperations(desk).values_list("slug", "name")),
        "writable": writable(desk),
    }
    return render(request, template, context)


def writable(desk: Desk) -> list[Cooperation]:
    """The first few cooperations in which the user may speak."""
    sides = desk.writes_for(desk.ids)
    found = Cooperation.objects.filter(localities__in=sides).distinct()
    return list(found.order_by("slug")[:COOPERATIONS_MOST])


@require_safe
@login_required
def meetings(request: HttpRequest) -> HttpResponse:
    return list_page(request, "meeting", "desk/meetings.html")


@require_safe
@login_required
def meetings_csv(request: HttpRequest) -> HttpResponse:
    _wish, found = listed(request, "meeting")
    columns = (
        (_("What"), heading),
        (_("Day"), lambda r: r.values.get("date")),
        (_("Place"), lambda r: names(r.values.get("place"))),
        (_("Parties"), lambda r: names(r.values.get("parties"))),
        (_("About"), lambda r: r.values.get("about")),
        (_("Who attended"), lambda r: attendance(r.values.get("people"))),
        (_("Tied records"), lambda r: r.tied_count),
        (_("Standing"), lambda r: label("standing", r.standing)),
        (_("Address"), lambda r: request.build_absolute_uri(reverse("desk:record", args=[r.slug]))),
    )
    return csv_answer("meetings", columns, found)


def attendance(people: Any) -> str:
    """People with their offices in one line."""
    return "; ".join(
        ", ".join(filter(None, (p["name"], p.get("office"), p.get("side")))) for p in people or ()
    )
