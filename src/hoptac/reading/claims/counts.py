"""How many of what a sum is for (số lượng đi cùng số tiền): the counted things near a sum, and what speaks for each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from hoptac.reading.claims.around import step
from hoptac.reading.claims.candidates import Candidate
from hoptac.reading.claims.cast import Cast
from hoptac.reading.claims.phrases import counts_people
from hoptac.reading.claims.tokens import Token
from hoptac.reading.mentions import Count, Money


@dataclass(frozen=True)
class HowMany:
    """One answer to how many, with what speaks for it; ``count`` None: the sum stands alone."""

    count: Count | None
    features: Sequence[str]


def count_answers(cand: Candidate, cast: Cast) -> list[HowMany]:
    """Every counted thing of the sentence of a sum, the last of the sentence before, and none."""
    clause, money = cand.clause, cand.piece.money
    if money is None:
        return [HowMany(cand.piece.count, ())]
    tokens = [t for t in clause.tokens if isinstance(t.mention, Count)]
    sums = [t for t in clause.tokens if isinstance(t.mention, Money)]
    number = cast.number(clause.sentence[0])
    far: list[Count] = []
    if number:
        start, end, _ = cast.sentences[number - 1]
        far = [m for m in clause.scene.figures_in(start, end) if isinstance(m, Count)][-1:]
    rated = cand.piece.rate or money.each
    shared = [f"rate={rated}", f"here={min(len(tokens), 3)}", f"far={bool(far)}", f"sums={min(len(sums), 3)}"]
    shared.append(f"loose={cand.loose}")
    shared.append(f"rate={rated}|here={min(len(tokens), 1)}")
    answers = [HowMany(None, ["none", *(f"none|{name}" for name in shared)])]
    for token in tokens:
        if isinstance(token.mention, Count):
            features = list(_features(cand, money, token, sums, rated=rated))
            answers.append(HowMany(token.mention, [*features, *(f"one|{name}" for name in shared)]))
    for count in far:
        same = _same_head(clause.scene.doc.low[clause.sentence[0] : money.start], count)
        features = ["far", f"far|rate={rated}", f"far|same={same}", f"far|same={same}|rate={rated}"]
        answers.append(HowMany(count, [*features, *(f"far|{name}" for name in shared)]))
    return answers


def _same_head(low: str, count: Count) -> bool:
    """Whether a stretch names the counted thing again: "123 phần quà … Mỗi phần quà"."""
    words = count.unit.lower().split()
    return bool(words) and words[0] in low.split()


def _features(
    cand: Candidate, money: Money, token: Token, sums: Sequence[Token], *, rated: bool
) -> Iterator[str]:
    """What speaks for a counted thing of the sum's own sentence."""
    clause = cand.clause
    scene, low = clause.scene, clause.scene.doc.low
    people = counts_people(scene, token)
    side = "pre" if token.end <= money.start else "post"
    a, b = (token.end, money.start) if side == "pre" else (money.end, token.start)
    between = [t for t in clause.tokens if a <= t.start and t.end <= b]
    kinds = {t.word if t.kind == "punct" else t.kind for t in between}
    own = token.mention is cand.piece.count
    yield f"own={own}"
    yield f"own={own}|people={people}|{side}"
    yield f"own={own}|rate={rated}"
    yield f"{side}|people={people}"
    yield f"{side}|people={people}|rate={rated}"
    yield f"{side}|words={step(len(low[a:b].split()))}"
    yield f"{side}|over={bool(any(s is not token and a <= s.start < b for s in sums))}"
    for kind in sorted(kinds):
        yield f"{side}|between={kind}"
    yield f"{side}|none between={not between}|people={people}"
    near = [t for t in clause.tokens if isinstance(t.mention, Count)]
    gap = min((abs(t.start - money.start) for t in near), default=0)
    yield f"nearest={abs(token.start - money.start) == gap}|{side}"
    count = token.mention
    if isinstance(count, Count):
        unit = count.unit.lower().split()
        yield f"unit={' '.join(unit[:1])}"
        yield f"one={count.value == 1}"
        if side == "pre":
            yield f"again={_same_head(low[token.end : money.start], count)}|rate={rated}"
    lead = low[clause.sentence[0] : token.start].split()
    if lead:
        yield f"lead={lead[-1]}|{side}"
    nested = [arg for arg in cand.args if arg.start <= token.start and token.end <= arg.end]
    yield f"party={nested[0].kind if nested else '-'}|{side}"
    yield f"inobject={clause.start <= token.start < clause.end}|{side}"
