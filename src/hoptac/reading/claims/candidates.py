"""What a page may say was given (khoản có thể là hỗ trợ): every sum, counted thing or named thing near a verb of giving.

Candidates are made generously: each is one thing with its verb, the phrases of its sentence, and what the sentences before
hand on. Which of them stand is decided later (``choose.py``).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from hoptac.reading.claims.args import Arg, args_of
from hoptac.reading.claims.things import Piece, loose_piece, what_phrases
from hoptac.reading.claims.tokens import Marks, Token, tokens_of
from hoptac.reading.claims.topics import field_of
from hoptac.reading.claims.verbs import VERBS, Clause, Verb, find_verbs
from hoptac.reading.mentions import Count, Money, Reference, Span, When
from hoptac.reading.scene import Scene

TOPIC_NEAR = 40
"""A field is a sentence's topic where it is named within so many characters of its head."""

TOPIC_LONG = 60
"""A topic without a party or verb after it is read over so many characters."""

SCHEME_NEAR = 30
"""A programme ("đề án", "dự án") is what is carried out where it is named at most this many characters after the verb."""


@dataclass
class Carried:
    """What one sentence hands to the next: who gave and received in it, its year, its verb; the field within a paragraph only."""

    left: tuple[Arg, ...] = ()
    right: tuple[Arg, ...] = ()
    older: tuple[Arg, ...] = ()
    first: Arg | None = None
    when: When | Span | None = None
    topic: str | None = None
    verb: str = ""
    given: int = 99
    """How many sentences ago something was given."""


@dataclass(frozen=True)
class Story:
    """What the whole page tells of its giving: the phrases of its headline, left and right of the verb there."""

    left: tuple[Arg, ...] = ()
    right: tuple[Arg, ...] = ()


@dataclass(frozen=True)
class Candidate:
    """One thing that may have been given. ``args`` are the phrases of its sentence; ``carried`` is a copy."""

    clause: Clause
    piece: Piece
    args: Sequence[Arg]
    carried: Carried
    story: Story
    when: When | Span | None
    topic: str | None
    together: bool = False
    loose: str = ""
    """Where the figure stands outside the verb's object: "before" it, "after" it, or in a sentence of its own ("follow")."""
    verbs: Sequence[Token] = field(default=())

    @property
    def figure(self) -> int:
        """Where the figure of the thing, or the thing, begins."""
        piece = self.piece
        if piece.money is not None:
            return piece.money.start
        return piece.count.start if piece.count is not None and piece.near else piece.start


def find_candidates(scene: Scene, marks: Marks) -> Iterator[Candidate]:
    """Every candidate of the page's main lines, in text order; a headline said twice is read once."""
    headlines: set[str] = set()
    carried, story = Carried(), Story()
    for start, end, role in scene.main:
        if role == "headline":
            if scene.doc.low[start:end] in headlines:
                continue
            headlines.add(scene.doc.low[start:end])
        carried.topic = None
        for a, b in scene.sentences_in(start, end):
            found, story = _read_sentence(scene, marks, a, b, role, carried, story)
            yield from found


def _read_sentence(
    scene: Scene, marks: Marks, start: int, end: int, role: str, carried: Carried, story: Story
) -> tuple[list[Candidate], Story]:
    words = marks.words.within(start, end)
    carried.given += 1
    if not any(hit.value[0] == "same" for hit in words):
        carried.when = None
    spoken = {hit.value[0] for hit in words} & set(VERBS)
    figures = scene.figures_in(start, end)
    follows = carried.given <= FOLLOWS and any(isinstance(m, Money | Count) for m in figures)
    if spoken and not any(isinstance(m, Money | Count) for m in figures):
        named = marks.things.within(start, end) or marks.folk.within(start, end)
        if not (spoken & PLAINLY and named):
            spoken = set()  # "gửi", "chi", "dành" give something only with its figure
    if not spoken and not follows:
        _hand_on_first(scene, start, end, carried)
        return [], story
    tokens = tokens_of(scene, marks, start, end)
    args = args_of(scene, marks, tokens, start, end)
    carried.topic = _topic(scene, start, tokens) or carried.topic
    found: list[Candidate] = []
    if not spoken:
        tokens = [Token("follow", start, start, "fund"), *tokens]
        clause = Clause(scene, marks, tokens, Verb(0, 1, len(tokens), "follow"), 0, (start, end), role)
        found = list(_loose(clause, args, carried, story, set(), only="follow"))
    left = 0
    verbs = find_verbs(scene, tokens) if spoken else []
    heads = [tokens[verb.first] for verb in verbs]
    clauses = []
    for verb in verbs:
        clause = Clause(scene, marks, tokens, verb, left, (start, end), role)
        left = verb.stop
        carried.when = _when(clause.before) or _when(clause.region[:1]) or carried.when
        together = any(_is_mutual(t) for t in _last_clause(clause.before)) and not any(
            t.kind == "ask" for t in _last_clause(clause.before)
        )
        if clause.head.kind == "run" and not _runs_for_another(clause, together):
            continue
        clauses.append(clause)
        found += [
            Candidate(
                clause, piece, args, _copy(carried), story, carried.when, carried.topic, together, verbs=heads
            )
            for piece in what_phrases(clause, together=together)
            if clause.head.kind != "send" or piece.money is not None or piece.count is not None
        ]
        _hand_on(clause, args, carried)
    if clauses:
        used = {c.piece.money.start for c in found if c.piece.money is not None}
        used |= {c.piece.count.start for c in found if c.piece.count is not None}
        totals = {c.piece.of_total for c in found if c.piece.of_total is not None}
        used |= {t.start for t in tokens if isinstance(t.mention, Money) and t.mention.value in totals}
        for clause in clauses:
            found += list(_loose(clause, args, carried, story, used, heads=heads))
    if found:
        carried.given = 0
        if role == "headline" and not story.left and not story.right:
            head = found[0].clause.head
            story = Story(
                tuple(a for a in args if a.end <= head.start), tuple(a for a in args if a.start >= head.end)
            )
    elif not spoken:
        _hand_on_first(scene, start, end, carried)
    return found, story


