"""Which record belongs to which, on the desk (nối hồ sơ): find the other end, tie, undo one's own tie, add a paper."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from hoptac.desk.papers import PaperForm, keep_paper, upload_refused
from hoptac.desk.records import found_url, own_sides, speaking_for
from hoptac.ledger.climb import climb
from hoptac.ledger.links import ENDS, tie, ties_of
from hoptac.ledger.models import Party, Record
from hoptac.screens.access import desk_of, open_records, record_for
from hoptac.screens.labels import label
from hoptac.screens.lists import RecordFilter, page_of


def _writer(request: HttpRequest, slug: str) -> tuple[Record, Party, User]:
    """The record, the side for which the form speaks (the first of one's own where it names none), the officer."""
    found, may_write = record_for(request, slug)
    if not may_write or not isinstance(request.user, User):
        raise PermissionDenied
    own = own_sides(request, found)
    asked = request.POST.get("party", "")
    if asked:
        speaking_for(request, own)
    return found, next((p for p in own if str(p.pk) == asked), own[0]), request.user


@require_safe
@login_required
def find(request: HttpRequest, slug: str) -> HttpResponse:
    """Records to which this one can be tied, those of its cooperations first; searched and turned like any list."""
    found, _party, _user = _writer(request, slug)
    relations = [name for name, ends in ENDS.items() if found.kind in ends[0]]
    relation = request.GET.get("relation", "")
    relation = relation if relation in relations else (relations[0] if relations else "")
    if not relation:
        raise Http404
    wish = RecordFilter.of(request.GET)
    tied = {
        t.link.to_id
        for t in ties_of([found.pk])
        if t.link.record_id == found.pk and t.link.relation == relation
    }
    fit = open_records(desk_of(request)).filter(kind__in=ENDS[relation][1]).exclude(pk__in=[found.pk, *tied])
    if not wish.q:
        fit = fit.filter(cooperations__in=found.cooperations.all()).distinct()
    context = {
        "record": found,
        "relation": relation,
        "relations": [(name, label("relation", name)) for name in relations],
        "page": page_of(wish.apply(fit), request.GET),
        "wish": wish,
    }
    return render(request, "desk/tie.html", context)


@require_POST
@login_required
def change(request: HttpRequest, slug: str) -> HttpResponse:
    """Tie the record to ``to``, or undo one's own tie (``action=unlink``)."""
    found, party, user = _writer(request, slug)
    relation, action = request.POST.get("relation", ""), request.POST.get("action", "link")
    target, _may = record_for(request, request.POST.get("to", ""))
    clause = request.POST.get("clause", "")
    if (
        relation not in ENDS
        or action not in ("link", "unlink")
        or found.kind not in ENDS[relation][0]
        or target.kind not in ENDS[relation][1]
    ):
        raise Http404
    with transaction.atomic():
        changed = tie(
            found,
            relation,
            target,
            party=party,
            by=user,
            at=timezone.now(),
            clause=int(clause) if clause.isascii() and clause.isdigit() and len(clause) < 4 else None,
            reason=request.POST.get("reason", "")[:500].strip(),
            action=action,
        )
        climb([found.pk, target.pk])
    if changed:
        messages.success(request, _("The records are tied.") if action == "link" else _("The tie is undone."))
    back = request.POST.get("back") == "target"
    return redirect(found_url(target if back else found))


@require_POST
@login_required
def add_paper(request: HttpRequest, slug: str) -> HttpResponse:
    """Keep a paper and tie it to the record."""
    found, party, user = _writer(request, slug)
    form = PaperForm(request.POST, request.FILES)
    if not form.is_valid() or upload_refused(request, form, "scan"):
        context = {"record": found, "paper_form": form}
        return render(request, "desk/paper.html", context, status=422)
    at = timezone.now()
    with transaction.atomic():
        paper = keep_paper(
            form.cleaned_data["scan"],
            number=form.cleaned_data["number"],
            day=form.cleaned_data["day"],
            issuer=party.name,
            at=at,
        )
        tie(found, "paper", paper, party=party, by=user, at=at)
    messages.success(request, _("The paper is kept with the record."))
    return redirect(found_url(found))
