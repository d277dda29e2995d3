"""What was agreed (thỏa thuận, chương trình hợp tác): frameworks with their parties, period and day of signing."""

from __future__ import annotations

from hoptac.lexicon import Lexicon
from hoptac.reading.claims.deeds import Deeds
from hoptac.reading.mentions import BodyName, PlaceName, Reference, Span, When
from hoptac.reading.scan import Scanner
from hoptac.reading.scene import Scene
from hoptac.reading.values import Agreement, PartyName


def _since_scanner(lexicon: Lexicon) -> Scanner[bool]:
    return Scanner({row["literal"]: True for row in lexicon.table("claim_words") if row["kind"] == "since"})


def _signed_scanner(lexicon: Lexicon) -> Scanner[bool]:
    return Scanner({row["literal"]: True for row in lexicon.table("claim_words") if row["kind"] == "signed"})


SINCE_NEAR = 4
"""A period begins with a year where "từ" stands at most so many characters before it."""

SIGNED_NEAR = 20
"""A day is the day of signing where "ký" stands before the agreement's name or at most so many characters after its start."""


def read_agreements(scene: Scene, deeds: Deeds) -> tuple[Agreement, ...]:
    """The agreements that main lines name: each needs two parties, by name or by "hai địa phương"."""
    found: dict[tuple[frozenset[str], object], Agreement] = {}
    for start, end, _role in scene.main:
        if not deeds.agreements.within(start, end):
            continue
        for a, b in scene.sentences_in(start, end):
            hits = deeds.agreements.within(a, b)
            if not hits:
                continue
            parties = _two_parties(scene, a, b)
            if len(parties) < 2:
                continue
            for hit in hits:
                period = _period(scene, hit.start, b)
                signed = _signed(scene, a, hit.start)
                key = (frozenset(p.name for p in parties), period)
                if key not in found:
                    confidence = (
                        0.5 + 0.1 * hit.value.agreement + 0.15 * (period is not None or signed is not None)
                    )
                    found[key] = Agreement(
                        parties, period, signed, (scene.doc.evidence(a, b),), round(confidence, 2)
                    )
    return tuple(found.values())


def _two_parties(scene: Scene, start: int, end: int) -> tuple[PartyName, ...]:
    parties: dict[str, PartyName] = {}
    for m in scene.names_in(start, end):
        if isinstance(m, PlaceName | BodyName) or (isinstance(m, Reference) and len(m.names) == 2):
            for party in scene.parties_of(m):
                parties.setdefault(party.name, party)
    localities = [p for p in parties.values() if p.code]
    return tuple(localities) if len(localities) >= 2 else tuple(parties.values())


def _period(scene: Scene, start: int, end: int) -> tuple[int | None, int | None] | None:
    for m in scene.figures_in(start, end):
        if isinstance(m, Span) and not m.anniversary:
            return (m.first.year if m.first else None, m.last.year if m.last else None)
        if isinstance(m, When) and not m.anniversary and m.year is not None and m.month is None:
            since = scene.lexicon.built(_since_scanner).find(
                scene.doc.low[max(start, m.start - SINCE_NEAR) : m.end]
            )
            return (m.year, None) if since else None
    return None


def _signed(scene: Scene, start: int, end: int) -> str | None:
    if not scene.lexicon.built(_signed_scanner).find(scene.doc.low[start : end + SIGNED_NEAR]):
        return None
    days = [m for m in scene.figures_in(start, end) if isinstance(m, When) and m.day and not m.anniversary]
    return days[-1].iso if days else None
