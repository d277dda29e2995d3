"""Is this statement about that record? (cùng một việc hay không). Pure scoring: knows no Django.

Every likeness and every difference has a code, points and words in the table ``match_points``; a score is the sum of the
points, and the codes are kept in the filing row, so that a person can see why. With giver and receiver the same:

- a named work told twice in one year is one record, whatever the sums (a different sum is a dispute, not another school);
- the same school in 1984, 2004 and 2024 is three records;
- gifts without a name need the sum or the count to agree, and a different one keeps them apart;
- a period's total is none of its parts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from hoptac.ledger.agree import compare, name_key
from hoptac.ledger.deeds import Deed, compare_deeds
from hoptac.ledger.likeness import likeness, same_work, work_name
from hoptac.lexicon.tables import Lexicon, default_lexicon
from hoptac.text.fold import search_key

ENOUGH = 55  # points at which a statement is filed under a record
SURE = 75  # points at which a batch may be offered for filing: on the labelled pairs none above it is wrong
MAYBE = 35  # points from which on a person is asked before a new record is opened
TIE = 5  # two records that are nearer to each other than this: a person decides
ALIKE, LIKE = 90, 75  # of 100, for names and descriptions
NEVER = -1000  # points of what nothing else makes up for


class _Points:
    def __init__(self, lexicon: Lexicon) -> None:
        rows = lexicon.table("match_points")
        self.of = {r["code"]: NEVER if r["points"] == "never" else int(r["points"]) for r in rows}


@dataclass(frozen=True, slots=True)
class Match:
    """How well a statement fits: points, and the codes that gave them in the order weighed."""

    score: int
    reasons: tuple[str, ...]

    @property
    def text(self) -> str:
        return " ".join(self.reasons)


def match(
    kind: str,
    a: Mapping[str, Any],
    b: Mapping[str, Any],
    *,
    one_page: bool = False,
    pages: tuple[date | None, date | None] = (None, None),
    lexicon: Lexicon | None = None,
) -> Match:
    """Weigh two statements' values. ``pages``: the days of the pages that tell them.

    ``one_page``: both are read from one source for one speaker, which told them apart; only a sum or a count told twice
    makes them one."""
    if kind == "contribution":
        return match_deeds(Deed(a, pages[0]), Deed(b, pages[1]), one_page=one_page, lexicon=lexicon)
    codes = {"meeting": _meeting, "agreement": _agreement, "ask": _ask, "activity": _activity}[kind](a, b)
    return _weighed(kind, codes, one_page, lexicon)


def match_deeds(a: Deed, b: Deed, *, one_page: bool = False, lexicon: Lexicon | None = None) -> Match:
    """Weigh two contributions that are ready to be compared."""
    return _weighed("contribution", compare_deeds(a, b), one_page, lexicon)


def _weighed(kind: str, codes: list[str], one_page: bool, lexicon: Lexicon | None) -> Match:
    if one_page and not _told_twice(kind, codes):
        codes = [*codes, "same_page"]
    points = (lexicon or default_lexicon()).built(_Points).of
    return Match(sum(points[code] for code in codes), tuple(codes))


def _told_twice(kind: str, codes: list[str]) -> bool:
    if kind == "activity":
        return True
    return (
        kind == "contribution"
        and bool({"sum_same", "sum_same_odd", "count_same"} & set(codes))
        and not any("apart" in c for c in codes)
    )


def _parties(a: Mapping[str, Any], b: Mapping[str, Any]) -> str | None:
    ids_a, ids_b = ({name_key(p["name"]) for p in v.get("parties", ())} for v in (a, b))
    if not ids_a or not ids_b:
        return None
    if ids_a == ids_b or len(ids_a & ids_b) >= 2:
        return "parties_same"
    return "parties_some" if ids_a & ids_b else "parties_apart"


def _meeting(a: Mapping[str, Any], b: Mapping[str, Any]) -> list[str]:
    codes = [f"kind_{'same' if a['kind'] == b['kind'] else 'apart'}"]
    if a.get("date") and b.get("date"):
        answer = compare("date", a["date"], b["date"])
        codes.append(
            {
                "same": "date_same" if len(a["date"]) == 10 else "date_near",
                "near": "date_near",
                "other": "date_apart",
            }[answer]
        )
    codes += filter(None, [_parties(a, b)])
    if a.get("place") and b.get("place"):
        answer = compare("place", a["place"], b["place"])
        codes += [] if answer == "near" else [f"place_{'same' if answer == 'same' else 'apart'}"]
    return codes


def _agreement(a: Mapping[str, Any], b: Mapping[str, Any]) -> list[str]:
    codes = list(filter(None, [_parties(a, b)]))
    for field in ("period", "signed"):
        if a.get(field) and b.get(field):
            answer = compare(field, a[field], b[field])
            grade = (
                "same"
                if answer == "same" or (field == "signed" and answer == "near")
                else "near"
                if answer == "near"
                else "apart"
            )
            codes.append(f"{field}_{grade}")
    return codes


def _ask(a: Mapping[str, Any], b: Mapping[str, Any]) -> list[str]:
    codes = [f"kind_{'same' if a['kind'] == b['kind'] else 'apart'}"]
    alike = likeness(a["about"], b["about"])
    codes.append("about_alike" if alike >= ALIKE else "about_like" if alike >= LIKE else "about_apart")
    for role in ("by", "to"):
        if a.get(role) and b.get(role):
            codes.append("by_apart" if compare(role, a[role], b[role]) == "other" else "by_same")
    return codes


def _activity(a: Mapping[str, Any], b: Mapping[str, Any]) -> list[str]:
    name_a, name_b = work_name(a["name"]), work_name(b["name"])
    if name_a is not None and name_b is not None:
        alike = same_work(name_a, name_b)
    else:
        alike = 100 if search_key(a["name"]) == search_key(b["name"]) else 0
    codes = ["work_same" if alike >= ALIKE else "work_apart"]
    if a.get("place") and b.get("place"):
        answer = compare("place", a["place"], b["place"])
        codes += [] if answer == "near" else ["place_same" if answer == "same" else "work_apart"]
    return codes
