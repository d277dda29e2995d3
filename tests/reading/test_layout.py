"""The layout reader: roles of lines, the story's parts, its day and outlet."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from hoptac.lexicon.tables import default_lexicon
from hoptac.reading.doc import Doc
from hoptac.reading.layout import Layout, lay_out
from hoptac.reading.values import ROLES

MEASURE = Path(__file__).resolve().parents[2].parent / "shared" / "measure"


def read(text: str) -> Layout:
    return lay_out(Doc.of(text), lexicon=default_lexicon())


def test_the_labelled_page_reads_as_labelled() -> None:
    page, gold = MEASURE / "pages" / "seed.txt", MEASURE / "gold" / "seed.layout.json"
    if not page.is_file():
        pytest.skip(f"no labelled page at {page}")
    layout = read(page.read_text(encoding="utf-8"))
    got = {str(line.n): line.role for line in layout.roles}
    want = json.loads(gold.read_text(encoding="utf-8"))
    wrong = {n: (role, got.get(n)) for n, role in want.items() if got.get(n) != role}
    assert len(wrong) <= 2, wrong
    assert len(layout.article.teasers) == 17


@pytest.mark.parametrize("text", ["", "\n\n  \n", "-->", "Điện Biên", "x" * 5000, "Một câu ngắn."])
def test_any_page_gets_a_role_for_each_line(text: str) -> None:
    layout = read(text)
    assert [line.n for line in layout.roles] == [n for n, line in enumerate(text.split("\n"), 1) if line.strip()]
    assert all(line.role in ROLES for line in layout.roles)
