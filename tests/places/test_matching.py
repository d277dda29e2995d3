"""Places in running text: which strings are places, and which unit each means."""

from __future__ import annotations

import unicodedata
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hoptac.lexicon.tables import default_lexicon
from hoptac.places.marks import BODY, FREE, NAME, NEAR, NEXT_FAR, OPEN, PERSON, marks
from hoptac.places.matching import PAGES_BEFORE_QUICK, Matcher, matcher
from hoptac.places.names import key_of, names
from hoptac.places.resolving import PageContext
from hoptac.places.spelling import older_tone, spellings
from hoptac.places.units import COMMUNE, PROVINCE

LEXICON = default_lexicon()
MATCHER = matcher(LEXICON)

PLACES = [
    # text, found as "string=unit" ("?" for several candidates)
    ("Đoàn về xã Sín Thầu, huyện Mường Nhé, tỉnh Điện Biên.", "xã Sín Thầu=03154@63|huyện Mường Nhé=096@63|tỉnh Điện Biên=11@2004"),
    ("Lớp học ở xã Thanh Nưa (huyện Điện Biên) đã xong.", "xã Thanh Nưa=03322@63|huyện Điện Biên=100@63"),
    ("Hàng được chở từ TP.HCM ra TP. Vinh.", "TP.HCM=79@1978|TP. Vinh=412@63"),
    ("Nhà ở P.12, Q.Bình Thạnh.", "P.12=26917@63|Q.Bình Thạnh=765@63"),
    ("Nhà ở phường 12, quận 10, TP.HCM.", "phường 12=27172@63|quận 10=771@63|TP.HCM=79@1978"),
    ("Mưa lớn ở Điện Biên, Sơn La và Lai Châu.", "Điện Biên=11@2004|Sơn La=14@old|Lai Châu=12@2004"),
    ("Xe đi từ thành phố Điện Biên Phủ.", "thành phố Điện Biên Phủ=094@63"),
    ("Họ trồng ngô ở xã Tân Thành.", "xã Tân Thành=?"),
    ("Tỉnh Hủa Phăn của Lào tặng quà.", "Tỉnh Hủa Phăn=LA-HO|Lào=LA/Lào"),
    ("Sinh viên đến từ Houaphanh học ở Sơn La.", "Houaphanh=LA-HO|Sơn La=14@old"),
    ("ĐOÀN CỦA TỈNH ĐIỆN BIÊN THĂM HÀ NỘI", "TỈNH ĐIỆN BIÊN=11@2004|HÀ NỘI=01@2008"),
    ("Tổng thống Mỹ Donald Trump thăm Nga.", "Mỹ=US/Mỹ|Nga=RU/Nga"),
    ("Ông sống ở thị trấn Banyu Kidul, bang Johor.", "thị trấn Banyu Kidul=abroad/Malaysia/Banyu Kidul|bang Johor=MY/Johor"),
    ("UBND tỉnh Điện Biên và Sở Y tế Hà Nội họp.", "tỉnh Điện Biên=11@2004|Hà Nội=01@2008"),
    ("Quân đội rút khỏi miền Nam Syria.", "Syria=SY/Syria"),
    ("Các tỉnh Tây Nguyên được mùa.", "Tây Nguyên=region/Tây Nguyên"),
    ("Dân ở huyện Đắk R'Lấp trồng tiêu.", "huyện Đắk R'Lấp=666@63"),
    # a piece of another name is no place
    ("Trường Tiểu học Hà Nội - Điện Biên Phủ vừa khánh thành.", ""),
    ("Sáu mươi năm Chiến thắng Điện Biên Phủ.", ""),
    ("Xe hỏng trên đường cao tốc Hà Nội - Hải Phòng.", ""),
    ("Anh Hà Nam và chị Nga cùng đi.", ""),
    ("Theo báo Hà Nội mới, giá gạo giảm.", ""),
    ("Bệnh viện Đa khoa tỉnh Yên Bái nhận máy thở.", ""),
    ("Công ty cổ phần Cấp nước Hải Phòng báo lãi.", ""),
    ("U23 Việt Nam thắng đậm.", ""),
    ("Đi qua sông Mã rồi tới cầu Cần Thơ.", ""),
    ("Cô Nguyễn Thái Bình dạy toán.", ""),
    ("Em học tiếng Anh và tiếng Pháp.", ""),
    ("Người anh cả tên là Hồ Chí Minh Tâm.", ""),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), PLACES, ids=lambda value: value[:40])
