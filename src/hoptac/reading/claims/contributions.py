"""Who gave what to whom (khoản hỗ trợ): contributions from the tokens of each sentence.

Candidates are made generously (``candidates.py``: every sum, counted thing or named thing near a verb of giving); weights that
were learned from labelled pages say which stand, who gives and who receives (``choose.py``); the rest of a contribution is
read from its own words here.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from hoptac.lexicon import Lexicon
from hoptac.reading.claims.answers import (
    ACTS,
    FIELDS,
    STATUSES,
    Told,
    act_answers,
    field_answers,
    look_further,
    status_answers,
    where_answers,
)
from hoptac.reading.claims.around import Around, look_around
from hoptac.reading.claims.candidates import Candidate, find_candidates
from hoptac.reading.claims.cast import Cast
from hoptac.reading.claims.choose import Judged, chance_of, judge, pick
from hoptac.reading.claims.parties import deed_of
from hoptac.reading.claims.phrases import clean_phrase
from hoptac.reading.claims.tokens import Marks
from hoptac.reading.claims.verbs import GIVING
from hoptac.reading.claims.weigh import weights_of
from hoptac.reading.mentions import Count, Money
from hoptac.reading.scene import Scene
from hoptac.reading.values import PartyName

BUILD_FIRST = ("build", "repair", "equip", "train", "treat", "relief")

LEAD = 0.62
"""A page none of whose candidates is this likely tells of no contribution."""

KEEP, KEEP_PLAIN = 0.33, 0.4
"""On a page that tells of one, a candidate less likely than this is not told of: with a figure, without one. All are set for the best
F1, and few pages read in vain, on pages left out of the training."""


@dataclass(frozen=True)
class Draft:
    """A contribution before its like ones are merged. Spans count positions of ``doc.text``."""

    funder: tuple[PartyName, ...]
    recipient: tuple[PartyName, ...]
    what: str
    act: str
    money: Money | None
    of_total: Decimal | None
    count: Count | None
    year: int | None
    period: tuple[int | None, int | None] | None
    place: PartyName | None
    field: str | None
    status: str
    span: tuple[int, int]
    chance: float = 0.0
    role: str = "body"
    at: int = 0
    rate: bool = False
    spans: tuple[tuple[int, int], ...] = ()


def draft_contributions(scene: Scene, marks: Marks) -> list[Draft]:
    """Every contribution that the page's main lines state, in text order, likes not yet merged."""
    if not any(hit.value[0] in GIVING for hit in marks.words.all):
        return []
    candidates = list(find_candidates(scene, marks))
    if not candidates:
        return []
    around = look_around(scene)
    chances = [chance_of(scene, candidate, around) for candidate in candidates]
    if max(chances) < LEAD:
        return []
    told, cast = look_further(scene, around), Cast(scene, marks)
    stand = [
        (candidate, chance)
        for candidate, chance in zip(candidates, chances, strict=True)
        if chance >= (KEEP if is_figured(candidate) else KEEP_PLAIN)
    ]
    deeds = [deed_of(candidate, cast) for candidate, _ in stand]
    return [
        to_draft(
            judge(candidate, around, cast, deeds, n, stand[n - 1][0] if n else None, chance), around, told
        )
        for n, (candidate, chance) in enumerate(stand)
    ]


def is_figured(candidate: Candidate) -> bool:
    """Whether a candidate has a sum or a count."""
    return candidate.piece.money is not None or candidate.piece.count is not None


def to_draft(judged: Judged, around: Around, told: Told) -> Draft:
    """A candidate that stands, with the rest of what its words say."""
    cand = judged.candidate
    clause, piece = cand.clause, cand.piece
    models = weights_of(clause.scene.lexicon)
    giver, receiver = judged.funder.parties, piece.to or judged.recipient.parties
    year, period = judged.time
    places = where_answers(cand, told)
    return Draft(
        funder=giver,
        recipient=receiver,
        what=_what(cand, receiver),
        act=ACTS[pick(models.get("act", {}), act_answers(cand, around, told, ruled_act(cand)))],
        money=piece.money,
        of_total=piece.of_total,
        count=judged.count,
        year=year,
        period=period,
        place=places[pick(models.get("place", {}), [where.features for where in places])].place,
        field=FIELDS[pick(models.get("field", {}), field_answers(cand, told))],
        status=STATUSES[pick(models.get("status", {}), status_answers(cand, around, told))],
        span=clause.sentence,
        spans=(clause.sentence,),
        rate=piece.rate,
        chance=judged.chance,
        role=clause.role,
        at=cand.figure,
    )


def _what(cand: Candidate, receiver: tuple[PartyName, ...]) -> str:
    """What is given, as a short phrase: the object's own words, or where they begin in the middle of a phrase ("của bạn đọc") the
    giving and whom it is for ("hỗ trợ ngư dân")."""
    clause, text = cand.clause, cand.piece.text
    scene = clause.scene
    first = text.split(" ", 1)[0].lower()
    if (
        text
        and (not is_figured(cand) or first not in scene.lexicon.built(_broken))
        and any(c.isalpha() for c in text)
    ):
        return text
    verb = (
        scene.doc.text[clause.head.start : clause.start].lower()
        or scene.doc.text[clause.head.start : clause.head.end]
    )
    to = receiver[0].name if receiver else ""
    return f"{verb} {to}".strip() or clean_phrase(scene, *clause.sentence)


def _broken(lexicon: Lexicon) -> frozenset[str]:
    """Words with which no phrase for a thing begins."""
    rows = lexicon.table("phrase_cuts") + lexicon.table("phrase_starts")
    return frozenset(row["word"] for row in rows)


def ruled_act(cand: Candidate) -> str:
    """What the giving is called by verb and thing alone: by its verbs of working, else by the thing, else by its verb of giving."""
    verb, piece = cand.clause.verb, cand.piece
    works = {a for a in (*verb.acts, *piece.acts) if a in BUILD_FIRST}
    for act in BUILD_FIRST:
        if act in works:
            return act
    first = next((a for a in verb.acts if a != "other"), "other")
    thing = piece.thing
    if thing and thing != "other" and first in ("fund", "gift", "other", "invest"):
        return thing if first != "gift" or thing != "fund" else first
    if first == "gift" and piece.money is not None and piece.count is None:
        return "fund"  # a sum handed over with nothing else is money given
    return "build" if first == "invest" and thing == "build" else first
