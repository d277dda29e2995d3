"""The tables of districts and communes: figures of law, links from both ends, dates without gaps, maps with equal sums."""

from __future__ import annotations

import hashlib
from collections import Counter
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hoptac.lexicon.tables import default_lexicon
from hoptac.places.atlas import END_OF_DISTRICTS, PART, WHOLE, Atlas, atlas
from hoptac.places.rollup import LARGER, NO_PLACE, NONE_THERE, SEVERAL, place, roll_up
from hoptac.places.store import DATA
from hoptac.places.units import COMMUNE, DISTRICT, PROVINCE, Unit

LEXICON = default_lexicon()
PLACES: Atlas = atlas(LEXICON)
MAP_63, MAP_34, TODAY = date(2025, 6, 30), date(2025, 7, 1), date(2026, 11, 23)
UNITS = [PLACES.unit(key) for key in PLACES.ids()]
OURS = [u for u in UNITS if u.level > PROVINCE or (u.level == PROVINCE and u.parent == "Việt Nam")]
LOW = [u for u in OURS if u.level > PROVINCE]


def unit(key: str) -> Unit:
    return PLACES.unit(key)


def now(key: str) -> list[tuple[str, bool]]:
    return [(c.unit.full_name, c.part) for c in PLACES.now(unit(key))]


# --- figures of law ---


@pytest.mark.parametrize(
    ("day", "level", "count"),
    [
        (MAP_63, PROVINCE, 63),
        (MAP_63, DISTRICT, 696),
        (MAP_63, COMMUNE, 10_035),
        (date(2021, 2, 1), DISTRICT, 705),
        (date(2024, 8, 31), DISTRICT, 705),
        (MAP_34, PROVINCE, 34),
        (MAP_34, DISTRICT, 0),
        (MAP_34, COMMUNE, 3_321),
        (TODAY, COMMUNE, 3_321),
    ],
)
def test_each_map_has_the_units_that_the_law_counts(day: date, level: int, count: int) -> None:
    standing = PLACES.standing(day, level)
    assert len(standing) == count
    assert len({u.code for u in standing}) == count


@pytest.mark.parametrize(
    ("day", "count"),
    [(1976, 38), (1979, 39), (1980, 40), (1990, 44), (1992, 53), (1998, 61), (2005, 64), (2009, 63)],
)
def test_the_provinces_of_each_time(day: int, count: int) -> None:
    assert len(PLACES.standing(date(day, 1, 1), PROVINCE)) == count


def test_the_kinds_of_today() -> None:
    kinds = Counter(u.kind for u in PLACES.standing(MAP_34, COMMUNE))
    assert kinds == {"xã": 2_621, "phường": 687, "đặc khu": 13}
    kinds = Counter(u.kind for u in PLACES.standing(TODAY, COMMUNE))
    assert kinds == {"xã": 2_599, "phường": 709, "đặc khu": 13}
    kinds = Counter(u.kind for u in PLACES.standing(TODAY, PROVINCE))
    assert kinds == {"tỉnh": 25, "thành phố": 9}


@pytest.mark.parametrize(
    ("province", "day", "count"),
    [
        ("11", MAP_63, 129),
        ("11", MAP_34, 45),
        ("01", MAP_63, 526),
        ("01", MAP_34, 126),
        ("04", MAP_34, 56),
        ("79", MAP_34, 168),
        ("75", TODAY, 95),
        ("24", TODAY, 99),
    ],
)
def test_a_province_has_the_communes_of_its_resolution(province: str, day: date, count: int) -> None:
    home = [u for u in PLACES.standing(day, COMMUNE) if PLACES.parents(u, day)[-1].code == province]
    assert len(home) == count


def test_the_lexicon_speaks_for_the_tables() -> None:
    for row in LEXICON.table("gazetteer_data"):
        assert hashlib.sha256((DATA / row["file"]).read_bytes()).hexdigest() == row["sha256"], row["file"]
    assert {r["file"] for r in LEXICON.table("gazetteer_data")} == {p.name for p in Path(DATA).glob("*.tsv")}


# --- links ---


def test_every_unit_that_ended_says_what_it_became_or_why_it_cannot() -> None:
    for u in OURS:
        if u.valid_to is None:
            continue
        assert PLACES.successors(u) or PLACES.why_none(u) == END_OF_DISTRICTS, u
        assert PLACES.now(u), u


