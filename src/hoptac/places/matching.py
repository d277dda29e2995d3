"""Places in running text (địa danh trong văn bản): which strings name a unit, and which unit.

One pass of an automaton finds the names that may stand alone (provinces, districts, countries, regions abroad) and the kind
words with the first letter of a name after them ("xã T"); everything else is work around those hits. What stands before
and after decides whether a hit is a place or a piece of another name (``marks``). Then each name is resolved: with what
follows it ("xã X, huyện Y, tỉnh Z"), then with what the page speaks of (``resolving``).
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

from hoptac.lexicon.tables import Lexicon
from hoptac.places.atlas import HOME
from hoptac.places.marks import (
    BODY,
    DASHES,
    ENDS,
    FAR,
    FREE,
    LISTED,
    NAME,
    NEAR,
    NEXT_FAR,
    OPEN,
    OPENER,
    PERSON,
    TRAPS,
    Marks,
    marks,
)
from hoptac.places.names import ABROAD, REGION, Entry, Names, key_of, names
from hoptac.places.resolving import (
    ELSEWHERE,
    NOWHERE,
    UNKNOWN,
    PageContext,
    Parent,
    Resolution,
    Resolver,
    resolver,
)
from hoptac.places.spelling import spellings
from hoptac.places.store import LAST_OF_63
from hoptac.places.units import COMMUNE, COUNTRY, DISTRICT, PROVINCE, Unit, gazetteer
from hoptac.text.fold import Folded, fold
from hoptac.text.syllables import is_bare_syllable, is_syllable

CAPITALS = "A-ZÀÁÂÃÈÉÊÌÍÒÓÔÕÙÚÝĂĐĨŨƠƯẠ-ỸÖÜÉ"
WORD = rf"[{CAPITALS}]\w*(?:[’']\w+)*"
SMALL = "(?:de|del|do|da|al|el|ez|la)"
"""Small words inside names abroad: Rio de Janeiro, Deir al-Zour."""
JOIN = "(?: - | – |[ \\-–])"
RUN = re.compile(rf"\d+\b|{WORD}(?:(?:{JOIN}{SMALL})?{JOIN}{WORD}| ?[’'] ?\w+| \d+\b)*")
NUMBERED = re.compile(r" \d(?!\d)(?! [\w%]*(?:\d|ngày|hộ|người|km|m\b))")
"""A number that belongs to a name: "Vĩnh Tân 2", not "Hội An 654mm"."""
MIXED = re.compile(rf"^.* [^\W\d_{CAPITALS}].*$", re.MULTILINE)
"""Names with a small word inside: "Nông trường Việt Trung"."""
YEAR = re.compile(r"20[0-2]\d(?!\d)")
LINKS = frozenset({", ", " (", ",", "(", " - ", " – ", " thuộc ", ", thuộc ", " của ", ", của ", " "})
LONGEST_LINK = max(map(len, LINKS))
PAGES_BEFORE_QUICK = 200
"""Pages after which the quicker automaton is made: it takes a fourteenth of a second and 40 MB, which few pages do not repay."""
KEPT_DAYS = 64
"""Days of which the units of names are remembered."""
KEPT_RUNS = 1 << 16
"""Readings of a kind word and a run of capitals that are remembered over pages; the rest is read anew."""
LOOSE = tuple(map(chr, range(0x300, 0x370)))
UNSEEN = ("\u200b", "\u00a0", "\u00ad")
ODD = "\u0302\u0306\u200b\u200c\u200d\u00a0\u00ad\ufeff"
"""What only ``fold`` makes plain: marks that were typed after the tone, odd spaces, characters without width."""
ABROAD_ID = "abroad/"
"""How the id of a place abroad begins that no table knows: it is made from the page's own words."""
PARENT_LINKS = frozenset({", ", " ("})
LONGEST_BEFORE, MOST_CAPITALS = 42, 4
LONGEST_DASH = len(" - ")
JOINERS = "-–’'"


_Entries = tuple[Entry, ...]


class PlaceMatch(NamedTuple):
    """A place that a text names: ``text[start:end]``, kind word and name.

    ``unit`` is the one unit meant; None where the ``candidates`` are several. ``level`` is the unit's, or the largest of
    the candidates'. ``why`` names what settled it (see ``Resolution``). ``inside`` is "body" where the place stands in
    the name of a body of the unit ("UBND tỉnh Điện Biên"), else None.
    """

    start: int
    end: int
    text: str
    unit: Unit | None
    candidates: tuple[Unit, ...]
    level: int
    why: str
    inside: str | None = None


_new = tuple.__new__  # a third of the time that the constructor of a named tuple takes


