"""Stories on the desk (bài viết): the list, writing one, its photos, publishing it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from hoptac.ledger.models import Cooperation, Record
from hoptac.newsroom.access import own_stories, story_for, writing_sides
from hoptac.newsroom.body import loose_figures, to_html
from hoptac.newsroom.drafting import draft
from hoptac.newsroom.flow import StoryMoved, Text, begin, publish, save, withdraw
from hoptac.newsroom.forms import PhotoForm, StoryForm
from hoptac.newsroom.models import STATES, Photo, Picture, Story
from hoptac.screens.access import desk_of, open_cooperations, open_records
from hoptac.screens.labels import label
from hoptac.screens.lists import LONGEST_SEARCH, RecordFilter, page_of
from hoptac.screens.tables import csv_answer
from hoptac.screens.visible import public_records
from hoptac.text.fold import search_key

SHOWN_STATES = (*STATES[:1], "embargoed", *STATES[1:])
ORDERS = {"headline": "headline", "changed": "changed_at", "published": "published_at"}
UPLOAD_STOPPED = "hoptac.upload_refused"  # said by the upload handler that the settings name
PICKED_MOST = 40  # records of one draft
PHOTOS_MOST = 20  # of one story
SLUG = re.compile(r"[\w-]{1,200}")


@dataclass(frozen=True)
class StoryFilter:
    """What the list of stories was asked for."""

    q: str = ""
    state: str = ""
    sort: str = ""

    @classmethod
    def of(cls, query: QueryDict) -> StoryFilter:
        state, sort = query.get("state", ""), query.get("sort", "")
        return cls(
            query.get("q", "")[:LONGEST_SEARCH].strip(),
            state if state in SHOWN_STATES else "",
            sort if sort.removeprefix("-") in ORDERS else "",
        )

    @property
    def narrowed(self) -> bool:
        return bool(self.q or self.state)

    def apply(self, stories: QuerySet[Story]) -> QuerySet[Story]:
        found = stories
        for word in search_key(self.q).split():
            found = found.filter(words__contains=word)
        if self.state in ("published", "embargoed"):
            waiting = found.filter(state="published", embargo__gt=timezone.now())
            found = waiting if self.state == "embargoed" else found.filter(state="published").exclude(
                pk__in=waiting.values("pk")
            )  # fmt: skip
        elif self.state:
            found = found.filter(state=self.state)
        column = F(ORDERS.get(self.sort.removeprefix("-"), "changed_at"))
        up = bool(self.sort) and not self.sort.startswith("-")
        return found.order_by(column.asc(nulls_last=True) if up else column.desc(nulls_last=True), "-id")


def state_of(story: Story) -> str:
    """The state as people see it: a published story before its hour is not shown yet."""
    waits = story.embargo is not None and story.embargo > timezone.now()
    return "embargoed" if story.state == "published" and waits else story.state


@require_safe
@login_required
def stories(request: HttpRequest) -> HttpResponse:
    desk, wish = desk_of(request), StoryFilter.of(request.GET)
    page = page_of(wish.apply(own_stories(desk)), request.GET)
    context = {
        "page": page,
        "rows": [(s, state_of(s)) for s in page.object_list],
        "wish": wish,
        "states": [(code, label("story", code)) for code in SHOWN_STATES],
        "may_write": bool(writing_sides(desk)),
    }
    return render(request, "newsroom/stories.html", context)


@require_safe
@login_required
def stories_csv(request: HttpRequest) -> HttpResponse:
    columns = (
        (_("Headline"), lambda s: s.headline),
        (_("Published by"), lambda s: s.party.name),
        (_("Cooperation"), lambda s: s.cooperation.name if s.cooperation else ""),
        (_("By-line"), lambda s: s.byline),
        (_("State"), lambda s: label("story", state_of(s))),
        (_("Published"), lambda s: s.published_at.isoformat(timespec="seconds") if s.published_at else ""),
        (_("Changed"), lambda s: s.changed_at.isoformat(timespec="seconds")),
        (_("Address"), lambda s: request.build_absolute_uri(reverse("newsroom:story", args=[s.pk]))),
    )
    return csv_answer("stories", columns, StoryFilter.of(request.GET).apply(own_stories(desk_of(request))))


@require_safe
@login_required
def pick(request: HttpRequest) -> HttpResponse:
    """Records from which a story is to be written: what the reader will be able to open, and nothing else."""
    desk = desk_of(request)
    if not writing_sides(desk):
        raise PermissionDenied
    wish = RecordFilter.of(request.GET)
    page = page_of(wish.apply(_tellable(request)).select_related("fact"), request.GET)
    context = {
        "page": page,
        "wish": wish,
        "cooperations": list(open_cooperations(desk).values_list("slug", "name")),
        "kinds": [(k, label("kind", k)) for k in ("contribution", "activity", "meeting", "agreement", "ask")],
        "picked": _picked(request.GET),
    }
    return render(request, "newsroom/pick.html", context)


def _tellable(request: HttpRequest) -> QuerySet[Record]:
    """Records that are open to the user and to the public: no story tells of what its readers could not open."""
    return open_records(desk_of(request)).filter(pk__in=public_records().values("pk"))


def _picked(query: QueryDict) -> list[str]:
    return list(dict.fromkeys(s for s in query.getlist("record") if SLUG.fullmatch(s)))[:PICKED_MOST]


@login_required
def new(request: HttpRequest) -> HttpResponse:
    """A new draft; of the records that the address names, with a first text."""
    desk = desk_of(request)
    sides = writing_sides(desk)
    if not sides or not isinstance(request.user, User):
        raise PermissionDenied
    cooperations = open_cooperations(desk).order_by("slug")
    if request.method == "POST":
        form = StoryForm(request.POST, sides=sides, cooperations=cooperations)
        if form.is_valid():
            made = begin(
                _text(form),
                party=form.cleaned_data["party"] or sides[0],
                cooperation=form.cleaned_data["cooperation"],
                by=request.user,
                at=timezone.now(),
            )
            return redirect("newsroom:story", made.pk)
        return _new_page(request, form, 422)
    if request.method not in ("GET", "HEAD"):
        return HttpResponse(status=405, headers={"Allow": "GET, HEAD, POST"})
    records = list(_tellable(request).filter(slug__in=_picked(request.GET)).prefetch_related("cooperations"))
    cooperation = _common(records)
    text = draft(records, cooperation, "") if records else Text("", "", "", "")
    first = {
        "headline": text.headline, "lead": text.lead, "body": text.body, "byline": text.byline,
        "language": text.language, "cooperation": cooperation.slug if cooperation else None, "party": sides[0],
    }  # fmt: skip
    return _new_page(request, StoryForm(initial=first, sides=sides, cooperations=cooperations))


def _common(records: list[Record]) -> Cooperation | None:
    """The one cooperation in which all of some records are."""
    shared = [set(r.cooperations.all()) for r in records]
    both = set.intersection(*shared) if shared else set()
    return min(both, key=lambda c: c.slug) if both else None


def _new_page(request: HttpRequest, form: StoryForm, status: int = 200) -> HttpResponse:
    return render(request, "newsroom/new.html", {"form": form}, status=status)


def _text(form: StoryForm) -> Text:
    said = form.cleaned_data
    return Text(said["headline"], said["lead"], said["body"], said["byline"], said["language"])


@login_required
def story(request: HttpRequest, pk: int) -> HttpResponse:
    """A story: how readers see it, and the form to change it. 409 where somebody changed it meanwhile."""
    found, may_write = story_for(request, pk)
    if request.method == "POST":
        return _save(request, found, may_write)
    if request.method not in ("GET", "HEAD"):
        return HttpResponse(status=405, headers={"Allow": "GET, HEAD, POST"})
    return _page(request, found, _form(request, found) if may_write else None)


def _save(request: HttpRequest, found: Story, may_write: bool) -> HttpResponse:
    if not may_write or not isinstance(request.user, User):
        raise PermissionDenied
    form = _form(request, found, request.POST)
    if not form.is_valid():
        return _page(request, found, form, 422)
    said = form.cleaned_data
    try:
        save(
            found, _text(form), cooperation=said["cooperation"], embargo=said["embargo"],
            version=said["version"] or 0, note=said.get("note", ""), by=request.user, at=timezone.now(),
        )  # fmt: skip
    except StoryMoved:
        form.add_error(None, moved_words())
        return _page(request, found, form, 409)
    messages.success(request, _("The story is saved."))
    return redirect("newsroom:story", found.pk)


def moved_words() -> str:
    return _(
        "Someone else changed the story meanwhile. Read theirs in another window, then send yours once more."
    )


def _form(request: HttpRequest, story: Story, data: QueryDict | None = None) -> StoryForm:
    first = {
        "headline": story.headline, "lead": story.lead, "body": story.body, "byline": story.byline,
        "language": story.language, "embargo": story.embargo, "version": story.version,
        "cooperation": story.cooperation.slug if story.cooperation else None,
    }  # fmt: skip
    cooperations = open_cooperations(desk_of(request)).order_by("slug")
    return StoryForm(data, initial=first, sides=(), cooperations=cooperations, story=story)


def body_html(story: Story) -> SafeString:
    """A story's body as readers see it: links to records that are public, the words alone of any other."""
    public = set(public_records().filter(stories=story).values_list("slug", flat=True))

    def address(slug: str) -> str | None:
        return reverse("portal:record", args=[slug]) if slug in public else None

    return mark_safe(to_html(story.body, address))  # noqa: S308 - cleaned by nh3


