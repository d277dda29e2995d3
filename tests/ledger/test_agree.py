from __future__ import annotations

import json
from pathlib import Path

import pytest
from ledger_book import gift

from hoptac.ledger.agree import compare
from hoptac.ledger.matching import ENOUGH, match
from hoptac.ledger.take import _values
from hoptac.ledger.values import check_values

CASES = Path(__file__).parents[1] / "cases"


def rows(name: str) -> list[list[str]]:
    lines = (CASES / name).read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if line and not line.startswith("#")][1:]


@pytest.mark.parametrize("row", rows("ledger_agree.tsv"), ids=lambda r: f"{r[0]}: {r[1]} / {r[2]}"[:80])
def test_two_values(row: list[str]) -> None:
    field, a, b, expected = row[0], json.loads(row[1]), json.loads(row[2]), row[3]
    assert compare(field, a, b) == expected
    assert compare(field, b, a) == expected


@pytest.mark.parametrize("row", rows("ledger_match.tsv"), ids=lambda r: r[3])
def test_one_deed_or_two(row: list[str]) -> None:
    a, b = (check_values("contribution", _values(gift(text, (), 0.9))) for text in row[:2])
    for first, second in ((a, b), (b, a)):
        found = match("contribution", first, second)
        assert ("file" if found.score >= ENOUGH else "new") == row[2], found


def test_an_unknown_field_only_agrees_with_itself() -> None:
    assert (compare("colour", 1, 1), compare("colour", 1, 2)) == ("same", "other")
