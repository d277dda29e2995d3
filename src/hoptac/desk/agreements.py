"""Agreements (thỏa thuận): the list; each has its page as a record, with its clauses and what came of them."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from hoptac.desk.meetings import attendance, list_page, listed
from hoptac.screens.days import period_words
from hoptac.screens.labels import label
from hoptac.screens.tables import csv_answer
from hoptac.screens.templatetags.hoptac import heading, names


@require_safe
@login_required
def agreements(request: HttpRequest) -> HttpResponse:
    return list_page(request, "agreement", "desk/agreements.html")


@require_safe
@login_required
def agreements_csv(request: HttpRequest) -> HttpResponse:
    _wish, found = listed(request, "agreement")
    columns = (
        (_("What"), heading),
        (_("Number"), lambda r: r.values.get("number")),
        (_("Parties"), lambda r: names(r.values.get("parties"))),
        (_("Period"), lambda r: period_words(*r.values["period"]) if r.values.get("period") else ""),
        (_("Signed on"), lambda r: r.values.get("signed")),
        (_("Signed by"), lambda r: attendance(r.values.get("signers"))),
        (_("Clauses"), lambda r: len(r.values.get("clauses", ()))),
        (_("Tied records"), lambda r: r.tied_count),
        (_("Standing"), lambda r: label("standing", r.standing)),
        (_("Address"), lambda r: request.build_absolute_uri(reverse("desk:record", args=[r.slug]))),
    )
    return csv_answer("agreements", columns, found)
