"""Whether a drafted claim stands, and how sure the reading is of it (có giữ hay không, chắc đến đâu).

A judge is a logistic model over hand-made features, each a short name that is there or not. Its weights are rows of the
lexicon's ``judge_weights`` table, made by ``scripts/train_judges.py`` from labelled pages.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from math import exp

from hoptac.lexicon import Lexicon

BIAS = "bias"
"""The feature that every draft has."""

Weights = Mapping[str, float]


def judge_weights(lexicon: Lexicon) -> Mapping[str, Weights]:
    """The weights of every judge by its name; build once with ``lexicon.built``."""
    weights: dict[str, dict[str, float]] = {}
    for row in lexicon.table("judge_weights"):
        weights.setdefault(row["judge"], {})[row["feature"]] = float(row["weight"])
    return weights


def confidence(weights: Weights, features: Iterable[str]) -> float:
    """How likely the draft says what a careful reader would record, from 0 to 1; unknown features count nothing.

    >>> confidence({"bias": 0.0, "dated": 1.0}, ["dated"]) > confidence({"bias": 0.0, "dated": 1.0}, [])
    True
    """
    score = weights.get(BIAS, 0.0) + sum([weights.get(name, 0.0) for name in features])
    return 1.0 / (1.0 + exp(-score))


def judge(lexicon: Lexicon, name: str) -> Callable[[Iterable[str]], float]:
    """The judge of one name: features in, confidence out."""
    weights = lexicon.built(judge_weights).get(name, {})
    return lambda features: confidence(weights, features)