def _page(request: HttpRequest, story: Story, form: StoryForm | None, status: int = 200) -> HttpResponse:
    context: dict[str, Any] = {
        "story": story,
        "state": state_of(story),
        "body": body_html(story),
        "photos": list(story.photos.select_related("picture").defer("picture__data")),
        "editions": list(story.editions.select_related("by").order_by("-id")),
        "form": form,
        "photo_form": PhotoForm() if form is not None else None,
        "loose": loose_figures(story.headline, story.lead, story.body) if form is not None else [],
        "told": list(story.records.order_by("told_in__order")),
    }
    return render(request, "newsroom/story.html", context, status=status)


@require_POST
@login_required
def put_out(request: HttpRequest, pk: int) -> HttpResponse:
    """Publish or withdraw: one step, from the version that the officer saw."""
    found, may_write = story_for(request, pk)
    if not may_write or not isinstance(request.user, User):
        raise PermissionDenied
    version, at = request.POST.get("version", ""), timezone.now()
    number = int(version) if version.isascii() and version.isdigit() and len(version) < 10 else 0
    try:
        if request.POST.get("do") == "withdraw":
            if found.state != "published":
                raise StoryMoved
            withdraw(found, version=number, note=request.POST.get("note", "")[:500], by=request.user, at=at)
            messages.success(request, _("The story is no longer shown."))
        else:
            if found.state == "published":
                raise StoryMoved
            publish(found, version=number, embargo=found.embargo, by=request.user, at=at)
            messages.success(request, _("The story is published."))
    except StoryMoved:
        messages.error(request, moved_words())
    return redirect("newsroom:story", found.pk)


