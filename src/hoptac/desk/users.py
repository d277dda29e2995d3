"""Users of a party (người dùng), for its administrators: who works for it, in which role, with a second factor or not."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, F, OuterRef, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_POST, require_safe

from hoptac.accounts.members import (
    MemberError,
    add_member,
    change_role,
    members_of,
    new_password,
    remove_member,
    ruled_parties,
    rules_over,
)
from hoptac.ledger.models import ROLES, Membership
from hoptac.screens.labels import label
from hoptac.screens.lists import LONGEST_SEARCH, page_of
from hoptac.screens.tables import csv_answer

ORDERS = {"name": "user__username", "party": "party__name_key", "role": "role", "seen": "user__last_login"}


def _words(code: str) -> str:
    return {
        "not_yours": _("That account also serves another side, or is not yours to administer."),
        "role": _("There is no such role."),
        "name": _("A user name has letters, digits and @ . + - _ only."),
        "taken": _("That name is taken by somebody who does not work for your side."),
        "there": _("That user works for this party already."),
        "last": _("A party keeps at least one administrator. Name another one first."),
    }[code]


class AddForm(forms.Form):
    """A new user of a party."""

    name = forms.CharField(label=gettext_lazy("User name"), max_length=150)
    email = forms.EmailField(
        label=gettext_lazy("E-mail"),
        required=False,
        help_text=gettext_lazy("For reminders; may be left out."),
    )

    def __init__(self, administrator: User, data: Any = None) -> None:
        super().__init__(data)
        parties = ruled_parties(administrator)
        own = parties.filter(memberships__user=administrator, memberships__role="administrator").first()
        self.fields["party"] = forms.ModelChoiceField(
            parties, label=_("Works for"), empty_label=None, initial=own
        )
        self.fields["role"] = forms.ChoiceField(
            label=_("Role"), choices=[(role, label("member", role)) for role in ROLES], initial="officer"
        )


def administrator_of(request: HttpRequest) -> User:
    """The user, who administers a party; 403 for anybody else."""
    user = request.user
    if not isinstance(user, User) or not (
        user.is_superuser or user.memberships.filter(role="administrator").exists()
    ):
        raise PermissionDenied
    return user


def _found(request: HttpRequest, administrator: User) -> QuerySet[Membership]:
    found = members_of(administrator).annotate(
        second=Exists(Authenticator.objects.filter(user=OuterRef("user"), type="totp"))
    )
    for word in request.GET.get("q", "")[:LONGEST_SEARCH].split():
        found = found.filter(user__username__icontains=word)
    role = request.GET.get("role", "")
    if role in ROLES:
        found = found.filter(role=role)
    sort = request.GET.get("sort", "")
    column = F(ORDERS.get(sort.removeprefix("-"), "user__username"))
    return found.order_by(
        column.desc(nulls_last=True) if sort.startswith("-") else column.asc(nulls_last=True), "id"
    )


@require_safe
@login_required
def users(request: HttpRequest) -> HttpResponse:
    return _page(request, AddForm(administrator_of(request)))


@require_safe
@login_required
def users_csv(request: HttpRequest) -> HttpResponse:
    found = _found(request, administrator_of(request))
    columns = (
        (_("User name"), lambda m: m.user.username),
        (_("Works for"), lambda m: m.party.name),
        (_("Role"), lambda m: label("member", m.role)),
        (_("Second factor"), lambda m: _("yes") if m.second else _("no")),
        (_("Last signed in"), lambda m: m.user.last_login.isoformat() if m.user.last_login else ""),
    )
    return csv_answer("users", columns, found)


def _page(
    request: HttpRequest, form: AddForm, status: int = 200, secret: tuple[str, str] | None = None
) -> HttpResponse:
    administrator = administrator_of(request)
    page = page_of(_found(request, administrator), request.GET)
    context = {
        "page": page,
        "rows": [(m, rules_over(administrator, m.user)) for m in page.object_list],
        "form": form,
        "roles": [(role, label("member", role)) for role in ROLES],
        "q": request.GET.get("q", ""),
        "role": request.GET.get("role", ""),
        "query": request.GET.urlencode(),
        "secret": secret,
    }
    return render(request, "desk/users.html", context, status=status)


@never_cache
@sensitive_variables("password", "secret")
@require_POST
@login_required
def add(request: HttpRequest) -> HttpResponse:
    """Add a user. The password of a new account is shown on this one answer, and kept nowhere in the clear."""
    administrator = administrator_of(request)
    form = AddForm(administrator, request.POST)
    if not form.is_valid():
        return _page(request, form, 422)
    given = form.cleaned_data
    try:
        user, password = add_member(
            administrator,
            name=given["name"],
            party=given["party"],
            role=given["role"],
            email=given["email"],
            request=request,
        )
    except MemberError as error:
        form.add_error(None, _words(error.code))
        return _page(request, form, 422)
    if password is None:
        messages.success(
            request, _("%(name)s works for %(party)s now.") % {"name": user, "party": given["party"]}
        )
        return redirect("desk:users")
    return _page(request, AddForm(administrator), 201, (user.username, password))


@require_POST
@login_required
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a user's role, or take it away (``role`` empty). 404 for a membership of a party that is not one's own."""
    administrator = administrator_of(request)
    membership = members_of(administrator).filter(pk=pk).first()
    if membership is None:
        raise Http404
    role = request.POST.get("role", "")
    try:
        if role:
            changed = change_role(administrator, membership, role, request)
        else:
            changed = remove_member(administrator, membership, request)
    except MemberError as error:
        messages.error(request, _words(error.code))
        return redirect("desk:users")
    if changed:
        messages.success(request, _("The role is changed."))
    else:
        messages.warning(request, _("Somebody changed it meanwhile. Look again."))
    return redirect("desk:users")


@never_cache
@sensitive_variables("password")
@require_POST
@login_required
def password(request: HttpRequest, pk: int) -> HttpResponse:
    """A new password for a user, shown once; the user's sessions end."""
    administrator = administrator_of(request)
    membership = members_of(administrator).filter(pk=pk).first()
    if membership is None:
        raise Http404
    try:
        made = new_password(administrator, membership.user, request)
    except MemberError:
        raise PermissionDenied from None
    return _page(request, AddForm(administrator), 200, (membership.user.username, made))
