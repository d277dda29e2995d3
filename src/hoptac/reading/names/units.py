"""Which unit of the gazetteer each place name of a page means (địa danh và đơn vị hành chính), decided once for each name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from hoptac.lexicon.tables import Lexicon
from hoptac.places.atlas import HOME
from hoptac.places.names import key_of
from hoptac.places.resolving import PageContext, Resolver, resolver
from hoptac.places.units import COMMUNE, DISTRICT, PROVINCE, Unit, gazetteer
from hoptac.reading.mentions import PlaceName
from hoptac.text.fold import search_key

CITY = "thành phố"
LONGEST_CHAIN = 3
SHORTEST_HOME = 5
"""Shorter names of provinces, without spaces and accents, stand in other words too ("hue" in "thue")."""
KEPT_NAMES = 1 << 14
"""Names that are remembered over pages."""


@dataclass(frozen=True, slots=True)
class Meant:
    """What a place name means: the id of its unit and GSO's code, else the ids that are left.

    ``parent`` is what the unit lies in, with its kind word below the province; ``province`` the province's plain name.
    """

    unit: str | None = None
    code: str | None = None
    candidates: tuple[str, ...] = ()
    parent: str | None = None
    province: str | None = None


NOTHING = Meant()


def home_of(outlet: str | None, *, lexicon: Lexicon) -> str | None:
    """The province whose name an outlet bears, None where it bears none or several.

    >>> from hoptac.lexicon.tables import default_lexicon
    >>> home_of("Báo Điện Biên Phủ", lexicon=default_lexicon()), home_of("hanoimoi.vn", lexicon=default_lexicon())
    ('Điện Biên', 'Hà Nội')
    """
    if not outlet:
        return None
    squeezed = search_key(outlet).replace(" ", "")
    names = [name for key, name in lexicon.built(_homes).items() if key in squeezed]
    return names[0] if len(names) == 1 else None


def _homes(lexicon: Lexicon) -> dict[str, str]:
    provinces = [u for u in gazetteer(lexicon).units if u.level == PROVINCE and u.parent == HOME]
    keys = {search_key(unit.name).replace(" ", "").replace("-", ""): unit.name for unit in provinces}
    return {key: name for key, name in keys.items() if len(key) >= SHORTEST_HOME}


class Tops:
    """Provinces and countries by plain name and day; of a name that no unit bore on the day, the last that did."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._gazetteer = gazetteer(lexicon)
        self._found: dict[tuple[str, date | None], Unit | None] = {}

    def find(self, name: str, on: date | None) -> Unit | None:
        key = name, on
        if key not in self._found:
            if len(self._found) >= KEPT_NAMES:
                self._found.clear()
            found = self._gazetteer.find_unit(name, on=on) if on else None
            self._found[key] = found or self._gazetteer.find_unit(name)
        return self._found[key]


def tops(lexicon: Lexicon) -> Tops:
    """The provinces and countries of a lexicon, made once."""
    return lexicon.built(Tops)


