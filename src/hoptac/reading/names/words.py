"""The lexicon's words of names, each with all that the tables say of it (từ khóa của tên)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from hoptac.lexicon.tables import Lexicon
from hoptac.places.units import Unit, gazetteer
from hoptac.reading.names.scan import NameScanner
from hoptac.reading.scan import break_form, literal_form

NEVER, LEADS, TAKES, BEGINS = range(4)


@dataclass(frozen=True, slots=True)
class Body:
    """A row of ``body_kinds``: ``tail`` says what may follow (place, subject, name, none).

    ``level`` is what the word itself says of its locality: "province" (tỉnh ủy), "city", "district", or "own" for a
    body of the page's province where the page has only one (sở).
    """

    kind: str
    tail: str
    speaks: bool
    level: str = ""


@dataclass(frozen=True, slots=True)
class Word:
    """One literal with every part that it can play. ``upper`` words count only where written in capitals."""

    literal: str
    upper: bool = False
    unit: Unit | None = None
    bare: str = "yes"
    kind: str | None = None
    level: int = 0
    body: Body | None = None
    office: str | None = None
    title: str | None = None
    state: bool = False
    """Whether it is an office of state abroad too, whose holder one foreign word may name ("Tổng thống | Assad")."""
    given: bool = False
    """Whether a given name alone may follow it, as after a word of address ("NSƯT | Công Lý")."""
    trap: str | None = None
    staffed: bool = False
    """Whether a trap is a place of work, whose head's name may follow ("Trưởng ban quản lý chợ | Lê Hữu Trung")."""
    refers: str | None = None
    subject: bool = False
    inner: bool = False

    acts: int = 0
    """How a name or an office may begin with it: ``NEVER`` (it only helps to read one), only before a capital word
    (``LEADS``), by taking its own capitals (``TAKES``), or in any other way (``BEGINS``)."""
    conditional: bool = False
    """Whether its letters' case decides if it counts."""
    breaks: bool = False
    """Whether it begins something else where it stands inside a run of capitals: an office, a body, another unit."""
    family: bool = False
    """Whether it is the word of a body and a family name too ("đoàn")."""
    village: bool = False
    """Whether it ends in the kind word of a village ("trưởng thôn")."""


def _settled(word: Word, villages: frozenset[str], families: frozenset[str]) -> Word:
    """A word with what its parts say together."""
    office = word.office not in (None, "modifier")
    begins = bool(word.kind or word.body or word.title or office)
    acts = NEVER
    if word.kind or word.body or office or word.unit is not None or word.refers not in (None, "none"):
        acts = BEGINS
    elif word.trap == "word":
        acts = BEGINS if word.title else TAKES
    elif word.trap or word.title:
        acts = LEADS
    return replace(
        word,
        acts=acts,
        conditional=word.upper or word.unit is not None or word.body is not None,
        breaks=begins and (" " in word.literal or (len(word.literal) > 1 and word.upper)),
        family=word.body is not None and word.literal in families,
        village=word.literal.split(" ")[-1] in villages,
    )


@dataclass(frozen=True)
class NameWords:
    """All words of names of one lexicon, with the scanner that finds them."""

    words: dict[str, Word]
    scanner: NameScanner[Word]
    strong: frozenset[str]
    surnames: frozenset[str]
    lower: dict[str, Word]
    """Words that name a unit where they have capitals, as what they are without."""
    stops: dict[str, tuple[str, ...]]
    """Literals at which the words of an office end, by their first word; looked for only there."""
    abroad: frozenset[str]
    """Names of towns, houses and unions abroad that stand between an office and its holder (tables ``place_abroad``, ``office_houses``)."""
    counted: frozenset[str]
    """First words of scales and counted things, before which a number is no part of a name ("20 | tỷ đồng")."""
    particles: re.Pattern[str]
    """What joins a foreign name to its next part (table ``name_particles``): "Maarten | de | Vries", "Moon Jae | - in"."""
    villages: frozenset[str]
    """Kind words of villages ("thôn", "bản")."""
    links: dict[str, tuple[str, ...]]
    """Words between people and offices by kind (table ``office_links``), in match form, longest first."""
    capital: str
    """The name of the capital ("thủ đô")."""


def name_words(lexicon: Lexicon) -> NameWords:
    """The words of names of a lexicon, made once."""
    return lexicon.built(_build)


