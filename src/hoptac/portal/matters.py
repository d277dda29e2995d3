"""Promises and requests, meetings (lời hứa, đề nghị, buổi làm việc): what was asked for and promised, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import F, Q, QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from hoptac.ledger.ladder import DECLINED, LATENESS, SOON, STAGES, Reached, lateness
from hoptac.ledger.models import Record
from hoptac.portal.served import public_page
from hoptac.portal.show import Meta, show
from hoptac.screens.labels import choices, label
from hoptac.screens.lists import RecordFilter, page_of
from hoptac.screens.tables import csv_answer
from hoptac.screens.templatetags.hoptac import heading, names
from hoptac.screens.visible import public_cooperations, public_records

OPEN = ("asked", "pledged", "planned", "funded", "needs_repair")
ORDERS = {"title": "title_key", "due": "due", "stage": "stage", "year": "year"}


@dataclass(frozen=True)
class Wish:
    """What the list of promises was asked for. ``kind`` is that of the ask: request, pledge, instruction."""

    records: RecordFilter
    ask: str
    stage: str
    late: str
    sort: str

    @classmethod
    def of(cls, query: QueryDict) -> Wish:
        def known(name: str, codes: Any) -> str:
            value = query.get(name, "")
            return value if value in codes else ""

        return cls(
            RecordFilter.of(query),
            known("ask", [code for code, _name in choices("ask")]),
            known("stage", (*STAGES, DECLINED, "open")),
            known("late", LATENESS),
            known("sort", (*ORDERS, *(f"-{key}" for key in ORDERS))),
        )

    @property
    def narrowed(self) -> bool:
        return self.records.narrowed or bool(self.ask or self.stage or self.late)

    def query(self) -> str:
        """The wish as the tail of an address."""
        own = {"ask": self.ask, "stage": self.stage, "late": self.late, "sort": self.sort}
        kept = {"q": self.records.q, "cooperation": self.records.cooperation, "year": self.records.year}
        return urlencode({k: v for k, v in (kept | own).items() if v})

    def apply(self, records: QuerySet[Record], today: date) -> QuerySet[Record]:
        pledged = Q(kind="contribution", fact__status__in=("pledged", "requested"))
        found = self.records.apply(records.filter(Q(kind="ask") | pledged))
        if self.ask:
            found = found.filter(kind="ask", values__kind=self.ask)
        if self.stage == "open":
            found = found.filter(stage__in=OPEN)
        elif self.stage:
            found = found.filter(stage=self.stage)
        if self.late:
            found = found.filter(late_when(self.late, today))
        column = ORDERS.get(self.sort.removeprefix("-"), "year")
        down = self.sort.startswith("-") or not self.sort
        return found.order_by(
            F(column).desc(nulls_last=True) if down else F(column).asc(nulls_last=True), "-id"
        )


def late_when(code: str, today: date) -> Q:
    """The condition of records that stand so on a day, as ``ladder.lateness`` has it."""
    open_, soon = Q(met=False), today + timedelta(SOON)
    return {
        "met": Q(met=True),
        "no_date": open_ & Q(due=None),
        "late": open_ & Q(due__lt=today),
        "soon": open_ & Q(due__gte=today, due__lte=soon),
        "open": open_ & Q(due__gt=soon),
    }[code]


@dataclass(frozen=True)
class Row:
    """A promise or request on the list."""

    record: Record
    late: str
    days: int | None


def row_of(record: Record, today: date) -> Row:
    late, days = lateness(record.kind, record.values, Reached(record.stage), today)
    return Row(record, late, days)


@public_page
def promises(request: HttpRequest) -> HttpResponse:
    wish, today = Wish.of(request.GET), timezone.localdate()
    page = page_of(wish.apply(public_records(), today).select_related("fact"), request.GET)
    context = {
        "page": page,
        "rows": [row_of(r, today) for r in page.object_list],
        "wish": wish,
        "asks": choices("ask"),
        "stages": [(code, label("stage", code)) for code in (*STAGES[1:], DECLINED)],
        "lates": [(code, label("lateness", code)) for code in LATENESS],
        "cooperations": public_cooperations().values_list("slug", "name"),
    }
    about = _("What was asked for and promised, until when, and what came of it.")
    return show(request, "portal/promises.html", context, Meta(_("Promises and requests"), about))


@require_safe
def promises_csv(request: HttpRequest) -> HttpResponse:
    wish, today = Wish.of(request.GET), timezone.localdate()
    rows = [row_of(r, today) for r in wish.apply(public_records(), today).select_related("fact")]
    columns = (
        (_("Kind"), lambda row: kind_of(row.record)),
        (_("What"), lambda row: heading(row.record)),
        (_("By"), lambda row: names(row.record.values.get("by") or row.record.values.get("funder"))),
        (_("To"), lambda row: names(row.record.values.get("to") or row.record.values.get("recipient"))),
        (_("Stage"), lambda row: label("stage", row.record.stage or "unknown")),
        (_("Due"), lambda row: row.record.values.get("due")),
        (_("In time"), lambda row: label("lateness", row.late)),
        (_("Answer"), lambda row: answer_of(row.record)),
        (_("Standing"), lambda row: label("standing", row.record.standing)),
        (
            _("Address"),
            lambda row: request.build_absolute_uri(reverse("portal:record", args=[row.record.slug])),
        ),
    )
    return csv_answer("promises", columns, rows)


def kind_of(record: Record) -> str:
    """ "Request", "pledge"; a sum that was promised is called by its state."""
    if record.kind == "ask" and record.values.get("kind"):
        return label("ask", record.values["kind"])
    return label("status", record.values.get("status") or "")


def answer_of(record: Record) -> str:
    code = record.values.get("outcome")
    return ". ".join(filter(None, (label("outcome", code) if code else "", record.values.get("answer"))))


@public_page
def meetings(request: HttpRequest) -> HttpResponse:
    wish = RecordFilter.of(request.GET)
    found = wish.apply(public_records().filter(kind="meeting"))
    context = {
        "page": page_of(found, request.GET),
        "wish": wish,
        "cooperations": public_cooperations().values_list("slug", "name"),
    }
    return show(request, "portal/meetings.html", context, Meta(_("Meetings and visits")))


@require_safe
def meetings_csv(request: HttpRequest) -> HttpResponse:
    found = RecordFilter.of(request.GET).apply(public_records().filter(kind="meeting"))
    columns = (
        (_("What"), heading),
        (_("Day"), lambda r: r.values.get("date")),
        (_("Place"), lambda r: names(r.values.get("place"))),
        (_("Parties"), lambda r: names(r.values.get("parties"))),
        (_("About"), lambda r: r.values.get("about")),
        (_("Standing"), lambda r: label("standing", r.standing)),
        (_("Address"), lambda r: request.build_absolute_uri(reverse("portal:record", args=[r.slug]))),
    )
    return csv_answer("meetings", columns, found)
