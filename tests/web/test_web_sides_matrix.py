"""Who may do what: every row of ``tests/cases/side_matrix.tsv``, on the desk and on the API."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import reverse
from web_cast import PASSWORD, Cast

from hoptac.desk.answers import state_of
from hoptac.ledger.models import Link, Membership, Party, Record, Statement

TABLE = Path(__file__).parents[1] / "cases" / "side_matrix.tsv"
ROLES = ("viewer", "officer", "reviewer", "administrator", "stranger", "public")
SIDES = ("own", "other", "none")
STATES = ("read", "mine", "theirs", "both", "disputed")
SCAN = b"%PDF-1.4 a letter"


@dataclass(frozen=True)
class Case:
    action: str
    role: str
    side: str
    state: str
    web: str
    api: str


def cases() -> list[Case]:
    """The table with every "*" and "|" written out."""
    lines = [line for line in TABLE.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    out: list[Case] = []
    for row in csv.DictReader(lines, delimiter="\t"):
        each = [
            list(every) if row[column] == "*" else row[column].split("|")
            for column, every in (("role", ROLES), ("side", SIDES), ("state", STATES))
        ]
        out += [
            Case(row["action"], role, side, state, row["web"], row["api"])
            for role, side, state in product(*each)
        ]
    return out


def test_the_table_is_whole() -> None:
    """Each action has every role, every side or none at all, every state or none at all; each combination once."""
    found = Counter((c.action, c.role, c.side, c.state) for c in cases())
    assert [key for key, n in found.items() if n > 1] == []
    for action in {c.action for c in cases()}:
        mine = [c for c in cases() if c.action == action]
        sides = ("-",) if mine[0].side == "-" else SIDES
        states = ("-",) if mine[0].state == "-" else STATES
        assert {(c.role, c.side, c.state) for c in mine} == set(product(ROLES, sides, states)), action
    assert {c.web for c in cases()} == {"allowed", "login", "403", "404", "405"}


class Stage:
    """A record in one state, and the people who come to it."""

    def __init__(self, cast: Cast, state: str) -> None:
        self.cast = cast
        self.own, self.other = Party.objects.get(code="01"), Party.objects.get(code="11")
        self.record = cast.record("Tiểu học")
        self.work = Record.objects.live().get(kind="activity", title__contains="Tiểu học")
        self.ask = cast.record("bác sĩ", "ask")
        administrator = User.objects.create_user("quantri", password=PASSWORD)
        Membership.objects.create(user=administrator, party=self.own, role="administrator")
        viewer = User.objects.create_user("xem.hanoi", password=PASSWORD)
        Membership.objects.create(user=viewer, party=self.own, role="viewer")
        self.people = {
            "viewer": viewer,
            "officer": cast.ha_noi,
            "reviewer": cast.reviewer,
            "administrator": administrator,
            "stranger": cast.stranger,
        }
        self.clients = {role: self._client(role) for role in ROLES}
        if state in ("mine", "both", "disputed"):
            self._say(cast.ha_noi, self.own, say="confirm")
        if state in ("theirs", "both"):
            self._say(cast.dien_bien, self.other, say="confirm")
        if state == "disputed":
            self._say(cast.dien_bien, self.other, say="otherwise", amount="64.500.000.000")
        self.record.refresh_from_db()
        expected = {"read": "read", "both": "both_sides", "disputed": "disputed"}
        assert state == "-" or self.record.standing == expected.get(state, "one_side")

    def _client(self, role: str) -> Client:
        client = Client()
        if role in self.people:
            client.force_login(self.people[role])
        return client

    def _say(self, user: User, party: Party, **more: str) -> None:
        client = Client()
        client.force_login(user)
        answer = client.post(
            reverse("desk:record-answer", args=[self.record.slug]), self.form("own", party=party) | more
        )
        assert answer.status_code == 302, answer.content.decode()

    def form(
        self, side: str, *, party: Party | None = None, record: Record | None = None
    ) -> dict[str, object]:
        who = party or {"own": self.own, "other": self.other}.get(side)
        named = {"party": str(who.pk)} if who is not None else {}
        return {
            "form_uid": str(uuid4()),
            "state": state_of(record or self.record),
            "reason": "Theo Báo cáo số 12/BC-UBND",
            "amount": "65000000000",
            "year": "2024",
            "status": "done",
            **named,
        }

    def act(self, case: Case) -> Any:
        client, slug = self.clients[case.role], [self.record.slug]
        answer = reverse("desk:record-answer", args=slug)
        party = {k: v for k, v in self.form(case.side).items() if k == "party"}
        doing: dict[str, Callable[[], Any]] = {
            "open": lambda: client.get(reverse("desk:record", args=slug)),
            "open_post": lambda: client.post(reverse("desk:record", args=slug)),
            "history": lambda: client.get(reverse("desk:record-history", args=slug)),
            "history_csv": lambda: client.get(reverse("desk:record-history-csv", args=slug)),
            "confirm": lambda: client.post(answer, self.form(case.side) | {"say": "confirm"}),
            "confirm_get": lambda: client.get(answer),
            "dispute": lambda: client.post(
                answer, self.form(case.side) | {"say": "otherwise", "amount": "61.000.000.000"}
            ),
            "letter": lambda: client.post(
                answer,
                self.form(case.side)
                | {
                    "say": "confirm",
                    "letter_number": "12/UBND",
                    "letter_scan": SimpleUploadedFile("a.pdf", SCAN),
                },
            ),
            "paper": lambda: client.post(
                reverse("desk:record-paper", args=slug),
                party | {"number": "Biên bản", "scan": SimpleUploadedFile("a.pdf", SCAN)},
            ),
            "tie": lambda: client.post(
                reverse("desk:record-tie", args=slug),
                party | {"relation": "carries_out", "to": self.ask.slug},
            ),
            "version": lambda: client.post(
                reverse("desk:record-version", args=[self.work.slug]),
                {
                    "form_uid": str(uuid4()),
                    "state": state_of(self.work),
                    "name": self.work.title,
                    "stage_code": "in_use",
                    "stage_on": "2024-09-05",
                    **party,
                },
            ),
            "begin": lambda: client.post(
                reverse("desk:new", args=[self.cast.cooperation.slug, "ask"]),
                {"form_uid": str(uuid4()), "kind": "request", "about": "cử giáo viên", **party},
            ),
            "waiting": lambda: client.get(reverse("desk:mine")),
            "users": lambda: client.get(reverse("desk:users")),
            "users_add": lambda: client.post(
                reverse("desk:users-add"), {"name": "moi", "party": str(self.own.pk), "role": "viewer"}
            ),
            "audit": lambda: client.get(reverse("desk:audit")),
            "account": lambda: client.get(reverse("desk:account")),
        }
        return doing[case.action]()

    def ask_api(self, case: Case) -> Any:
        """The same of the API: it reads what is public, and writes nothing for anybody."""
        client = self.clients[case.role]
        if case.action in ("open", "confirm_get"):
            return client.get(f"/api/v1/records/{self.record.slug}")
        writes = ("open_post", "confirm", "dispute", "letter", "paper", "tie", "version")
        if case.action in writes:
            return client.post(f"/api/v1/records/{self.record.slug}", {}, content_type="application/json")
        if case.action.startswith("history"):
            return client.get(f"/api/v1/records/{self.record.slug}/history")
        return client.get(f"/api/v1/{case.action}")


class _UndoneError(Exception):
    """Raised to undo what a case did."""


@contextmanager
def undone() -> Iterator[None]:
    """What is done inside did not happen."""
    try:
        with transaction.atomic():
            yield
            raise _UndoneError
    except _UndoneError:
        return


def outcome(response: Any) -> str:
    if response.status_code in (301, 302) and response["Location"].startswith(reverse("account_login")):
        return "login"
    return "allowed" if response.status_code in (200, 201, 302) else str(response.status_code)


WRITES = {"confirm", "dispute", "letter", "version", "begin"}


@pytest.mark.parametrize("state", (*STATES, "-"))
def test_every_row(cast: Cast, state: str, subtests: pytest.Subtests) -> None:
    stage = Stage(cast, state)
    for case in cases():
        if case.state != state:
            continue
        with subtests.test(action=case.action, role=case.role, side=case.side), undone():
            before, ties = Statement.objects.count(), Link.objects.count()
            found = outcome(stage.act(case))
            assert found == case.web, case
            added = list(Statement.objects.order_by("-seq")[: Statement.objects.count() - before])
            if found == "allowed" and case.action in WRITES:
                assert [s.speaker_id for s in added] == [stage.own.pk], "one statement, of one's own side"
            else:
                assert added == []
            assert Link.objects.count() - ties == int(found == "allowed" and case.action in ("paper", "tie"))
            assert outcome(stage.ask_api(case)) == case.api, case
