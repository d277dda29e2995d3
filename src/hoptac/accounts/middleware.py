"""What is done beside each request of a signed-in user: exports are noted, the session is seen, a second factor asked for."""

from __future__ import annotations

from collections.abc import Callable

from allauth.mfa.utils import is_mfa_enabled
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from hoptac.accounts.audit import note

Answer = Callable[[HttpRequest], HttpResponse]
SEEN_EVERY = 300  # seconds between two notes of when a session was last used
GUARDED = ("/desk/",)


def accounts_middleware(answer: Answer) -> Answer:
    """Each check costs a query at most now and then; anonymous visitors cost none."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(GUARDED) or not request.user.is_authenticated:
            return answer(request)
        user = request.user
        if settings.HOPTAC_SECOND_FACTOR == "required" and not is_mfa_enabled(user):
            messages.warning(request, _("This office asks for a second factor: set one up to go on."))
            return HttpResponseRedirect(reverse("mfa_activate_totp"))
        _see(request)
        response = answer(request)
        if response.status_code == 200 and response.get("Content-Disposition", "").startswith("attachment"):
            note("exported", user=user, request=request, about=request.get_full_path())
        return response

    return middleware


def _see(request: HttpRequest) -> None:
    """Note when the session was last used, once in a while."""
    key = request.session.session_key
    if key and cache.add(f"hoptac-seen-{key}", 1, SEEN_EVERY):
        try:
            UserSession.objects.create_from_request(request)
        except (
            PermissionDenied
        ):  # whence the request comes is not told: a session without an address is not listed
            return