@require_POST
@login_required
def add_photo(request: HttpRequest, pk: int) -> HttpResponse:
    found, may_write = story_for(request, pk)
    if not may_write:
        raise PermissionDenied
    form = PhotoForm(request.POST, request.FILES)
    if UPLOAD_STOPPED in request.META:
        messages.error(request, _("The photo is too large, or took too long."))
    elif not form.is_valid():
        for errors in form.errors.values():
            messages.error(request, " ".join(str(e) for e in errors))
    elif found.photos.count() >= PHOTOS_MOST:
        messages.error(request, _("A story holds %(most)s photos at most.") % {"most": PHOTOS_MOST})
    else:
        said, cleaned = form.cleaned_data, form.cleaned_data["picture"]
        with transaction.atomic():
            kept, _new = Picture.objects.get_or_create(
                sha256=cleaned.sha256,
                defaults={
                    "media_type": cleaned.media_type, "width": cleaned.width, "height": cleaned.height,
                    "data": cleaned.data, "made_at": timezone.now(),
                },
            )  # fmt: skip
            Photo.objects.get_or_create(
                story=found,
                picture=kept,
                defaults={k: said[k] for k in ("caption", "shows", "credit")}
                | {"order": found.photos.count()},
            )
    return redirect(f"{reverse('newsroom:story', args=[pk])}#photos-h")


@require_POST
@login_required
def drop_photo(request: HttpRequest, pk: int, photo: int) -> HttpResponse:
    found, may_write = story_for(request, pk)
    if not may_write:
        raise PermissionDenied
    if not found.photos.filter(pk=photo).delete()[0]:
        raise Http404
    return redirect(f"{reverse('newsroom:story', args=[pk])}#photos-h")


@require_safe
@login_required
def photo(request: HttpRequest, sha256: str) -> HttpResponse:
    """A picture of a story of the user's side, before and after it is published."""
    shown = Photo.objects.filter(story__in=own_stories(desk_of(request)).order_by()).values("picture")
    found = Picture.objects.filter(sha256=sha256, pk__in=shown).first()
    if found is None:
        raise Http404
    return picture_answer(found, public=False)


def picture_answer(picture: Picture, *, public: bool) -> HttpResponse:
    """A picture under its one fixed type: nothing in it can be run, whatever it holds."""
    answer = HttpResponse(bytes(picture.data), content_type=picture.media_type)
    answer["Content-Security-Policy"] = "sandbox; default-src 'none'"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Disposition"] = f'inline; filename="{picture.sha256[:16]}.{picture.ending}"'
    answer["Cache-Control"] = "public, max-age=31536000, immutable" if public else "private, max-age=300"
    return answer
