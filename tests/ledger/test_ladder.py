"""How far a matter has come, when it is late, a work's life, whose turn it is: the pure parts."""

from __future__ import annotations

import csv
import doctest
import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hoptac.ledger import ladder, turns, worklife
from hoptac.ledger.consolidate import Said
from hoptac.ledger.ladder import STAGES, Reached, due_day, lateness, own_stage, stage_of
from hoptac.ledger.turns import word_of
from hoptac.ledger.worklife import Deed, life_of

CASES = Path(__file__).parents[1] / "cases" / "ladder.tsv"
TODAY = date(2026, 11, 23)
HN, DB = "place:hà nội", "place:điện biên"
SIDES = frozenset({HN, DB})


def rows() -> list[dict[str, str]]:
    lines = [line for line in CASES.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    return list(csv.DictReader(lines, delimiter="\t"))


@pytest.mark.parametrize("row", rows(), ids=lambda row: row["why"])
def test_stage_and_lateness(row: dict[str, str]) -> None:
    values = json.loads(row["values"])
    parts = [(n, kind, part) for n, (kind, part) in enumerate(json.loads(row["parts"] or "[]"))]
    reached = stage_of(row["kind"], values, parts)
    assert (reached.stage or "") == row["stage"]
    late, days = lateness(row["kind"], values, reached, TODAY)
    assert (late, "" if days is None else str(days)) == (row["late"], row["days"])


PARTS = st.lists(
    st.tuples(
        st.integers(),
        st.just("contribution"),
        st.fixed_dictionaries(
            {
                "act": st.sampled_from(["build", "fund", "repair", "gift"]),
                "status": st.sampled_from(["requested", "pledged", "ongoing", "done"]),
                "year": st.integers(1990, 2026),
            }
        ),
    ),
    max_size=5,
)


@given(PARTS, st.randoms(use_true_random=False))
def test_the_stage_does_not_hang_on_the_order_of_parts(
    parts: list[tuple[int, str, dict[str, object]]], shuffle: object
) -> None:
    again = list(parts)
    shuffle.shuffle(again)  # type: ignore[attr-defined]
    for values in (
        {},
        {"stage": {"code": "planned", "on": "2010"}},
        {"stage": {"code": "needs_repair", "on": "2015"}},
    ):
        assert stage_of("activity", values, parts).stage == stage_of("activity", values, again).stage


@given(st.text(max_size=12))
def test_any_text_may_stand_as_due(text: str) -> None:
    found = due_day(text)
    assert found is None or text.startswith(str(found.year).zfill(4))
    assert lateness("ask", {"kind": "pledge", "due": text}, Reached("pledged"), TODAY)[0] in ladder.LATENESS


def test_every_stage_can_be_reached() -> None:
    told = {own_stage("activity", {"stage": {"code": code}}) for code in STAGES}
    assert told == set(STAGES)


def test_a_life_over_forty_years() -> None:
    deeds = [
        Deed(("a",), "activity", {"life": [{"year": 2004, "act": "enlarged", "note": "thêm nhà hai tầng"}]}),
        Deed(
            ("b",), "activity", {"life": [{"year": 1984, "act": "built"}, {"year": 2004, "act": "enlarged"}]}
        ),
        Deed(
            ("c", "d"), "contribution", {"act": "repair", "year": 2024, "status": "done", "what": "trường"}, 7
        ),
        Deed(("e",), "contribution", {"act": "equip", "year": 2027, "status": "pledged", "what": "máy"}, 8),
        Deed(("f",), "contribution", {"act": "gift", "year": 2023, "status": "done", "what": "quà"}, 9),
    ]
    told = [(e.year, e.act, e.done, e.says, e.records) for e in life_of(deeds)]
    assert told == [
        (1984, "built", True, ("b",), ()),
        (2004, "enlarged", True, ("a", "b"), ()),
        (2024, "repaired", True, ("c", "d"), (7,)),
        (2027, "equipped", False, ("e",), (8,)),
    ]
    assert life_of(reversed(deeds)) != () and len(life_of(reversed(deeds))) == 4


def said(uid: str, side: str | None, **values: object) -> Said:
    return Said(uid, values, side, "2026-11-23")


@pytest.mark.parametrize(
    ("entered", "ha_noi", "dien_bien"),
    [
        ([said("a", None, year=2024)], "silent", "silent"),
        ([said("a", None, year=2024), said("b", HN, year=2024)], "said", "silent"),
        ([said("b", HN, year=2024), said("c", DB, year=2023)], "differs", "stands"),
        ([said("c", DB, year=2023), said("b", HN, year=2024)], "stands", "differs"),
        ([said("b", HN, year=2024), said("c", DB, year=2024)], "said", "said"),
        (
            [said("b", HN, year=2024), said("c", DB, year=2024), said("d", None, year=2022)],
            "differs",
            "differs",
        ),
        ([said("b", HN, year=2024), said("e", HN, year=2025), said("c", DB, year=2024)], "differs", "stands"),
    ],
    ids=["nobody", "one", "the other differs", "turned about", "both agree", "a newer page", "own two words"],
)
def test_whose_turn_it_is(entered: list[Said], ha_noi: str, dien_bien: str) -> None:
    assert (word_of(HN, entered, SIDES), word_of(DB, entered, SIDES)) == (ha_noi, dien_bien)


def test_who_was_asked_owes_an_answer() -> None:
    entered = [said("a", None, about="cử bác sĩ"), said("b", HN, about="cử bác sĩ")]
    assert word_of(HN, entered, SIDES, asked=True) == "unanswered"
    assert word_of(HN, entered, SIDES) == "said"


@pytest.mark.parametrize("module", [ladder, turns, worklife], ids=lambda m: m.__name__)
def test_examples(module: object) -> None:
    assert doctest.testmod(module).failed == 0  # type: ignore[arg-type]
