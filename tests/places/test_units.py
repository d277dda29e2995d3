"""Units in time: every map whole, every change with both its ends."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from hoptac.lexicon.tables import default_lexicon
from hoptac.places.units import DISTRICT, PROVINCE, Unit, find_unit, gazetteer

LEXICON = default_lexicon()
UNITS = gazetteer(LEXICON)
OURS = [u for u in UNITS.units if u.level == PROVINCE and u.parent == "Việt Nam"]


def found(name: str, on: date | None = None) -> Unit:
    unit = find_unit(name, lexicon=LEXICON, on=on)
    assert unit is not None, name
    return unit


@pytest.mark.parametrize(
    ("day", "count"), [(date(2010, 1, 1), 63), (date(2025, 6, 30), 63), (date(2025, 7, 1), 34)]
)
def test_each_map_has_its_units(day: date, count: int) -> None:
    standing = [u for u in OURS if u.stands_on(day)]
    assert len(standing) == count
    assert len({u.code for u in standing}) == count
    assert len({u.name for u in standing}) == count


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Điện Biên", "11"),
        ("tỉnh Điện Biên", "11"),
        ("Hà Nội", "01"),
        ("TP.HCM", "79"),
        ("TPHCM", "79"),
        ("Hoà Bình", "17"),
        ("Hòa Bình", "17"),
        ("Hoà Bình", "17"),
        ("hà nội", "01"),
        ("Thừa Thiên - Huế", "46"),
        ("TT-Huế", "46"),
        ("Bà Rịa – Vũng Tàu", "77"),
        ("BR-VT", "77"),
        ("Đắc Lắc", "66"),
        ("Dak Lak", "66"),
        ("Houaphanh", "LA-HO"),
        ("Hủa Phan", "LA-HO"),
        ("Lào", "LA"),
    ],
)
def test_names_and_aliases(name: str, code: str) -> None:
    assert found(name).code == code


@pytest.mark.parametrize("name", ["Ha Noi", "", "Xyz", "tỉnh Hà Nội", "Điện"])
def test_names_of_nothing(name: str) -> None:
    assert find_unit(name, lexicon=LEXICON) is None


def test_a_name_depends_on_the_day() -> None:
    assert found("Lào Cai", date(2025, 6, 30)).code == "10"
    assert found("Lào Cai", date(2025, 7, 1)).code == "15"
    assert find_unit("Yên Bái", lexicon=LEXICON, on=date(2025, 7, 1)) is None
    assert found("Điện Biên", date(2003, 12, 31)).level == DISTRICT
    assert found("Hà Tây").valid_to == date(2008, 7, 31)


def test_a_town_belongs_to_its_province() -> None:
    town = found("Điện Biên Phủ")
    assert (town.level, town.parent, town.full_name) == (DISTRICT, "Điện Biên", "thành phố Điện Biên Phủ")
    assert found("Lào").full_name == "Lào"


def test_every_unit_that_ended_before_the_map_of_34_says_what_it_became() -> None:
    for unit in OURS:
        if unit.valid_to is not None:
            assert UNITS.successors(unit), unit
            assert UNITS.now(unit), unit


def test_changes_hold_from_both_ends() -> None:
    for change in UNITS.changes:
        assert change in UNITS.successors(change.before)
        assert change in UNITS.predecessors(change.after)
        assert change.after.valid_from == change.on
        assert change.before.valid_to == change.on - timedelta(days=1)


def test_no_name_stands_twice_on_one_day() -> None:
    for unit in OURS:
        same = [u for u in OURS if u.name == unit.name and u is not unit]
        for other in same:
            first, second = sorted((unit, other), key=lambda u: u.valid_from or date.min)
            assert first.valid_to is not None and second.valid_from is not None
            assert first.valid_to < second.valid_from


def test_what_became_of_a_province() -> None:
    assert [u.full_name for u in UNITS.now(found("Hà Tây"))] == ["thành phố Hà Nội"]
    assert {u.name for u in UNITS.now(found("Lai Châu", date(2003, 1, 1)))} == {"Điện Biên", "Lai Châu"}
    assert [u.name for u in UNITS.now(found("Điện Biên"))] == ["Điện Biên"]
    before = {c.before.name for c in UNITS.predecessors(found("Hồ Chí Minh", date(2026, 1, 1)))}
    assert before == {"Hồ Chí Minh", "Bình Dương", "Bà Rịa - Vũng Tàu"}