def test_places_of_a_text(text: str, expected: str) -> None:
    found = MATCHER.find(text)
    assert "|".join(f"{m.text}={m.unit.id if m.unit else '?'}" for m in found) == expected


def test_one_text_in_three_names_no_place() -> None:
    assert sum(not expected for _, expected in PLACES) * 3 >= len(PLACES)


@pytest.mark.parametrize(("text", "expected"), PLACES, ids=lambda value: value[:40])
def test_the_form_of_unicode_and_the_place_of_the_tone_do_not_matter(text: str, expected: str) -> None:
    plain = [m.unit.id if m.unit else None for m in MATCHER.find(text)]
    for other in (unicodedata.normalize("NFD", text), older_tone(text), text.replace(" ", "\u00a0", 1)):
        found = MATCHER.find(other)
        assert [m.unit.id if m.unit else None for m in found] == plain
        assert all(other[m.start : m.end] == m.text for m in found)


def test_a_place_inside_a_body_is_marked() -> None:
    found = MATCHER.find("Công an huyện Mường Chà làm việc ở Mường Lay.")
    assert [(m.text, m.inside) for m in found] == [("huyện Mường Chà", "body"), ("Mường Lay", None)]


def test_candidates_are_stated_and_none_is_guessed() -> None:
    (found,) = MATCHER.find("Họ trồng ngô ở xã Tân Thành.")
    assert found.unit is None
    assert len(found.candidates) > 20
    assert {u.level for u in found.candidates} == {COMMUNE}
    (home,) = MATCHER.find("Họ trồng ngô ở xã Thanh Minh.", home="Điện Biên")
    assert home.unit is not None
    assert (home.unit.id, home.why) == ("03145@63", "page")


@pytest.mark.parametrize(
    ("on", "expected"),
    [(date(2020, 1, 1), "03154@63"), (date(2026, 1, 1), "03158@34"), (None, "03154@63")],
)
def test_the_day_decides_which_map(on: date | None, expected: str) -> None:
    (found,) = MATCHER.find("Họp tại xã Sín Thầu.", on=on)
    assert found.unit is not None
    assert found.unit.id == expected


def test_a_text_tells_its_year() -> None:
    old, new = (MATCHER.find(f"Ngày 3/9/{year}, quận Thủ Đức họp.") for year in (2018, 2019))
    assert [m.unit.id for m in (*old, *new) if m.unit] == ["762@old", "762@old"]


def test_a_page_that_named_a_commune_in_full_may_name_it_short() -> None:
    text = "Lũ về xã Thanh Nưa, huyện Điện Biên. Đường vào Thanh Nưa bị cắt; dân ở Thanh Nưa được giúp."
    assert [m.why for m in MATCHER.find(text) if m.unit and m.unit.name == "Thanh Nưa"][1:] == [
        "called",
        "called",
    ]


@pytest.mark.parametrize(
    ("name", "kind", "parents", "expected", "why"),
    [
        ("Điện Biên", None, [], "11@2004", "level"),
        ("Điện Biên", "huyện", [], "100@63", "only"),
        ("Tân Thành", "xã", ["huyện Phú Bình", "tỉnh Thái Nguyên"], "05923@63", "parent"),
        ("Tân Thành", "xã", ["huyện Mường Nhé"], None, "elsewhere"),
        ("Tân Thành", "xã", [], None, "several"),
        ("HCM", "TP.", [], "79@1978", "only"),
        ("1", "Q.", ["TP.HCM"], "760@63", "parent"),
        ("Thủ Đức", "quận", [], "762@old", "only"),
        ("Ba Vì", "huyện", ["Hà Tây"], "271@63", "parent"),
        ("Nơi Không Có", "xã", [], None, "unknown"),
        ("Mường Nhé", "tỉnh", [], None, "unknown"),
    ],
)
def test_a_name_is_resolved(
    name: str, kind: str | None, parents: list[str], expected: str | None, why: str
) -> None:
    found = MATCHER.resolve(name, kind=kind, parents=parents)
    assert (found.unit.id if found.unit else None, found.why) == (expected, why)
    assert (found.unit is None) == (len(found.candidates) != 1)


