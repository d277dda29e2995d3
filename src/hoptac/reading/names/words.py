"""The lexicon's words of names, each with all that the tables say of it (từ khóa của tên)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from hoptac.lexicon.tables import Lexicon
from hoptac.places.units import Unit, gazetteer
from hoptac.reading.names.scan import NameScanner, break_form
from hoptac.reading.scan import literal_form


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
    trap: str | None = None
    refers: str | None = None
    subject: bool = False
    inner: bool = False

    @property
    def acts(self) -> bool:
        """Whether a name or an office may begin with it; the other words only help to read one."""
        begins = (
            self.unit
            or self.kind
            or self.body
            or self.title
            or self.trap
            or self.refers not in (None, "none")
        )
        return bool(begins) or self.office not in (None, "modifier")

    @property
    def conditional(self) -> bool:
        """Whether its letters' case decides if it counts."""
        return self.upper or self.unit is not None or self.body is not None


@dataclass(frozen=True)
class NameWords:
    """All words of names of one lexicon, with the scanner that finds them."""

    words: dict[str, Word]
    scanner: NameScanner[Word]
    acting: frozenset[str]
    """Literals of the words that a name or an office may begin with."""
    conditional: frozenset[str]
    """Literals of the words whose letters' case decides if they count."""
    strong: frozenset[str]
    surnames: frozenset[str]
    lower: dict[str, Word]
    """Words that name a unit where they have capitals, as what they are without."""
    stops: frozenset[str]
    """Literals at which the words of an office end; looked for only there."""
    districts: dict[tuple[str, str], str]
    """Kind and name of a known district to its province."""
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
        add(row["word"], office=row["kind"])
    for row in lexicon.table("ranks"):
        add(row["word"], office="rank")
    for row in lexicon.table("titles"):
        add(row["word"], title=row["kind"])
    for row in lexicon.table("name_traps"):
        add(row["word"], trap=row["kind"])
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
    return NameWords(
        words,
        NameScanner(words),
        frozenset(literal for literal, word in words.items() if word.acts),
        frozenset(literal for literal, word in words.items() if word.conditional),
        frozenset(r["word"] for r in surnames if r["strength"] == "strong"),
        frozenset(r["word"] for r in surnames),
        {literal: replace(word, unit=None) for literal, word in words.items() if word.unit is not None},
        frozenset(literal_form(r["word"]) for r in lexicon.table("office_stops")),
        {(r["kind"], r["name"]): r["province"] for r in lexicon.table("place_districts")},
        frozenset(r["word"] for r in lexicon.table("place_kinds") if r["level"] == "4"),
        {
            kind: tuple(
                sorted((literal_form(r["word"]) for r in links if r["kind"] == kind), key=len, reverse=True)
            )
            for kind in {r["kind"] for r in links}
        },
        capital,
    )


def _add_places(lexicon: Lexicon, add: Callable[..., None]) -> None:
    known = gazetteer(lexicon)
    for unit in known.units:
        best = known.find_unit(unit.name) or unit
        add(unit.name, unit=best, bare=best.bare)
    for alias, (name, bare) in known.aliases.items():
        add(alias, unit=known.find_unit(name), bare=bare)
