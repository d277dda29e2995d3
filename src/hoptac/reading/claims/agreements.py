"""What was agreed (thỏa thuận, chương trình hợp tác): frameworks with their parties, period and day of signing."""

from __future__ import annotations

import re
from collections.abc import Sequence

from hoptac.lexicon import Lexicon
from hoptac.reading.claims.deeds import Deed, Deeds
from hoptac.reading.mentions import BodyName, Names, PersonName, PlaceName, Reference, Span, When
from hoptac.reading.scan import Hit, Scanner
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


LINK_NEAR = 110
"""The sides of an agreement are told at most so many characters after its name."""

DASH_NEAR = 30
"""Sides joined by a dash stand so near after the name ("hợp tác Hà Nội - Điện Biên")."""

JOIN_WORDS = 6
"""At most so many words stand between two sides that are joined."""

FIRST_WORDS = 3
"""At most so many words stand between "giữa", "với" and the first side."""

NOT_NEAR = 20
"""A word that denies the agreement stands at most so many characters before its name."""

SURELY = 2
"""``strength`` of words that name an agreement whatever else the sentence holds."""


def read_agreements(scene: Scene, deeds: Deeds) -> tuple[Agreement, ...]:
    """The agreements that main lines name, each with the sides that stand with its name."""
    found: dict[tuple[frozenset[str], object], Agreement] = {}
    if not deeds.agreements.all:
        return ()
    for start, end, _role in scene.main:
        if not deeds.agreements.within(start, end):
            continue
        for a, b in scene.sentences_in(start, end):
            for hit in deeds.agreements.within(a, b):
                for parties in _sides(scene, hit, a, b):
                    period = _period(scene, hit.start, b)
                    signed = _signed(scene, a, hit.start)
                    key = (frozenset(p.name for p in parties), period)
                    if key not in found:
                        sure = (
                            0.5
                            + 0.1 * hit.value.agreement
                            + 0.15 * (period is not None or signed is not None)
                        )
                        evidence = (scene.doc.evidence(a, b),)
                        found[key] = Agreement(parties, period, signed, evidence, round(sure, 2))
    return tuple(found.values())


def _links(lexicon: Lexicon) -> dict[str, str]:
    return {row["literal"]: row["means"] for row in lexicon.table("agreement_links")}


def _link_scanner(lexicon: Lexicon) -> Scanner[str]:
    links = lexicon.built(_links)
    return Scanner({literal: means for literal, means in links.items() if means != "and"})


def _sides(scene: Scene, hit: Hit[Deed], start: int, end: int) -> list[tuple[PartyName, ...]]:
    """The sides of an agreement: after "giữa", each pair that is told so; before "ký", the two that sign, or who signs "với"
    another; joined by a dash right after the name; else "hai địa phương", or the two localities of a sentence that surely
    names an agreement."""
    names = _names(scene, start, end)
    low = scene.doc.low
    links = scene.lexicon.built(_link_scanner).find(low[start : min(end, hit.end + LINK_NEAR)])
    links = [Hit(h.start + start, h.end + start, h.value) for h in links]
    if any(h.value == "not" and h.start <= hit.start and hit.start - h.end < NOT_NEAR for h in links):
        return []
    pairs = []
    for link in links:
        if link.value == "between" and link.start >= hit.start:
            pairs.append(_joined(scene, names, link.end))
    if not any(pairs):
        signs = next((h for h in reversed(links) if h.value == "signs" and h.start <= hit.end), None)
        others = next((h for h in links if h.value == "with" and h.start >= (signs or hit).start), None)
        verb = signs.start if signs else hit.start
        before = [m for m in names if m.end <= verb]
        if others is not None and before and signs is not None:
            other = _joined(scene, names, others.end)
            pairs.append(_unlike(scene.parties_of(before[-1]) + other[:1]) if other else ())
        elif signs is not None and len(before) >= 2 and _are_joined(scene, before[-2], before[-1]):
            pairs.append(_unlike(scene.parties_of(before[-2]) + scene.parties_of(before[-1])))
        else:
            near = [m for m in names if hit.end <= m.start]
            if (
                len(near) >= 2
                and near[0].start - hit.end < DASH_NEAR
                and _are_joined(scene, near[0], near[1])
            ):
                pairs.append(_unlike(scene.parties_of(near[0]) + scene.parties_of(near[1])))
    pairs = [pair for pair in pairs if len(pair) >= 2]
    if pairs or hit.value.agreement < SURELY:
        return pairs
    both = next((scene.parties_of(m) for m in names if isinstance(m, Reference) and len(m.names) == 2), None)
    told = [m for m in names if not (isinstance(m, BodyName) and m.kind == "initials")]
    all_sides = _unlike(tuple(p for m in told for p in scene.parties_of(m)))
    localities = tuple(p for p in all_sides if p.code)
    if both:
        return [both]
    return [localities] if len(localities) == 2 == len(all_sides) else []


