"""Every table of the lexicon loads, says what it is and where it is from, and has no row twice."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from hoptac.lexicon.tables import DATA, Lexicon

TABLES = sorted(DATA.glob("*.tsv"))
KEY = re.compile(r"^# key: *(.+)$", re.MULTILINE)


def comments(path: Path) -> dict[str, str]:
    """The ``# word: value`` lines before the header."""
    found: dict[str, str] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            break
        if m := re.match(r"# ([a-z]+): *(.*)", line):
            found.setdefault(m[1], m[2].strip())
    return found


def ids(path: Path) -> str:
    return path.stem


@pytest.mark.parametrize("path", TABLES, ids=ids)
def test_a_table_says_what_it_is_where_it_is_from_and_when_it_was_checked(path: Path) -> None:
    said = comments(path)
    assert said.get("title"), f"{path.name}: no '# title:' line before the header"
    assert said.get("source"), f"{path.name}: no '# source:' line before the header"
    date.fromisoformat(said.get("checked", f"{path.name}: no '# checked:' line before the header"))


@pytest.mark.parametrize("path", TABLES, ids=ids)
def test_a_table_has_rows_and_ends_in_a_note(path: Path) -> None:
    rows = Lexicon().table(path.stem)
    assert rows, f"{path.name}: no rows"
    header = list(rows[0])
    assert header[-1] == "note", f"{path.name}: the last column is {header[-1]!r}, expected 'note'"
    assert len(set(header)) == len(header), f"{path.name}: a column twice in {header}"
    assert all(re.fullmatch(r"[a-z][a-z0-9_]*", column) for column in header), f"{path.name}: {header}"
    assert [r for r in rows if not next(iter(r.values()))] == [], f"{path.name}: rows without a first cell"


@pytest.mark.parametrize("path", TABLES, ids=ids)
def test_no_row_is_there_twice(path: Path) -> None:
    """Rows are told apart by the columns that ``# key:`` names, else by every cell but the note."""
    rows = Lexicon().table(path.stem)
    named = KEY.search(path.read_text(encoding="utf-8"))
    columns = [c.strip() for c in named[1].split(",")] if named else [c for c in rows[0] if c != "note"]
    twice = [key for key, n in Counter(tuple(r[c] for c in columns) for r in rows).items() if n > 1]
    assert twice == [], f"{path.name}: rows with the same {', '.join(columns)}"


@pytest.mark.parametrize("path", TABLES, ids=ids)
def test_a_table_is_clean_text(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert "\r" not in text and "\ufeff" not in text and "\u00a0" not in text, (
        f"{path.name}: odd line ends or spaces"
    )
    assert text.endswith("\n") and not text.endswith("\n\n"), (
        f"{path.name}: end the last line, and no empty one after it"
    )


def test_tables_are_found() -> None:
    assert len(TABLES) >= 15
