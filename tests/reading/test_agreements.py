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


STORY = "Huyện Cần Giờ và huyện Năm Căn tổng kết kết nghĩa\n\n"


def test_both_sides_are_those_that_the_page_is_about() -> None:
    (found,) = agreements_of(STORY + "Hai bên ký thỏa thuận mới cho giai đoạn 2021 - 2025.\n")
    assert {p.name for p in found.parties} == {"huyện Cần Giờ", "huyện Năm Căn"}
    assert found.period == (2021, 2025)


def test_both_sides_sign_nothing_where_no_signing_is_told() -> None:
    assert not agreements_of(STORY + "Hai bên trao đổi về thỏa thuận dân sự của các hộ.\n")


def test_what_a_headline_names_and_the_text_dates_is_one_agreement() -> None:
    text = (
        "Hà Tĩnh - Quảng Bình: thêm một bản thỏa thuận\n\n"
        "Tỉnh Hà Tĩnh và tỉnh Quảng Bình ký bản thỏa thuận phối hợp giai đoạn 2023 - 2028.\n"
    )
    assert [a.period for a in agreements_of(text)] == [(2023, 2028)]


def test_a_currency_is_no_side() -> None:
    text = HEAD + "Tỉnh Lào Cai đã ký thỏa thuận trị giá 2,5 tỷ USD với các hộ dân.\n"
    assert not agreements_of(text)


def test_a_place_in_brackets_is_where_a_side_is() -> None:
    text = HEAD + (
        "UBND huyện Mộc Châu (Sơn La) và UBND huyện Bát Xát (Lào Cai) ký bản ghi nhớ hợp tác, có hiệu lực 2022 - 2024.\n"
    )
    assert [{p.name for p in a.parties} for a in agreements_of(text)] == [{"huyện Mộc Châu", "huyện Bát Xát"}]
