"""The tables of the news room (các bảng của phòng tin).

``Story`` is a report as it stands; each text that the public could read is kept in ``Edition``, written once. What readers say
is wrong (``Notice``) and what officers answered (``Reply``) are written once too.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from hoptac.ledger.appendonly import AppendOnly
from hoptac.ledger.models import Cooperation, Party, Record

STATES = ("draft", "published", "withdrawn")
OUTCOMES = ("corrected", "stands", "passed_on")
HEADLINE = 200  # characters
LEAD = 600
BODY = 40_000
BYLINE = 200


class StoryQuerySet(models.QuerySet["Story"]):
    def public(self) -> StoryQuerySet:
        """Those that anyone may read now: published, and past their embargo."""
        now = timezone.now()
        return self.filter(state="published").filter(Q(embargo=None) | Q(embargo__lte=now))


class Story(models.Model):
    """A report that a side publishes (bài viết): headline, lead, body, photos, by-line.

    ``body`` is text in the few marks of ``body.py``, never HTML. ``embargo``: shown from then on, null at once. ``version``
    counts every change, so that a form made from an older text is refused. ``words`` are searched.
    """

    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="stories")
    cooperation = models.ForeignKey(Cooperation, on_delete=models.PROTECT, null=True, related_name="stories")
    slug = models.SlugField(max_length=100)
    headline = models.CharField(max_length=HEADLINE)
    lead = models.TextField(default="", blank=True)
    body = models.TextField(default="", blank=True)
    byline = models.CharField(max_length=BYLINE, default="", blank=True)
    language = models.CharField(max_length=5, default="vi")
    state = models.CharField(max_length=12, default="draft")
    embargo = models.DateTimeField(null=True)
    published_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="stories")
    version = models.IntegerField(default=1)
    words = models.TextField(default="", blank=True)
    records = models.ManyToManyField(Record, through="StoryRecord", related_name="stories")

    objects = StoryQuerySet.as_manager()

    class Meta:
        ordering = ("-published_at", "-id")
        indexes = (models.Index(fields=["state", "-published_at", "-id"], name="story_state_published"),)
        constraints = (
            models.CheckConstraint(
                condition=~Q(state="published") | Q(published_at__isnull=False), name="story_published_when"
            ),
        )

    def __str__(self) -> str:
        return self.headline


class StoryRecord(models.Model):
    """That a story tells of a record. Follows from the links in its body."""

    story = models.ForeignKey(Story, on_delete=models.CASCADE, related_name="tells")
    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="told_in")
    order = models.SmallIntegerField()

    class Meta:
        ordering = ("story_id", "order")
        constraints = (models.UniqueConstraint(fields=["story", "record"], name="story_record_once"),)

    def __str__(self) -> str:
        return f"{self.story_id} {self.record_id}"


class Edition(AppendOnly):
    """A story's text as the public could read it from ``made_at`` on; ``note`` says what was put right, "" the first time."""

    story = models.ForeignKey(Story, on_delete=models.PROTECT, related_name="editions")
    state = models.CharField(max_length=12)
    headline = models.CharField(max_length=HEADLINE)
    lead = models.TextField(default="", blank=True)
    body = models.TextField(default="", blank=True)
    byline = models.CharField(max_length=BYLINE, default="", blank=True)
    note = models.TextField(default="", blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="editions")
    made_at = models.DateTimeField()

    class Meta(AppendOnly.Meta):
        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.story_id} {self.made_at}"


class Picture(AppendOnly):
    """A photo's bytes (ảnh), freed of all that it says beside the picture (``pictures.py``); known by their digest."""

    sha256 = models.CharField(max_length=64, unique=True)
    media_type = models.CharField(max_length=20)
    width = models.IntegerField()
    height = models.IntegerField()
    data = models.BinaryField()
    made_at = models.DateTimeField()

    class Meta(AppendOnly.Meta):
        ordering = ("id",)

    def __str__(self) -> str:
        return self.sha256[:12]

    @property
    def ending(self) -> str:
        return "jpg" if self.media_type == "image/jpeg" else "png"


class Photo(models.Model):
    """A picture in a story, with its caption, what it shows in words, and who took it."""

    story = models.ForeignKey(Story, on_delete=models.CASCADE, related_name="photos")
    picture = models.ForeignKey(Picture, on_delete=models.PROTECT, related_name="shown_in")
    caption = models.CharField(max_length=300)
    shows = models.CharField(max_length=300, default="", blank=True)
    credit = models.CharField(max_length=120, default="", blank=True)
    order = models.SmallIntegerField(default=0)

    class Meta:
        ordering = ("story_id", "order", "id")
        constraints = (models.UniqueConstraint(fields=["story", "picture"], name="photo_once_a_story"),)

    def __str__(self) -> str:
        return self.caption


class Notice(AppendOnly):
    """What a reader says is wrong (báo sai sót). ``contact`` is for officers alone; ``sender`` tells two readers of one hour
    apart and no more: a keyed digest of the address that changes every day."""

    path = models.CharField(max_length=400)
    record = models.ForeignKey(Record, on_delete=models.PROTECT, null=True, related_name="notices")
    story = models.ForeignKey(Story, on_delete=models.PROTECT, null=True, related_name="notices")
    words = models.TextField()
    contact = models.CharField(max_length=200, default="", blank=True)
    language = models.CharField(max_length=5)
    sender = models.CharField(max_length=64)
    made_at = models.DateTimeField(db_index=True)

    class Meta(AppendOnly.Meta):
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"{self.path}: {self.words[:60]}"


class Reply(AppendOnly):
    """What an officer did about a notice; the latest counts. ``words`` are kept on the desk."""

    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="replies")
    outcome = models.CharField(max_length=12)
    words = models.TextField(default="", blank=True)
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="notice_replies")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="notice_replies")
    made_at = models.DateTimeField()

    class Meta(AppendOnly.Meta):
        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.notice_id} {self.outcome}"
