"""What people did (nhật ký), written once; and which reminder was sent to whom on which day."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from hoptac.ledger.appendonly import AppendOnly
from hoptac.ledger.models import Party

ACTIONS = (
    "signed_in",
    "sign_in_failed",
    "signed_out",
    "password_changed",
    "second_factor_on",
    "second_factor_off",
    "session_ended",
    "user_added",
    "role_changed",
    "role_removed",
    "password_reset",
    "exported",
)


class Event(AppendOnly):
    """Something that a person did besides speaking in the ledger, whose own rows tell that already.

    ``user`` is who did it; null for a failed sign-in under a name that nobody has (the name is not kept: people type
    passwords there). ``about`` is what it was done to: an address, another user's name, a role.
    """

    at = models.DateTimeField(db_index=True)
    action = models.CharField(max_length=20)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="events"
    )
    party = models.ForeignKey(Party, on_delete=models.PROTECT, null=True, related_name="events")
    about = models.TextField(default="", blank=True)
    address = models.GenericIPAddressField(null=True)

    class Meta(AppendOnly.Meta):
        ordering = ("-at", "-id")

    def __str__(self) -> str:
        return f"{self.at} {self.action} {self.user_id}"


class Reminder(models.Model):
    """That a user was reminded on a day: the row comes before the letter, so that nobody is reminded twice.

    ``sent_at`` null: the letter is on its way, or the run that sent it was cut off.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="reminders")
    day = models.DateField()
    sent_at = models.DateTimeField(null=True)
    matters = models.IntegerField(default=0)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["user", "day"], name="reminded_once_a_day"),)

    def __str__(self) -> str:
        return f"{self.user_id} {self.day}"
