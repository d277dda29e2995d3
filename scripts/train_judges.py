"""Train the judges of events, agreements and asks from rows of features (huấn luyện bộ cân nhắc).

    python scripts/train_judges.py             the rows kept beside this script -> lexicon/data/judge_weights.tsv
    python scripts/train_judges.py --gather    first make the rows anew from the labelled pages and their texts

A row holds a page's name, whether a careful reader records the draft, and the draft's features: no words of the page but the
few beside the draft's own verb. Pages that are held back give no rows. The fit is a logistic model with a quadratic penalty,
found by coordinate descent from zero: no chance is in it, the same rows give the same weights.
"""

from __future__ import annotations

import gzip
import hashlib
import importlib.util
import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from math import exp
from pathlib import Path
from typing import Any
from unittest import mock

from hoptac.pages.values import Page
from hoptac.reading import pipeline
from hoptac.reading.claims.asks import draft_asks
from hoptac.reading.claims.deeds import Deeds
from hoptac.reading.claims.events import draft_events, features_of
from hoptac.reading.scene import Scene
from hoptac.reading.values import Event

HERE = Path(__file__).parent
ROWS = HERE / "judge_rows.tsv"
WEIGHTS = HERE.parent / "src" / "hoptac" / "lexicon" / "data" / "judge_weights.tsv"
LABELS = HERE.parent / "tests" / "gold" / "pages"
SHARED = HERE.parents[1] / "shared"
MEASURE = SHARED / "measure"
CORPUS = SHARED / "corpus" / "articles.jsonl.gz"

BIAS = "bias"
LEAST = 0.05
"""Weights nearer to nought are left out of the table."""

FOLDS = 10
PENALTY = {"events": 8.0, "asks": 8.0}
"""Where F1 on pages left out is best."""

SWEEPS = 60
"""Passes over all features; the weights no longer move in the third digit well before."""


@dataclass(frozen=True)
class Row:
    page: str
    stands: bool
    features: tuple[str, ...]


def fit(
    rows: Sequence[Row], *, penalty: float = 2.0, least_rows: int = 6, least_pages: int = 4
) -> dict[str, float]:
    """The weights of a logistic model over the features that are frequent enough; ``BIAS`` is not penalised."""
    counts = Counter(f for row in rows for f in set(row.features))
    pages = Counter(f for f, _ in {(f, row.page) for row in rows for f in row.features})
    names = sorted(f for f, n in counts.items() if n >= least_rows and pages[f] >= least_pages)
    having: dict[str, list[int]] = {name: [] for name in names}
    having[BIAS] = list(range(len(rows)))
    for n, row in enumerate(rows):
        for feature in sorted(set(row.features)):
            if feature in having:
                having[feature].append(n)
    truth = [1.0 if row.stands else 0.0 for row in rows]
    margin = [0.0] * len(rows)
    weights = dict.fromkeys([BIAS, *names], 0.0)
    for _ in range(SWEEPS):
        for name in weights:
            held = 0.0 if name == BIAS else penalty
            slope, bend = held * weights[name], held
            for n in having[name]:
                p = 1.0 / (1.0 + exp(-margin[n]))
                slope += p - truth[n]
                bend += p * (1.0 - p)
            step = max(-1.0, min(1.0, slope / (bend + 1e-9)))
            weights[name] -= step
            for n in having[name]:
                margin[n] -= step
    return weights


def confidence(weights: Mapping[str, float], features: Iterable[str]) -> float:
    return 1.0 / (1.0 + exp(-(weights[BIAS] + sum(weights.get(f, 0.0) for f in features))))


def read_rows(path: Path = ROWS) -> dict[str, list[Row]]:
    """The kept rows by judge."""
    rows: dict[str, list[Row]] = {}
    for line in path.read_text(encoding="utf-8").splitlines()[1:]:
        judge, page, stands, features = line.split("\t")
        rows.setdefault(judge, []).append(Row(page, stands == "1", tuple(features.split("|"))))
    return rows


def write_rows(rows: Mapping[str, Sequence[Row]], path: Path = ROWS) -> None:
    lines = ["judge\tpage\tstands\tfeatures"]
    for judge, items in rows.items():
        for row in items:
            lines.append("\t".join((judge, row.page, str(int(row.stands)), "|".join(row.features))))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def write_weights(weights: Mapping[str, Mapping[str, float]], path: Path = WEIGHTS) -> None:
    lines = [
        "# title: Weights of the judges that decide which drafted claims stand",
        "# source: logistic models made by scripts/train_judges.py from the rows beside it",
        "# checked: 2026-11-23",
        "judge\tfeature\tweight\tnote",
    ]
    for judge, table in weights.items():
        lines += [f"{judge}\t{name}\t{value:.2f}\t" for name, value in table.items() if abs(value) >= LEAST]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def fold_of(page: str) -> int:
    """The tenth of the pages that a page is left out with."""
    return int(hashlib.sha256(page.encode()).hexdigest(), 16) // 3 % FOLDS


