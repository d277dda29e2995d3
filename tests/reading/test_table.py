"""The table for people: every value with its words and their place, in both languages, never wider than its width."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from test_contract import reading

from hoptac.reading import values as v
from hoptac.reading.table import WIDTH, grouped, reading_table

LONG = "Năm 2024, thành phố Hà Nội hỗ trợ tỉnh Điện Biên " + "nhiều công trình " * 20 + "rất cần thiết."


def full() -> v.Reading:
    whole = reading()
    (first, *rest) = whole.contributions
    hedged = replace(
        first, amount=v.Amount(Decimal(3000000), "VND", "at_least", None), period=None, year=2014
    )
    quoted = replace(first, evidence=(v.Evidence(0, len(LONG), LONG),), funder=(), amount=None, quantity=None)
    return replace(whole, contributions=(first, hedged, quoted, *rest))


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        (
            "vi",
            [
                "KHOẢN HỖ TRỢ (4)",
                "65.000.000.000 VND (trong tổng số 70.000.000.000)",
                "hơn 3.000.000 VND",
                "2011–…",
            ],
        ),
        (
            "en",
            [
                "CONTRIBUTIONS (4)",
                "65,000,000,000 VND (of a total of 70,000,000,000)",
                "over 3,000,000 VND",
                "2011–…",
            ],
        ),
    ],
)
def test_every_kind_is_shown_with_its_words(lang: str, said: list[str]) -> None:
    table = reading_table(full(), lang=lang)
    for words in (
        *said,
        "“65 tỷ” [3–9]",
        "Vừ A Bằng: Phó Chủ tịch UBND tỉnh Điện Biên",
        "2024-04-25",
        "2019–…",
        "M02",
    ):
        assert words in table, words
    assert max(map(len, table.splitlines())) <= WIDTH


def test_a_long_quote_is_cut_in_the_middle_and_says_where_it_stands() -> None:
    table = reading_table(full())
    assert " … " in table and f"[0–{len(LONG)}]" in table and "? → Điện Biên" in table


def test_a_page_without_a_headline_goes_by_its_name() -> None:
    bare = v.Reading(v.SourceInfo("a.txt", "0" * 64, "text/plain", "1"), v.Article())
    assert reading_table(bare).splitlines() == ["a.txt", "Nguồn: a.txt · 1"]


@pytest.mark.parametrize(
    ("value", "lang", "shown"),
    [("1234567.50", "vi", "1.234.567,5"), ("1234567.50", "en", "1,234,567.5"), ("0", "vi", "0")],
)
def test_numbers_are_grouped_as_the_language_does(value: str, lang: str, shown: str) -> None:
    assert grouped(Decimal(value), lang) == shown
