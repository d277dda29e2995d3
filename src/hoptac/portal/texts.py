"""Pages that explain (trang giải thích), the form for mistakes, and the figure that other sites may show."""

from __future__ import annotations

import re

from csp.decorators import csp_replace
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_exempt

from hoptac.accounts.audit import address_of
from hoptac.ledger.models import Record
from hoptac.newsroom.forms import NoticeForm
from hoptac.newsroom.models import Story
from hoptac.newsroom.notices import TooMany, take_notice
from hoptac.portal.served import public_page
from hoptac.portal.show import Meta, dataset, show, whole
from hoptac.screens.labels import choices, language_code
from hoptac.screens.totals import Figures
from hoptac.screens.visible import public_cooperations, public_records

YEARS = 12  # years that the figure for other sites shows
_PATH = re.compile(r"/[\w./%?=&+-]{0,399}")


@public_page
def counting(request: HttpRequest) -> HttpResponse:
    """How sums are made, what stands behind a value, what is left out and why."""
    context = {"reasons": choices("reason"), "standings": choices("standing"), "bounds": choices("bound")}
    about = _("What a sum counts, what it leaves out and why, and what the four standings of a value mean.")
    return show(request, "portal/counting.html", context, Meta(_("How we count"), about))


@public_page
def data(request: HttpRequest) -> HttpResponse:
    """The open data: files, the API, and how to read them."""
    files = {
        reverse("portal:records-csv"): ("text/csv", _("All records")),
        reverse("portal:promises-csv"): ("text/csv", _("Promises and requests")),
        reverse("portal:meetings-csv"): ("text/csv", _("Meetings and visits")),
        reverse("portal:places-csv"): ("text/csv", _("Sums by place")),
        reverse("api:openapi-json"): ("application/json", _("Description of the API")),
    }
    about = _(
        "Records of cooperation between localities in Viet Nam and abroad, each value with who says so."
    )
    thing = dataset(_("Cooperation between localities"), about, reverse("portal:data"), files)
    context = {
        "files": [(path, kind, name) for path, (kind, name) in files.items()],
        "bounds": choices("bound"),
        "cooperations": list(public_cooperations().values_list("slug", "name")[:40]),
    }
    return show(request, "portal/data.html", context, Meta(_("Open data"), about, linked=(thing,)))


def correct(request: HttpRequest) -> HttpResponse:
    """Whoever sees a mistake says so here; officers of the record's sides look into it."""
    if request.method == "POST":
        form = NoticeForm(request.POST)
        if not form.is_valid():
            return _form(request, form, form.data.get("path", ""), 422)
        if form.by_program:
            return redirect("portal:thanks")
        path = said_path(form.cleaned_data["path"])
        record, story = thing_at(path)
        try:
            take_notice(
                path=path, record=record, story=story, words=form.cleaned_data["words"],
                contact=form.cleaned_data["contact"], language=language_code(), address=address_of(request),
                at=timezone.now(),
            )  # fmt: skip
        except TooMany:
            form.add_error(None, _("Many notices came in the last hour. Please send yours a little later."))
            return _form(request, form, path, 429)
        return redirect("portal:thanks")
    if request.method not in ("GET", "HEAD"):
        return HttpResponse(status=405, headers={"Allow": "GET, HEAD, POST"})
    path = said_path(request.GET.get("about", ""))
    return _form(request, NoticeForm(initial={"path": path}), path)


def _form(request: HttpRequest, form: NoticeForm, path: str, status: int = 200) -> HttpResponse:
    record, story = thing_at(said_path(path))
    context = {"form": form, "path": said_path(path), "record": record, "story": story}
    return show(request, "portal/correct.html", context, Meta(_("Report a mistake"), indexed=False), status)


def said_path(text: str) -> str:
    """A path of this site as an address gave it, else "/"."""
    return text if _PATH.fullmatch(text) and not text.startswith("//") else "/"


def thing_at(path: str) -> tuple[Record | None, Story | None]:
    """The public record or story that a path of this site shows."""
    try:
        found = resolve(path.partition("?")[0])
    except Resolver404:
        return None, None
    if found.view_name == "portal:record":
        return public_records().filter(slug=found.kwargs["slug"]).first(), None
    if found.view_name == "portal:story":
        return None, Story.objects.public().filter(pk=found.kwargs["pk"]).first()
    return None, None


@public_page
def thanks(request: HttpRequest) -> HttpResponse:
    return show(request, "portal/thanks.html", {}, Meta(_("Thank you"), indexed=False))


@xframe_options_exempt
@csp_replace({"frame-ancestors": ["*"]})
@public_page
def embed(request: HttpRequest, slug: str) -> HttpResponse:
    """A cooperation's sum and years in a frame of another site, with the address where they come from."""
    found = get_object_or_404(public_cooperations(), slug=slug)
    figures = Figures.of(found)
    years = [g for g in figures.by("year") if g.key.isdigit()][:YEARS]
    context = {
        "cooperation": found,
        "total": figures.total(),
        "years": years,
        "most": max((g.first for g in years), default=0),
        "here": whole(reverse("portal:cooperation", args=[slug])),
    }
    return render(request, "portal/embed.html", context)
