"""Reminders by e-mail (nhắc việc): one letter a day at most to each officer whose side has something to see to.

The row of the day is written before the letter goes, so two runs at once send one letter. Where the letter cannot be sent the row is
taken back, and the next run tries again; where the run is cut off between the two, the officer misses a day rather than being
written to twice.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from smtplib import SMTPException

from django.conf import settings
from django.contrib.auth.models import User
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from hoptac.accounts.models import Reminder
from hoptac.ledger.digest import Digest, digest_of

SPEAKERS = ("officer", "administrator")
AGAIN_AFTER = 7  # days after which what has not changed is told again
WITHIN = 14  # days before a due day from which it is told, where the command names no other


@dataclass(frozen=True)
class Reminded:
    """What was done for one officer: ``sent``, ``would_send``, ``known`` (written to that day already), ``nothing_new`` (the
    last letter told as much, and is less than a week old) or ``failed``."""

    user: str
    matters: int
    outcome: str
    reason: str = ""
    text: str = ""


def remind(
    day: date, *, within: int = WITHIN, language: str = "vi", dry_run: bool = False
) -> Iterator[Reminded]:
    """Write to every officer with an address whose sides have something to see to on a day, in order of their names."""
    users = User.objects.filter(is_active=True, memberships__role__in=SPEAKERS).exclude(email="")
    for user in users.distinct().order_by("username"):
        digest = digest_of(sides_of(user), day, within)
        if not digest.matters:
            continue
        if not _is_new(user, digest, day, within):
            yield Reminded(user.username, digest.matters, "nothing_new")
            continue
        letter = _letter(user, digest, day, language)
        if dry_run:
            yield Reminded(
                user.username, digest.matters, "would_send", text=f"{letter.subject}\n\n{letter.body}"
            )
        else:
            yield _send(user, digest, day, letter)


def _is_new(user: User, digest: Digest, day: date, within: int) -> bool:
    """Whether there is more to see to than the last letter told, or a due day draws near: so many days before, the day before,
    the day itself, the day after."""
    last = Reminder.objects.filter(user=user, day__lt=day).order_by("-day").first()
    if last is None or last.matters < digest.matters or (day - last.day).days >= AGAIN_AFTER:
        return True
    turning = {day + timedelta(n) for n in (-1, 0, 1, within)}
    return any(r.due in turning for r in (*digest.late, *digest.soon))


def sides_of(user: User) -> frozenset[int]:
    """The localities for which a user speaks."""
    rows = user.memberships.filter(role__in=SPEAKERS).values_list("party_id", "party__locality_id")
    return frozenset(side for pair in rows for side in pair if side is not None)


def _letter(user: User, digest: Digest, day: date, language: str) -> EmailMessage:
    context = {
        "user": user,
        "digest": digest,
        "day": day,
        "address": settings.HOPTAC_ADDRESS,
        "mine": settings.HOPTAC_ADDRESS + reverse("desk:mine"),
        "ladder": settings.HOPTAC_ADDRESS + reverse("desk:ladder"),
        "account": settings.HOPTAC_ADDRESS + reverse("desk:account"),
    }
    with override(language):
        subject = " ".join(render_to_string("accounts/reminder_subject.txt", context).split())
        body = render_to_string("accounts/reminder.txt", context)
    return EmailMessage(subject, body, to=[user.email])


def _send(user: User, digest: Digest, day: date, letter: EmailMessage) -> Reminded:
    with transaction.atomic():
        row, new = Reminder.objects.get_or_create(user=user, day=day, defaults={"matters": digest.matters})
    if not new:
        return Reminded(user.username, digest.matters, "known")
    try:
        letter.send()
    except (SMTPException, OSError) as error:
        Reminder.objects.filter(pk=row.pk, sent_at=None).delete()
        return Reminded(user.username, digest.matters, "failed", str(error))
    Reminder.objects.filter(pk=row.pk, sent_at=None).update(sent_at=timezone.now())
    return Reminded(user.username, digest.matters, "sent")
