"""What is watched, and each page that was found there (nguồn tin theo dõi, trang tìm thấy)."""

from __future__ import annotations

from django.db import models

STAGES = ("found", "read", "refused")


class Watch(models.Model):
    """A feed, a sitemap or a list of addresses, read every so many minutes.

    ``etag`` and ``modified`` are what the server said last; ``next_at`` is when it is due; ``failures`` in a row put it off.
    """

    address = models.CharField(max_length=2000, unique=True)
    name = models.CharField(max_length=200, default="", blank=True)
    every_minutes = models.PositiveIntegerField(default=60)
    active = models.BooleanField(default=True)
    made_at = models.DateTimeField()
    checked_at = models.DateTimeField(null=True)
    next_at = models.DateTimeField(db_index=True)
    etag = models.CharField(max_length=500, null=True)
    modified = models.CharField(max_length=100, null=True)
    failures = models.PositiveIntegerField(default=0)
    code = models.CharField(max_length=8, default="", blank=True)
    reason = models.CharField(max_length=200, default="", blank=True)

    class Meta:
        ordering = ("address",)

    def __str__(self) -> str:
        return self.name or self.address


class WatchedPage(models.Model):
    """A page that a watch named: found, then read into the ledger or refused with a code. Never read twice.

    ``sha256`` is of the kept source, by which the ledger knows it.
    """

    watch = models.ForeignKey(Watch, on_delete=models.CASCADE, related_name="pages")
    url = models.CharField(max_length=2000, unique=True)
    title = models.CharField(max_length=400, default="", blank=True)
    listed_day = models.DateTimeField(null=True)
    found_at = models.DateTimeField()
    stage = models.CharField(max_length=10, default="found")
    next_at = models.DateTimeField(db_index=True)
    tries = models.PositiveIntegerField(default=0)
    read_at = models.DateTimeField(null=True)
    sha256 = models.CharField(max_length=64, null=True)
    statements = models.PositiveIntegerField(default=0)
    code = models.CharField(max_length=8, default="", blank=True)
    reason = models.CharField(max_length=200, default="", blank=True)

    class Meta:
        ordering = ("-found_at", "-id")
        indexes = (models.Index(fields=["stage", "next_at"], name="watched_due"),)

    def __str__(self) -> str:
        return self.url
