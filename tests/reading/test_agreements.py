"""Agreements: who agreed, in sentences of our own."""

from __future__ import annotations

import hashlib

import pytest

from hoptac.pages import Page
from hoptac.reading.pipeline import read_page
from hoptac.reading.values import Agreement


def agreements_of(text: str) -> tuple[Agreement, ...]:
    data = text.encode()
    return read_page(Page("case.txt", text, data, hashlib.sha256(data).hexdigest(), "text/plain")).agreements


HEAD = "Hai địa phương hợp tác\n\n"

ROWS = [
    (
        "Lễ ký kết thỏa thuận hợp tác giữa tỉnh Lào Cai và tỉnh Hà Nam diễn ra sáng nay.",
        [{"Lào Cai", "Hà Nam"}],
        "between two",
    ),
    (
        "Tỉnh Lào Cai đã ký biên bản ghi nhớ với Công ty Tân Phú về trồng quế.",
        [{"Lào Cai", "Công ty Tân Phú"}],
        "one signs with another",
    ),
    (
        "Lễ ký biên bản hợp tác giữa MBC và Hội Nông dân tỉnh Hà Nam, giữa MBC và Công ty Tân Phú.",
        [{"MBC", "Hội Nông dân tỉnh Hà Nam"}, {"MBC", "Công ty Tân Phú"}],
        "two pairs in one sentence, one side in initials",
    ),
    (
        "Tỉnh Lào Cai và tỉnh Hà Nam ký chương trình hợp tác giai đoạn 2021 - 2025.",
        [{"Lào Cai", "Hà Nam"}],
        "two sign, with a period",
    ),
    ("Giá đất theo thỏa thuận giữa người mua và người bán.", [], "no party is named"),
    ("Tỉnh Lào Cai chưa ký thỏa thuận với tỉnh Hà Nam.", [], "denied"),
    ("Công ty Tân Phú bán quế cho Công ty An Thịnh.", [], "no agreement is named"),
]


@pytest.mark.parametrize(("text", "expected", "why"), ROWS, ids=[row[2] for row in ROWS])
def test_agreements(text: str, expected: list[set[str]], why: str) -> None:
    found = agreements_of(HEAD + text)
    assert [{p.name for p in a.parties} for a in found] == expected, why


def test_a_period_belongs_to_the_agreement() -> None:
    (found,) = agreements_of(HEAD + ROWS[3][0])
    assert found.period == (2021, 2025)
    assert found.evidence[0].quote in HEAD + ROWS[3][0]
