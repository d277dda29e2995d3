"""From statements to a record's values (hợp nhất lời khai). Pure: knows no Django, no clock, no table.

``consolidate`` gives the same answer for any order of its statements, and for one that comes twice (L5).

Which value is shown, also under dispute: the one that most sides of the record say; then the most exact; then the latest
said; then the one told most often; then, so that there is always one answer, the first in canonical JSON. A dispute is
never settled by it: the field's standing stays ``disputed`` and every other value stays beside it with who says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from hoptac.ledger.agree import Answer, compare
from hoptac.ledger.canonical import canonical_json

READ, ONE_SIDE, BOTH_SIDES, DISPUTED = "read", "one_side", "both_sides", "disputed"
ORDER = (READ, ONE_SIDE, BOTH_SIDES)
STATUS_ORDER = ("requested", "pledged", "ongoing", "done")
SIDES_FOR_BOTH = 2


@dataclass(frozen=True, slots=True)
class Said:
    """One statement as consolidation sees it.

    ``side`` is the identity of the side that speaks; None for a newspaper or a stranger to the record. ``said_on`` is an
    ISO date or time, compared as text. ``supersedes`` is the uid of the statement that this one takes the place of.
    """

    uid: str
    values: Mapping[str, Any]
    side: str | None = None
    said_on: str = ""
    supersedes: str | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """A value and the statements that say it."""

    value: Any
    says: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FieldView:
    """One field of a record: the value shown, who says so, who says it less or more exactly, who says otherwise."""

    value: Any
    standing: str
    says: tuple[str, ...]
    near: tuple[Told, ...] = ()
    otherwise: tuple[Told, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """As the record caches it."""
        return {
            "value": self.value,
            "standing": self.standing,
            "says": list(self.says),
            "near": [{"value": t.value, "says": list(t.says)} for t in self.near],
            "otherwise": [{"value": t.value, "says": list(t.says)} for t in self.otherwise],
        }


@dataclass(frozen=True, slots=True)
class Consolidated:
    """A record's values, each field with its standing; ``in_force`` are the uids of the statements that count."""

    values: dict[str, Any]
    fields: dict[str, FieldView]
    standing: str
    in_force: tuple[str, ...]


def in_force(statements: Iterable[Said]) -> list[Said]:
    """The statements that none of the given ones supersedes, each once, in order of uid."""
    by_uid = {s.uid: s for s in statements}
    gone = {s.supersedes for s in by_uid.values()}
    return [by_uid[uid] for uid in sorted(by_uid) if uid not in gone]


def consolidate(statements: Iterable[Said], *, sides: frozenset[str] = frozenset()) -> Consolidated:
    """Consolidate the statements of one record; only those who speak for one of ``sides`` confirm.

    >>> page = Said("a", {"year": 2024}); officer = Said("b", {"year": 2024}, side="place:hà nội")
    >>> consolidate([page, officer], sides=frozenset({"place:hà nội"})).fields["year"].standing
    'one_side'
    """
    standing_ones = in_force(statements)
    names = sorted({name for s in standing_ones for name, value in s.values.items() if value is not None})
    fields = {name: _field(name, standing_ones, sides) for name in names}
    return Consolidated(
        values={name: view.value for name, view in fields.items()},
        fields=fields,
        standing=_standing(fields, standing_ones, sides),
        in_force=tuple(s.uid for s in standing_ones),
    )


def contradicted(a: Said, b: Said, sides: frozenset[str]) -> tuple[str, ...]:
    """The fields in which two statements cannot both be right."""
    shared = (n for n in sorted(a.values.keys() & b.values.keys()) if None not in (a.values[n], b.values[n]))
    return tuple(name for name in shared if _answer(name, [a], [b], sides) == "other")


