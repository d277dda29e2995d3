"""Rows of tests/cases/text_*.tsv: cells may hold \\uXXXX, \\n, \\r, \\t."""

from __future__ import annotations

import re
from pathlib import Path

CASES = Path(__file__).parent.parent / "cases"
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|([nrt]))")


def rows(name: str) -> list[tuple[str, ...]]:
    lines = (CASES / f"{name}.tsv").read_text(encoding="utf-8").split("\n")
    kept = [line for line in lines if line.strip() and not line.startswith("#")]
    return [tuple(_plain(cell) for cell in line.split("\t")) for line in kept[1:]]


def _plain(cell: str) -> str:
    return _ESCAPE.sub(
        lambda m: chr(int(m[1], 16)) if m[1] else {"n": "\n", "r": "\r", "t": "\t"}[m[2]], cell
    )