class _Found:
    """A string that names a place, while its unit is looked for; ``sure`` False where the page must show that it is one."""

    __slots__ = ("end", "entries", "kind", "mark", "name", "result", "start", "sure")

    def __init__(
        self, start: int, end: int, name: str, kind: str | None, entries: _Entries, mark: int, sure: bool
    ) -> None:
        self.start = start
        self.end = end
        self.name = name
        self.kind = kind
        self.entries = entries
        self.mark = mark
        self.sure = sure
        self.result = UNKNOWN

    @property
    def unit(self) -> Unit | None:
        return self.result.unit

    @property
    def candidates(self) -> tuple[Unit, ...]:
        return self.result.candidates


def _match(f: _Found, text: str) -> PlaceMatch:
    unit, candidates, why = f.result
    level = candidates[0].level if candidates else COUNTRY
    inside = "body" if f.mark == BODY else None
    return _new(PlaceMatch, (f.start, f.end, text[f.start : f.end], unit, candidates, level, why, inside))


_Item = PlaceMatch | _Found
"""A place of a text on the way: settled where it was met, or still looked into."""
_Settled = tuple[Unit, tuple[Unit, ...], int, str]
"""What a name means wherever it stands on a day: the last fields of its matches."""


class _Literal(NamedTuple):
    """What a pattern of the automaton stands for: a name, or a kind word (``kind``); ``short`` a short form, or in capitals."""

    kind: str | None
    levels: tuple[int, ...]
    short: bool
    bare: str


_Hits = list[tuple[int, int, int]]


def _automaton(patterns: Sequence[str], implementation: Implementation) -> AhoCorasick:
    return AhoCorasick(patterns, matchkind=MatchKind.LeftmostLongest, implementation=implementation)


