"""What was asked, promised and ordered (đề nghị, cam kết, giao việc)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from hoptac.lexicon import Lexicon
from hoptac.reading.mentions import BodyName, Names, PersonName, PlaceName, Reference, When
from hoptac.reading.scan import Hit, Hits, Scanner
from hoptac.reading.scene import Scene
from hoptac.reading.values import Ask

ABOUT_WORDS = 12
"""The most words of an ask's ``about`` (measure: the contract)."""

HELP_NEAR = 60
"""A promise names what will be done within this many characters."""

SHORTEST = 3
"""A stretch of fewer words is no matter that somebody asks for."""


def _ask_scanner(lexicon: Lexicon) -> Scanner[str]:
    return Scanner({row["literal"]: row["kind"] for row in lexicon.table("ask_words")})


def _help_scanner(lexicon: Lexicon) -> Scanner[str]:
    rows = lexicon.table("claim_words")
    return Scanner({row["literal"]: row["kind"] for row in rows if row["kind"] in ("give", "work", "run")})


def read_asks(scene: Scene) -> tuple[Ask, ...]:
    """The asks of the page's main lines, in text order; one for each matter that a sentence lists."""
    words = Hits.of(scene.lexicon.built(_ask_scanner).find(scene.doc.low))
    asks: list[Ask] = []
    speaker: str | None = None
    for start, end, role in scene.main:
        if role in ("headline", "caption"):
            continue
        for a, b in scene.sentences_in(start, end):
            hits = [h for h in words.within(a, b) if h.value != "none"]
            names = scene.names_in(a, b)
            said = next((h for h in hits if h.value == "said"), None)
            if said is not None:
                speaker = _last(scene, names, a, said.start) or speaker
            found = list(_asks_of(scene, hits, names, a, b, speaker))
            if found:
                speaker = found[-1].by
            asks += found
    return tuple(_once(asks))


def _asks_of(
    scene: Scene, hits: Sequence[Hit[str]], names: Sequence[Names], start: int, end: int, speaker: str | None
) -> Iterator[Ask]:
    verbs = [h for h in hits if h.value in ("request", "pledge", "instruction", "entrust")]
    if not verbs and speaker is not None:
        verbs = [h for h in hits if h.value == "need"][:1]
    for n, hit in enumerate(verbs):
        stop = verbs[n + 1].start if n + 1 < len(verbs) else end
        yield from _ask(scene, hit, names, (start, stop), speaker)


def _ask(
    scene: Scene, hit: Hit[str], names: Sequence[Names], sentence: tuple[int, int], speaker: str | None
) -> Iterator[Ask]:
    start, end = sentence
    by = speaker if hit.value == "need" else _last(scene, names, start, hit.start) or speaker
    if by is None:
        return
    if hit.value in ("pledge", "need") and not _speaks_for_others(scene, by):
        return
    if hit.value == "pledge" and not _promises_help(scene, hit.end):
        return
    to, matter = _addressee(scene, names, hit.end, end)
    if hit.value == "need":
        before = [n for n in names if start <= n.start < hit.start and not isinstance(n, PersonName)]
        to = _joined(scene, before[-2:]) or to
    if hit.value == "entrust" and to is None:
        return  # "giao" without a body after it hands over a thing
    orders = hit.value in ("instruction", "entrust")
    kind = hit.value if hit.value in ("request", "pledge") else "request"
    if orders and _speaks_for_others(scene, by):
        kind = "instruction"
    due = next(
        (m.iso for m in scene.figures_in(matter, end) if isinstance(m, When) and m.day and m.iso), None
    )
    for a, b in _matters(scene, matter, end):
        yield Ask(kind, by, to, _about(scene, a, b), due, (scene.doc.evidence(start, end),), 0.6)


def _promises_help(scene: Scene, after: int) -> bool:
    return bool(scene.lexicon.built(_help_scanner).find(scene.doc.low[after : after + HELP_NEAR]))


def _speaks_for_others(scene: Scene, by: str) -> bool:
    """Whether somebody may order or promise for others: a person in office, a locality or a body. What others demand is a
    request, and what they will do is their own affair."""
    return by in scene.in_office or by.split(", ")[0] in scene.provinces or by[:1].islower()


def _last(scene: Scene, names: Sequence[Names], start: int, end: int) -> str | None:
    """Who speaks: the last person named before the verb, else the last party."""
    before = [n for n in names if start <= n.start < end]
    people = [n for n in before if isinstance(n, PersonName)]
    if people:
        return scene.full_names.get(people[-1].name, people[-1].name)
    parties = [n for n in before if isinstance(n, PlaceName | BodyName | Reference)]
    return _joined(scene, parties[-1:])


def _joined(scene: Scene, names: Sequence[Names]) -> str | None:
    found = dict.fromkeys(p.name for n in names for p in scene.parties_of(n))
    return ", ".join(found) or None


def _addressee(scene: Scene, names: Sequence[Names], after: int, end: int) -> tuple[str | None, int]:
    """To whom, and where the matter begins: parties right after the verb, with those joined to them."""
    at, chosen = after, []
    for name in (n for n in names if n.start >= after):
        gap = scene.doc.low[at : name.start].strip(" ,")
        if len(gap.split()) > 2:
            break
        chosen.append(name)
        at = name.end
    return _joined(scene, chosen), at if chosen else after


def _matters(scene: Scene, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The matters of a list: after a colon they are parted by semicolons, else by semicolons alone."""
    text = scene.doc.text
    colon = text.find(":", start, end)
    if colon >= 0 and text.count(";", colon, end):
        start = colon + 1
    at = start
    for m in re.finditer(r";", text[start:end]):
        if len(text[at : start + m.start()].split()) >= SHORTEST:
            yield at, start + m.start()
        at = start + m.end()
    if len(text[at:end].split()) >= SHORTEST:
        yield at, end


def _about(scene: Scene, start: int, end: int) -> str:
    words = re.sub(r"\s+", " ", scene.doc.text[start:end]).strip(' ,;:.…“”"').split(" ")
    return " ".join(words[:ABOUT_WORDS]).rstrip(" ,;:")


def _once(asks: list[Ask]) -> list[Ask]:
    return list({(ask.kind, ask.about): ask for ask in reversed(asks)}.values())[::-1]
