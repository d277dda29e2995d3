"""Sums on the desk, over the records that are open to the user."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from hoptac.screens.access import desk_of, open_cooperations, open_records
from hoptac.screens.sumpage import sum_of_context, sums_context, sums_csv_answer


@require_safe
@login_required
def sums(request: HttpRequest) -> HttpResponse:
    desk = desk_of(request)
    context = sums_context(request, open_records(desk), open_cooperations(desk), "desk")
    return render(request, "desk/sums.html", context)


@require_safe
@login_required
def sums_csv(request: HttpRequest) -> HttpResponse:
    return sums_csv_answer(request, open_records(desk_of(request)))


@require_safe
@login_required
def sum_of(request: HttpRequest) -> HttpResponse:
    context = sum_of_context(request, open_records(desk_of(request)), "desk")
    if context is None:
        raise Http404
    return render(request, "desk/sum_of.html", context)
