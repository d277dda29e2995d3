"""Who is who (nhận ra các bên): from a name in a statement to a Party, and to the locality that it stands for.

Deterministic and by rule only: a name that two localities could bear stands for neither.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.text import slugify

from hoptac.ledger.models import Cooperation, Party, Person
from hoptac.lexicon.tables import Lexicon, default_lexicon
from hoptac.places.atlas import atlas
from hoptac.places.units import PROVINCE, Unit, gazetteer
from hoptac.text.fold import fold, match_form, search_key

NAME_MOST = 380  # characters of a name that tell parties apart
PARTY_LISTS: Mapping[str, tuple[str, ...]] = {
    "contribution": ("funder", "recipient"),
    "meeting": ("parties",),
    "agreement": ("parties",),
    "activity": ("recipient",),
}


@dataclass(frozen=True, slots=True)
class Identity:
    """What a name says of its party, before any table is asked."""

    identity: str
    name: str
    kind: str
    code: str | None = None
    level: int | None = None
    locality: Identity | None = None


class _Names:
    """Compiled once for a lexicon: province names in running text, kind words of places, words that begin a body's name."""

    def __init__(self, lexicon: Lexicon) -> None:
        places = gazetteer(lexicon)
        names = {fold(u.name).text for u in places.units if u.level > 0} | {
            fold(a).text for a in places.aliases
        }
        ordered = sorted(names, key=lambda n: (-len(n), n))
        self.place = re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, ordered)) + r")(?!\w)")
        kinds = sorted(lexicon.table("place_kinds"), key=lambda r: -len(r["word"]))
        self.levels = {r["word"]: int(r["level"]) for r in kinds}
        words = "|".join(re.escape(r["word"]) for r in kinds)
        self.kind_word = re.compile(rf"(?<!\w)({words})\s+$")
        self.inner_kind_word = re.compile(rf"(?<!\w)({words})\s+")
        self.first_kind_word = re.compile(rf"({words})\s+(?=[^\W\d_]|\d)")
        party = {r["body"]: (r["party"], r["belongs"] == "yes") for r in lexicon.table("ledger_party_kinds")}
        heads = [
            (match_form(r["word"]), party[r["kind"]])
            for r in lexicon.table("body_kinds")
            if r["kind"] in party
        ]
        self.heads = sorted(heads, key=lambda h: -len(h[0]))


def identify(name: str, code: str | None = None, *, lexicon: Lexicon | None = None) -> Identity:
    """The identity that a name and code give.

    >>> identify("tỉnh Điện Biên").identity, identify("đồng bào các dân tộc tỉnh Điện Biên").locality.name
    ('place:điện biên', 'Điện Biên')
    """
    lexicon = lexicon or default_lexicon()
    names = lexicon.built(_Names)
    plain = " ".join(fold(name).text.split())
    low = match_form(plain)
    unit = gazetteer(lexicon).find_unit(plain)
    if unit is not None and unit.level <= PROVINCE:
        return _of_unit(unit, code)
    if code is not None and level_of(code) is not None and (level_of(code) or 0) <= PROVINCE:
        return Identity(f"place:{low}"[:NAME_MOST], plain, "locality", code, level_of(code))
    word = names.first_kind_word.match(low)
    level: int | None
    if unit is not None:
        kind, level, belongs = "locality", unit.level, True
    elif word is not None and (names.levels[word.group(1)] > PROVINCE or code is not None):
        kind, level, belongs = "locality", names.levels[word.group(1)], True
    else:
        level = level_of(code) if code else None
        kind, belongs = ("locality", True) if level is not None else _kind_of(plain, low, names)
    locality = _locality_in(plain, lexicon) if belongs else None
    return Identity(f"name:{low}"[:NAME_MOST], plain, kind, code, level, locality)


def level_of(code: str) -> int | None:
    """The level that a code's own form tells: GSO's 2, 3 and 5 digits; ISO 3166-1 and -2; None for any other."""
    for pattern, level in ((r"[A-Z]{2}", 0), (r"\d{2}|[A-Z]{2}-\w{1,3}", 1), (r"\d{3}", 2), (r"\d{5}", 3)):
        if re.fullmatch(pattern, code):
            return level
    return None


