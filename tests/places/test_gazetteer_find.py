"""Names to units: every way of writing one, by day and by context."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hoptac.lexicon.tables import default_lexicon
from hoptac.places.finder import finder
from hoptac.places.naming import name_key, say, say_whole
from hoptac.places.store import store
from hoptac.text.fold import search_key

LEXICON = default_lexicon()
FINDER = finder(LEXICON)
CASES = Path(__file__).parents[1] / "cases" / "gazetteer.tsv"


def cases() -> list[list[str]]:
    lines = [line for line in CASES.read_text(encoding="utf-8").splitlines() if line and line[0] != "#"]
    return [(line + "\t" * 6).split("\t")[:6] for line in lines]


@pytest.mark.parametrize("row", cases(), ids=lambda row: f"{row[0]}/{row[1]}/{row[2]}")
def test_a_name_finds_its_units(row: list[str]) -> None:
    name, within, on, expected, first, _ = row
    found = FINDER.find(name, on=date.fromisoformat(on) if on else None, within=within or None)
    wanted = expected.split("|") if expected else []
    assert [u.id for u in found][: len(wanted) if first else None] == wanted


def test_one_row_in_three_finds_less_than_the_name_alone() -> None:
    rows = cases()
    assert sum(row[3] == "" for row in rows) * 4 >= len(rows)


def test_the_fast_key_of_a_name_is_the_search_key() -> None:
    for name, (key, _) in zip(store().names, store().keyed(), strict=True):
        assert key == search_key(name), name
        assert key == name_key(name), name


def test_every_unit_is_found_by_its_own_name_and_parents() -> None:
    for index, unit_id in enumerate(store().ids):
        if index % 23:
            continue
        unit = FINDER.atlas.unit(unit_id)
        address = say_whole((unit, *FINDER.atlas.parents(unit)), LEXICON)
        assert unit in FINDER.find(address), address
        assert unit in FINDER.find(search_key(unit.name), on=unit.valid_to), address


@pytest.mark.parametrize(
    ("unit_id", "vi", "en"),
    [
        (
            "03154@63",
            "xã Sín Thầu, huyện Mường Nhé, tỉnh Điện Biên",
            "Sín Thầu Commune, Mường Nhé District, Điện Biên Province",
        ),
        ("03158@34", "xã Sín Thầu, tỉnh Điện Biên", "Sín Thầu Commune, Điện Biên Province"),
        (
            "26917@63",
            "phường 12, quận Bình Thạnh, thành phố Hồ Chí Minh",
            "Ward 12, Bình Thạnh District, Hồ Chí Minh City",
        ),
        ("20333@34", "đặc khu Hoàng Sa, thành phố Đà Nẵng", "Hoàng Sa Special Zone, Đà Nẵng City"),
        (
            "03217@63",
            "thị trấn Tủa Chùa, huyện Tủa Chùa, tỉnh Điện Biên",
            "Tủa Chùa Township, Tủa Chùa District, Điện Biên Province",
        ),
        ("095@63", "thị xã Mường Lay, tỉnh Điện Biên", "Mường Lay Town, Điện Biên Province"),
        ("LA-HO", "tỉnh Hủa Phăn, Lào", "Houaphanh Province, Laos"),
        ("KH-12", "thành phố Phnôm Pênh, Campuchia", "Phnom Penh City, Cambodia"),
        ("CN-GX", "khu tự trị Quảng Tây, Trung Quốc", "Guangxi Autonomous Region, China"),
    ],
)
def test_names_in_both_languages(unit_id: str, vi: str, en: str) -> None:
    unit = FINDER.atlas.unit(unit_id)
    chain = (unit, *FINDER.atlas.parents(unit))
    assert say_whole(chain, LEXICON) == vi
    assert say_whole(chain, LEXICON, "en") == en


@given(st.text(max_size=40) | st.sampled_from(store().names).map(lambda name: f"P. {name},{name}"))
@settings(max_examples=200, deadline=None)
def test_no_text_breaks_the_search_and_a_day_only_narrows_it(text: str) -> None:
    found = FINDER.find(text)
    for day in (date(2000, 1, 1), date(2020, 1, 1), date(2026, 11, 23)):
        standing = FINDER.find(text, on=day)
        assert all(u.stands_on(day) for u in standing)
        if "," not in text:
            assert set(standing) <= set(found)


def test_every_kind_has_its_english() -> None:
    for unit_id in FINDER.atlas.ids():
        assert say(FINDER.atlas.unit(unit_id), LEXICON, "en").strip() not in (
            "",
            FINDER.atlas.unit(unit_id).kind,
        )