def reliability(rows: Sequence[Row], penalty: float) -> list[tuple[float, int, float]]:
    """How sure the judge is of drafts on pages that it has not seen, and how many of them stand: for each tenth of
    confidence its lower end, the drafts, and the share that stands."""
    tenths: dict[int, list[bool]] = {}
    for fold in range(FOLDS):
        weights = fit([r for r in rows if fold_of(r.page) != fold], penalty=penalty)
        for row in rows:
            if fold_of(row.page) == fold:
                tenths.setdefault(int(confidence(weights, row.features) * 10), []).append(row.stands)
    return [(n / 10, len(s), sum(s) / len(s)) for n, s in sorted(tenths.items())]


def gather() -> dict[str, list[Row]]:
    """Rows from every labelled page that is not held back; needs the folder of labels and texts beside the project."""
    rows: dict[str, list[Row]] = {"events": [], "asks": []}
    for name, page, gold in labelled():
        scene = scene_of(page)
        deeds = Deeds.of(scene.doc, lexicon=scene.lexicon)
        drafted = draft_events(scene, deeds)
        told: list[dict[str, Any]] = [{"kind": d.kind, "date": d.date} for d in drafted]
        stands = {j for _, j in scorer().pair(gold.get("events") or [], told, scorer().event_strength)}
        for n, event in enumerate(drafted):
            rows["events"].append(Row(name, n in stands, features_of(scene, event, drafted)))
        asked = list(draft_asks(scene, deeds))
        said = [{"kind": d.kind, "about": d.matter.about, "by": d.by.name} for d in asked]
        wanted = gold.get("asks") or []
        stands = {j for _, j in scorer().pair(wanted, said, scorer().ask_strength)}
        for n, ask in enumerate(asked):
            twice = n not in stands and any(scorer().ask_strength(g, said[n]) for g in wanted)
            if not twice:  # said a second time, it is neither right nor wrong
                rows["asks"].append(Row(name, n in stands, ask.features))
    return rows


def labelled() -> Iterator[tuple[str, Page, Mapping[str, Any]]]:
    for path in sorted((MEASURE / "gold").glob("*.json")):
        if not path.name.endswith(".layout.json"):
            text = (MEASURE / "pages" / f"{path.stem}.txt").read_text(encoding="utf-8")
            yield path.stem, page_of(path.stem, text), json.loads(path.read_text(encoding="utf-8"))
    own = {p.stem: p for p in sorted(LABELS.glob("*.json")) if not held_back(p.stem)}
    with gzip.open(CORPUS, "rt", encoding="utf-8") as lines:
        texts = {row["id"]: row["text"] for row in map(json.loads, lines) if row["id"] in own}
    for name in sorted(texts):
        yield name, page_of(name, texts[name]), json.loads(own[name].read_text(encoding="utf-8"))


def held_back(name: str) -> bool:
    """Whether a page of the project's own labels is kept out of sight: its id's SHA-256 is divisible by three."""
    return int(hashlib.sha256(name.encode()).hexdigest(), 16) % 3 == 0


def page_of(name: str, text: str) -> Page:
    data = text.encode()
    return Page(f"{name}.txt", text, data, hashlib.sha256(data).hexdigest(), "text/plain")


def scene_of(page: Page) -> Scene:
    """The scene that the pipeline makes of a page."""
    caught: list[Scene] = []

    def catch(scene: Scene, deeds: Deeds) -> tuple[Event, ...]:
        caught.append(scene)
        return ()

    with mock.patch.object(pipeline, "read_events", catch):
        pipeline.read_page(page)
    return caught[0]


@cache
def scorer() -> Any:
    spec = importlib.util.spec_from_file_location("score", MEASURE / "score.py")
    if spec is None or spec.loader is None:
        raise FileNotFoundError(MEASURE / "score.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def main(argv: Sequence[str]) -> None:
    if "--gather" in argv:
        write_rows(gather())
    rows = read_rows()
    weights = {judge: fit(items, penalty=PENALTY[judge]) for judge, items in rows.items()}
    write_weights(weights)
    for judge, items in rows.items():
        print(
            f"{judge}: {len(items)} drafts, {sum(r.stands for r in items)} stand; {len(weights[judge])} weights"
        )
        for low, drafts, share in reliability(items, PENALTY[judge]):
            print(f"  confidence {low:.1f}-{low + 0.1:.1f}: {drafts:4} drafts, {share:.2f} stand")


if __name__ == "__main__":
    main(sys.argv[1:])