class Matcher:
    """Finds places in texts. Made once for a lexicon (``matcher``)."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon = lexicon
        self.resolver: Resolver = resolver(lexicon)
        self.names: Names = names(lexicon)
        self.marks: Marks = marks(lexicon)
        literals: dict[str, _Literal] = {}
        for name, levels, bare in self._bare_names():
            for form in spellings(name):
                for text in (form, form.upper()):
                    known = literals.get(text)
                    if known is None or known.levels[0] > levels[0]:
                        literals[text] = _Literal(None, levels, text.isupper(), bare)
        self._bare = dict(literals)
        for text, literal in self._kind_words():
            literals.setdefault(text, literal)
        self._kind_firsts = {r["word"] for r in lexicon.table("place_words") if r["word"][0].isupper()} | {
            "Quận",
            "Huyện",
        }
        self._literals = list(literals.values())
        self._odd = len(literals)  # patterns from here on are characters that call for folding
        self._patterns = [*literals, *LOOSE, *UNSEEN]
        self._automaton = _automaton(self._patterns, Implementation.ContiguousNFA)
        self._before_quick = PAGES_BEFORE_QUICK
        self._mixed: dict[str, list[str]] = {}
        for name in MIXED.findall("\n".join(self.names.atlas.rows.names)):
            for form in spellings(name):
                self._mixed.setdefault(name.split(" ")[0], []).append(form)
        self._entries: dict[str, tuple[Entry, ...]] = {}
        self._runs: dict[tuple[str, str], tuple[int, tuple[Entry, ...]]] = {}
        self._chains: dict[str, tuple[Parent, ...]] = {}
        self._fixed: dict[date | None, dict[tuple[object, ...], Resolution]] = {}
        self._settled_names: dict[date | None, dict[int, _Settled | None]] = {}

    # --- what the automaton looks for ---

    def _bare_names(self) -> Iterator[tuple[str, tuple[int, ...], str]]:
        """Names that may stand without a kind word, with their level and where they may stand."""
        places = gazetteer(self.lexicon)
        for unit in places.units:
            if unit.level <= PROVINCE and unit.bare != "no":
                yield unit.name, (unit.level,), unit.bare
        for alias, (_, bare) in places.aliases.items():
            if bare != "no":
                yield alias, (PROVINCE,), bare
        for r in self.lexicon.table("place_spellings"):
            if r["bare"] != "no":
                level = COUNTRY if places.find_units(r["name"])[0].level == COUNTRY else PROVINCE
                yield r["alias"], (level,), r["bare"]
        for r in self.lexicon.table("place_abroad"):
            for name in (r["name"], *filter(None, r["also"].split("|"))):
                yield name, (PROVINCE,), "yes"
        for r in self.lexicon.table("place_regions"):
            for name in (r["name"], *filter(None, r["also"].split("|"))):
                yield name, (COUNTRY,), "yes"
                yield name[0].upper() + name[1:], (COUNTRY,), "yes"
        for r in self.lexicon.table("gazetteer_aliases"):
            yield r["alias"], (DISTRICT,), "town"
        towns = {r["name"] for r in self.lexicon.table("place_districts")}
        atlas = self.names.atlas
        for unit_id in atlas.district_ids():
            name = atlas.unit(unit_id).name
            if not name.isdigit():
                yield name, (DISTRICT,), "town" if name in towns else "district"

    def _kind_words(self) -> Iterator[tuple[str, _Literal]]:
        """Kind words and their short forms, each with the first letter of a name behind it."""
        initials = sorted(
            {name[0] for name in self.names.atlas.rows.names} | set("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
        )
        letters = [c for c in initials if c.isupper()]
        for r in self.lexicon.table("place_words"):
            kind, levels = self.resolver.kind_of(r["kind"])
            word = r["word"]
            forms = (
                {word, word.upper()}
                if word[0].isupper()
                else {word, word[0].upper() + word[1:], word.upper()}
            )
            after = r["after"].split("|")
            for form in forms:
                for gap in after:
                    literal = _Literal(kind, levels, r["short"] == "yes", "yes")
                    for letter in letters if gap else ():
                        yield form + gap.replace("_", " ") + letter, literal
                    if r["number"] == "yes":
                        for digit in "0123456789":
                            yield form + gap.replace("_", " ") + digit, literal

    def bare_names(self) -> Iterable[str]:
        """Every spelling that the matcher takes for a name without a kind word before it."""
        return self._bare

    # --- a text ---

    def find(self, text: str, *, on: date | None = None, home: str | None = None) -> tuple[PlaceMatch, ...]:
        """Every place that a text names, in order, none over another.

        text  as received: NFC or NFD, either place of the tone, headlines in capitals
        on    the day of the page; where None, the year that the text names most, else the map of 63 provinces
        home  the province of the page or its outlet, if it is known
        A place inside the name of a school, street, firm, newspaper, team or person is not given.

        >>> from hoptac.lexicon.tables import default_lexicon
        >>> find = matcher(default_lexicon()).find
        >>> text = "Trường Tiểu học Hà Nội - Điện Biên Phủ ở xã Thanh Nưa (huyện Điện Biên)"
        >>> [(m.text, m.unit.id) for m in find(text)]
        [('xã Thanh Nưa', '03322@63'), ('huyện Điện Biên', '100@63')]
        """
        found, _, folded = self._resolved(text, on, home)
        made = [f if isinstance(f, PlaceMatch) else _match(f, text) for f in found]
        if folded is None:
            return tuple([m for m in made if m[4]])
        out: list[PlaceMatch] = []
        for m in made:
            if m[4]:
                start, end = folded.span(m[0], m[1])
                out.append(_new(PlaceMatch, (start, end, text[start:end], *m[3:])))
        return tuple(out)

    def context(self, text: str, *, on: date | None = None, home: str | None = None) -> PageContext:
        """What a page says of where it speaks, for ``resolve``."""
        return self._resolved(text, on, home, whole=True)[1] or NOWHERE

    def resolve(
        self,
        name: str,
        *,
        kind: str | None = None,
        level: int | None = None,
        parents: Sequence[str | Unit] = (),
        context: PageContext = NOWHERE,
    ) -> Resolution:
        """``Resolver.resolve``: the unit that a name already found means, or the candidates."""
        return self.resolver.resolve(name, kind=kind, level=level, parents=parents, context=context)

    # --- which strings ---

    def _hits(self, text: str) -> _Hits:
        """Pattern, start and end of what the automaton finds."""
        if self._before_quick:
            self._before_quick -= 1
            if not self._before_quick:
                self._automaton = _automaton(self._patterns, Implementation.DFA)
        return self._automaton.find_matches_as_indexes(text)

    def _spotted(self, text: str, hits: _Hits, day: date | None, plain: bool) -> list[_Item] | None:
        """The strings that name places or may do so (``sure`` False), in order.

        None where the text holds characters that matching wants folded first; a ``plain`` one holds none.
        """
        literals, odd, stops = self._literals, self._odd, self.marks.stops
        look, before, known = self.marks.look, self.marks.before, self._entries
        settled = self._settled_on(day)
        rfind = text.rfind
        found: list[_Item] = []
        at = 0
        trapped = -LONGEST_DASH - 1  # where a trap ended: what a dash joins to it is a piece of it too
        for index, start, end in hits:
            if index >= odd:
                if plain:
                    continue
                return None
            if start < at:
                continue
            last = text[start - 1] if start else ""
            if last != " " and last.isalnum():
                continue
            kind, levels, upper, bare = literals[index]
            if kind is not None:
                at, trap = self._spot_kind(text, start, end, literals[index], found)
                if trap:
                    trapped = at
                continue
            first = text[end : end + 1]
            if first != " " and first.isalnum():
                continue
            level = levels[0]
            at = end
            if last == " ":
                word = text[rfind(" ", 0, start - 1) + 1 : start - 1]
                mark = FREE
                if word not in stops:
                    if word and word[-1] not in ENDS:
                        mark, word = look(text, start, word)
                    else:
                        mark, word = (LISTED if word[-1:] == "," else FREE), ""
            else:
                mark, word = before(text, start)
            capitals = upper and end - start > LONGEST_DASH and _in_capitals(text, start)
            if capitals:
                mark = _before_in_capitals(self.marks, text, start)
            if mark in TRAPS and not (mark == NEXT_FAR and level == COUNTRY):
                trapped = end
                continue
            if start - trapped <= LONGEST_DASH and text[trapped:start].strip() in DASHES:
                trapped = end
                continue
            if first == " ":
                if (
                    text[end + 1 : end + 2].isupper()
                    and not capitals
                    and not self._ends_before(text, end + 1, level, mark, word)
                ):
                    continue
                if level == DISTRICT and NUMBERED.match(text, end):
                    trapped = end
                    if found and text[found[-1].end : start].strip() in DASHES:
                        previous = found[-1]
                        if isinstance(previous, PlaceMatch) or previous.kind is None:
                            found.pop()
                    continue
            elif first in JOINERS and text[end + 1 : end + 2].islower():
                continue
            if bare == "mid" and not self._mid(text, start, mark, word):
                name = text[start:end]
                if (word.istitle() and word in self.marks.surnames) or self.marks.says.get(
                    name.lower()
                ) == PERSON:
                    continue
                sure = False
            elif level <= PROVINCE:
                try:
                    ready = settled[index]
                except KeyError:
                    ready = settled[index] = self._ready(text[start:end], day)
                if ready is not None:
                    inside = "body" if mark == BODY else None
                    found.append(_new(PlaceMatch, (start, end, text[start:end], *ready, inside)))
                    continue
                sure = True
            else:
                sure = bare == "town"
            name = text[start:end]
            entries = known.get(name) or self._named(name)
            if entries:
                found.append(_Found(start, end, name, None, entries, mark, sure))
        return found

    def _settled_on(self, day: date | None) -> dict[int, _Settled | None]:
        """What is known of names on a day, by their patterns; some days are remembered."""
        settled = self._settled_names.get(day)
        if settled is None:
            if len(self._settled_names) >= KEPT_DAYS:
                self._settled_names.clear()
                self._fixed.clear()
            settled = self._settled_names[day] = {}
        return settled

    def _ready(self, name: str, day: date | None) -> _Settled | None:
        """What a name of a province or country means on a day; None where the page must be asked."""
        entries = self._named(name)
        if not entries or min(e.level for e in entries) > PROVINCE:
            return None
        unit, candidates, why = self.resolver.pick(entries, None, (), PageContext(day=day))
        return None if unit is None else (unit, candidates, candidates[0].level, why)

    def _spot_kind(
        self, text: str, start: int, end: int, literal: _Literal, found: list[_Item]
    ) -> tuple[int, bool]:
        """Take the place whose kind word is at ``[start, end - 1)``, if it is one; give where to go on, and if a trap ended there."""
        run = RUN.match(text, end - 1)
        if run is None:
            return end - 1, False
        capitals = text[start:end].isupper() and _in_capitals(text, start)
        mark = _before_in_capitals(self.marks, text, start) if capitals else self.marks.before(text, start)[0]
        length, entries = self._read_run(literal, run.group(), capitals)
        for name in self._mixed.get(run.group().split(" ")[0], ()):
            if len(name) > length and text.startswith(name, end - 1):
                length, entries = len(name), self._named(name)
        stop = end - 1 + length
        if length:
            if mark in (NEAR, FAR, NEXT_FAR) or (mark == NAME and (literal.short or text[start].isupper())):
                return stop, True
            name = text[end - 1 : stop]
            found.append(_Found(start, stop, name, literal.kind, entries, mark, not literal.short))
            return stop, False
        known = self._bare_start(run.group())
        if not known:
            if mark not in TRAPS and not literal.short:
                found.append(_Found(start, run.end(), run.group(), literal.kind, (), mark, False))
            return run.end(), False
        stop = end - 1 + known
        if mark not in TRAPS:
            name = text[end - 1 : stop]
            found.append(_Found(end - 1, stop, name, None, self._named(name), mark, True))
        return stop, False

    def _mid(self, text: str, start: int, mark: int, word: str) -> bool:
        """Whether a short name ("Anh", "Nga") stands inside a sentence, where it is a country and no other word."""
        if mark == OPENER:
            return False
        return bool(word) or (start > 0 and (text[start - 1] == "(" or text[start - 2 : start] == ", "))

    def _ends_before(self, text: str, at: int, level: int, mark: int, word: str) -> bool:
        """Whether what begins at ``at``, a capital word, is no part of the name before it."""
        run = RUN.match(text, at)
        if run is None:
            return True
        tokens = run.group().split(" ")
        if tokens[0] in self._kind_firsts or (
            text[run.end() : run.end() + 1] == "." and tokens[-1] in self._kind_firsts
        ):
            return True
        if len(tokens) > 1 and tokens[0] in self.marks.surnames:
            return True
        if mark == BODY or (word in self.marks.office_ends and len(tokens) > 1):
            return True
        if level > PROVINCE:
            return False
        low = tokens[0].lower()
        foreign = not is_bare_syllable(low) and not is_syllable(low)
        return (foreign and (len(tokens) > 1 or mark == OPEN)) or (level == COUNTRY and len(tokens) > 2)

    def _named(self, name: str) -> tuple[Entry, ...]:
        entries = self._entries.get(name)
        if entries is None:
            entries = self._entries[name] = self.names.named(key_of(name))
        return entries

    def _read_run(self, literal: _Literal, run: str, capitals: bool) -> tuple[int, tuple[Entry, ...]]:
        """Length and entries of the longest name of this kind's levels that begins a run of capitals; (0, ()) if none."""
        key = (literal.kind or "", run)
        known = self._runs.get(key)
        if known is None:
            if len(self._runs) >= KEPT_RUNS:
                self._runs.clear()
            known = self._runs[key] = self._longest(literal, run, capitals)
        return known

    def _longest(self, literal: _Literal, run: str, capitals: bool) -> tuple[int, tuple[Entry, ...]]:
        stop = len(run)
        while stop > 0:
            entries = self._named(run[:stop])
            if literal.levels:
                entries = tuple(e for e in entries if e.level in literal.levels or e.kind == ABROAD)
            if entries:
                return (stop, entries) if capitals or self._rest_apart(run[stop:]) else (0, ())
            stop = max(run.rfind(" ", 0, stop), run.rfind("-", 0, stop), run.rfind("–", 0, stop), 0)
        return 0, ()

    def _bare_start(self, run: str) -> int:
        """Length of the name of a province, country or region that begins a run of capitals; 0 if none does."""
        stop = len(run)
        while stop > 0:
            literal = self._bare.get(run[:stop])
            if literal is not None and literal.levels[0] <= PROVINCE:
                return stop if self._rest_apart(run[stop:]) else 0
            stop = max(run.rfind(" ", 0, stop), 0)
        return 0

    def _rest_apart(self, rest: str) -> bool:
        """Whether the capital words after a name begin something else: a person, another place, a number."""
        if not rest or rest[0] in "-–" or rest[:2] in (" -", " –"):
            return True
        tokens = rest.split()
        return (
            (tokens[0] in self.marks.surnames and len(tokens) > 1)
            or tokens[0] in self._kind_firsts
            or tokens[0].islower()
            or any(self._named(" ".join(tokens[:n])) for n in range(len(tokens), 0, -1))
            or tokens[0].isdigit()
        )

    # --- which units ---

    def _resolved(
        self, text: str, on: date | None, home: str | None, whole: bool = False
    ) -> tuple[list[_Item], PageContext | None, Folded | _Composed | None]:
        """The places of a text with their units, what the page speaks of (complete if needed, or ``whole``), and the way back.

        The context is None where every place was settled at once.
        """
        folded: Folded | _Composed | None = None
        day = on or _year_of(text)
        hits = self._hits(text)
        found = self._spotted(text, hits, day, plain=False)
        if found is None:
            marks_at = [start for index, start, _ in hits if self._odd <= index < self._odd + len(LOOSE)]
            folded = _folded(text, marks_at)
            if folded is not None:
                text = folded.text
                day = on or _year_of(text)
                hits = self._hits(text)
            found = self._spotted(text, hits, day, plain=True) or []
        looked = [f for f in found if isinstance(f, _Found)]
        context: PageContext | None = None
        if looked or whole:
            context = PageContext({}, {}, {}, day, key_of(home) if home else "")
            found = self._looked_into(text, found, context, whole)
        more: list[_Found] = []
        before = self._before_parents(text, found)
        if before:
            context = context or PageContext({}, {}, {}, day, key_of(home) if home else "")
            more = self._lying_before(before, context)
        named = {}
        if looked:
            named = {
                f.name: f for f in found if isinstance(f, _Found) and f.kind is not None and self._spreads(f)
            }
        if named:
            more += self._again(text, [*found, *more], named)
        if more:
            found = sorted([*found, *more], key=lambda f: f.start)
        return found, context, folded

    def _looked_into(self, text: str, found: list[_Item], context: PageContext, whole: bool) -> list[_Item]:
        """The places of a text resolved, each with what follows it, then with what the page speaks of."""
        day = context.day
        fixed = self._fixed.get(day)
        if fixed is None:
            fixed = self._fixed[day] = {}
        waiting = unsure = False
        at = len(found)
        last: _Item | None
        while at:
            at -= 1
            item = found[at]
            last = found[at + 1] if at + 1 < len(found) else None
            if isinstance(item, PlaceMatch):
                if not isinstance(last, _Found) or not self._may_lie(item, last):
                    continue
                mark = FREE if item.inside is None else BODY
                f = _Found(item.start, item.end, item.text, None, self._named(item.text), mark, True)
            else:
                f = item
            linked = (
                last is not None and last.start - f.end <= LONGEST_LINK and text[f.end : last.start] in LINKS
            )
            if f is not item:
                if not linked:
                    continue
                found[at] = f
            if not f.entries:
                self._name_abroad(f, last if linked else None)
                unsure = True
                continue
            if linked and last is not None:
                above = self._above(f, last)
                if above:
                    f.result = self._lying(f, above, fixed, context)
                    f.sure = f.sure or bool(f.result.candidates)
                    waiting = waiting or f.result.unit is None
                    continue
            key = (f.name, f.kind)
            result = fixed.get(key)
            if result is None:
                if len(fixed) >= KEPT_RUNS:
                    fixed.clear()
                result = fixed[key] = self.resolver.pick(f.entries, f.kind, (), PageContext(day=day))
            f.result = result
            if result.unit is None or not f.sure:
                unsure = True
                waiting = waiting or result.unit is None or result.unit.level > PROVINCE
        if waiting or whole:
            self._count(found, context)
        return self._settled(found, context) if waiting or unsure else found

    def _may_lie(self, item: PlaceMatch, following: _Found) -> bool:
        """Whether a name that means a province or country alone may be a smaller unit of the district that follows it."""
        above = following.candidates
        return (
            bool(above)
            and above[0].level == DISTRICT
            and any(e.level > DISTRICT for e in self._named(item.text))
        )

    def _name_abroad(self, f: _Found, following: _Item | None) -> None:
        """A place that no table knows, said to lie abroad ("thị trấn Pasir Gudang, bang Johor"): a unit of its own."""
        country = self._country(following)
        if country is None:
            return
        f.result = _abroad(f.name, f.kind or ABROAD, country)
        f.sure = True

    def _country(self, f: _Item | None) -> str | None:
        """The country abroad that a place is or lies in; None at home, or where it has none."""
        unit = f.unit if f is not None else None
        if unit is None or unit.level > PROVINCE:
            return None
        country = unit.name if unit.level == COUNTRY else unit.parent
        return None if country == HOME or unit.kind == REGION else country

    def _before_parents(self, text: str, found: list[_Item]) -> list[tuple[int, str, int, _Item]]:
        """Names without a kind word that only what follows may show to be places: "ở Thanh Nưa (Điện Biên)", "tại Oga, Nhật Bản".

        Where each begins, the name, the mark before it, and the place that follows.
        """
        given: list[tuple[int, str, int, _Item]] = []
        last = 0
        for f in found:
            start, before = f.start, last
            last = f.end
            if text[start - 2 : start] not in PARENT_LINKS or start - before <= 2 or f.unit is None:
                continue
            name = _capitals_at_end(text[max(before, start - LONGEST_BEFORE) : start - 2])
            if not name:
                continue
            start -= 2 + len(name)
            mark, word = self.marks.before(text, start)
            if mark != FREE or not word or name.split(" ")[0] in self.marks.surnames:
                continue
            given.append((start, name, mark, f))
        return given

    def _lying_before(self, given: list[tuple[int, str, int, _Item]], context: PageContext) -> list[_Found]:
        """Of names before what they may lie in (``_before_parents``) those that are places, with their units."""
        more: list[_Found] = []
        for start, name, mark, f in given:
            country = self._country(f)
            if country is not None:
                result = _abroad(name, ABROAD, country)
            elif f.unit is not None:
                chain = self._chain(f.unit)
                entries = [e for e in self._named(name) if _lies(e, *chain[0])]
                result = self.resolver.pick(entries, None, chain, context) if entries else UNKNOWN
            else:
                continue
            if result.unit is not None:
                more.append(_Found(start, start + len(name), name, None, (), mark, True))
                more[-1].result = result
        return more

    def _spreads(self, f: _Found) -> bool:
        """Whether a page that named a place so may name it without its kind word: a commune, or one abroad of no table."""
        unit = f.result.unit
        if unit is None or f.name.isdigit():
            return False
        return unit.id.startswith(ABROAD_ID) or (
            f.kind is not None and unit.level == COMMUNE and " " in f.name
        )

    def _again(self, text: str, found: Sequence[_Item], named: dict[str, _Found]) -> list[_Found]:
        """The further places where a page names what it named with its kind word before."""
        taken = sorted((f.start, f.end) for f in found)
        more: list[_Found] = []
        for name, first in named.items():
            at = text.find(name)
            while at >= 0:
                end = at + len(name)
                index = bisect_right(taken, (at, len(text)))
                free = not index or taken[index - 1][1] <= at
                free = free and (index == len(taken) or end <= taken[index][0])
                after = text[end : end + 2]
                whole = not after[:1].isalnum() and not (after[:1] == " " and after[1:].isupper())
                if free and whole and not text[at - 1 : at].isalnum():
                    mark, word = self.marks.before(text, at)
                    abroad = first.result.unit is not None and first.result.unit.level < COMMUNE
                    if (abroad and mark not in TRAPS and mark != OPENER) or (mark == FREE and word):
                        more.append(_Found(at, end, name, None, (), mark, True))
                        more[-1].result = Resolution(first.result.unit, first.result.candidates, "called")
                at = text.find(name, end)
        return more

    def _lying(
        self,
        f: _Found,
        above: tuple[Parent, ...],
        fixed: dict[tuple[object, ...], Resolution],
        context: PageContext,
    ) -> Resolution:
        """The unit of a name that lies in ``above``; remembered where the page need not be asked."""
        key = (f.name, f.kind, above)
        result = fixed.get(key)
        if result is None:
            result = fixed[key] = self.resolver.pick(f.entries, f.kind, above, PageContext(day=context.day))
        if result.unit is None and result.candidates:
            result = self.resolver.pick(f.entries, f.kind, above, context)
        return result

    def _chain(self, unit: Unit) -> tuple[Parent, ...]:
        """Level and key of a unit and of what it lies in; remembered."""
        chain = self._chains.get(unit.id)
        if unit.id.startswith(ABROAD_ID):
            return ((PROVINCE, key_of(unit.name)), (COUNTRY, key_of(unit.parent or "")))
        if chain is None:
            entry = self.names.entry(unit.id)
            parents: list[Parent] = [(unit.level, entry.key)]
            if unit.level == COMMUNE:
                parents.append((DISTRICT, entry.district))
            if unit.level >= DISTRICT:
                parents.append((PROVINCE, entry.province))
            if entry.country and unit.level > COUNTRY:
                parents.append((COUNTRY, entry.country))
            chain = self._chains[unit.id] = tuple(parents)
        return chain

    def _settled(self, found: list[_Item], context: PageContext) -> list[_Item]:
        """Places that waited for what the page speaks of; those that the page does not show to be places left out."""
        looked = [f for f in found if isinstance(f, _Found)]
        unknown = {(f.name, f.kind) for f in looked if f.result.why == "elsewhere"}
        for f in looked:
            result = f.result
            if result.unit is None and f.entries and result.why != "elsewhere":
                result = f.result = self.resolver.pick(f.entries, f.kind, (), context)
            if unknown and (f.name, f.kind) in unknown and result.why not in ("parent", "called"):
                f.result = ELSEWHERE
        named = {f.name for f in looked if f.sure}
        named.update(f.text for f in found if isinstance(f, PlaceMatch))
        return [
            f
            for f in found
            if isinstance(f, PlaceMatch) or f.sure or f.name in named or self._sure(f, context)
        ]

    def _above(self, f: _Found, following: _Item) -> tuple[Parent, ...]:
        """What follows a name as that in which it lies; empty where it is only the next of a list."""
        candidates, unit = following.candidates, following.unit
        if not candidates:
            return ()
        level = candidates[0].level
        if unit is not None:
            parents = self._chain(unit)
        else:
            parents = (
                (level, key_of(following.text if isinstance(following, PlaceMatch) else following.name)),
            )
        if f.kind is None and level != DISTRICT and min(e.level for e in f.entries) <= PROVINCE:
            return ()
        if any(_lies(e, level, parents[0][1]) for e in f.entries):
            return parents
        if f.kind is None or level >= min(e.level for e in f.entries):
            return ()
        return parents

    def _count(self, found: list[_Item], context: PageContext) -> None:
        """Take the places that are resolved into what the page speaks of."""
        provinces: dict[str, float] = {}
        districts: dict[tuple[str, str], float] = {}
        called: dict[tuple[str, int], str] = {}
        for f in found:
            unit = f.unit
            if unit is None or unit.id.startswith(ABROAD_ID):
                continue
            if isinstance(f, _Found) and not f.sure:
                continue
            entry = self.names.entry(unit.id)
            if entry.province:
                provinces[entry.province] = provinces.get(entry.province, 0.0) + 1
            if entry.district:
                place = (entry.district, entry.province)
                districts[place] = districts.get(place, 0.0) + 1
            if isinstance(f, _Found) and f.kind is not None:
                called[(entry.key, entry.level)] = entry.id
        context.provinces.update(provinces)
        context.districts.update(districts)
        context.called.update(called)

    def _sure(self, f: _Found, context: PageContext) -> bool:
        """Whether a name without a kind word, of a district only, is a place on this page."""
        unit = f.result.unit
        if unit is None:
            return False
        entry = self.names.entry(unit.id)
        if entry.level <= PROVINCE:
            return False
        if (entry.key, entry.level) in context.called or (
            entry.district,
            entry.province,
        ) in context.districts:
            return True
        if f.kind is not None:
            return f.result.why in ("page", "parent", "called") or entry.level < COMMUNE
        return entry.province in context.provinces


