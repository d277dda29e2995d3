"""The whole history of a record (lịch sử hồ sơ): every statement, filing, tie and paper, who and when, each with its hash."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from hoptac.ledger.models import Filing, Link, Party, Record, Statement
from hoptac.screens.access import record_for
from hoptac.screens.labels import label
from hoptac.screens.lists import LONGEST_SEARCH, page_of
from hoptac.screens.tables import csv_answer
from hoptac.screens.templatetags.hoptac import shown
from hoptac.text.fold import search_key

KINDS = ("opened", "statement", "filing", "tie")
PER_PAGE = 50


@dataclass(frozen=True)
class Change:
    """One value that a statement gives otherwise than the statement whose place it takes."""

    name: str
    before: Any
    after: Any


@dataclass(frozen=True)
class Step:
    """Something that happened to a record. ``hash`` of statements; ``by`` is a user's name, "" for the program."""

    at: datetime
    kind: str
    what: str
    by: str
    party: str
    reason: str = ""
    hash: str = ""
    seq: int | None = None
    gone: bool = False
    values: tuple[tuple[str, Any], ...] = ()
    changes: tuple[Change, ...] = ()
    source: Any = None

    @property
    def words(self) -> str:
        """What a search looks in."""
        told = " ".join(str(v) for _, v in self.values)
        return search_key(" ".join((self.what, self.by, self.party, self.reason, self.hash, told)))


def steps_of(record: Record) -> list[Step]:
    """Everything that happened to a record, oldest first, in four queries."""
    filings = list(
        Filing.objects.filter(statement__filings__record=record)
        .select_related("by", "record")
        .order_by("id")
        .distinct()
    )
    ids = {f.statement_id for f in filings}
    statements = list(
        Statement.objects.filter(pk__in=ids)
        .select_related("speaker", "source", "signer", "supersedes", "superseded_by")
        .defer("source__text", "source__layout")
        .order_by("seq")
    )
    steps = [Step(record.opened_at, "opened", _("record opened"), "", "")]
    steps += [_told(s, record) for s in statements]
    steps += [_filed(f, record) for f in filings]
    links = Link.objects.filter(Q(record=record) | Q(to=record)).select_related(
        "record", "to", "paper", "party", "by"
    )
    steps += [_tied(link, record) for link in links.order_by("id")]
    return sorted(steps, key=lambda s: (s.at, KINDS.index(s.kind), s.seq or 0))


def _told(s: Statement, record: Record) -> Step:
    speaker: Party | None = s.speaker
    who = speaker.name if speaker else (s.source.outlet or s.source.name if s.source else "")
    values = tuple((name, value) for name, value in s.values.items())
    changes: tuple[Change, ...] = ()
    if s.supersedes is not None:
        old = s.supersedes.values
        names = [*old, *(n for n in s.values if n not in old)]
        changes = tuple(
            Change(n, old.get(n), s.values.get(n)) for n in names if old.get(n) != s.values.get(n)
        )
    return Step(
        s.made_at,
        "statement",
        _("stated anew, in the place of the side's earlier word") if s.supersedes_id else _("stated"),
        s.signer.get_username() if s.signer else "",
        who,
        s.reason,
        s.hash,
        s.pk,
        hasattr(s, "superseded_by"),
        values,
        changes,
        s.source,
    )


def _filed(f: Filing, record: Record) -> Step:
    if f.action == "file" and f.record_id == record.pk:
        what = _("a statement was filed here")
    elif f.action == "file":
        what = _("a statement was filed elsewhere")
    elif f.action == "reject":
        what = _("a statement was rejected")
    elif f.action == "wait":
        what = _("a statement waits to be filed")
    else:
        what = _("a filing was undone")
    return Step(
        f.made_at, "filing", what, f.by.get_username() if f.by else "", "", f.reason, "", f.statement_id
    )


def _tied(link: Link, record: Record) -> Step:
    other = link.paper or (link.to if link.record_id == record.pk else link.record)
    relation = label("relation", link.relation)
    what = _("tied") if link.action == "link" else _("tie undone")
    return Step(
        link.made_at,
        "tie",
        f"{what} ({relation}): {other}",
        link.by.get_username(),
        link.party.name,
        link.reason,
    )


@dataclass(frozen=True)
class Wish:
    """What the history was asked for."""

    q: str
    kind: str
    newest: bool

    @classmethod
    def of(cls, request: HttpRequest) -> Wish:
        kind = request.GET.get("kind", "")
        return cls(
            request.GET.get("q", "")[:LONGEST_SEARCH].strip(),
            kind if kind in KINDS else "",
            request.GET.get("sort") == "-at",
        )

    def apply(self, steps: Iterable[Step]) -> list[Step]:
        words = search_key(self.q).split()
        found = [
            s for s in steps if (not self.kind or s.kind == self.kind) and all(w in s.words for w in words)
        ]
        return found[::-1] if self.newest else found


@require_safe
@login_required
def history(request: HttpRequest, slug: str) -> HttpResponse:
    found, _may_write = record_for(request, slug)
    wish = Wish.of(request)
    steps = steps_of(found)
    context = {
        "record": found,
        "page": page_of(wish.apply(steps), request.GET, PER_PAGE),
        "total": len(steps),
        "wish": wish,
        "kinds": [
            ("statement", _("Statements")),
            ("filing", _("Filings")),
            ("tie", _("Ties and papers")),
        ],
        "query": request.GET.urlencode(),
    }
    return render(request, "desk/history.html", context)


@require_safe
@login_required
def history_csv(request: HttpRequest, slug: str) -> HttpResponse:
    found, _may_write = record_for(request, slug)
    columns = (
        (_("When"), lambda s: s.at.isoformat()),
        (_("What"), lambda s: s.what),
        (_("Who says so"), lambda s: s.party),
        (_("By"), lambda s: s.by or _("the program")),
        (_("Reason"), lambda s: s.reason),
        (
            _("Values"),
            lambda s: "; ".join(
                f"{label('value', n)}: {_flat(shown(v, n, found.kind))}" for n, v in s.values
            ),
        ),
        (_("Number"), lambda s: s.seq),
        (_("Hash"), lambda s: s.hash),
    )
    return csv_answer(f"history-{found.slug}"[:80], columns, Wish.of(request).apply(steps_of(found)))


def _flat(html: str) -> str:
    from django.utils.html import strip_tags

    return strip_tags(html)
