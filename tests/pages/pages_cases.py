"""Read the tables of cases beside these tests."""

from __future__ import annotations

from pathlib import Path

FOLDER = Path(__file__).parent.parent / "cases"


def cases(name: str) -> list[dict[str, str]]:
    """Rows of ``tests/cases/NAME.tsv`` by their column names."""
    lines = [
        line
        for line in (FOLDER / f"{name}.tsv").read_text(encoding="utf-8").splitlines()
        if line and not line.startswith("#")
    ]
    header = lines[0].split("\t")
    return [dict(zip(header, line.split("\t"), strict=True)) for line in lines[1:]]
