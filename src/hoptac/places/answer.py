"""What is known of a place name (tra cứu địa danh), as plain values for a command, a page or the API."""

from __future__ import annotations

from datetime import date
from typing import Any

from hoptac.lexicon.tables import Lexicon, default_lexicon
from hoptac.places.atlas import PART, Atlas
from hoptac.places.finder import finder
from hoptac.places.naming import say_whole
from hoptac.places.units import Change, Unit


def answer(
    name: str, *, on: date | None = None, within: str | None = None, lexicon: Lexicon | None = None
) -> list[dict[str, Any]]:
    """The units that a name means, each with its time, its parents, what covers it now and what it came from.

    Each has ``id, code, name, kind, level`` (0 country, 1 province, 2 district, 3 commune)``, full_name, full_name_en,
    valid_from, valid_to`` (ISO days or None)``, parents`` (nearest first)``, lat, lon, now`` (units of today's map that
    cover it, each with ``part``) and ``was`` (its predecessors, each with the day and the act of the change).

    >>> [(u["id"], u["full_name"]) for u in answer("Sin Thau", on=date(2020, 1, 1))]
    [('03154@63', 'xã Sín Thầu, huyện Mường Nhé, tỉnh Điện Biên')]
    """
    lexicon = lexicon or default_lexicon()
    found = finder(lexicon).find(name, on=on, within=within)
    return [describe(unit, finder(lexicon).atlas, on=on) for unit in found]


def describe(unit: Unit, places: Atlas, *, on: date | None = None) -> dict[str, Any]:
    """One unit as ``answer`` gives it; its parents are those of the day, or of its last day."""
    parents = places.parents(unit, on)
    point = places.point(unit)
    return {
        "id": unit.id,
        **_brief(unit),
        "level": unit.level,
        "full_name": say_whole((unit, *parents), places.lexicon),
        "full_name_en": say_whole((unit, *parents), places.lexicon, "en"),
        "valid_from": _iso(unit.valid_from),
        "valid_to": _iso(unit.valid_to),
        "parents": [{"id": p.id, **_brief(p)} for p in parents],
        "lat": point[0] if point else None,
        "lon": point[1] if point else None,
        "now": [{"id": c.unit.id, **_brief(c.unit), "part": c.part} for c in places.now(unit)],
        "was": [_was(change) for change in places.predecessors(unit)],
    }


def _brief(unit: Unit) -> dict[str, Any]:
    return {"code": unit.code, "name": unit.name, "kind": unit.kind}


def _was(change: Change) -> dict[str, Any]:
    before = change.before
    return {
        "id": before.id,
        **_brief(before),
        "part": change.extent == PART,
        "valid_from": _iso(before.valid_from),
        "valid_to": _iso(before.valid_to),
        "on": change.on.isoformat(),
        "act": change.act,
    }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
