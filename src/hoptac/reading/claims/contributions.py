"""Who gave what to whom (khoản hỗ trợ): contributions from the tokens of each sentence.

A sentence is read around its verbs of giving (``verbs.py``). Left of a verb stands the giver or, passive, the receiver
(``givers.py``); right of it, up to the next verb or a full break, its object: to whom (``phrases.py``), what and how much
(``things.py``). What a sentence leaves out is taken from the sentence before it, then from the page: its two localities, its year.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from hoptac.reading.claims.givers import Parties, asker, parties_by_voice, subject
from hoptac.reading.claims.phrases import clean_phrase, party_phrase, place_in
from hoptac.reading.claims.things import Piece, what_phrases
from hoptac.reading.claims.tokens import Marks, Token, tokens_of
from hoptac.reading.claims.topics import field_of
from hoptac.reading.claims.verbs import VERBS, Clause, Verb, adjoining, find_verbs
from hoptac.reading.mentions import Count, Money, Span, When
from hoptac.reading.scene import Scene
from hoptac.reading.values import PartyName

TOPIC_NEAR = 40
"""A field is a sentence's topic where it is named within so many characters of its head."""

TOPIC_LONG = 60
"""A topic without a party or verb after it is read over so many characters."""

SCHEME_NEAR = 30
"""A programme ("đề án", "dự án") is what is carried out where it is named at most this many characters after the verb."""

BUILD_FIRST = ("build", "repair", "equip", "train", "treat", "relief")
PUNCTUAL = ("gift",)


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
    marks: frozenset[str] = frozenset()
    rate: bool = False
    spans: tuple[tuple[int, int], ...] = ()


@dataclass
class Carried:
    """What one sentence hands to the next: its giver and its year; the field within a paragraph only."""

    funder: tuple[PartyName, ...] = ()
    when: When | Span | None = None
    topic: str | None = None


def draft_contributions(scene: Scene, marks: Marks) -> list[Draft]:
    """Every contribution that the page's main lines state, in text order, likes not yet merged."""
    drafts: list[Draft] = []
    headlines: set[str] = set()
    carried = Carried()
    for start, end, role in scene.main:
        if role == "headline":
            if scene.doc.low[start:end] in headlines:
                continue
            headlines.add(scene.doc.low[start:end])
        carried.topic = None
        for a, b in scene.sentences_in(start, end):
            drafts += _read_sentence(scene, marks, a, b, role, carried)
    return drafts


def _read_sentence(
    scene: Scene, marks: Marks, start: int, end: int, role: str, carried: Carried
) -> list[Draft]:
    words = marks.words.within(start, end)
    if not any(hit.value[0] == "same" for hit in words):
        carried.when = None
    if not any(hit.value[0] in VERBS for hit in words):
        _carry_subject(scene, start, end, carried)
        return []
    tokens = tokens_of(scene, marks, start, end)
    carried.topic = _topic(scene, start, tokens) or carried.topic
    drafts: list[Draft] = []
    left = 0
    for verb in find_verbs(scene, tokens):
        drafts += _read_clause(Clause(scene, marks, tokens, verb, left, (start, end), role), carried)
        left = verb.stop
    return drafts


def _carry_subject(scene: Scene, start: int, end: int, carried: Carried) -> None:
    """A sentence that gives nothing hands on the party that it begins with."""
    names = scene.names_in(start, end)
    if names and names[0].start == start:
        carried.funder = scene.parties_of(names[0]) or carried.funder


def _topic(scene: Scene, start: int, tokens: Sequence[Token]) -> str | None:
    """The field named at a sentence's head: "Trong lĩnh vực y tế, …"."""
    word = next((t for t in tokens if t.kind == "topic"), None)
    if word is None or word.start - start > TOPIC_NEAR:
        return None
    stop = next(
        (t.start for t in tokens if t.kind in ("party", *VERBS) and t.start > word.start),
        word.end + TOPIC_LONG,
    )
    return field_of(scene.doc.low[word.start : stop], lexicon=scene.lexicon)


def _read_clause(clause: Clause, carried: Carried) -> Iterator[Draft]:
    carried.when = _when(clause.before) or _when(clause.region[:1]) or carried.when
    giver, receiver, together = parties_by_voice(clause, carried.funder)
    if _gives_nothing(clause):
        return
    if clause.head.kind == "run" and not _runs_for_another(clause, giver, together):
        carried.funder = subject(clause) or carried.funder
        return
    status = _status(clause)
    receiver = (
        giver if together else receiver or party_phrase(clause) or _receiver_unsaid(clause, giver, status)
    )
    if giver and not together:
        carried.funder = giver
    for piece in what_phrases(clause, together=together):
        if _is_given(clause, piece, giver, receiver, status):
            yield _draft(clause, piece, giver, receiver, status, carried)


def _receiver_unsaid(clause: Clause, giver: Parties, status: str) -> Parties:
    """To whom, where the clause does not say: to who asks for it, else to the other of the page's two localities."""
    if status == "requested" and (asking := asker(clause)):
        return asking
    other = clause.scene.other_of_pair(giver[0]) if len(giver) == 1 else None
    if other is None and (place := place_in(clause.scene, clause.start, clause.end)) and place not in giver:
        return (place,)
    return (other,) if other is not None else ()


