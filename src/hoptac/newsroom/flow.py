"""What can be done with a story (các bước của một bài): saved, published, put right, withdrawn.

Each step is one conditional update: whoever comes second with a form made from an older text is told so, and nothing of the
first one's work is lost. What the public could read stays in the editions.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.text import slugify

from hoptac.ledger.models import Cooperation, Party, Record
from hoptac.newsroom.body import record_slugs, words_of
from hoptac.newsroom.models import Edition, Story, StoryRecord
from hoptac.text.fold import search_key

SLUG = 80  # characters of a headline in an address


class StoryMoved(Exception):
    """Somebody changed the story since the form was made."""


@dataclass(frozen=True, slots=True)
class Text:
    """What a story says."""

    headline: str
    lead: str
    body: str
    byline: str
    language: str = "vi"


def slug_of(headline: str) -> str:
    return slugify(search_key(headline))[:SLUG].strip("-") or "tin"


def begin(text: Text, *, party: Party, cooperation: Cooperation | None, by: User, at: datetime) -> Story:
    """A new draft."""
    with transaction.atomic():
        story = Story.objects.create(
            party=party, cooperation=cooperation, slug=slug_of(text.headline), headline=text.headline, lead=text.lead,
            body=text.body, byline=text.byline, language=text.language, created_at=at, changed_at=at, changed_by=by,
            words=_words(text),
        )  # fmt: skip
        _tell(story)
    return story


def save(
    story: Story,
    text: Text,
    *,
    cooperation: Cooperation | None,
    embargo: datetime | None,
    version: int,
    note: str,
    by: User,
    at: datetime,
) -> Story:
    """Change a story's text. Of a published one the change is public at once, and an edition says what was put right."""
    with transaction.atomic():
        now = _step(
            story, version, by, at,
            headline=text.headline, lead=text.lead, body=text.body, byline=text.byline, language=text.language,
            slug=slug_of(text.headline), cooperation=cooperation, embargo=embargo, words=_words(text),
        )  # fmt: skip
        _tell(now)
        said = (story.headline, story.lead, story.body, story.byline)
        if now.state == "published" and said != (now.headline, now.lead, now.body, now.byline):
            _edition(now, note, by, at)
    return now


def publish(story: Story, *, version: int, embargo: datetime | None, by: User, at: datetime) -> Story:
    """Show a story to everyone, at once or from ``embargo`` on. One that was withdrawn comes back under its first day."""
    with transaction.atomic():
        first = story.published_at or max(at, embargo or at)
        now = _step(story, version, by, at, state="published", embargo=embargo, published_at=first)
        _edition(now, "", by, at)
    return now


def withdraw(story: Story, *, version: int, note: str, by: User, at: datetime) -> Story:
    """Take a story off the public pages; its address says so from then on."""
    with transaction.atomic():
        now = _step(story, version, by, at, state="withdrawn")
        _edition(now, note, by, at)
    return now


def _step(story: Story, version: int, by: User, at: datetime, **changes: object) -> Story:
    changed = Story.objects.filter(pk=story.pk, version=version).update(
        version=version + 1, changed_by=by, changed_at=at, **changes
    )
    if changed != 1:
        raise StoryMoved
    return Story.objects.select_related("party", "cooperation").get(pk=story.pk)


def _words(text: Text) -> str:
    return search_key(" ".join((text.headline, text.lead, words_of(text.body), text.byline)))


def _edition(story: Story, note: str, by: User, at: datetime) -> None:
    Edition.objects.create(
        story=story, state=story.state, headline=story.headline, lead=story.lead, body=story.body,
        byline=story.byline, note=note, by=by, made_at=at,
    )  # fmt: skip


def _tell(story: Story) -> None:
    """Keep which records a story tells of, in the order of its text."""
    slugs = record_slugs(story.body)
    known = dict(Record.objects.filter(slug__in=slugs).values_list("slug", "pk"))
    StoryRecord.objects.filter(story=story).delete()
    StoryRecord.objects.bulk_create(
        StoryRecord(story=story, record_id=known[s], order=n) for n, s in enumerate(slugs) if s in known
    )
