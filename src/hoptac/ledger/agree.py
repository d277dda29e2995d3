"""Do two values of a field say the same? (so sánh hai giá trị). Pure: knows no Django, no table.

Three answers: ``same``; ``near``, one is only less exact than the other ("hơn 60 tỷ" beside 65 tỷ, a year beside a day,
a district beside its province); ``other``, both cannot be right.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any, Literal

from hoptac.ledger.canonical import canonical_json
from hoptac.text.fold import fold, match_form, search_key

Answer = Literal["same", "near", "other"]

ABOUT = Decimal("0.1")  # "khoảng 60 tỷ" reaches from 54 to 66
OVER = Decimal(2)  # "hơn 60 tỷ" says less than twice as much: past that a text takes another round number


def compare(field: str, a: Any, b: Any) -> Answer:
    """Compare two values of one field, both known (canonical values of ``ledger.values``).

    >>> compare("amount", {"value": "65", "bound": "exact"}, {"value": "60", "bound": "at_least"})
    'near'
    """
    if canonical_json(a) == canonical_json(b):
        return "same"
    return _RULES.get(field, _plain)(a, b)


def _plain(a: Any, b: Any) -> Answer:
    return "other"


def _words(a: str, b: str) -> Answer:
    """Free words: two wordings of one thing never contradict; the filing has said that they speak of one thing."""
    return "same" if search_key(a) == search_key(b) else "near"


def _name(a: str, b: str) -> Answer:
    if name_key(a) == name_key(b):
        return "same"
    return "near" if name_key(a) in name_key(b) or name_key(b) in name_key(a) else "other"


def name_key(name: str) -> str:
    """The key under which two spellings of a name are one: tone place, i/y, case, dashes and spaces do not matter."""
    return " ".join(match_form(fold(name).text).replace("–", " ").replace("-", " ").split())


def _sorting(a: str, b: str) -> Answer:
    """What the reader sorts a deed under (``act``, ``field``) is no word of the page: two pages whose words are sorted
    differently ("xây dựng, nâng cấp" and "nâng cấp") do not contradict one another."""
    return "near"


def _date(a: str, b: str) -> Answer:
    return "near" if a.startswith(b) or b.startswith(a) else "other"


def _period(a: list[int | None], b: list[int | None]) -> Answer:
    return (
        "other"
        if any(x is not None and y is not None and x != y for x, y in zip(a, b, strict=True))
        else "near"
    )


def _amount(a: dict[str, Any], b: dict[str, Any]) -> Answer:
    if a.get("currency") and b.get("currency") and a["currency"] != b["currency"]:
        return "other"
    if a.get("of_total") and b.get("of_total") and a["of_total"] != b["of_total"]:
        return "other"
    (low_a, high_a), (low_b, high_b) = reach(a), reach(b)
    if low_a > high_b or low_b > high_a:
        return "other"
    alike = (a["value"], a.get("bound"), a.get("currency")) == (b["value"], b.get("bound"), b.get("currency"))
    return "same" if alike else "near"


def reach(amount: dict[str, Any]) -> tuple[Decimal, Decimal]:
    """From where to where a sum may lie, by its hedge."""
    value = Decimal(amount["value"])
    bound = amount.get("bound", "exact")
    if bound == "at_least":
        return value, value * OVER
    if bound == "at_most":
        return Decimal(0), value
    if bound == "about":
        return value * (1 - ABOUT), value * (1 + ABOUT)
    return value, value


def _quantity(a: dict[str, Any], b: dict[str, Any]) -> Answer:
    units = [search_key(q["unit"]) for q in (a, b) if q.get("unit")]
    if len(units) == 2 and units[0] != units[1] and units[0] not in units[1] and units[1] not in units[0]:
        return "near"  # suất quà and hộ count two things
    if Decimal(a["value"]) != Decimal(b["value"]):
        return "other"
    return "same" if len(units) == 2 and units[0] == units[1] else "near"


def _level_word(name: str) -> str:
    """The kind word with which a place's name begins ("huyện Mường Nhé" -> "huyện"), "" for a plain name."""
    first = name.split(" ", 1)[0]
    return first if first.islower() else ""


