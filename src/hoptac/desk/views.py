"""Cooperations on the desk: the list, one of them, and what a total is made of."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from hoptac.ledger.models import STANDINGS
from hoptac.screens.access import cooperation_for, desk_of, open_cooperations
from hoptac.screens.grounds import ground_of
from hoptac.screens.lists import cooperations_in, page_of
from hoptac.screens.placing import by_place
from hoptac.screens.tables import csv_answer
from hoptac.screens.totals import Figures, MadeOf, group_of, totals_of

FIRST_FEW = 8  # records of a kind on the cooperation's own page; the rest are one click away


@require_safe
@login_required
def cooperations(request: HttpRequest) -> HttpResponse:
    page = page_of(cooperations_in(open_cooperations(desk_of(request)), request.GET), request.GET)
    here = list(page.object_list)
    totals = totals_of(here)
    rows = [(c, totals[c.pk]) for c in here]
    context = {"page": page, "rows": rows, "q": request.GET.get("q", "")}
    return render(request, "desk/cooperations.html", context)


@require_safe
@login_required
def cooperations_csv(request: HttpRequest) -> HttpResponse:
    found = list(cooperations_in(open_cooperations(desk_of(request)), request.GET))
    totals = totals_of(found)
    columns = (
        (_("Cooperation"), lambda c: c.name),
        (_("Records"), lambda c: c.record_count),
        (_("Disputed"), lambda c: c.disputed_count),
        (_("Counted sum"), lambda c: "; ".join(f"{m.amount:f} {m.currency}" for m in totals[c.pk].sums)),
        (_("Left out of the sum"), lambda c: totals[c.pk].left_out),
        (_("Address"), lambda c: request.build_absolute_uri(reverse("desk:cooperation", args=[c.slug]))),
    )
    return csv_answer("cooperations", columns, found)


@require_safe
@login_required
def cooperation(request: HttpRequest, slug: str) -> HttpResponse:
    found, may_write = cooperation_for(request, slug)
    live = found.records.live().select_related("fact")
    kinds = {
        kind: list(live.filter(kind=kind).order_by("-year", "title_key", "id")[: FIRST_FEW + 1])
        for kind in SHOWN
    }
    counts = dict(live.order_by().values_list("kind").annotate(Count("pk")))
    standings = dict(live.order_by().values_list("standing").annotate(Count("pk")))
    sections = [(k, kinds[k][:FIRST_FEW], counts.get(k, 0)) for k in SHOWN]
    figures = Figures.of(found)
    return render(
        request,
        "desk/cooperation.html",
        {
            "cooperation": found,
            "may_write": may_write,
            "total": figures.total(),
            "tables": [
                ("field", figures.by("field"), _("By field")),
                ("year", figures.by("year"), _("By year")),
            ],
            "sections": sections,
            "standings": [(s, standings[s]) for s in STANDINGS if s in standings],
        }
        | by_place(request, found, live, figures, "desk"),
    )


SHOWN = ("activity", "contribution", "meeting", "agreement", "ask")


@require_safe
@login_required
def sum_page(request: HttpRequest, slug: str) -> HttpResponse:
    """What one total counted and left out: of everything, or of the group that ``by`` and ``group`` name."""
    found, _may_write = cooperation_for(request, slug)
    by = request.GET.get("by", "")
    group = group_of(found, by, request.GET.get("group", ""), ground_of(request.GET))
    if group is None:
        raise Http404
    context = {"cooperation": found, "made": MadeOf.of(group, request.GET), "by": by}
    return render(request, "desk/sum.html", context)
