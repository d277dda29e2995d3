"""What stands and what it says (chọn cách hiểu): which candidates are contributions, who gives, who receives, when, how many."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hoptac.reading.claims.accept import accept_features
from hoptac.reading.claims.around import Around
from hoptac.reading.claims.candidates import Candidate
from hoptac.reading.claims.cast import Cast
from hoptac.reading.claims.counts import count_answers
from hoptac.reading.claims.grammar import ruled_funder, ruled_recipient
from hoptac.reading.claims.parties import Deed, Option, options_of, role_features
from hoptac.reading.claims.times import Time, time_answers
from hoptac.reading.claims.weigh import Weights, sure, weigh, weights_of
from hoptac.reading.mentions import Count
from hoptac.reading.scene import Scene


@dataclass(frozen=True)
class Judged:
    """A candidate with who gives, who receives, when, how many, and how likely it is a contribution (0 to 1)."""

    candidate: Candidate
    funder: Option
    recipient: Option
    time: Time
    count: Count | None
    chance: float


def chance_of(scene: Scene, candidate: Candidate, around: Around) -> float:
    """How likely a candidate is a contribution."""
    return sure(weigh(weights_of(scene.lexicon)["accept"], accept_features(candidate, around)))


def judge(
    cand: Candidate,
    around: Around,
    cast: Cast,
    deeds: Sequence[Deed],
    at: int,
    last: Candidate | None,
    chance: float,
) -> Judged:
    """A candidate that stands, with the likeliest answers; ``deeds`` are those of the page, of which it is number ``at`` and
    ``last`` the one before it."""
    models = weights_of(cand.clause.scene.lexicon)
    options = options_of(cand, cast, deeds[:at])
    by, to = ruled_funder(cand), ruled_recipient(cand)
    rows = [list(role_features(cand, o, around, by, deeds, at)) for o in options]
    funder = options[pick(models.get("funder", {}), rows)]
    rows = [list(role_features(cand, o, around, to, deeds, at, funder.parties)) for o in options]
    recipient = options[pick(models.get("recipient", {}), rows)]
    times = time_answers(cand, cast, last)
    time = times[pick(models.get("when", {}), [a.features for a in times])].time
    counts = count_answers(cand, cast)
    count = counts[pick(models.get("count", {}), [a.features for a in counts])].count
    return Judged(cand, funder, recipient, time, count, chance)


def pick(weights: Weights, answers: Sequence[Sequence[str]]) -> int:
    """Which answer the weights find the likeliest, the first of equals."""
    scores = [weigh(weights, features) for features in answers]
    return max(range(len(scores)), key=lambda n: (scores[n], -n))
