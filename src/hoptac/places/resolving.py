"""Which unit a name means on its page (một tên, một đơn vị): by kind, by what it is said to lie in, by day, by what the page speaks of.

``Resolver.resolve`` takes a name that a reader has already found and gives the one unit, or the candidates that are left.
Nothing is guessed: two candidates left mean that the page does not tell.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from hoptac.lexicon.tables import Lexicon
from hoptac.places.names import Entry, Names, key_of, names
from hoptac.places.units import COMMUNE, COUNTRY, DISTRICT, MAP_OF_63, PROVINCE, Unit
from hoptac.text.fold import search_key

DISTRICT_COUNTS = 3.0
"""How much more it says that a page names a candidate's district than that it names its province."""
HOME_COUNTS = 0.5
"""What the page's home is worth beside provinces that the page names, each worth 1 a time."""


@dataclass(frozen=True, slots=True)
class PageContext:
    """What is known of a page before a name on it is resolved; ``Matcher.context`` makes one from the page's text.

    provinces  how often the page names each province, by key (``names.key_of``)
    districts  the same of districts, by (key of the district, key of its province)
    called     units that the page has named with a kind word or parents, by (key, level): later it may name them without
    day        the day on which the page stands; None where unknown
    home       key of the province of the page or its outlet; empty where unknown
    """

    provinces: dict[str, float] = field(default_factory=dict)
    districts: dict[tuple[str, str], float] = field(default_factory=dict)
    called: dict[tuple[str, int], str] = field(default_factory=dict)
    day: date | None = None
    home: str = ""


NOWHERE = PageContext()


class Resolution(NamedTuple):
    """The one unit (``unit``), or None and the ``candidates`` that are left; ``why`` names what settled it or did not.

    ``why``: "only" one unit of this name and kind, "parent" what follows it says so, "page" what the page speaks of,
    "called" the page named it in full before, "level" the larger of namesakes, "several" candidates are left,
    "elsewhere" units of this name lie in other parents, "unknown" no unit of this name and kind.
    """

    unit: Unit | None
    candidates: tuple[Unit, ...]
    why: str


UNKNOWN = Resolution(None, (), "unknown")
ELSEWHERE = Resolution(None, (), "elsewhere")
Parent = tuple[int | None, str]


