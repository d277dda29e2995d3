"""The inbox on the desk (hộp chờ): the list, the page where a source's statements are filed, batches, what was decided.

Nothing is filed by looking: each decision is chosen by the officer, sent in one form, and done only where the statement
still stands as the form showed it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from hoptac.ledger.inbox import FILE, NEW, REJECT, UNDO, Choice, Done, Offer, decide, offers, passages_of
from hoptac.ledger.matching import ENOUGH, MAYBE
from hoptac.ledger.models import Filing, Party, Passage, Record, Source, Statement, Waiting
from hoptac.ledger.sums import parts_inside
from hoptac.screens.access import desk_of, open_records
from hoptac.screens.inboxes import KINDS, InboxFilter, Reason, is_open, may_file, open_waiting, reasons
from hoptac.screens.labels import label
from hoptac.screens.lists import page_of
from hoptac.screens.passages import Piece, excerpt, runs_of
from hoptac.screens.tables import csv_answer

PER_PAGE = 20  # statements of one source that are filed on one page
SHOWN = 3  # records proposed for one statement on that page; its own page shows more
DECIDED = 50  # of the user's own decisions that are shown for an undo
REASON_MOST = 500  # characters


@dataclass(frozen=True)
class Likely:
    """A record proposed for a statement: how near, and why."""

    record: Record
    score: int
    reasons: tuple[Reason, ...]

    @property
    def enough(self) -> bool:
        return self.score >= ENOUGH


@dataclass(frozen=True)
class Claim:
    """A statement that waits, as the page shows it. ``n`` from 1; ``first`` is the choice that the program proposes."""

    n: int
    offer: Offer
    likely: tuple[Likely, ...]
    passages: tuple[Passage, ...]
    pieces: tuple[Piece, ...]
    may_write: bool
    parts: tuple[Record, ...]
    part_count: int

    @property
    def statement(self) -> Statement:
        return self.offer.statement

    @property
    def first(self) -> str:
        """The value of the choice that the program would make; "" where it would not choose."""
        if self.offer.answer.tied:
            return ""
        best = self.likely[0] if self.likely else None
        if best is not None and best.enough:
            return f"{FILE}:{best.record.pk}"
        return NEW


def claims_of(request: HttpRequest, statements: Iterable[Statement], first: int = 1) -> list[Claim]:
    """What the pages of the inbox say of some statements."""
    desk, kept = desk_of(request), list(statements)
    told, passages = offers(kept), passages_of(kept)
    open_ids = set(
        open_records(desk)
        .filter(pk__in={s.record.pk for o in told for s in o.found})
        .values_list("pk", flat=True)
    )
    out = []
    for n, offer in enumerate(told, first):
        near = [s for s in offer.found if s.record.pk in open_ids and s.match.score >= MAYBE]
        likely = tuple(Likely(s.record, s.match.score, tuple(reasons(s.match))) for s in near)
        spans = tuple(passages.get(offer.statement.pk, ()))
        source = offer.statement.source
        pieces = excerpt(source.text, spans) if source is not None and spans else ()
        inside = parts_inside(offer.statement.kind, offer.statement.values)
        parts = (
            list(open_records(desk).filter(pk__in=inside).order_by("year", "pk")[:SHOWN]) if inside else []
        )
        may_write = may_file(desk, offer.statement)
        out.append(Claim(n, offer, likely, spans, pieces, may_write, tuple(parts), len(inside)))
    return out


@require_safe
@login_required
def inbox(request: HttpRequest) -> HttpResponse:
    wish = InboxFilter.of(request.GET)
    rows = open_waiting(desk_of(request))
    shown = wish.apply(rows).select_related("statement__source", "statement__speaker", "best")
    page = page_of(shown.defer("statement__source__text", "statement__source__layout"), request.GET)
    sources = Source.objects.filter(statements__waiting__in=rows.values("pk")).distinct().count()
    context = {
        "page": page,
        "wish": wish,
        "kinds": [(code, label("kind", code)) for code in KINDS],
        "parties": Party.objects.filter(pk__in=Waiting.sides.through.objects.values("party_id")).order_by(
            "name_key"
        ),
        "source_count": sources,
        "enough": ENOUGH,
        "maybe": MAYBE,
    }
    return render(request, "desk/inbox.html", context)


@require_safe
@login_required
def inbox_csv(request: HttpRequest) -> HttpResponse:
    rows = InboxFilter.of(request.GET).apply(open_waiting(desk_of(request)))
    rows = rows.select_related("statement__source", "best").defer(
        "statement__source__text", "statement__source__layout"
    )
    columns = (
        (_("Kind"), lambda w: label("kind", w.kind)),
        (_("What"), lambda w: w.statement.values.get("what") or w.statement.values.get("about") or ""),
        (_("Sum"), lambda w: (w.statement.values.get("amount") or {}).get("value")),
        (_("Currency"), lambda w: (w.statement.values.get("amount") or {}).get("currency")),
        (_("Year"), lambda w: w.year),
        (_("Source"), lambda w: w.statement.source.name if w.statement.source else ""),
        (_("Certainty of the reading"), lambda w: w.statement.certainty),
        (_("Likeliest record"), lambda w: w.best.title if w.best else ""),
        (_("Points"), lambda w: w.score),
        (
            _("Address"),
            lambda w: request.build_absolute_uri(reverse("desk:inbox-statement", args=[w.statement.uid])),
        ),
    )
    return csv_answer("inbox", columns, rows)


@require_safe
@login_required
def inbox_source(request: HttpRequest, sha256: str) -> HttpResponse:
    """A source's waiting statements, with its text beside them."""
    rows = open_waiting(desk_of(request)).filter(statement__source__sha256=sha256).order_by("statement_id")
    page = page_of(
        rows.select_related("statement__source", "statement__speaker__locality"), request.GET, PER_PAGE
    )
    decided = _decided(request, sha256)
    source = Source.objects.filter(sha256=sha256).first()
    if source is None or not (page.paginator.count or decided):
        raise Http404
    claims = claims_of(request, [row.statement for row in page.object_list], page.start_index() or 1)
    passages = sorted({p.pk: p for c in claims for p in c.passages}.values(), key=lambda p: (p.start, p.end))
    context = {
        "source": source,
        "page": page,
        "claims": claims,
        "writes": any(c.may_write for c in claims),
        "runs": runs_of(source, passages),
        "decided": decided,
        "numbers": {p.pk: [c.n for c in claims if p in c.passages] for p in passages},
    }
    return render(request, "desk/inbox_source.html", context)


