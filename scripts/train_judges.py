"""Train the judges of events and asks, and the choice of an event's day (huấn luyện bộ cân nhắc).

    python scripts/train_judges.py             the rows kept beside this script -> lexicon/data/judge_weights.tsv
    python scripts/train_judges.py --gather    first make the rows anew from the labelled pages and their texts
    python scripts/train_judges.py --check     F1 of pages left out of the fit (five folds by page), by group; needs the texts

A row holds a page's name, its weight, which of its answers are right, and the features of each answer: no words of the page
but the few beside an event's name or a verb of asking. A row of a judge has one answer, which stands or not. Pages that are
held back give no rows. Both fits are convex, with the weights held near zero: the same rows give the same weights.
"""

from __future__ import annotations

import gzip
import hashlib
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple
from unittest import mock

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "gold"))

import labelled

from hoptac.lexicon import Lexicon
from hoptac.pages.values import Page
from hoptac.reading import pipeline
from hoptac.reading.claims.asks import draft_asks, read_asks
from hoptac.reading.claims.days import Day
from hoptac.reading.claims.deeds import Deeds
from hoptac.reading.claims.events import Draft, draft_events, read_events
from hoptac.reading.claims.judge import BIAS, confidence, judge_weights
from hoptac.reading.claims.tellings import Telling, tellings, told_on
from hoptac.reading.scene import Scene
from hoptac.reading.values import Ask, Event

HERE = Path(__file__).parent
ROWS = HERE.parent / "tests" / "gold" / "judge_rows.txt.gz"
WEIGHTS = HERE.parent / "src" / "hoptac" / "lexicon" / "data" / "judge_weights.tsv"

FOLDS = 5
HELD = {"days": 3.0, "events": 12.0, "asks": 16.0}
"""How strongly weights are held near zero: where F1 on pages left out is best, by powers of two."""

RARE = 3
"""Features on fewer rows or pages than this say of which page a draft is: they are left out."""

LEAST = 0.04
"""Weights nearer to nought are left out of the table."""

STEPS = 300
TINY = 1e-12

GROUP = {"gold41": 2.0, "tune": 1.0, "written": 1.0}
"""What a page weighs: those labelled with the measure most."""

MEASURE_DAYS = 3.0
"""On days the measure's pages weigh so much more: there labels of our own differ most."""

SHARED = 0.7
"""Where a page tells of a kind n times, each telling weighs n to the power of minus this."""


class Row(NamedTuple):
    """One choice of a model: the answers' features and which of them are right; of a judge one answer, right or not."""

    model: str
    page: str
    weight: float
    right: tuple[int, ...]
    answers: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Case:
    """A labelled page as the judges meet it."""

    name: str
    group: str
    gold: Mapping[str, Any]
    scene: Scene
    deeds: Deeds
    told: tuple[Telling, ...]


def fold_of(page: str) -> int:
    return int(hashlib.sha256(page.encode()).hexdigest(), 16) // 3 % FOLDS


def fit(model: str, rows: Sequence[Row]) -> dict[str, float]:
    """The weights under which the right answers are likeliest."""
    counts: Counter[str] = Counter()
    pages: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        for name in {name for answer in row.answers for name in answer}:
            counts[name] += 1
            pages[name].add(row.page)
    judging = model != "days"
    names = [BIAS] * judging + sorted(n for n, k in counts.items() if k >= RARE and len(pages[n]) >= RARE)
    at = {name: n for n, name in enumerate(names)}
    columns, ends, owner, right = [], [0], [], []
    for n, row in enumerate(rows):
        for k, answer in enumerate(row.answers):
            columns += [0] * judging + [at[name] for name in sorted(set(answer)) if name in at]
            ends.append(len(columns))
            owner.append(n)
            right.append(k in row.right)
    table = csr_matrix((np.ones(len(columns)), columns, ends), shape=(len(owner), len(names)))
    of, good = np.array(owner), np.array(right, dtype=float)
    weight = np.array([row.weight for row in rows])
    held = np.full(len(names), HELD[model])
    if judging:
        held[0] = TINY
    starts = np.searchsorted(of, np.arange(len(rows)))

    def judged(w: Any) -> tuple[float, Any]:
        score = table @ w
        missed = np.sum(weight * (np.logaddexp(0, score) - good * score))
        return float(missed + 0.5 * np.sum(held * w * w)), table.T @ (
            weight * (1 / (1 + np.exp(-score)) - good)
        ) + held * w

    def chosen(w: Any) -> tuple[float, Any]:
        score = table @ w
        raised = np.exp(score - np.maximum.reduceat(score, starts)[of])
        total = np.add.reduceat(raised, starts)
        hits = raised * good
        hit = np.add.reduceat(hits, starts) + TINY
        missed = np.sum(weight * (np.log(total) - np.log(hit)))
        slope = weight[of] * (raised / total[of] - hits / hit[of])
        return float(missed + 0.5 * np.sum(held * w * w)), table.T @ slope + held * w

    start = np.zeros(len(names))
    best = minimize(
        judged if judging else chosen, start, jac=True, method="L-BFGS-B", options={"maxiter": STEPS}
    )
    return {
        name: round(float(w), 2)
        for name, w in zip(names, best.x, strict=True)
        if abs(w) >= LEAST or name == BIAS
    }