PLAINLY = {"give", "get", "sum", "run"}
"""Kinds of verbs that may give a thing without a figure."""

FOLLOWS = 1
"""A sentence with a sum and no verb of giving may still tell of what the sentence right before it gave."""


def _copy(carried: Carried) -> Carried:
    return Carried(
        carried.left,
        carried.right,
        carried.older,
        carried.first,
        carried.when,
        carried.topic,
        carried.verb,
        carried.given,
    )


def _loose(
    clause: Clause,
    args: Sequence[Arg],
    carried: Carried,
    story: Story,
    used: set[int],
    only: str = "",
    heads: Sequence[Token] = (),
) -> Iterator[Candidate]:
    """The sums and counted things of a sentence that stand outside every verb's object, each with the verb nearest after it,
    else before it."""
    for n, token in enumerate(clause.tokens):
        if token.kind not in LOOSE or token.start in used:
            continue
        if n > 1 and clause.tokens[n - 1].word == "(" and clause.tokens[n - 2].kind == "money":
            continue  # the same sum in another currency, in brackets
        where = only or ("before" if token.start < clause.head.start else "after")
        used.add(token.start)
        piece = loose_piece(clause, token)
        if piece is not None:
            yield Candidate(
                clause,
                piece,
                args,
                _copy(carried),
                story,
                carried.when,
                carried.topic,
                loose=where,
                verbs=heads,
            )


LOOSE = ("money", "count")
"""Kinds of figures that may be given outside a verb's object."""


def _hand_on(clause: Clause, args: Sequence[Arg], carried: Carried) -> None:
    left = [
        a
        for a in args
        if a.end <= clause.head.start and a.before not in ("of", "in", "to", "for", "by", "with")
    ]
    right = [a for a in args if a.start >= clause.start and a.start < clause.end]
    if left:
        group = left[0].group if clause.verb.voice != "active" else left[-1].group
        now = tuple(a for a in left if a.group == group)
        if not (carried.left and all(_bare(a) for a in now)):
            if carried.left and carried.left[0].parties != now[0].parties:
                carried.older = carried.left
            carried.left = now
    to = [a for a in right if a.before in ("to", "give")] or [
        a for a in right if a.start - clause.start <= NEAR_TO and a.kind != "name"
    ]
    if to:
        now = tuple(a for a in right if a.group == to[0].group)
        if not (carried.right and all(_bare(a) for a in now)):
            carried.right = now
    carried.verb = clause.scene.doc.low[clause.head.start : clause.head.end]
    carried.first = args[0] if args else carried.first


def _bare(arg: Arg) -> bool:
    """Whether a phrase is a noun and no more: it hands nothing on in place of a fuller one."""
    return arg.kind in ("people", "giver", "body") and len(arg.parties[0].name.split()) <= 2


NEAR_TO = 10
"""A phrase this near after a verb is to whom."""


def _hand_on_first(scene: Scene, start: int, end: int, carried: Carried) -> None:
    """A sentence that gives nothing hands on the party that it begins with."""
    names = scene.names_in(start, end)
    if names and names[0].start == start:
        parties = scene.parties_of(names[0])
        if parties:
            carried.first = Arg(names[0].start, names[0].end, parties, "stand_in")


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


def _when(tokens: Sequence[Token]) -> When | Span | None:
    for t in reversed(tokens):
        if isinstance(t.mention, When | Span) and not t.mention.anniversary:
            return t.mention
    return None


def _last_clause(before: Sequence[Token]) -> Sequence[Token]:
    cuts = [k for k, t in enumerate(before) if t.kind == "punct" and t.word in (";", ":")]
    return before[cuts[-1] + 1 :] if cuts else before


def _is_mutual(token: Token) -> bool:
    return isinstance(token.mention, Reference) and len(token.mention.names) == 2


def _runs_for_another(clause: Clause, together: bool) -> bool:
    """Whether a programme carried out is given to another: two localities stand on the page, and it treats or trains people of
    the other, or both carry it out."""
    if clause.scene.pair is None:
        return False
    if together:
        return True
    kinds = {t.kind for t in clause.region}
    helps = "to" in kinds and any(t.kind == "work" and t.word in ("treat", "train") for t in clause.region)
    near = clause.marks.things.within(clause.start, min(clause.end, clause.start + SCHEME_NEAR))
    return helps or any(hit.value == "other" for hit in near)
