"""By what a record can be found (khóa tìm hồ sơ), so that a statement is compared with a few records and not with all.

A key is a side and one thing told: a sum and its rounding with the year, a name, two words in a row with the year, a count,
a place. Two tellings of one deed share at least one; the keys are kept as 64-bit hashes. Pure: knows no Django.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise
from typing import Any

from hoptac.ledger.deeds import Deed
from hoptac.ledger.kinship import telling_words
from hoptac.ledger.likeness import work_name
from hoptac.lexicon.tables import default_lexicon
from hoptac.places.atlas import atlas
from hoptac.places.units import PROVINCE
from hoptac.text.fold import fold, match_form, search_key

WORDS_MOST = 6  # pairs of words of one description
NO_YEAR = "-"
NO_SIDE = "-"
SEP = "\x1f"


@dataclass(frozen=True, slots=True)
class Sides:
    """Whom a statement concerns, by identity: who received, who gave, and all of them."""

    takers: tuple[str, ...] = ()
    givers: tuple[str, ...] = ()
    every: tuple[str, ...] = ()

    @property
    def first(self) -> tuple[str, ...]:
        """The side under which it is looked for: who received, else whoever is concerned."""
        return self.takers or self.every or (NO_SIDE,)


def record_keys(kind: str, values: Mapping[str, Any], sides: Sides) -> frozenset[int]:
    """The keys under which a record is found, for one of its statements."""
    if kind != "contribution":
        return _hashes(f"{part}{SEP}{side}" for side in sides.first for part in _other(kind, values))
    deed = Deed(values)
    dated, undated = _dated(deed), _undated(deed)
    keys = [f"{part}{SEP}{side}" for side in sides.first for part in undated]
    keys += [f"{part}{SEP}{side}" for side in sides.givers if side not in sides.first for part in undated]
    keys += [
        f"{part}{SEP}{year}{SEP}{side}" for side in sides.first for part in dated for year in _years(deed)
    ]
    return _hashes(keys)


def asked_keys(kind: str, values: Mapping[str, Any], sides: Sides) -> list[int]:
    """The keys by which a statement looks for its record, the most telling first.

    It looks under the names that a side bore before and after a merger too, and among records that tell no year.
    """
    places = [name for side in sides.first for name in kin_sides(side)]
    if kind != "contribution":
        return list(
            dict.fromkeys(_hash(f"{part}{SEP}{side}") for side in places for part in _other(kind, values))
        )
    deed = Deed(values)
    years = (*_years(deed), NO_YEAR)
    keys = [f"{part}{SEP}{side}" for part in _undated(deed) for side in places]
    keys += [f"{part}{SEP}{year}{SEP}{side}" for part in _dated(deed) for year in years for side in places]
    return list(dict.fromkeys(map(_hash, keys)))


@lru_cache(maxsize=1000)
def kin_sides(side: str) -> tuple[str, ...]:
    """A side's identity, and those of the provinces that it came from or has become part of.

    >>> "place:phú thọ" in kin_sides("place:hòa bình")
    True
    """
    places = atlas(default_lexicon())
    name = side.removeprefix("place:")
    if name == side:
        return (side,)
    found = {side: None}
    for key in places.ids():
        unit = places.unit(key)
        if unit.level != PROVINCE:
            break
        if match_form(fold(unit.name).text) == name:
            changes = (*places.predecessors(unit), *places.successors(unit))
            near = [u for c in changes for u in (c.before, c.after) if u.level == PROVINCE]
            found |= {f"place:{match_form(fold(u.name).text)}": None for u in near}
    return tuple(found)


def _years(deed: Deed) -> tuple[str, ...]:
    """The years under which a deed is kept: its own, or the first and last of its period."""
    return tuple(str(year) for year in dict.fromkeys(deed.years)) if deed.years is not None else (NO_YEAR,)


def _undated(deed: Deed) -> list[str]:
    """What tells a deed whatever the year: its exact sums, its count, the names in its words."""
    amount, count = deed.values.get("amount") or {}, deed.values.get("quantity") or {}
    currency = amount.get("currency") or ""
    parts = [f"E{value}{currency}" for value in (amount.get("value"), amount.get("of_total")) if value]
    if count.get("value"):
        parts.append(f"Q{count['value']}")
    return parts + [f"R{pair}" for pair in _pairs(deed.proper.split())]


def _dated(deed: Deed) -> list[str]:
    """What tells a deed together with its year: the sum's rounding, words, the place."""
    amount, place = deed.values.get("amount") or {}, deed.values.get("place")
    parts = [
        f"S{rough}"
        for value in (amount.get("value"), amount.get("of_total"))
        if value
        for rough in roundings(value)
    ]
    parts += [f"U{pair}" for pair in _pairs(deed.words.split())[:WORDS_MOST]]
    return parts + ([f"P{search_key(place['name'])}"] if place else [])


def roundings(value: str) -> tuple[str, ...]:
    """A sum cut and raised to one figure: both sums of "hơn 60 tỷ" and 65 tỷ have one in common.

    >>> roundings("9935000000"), roundings("60000000000")
    (('9e9', '1e10'), ('6e10',))
    """
    number = Decimal(value)
    if not number:
        return ()
    power = number.adjusted()
    low = int(number.scaleb(-power))
    return (
        (f"{low}e{power}",)
        if Decimal(low).scaleb(power) == number
        else (f"{low}e{power}", _raised(low, power))
    )


def _raised(low: int, power: int) -> str:
    return f"{low + 1}e{power}" if low < 9 else f"1e{power + 1}"


def _pairs(words: Sequence[str]) -> list[str]:
    return [f"{a} {b}" for a, b in pairwise(words)] or list(words)


def _other(kind: str, values: Mapping[str, Any]) -> list[str]:
    """Keys of meetings (month and year, or that no day is told), agreements, asks and activities (their words)."""
    if kind == "meeting":
        day = values.get("date") or ""
        return [f"M{day[:7]}", f"M{day[:4]}"] if day else [f"M{NO_YEAR}"]
    if kind == "agreement":
        return ["G"]
    if kind == "ask":
        return [f"K{pair}" for pair in _pairs(search_key(" ".join(telling_words(values["about"]))).split())]
    work = work_name(values["name"])
    own = (work.own if work is not None else "") or search_key(values["name"])
    return [f"A{pair}" for pair in _pairs(own.split())]


def _hashes(keys: Iterable[str]) -> frozenset[int]:
    return frozenset(map(_hash, keys))


def _hash(key: str) -> int:
    return int.from_bytes(hashlib.blake2b(key.encode(), digest_size=8).digest(), "big", signed=True)
