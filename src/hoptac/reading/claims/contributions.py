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
    Told,
    act_answers,
    choose,
    field_answers,
    look_further,
    where_answers,
)
from hoptac.reading.claims.candidates import Candidate, find_candidates
from hoptac.reading.claims.choose import Judged, chance_of, with_parties
from hoptac.reading.claims.features import Around, look_around, year_features
from hoptac.reading.claims.phrases import clean_phrase
from hoptac.reading.claims.tokens import Marks
from hoptac.reading.claims.verbs import GIVING
from hoptac.reading.claims.weigh import weigh, weights_of
from hoptac.reading.mentions import Count, Money, Span, When
from hoptac.reading.scene import Scene
from hoptac.reading.values import PartyName

BUILD_FIRST = ("build", "repair", "equip", "train", "treat", "relief")

LEAD = 0.65
"""A page none of whose candidates is this likely tells of no contribution."""

KEEP, KEEP_PLAIN = 0.22, 0.4
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
    told = look_further(scene, around)
    return [
        to_draft(with_parties(scene, candidate, around, chance), around, told)
        for candidate, chance in zip(candidates, chances, strict=True)
        if chance >= (KEEP if is_figured(candidate) else KEEP_PLAIN)
    ]


def is_figured(candidate: Candidate) -> bool:
    """Whether a candidate has a sum or a count."""
    return candidate.piece.money is not None or candidate.piece.count is not None


def to_draft(judged: Judged, around: Around, told: Told) -> Draft:
    """A candidate that stands, with the rest of what its words say."""
    cand = judged.candidate
    clause, piece = cand.clause, cand.piece
    giver, receiver = judged.funder.parties, piece.to or judged.recipient.parties
    year, period = _time(cand)
    what = _what(cand, receiver)
    field = FIELDS[choose(cand, "field", field_answers(cand, told))]
    act = ACTS[choose(cand, "act", act_answers(cand, around, told, ruled_act(cand)))]
    status = ruled_status(cand)
    places = where_answers(cand, told)
    place = places[choose(cand, "place", [where.features for where in places])].place
    return Draft(
        funder=giver,
        recipient=receiver,
        what=what,
        act=act,
        money=piece.money,
        of_total=piece.of_total,
        count=piece.count,
        year=year,
        period=period,
        place=place,
        field=field,
        status=status,
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


STATUS_NEAR = 4
"""How many tokens before a verb tell whether it is asked for, promised or under way."""


def ruled_status(cand: Candidate) -> str:
    """How far a deed has come, by the words before its verb alone."""
    clause = cand.clause
    near = {t.kind for t in clause.tokens[max(0, clause.verb.first - STATUS_NEAR) : clause.verb.first]}
    if "ask" in near:
        return "requested"
    if near & {"will", "plan"}:
        return "pledged"
    habit = any(t.kind == "habit" for t in (*clause.before, *clause.region[:2]))
    return "ongoing" if habit or "going" in near else "done"


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


def _time(cand: Candidate) -> tuple[int | None, tuple[int | None, int | None] | None]:
    """The year or the period of a deed: the clause's own, else the page's where the weights find it likelier than none."""
    when = cand.when
    if isinstance(when, When) and when.year is not None:
        return when.year, None
    if isinstance(when, Span) and (when.first or when.last):
        first = when.first.year if when.first else None
        last = when.last.year if when.last else None
        return (first, None) if first is not None and first == last else (None, (first, last))
    year = page_year(cand)
    if year is None:
        return None, None
    if _on_the_day(cand, year):
        return year, None
    weights = weights_of(cand.clause.scene.lexicon).get("year", {})
    return (year, None) if weigh(weights, year_features(cand)) > 0 else (None, None)


def _on_the_day(cand: Candidate, year: int) -> bool:
    """Whether "nhân dịp này" before the verb goes back to a day told before, of the page's year."""
    if not any(t.kind == "now" for t in cand.clause.before):
        return False
    start = cand.clause.sentence[0]
    days = [
        m for m in cand.clause.scene.figures if isinstance(m, When) and m.day is not None and m.start < start
    ]
    return bool(days) and days[-1].year == year and not days[-1].anniversary


def page_year(cand: Candidate) -> int | None:
    """The page's year, where a deed has no year or period of its own."""
    when = cand.when
    own = (isinstance(when, When) and when.year is not None) or (
        isinstance(when, Span) and bool(when.first or when.last)
    )
    return None if own else cand.clause.scene.year
