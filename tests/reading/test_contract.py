"""The contract: what is written is read back, sums are never floats, and what is no reading is refused with a reason."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hoptac.reading import values as v
from hoptac.reading.contract import ContractError, decimal_text, from_contract, to_contract

SPAN = v.Evidence(3, 9, "65 tỷ")


def reading(amount: Decimal = Decimal("65000000000")) -> v.Reading:
    hanoi, dienbien = v.PartyName("Hà Nội", "01"), v.PartyName("Điện Biên", "11")
    return v.Reading(
        source=v.SourceInfo("a.txt", "0" * 64, "text/plain", "1.0+lexicon:ab12", published=date(2024, 4, 26)),
        article=v.Article(headline=SPAN, body=(SPAN,), teasers=(v.Teaser(SPAN, None), v.Teaser(SPAN, SPAN))),
        lines=(v.LineRole(1, "headline"),),
        people=(v.Person("Vừ A Bằng", "Phó Chủ tịch UBND tỉnh Điện Biên", "Điện Biên", (SPAN,)),),
        contributions=(
            v.Contribution(
                (hanoi,),
                (dienbien,),
                "Thư viện tỉnh",
                "build",
                (SPAN,),
                amount=v.Amount(amount, "VND", "exact", Decimal("70000000000")),
                quantity=v.Quantity(Decimal("2.5"), "tấn gạo"),
                period=(2011, None),
                place=dienbien,
                field="culture",
                status="done",
                confidence=0.9,
            ),
            v.Contribution(
                (hanoi,), (dienbien,), "quà", "gift", (SPAN,), quantity=v.Quantity(Decimal(170), "suất")
            ),
        ),
        events=(v.Event("meeting", "2024-04-25", dienbien, (hanoi, dienbien), (SPAN,)),),
        agreements=(v.Agreement((hanoi, dienbien), (2019, None), None, (SPAN,)),),
        asks=(v.Ask("request", "Lê Thành Đô", "Hà Nội", "tăng cường giao lưu", None, (SPAN,)),),
        unread=(v.Unread("M02", 3, 9, "65 tỷ"),),
    )


def test_what_is_written_is_read_back() -> None:
    assert from_contract(json.loads(json.dumps(to_contract(reading())))) == reading()


def test_sums_are_strings_of_digits_and_counts_are_numbers() -> None:
    first, second = to_contract(reading(Decimal("6.5E+10")))["contributions"]
    assert first["amount"]["value"] == "65000000000" and first["amount"]["of_total"] == "70000000000"
    assert second["quantity"] == {"value": 170, "unit": "suất"}


@given(st.decimals(min_value=0, max_value=Decimal(10) ** 18, allow_nan=False, allow_infinity=False, places=3))
def test_a_decimal_keeps_its_value_without_an_exponent(value: Decimal) -> None:
    text = decimal_text(value)
    assert Decimal(text) == value and "E" not in text.upper()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"schema": "hoptac/reading/0"}, "schema"),
        ({"source": {}}, "not a reading"),
        ({"agreements": [{"parties": []}]}, "period"),
        ({"contributions": [{"amount": {"value": "many"}}]}, "not a reading"),
    ],
)
def test_what_is_no_reading_is_refused_with_a_reason(change: dict[str, Any], said: str) -> None:
    with pytest.raises(ContractError, match=said):
        from_contract({**to_contract(reading()), **change})
