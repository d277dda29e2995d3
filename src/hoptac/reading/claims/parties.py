"""Who gives and who receives (bên cho, bên nhận): every answer that a page offers, and what speaks for each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from hoptac.lexicon import Lexicon
from hoptac.reading.claims.args import Arg
from hoptac.reading.claims.around import Around, step
from hoptac.reading.claims.candidates import Candidate
from hoptac.reading.claims.cast import Cast, Seen
from hoptac.reading.claims.grammar import (
    GOVERNED,
    Parties,
    all_parties,
    is_bare,
    kind_class,
    ruled_funder,
    ruled_recipient,
    side_of,
)
from hoptac.reading.values import PartyName

FAR = ("pool", "poolgroup")
"""Sources of phrases from other sentences."""

POOL = 60
"""At most so many answers come from other sentences."""


@dataclass(frozen=True)
class Option:
    """One answer to who gives or who receives: ``source`` is here (a phrase of the sentence), group (several joined), pool or
    poolgroup (the same of other sentences, ``seen`` says where), self (a person in office for himself), prevby or prevto (as
    the deed before), or where else it is taken from; none says that the page does not tell."""

    parties: Parties
    source: str
    args: tuple[Arg, ...] = ()
    seen: tuple[Seen, ...] = ()


@dataclass(frozen=True)
class Deed:
    """Who gives and who receives in one of the page's deeds, by grammar alone, and in which sentence it stands."""

    by: Parties
    to: Parties
    sentence: int


def deed_of(cand: Candidate, cast: Cast) -> Deed:
    """What grammar alone says of a candidate."""
    number = cast.number(cand.clause.sentence[0])
    return Deed(all_parties(ruled_funder(cand)), all_parties(ruled_recipient(cand)), number)


def options_of(cand: Candidate, cast: Cast, before: Sequence[Deed]) -> list[Option]:
    """Every answer to who gives, or who receives: the phrases of the sentence alone and as joined, those of the sentences around,
    those of the deeds told before, none."""
    options: list[Option] = []
    for _, group in groupby(cand.args, key=lambda a: a.group):
        members = tuple(group)
        for arg in members:
            options.append(Option(arg.parties, "here", (arg,)))
            if _speaks_for_another(arg):
                options.append(Option((PartyName(arg.person),), "self", (arg,)))
        if len(members) > 1:
            for a in range(len(members)):
                for b in range(a + 2, len(members) + 1):
                    if a == 0 or b == len(members):
                        options.append(Option(all_parties(members[a:b]), "group", members[a:b]))
    options += _meant(cand, cast)
    carried, story = cand.carried, cand.story
    if carried.left:
        options.append(Option(all_parties(carried.left), "left", carried.left))
    if carried.right:
        options.append(Option(all_parties(carried.right), "right", carried.right))
    if carried.first is not None:
        options.append(Option(carried.first.parties, "first", (carried.first,)))
    if story.left:
        options.append(Option(all_parties(story.left[-1:]), "headleft", story.left[-1:]))
    if story.right:
        options.append(Option(all_parties(story.right[:1]), "headright", story.right[:1]))
    if carried.older:
        options.append(Option(all_parties(carried.older), "older", carried.older))
    scene = cand.clause.scene
    for n, locality in enumerate(scene.localities[:2]):
        options.append(Option((locality,), f"page{n}"))
    options += [Option((unit,), f"unit{n}") for n, unit in enumerate(scene.often_lower[:2])]
    if by := next((d.by for d in reversed(before) if d.by), ()):
        options.append(Option(by, "prevby"))
    if to := next((d.to for d in reversed(before) if d.to), ()):
        options.append(Option(to, "prevto"))
    options += _pool(cand, cast)
    options.append(Option((), "none"))
    return options


def _meant(cand: Candidate, cast: Cast) -> list[Option]:
    """Whom a bare noun of the sentence ("đoàn", "đơn vị này", "quỹ") may mean: the nearest fuller name before it that begins with
    the same word, and the nearest body."""
    bare = [a for a in cand.args if a.kind in ("giver", "body", "stand_in") and is_bare(cand, a)]
    if not bare:
        return []
    earlier = [s for s in cast.around(cand.clause.sentence[0]) if s.far >= 0]
    options: list[Option] = []
    for arg in bare:
        head = arg.parties[0].name.split()[0].lower()
        named = (s for s in earlier if s.arg.parties and len(s.arg.parties[0].name.split()) > 2)
        like = next((s for s in named if s.arg.parties[0].name.lower().startswith(head)), None)
        body = next((s for s in earlier if kind_class(s.arg.kind) in ("body", "name")), None)
        if like is not None:
            options.append(Option(like.arg.parties, "like", (arg,), (like,)))
        if body is not None and body is not like:
            options.append(Option(body.arg.parties, "lastbody", (arg,), (body,)))
    return options


