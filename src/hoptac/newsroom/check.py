"""Prove that the news room's books are whole (kiểm phòng tin), as ``hoptac check`` does: coded findings, none is clean."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from django.db import connection

from hoptac.newsroom import guards
from hoptac.newsroom.models import Picture, Story
from hoptac.pages.values import Finding

SHOWN = ("headline", "lead", "body", "byline")


def check_newsroom() -> list[Finding]:
    return [*check_guards(), *check_pictures(), *check_editions()]


def check_guards() -> Iterator[Finding]:
    """The database itself refuses to change an edition, a picture, a notice, a reply."""
    for trigger, table in guards.missing(connection):
        yield Finding("N01", table, (("trigger", trigger), ("table", table)))


def check_pictures() -> Iterator[Finding]:
    """A picture's bytes are those of its digest."""
    for picture in Picture.objects.order_by("pk").iterator(1):
        found = hashlib.sha256(bytes(picture.data)).hexdigest()
        if found != picture.sha256:
            yield Finding("N02", picture.sha256, (("found", found), ("expected", picture.sha256)))


def check_editions() -> Iterator[Finding]:
    """What the public reads is what the last edition says."""
    for story in Story.objects.exclude(state="draft").prefetch_related("editions").order_by("pk"):
        last = max(story.editions.all(), key=lambda e: e.pk, default=None)
        if last is None or last.state != story.state:
            yield Finding("N03", str(story.pk), (("story", str(story.pk)), ("field", "state")))
            continue
        for name in SHOWN:
            if story.state == "published" and getattr(last, name) != getattr(story, name):
                yield Finding("N03", str(story.pk), (("story", str(story.pk)), ("field", name)))
