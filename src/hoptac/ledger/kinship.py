"""How two names of places or parties stand to one another (quan hệ giữa hai tên gọi). Pure: knows no Django.

Places live in time: "Hòa Bình" of 2019 has been part of Phú Thọ since 2025-07-01, so a page of 2026 may say "Phú Thọ" of a
deed done there; a page of 2019 may not.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import product

from rapidfuzz import fuzz

from hoptac.ledger.identity import identify
from hoptac.ledger.whereabouts import Named, Span, settle
from hoptac.lexicon.tables import Lexicon, default_lexicon
from hoptac.places.atlas import atlas
from hoptac.places.units import PROVINCE, Unit
from hoptac.text.fold import fold, match_form, search_key

SPELLED_LIKE = 80  # of 100: "Luông Pha Bang" and "Luang Prabang", without spaces and marks
WORDED_LIKE = 90  # of 100: names of bodies, companies, unions
PLAIN_MOST = 3  # syllables of a foreign place's name
KEPT = 20_000  # names met in one run that are not worked out again
KIN = ("same", "line", "held", "body", "like", "apart")
"""From near to far: one; one that became the other; one that holds the other; a body and its locality; spelled alike."""


@dataclass(frozen=True, slots=True)
class Who:
    """A name with what it can mean: its key, the units that it may be, the locality that it speaks for. ``is_plain``: it
    may be a place that the gazetteer has not ("Luông Pha Bang"): it begins like no body and is short."""

    key: str
    units: tuple[Unit, ...]
    locality: str | None
    is_place: bool
    is_plain: bool


def words_of(text: str, *, lexicon: Lexicon | None = None) -> list[str]:
    """The words of a text, lower case with their accents, short forms written out ("THCS" -> "trung học cơ sở")."""
    shorts = (lexicon or default_lexicon()).built(_Words).shorts
    out: list[str] = []
    for word in match_form(fold(text).text).replace("–", " ").split():
        plain = word.strip(".,;:()\"'“”-")
        if plain:
            out += shorts.get(plain, plain).split()
    return out


def written_out(text: str, *, lexicon: Lexicon | None = None) -> str:
    """A text with its short forms written out, all else as it is.

    >>> written_out("Trường THCS Xuân Lãnh")
    'Trường trung học cơ sở Xuân Lãnh'
    """
    shorts = (lexicon or default_lexicon()).built(_Words).shorts
    return " ".join(shorts.get(match_form(word), word) for word in fold(text).text.split())


class _Words:
    """Short forms, and phrases that say nothing of which deed is told, longest first."""

    def __init__(self, lexicon: Lexicon) -> None:
        rows = [(match_form(fold(r["word"]).text), r["means"]) for r in lexicon.table("match_words")]
        self.shorts = {
            word: match_form(fold(means).text) for word, means in rows if means and " " not in word
        }
        self.idle = {
            tuple(word.split()): tuple(match_form(fold(means).text).split())
            for word, means in rows
            if not means or " " in word
        }
        self.longest = max(map(len, self.idle))


def telling_words(text: str, *, lexicon: Lexicon | None = None) -> list[str]:
    """The words that tell a deed from others: without verbs of giving and building, and what else says nothing.

    >>> telling_words("hỗ trợ kinh phí xây dựng Trường THCS Xuân Lãnh")
    ['trường', 'trung', 'học', 'cơ', 'sở', 'xuân', 'lãnh']
    """
    lexicon = lexicon or default_lexicon()
    table, words = lexicon.built(_Words), words_of(text, lexicon=lexicon)
    out: list[str] = []
    at = 0
    while at < len(words):
        for size in range(min(table.longest, len(words) - at), 0, -1):
            means = table.idle.get(tuple(words[at : at + size]))
            if means is not None:
                out += means
                at += size
                break
        else:
            out.append(words[at])
            at += 1
    return out


@lru_cache(maxsize=KEPT)
def spots(
    name: str, code: str | None, unit: str | None, deed: Span | None, page: date | None
) -> tuple[Unit, ...]:
    """The units that a page may mean by a name: those of the days of the deed, and those of its own day."""
    found = settle(Named(name, code, unit), deed=deed, pages=(page,) if page else ())
    if unit is None and page is not None and deed is not None:
        found += settle(Named(name, code), pages=(page,))
    return tuple({u.id: u for u in found}.values())


@lru_cache(maxsize=KEPT)
def who(name: str, code: str | None, unit: str | None, deed: Span | None, page: date | None) -> Who:
    """A party's name with what it can mean in the days of a deed and on the day of the page."""
    told = identify(name, code)
    is_place = told.kind == "locality"
    local = told if is_place and (told.level or 0) <= PROVINCE else told.locality
    units = spots(name, code, unit, deed, page) if is_place or unit else ()
    key = " ".join(w for w in words_of(name) if w not in ("tỉnh", "thành", "phố") or not is_place)
    is_plain = is_place or (told.kind == "organisation" and len(key.split()) <= PLAIN_MOST)
    return Who(search_key(key), units, local.identity if local is not None else None, is_place, is_plain)


def kin_of_units(ours: Sequence[Unit], theirs: Sequence[Unit]) -> str | None:
    """The nearest way in which one of some units stands to one of others; None where either has none."""
    if not ours or not theirs:
        return None
    found = {_kin(a, b) for a, b in product(ours, theirs)}
    return next(kin for kin in KIN if kin in found)


@lru_cache(maxsize=KEPT)
def _kin(a: Unit, b: Unit) -> str:
    if _one(a, b):
        return "same"
    if _became(a, b) or _became(b, a):
        return "line"
    if a.level != b.level:
        inner, outer = (a, b) if a.level > b.level else (b, a)
        above = atlas(default_lexicon()).parents(inner)
        if any(_one(outer, p) or _became(p, outer) or _became(outer, p) for p in above):
            return "held"
    return "apart"


def _one(a: Unit, b: Unit) -> bool:
    return a.id == b.id or (a.code is not None and (a.code, a.name) == (b.code, b.name))


def _became(a: Unit, b: Unit) -> bool:
    """Whether ``b`` stood only after ``a`` ended, and covers it or a part of it."""
    if a.valid_to is None or b.valid_from is None or a.valid_to >= b.valid_from:
        return False
    return any(c.unit.id == b.id for c in atlas(default_lexicon()).at(a, b.valid_from))


def kin_of_parties(ours: Iterable[Who], theirs: Iterable[Who]) -> str | None:
    """The nearest way in which one of some parties stands to one of others; None where either side names none."""
    found = {_kin_of_two(a, b) for a, b in product(tuple(ours), tuple(theirs))}
    return next((kin for kin in KIN if kin in found), None)


@lru_cache(maxsize=KEPT)
def _kin_of_two(a: Who, b: Who) -> str:
    by_units = kin_of_units(a.units, b.units) if a.is_place and b.is_place else None
    if by_units is not None:
        return by_units
    if a.key == b.key:
        return "same"
    if f" {a.key} " in f" {b.key} " or f" {b.key} " in f" {a.key} ":
        return "body" if a.is_place != b.is_place else "held"
    if a.is_place != b.is_place and a.locality is not None and a.locality == b.locality:
        return "body"
    if a.is_plain and b.is_plain:
        alike = fuzz.ratio(a.key.replace(" ", ""), b.key.replace(" ", "")) >= SPELLED_LIKE
    else:
        alike = fuzz.token_set_ratio(a.key, b.key) >= WORDED_LIKE and _numbers(a.key) == _numbers(b.key)
    return "like" if alike else "apart"


def _numbers(key: str) -> list[str]:
    return [word for word in key.split() if word.isdigit()]