@require_safe
@login_required
def inbox_batch(request: HttpRequest) -> HttpResponse:
    """What could be filed at once because the reading is certain and the answer clear: stated one by one before it is done."""
    rows = InboxFilter.of(request.GET).apply(open_waiting(desk_of(request)))
    page = page_of(
        rows.select_related("statement__source", "statement__speaker__locality"), request.GET, PER_PAGE
    )
    claims = claims_of(request, [row.statement for row in page.object_list])
    sure = [c for c in claims if c.may_write and c.offer.sure and c.first]
    context = {
        "claims": sure,
        "page": page,
        "left": len(claims) - len(sure),
        "wish": InboxFilter.of(request.GET),
    }
    return render(request, "desk/inbox_batch.html", context)


@require_safe
@login_required
def inbox_done(request: HttpRequest) -> HttpResponse:
    """The user's own decisions that still stand, the latest first, each with an undo."""
    return render(request, "desk/inbox_done.html", {"decided": _decided(request, None), "most": DECIDED})


def _decided(request: HttpRequest, sha256: str | None) -> list[Filing]:
    own = Filing.objects.filter(by_id=request.user.pk, replaced_by=None).exclude(action=UNDO)
    own = own.exclude(statement__kind__in=("activity", "person")).exclude(after=None)
    if sha256 is not None:
        own = own.filter(statement__source__sha256=sha256)
    own = own.select_related("statement", "record").order_by("-id")
    return list(own[:DECIDED])


