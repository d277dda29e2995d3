"""The whole reading: what holds for every page (R1-R6), on pages made here and on real articles where they are at hand."""

from __future__ import annotations

import gzip
import hashlib
import json
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hoptac.pages import Page
from hoptac.reading.contract import from_contract, to_contract
from hoptac.reading.pipeline import read_page
from hoptac.reading.values import ROLES, Reading

CORPUS = Path(__file__).parents[3] / "shared" / "corpus" / "articles.jsonl.gz"

PIECES = (
    "Hà Nội", "tỉnh Điện Biên", "thành phố Hồ Chí Minh", "hai địa phương", "Trường Tiểu học Mường Phăng", "ông Lò Văn Hặc",
    "Phó Chủ tịch UBND tỉnh", "hỗ trợ", "trao tặng", "đề nghị", "tiếp nhận", "được", "sẽ", "xây dựng", "sửa chữa", "cho", "của",
    "65 tỷ đồng", "2,4 tỷ", "170 suất quà", "năm 2011", "ngày 25/4", "giai đoạn 2011 - 2019", "trong tổng mức đầu tư", "để", "và",
    ",", ";", ":", ".", "(", ")", "“", "”", " - ", "\n", "\n\n", "\t", "mỗi suất", "hơn", "1.000", "19/2017/QĐ-UBND", "học bổng",
)  # fmt: skip


def page_of(text: str, **more: Any) -> Page:
    data = text.encode("utf-8", "surrogatepass")
    return Page("page.txt", text, data, hashlib.sha256(data).hexdigest(), "text/plain", **more)


def spans(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        if {"start", "end", "quote"} <= value.keys():
            yield value
        for inner in value.values():
            yield from spans(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from spans(inner)


def values_of(reading: Reading) -> list[Any]:
    """What a reading says, without where it stands."""
    bare = [replace(c, evidence=()) for c in reading.contributions]
    return [
        bare,
        [(p.name, p.office, p.side) for p in reading.people],
        [(k.kind, k.by, k.to) for k in reading.asks],
    ]


@given(st.lists(st.sampled_from(PIECES), max_size=60))
@settings(max_examples=150, deadline=None)
def test_any_page_is_read_and_its_spans_hold(pieces: list[str]) -> None:
    page = page_of(" ".join(pieces))
    reading = read_page(page)
    contract = to_contract(reading)
    for span in spans(contract):
        assert page.text[span["start"] : span["end"]] == span["quote"]
    assert from_contract(json.loads(json.dumps(contract))) == reading
    assert {line.role for line in reading.lines} <= set(ROLES)
    numbers = [line.n for line in reading.lines]
    assert numbers == sorted(set(numbers))


@given(st.lists(st.sampled_from(PIECES), max_size=40))
@settings(max_examples=60, deadline=None)
def test_spellings_of_one_page_read_the_same(pieces: list[str]) -> None:
    text = " ".join(pieces)
    assert values_of(read_page(page_of(unicodedata.normalize("NFD", text)))) == values_of(
        read_page(page_of(text))
    )


@given(st.text(max_size=300))
@settings(max_examples=100, deadline=None)
def test_no_text_breaks_the_reading(text: str) -> None:
    page = page_of(text)
    for span in spans(to_contract(read_page(page))):
        assert page.text[span["start"] : span["end"]] == span["quote"]


def test_a_reading_is_a_function_of_its_page() -> None:
    page = page_of("Năm 2024, Hà Nội hỗ trợ tỉnh Điện Biên 65 tỷ đồng xây dựng trường học.")
    assert read_page(page) == read_page(page)


def test_no_day_after_the_date_of_reading_is_taken() -> None:
    text = "Tin vui\n\nNgày 25/4/2024, đoàn Hà Nội thăm Điện Biên.\nNhân dịp này, Hà Nội trao tỉnh Điện Biên 65 tỷ đồng."
    (late,) = read_page(page_of(text), on=date(2024, 5, 1)).contributions
    (early,) = read_page(page_of(text), on=date(2023, 5, 1)).contributions
    assert late.year == 2024 and early.year is None


@pytest.mark.skipif(not CORPUS.is_file(), reason=f"real articles are not at hand: no file {CORPUS}")
def test_real_articles_are_read_with_spans_that_hold() -> None:
    with gzip.open(CORPUS, "rt", encoding="utf-8") as lines:
        articles = [json.loads(line) for _, line in zip(range(150), lines, strict=False)]
    for article in articles:
        page = page_of(article["text"])
        for span in spans(to_contract(read_page(page))):
            assert page.text[span["start"] : span["end"]] == span["quote"], article["id"]
