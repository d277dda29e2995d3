"""A work's life over the years (vòng đời công trình): built 1984, enlarged 2004, renewed 2024. Pure: knows no Django, no table.

It is put together from every statement in force of the work itself, and from the contributions to it as they stand. Nothing is
settled here: two statements that tell two years stand as two entries, each with who says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

ACTS = {"build": "built", "repair": "repaired", "equip": "equipped", "fund": "funded", "invest": "funded"}
ORDER = (
    "planned", "funded", "built", "enlarged", "repaired", "renewed", "equipped", "moved", "handed_over", "in_use",
    "needs_repair", "closed",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Deed:
    """What is told of a work, or of something given to it, and the statements (uids) that say so. ``record``: of which record."""

    says: tuple[str, ...]
    kind: str
    values: Mapping[str, Any]
    record: Any = None


@dataclass(frozen=True, slots=True)
class LifeEntry:
    """What was done to a work in a year, and the statements that say so. ``done`` is False for what is planned or promised."""

    year: int
    act: str
    done: bool
    notes: tuple[str, ...]
    says: tuple[str, ...]
    records: tuple[Any, ...]


def life_of(deeds: Iterable[Deed]) -> tuple[LifeEntry, ...]:
    """A work's life, oldest first; of one year in the order in which things happen to a work.

    >>> built = Deed(("a",), "activity", {"life": [{"year": 1984, "act": "built"}]})
    >>> mended = Deed(("b",), "contribution", {"act": "repair", "year": 2024, "status": "done"}, 7)
    >>> [(e.year, e.act, e.records) for e in life_of([mended, built])]
    [(1984, 'built', ()), (2024, 'repaired', (7,))]
    """
    told: dict[tuple[int, str, bool], list[tuple[Deed, str]]] = {}
    for deed in deeds:
        for year, act, done, note in _years(deed):
            told.setdefault((year, act, done), []).append((deed, note))
    entries = [
        LifeEntry(
            year,
            act,
            done,
            tuple(dict.fromkeys(note for _, note in sayings if note)),
            tuple(dict.fromkeys(uid for deed, _ in sayings for uid in deed.says)),
            tuple(dict.fromkeys(deed.record for deed, _ in sayings if deed.record is not None)),
        )
        for (year, act, done), sayings in told.items()
    ]
    return tuple(sorted(entries, key=lambda e: (e.year, ORDER.index(e.act), not e.done)))


def _years(deed: Deed) -> Iterable[tuple[int, str, bool, str]]:
    values = deed.values
    if deed.kind == "activity":
        for told in values.get("life", ()):
            yield int(told["year"]), told["act"], True, told.get("note") or ""
        stage = values.get("stage") or {}
        if stage.get("on"):
            yield int(stage["on"][:4]), stage["code"], stage["code"] != "planned", ""
        return
    act = ACTS.get(values.get("act") or "")
    year = values.get("year") or (values.get("period") or (None, None))[1]
    if act and year:
        yield int(year), act, values.get("status") in ("done", "ongoing", None), values.get("what") or ""