def _of_unit(unit: Unit, code: str | None) -> Identity:
    name = unit.name if unit.bare == "yes" else unit.full_name[:1].upper() + unit.full_name[1:]
    return Identity(
        f"place:{match_form(fold(unit.name).text)}", name, "locality", code or unit.code, unit.level
    )


def _kind_of(plain: str, low: str, names: _Names) -> tuple[str, bool]:
    for head, (kind, belongs) in names.heads:
        if low.startswith(head) and (len(low) == len(head) or not low[len(head)].isalnum()):
            return kind, belongs
    return ("group", True) if plain[:1].islower() or plain[:1].isdigit() else ("organisation", False)


def place_words(name: str, *, lexicon: Lexicon | None = None) -> str | None:
    """The words of a body's or group's name that name a unit, from its kind word on; None where there are none.

    >>> place_words("UBND xã Mường Phăng"), place_words("học sinh nghèo")
    ('xã Mường Phăng', None)
    """
    plain = " ".join(fold(name).text.split())
    names = (lexicon or default_lexicon()).built(_Names)
    for m in names.inner_kind_word.finditer(plain):
        if plain[m.end() : m.end() + 1].isupper() or plain[m.end() : m.end() + 1].isdigit():
            return plain[m.start() :]
    return None


def _locality_in(plain: str, lexicon: Lexicon) -> Identity | None:
    """The one province that the words hold; None where they hold none or two, or only as another unit's own name."""
    names, places = lexicon.built(_Names), gazetteer(lexicon)
    found: dict[str, Identity] = {}
    for m in names.place.finditer(plain):
        word = names.kind_word.search(match_form(plain[: m.start()]))
        if word is not None and names.levels[word.group(1)] > PROVINCE:
            continue
        unit = places.find_unit(m.group())
        if unit is not None and unit.level > PROVINCE and unit.parent:
            unit = places.find_unit(unit.parent)
        if unit is not None and unit.level == PROVINCE:
            found[unit.name] = _of_unit(unit, unit.code)
    return next(iter(found.values())) if len(found) == 1 else None


class KnownParties:
    """The parties met in one transaction, so that each is looked up once. Not to be kept longer."""

    def __init__(self) -> None:
        self._by_name: dict[tuple[str, str | None], Party] = {}
        self._localities: dict[tuple[str, str | None], Party | None] = {}

    def ensure(self, name: str, code: str | None = None) -> Party:
        key = (name, code)
        if key not in self._by_name:
            self._by_name[key] = ensure_party(name, code)
        return self._by_name[key]

    def sides_of_units(self, told: Iterable[Mapping[str, Any]] | None) -> list[Party]:
        """The provinces that hold the units told of some parties, each once, in order of identity."""
        found: dict[str, Party] = {}
        for one in told or ():
            if one.get("unit"):
                province = province_of(one["unit"])
                if province is not None:
                    party = self.ensure(province.name, province.code)
                    found[party.identity] = party
        return [found[key] for key in sorted(found)]

    def locality_of(self, name: str, code: str | None = None) -> Party | None:
        key = (name, code)
        if key not in self._localities:
            self._localities[key] = ensure_locality_of(name, code)
        return self._localities[key]


def province_of(unit_id: str, *, lexicon: Lexicon | None = None) -> Unit | None:
    """The province that a unit lay in, or is; None for a unit that the gazetteer has not."""
    places = atlas(lexicon or default_lexicon())
    try:
        unit = places.unit(unit_id)
    except KeyError:
        return None
    return next((u for u in (unit, *places.parents(unit)) if u.level == PROVINCE), None)


def find_party(name: str, code: str | None = None) -> Party | None:
    return Party.objects.filter(identity=identify(name, code).identity).first()