NAME_LONG = 120
"""A body's name is at most so many characters long."""

_INITIALS = re.compile(r"(?<![\w.])[A-ZĐ]{2,}(?![\w.])")


def _names(scene: Scene, start: int, end: int) -> list[Names]:
    """The parties named in a sentence, and words in capitals ("NCB") that stand for a firm or body told of elsewhere."""
    told = scene.names_in(start, end)
    names: list[Names] = [m for m in told if not isinstance(m, PersonName) and scene.parties_of(m)]
    for m in _INITIALS.finditer(scene.doc.text, start, end):
        if not any(n.start < m.end() and m.start() < n.end for n in told):
            name = _spelt_out(scene, m.group()) or m.group()
            names.append(BodyName(m.start(), m.end(), name, "initials"))
    return sorted(names, key=lambda n: n.start)


def _spelt_out(scene: Scene, initials: str) -> str | None:
    """The body that initials in brackets follow somewhere on the page: "Ngân hàng Quốc Dân (NCB)"."""
    at = scene.doc.text.find(f"({initials})")
    before = scene.names_in(max(0, at - NAME_LONG), at) if at > 0 else ()
    if before and isinstance(before[-1], BodyName) and at - before[-1].end <= 1:
        return before[-1].name
    return None


def _unlike(parties: tuple[PartyName, ...]) -> tuple[PartyName, ...]:
    return tuple({p.name: p for p in parties}.values())


def _are_joined(scene: Scene, one: Names, other: Names) -> bool:
    """Whether two names stand beside each other with "và", "cùng" or a dash between, whatever kind word stands with it."""
    gap = scene.doc.low[one.end : other.start].split()
    return 1 <= len(gap) <= JOIN_WORDS and any(scene.lexicon.built(_links).get(word) == "and" for word in gap)


def _joined(scene: Scene, names: Sequence[Names], at: int) -> tuple[PartyName, ...]:
    """The parties from ``at`` on that are joined by "và", "với" or a comma: the two sides, or three."""
    chosen: list[Names] = []
    for m in names:
        if m.start < at:
            continue
        gap = scene.doc.low[at : m.start].replace(",", " , ").split()
        linked = not chosen or any(word == "," or word in scene.lexicon.built(_links) for word in gap)
        again = any(scene.lexicon.built(_links).get(word) == "between" for word in gap)
        if len(gap) > (JOIN_WORDS if chosen else FIRST_WORDS) or not linked or again:
            break
        if (
            chosen
            and gap == [","]
            and len(names) > 2
            and isinstance(m, PlaceName)
            and isinstance(chosen[-1], BodyName)
        ):
            at = m.end  # where a body is: "Sở Y tế, Hà Nội"
            continue
        chosen.append(m)
        at = m.end
    return _unlike(tuple(p for m in chosen for p in scene.parties_of(m)))


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
