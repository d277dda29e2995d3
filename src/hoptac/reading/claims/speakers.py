"""Who asks, promises or orders (ai nói): the subject of the verb, who is told to speak, or who spoke last."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from hoptac.lexicon import Lexicon
from hoptac.reading.claims.authority import rank_of_name, rank_of_words
from hoptac.reading.claims.deeds import Deed, Deeds
from hoptac.reading.mentions import BodyName, Names, PersonName, PlaceName, Reference
from hoptac.reading.scan import Hit, literal_form
from hoptac.reading.scene import Scene

BACK = 500
"""Who spoke last is looked for at most so many characters before a sentence."""

BESIDE = 4
"""A subject stands beside its verb with at most so many words between."""

QUOTES = '"“”«»'


class Speaker(NamedTuple):
    """``name`` as the ask's ``by``; ``kind`` and ``rank`` as judges see it; ``how``: beside the verb, same sentence, after
    the quotation, carried from before, none."""

    name: str | None
    kind: str
    rank: str
    how: str


NOBODY = Speaker(None, "none", "none", "none")


def _links(lexicon: Lexicon) -> frozenset[str]:
    return frozenset(literal_form(r["literal"]) for r in lexicon.table("matter_words") if r["kind"] == "link")


def name_kind(scene: Scene, name: Names | None) -> str:
    """What sort of party a mention is, as judges see it."""
    if isinstance(name, PersonName):
        full = scene.full_names.get(name.name, name.name)
        return "officer" if full in scene.in_office else "person"
    if isinstance(name, BodyName):
        return f"body.{name.kind}"
    if isinstance(name, PlaceName):
        return f"place.{name.level}"
    return "reference" if isinstance(name, Reference) else "none"


def name_of(scene: Scene, name: Names | None) -> str | None:
    """A mention as an ask's ``by`` or ``to``: a person's full name, else the parties that it stands for."""
    if isinstance(name, PersonName):
        return scene.full_names.get(name.name, name.name)
    if isinstance(name, PlaceName | BodyName | Reference):
        return ", ".join(dict.fromkeys(p.name for p in scene.parties_of(name))) or None
    return None


def _as_speaker(scene: Scene, name: Names | None, how: str) -> Speaker | None:
    said = name_of(scene, name)
    return Speaker(said, name_kind(scene, name), rank_of_name(scene, name), how) if said else None


def teller_after(
    scene: Scene, deeds: Deeds, names: Sequence[Names], start: int, end: int
) -> tuple[Speaker | None, int]:
    """Who is named after a closing quotation mark as having said what stands before it, and where that mark stands."""
    closing = max([scene.doc.text.rfind(q, start, end) for q in QUOTES])
    if closing < 0 or not any(h.value.ask == "said" for h in deeds.asks.within(closing, end)):
        return None, -1
    name = next((n for n in names if n.start > closing), None)
    return _as_speaker(scene, name, "after"), closing


def subject(scene: Scene, names: Sequence[Names], hit: Hit[Deed], start: int) -> Speaker | None:
    """Who stands before the verb in its sentence: the name beside it, the person whose office that name is in, else the last
    person, else the last name. A name after "gửi", "với", "cho" is spoken to."""
    told = [n for n in names if start <= n.start and n.end <= hit.start and not _spoken_to(scene, n, start)]
    if not told:
        return _by_office(scene, start, hit.start)
    near = told[-1]
    gap = scene.doc.low[near.end : hit.start].split()
    beside = len(gap) <= BESIDE
    if not isinstance(near, PersonName):
        holder = _holder(scene, told, near)
        if holder is not None:
            return _as_speaker(scene, holder, "beside" if beside else "same")
    people = [n for n in told if isinstance(n, PersonName)]
    chosen = near if beside or not people else people[-1]
    return _as_speaker(scene, chosen, "beside" if beside else "same")


def _spoken_to(scene: Scene, name: Names, start: int) -> bool:
    before = scene.doc.low[max(start, name.start - 24) : name.start].split()
    links = scene.lexicon.built(_links)
    return any(word in links for word in before[-2:])


def _holder(scene: Scene, told: Sequence[Names], near: Names) -> PersonName | None:
    """The person in whose office a place or body is named: "ông An, Chủ tịch UBND tỉnh Điện Biên, …"."""
    for officer in scene.officers:
        for a, b in officer.spans:
            if a <= near.start < b:
                return next(
                    (n for n in reversed(told) if isinstance(n, PersonName) and a <= n.start < b), None
                )
    return None


def _by_office(scene: Scene, start: int, stop: int) -> Speaker | None:
    """An officer told by the office alone: "Thủ tướng đề nghị …"."""
    words = scene.doc.low[start:stop].split()[:3]
    for length in (3, 2, 1):
        office = " ".join(words[:length])
        if len(words) < length or rank_of_words(office, lexicon=scene.lexicon) == "none":
            continue
        for officer in scene.officers:
            if literal_form(officer.office).startswith(office):
                rank = rank_of_words(officer.office, lexicon=scene.lexicon)
                return Speaker(officer.name, "officer", rank, "beside")
    return None


def spoke_before(scene: Scene, deeds: Deeds, at: int) -> tuple[Speaker | None, int]:
    """Who is last told to speak before ``at``, and where: the last person before the verb in its line, else the last party;
    after "theo ông" the name that follows."""
    for said in reversed(deeds.asks.within(max(0, at - BACK), at)):
        if said.value.ask != "said":
            continue
        low = scene.doc.low
        if low.startswith("theo", said.start):
            after = scene.names_in(said.end, said.end + 8)
            speaker = _as_speaker(scene, after[0], "carried") if after else None
        else:
            line = low.rfind("\n", 0, said.start) + 1
            names = [n for n in scene.names_in(line, said.start) if not isinstance(n, Reference)]
            people = [n for n in names if isinstance(n, PersonName)]
            chosen = (people or names or [None])[-1]
            speaker = _as_speaker(scene, chosen, "carried")
        if speaker is not None:
            return speaker, said.start
    return None, -1
