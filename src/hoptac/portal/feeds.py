"""Feeds and lists for programs (Atom, sơ đồ trang): news, what is new in the ledger, every public address."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from math import ceil
from xml.sax.saxutils import escape

from django.db.models import Max
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from hoptac.ledger.located import Ground
from hoptac.ledger.models import Filing, Record
from hoptac.newsroom.models import Story
from hoptac.newsroom.stories import body_html
from hoptac.portal.news import image_of
from hoptac.portal.served import public_page
from hoptac.portal.show import Meta, show, whole
from hoptac.screens.labels import label, language_code
from hoptac.screens.lists import page_of
from hoptac.screens.placing import place_rows
from hoptac.screens.templatetags.hoptac import facts_of_record, heading
from hoptac.screens.visible import public_cooperations, public_parties, public_records

FEED = 30  # entries of a feed
SITEMAP = 20_000  # addresses of one sitemap; the protocol allows 50,000
FIXED = ("home", "news", "records", "promises", "meetings", "places", "new", "data", "counting")


def latest() -> list[tuple[Record, datetime]]:
    """The records of which something was filed last, with that moment; newest first."""
    rows = (
        Filing.objects.filter(record__in=public_records())
        .values("record")
        .annotate(last=Max("id"))
        .order_by("-last")[:FEED]
    )
    order = [(row["record"], row["last"]) for row in rows]
    records = Record.objects.in_bulk([pk for pk, _last in order])
    days = dict(Filing.objects.filter(pk__in=[last for _pk, last in order]).values_list("pk", "made_at"))
    return [(records[pk], days[last]) for pk, last in order]


@public_page
def new(request: HttpRequest) -> HttpResponse:
    """What was told last: records with their latest statement, and stories."""
    newest = public_records().annotate(last=Max("filings__id")).order_by("-last", "-id")
    page = page_of(newest, request.GET)
    shown = [r.last for r in page.object_list]
    days = dict(Filing.objects.filter(pk__in=shown).values_list("pk", "made_at"))
    rows = [(r, days.get(r.last, r.opened_at)) for r in page.object_list]
    stories = list(Story.objects.public().select_related("party")[:5]) if page.number == 1 else []
    context = {"page": page, "rows": rows, "stories": stories}
    return show(request, "portal/new.html", context, Meta(_("What is new")))


def _atom(feed: Atom1Feed) -> HttpResponse:
    answer = HttpResponse(content_type="application/atom+xml; charset=utf-8")
    feed.write(answer, "utf-8")
    return answer


@public_page
def new_feed(request: HttpRequest) -> HttpResponse:
    feed = Atom1Feed(
        title=f"Hợp Tác: {_('What is new')}",
        link=whole(reverse("portal:new")),
        description=_("Records of which something new was told."),
        language=language_code(),
        feed_url=whole(request.path),
    )
    for record, day in latest():
        where = whole(reverse("portal:record", args=[record.slug]))
        feed.add_item(
            title=heading(record),
            link=where,
            description=f"{label('kind', record.kind)} · {facts_of_record(record, where)} · "
            f"{label('standing', record.standing)}",
            unique_id=f"urn:uuid:{record.uid}",
            pubdate=record.opened_at,
            updateddate=day,
        )
    return _atom(feed)


@public_page
def news_feed(request: HttpRequest) -> HttpResponse:
    feed = Atom1Feed(
        title=f"Hợp Tác: {_('News')}",
        link=whole(reverse("portal:news")),
        description=_("What the two sides report of their cooperation, each figure linked to its record."),
        language=language_code(),
        feed_url=whole(request.path),
    )
    for story in Story.objects.public().select_related("party")[:FEED]:
        photo = story.photos.select_related("picture").defer("picture__data").first()
        head = f"<p>{escape(story.lead)}</p>" if story.lead else ""
        if photo is not None:
            image = image_of(photo)
            head += (
                f'<p><img src="{escape(image.address)}" alt="{escape(image.shows, {chr(34): "&quot;"})}"></p>'
            )
        feed.add_item(
            title=story.headline,
            link=whole(reverse("portal:story", args=[story.pk, story.slug])),
            description=head + str(body_html(story)).replace('href="/', f'href="{whole("/")}'),
            author_name=story.byline or story.party.name,
            unique_id=whole(f"/news/{story.pk}"),
            pubdate=story.published_at,
            updateddate=story.changed_at,
        )
    return _atom(feed)


def addresses(section: str) -> Iterator[str]:
    """The paths of one section of the site, in a stable order."""
    if section == "pages":
        yield from (reverse(f"portal:{name}") for name in FIXED)
    elif section == "cooperations":
        slugs = public_cooperations().order_by("pk").values_list("slug", flat=True)
        yield from (reverse("portal:cooperation", args=[s]) for s in slugs)
    elif section == "parties":
        parties = public_parties().order_by("pk").values_list("slug", flat=True)
        yield from (reverse("portal:party", args=[s]) for s in parties)
    elif section == "places":
        rows, _nowhere = place_rows(public_records(), Ground("34", "commune"))
        provinces, _nowhere = place_rows(public_records(), Ground("34", "province"))
        yield from (
            reverse("portal:place", args=[s]) for s in dict.fromkeys(r.link.slug for r in (*provinces, *rows))
        )
    elif section == "news":
        stories = Story.objects.public().order_by("pk").values_list("pk", "slug")
        yield from (reverse("portal:story", args=[pk, s]) for pk, s in stories)


SECTIONS = ("pages", "cooperations", "parties", "places", "news", "records")


def records_part(number: int) -> list[str]:
    """The paths of one part of the records, parts numbered from 1."""
    slugs = (
        public_records()
        .order_by("pk")
        .values_list("slug", flat=True)[(number - 1) * SITEMAP : number * SITEMAP]
    )
    return [reverse("portal:record", args=[s]) for s in slugs]


@public_page
def sitemap_index(request: HttpRequest) -> HttpResponse:
    parts = max(1, ceil(public_records().count() / SITEMAP))
    named = [(section, 1) for section in SECTIONS[:-1]] + [("records", n) for n in range(1, parts + 1)]
    lines = (
        f"<sitemap><loc>{escape(whole(reverse('portal:sitemap', args=part)))}</loc></sitemap>"
        for part in named
    )
    return _xml("sitemapindex", lines)


@public_page
def sitemap(request: HttpRequest, section: str, number: int) -> HttpResponse:
    if section not in SECTIONS or number < 1:
        raise Http404
    paths = records_part(number) if section == "records" else list(addresses(section)) if number == 1 else []
    if not paths and not (number == 1 and section in SECTIONS):
        raise Http404
    return _xml("urlset", (f"<url><loc>{escape(whole(path))}</loc></url>" for path in paths))


def _xml(root: str, lines: Iterable[str]) -> HttpResponse:
    body = "\n".join(lines)
    said = f'<?xml version="1.0" encoding="utf-8"?>\n<{root} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{body}\n</{root}>\n'
    return HttpResponse(said, content_type="application/xml; charset=utf-8")


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    said = (
        "User-agent: *\n"
        "Disallow: /desk/\nDisallow: /accounts/\nDisallow: /search/\nDisallow: /corrections/\nDisallow: /*?*sort=\n"
        f"Sitemap: {whole(reverse('portal:sitemap-index'))}\n"
    )
    return HttpResponse(said, content_type="text/plain; charset=utf-8")
