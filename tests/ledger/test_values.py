from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hoptac.ledger.canonical import canonical, canonical_json, decimal_text, storable, tidy
from hoptac.ledger.values import ValuesError, check_values

GIFT = {"what": "Thư viện tỉnh", "act": "build"}


def test_values_come_back_in_one_form() -> None:
    values = check_values(
        "contribution",
        {
            "what": "  Thư  viện ti\u0309nh ",
            "act": "build",
            "funder": [{"name": "Hà Nội", "code": "01"}],
            "recipient": [],
            "amount": {"value": Decimal("6.5E+10"), "currency": "VND", "bound": "exact", "of_total": None},
            "quantity": {"value": 14, "unit": "điểm"},
            "year": None,
            "period": (2011, None),
        },
    )
    assert values == {
        "what": "Thư viện tỉnh",
        "act": "build",
        "funder": [{"name": "Hà Nội", "code": "01"}],
        "amount": {"value": "65000000000", "currency": "VND", "bound": "exact"},
        "quantity": {"value": "14", "unit": "điểm"},
        "period": [2011, None],
    }
    assert check_values("contribution", values) == values


@pytest.mark.parametrize(
    ("kind", "values", "at", "expected"),
    [
        ("contribution", {"act": "build"}, "what", "required"),
        ("contribution", GIFT | {"what": " "}, "what", "at least 1 character"),
        ("contribution", GIFT | {"act": "steal"}, "act", "one of fund, build"),
        ("contribution", GIFT | {"amount": {"value": 6.5}}, "amount.value", "never a float"),
        ("contribution", GIFT | {"amount": {"value": "65 tỷ"}}, "amount.value", "string of digits"),
        ("contribution", GIFT | {"amount": {"value": "-1"}}, "amount.value", "zero or more"),
        ("contribution", GIFT | {"amount": {"value": "NaN"}}, "amount.value", "zero or more"),
        ("contribution", GIFT | {"amount": {"value": "1.1234567"}}, "amount.value", "at most 6 decimals"),
        (
            "contribution",
            GIFT | {"amount": {"value": "10000000000000000000"}},
            "amount.value",
            "at most 9223372036854775807",
        ),
        ("contribution", GIFT | {"amount": {"value": "1", "currency": "đồng"}}, "amount.currency", "pattern"),
        ("contribution", GIFT | {"year": 0}, "year", "greater than or equal to 1"),
        ("contribution", GIFT | {"period": [2019, 2011]}, "period", "ends after it begins"),
        ("contribution", GIFT | {"period": [None, None]}, "period", "at least one end"),
        ("contribution", GIFT | {"colour": "đỏ"}, "colour", "not permitted"),
        ("meeting", {"kind": "meeting", "date": "25/4/2024"}, "date", "YYYY-MM-DD"),
        ("meeting", {"kind": "meeting", "date": "2024-13"}, "date", "month 01-12"),
        ("meeting", {"kind": "party"}, "kind", "one of meeting"),
        ("dream", {}, "kind", "one of contribution"),
    ],
)
def test_what_is_wrong_is_named(kind: str, values: dict[str, Any], at: str, expected: str) -> None:
    with pytest.raises(ValuesError) as refusal:
        check_values(kind, values)
    ((where, _, what),) = refusal.value.faults
    assert where == at and expected in what and f"{kind}.{at}" in str(refusal.value)


def test_every_fault_is_named_at_once() -> None:
    with pytest.raises(ValuesError) as refusal:
        check_values("ask", {"kind": "wish", "about": "", "to": 7})
    assert {at for at, _, _ in refusal.value.faults} == {"kind", "about", "to"}


def test_a_billion_billion_dong_fits() -> None:
    values = check_values("contribution", GIFT | {"amount": {"value": str(10**18), "currency": "VND"}})
    assert values["amount"]["value"] == str(10**18)


@given(st.decimals(min_value=0, max_value=10**18, places=2))
def test_a_decimal_has_one_spelling(value: Decimal) -> None:
    assert Decimal(decimal_text(value)) == value
    assert decimal_text(value) == decimal_text(value.normalize()) and "E" not in decimal_text(value)


@given(st.text())
def test_what_is_stored_keeps_its_offsets(text: str) -> None:
    kept = storable(text)
    assert len(kept) == len(text) and "\0" not in kept
    assert tidy(tidy(text)) == tidy(text)
    kept.encode()


def test_canonical_json_has_no_floats_and_no_order() -> None:
    assert canonical_json({"b": 1, "a": [True, None, "đ"], "c": None}) == '{"a":[true,null,"đ"],"b":1}'
    assert decimal_text(Decimal("-0")) == "0"
    with pytest.raises(TypeError, match="no canonical form"):
        canonical({"a": 1.5})
