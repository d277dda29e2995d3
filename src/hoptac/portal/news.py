"""News (tin tức): what the sides publish, as readers see it; photos; share cards; feeds are in ``feeds.py``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from hoptac.ledger.models import Party
from hoptac.newsroom.models import Photo, Picture, Story
from hoptac.newsroom.related import beside
from hoptac.newsroom.stories import body_html, picture_answer
from hoptac.portal.served import public_page
from hoptac.portal.show import Image, Meta, show, whole
from hoptac.screens.lists import LONGEST_SEARCH, is_slug, page_of
from hoptac.screens.visible import public_cooperations, public_records
from hoptac.text.fold import search_key

PER_PAGE = 20


@dataclass(frozen=True)
class NewsFilter:
    """What the list of news was asked for."""

    q: str = ""
    cooperation: str = ""
    party: str = ""

    @classmethod
    def of(cls, query: QueryDict) -> NewsFilter:
        def slug(name: str) -> str:
            return query.get(name, "") if is_slug(query.get(name, "")) else ""

        return cls(query.get("q", "")[:LONGEST_SEARCH].strip(), slug("cooperation"), slug("party"))

    @property
    def narrowed(self) -> bool:
        return bool(self.q or self.cooperation or self.party)

    def apply(self, stories: QuerySet[Story]) -> QuerySet[Story]:
        found = stories
        for word in search_key(self.q).split():
            found = found.filter(words__contains=word)
        if self.cooperation:
            found = found.filter(cooperation__slug=self.cooperation)
        if self.party:
            found = found.filter(party__slug=self.party)
        return found


@public_page
def news(request: HttpRequest) -> HttpResponse:
    wish = NewsFilter.of(request.GET)
    page = page_of(
        wish.apply(Story.objects.public().select_related("party", "cooperation")), request.GET, PER_PAGE
    )
    context = {
        "page": page,
        "wish": wish,
        "cooperations": public_cooperations().values_list("slug", "name"),
        "publishers": Party.objects.filter(stories__in=Story.objects.public())
        .distinct()
        .order_by("name_key"),
    }
    about = _("What the two sides report of their cooperation, each figure linked to its record.")
    return show(request, "portal/news.html", context, Meta(_("News"), about))


@public_page
def story(request: HttpRequest, pk: int, slug: str = "") -> HttpResponse:
    """A story. Under an older name it leads to its own address; one that was withdrawn says so (410)."""
    found = Story.objects.select_related("party", "cooperation").filter(pk=pk).first()
    if found is not None and found.state == "withdrawn":
        return show(request, "portal/withdrawn.html", {"story": found}, Meta(indexed=False), status=410)
    if found is None or not Story.objects.public().filter(pk=pk).exists():
        raise Http404
    if slug != found.slug:
        return HttpResponsePermanentRedirect(reverse("portal:story", args=[found.pk, found.slug]))
    photos = list(found.photos.select_related("picture").defer("picture__data"))
    notes = list(found.editions.exclude(note="").order_by("id").values_list("made_at", "note"))
    context = {
        "story": found,
        "body": body_html(found),
        "photos": photos,
        "notes": notes,
        "told": [
            (r, whole(reverse("portal:record", args=[r.slug])))
            for r in public_records().filter(stories=found).order_by("told_in__order")
        ],
        "beside": beside(found),
    }
    return show(request, "portal/story.html", context, meta_of(found, photos))


def meta_of(story: Story, photos: list[Photo]) -> Meta:
    """A story's share card, and the story as schema.org has it."""
    path = reverse("portal:story", args=[story.pk, story.slug])
    image = image_of(photos[0]) if photos else None
    article: dict[str, Any] = {
        "@type": "NewsArticle",
        "headline": story.headline,
        "description": story.lead,
        "url": whole(path),
        "mainEntityOfPage": whole(path),
        "inLanguage": story.language,
        "datePublished": story.published_at.isoformat() if story.published_at else None,
        "dateModified": story.changed_at.isoformat(),
        "publisher": {"@type": "GovernmentOrganization", "name": story.party.name},
        "author": {
            "@type": "Person" if story.byline else "Organization",
            "name": story.byline or story.party.name,
        },
    }
    if image:
        article["image"] = [image.address]
    return Meta(
        story.headline, story.lead, "article", image, story.published_at, story.changed_at, linked=(article,)
    )


def image_of(photo: Photo) -> Image:
    kept = photo.picture
    where = reverse("portal:photo", args=[kept.sha256, kept.ending])
    return Image(whole(where), kept.width, kept.height, photo.shows or photo.caption)


@require_safe
def photo(request: HttpRequest, sha256: str, ending: str) -> HttpResponse:
    """A photo of a story that anyone may read now."""
    shown = Photo.objects.filter(story__in=Story.objects.public().order_by()).values("picture")
    found = Picture.objects.filter(sha256=sha256, pk__in=shown).first()
    if found is None or found.ending != ending:
        raise Http404
    return picture_answer(found, public=True)
