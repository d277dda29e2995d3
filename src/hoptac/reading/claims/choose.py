"""Which candidates are contributions, who gives and who receives (khoản nào đúng, ai cho, ai nhận)."""

from __future__ import annotations

from dataclasses import dataclass

from hoptac.reading.claims.candidates import Candidate
from hoptac.reading.claims.features import (
    Around,
    Option,
    accept_features,
    options_of,
    role_features,
    ruled_funder,
    ruled_recipient,
)
from hoptac.reading.claims.weigh import Weights, sure, weigh, weights_of
from hoptac.reading.scene import Scene


@dataclass(frozen=True)
class Judged:
    """A candidate with who gives, who receives, and how likely it is a contribution (0 to 1)."""

    candidate: Candidate
    funder: Option
    recipient: Option
    chance: float


def chance_of(scene: Scene, candidate: Candidate, around: Around) -> float:
    """How likely a candidate is a contribution."""
    return sure(weigh(weights_of(scene.lexicon)["accept"], accept_features(candidate, around)))


def with_parties(scene: Scene, candidate: Candidate, around: Around, chance: float) -> Judged:
    """A candidate that stands, with the likeliest answers to who gives and who receives."""
    models = weights_of(scene.lexicon)
    options = options_of(candidate)
    by, to = ruled_funder(candidate), ruled_recipient(candidate)
    funder = _choose(models["funder"], [(o, list(role_features(candidate, o, around, by))) for o in options])
    recipient = _choose(
        models["recipient"],
        [(o, list(role_features(candidate, o, around, to, funder.parties))) for o in options],
    )
    return Judged(candidate, funder, recipient, chance)


def _choose(weights: Weights, options: list[tuple[Option, list[str]]]) -> Option:
    scores = [weigh(weights, features) for _, features in options]
    best = max(range(len(scores)), key=lambda n: (scores[n], -n))
    return options[best][0]
