from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from hoptac.desk.answers import AnswerForm, RecordMoved, answer_record, state_of
from hoptac.desk.beside import beside
from hoptac.desk.papers import upload_refused
from hoptac.ledger.models import Party, Record
from hoptac.ledger.values import ValuesError
from hoptac.screens.access import desk_of, open_cooperations, open_records, record_for, sides_of
from hoptac.screens.labels import label
from hoptac.screens.recordlist import list_context, list_csv
from hoptac.screens.voices import tell


@require_safe
@login_required
def records(request: HttpRequest) -> HttpResponse:
    desk = desk_of(request)
    context = list_context(request, open_records(desk), open_cooperations(desk), Party.objects.all(), "desk")
    return render(request, "desk/records.html", context)


@require_safe
@login_required
def records_csv(request: HttpRequest) -> HttpResponse:
    return list_csv(request, open_records(desk_of(request)), "desk")


@require_safe
@login_required
def record(request: HttpRequest, slug: str) -> HttpResponse:
    found, may_write = record_for(request, slug)
    form = AnswerForm(found, own_sides(request, found)) if may_write else None
    return _page(request, found, may_write, form)


@require_POST
@login_required
def answer(request: HttpRequest, slug: str) -> HttpResponse:
    """Confirm or dispute for one's own side. 403 for readers and for the other side's name, 409 where the record moved."""
    found, may_write = record_for(request, slug)
    if not may_write or not isinstance(request.user, User):
        raise PermissionDenied
    form = AnswerForm(found, own_sides_asked(request, found), request.POST, request.FILES)
    status = 422
    if form.is_valid() and not upload_refused(request, form, "letter_scan"):
        values = dict(found.values) if form.confirms else form.said()
        if not form.confirms and values == found.values:
            form.add_error(None, _("These are the values that stand already: confirm them, or change one."))
        else:
            try:
                answer_record(
                    found,
                    party=form.cleaned_data["party"],
                    user=request.user,
                    values=values,
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
                return redirect(next_of(request) or found_url(found))
    return _page(request, found, may_write, form, status)


def found_url(record: Record) -> str:
    from django.urls import reverse

    return reverse("desk:record", args=[record.slug])


def moved_words() -> str:
    return _("Someone else spoke of this record meanwhile. Read it again, then send the form once more.")


def add_faults(form: Any, error: ValuesError) -> None:
    """Say on a form which values the ledger cannot take."""
    for at, _found, _expected in error.faults:
        form.add_error(
            None, _("“%(field)s” cannot be taken as it is.") % {"field": label("value", at.split(".")[0])}
        )


def next_of(request: HttpRequest) -> str:
    """The page of ours from which a form came and to which it leads back; "" for none."""
    where = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(where, {request.get_host()}, require_https=request.is_secure())
    return where if safe and where.startswith("/") else ""


def own_sides(request: HttpRequest, record: Record) -> list[Party]:
    """The sides of a record for which the user may speak."""
    return list(Party.objects.filter(pk__in=desk_of(request).writes_for(sides_of(record))))


def own_sides_asked(request: HttpRequest, record: Record) -> list[Party]:
    """The same; 403 where the form speaks in no side's name, or in that of a side that is not the user's."""
    return speaking_for(request, own_sides(request, record))


def speaking_for(request: HttpRequest, own: list[Party]) -> list[Party]:
    """The user's own sides; 403 where the form names none of them."""
    if request.POST.get("party", "") not in {str(p.pk) for p in own}:
        raise PermissionDenied
    return own


def _page(
    request: HttpRequest, record: Record, may_write: bool, form: AnswerForm | None, status: int = 200
) -> HttpResponse:
    own = own_sides(request, record) if may_write else []
    context = {
        "record": record,
        "told": tell(record),
        "may_write": may_write,
        "form": form,
        "new_uid": uuid4(),
        "confirm_uid": uuid4(),
        "own": own,
    }
    context["state"] = state_of(record) if form else ""
    context["parties"] = sorted({r.party for r in record.roles.all()}, key=lambda p: p.name_key)
    context |= beside(request, record, may_write, own)
    return render(request, "desk/record.html", context, status=status)
