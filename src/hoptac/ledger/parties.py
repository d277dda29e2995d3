"""Who is who (nhận ra các bên): from a name in a statement to a Party, and to the locality that it stands for.

Deterministic and by rule only: a name that two localities could bear stands for neither.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.text import slugify

from hoptac.ledger.identity import Identity, identify, province_of
from hoptac.ledger.models import Cooperation, Party, PartyDecision, Person
from hoptac.places.units import PROVINCE
from hoptac.text.fold import fold, match_form, search_key

PARTY_LISTS: Mapping[str, tuple[str, ...]] = {
    "contribution": ("funder", "recipient"),
    "meeting": ("parties",),
    "agreement": ("parties",),
    "activity": ("recipient",),
}


class KnownParties:
    """The parties met in one transaction, so that each is looked up once. Not to be kept longer."""

    def __init__(self) -> None:
        self._by_name: dict[tuple[str, str | None], Party] = {}
        self._localities: dict[tuple[str, str | None], Party | None] = {}

    def ensure(self, name: str, code: str | None = None) -> Party:
        key = (name, code)
        if key not in self._by_name:
            known = named_by_decision(name, code) or ensure_party(name, code)
            self._by_name[key] = known.merged_into or known
        return self._by_name[key]

    def told_as_one(self, kind: str, values: Mapping[str, Any]) -> Mapping[str, Any]:
        """Values in which each party that a decision put together with another, or named anew, bears that one's name."""
        out: dict[str, Any] = {}
        for key in PARTY_LISTS.get(kind, ()):
            told = values.get(key) or ()
            one = [self._told(p) for p in told]
            if any(new is not old for new, old in zip(one, told, strict=True)):
                out[key] = one
        return {**values, **out} if out else values

    def _told(self, party: Mapping[str, Any]) -> Mapping[str, Any]:
        known = self.ensure(party["name"], party.get("code"))
        if known.identity == identify(party["name"], party.get("code")).identity:
            return party
        return {"name": known.name} | ({"code": known.code} if known.code else {})

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


def named_by_decision(name: str, code: str | None = None) -> Party | None:
    """The one party that a decision in force gives this name, which no party bears by itself."""
    identity = identify(name, code).identity
    if identity.startswith("place:"):
        return None
    rows = PartyDecision.objects.filter(action="name", identity=identity, undone_by=None)
    found = {
        d.party_id: d.party
        for d in rows.select_related("party__locality", "party__merged_into__locality")[:2]
    }
    return next(iter(found.values())) if len(found) == 1 else None


def find_party(name: str, code: str | None = None) -> Party | None:
    return Party.objects.filter(identity=identify(name, code).identity).first()


def ensure_party(name: str, code: str | None = None, *, kind: str | None = None) -> Party:
    """The party of this name, made if it is new."""
    return _ensure(identify(name, code), kind)


def _ensure(who: Identity, kind: str | None = None) -> Party:
    known = (
        Party.objects.filter(identity=who.identity)
        .select_related("locality", "merged_into__locality")
        .first()
    )
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
