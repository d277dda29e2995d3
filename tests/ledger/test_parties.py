from __future__ import annotations

import pytest
from test_agree import rows

from hoptac.ledger.filing import concerned
from hoptac.ledger.identity import identify, level_of, place_words
from hoptac.ledger.models import Cooperation, Party, Person
from hoptac.ledger.parties import (
    ensure_cooperation,
    ensure_locality_of,
    ensure_party,
    ensure_person,
    find_party,
    side_of,
    sides_of,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("row", rows("ledger_parties.tsv"), ids=lambda r: r[0])
def test_who_a_name_means(row: list[str]) -> None:
    name, code, identity, kind, locality = row[:5]
    party = ensure_party(name, code or None)
    assert (party.identity, party.kind) == (identity, kind)
    side = side_of(party)
    assert (side.name if side else "-") == locality
    assert ensure_party(name, code or None) == party == find_party(name, code or None)


def test_levels_by_the_codes_form() -> None:
    assert [level_of(c) for c in ("VN", "11", "LA-HO", "096", "03163", "x")] == [0, 1, 1, 2, 3, None]
    assert identify("Mường Xa", "LA-XX").identity == "place:mường xa"


def test_names_alike_get_slugs_of_their_own() -> None:
    slugs = [ensure_party(n).slug for n in ("Quỹ Thiện Tâm", "Quỹ Thiên Tâm", "Quỹ Thiện Tám")]
    assert slugs == ["quy-thien-tam", "quy-thien-tam-2", "quy-thien-tam-3"]


def test_localities_once_in_one_order() -> None:
    names = ("UBND tỉnh Điện Biên", "Hà Nội", "Điện Biên", "Công ty Cổ phần Than Quảng Ninh")
    assert [p.name for p in sides_of(ensure_party(n) for n in names)] == ["Hà Nội", "Điện Biên"]
    assert [p.name for p in sides_of(ensure_party(n) for n in reversed(names))] == ["Hà Nội", "Điện Biên"]


def test_a_place_makes_no_party_but_its_locality() -> None:
    assert ensure_locality_of("thành phố Điện Biên Phủ") == Party.objects.get(name="Điện Biên")
    assert ensure_locality_of("bản Sa Ná") is None and Party.objects.count() == 1
    assert ensure_locality_of("Điện Biên", "11") == Party.objects.get()


def test_a_cooperation_is_its_localities_whatever_the_order() -> None:
    a, b = ensure_party("Điện Biên", "11"), ensure_party("Hà Nội", "01")
    assert ensure_cooperation([a, b]) == ensure_cooperation([b, a])
    assert Cooperation.objects.get().name == "Hà Nội – Điện Biên"
    assert Cooperation.objects.get().slug == "ha-noi-dien-bien"


def test_one_name_on_one_side_is_one_person() -> None:
    tuan = ensure_person("Đỗ Anh Tuấn", "Hà Nội")
    assert ensure_person("Đỗ Anh Tuấn", "UBND thành phố Hà Nội") == tuan
    assert ensure_person("Đỗ Anh Tuấn", None) == tuan
    other = ensure_person("Đỗ Anh Tuấn", "Sơn La")
    assert other != tuan
    nowhere = ensure_person("Đỗ Anh Tuấn", None)
    assert nowhere not in (tuan, other) and nowhere.side is None
    assert ensure_person("Đỗ Anh Tuân", "Hà Nội") != tuan
    assert Person.objects.count() == 4


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("UBND xã Mường Phăng", "xã Mường Phăng"),
        ("học sinh huyện Nậm Pồ", "huyện Nậm Pồ"),
        ("Công an phường 12", "phường 12"),
        ("Trường Tiểu học Sín Thầu", None),
        ("bà con các xã vùng cao", None),
        ("Sở Lao động, Thương binh và Xã hội", None),
        ("doanh nghiệp xã hội tỉnh Sơn La", "tỉnh Sơn La"),
    ],
)
def test_the_words_of_a_name_that_name_a_unit(name: str, words: str | None) -> None:
    assert place_words(name) == words


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("recipient", "sides"),
    [
        ({"name": "xã Sín Thầu", "unit": "03154@63"}, ["Hà Nội", "Điện Biên"]),
        ({"name": "xã Sín Thầu"}, ["Hà Nội"]),
        ({"name": "xã Sín Thầu", "unit": "99999@63"}, ["Hà Nội"]),
        ({"name": "Lai Châu", "code": "12", "unit": "03154@63"}, ["Hà Nội", "Lai Châu"]),
    ],
    ids=["its unit is told", "its name alone", "a unit that is none", "a province's own name"],
)
def test_a_commune_is_of_the_province_of_its_unit(recipient: dict[str, str], sides: list[str]) -> None:
    values = {"funder": [{"name": "Hà Nội", "code": "01"}], "recipient": [recipient], "what": "gạo"}
    assert sorted(p.name for p in concerned("contribution", values).sides) == sorted(sides)
