"""The page of sums: by anything, in the money of the day or in a year's prices, things apart; each opens what it counts."""

from __future__ import annotations

from decimal import Decimal

from django.test import Client
from django.urls import reverse
from web_cast import Cast

from hoptac.ledger.prices import index
from hoptac.ledger.sums import Tallies, facts_of, grand_total, group_facts, scope_of
from hoptac.screens.sumpage import BY


def test_every_way_to_sum_gives_the_same_whole_and_opens(cast: Cast, officer: Client) -> None:
    for language in ("vi", "en"):
        officer.cookies["django_language"] = language
        for by in BY:
            for prices in ("", "2024", "1066", "x"):
                page = officer.get(reverse("desk:sums"), {"by": by, "prices": prices})
                assert page.status_code == 200
                lines = page.context["lines"]
                assert sum(line.counted for line in lines) == page.context["whole"].counted
                for line in lines:
                    of = officer.get(reverse("desk:sum-of"), {"by": by, "prices": prices, "group": line.key})
                    assert of.status_code == 200, (by, line.key)
                    made = of.context["made"].group
                    assert (len(made.counted), len(made.left_out)) == (line.counted, line.left_out)
                    assert made.sums == line.sums
    assert officer.get(reverse("desk:sum-of"), {"by": "field", "group": "nothing"}).status_code == 404
    assert officer.get(reverse("desk:sums-csv"), {"by": "year", "prices": "2024"}).status_code == 200


def test_prices_of_a_year_restate_each_sum_by_its_own_year(cast: Cast) -> None:
    level = index()
    expected = Decimal("2400000000") * level[2024] / level[2011] + Decimal("65000000000")
    by_records = grand_total(group_facts(facts_of(), "field", prices=2024))
    [by_tallies] = Tallies(scope_of()).restated("", 2024)
    for totals in (by_records.totals, by_tallies.totals):
        assert abs(totals["VND"] - expected) < 1
    assert Decimal("1.59") < level[2024] / level[2011] < Decimal("1.61")


def test_things_are_counted_by_unit(cast: Cast, officer: Client) -> None:
    [line] = officer.get(reverse("desk:sums")).context["kinds"]
    assert (line.unit, line.total, line.counted) == ("điểm", Decimal(14), 1)


def test_a_stranger_sees_no_sums(cast: Cast) -> None:
    client = Client()
    assert client.get(reverse("desk:sums")).status_code == 302
    client.force_login(cast.stranger)
    assert client.get(reverse("desk:sums")).context["lines"] == []
