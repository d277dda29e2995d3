"""What officers do with a review (soạn, đồng ý): open one, write for their side, agree for their side, count anew."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from hoptac.ledger.models import Party
from hoptac.review import flow
from hoptac.review.access import review_for
from hoptac.review.forms import OpenForm, OutcomeForm, PaperForm, VersionedForm, WordsForm
from hoptac.review.models import Review
from hoptac.review.press import Loaded, load
from hoptac.review.promises import asked_by, became, find_asks, find_promises
from hoptac.review.rows import Row
from hoptac.review.telling import Teller
from hoptac.review.views import frame, language
from hoptac.screens.access import desk_of, open_cooperations
from hoptac.screens.lists import page_of
from hoptac.text.fold import search_key

ASKS = 20  # on one page
CONFLICT, UNFIT = 409, 422


def _writer(request: HttpRequest, slug: str) -> tuple[Review, list[Party], User]:
    """The review, the user's own sides and the user; 404 where it is not open, 403 where the user may not write."""
    found, own = review_for(request, slug)
    if not own or not isinstance(request.user, User):
        raise PermissionDenied
    return found, own, request.user


def _moved() -> str:
    return _("Someone changed this review meanwhile. Read it again, then send the form once more.")


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def new(request: HttpRequest) -> HttpResponse:
    """Open a review for a cooperation and some years; one that is there already is shown."""
    desk = desk_of(request)
    sides = list(
        Party.objects.filter(pk__in=desk.writes_for(desk.ids), kind="locality").order_by("code", "pk")
    )
    if not sides or not isinstance(request.user, User):
        raise PermissionDenied
    cooperations = open_cooperations(desk).filter(localities__in=sides).distinct().order_by("slug")
    year = timezone.localdate().year
    usual = {"first": year, "last": year, "cooperation": request.GET.get("cooperation", "")}
    form = OpenForm(cooperations, sides, request.POST or None, initial=usual)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        found, made = flow.open_review(
            said["cooperation"], said["first"], said["last"],
            side=said["side"], by=request.user, at=timezone.now(),
        )  # fmt: skip
        messages.success(request, _("The review is open.") if made else _("This review was there already."))
        return redirect("review:review", slug=found.slug)
    return render(request, "review/new.html", {"form": form}, status=UNFIT if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def words(request: HttpRequest, slug: str) -> HttpResponse:
    """Strengths, limits and proposals of one's own side, with what was written before."""
    found, own, user = _writer(request, slug)
    loaded = load(found)
    side = _side(request, own)
    initial = {"version": found.version, "side": side.pk} | _said(loaded, side)
    form = WordsForm(own, request.POST or None, initial=initial)
    status = 200
    if request.method == "POST":
        status = UNFIT
        if form.is_valid():
            values = {part: {"text": _lines(form.cleaned_data[part])} for part in flow.FREE_TEXTS}
            changed = _keep(found, user, form, [(part, "", value) for part, value in values.items()])
            if changed is not None:
                messages.success(
                    request, _("Your side's words are kept.") if changed else _("Nothing was changed.")
                )
                return redirect("review:review", slug=slug)
            form.add_error(None, _moved())
            status = CONFLICT
    history = (
        found.texts.filter(side__in=own, part__in=flow.FREE_TEXTS)
        .select_related("by", "side")
        .order_by("-id")
    )
    context = frame(request, found, own, loaded) | {"form": form, "history": history[:50], "side": side}
    return render(request, "review/words.html", context, status=status)


def _side(request: HttpRequest, own: list[Party]) -> Party:
    """The side that a page is about: the one asked for, else the first of one's own."""
    return next((p for p in own if p.slug == request.GET.get("side", "")), own[0])


def _lines(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.replace("\r\n", "\n").split("\n")).strip()


def _said(loaded: Loaded, side: Party) -> dict[str, str]:
    return {
        t.part: str(t.values.get("text", "")) for t in loaded.texts if t.side_id == side.pk and t.part in flow.FREE_TEXTS
    }  # fmt: skip


def _keep(
    review: Review, user: User, form: VersionedForm, said: list[tuple[str, str, dict[str, Any]]]
) -> bool | None:
    """Keep some texts from one form; whether anything changed, None where the review had moved."""
    version, changed = form.cleaned_data["version"], False
    try:
        for part, about, values in said:
            if flow.write_text(
                review, side=form.cleaned_data["side"], part=part, about=about, values=values,
                by=user, version=version, at=timezone.now(),
            ):  # fmt: skip
                version, changed = version + 1, True
    except flow.ReviewMoved:
        return None
    return changed


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def asks(request: HttpRequest, slug: str) -> HttpResponse:
    """Requests and pledges, each with a form to say for one's side what became of it."""
    found, own, user = _writer(request, slug)
    loaded = load(found)
    tell = loaded.teller(language(), "34")
    every = _asked(tell)
    bound: OutcomeForm | None = None
    status = 200
    if request.method == "POST":
        bound, status = OutcomeForm(own, request.POST), UNFIT
        if bound.is_valid():
            about = str(bound.cleaned_data["about"])
            if about not in {r.uid for r in every}:
                raise PermissionDenied
            values = {"outcome": bound.cleaned_data["outcome"], "text": _lines(bound.cleaned_data["text"])}
            changed = _keep(found, user, bound, [("answer", about, values)])
            if changed is not None:
                messages.success(
                    request, _("What your side says is kept.") if changed else _("Nothing was changed.")
                )
                return redirect(f"{request.path}?{request.GET.urlencode()}" if request.GET else request.path)
            bound.add_error(None, _moved())
            status = CONFLICT
    wanted = search_key(request.GET.get("q", "")[:200]).split()
    open_only = request.GET.get("open") == "1"
    kept = [
        r for r in every
        if all(word in search_key(f"{r.title} {asked_by(tell, r)}") for word in wanted)
        and (not open_only or became(tell, r) == "unknown")
    ]  # fmt: skip
    page = page_of(kept, request.GET, ASKS)
    lines = [_ask_line(tell, r, loaded, own, found, bound) for r in page.object_list]
    context = frame(request, found, own, loaded) | {
        "page": page, "lines": lines, "q": request.GET.get("q", ""), "open_only": open_only,
    }  # fmt: skip
    return render(request, "review/asks.html", context, status=status)


def _asked(tell: Teller) -> list[Row]:
    pledges = [p.row for p in find_promises(tell) if p.row.kind == "ask"]
    return [*find_asks(tell), *pledges]


def _ask_line(
    tell: Teller, row: Row, loaded: Loaded, own: list[Party], review: Review, bound: OutcomeForm | None
) -> dict[str, Any]:
    """An ask, what is said of it, and the form of the user's first own side."""
    said = next(
        (t for t in loaded.texts if t.part == "answer" and t.about == row.uid and t.side_id == own[0].pk),
        None,
    )
    initial = {"version": review.version, "about": row.uid, "side": own[0].pk}
    if said is not None:
        initial |= {"outcome": said.values["outcome"], "text": said.values.get("text", "")}
    mine = bound is not None and str(bound.data.get("about", "")) == row.uid
    form = bound if mine else OutcomeForm(own, initial=initial, auto_id=f"%s-{row.uid[:8]}")
    return {
        "row": row,
        "who": asked_by(tell, row),
        "told": tell.w.day(tell.told_on(row)),
        "became": tell.w.label("became", became(tell, row)),
        "outcomes": tell.outcomes.get(row.uid, ()),
        "form": form,
        "open": mine,
    }


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def details(request: HttpRequest, slug: str) -> HttpResponse:
    """The issuing body, number, signature and recipients of one's own paper."""
    found, own, user = _writer(request, slug)
    loaded = load(found)
    side = _side(request, own)
    usual = loaded.paper_of(side, loaded.teller(language(), "34"))
    initial: dict[str, Any] = {**usual.as_json(), "version": found.version, "side": side.pk}
    form = PaperForm(own, request.POST or None, initial=initial)
    status = 200
    if request.method == "POST":
        status = UNFIT
        if form.is_valid():
            changed = _keep(found, user, form, [("paper", "", form.said())])
            if changed is not None:
                messages.success(
                    request,
                    _("The details of your paper are kept.") if changed else _("Nothing was changed."),
                )
                return redirect("review:review", slug=slug)
            form.add_error(None, _moved())
            status = CONFLICT
    context = frame(request, found, own, loaded) | {"form": form, "side": side}
    return render(request, "review/details.html", context, status=status)


@require_POST
@login_required
def say_agreed(request: HttpRequest, slug: str) -> HttpResponse:
    """Agree for one's own side, or take it back. 409 where the review is no longer as it was read."""
    found, own, user = _writer(request, slug)
    form = VersionedForm(own, request.POST)
    if not form.is_valid():
        raise PermissionDenied
    agrees = request.POST.get("say") != "withdraw"
    try:
        done = flow.agree(
            found, side=form.cleaned_data["side"], by=user, version=form.cleaned_data["version"],
            agrees=agrees, at=timezone.now(),
        )  # fmt: skip
    except flow.ReviewMoved:
        return _conflict(request, found)
    if done:
        said = _("Your side agrees to this review.") if agrees else _("Your side's agreement is taken back.")
        messages.success(request, said)
    return redirect("review:review", slug=slug)


@require_POST
@login_required
def renew(request: HttpRequest, slug: str) -> HttpResponse:
    """Count anew from the ledger as it stands now; what was agreed is lifted if anything was said meanwhile."""
    found, own, user = _writer(request, slug)
    form = VersionedForm(own, request.POST)
    if not form.is_valid():
        raise PermissionDenied
    try:
        changed = flow.renew(
            found, side=form.cleaned_data["side"], by=user, version=form.cleaned_data["version"], at=timezone.now()
        )  # fmt: skip
    except flow.ReviewMoved:
        return _conflict(request, found)
    messages.success(
        request,
        _("The review now counts the ledger as it stands.") if changed else _("The ledger says nothing new."),
    )
    return redirect("review:review", slug=slug)


def _conflict(request: HttpRequest, review: Review) -> HttpResponse:
    return render(request, "review/moved.html", {"review": review}, status=CONFLICT)