def fit_all(rows: Sequence[Row], left_out: int | None = None) -> dict[str, dict[str, float]]:
    kept = [row for row in rows if left_out is None or fold_of(row.page) != left_out]
    return {model: fit(model, [row for row in kept if row.model == model]) for model in HELD}


def read_rows(path: Path = ROWS) -> list[Row]:
    rows = []
    for line in gzip.decompress(path.read_bytes()).decode().splitlines():
        model, page, weight, right, *answers = line.split("\t")
        good = tuple(int(n) for n in right.split(",") if n)
        rows.append(Row(model, page, float(weight), good, tuple(tuple(a.split("¦")) for a in answers)))
    return rows


def write_rows(rows: Iterable[Row], path: Path = ROWS) -> None:
    lines = []
    for row in rows:
        answers = ["¦".join(answer) for answer in row.answers]
        right = ",".join(str(n) for n in row.right)
        lines.append("\t".join((row.model, row.page, f"{row.weight:.3f}", right, *answers)))
    path.write_bytes(gzip.compress(("\n".join(lines) + "\n").encode(), 9, mtime=0))


def write_weights(weights: Mapping[str, Mapping[str, float]], path: Path = WEIGHTS) -> None:
    lines = [
        "# title: Weights of the judges that decide which drafted claims stand",
        "# source: models made by scripts/train_judges.py from the rows beside it",
        "# checked: 2026-11-23",
        "judge\tfeature\tweight\tnote",
    ]
    for judge, table in weights.items():
        lines += [f"{judge}\t{name}\t{value:.2f}\t" for name, value in table.items()]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


@cache
def cases() -> tuple[Case, ...]:
    """Every labelled page in sight."""
    found = []
    for page in labelled.labelled_pages():
        if page.group != "hold":
            scene = scene_of(page.page)
            deeds = Deeds.of(scene.doc, lexicon=scene.lexicon)
            told = tuple(tellings(scene, deeds))
            found.append(Case(page.name, page.group, page.gold, scene, deeds, told))
    return tuple(found)


def scene_of(page: Page) -> Scene:
    """The scene that the pipeline makes of a page."""
    caught: list[Scene] = []

    def catch(scene: Scene, deeds: Deeds) -> tuple[Event, ...]:
        caught.append(scene)
        return ()

    def none(scene: Scene, deeds: Deeds) -> tuple[Ask, ...]:
        return ()

    with mock.patch.object(pipeline, "read_events", catch), mock.patch.object(pipeline, "read_asks", none):
        pipeline.read_page(page)
    return caught[0]


def gather() -> Iterator[Row]:
    """Rows from every labelled page in sight. The judge of events meets days as chosen by weights of other pages."""
    days = [row for case in cases() for row in day_rows(case)]
    yield from days
    for fold in range(FOLDS):
        weights = fit("days", [row for row in days if fold_of(row.page) != fold])
        for case in cases():
            if fold_of(case.name) == fold:
                yield from event_rows(case, weights)
    for case in cases():
        yield from ask_rows(case)


def day_rows(case: Case) -> Iterator[Row]:
    """Which day each telling has, where the page has events of its kind: of several those that its sentence speaks for."""
    strict = case.group == "gold41"
    for told in case.told:
        golds = [e for e in case.gold.get("events") or [] if e["kind"] == told.kind]
        if len({e.get("date") for e in golds}) > 1:
            golds = _spoken_for(case, told, golds)
        right = tuple(
            k
            for k, day in enumerate(told.days)
            if any(_same_day(e.get("date"), day, strict=strict) for e in golds)
        )
        if right and len(right) < len(told.days):
            times = sum(other.kind == told.kind for other in case.told)
            weight = GROUP[case.group] * (MEASURE_DAYS if strict else 1.0) / times**SHARED
            yield Row(
                "days",
                case.name,
                weight * (1.0 if told.strength > 1 else 0.5),
                right,
                tuple(d.features for d in told.days),
            )


