"""Who gives, and who receives where the verb says so (bên hỗ trợ, bên nhận)."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise, takewhile

from hoptac.reading.claims.phrases import clean_phrase
from hoptac.reading.claims.tokens import Token
from hoptac.reading.claims.verbs import Clause
from hoptac.reading.mentions import Reference
from hoptac.reading.scene import Scene
from hoptac.reading.values import PartyName

Parties = tuple[PartyName, ...]

ADVERBS = 4
"""The most words ("cũng đã tiếp tục") between a giver that no table knows and its verb."""

ASKED_WORDS = 12
"""Who is asked is named in at most so many words."""

NOT_SUBJECT_AFTER = ("of", "in", "to", "for", "by", "with")
"""Kinds of words whose party is no subject."""


def parties_by_voice(clause: Clause, carried: Parties) -> tuple[Parties, Parties, bool]:
    """Who gives, who receives as far as the verb's voice tells, and whether both sides do it together.

    ``carried`` is the giver of the sentence before, who goes on giving where a clause names none.
    """
    scene, before = clause.scene, clause.before
    named = subject(clause)
    giver: Parties
    receiver: Parties
    if clause.verb.voice == "active":
        giver, receiver = named or carried, ()
    elif clause.verb.voice == "by" or (
        clause.verb.voice == "passive" and before and before[-1].kind == "party"
    ):
        giver, receiver = _after_by(scene, before), ()
    else:
        giver, receiver = _from_party(scene, clause.region), named
    last = _last_clause(before)
    together = any(_is_mutual(t) for t in last) and not any(t.kind == "ask" for t in last)
    return giver, receiver, together


def subject(clause: Clause) -> Parties:
    """The party left of the verb: who is asked, capitalised words right before the verb, else the nearest known party."""
    return _asked(clause) or _named_left(clause) or _subject(clause.scene, clause.before)


def _asked(clause: Clause) -> Parties:
    """Who is asked to give: what stands between "đề nghị" and the verb, a known party or not ("các bộ, ngành")."""
    asks = [t for t in clause.before if t.kind == "ask"]
    if not asks:
        return ()
    known = [t for t in clause.before if t.kind == "party" and t.start >= asks[-1].end]
    phrase = clean_phrase(clause.scene, asks[-1].end, clause.head.start)
    if known:
        return tuple(dict.fromkeys(p for t in known for p in clause.scene.parties_of(t.mention)))
    return (PartyName(phrase),) if 0 < len(phrase.split()) <= ASKED_WORDS else ()


def _subject(scene: Scene, before: Sequence[Token]) -> Parties:
    """The giver left of the verb: the nearest party that no preposition governs, with those joined to it."""
    for k in range(len(before) - 1, -1, -1):
        token = before[k]
        if token.kind != "party" or (k and before[k - 1].kind in NOT_SUBJECT_AFTER):
            continue
        parties = list(scene.parties_of(token.mention))
        while (
            k >= 2
            and before[k - 2].kind == "party"
            and (before[k - 1].kind == "and" or before[k - 1].word == ",")
        ):
            k -= 2
            if k and before[k - 1].kind in NOT_SUBJECT_AFTER:
                break
            parties[:0] = scene.parties_of(before[k].mention)
        return tuple(dict.fromkeys(parties))
    return ()


def _named_left(clause: Clause) -> Parties:
    """A giver that no table knows: the capitalised words right before the verb ("NutiFood cũng đã tài trợ …")."""
    scene, start, verb_start = clause.scene, clause.sentence[0], clause.head.start
    before = clause.before
    cut = max(
        (t.end for t in before if t.kind in ("punct", "party", "when", "span", "money", "count")),
        default=start,
    )
    words = scene.doc.text[cut:verb_start].split()
    named = list(takewhile(lambda word: word[:1].isupper() or word in ("&", "-"), words))
    if not named or len(words) - len(named) > ADVERBS:
        return ()
    if cut == start and len(named) == 1 and not any(c.isupper() for c in named[0][1:]):
        return ()  # any sentence begins with a capital
    return (PartyName(" ".join(named)),)


def asker(clause: Clause) -> Parties:
    """Who asks for help, where the verb is asked for: the party before "đề nghị"."""
    for a, b in pairwise(clause.before):
        if b.kind == "ask" and a.kind == "party":
            return clause.scene.parties_of(a.mention)
    return ()


def _after_by(scene: Scene, before: Sequence[Token]) -> Parties:
    parties: list[PartyName] = []
    for token in reversed(before):
        if token.kind == "party":
            parties[:0] = scene.parties_of(token.mention)
        elif token.kind in ("by", "passive"):
            break
    return tuple(dict.fromkeys(parties))


def _from_party(scene: Scene, region: Sequence[Token]) -> Parties:
    for a, b in pairwise(region):
        if a.kind in ("of", "by") and b.kind == "party":
            return scene.parties_of(b.mention)
    return ()


def _last_clause(before: Sequence[Token]) -> Sequence[Token]:
    cuts = [k for k, t in enumerate(before) if t.kind == "punct" and t.word in (";", ":")]
    return before[cuts[-1] + 1 :] if cuts else before


def _is_mutual(token: Token) -> bool:
    return isinstance(token.mention, Reference) and len(token.mention.names) == 2
