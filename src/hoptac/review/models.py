"""The tables of reviews (các bảng của bản kiểm điểm).

``Review`` is the one that both sides see; its columns ``state`` and ``mark`` follow from the rows written once: snapshots,
the sides' texts, their assents. How they follow: ``flow.py``; whether they do: ``check.py``.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from hoptac.ledger.appendonly import AppendOnly
from hoptac.ledger.models import Cooperation, Party

STATES = ("draft", "one_side", "both_sides")
PARTS = ("strengths", "limits", "proposals", "answer", "paper")
OUTCOMES = ("done", "ongoing", "not_yet", "declined")


class Review(models.Model):
    """A review of a cooperation over some years (bản kiểm điểm): one for each cooperation and period.

    ``mark`` is the digest of what is agreed to: the latest snapshot and the texts in force. ``version`` counts every
    change, so that a form made from an older state is refused.
    """

    cooperation = models.ForeignKey(Cooperation, on_delete=models.PROTECT, related_name="reviews")
    slug = models.SlugField(max_length=200, unique=True)
    first_year = models.SmallIntegerField()
    last_year = models.SmallIntegerField()
    state = models.CharField(max_length=12, default="draft")
    version = models.IntegerField(default=1)
    mark = models.CharField(max_length=64)
    opened_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ("-last_year", "-first_year", "id")
        constraints = (
            models.UniqueConstraint(
                fields=["cooperation", "first_year", "last_year"], name="review_once_a_period"
            ),
            models.CheckConstraint(condition=Q(last_year__gte=F("first_year")), name="review_years_in_order"),
        )

    def __str__(self) -> str:
        return f"{self.cooperation} {self.first_year}–{self.last_year}"


class Snapshot(AppendOnly):
    """What a review counts: the ledger up to statement ``statements`` and filing ``filings``, as canonical JSON (``rows.py``).

    ``chain`` is the hash of that last statement, so that the snapshot hangs on the ledger's chain. The latest of a review
    counts.
    """

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="snapshots")
    statements = models.BigIntegerField()
    filings = models.BigIntegerField()
    chain = models.CharField(max_length=64)
    body = models.TextField()
    digest = models.CharField(max_length=64)
    side = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="review_snapshots")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="review_snapshots"
    )
    made_at = models.DateTimeField()

    class Meta(AppendOnly.Meta):
        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.review_id} · {self.digest[:12]}"


class SideText(AppendOnly):
    """What a side writes into a review: strengths, limits, proposals; what became of an ask (``about`` is its record's
    uid); the details of its own paper. The latest of a side, part and ``about`` counts; the others are its history."""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="texts")
    side = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="review_texts")
    part = models.CharField(max_length=12)
    about = models.CharField(max_length=36, default="", blank=True)
    values: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="review_texts")
    made_at = models.DateTimeField()

    class Meta(AppendOnly.Meta):
        ordering = ("id",)
        indexes = (models.Index(fields=["review", "part"], name="review_text_part"),)

    def __str__(self) -> str:
        return f"{self.review_id} · {self.side_id} · {self.part}"


class Assent(AppendOnly):
    """That a side agrees to a review as it stood under ``mark`` (đồng ý), or takes its word back. A change of the review
    changes its mark, and so lifts every assent."""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="assents")
    side = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="review_assents")
    mark = models.CharField(max_length=64)
    agrees = models.BooleanField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="review_assents")
    made_at = models.DateTimeField()

    class Meta(AppendOnly.Meta):
        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.review_id} · {self.side_id} · {self.agrees}"