class PageUnits:
    """The units of one page. Nothing of districts and communes is loaded before the first of their names is asked for.

    on       the page's day; None: the map of 63 provinces
    home     the province of the page or its outlet, None if unknown
    counts   how often the page names each province, by plain name
    parents  what the page says that a lower unit lies in, by names with kind word
    """

    def __init__(
        self,
        lexicon: Lexicon,
        places: Iterable[PlaceName],
        counts: Mapping[str, int],
        parents: Mapping[str, str],
        on: date | None,
        home: str | None,
    ) -> None:
        self.lexicon, self.places, self.counts, self.parents = lexicon, places, counts, parents
        self.on, self.home = on, home
        self._lower: dict[tuple[str, str | None], Meant] = {}
        self._context: PageContext | None = None
        self._of_lexicon: _Known | None = None

    def lower(self, name: str, level: int, parent: str | None = None) -> Meant:
        """The district or commune of a name with its kind word ("huyện Mường Nhé"), which lies in ``parent``."""
        if level not in (DISTRICT, COMMUNE):
            return NOTHING
        key = name, parent
        meant = self._lower.get(key)
        if meant is None:
            meant = self._lower[key] = self._resolve(name, level, parent)
        return meant

    def plain(self, name: str) -> str:
        """The name without its kind word."""
        return self._known().parts(name)[1]

    def inside(self, written: str, place: PlaceName, *, communes: bool) -> Unit | None:
        """The unit of a bare name that lies in a place: a province's district (``communes``: or commune), a district's commune."""
        known = self._known()
        if not known.bears(written, DISTRICT, COMMUNE):
            return None
        within = [place.name, *self._chain(place.name, place.parent)]
        levels = (COMMUNE,) if place.level == DISTRICT else (DISTRICT, COMMUNE) if communes else (DISTRICT,)
        for level in levels:
            found = known.rules.resolve(
                written, level=level, parents=within, context=PageContext(day=self.on)
            )
            if found.unit is not None:
                return found.unit
        return None

    def beside(self, written: str, place: PlaceName) -> Unit | None:
        """The district of a bare name that a commune lies in, or that lies in one province with another district."""
        known = self._known()
        if not known.bears(written, DISTRICT):
            return None
        meant = self.lower(place.name, place.level, place.parent)
        if place.level == COMMUNE:
            with_district = self.lower(place.name, COMMUNE, written)
            if with_district.unit is None:
                return None
            found = known.rules.resolve(written, level=DISTRICT, parents=[with_district.province or ""])
            return found.unit
        if meant.province is None:
            return None
        found = known.rules.resolve(
            written, level=DISTRICT, parents=[meant.province], context=PageContext(day=self.on)
        )
        return found.unit

    def of_page(self, written: str) -> Unit | None:
        """The district of a bare name that lies in a province which the page names."""
        known = self._known()
        if not self.counts or not known.bears(written, DISTRICT):
            return None
        found = known.rules.resolve(written, level=DISTRICT, context=self._page())
        if (
            found.unit is None
            or known.rules.names.entry(found.unit.id).province not in self._page().provinces
        ):
            return None
        return found.unit

    def _known(self) -> _Known:
        if self._of_lexicon is None:
            self._of_lexicon = self.lexicon.built(_Known)
        return self._of_lexicon

    def _page(self) -> PageContext:
        """What the page speaks of, districts first: they tell where its communes lie."""
        if self._context is None:
            provinces = {key_of(name): float(count) for name, count in self.counts.items()}
            districts: dict[tuple[str, str], float] = {}
            home = key_of(self.home) if self.home else ""
            self._context = PageContext(provinces, districts, {}, self.on, home)
            names = resolver(self.lexicon).names
            for place in self.places:
                if place.level == DISTRICT:
                    meant = self.lower(place.name, DISTRICT, place.parent)
                    if meant.unit is not None:
                        entry = names.entry(meant.unit)
                        where = entry.district, entry.province
                        districts[where] = districts.get(where, 0.0) + 1
        return self._context

    def _resolve(self, name: str, level: int, parent: str | None) -> Meant:
        """What the name, its parents and the day settle; where namesakes are left, what the page speaks of."""
        known = self._known()
        chain = self._chain(name, parent)
        key = name, level, chain, self.on
        meant = known.alone.get(key)
        if meant is None:
            if len(known.alone) >= KEPT_NAMES:
                known.alone.clear()
            meant = known.alone[key] = known.meant(name, level, chain, PageContext(day=self.on))
        if meant.province in self.counts or not (meant.candidates or (meant.unit and self.counts)):
            return meant
        return known.meant(name, level, chain, self._page())

    def _chain(self, name: str, parent: str | None) -> tuple[str, ...]:
        chain: list[str] = []
        above = parent or self.parents.get(name)
        while above is not None and above not in chain and len(chain) < LONGEST_CHAIN:
            chain.append(above)
            above = self.parents.get(above)
        return tuple(chain)


def bears_lower(lexicon: Lexicon, written: str, levels: tuple[int, ...]) -> bool:
    """Whether some district or commune of these levels, of any day, bears a name."""
    return lexicon.built(_Known).bears(written, *levels)


class _Known:
    """Resolving for one lexicon, with what names mean on any page (``alone``): most have no namesakes."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.rules: Resolver = resolver(lexicon)
        self.alone: dict[tuple[str, int, tuple[str, ...], date | None], Meant] = {}
        self._parts: dict[str, tuple[str | None, str]] = {}
        self._kinds = frozenset(row["kind"] for row in lexicon.table("place_kinds"))

    def meant(self, name: str, level: int, chain: tuple[str, ...], context: PageContext) -> Meant:
        kind, plain = self.parts(name)
        if kind is None:
            return NOTHING
        rules = self.rules
        found = rules.resolve(plain, kind=kind, level=level, parents=chain, context=context)
        if level == DISTRICT and not found.candidates and kind == CITY:
            found = rules.resolve(plain, level=PROVINCE, parents=chain, context=context)
            if found.unit is not None and found.unit.parent == HOME:
                return NOTHING
        if found.unit is None:
            return Meant(candidates=tuple(unit.id for unit in found.candidates))
        above = rules.names.atlas.parents(found.unit)
        return Meant(
            found.unit.id,
            found.unit.code,
            (),
            next((u.name if u.level == PROVINCE else u.full_name for u in above), None),
            next((u.name for u in above if u.level == PROVINCE), None),
        )

    def bears(self, written: str, *levels: int) -> bool:
        """Whether some unit of these levels bears a name."""
        return any(entry.level in levels for entry in self.rules.names.named(key_of(written)))

    def parts(self, name: str) -> tuple[str | None, str]:
        """Kind word and plain name: "thị xã", "Mường Lay"."""
        known = self._parts.get(name)
        if known is None:
            if len(self._parts) >= KEPT_NAMES:
                self._parts.clear()
            known = self._parts[name] = self._split(name)
        return known

    def _split(self, name: str) -> tuple[str | None, str]:
        words = name.split(" ")
        for count in (2, 1):
            kind = " ".join(words[:count])
            if kind in self._kinds and len(words) > count:
                return kind, " ".join(words[count:])
        return None, name
