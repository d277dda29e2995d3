"""The labelled pages (trang đã gán nhãn) of both sets, with their texts, and the official scorer over any group of them.

``gold41`` is the set beside the project (``../shared/measure``); ``tune`` and ``hold`` are the project's own labels
(``pages/ID.json``) whose texts are in the corpus beside it. A page whose id's SHA-256 is divisible by three is held back:
rules and weights are never set with it in sight. Without the folders beside the project every group is empty.
"""

from __future__ import annotations

import gzip
import hashlib
import importlib.util
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from hoptac.pages import Page

HERE = Path(__file__).parent
SHARED = HERE.parents[2] / "shared"
MEASURE = SHARED / "measure"
CORPUS = SHARED / "corpus" / "articles.jsonl.gz"
KINDS = ("people", "contributions", "events", "agreements", "asks")
GROUPS = ("gold41", "tune", "written", "hold")
WHOLE = ("funder", "recipient", "amount", "quantity", "when")


@dataclass(frozen=True)
class Labelled:
    """One page with its label; ``group`` is one of ``GROUPS``."""

    name: str
    group: str
    text: str
    gold: Mapping[str, Any]

    @property
    def page(self) -> Page:
        data = self.text.encode()
        return Page(f"{self.name}.txt", self.text, data, hashlib.sha256(data).hexdigest(), "text/plain")


def held_back(name: str) -> bool:
    """Whether a page of our own labels is kept out of sight."""
    return int(hashlib.sha256(name.encode()).hexdigest(), 16) % 3 == 0


@cache
def labelled_pages() -> tuple[Labelled, ...]:
    """Every labelled page that is at hand, sorted by name within its group."""
    found: list[Labelled] = []
    if MEASURE.is_dir():
        for path in sorted((MEASURE / "gold").glob("*.json")):
            if not path.name.endswith(".layout.json"):
                text = (MEASURE / "pages" / f"{path.stem}.txt").read_text(encoding="utf-8")
                found.append(
                    Labelled(path.stem, "gold41", text, json.loads(path.read_text(encoding="utf-8")))
                )
    for path in sorted((HERE / "written").glob("*.json")):
        text = path.with_suffix(".txt").read_text(encoding="utf-8")
        found.append(Labelled(path.stem, "written", text, json.loads(path.read_text(encoding="utf-8"))))
    own = {
        path.stem: json.loads(path.read_text(encoding="utf-8"))
        for path in sorted((HERE / "pages").glob("*.json"))
    }
    texts = texts_of(frozenset(own))
    for name in sorted(texts):
        found.append(Labelled(name, "hold" if held_back(name) else "tune", texts[name], own[name]))
    return tuple(found)


@cache
def texts_of(names: frozenset[str]) -> dict[str, str]:
    """The texts of the corpus' articles by id; empty where the corpus is not at hand."""
    texts: dict[str, str] = {}
    if not names or not CORPUS.is_file():
        return texts
    with gzip.open(CORPUS, "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            if row["id"] in names:
                texts[row["id"]] = row["text"]
    return texts


@cache
def scorer() -> Any:
    """The official scorer, as a module."""
    spec = importlib.util.spec_from_file_location("score", MEASURE / "score.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def records(facts: Mapping[str, Any], kind: str) -> list[Any]:
    """The records of one kind, contributions in the scorer's flat shape."""
    items = facts.get(kind) or []
    return [scorer().flat(x) for x in items] if kind == "contributions" else list(items)


def pairs(gold: Mapping[str, Any], reading: Mapping[str, Any], kind: str) -> list[tuple[int, int]]:
    """Which labelled record each record of a reading says again, as (index in gold, index in reading)."""
    s = scorer()
    found: list[tuple[int, int]] = s.pair(records(gold, kind), records(reading, kind), s.STRENGTH[kind])
    return found


def figures(cases: Iterable[tuple[Mapping[str, Any], Mapping[str, Any]]]) -> dict[str, float]:
    """F1 of each kind over pages given as (gold, reading), contributions and people also whole; slots of the contributions
    found; and how many of the pages without a contribution yield one."""
    s = scorer()
    tally = {kind: [0, 0, 0, 0] for kind in KINDS}
    slots = dict.fromkeys(s.SLOTS, 0)
    empty = yielding = 0
    for gold, reading in cases:
        for kind in KINDS:
            gs, ps = records(gold, kind), records(reading, kind)
            hits = pairs(gold, reading, kind)
            row = tally[kind]
            row[0], row[1], row[2] = row[0] + len(hits), row[1] + len(gs), row[2] + len(ps)
            for i, j in hits:
                if kind == "contributions":
                    right = s.slots_right(gs[i], ps[j])
                    row[3] += all(right[name] for name in WHOLE)
                    for name in slots:
                        slots[name] += right[name]
                elif kind == "people":
                    row[3] += s.like(gs[i].get("office"), ps[j].get("office"), 80)
        if not gold.get("contributions"):
            empty += 1
            yielding += bool(reading.get("contributions"))
    out: dict[str, float] = {}
    for kind in KINDS:
        hit, want, got, whole = tally[kind]
        out[f"{kind} f1"] = s.f1(hit, want, got)["f1"]
        if kind in ("contributions", "people"):
            out[f"{kind} whole"] = s.f1(whole, want, got)["f1"]
    hit, want, got, _ = tally["contributions"]
    out["contributions precision"], out["contributions recall"] = hit / (got or 1), hit / (want or 1)
    out |= {f"slot {name}": n / (hit or 1) for name, n in slots.items()}
    out["pages without contribution"], out["of them yielding"] = empty, yielding
    return {name: round(value, 3) for name, value in out.items()}
