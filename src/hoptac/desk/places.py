"""Places on the desk: the list, one of them, what one of its sums is made of. Only records that are open to the user."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from hoptac.screens.access import desk_of, open_records
from hoptac.screens.placing import place_context, places_context, places_csv_answer, sum_context, unit_or_404


@require_safe
@login_required
def places(request: HttpRequest) -> HttpResponse:
    return render(request, "places.html", places_context(request, open_records(desk_of(request)), "desk"))


@require_safe
@login_required
def places_csv(request: HttpRequest) -> HttpResponse:
    return places_csv_answer(request, open_records(desk_of(request)), "desk")


@require_safe
@login_required
def place(request: HttpRequest, slug: str) -> HttpResponse:
    unit = unit_or_404(slug)
    return render(request, "place.html", place_context(request, unit, open_records(desk_of(request)), "desk"))


@require_safe
@login_required
def place_sum(request: HttpRequest, slug: str) -> HttpResponse:
    context = sum_context(request, unit_or_404(slug), open_records(desk_of(request)), "desk")
    if context is None:
        raise Http404
    return render(request, "place_sum.html", context)
