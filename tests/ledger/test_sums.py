from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ledger_book import NOW, take

from hoptac.ledger.facts import Fact, Paired, covered_totals, fact_of
from hoptac.ledger.located import LEVELS_OF, Ground
from hoptac.ledger.models import ContributionFact, Cooperation, Record
from hoptac.ledger.sums import (
    BY,
    Tallies,
    add,
    grand_total,
    parts_of_total,
    rebuilt_facts,
    scope_of,
    shown_facts,
    sum_records,
    totals_of,
)
from hoptac.ledger.values import check_values

BOOK = """
gift: Hà Nội > Điện Biên | Trường Tiểu học Sín Thầu | build | 9935000000 VND | 2014 | education | done
gift: Hà Nội > Điện Biên | Trường Mầm non số 2 Sam Mứn | build | 9989000000 VND | 2012 | education | done
gift: Hà Nội > Điện Biên | trạm y tế các xã vùng cao | build | >=5000000000 VND | 2015 | health | done
gift: Hà Nội > Điện Biên | máy chụp cắt lớp | equip | 250000.50 USD | 2016 | health | done
gift: Hà Nội > Điện Biên | nhà bán trú | build | 3000000000 VND | 2026 | education | pledged
gift: Hà Nội > Điện Biên | đường liên bản | build | 7000000000 VND | 2027 | transport | requested
gift: Hà Nội > Điện Biên | kinh phí ủng hộ quỹ vì người nghèo | fund | 2000000000 VND | - | welfare | done
gift: Hà Nội > Điện Biên | suất quà tặng trẻ em | gift | - | 2024 | welfare | done | count=170 suất quà
gift: Hà Nội > Điện Biên | hỗ trợ giáo dục giai đoạn vừa qua | fund | 60000000000 VND | - | education | done | period=2011-2019
"""


def lines(by: str, years: tuple[int, int] | None = None) -> list[str]:
    """Totals as text: key | sums | how many counted | why others are left out."""
    cooperation = Cooperation.objects.get()
    out = []
    for group in sum_records(cooperation, by, years=years):
        sums = " + ".join(f"{value} {currency}" for currency, value in group.totals.items()) or "-"
        why = ", ".join(f"{reason} {n}" for reason, n in sorted(group.reasons.items()))
        out.append(f"{group.key} | {sums} | {len(group.counted)} | {why}")
    return out


@pytest.mark.django_db
def test_totals_say_what_they_leave_out_and_why() -> None:
    take(BOOK)
    assert lines("field") == [
        "education | 19924000000 VND | 2 | covered_total 1, pledged 1",
        "health | 250000.50 USD | 1 | hedged 1",
        "transport | - | 0 | requested 1",
        "welfare | 2000000000 VND | 1 | no_sum 1",
    ]
    assert lines("year", (2011, 2015)) == [
        "2011 | - | 0 | covered_total 1",
        "2012 | 9989000000 VND | 1 | ",
        "2014 | 9935000000 VND | 1 | ",
        "2015 | - | 0 | hedged 1",
        "None | - | 0 | undated 1",
    ]
    assert lines("funder") == [
        "Hà Nội | 250000.50 USD + 21924000000 VND | 4 | covered_total 1, hedged 1, no_sum 1, pledged 1, requested 1"
    ]


@pytest.mark.django_db
def test_the_grand_total_is_one_whatever_the_groups() -> None:
    take(BOOK)
    whole = [grand_total(sum_records(Cooperation.objects.get(), by)) for by in BY]
    assert all(total == whole[0] for total in whole) and len(whole[0].counted) + len(whole[0].left_out) == 9
    assert grand_total(sum_records(None)).totals == whole[0].totals
    with pytest.raises(ValueError, match="expected one of"):
        sum_records(None, "colour")


@pytest.mark.django_db
def test_a_total_names_its_parts() -> None:
    take(BOOK)
    total = Record.objects.get(title__startswith="hỗ trợ giáo dục")
    assert [r.year for r in parts_of_total(total)] == [2014, 2012]


