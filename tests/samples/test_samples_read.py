"""What has to come out of the samples, whatever else does: the sums with giver, taker and year, and nothing from the noise."""

from __future__ import annotations

from decimal import Decimal
from functools import cache

import pytest

from hoptac.pages import Page, read_file
from hoptac.reading.pipeline import read_page
from hoptac.reading.values import Contribution, Reading
from hoptac.samples import FOLDER

HA_NOI, DIEN_BIEN = ("Hà Nội",), ("Điện Biên",)
SCHOOL = (HA_NOI, DIEN_BIEN, 2024)


@cache
def readings(name: str) -> tuple[Reading, ...]:
    items = list(read_file(FOLDER / name))
    pages = [item for item in items if isinstance(item, Page)]
    assert len(pages) == len(items), items
    return tuple(read_page(page) for page in pages)


def sums(name: str) -> set[tuple[Decimal, tuple[str, ...], tuple[str, ...], int | None]]:
    """Every sum of a sample in billion đồng, with who gave, who got and the year."""
    return {
        (c.amount.value / 10**9, tuple(p.name for p in c.funder), tuple(p.name for p in c.recipient), c.year)
        for reading in readings(name)
        for c in reading.contributions
        if c.amount is not None
    }


@pytest.mark.parametrize("name", ["hop-hai-ben.txt", "hop-hai-ben.html"])
def test_the_newspaper_page_gives_the_five_works(name: str) -> None:
    assert sums(name) == {
        (Decimal("2.4"), HA_NOI, DIEN_BIEN, 2011),
        (Decimal("3"), HA_NOI, DIEN_BIEN, 2011),
        (Decimal("9.989"), HA_NOI, DIEN_BIEN, 2012),
        (Decimal("9.935"), HA_NOI, DIEN_BIEN, 2014),
        (Decimal("65"), *SCHOOL),
    }


def test_text_and_html_of_one_page_read_the_same() -> None:
    def told(c: Contribution) -> tuple[object, ...]:
        return c.what, c.act, c.funder, c.recipient, c.amount, c.quantity, c.year, c.status

    text, page = readings("hop-hai-ben.txt")[0], readings("hop-hai-ben.html")[0]
    assert [told(c) for c in text.contributions] == [told(c) for c in page.contributions]
    assert [(p.name, p.office, p.side) for p in text.people] == [
        (p.name, p.office, p.side) for p in page.people
    ]


def test_the_papers_differ_on_the_school() -> None:
    assert (Decimal("60"), *SCHOOL) in sums("truong-moi.txt")
    for name in ("bao-cao-2024.docx", "danh-muc-cong-trinh.xlsx", "ha-noi-thong-tin.txt"):
        assert (Decimal("65"), *SCHOOL) in sums(name)


def test_the_old_bulletin_is_read_through_its_encoding() -> None:
    (reading,) = readings("ban-tin-2004.txt")
    assert ("Thư viện tỉnh", 2004) in {(c.what, c.year) for c in reading.contributions}
    assert "Lò Văn Hặc" in {p.name for p in reading.people}


def test_the_bulletin_of_two_communes_names_each_as_it_was() -> None:
    (reading,) = readings("hai-xa-bien-gioi.txt")
    places = {(c.place.unit if c.place else None, c.year) for c in reading.contributions}
    assert places == {("03154@63", 2023), ("03365@63", 2023)}


def test_other_localities_and_a_market_without_a_deed() -> None:
    hcm, da_nang, ha_noi, market = readings("noi-khac.jsonl")
    found = [
        {(p.name, q.name) for c in r.contributions for p in c.funder for q in c.recipient}
        for r in (hcm, da_nang, ha_noi)
    ]
    assert ("Hồ Chí Minh", "Bến Tre") in {(a.removeprefix("Thành phố "), b) for a, b in found[0]}
    assert ("Đà Nẵng", "Quảng Nam") in found[1]
    assert ("Hà Nội", "Hủa Phăn") in found[2]
    assert market.contributions == () and market.events == ()
