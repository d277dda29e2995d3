"""The map on which a page looks at places (bản đồ 63 hay 34), and addresses of places.

The map and the level live in the address alone (``?map=63&level=district``); without them a page shows the provinces of today.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from django.http import QueryDict
from django.utils.text import slugify

from hoptac.ledger.located import LEVELS, LEVELS_OF, MAPS, NOWHERE, Ground, placer
from hoptac.lexicon.tables import default_lexicon
from hoptac.places.naming import say, say_whole
from hoptac.places.units import COUNTRY, Unit
from hoptac.screens.labels import label, language_code
from hoptac.text.fold import search_key

USUAL = next(iter(MAPS))


def ground_of(query: QueryDict, level: str | None = "province") -> Ground:
    """The map and level that an address asks for; anything else is as if it were not there."""
    units = query.get("map", "")
    units = units if units in MAPS else USUAL
    asked = query.get("level", "")
    return Ground(units, asked if asked in LEVELS_OF[units] else level)


def ground_query(ground: Ground, usual_level: str | None = "province") -> str:
    """The ground as part of an address, "" for the usual one: "map=63&level=district"."""
    parts = [f"map={ground.units}"] if ground.units != USUAL else []
    if ground.level != usual_level and ground.level is not None:
        parts.append(f"level={ground.level}")
    return "&".join(parts)


@dataclass(frozen=True)
class Choice:
    """One position of a switch; ``value`` None takes the parameter out of the address."""

    value: str | None
    name: str
    chosen: bool


def map_choices(ground: Ground) -> list[Choice]:
    return [Choice(None if u == USUAL else u, label("map_of", u), u == ground.units) for u in MAPS]


def level_choices(ground: Ground, usual: str | None = "province") -> list[Choice]:
    return [
        Choice(None if level == usual else level, label("level", level), level == ground.level)
        for level in LEVELS_OF[ground.units]
    ]


def level_name(unit: Unit) -> str:
    return next((name for name, level in LEVELS.items() if level == unit.level), "country")


def place_slug(unit: Unit) -> str:
    """A unit's part of an address: its id, then its name for people ("03154-63-sin-thau")."""
    head = unit.code or "" if unit.level == COUNTRY else unit.id.replace("@", "-")
    return f"{head}-{slugify(search_key(unit.name))}".strip("-")


def unit_of_slug(slug: str) -> Unit | None:
    """The unit that an address names by its id; whatever follows the id does not matter."""
    first, _, rest = slug.partition("-")
    second = re.match(r"\w*", rest)
    at = placer()
    for key in (f"{first}@{second.group() if second else ''}", f"{first}-{second.group() if second else ''}"):
        unit = at.unit(key)
        if unit is not None:
            return unit
    return next((u for u in at.places.of_code(first) if u.level == COUNTRY), None)


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def unit_name(unit: Unit) -> str:
    """A unit's name with its kind, as a heading."""
    return capital(say(unit, default_lexicon(), language_code()))


def whole_name(unit: Unit) -> str:
    """A unit and what it lay in: "Xã Sín Thầu, huyện Mường Nhé, tỉnh Điện Biên"."""
    return _whole_name(unit.id, language_code())


@cache  # neither units nor their names change while the program runs
def _whole_name(unit_id: str, language: str) -> str:
    places = placer().places
    unit = places.unit(unit_id)
    chain: Sequence[Unit] = (unit, *places.parents(unit))
    return capital(say_whole(chain, default_lexicon(), language))


def name_of_key(key: str) -> str:
    """What a group of places is called: a unit, or the reason why no unit holds its records."""
    if key.startswith(NOWHERE):
        return label("placement", key[len(NOWHERE) :])
    unit = placer().unit(key)
    return whole_name(unit) if unit is not None else key


def unit_of_key(key: str) -> Unit | None:
    return None if key.startswith(NOWHERE) else placer().unit(key)
