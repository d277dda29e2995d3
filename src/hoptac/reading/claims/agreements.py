"""What was agreed (thỏa thuận, chương trình hợp tác): frameworks with their parties, period and day of signing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import cache, partial
from itertools import pairwise

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

JOINS = ("and", "with")
"""``means`` of words between two names that stand side by side."""

FIRST_WORDS = 3
"""At most so many words stand between "giữa", "với" and the first side."""

NOT_NEAR = 20
"""A word that denies the agreement stands at most so many characters before its name."""

SURELY = 2
"""``strength`` of words that name an agreement whatever else the sentence holds."""


def read_agreements(scene: Scene, deeds: Deeds) -> tuple[Agreement, ...]:
    """The agreements that main lines name, each with the sides that stand with its name, or those of the page where it says
    "hai bên ký …"; told again without its period it is the same one."""
    found: dict[tuple[frozenset[str], object], Agreement] = {}
    opening = set()
    if not deeds.agreements.all:
        return ()
    story = cache(partial(_story_sides, scene))
    for start, end, role in scene.main:
        if not deeds.agreements.within(start, end):
            continue
        for a, b in scene.sentences_in(start, end):
            for hit in deeds.agreements.within(a, b):
                period = _period(scene, hit.start, b)
                for parties in _sides(scene, hit, a, b, period is not None, story):
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
                        if role in ("headline", "lead"):
                            opening.add(key)
    return tuple(one for key, one in found.items() if not _told_better(one, key in opening, found.values()))


def _told_better(one: Agreement, opens: bool, all_of: Iterable[Agreement]) -> bool:
    """Whether another agreement says what this one says, and a fuller name of a side as well, or its period where this one only
    opens the page: a headline names what the text dates."""
    if one.period is not None:
        return False
    mine = {p.name for p in one.parties}
    for other in all_of:
        names = {p.name for p in other.parties}
        if mine == names and other.period is not None and opens:
            return True
        fuller = len(mine) == len(names) and all(any(_holds(n, m) for n in names) for m in mine)
        if fuller and sum(map(len, names)) > sum(map(len, mine)):
            return True
    return False


def _holds(name: str, shorter: str) -> bool:
    """Whether one name has all words of the other."""
    return set(shorter.split()) <= set(name.split())


def _links(lexicon: Lexicon) -> dict[str, str]:
    return {row["literal"]: row["means"] for row in lexicon.table("agreement_links")}


def _link_scanner(lexicon: Lexicon) -> Scanner[str]:
    links = lexicon.built(_links)
    return Scanner({literal: means for literal, means in links.items() if means != "and"})


def _sides(
    scene: Scene,
    hit: Hit[Deed],
    start: int,
    end: int,
    lasting: bool,
    story: Callable[[], tuple[PartyName, ...]],
) -> list[tuple[PartyName, ...]]:
    """The sides of an agreement: after "giữa", each pair that is told so; before "ký", the two that sign, or who signs "với"
    another; joined by a dash right after the name; else "hai địa phương", or the two localities of a sentence that surely
    names an agreement; else, where it is signed or has a period (``lasting``), the two that the page is about."""
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
            pairs.append(_unlike(scene.parties_of(before[-1]) + other) if other else ())
        elif signs is not None and len(before) >= 2 and _are_joined(scene, before[-2], before[-1]):
            pairs.append(_unlike(scene.parties_of(before[-2]) + scene.parties_of(before[-1])))
        else:
            near = [m for m in names if hit.end <= m.start and not isinstance(m, Reference)]
            if (
                len(near) >= 2
                and near[0].start - hit.end < DASH_NEAR
                and _are_joined(scene, near[0], near[1])
            ):
                pairs.append(_unlike(scene.parties_of(near[0]) + scene.parties_of(near[1])))
    pairs = [pair for pair in pairs if len(pair) >= 2]
    if pairs:
        return pairs
    told_both = any(h.value == "both" for h in links)
    signed = any(h.value == "signs" and h.start <= hit.end for h in links)
    if told_both and (signed or lasting) and len(story()) >= 2:
        return [story()]
    if hit.value.agreement < SURELY:
        return []
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
    text = scene.doc.text
    names: list[Names] = [
        m
        for m in told
        if not isinstance(m, PersonName) and scene.parties_of(m) and text[max(start, m.start - 1)] != "("
    ]
    for m in _INITIALS.finditer(scene.doc.text, start, end):
        known = (*told, *scene.figures_in(start, end))
        if text[max(start, m.start() - 1)] != "(" and not any(
            n.start < m.end() and m.start() < n.end for n in known
        ):
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


STORY_LINES = 4
"""The two that a page is about are told in its first lines."""


def _story_sides(scene: Scene) -> tuple[PartyName, ...]:
    """The two that the first lines name beside each other ("A và B", "A - B", "A kết nghĩa với B"), else the page's pair of
    localities."""
    for start, end, _ in scene.main[:STORY_LINES]:
        names = _names(scene, start, end)
        for one, other in pairwise(names):
            sides = _unlike(scene.parties_of(one) + scene.parties_of(other))
            shouted = scene.doc.text[one.start : other.end].isupper()
            if len(sides) == 2 and not shouted and _are_joined(scene, one, other):
                return sides
    return scene.pair or ()


def _unlike(parties: tuple[PartyName, ...]) -> tuple[PartyName, ...]:
    return tuple({p.name: p for p in parties}.values())


def _are_joined(scene: Scene, one: Names, other: Names) -> bool:
    """Whether two names stand beside each other with "và", "cùng" or a dash between, whatever kind word stands with it."""
    gap = scene.doc.low[one.end : other.start].split()
    links = scene.lexicon.built(_links)
    return 1 <= len(gap) <= JOIN_WORDS and any(links.get(word) in JOINS for word in gap)


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
