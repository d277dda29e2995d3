"""The tables of data in and out (các bảng trao đổi dữ liệu).

``Publisher`` is a decision: a party publishes, under this reference. ``Given`` is written once: which kept source an activity of a
publisher's file came in. ``Published`` keeps the identifier that an activity was given, for ever, and its XML as last made.
"""

from __future__ import annotations

from typing import Any

from django.db import models

from hoptac.ledger.appendonly import AppendOnly
from hoptac.ledger.models import Party, Record, Source


class Publisher(models.Model):
    """A party that publishes IATI files (đơn vị công bố). ``ref`` is its organisation identifier, ``former`` those it had.

    ``type`` is of the list OrganisationType. ``mark`` is the state of the ledger at the last making, ``made_at`` its time.
    """

    party = models.OneToOneField(Party, on_delete=models.PROTECT, related_name="publisher")
    ref = models.CharField(max_length=120, unique=True)
    former: models.JSONField[list[str], list[str]] = models.JSONField(default=list)
    type = models.CharField(max_length=3, default="11")
    mark = models.CharField(max_length=64, default="", blank=True)
    made_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("party__name_key",)

    def __str__(self) -> str:
        return f"{self.ref} {self.party}"


class Given(AppendOnly):
    """That an activity of a publisher's file was taken (hoạt động đã nhận). The latest of an identifier counts.

    ``part`` is 0, or the number of the last part of an activity that came in parts.
    """

    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="given")
    identifier = models.CharField(max_length=500)
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="given")
    file = models.CharField(max_length=400)
    line = models.IntegerField(null=True)
    part = models.IntegerField(default=0)
    made_at = models.DateTimeField()

    class Meta(AppendOnly.Meta):
        ordering = ("id",)
        constraints = (models.UniqueConstraint(fields=["party", "source"], name="given_once"),)
        indexes = (models.Index(fields=["party", "identifier", "-id"], name="given_latest"),)

    def __str__(self) -> str:
        return self.identifier


class Published(models.Model):
    """An activity in a publisher's file (hoạt động đã công bố). Never deleted: ``identifier`` stays its own.

    It stands for a record, or for an activity that the publisher gave (``given``, its identifier). ``stamp`` is the digest of
    what it was made from, ``content`` of what was made without its time. ``findings``: what the checks say of it;
    ``state``: out (in the file), held (not valid), gone (there is nothing to tell any more).
    """

    publisher = models.ForeignKey(Publisher, on_delete=models.PROTECT, related_name="activities")
    record = models.ForeignKey(Record, on_delete=models.SET_NULL, null=True, related_name="published")
    given = models.CharField(max_length=500, null=True)
    identifier = models.CharField(max_length=500)
    stamp = models.CharField(max_length=64, default="")
    content = models.CharField(max_length=64, default="")
    body = models.TextField(default="")
    size = models.BigIntegerField(default=0)
    transactions = models.IntegerField(default=0)
    findings: models.JSONField[list[dict[str, Any]], list[dict[str, Any]]] = models.JSONField(default=list)
    state = models.CharField(max_length=8, default="gone")
    made_at = models.DateTimeField()

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(fields=["publisher", "identifier"], name="published_identifier_once"),
            models.UniqueConstraint(fields=["publisher", "record"], name="published_record_once"),
        )
        indexes = (models.Index(fields=["publisher", "state", "id"], name="published_state"),)

    def __str__(self) -> str:
        return self.identifier
