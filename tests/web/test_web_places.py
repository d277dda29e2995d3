"""Places: their pages, the switch between the maps, the lists, the API."""

from __future__ import annotations

import csv
import io
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import DjangoAssertNumQueries
from web_cast import Cast

from hoptac.ledger.located import placer
from hoptac.ledger.models import Cooperation, Record
from hoptac.ledger.sums import grand_total, sum_records
from hoptac.screens.grounds import place_slug, unit_of_slug

PROVINCE = "11-2004-dien-bien"


def words_of(client: Client, path: str) -> str:
    """A page's words without its marks."""
    answer = client.get(path)
    assert answer.status_code == 200, path
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def test_every_unit_has_an_address_of_its_own() -> None:
    at = placer()
    seen: dict[str, str] = {}
    for key in at.places.ids():
        unit = at.places.unit(key)
        if unit.level == 0:
            continue
        slug = place_slug(unit)
        assert re.fullmatch(r"[\w-]+", slug) and slug not in seen, slug
        seen[slug] = key
    for slug, key in list(seen.items())[::37]:
        found = unit_of_slug(slug)
        assert found is not None and found.id == key
    for odd in ("", "-", "99999-63-khong-co", "xx", "11", "LA-XX-gi-do-khac"):
        country = unit_of_slug(odd)
        assert country is None or country.level == 0, odd


@pytest.mark.parametrize("space", ["portal", "desk"])
def test_a_place_says_what_it_was_and_what_it_received(cast: Cast, officer: Client, space: str) -> None:
    page = words_of(officer, reverse(f"{space}:place", args=[PROVINCE]))
    assert "Tỉnh Điện Biên" in page and "từ 01/01/2004" in page and "Tỉnh Lai Châu (một phần)" in page
    assert "67,4 tỷ đồng từ 2 khoản hỗ trợ" in page
    city = words_of(officer, reverse(f"{space}:place", args=["094-63-dien-bien-phu"]))
    assert "nay không còn là đơn vị riêng" in city and "Cấp huyện kết thúc" in city and "65 tỷ đồng" in city
    assert "Phường Mường Thanh, tỉnh Điện Biên" in city, "what covers it today"
    commune = words_of(officer, reverse(f"{space}:place", args=["03158-34-sin-thau"]))
    assert "Đã nhận, gồm cả các đơn vị tiền thân" in commune and "1 khoản không tính" in commune
    assert "Xã Leng Su Sìn, huyện Mường Nhé, tỉnh Điện Biên" in commune


def test_the_switch_keeps_the_sums_and_the_rest_of_the_address(cast: Cast) -> None:
    client = Client()
    where = reverse("portal:place", args=[PROVINCE])
    for query in ("", "?map=63", "?map=63&level=commune", "?map=34&level=commune", "?map=98&level=moon"):
        answer = client.get(where + query)
        assert answer.context["total"].sums[0].amount == 67_400_000_000
        for groups in (answer.context["places"], answer.context["own"]):
            assert sum(g.first for g in groups) == 67_400_000_000, query
            assert sum(g.left_out for g in groups) == 4, query
    page = client.get(where + "?map=63&utm=a").content.decode()
    assert "?map=63&amp;utm=a&amp;level=commune" in page and 'href="?utm=a"' in page
    districts = {g.key for g in client.get(where + "?map=63").context["places"]}
    assert {"094@63", "096@63", "?larger"} == districts
    today = {g.key for g in client.get(where).context["places"]}
    assert today == {"03158@34", "?several", "?larger"}


def test_sums_by_place_are_on_the_cooperation_and_open_their_records(cast: Cast, officer: Client) -> None:
    for space in ("portal", "desk"):
        base = reverse(f"{space}:cooperation", args=[cast.cooperation.slug])
        for query, amount in (("", "67,4"), ("?map=63&level=district", "65")):
            answer = officer.get(base + query)
            groups = answer.context["places"]
            assert grand_total(sum_records(cast.cooperation)).totals == {"VND": sum(g.first for g in groups)}
            assert f"{amount} tỷ đồng" in answer.content.decode()
            assert 'class="map"' in answer.content.decode()
        listed = officer.get(
            reverse(f"{space}:cooperation-sum", args=[cast.cooperation.slug]),
            {"by": "place", "group": "?larger", "map": "63", "level": "district"},
        )
        assert listed.status_code == 200 and "Nói về cả một đơn vị lớn hơn" in listed.content.decode()
        missing = officer.get(
            reverse(f"{space}:cooperation-sum", args=[cast.cooperation.slug]) + "?by=place&group=03154%4063"
        )
        assert missing.status_code == 404


