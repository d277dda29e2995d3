"""Weights over hand-made features (trọng số học được): which reading of a candidate is the likeliest.

The weights are rows of the lexicon's ``claim_weights``, made by ``scripts/train_reader.py``; a feature that no row names
weighs nothing. Several models share the table: one accepts or refuses, others choose between the parties at hand.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import pairwise
from math import exp

from hoptac.lexicon import Lexicon

Weights = Mapping[str, float]


def weights_of(lexicon: Lexicon) -> Mapping[str, Weights]:
    """The weights of each model by feature, read once per lexicon."""
    return lexicon.built(read_weights)


def read_weights(lexicon: Lexicon) -> Mapping[str, Weights]:
    """The table ``claim_weights`` as one map per model."""
    models: dict[str, dict[str, float]] = {}
    for row in lexicon.table("claim_weights"):
        models.setdefault(row["model"], {})[row["feature"]] = float(row["weight"])
    return models


def weigh(weights: Weights, features: Iterable[str]) -> float:
    """The sum of the weights of the features present."""
    return sum(weights.get(name, 0.0) for name in features)


def sure(score: float) -> float:
    """A score as a probability."""
    return 1 / (1 + exp(-max(-30.0, min(30.0, score))))


def share_right(knots: Weights, chance: float) -> float:
    """How often what the weights find so likely is right: read off between the points of the table's ``confidence`` rows.

    >>> share_right({"0.3": 0.5, "0.7": 0.9}, 0.5)
    0.7
    """
    points = sorted((float(at), share) for at, share in knots.items())
    if not points:
        return chance
    if chance <= points[0][0]:
        return points[0][1]
    for (a, low), (b, high) in pairwise(points):
        if chance <= b:
            return low + (high - low) * (chance - a) / (b - a)
    return points[-1][1]
