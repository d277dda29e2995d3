"""Measure place matching beside plain automata over the same names and beside vietnamadminunits' parser.

    .venv/bin/python bench/places.py [--peers DIR] [--articles N] [--json]

One process, one core, one run over the corpus (../shared/corpus/articles.jsonl.gz, or --corpus FILE of JSON lines with
``text``). Times are CPU seconds of this process, best of --rounds; a plain automaton finds every name of the same list and
builds the Python list of its hits. A peer that is not installed is left out with a line that says so; to have all:

    uv pip install --target DIR vietnamadminunits flashtext pyahocorasick ahocorasick_rs daachorse
"""

from __future__ import annotations

import argparse
import gzip
import importlib
import json
import platform
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from hoptac.lexicon.tables import default_lexicon
from hoptac.places.matching import matcher
from hoptac.places.store import store

CORPUS = Path(__file__).resolve().parents[2] / "shared" / "corpus" / "articles.jsonl.gz"
SAMPLE = 60
"""Articles that vietnamadminunits' parser is given; its time for all is that of these, scaled."""
LOAD = """
import time

def memory():
    with open("/proc/self/status") as lines:
        return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024

bare, began, used = memory(), time.perf_counter(), time.process_time()
from hoptac.lexicon.tables import default_lexicon
from hoptac.places.matching import matcher
found = matcher(default_lexicon()).find("xã Sín Thầu, huyện Mường Nhé, tỉnh Điện Biên")
assert len(found) == 3
print(time.perf_counter() - began, time.process_time() - used, bare, memory())
"""


def texts_of(path: Path, count: int | None) -> list[str]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        found = [json.loads(line)["text"] for line in lines]
    return found[:count]


def names_of() -> list[str]:
    """The names that the plain automata look for: those of every unit, and those that the matcher takes without a kind."""
    found = {name for name in store().names if not name.isdigit()}
    return sorted(found | set(matcher(default_lexicon()).bare_names()))


def best_seconds(work: Callable[[], int], rounds: int) -> tuple[float, int]:
    """The least CPU time of some rounds of ``work``, and what it gave."""
    best, given = float("inf"), 0
    for _ in range(rounds):
        began = time.process_time()
        given = work()
        best = min(best, time.process_time() - began)
    return best, given


def ours(texts: Sequence[str]) -> Callable[[], int]:
    find = matcher(default_lexicon()).find
    return lambda: sum(len(find(text)) for text in texts)


def pyahocorasick(texts: Sequence[str], names: Sequence[str]) -> Callable[[], int]:
    module = importlib.import_module("ahocorasick")
    automaton = module.Automaton()
    for name in names:
        automaton.add_word(name, name)
    automaton.make_automaton()
    return lambda: sum(len(list(automaton.iter(text))) for text in texts)


def ahocorasick_rs(texts: Sequence[str], names: Sequence[str]) -> Callable[[], int]:
    module = importlib.import_module("ahocorasick_rs")
    automaton = module.AhoCorasick(names, matchkind=module.MatchKind.LeftmostLongest)
    return lambda: sum(len(automaton.find_matches_as_indexes(text)) for text in texts)


def daachorse(texts: Sequence[str], names: Sequence[str]) -> Callable[[], int]:
    module = importlib.import_module("daachorse")
    automaton = module.CharwiseDoubleArrayAhoCorasick(names, module.MATCH_KIND_LEFTMOST_LONGEST)
    return lambda: sum(len(automaton.find(text)) for text in texts)


def flashtext(texts: Sequence[str], names: Sequence[str]) -> Callable[[], int]:
    module = importlib.import_module("flashtext")
    processor = module.KeywordProcessor(case_sensitive=True)
    for name in names:
        processor.add_keyword(name)
    return lambda: sum(len(processor.extract_keywords(text, span_info=True)) for text in texts)


def vietnamadminunits(texts: Sequence[str], names: Sequence[str]) -> Callable[[], int]:
    parse = importlib.import_module("vietnamadminunits").parse_address
    return lambda: sum(
        parse(line) is not None for text in texts for line in text.splitlines() if line.strip()
    )


