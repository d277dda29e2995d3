"""All units in time (địa bàn theo thời gian): provinces, districts and communes, what each was and what it became.

Provinces, foreign regions and countries come from ``places.units``; districts and communes from ``places.store``, with
the dated changes that ``gazetteer_units``, ``gazetteer_links`` and ``gazetteer_moves`` of the lexicon lay over them.
A district's or commune's ``id`` is its code and the map on which it stood so: "03154@63", "03158@34"; the year, or
"old", where a form was not one of those two maps'. An open ``valid_from`` is not known; an open ``valid_to`` means that the unit stands today.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from statistics import median_low

from hoptac.lexicon.tables import Lexicon, Row
from hoptac.places.store import DISTRICT_DIGITS, FIRST_OF_34, LAST_OF_63, Store, Stored, store
from hoptac.places.units import COMMUNE, COUNTRY, DISTRICT, PROVINCE, Change, Unit, gazetteer

WHOLE, PART = "whole", "part"
HOME = "Việt Nam"
END_OF_DISTRICTS = "Law 72/2025/QH15"


@dataclass(frozen=True, slots=True)
class Cover:
    """A unit of some day's map that covers another; ``part`` where it holds only a part of that other."""

    unit: Unit
    part: bool


class Atlas:
    """Every unit of a lexicon, with its parents, its point, and its way through time.

    Made once for a lexicon (``atlas``); making it reads the tables of communes.
    """

    def __init__(self, lexicon: Lexicon, rows: Store | None = None) -> None:
        self.lexicon = lexicon
        self.rows = rows or store()
        self._regions = {u.id: u for u in gazetteer(lexicon).units if u.level <= PROVINCE}
        self._region_changes = gazetteer(lexicon).changes
        self._laid = {r["id"]: r for r in lexicon.table("gazetteer_units")}
        self._acts = {r["province"]: r["act"] for r in lexicon.table("gazetteer_acts")}
        self._moves: dict[str, list[Row]] = {}
        for r in lexicon.table("gazetteer_moves"):
            self._moves.setdefault(r["code"], []).append(r)
        self._units: dict[str, Unit] = dict(self._regions)
        self._by_code: dict[str, list[str]] = {}
        for unit in self._regions.values():
            if unit.code:
                self._by_code.setdefault(unit.code, []).append(unit.id)
        self._laid_by_code: dict[str, list[str]] = {}
        for key, r in self._laid.items():
            self._laid_by_code.setdefault(r["code"], []).append(key)
        self._links_from: dict[str, list[Row]] = {}
        self._links_to: dict[str, list[Row]] = {}
        for r in lexicon.table("gazetteer_links"):
            self._links_from.setdefault(r["from"], []).append(r)
            self._links_to.setdefault(r["to"], []).append(r)

    # --- units ---

    def ids(self) -> Iterator[str]:
        """The id of every unit, provinces first."""
        yield from self._regions
        yield from self.rows.ids
        yield from (key for key in self._laid if key not in self.rows)

    def district_ids(self) -> Iterator[str]:
        """The id of every form of a district."""
        yield from (key for key in self.rows.ids if len(key) == len("094@63"))
        yield from (key for key, r in self._laid.items() if len(r["code"]) == DISTRICT_DIGITS)

    def unit(self, key: str) -> Unit:
        """The unit of an id. KeyError where there is none."""
        if key not in self._units:
            self._units[key] = self._make(key)
        return self._units[key]

    def _make(self, key: str) -> Unit:
        laid = self._laid.get(key)
        if key not in self.rows:
            if laid is None:
                raise KeyError(key)
            code, name, kind, parent = laid["code"], laid["name"], laid["kind"], laid["parent"]
            start, end = _day(laid["valid_from"]), _day(laid["valid_to"])
        else:
            r = self.rows.row(key)
            code, name, kind, parent = r.code, r.name, r.kind, r.parent
            start, end = (None, LAST_OF_63) if key.endswith("@63") else (FIRST_OF_34, None)
            if laid is not None:
                start, end = _day(laid["valid_from"]) or start, _day(laid["valid_to"]) or end
        level = DISTRICT if len(code) == DISTRICT_DIGITS else COMMUNE
        day = end or FIRST_OF_34
        above = self.form_on(parent, day)
        return Unit(key, code, name, kind, level, start, end, above.name if above else None, bare="no")

    def of_code(self, code: str) -> tuple[Unit, ...]:
        """Every form that a code stood for, oldest first: a code is often given on to the unit's successor."""
        keys = [key for key in (f"{code}@63", f"{code}@34") if key in self.rows]
        keys += [key for key in self._laid_by_code.get(code, ()) if key not in keys]
        units = [self.unit(key) for key in (*self._by_code.get(code, ()), *keys)]
        return tuple(sorted(units, key=lambda u: (u.valid_from or date.min, u.valid_to or date.max)))

    def form_on(self, code: str, day: date) -> Unit | None:
        """The form that a code stood for on a day; None where none stood."""
        return next((u for u in self.of_code(code) if u.stands_on(day)), None)

    def point(self, unit: Unit) -> tuple[float, float] | None:
        """Latitude and longitude of a point in a unit; None where none is known.

        A province's is the middle one of its districts' or communes' points, by latitude and by longitude.
        """
        if unit.level <= PROVINCE:
            points = [p for p in map(self.point, self.children(unit)) if p is not None]
            return (median_low(p[0] for p in points), median_low(p[1] for p in points)) if points else None
        key = unit.id if unit.id in self.rows else f"{unit.code}@{'63' if _before_2025(unit) else '34'}"
        if key not in self.rows:
            return None
        row = self.rows.row(key)
        return None if row.lat is None or row.lon is None else (row.lat, row.lon)

    # --- what it lies in, what lies in it ---

    def parents(self, unit: Unit, on: date | None = None) -> tuple[Unit, ...]:
        """The units that a unit lay in, nearest first: on a day, or on its last day, or today.

        A parent that cannot be told is left out: which of two provinces a district lay in before they merged is known
        only where ``gazetteer_moves`` says so.
        """
        day = on or unit.valid_to or date.max
        found: list[Unit] = []
        at = unit
        while (above := self._parent(at, day)) is not None:
            found.append(above)
            at = above
        return tuple(found)

    def _parent(self, unit: Unit, day: date) -> Unit | None:
        if unit.level <= PROVINCE:
            return None if unit.parent in (None, HOME) else self._country(unit.parent)
        moved = [r for r in self._moves.get(unit.code or "", ()) if day <= date.fromisoformat(r["valid_to"])]
        if moved:
            first = min(moved, key=lambda r: r["valid_to"])
            return self._on(self.unit(first["parent"]), day)
        code = self._laid[unit.id]["parent"] if unit.id in self._laid else self.rows.row(unit.id).parent
        forms = self.of_code(code)
        standing = next((u for u in forms if u.stands_on(day)), None)
        if standing is not None or not forms:
            return standing
        return self._on(forms[0], day) or (self._parent(forms[0], day) if forms[0].level > PROVINCE else None)

    def _country(self, name: str | None) -> Unit | None:
        return next((u for u in self._regions.values() if u.level == COUNTRY and u.name == name), None)

    def _on(self, unit: Unit, day: date) -> Unit | None:
        """The one form that a unit had on a day; None where it was none or several."""
        covers = self.at(unit, day)
        return covers[0].unit if len(covers) == 1 else None

    def children(self, unit: Unit, on: date | None = None) -> tuple[Unit, ...]:
        """The units directly below one: on a day, or on its last day, or today. Of a province: districts, or communes."""
        day = on or unit.valid_to or date.max
        keys: list[str] = []
        for map_of in ("63", "34"):
            keys += self.rows.within.get(f"{unit.code}@{map_of}", ())
        keys += [key for key, r in self._laid.items() if r["parent"] == unit.code]
        moved = [r["code"] for code in self._moves for r in self._moves[code] if r["parent"] == unit.id]
        keys += [form.id for code in moved for form in self.of_code(code)]
        units = {key: self.unit(key) for key in keys}
        below = (
            u
            for u in units.values()
            if u.stands_on(day) and unit.id in [p.id for p in self.parents(u, day)[:1]]
        )
        return tuple(sorted(below, key=lambda u: u.id))

    def standing(self, day: date, level: int) -> tuple[Unit, ...]:
        """Every unit of ours of a level that stood on a day: the map of that day."""
        units = (self.unit(key) for key in self.ids())
        return tuple(u for u in units if u.level == level and u.stands_on(day) and self._ours(u))

    def _ours(self, unit: Unit) -> bool:
        return unit.level > PROVINCE or unit.parent == HOME

    # --- through time ---

    def successors(self, unit: Unit) -> tuple[Change, ...]:
        """What a unit became, oldest change first; of one day the namesake first, or the one that took most of it.

        A district of the map of 63 has none where it had communes: the level ended, and its communes say what became
        of its land.
        """
        if unit.level <= PROVINCE:
            found = [c for c in self._region_changes if c.before.id == unit.id]
            return tuple(sorted(found, key=lambda c: (c.on, c.after.name != unit.name)))
        found = [self._laid_change(r) for r in self._links_from.get(unit.id, ())]
        found.sort(key=lambda c: (c.on, c.after.code != unit.code))
        if not found and unit.valid_to == LAST_OF_63:
            row = self.rows.row(f"{unit.code}@63")
            found = [self._change_of_2025(unit, self.unit(f"{code}@34"), row) for code, _ in row.became]
        return tuple(found)

    def predecessors(self, unit: Unit) -> tuple[Change, ...]:
        """What a unit came from, oldest change first."""
        if unit.level <= PROVINCE:
            return tuple(c for c in self._region_changes if c.after.id == unit.id)
        found = [self._laid_change(r) for r in self._links_to.get(unit.id, ())]
        if unit.id.endswith("@34") and unit.valid_from == FIRST_OF_34:
            for code in self.rows.came_from[unit.code or ""]:
                old = self.form_on(code, LAST_OF_63)
                if old is not None:
                    found.append(self._change_of_2025(old, unit, self.rows.row(f"{code}@63")))
        return tuple(sorted(found, key=lambda c: c.on))

    def _change_of_2025(self, before: Unit, after: Unit, row: Stored) -> Change:
        part = dict(row.became)[after.code or ""]
        act = self._acts[self.rows.row(after.id).parent]
        return Change(before, after, FIRST_OF_34, PART if part else WHOLE, act)

    def _laid_change(self, r: Row) -> Change:
        return Change(
            self.unit(r["from"]), self.unit(r["to"]), date.fromisoformat(r["on"]), r["extent"], r["act"]
        )

    def now(self, unit: Unit) -> tuple[Cover, ...]:
        """The units of today's map that cover a unit; the unit itself where it still stands."""
        return self.at(unit, date.max)

    def at(self, unit: Unit, day: date) -> tuple[Cover, ...]:
        """The units of a day's map that cover a unit of any time; of its own level where that map has it.

        A district is covered by the communes that its communes became. The first took most of it, where that is known.
        """
        if unit.stands_on(day):
            return (Cover(unit, False),)
        found, halved = self._walk((unit,), day)
        several = len(found) > 1 or halved
        return tuple(Cover(u, several) for u in found)

    def _walk(self, units: Iterable[Unit], day: date) -> tuple[list[Unit], bool]:
        """The units of a day reached from some of another, and whether the only way there says "part"."""
        found: dict[str, Unit] = {}
        seen: set[str] = set()
        open_units, halved = list(units), False
        while open_units:
            unit = open_units.pop(0)
            if unit.id in seen:
                continue
            seen.add(unit.id)
            if unit.stands_on(day):
                found[unit.id] = unit
                continue
            later = unit.valid_to is not None and unit.valid_to < day
            changes = self.successors(unit) if later else self.predecessors(unit)
            halved = halved or (later and len(changes) == 1 and changes[0].extent == PART)
            following = [c.after if later else c.before for c in changes]
            if later and not changes and unit.level == DISTRICT:
                following += self.children(unit)
            open_units[:0] = following
        return list(found.values()), halved and len(found) == 1

    def why_none(self, unit: Unit) -> str | None:
        """The reason why a unit that ended has no successor of its own; None where it stands or has one."""
        if unit.valid_to is None or self.successors(unit):
            return None
        return END_OF_DISTRICTS if unit.level == DISTRICT and unit.valid_to == LAST_OF_63 else "unknown"


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _before_2025(unit: Unit) -> bool:
    return unit.valid_to is not None and unit.valid_to <= LAST_OF_63


def atlas(lexicon: Lexicon) -> Atlas:
    """The atlas of a lexicon, made once.

    >>> from hoptac.lexicon.tables import default_lexicon
    >>> places = atlas(default_lexicon())
    >>> [c.unit.full_name for c in places.now(places.unit("094@63"))]
    ['phường Mường Thanh', 'phường Điện Biên Phủ', 'xã Nà Tấu', 'xã Mường Phăng']
    """
    return lexicon.built(Atlas)
