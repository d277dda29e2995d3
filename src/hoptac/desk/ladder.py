"""How far matters have come (bảng theo dõi): asks, pledges, works; what is late, what has no date, who follows it up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.db.models import F, Q, QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from hoptac.ledger.ladder import DECLINED, LATENESS, SOON, STAGES, Reached, lateness
from hoptac.ledger.models import Record
from hoptac.screens.access import desk_of, open_cooperations, open_records
from hoptac.screens.labels import label
from hoptac.screens.lists import RecordFilter, page_of
from hoptac.screens.tables import csv_answer
from hoptac.screens.templatetags.hoptac import heading, names

OPEN = ("asked", "pledged", "planned", "funded", "needs_repair")
KINDS = ("ask", "activity", "contribution")
ORDERS = {"title": "title_key", "due": "due", "stage": "stage", "kind": "kind"}


@dataclass(frozen=True)
class Wish:
    """What the list was asked for. Without a stage: matters that are still open."""

    records: RecordFilter
    stage: str
    late: str
    sort: str

    @classmethod
    def of(cls, query: QueryDict) -> Wish:
        def known(name: str, codes: tuple[str, ...]) -> str:
            value = query.get(name, "")
            return value if value in codes else ""

        sorts = (*ORDERS, *(f"-{key}" for key in ORDERS))
        return cls(
            RecordFilter.of(query),
            known("stage", (*STAGES, DECLINED, "all")),
            known("late", LATENESS),
            known("sort", sorts),
        )

    @property
    def narrowed(self) -> bool:
        return self.records.narrowed or bool(self.stage or self.late)

    def query(self) -> str:
        """The wish as the tail of an address."""
        parts = {"stage": self.stage, "late": self.late, "sort": self.sort}
        own = urlencode({k: v for k, v in parts.items() if v})
        kept = "&".join(p for p in self.records.query().split("&") if p and not p.startswith("sort="))
        return "&".join(filter(None, (kept, own)))

    def apply(self, records: QuerySet[Record], today: date) -> QuerySet[Record]:
        found = self.records.apply(records.filter(kind__in=KINDS))
        if self.stage in ("", "all"):
            found = found.filter(stage__in=OPEN) if not self.stage and not self.late else found
        else:
            found = found.filter(stage=self.stage)
        if self.late:
            found = found.filter(late_when(self.late, today))
        column = ORDERS.get(self.sort.removeprefix("-"), "due")
        first = (
            F(column).desc(nulls_last=True) if self.sort.startswith("-") else F(column).asc(nulls_last=True)
        )
        return found.order_by(first, "-year", "id")


def late_when(code: str, today: date) -> Q:
    """The condition of records that stand so on a day, as ``ladder.lateness`` has it."""
    open_ = Q(met=False)
    return {
        "met": Q(met=True),
        "no_date": open_ & Q(due=None),
        "late": open_ & Q(due__lt=today),
        "soon": open_ & Q(due__gte=today, due__lte=today + timedelta(SOON)),
        "open": open_ & Q(due__gt=today + timedelta(SOON)),
    }[code]


@dataclass(frozen=True)
class Row:
    """A matter on the list."""

    record: Record
    late: str
    days: int | None


def row_of(record: Record, today: date) -> Row:
    late, days = lateness(record.kind, record.values, Reached(record.stage), today)
    return Row(record, late, days)


@require_safe
@login_required
def ladder(request: HttpRequest) -> HttpResponse:
    desk, wish, today = desk_of(request), Wish.of(request.GET), timezone.localdate()
    page = page_of(wish.apply(open_records(desk), today), request.GET)
    context: dict[str, Any] = {
        "page": page,
        "rows": [row_of(r, today) for r in page.object_list],
        "wish": wish,
        "kinds": [(kind, label("kind", kind)) for kind in KINDS],
        "stages": [(code, label("stage", code)) for code in (*STAGES[1:], DECLINED)],
        "lates": [(code, label("lateness", code)) for code in LATENESS],
        "cooperations": open_cooperations(desk).values_list("slug", "name"),
        "today": today,
    }
    return render(request, "desk/ladder.html", context)


@require_safe
@login_required
def ladder_csv(request: HttpRequest) -> HttpResponse:
    wish, today = Wish.of(request.GET), timezone.localdate()
    rows = [row_of(r, today) for r in wish.apply(open_records(desk_of(request)), today)]
    columns = (
        (_("Kind"), lambda row: label("kind", row.record.kind)),
        (_("What"), lambda row: heading(row.record)),
        (_("By"), lambda row: names(row.record.values.get("by") or row.record.values.get("funder"))),
        (_("To"), lambda row: names(row.record.values.get("to") or row.record.values.get("recipient"))),
        (_("Stage"), lambda row: label("stage", row.record.stage or "unknown")),
        (_("In charge"), lambda row: row.record.values.get("owner")),
        (_("Due"), lambda row: row.record.values.get("due")),
        (_("In time"), lambda row: label("lateness", row.late)),
        (_("Days late"), lambda row: row.days if row.late == "late" else None),
        (_("Answer"), lambda row: _answer(row.record)),
        (_("Standing"), lambda row: label("standing", row.record.standing)),
        (
            _("Address"),
            lambda row: request.build_absolute_uri(reverse("desk:record", args=[row.record.slug])),
        ),
    )
    return csv_answer("ladder", columns, rows)


def _answer(record: Record) -> str:
    code = record.values.get("outcome")
    return ". ".join(filter(None, (label("outcome", code) if code else "", record.values.get("answer"))))
