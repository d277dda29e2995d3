# ruff: noqa: E402
"""Learn the weights by which the reader accepts contributions and chooses who gives and who receives.

    train_reader.py            fit anew from the rows kept in tests/gold; writes the lexicon's claim_weights
    train_reader.py --rows     first build the rows anew from the labelled pages (needs the folders beside the project)
    train_reader.py --check    print what pages left out of the training score, and how sure the reader may be of itself

A row is one choice: for each answer the names of the features that speak for it, and which answers are right. The rows hold
no text of the pages, only features; fitting them is deterministic (fixed seed, plain Python), so the same rows give the same
weights. Pages held back (``tests/gold/labelled.py``) give no rows.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import lzma
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "tests" / "gold")]

import labelled

from hoptac.lexicon import Lexicon, default_lexicon
from hoptac.lexicon.tables import DATA
from hoptac.pages import Page
from hoptac.reading import pipeline
from hoptac.reading.claims import contributions, weigh
from hoptac.reading.claims.accept import accept_features
from hoptac.reading.claims.answers import (
    ACTS,
    FIELDS,
    STATUSES,
    Told,
    act_answers,
    field_answers,
    look_further,
    status_answers,
    where_answers,
)
from hoptac.reading.claims.around import Around, look_around
from hoptac.reading.claims.candidates import Candidate, find_candidates
from hoptac.reading.claims.cast import Cast
from hoptac.reading.claims.choose import Judged
from hoptac.reading.claims.counts import count_answers
from hoptac.reading.claims.grammar import ruled_funder, ruled_recipient
from hoptac.reading.claims.merge import to_contribution
from hoptac.reading.claims.parties import Deed, Option, deed_of, options_of, role_features
from hoptac.reading.claims.times import UNSAID, Time, time_answers
from hoptac.reading.claims.tokens import Marks
from hoptac.reading.contract import to_contract
from hoptac.reading.scene import Scene
from hoptac.reading.values import Article, Reading, SourceInfo

ROWS = ROOT / "tests" / "gold" / "reader_rows.txt.xz"
FIRST_PAGE = 8
"""How often the page counts that the project started from, and that its demonstration shows."""

LESSON = 4
"""How often a lesson counts: it says plainly what pages rarely do."""

LESSONS = ROOT / "scripts" / "reader_lessons.tsv"
JUDGED = ROOT / "tests" / "gold" / "judged.json"
FOLDS = 5
STEPS = 80
"""The fit stops after so many steps; the figures no longer move then."""

RARE = 2
"""A feature seen in fewer choices than this gets no weight."""

LEAST = 0.02
"""A weight smaller than this is left out of the table."""

TINY = 1e-300
"""Keeps the logarithm of nothing finite."""

STRENGTH = {
    "accept": 10.0,
    "funder": 8.0,
    "recipient": 10.0,
    "when": 8.0,
    "count": 1.0,
    "status": 8.0,
    "field": 4.0,
    "act": 8.0,
    "place": 12.0,
}
"""How strongly weights are held near zero, per model; set by cross-validation."""

SLOTS = ("field", "act", "place", "status")
FEW_PAGES = 4
"""A feature of these models that stands on fewer pages than this is left out: it would say of which page a candidate is."""

WORDY = (
    "w=",
    "r=",
    "lead=",
    "lead2=",
    "tail=",
    "prev2=",
    "nextv=",
    "what1=",
    "unit=",
    "next=",
    "prev=",
    "size=",
    "follow=",
    "unit1=",
    "clead=",
    "ctail=",
    "ctail2=",
)
WORDY_HELD = 5.0
"""Features of single words are held this many times more strongly."""

HEADER = """# title: Learned weights of what speaks for and against a contribution (trọng số học được)
# source: made by scripts/train_reader.py from tests/gold/reader_rows.txt.xz; not to be edited by hand
# checked: 2026-11-23
# key: model, feature
# model: accept (is it a contribution) | funder, recipient (which party) | when (which year or period) | count (how many) | field, act, status, place (which) | confidence (feature: a chance; weight: the share right)
model\tfeature\tweight\tnote
"""

Choice = tuple[list[list[str]], set[int]]
"""The features of each answer, and which answers are right."""


@dataclass(frozen=True)
class Row:
    """One choice of one model, from one page."""

    model: str
    page: str
    answers: list[list[str]]
    right: set[int]


@dataclass
class Seen:
    """A candidate of a labelled page with the records of the label that say the same, best first."""

    candidate: Candidate
    around: Around
    told: Told
    cast: Cast
    gold: list[Mapping[str, Any]]
    is_one: bool


def scene_of(page: Page) -> tuple[Scene, Marks]:
    """The scene of a page as the reader makes it."""
    box: list[tuple[Scene, Marks]] = []

    def grab(scene: Scene, marks: Marks) -> list[contributions.Draft]:
        box.append((scene, marks))
        return []

    with patch.object(pipeline, "draft_contributions", grab):
        pipeline.read_page(page)
    return box[0]


def seen_on(page: labelled.Labelled) -> list[Seen]:
    """Every candidate of a labelled page, each with what the label says of it."""
    scorer = labelled.scorer()
    scene, marks = scene_of(page.page)
    around = look_around(scene)
    told, cast = look_further(scene, around), Cast(scene, marks)
    golds = labelled.records(page.gold, "contributions")
    nobody = Option((), "none")
    found = []
    for candidate in find_candidates(scene, marks):
        judged = Judged(candidate, nobody, nobody, UNSAID, candidate.piece.count, 0.5)
        draft = contributions.to_draft(judged, around, told)
        shell = Reading(SourceInfo("", "", "", ""), Article(), contributions=(to_contribution(scene, draft),))
        said = labelled.records(to_contract(shell), "contributions")[0]
        strengths = [scorer.contribution_strength(g, said) for g in golds]
        best = max(strengths, default=0)
        same = [g for g, s in zip(golds, strengths, strict=True) if best and s == best]
        found.append(Seen(candidate, around, told, cast, same, bool(same)))
    return found


def judged_candidates() -> Iterator[tuple[str, list[Seen]]]:
    """Candidates of further pages of the corpus, each judged by eye alone: is it a contribution, who gives, who receives."""
    judged = json.loads(JUDGED.read_text(encoding="utf-8")) if JUDGED.is_file() else []
    texts = labelled.texts_of(frozenset(one["page"] for one in judged))
    pages: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for one in judged:
        pages[one["page"]].append(one)
    for name, ones in pages.items():
        kept = []
        for seen in seen_on(labelled.Labelled(name, "judged", texts[name], {})):
            piece = seen.candidate.piece
            at = (
                seen.candidate.clause.head.start,
                piece.money.start if piece.money else None,
                piece.start if piece.money is None else None,
            )
            one = next(
                (
                    o
                    for o in ones
                    if at == (o["head"], o["money"], o["start"] if o["money"] is None else None)
                ),
                None,
            )
            if one is not None:
                gold: dict[str, Any] = {key: one[key] for key in ("funder", "recipient") if key in one}
                kept.append(replace(seen, gold=[gold] if gold else [], is_one=one["ok"]))
        yield name, kept


def lessons() -> Iterator[tuple[str, list[Seen]]]:
    """The candidates of the lessons, sentences of our own that say plainly who gives what to whom."""
    for n, line in enumerate(LESSONS.read_text(encoding="utf-8").splitlines()[2:]):
        text, by, to, figure, act = [*line.split("\t"), "", "", "", ""][:5]
        kept = []
        for seen in seen_on(labelled.Labelled(f"lesson{n}", "lesson", text, {})):
            piece = seen.candidate.piece
            shown = piece.money.value if piece.money else piece.count.value if piece.count else None
            shared, figures = figure.startswith("="), figure.removeprefix("=").split("|")
            is_one = bool(figure) and ("-" if shown is None else str(int(shown))) in figures
            gold: dict[str, Any] = {
                key: value.split("|")[:1] for key, value in (("funder", by), ("recipient", to)) if value
            }
            if act:
                gold["act"] = act
            others = [{"recipient": [name]} for name in to.split("|")[1:]]
            first = is_one and (shared or figures.index("-" if shown is None else str(int(shown))) == 0)
            told: list[Mapping[str, Any]] = [gold, *others] if first else []
            kept.append(replace(seen, gold=told, is_one=is_one))
        yield f"lesson{n}", kept


def rows_of(name: str, page: Sequence[Seen]) -> Iterator[Row]:
    """The choices that the candidates of one page teach."""
    for seen in page:
        yield Row(
            "accept",
            name,
            [list(accept_features(seen.candidate, seen.around)), []],
            {0 if seen.is_one else 1},
        )
    ones = [seen for seen in page if seen.is_one]
    deeds = [deed_of(seen.candidate, seen.cast) for seen in ones]
    for n, seen in enumerate(ones):
        yield from party_rows(name, seen, deeds, n)
        yield from answer_rows(name, seen, ones[n - 1].candidate if n else None)


def time_in(gold: Mapping[str, Any]) -> Time:
    """The time of a label."""
    when = labelled.scorer().when(gold)
    if when is None:
        return UNSAID
    return (when[1], None) if when[0] == "year" else (None, when[1])


def party_rows(name: str, seen: Seen, deeds: Sequence[Deed], at: int) -> Iterator[Row]:
    """Who gives, and who receives."""
    scorer = labelled.scorer()
    cand, around = seen.candidate, seen.around
    options = options_of(cand, seen.cast, deeds[:at])

    def right(role: str) -> set[int]:
        told = [g for g in seen.gold if role in g]
        return {
            n
            for n, option in enumerate(options)
            if any(scorer.parties_like(g[role], [p.name for p in option.parties]) for g in told)
        }

    by, to = right("funder"), right("recipient")
    ruled = ruled_funder(cand)
    if by:
        yield Row(
            "funder", name, [list(role_features(cand, o, around, ruled, deeds, at)) for o in options], by
        )
    if to:
        giver = options[min(by)].parties if by else _parties(ruled)
        ruled = ruled_recipient(cand)
        answers = [list(role_features(cand, o, around, ruled, deeds, at, giver)) for o in options]
        yield Row("recipient", name, answers, to)


def answer_rows(name: str, seen: Seen, last: Candidate | None) -> Iterator[Row]:
    """The choices of time, count, field, act, status and place that one candidate teaches, where its label says them."""
    scorer = labelled.scorer()
    cand, around, told = seen.candidate, seen.around, seen.told
    labels = [g for g in seen.gold if "act" in g]
    if not labels:
        return

    def right(slot: str, answers: Sequence[str]) -> set[int]:
        return {answers.index(g[slot]) for g in labels if g.get(slot) in answers}

    full = [g for g in labels if "amount" in g]
    times = time_answers(cand, seen.cast, last)
    if same := {n for n, answer in enumerate(times) if any(answer.time == time_in(g) for g in full)}:
        yield Row("when", name, [list(answer.features) for answer in times], same)
    counts = count_answers(cand, seen.cast)
    if len(counts) > 1 and (
        same := {
            n
            for n, answer in enumerate(counts)
            if any(_same_count(scorer, g.get("quantity"), answer.count) for g in full)
        }
    ):
        yield Row("count", name, [list(answer.features) for answer in counts], same)
    if fields := right("field", FIELDS):
        yield Row("field", name, field_answers(cand, told), fields)
    if acts := right("act", ACTS):
        yield Row("act", name, act_answers(cand, around, told, contributions.ruled_act(cand)), acts)
    if statuses := right("status", STATUSES):
        yield Row("status", name, status_answers(cand, around, told), statuses)
    places = where_answers(cand, told)
    said = [[g["place"]] if g.get("place") else [] for g in labels if "place" in g]
    same = {
        n
        for n, where in enumerate(places)
        if any(scorer.parties_like(gold, [where.place.name] if where.place else []) for gold in said)
    }
    if same:
        yield Row("place", name, [list(where.features) for where in places], same)


def _same_count(scorer: Any, said: Any, count: Any) -> bool:
    return (said is None and count is None) or (
        count is not None and bool(scorer.same_number(said, count.value))
    )


def _parties(args: Sequence[Any]) -> tuple[Any, ...]:
    return tuple(p for a in args for p in a.parties)


def build_rows() -> list[Row]:
    """The rows of all pages in sight."""
    rows = [
        row
        for page in labelled.labelled_pages()
        if page.group != "hold"
        for _ in range(FIRST_PAGE if page.name == "seed" else 1)
        for row in rows_of(page.name, seen_on(page))
    ]
    rows += [row for name, page in judged_candidates() for row in rows_of(f"judged {name}", page)]
    rows += [
        row for name, page in lessons() for _ in range(LESSON) for row in rows_of(f"judged {name}", page)
    ]
    return without_rare(rows)


def without_rare(rows: Sequence[Row]) -> list[Row]:
    """Rows whose models choose between many answers, without the features that only a few pages have."""
    pages: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in rows:
        if row.model in SLOTS:
            for feature in {f for answer in row.answers for f in answer}:
                pages[row.model, feature].add(row.page)
    return [
        row
        if row.model not in SLOTS
        else Row(
            row.model,
            row.page,
            [[f for f in answer if len(pages[row.model, f]) >= FEW_PAGES] for answer in row.answers],
            row.right,
        )
        for row in rows
    ]


def write_rows(rows: Iterable[Row], path: Path) -> None:
    lines = []
    for row in rows:
        lines.append(f"{row.model}\t{row.page}")
        lines += [
            f"{'+' if n in row.right else '-'}\t" + "\t".join(answer) for n, answer in enumerate(row.answers)
        ]
    text = "\n".join(lines) + "\n"
    path.write_bytes(lzma.compress(text.encode()))


def read_rows(path: Path) -> list[Row]:
    rows: list[Row] = []
    for line in lzma.decompress(path.read_bytes()).decode().splitlines():
        first, _, rest = line.partition("\t")
        if first in ("+", "-"):
            row = rows[-1]
            if first == "+":
                row.right.add(len(row.answers))
            row.answers.append(rest.split("\t") if rest else [])
        else:
            rows.append(Row(first, rest, [], set()))
    return rows


def fit(choices: Sequence[Choice], strength: float) -> dict[str, float]:
    """The weights under which the right answers are likeliest: conditional logit, weights held near zero (convex: one optimum)."""
    seen: Counter[str] = Counter()
    for answers, _ in choices:
        seen.update({name for answer in answers for name in answer})
    names = sorted(name for name, k in seen.items() if k >= RARE)
    at = {name: n for n, name in enumerate(names)}
    columns, ends, of, right = [], [0], [], []
    for n, (answers, good) in enumerate(choices):
        for k, answer in enumerate(answers):
            columns += [at[f] for f in set(answer) if f in at]
            ends.append(len(columns))
            of.append(n)
            right.append(k in good)
    table = csr_matrix((np.ones(len(columns)), columns, ends), shape=(len(of), len(names)))
    owner, good_ones = np.array(of), np.array(right, dtype=float)
    starts = np.searchsorted(owner, np.arange(len(choices)))
    held = strength * np.array([WORDY_HELD if name.startswith(WORDY) else 1.0 for name in names])

    def loss(weights: Any) -> tuple[float, Any]:
        scores = table @ weights
        raised = np.exp(scores - np.maximum.reduceat(scores, starts)[owner])
        total = np.add.reduceat(raised, starts)
        hits = raised * good_ones
        hit = np.add.reduceat(hits, starts) + TINY
        missed = float(np.sum(np.log(total) - np.log(hit)) + 0.5 * np.sum(held * weights * weights))
        return missed, table.T @ (raised / total[owner] - hits / hit[owner]) + held * weights

    best = minimize(loss, np.zeros(len(names)), jac=True, method="L-BFGS-B", options={"maxiter": STEPS})
    return {name: round(float(w), 3) for name, w in zip(names, best.x, strict=True) if abs(w) >= LEAST}


def fit_all(rows: Iterable[Row]) -> dict[str, dict[str, float]]:
    choices: dict[str, list[Choice]] = {model: [] for model in STRENGTH}
    for row in rows:
        choices[row.model].append((row.answers, row.right))
    return {model: fit(some, STRENGTH[model]) for model, some in choices.items()}


def fold_of(page: str) -> int:
    return (
        int(hashlib.md5(page.removeprefix("judged ").encode(), usedforsecurity=False).hexdigest(), 16) % FOLDS
    )


def read_with(
    lexicon: Lexicon, models: Mapping[str, Mapping[str, float]], page: labelled.Labelled
) -> dict[str, Any]:
    """What the reader gives for a page with other weights than its own."""
    lexicon.put(weigh.read_weights, models)
    return to_contract(pipeline.read_page(page.page, lexicon=lexicon))


def left_out(rows: Sequence[Row]) -> list[tuple[labelled.Labelled, dict[str, Any]]]:
    """Each page in sight as read with weights learned from the other folds, chances as they come."""
    lexicon = Lexicon()
    known = weigh.read_weights(lexicon)
    read = []
    for k in range(FOLDS):
        models = fit_all(row for row in rows if fold_of(row.page) != k)
        models["confidence"] = {}
        read += [
            (page, read_with(lexicon, {**known, **models}, page))
            for page in labelled.labelled_pages()
            if page.group != "hold" and fold_of(page.name) == k
        ]
    return read


SURE = 0.9
SURE_RIGHT = 0.955
"""A confidence from ``SURE`` on is given only where at least this share of the records left out was right."""

ENOUGH = 100
"""Fewer records than this say nothing about how often the surest are right: none is then called so sure."""

BINS = (0.0, 0.4, 0.5, 0.6, 0.7, 0.8)


def knots(read: Iterable[tuple[labelled.Labelled, Mapping[str, Any]]]) -> dict[str, float]:
    """What share of the records of each chance is right: the points between which confidence is read off, never falling."""
    told: list[tuple[float, bool]] = []
    for page, reading in read:
        hit = {j for _, j in labelled.pairs(page.gold, reading, "contributions")}
        told += [(c["confidence"], j in hit) for j, c in enumerate(reading["contributions"])]
    told.sort(reverse=True)
    right, sure = 0, 1.0
    for n, (chance, ok) in enumerate(told, 1):
        right += ok
        if n >= ENOUGH and right / n >= SURE_RIGHT:
            sure = chance
    points: dict[float, float] = {}
    last = 0.0
    edges = [b for b in BINS if b < sure] + [sure]
    for low, high in pairwise(edges):
        some = [ok for chance, ok in told if low <= chance < high]
        share = sum(some) / len(some) if some else last
        last = max(last, min(share, SURE - 0.01))
        points[(max(low, contributions.KEEP) + high) / 2] = last
    points[sure] = SURE if sure < 1 else SURE - 0.01
    points.setdefault(1.0, 0.98)
    return {f"{at:.3f}": round(share, 3) for at, share in points.items()}


def check(rows: Sequence[Row]) -> dict[str, float]:
    """Print the figures of pages left out, and how often the reader is right when it says how sure it is; gives the knots."""
    read = left_out(rows)
    for group in ("gold41", "tune", "written"):
        some = [(page.gold, reading) for page, reading in read if page.group == group]
        if some:
            print(
                group,
                len(some),
                {
                    k: v
                    for k, v in labelled.figures(some).items()
                    if not k.startswith(("people", "events", "agree", "asks"))
                },
            )
    return knots(read)


def write_weights(models: Mapping[str, Mapping[str, float]]) -> None:
    lines = [
        f"{model}\t{feature}\t{weight:g}\t"
        for model, some in models.items()
        for feature, weight in some.items()
    ]
    (DATA / "claim_weights.tsv").write_text(HEADER + "\n".join(lines) + "\n", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", action="store_true", help="build the rows anew from the labelled pages")
    parser.add_argument("--check", action="store_true", help="score pages left out of the training")
    args = parser.parse_args()
    if args.rows:
        rows = build_rows()
        write_rows(rows, ROWS)
        print(Counter(row.model for row in rows))
    rows = read_rows(ROWS)
    models: dict[str, dict[str, float]] = fit_all(rows)
    if args.rows or args.check:
        models["confidence"] = check(rows)
        print("confidence", models["confidence"])
    else:
        models["confidence"] = dict(weigh.weights_of(default_lexicon())["confidence"])
    if args.rows or not args.check:
        write_weights(models)
        print({model: len(some) for model, some in models.items()})


if __name__ == "__main__":
    main()
