"""Every code has its words in both languages, and every placeholder its value."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

from hoptac.lexicon import default_lexicon
from hoptac.pages import limits

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "hoptac" / "pages"
PLACEHOLDER = re.compile(r"\{(\w+)\}")
GIVEN = {"name", "start"}


def test_every_code_in_the_readers_has_its_words_and_every_row_is_used() -> None:
    used: set[str] = set()
    for path in SOURCE.glob("*.py"):
        used |= set(re.findall(r'"(P\d\d)"', path.read_text(encoding="utf-8")))
    rows = {row["code"]: row for row in default_lexicon().table("messages_pages")}
    assert used == set(rows)
    for code, row in rows.items():
        assert set(PLACEHOLDER.findall(row["en"])) == set(PLACEHOLDER.findall(row["vi"])), code
        assert row["en"].endswith((".", ")", "}")) and row["vi"], code


def test_placeholders_are_filled_by_the_findings_that_name_them() -> None:
    rows = {row["code"]: row for row in default_lexicon().table("messages_pages")}
    for path in SOURCE.glob("*.py"):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name) or not call.args:
                continue
            code = call.args[0]
            if call.func.id in ("Refused", "finding") and isinstance(code, ast.Constant):
                given = {word.arg for word in call.keywords} | GIVEN
                assert set(PLACEHOLDER.findall(rows[str(code.value)]["en"])) <= given, (path.name, code.value)


def test_every_limit_and_code_is_documented() -> None:
    page = (ROOT / "docs" / "reference" / "pages.md").read_text(encoding="utf-8")
    for name in limits.Limits.__dataclass_fields__:
        assert f"`{name}`" in page, name
    for row in default_lexicon().table("messages_pages"):
        assert f"| {row['code']} |" in page, row["code"]


def test_hints_of_the_role_table_are_known() -> None:
    known = {"body", "headline", "lead", "caption", "byline", "date", "related", "furniture", "aside"}
    rows = default_lexicon().table("page_roles")
    assert {row["hint"] for row in rows} <= known
    assert len({(row["attribute"], row["word"]) for row in rows}) == len(rows)


def test_text_waits_for_no_library() -> None:
    code = (
        "import io, sys; from hoptac.pages import read_file; list(read_file(io.BytesIO(b'Ha Noi'), name='a.txt'));"
        "print([m for m in ('lxml', 'docx', 'pypdfium2', 'python_calamine', 'warcio', 'pyarrow', 'olefile') if m in sys.modules])"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert out.strip() == "[]"