def test_every_old_commune_has_a_successor_and_is_its_predecessor() -> None:
    for old in PLACES.standing(MAP_63, COMMUNE):
        changes = PLACES.successors(old)
        assert changes, old
        assert all(c.on == MAP_34 and c.act.startswith("Resolution 16") for c in changes), old
        assert [c.extent for c in changes] in ([WHOLE], [PART] * len(changes)), old
        for change in changes:
            assert change in PLACES.predecessors(change.after), old


def test_every_commune_of_today_comes_from_old_ones() -> None:
    for new in PLACES.standing(MAP_34, COMMUNE):
        changes = PLACES.predecessors(new)
        assert changes, new
        assert all(c in PLACES.successors(c.before) for c in changes), new


def test_changes_join_the_last_day_of_one_and_the_first_of_another() -> None:
    for u in OURS:
        for change in PLACES.successors(u):
            assert change.before.valid_to == change.on - timedelta(days=1), change
            assert change.after.valid_from == change.on, change
            assert change in PLACES.predecessors(change.after), change


def test_a_code_stands_for_one_unit_a_day() -> None:
    by_code: dict[str | None, list[Unit]] = {}
    for u in OURS:
        if u.code:
            by_code.setdefault(u.code, []).append(u)
    for code, forms in by_code.items():
        ordered = sorted(forms, key=lambda u: u.valid_from or date.min)
        for first, second in pairwise(ordered):
            assert first.valid_to is not None and second.valid_from is not None, code
            assert first.valid_to < second.valid_from, code


def test_a_code_that_lives_on_has_no_gap() -> None:
    for u in LOW:
        forms = PLACES.of_code(u.code or "")
        for first, second in pairwise(forms):
            assert first.valid_to is not None and second.valid_from == first.valid_to + timedelta(days=1), u


def test_communes_of_a_district_lie_in_it() -> None:
    for district in PLACES.standing(MAP_63, DISTRICT):
        for child in PLACES.children(district):
            assert PLACES.parents(child)[0] == district


def test_points_lie_where_the_country_does() -> None:
    without = 0
    for u in LOW:
        point = PLACES.point(u)
        if point is None:
            without += 1
            continue
        assert 8.0 < point[0] < 23.5 and 102.0 < point[1] < 116.0, u
    assert without < 320


# --- the resolutions ---


def clauses() -> list[list[str]]:
    path = Path(__file__).parents[1] / "cases" / "gazetteer_made_of.tsv"
    return [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines() if line[0] != "#"]


@pytest.mark.parametrize("row", clauses(), ids=lambda row: f"{row[0]} {row[1]}")
def test_a_commune_was_made_of_what_its_resolution_says(row: list[str]) -> None:
    province, name, made_of, _ = row
    (new,) = [
        u
        for u in PLACES.standing(MAP_34, COMMUNE)
        if u.name == name and PLACES.parents(u, MAP_34)[0].code == province
    ]
    found = [c.before.name + ("~" if c.extent == PART else "") for c in PLACES.predecessors(new)]
    assert sorted(found) == sorted(made_of.split(","))


def test_the_resolution_of_dien_bien_is_told_whole() -> None:
    told = {row[1] for row in clauses() if row[0] == "11"}
    assert told == {u.name for u in PLACES.children(unit("11@2004"), MAP_34)}


# --- facts ---


def test_dien_bien_left_lai_chau_in_2004() -> None:
    (change,) = PLACES.predecessors(unit("11@2004"))
    assert (change.before.name, change.on, change.extent) == ("Lai Châu", date(2004, 1, 1), PART)
    assert change.act == "Resolution 22/2003/QH11"
    chain = PLACES.parents(unit("03154@63"), date(2003, 12, 31))
    assert [p.full_name for p in chain] == ["huyện Mường Nhé", "tỉnh Lai Châu"]


def test_ha_tay_joined_ha_noi_in_2008() -> None:
    (change,) = PLACES.successors(unit("28@1991"))
    assert (change.after.full_name, change.on, change.extent) == ("thành phố Hà Nội", date(2008, 8, 1), WHOLE)
    assert [p.name for p in PLACES.parents(unit("268@63"), date(2008, 7, 31))] == ["Hà Tây"]
    assert [p.name for p in PLACES.parents(unit("268@63"), date(2008, 8, 1))] == ["Hà Nội"]
    assert [p.name for p in PLACES.parents(unit("250@63"), date(2008, 7, 31))] == ["Vĩnh Phúc"]
    assert [p.name for p in PLACES.parents(unit("04936@63"), date(2008, 7, 31))] == ["Lương Sơn", "Hòa Bình"]


