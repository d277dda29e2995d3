"""Reviews on the desk (xem bản kiểm điểm): the list, one of them, its annexes, what a figure is made of, its papers."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from hoptac.ledger.located import MAPS
from hoptac.ledger.models import STANDINGS, Party
from hoptac.reading.values import FIELDS, STATUSES
from hoptac.review.access import open_reviews, review_for
from hoptac.review.annexes import contribution_row, said_by
from hoptac.review.document import Annex, Table, TableRow, plain
from hoptac.review.flow import agreed_by
from hoptac.review.lists import ReviewFilter, RowFilter
from hoptac.review.models import STATES, Review
from hoptac.review.press import PAPERS, Busy, Loaded, load, make_paper, media_of, seat, usual_map
from hoptac.review.rows import Row, pile
from hoptac.review.telling import NONE, Teller, lower
from hoptac.review.web import draw_blocks, draw_section, draw_table, links
from hoptac.review.words import Language
from hoptac.screens.access import desk_of, open_cooperations
from hoptac.screens.grounds import Choice
from hoptac.screens.labels import label, language_code
from hoptac.screens.lists import page_of
from hoptac.screens.tables import csv_answer
from hoptac.text.fold import search_key

ROWS = 100  # lines of an annex or a list on one page
TRY_AGAIN = 20  # seconds after which whoever found the press busy may ask again


def language() -> Language:
    return "en" if language_code() == "en" else "vi"


def units_of(request: HttpRequest, review: Review) -> str:
    asked = request.GET.get("map", "")
    return asked if asked in MAPS else usual_map(review)


def map_choices(review: Review, units: str) -> list[Choice]:
    usual = usual_map(review)
    return [Choice(None if u == usual else u, label("map_of", u), u == units) for u in MAPS]


@require_safe
@login_required
def reviews(request: HttpRequest) -> HttpResponse:
    desk = desk_of(request)
    wish = ReviewFilter.of(request.GET)
    cooperations = open_cooperations(desk)
    context = {
        "page": page_of(wish.apply(open_reviews(desk)), request.GET),
        "wish": wish,
        "states": [(code, label("review_state", code)) for code in STATES],
        "cooperations": list(cooperations.values_list("slug", "name")),
        "may_write": bool(desk.writes_for(desk.ids)),
    }
    return render(request, "review/reviews.html", context)


@require_safe
@login_required
def reviews_csv(request: HttpRequest) -> HttpResponse:
    columns = (
        (_("Cooperation"), lambda r: r.cooperation.name),
        (_("From year"), lambda r: r.first_year),
        (_("To year"), lambda r: r.last_year),
        (_("State"), lambda r: label("review_state", r.state)),
        (_("Changed"), lambda r: r.changed_at.isoformat(timespec="seconds")),
        (_("Mark"), lambda r: r.mark),
        (_("Address"), lambda r: request.build_absolute_uri(reverse("review:review", args=[r.slug]))),
    )
    return csv_answer("reviews", columns, ReviewFilter.of(request.GET).apply(open_reviews(desk_of(request))))


def frame(request: HttpRequest, review: Review, own: list[Party], loaded: Loaded) -> dict[str, Any]:
    """What every page of a review has: who agreed, what the user may do, the map at hand."""
    agreed = {p.pk for p in agreed_by(review)}
    units = units_of(request, review)
    return {
        "review": review,
        "loaded": loaded,
        "own": [(p, p.pk in agreed) for p in own],
        "sides": [(p, p.pk in agreed) for p in loaded.sides],
        "units": units,
        "maps": map_choices(review, units),
        "map_tail": "" if units == usual_map(review) else f"?map={units}",
    }


@require_safe
@login_required
def review(request: HttpRequest, slug: str) -> HttpResponse:
    found, own = review_for(request, slug)
    loaded = load(found)
    context = frame(request, found, own, loaded)
    units = context["units"]
    document = loaded.document(language(), units)
    href = links(found, units)
    return render(
        request,
        "review/review.html",
        context
        | {
            "document": document,
            "parts": [(s, draw_section(s, href)) for s in document.sections],
            "contents": [s for s in document.sections if s.level == 1],
            "papers": list(PAPERS),
        },
    )


@require_safe
@login_required
def annex(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """One annex; a long table a page at a time, with a search over its lines."""
    found, own = review_for(request, slug)
    loaded = load(found)
    context = frame(request, found, own, loaded)
    document = loaded.document(language(), context["units"])
    chosen = next((a for a in document.annexes if a.key == key), None)
    if chosen is None:
        raise Http404
    href = links(found, context["units"])
    main = max((b for b in chosen.blocks if isinstance(b, Table)), key=lambda t: len(t.rows))
    kept = _search(main, request.GET.get("q", ""))
    page = Paginator(kept, ROWS).get_page(request.GET.get("page"))
    before, after = _around(chosen, main)
    context |= {
        "document": document,
        "annex": chosen,
        "before": draw_blocks(before, href, chosen.title),
        "table": draw_table(main, href, list(page.object_list), chosen.title),
        "after": draw_blocks(after, href, chosen.title),
        "page": page,
        "q": request.GET.get("q", ""),
    }
    return render(request, "review/annex.html", context)


def _search(table: Table, q: str) -> list[TableRow]:
    """The lines that hold every word, accents or not; lines that only name a group go where a search is made."""
    words = search_key(q[:200]).split()
    if not words:
        return list(table.rows)
    lines = [(r, search_key(" ".join(plain(c) for c in r.cells))) for r in table.rows if not r.head]
    return [r for r, key in lines if all(word in key for word in words)]


def _around(chosen: Annex, main: Table) -> tuple[tuple[Any, ...], tuple[Any, ...]]:
    at = next(n for n, block in enumerate(chosen.blocks) if block is main)
    return chosen.blocks[:at], chosen.blocks[at + 1 :]


@require_safe
@login_required
def rows(request: HttpRequest, slug: str) -> HttpResponse:
    """The contributions that a figure of the review is made of: those it counts, those it leaves out and why."""
    found, own = review_for(request, slug)
    loaded = load(found)
    context = frame(request, found, own, loaded)
    tell = loaded.teller(language(), context["units"])
    wish = RowFilter.of(request.GET)
    kept = wish.apply(tell)
    page = page_of(kept, request.GET, ROWS)
    whole = pile(loaded.rows, kept)
    context |= {
        "wish": wish,
        "page": page,
        "lines": [_line(tell, r) for r in page.object_list],
        "sums": [tell.w.money(total, currency) for currency, total in whole.totals],
        "counted": len(whole.counted),
        "left_out": len(whole.left_out),
        "reasons": tell.reasons(whole),
        "narrowed": _narrowed(tell, wish),
        "fields": [(c, label("field", c)) for c in FIELDS] + [(NONE, _("Field not stated"))],
        "statuses": [(c, label("status", c)) for c in STATUSES],
        "standings": [(c, label("standing", c)) for c in STANDINGS],
    }
    return render(request, "review/rows.html", context)


def _line(tell: Teller, row: Row) -> dict[str, Any]:
    cells = [plain(c) for c in contribution_row(tell, row).cells]
    reason = tell.snapshot.reason(row)
    return {"row": row, "cells": cells, "reason": label("reason", reason) if reason else ""}


def _narrowed(tell: Teller, wish: RowFilter) -> list[str]:
    """In words, what the address asks for beyond what the form shows."""
    pick = wish.pick
    told = []
    if pick.years == NONE:
        told.append(_("Year not stated"))
    elif pick.years or pick.span:
        first, _dash, last = (pick.years or pick.span).partition("-")
        told.append(first if first == last else f"{first}–{last}")
    if pick.several:
        told.append(tell.w("chart_several"))
    if pick.place:
        told.append(tell.place_name(pick.place))
    if pick.reason:
        told.append(lower(label("reason", pick.reason)))
    return told


@require_safe
@login_required
def rows_csv(request: HttpRequest, slug: str) -> HttpResponse:
    """The list at hand as CSV, in its order, sums with every digit."""
    found, _own = review_for(request, slug)
    loaded = load(found)
    tell = loaded.teller(language(), units_of(request, found))

    def reason(row: Row) -> str:
        code = loaded.rows.reason(row)
        return label("reason", code) if code else ""

    columns = (
        (_("No."), tell.number),
        (_("What"), lambda r: r.title),
        (_("Given by and received by"), tell.who),
        (_("Sum"), lambda r: f"{r.fact.value:f}" if r.fact and r.fact.value is not None else ""),
        (_("Currency"), lambda r: r.fact.currency if r.fact else ""),
        (_("Quantity"), lambda r: f"{r.fact.quantity:f} {r.fact.unit or ''}".strip() if r.fact and r.fact.quantity else ""),
        (_("Year"), tell.year),
        (_("Field"), lambda r: label("field", r.fact.field) if r.fact and r.fact.field else ""),
        (_("State"), tell.status),
        (_("Standing"), tell.standing),
        (_("Place"), lambda r: tell.place_name(tell.place_key(r, "province"))),
        (_("Why it is not counted"), reason),
        (_("Said by"), lambda r: said_by(tell, r)),
        (_("Address"), lambda r: request.build_absolute_uri(reverse("desk:record", args=[r.slug]))),
    )  # fmt: skip
    return csv_answer(found.slug, columns, RowFilter.of(request.GET).apply(tell))


@require_safe
@login_required
def paper(request: HttpRequest, slug: str, name: str) -> HttpResponse:
    """One of the review's papers, as the paper of a side: one's own unless another is asked for. 503 while the press is full."""
    found, own = review_for(request, slug)
    if name not in PAPERS:
        raise Http404
    loaded = load(found)
    asked = request.GET.get("side", "")
    side = next((p for p in loaded.sides if p.slug == asked), None) or (own[0] if own else loaded.sides[0])
    try:
        with seat():
            made = make_paper(loaded, name, side=side, language=language(), units=units_of(request, found))
    except Busy:
        answer = render(request, "review/busy.html", {"review": found}, status=503)
        answer["Retry-After"] = str(TRY_AGAIN)
        return answer
    response = HttpResponse(made, content_type=media_of(name))
    stem, _dot, ending = name.rpartition(".")
    response["Content-Disposition"] = f'attachment; filename="{found.slug}-{stem}-{language()}.{ending}"'
    return response
