"""Names to units, ready for matching (tên gọi và đơn vị): every unit's name in match form, and where it lies, made when asked for.

An ``Entry`` is what choosing between namesakes needs of a unit: its level, its kind, and the names of what it lay in.
Names are compared in the form of ``naming.exact_key``: accents count, case, tone place, i/y and spaces do not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from hoptac.lexicon.tables import Lexicon
from hoptac.places.atlas import HOME, Atlas, atlas
from hoptac.places.naming import exact_key
from hoptac.places.store import DISTRICT_DIGITS, FIRST_OF_34, LAST_OF_63
from hoptac.places.units import COMMUNE, COUNTRY, DISTRICT, PROVINCE, Unit, gazetteer
from hoptac.text.fold import fold, match_form

_SPACED_APOSTROPHE = re.compile(" ?[’'] ?")
REGION = "miền"
"""The kind of the regions of ``place_regions``, which are no units of any government."""
ABROAD = "vùng"
"""The kind of the cities, states and regions of ``place_abroad``, whose kinds the table does not tell."""
KEPT_KEYS = 1 << 16
"""Spellings whose keys are remembered: the corpus of 5,000 articles has some 6,000."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A unit as a candidate. ``province``, ``district``, ``country`` are keys of names, empty where it has none."""

    id: str
    level: int
    kind: str
    key: str
    province: str
    district: str
    country: str
    start: date
    end: date

    def stands_on(self, day: date) -> bool:
        return self.start <= day <= self.end


@lru_cache(maxsize=KEPT_KEYS)
def key_of(name: str) -> str:
    """``naming.exact_key``, remembered: pages say the same few names again and again."""
    return exact_key(_SPACED_APOSTROPHE.sub("'", name))


def keys_of(names: Iterable[str]) -> list[str]:
    """``exact_key`` of many names at once, of which none begins a number with 0."""
    text = match_form(fold("\n".join(names)).text)
    text = text.replace("–", "-").replace("’", "'").replace(" - ", "-").replace("-", " - ")
    return text.split("\n")


