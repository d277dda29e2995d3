"""Measure by the labelled pairs whether two tellings are known for one deed, beside plain rapidfuzz and Splink.

    .venv/bin/python bench/duplicates.py [--peers DIR] [--json]

The pairs are tests/gold/pairs/pairs.tsv; those held back have set neither points nor thresholds. ``cross`` are all first
tellings against those of other rows (other deeds, unless giver, receiver and words are the same): how many a program takes
for one. rapidfuzz: token_set_ratio over the whole telling as one text, its threshold the best on the pairs not held back
(F1). Splink: its own example of rules over the same columns, trained without labels on the tellings, threshold as for
rapidfuzz; only where ``--peers DIR`` holds it (``uv pip install --target DIR splink pandas``), else it is left out and said so.
"""

from __future__ import annotations

import argparse
import itertools
import json
import sys
import time
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from rapidfuzz import fuzz

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "gold"))

from labelled_pairs import Pair, labelled_pairs

from hoptac.ledger.deeds import Deed
from hoptac.ledger.matching import ENOUGH, match_deeds

Score = Callable[[Pair], float]


def figures(pairs: Sequence[Pair], scores: Sequence[float], threshold: float) -> dict[str, float]:
    """Precision, recall and the numbers behind them."""
    told = [s >= threshold for s in scores]
    right = sum(t and p.same for t, p in zip(told, pairs, strict=True))
    wrong = sum(t and not p.same for t, p in zip(told, pairs, strict=True))
    missed = sum(not t and p.same for t, p in zip(told, pairs, strict=True))
    precision = right / (right + wrong) if right + wrong else 0.0
    recall = right / (right + missed) if right + missed else 0.0
    return {
        "precision": round(precision, 3),
        "recall": round(recall, 3),
        "right": right,
        "wrong": wrong,
        "missed": missed,
    }


def best_threshold(pairs: Sequence[Pair], scores: Sequence[float]) -> float:
    """The threshold with the best F1."""

    def f1(threshold: float) -> float:
        found = figures(pairs, scores, threshold)
        both = found["precision"] + found["recall"]
        return 2 * found["precision"] * found["recall"] / both if both else 0.0

    return max(sorted(set(scores)), key=f1)


def ours(pair: Pair) -> float:
    return match_deeds(Deed(pair.a, pair.pages[0]), Deed(pair.b, pair.pages[1])).score


def text_of(values: dict[str, Any]) -> str:
    """A telling as one text."""
    names = [p["name"] for key in ("funder", "recipient") for p in values.get(key, ())]
    amount, count = values.get("amount") or {}, values.get("quantity") or {}
    more = [
        amount.get("value", ""),
        count.get("value", ""),
        str(values.get("year") or values.get("period") or ""),
    ]
    return " ".join([*names, values["what"], *more, (values.get("place") or {}).get("name", "")])


def fuzzy(pair: Pair) -> float:
    return fuzz.token_set_ratio(text_of(pair.a), text_of(pair.b))


def splink(pairs: Sequence[Pair], peers: Path) -> list[float] | None:
    """Match probabilities by Splink for each pair; None where it is not there."""
    sys.path.insert(0, str(peers))
    try:
        pandas, package = import_module("pandas"), import_module("splink")
        cl = import_module("splink.comparison_library")
    except ImportError as error:
        print(f"bench: Splink left out: {error}", file=sys.stderr)
        return None
    rows = []
    for pair in pairs:
        for side, values in (("a", pair.a), ("b", pair.b)):
            rows.append(
                {
                    "unique_id": f"{pair.n}{side}",
                    "giver": " ".join(p["name"] for p in values.get("funder", ())),
                    "taker": " ".join(p["name"] for p in values.get("recipient", ())),
                    "what": values["what"],
                    "amount": (values.get("amount") or {}).get("value"),
                    "number": (values.get("quantity") or {}).get("value"),
                    "year": str(values["year"]) if values.get("year") else None,
                }
            )
    block_on = package.block_on
    settings = package.SettingsCreator(
        link_type="dedupe_only",
        comparisons=[
            cl.JaroWinklerAtThresholds("what", [0.95, 0.85, 0.7]),
            cl.ExactMatch("amount"),
            cl.ExactMatch("number"),
            cl.ExactMatch("year"),
            cl.JaroWinklerAtThresholds("giver", [0.9]),
            cl.JaroWinklerAtThresholds("taker", [0.9]),
        ],
        blocking_rules_to_generate_predictions=[
            block_on("giver"),
            block_on("taker"),
            block_on("amount"),
            block_on("what"),
        ],
        retain_matching_columns=False,
    )
    linker = package.Linker(package.DuckDBAPI().register(pandas.DataFrame(rows)), settings)
    linker.training.estimate_probability_two_random_records_match([block_on("what", "year")], recall=0.5)
    linker.training.estimate_u_using_random_sampling(max_pairs=1e5)
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("taker"))
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("amount"))
    found = linker.inference.predict(threshold_match_probability=0).as_pandas_dataframe()
    kept = {frozenset((r.unique_id_l, r.unique_id_r)): float(r.match_probability) for r in found.itertuples()}
    return [kept.get(frozenset((f"{p.n}a", f"{p.n}b")), 0.0) for p in pairs]


def cross(pairs: Sequence[Pair]) -> tuple[int, int]:
    """Of first tellings of other deeds set against one another: how many pairs, how many taken for one."""
    deeds = [(Deed(p.a, p.pages[0]), (text_of(p.a))) for p in {text_of(p.a): p for p in pairs}.values()]
    count = taken = 0
    for (a, _), (b, _) in itertools.combinations(deeds, 2):
        if a.values["what"] == b.values["what"]:
            continue
        count += 1
        taken += match_deeds(a, b).score >= ENOUGH
    return count, taken


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--peers", type=Path, help="a folder that holds Splink")
    parser.add_argument("--json", action="store_true", help="print JSON")
    asked = parser.parse_args()
    pairs = labelled_pairs()
    tune, hold = [p for p in pairs if not p.held_back], [p for p in pairs if p.held_back]
    out: dict[str, Any] = {"pairs": len(pairs), "tune": len(tune), "hold": len(hold)}
    began = time.perf_counter()
    told = {p.n: ours(p) for p in pairs}
    out["ms a pair"] = round((time.perf_counter() - began) / len(pairs) * 1000, 3)
    programs: list[tuple[str, dict[int, float], float | None]] = [("hoptac", told, float(ENOUGH))]
    programs.append(("rapidfuzz", {p.n: fuzzy(p) for p in pairs}, None))
    other = splink(pairs, asked.peers) if asked.peers else None
    if other is not None:
        programs.append(("splink", {p.n: s for p, s in zip(pairs, other, strict=True)}, None))
    for name, scores, fixed in programs:
        threshold = fixed if fixed is not None else best_threshold(tune, [scores[p.n] for p in tune])
        for group, some in (("tune", tune), ("hold", hold), ("all", pairs)):
            out[f"{name} {group}"] = figures(some, [scores[p.n] for p in some], threshold)
    out["cross"] = dict(zip(("pairs", "taken for one"), cross(pairs), strict=True))
    print(
        json.dumps(out, ensure_ascii=False, indent=1)
        if asked.json
        else "\n".join(f"{k:<16} {v}" for k, v in out.items())
    )


if __name__ == "__main__":
    main()
