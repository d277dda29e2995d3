"""Who may work for a party (người dùng của một bên): added, given a role, taken off it by an administrator of that party.

An administrator of a locality rules over it and its bodies, and over nobody's account that also serves another side: whoever could
set that account's password could speak for the other side.
"""

from __future__ import annotations

import secrets

from allauth.usersessions.models import UserSession
from django.contrib.auth.models import User
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from hoptac.accounts.audit import note
from hoptac.ledger.models import ROLES, Membership, Party

PASSWORD_BYTES = 12  # 96 bits; given once, to be changed by its owner


class MemberError(ValueError):
    """What an administrator may not do, or cannot; ``code`` says which."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def ruled_parties(user: User) -> QuerySet[Party]:
    """The parties whose users a user administers: those of which the user is an administrator, and their bodies."""
    if user.is_superuser:
        return Party.objects.filter(
            Q(memberships__isnull=False) | Q(bodies__memberships__isnull=False)
        ).distinct()
    own = Membership.objects.filter(user=user, role="administrator").values("party")
    return Party.objects.filter(Q(pk__in=own) | Q(locality__in=own, kind__in=("body", "school", "hospital")))


def members_of(user: User) -> QuerySet[Membership]:
    """The memberships that a user administers."""
    return Membership.objects.filter(party__in=ruled_parties(user)).select_related("user", "party")


def rules_over(administrator: User, user: User) -> bool:
    """Whether an administrator may touch a user's account itself: every party of the user is the administrator's."""
    if user.is_superuser or user.pk == administrator.pk:
        return False
    ruled = set(ruled_parties(administrator).values_list("pk", flat=True))
    own = set(user.memberships.values_list("party_id", flat=True))
    return bool(own) and own <= ruled


def add_member(
    administrator: User, *, name: str, party: Party, role: str, email: str, request: HttpRequest
) -> tuple[User, str | None]:
    """Add a user to a party; gives the user and the password of a new account, None where the account was there.

    Fails   MemberError ``not_yours``, ``role``, ``name`` (one that cannot be), ``taken`` (the name is of somebody who works for
            no party of the administrator's), ``there`` (works for the party already).
    """
    if not ruled_parties(administrator).filter(pk=party.pk).exists():
        raise MemberError("not_yours")
    if role not in ROLES:
        raise MemberError("role")
    try:
        UnicodeUsernameValidator()(name)
    except ValidationError:
        raise MemberError("name") from None
    password = None
    with transaction.atomic():
        user = User.objects.select_for_update().filter(username=name).first()
        if user is None:
            password = secrets.token_urlsafe(PASSWORD_BYTES)
            user = User.objects.create_user(name, email=email, password=password)
        elif not rules_over(administrator, user):
            raise MemberError("taken")
        _made, new = Membership.objects.get_or_create(user=user, party=party, defaults={"role": role})
        if not new:
            raise MemberError("there")
        note("user_added", user=administrator, request=request, party=party, about=f"{name}: {role}")
    return user, password


def change_role(administrator: User, membership: Membership, role: str, request: HttpRequest) -> bool:
    """Give another role; False where somebody changed it meanwhile. The last administrator of a party keeps the role."""
    if role not in ROLES:
        raise MemberError("role")
    with transaction.atomic():
        _keep_an_administrator(membership, role)
        changed = Membership.objects.filter(pk=membership.pk, role=membership.role).update(role=role)
        if changed == 1:
            about = f"{membership.user.username}: {membership.role} -> {role}"
            note("role_changed", user=administrator, request=request, party=membership.party, about=about)
    return changed == 1


def remove_member(administrator: User, membership: Membership, request: HttpRequest) -> bool:
    """Take a user off a party; False where that had been done. What the user said and did stays."""
    with transaction.atomic():
        _keep_an_administrator(membership, "")
        gone, _ = Membership.objects.filter(pk=membership.pk, role=membership.role).delete()
        if gone:
            about = f"{membership.user.username}: {membership.role}"
            note("role_removed", user=administrator, request=request, party=membership.party, about=about)
    return bool(gone)


def _keep_an_administrator(membership: Membership, role: str) -> None:
    if membership.role != "administrator" or role == "administrator":
        return
    peers = Membership.objects.select_for_update().filter(party=membership.party, role="administrator")
    if len(peers) < 2:
        raise MemberError("last")


def new_password(administrator: User, user: User, request: HttpRequest) -> str:
    """Give a user a new password and end the user's sessions. MemberError ``not_yours`` for another side's account."""
    if not rules_over(administrator, user):
        raise MemberError("not_yours")
    password = secrets.token_urlsafe(PASSWORD_BYTES)
    with transaction.atomic():
        user.set_password(password)
        user.save(update_fields=["password"])
        for session in UserSession.objects.filter(user=user):
            session.end()
        note("password_reset", user=administrator, request=request, about=user.username)
    return password