def test_the_context_of_a_page() -> None:
    page = MATCHER.context("Tỉnh Điện Biên họp ở huyện Mường Nhé. Mường Nhé còn khó.", on=date(2020, 1, 1))
    assert page.provinces == {"điện biên": 3}
    assert page.districts == {("mường nhé", "điện biên"): 2}
    assert MATCHER.resolve("Thanh Minh", kind="xã", context=page).why == "page"
    assert MATCHER.resolve("Thanh Minh", kind="xã", context=PageContext()).why == "several"


@pytest.mark.parametrize(
    ("before", "mark"),
    [
        ("đi trên đường ", NEAR),
        ("người dân ở ", FREE),
        ("Công an ", BODY),
        ("các bệnh viện ", OPEN),
        ("nhiều công nhân ", OPEN),
        ("công ty ", NEXT_FAR),
        ("chị ", PERSON),
        ("hôm qua Nguyễn Thái ", NAME),
        ("tại đại sứ quán ", BODY),
        ("vùng nông thôn ", OPEN),
    ],
)
def test_what_stands_before(before: str, mark: int) -> None:
    text = "Hôm nay họ " + before
    assert marks(LEXICON).before(text, len(text))[0] == mark


def test_every_unit_with_its_kind_and_parents_is_found() -> None:
    known = names(LEXICON)
    for index, unit_id in enumerate(known.atlas.rows.ids):
        if index % 41:
            continue
        unit = known.atlas.unit(unit_id)
        chain = (unit, *known.atlas.parents(unit, unit.valid_to or date.max))
        text = "Đoàn đến " + ", ".join(u.full_name for u in chain) + "."
        first = MATCHER.find(text, on=unit.valid_to or date.max)[0]
        assert first.unit is not None and first.unit.id == unit_id, text


def test_no_spelling_is_lost() -> None:
    for name in ("Hòa Bình", "Đắk R'Lấp", "Phan Rang - Tháp Chàm"):
        assert {key_of(form) for form in spellings(name)} == {key_of(name)}


WORDS = st.sampled_from(
    [*["ở", "tại", "xã", "huyện", "tỉnh", "TP.", "đường", "trường", "UBND", "Công", "an", "anh", "Nga"], "Hà Nội", "Điện Biên", "Mường Nhé",
     "Tân Thành", "Hồ Chí Minh", "Lào", "Mỹ", ",", "(", ")", "-", ".", "\n", "12", "Nguyễn", "Hoa\u0300", "a\u0301\u0302"]
)  # fmt: skip


@settings(deadline=None, max_examples=200)
@given(st.lists(WORDS, max_size=24))
def test_matches_are_in_order_and_quote_the_text(words: list[str]) -> None:
    text = " ".join(words)
    at = 0
    for m in MATCHER.find(text):
        assert at <= m.start < m.end <= len(text)
        assert text[m.start : m.end] == m.text
        assert m.candidates and (m.unit is None or m.candidates == (m.unit,))
        assert (m.unit is None) or m.level == m.unit.level
        at = m.end


@settings(deadline=None, max_examples=100)
@given(st.text(max_size=60))
def test_no_text_breaks_matching(text: str) -> None:
    assert all(text[m.start : m.end] == m.text for m in MATCHER.find(text))


def test_regions_abroad_are_of_their_country() -> None:
    (found,) = MATCHER.find("Họ đến từ Chiang Mai.")
    assert found.unit is not None
    assert (found.unit.level, found.unit.parent) == (PROVINCE, "Thái Lan")


def test_the_quicker_automaton_finds_the_same() -> None:
    """After some pages the matcher changes its automaton; what it finds stays, in composed and loose letters."""
    made = Matcher(default_lexicon())
    text = "Ở xã Thanh Nưa (huyện Điện Biên), gần Hà Nội, công ty Hà Nội và anh Thái Bình; từ Abkhazia."
    texts = (text, unicodedata.normalize("NFD", text), text.upper())
    before = [[(m.text, m.unit) for m in made.find(t)] for t in texts]
    for _ in range(PAGES_BEFORE_QUICK):
        made.find("Hà Nội")
    assert [[(m.text, m.unit) for m in made.find(t)] for t in texts] == before
    assert [unicodedata.normalize("NFC", t) for t, _ in before[1]] == [t for t, _ in before[0]]
    assert "Hà Nội" in {t for t, _ in before[0]}
