"""The labelled pairs of contributions (các cặp đã gán nhãn): ``pairs/pairs.tsv`` read into values.

A pair whose number's SHA-256 is divisible by three is held back: points and rules are never set with it in sight.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from hoptac.ledger.values import check_values

FILE = Path(__file__).parent / "pairs" / "pairs.tsv"
PLACES = ("what", "act", "sum", "year", "field", "status")
SCALES = {"tỷ": 10**9, "triệu": 10**6}
BOUNDS = {
    ">=": "at_least",
    "hơn": "at_least",
    "~": "about",
    "gần": "about",
    "khoảng": "about",
    "<=": "at_most",
}


@dataclass(frozen=True)
class Pair:
    """Two contributions as two papers tell them; ``same``: one deed. ``pages`` are the days of the papers."""

    n: int
    same: bool
    a: dict[str, Any]
    b: dict[str, Any]
    pages: tuple[date | None, date | None]
    why: str

    @property
    def held_back(self) -> bool:
        return int(hashlib.sha256(str(self.n).encode()).hexdigest(), 16) % 3 == 0


def labelled_pairs(path: Path = FILE) -> list[Pair]:
    rows = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines() if line[:1] != "#"][1:]
    return [_pair(*row) for row in rows]


def _pair(n: str, same: str, first: str, second: str, why: str) -> Pair:
    told = _parts(first)
    other = told | dict(part.strip().split("=", 1) for part in second.split(";") if not _hedge_first(part))
    other |= dict(_hedged(second.split(";")))
    pages = tuple(date.fromisoformat(p["page"]) if _known(p.get("page")) else None for p in (told, other))
    return Pair(int(n), same == "1", values(told), values(other), (pages[0], pages[1]), why)


def _hedge_first(part: str) -> bool:
    return part.strip().startswith("sum=>=") or part.strip().startswith("sum=<=")


def _hedged(parts: Iterable[str]) -> Iterable[tuple[str, str]]:
    for part in parts:
        if _hedge_first(part):
            yield "sum", part.strip()[len("sum=") :]


def _parts(line: str) -> dict[str, str]:
    cells = [cell.strip() for cell in line.split("|")]
    giver, _, taker = (part.strip() for part in cells[0].partition(">"))
    told = {"from": giver, "to": taker} | dict(zip(PLACES, cells[1:7], strict=True))
    for part in cells[7:]:
        for more in part.split(";"):
            key, _, value = more.partition("=")
            told[key.strip()] = value.strip()
    return told


def _known(text: str | None) -> bool:
    return text not in (None, "", "-")


def values(told: dict[str, str]) -> dict[str, Any]:
    """The checked values of one telling."""
    out: dict[str, Any] = {
        "funder": [{"name": told["from"]}],
        "recipient": [{"name": told["to"]}],
        "what": told["what"],
        "act": told["act"],
    }
    for field in ("field", "status"):
        if _known(told[field]):
            out[field] = told[field]
    if _known(told["year"]):
        out["year"] = int(told["year"])
    if _known(told["sum"]):
        out["amount"] = _amount(told["sum"]) | (
            {"of_total": _amount(told["of"])["value"]} if _known(told.get("of")) else {}
        )
    if _known(told.get("count")):
        number, _, unit = told["count"].partition(" ")
        out["quantity"] = {"value": number, "unit": unit}
    if _known(told.get("period")):
        first, _, last = told["period"].partition("-")
        out["period"] = (int(first) if first else None, int(last) if last else None)
    if _known(told.get("place")):
        out["place"] = {"name": told["place"]}
    return check_values("contribution", out)


def _amount(text: str) -> dict[str, Any]:
    bound = next((b for b in BOUNDS if text.startswith(b)), "")
    number, *words = text[len(bound) :].split()
    value = Decimal(number.replace(",", "."))
    currency = "VND"
    for word in words:
        if word in SCALES:
            value *= SCALES[word]
        else:
            currency = word
    return {"value": value, "currency": currency, "bound": BOUNDS.get(bound, "exact")}
