"""Marks of unfinished work and of one machine stay out of what is shipped."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b|<<<<<<<|>>>>>>>")
ONE_MACHINE = re.compile(r"(?<![\w.])/(work|root|home|Users)/\w")
OUTSIDE = re.compile(r"\.\./" + "shared")
BINARY = {".docx", ".xlsx", ".pdf", ".gz", ".parquet", ".mo", ".png", ".ico", ".zip", ".warc", ".wet"}


def shipped() -> list[Path]:
    """Every text file that git keeps, but the lock file and the cases of tests."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True)
    if listed.returncode != 0:
        return []
    paths = [ROOT / p for p in listed.stdout.split("\0") if p]
    return [
        p
        for p in paths
        if p.is_file() and p.suffix not in BINARY and p.name not in ("uv.lock", "test_words.py")
    ]


def readable(path: Path) -> str:
    return path.read_bytes().decode("utf-8", errors="replace")


def found(pattern: re.Pattern[str], paths: list[Path]) -> list[str]:
    return [
        f"{path.relative_to(ROOT)}:{n}: {line.strip()[:80]}"
        for path in paths
        for n, line in enumerate(readable(path).splitlines(), 1)
        if pattern.search(line)
    ]


@pytest.mark.skipif(not shipped(), reason="not a git checkout: no list of what is shipped")
class TestShipped:
    def test_no_mark_of_unfinished_work(self) -> None:
        assert found(UNFINISHED, shipped()) == []

    def test_no_path_of_one_machine(self) -> None:
        assert found(ONE_MACHINE, [p for p in shipped() if "cases" not in p.parts]) == []

    def test_the_program_knows_nothing_outside_its_folder(self) -> None:
        assert found(OUTSIDE, [p for p in shipped() if "src" in p.relative_to(ROOT).parts[:1]]) == []

    def test_no_module_of_odds_and_ends(self) -> None:
        assert [p for p in shipped() if p.stem in ("utils", "helpers", "misc", "common")] == []


def test_the_patterns_match_what_they_should() -> None:
    assert UNFINISHED.search("# TO" + "DO later") and not UNFINISHED.search("hoptac todos")
    assert ONE_MACHINE.search("see /wo" + "rk/main") and not ONE_MACHINE.search("https://example.org/work/x")