def _field(name: str, statements: list[Said], sides: frozenset[str]) -> FieldView:
    saying = [s for s in statements if s.values.get(name) is not None]
    told: dict[str, list[Said]] = {}
    for s in saying:
        told.setdefault(canonical_json(s.values[name]), []).append(s)
    shown_key = min(told, key=lambda key: _rank(name, key, told, sides))
    shown = told[shown_key][0].values[name]
    says: list[str] = []
    near: list[Told] = []
    otherwise: list[Told] = []
    for key in sorted(told):
        value, uids = told[key][0].values[name], tuple(s.uid for s in told[key])
        answer = _answer(name, told[shown_key], told[key], sides)
        if answer == "same":
            says += uids
        else:
            (near if answer == "near" else otherwise).append(Told(value, uids))
    confirming = {s.side for s in saying if s.uid in says and s.side in sides}
    standing = ORDER[min(len(confirming), SIDES_FOR_BOTH)]
    if any(_answer(name, a, b, sides) == "other" for a, b in combinations(told.values(), 2)):
        standing = DISPUTED
    return FieldView(shown, standing, tuple(sorted(says)), tuple(near), tuple(otherwise))


def _rank(name: str, key: str, told: dict[str, list[Said]], sides: frozenset[str]) -> tuple[Any, ...]:
    """Lowest is shown."""
    alike = [
        s for other, group in told.items() if _answer(name, told[key], group, sides) == "same" for s in group
    ]
    value = told[key][0].values[name]
    latest = max(s.said_on for s in alike)
    return (
        -len({s.side for s in alike if s.side in sides}),
        -STATUS_ORDER.index(value) if name == "status" and value in STATUS_ORDER else 0,
        -exactness(name, value),
        (*(-ord(c) for c in latest), 1),
        -len(alike),
        key,
    )


def exactness(name: str, value: Any) -> int:
    """How exactly a value is told: more is more exact; only values of one field compare."""
    if name == "amount":
        hedge = {"exact": 3, "about": 2, "at_least": 1, "at_most": 0}[value.get("bound", "exact")]
        return hedge * 4 + 2 * int(bool(value.get("currency"))) + int(bool(value.get("of_total")))
    if name in ("date", "signed"):
        return len(str(value))
    if name == "stage":
        return int((value.get("on") or "").replace("-", "").ljust(8, "0"))  # the stage told of the latest day
    if name in ("clauses", "signers", "people", "life"):
        return len(value)
    if name in ("act", "field"):
        return 0 if value == "other" else 1 if value == "fund" else 2
    if name == "place":
        return len(value.get("code") or "") + 2 * int(value["name"].split(" ", 1)[0].islower())
    if name == "period":
        return sum(end is not None for end in value)
    if name in ("funder", "recipient", "parties"):
        return sum(1 + bool(p.get("code")) for p in value)
    return 0


def _answer(name: str, a: list[Said], b: list[Said], sides: frozenset[str]) -> Answer:
    """Compare what two groups say of a field (each group of one value).

    A deed goes forward: a page that tells of a pledge does not contradict a later one that tells of the deed done. Two
    sides that give different states at the same time do.
    """
    answer = compare(name, a[0].values[name], b[0].values[name])
    if name != "status" or answer == "same":
        return answer
    first, second = sorted((a, b), key=lambda group: STATUS_ORDER.index(group[0].values[name]))
    if all(s.side in sides for s in (*first, *second)):
        return "near" if max(s.said_on for s in first) < min(s.said_on for s in second) else "other"
    return "near" if _went_forward(first, second) else "other"


def _went_forward(first: list[Said], second: list[Said]) -> bool:
    """Whether whoever tells the earlier state told it no later than whoever tells the later one."""
    return min(s.said_on for s in first)[:10] <= max(s.said_on for s in second)[:10]


def _standing(fields: Mapping[str, FieldView], statements: list[Said], sides: frozenset[str]) -> str:
    """A record's standing: disputed if any field is; else the least among the fields that a side speaks of."""
    if any(view.standing == DISPUTED for view in fields.values()):
        return DISPUTED
    spoken = {
        name for s in statements if s.side in sides for name, value in s.values.items() if value is not None
    }
    return min((fields[name].standing for name in sorted(spoken)), key=ORDER.index, default=READ)
