"""The record of what people did (nhật ký): signing in and out, rights given, exports. Written once, read by administrators."""

from __future__ import annotations

from typing import Any

from allauth.account.signals import password_changed, password_set
from allauth.mfa.signals import authenticator_added, authenticator_removed
from django.contrib.auth.models import User
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from hoptac.accounts.models import Event
from hoptac.ledger.models import Membership, Party

ABOUT_MOST = 500  # characters kept of what an event was about


def note(
    action: str,
    *,
    user: User | None,
    request: HttpRequest | None = None,
    party: Party | None = None,
    about: str = "",
) -> Event:
    """Write down that a user did something."""
    return Event.objects.create(
        at=timezone.now(),
        action=action,
        user=user,
        party=party,
        about=about[:ABOUT_MOST],
        address=address_of(request) if request is not None else None,
    )


def address_of(request: HttpRequest) -> str | None:
    """From where a request came, as the sign-in's own throttle sees it; None where that is not told."""
    from allauth.account.adapter import get_adapter

    try:
        return str(get_adapter().get_client_ip(request))
    except PermissionDenied:
        return None


def listen() -> None:
    """Hear of what Django and the sign-in pages do."""
    for signal, receiver in (
        (user_logged_in, _signed_in),
        (user_logged_out, _signed_out),
        (user_login_failed, _failed),
        (password_changed, _password),
        (password_set, _password),
        (authenticator_added, _second_on),
        (authenticator_removed, _second_off),
    ):
        signal.connect(receiver, dispatch_uid=f"hoptac.accounts.{receiver.__name__}")


def _signed_in(sender: object, request: HttpRequest, user: User, **_: Any) -> None:
    note("signed_in", user=user, request=request)


def _signed_out(sender: object, request: HttpRequest, user: User | None, **_: Any) -> None:
    if user is not None:
        note("signed_out", user=user, request=request)


def _failed(
    sender: object, credentials: dict[str, Any], request: HttpRequest | None = None, **_: Any
) -> None:
    name = str(credentials.get("username") or "")[:150]
    note("sign_in_failed", user=User.objects.filter(username=name).first() if name else None, request=request)


def _password(sender: object, request: HttpRequest, user: User, **_: Any) -> None:
    note("password_changed", user=user, request=request)


def _second_on(sender: object, request: HttpRequest, user: User, **_: Any) -> None:
    note("second_factor_on", user=user, request=request)


def _second_off(sender: object, request: HttpRequest, user: User, **_: Any) -> None:
    note("second_factor_off", user=user, request=request)


def people_of(sides: frozenset[int]) -> QuerySet[Membership]:
    """The memberships of those who work for some localities or for bodies of theirs."""
    return Membership.objects.filter(Q(party_id__in=sides) | Q(party__locality_id__in=sides))
