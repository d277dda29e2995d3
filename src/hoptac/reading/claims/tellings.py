"""Where a page tells of an event (chỗ kể về sự kiện), and what each place shows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from hoptac.lexicon import Lexicon
from hoptac.reading.claims.days import Calendar, Day, choose_day
from hoptac.reading.claims.deeds import Deed, Deeds
from hoptac.reading.claims.phrases import place_in
from hoptac.reading.mentions import BodyName, Names, PersonName, PlaceName, Reference
from hoptac.reading.scan import Hit, Scanner
from hoptac.reading.scene import Scene
from hoptac.reading.values import PartyName

FRAME = 60
"""What an event's name is in its sentence is looked for at most so many characters before it."""

WINDOW = 30
"""The words beside an event's name are looked for within so many characters."""

LINES = 4
"""Lines from this one on are all alike to the judges."""

SURE_DAYS = (0.4, 0.6, 0.8, 0.95)
"""How likely the chosen day is, in steps."""

_EDGE = " ,;:.…–—-“”\"'‘’()[]?!"


@dataclass(frozen=True, slots=True)
class Telling:
    """One place where a page tells of an event: ``features`` are what the judge sees of it alone."""

    kind: str
    word: str
    strength: int
    days: tuple[Day, ...]
    date: str | None
    parties: tuple[PartyName, ...]
    place: PartyName | None
    sentence: tuple[int, int]
    start: int
    role: str
    line: int
    features: tuple[str, ...]


def tellings(scene: Scene, deeds: Deeds) -> Iterator[Telling]:
    """The tellings of the main lines, in text order, with the days at hand and none chosen."""
    if not deeds.events.all:
        return
    calendar = Calendar(scene)
    for n, (start, end, role) in enumerate(scene.main):
        if not deeds.events.within(start, end):
            continue
        for sentence in scene.sentences_in(start, end):
            hits = deeds.events.within(*sentence)
            if not hits:
                continue
            names = scene.names_in(*sentence)
            parties = _parties(scene, names)
            place = place_in(scene, *sentence)
            line = min(n, LINES)
            shared = (
                f"parties={min(len(parties), 3)}",
                f"place={place is not None}",
                f"role={role}",
                f"line={line}",
                f"hits={min(len(hits), 4)}",
            )
            for hit in hits:
                kind, strength = hit.value.event or ("", 0)
                days = calendar.options((hit.start, hit.end), sentence, kind, role, line)
                features = _features(scene, hit, names, sentence)
                features += (*shared, f"strength={strength}")
                yield Telling(
                    kind,
                    hit.value.literal,
                    strength,
                    tuple(days),
                    None,
                    parties,
                    place,
                    sentence,
                    hit.start,
                    role,
                    line,
                    tuple(features),
                )


def told_on(told: Iterable[Telling], weights: Mapping[str, float]) -> list[Telling]:
    """The tellings with the likeliest of their days, and what the judge sees of it."""
    seen: set[tuple[tuple[int, int], str, str | None]] = set()
    out = []
    for one in told:
        day, chance = choose_day(weights, one.days)
        what = (one.sentence, one.kind, day.iso)
        features = (
            *one.features,
            f"day={_source(day)}",
            f"again={what in seen}",
            f"chance={sum(chance >= step for step in SURE_DAYS)}",
        )
        seen.add(what)
        out.append(replace(one, date=day.iso, features=features))
    return out


def _source(day: Day) -> str:
    """Where a day comes from: what its first feature is of."""
    return day.features[0].split("|")[0].split("=")[0]


def _parties(scene: Scene, names: Sequence[Names]) -> tuple[PartyName, ...]:
    parties: dict[str, PartyName] = {}
    for m in names:
        if isinstance(m, Reference) and len(m.names) < 2:
            continue
        for party in scene.parties_of(m):
            parties.setdefault(party.name, party)
    localities = [p for p in parties.values() if p.code and len(p.code) == 2]
    return tuple(localities) if len(localities) >= 2 else tuple(parties.values())


def _frame_scanner(lexicon: Lexicon) -> Scanner[str]:
    return Scanner({row["literal"]: row["means"] for row in lexicon.table("event_frames")})


def _features(scene: Scene, hit: Hit[Deed], names: Sequence[Names], sentence: tuple[int, int]) -> list[str]:
    """What the words and names beside an event's name show, each once."""
    low = scene.doc.low
    start, end = sentence
    frames = [
        h.value
        for h in scene.lexicon.built(_frame_scanner).find(low[max(start, hit.start - FRAME) : hit.start])
    ]
    word = hit.value.literal
    out = [f"frame={frame}" for frame in dict.fromkeys(frames)]
    before = [w.strip(_EDGE) for w in low[max(start, hit.start - WINDOW) : hit.start].split()[-1:]]
    after = [w.strip(_EDGE) for w in low[hit.end : min(end, hit.end + WINDOW)].split()[:1]]
    out += [
        f"near={frames[-1] if frames else 'none'}",
        f"word={word}",
        f"b1={before[-1] if before else '^'}",
        f"a1={after[0] if after else '$'}",
        f"opens={hit.start - start < 8}",
        f"long={min((end - start) // 80, 3)}",
    ]
    named: dict[str, None] = {}
    for n in names:
        side = "before" if n.end <= hit.start else "after" if n.start >= hit.end else ""
        if not side:
            continue
        gap = n.start - hit.end if side == "after" else hit.start - n.end
        beside = "beside" if gap < WINDOW else "far"
        if isinstance(n, PersonName):
            full = scene.full_names.get(n.name, n.name)
            named[f"person {side}"] = None
            if full in scene.in_office:
                named["officer"] = named[f"officer {side} {beside}"] = None
        elif isinstance(n, PlaceName):
            named[f"place {side} {beside}"] = named[f"place.{n.level} {side}"] = None
        elif isinstance(n, BodyName):
            named[f"body {side} {beside}"] = named[f"body.{n.kind}"] = None
        else:
            named[f"reference {side}"] = None
    out += named
    quotes = sum(low.count(q, start, hit.start) for q in '"“”')
    if quotes % 2:
        out.append("quoted")
    if "?" in low[max(start, end - 3) : end]:
        out.append("question")
    return out