def test_districts_that_merged_before_the_map_ended() -> None:
    (change,) = PLACES.successors(unit("413@old"))
    assert (change.after.full_name, change.on) == ("thành phố Vinh", date(2024, 12, 1))
    assert next(u.full_name for u in PLACES.children(unit("413@old"))).startswith("phường ")
    assert {c.unit.name for c in PLACES.now(unit("763@old"))} == {
        c.unit.name for c in PLACES.now(unit("769@63"))
    }


def test_the_name_sam_mun_covers_other_land_than_before() -> None:
    assert now("03355@63") == [("xã Thanh An", False)]
    assert now("03355@old") == [("xã Thanh An", True), ("xã Sam Mứn", True)]
    made_of = [c.before.name for c in PLACES.predecessors(unit("03356@34"))]
    assert made_of == ["Pom Lót", "Na Ư"]


def test_dien_bien_phu_city_became_two_wards_and_parts_of_communes() -> None:
    assert {name for name, _ in now("094@63")} == {
        "phường Điện Biên Phủ",
        "phường Mường Thanh",
        "xã Nà Tấu",
        "xã Mường Phăng",
    }
    assert PLACES.why_none(unit("094@63")) == END_OF_DISTRICTS


def test_sin_thau_then_and_now() -> None:
    assert now("03154@63") == [("xã Sín Thầu", False)]
    assert [c.before.name for c in PLACES.predecessors(unit("03158@34"))] == [
        "Sín Thầu",
        "Sen Thượng",
        "Leng Su Sìn",
    ]
    assert [p.name for p in PLACES.parents(unit("03158@34"))] == ["Điện Biên"]


def test_a_commune_that_was_divided_names_every_part() -> None:
    assert {name for name, part in now("09013@63") if part} == {
        "xã Mê Linh",
        "xã Yên Lãng",
        "xã Tiến Thắng",
        "xã Ô Diên",
    }


def test_namesakes_of_merged_provinces_are_not_joined() -> None:
    assert now("31666@63") == [("xã Tân Thạnh", False)]
    assert now("31268@63") == [("xã Trường Thành", False)]


def test_a_province_that_became_a_city_keeps_its_communes() -> None:
    assert [p.full_name for p in PLACES.parents(unit("26368@2026"))] == ["thành phố Đồng Nai"]
    assert [p.full_name for p in PLACES.parents(unit("26368@34"))] == ["tỉnh Đồng Nai"]
    assert [c.unit.id for c in PLACES.now(unit("22@old"))] == ["22@2026", "20@1978"]


# --- roll-up ---


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(LOW), st.integers(1, 10**12)), max_size=40))
def test_sums_are_equal_on_every_map(records: list[tuple[Unit, int]]) -> None:
    total = sum(amount for _, amount in records)
    for day in (date(2010, 1, 1), MAP_63, MAP_34, None):
        for level in (None, PROVINCE, DISTRICT, COMMUNE):
            rolled = roll_up(records, lambda r: r[0], places=PLACES, on=day, level=level)
            placed = sum(amount for group in rolled.groups for _, amount in group.items)
            rest = sum(left.item[1] for left in rolled.not_placed)
            assert placed + rest == total
            assert all(left.placement.reason for left in rolled.not_placed)
            assert len({group.unit for group in rolled.groups}) == len(rolled.groups)


def test_every_commune_of_both_maps_lies_in_one_province_of_today() -> None:
    for u in (*PLACES.standing(MAP_63, COMMUNE), *PLACES.standing(MAP_34, COMMUNE)):
        assert place(u, places=PLACES, level=PROVINCE).unit is not None, u


def test_every_district_lies_in_one_province_of_today() -> None:
    for u in PLACES.standing(MAP_63, DISTRICT):
        assert place(u, places=PLACES, level=PROVINCE).unit is not None, u


def test_what_cannot_be_placed_says_why() -> None:
    split, city, province = unit("09013@63"), unit("094@63"), unit("11@2004")
    assert place(None, places=PLACES).reason == NO_PLACE
    parted = place(split, places=PLACES, level=COMMUNE)
    assert (parted.reason, len(parted.candidates)) == (SEVERAL, 4)
    assert place(province, places=PLACES, level=COMMUNE).reason == LARGER
    assert place(city, places=PLACES, level=DISTRICT).reason == NONE_THERE
    whole = place(city, places=PLACES).unit
    assert whole is not None and whole.id == "11@2004"
    back = place(unit("15@2025"), places=PLACES, on=MAP_63)
    assert (back.reason, {u.name for u in back.candidates}) == (SEVERAL, {"Lào Cai", "Yên Bái"})