def _speaks_for_another(arg: Arg) -> bool:
    return bool(arg.person) and any(p.name != arg.person for p in arg.parties)


def _pool(cand: Candidate, cast: Cast) -> list[Option]:
    """The phrases of the sentences around, likes as one answer."""
    found: dict[Parties, tuple[str, tuple[Arg, ...], list[Seen]]] = {}
    for _, some in groupby(cast.around(cand.clause.sentence[0]), key=lambda s: (s.far, s.arg.group)):
        members = list(some)
        rows: list[tuple[str, tuple[Seen, ...]]] = [("pool", (one,)) for one in members]
        if len(members) > 1:
            rows.append(("poolgroup", tuple(members)))
        for source, row in rows:
            args = tuple(s.arg for s in row)
            found.setdefault(all_parties(args), (source, args, []))[2].append(row[0])
            if len(args) == 1 and _speaks_for_another(args[0]):
                own = (PartyName(args[0].person),)
                found.setdefault(own, ("poolself", args, []))[2].append(row[0])
    answers = [Option(parties, source, args, tuple(seen)) for parties, (source, args, seen) in found.items()]
    return answers[:POOL]


def role_features(
    cand: Candidate,
    option: Option,
    around: Around,
    ruled: tuple[Arg, ...],
    deeds: Sequence[Deed],
    at: int,
    other: Parties | None = None,
) -> Iterator[str]:
    """What speaks for one answer to who gives (or who receives; ``other`` is then who gives). ``ruled`` is the answer of grammar,
    ``deeds`` are those of the whole page, of which the candidate is number ``at``."""
    clause = cand.clause
    verb, voice = clause.head, clause.verb.voice
    source = option.source
    yield f"src={source}"
    yield f"src={source}|ruled={bool(ruled)}"
    lefts = sum(1 for a in cand.args if a.end <= verb.start and a.before not in GOVERNED)
    rights = sum(1 for a in cand.args if a.start >= clause.start)
    inside = source in ("here", "group", "self", "like", "lastbody")
    if not inside:
        yield f"{source}|{voice}"
        yield f"{source}|{voice}|ruled={bool(ruled)}"
        yield f"{source}|L{min(lefts, 1)}R{min(rights, 1)}|{bool(ruled)}"
        yield f"{source}|{clause.role}"
        yield f"{source}|loose={cand.loose}"
        yield f"{source}|given={step(cand.carried.given)}"
        if ruled and all(is_bare(cand, a) for a in ruled):
            yield f"{source}|bareruled"
    told = _told(cand)
    yield f"{'here' if inside else source}|{told}"
    if option.args:
        first = option.args[0]
        yield f"{'here' if inside else 'far'}|{told}|{kind_class(first.kind)}"
        if inside:
            yield f"{side_of(cand, option.args)}|{first.before or '-'}|{told}"
    if option.parties:
        times = max(around.named[p.name] for p in option.parties)
        yield f"named={step(times)}"
        yield f"named={'most' if times == around.most else step(times)}|{'here' if inside else 'far'}"
        yield from _history(option, deeds, at, inside=inside)
    if other is not None and option.parties:
        shared = {p.name for p in option.parties} & {p.name for p in other}
        yield f"shared={bool(shared)}"
        pair = {p.name for p in clause.scene.pair} if clause.scene.pair else set()
        alone = bool(other) and not shared and len(option.parties) == 1
        if alone and option.parties[0].name in pair and other[0].name in pair:
            yield "otherofpair"
    if not option.args:
        return
    arg = option.args[0]
    kind = kind_class(arg.kind)
    yield f"kind={kind}"
    yield f"kind={kind}|{'here' if inside else 'far'}"
    yield f"body={arg.kind}"
    if inside and option.seen:
        far = step(option.seen[0].far)
        yield from (f"{source}|{name}" for name in (f"far={far}", f"side={option.seen[0].side}", f"{voice}"))
        yield f"{source}|{kind_class(option.seen[0].arg.kind)}|opens={option.seen[0].opens}"
        yield from _near_features(cand, option, ruled)
    elif option.seen:
        yield from _far_features(cand, option, ruled)
    elif not inside:
        yield f"{source}|{kind}"
    else:
        yield from _near_features(cand, option, ruled)


