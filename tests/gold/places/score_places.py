"""Score place matching against the labels of this folder, as the README's "fair score" says.

    .venv/bin/python tests/gold/places/score_places.py [--misses] [--part tune|hold]

prints precision, recall and F1 on the right unit, by part, and recall by class and by cause of ambiguity. ``--misses`` lists
what went wrong in ``tune`` (never in ``hold``). Needs the corpus (../shared/corpus/articles.jsonl.gz).
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hoptac.lexicon.tables import default_lexicon
from hoptac.places.matching import PlaceMatch, matcher
from hoptac.places.names import key_of
from hoptac.places.units import COMMUNE, COUNTRY, DISTRICT, PROVINCE, Unit, gazetteer

HERE = Path(__file__).resolve().parent
CORPUS = HERE.parents[3] / "shared" / "corpus" / "articles.jsonl.gz"
LEVELS = {"province": PROVINCE, "district": DISTRICT, "commune": COMMUNE, "city_ward": COMMUNE}
BY_NAME = frozenset({"country", "foreign", "region"})

Label = dict[str, Any]
Find = Callable[[str], Sequence[PlaceMatch]]


@dataclass
class Score:
    """Counts over some articles: ``right`` of ``labelled`` mentions, ``right`` of ``found`` findings."""

    right: int = 0
    labelled: int = 0
    found: int = 0
    by: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    misses: list[str] = field(default_factory=list)

    @property
    def precision(self) -> float:
        return self.right / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        return self.right / self.labelled if self.labelled else 1.0

    @property
    def f1(self) -> float:
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def part_of(article: str) -> str:
    return "hold" if int(hashlib.sha256(article.encode()).hexdigest(), 16) % 3 == 0 else "tune"


def labels() -> list[Label]:
    return [json.loads(path.read_text(encoding="utf-8")) for path in sorted(HERE.glob("*-*.json"))]


def texts(wanted: Iterable[str]) -> dict[str, str]:
    """The corpus' texts of these ids."""
    ids = set(wanted)
    with gzip.open(CORPUS, "rt", encoding="utf-8") as lines:
        return {row["id"]: row["text"] for row in map(json.loads, lines) if row["id"] in ids}


def same_unit(label: Label, unit: Unit | None) -> bool:
    """Whether a unit is the one that a label states."""
    stated = label["unit"]
    if unit is None:
        return False
    if "code" in stated and label["class"] not in BY_NAME:
        return bool(unit.code == stated["code"])
    if label["class"] in BY_NAME:
        known = matcher(default_lexicon()).names.named(key_of(stated["name"]))
        return unit.id in {entry.id for entry in known} or _country(stated["name"]) == _country(unit.name)
    named = key_of(unit.name) == key_of(stated["name"])
    return named and unit.level == LEVELS[label["class"]] and _province(unit) == key_of(_above(stated))


def _country(name: str) -> str:
    units = gazetteer(default_lexicon()).find_units(name)
    codes = {u.code for u in units if u.level == COUNTRY} or {u.code for u in units if u.parent != "Việt Nam"}
    return min((code for code in codes if code), default=key_of(name))


def _above(stated: Label) -> str:
    return str(stated.get("province") or stated["name"])


def _province(unit: Unit) -> str:
    if unit.level == PROVINCE:
        return key_of(unit.name)
    return matcher(default_lexicon()).names.entry(unit.id).province


def score(articles: Iterable[Label], text_of: dict[str, str], find: Find, *, bodies: bool) -> Score:
    """The score of a matcher on some labelled articles; ``bodies`` counts places inside the names of bodies too."""
    total = Score()
    for article in articles:
        text = text_of[article["id"]]
        taken: set[int] = set()
        findings = list(find(text))
        for label in article["mentions"]:
            over = [
                i
                for i, m in enumerate(findings)
                if m.start < label["end"] and label["start"] < m.end and i not in taken
            ]
            if label["class"] == "village" or (label["inside"] and not bodies):
                taken.update(over)
                continue
            total.labelled += 1
            right = [i for i in over if same_unit(label, findings[i].unit)]
            open_label = bool(label["unit"].get("unresolved"))
            if open_label and not any(findings[i].unit for i in over):
                right = over[:1]
                ok = True
            else:
                ok = bool(right)
            total.right += ok
            total.found += ok and not right
            if right:
                taken.add(right[0])
                total.found += 1
            for name in (label["class"], *label["ambiguous"]):
                total.by[name]["right"] += ok
                total.by[name]["all"] += 1
            if not ok:
                got = ", ".join(_say(findings[i]) for i in over) or "nothing"
                stated = label["unit"]
                total.misses.append(f"{article['id']} {_around(text, label)}\n    wants {stated} got {got}")
        for i, m in enumerate(findings):
            if i not in taken:
                total.found += 1
                total.misses.append(
                    f"{article['id']} {_around(text, {'start': m.start, 'end': m.end})}\n    EXTRA {_say(m)}"
                )
    return total


def _say(m: PlaceMatch) -> str:
    return f"{m.text}={m.unit.id if m.unit else [u.id for u in m.candidates[:4]]} ({m.why})"


def _around(text: str, label: Label) -> str:
    start, end = label["start"], label["end"]
    return f"{text[max(0, start - 50) : start]}[{text[start:end]}]{text[end : end + 40]}".replace("\n", "|")


def find_of_matcher(text: str) -> Sequence[PlaceMatch]:
    return matcher(default_lexicon()).find(text)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--misses", action="store_true", help="list what went wrong in the part for tuning")
    parser.add_argument("--part", choices=("tune", "hold"), help="one part only")
    asked = parser.parse_args(arguments)
    if not CORPUS.exists():
        print("the corpus of articles is not at hand (../shared/corpus/articles.jsonl.gz)", file=sys.stderr)
        return 2
    found = labels()
    text_of = texts(article["id"] for article in found)
    for part in (asked.part,) if asked.part else ("tune", "hold"):
        some = [article for article in found if part_of(article["id"]) == part]
        for bodies in (False, True):
            s = score(some, text_of, find_of_matcher, bodies=bodies)
            print(
                f"{part:5} {'with bodies' if bodies else 'without bodies':15} P {s.precision:.4f} R {s.recall:.4f} "
                f"F1 {s.f1:.4f} ({s.right} right of {s.labelled} labelled, {s.found} found)"
            )
        for name, counts in sorted(s.by.items(), key=lambda item: -item[1]["all"]):
            print(
                f"      {name:40} {counts['right']:4} of {counts['all']:4}  {counts['right'] / counts['all']:.3f}"
            )
        if asked.misses and part == "tune":
            print("\n".join(s.misses))
    return 0


if __name__ == "__main__":
    sys.exit(main())
