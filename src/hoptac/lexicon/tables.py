"""Load the lexicon's tables (bảng từ).

A table is ``data/NAME.tsv``: comment lines ``# title:``, ``# source:``, ``# checked:`` (ISO date), then a header line,
then rows. Cells are tab-separated; lists inside a cell are parted by ``|``. An empty cell is an empty string.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import TypeVar, cast

Row = Mapping[str, str]
T = TypeVar("T")

DATA = Path(__file__).parent / "data"


class LexiconError(ValueError):
    """A table that cannot be used: says which file, which line, what was expected."""


class Lexicon:
    """All tables of one folder, and what engines compile from them.

    ``version`` is the first four hex digits of the SHA-256 over every table, in name order: two readings made with
    the same version were made with the same words.
    """

    def __init__(self, folder: Path = DATA) -> None:
        self.folder = folder
        self._tables: dict[str, tuple[Row, ...]] = {}
        self._built: dict[object, object] = {}
        digest = hashlib.sha256()
        for path in sorted(folder.glob("*.tsv")):
            digest.update(path.name.encode() + b"\0" + path.read_bytes())
        self.version = digest.hexdigest()[:4]

    def table(self, name: str) -> tuple[Row, ...]:
        """The rows of one table, in file order."""
        if name not in self._tables:
            self._tables[name] = _read(self.folder / f"{name}.tsv")
        return self._tables[name]

    def built(self, build: Callable[[Lexicon], T]) -> T:
        """What ``build`` makes of this lexicon, made once: compiled patterns, automata, maps."""
        if build not in self._built:
            self._built[build] = build(self)
        return cast(T, self._built[build])

    def put(self, build: Callable[[Lexicon], T], made: T) -> None:
        """Have ``built`` give something else than the tables say: for training and trials only."""
        self._built[build] = made


def _read(path: Path) -> tuple[Row, ...]:
    if not path.is_file():
        raise LexiconError(f"{path.name}: no such table in {path.parent}")
    rows: list[Row] = []
    header: list[str] | None = None
    for n, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        cells = [cell.strip() for cell in line.split("\t")]
        if header is None:
            header = cells
            continue
        if len(cells) > len(header):
            raise LexiconError(f"{path.name}:{n}: {len(cells)} cells under {len(header)} headings")
        cells += [""] * (len(header) - len(cells))
        rows.append(dict(zip(header, cells, strict=True)))
    return tuple(rows)


@cache
def default_lexicon() -> Lexicon:
    """The lexicon that ships with the package."""
    return Lexicon()
