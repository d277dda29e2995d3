"""Measure reading, writing and checking IATI beside bare lxml passes over the same file in the same run.

    .venv/bin/python bench/iati.py [FILE …] [--rounds N] [--json]

FILE is ../shared/iati/real/assembled/usaid-24MB-203.xml where none is given. Times are CPU seconds of this process, best of
--rounds; memory is the peak of a process of its own that does nothing else. A round runs every pass once, so that a
busy machine slows them alike.
"""

from __future__ import annotations

import argparse
import gc
import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

from lxml import etree

from hoptac.iati import Checker, Reading, Schemas, Writer
from hoptac.lexicon import default_lexicon

FILE = Path(__file__).resolve().parents[2] / "shared" / "iati" / "real" / "assembled" / "usaid-24MB-203.xml"
ON = date(2026, 11, 23)


def bare(path: Path, schema: etree.XMLSchema | None = None) -> None:
    """lxml's own pass: every activity met and forgotten; with a schema, validated on the way."""
    for _, element in etree.iterparse(str(path), events=("end",), tag="iati-activity", schema=schema):
        element.clear()
        parent = element.getparent()
        while parent is not None and element.getprevious() is not None:
            del parent[0]


def read(path: Path) -> int:
    with path.open("rb") as stream:
        return sum(len(activity.transactions) for activity, _ in Reading(stream))


def memory(task: str, path: Path) -> float:
    """Peak MB of a process that does one task."""
    done = subprocess.run(
        [sys.executable, __file__, "--only", task, str(path)], check=True, capture_output=True, text=True
    )
    return float(done.stdout)


def only(task: str, path: Path) -> None:
    if task == "read":
        read(path)
    else:
        with path.open("rb") as stream:
            Checker().check(stream, on=ON)
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def measure(path: Path, rounds: int) -> dict[str, float]:
    """MB/s of each pass and the shares that the project promises."""
    size = path.stat().st_size / 1e6
    schema = Schemas(default_lexicon()).get("activities", "2.03")
    if schema is None:
        raise SystemExit("no schema 2.03")
    checker, writer = Checker(), Writer()
    with path.open("rb") as stream:
        activities = [activity for activity, _ in Reading(stream)]
    gc.freeze()  # what is kept for writing must not be walked through while reading is measured
    written = sum(map(len, writer.write(activities))) / 1e6

    def check() -> None:
        with path.open("rb") as stream:
            checker.check(stream, on=ON)

    passes: dict[str, tuple[float, Callable[[], object]]] = {
        "bare iterparse": (size, lambda: bare(path)),
        "read": (size, lambda: read(path)),
        "write": (written, lambda: sum(map(len, writer.write(activities)))),
        "lxml XSD": (size, lambda: bare(path, schema.item)),
        "check": (size, check),
    }
    best = dict.fromkeys(passes, float("inf"))
    for _ in range(rounds):
        for name, (_, run) in passes.items():
            began = time.process_time()
            run()
            best[name] = min(best[name], time.process_time() - began)
    found = {name: passes[name][0] / seconds for name, seconds in best.items()}
    found["read / bare %"] = 100 * found["read"] / found["bare iterparse"]
    found["check / XSD %"] = 100 * found["check"] / found["lxml XSD"]
    found["read peak MB"], found["check peak MB"] = memory("read", path), memory("check", path)
    return {name: round(value, 1) for name, value in found.items()}


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("files", nargs="*", type=Path)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--json", action="store_true")
    options.add_argument("--only", choices=["read", "check"], help=argparse.SUPPRESS)
    given = options.parse_args()
    if given.only:
        only(given.only, given.files[0])
        return
    files = given.files or [FILE]
    if not files[0].is_file():
        print(f"{files[0]} is not here: name a file")
        sys.exit(2)
    results = {path.name: measure(path, given.rounds) for path in files}
    if given.json:
        print(json.dumps(results, indent=1))
    else:
        for name, result in results.items():
            print(name)
            for what, value in result.items():
                print(f"  {what:16} {value:8}")


main()
