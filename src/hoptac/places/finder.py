"""Find units by a written name (tìm đơn vị theo tên): accented or not, shortened, with a kind word, a day, a context."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from hoptac.lexicon.tables import Lexicon
from hoptac.places.atlas import Atlas, atlas
from hoptac.places.naming import Query, exact_key, has_accents, kinds, name_key
from hoptac.places.units import PROVINCE, Unit, gazetteer


class Finder:
    """The names of every unit of a lexicon. Made once for a lexicon (``finder``)."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.atlas: Atlas = atlas(lexicon)
        self.lexicon = lexicon
        self._ids: dict[str, list[str]] = {}
        for key, unit_id in self.atlas.rows.keyed():
            self._ids.setdefault(key, []).append(unit_id)
        rows = self.atlas.rows
        for unit_id in self.atlas.ids():
            if unit_id not in rows:
                self._add(self.atlas.unit(unit_id).name, unit_id)
        self._alias_of: dict[str, set[str]] = {}
        places = gazetteer(lexicon)
        for alias in places.aliases:
            for unit in places.find_units(alias):
                if unit.level <= PROVINCE:
                    self._add_alias(alias, unit.id)
        for r in lexicon.table("gazetteer_aliases"):
            for unit in self.atlas.of_code(r["code"]):
                self._add_alias(r["alias"], unit.id)

    def _add(self, name: str, unit_id: str) -> None:
        known = self._ids.setdefault(name_key(name), [])
        if unit_id not in known:
            known.append(unit_id)

    def _add_alias(self, alias: str, unit_id: str) -> None:
        self._add(alias, unit_id)
        self._alias_of.setdefault(unit_id, set()).add(exact_key(alias))

    def find(self, name: str, *, on: date | None = None, within: str | None = None) -> tuple[Unit, ...]:
        """Every unit that a name can mean, the largest first, of one level the one of today first.

        name    with or without accents, kind word and short forms: "TP.HCM", "BR-VT", "sin thau", "P.12"; commas part
                a unit from what it lies in: "xã Sín Thầu, huyện Mường Nhé"
        on      the day on which the unit stood; all times where None
        within  a unit that it lies in, or lay in, or that holds it today

        Accents that were written count ("Hòa Bình" is not "Hoa Binh"'s other readings) unless no name has them so.
        Nothing is guessed: several units mean that the name alone does not tell.
        """
        head, *above = [part.strip() for part in name.split(",") if part.strip()] or [""]
        found = [u for u in self._named(head) if on is None or u.stands_on(on)]
        for context in (*above, *filter(None, [within])):
            found = self._inside(found, context, on)
        return tuple(sorted(found, key=_order))

    def _named(self, name: str) -> list[Unit]:
        queries = kinds(self.lexicon).readings(name)
        for exactly in (True, False) if has_accents(name) else (False,):
            for query in queries:
                units = [self.atlas.unit(key) for key in self._ids.get(query.key, ())]
                units = [u for u in units if query.kind is None or u.kind == query.kind]
                found = [u for u in units if not exactly or self._exact(u, query)]
                if found:
                    return found
        return []

    def _exact(self, unit: Unit, query: Query) -> bool:
        return exact_key(unit.name) == query.exact or query.exact in self._alias_of.get(unit.id, ())

    def _inside(self, units: Iterable[Unit], context: str, on: date | None) -> list[Unit]:
        """The units that lie in what the context names; else those that once lay there; else those it holds today."""
        around = self._named(context)
        names, units = {u.id for u in around}, list(units)
        found = [u for u in units if names & {p.id for p in self.atlas.parents(u, on)}]
        if not found and on is None:
            found = [u for u in units if any(self._lay_in(u, other) for other in around)]
        return found or [u for u in units if names & self._above_now(u)]

    def _lay_in(self, unit: Unit, other: Unit) -> bool:
        day = other.valid_to
        return day is not None and unit.stands_on(day) and other in self.atlas.parents(unit, day)

    def _above_now(self, unit: Unit) -> set[str]:
        """Ids of what holds a unit today, and of what held what it was made of."""
        near = [c.unit for c in self.atlas.now(unit)] + [c.before for c in self.atlas.predecessors(unit)]
        return {p.id for other in near for p in self.atlas.parents(other)}


def _order(unit: Unit) -> tuple[int, int, str]:
    return unit.level, -(unit.valid_to or date.max).toordinal(), unit.id


def finder(lexicon: Lexicon) -> Finder:
    """The finder of a lexicon, made once.

    >>> from hoptac.lexicon.tables import default_lexicon
    >>> [u.id for u in finder(default_lexicon()).find("xã Sín Thầu, Mường Nhé")]
    ['03154@63']
    """
    return lexicon.built(Finder)
