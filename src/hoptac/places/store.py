"""The tables of districts and communes as they lie in files (bảng đơn vị cấp huyện, cấp xã), read once when first asked.

``data/units_63.tsv`` is the map of 63 provinces, which stood until 2025-06-30: 696 districts, 10 035 communes, and what
each became. ``data/units_34.tsv`` is the map of 34 provinces since 2025-07-01: 3 321 communes, wards and special zones.
``scripts/make_gazetteer.py`` makes both. Reading them takes some 20 ms; nothing is read before it is asked for.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property
from pathlib import Path

DATA = Path(__file__).parent / "data"
LAST_OF_63, FIRST_OF_34 = date(2025, 6, 30), date(2025, 7, 1)
PROVINCE_DIGITS, DISTRICT_DIGITS, COMMUNE_DIGITS = 2, 3, 5


@dataclass(frozen=True, slots=True)
class Stored:
    """One row: ``parent`` is a code, ``became`` holds (code, whether only a part went there), most first."""

    id: str
    code: str
    kind: str
    name: str
    parent: str
    lat: float | None
    lon: float | None
    became: tuple[tuple[str, bool], ...]


class Store:
    """Both tables. Rows are kept as split lines; a ``Stored`` is made when asked for.

    ``ids`` and ``names`` run in parallel: every row's id ("03154@63", "03158@34") and name.
    """

    def __init__(self, folder: Path = DATA) -> None:
        old, new = _lines(folder / "units_63.tsv"), _lines(folder / "units_34.tsv")
        self._rows = {f"{r[0]}@63": r for r in old} | {f"{r[0]}@34": r for r in new}
        self.ids: tuple[str, ...] = tuple(self._rows)
        self.names: tuple[str, ...] = tuple(r[2] for r in self._rows.values())

    @cached_property
    def came_from(self) -> dict[str, list[str]]:
        """Codes of the old communes of which each of today was made."""
        found: dict[str, list[str]] = {}
        for key, r in self._rows.items():
            if key.endswith("@63"):
                for target in r[6].split():
                    found.setdefault(target.rstrip("~"), []).append(r[0])
        return found

    @cached_property
    def within(self) -> dict[str, list[str]]:
        """Ids by the code of their parent and its map ("094@63")."""
        found: dict[str, list[str]] = {}
        for key, r in self._rows.items():
            found.setdefault(f"{r[3]}@{key.partition('@')[2]}", []).append(key)
        return found

    def __contains__(self, key: object) -> bool:
        return key in self._rows

    def row(self, key: str) -> Stored:
        """The row of an id. KeyError where there is none."""
        r = self._rows[key]
        became = ()
        if key.endswith("@63"):
            became = tuple((c.rstrip("~"), c.endswith("~")) for c in r[6].split())  # type: ignore[assignment]
        lat, lon = (float(r[4]), float(r[5])) if r[4] else (None, None)
        return Stored(key, r[0], r[1], r[2], r[3], lat, lon, became)

    def keyed(self) -> Iterator[tuple[str, str]]:
        """Each row's search key and id: the key that ``text.fold.search_key`` gives its name."""
        return zip(plain_names(self.names), self.ids, strict=True)


def _lines(path: Path) -> list[list[str]]:
    rows = [line for line in path.read_text(encoding="utf-8").split("\n") if line and line[0] != "#"]
    return [(line + "\t\t\t").split("\t")[:7] for line in rows[1:]]


def plain_names(names: tuple[str, ...]) -> list[str]:
    """``search_key`` of many names at once, of the letters that names of units have; fifty times as fast."""
    text = "\n".join(names).translate(_plain_letters()).lower().replace(" - ", " ")
    return text.split("\n")


@cache
def _plain_letters() -> dict[int, str]:
    table = {ord("đ"): "d", ord("Đ"): "D", ord("'"): " "}
    for code in (*range(0xC0, 0x250), *range(0x1E00, 0x1F00)):
        base = "".join(c for c in unicodedata.normalize("NFD", chr(code)) if not unicodedata.combining(c))
        if base != chr(code):
            table[code] = base
    return table


@cache
def store() -> Store:
    """The tables that ship with the package."""
    return Store()