@pytest.mark.django_db
def test_a_part_that_comes_later_makes_the_total_covered() -> None:
    take(
        "gift: Hà Nội > Điện Biên | hỗ trợ y tế | fund | 30000000000 VND | - | health | done | period=2011-2019"
    )
    assert lines("field") == ["health | 30000000000 VND | 1 | "]
    take("gift: Hà Nội > Điện Biên | Trạm y tế Nậm Pồ | build | 4000000000 VND | 2013 | health | done")
    assert lines("field") == ["health | 4000000000 VND | 1 | covered_total 1"]


@pytest.mark.django_db
def test_a_sum_equal_to_its_parts_is_not_added_to_them() -> None:
    take(
        """
        gift: Hà Nội > Điện Biên | tổng kinh phí các hạng mục | fund | 5000000000 VND | 2020 | - | done
        gift: Hà Nội > Điện Biên | nhà ăn bán trú | build | 3000000000 VND | 2020 | education | done
        gift: Hà Nội > Điện Biên | giếng nước sạch | build | 2000000000 VND | 2020 | environment | done
        """
    )
    assert lines("year") == ["2020 | 5000000000 VND | 2 | covered_total 1"]


@pytest.mark.django_db
def test_disputed_sums_do_not_count() -> None:
    take(
        "gift: Hà Nội > Điện Biên | Trường Tiểu học Sín Thầu | build | 9935000000 VND | 2014 | education | done"
    )
    take(
        "gift: Hà Nội > Điện Biên | Trường Tiểu học Sín Thầu | build | 9000000000 VND | 2014 | education | done"
    )
    assert lines("standing") == ["disputed | - | 0 | disputed 1"]


@pytest.mark.django_db
def test_a_billion_billion_dong_is_held_to_the_last_dong() -> None:
    take(
        "gift: Hà Nội > Điện Biên | chương trình lớn | fund | 1000000000000000001 VND | 2014 | economy | done"
    )
    fact = ContributionFact.objects.get()
    assert (fact.amount_minor, fact.amount) == (10**18 + 1, Decimal(10**18 + 1))
    assert lines("field") == ["economy | 1000000000000000001 VND | 1 | "]


@pytest.mark.django_db
@settings(max_examples=15, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["Hà Nội > Điện Biên", "Hà Nội > Sơn La", "Hà Nội > Điện Biên, Sơn La"]),
            st.sampled_from(["Trường Tiểu học Sín Thầu", "quà tặng hộ nghèo", "trạm y tế", "tổng kinh phí"]),
            st.sampled_from(["-", "1000 VND", "2000 VND", "3000 VND", ">=3000 VND", "7.25 USD", "5"]),
            st.sampled_from(["-", "2014", "2015"]),
            st.sampled_from(["done", "pledged", "-"]),
            st.sampled_from(["", " | period=2011-2019"]),
        ),
        min_size=1,
        max_size=5,
    ),
    st.integers(0, 10**9),
)
def test_sums_rebuilt_from_statements_are_the_sums_shown(gifts: list[tuple[str, ...]], n: int) -> None:
    for number, (who, what, money, year, status, more) in enumerate(gifts):
        take(
            f"gift: {who} | {what} | build | {money} | {year} | education | {status}{more}\nbản {n} {number}"
        )
    shown, rebuilt = shown_facts(), rebuilt_facts()
    assert shown == rebuilt
    everything = grand_total(sum_records(None))
    assert totals_of(rebuilt.values()) == everything.totals
    assert len(everything.counted) + len(everything.left_out) == len(shown)


UNITS = ("03154@63", "03158@34", "094@63", "11@2004", "11@1991", "LA-XX", "gone@99")