def _told(cand: Candidate) -> str:
    """What a sentence says of its parties at all: to whom ("cho"), by whom ("do"), a subject, each told or not."""
    verb = cand.clause.head
    left = [a for a in cand.args if a.end <= verb.start]
    to = any(a.before == "to" and a.start >= verb.start for a in cand.args)
    by = any(a.before == "by" for a in cand.args)
    subject = any(a.before not in GOVERNED and a.kind not in ("people",) for a in left)
    return (
        f"{'to' if to else '-'}{'by' if by else '-'}{'subject' if subject else '-'}|{cand.clause.verb.voice}"
    )


def _history(option: Option, deeds: Sequence[Deed], at: int, *, inside: bool) -> Iterator[str]:
    """Whether the page's other deeds have this party as a giver or receiver."""
    where = "here" if inside else "far"
    names = {p.name for p in option.parties}
    others = [d for n, d in enumerate(deeds) if n != at]
    if not others:
        return
    last = deeds[at - 1] if at else None
    for role in ("by", "to"):
        told = [d.by if role == "by" else d.to for d in others]
        times = sum(names == {p.name for p in parties} for parties in told)
        known = sum(bool(parties) for parties in told)
        yield f"often{role}={min(times, 3)}|{where}"
        if known > 1:
            yield f"most{role}={times * 2 > known}|{where}"
        if last is not None and names == {p.name for p in (last.by if role == "by" else last.to)}:
            yield f"was{role}|{step(deeds[at].sentence - last.sentence)}"
            yield f"was{role}|{option.source}"


def _far_features(cand: Candidate, option: Option, ruled: tuple[Arg, ...]) -> Iterator[str]:
    """What speaks for a phrase of another sentence."""
    source, near = option.source, option.seen[0]
    arg = option.args[0]
    kind = kind_class(arg.kind)
    voice = cand.clause.verb.voice
    far = "next" if near.far < 0 else step(near.far)
    yield f"{source}|far={far}"
    yield f"{source}|far={far}|{kind}"
    yield f"{source}|far={far}|ruled={bool(ruled)}"
    yield f"{source}|side={near.side}|{voice}"
    yield f"{source}|side={near.side}|{kind}"
    yield f"{source}|line={near.same_line}"
    yield f"{source}|opens={near.opens}|{near.side}"
    gov = near.arg.before or "-"
    yield f"{source}|gov={gov}|{near.side}"
    times = len({s.far for s in option.seen})
    yield f"{source}|times={min(times, 4)}"
    yield f"{source}|times={min(times, 4)}|{kind}"
    bare = is_bare(cand, arg)
    yield f"{source}|bare={bare}|{kind}"
    if any(s.far >= 0 and s.arg.start < cand.clause.scene.main[0][1] for s in option.seen):
        yield f"{source}|headline"
        yield f"{source}|headline|{kind}"
    sides = {s.side for s in option.seen}
    yield f"{source}|sides={''.join(sorted(sides))}"
    if arg.counted is not None:
        yield f"{source}|counted"
    names = {p.name for p in option.parties}
    for name, args in (
        ("left", cand.carried.left),
        ("right", cand.carried.right),
        ("headleft", cand.story.left[-1:]),
        ("headright", cand.story.right),
    ):
        if names & {p.name for p in all_parties(args)}:
            yield f"{source}|as{name}"
    if ruled and all(is_bare(cand, a) for a in ruled):
        head = {w for a in ruled for w in a.parties[0].name.lower().split()[:1]}
        yield f"{source}|full={bool(head & {p.name.lower().split()[0] for p in option.parties if p.name})}"


