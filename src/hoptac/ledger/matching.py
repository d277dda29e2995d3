"""Is this statement about that record? (cùng một việc hay không). Pure scoring: knows no Django.

Every rule is a row of points with a code; a score is their sum, and the codes are kept in the filing row, so that a person
can see why. The points were set so that, with both sides the same:

- a named work told twice in one year is one record, whatever the sums (a different sum is a dispute, not another school);
- the same school in 1984, 2004 and 2024 is three records;
- gifts without a name need the year or the sum to agree, and a different sum keeps them apart.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from hoptac.ledger.agree import compare, name_key, reach
from hoptac.ledger.likeness import likeness, same_work, work_name
from hoptac.text.fold import search_key

ENOUGH = 55  # points at which a statement is filed under a record
TIE = 5  # two records that are nearer to each other than this: a person decides
ALIKE, LIKE = 90, 75  # of 100, for names and descriptions
VETO = -1000

POINTS = {
    "name_alike": 40,
    "name_like": 20,
    "words_alike": 30,
    "words_like": 15,
    "words_apart": VETO,
    "year_same": 25,
    "year_within": 15,
    "year_apart": -60,
    "year_silent": 10,
    "sum_same": 30,
    "sum_near": 20,
    "sum_apart": -30,
    "sum_apart_named": -5,
    "count_same": 20,
    "count_apart": -20,
    "place_same": 10,
    "place_apart": -40,
    "act_same": 5,
    "act_apart": -15,
    "funder_apart": -40,
    "kind_same": 10,
    "kind_apart": -40,
    "date_same": 50,
    "date_near": 20,
    "date_apart": VETO,
    "parties_same": 30,
    "parties_some": 15,
    "parties_apart": VETO,
    "period_same": 30,
    "period_near": 25,
    "period_apart": -60,
    "signed_same": 25,
    "signed_apart": -40,
    "about_alike": 45,
    "about_like": 20,
    "about_apart": VETO,
    "by_same": 10,
    "by_apart": VETO,
    "same_page": VETO,
    "work_same": 100,
    "work_apart": VETO,
}


@dataclass(frozen=True, slots=True)
class Match:
    """How well a statement fits: points, and the codes that gave them in the order weighed."""

    score: int
    reasons: tuple[str, ...]

    @property
    def text(self) -> str:
        return " ".join(self.reasons)


def match(kind: str, a: Mapping[str, Any], b: Mapping[str, Any], *, one_page: bool = False) -> Match:
    """Weigh two statements' values. ``one_page``: both are read from one source for one speaker, which told them apart;
    only a sum or a count told twice makes them one."""
    codes = {
        "contribution": _contribution,
        "meeting": _meeting,
        "agreement": _agreement,
        "ask": _ask,
        "activity": _activity,
    }[kind](a, b)
    if one_page and not _told_twice(kind, codes):
        codes.append("same_page")
    return Match(sum(POINTS[code] for code in codes), tuple(codes))


def _told_twice(kind: str, codes: list[str]) -> bool:
    if kind == "activity":
        return True
    return (
        kind == "contribution"
        and bool({"sum_same", "count_same"} & set(codes))
        and not any("apart" in c for c in codes)
    )


def _contribution(a: Mapping[str, Any], b: Mapping[str, Any]) -> list[str]:
    codes: list[str] = []
    named = work_name(a["what"]) is not None and work_name(b["what"]) is not None
    alike = likeness(a["what"], b["what"])
    grade = "alike" if alike >= ALIKE else "like" if alike >= LIKE else "apart"
    codes.append("words_apart" if grade == "apart" else f"{'name' if named else 'words'}_{grade}")
    years = _years(a, b)
    if years is not None:
        codes.append(years)
    elif named and grade == "alike":
        codes.append("year_silent")
    if a.get("amount") and b.get("amount"):
        answer = compare("amount", a["amount"], b["amount"])
        apart = "sum_apart_named" if named and alike >= ALIKE else "sum_apart"
        codes.append(
            {"same": "sum_same", "near": _near_sum(a["amount"], b["amount"]), "other": apart}[answer]
        )
        if (
            years == "year_apart"
            and named
            and answer == "same"
            and _next_years(a, b)
            and not _round(a["amount"])
        ):
            codes[codes.index("year_apart")] = "year_within"  # the year of the work and of its handing over
    if a.get("quantity") and b.get("quantity"):
        answer = compare("quantity", a["quantity"], b["quantity"])
        if answer != "near" or Decimal(a["quantity"]["value"]) == Decimal(b["quantity"]["value"]):
            codes.append("count_apart" if answer == "other" else "count_same")
    if a.get("place") and b.get("place"):
        answer = compare("place", a["place"], b["place"])
        codes += [] if answer == "near" else [f"place_{'same' if answer == 'same' else 'apart'}"]
    answer = compare("act", a["act"], b["act"])
    codes += [] if answer == "near" else [f"act_{'same' if answer == 'same' else 'apart'}"]
    if a.get("funder") and b.get("funder") and compare("funder", a["funder"], b["funder"]) == "other":
        codes.append("funder_apart")
    return codes


def _near_sum(a: Mapping[str, Any], b: Mapping[str, Any]) -> str:
    return "sum_near" if reach(dict(a))[1] and reach(dict(b))[1] else "sum_apart"


def _round(amount: Mapping[str, Any]) -> bool:
    """Whether a sum is a round one (one figure and zeros), such as yearly gifts repeat."""
    return len(amount["value"].rstrip("0").replace(".", "")) <= 1


def _span(values: Mapping[str, Any]) -> tuple[int, int] | None:
    if values.get("year"):
        return values["year"], values["year"]
    ends = [end for end in values.get("period") or () if end is not None]
    return (ends[0], ends[-1]) if ends else None


def _years(a: Mapping[str, Any], b: Mapping[str, Any]) -> str | None:
    span_a, span_b = _span(a), _span(b)
    if span_a is None or span_b is None:
        return None
    if span_a == span_b:
        return "year_same"
    one_holds_other = (span_a[0] <= span_b[0] and span_b[1] <= span_a[1]) or (
        span_b[0] <= span_a[0] and span_a[1] <= span_b[1]
    )
    return "year_within" if one_holds_other else "year_apart"


def _next_years(a: Mapping[str, Any], b: Mapping[str, Any]) -> bool:
    return bool(a.get("year") and b.get("year") and abs(a["year"] - b["year"]) == 1)


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