@require_POST
@login_required
def inbox_decide(request: HttpRequest) -> HttpResponse:
    """Do what the form chose (``d-ID`` = file:RECORD, new, reject or undo; ``seen-ID``; ``why-ID``), and say what came of it.

    403 where one of the statements is not the user's to file, 404 where a statement or record is not open.
    """
    if not isinstance(request.user, User):
        raise PermissionDenied
    chosen = _choices(request)
    done = decide(chosen, by=request.user, at=timezone.now()) if chosen else []
    _tell(request, done)
    after = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(after, {request.get_host()}, request.is_secure()):
        after = reverse("desk:inbox")
    return redirect(after)


def _choices(request: HttpRequest) -> list[Choice]:
    desk = desk_of(request)
    asked = {
        int(k[2:]): str(v) for k, v in request.POST.items() if k.startswith("d-") and k[2:].isdigit() and v
    }
    records = {
        int(v.partition(":")[2]) for v in asked.values() if v.startswith(f"{FILE}:") and v[5:].isdigit()
    }
    open_ids = set(open_records(desk).filter(pk__in=records).values_list("pk", flat=True))
    if records - open_ids:
        raise Http404
    statements = Statement.objects.select_related("speaker__locality").in_bulk(list(asked))
    out = []
    for pk, what in sorted(asked.items()):
        if pk not in statements or not is_open(desk, statements[pk]):
            raise Http404
        if not may_file(desk, statements[pk]):
            raise PermissionDenied
        choice = _choice(request.POST, pk, what, statements[pk])
        if choice is not None:
            out.append(choice)
    return out


def _choice(sent: QueryDict, pk: int, what: str, statement: Statement) -> Choice | None:
    """One choice of the form; None where it is none, or where a record of another kind is named."""
    seen, why = sent.get(f"seen-{pk}", ""), " ".join(sent.get(f"why-{pk}", "").split())[:REASON_MOST]
    action, _sep, record = what.partition(":")
    if not seen.isdigit() or action not in (FILE, NEW, REJECT, UNDO):
        return None
    if action == FILE:
        if not record.isdigit() or not Record.objects.filter(pk=record, kind=statement.kind).exists():
            return None
        return Choice(pk, int(seen), FILE, int(record), why or FILE)
    if action == REJECT and not why:
        return None
    return Choice(pk, int(seen), action, None, why or action)


def _tell(request: HttpRequest, done: list[Done]) -> None:
    won = [d for d in done if d.filing is not None]
    filed = sum(d.choice.action in (FILE, NEW) for d in won)
    aside, undone = sum(d.choice.action == REJECT for d in won), sum(d.choice.action == UNDO for d in won)
    if filed:
        messages.success(
            request, ngettext("%(n)s statement filed.", "%(n)s statements filed.", filed) % {"n": filed}
        )
    if aside:
        messages.success(
            request,
            ngettext("%(n)s statement put aside.", "%(n)s statements put aside.", aside) % {"n": aside},
        )
    if undone:
        messages.success(
            request, ngettext("%(n)s decision undone.", "%(n)s decisions undone.", undone) % {"n": undone}
        )
    late = [d for d in done if d.filing is None]
    for one in late:
        who = (
            one.now.by.get_username() if one.now is not None and one.now.by is not None else _("the program")
        )
        messages.warning(
            request,
            _("Someone else decided first (%(who)s): nothing was changed there. Look again.") % {"who": who},
        )
    missing = [
        k
        for k in request.POST
        if k.startswith("d-")
        and request.POST[k] == REJECT
        and not request.POST.get(f"why-{k[2:]}", "").strip()
    ]
    if missing:
        messages.error(
            request, _("To put a statement aside needs a reason: nothing was done where it was missing.")
        )
    if not done and not missing:
        messages.info(request, _("Nothing was chosen."))
