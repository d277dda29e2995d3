"""The verbs of giving in a sentence, and the clause around each (động từ và mệnh đề)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from hoptac.reading.claims.tokens import Marks, Token
from hoptac.reading.scene import Scene

VERBS = ("give", "send", "sum", "get", "run")
GIVING = ("give", "send", "sum", "get")


@dataclass(frozen=True)
class Verb:
    """One chain of verbs in a sentence: ``tokens[first:after]`` hold it, its object ends before ``tokens[stop]``."""

    first: int
    after: int
    stop: int
    voice: str
    acts: tuple[str, ...] = field(default=())


@dataclass(frozen=True)
class Clause:
    """One verb with all that its sentence gives it: what stands left of it since the verb before, and its object."""

    scene: Scene
    marks: Marks
    tokens: Sequence[Token]
    verb: Verb
    left: int
    sentence: tuple[int, int]
    role: str

    @property
    def head(self) -> Token:
        return self.tokens[self.verb.first]

    @property
    def chain(self) -> Sequence[Token]:
        return self.tokens[self.verb.first : self.verb.after]

    @property
    def before(self) -> Sequence[Token]:
        return self.tokens[self.left : self.verb.first]

    @property
    def region(self) -> Sequence[Token]:
        """The tokens of the object."""
        return self.tokens[self.verb.after : self.verb.stop]

    @property
    def start(self) -> int:
        """Where the object begins: the end of the verbs."""
        return self.tokens[self.verb.after - 1].end

    @property
    def end(self) -> int:
        """Where the object ends."""
        return self.tokens[self.verb.stop].start if self.verb.stop < len(self.tokens) else self.sentence[1]

    @property
    def to_works(self) -> bool:
        """Whether the verbs end in one of working ("hỗ trợ xây dựng"), so that a work follows and no receiver."""
        return self.tokens[self.verb.after - 1].kind == "work"

    def bare(self, start: int, end: int) -> bool:
        """Whether nothing but space lies between two positions."""
        return not self.scene.doc.text[start:end].strip()


def find_verbs(scene: Scene, tokens: Sequence[Token]) -> list[Verb]:
    """The chains of verbs of a sentence, in order, each with where its object ends."""
    heads: list[tuple[int, int]] = []
    i = 0
    while i < len(tokens):
        if tokens[i].kind in VERBS:
            j = i + 1
            while (
                j < len(tokens)
                and tokens[j].kind in ("give", "send", "sum", "work", "noun")
                and adjoining(scene, tokens[j - 1], tokens[j])
            ):
                j += 1
            heads.append((i, j))
            i = j
        else:
            i += 1
    verbs: list[Verb] = []
    for n, (first, after) in enumerate(heads):
        if verbs and first < verbs[-1].stop:
            continue
        stop = len(tokens)
        for nxt, nxt_after in heads[n + 1 :]:
            breaks = _break_before(tokens, after, nxt)
            given = tokens[first].kind in ("give", "send") and breaks is None
            if given and tokens[nxt].word == "gift" and nxt_after == nxt + 1:
                continue  # "trao quà tặng người có công": the second verb only says to whom
            goes_on = tokens[nxt].kind == "give" or tokens[nxt].word == "invest"
            if given and goes_on and any(t.kind == "money" for t in tokens[after:nxt]):
                continue  # "trao 10 tỷ đồng hỗ trợ các địa phương": the second says what the sum is for
            if breaks is None and tokens[first].kind == "get":
                continue  # "tiếp nhận 5 tỷ đồng hỗ trợ của …": the second is a noun
            stop = breaks if breaks is not None else nxt
            break
        semi = next(
            (k for k in range(after, stop) if tokens[k].kind == "punct" and tokens[k].word == ";"), stop
        )
        verbs.append(Verb(first, after, semi, _voice(scene, tokens, first), _acts(tokens[first:after])))
    return verbs


def adjoining(scene: Scene, a: Token, b: Token) -> bool:
    return not scene.doc.text[a.end : b.start].strip()


def _break_before(tokens: Sequence[Token], after: int, nxt: int) -> int | None:
    """Where the clause of verb ``nxt`` begins: the comma or "và" before its giver, and before the year that leads it."""
    cut = None
    for k in range(nxt - 1, after - 1, -1):
        token = tokens[k]
        if token.kind == "punct" and token.word in (";", ":"):
            return k
        if token.kind == "and" or (token.kind == "punct" and token.word == ","):
            cut = k
            if k and tokens[k - 1].kind not in ("when", "span", "recent", "now", "past", "habit"):
                return cut
    return cut


def _acts(chain: Sequence[Token]) -> tuple[str, ...]:
    return tuple(t.word for t in chain if t.kind in (*VERBS, "work"))


def _voice(scene: Scene, tokens: Sequence[Token], first: int) -> str:
    if tokens[first].kind == "get":
        return "get"
    before = first - 1
    if before >= 0 and _is_passive(scene, tokens[before]):
        return "passive"
    while before >= 0 and tokens[before].kind in ("party", "and") and first - before < 4:
        before -= 1
    if (
        before >= 0
        and first - before > 1
        and (tokens[before].kind == "by" or _is_passive(scene, tokens[before]))
    ):
        return "passive" if tokens[before].kind != "by" else "by"
    return "by" if before >= 0 and tokens[before].kind == "by" else "active"


def _is_passive(scene: Scene, token: Token) -> bool:
    """ "được", alone or as the end of "sẽ được", "đang được"."""
    return token.kind == "passive" or (
        token.kind in ("will", "going") and scene.doc.low[token.start : token.end].endswith(PASSIVE)
    )


PASSIVE = " được"