def _spoken_for(case: Case, told: Telling, golds: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    s = labelled.scorer()
    words = s.words(case.scene.doc.text[slice(*told.sentence)])

    def said(event: Mapping[str, Any]) -> int:
        here = any(
            day.iso and event.get("date") and s.event_strength(event, {"kind": told.kind, "date": day.iso})
            for day in told.days
            if day.features[0].startswith("here")
        )
        return sum(s.party(p) in words for p in event.get("parties") or []) + 2 * here

    most = max(map(said, golds))
    return [event for event in golds if said(event) == most]


NAMED = ("here=day|named", "here=month|named", "before=day|named", "opening=day|named")
"""Features of days whose year the page only names: labels of our own give them as often as not."""


def _same_day(gold: str | None, day: Day, *, strict: bool) -> bool:
    if (day.iso or "").startswith(gold or "") and (gold or not day.iso):
        return True
    if strict or day.iso is None or not any(f.startswith(NAMED) for f in day.features):
        return False
    return gold is None or (len(gold) == len(day.iso) > 4 and gold[4:] == day.iso[4:])


def event_rows(case: Case, days: Mapping[str, float]) -> Iterator[Row]:
    """Which drafts are events of the label: the best match of each, by day, sides, place, and the first telling of a group."""
    drafts = drafts_with(case, days)
    stand = {j for _, j in matched(case, drafts)}
    for j, draft in enumerate(drafts):
        yield Row("events", case.name, GROUP[case.group], (0,) * (j in stand), (draft.features,))


def drafts_with(case: Case, days: Mapping[str, float]) -> list[Draft]:
    return draft_events(case.scene, told_on(case.told, days))


def matched(case: Case, drafts: Sequence[Draft]) -> list[tuple[int, int]]:
    s = labelled.scorer()
    scored = []
    for j, draft in enumerate(drafts):
        told = draft.told
        day = next(d for d in told.days if d.iso == told.date)
        words = s.words(case.scene.doc.text[slice(*told.sentence)])
        nth = draft.together.index(told)
        for i, event in enumerate(case.gold.get("events") or []):
            if event["kind"] != draft.kind or not _same_day(event.get("date"), day, strict=False):
                continue
            parties = event.get("parties") or []
            covered = sum(s.party(p) in words for p in parties) / max(1, len(parties))
            placed = 0.5 if event.get("place") and s.party(event["place"]) in words else 0.0
            alike = s.parties_like(parties, [p.name for p in told.parties])
            scored.append((alike + covered + placed + (nth == 0) - 0.01 * nth, i, j))
    pairs: list[tuple[int, int]] = []
    for _, i, j in sorted(scored, reverse=True):
        if all(i != a and j != b for a, b in pairs):
            pairs.append((i, j))
    return pairs


def ask_rows(case: Case) -> Iterator[Row]:
    """Which drafts are asks of the label; one said a second time is neither right nor wrong."""
    s = labelled.scorer()
    asked = list(draft_asks(case.scene, case.deeds))
    said = [{"kind": d.kind, "about": d.matter.about, "by": d.by.name} for d in asked]
    wanted = case.gold.get("asks") or []
    stand = {j for _, j in s.pair(wanted, said, s.ask_strength)}
    for j, ask in enumerate(asked):
        if j in stand or not any(s.ask_strength(g, said[j]) for g in wanted):
            yield Row("asks", case.name, GROUP[case.group], (0,) * (j in stand), (ask.features,))


def check(rows: Sequence[Row]) -> None:
    """Print F1 of pages left out of the fit, and how many drafts stand at each confidence."""
    lexicon = Lexicon()
    tally: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0, 0])
    for fold in range(FOLDS):
        weights: Mapping[str, Mapping[str, float]] = fit_all(rows, fold)
        lexicon.put(judge_weights, weights)
        for case in cases():
            if fold_of(case.name) != fold:
                continue
            scene = replace(case.scene, lexicon=lexicon)
            events = read_events(scene, case.deeds)
            asks = read_asks(scene, case.deeds)
            reading: dict[str, Any] = {
                "events": [
                    {"kind": e.kind, "date": e.date, "parties": [p.name for p in e.parties]} for e in events
                ],
                "asks": [{"kind": a.kind, "by": a.by, "about": a.about} for a in asks],
            }
            for kind in reading:
                row = tally[kind, case.group]
                row[0] += len(labelled.pairs(case.gold, reading, kind))
                row[1] += len(case.gold.get(kind) or [])
                row[2] += len(reading[kind])
    for (kind, group), (hit, gold, read) in sorted(tally.items()):
        score = labelled.scorer().f1(hit, gold, read)
        print(f"{kind:7} {group:8} F1 {score['f1']:.3f} P {score['precision']:.3f} R {score['recall']:.3f}")
    for model in ("events", "asks"):
        for low, drafts, share in reliability([row for row in rows if row.model == model]):
            print(f"{model:7} confidence {low:.1f}-{low + 0.2:.1f}: {drafts:5} drafts, {share:.2f} stand")


def reliability(rows: Sequence[Row]) -> list[tuple[float, int, float]]:
    """For each fifth of confidence its lower end, the drafts on pages left out, and the share that stands."""
    fifths: dict[int, list[bool]] = defaultdict(list)
    for fold in range(FOLDS):
        weights = fit(rows[0].model, [row for row in rows if fold_of(row.page) != fold])
        for row in rows:
            if fold_of(row.page) == fold:
                fifths[min(int(confidence(weights, row.answers[0]) * 5), 4)].append(bool(row.right))
    return [(n / 5, len(stand), sum(stand) / len(stand)) for n, stand in sorted(fifths.items())]


def main(argv: Sequence[str]) -> None:
    if "--gather" in argv:
        write_rows(gather())
    rows = read_rows()
    weights = fit_all(rows)
    write_weights(weights)
    for model, table in weights.items():
        some = [row for row in rows if row.model == model]
        print(f"{model}: {len(some)} rows, {len(table)} weights")
    if "--check" in argv:
        check(rows)


if __name__ == "__main__":
    main(sys.argv[1:])