def _build(lexicon: Lexicon) -> NameWords:
    words: dict[str, Word] = {}

    def add(literal: str, **parts: object) -> None:
        form = break_form(literal_form(literal)).strip()
        known = words.get(form)
        upper = literal.isupper()
        if known is None:
            words[form] = replace(Word(form, upper), **parts)  # type: ignore[arg-type]
        else:
            words[form] = replace(known, upper=known.upper and upper, **parts)  # type: ignore[arg-type]

    _add_places(lexicon, add)
    kinds: dict[str, tuple[str | None, int]] = {}
    for row in lexicon.table("place_kinds"):
        kinds[literal_form(row["word"])] = (row["kind"], int(row["level"]))
        add(row["word"], kind=row["kind"], level=int(row["level"]))
    for row in lexicon.table("body_kinds"):
        add(row["word"], body=Body(row["kind"], row["tail"], row["speaks"] == "yes", row["level"]))
    for row in lexicon.table("office_words"):
        add(row["word"], office=row["kind"], state=row["holder"] == "abroad", given=row["holder"] == "given")
    for row in lexicon.table("ranks"):
        add(row["word"], office="rank", given=True)
    for row in lexicon.table("titles"):
        add(row["word"], title=row["kind"])
    for row in lexicon.table("name_traps"):
        add(row["word"], trap=row["kind"], staffed=row["staffed"] == "yes")
    for row in lexicon.table("references"):
        kind, level = kinds.get(literal_form(row["word"]).split(" ")[-1], (None, 0))
        if row["refers"] == "none" and kind is not None:
            add(row["word"], refers="none", kind=kind, level=level)
        else:
            add(row["word"], refers=row["refers"])
    for row in lexicon.table("body_subjects"):
        add(row["word"], subject=True)
    for row in lexicon.table("name_inner"):
        add(row["word"], inner=True)
    surnames = lexicon.table("surnames")
    links = lexicon.table("office_links")
    capital = next(r["name"] for r in lexicon.table("place_aliases") if r["alias"].startswith("Thủ đô"))
    villages = frozenset(r["word"] for r in lexicon.table("place_kinds") if r["level"] == "4")
    families = frozenset(literal_form(r["word"]) for r in surnames if r["strength"] == "strong")
    settled = {literal: _settled(word, villages, families) for literal, word in words.items()}
    return NameWords(
        settled,
        NameScanner(settled),
        frozenset(r["word"] for r in surnames if r["strength"] == "strong"),
        frozenset(r["word"] for r in surnames),
        {
            literal: _settled(replace(word, unit=None), villages, families)
            for literal, word in words.items()
            if word.unit is not None
        },
        _by_first_word(literal_form(r["word"]) for r in lexicon.table("office_stops")),
        frozenset(
            name
            for table in ("place_abroad", "office_houses")
            for row in lexicon.table(table)
            for name in (row["name"], *filter(None, row["also"].split("|")))
        ),
        frozenset(
            literal_form(row[column]).split(" ")[0]
            for table, column in (("scale_words", "word"), ("count_units", "phrase"))
            for row in lexicon.table(table)
        ),
        _particles(lexicon),
        villages,
        {
            kind: tuple(
                sorted((literal_form(r["word"]) for r in links if r["kind"] == kind), key=len, reverse=True)
            )
            for kind in {r["kind"] for r in links}
        },
        capital,
    )


def _particles(lexicon: Lexicon) -> re.Pattern[str]:
    kinds: dict[str, list[str]] = {}
    for row in lexicon.table("name_particles"):
        kinds.setdefault(row["kind"], []).append(re.escape(row["word"]))
    link, last = "|".join(kinds["link"]), "|".join(kinds["last"])
    return re.compile(rf"(?: (?:{link})){{1,2}} (?=[^\W\d_a-z])| ?[-–] ?(?:{last})(?!\w)")


def _by_first_word(literals: Iterable[str]) -> dict[str, tuple[str, ...]]:
    by_first: dict[str, tuple[str, ...]] = {}
    for literal in literals:
        first = literal.split(" ", 1)[0]
        by_first[first] = (*by_first.get(first, ()), literal)
    return by_first


def _add_places(lexicon: Lexicon, add: Callable[..., None]) -> None:
    known = gazetteer(lexicon)
    for unit in known.units:
        best = known.find_unit(unit.name) or unit
        add(unit.name, unit=best, bare=best.bare)
    for alias, (name, bare) in known.aliases.items():
        add(alias, unit=known.find_unit(name), bare=bare)
