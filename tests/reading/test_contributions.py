"""Contributions: sentences of our own, each with what must and must not come out of it."""

from __future__ import annotations

import hashlib
import unicodedata
from pathlib import Path

import pytest

from hoptac.pages import Page
from hoptac.reading.contract import decimal_text
from hoptac.reading.pipeline import read_page
from hoptac.reading.values import Contribution, Reading

ROWS = [
    line.split("\t")
    for line in (Path(__file__).parents[1] / "cases" / "contributions.tsv")
    .read_text(encoding="utf-8")
    .splitlines()[1:]
]


def read_text(text: str) -> Reading:
    data = text.encode()
    return read_page(Page("case.txt", text, data, hashlib.sha256(data).hexdigest(), "text/plain"))


def shown(c: Contribution) -> str:
    """A contribution in the table's short form."""
    parts = [
        f"{', '.join(p.name for p in c.funder) or '?'} > {', '.join(p.name for p in c.recipient) or '?'}"
    ]
    if c.amount:
        total = f" / {decimal_text(c.amount.of_total)}" if c.amount.of_total is not None else ""
        parts.append(f"{decimal_text(c.amount.value)} {c.amount.currency}{total}")
    elif c.quantity:
        parts.append(f"{decimal_text(c.quantity.value)} {c.quantity.unit}")
    parts += [str(c.year or "-"), c.act, c.status or "-"]
    return "; ".join(parts)


@pytest.mark.parametrize(("text", "expected", "why"), ROWS, ids=[row[2] for row in ROWS])
def test_contributions(text: str, expected: str, why: str) -> None:
    assert " || ".join(shown(c) for c in read_text(text).contributions) == expected, why


@pytest.mark.parametrize("text", [row[0] for row in ROWS if row[1]])
def test_spellings_of_a_page_read_the_same(text: str) -> None:
    """R6: NFC and NFD, hoà and hòa, tỷ and tỉ."""
    plain = [shown(c) for c in read_text(text).contributions]
    assert [shown(c) for c in read_text(unicodedata.normalize("NFD", text)).contributions] == plain
    other = text.replace("tỷ", "tỉ").replace("hóa", "hoá").replace("Hóa", "Hoá")
    assert [shown(c) for c in read_text(other).contributions] == plain