@pytest.mark.django_db
@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.lists(st.sampled_from(UNITS), max_size=2, unique=True) | st.none(),
            st.sampled_from(["no_place", "unknown", "unsettled"]),
            st.integers(-(10**18), 10**18) | st.none(),
            st.sampled_from([0, 2, 4]),
            st.sampled_from(["VND", "USD", None]),
            st.sampled_from(["education", "health", None]),
            st.sampled_from([2014, 2015, None]),
            st.sampled_from(["", "", "", "pledged", "hedged", "no_sum"]),
            st.sampled_from([0, 1, 1, 2]),
        ),
        max_size=30,
    )
)
def test_sums_added_in_the_database_are_those_of_the_records(rows: list[tuple[Any, ...]]) -> None:
    """What the tables and maps of pages show is what the records give one by one, on either map and at every level."""
    Record.objects.all().delete()
    cooperation = Cooperation.objects.get_or_create(slug="a-b", name="A - B")[0]
    for number, (units, why, minor, exponent, currency, field, year, left_out, in_force) in enumerate(rows):
        record = Record.objects.create(
            kind="contribution",
            slug=f"r-{number}",
            opened_at=NOW,
            in_force=in_force,
            year=year,
            place_units=None if units is None else "|".join(sorted(units)),
            place_why=why if units is not None and len(units) != 1 else "",
        )
        record.cooperations.set([cooperation])
        reason = left_out or ("" if minor is not None and currency is not None else "no_sum")
        ContributionFact.objects.create(
            record=record, amount_minor=minor, exponent=exponent, currency=currency, field=field, year=year,
            standing="read", left_out=reason, counted=not reason,
        )  # fmt: skip
    grounds = [Ground(units, level) for units, levels in LEVELS_OF.items() for level in (*levels, None)]
    asked = [(by, Ground()) for by in ("field", "year", "unit")] + [("place", ground) for ground in grounds]
    for scope in (None, cooperation):
        tallies = Tallies(scope_of(scope))
        for by, ground in asked:
            groups = sum_records(scope, by, ground=ground)
            told = tallies.by(by, ground)
            assert [t.key for t in told] == [g.key for g in groups], (by, ground)
            for tally, group in zip(told, groups, strict=True):
                assert (tally.totals, tally.reasons) == (group.totals, group.reasons), (by, ground)
                assert tally.counted == len(group.counted) and tally.left_out == len(group.left_out)
                assert tally.numbers == Counter(c.currency for c in group.counted)
        whole = grand_total(sum_records(scope))
        assert (tallies.total().totals, tallies.total().reasons) == (whole.totals, whole.reasons)
        assert Tallies(scope_of(scope)).total() == tallies.total()


@pytest.mark.django_db
def test_sums_larger_than_the_database_counts_are_added_to_the_last_dong() -> None:
    for number in range(20):
        take(
            f"gift: Hà Nội > Điện Biên | chương trình {number} | fund | {10**18 + number} VND | 2014 | economy"
        )
    [told] = Tallies(scope_of()).by("year")
    assert told.totals == {"VND": Decimal(20 * 10**18 + 190)}


def test_sums_are_exact_at_any_size() -> None:
    assert add([Decimal(10) ** 40, Decimal("0.01")]) == Decimal("1" + "0" * 40 + ".01")


def test_a_sum_finer_than_its_currency_keeps_its_digits() -> None:
    fact = fact_of({"amount": {"value": "1.2345", "currency": "USD", "of_total": "2"}}, {}, "read")
    assert (fact.amount, fact.of_total, fact.exponent, fact.value) == (12345, 20000, 4, Decimal("1.2345"))
    assert fact_of({"amount": {"value": "5"}}, {}, "read").left_out == "no_currency"


def test_a_rate_is_no_total() -> None:
    each = {"value": "200000", "currency": "VND", "bound": "exact", "each": True}
    assert fact_of({"amount": each}, {}, "read").left_out == "rate"
    gift = {"what": "suất quà", "act": "gift"}
    assert check_values("contribution", gift | {"amount": each})["amount"] == each
    assert "each" not in check_values("contribution", gift | {"amount": each | {"each": False}})["amount"]


def test_totals_within_one_locality_cover_nothing() -> None:
    fact = Fact(amount=10, currency="VND", year=2011, year_to=2019)
    part = Fact(amount=5, currency="VND", year=2012, year_to=2012)
    same = (frozenset({"a"}), frozenset({"a"}))
    assert covered_totals([Paired(1, same, fact), Paired(2, same, part)]) == {}
    pair = (frozenset({"a"}), frozenset({"b"}))
    assert covered_totals([Paired(1, pair, fact), Paired(2, pair, part)]) == {1: (2,)}