def ensure_party(name: str, code: str | None = None, *, kind: str | None = None) -> Party:
    """The party of this name, made if it is new."""
    return _ensure(identify(name, code), kind)


def _ensure(who: Identity, kind: str | None = None) -> Party:
    known = Party.objects.filter(identity=who.identity).select_related("locality").first()
    if known is not None:
        return known
    locality = _ensure(who.locality) if who.locality is not None else None
    return Party.objects.create(
        identity=who.identity,
        kind=kind or who.kind,
        name=who.name[:400],
        name_key=search_key(who.name)[:400],
        slug=free_slug(Party, search_key(who.name), 120),
        code=who.code,
        level=who.level,
        locality=locality,
    )


def free_slug(model: type[Party] | type[Cooperation], text: str, most: int) -> str:
    """A slug that no row of the model has yet: the text's own, else with the first free number."""
    base = slugify(text)[: most - 8].strip("-") or "x"
    taken = set(model._default_manager.filter(slug__startswith=base).values_list("slug", flat=True))
    slug, n = base, 2
    while slug in taken:
        slug, n = f"{base}-{n}", n + 1
    return slug


def ensure_locality_of(name: str, code: str | None = None) -> Party | None:
    """The province-level locality that a place's name tells, made if it is new; the place itself becomes no party."""
    who = identify(name, code)
    if who.level == PROVINCE:
        return _ensure(who)
    return _ensure(who.locality) if who.locality is not None else None


def side_of(party: Party) -> Party | None:
    """The province-level locality that a party is or belongs to."""
    return party if party.kind == "locality" and party.level == PROVINCE else party.locality


def sides_of(parties: Iterable[Party]) -> list[Party]:
    """The localities of province level behind some parties, each once, in order of identity."""
    found = {side.identity: side for side in map(side_of, parties) if side is not None}
    return [found[key] for key in sorted(found)]


def named_parties(values: Mapping[str, Any], kind: str) -> dict[str, list[tuple[str, str | None]]]:
    """The names that a statement's values hold, by the role that they play."""
    if kind == "ask":
        told = {"by": values.get("by_side") or values.get("by"), "to": values.get("to")}
        return {role: [(name, None)] for role, name in told.items() if name}
    lists = PARTY_LISTS.get(kind, ())
    return {
        ("party" if key == "parties" else key): [(p["name"], p.get("code")) for p in values.get(key, ())]
        for key in lists
    }


def named_units(values: Mapping[str, Any], kind: str) -> list[tuple[str, str | None, str]]:
    """Names, codes and unit ids of those parties of a statement's values whose unit in time it tells."""
    told = [p for key in PARTY_LISTS.get(kind, ()) for p in values.get(key, ())]
    return [(p["name"], p.get("code"), p["unit"]) for p in told if p.get("unit")]


def ensure_person(name: str, side: str | None) -> Person:
    """The person of this name on this side. A side that is not told is taken from the one person who bears the name."""
    plain = " ".join(fold(name).text.split())
    low = match_form(plain)
    party = ensure_party(side) if side else None
    if party is None:
        namesakes = list(Person.objects.filter(identity__startswith=f"{low}|")[:2])
        if len(namesakes) == 1:
            return namesakes[0]
    where = (side_of(party) or party) if party else None
    identity = f"{low[:200]}|{where.identity if where else ''}"
    person, _ = Person.objects.get_or_create(
        identity=identity, defaults={"name": plain[:200], "name_key": search_key(plain)[:200], "side": where}
    )
    return person


def ensure_cooperation(localities: Iterable[Party]) -> Cooperation:
    """The cooperation of exactly these localities (two or more), made if it is new."""
    ordered = sorted(localities, key=lambda p: (p.code or "~", p.identity))
    key = " ".join(sorted(p.identity for p in ordered))
    known = Cooperation.objects.filter(key=key).first()
    if known is None:
        name = " – ".join(p.name for p in ordered)
        known = Cooperation.objects.create(
            key=key, name=name, slug=free_slug(Cooperation, search_key(name), 160)
        )
        known.localities.set(ordered)
    return known