class Resolver:
    """Chooses among namesakes. Made once for a lexicon (``resolver``)."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.names: Names = names(lexicon)
        self._kinds: dict[str, tuple[str, tuple[int, ...]]] = {}
        levels = {r["kind"]: int(r["level"]) for r in lexicon.table("place_kinds")}
        for r in lexicon.table("gazetteer_kinds"):
            for word in (r["kind"], *filter(None, r["short"].split("|"))):
                self._add_kind(word, r["kind"], levels.get(r["kind"]))
        for r in lexicon.table("place_kinds"):
            self._add_kind(r["word"], r["kind"], int(r["level"]))
        self._longest_kind = max(word.count(" ") + 1 for word in self._kinds)

    def _add_kind(self, word: str, kind: str, level: int | None) -> None:
        of_kind = {"thành phố": (PROVINCE, DISTRICT), "tỉnh": (PROVINCE,)}.get(kind)
        self._kinds.setdefault(search_key(word), (kind, of_kind or (() if level is None else (level,))))

    def resolve(
        self,
        name: str,
        *,
        kind: str | None = None,
        level: int | None = None,
        parents: Sequence[str | Unit] = (),
        context: PageContext = NOWHERE,
    ) -> Resolution:
        """The one unit that a name means, or the candidates.

        name     without its kind word, as the page writes it: "Mường Nhé", "HOÀ BÌNH", "12"; an alias counts: "HCM"
        kind     the kind word or its short form, if one stood before: "huyện", "TP.", "P."; None for a bare name
        level    1 province, 2 district, 3 commune, where it is known without a kind word
        parents  what it is said to lie in, nearest first: names with or without kind words, or units
        context  what else the page says; see ``PageContext``

        A bare name that a province and a smaller unit bear is the province, unless the page named the smaller one before.
        Fails never: an unknown name gives no candidates.

        >>> from datetime import date
        >>> from hoptac.lexicon.tables import default_lexicon
        >>> find = resolver(default_lexicon())
        >>> find.resolve("Tân Thành", kind="xã", parents=["H. Phú Bình", "Thái Nguyên"]).unit.full_name
        'xã Tân Thành'
        >>> left = find.resolve("Tân Thành", kind="xã")
        >>> left.unit, len(left.candidates) > 20, left.why
        (None, True, 'several')
        >>> page = PageContext(provinces={key_of("Điện Biên"): 3}, day=date(2020, 5, 7))
        >>> find.resolve("Thanh Minh", kind="xã", context=page).unit.id
        '03145@63'
        """
        word, levels = self.kind_of(kind) if kind else (None, ())
        if level is not None:
            levels = (level,)
        everywhere = self.names.named(key_of(name))
        if word == "thủ đô" or not levels:
            word = None
        pool = [e for e in everywhere if e.level in levels] if levels else list(everywhere)
        if not pool:
            return UNKNOWN
        return self.pick(pool, word, self._parents(parents), context)

    def pick(
        self, pool: Sequence[Entry], kind: str | None, above: Sequence[Parent], context: PageContext
    ) -> Resolution:
        """What ``resolve`` does, for the entries of a name (one at least) and the level and key of each parent."""
        if above:
            held = self._held(pool, above)
            if not held:
                return ELSEWHERE
            return self._choose(held, kind, context, "parent")
        return self._choose(pool, kind, context, "only")

    def kind_of(self, word: str) -> tuple[str | None, tuple[int, ...]]:
        """The kind that a kind word or its short form stands for, and the levels of such units; (None, ()) if unknown."""
        return self._kinds.get(search_key(word), (None, ()))

    # --- what it lies in ---

    def _parents(self, parents: Sequence[str | Unit]) -> list[Parent]:
        """Level (None: not told) and key of each parent that some unit bears."""
        found: list[Parent] = []
        for parent in parents:
            if isinstance(parent, Unit):
                found.append((parent.level, key_of(parent.name)))
                continue
            key = key_of(parent)
            levels: tuple[int, ...] = ()
            if key not in self.names:
                key, levels = self._without_kind(parent)
            if key in self.names:
                found.append((levels[0] if len(levels) == 1 else None, self.names.canonical.get(key, key)))
        return found

    def _without_kind(self, name: str) -> tuple[str, tuple[int, ...]]:
        """Key and levels of a name that begins with a kind word: "huyện Mường Nhé", "TP.Vinh", "Q.1"."""
        tokens = name.replace(".", ". ").split()
        for count in range(min(self._longest_kind, len(tokens) - 1), 0, -1):
            kind = self._kinds.get(search_key(" ".join(tokens[:count])))
            if kind is not None:
                return key_of(" ".join(tokens[count:])), kind[1]
        return key_of(name), ()

    def _held(self, pool: Sequence[Entry], above: Sequence[Parent]) -> list[Entry]:
        """The entries that lie in the nearest parent and most of the others; else those that lay in it at another time."""
        counts = [(sum(_lies_in(e, parent) for parent in above), e) for e in pool if _lies_in(e, above[0])]
        if counts:
            most = max(count for count, _ in counts)
            return [e for count, e in counts if count == most]
        return [e for e in pool if self.names.lay_in(e, *above[0])]

    # --- what is left ---

    def _choose(self, pool: Sequence[Entry], kind: str | None, context: PageContext, why: str) -> Resolution:
        """One of a pool by kind, day, level and page, in this order; the pool's rest where they do not tell."""
        day = context.day or MAP_OF_63
        called = {context.called.get((e.key, e.level)) for e in pool} - {None}
        if len(called) == 1:
            unit_id = called.pop()
            same = [e for e in pool if e.id == unit_id]
            if same:
                return self._one(same[0], "called")
        standing = [e for e in pool if e.stands_on(day)]
        for some in (_of_kind(standing, kind), _of_kind(pool, kind), standing, pool):
            supported = _best(some, context)
            if len(supported) == 1:
                lone = len(some) == 1
                return self._one(supported[0], why if lone or why == "parent" else "page")
        first = _of_kind(standing, kind) or _of_kind(pool, kind) or standing or pool
        first = _latest_forms(first, day)
        if kind is None:
            top = min(e.level for e in first)
            higher = [e for e in first if e.level == top]
            if len(higher) < len(first):
                why, first = "level", higher
                first = _best(first, context) or first
        if len(first) == 1:
            return self._one(first[0], why)
        return Resolution(None, tuple(self.names.unit(e) for e in first), "several")

    def _one(self, entry: Entry, why: str) -> Resolution:
        unit = self.names.unit(entry)
        return Resolution(unit, (unit,), why)


def _lies_in(e: Entry, parent: Parent) -> bool:
    level, key = parent
    return (
        (e.district == key and e.level > DISTRICT and level in (None, DISTRICT))
        or (e.province == key and e.level > PROVINCE and level in (None, PROVINCE))
        or (e.country == key and e.level > COUNTRY and level in (None, COUNTRY))
    )


def _of_kind(entries: Sequence[Entry], kind: str | None) -> Sequence[Entry]:
    return entries if kind is None else [e for e in entries if e.kind == kind]


def _best(entries: Sequence[Entry], context: PageContext) -> list[Entry]:
    """The entries that the page speaks of most, if it speaks of any; those of equal weight together."""
    if not entries:
        return []
    if min(e.level for e in entries) <= PROVINCE and len({e.level for e in entries}) > 1:
        return []
    weights = [_weight(e, context) for e in entries]
    top = max(weights)
    return [e for e, weight in zip(entries, weights, strict=True) if weight == top] if top > 0 else []


def _weight(e: Entry, context: PageContext) -> float:
    weight = context.provinces.get(e.province, 0.0)
    if e.province == context.home:
        weight += HOME_COUNTS
    if e.level == COMMUNE and e.district:
        weight += DISTRICT_COUNTS * context.districts.get((e.district, e.province), 0.0)
    return weight


def _latest_forms(entries: Sequence[Entry], day: date) -> list[Entry]:
    """Of forms of one place only the one nearest to the day: a district and its form before a merger."""
    nearest: dict[tuple[int, str, str], Entry] = {}
    for e in entries:
        place = (e.level, e.province, e.district)
        other = nearest.get(place)
        if other is None or _gap(e, day) < _gap(other, day):
            nearest[place] = e
    kept = {e.id for e in nearest.values()}
    return [e for e in entries if e.id in kept]


def _gap(e: Entry, day: date) -> int:
    if e.stands_on(day):
        return 0
    return (day - e.end).days if e.end < day else (e.start - day).days


def resolver(lexicon: Lexicon) -> Resolver:
    """The resolver of a lexicon, made once."""
    return lexicon.built(Resolver)
