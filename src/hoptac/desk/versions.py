"""A side's own version of a record (lời của bên mình), whole: a new meeting, agreement, ask or work, or a new version of one.

A new version takes the place of what the same side said before, and of nothing else: an amended agreement is the next version
of each side that says so, and stays disputed while the sides give two texts.
"""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from hoptac.desk.answers import RecordMoved, answer_record, open_with, own_word, state_of
from hoptac.desk.forms import FORMS, VERSIONS, StatementForm, localities_of
from hoptac.desk.papers import upload_refused
from hoptac.desk.records import add_faults, moved_words, own_sides, own_sides_asked, speaking_for
from hoptac.ledger.climb import climb
from hoptac.ledger.links import ENDS, tie
from hoptac.ledger.models import Cooperation, Party, Record
from hoptac.ledger.values import ValuesError
from hoptac.screens.access import cooperation_for, desk_of, record_for
from hoptac.screens.labels import label

TIES = {
    "meeting": "said_at",
    "agreement": "under",
    "ask": "carries_out",
}  # address part -> relation of what is made


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def new(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    """A record of a cooperation that begins with one's own side's word; tied to what the address names."""
    if kind not in FORMS:
        raise Http404
    cooperation, may_write = cooperation_for(request, slug)
    if not may_write or not isinstance(request.user, User):
        raise PermissionDenied
    localities = sorted(cooperation.localities.all(), key=lambda p: p.name_key)
    own = [p for p in localities if p.pk in desk_of(request).writes_for(frozenset({p.pk}))]
    targets = _targets(request, kind)
    if request.method != "POST":
        form = FORMS[kind](own, localities, _begin(request, kind, own, localities))
        return _page(request, form, cooperation=cooperation, targets=targets)
    speaking_for(request, own)
    form = FORMS[kind](own, localities, {}, request.POST, request.FILES)
    if form.is_valid() and not upload_refused(request, form, "letter_scan"):
        at = timezone.now()
        try:
            with transaction.atomic():
                record = open_with(
                    kind,
                    party=form.cleaned_data["party"],
                    user=request.user,
                    values=form.said(),
                    reason=form.reason_given(),
                    form_uid=str(form.cleaned_data["form_uid"]),
                    at=at,
                    letter=form.letter,
                )
                for relation, target, clause in targets:
                    tie(
                        record,
                        relation,
                        target,
                        party=form.cleaned_data["party"],
                        by=request.user,
                        at=at,
                        clause=clause,
                    )
                climb([record.pk, *(target.pk for _relation, target, _clause in targets)])
        except ValuesError as error:
            add_faults(form, error)
        else:
            messages.success(request, _("Your side's statement is in the record."))
            return redirect("desk:record", slug=record.slug)
    return _page(request, form, cooperation=cooperation, targets=targets, status=422)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def version(request: HttpRequest, slug: str) -> HttpResponse:
    """One's own side's version of a record, whole; it takes the place of the side's version before."""
    found, may_write = record_for(request, slug)
    if found.kind not in VERSIONS:
        raise Http404
    if not may_write or not isinstance(request.user, User):
        raise PermissionDenied
    own = own_sides(request, found)
    if request.method != "POST":
        before = own_word(found, own[0])
        values = dict(found.values) | (before.values if before is not None else {})
        return _page(request, VERSIONS[found.kind](own, localities_of(found), values), record=found)
    own = own_sides_asked(request, found)
    form = VERSIONS[found.kind](own, localities_of(found), found.values, request.POST, request.FILES)
    status = 422
    if form.is_valid() and not upload_refused(request, form, "letter_scan"):
        try:
            answer_record(
                found,
                party=form.cleaned_data["party"],
                user=request.user,
                values=form.said(),
                reason=form.reason_given(),
                form_uid=str(form.cleaned_data["form_uid"]),
                state=form.cleaned_data["state"],
                at=timezone.now(),
                letter=form.letter,
            )
        except RecordMoved:
            form.add_error(None, moved_words())
            status = 409
        except ValuesError as error:
            add_faults(form, error)
        else:
            messages.success(request, _("Your side's statement is in the record."))
            return redirect("desk:record", slug=found.slug)
    return _page(request, form, record=found, status=status)


def _targets(request: HttpRequest, kind: str) -> list[tuple[str, Record, int | None]]:
    """The records of the address to which the new one is to be tied; 404 for one that is not open, or not of such a kind."""
    out = []
    for part, relation in TIES.items():
        slug = request.GET.get(part, "")
        if not slug:
            continue
        target, _may_write = record_for(request, slug)
        if kind not in ENDS[relation][0] or target.kind != part:
            raise Http404
        clause = request.GET.get("clause", "")
        numbered = relation == "under" and clause.isascii() and clause.isdigit() and len(clause) < 4
        out.append((relation, target, int(clause) if numbered else None))
    return out


def _begin(request: HttpRequest, kind: str, own: list[Party], localities: list[Party]) -> dict[str, Any]:
    """What a new form is filled with: an ask goes from the own side to the other."""
    if kind != "ask" or not own:
        return {}
    others = [p for p in localities if p.pk != own[0].pk]
    return {"by_side": own[0].name, "to": others[0].name if others else ""}


def _page(
    request: HttpRequest,
    form: StatementForm,
    *,
    record: Record | None = None,
    cooperation: Cooperation | None = None,
    targets: list[tuple[str, Record, int | None]] | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "form": form,
        "record": record,
        "cooperation": cooperation,
        "targets": targets or [],
        "kind": form.kind,
        "kind_name": label("kind", form.kind),
        "new_uid": uuid4(),
        "state": state_of(record) if record is not None else "",
    }
    return render(request, "desk/version.html", context, status=status)