PEERS: dict[str, Callable[[Sequence[str], Sequence[str]], Callable[[], int]]] = {
    "pyahocorasick": pyahocorasick,
    "ahocorasick_rs": ahocorasick_rs,
    "daachorse": daachorse,
    "flashtext": flashtext,
    "vietnamadminunits": vietnamadminunits,
}


def load_figures() -> dict[str, float]:
    """Seconds and memory of a new process that makes the matcher and reads one address: best of five."""
    runs = []
    for _ in range(5):
        out = subprocess.run([sys.executable, "-c", LOAD], check=True, capture_output=True, text=True).stdout
        runs.append([float(x) for x in out.split()])
    seconds, used, bare, whole = min(runs)
    return {"seconds": seconds, "cpu_seconds": used, "bare_mb": bare, "mb": whole}


def measure(texts: Sequence[str], rounds: int) -> list[dict[str, Any]]:
    size = sum(len(text.encode()) for text in texts) / 1e6
    names = names_of()
    rows: list[dict[str, Any]] = []

    def add(name: str, work: Callable[[], int], share: float, times: int) -> None:
        seconds, given = best_seconds(work, times)
        whole = seconds / share
        rows.append(
            {
                "what": name,
                "mb_per_s": size / whole,
                "articles_per_s": len(texts) / whole,
                "us_an_article": whole / len(texts) * 1e6,
                "found": given if share == 1 else None,
                "note": "" if share == 1 else f"{given} of a sample of {round(share * len(texts))}, scaled",
            }
        )

    add("hoptac", ours(texts), 1, rounds)
    for name, make in PEERS.items():
        sampled = name == "vietnamadminunits"
        some = texts[:: max(1, len(texts) // SAMPLE)] if sampled else texts
        try:
            work = make(some, names)
        except ImportError as error:
            rows.append({"what": name, "note": f"not installed: {error}"})
            continue
        add(name, work, len(some) / len(texts), 1 if sampled else rounds)
    return rows


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--peers", type=Path, help="a folder that peers were installed into")
    parser.add_argument("--corpus", type=Path, default=CORPUS)
    parser.add_argument("--articles", type=int, help="the first so many only")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    if not asked.corpus.exists():
        print(f"no corpus at {asked.corpus}; give one with --corpus", file=sys.stderr)
        return 2
    if asked.peers:
        sys.path.append(str(asked.peers))
    texts = texts_of(asked.corpus, asked.articles)
    load = load_figures()
    rows = measure(texts, asked.rounds)
    by_name = {row["what"]: row for row in rows if "mb_per_s" in row}
    found: dict[str, Any] = {
        "python": platform.python_version(),
        "machine": platform.machine(),
        "articles": len(texts),
        "names": len(names_of()),
        "load": load,
        "rows": rows,
        "times": {name: by_name["hoptac"]["mb_per_s"] / row["mb_per_s"] for name, row in by_name.items()},
    }
    if asked.json:
        print(json.dumps(found, ensure_ascii=False, indent=1))
        return 0
    print(
        f"{found['articles']} articles, {found['names']} names, Python {found['python']} on {found['machine']}"
    )
    print(
        f"load {load['seconds']:.3f} s (CPU {load['cpu_seconds']:.3f}), {load['mb']:.0f} MB in all (bare interpreter {load['bare_mb']:.0f} MB)"
    )
    print(f"{'':18} {'MB/s':>9} {'articles/s':>11} {'us/article':>11} {'found':>9}  hoptac is")
    for row in rows:
        if "mb_per_s" not in row:
            print(f"{row['what']:18} {row['note']}")
            continue
        times = found["times"][row["what"]]
        print(
            f"{row['what']:18} {row['mb_per_s']:9.3f} {row['articles_per_s']:11.0f} {row['us_an_article']:11.1f} "
            f"{row['found'] or '':>9}  {times:.2f} times as fast  {row['note']}"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