def _in_capitals(text: str, at: int) -> bool:
    """Whether the line of ``at`` is written in capitals: a headline, where a capital tells nothing."""
    end = text.find("\n", at)
    return text[text.rfind("\n", 0, at) + 1 : end if end >= 0 else len(text)].isupper()


def _before_in_capitals(look: Marks, text: str, start: int) -> int:
    """``Marks.before`` in a line of capitals, read as small letters."""
    low = text.rfind("\n", 0, start) + 1
    line = text[low:start].lower()
    return look.before(line, len(line))[0] if len(line) == start - low else FREE


def _capitals_at_end(text: str) -> str:
    """The words with capitals that end a text, four at most; none where they may have begun before it."""
    tokens = text.rsplit(None, MOST_CAPITALS)
    count = 0
    for token in reversed(tokens):
        if not token[0].isupper() or not token[-1].isalnum():
            break
        count += 1
    return " ".join(tokens[-count:]) if 0 < count < len(tokens) else ""


def _abroad(name: str, kind: str, country: str) -> Resolution:
    unit = Unit(f"{ABROAD_ID}{country}/{name}", None, name, kind, PROVINCE, parent=country)
    return Resolution(unit, (unit,), "named")


def _year_of(text: str) -> date | None:
    """A day in the year that a text names most; None where it names none of this century."""
    if "20" not in text:
        return None
    years = YEAR.findall(text)
    if not years:
        return None
    year = int(max(set(years), key=lambda y: (years.count(y), y)))
    return LAST_OF_63 if year == LAST_OF_63.year else date(year, 12, 31)


