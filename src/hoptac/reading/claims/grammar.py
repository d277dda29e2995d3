"""Who gives and who receives by grammar alone (ngữ pháp): what a sentence says where no weights are asked."""

from __future__ import annotations

from collections.abc import Sequence

from hoptac.reading.claims.args import Arg
from hoptac.reading.claims.candidates import Candidate
from hoptac.reading.values import PartyName

Parties = tuple[PartyName, ...]


def all_parties(args: Sequence[Arg]) -> Parties:
    """The parties of several phrases, each once, in order."""
    return tuple(dict.fromkeys(p for a in args for p in a.parties))


GOVERNED = ("of", "in", "to", "for", "by", "with")
"""Kinds of words whose phrase is no subject."""

KINDS = {
    "people": "folk",
    "giver": "giver",
    "body": "noun",
    "name": "name",
    "stand_in": "standin",
    "person": "person",
    "officer": "officer",
}


def kind_class(kind: str) -> str:
    """A kind of phrase as one of a few."""
    return KINDS.get(kind, "place" if kind.startswith("place") else "body")


def side_of(cand: Candidate, args: Sequence[Arg]) -> str:
    verb = cand.clause.head
    return "L" if args[-1].end <= verb.start else "R" if args[0].start >= verb.end else "V"


def ruled_funder(cand: Candidate) -> tuple[Arg, ...]:
    """Who gives by plain grammar: who is asked; passive, who stands before the verb or after "của"; else the nearest subject left of it."""
    clause, verb = cand.clause, cand.clause.head
    left = [a for a in cand.args if a.end <= verb.start]
    right = [a for a in cand.args if clause.start <= a.start < clause.end]
    asks = [t for t in clause.before if t.kind == "ask"]
    if asks and (asked := [a for a in left if a.start >= asks[-1].end]):
        return _joined(asked, asked[0])
    if clause.verb.voice in ("passive", "by"):
        marks = [t for t in clause.tokens if t.end <= verb.start and t.kind in ("passive", "by")]
        agents = [a for a in left if marks and a.start >= marks[-1].end]
        if agents:
            return _joined(agents, agents[-1])
    if clause.verb.voice in ("passive", "get", "by"):
        from_ = [a for a in right if a.before in ("of", "by", "since")]
        return _joined(right, from_[0]) if from_ else ()
    free = [a for a in left if a.before not in GOVERNED and a.kind != "people"]
    breaks = [
        t.end for t in clause.tokens if t.end <= verb.start and (t.kind == "say" or t.word in (";", ":"))
    ]
    for cut in reversed([clause.sentence[0], *breaks]):
        if inside := [a for a in free if a.start >= cut]:
            return _joined(inside, inside[0])
    folk = [a for a in left if a.before not in GOVERNED]
    return _joined(folk, folk[0]) if folk else ()


def ruled_recipient(cand: Candidate) -> tuple[Arg, ...]:
    """Who receives by plain grammar: right after the verb, after "cho", else people named after it; passive, who stands left of it."""
    clause, verb = cand.clause, cand.clause.head
    left = [a for a in cand.args if a.end <= verb.start]
    right = [a for a in cand.args if a.start >= clause.start]
    if clause.verb.voice in ("passive", "get"):
        free = [a for a in left if a.before not in GOVERNED]
        if free:
            return _joined(free, free[-1] if clause.verb.voice == "get" or len(free) == 1 else free[0])
    text = clause.scene.doc.text
    if right and not text[clause.start : right[0].start].strip():
        return _joined(right, right[0])
    figure = cand.figure
    to = [a for a in right if a.before == "to"]
    after = [a for a in to if a.start >= figure] or to
    if after:
        return _joined(right, after[0])
    asks = [t for t in clause.before if t.kind == "ask"]
    if asks and (asking := [a for a in left if a.end <= asks[-1].start and a.before not in GOVERNED]):
        return _joined(asking, asking[-1])
    folk = [a for a in right if a.kind == "people"]
    return _joined(right, folk[0]) if folk else ()


def _joined(args: Sequence[Arg], one: Arg) -> tuple[Arg, ...]:
    return tuple(a for a in args if a.group == one.group)


def is_bare(cand: Candidate, arg: Arg) -> bool:
    """Whether a phrase is a noun for people or a body and no more ("đoàn", "các hộ dân"): it stands for one named before."""
    return arg.kind in ("people", "giver", "body") and len(arg.parties[0].name.split()) <= 2
