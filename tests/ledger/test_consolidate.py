from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import hoptac.ledger
from hoptac.ledger.consolidate import Said, consolidate

HN, DB = "place:hà nội", "place:điện biên"
SIDES = frozenset({HN, DB})
SUM = {"value": "65000000000", "currency": "VND", "bound": "exact"}
LESS = {"value": "60000000000", "currency": "VND", "bound": "exact"}
OVER = {"value": "60000000000", "currency": "VND", "bound": "at_least"}

VALUES: dict[str, list[Any]] = {
    "amount": [SUM, LESS, OVER, {"value": "65000000000", "bound": "exact"}],
    "year": [2023, 2024],
    "status": ["requested", "pledged", "ongoing", "done"],
    "what": ["Trường Tiểu học Sín Thầu", "trường tiểu học Sín Thầu", "xây trường"],
    "place": [{"name": "Điện Biên", "code": "11"}, {"name": "huyện Mường Nhé"}, {"name": "huyện Nậm Pồ"}],
    "funder": [[{"name": "Hà Nội", "code": "01"}], [{"name": "UBND thành phố Hà Nội"}]],
    "period": [[2019, None], [2019, 2025]],
    "act": ["fund", "build", "other"],
}


@st.composite
def statements(draw: st.DrawFn) -> list[Said]:
    out: list[Said] = []
    for n in range(draw(st.integers(0, 7))):
        free = [s.uid for s in out if s.uid not in {o.supersedes for o in out}]
        out.append(
            Said(
                uid=f"{draw(st.integers(0, 999)):03d}-{n}",
                values={k: draw(st.sampled_from(v)) for k, v in VALUES.items() if draw(st.booleans())},
                side=draw(st.sampled_from([None, HN, DB, "place:sơn la"])),
                said_on=draw(st.sampled_from(["2023-01-01", "2024-04-26", "2024-05-01T07:00:00+00:00"])),
                supersedes=draw(st.none() | st.sampled_from(free)) if free else None,
            )
        )
    return out


@settings(max_examples=150, deadline=None)
@given(statements(), st.randoms(use_true_random=False))
def test_the_order_of_arrival_does_not_matter(said: list[Said], chance: Any) -> None:
    other = list(said)
    chance.shuffle(other)
    assert consolidate(other, sides=SIDES) == consolidate(said, sides=SIDES)


@settings(max_examples=100, deadline=None)
@given(statements())
def test_a_statement_that_comes_twice_counts_once(said: list[Said]) -> None:
    assert consolidate(said + said, sides=SIDES) == consolidate(said, sides=SIDES)


@settings(max_examples=100, deadline=None)
@given(statements())
def test_nothing_said_is_dropped(said: list[Said]) -> None:
    view = consolidate(said, sides=SIDES)
    gone = {s.supersedes for s in said}
    for name, field in view.fields.items():
        kept = {*field.says, *(u for t in (*field.near, *field.otherwise) for u in t.says)}
        assert kept == {s.uid for s in said if s.uid not in gone and s.values.get(name) is not None}
        if field.otherwise:
            assert field.standing == "disputed"


def page(uid: str, **values: Any) -> Said:
    return Said(uid, values, None, "2024-04-26")


def side(uid: str, who: str, on: str = "2024-05-01", **values: Any) -> Said:
    return Said(uid, values, who, on)


@pytest.mark.parametrize(
    ("said", "standing", "shown"),
    [
        ([page("a", amount=SUM)], "read", SUM),
        ([page("a", amount=SUM), page("b", amount=SUM)], "read", SUM),
        ([page("a", amount=SUM), side("b", HN, amount=SUM)], "one_side", SUM),
        ([side("a", HN, amount=SUM), side("b", HN, amount=SUM)], "one_side", SUM),
        ([side("a", HN, amount=SUM), side("b", DB, amount=SUM)], "both_sides", SUM),
        ([side("a", HN, amount=SUM), side("b", DB, amount=LESS, on="2024-06-01")], "disputed", LESS),
        ([side("a", HN, amount=SUM), page("b", amount=LESS)], "disputed", SUM),
        ([page("a", amount=SUM), page("b", amount=OVER)], "read", SUM),
        ([side("a", HN, amount=SUM), side("b", DB, amount=OVER)], "one_side", SUM),
        ([side("a", "place:sơn la", amount=SUM)], "read", SUM),
    ],
)
def test_standing_and_the_value_shown(said: list[Said], standing: str, shown: Any) -> None:
    view = consolidate(said, sides=SIDES)
    assert (view.fields["amount"].standing, view.standing, view.values["amount"]) == (
        standing,
        standing,
        shown,
    )


def test_who_corrects_itself_lifts_the_confirmation() -> None:
    both = [side("a", HN, year=2023), side("b", DB, year=2023)]
    assert consolidate(both, sides=SIDES).standing == "both_sides"
    changed = [*both, Said("c", {"year": 2024}, HN, "2024-07-01", supersedes="a")]
    view = consolidate(changed, sides=SIDES)
    assert view.standing == "disputed" and view.in_force == ("b", "c")
    agreed = [*changed, Said("d", {"year": 2024}, DB, "2024-08-01", supersedes="b")]
    assert consolidate(agreed, sides=SIDES).standing == "both_sides"


def test_what_a_page_adds_does_not_lower_what_both_sides_say() -> None:
    said = [
        side("a", HN, year=2024),
        side("b", DB, year=2024),
        page("c", year=2024, place={"name": "Điện Biên"}),
    ]
    assert consolidate(said, sides=SIDES).standing == "both_sides"


def test_a_deed_goes_forward_without_dispute() -> None:
    view = consolidate(
        [
            Said("a", {"status": "pledged"}, None, "2023-01-01"),
            Said("b", {"status": "done"}, None, "2024-01-01"),
        ]
    )
    assert (view.values["status"], view.standing) == ("done", "read")
    back = consolidate(
        [
            Said("a", {"status": "done"}, None, "2023-01-01"),
            Said("b", {"status": "pledged"}, None, "2024-01-01"),
        ]
    )
    assert back.standing == "disputed"
    sides = [side("a", HN, status="done"), side("b", DB, status="ongoing")]
    assert consolidate(sides, sides=SIDES).standing == "disputed"


def test_silence_is_not_a_value() -> None:
    view = consolidate([page("a", year=2024), page("b", year=None)])
    assert view.values == {"year": 2024} and view.fields["year"].says == ("a",)
    assert consolidate([]).standing == "read"


PURE = (
    *("consolidate", "agree", "canonical", "values", "facts", "likeness", "matching", "deeds", "identity"),
    *("kinship", "whereabouts", "ladder", "turns", "worklife"),
)


@pytest.mark.parametrize("name", PURE)
def test_the_pure_parts_know_no_django(name: str) -> None:
    tree = ast.parse((Path(hoptac.ledger.__path__[0]) / f"{name}.py").read_text(encoding="utf-8"))
    imported = {n.module or "" for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)}
    imported |= {a.name for n in ast.walk(tree) if isinstance(n, ast.Import) for a in n.names}
    assert not [m for m in imported if m.startswith("django") or m == "hoptac.ledger.models"]
    own = {m.removeprefix("hoptac.ledger.") for m in imported if m.startswith("hoptac.ledger.")}
    assert own <= set(PURE)
