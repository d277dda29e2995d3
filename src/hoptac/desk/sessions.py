"""My account (tài khoản của tôi): where I am signed in, and whether reminders reach me."""

from __future__ import annotations

from allauth.mfa.utils import is_mfa_enabled
from allauth.usersessions.models import UserSession
from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from hoptac.accounts.audit import note
from hoptac.screens.access import desk_of
from hoptac.screens.lists import page_of


class MailForm(forms.Form):
    """Where reminders go; left empty, none are sent."""

    email = forms.EmailField(
        label=gettext_lazy("E-mail for reminders"),
        required=False,
        help_text=gettext_lazy("Empty: no reminders are sent."),
    )


def _me(request: HttpRequest) -> User:
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


def _open_sessions(user: User) -> list[UserSession]:
    """The sessions of a user that are still open, the last used first."""
    kept = UserSession.objects.filter(user=user).order_by("-last_seen_at", "-id")
    keys = Session.objects.filter(
        session_key__in=kept.values("session_key"), expire_date__gt=timezone.now()
    ).values_list("session_key", flat=True)
    alive = set(keys)
    return [s for s in kept if s.session_key in alive]


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def account(request: HttpRequest) -> HttpResponse:
    user = _me(request)
    form = MailForm(request.POST if request.method == "POST" else None, initial={"email": user.email})
    if request.method == "POST" and form.is_valid():
        User.objects.filter(pk=user.pk).update(email=form.cleaned_data["email"])
        messages.success(request, _("Saved."))
        return redirect("desk:account")
    works_for = list(user.memberships.select_related("party").order_by("party__name_key"))
    context = {
        "form": form,
        "administers": user.is_superuser or any(m.role == "administrator" for m in works_for),
        "page": page_of(_open_sessions(user), request.GET),
        "here": request.session.session_key,
        "second": is_mfa_enabled(user),
        "works_for": works_for,
        "everything": desk_of(request).everything,
    }
    return render(request, "desk/account.html", context, status=422 if form.errors else 200)


@require_POST
@login_required
def end(request: HttpRequest) -> HttpResponse:
    """End one of one's own sessions, or all but the one at hand. 404 for a session that is not one's own."""
    own = UserSession.objects.filter(user_id=request.user.pk)
    one = request.POST.get("session", "")
    if one == "others":
        ending = list(own.exclude(session_key=request.session.session_key))
    else:
        ending = list(own.filter(pk=int(one))) if one.isascii() and one.isdigit() and len(one) < 18 else []
        if not ending:
            raise Http404
    user = _me(request)
    for session in ending:
        session.end()
        note("session_ended", user=user, request=request, about=session.user_agent[:120])
    messages.success(request, _("Signed out there."))
    return redirect("desk:account")
