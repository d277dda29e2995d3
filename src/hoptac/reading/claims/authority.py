"""How high those stand who ask and are asked (cấp của bên nói và bên nghe)."""

from __future__ import annotations

from hoptac.lexicon import Lexicon
from hoptac.reading.mentions import BodyName, Names, PersonName, PlaceName, Reference
from hoptac.reading.scan import Scanner, literal_form
from hoptac.reading.scene import Scene

PLACES = {0: "abroad", 1: "4", 2: "2", 3: "1", 4: "1"}
"""The rank of a locality by its level; a country is none's superior."""


def _authority_scanner(lexicon: Lexicon) -> Scanner[str]:
    return Scanner({row["literal"]: row["rank"] for row in lexicon.table("authority_words")})


def rank_of_words(words: str, *, lexicon: Lexicon) -> str:
    """The rank of an office, a body's name or a phrase: that of the first word that says one, "none" where none does.

    >>> from hoptac.lexicon import default_lexicon
    >>> [rank_of_words(x, lexicon=default_lexicon()) for x in ("Chủ tịch UBND huyện Mường Nhé", "nhà hảo tâm")]
    ['2', 'none']
    """
    hits = lexicon.built(_authority_scanner).find(literal_form(words))
    return hits[0].value if hits else "none"


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
