"""What a name says of its party (tên nói gì về một bên): before any table of the ledger is asked. Pure: knows no Django.

Deterministic and by rule only: a name that two localities could bear stands for neither.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from hoptac.lexicon.tables import Lexicon, default_lexicon
from hoptac.places.atlas import atlas
from hoptac.places.units import PROVINCE, Unit, gazetteer
from hoptac.text.fold import fold, match_form

NAME_MOST = 380  # characters of a name that tell parties apart


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


def province_of(unit_id: str, *, lexicon: Lexicon | None = None) -> Unit | None:
    """The province that a unit lay in, or is; None for a unit that the gazetteer has not."""
    places = atlas(lexicon or default_lexicon())
    try:
        unit = places.unit(unit_id)
    except KeyError:
        return None
    return next((u for u in (unit, *places.parents(unit)) if u.level == PROVINCE), None)
