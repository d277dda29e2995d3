"""What people did (nhật ký), for administrators: signing in, roles, exports, and what was said, filed and tied by whom."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import User
from django.db.models import CharField, F, QuerySet, Value
from django.db.models.functions import Cast
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import get_current_timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from hoptac.accounts.audit import people_of
from hoptac.accounts.models import ACTIONS, Event
from hoptac.desk.users import administrator_of
from hoptac.ledger.models import Filing, Link, Membership, Statement
from hoptac.screens.labels import label
from hoptac.screens.lists import page_of
from hoptac.screens.tables import csv_answer

EVERY_ACTION = (*ACTIONS, "spoke", "filed", "linked")
PER_PAGE = 50


@dataclass(frozen=True)
class Wish:
    """What the log was asked for: one action, one user, from a day to a day."""

    action: str
    user: str
    since: date | None
    until: date | None
    oldest: bool

    @classmethod
    def of(cls, request: HttpRequest) -> Wish:
        def day(name: str) -> date | None:
            try:
                return date.fromisoformat(request.GET.get(name, ""))
            except ValueError:
                return None

        action = request.GET.get("action", "")
        return cls(
            action if action in EVERY_ACTION else "",
            request.GET.get("user", "")[:150],
            day("since"),
            day("until"),
            request.GET.get("sort") == "at",
        )

    @property
    def narrowed(self) -> bool:
        return bool(self.action or self.user or self.since or self.until)

    def query(self) -> str:
        parts = {
            "action": self.action,
            "user": self.user,
            "since": self.since.isoformat() if self.since else "",
            "until": self.until.isoformat() if self.until else "",
            "sort": "at" if self.oldest else "",
        }
        return urlencode({k: v for k, v in parts.items() if v})


@dataclass(frozen=True)
class Row:
    """One thing that somebody did. ``slug`` leads to the record that it was about, "" where it was none."""

    at: datetime
    action: str
    user: str
    about: str
    slug: str
    address: str


def log_of(administrator: User, wish: Wish) -> QuerySet[Any, dict[str, Any]]:
    """What the people of the administrator's parties did, newest first: one query over four tables."""
    people: Any = None
    if not administrator.is_superuser:
        sides = Membership.objects.filter(user=administrator, role="administrator").values_list(
            "party_id", flat=True
        )
        people = people_of(frozenset(sides)).values("user_id")

    def narrowed(rows: QuerySet[Any], user: str, at: str) -> QuerySet[Any]:
        if people is not None:
            rows = rows.filter(**{f"{user}__in": people})
        if wish.user:
            rows = rows.filter(**{f"{user.removesuffix('_id')}__username__icontains": wish.user})
        zone = get_current_timezone()
        if wish.since:
            rows = rows.filter(**{f"{at}__gte": datetime.combine(wish.since, datetime.min.time(), zone)})
        if wish.until:
            rows = rows.filter(**{f"{at}__lte": datetime.combine(wish.until, datetime.max.time(), zone)})
        return rows

    def columns(
        rows: QuerySet[Any], action: Any, user: str, at: str, about: Any, slug: Any, address: Any
    ) -> QuerySet[Any, dict[str, Any]]:
        return rows.order_by().values(
            told_at=F(at),
            told_action=action,
            told_user=F(f"{user}__username"),
            told_about=about,
            told_slug=slug,
            told_address=address,
            told_key=F("pk"),
        )

    empty = Value("", output_field=CharField())
    kinds = {
        "spoke": columns(
            narrowed(Statement.objects.filter(signer__isnull=False), "signer_id", "made_at"),
            Value("spoke", output_field=CharField()), "signer", "made_at", F("reason"),
            empty, empty,
        ),
        "filed": columns(
            narrowed(Filing.objects.filter(by__isnull=False), "by_id", "made_at"),
            Value("filed", output_field=CharField()), "by", "made_at", F("reason"), F("record__slug"), empty,
        ),
        "linked": columns(
            narrowed(Link.objects.all(), "by_id", "made_at"),
            Value("linked", output_field=CharField()), "by", "made_at", F("reason"), F("record__slug"), empty,
        ),
    }  # fmt: skip
    events = Event.objects.filter(action=wish.action) if wish.action in ACTIONS else Event.objects.all()
    own = columns(
        narrowed(events, "user_id", "at"), F("action"), "user", "at", F("about"), empty,
        Cast("address", CharField()),
    )  # fmt: skip
    if wish.action in kinds:
        found = kinds[wish.action]
    elif wish.action:
        found = own
    else:
        found = own.union(*kinds.values(), all=True)
    order = ("told_at", "told_key") if wish.oldest else ("-told_at", "-told_key")
    return found.order_by(*order)


def rows(found: Any) -> Iterator[Row]:
    for row in found:
        slug = row["told_slug"] or ""
        yield Row(
            row["told_at"],
            row["told_action"],
            row["told_user"] or "",
            row["told_about"],
            slug if row["told_action"] != "spoke" else "",
            (row["told_address"] or "").split("/")[0],
        )


@require_safe
@login_required
def audit(request: HttpRequest) -> HttpResponse:
    administrator, wish = administrator_of(request), Wish.of(request)
    page = page_of(log_of(administrator, wish), request.GET, PER_PAGE)
    context = {
        "page": page,
        "rows": list(rows(page.object_list)),
        "wish": wish,
        "actions": [(code, label("audit", code)) for code in EVERY_ACTION],
    }
    return render(request, "desk/audit.html", context)


@require_safe
@login_required
def audit_csv(request: HttpRequest) -> HttpResponse:
    administrator, wish = administrator_of(request), Wish.of(request)
    columns = (
        (_("When"), lambda r: r.at.isoformat()),
        (_("User name"), lambda r: r.user),
        (_("What"), lambda r: label("audit", r.action)),
        (_("About"), lambda r: r.about),
        (_("From the address"), lambda r: r.address),
    )
    return csv_answer("audit", columns, rows(log_of(administrator, wish)))