def test_lists_narrow_to_a_place_or_to_a_group_of_the_map(cast: Cast, officer: Client) -> None:
    def titles(query: str, space: str = "desk") -> set[str]:
        rows = officer.get(reverse(f"{space}:records") + query).context["page"].object_list
        return {r.title for r in rows if r.kind == "contribution"}

    for space in ("desk", "portal"):
        assert titles("?place=03158-34-sin-thau", space) == {"trạm y tế xã Sín Thầu"}
        assert titles("?place=03154-63", space) == {"trạm y tế xã Sín Thầu"}
        assert titles("?spot=094@63&map=63&level=district", space) == {
            "Trường Tiểu học Hà Nội - Điện Biên Phủ"
        }
        assert len(titles("?spot=?larger&map=63&level=district", space)) == 4
        assert titles("?place=99999-99", space) == set()
        assert len(titles("?spot=11@2004&level=moon&map=1", space)) == 6
    page = officer.get(reverse("desk:records") + "?kind=contribution&map=63").content.decode()
    assert "Thành phố Điện Biên Phủ" in page and "03154-63-sin-thau/?map=63" in page


def test_csv_of_records_and_places(cast: Cast, officer: Client) -> None:
    for space in ("desk", "portal"):
        answer = officer.get(reverse(f"{space}:records-csv") + "?q=tram+y+te&kind=contribution&map=63")
        rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
        then = "Xã Sín Thầu, huyện Mường Nhé, tỉnh Điện Biên"
        assert rows[1][-4:-1] == [then, "03154@63", then]
        answer = officer.get(reverse(f"{space}:places-csv") + "?map=63&level=district")
        rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
        assert {r[1] for r in rows[1:]} == {"094@63", "096@63", ""}


def test_places_are_found_with_accents_or_without(cast: Cast) -> None:
    where = reverse("portal:places")
    for q in ("sín thầu", "SIN THAU", "xã Sín Thầu, Mường Nhé"):
        found = Client().get(where, {"q": q}).context["found"]
        assert "03154-63-sin-thau" in {p.slug for p in found}, q
    assert "Không đơn vị nào có tên như" in Client().get(where, {"q": "<b>khong co"}).content.decode()
    many = Client().get(where, {"q": "phường 1"})
    assert len(many.context["found"]) <= 60
    for sort in ("", "name", "-records", "moon"):
        page = Client().get(where, {"sort": sort, "map": "63", "level": "district"})
        assert {r.key for r in page.context["page"].object_list} == {"094@63", "096@63"}


def test_a_record_links_to_the_unit_in_which_it_counts(cast: Cast, officer: Client) -> None:
    record = cast.record("trạm y tế")
    for space in ("desk", "portal"):
        page = officer.get(reverse(f"{space}:record", args=[record.slug])).content.decode()
        assert reverse(f"{space}:place", args=["03154-63-sin-thau"]) in page
    party = officer.get(reverse("portal:party", args=["dien-bien"])).content.decode()
    assert reverse("portal:place", args=[PROVINCE]) in party
    told = officer.get(reverse("desk:record", args=[cast.record("Lê Quý Đôn").slug])).content.decode()
    assert "Không nêu địa bàn; tính vào nơi của bên nhận" in told


def test_only_what_is_open_counts(cast: Cast) -> None:
    stranger = Client()
    stranger.force_login(cast.stranger)
    page = stranger.get(reverse("desk:place", args=[PROVINCE]))
    assert page.status_code == 200 and page.context["record_count"] == 0
    assert "Lê Quý Đôn" not in page.content.decode()
    assert stranger.get(reverse("desk:places")).context["page"].paginator.count == 0
    Cooperation.objects.get().records.clear()
    assert Client().get(reverse("portal:place", args=[PROVINCE])).context["record_count"] == 0
    assert Client().get(reverse("portal:records")).context["page"].paginator.count == 0


def test_who_may_ask_and_how(cast: Cast, officer: Client) -> None:
    for name, args in (("places", []), ("places-csv", []), ("place", [PROVINCE]), ("place-sum", [PROVINCE])):
        where = reverse(f"desk:{name}", args=args)
        assert Client().get(where).status_code == 302 and officer.post(where).status_code == 405, name
        public = reverse(f"portal:{name}", args=args)
        assert Client().get(public).status_code == 200 and Client().post(public).status_code == 405, name
    for where in (
        reverse("portal:place", args=["99999-63-x"]),
        reverse("desk:place-sum", args=["99999-63-x"]),
    ):
        assert officer.get(where).status_code == 404
    assert officer.get(reverse("portal:place-sum", args=[PROVINCE]) + "?by=colour").status_code == 404
    summed = officer.get(reverse("portal:place-sum", args=[PROVINCE]) + "?by=year&group=2011")
    assert "2,4 tỷ đồng" in summed.content.decode()


