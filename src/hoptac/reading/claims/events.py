"""Who met whom, when and where (buổi làm việc, chuyến thăm, lễ, hội nghị)."""

from __future__ import annotations

from dataclasses import dataclass

from hoptac.lexicon import Lexicon
from hoptac.reading.claims.phrases import place_in
from hoptac.reading.mentions import Reference, When
from hoptac.reading.scan import Hits, Scanner
from hoptac.reading.scene import Scene
from hoptac.reading.values import Event, PartyName

SURE = 2
"""``strength`` of words that name an event that takes place, whatever else the sentence holds."""


def _event_scanner(lexicon: Lexicon) -> Scanner[tuple[str, int]]:
    return Scanner(
        {row["literal"]: (row["kind"], int(row["strength"])) for row in lexicon.table("event_words")}
    )


@dataclass(frozen=True)
class _Found:
    kind: str
    date: str | None
    place: PartyName | None
    parties: tuple[PartyName, ...]
    span: tuple[int, int]
    strength: int


def read_events(scene: Scene) -> tuple[Event, ...]:
    """The events of the page's main lines: one for each kind and day, with all who are named there."""
    found: list[_Found] = []
    words = Hits.of(scene.lexicon.built(_event_scanner).find(scene.doc.low))
    for start, end, role in scene.main:
        for a, b in scene.sentences_in(start, end):
            hits = [h for h in words.within(a, b) if h.value[1]]
            if not hits:
                continue
            dates = [
                m
                for m in scene.figures_in(a, b)
                if isinstance(m, When) and not m.anniversary and (m.day or m.month)
            ]
            parties = _parties(scene, a, b)
            for kind in dict.fromkeys(h.value[0] for h in hits):
                strength = max(h.value[1] for h in hits if h.value[0] == kind)
                if strength < SURE and not (dates and parties) and len(parties) < 2:
                    continue
                if not dates and (role == "caption" or strength < SURE):
                    continue
                place = place_in(scene, a, b)
                found.append(_Found(kind, dates[0].iso if dates else None, place, parties, (a, b), strength))
    return tuple(_event(scene, group) for group in _groups(found))


def _parties(scene: Scene, start: int, end: int) -> tuple[PartyName, ...]:
    parties: dict[str, PartyName] = {}
    for m in scene.names_in(start, end):
        if isinstance(m, Reference) and len(m.names) < 2:
            continue
        for party in scene.parties_of(m):
            parties.setdefault(party.name, party)
    localities = [p for p in parties.values() if p.code and len(p.code) == 2]
    return tuple(localities) if len(localities) >= 2 else tuple(parties.values())


def _groups(found: list[_Found]) -> list[list[_Found]]:
    groups: dict[tuple[str, str | None], list[_Found]] = {}
    for one in found:
        groups.setdefault((one.kind, one.date), []).append(one)
    return list(groups.values())


def _event(scene: Scene, group: list[_Found]) -> Event:
    first = max(group, key=lambda one: (len(one.parties) >= 2, one.strength, -one.span[0]))
    evidence = tuple(scene.doc.evidence(*one.span) for one in group[:3])
    sure = (
        0.5
        + 0.15 * (first.date is not None)
        + 0.15 * (len(first.parties) >= 2)
        + 0.1 * (first.strength == SURE)
    )
    return Event(first.kind, first.date, first.place, first.parties, evidence, round(sure, 2))
