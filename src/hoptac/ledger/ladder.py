"""How far a matter has come (nấc thang): clause, ask or pledge, plan, money, work handed over, in use or in need of repair.

Pure: knows no Django, no clock, no table. A stage is computed from what statements say, never typed in beside them. Nothing is late
without a due date: what has none is told as such.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

STAGES = (
    "clause", "asked", "pledged", "planned", "funded", "handed_over", "in_use", "needs_repair", "closed",
)  # fmt: skip
DECLINED = "declined"
ENDED = "ended"  # a clause of an agreement whose period is over, with nothing done under it
LATENESS = ("late", "soon", "open", "met", "no_date")
MONEY_ACTS = ("fund", "invest")  # a sum given; of any other act what is done is the thing itself
SOON = 30  # days before a due day from which a matter is told as due soon
_DAY = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")
_RANK = {stage: n for n, stage in enumerate(STAGES)}


@dataclass(frozen=True, slots=True)
class Reached:
    """The stage that a matter has come to, None where nothing tells; ``by`` is the key of the part that brought it there."""

    stage: str | None
    by: Any = None

    @property
    def rank(self) -> int:
        return _RANK.get(self.stage or "", -1)


def own_stage(kind: str, values: Mapping[str, Any]) -> str | None:
    """The stage that a record's own values tell; None where they tell none.

    >>> own_stage("contribution", {"act": "build", "status": "done"}), own_stage("ask", {"kind": "pledge"})
    ('handed_over', 'pledged')
    """
    if kind == "agreement":
        return "clause"
    if kind == "activity":
        return (values.get("stage") or {}).get("code")
    if kind == "ask":
        if values.get("outcome") == "declined":
            return DECLINED
        agreed = values.get("kind") == "pledge" or values.get("outcome") in ("accepted", "partly")
        return "pledged" if agreed else "asked"
    if kind == "contribution":
        done = "funded" if values.get("act") in MONEY_ACTS else "handed_over"
        stages = {"requested": "asked", "pledged": "pledged", "ongoing": "funded", "done": done}
        return stages.get(values.get("status") or "")
    return None


def stage_of(
    kind: str, values: Mapping[str, Any], parts: Iterable[tuple[Any, str, Mapping[str, Any]]] = ()
) -> Reached:
    """The stage of a record and of all that carries it out: (key, kind, values) of each part.

    The highest stage counts, whoever brought it there. A work that needs repair has been repaired once a repair of a later
    year is done. A request that was declined stays declined unless it was carried out all the same.
    """
    reached = Reached(own_stage(kind, values))
    for key, part_kind, part_values in parts:
        stage = own_stage(part_kind, part_values)
        if reached.stage == "needs_repair" and _mends(values, part_values, stage):
            reached = Reached("handed_over", key)
        elif stage in _RANK and _RANK[stage] > reached.rank and reached.stage != "closed":
            reached = Reached(stage, key)
    return reached


def _mends(values: Mapping[str, Any], part: Mapping[str, Any], stage: str | None) -> bool:
    since = str((values.get("stage") or {}).get("on") or "")[:4]
    year = part.get("year") or (part.get("period") or (None, None))[1]
    repaired = part.get("act") in ("repair", "build") and stage == "handed_over"
    return bool(repaired and since and year and int(year) > int(since))


def due_day(text: str | None) -> date | None:
    """The last day that a due date leaves: of a month its last, of a year 31 December; None for words and for nothing.

    >>> due_day("2026-02"), due_day("trong quý II")
    (datetime.date(2026, 2, 28), None)
    """
    found = _DAY.fullmatch(text or "")
    if found is None:
        return None
    year, month = int(found[1]), int(found[2] or 12)
    try:
        return date(year, month, int(found[3] or monthrange(year, month)[1]))
    except ValueError:
        return None


def is_met(kind: str, values: Mapping[str, Any], reached: Reached) -> bool:
    """Whether what was due has come: to a request an answer, of all else the thing itself."""
    if reached.stage == DECLINED:
        return True
    if kind == "ask" and values.get("kind") == "request" and (values.get("outcome") or values.get("answer")):
        return values.get("outcome") != "later" or reached.rank >= _RANK["handed_over"]
    money = kind == "contribution" and values.get("act") in MONEY_ACTS
    return reached.rank >= _RANK["funded" if money else "handed_over"] and not (
        money and values.get("status") == "ongoing"
    )


def lateness(kind: str, values: Mapping[str, Any], reached: Reached, today: date) -> tuple[str, int | None]:
    """Whether a matter is late on a day, and by how many days (to go, where it is not): by its due date alone.

    ``met`` what was due has come; ``no_date`` nobody said until when; ``late``; ``soon`` within 30 days; ``open``.

    >>> lateness("ask", {"kind": "pledge", "due": "2026-10"}, Reached("pledged"), date(2026, 11, 23))
    ('late', 23)
    """
    if is_met(kind, values, reached):
        return "met", None
    due = due_day(values.get("due"))
    if due is None:
        return "no_date", None
    left = (due - today).days
    if left < 0:
        return "late", -left
    return ("soon" if left <= SOON else "open"), left
