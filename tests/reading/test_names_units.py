"""Which unit of the gazetteer a place name of a page means: by kind, by what it lies in, by page, day and home."""

from __future__ import annotations

from datetime import date

import pytest

from hoptac.lexicon.tables import default_lexicon
from hoptac.reading.doc import Doc
from hoptac.reading.mentions import BodyName, PlaceName
from hoptac.reading.names import find_names, home_of

LEXICON = default_lexicon()


def places(text: str, *, on: date | None = None, home: str | None = None) -> list[PlaceName]:
    names = find_names(Doc.of(text), lexicon=LEXICON, on=on, home=home)
    return [name for name in names if isinstance(name, PlaceName)]


UNITS = [
    ("Đoàn thăm tỉnh Điện Biên.", [("Điện Biên", "11@2004")], "the province"),
    ("Đoàn thăm huyện Điện Biên.", [("huyện Điện Biên", "100@63")], "the district of the same name"),
    ("Đoàn thăm thành phố Điện Biên Phủ.", [("thành phố Điện Biên Phủ", "094@63")], "the city"),
    ("Xã Sín Thầu vừa có điện.", [("xã Sín Thầu", "03154@63")], "a commune without namesake"),
    ("Tại xã Tân Thành, huyện Phú Bình.", [("xã Tân Thành", "05923@63"), ("huyện Phú Bình", "173@63")], "by parent"),
    ("Đoàn về xã Tân Thành.", [("xã Tân Thành", None)], "too many of the name, nothing tells"),
    (
        "Tỉnh Điện Biên có mưa. Đoàn về xã Thanh Minh.",
        [("Điện Biên", "11@2004"), ("xã Thanh Minh", "03145@63")],
        "by the province of the page",
    ),
    (
        "Huyện Mường Nhé có mưa. Người ở Mường Nhé mừng.",
        [("huyện Mường Nhé", "096@63"), ("huyện Mường Nhé", "096@63")],
        "a bare name after the full one",
    ),
    (
        "Xe qua xã Chăn Nưa, Sìn Hồ, Lai Châu thì dừng.",
        [("xã Chăn Nưa", "03487@63"), ("huyện Sìn Hồ", "108@63"), ("Lai Châu", "12@2004")],
        "a bare district inside a chain",
    ),
    (
        "Huyện Trảng Bom, Nhơn Trạch được chọn.",
        [("huyện Trảng Bom", "737@63"), ("huyện Nhơn Trạch", "742@63")],
        "a list whose kind word stands but once",
    ),
    ("Đoàn đến Xín Mần.", [], "a bare district, and no province of the page holds it"),
    ("Rừng Mã Đà (Đồng Nai) còn gỗ quý.", [("Đồng Nai", "75@1991")], "a forest's name is a commune's too"),
    ("Cao tốc Hà Nội - Hải Phòng thông xe.", [], "a road named by its ends"),
    ("Cô dạy tiếng Anh cho đội tuyển Việt Nam.", [], "a language and a team"),
    ("Bản Nậm Pố có mười hộ.", [("bản Nậm Pố", None)], "villages have no unit"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected", "why"), UNITS, ids=[row[2] for row in UNITS])
def test_units(text: str, expected: list[tuple[str, str | None]], why: str) -> None:
    assert [(p.name, p.unit) for p in places(text)] == expected


DAYS = [
    ("tỉnh Lai Châu", date(2003, 12, 31), "12@old"),
    ("tỉnh Lai Châu", date(2004, 1, 2), "12@2004"),
    ("Hà Nội", date(2007, 5, 1), "01@1991"),
    ("Hà Nội", date(2020, 5, 1), "01@2008"),
    ("Đồng Nai", date(2025, 8, 1), "75@2025"),
    ("xã Sín Thầu", date(2025, 8, 1), "03158@34"),
    ("Yên Bái", date(2026, 1, 1), "15@1991"),
]


@pytest.mark.parametrize(("text", "day", "unit"), DAYS)
def test_the_day_decides_the_form(text: str, day: date, unit: str) -> None:
    assert [place.unit for place in places(text, on=day)] == [unit]


def test_what_is_left_is_said() -> None:
    (place,) = places("Đoàn về xã Tân Thành.")
    assert place.unit is None
    assert len(place.candidates) > 10


def test_the_home_of_the_outlet_chooses() -> None:
    (place,) = places("Đoàn về xã Thanh Minh.", home="Điện Biên")
    assert place.unit == "03145@63"


def test_two_communes_of_one_name_keep_their_own_parents() -> None:
    found = places("Xã Tân Thành, huyện Phú Bình và xã Tân Thành, huyện Cao Lộc.")
    communes = [p.unit for p in found if p.level == 3]
    assert len(set(communes)) == len(communes) == 2
    assert None not in communes


def test_a_body_knows_its_province_from_the_gazetteer() -> None:
    names = find_names(Doc.of("Công an huyện Mường Nhé vào cuộc."), lexicon=LEXICON)
    assert [name.locality for name in names if isinstance(name, BodyName)] == ["Điện Biên"]


@pytest.mark.parametrize(
    ("outlet", "home"),
    [
        ("Báo Điện Biên Phủ", "Điện Biên"),
        ("hanoimoi.vn", "Hà Nội"),
        ("Báo Hà Nội mới", "Hà Nội"),
        ("Tuổi Trẻ", None),
        ("Thuế Việt Nam", None),
        (None, None),
    ],
)
def test_home_of_an_outlet(outlet: str | None, home: str | None) -> None:
    assert home_of(outlet, lexicon=LEXICON) == home
