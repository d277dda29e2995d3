"""Whom a word stands for on this page (từ thay tên), and to which province a body belongs (thuộc địa phương nào)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import zip_longest

from hoptac.places.units import COUNTRY, DISTRICT, PROVINCE
from hoptac.reading.mentions import BodyName, Names, PlaceName, Reference
from hoptac.reading.names.units import PageUnits
from hoptac.text.fold import match_form

HEADLINE_WEIGHT = 3
FIRST_WORDS = frozenset(("công", "tập", "tổng", "ngân", "bệnh"))
"""First words of references that stand only for a name which begins so ("Tập đoàn", not "Công ty …")."""
BODY_OF_WORD = frozenset(("school", "firm", "bank", "hospital"))


class Context:
    """What the page has named so far, read from top to bottom.

    ``main`` holds the provinces of the page, most named first; a name in the first line counts as three.
    ``capital`` is the name that "Thủ đô" stands for.
    """

    def __init__(
        self,
        names: Sequence[Names],
        inside: dict[int, PlaceName],
        cities: frozenset[str],
        capital: str,
        headline_end: int,
    ) -> None:
        self.cities, self.capital = cities, capital
        counts: Counter[str] = Counter()
        for name in names:
            if isinstance(name, PlaceName) and name.level == PROVINCE:
                counts[name.name] += HEADLINE_WEIGHT if name.start < headline_end else 1
            elif name.start in inside and inside[name.start].level == PROVINCE:
                counts[inside[name.start].name] += 1
        self.counts = counts
        self._names, self._inside = names, inside
        self._abroad: frozenset[str] | None = None
        self.main = [name for name, _ in counts.most_common()]
        first = list(counts)
        self.pair = tuple(sorted(self.main[:2], key=first.index)) if len(self.main) > 1 else ()
        self.parents: dict[str, str] = {}
        one: Names | None = None
        for two in names:
            if isinstance(one, PlaceName) and one.level > PROVINCE:
                if isinstance(two, PlaceName) and _is_above(one, two):
                    self.parents.setdefault(one.name, two.name)
                if one.parent:
                    self.parents.setdefault(one.name, one.parent)
            one = two
        self.last: dict[str, str] = {}
        self.last_body: dict[str, str] = {}

    def see_place(self, name: str, level: int) -> None:
        """Take in the next place of the page."""
        if level == PROVINCE:
            self.last["city" if name in self.cities else "province"] = name
        elif level > PROVINCE:
            self.last[name.split(" ", 1)[0]] = name

    @property
    def abroad(self) -> frozenset[str]:
        """The provinces abroad of the page; no committee of ours is theirs."""
        if self._abroad is None:
            places = [*(name for name in self._names if isinstance(name, PlaceName)), *self._inside.values()]
            self._abroad = frozenset(p.name for p in places if p.unit is not None and p.unit[:1].isalpha())
        return self._abroad

    def resolve(self, refers: str, word: str, *, home: bool = False) -> tuple[str, ...]:
        """The plain names that a word stands for here, none where the page does not settle it.

        ``home``: among our provinces only ("UBND tỉnh" beside "tỉnh Hủa Phăn").
        """
        if refers == "capital":
            return (self.capital,)
        if refers == "pair":
            return self.pair
        if refers in ("city", "province"):
            is_city = refers == "city"
            found = self.last.get(refers)
            if home and found in self.abroad:
                found = None
            found = found or next(
                (m for m in self.main if (m in self.cities) == is_city and not (home and m in self.abroad)),
                None,
            )
            return (found,) if found else ()
        if refers in ("district", "commune"):
            found = self.last.get(word)
            return (found,) if found else ()
        if refers in BODY_OF_WORD:
            named = self.last_body.get(refers)
            own = word.split(" ")[0] in FIRST_WORDS
            fits = named is not None and (not own or match_form(named).startswith(word))
            return (named,) if named is not None and fits else ()
        if refers == "own":
            return (self.main[0],) if len(self.main) == 1 else ()
        return ()

    def province_of(self, name: str) -> str | None:
        """The province above a district or commune, as far as the page says it."""
        for _ in range(3):
            above = self.parents.get(name)
            if above is None:
                return None
            if above[0].isupper():
                return above
            name = above
        return None


def _is_above(one: PlaceName, two: PlaceName) -> bool:
    """Whether ``two`` is the unit above ``one`` in a chain ("xã X, huyện Y")."""
    return one.level > two.level > COUNTRY and two.start - one.end <= 2


def settle(
    names: Sequence[Names],
    context: Context,
    refers: dict[int, tuple[str, str]],
    inside: dict[int, PlaceName],
    units: PageUnits,
) -> tuple[Names, ...]:
    """The names with every place's unit, every reference and every body's locality filled in.

    ``refers`` gives for the start of a reference, or of a body with a bare level word ("UBND tỉnh"), what it refers to
    and the word; ``inside`` gives the place inside a body's name by the body's start.
    """
    out: list[Names] = []
    see_place = context.see_place
    for name, after in zip_longest(names, names[1:]):
        if isinstance(name, PlaceName):
            name = place_in_time(name, context, units, after)
            see_place(name.name, name.level)
        elif isinstance(name, Reference):
            refer, word = refers[name.start]
            found = context.resolve(refer, word)
            if not found and refer in BODY_OF_WORD:
                continue
            name = Reference(name.start, name.end, found)
        elif isinstance(name, BodyName):
            locality = _locality(name, context, refers, inside, units)
            if locality is None and after is not None and not name.speaks_for_locality:
                locality = _chained(name, after, context, units)
            context.last_body[name.kind] = name.name
            if locality is not None:
                name = BodyName(
                    name.start, name.end, name.name, name.kind, locality, name.speaks_for_locality
                )
                see_place(locality, PROVINCE if locality[0].isupper() else DISTRICT)
        out.append(name)
    return tuple(out)


def place_in_time(
    place: PlaceName, context: Context, units: PageUnits, after: Names | None = None
) -> PlaceName:
    """A district or commune with its unit on the page's day; ``after`` is the next name, which may say what it lies in."""
    name, level = place.name, place.level
    if level <= PROVINCE:
        return place
    chained = isinstance(after, PlaceName) and _is_above(place, after)
    parent = after.name if chained and isinstance(after, PlaceName) else place.parent
    meant = units.lower(name, level, parent)
    parent = parent or context.parents.get(name) or meant.parent
    return PlaceName(place.start, place.end, name, level, meant.code, parent, meant.unit, meant.candidates)


def _locality(
    body: BodyName,
    context: Context,
    refers: dict[int, tuple[str, str]],
    inside: dict[int, PlaceName],
    units: PageUnits,
) -> str | None:
    place = inside.get(body.start)
    if place is not None and place.level >= PROVINCE:
        if place.level == PROVINCE or body.speaks_for_locality:
            return place.name
        return _province_of(place, context, units)
    if body.start in refers:
        found = context.resolve(*refers[body.start], home=True)
        return found[0] if found else None
    return None


def _province_of(place: PlaceName, context: Context, units: PageUnits) -> str | None:
    """The province of a lower unit: what the page says, else the gazetteer."""
    return context.province_of(place.name) or units.lower(place.name, place.level, place.parent).province


def _chained(body: BodyName, after: Names, context: Context, units: PageUnits) -> str | None:
    """The province of the place right after a body ("Trường Tiểu học Sín Thầu, huyện Mường Nhé")."""
    if not isinstance(after, PlaceName) or after.start - body.end > 2 or after.level < PROVINCE:
        return None
    return after.name if after.level == PROVINCE else _province_of(after, context, units)