def _is_given(clause: Clause, piece: Piece, giver: Parties, receiver: Parties, status: str) -> bool:
    """Whether what stands after a verb is enough for a contribution."""
    if not giver and not (piece.to or receiver):
        return False
    if clause.verb.voice == "get" and not giver and not any(t.kind in ("give", "sum") for t in clause.region):
        return False  # "nhận được 1 triệu đồng": no giver, no word of giving
    if piece.money is not None:
        return True
    if piece.count is not None:
        return bool(piece.thing or piece.near)
    weak = clause.head.kind == "sum" or (clause.head.kind == "give" and clause.head.word == "other")
    return bool(piece.thing and giver and receiver) and status != "requested" and not weak


def _draft(
    clause: Clause, piece: Piece, giver: Parties, receiver: Parties, status: str, carried: Carried
) -> Draft:
    scene, (start, end) = clause.scene, clause.sentence
    year, period = _time(clause, carried.when, figured=piece.money is not None or piece.count is not None)
    what = piece.text or clean_phrase(scene, start, end)
    alone = receiver[0] if len(receiver) == 1 and receiver[0].code else None
    said = {
        "subject": bool(subject(clause)),
        "money": piece.money is not None,
        "count": piece.count is not None,
        "recipient": bool(receiver),
        "funder": bool(giver),
        "work": bool(piece.acts),
    }
    return Draft(
        funder=giver,
        recipient=piece.to or receiver,
        what=what,
        act=_act(clause.verb, piece),
        money=piece.money,
        of_total=piece.of_total,
        count=piece.count,
        year=year,
        period=period,
        place=place_in(scene, piece.start, clause.end) or alone,
        field=carried.topic or field_of(what, scene.doc.text[start:end], lexicon=scene.lexicon),
        status=status,
        span=clause.sentence,
        spans=(clause.sentence,),
        rate=piece.rate,
        marks=frozenset(name for name, given in said.items() if given),
    )


NEAR_VERB = 3
"""How many tokens before a verb are looked at for "không", "thiệt hại", "giá"."""


def _gives_nothing(clause: Clause) -> bool:
    """Whether the words around a verb say that nothing is given: "không hỗ trợ", "các hỗ trợ", a loss, a price, a crime."""
    before = clause.before
    if any(t.kind == "crime" for t in clause.tokens) or any(
        t.kind in ("loss", "not") for t in before[-NEAR_VERB:]
    ):
        return True
    noun = bool(before) and clause.head.kind == "give" and before[-1].kind == "some"
    return noun and adjoining(clause.scene, before[-1], clause.head)


def _when(tokens: Sequence[Token]) -> When | Span | None:
    for t in reversed(tokens):
        if isinstance(t.mention, When | Span) and not t.mention.anniversary:
            return t.mention
    return None


def _runs_for_another(clause: Clause, giver: Parties, together: bool) -> bool:
    """Whether a programme carried out is given to another: two localities stand on the page, and it treats or trains people of
    the other, or both carry it out."""
    if clause.scene.pair is None or not giver:
        return False
    if together:
        return True
    kinds = {t.kind for t in clause.region}
    helps = "to" in kinds and any(t.kind == "work" and t.word in ("treat", "train") for t in clause.region)
    near = clause.marks.things.within(clause.start, min(clause.end, clause.start + SCHEME_NEAR))
    return bool(giver[0].code) and (helps or any(hit.value == "other" for hit in near))


STATUS_NEAR = 4
"""How many tokens before a verb tell whether it is asked for, promised or under way."""


def _status(clause: Clause) -> str:
    near = {t.kind for t in clause.tokens[max(0, clause.verb.first - STATUS_NEAR) : clause.verb.first]}
    if "ask" in near:
        return "requested"
    if near & {"will", "plan"}:
        return "pledged"
    habit = any(t.kind == "habit" for t in (*clause.before, *clause.region[:2]))
    return "ongoing" if habit or "going" in near else "done"


def _act(verb: Verb, piece: Piece) -> str:
    """What the giving is called: by its verbs of working, else by the thing, else by its verb of giving."""
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


def _time(
    clause: Clause, when: When | Span | None, *, figured: bool
) -> tuple[int | None, tuple[int | None, int | None] | None]:
    """The year or the period of a deed: the clause's own, else the page's where the deed is the page's news: told with a
    figure, just handed over, or "mới đây". What is told without either may be of any year."""
    kinds = {t.kind for t in clause.before}
    if isinstance(when, When) and when.year is not None:
        return when.year, None
    if isinstance(when, Span) and (when.first or when.last):
        return None, (when.first.year if when.first else None, when.last.year if when.last else None)
    if "past" in kinds or "habit" in kinds:
        return None, None
    handed_over = clause.verb.acts[:1] == PUNCTUAL and clause.role in ("caption", "lead", "headline")
    if figured or kinds & {"recent", "now"} or handed_over or isinstance(when, When):
        return clause.scene.year, None
    return None, None
