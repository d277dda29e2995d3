"""A small ledger for the review's tests: two sides, contributions of every sort, promises, asks, a meeting; told by officers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.contrib.auth.models import User

from hoptac.ledger.canonical import digest
from hoptac.ledger.filing import Shelf, file_statement, filed_under, move_statement
from hoptac.ledger.models import Cooperation, Membership, Party, Record, Source, Statement
from hoptac.ledger.parties import ensure_party
from hoptac.ledger.records import rebuild
from hoptac.ledger.statements import Draft, append
from hoptac.review.flow import open_review
from hoptac.review.models import Review

WHEN = datetime(2024, 11, 20, 2, 30, tzinfo=UTC)
PASSWORD = "sen-trang-ho-tay-2026"
HA_NOI, DIEN_BIEN = {"name": "Hà Nội", "code": "01"}, {"name": "Điện Biên", "code": "11"}


def given(what: str, **more: Any) -> dict[str, Any]:
    """The values of a contribution from Hà Nội to Điện Biên; ``amount`` in whole đồng or a dict."""
    values: dict[str, Any] = {
        "funder": [HA_NOI], "recipient": [DIEN_BIEN], "what": what, "act": "build", "status": "done", "field": "education",
    }  # fmt: skip
    amount = more.pop("amount", None)
    if amount is not None:
        values["amount"] = amount if isinstance(amount, dict) else {"value": str(amount), "currency": "VND"}
    return {**values, **more}


@dataclass
class Cast:
    """Who and what there is. ``say`` adds a statement of a side's officer and files it."""

    cooperation: Cooperation
    ha_noi: Party
    dien_bien: Party
    officers: dict[str, User]
    said: int = 0

    def say(
        self,
        kind: str,
        values: dict[str, Any],
        *,
        side: Party | None = None,
        supersedes: Statement | None = None,
        record: Record | None = None,
        source: Source | None = None,
    ) -> Statement:
        self.said += 1
        speaker = side or self.dien_bien
        user = self.officers["ha_noi" if speaker.pk == self.ha_noi.pk else "dien_bien"]
        at = WHEN + timedelta(minutes=self.said)
        draft = Draft(
            kind=kind, values=values, key=digest(["test", self.said]), speaker=speaker, signer=user,
            reason="công văn", supersedes=supersedes, source=source,
        )  # fmt: skip
        [(statement, _new)] = append([draft], made_at=at)
        if record is not None:
            move_statement(statement, record, by=user, reason="cùng một việc", made_at=at)
            rebuild([record.pk])
        elif kind != "person":
            found, _new = file_statement(statement, shelf=Shelf(), made_at=at)
            assert found is not None, values
            rebuild([found.pk])
        return statement

    def record_of(self, statement: Statement) -> Record:
        filing = filed_under(statement)
        assert filing is not None and filing.record is not None
        return filing.record

    def review(self, first: int = 2011, last: int = 2024) -> Review:
        made, _new = open_review(
            self.cooperation, first, last, side=self.dien_bien, by=self.officers["dien_bien"], at=WHEN + timedelta(days=1)
        )  # fmt: skip
        return made


def raise_cast() -> Cast:
    ha_noi, dien_bien = ensure_party("Hà Nội", "01"), ensure_party("Điện Biên", "11")

    def user(name: str, party: Party, role: str) -> User:
        made = User.objects.create_user(name, password=PASSWORD)
        Membership.objects.create(user=made, party=party, role=role)
        return made

    officers = {
        "ha_noi": user("canbo.hanoi", ha_noi, "officer"),
        "dien_bien": user("canbo.dienbien", dien_bien, "officer"),
        "administrator": user("quantri", dien_bien, "administrator"),
        "reviewer": user("duyet", ha_noi, "reviewer"),
        "viewer": user("nguoixem", dien_bien, "viewer"),
        "stranger": user("nguoila", ensure_party("Cà Mau", "96"), "officer"),
    }
    cast = Cast(Cooperation(), ha_noi, dien_bien, officers)
    first = cast.say("contribution", given("Trường THPT chuyên Lê Quý Đôn", amount=2_400_000_000, year=2011))
    cast.cooperation = cast.record_of(first).cooperations.get()
    return cast


def furnish(cast: Cast) -> None:
    """All that a review can tell of."""
    say = cast.say
    both = say("contribution", given("Trường Mầm non số 2 Sam Mứn", amount=9_989_000_000, year=2012,
                                     place={"name": "huyện Điện Biên"}))  # fmt: skip
    say("contribution", given("Trường Mầm non số 2 Sam Mứn", amount=9_989_000_000, year=2012,
                              place={"name": "huyện Điện Biên"}), side=cast.ha_noi, record=cast.record_of(both))  # fmt: skip
    differs = say(
        "contribution", given("Trạm y tế xã Na Tông", amount=2_600_000_000, year=2023, field="health")
    )
    say("contribution", given("Trạm y tế xã Na Tông", amount=2_500_000_000, year=2023, field="health"), side=cast.ha_noi,
        record=cast.record_of(differs))  # fmt: skip
    say(
        "contribution",
        given(
            "Xe cứu thương",
            amount={"value": "90000", "currency": "USD"},
            year=2020,
            field="health",
            act="equip",
        ),
    )
    say("contribution", given("Đường vào bản Mường Pồn", amount={"value": "3000000000", "currency": "VND", "bound": "about"}, year=2014,
                              field="transport"))  # fmt: skip
    say(
        "contribution",
        given(
            "Quà Tết hộ nghèo",
            quantity={"value": "170", "unit": "suất quà"},
            year=2024,
            field="welfare",
            act="gift",
        ),
    )
    say("contribution", given("Thư viện lưu động", amount=1_000_000_000, field="culture"))
    say("contribution", given("Cầu treo Nậm Mức", amount=7_000_000_000, year=2004, field="transport"))
    pledged = say(
        "contribution",
        given("Nhà bán trú Sín Thầu", amount=4_200_000_000, year=2022, status="pledged"),
        side=cast.ha_noi,
    )
    say("contribution", given("Nhà bán trú Sín Thầu", amount=4_200_000_000, year=2022), side=cast.ha_noi, supersedes=pledged,
        record=cast.record_of(pledged))  # fmt: skip
    say(
        "contribution",
        given("Bể nước Mường Nhé", amount=800_000_000, year=2021, status="pledged", field="environment"),
        side=cast.ha_noi,
    )
    say("activity", {"name": "Trường Mầm non số 2 Sam Mứn", "recipient": [DIEN_BIEN], "field": "education",
                     "place": {"name": "huyện Điện Biên"}})  # fmt: skip
    say(
        "meeting",
        {
            "kind": "meeting",
            "date": "2024-04-25",
            "parties": [HA_NOI, DIEN_BIEN],
            "place": {"name": "Điện Biên"},
        },
    )
    say(
        "ask",
        {"kind": "request", "by": "Điện Biên", "to": "Hà Nội", "about": "cử thêm bác sĩ giúp bệnh viện tỉnh"},
    )
    say("ask", {"kind": "pledge", "by": "Hà Nội", "to": "Điện Biên", "about": "tặng ba mươi máy tính cho trường vùng cao",
                "due": "2023-06-30"}, side=cast.ha_noi)  # fmt: skip
