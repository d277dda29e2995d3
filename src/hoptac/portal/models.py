"""The index of the public search (chỉ mục tìm kiếm): a cache of what is public, made from the ledger and the news room."""

from __future__ import annotations

from django.db import models

KINDS = ("cooperation", "party", "story", "activity", "contribution", "meeting", "agreement", "ask")


class Entry(models.Model):
    """One page that can be found. ``words`` are folded: without accents, small letters, one space between; by them the
    database's own word index finds it (FTS5, GIN)."""

    kind = models.CharField(max_length=12)
    ref = models.BigIntegerField()
    slug = models.CharField(max_length=220)
    title = models.TextField()
    words = models.TextField()
    version = models.IntegerField(default=0)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["kind", "ref"], name="entry_once"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.title}"


class Word(models.Model):
    """A word that stands in an entry, and how often about: by it a mistyped one is put right."""

    word = models.CharField(max_length=30, unique=True)
    seen = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return self.word


class IndexState(models.Model):
    """Up to which filing the index has been made; one row."""

    filing = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.filing)
