"""Names of units as people write them (tên gọi đơn vị): kind words and their short forms, both ways and both languages."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hoptac.lexicon.tables import Lexicon
from hoptac.places.units import COUNTRY, Unit
from hoptac.text.fold import fold, match_form, search_key

LANGUAGES = ("vi", "en")
_ZEROS = re.compile(r"\b0+(?=\d)")


@dataclass(frozen=True, slots=True)
class Query:
    """What was asked: ``key`` the name without accents, ``exact`` with them, ``kind`` None where none was written."""

    key: str
    exact: str
    kind: str | None = None


class Kinds:
    """The kinds of units of a lexicon."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.english: Mapping[str, str] = {r["kind"]: r["english"] for r in lexicon.table("gazetteer_kinds")}
        self.names: Mapping[str, str] = {r["code"]: r["english"] for r in lexicon.table("gazetteer_english")}
        words: dict[str, str] = {}
        for r in lexicon.table("gazetteer_kinds"):
            for word in (r["kind"], *filter(None, r["short"].split("|"))):
                words[search_key(word)] = r["kind"]
        self._words = sorted(words.items(), key=lambda item: -len(item[0]))

    def readings(self, name: str) -> tuple[Query, ...]:
        """The ways to read a written name: as it stands, then without a kind word or its short form at the front.

        >>> from hoptac.lexicon.tables import default_lexicon
        >>> kinds(default_lexicon()).readings("P.12")
        (Query(key='p 12', exact='p.12', kind=None), Query(key='12', exact='12', kind='phường'))
        """
        key, exact = name_key(name), exact_key(name)
        found = [Query(key, exact)]
        for word, kind in self._words:
            rest = key[len(word) + 1 :] if key.startswith(word + " ") else _joined_number(key, word)
            if rest:
                found.append(Query(rest, _last_words(exact, len(rest.split())), kind))
        return tuple(found)


def _joined_number(key: str, word: str) -> str:
    """ "q1", "p12": a short form and a number without a space."""
    rest = key[len(word) :] if key.startswith(word) else ""
    return rest if rest.isdigit() and len(word) <= 2 else ""


_WORD = re.compile(r"[^\W_]+")


def _last_words(text: str, count: int) -> str:
    words = list(_WORD.finditer(text))
    return text[words[-count].start() :] if count <= len(words) else text.lstrip("pqPQ")


def name_key(name: str) -> str:
    """The search key of a name; numbers without leading zeros ("Phường 04" is "phường 4")."""
    return _ZEROS.sub("", search_key(name))


def exact_key(name: str) -> str:
    """The form in which two names with accents are the same: case, tone place, i/y and spaces apart."""
    text = match_form(fold(name).text).replace("–", "-").replace("’", "'")
    return _ZEROS.sub("", " ".join(text.replace("-", " - ").split()))


def has_accents(name: str) -> bool:
    """Whether someone wrote a name with accents, so that its accents count."""
    return not fold(name).text.isascii()


def kinds(lexicon: Lexicon) -> Kinds:
    """The kinds of a lexicon, made once."""
    return lexicon.built(Kinds)


def say(unit: Unit, lexicon: Lexicon, lang: str = "vi") -> str:
    """A unit's name with its kind: "xã Sín Thầu", "Sín Thầu Commune"; a numbered one in English "Ward 12"."""
    if lang == "vi":
        return unit.full_name
    name = kinds(lexicon).names.get(unit.code or "", unit.name)
    if unit.level == COUNTRY:
        return name
    word = kinds(lexicon).english[unit.kind]
    return f"{word} {name}" if name.isdigit() else f"{name} {word}"


def say_whole(units: Sequence[Unit], lexicon: Lexicon, lang: str = "vi") -> str:
    """A unit and what it lies in, nearest first: "xã Sín Thầu, huyện Mường Nhé, tỉnh Điện Biên"."""
    return ", ".join(say(u, lexicon, lang) for u in units)
