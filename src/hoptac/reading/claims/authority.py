"""How high those stand who ask and are asked (cấp của bên nói và bên nghe)."""

from __future__ import annotations

import re

from hoptac.lexicon import Lexicon
from hoptac.reading.mentions import BodyName, Names, PersonName, PlaceName, Reference
from hoptac.reading.scan import literal_form
from hoptac.reading.scene import Scene
from hoptac.text.fold import match_form

_WORD = re.compile(r"[\w-]+")

PLACES = {0: "abroad", 1: "4", 2: "2", 3: "1", 4: "1"}
"""The rank of a locality by its level; a country is none's superior."""


def _ranks(lexicon: Lexicon) -> dict[str, list[tuple[list[str], str]]]:
    """The table's literals by their first word, the longest first: the words after the first, and the rank."""
    found: dict[str, list[tuple[list[str], str]]] = {}
    for row in lexicon.table("authority_words"):
        first, *rest = literal_form(row["literal"]).split(" ")
        found.setdefault(first, []).append((rest, row["rank"]))
    return {first: sorted(ends, key=lambda end: -len(end[0])) for first, ends in found.items()}


def rank_of_words(words: str, *, lexicon: Lexicon) -> str:
    """The rank of an office, a body's name or a phrase: that of the first word that says one, the longest literal that begins
    there; "none" where none does.

    >>> from hoptac.lexicon import default_lexicon
    >>> [rank_of_words(x, lexicon=default_lexicon()) for x in ("Chủ tịch UBND huyện Mường Nhé", "nhà hảo tâm")]
    ['2', 'none']
    """
    ranks = lexicon.built(_ranks)
    parts = _WORD.findall(match_form(words))
    for n, word in enumerate(parts):
        for rest, rank in ranks.get(word, ()):
            if parts[n + 1 : n + 1 + len(rest)] == rest:
                return rank
    return "none"


def rank_of_name(scene: Scene, name: Names | None) -> str:
    """The rank of a party that the page names: a person's by the office."""
    if isinstance(name, PersonName):
        full = scene.full_names.get(name.name, name.name)
        office = next((o.office for o in scene.officers if o.name == full), None)
        return rank_of_words(office, lexicon=scene.lexicon) if office else "none"
    if isinstance(name, PlaceName):
        return PLACES.get(name.level, "none") if name.code != "VN" else "6"
    if isinstance(name, BodyName | Reference):
        return rank_of_words(scene.doc.text[name.start : name.end], lexicon=scene.lexicon)
    return "none"
