"""Units in time (đơn vị hành chính theo thời gian), and names to units.

Tables: ``provinces`` (one row for each unit and the time in which it stood so), ``province_changes`` (what became of
it), ``place_aliases``, ``place_districts`` (towns that texts name without a kind word), ``countries``,
``foreign_units``. A province's code is the one of its own map: "15" is Yên Bái until 2025-06-30 and Lào Cai after.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from hoptac.lexicon.tables import Lexicon
from hoptac.text.fold import fold, match_form

COUNTRY, PROVINCE, DISTRICT, COMMUNE = 0, 1, 2, 3
MAP_OF_63 = date(2024, 12, 31)


@dataclass(frozen=True, slots=True)
class Unit:
    """A country, province, district or commune, as it stood from ``valid_from`` to ``valid_to`` (both included).

    ``id`` is the row's own and never given to another. ``code`` is GSO's for provinces, ISO's abroad, None where this
    table knows none. ``level`` 0 country, 1 province, 2 district, 3 commune. An open end is None.
    """

    id: str
    code: str | None
    name: str
    kind: str
    level: int
    valid_from: date | None = None
    valid_to: date | None = None
    parent: str | None = None
    bare: str = "yes"

    def stands_on(self, day: date) -> bool:
        after = self.valid_from is None or self.valid_from <= day
        return after and (self.valid_to is None or day <= self.valid_to)

    @property
    def full_name(self) -> str:
        """The name with its kind: "tỉnh Điện Biên", "thành phố Hà Nội", "Lào"."""
        return self.name if self.level == COUNTRY else f"{self.kind} {self.name}"


@dataclass(frozen=True, slots=True)
class Change:
    """What became of a unit (tách, nhập, đổi tên): ``extent`` is "whole" or "part"."""

    before: Unit
    after: Unit
    on: date
    extent: str
    act: str


class Gazetteer:
    """All units of a lexicon, looked up by name, code and day."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.units: tuple[Unit, ...] = _units(lexicon)
        self._by_id = {unit.id: unit for unit in self.units}
        self._names: dict[str, list[Unit]] = {}
        for unit in self.units:
            self._names.setdefault(_key(unit.name), []).append(unit)
        self.aliases: dict[str, tuple[str, str]] = {}
        for row in lexicon.table("place_aliases"):
            self._add_alias(row["alias"], row["name"], row["bare"])
        for row in lexicon.table("foreign_units"):
            for alias in filter(None, row["also"].split("|")):
                self._add_alias(alias, row["name"], "yes")
        self.changes = tuple(
            Change(
                self._by_id[r["from"]],
                self._by_id[r["to"]],
                date.fromisoformat(r["on"]),
                r["extent"],
                r["act"],
            )
            for r in lexicon.table("province_changes")
        )

    def _add_alias(self, alias: str, name: str, bare: str) -> None:
        self.aliases[alias] = (name, bare)
        known = self._names[_key(name)]
        self._names.setdefault(_key(alias), []).extend(
            u for u in known if u not in self._names.get(_key(alias), [])
        )

    def find_units(self, name: str, *, on: date | None = None) -> tuple[Unit, ...]:
        """Every unit that bears this name or alias, with or without its kind word; on that day if one is given.

        Letters' case, tone place and Unicode form do not matter; accents do ("Ha Noi" finds nothing).
        """
        found: list[Unit] = list(self._names.get(_key(name), ()))
        if not found:
            found = [u for word, u in _without_kind(name, self._names) if u.kind == word]
        return tuple(u for u in found if on is None or u.stands_on(on))

    def find_unit(self, name: str, *, on: date | None = None) -> Unit | None:
        """The unit of this name on a day; without a day, on the map of 63 provinces, else the latest that stood.

        None where the name is unknown, or two units of the highest level bear it.
        """
        found = self.find_units(name, on=on)
        if on is None:
            found = tuple(u for u in found if u.stands_on(MAP_OF_63)) or found[-1:]
        top = min((u.level for u in found), default=0)
        highest = [u for u in found if u.level == top]
        return highest[0] if len(highest) == 1 else None

    def successors(self, unit: Unit) -> tuple[Change, ...]:
        """What a unit became, oldest change first."""
        return tuple(c for c in self.changes if c.before.id == unit.id)

    def predecessors(self, unit: Unit) -> tuple[Change, ...]:
        """What a unit came from, oldest change first."""
        return tuple(c for c in self.changes if c.after.id == unit.id)

    def now(self, unit: Unit) -> tuple[Unit, ...]:
        """The units of today's map that hold this one or parts of it; the unit itself where it still stands."""
        if unit.valid_to is None:
            return (unit,)
        out: dict[str, Unit] = {}
        for change in self.successors(unit):
            for later in self.now(change.after):
                out[later.id] = later
        return tuple(out.values())


def gazetteer(lexicon: Lexicon) -> Gazetteer:
    """The gazetteer of a lexicon, made once.

    >>> from hoptac.lexicon.tables import default_lexicon
    >>> gazetteer(default_lexicon()).find_unit("TP.HCM").code
    '79'
    """
    return lexicon.built(Gazetteer)


def find_unit(name: str, *, lexicon: Lexicon, on: date | None = None) -> Unit | None:
    """The unit that a name means on a day (see ``Gazetteer.find_unit``)."""
    return gazetteer(lexicon).find_unit(name, on=on)


def _key(name: str) -> str:
    return " ".join(match_form(fold(name).text).replace("–", "-").replace("-", " - ").split())


def _without_kind(name: str, names: dict[str, list[Unit]]) -> list[tuple[str, Unit]]:
    key = _key(name)
    out = []
    for word in ("tỉnh", "thành phố", "thị xã", "huyện"):
        if key.startswith(word + " "):
            out += [(word, unit) for unit in names.get(key[len(word) + 1 :], ())]
    return out


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _units(lexicon: Lexicon) -> tuple[Unit, ...]:
    units = [
        Unit(
            row["id"], row["code"] or None, row["name"], row["kind"], PROVINCE, _day(row["valid_from"]), _day(row["valid_to"]),
            "Việt Nam", row["bare"] or "yes",
        )
        for row in lexicon.table("provinces")
    ]  # fmt: skip
    units += [
        Unit(
            f"{r['province']}/{r['name']}",
            None,
            r["name"],
            r["kind"],
            DISTRICT,
            None,
            date(2025, 6, 30),
            r["province"],
        )
        for r in lexicon.table("place_districts")
    ]
    countries = {row["code"]: row["name"] for row in reversed(lexicon.table("countries"))}
    units += [
        Unit(f"{r['code']}/{r['name']}", r["code"], r["name"], "nước", COUNTRY, bare=r["bare"])
        for r in lexicon.table("countries")
    ]
    units += [
        Unit(r["code"], r["code"], r["name"], r["kind"], PROVINCE, parent=countries[r["country"]])
        for r in lexicon.table("foreign_units")
    ]
    return tuple(units)