class Names:
    """The names of every unit of a lexicon. Made once (``names``); units are made when asked for."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.atlas: Atlas = atlas(lexicon)
        self._ids: dict[str, list[str]] = {}
        rows = self.atlas.rows
        for key, unit_id in zip(keys_of(rows.names), rows.ids, strict=True):
            self._ids.setdefault(key, []).append(unit_id)
        for unit_id in self.atlas.ids():
            if unit_id not in rows:
                self._add(exact_key(self.atlas.unit(unit_id).name), unit_id)
        places = gazetteer(lexicon)
        self.canonical: dict[str, str] = {}
        for alias, (name, _) in places.aliases.items():
            for unit in places.find_units(alias):
                if unit.level <= PROVINCE:
                    self._add(exact_key(alias), unit.id)
                    self.canonical[exact_key(alias)] = exact_key(name)
        for r in lexicon.table("gazetteer_aliases"):
            for unit in self.atlas.of_code(r["code"]):
                self._add(exact_key(r["alias"]), unit.id)
                self.canonical[exact_key(r["alias"])] = exact_key(unit.name)
        self._abroad: dict[str, Unit] = {}
        countries = {r["code"]: r["name"] for r in reversed(lexicon.table("countries"))}
        for r in lexicon.table("place_abroad"):
            unit_id, country = f"{r['country']}/{r['name']}", countries[r["country"]]
            self._abroad[unit_id] = Unit(unit_id, None, r["name"], ABROAD, PROVINCE, parent=country)
            for name in (r["name"], *filter(None, r["also"].split("|"))):
                self._add(exact_key(name), unit_id)
        for r in lexicon.table("place_spellings"):
            self.canonical[exact_key(r["alias"])] = exact_key(r["name"])
            for unit in places.find_units(r["name"]):
                if unit.level <= PROVINCE:
                    self._add(exact_key(r["alias"]), unit.id)
        for r in lexicon.table("place_regions"):
            unit_id = f"region/{r['name']}"
            self._abroad[unit_id] = Unit(unit_id, None, r["name"], REGION, COUNTRY)
            for name in (r["name"], *filter(None, r["also"].split("|"))):
                self._add(exact_key(name), unit_id)
        self._entries: dict[str, Entry] = {}
        self._named: dict[str, tuple[Entry, ...]] = {}

    def _add(self, key: str, unit_id: str) -> None:
        known = self._ids.setdefault(key, [])
        if unit_id not in known:
            known.append(unit_id)

    def __contains__(self, key: object) -> bool:
        return key in self._ids

    def named(self, key: str) -> tuple[Entry, ...]:
        """Every unit of any time that bears a name (a key of ``key_of``); empty where none does."""
        found = self._named.get(key)
        if found is None:
            found = tuple(self.entry(unit_id) for unit_id in self._ids.get(key, ()))
            if found:
                self._named[key] = found
        return found

    def unit(self, entry: Entry) -> Unit:
        return self._unit(entry.id)

    def _unit(self, unit_id: str) -> Unit:
        return self._abroad.get(unit_id) or self.atlas.unit(unit_id)

    def entry(self, unit_id: str) -> Entry:
        """The entry of a unit. KeyError where there is none."""
        if unit_id not in self._entries:
            self._entries[unit_id] = self._make(unit_id)
        return self._entries[unit_id]

    def _make(self, unit_id: str) -> Entry:
        unit = self._unit(unit_id)
        province = district = country = ""
        for above in self._above(unit):
            if above.level == DISTRICT:
                district = key_of(above.name)
            elif above.level == PROVINCE:
                province = key_of(above.name)
        if unit.level == PROVINCE:
            province = key_of(unit.name)
            country = "" if unit.parent == HOME else key_of(unit.parent or "")
        elif unit.level == DISTRICT:
            district = key_of(unit.name)
        elif unit.level == COUNTRY:
            country = key_of(unit.name)
        return Entry(
            unit.id, unit.level, unit.kind, key_of(unit.name), province, district, country,
            unit.valid_from or date.min, unit.valid_to or date.max,
        )  # fmt: skip

    def _above(self, unit: Unit) -> tuple[Unit, ...]:
        """What a unit of the two large maps lies in, by codes alone; ``Atlas.parents`` for the others."""
        rows = self.atlas.rows
        if unit.level <= PROVINCE:
            return ()
        if unit.id not in rows:
            return self.atlas.parents(unit)
        day = LAST_OF_63 if unit.id.endswith("@63") else FIRST_OF_34
        found: list[Unit] = []
        at = rows.row(unit.id)
        if len(at.parent) == DISTRICT_DIGITS:
            at = rows.row(f"{at.parent}@63")
            found.append(self.atlas.unit(at.id))
        province = self.atlas.form_on(at.parent, day)
        return (*found, province) if province else tuple(found)

    def lay_in(self, entry: Entry, level: int | None, key: str) -> bool:
        """Whether a unit lay, at some other time, in one of this name, or lies today in one."""
        unit = self.unit(entry)
        if entry.level <= PROVINCE:
            return False
        days = {u.end for u in self.named(key) if u.level in (PROVINCE, DISTRICT) and u.end >= entry.start}
        chains = [self.atlas.parents(unit, day) for day in days if entry.stands_on(day)]
        if entry.level == COMMUNE or entry.level == DISTRICT:
            chains += [self.atlas.parents(c.unit) for c in self.atlas.now(unit)]
        return any(
            key_of(above.name) == key and level in (None, above.level) for chain in chains for above in chain
        )


def names(lexicon: Lexicon) -> Names:
    """The names of a lexicon, made once.

    >>> from hoptac.lexicon.tables import default_lexicon
    >>> [(e.id, e.district, e.province) for e in names(default_lexicon()).named(key_of("Sín Thầu"))]
    [('03154@63', 'mường nhé', 'điện biên'), ('03158@34', '', 'điện biên')]
    """
    return lexicon.built(Names)
