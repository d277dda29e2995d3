from __future__ import annotations

from collections import defaultdict

from django.contrib.auth.decorators import login_required
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from hoptac.ledger.models import Filing, Passage, Record
from hoptac.screens.access import desk_of, open_records, open_sources, source_for
from hoptac.screens.lists import page_of, sources_in
from hoptac.screens.passages import runs_of


@require_safe
@login_required
def sources(request: HttpRequest) -> HttpResponse:
    found = sources_in(open_sources(desk_of(request)), request.GET)
    page = page_of(found.annotate(statement_count=Count("statements", distinct=True)), request.GET)
    return render(request, "desk/sources.html", {"page": page, "q": request.GET.get("q", "")})


@require_safe
@login_required
def source(request: HttpRequest, sha256: str) -> HttpResponse:
    """The kept text, whole, each passage marked and tied to the records that stand on it."""
    found, _ = source_for(request, sha256)
    passages = list(Passage.objects.filter(source=found))
    records = records_of(request, passages)
    shown = [p for p in passages if p.pk in records]
    return render(
        request,
        "desk/source.html",
        {
            "source": found,
            "runs": runs_of(found, shown),
            "records": records,
            "record_count": len({r.pk for rs in records.values() for r in rs}),
            "passage_count": len(shown),
        },
    )


def records_of(request: HttpRequest, passages: list[Passage]) -> dict[int, list[Record]]:
    """Passage id -> the records, open to the user, whose statements stand on it; only filings that count."""
    latest: dict[int, int | None] = {}
    carriers: dict[int, set[int]] = defaultdict(set)
    rows = Filing.objects.filter(statement__passages__in=passages).order_by("id")
    for statement, record, passage in rows.values_list("statement_id", "record_id", "statement__passages"):
        latest[statement] = record
        carriers[statement].add(passage)
    mine = {r.pk: r for r in open_records(desk_of(request)).filter(pk__in={r for r in latest.values() if r})}
    out: dict[int, list[Record]] = defaultdict(list)
    wanted = {p.pk for p in passages}
    for statement, record_id in latest.items():
        if record_id in mine:
            for passage in carriers[statement] & wanted:
                if mine[record_id] not in out[passage]:
                    out[passage].append(mine[record_id])
    return dict(out)