def _near_features(cand: Candidate, option: Option, ruled: tuple[Arg, ...]) -> Iterator[str]:
    """What speaks for a phrase of the candidate's own sentence."""
    clause = cand.clause
    verb, voice, source = clause.head, clause.verb.voice, option.source
    arg, last = option.args[0], option.args[-1]
    kind = kind_class(arg.kind)
    if source == "self":
        yield f"self|{arg.kind}|{voice}"
    if ruled:
        if option.args == ruled:
            yield "ruled"
            yield f"ruled|{voice}"
            yield f"ruled|{kind}"
            yield f"ruled|{source}"
        elif set(option.args) & set(ruled):
            yield "partruled"
    text = clause.scene.doc.text
    side = side_of(cand, option.args)
    bare = is_bare(cand, arg)
    yield f"bare={bare}|{kind}"
    if bare:
        yield f"bare|left={bool(cand.carried.left)}|right={bool(cand.carried.right)}"
    yield f"{side}|{kind}"
    gov = arg.before or "-"
    if side == "L":
        between = [a for a in cand.args if last.end <= a.start and a.end <= verb.start]
        words = len(text[last.end : verb.start].split())
        tokens = [t for t in clause.tokens if last.end <= t.start and t.end <= verb.start]
    else:
        between = [a for a in cand.args if clause.start <= a.start and a.end <= arg.start]
        words = len(text[clause.start : arg.start].split())
        tokens = [t for t in clause.tokens if clause.start <= t.start and t.end <= arg.start]
    far = min(len([a for a in between if a.before not in GOVERNED]), 2)
    yield f"{side}|{voice}|{gov}|{far}"
    yield f"{side}|{voice}|{gov}"
    yield f"{side}|{voice}|{far}"
    yield f"{side}|{gov}|{kind}"
    yield f"{side}|words={step(words)}"
    kinds = {t.word if t.kind == "punct" else t.kind for t in tokens}
    for name in kinds & BETWEEN:
        yield f"{side}|over={name}"
    if arg.start >= clause.end:
        yield f"{side}|beyond"
    if side == "L" and clause.left < len(clause.tokens) and arg.start < clause.tokens[clause.left].start:
        yield f"{side}|otherclause"
    figure = cand.figure
    yield f"{side}|{'pre' if last.end <= figure else 'post'}"
    yield from _aligned(cand, arg, last)
    if last.end <= figure and not text[last.end : figure].strip():
        yield f"{side}|rightbeforefigure"
    if arg.start == clause.sentence[0]:
        yield f"{side}|opens"
    grouped = sum(1 for a in cand.args if a.group == arg.group)
    yield f"{source}|{'all' if grouped == len(option.args) else 'some'}|{kind}"
    if arg.counted is not None:
        yield f"{side}|counted"
    if set(option.parties) & set(all_parties(cand.carried.left)):
        yield "sameasleft"
    if set(option.parties) & set(all_parties(cand.carried.right)):
        yield "sameasright"
    if set(option.parties) & set(all_parties(cand.story.left[-1:])):
        yield "sameasheadleft"
    if set(option.parties) & set(all_parties(cand.story.right)):
        yield "sameasheadright"
    lead = text[clause.sentence[0] : arg.start].split()
    if lead and lead[-1].lower() in clause.scene.lexicon.built(_leads):
        yield f"{side}|after={lead[-1].lower()}"


def _aligned(cand: Candidate, arg: Arg, last: Arg) -> Iterator[str]:
    """How a phrase stands among the figures of its sentence: in a list ("Bình Dương 3 tỷ đồng, Đà Nẵng 1 tỷ đồng") each belongs to
    the figure after it."""
    clause, piece = cand.clause, cand.piece
    kind = "money" if piece.money is not None else "count"
    figures = [t.start for t in clause.tokens if t.kind == kind]
    n = "many" if len(figures) > 2 else str(len(figures))
    figure = cand.figure
    before = last.end <= figure
    low, high = (last.end, figure) if before else (figure, arg.start)
    crossed = sum(low <= at < high and at != figure for at in figures)
    between = sum(low <= a.start and a.end <= high for a in cand.args if a not in (arg, last))
    cut = any(low <= t.start < high and t.word in (";", ":") for t in clause.tokens)
    side = "pre" if before else "post"
    yield f"{side}|crossed={min(crossed, 2)}|figures={n}"
    yield f"{side}|next={between == 0 and not crossed}|figures={n}|cut={cut}"
    near = figure - last.end if before else 99
    yield f"{side}|close={near <= CLOSE}|figures={n}"
    nxt = min((at for at in figures if at >= last.end), default=-1)
    yield f"before={'this' if nxt == figure else 'other' if nxt >= 0 else 'none'}|figures={n}"
    verbs = [
        t.start for t in clause.tokens if t.kind in ("give", "send", "get", "sum") and low <= t.start < high
    ]
    yield f"{side}|verbs={min(len(verbs), 2)}|figures={n}"


CLOSE = 4
"""A phrase is right before a figure where at most so many characters (": ", " (") lie between."""


def _leads(lexicon: Lexicon) -> frozenset[str]:
    """Words right before a party that are features: those that join a phrase to another."""
    kinds = ("to", "of", "in", "by", "with", "since", "for", "and", "some", "stop")
    rows = lexicon.table("claim_words")
    return frozenset(row["literal"] for row in rows if row["kind"] in kinds and " " not in row["literal"])


VERBAL = {"give", "send", "get", "run", "work", "sum"}
BETWEEN = frozenset(
    {"ask", "to", "for", "of", "by", "in", "passive", "stop", "with", "will", "plan", "money", "count"}
    | {",", ":", ";", "("}
    | VERBAL
)
"""Kinds of words between a phrase and its verb that are features."""
