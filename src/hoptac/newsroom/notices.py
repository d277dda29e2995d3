"""What readers say is wrong (báo sai sót): taken in public, looked into on the desk.

Whoever fills the field that people do not see, or sends many in an hour, is thanked and nothing is kept. Of the sender only a keyed
digest of the address stays, another every day.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from hoptac.ledger.models import Record
from hoptac.newsroom.access import notice_for, open_notices
from hoptac.newsroom.forms import ReplyForm
from hoptac.newsroom.models import OUTCOMES, Notice, Reply, Story
from hoptac.screens.access import desk_of
from hoptac.screens.labels import label
from hoptac.screens.lists import LONGEST_SEARCH, page_of
from hoptac.screens.tables import csv_answer

EACH_HOUR = 5  # notices of one sender
ALL_HOUR = 200  # notices of all senders
HOUR = timedelta(hours=1)


class TooMany(Exception):
    """The sender, or all together, sent more in an hour than anyone looks into."""


def take_notice(
    *, path: str, words: str, contact: str, language: str, address: str | None, at: datetime,
    record: Record | None = None, story: Story | None = None,
) -> Notice:  # fmt: skip
    """Keep what a reader said. Raises TooMany."""
    sender = sender_of(address, at)
    recent = Notice.objects.filter(made_at__gt=at - HOUR)
    if recent.filter(sender=sender).count() >= EACH_HOUR or recent.count() >= ALL_HOUR:
        raise TooMany
    return Notice.objects.create(
        path=path[:400], record=record, story=story, words=words, contact=contact, language=language,
        sender=sender, made_at=at,
    )  # fmt: skip


def sender_of(address: str | None, at: datetime) -> str:
    """Whom to count together: a digest that cannot be turned back, and that is another the next day."""
    return salted_hmac(
        "hoptac.newsroom.notices", f"{at.date()} {address or ''}", algorithm="sha256"
    ).hexdigest()


@dataclass(frozen=True)
class NoticeFilter:
    """What the list of notices was asked for; without a wish, those that nobody has looked into."""

    q: str = ""
    outcome: str = ""
    sort: str = ""

    @classmethod
    def of(cls, query: QueryDict) -> NoticeFilter:
        outcome = query.get("outcome", "")
        return cls(
            query.get("q", "")[:LONGEST_SEARCH].strip(),
            outcome if outcome in ("open", "all", *OUTCOMES) else "open",
            query.get("sort", "") if query.get("sort", "") in ("day", "-day") else "",
        )

    @property
    def narrowed(self) -> bool:
        return bool(self.q or self.outcome != "open")

    def apply(self, notices: QuerySet[Notice]) -> QuerySet[Notice]:
        replies = Reply.objects.filter(notice=OuterRef("pk"))
        last = replies.order_by("-id").values("outcome")[:1]
        found = notices.annotate(answered=Exists(replies), became=Subquery(last))
        for word in self.q.split():
            found = found.filter(words__icontains=word)
        if self.outcome == "open":
            found = found.filter(answered=False)
        elif self.outcome != "all":
            found = found.filter(became=self.outcome)
        return found.order_by("id" if self.sort == "day" else "-id")


@require_safe
@login_required
def notices(request: HttpRequest) -> HttpResponse:
    wish = NoticeFilter.of(request.GET)
    context = {
        "page": page_of(wish.apply(open_notices(desk_of(request))), request.GET),
        "wish": wish,
        "outcomes": [(code, label("notice", code)) for code in ("open", *OUTCOMES)],
    }
    return render(request, "newsroom/notices.html", context)


@require_safe
@login_required
def notices_csv(request: HttpRequest) -> HttpResponse:
    """The list at hand, without what readers left for an answer."""
    columns = (
        (_("Day"), lambda n: n.made_at.isoformat(timespec="seconds")),
        (_("Page"), lambda n: n.path),
        (_("What a reader says"), lambda n: n.words),
        (_("What became of it"), lambda n: label("notice", n.became or "open")),
        (_("Address"), lambda n: request.build_absolute_uri(reverse("newsroom:notice", args=[n.pk]))),
    )
    return csv_answer("notices", columns, NoticeFilter.of(request.GET).apply(open_notices(desk_of(request))))


@login_required
def notice(request: HttpRequest, pk: int) -> HttpResponse:
    found, sides = notice_for(request, pk)
    form = ReplyForm(request.POST if request.method == "POST" else None, sides=sides) if sides else None
    if request.method == "POST":
        if form is None or not isinstance(request.user, User):
            raise PermissionDenied
        if form.is_valid():
            said = form.cleaned_data
            Reply.objects.create(
                notice=found, outcome=said["outcome"], words=said["words"], party=said["party"], by=request.user,
                made_at=timezone.now(),
            )  # fmt: skip
            messages.success(request, _("Your answer is kept."))
            return redirect("newsroom:notices")
    elif request.method not in ("GET", "HEAD"):
        return HttpResponse(status=405, headers={"Allow": "GET, HEAD, POST"})
    context = {
        "notice": found,
        "form": form,
        "replies": list(found.replies.select_related("by", "party").order_by("-id")),
    }
    return render(request, "newsroom/notice.html", context, status=422 if form and form.is_bound else 200)