def _units(a: str, b: str) -> Answer:
    """Two units by their ids: the code, and the map on which it stood. Two of one map and level are two places; forms of
    one code are one; of any others one may lie in the other, or have become it."""
    (code_a, _, map_a), (code_b, _, map_b) = a.partition("@"), b.partition("@")
    if code_a == code_b:
        return "same"
    return "other" if map_a == map_b and len(code_a) == len(code_b) else "near"


def _place(a: dict[str, Any], b: dict[str, Any]) -> Answer:
    told = [p["unit"] for p in (a, b) if p.get("unit")]
    if len(told) == 2:
        return _units(*told)
    if name_key(a["name"]) == name_key(b["name"]):
        return "same"
    codes = [p["code"] for p in (a, b) if p.get("code")]
    if len(codes) == 2:
        return "other" if len(codes[0]) == len(codes[1]) else "near"
    one_level = _level_word(a["name"]) == _level_word(b["name"])
    if not one_level or _name(a["name"], b["name"]) == "near":
        return "near"  # one may lie in the other
    return "other"


def _ids(parties: list[dict[str, Any]]) -> set[str]:
    return {name_key(p["name"]) for p in parties}


def _funders(a: list[dict[str, Any]], b: list[dict[str, Any]]) -> Answer:
    if _ids(a) == _ids(b):
        return "same"
    held = any(x in y or y in x for x in _ids(a) for y in _ids(b))
    return "near" if held or not a or not b else "other"


def _recipients(a: list[dict[str, Any]], b: list[dict[str, Any]]) -> Answer:
    """As for funders, but people who receive ("34 hộ dân bản Sa Ná") may live in the place that the other names."""
    answer = _funders(a, b)
    coded = all(p.get("code") for p in a) and all(p.get("code") for p in b)
    return "near" if answer == "other" and not coded else answer


def _day_or_words(a: str, b: str) -> Answer:
    """Two days that differ are two days; told in words ("trong quý II") neither contradicts."""
    return _date(a, b) if _ISO_DAY.fullmatch(a) and _ISO_DAY.fullmatch(b) else _words(a, b)


def _stage(a: dict[str, Any], b: dict[str, Any]) -> Answer:
    """A work goes on: two stages of two days do not contradict; two of one day, or without a day, do."""
    days = [stage["on"] for stage in (a, b) if stage.get("on")]
    if len(days) < 2:
        return "near" if a["code"] == b["code"] else "other"
    if a["code"] == b["code"]:
        return _date(*days)
    return "near" if _date(*days) == "other" else "other"


def _people(a: list[dict[str, Any]], b: list[dict[str, Any]]) -> Answer:
    """Lists of who was there are seldom whole; they contradict where they give one person two sides."""
    sides = {name_key(p["name"]): p.get("side") for p in a}
    for person in b:
        told, other = person.get("side"), sides.get(name_key(person["name"]))
        if told and other and _name(told, other) == "other":
            return "other"
    return "near"


def _clauses(a: list[dict[str, Any]], b: list[dict[str, Any]]) -> Answer:
    """By number: one text under one number, or two versions of the agreement."""
    texts = {clause["n"]: search_key(clause["text"]) for clause in a}
    others = {clause["n"]: search_key(clause["text"]) for clause in b}
    if any(texts[n] != others[n] for n in texts.keys() & others.keys()):
        return "other"
    return "same" if texts == others else "near"


def _life(a: list[dict[str, Any]], b: list[dict[str, Any]]) -> Answer:
    """A thing is built once; of all else one may tell what the other leaves out."""
    built = [{year["year"] for year in told if year["act"] == "built"} for told in (a, b)]
    return "other" if all(built) and not built[0] & built[1] else "near"


_ISO_DAY = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")
_RULES: dict[str, Callable[[Any, Any], Answer]] = {
    "what": _words,
    "about": _words,
    "name": _words,
    "office": _words,
    "due": _day_or_words,
    "title": _words,
    "owner": _words,
    "answer": _words,
    "answered": _date,
    "stage": _stage,
    "people": _people,
    "signers": _people,
    "clauses": _clauses,
    "life": _life,
    "by": _name,
    "to": _name,
    "side": _name,
    "act": _sorting,
    "field": _sorting,
    "date": _date,
    "signed": _date,
    "period": _period,
    "amount": _amount,
    "quantity": _quantity,
    "place": _place,
    "funder": _funders,
    "recipient": _recipients,
    "parties": _funders,
}