MOST_QUERIES = {
    ("portal:home", ""): 10,
    ("portal:places", ""): 4,
    ("portal:records", "?kind=contribution&place=" + PROVINCE): 7,
    ("portal:cooperation", "slug"): 14,
    ("portal:place", PROVINCE): 10,
    ("desk:place", PROVINCE): 11,
    ("desk:places", ""): 5,
}


def test_pages_ask_no_more_when_there_is_more(
    cast: Cast, officer: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for (name, arg), most in MOST_QUERIES.items():
        if arg.startswith("?") or not arg:
            where = reverse(name) + arg
        else:
            where = reverse(name, args=[cast.cooperation.slug if arg == "slug" else arg])
        with django_assert_max_num_queries(most, info=name):
            officer.get(where)


def get(path: str, status: int = 200) -> Any:
    answer = Client().get(path)
    assert answer.status_code == status, answer.content
    return answer.json()


def test_the_api_has_the_same_maps_and_groups(cast: Cast) -> None:
    base = f"/api/v1/cooperations/{cast.cooperation.slug}/sums"
    for query in ("?by=place", "?by=place&map=63&level=district", "?by=unit", "?by=place&level=any"):
        groups = get(base + query)["groups"]
        assert sum(int(s["amount"]) for g in groups for s in g["sums"]) == 67_400_000_000, query
    [province] = get(base + "?by=place")["groups"]
    assert province["key"] == "11@2004" and province["unit"]["code"] == "11"
    assert province["unit"]["url"].endswith(f"/places/{PROVINCE}/")
    assert {g["key"] for g in get(base + "?by=place&map=63&level=district")["groups"]} == {
        "094@63",
        "096@63",
        "?larger",
    }
    listed = get("/api/v1/records?group=094@63&map=63&level=district&kind=contribution")["items"]
    assert [r["places"] for r in listed] == [["094@63"]] and listed[0]["place_reason"] == ""
    assert len(get("/api/v1/records?place=03158@34&kind=contribution")["items"]) == 1
    places = get("/api/v1/places?map=63&level=district")
    assert {p["id"] for p in places["items"]} == {"094@63", "096@63"}
    assert {x["reason"] for x in places["not_placed"]} >= {"larger"}
    one = get("/api/v1/places/03154@63")
    assert one == get("/api/v1/places/03154-63-sin-thau") and one["now"][0]["id"] == "03158@34"
    assert one["became"][0]["act"] and one["received"]["left_out"][0]["reason"] == "pledged"
    found = get("/api/v1/places/search?q=sin thau")
    assert {u["id"] for u in found} == {"03154@63", "03158@34"}
    for wrong in ("/api/v1/records?map=64", f"{base}?by=place&level=moon", "/api/v1/places/search?q="):
        assert get(wrong, 422)["status"] == 422
    assert get("/api/v1/places/99999@63", 404)["status"] == 404 and get("/api/v1/records?place=99999", 404)


def test_the_map_says_what_its_table_says_and_what_it_leaves_out(cast: Cast, officer: Client) -> None:
    page = officer.get(reverse("portal:home"))
    drawn = page.context["map"]
    [line] = drawn.units
    assert (line.name, line.words) == ("Điện Biên", "67,4 tỷ đồng") and drawn.empty == 33
    assert line.href.startswith(reverse("portal:records")) and "spot=11%402004" in line.href
    assert f"{line.name}: {line.words}" in str(drawn.svg), "the shape's own title"
    assert len(officer.get(line.href).context["page"].object_list) == 6
    for dot in drawn.dots:
        assert officer.get(dot.href).context["page"].paginator.count == int(dot.words)
    works = Record.objects.live().filter(kind="activity").count()
    assert sum(int(d.words) for d in drawn.dots) + drawn.works_elsewhere == works
    assert officer.get(reverse("portal:home") + "?map=63").context["map"].empty == 62
    assert " style=" not in page.content.decode() and "<style" not in page.content.decode()


def test_pages_of_places_open_for_units_of_every_kind(cast: Cast) -> None:
    at = placer()
    for key in (
        "12@old",
        "habac@old",
        "LA-HO",
        "LA/Lào",
        "096@old",
        "100@63",
        "03158@34",
        "75@2026",
        "28@1991",
    ):
        slug = place_slug(at.places.unit(key))
        for language in ("vi", "en"):
            client = Client()
            client.cookies["django_language"] = language
            for query in ("", "?map=63&level=district"):
                assert client.get(reverse("portal:place", args=[slug]) + query).status_code == 200, key