def _lies(e: Entry, level: int | None, key: str) -> bool:
    if level == PROVINCE:
        return e.level > PROVINCE and e.province == key
    if level == DISTRICT:
        return e.level > DISTRICT and e.district == key
    return e.country == key


class _Composed:
    """A text with its loose marks joined to their letters (NFC), and the way back: what ``fold`` does, for the marks alone."""

    def __init__(self, source: str, marks_at: Sequence[int]) -> None:
        pieces: list[str] = []
        self._points: list[int] = []  # where composed letters end in ``text``
        self._shifts: list[int] = []  # by how much the source is longer up to there
        done = shift = at = 0
        while at < len(marks_at):
            first = start = marks_at[at]
            while at < len(marks_at) and marks_at[at] == start:
                start += 1
                at += 1
            letter = max(first - 1, done)
            joined = composed(source[letter:start])
            pieces += (source[done:letter], joined)
            shift += start - letter - len(joined)
            self._points.append(start - shift)
            self._shifts.append(shift)
            done = start
        pieces.append(source[done:])
        self.text = "".join(pieces)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The source span behind a span of ``text``."""
        return self._source_of(start), self._source_of(end)

    def _source_of(self, place: int) -> int:
        index = bisect_right(self._points, place)
        return place + (self._shifts[index - 1] if index else 0)


@lru_cache(maxsize=1 << 12)
def composed(letter: str) -> str:
    return unicodedata.normalize("NFC", letter)


def _folded(text: str, marks_at: Sequence[int]) -> Folded | _Composed | None:
    """The text as matching wants it, with its way back; None where it is so already. ``marks_at``: where its loose marks are."""
    if any(c in text for c in UNSEEN):
        return fold(text)
    way = _Composed(text, marks_at)
    if way.text == text:
        return None
    return fold(text) if any(c in text for c in ODD) else way


def matcher(lexicon: Lexicon) -> Matcher:
    """The matcher of a lexicon, made once."""
    return lexicon.built(Matcher)
