"""The answer to a place name, as the command and the API give it."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date

import pytest

from hoptac.places.answer import answer

KEYS = {
    "id",
    "code",
    "name",
    "kind",
    "level",
    "full_name",
    "full_name_en",
    "valid_from",
    "valid_to",
    "parents",
    "lat",
    "lon",
    "now",
    "was",
}


@pytest.mark.parametrize(
    "name", ["Điện Biên", "Sín Thầu", "Hà Tây", "Hủa Phăn", "Lào", "Hà Nam Ninh", "Trường Sa"]
)
def test_an_answer_has_every_key_and_is_plain(name: str) -> None:
    found = answer(name)
    assert found
    for unit in found:
        assert set(unit) == KEYS
        assert json.loads(json.dumps(unit, ensure_ascii=False)) == unit
        assert all({"code", "name", "kind", "part"} <= set(cover) for cover in unit["now"])
        assert all({"code", "name", "kind", "part", "on", "act"} <= set(was) for was in unit["was"])


def test_the_name_sam_mun_in_2012() -> None:
    (unit,) = answer("Sam Mứn", on=date(2012, 5, 1))
    assert (unit["code"], unit["level"], unit["valid_to"]) == ("03355", 3, "2012-08-24")
    assert unit["full_name"] == "xã Sam Mứn, huyện Điện Biên, tỉnh Điện Biên"
    assert [(c["code"], c["name"], c["part"]) for c in unit["now"]] == [
        ("03352", "Thanh An", True),
        ("03356", "Sam Mứn", True),
    ]


def test_the_name_sam_mun_today() -> None:
    (unit,) = answer("Sam Mứn", on=date(2026, 1, 1))
    assert (unit["code"], unit["valid_from"], unit["valid_to"]) == ("03356", "2025-07-01", None)
    assert [p["name"] for p in unit["parents"]] == ["Điện Biên"]
    assert [(w["name"], w["part"], w["on"]) for w in unit["was"]] == [
        ("Pom Lót", False, "2025-07-01"),
        ("Na Ư", False, "2025-07-01"),
    ]
    assert unit["was"][0]["act"] == "Resolution 1661/NQ-UBTVQH15"


def test_parents_are_those_of_the_day() -> None:
    (unit,) = answer("Sín Thầu", on=date(2003, 6, 1))
    assert [(p["kind"], p["name"]) for p in unit["parents"]] == [("huyện", "Mường Nhé"), ("tỉnh", "Lai Châu")]


def test_a_context_leaves_one() -> None:
    assert len(answer("Tân Thành")) > 20
    (unit,) = answer("Tân Thành", on=date(2026, 1, 1), within="Lạng Sơn")
    assert unit["full_name"] == "xã Tân Thành, tỉnh Lạng Sơn"


@pytest.mark.parametrize("name", ["", " ", "Xyz", ",", "tỉnh Hà Nội"])
def test_a_name_of_nothing_has_no_answer(name: str) -> None:
    assert answer(name) == []


def test_reading_the_provinces_does_not_read_the_communes() -> None:
    code = (
        "import sys; from hoptac.lexicon.tables import default_lexicon as d;"
        "from hoptac.places.units import gazetteer; gazetteer(d());"
        "sys.exit('hoptac.places.store' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
