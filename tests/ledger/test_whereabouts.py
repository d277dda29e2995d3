"""Names to units as they were, and records on either map."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ledger_book import take

from hoptac.ledger.check import check_records
from hoptac.ledger.located import LEVELS_OF, Ground, Placer, in_unit, key_of, on_map, placer
from hoptac.ledger.models import ContributionFact, Record, RecordParty
from hoptac.ledger.records import rebuild
from hoptac.ledger.sums import grand_total, sum_records
from hoptac.ledger.whereabouts import Named, Span, locate, settle, span_of
from hoptac.lexicon.tables import default_lexicon
from hoptac.places.atlas import atlas

PLACES = atlas(default_lexicon())


def years(first: int, last: int | None = None) -> Span:
    return date(first, 1, 1), date(last or first, 12, 31)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"year": 2014}, years(2014)),
        ({"period": [2011, 2019]}, years(2011, 2019)),
        ({"period": [2021, None]}, years(2021)),
        ({"year": 2012, "period": [2011, 2019]}, years(2012)),
        ({"date": "2024-02"}, (date(2024, 2, 1), date(2024, 2, 29))),
        ({"date": "2024-04-25"}, (date(2024, 4, 25), date(2024, 4, 25))),
        ({"date": "2023-02-31"}, (date(2023, 2, 1), date(2023, 2, 28))),
        ({}, None),
        ({"period": None, "year": None}, None),
    ],
)
def test_days_in_which_a_deed_may_lie(values: dict[str, object], expected: Span | None) -> None:
    assert span_of(values) == expected


DIEN_BIEN = ("11@2004",)
SETTLED = [
    # name, code, unit, deed, page, near, ids
    ("Điện Biên", "11", None, years(2014), None, (), "11@2004"),
    ("Điện Biên", None, None, years(1984), date(2024, 4, 26), (), "11@2004"),
    ("Lai Châu", "12", None, years(1990), date(2024, 4, 26), (), "12@old"),
    ("Lai Châu", "12", None, years(2016), None, (), "12@2004"),
    ("Yên Bái", "15", None, years(2016), None, (), "15@1991"),
    ("Lào Cai", "15", None, None, date(2026, 3, 1), (), "15@2025"),
    ("Hà Tây", None, None, years(2005), None, (), "28@1991"),
    ("xã Sín Thầu", None, None, years(2014), None, (), "03154@63"),
    ("xã Sín Thầu", None, None, None, date(2026, 5, 1), (), "03158@34"),
    ("xã Sín Thầu", None, None, None, None, (), "03154@63 03158@34"),
    ("xã Sín Thầu", None, "03154@63", None, date(2026, 5, 1), (), "03154@63"),
    ("huyện Mường Nhé", None, None, years(2011), None, (), "096@old"),
    ("huyện Mường Nhé", None, None, None, date(2026, 5, 1), (), "096@63"),
    ("thành phố Điện Biên Phủ", None, None, years(2014), None, (), "094@2003"),
    ("xã Thanh Hưng", None, None, years(2026), None, DIEN_BIEN, "28426@34"),
    ("xã Chiềng Chung", None, None, years(2014), None, ("14@old",), "04015@63 04129@63"),
    ("Hủa Phăn", "LA-HO", None, None, None, (), "LA-HO"),
    ("Nhật", None, None, years(2014), None, (), "JP/Nhật Bản"),
    ("Nhật Bản", "JP", None, years(2014), None, (), "JP/Nhật Bản"),
    ("bản Tả Kố Khừ", None, None, years(2014), None, DIEN_BIEN, ""),
    ("Trường Tiểu học Sín Thầu", None, None, years(2014), None, (), ""),
    ("xã Sín Thầu", None, "99999@63", years(2014), None, (), "03154@63"),
]


@pytest.mark.parametrize("row", SETTLED, ids=lambda r: f"{r[0]}-{r[6] or 'none'}")
def test_a_name_is_settled_by_its_code_its_day_and_what_it_lies_in(
    row: tuple[str, str | None, str | None, Span | None, date | None, tuple[str, ...], str],
) -> None:
    name, code, unit, deed, page, near, ids = row
    found = settle(
        Named(name, code, unit),
        deed=deed,
        pages=[page] if page else (),
        near=[PLACES.unit(n) for n in near],
    )
    assert " ".join(sorted(u.id for u in found)) == ids


def test_a_place_comes_before_the_recipients() -> None:
    province = (PLACES.unit("11@2004"),)
    where = locate([Named("xã Sín Thầu")], [province], deed=years(2014))
    assert (where.text, where.told, where.why) == ("03154@63", "place", "")
    where = locate([Named("bản Tả Kố Khừ")], [province], deed=years(2014))
    assert (where.text, where.told, where.why) == ("11@2004", "recipient", "")
    assert locate([Named("bản Tả Kố Khừ")], []).why == "unknown" and locate([], []).why == "no_place"
    exact = locate(
        [Named("Điện Biên", "11")],
        [],
        finer=[Named("huyện Mường Nhé"), Named("xã Sín Thầu")],
        deed=years(2014),
    )
    assert exact.text == "03154@63", "what lies in the place is more exact"
    apart = locate(
        [Named("Điện Biên", "11")], [], finer=[Named("xã Sín Thầu"), Named("xã Na Ư")], deed=years(2014)
    )
    assert apart.text == "11@2004", "two that differ are not more exact"
    assert locate([Named("Lai Châu", "12")], [], finer=[Named("xã Na Ư")], deed=years(2014)).text == "12@2004"
    two = locate([], [province, (PLACES.unit("14@old"),)])
    assert (two.text, two.why) == ("11@2004|14@old", "unsettled")


BOOK = """
gift: Hà Nội > Điện Biên | Trường Tiểu học Sín Thầu | build | 9935000000 VND | 2014 | education | done | place=xã Sín Thầu
gift: Hà Nội > Điện Biên | nhà bán trú | build | 3000000000 VND | 2015 | education | done | place=huyện Mường Nhé
gift: Hà Nội > Điện Biên | quà Tết cho hộ nghèo | gift | 500000000 VND | 2016 | welfare | done
gift: Hà Nội > Điện Biên | trạm y tế | build | 700000000 VND | 2026 | health | done | place=xã Sín Thầu
gift: Hà Nội > Lai Châu | đường liên bản | build | 200000000 VND | 1990 | transport | done
gift: Hà Nội > Lai Châu | giếng nước | build | 40000000 VND | 2016 | environment | done | place=bản Nậm Cáy
gift: Hà Nội > Điện Biên, Sơn La | thuốc men | relief | 6000000 VND | 2019 | health | done
gift: Hà Nội > Điện Biên | máy chụp cắt lớp | equip | 250000.50 USD | 2016 | health | done
"""


def placed(units: str, level: str | None, by: str = "place") -> list[str]:
    out = []
    for group in sum_records(None, by, ground=Ground(units, level)):
        sums = " + ".join(f"{value} {currency}" for currency, value in group.totals.items()) or "-"
        out.append(f"{group.key} | {sums}")
    return out


def lines(text: str) -> list[str]:
    return [line.strip() for line in text.strip().splitlines()]


ON_MAPS = {
    ("34", "province", "place"): """
        11@2004 | 250000.50 USD + 14135000000 VND
        12@2004 | 40000000 VND
        ?several | 200000000 VND
        ?unsettled | 6000000 VND
        """,
    ("34", "commune", "place"): """
        03158@34 | 10635000000 VND
        ?larger | 250000.50 USD + 740000000 VND
        ?several | 3000000000 VND
        ?unsettled | 6000000 VND
        """,
    ("63", "district", "place"): """
        096@63 | 13635000000 VND
        ?larger | 250000.50 USD + 740000000 VND
        ?unsettled | 6000000 VND
        """,
    ("63", "commune", "place"): """
        03154@63 | 9935000000 VND
        ?larger | 250000.50 USD + 3740000000 VND
        ?several | 700000000 VND
        ?unsettled | 6000000 VND
        """,
    ("63", None, "place"): """
        03154@63 | 9935000000 VND
        096@63 | 3700000000 VND
        11@2004 | 250000.50 USD + 500000000 VND
        12@2004 | 40000000 VND
        ?several | 200000000 VND
        ?unsettled | 6000000 VND
        """,
    ("34", None, "unit"): """
        03154@63 | 9935000000 VND
        03158@34 | 700000000 VND
        096@63 | 3000000000 VND
        11@2004 | 250000.50 USD + 500000000 VND
        12@2004 | 40000000 VND
        12@old | 200000000 VND
        ?unsettled | 6000000 VND
        """,
}


@pytest.mark.django_db
def test_one_book_on_both_maps() -> None:
    take(BOOK)
    for (units, level, by), expected in ON_MAPS.items():
        found = placed(units, level, by)
        assert sorted(found) == sorted(lines(expected)), (units, level, by)


def titles(unit: str, *, perhaps: bool = False) -> set[str]:
    found = in_unit(Record.objects.filter(kind="contribution"), PLACES.unit(unit), perhaps=perhaps)
    return {r.title for r in found}


@pytest.mark.django_db
def test_a_unit_holds_its_parts_and_what_it_came_from() -> None:
    take(BOOK)
    school, clinic = "Trường Tiểu học Sín Thầu", "trạm y tế"
    assert titles("03158@34") == {school, clinic} and titles("03154@63") == {school}
    assert titles("03154@63", perhaps=True) == set(), (
        "what came later to the new commune is not the old one's"
    )
    assert titles("096@63") == {school, "nhà bán trú"}
    assert titles("11@2004", perhaps=True) == {"đường liên bản", "thuốc men"}
    assert titles("12@old") == {"đường liên bản"} and titles("01@2008") == set()
    nowhere = on_map(Record.objects.all(), Ground("34", "province"), "?several")
    assert [r.title for r in nowhere] == ["đường liên bản"]


@pytest.mark.django_db
def test_parties_carry_the_unit_that_they_were() -> None:
    take(BOOK)
    rows = RecordParty.objects.filter(party__name="Lai Châu", role="taker").order_by("record__year")
    assert [r.units for r in rows] == ["12@old", "12@2004"]


@pytest.mark.django_db
def test_a_unit_that_the_reading_names_is_taken_as_it_is() -> None:
    take(
        """
        gift: Hà Nội > Điện Biên | nhà ăn | build | 1000 VND | 2026 | education | done | place=xã Sín Thầu#03154@63
        gift: Hà Nội > Hội Nông dân Mường Phăng#03325@63 | loa | equip | 2000 VND | 2016 | culture | done
        gift: Hà Nội > UBND xã Mường Phăng | bàn ghế | equip | 3000 VND | 2016 | education | done
        gift: Hà Nội > xã Chiềng Chung#04015@63 | sách | gift | 4000 VND | 2016 | education | done
        gift: Hà Nội > Sơn La, xã Chiềng Chung | vở | gift | 5000 VND | 2016 | education | done
        """
    )
    found = dict(Record.objects.filter(kind="contribution").values_list("title", "place_units"))
    assert found == {
        "nhà ăn": "03154@63",
        "loa": "03325@63",
        "bàn ghế": "03325@63",
        "sách": "04015@63",
        "vở": "04015@63|04129@63|14@old",
    }
    at = {
        p.unit.id if p.unit else p.reason
        for r in Record.objects.filter(title="vở")
        if (p := placer().of(r, Ground()))
    }
    assert at == {"14@old"}, "all that it may mean lies in one province"


@pytest.mark.django_db
def test_a_ledger_not_yet_rebuilt_says_so_and_rebuild_fills_it() -> None:
    take(BOOK)
    columns = list(Record.objects.order_by("pk").values_list("place_units", "place_told", "place_why"))
    Record.objects.update(place_units=None, place_told="", place_why="")
    RecordParty.objects.update(units=None)
    assert [g.key for g in sum_records(None, "place")] == ["?not_filled"]
    assert {dict(f.values)["field"] for f in check_records()} == {
        "place_units",
        "place_told",
        "place_why",
        "parties",
    }
    rebuild(Record.objects.values_list("pk", flat=True))
    assert columns == list(
        Record.objects.order_by("pk").values_list("place_units", "place_told", "place_why")
    )
    assert not list(check_records())


UNITS = sorted(
    [
        "03154@63",
        "03158@34",
        "096@63",
        "096@old",
        "100@63",
        "11@2004",
        "12@old",
        "28@1991",
        "01@2008",
        "LA-HO",
        "LA/Lào",
    ]
)


@pytest.mark.django_db
@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.tuples(st.sets(st.sampled_from(UNITS), max_size=3), st.integers(1, 10**12), st.booleans()),
        min_size=1,
        max_size=6,
    )
)
def test_sums_on_all_maps_are_equal(gifts: list[tuple[set[str], int, bool]]) -> None:
    """Placed and not placed are together all that there is, on either map and at every level."""
    made = []
    for number, (told, amount, counted) in enumerate(gifts):
        record = Record.objects.create(
            kind="contribution", slug=f"r-{number}", opened_at="2026-11-23T00:00Z", in_force=1,
            place_units="|".join(sorted(told)), place_why="" if len(told) == 1 else "unsettled" if told else "no_place",
        )  # fmt: skip
        made.append(record)
        ContributionFact.objects.create(
            record=record, amount_minor=amount, currency="VND", standing="read", counted=counted,
            left_out="" if counted else "hedged",
        )  # fmt: skip
    whole = grand_total(sum_records(None, "field"))
    for units, levels in LEVELS_OF.items():
        for level in (*levels, None):
            groups = sum_records(None, "place", ground=Ground(units, level))
            assert grand_total(groups) == whole, (units, level)
            for group in groups:
                listed = on_map(Record.objects.all(), Ground(units, level), group.key)
                shown = {c.record.pk for c in group.counted} | {x.record.pk for x in group.left_out}
                assert {r.pk for r in listed} == shown
    Record.objects.all().delete()


def test_the_key_of_what_no_unit_holds_names_the_reason() -> None:
    at: Placer = placer()
    assert (
        key_of(at.on("12@old", "", None, 1)) == "?several"
        and key_of(at.on("", "unknown", None, 1)) == "?unknown"
    )
    assert key_of(at.on("11@2004|096@63", "unsettled", None, 1)) == "11@2004", "both lie in one province"
