"""Measure the reading over the corpus, stage by stage, beside the floor and other tools; see bench/README.md.

Times are the process's own, so that what else runs on the machine counts little; the start is measured by the clock.
"""

from __future__ import annotations

import argparse
import gzip
import json
import platform
import statistics
import subprocess
import sys
import textwrap
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FunctionType, GeneratorType, SimpleNamespace
from typing import Any

from hoptac import __version__
from hoptac.lexicon import default_lexicon
from hoptac.pages.values import Page
from hoptac.reading import pipeline
from hoptac.text.decode import decode
from hoptac.text.fold import fold

CORPUS = Path(__file__).parents[2] / "shared" / "corpus" / "articles.jsonl.gz"
WARM_UP = 50
"""Articles read before the clock starts, so that tables are built."""
ROUNDS = 2
"""The faster of so many rounds counts: the one that other programs disturbed least."""

# One line of code for each peer, over `texts`, after `setup`; few texts where it is slow.
PEERS = (
    ("underthesea NER", 10, "from underthesea import ner as f", "f(t)"),
    ("pyvi words", 100, "from pyvi import ViTokenizer; f = ViTokenizer.tokenize", "f(t)"),
    (
        "spaCy blank vi",
        300,
        "import spacy; f = spacy.blank('vi', config={'nlp': {'tokenizer': {'use_pyvi': False}}}); f.add_pipe('sentencizer')",
        "f(t)",
    ),
)


def article_bytes(least: int) -> list[bytes]:
    with gzip.open(CORPUS, "rt", encoding="utf-8") as lines:
        return [json.loads(line)["text"].encode() for _, line in zip(range(least), lines, strict=False)]


def page_of(data: bytes) -> Page:
    return Page(name="x", text=decode(data).text, data=data, sha256="0" * 64, media_type="text/plain")


class Clock:
    """Time by stage: each stage's own, without that of the stages it calls."""

    def __init__(self) -> None:
        self.own: dict[str, float] = defaultdict(float)
        self._inner = [0.0]

    def timed(self, name: str, work: Callable[..., Any]) -> Callable[..., Any]:
        def measured(*args: Any, **kwargs: Any) -> Any:
            self._inner.append(0.0)
            began = time.process_time()
            result = work(*args, **kwargs)
            if isinstance(result, GeneratorType):
                result = list(result)
            took = time.process_time() - began
            self.own[name] += took - self._inner.pop()
            self._inner[-1] += took
            return result

        return measured


def stages(clock: Clock) -> Iterator[tuple[str, object]]:
    """The pipeline's own names for the steps that it calls, each with a timed one in its place."""
    for name, value in list(vars(pipeline).items()):
        if isinstance(value, FunctionType) and value.__module__ != pipeline.__name__:
            yield name, clock.timed(name, value)
        elif (
            isinstance(value, type) and value.__module__.startswith("hoptac.reading") and hasattr(value, "of")
        ):
            yield name, SimpleNamespace(of=clock.timed(f"{name}.of", value.of))


def round_of(work: Callable[[bytes], object], articles: list[bytes]) -> float:
    began = time.process_time()
    for data in articles:
        work(data)
    return time.process_time() - began


def seconds_of(work: Callable[[bytes], object], articles: list[bytes]) -> float:
    round_of(work, articles[:WARM_UP])
    return min(round_of(work, articles) for _ in range(ROUNDS))


def by_stage(articles: list[bytes], before: list[bytes]) -> dict[str, float]:
    """Milliseconds an article of each stage, the slowest first; what no stage holds is "rest". ``before`` are read first."""
    clock = Clock()
    plain = {name: vars(pipeline)[name] for name, _ in stages(clock)}
    vars(pipeline).update(stages(clock))
    try:
        take = clock.timed("decode", page_of)
        read = clock.timed("rest", lambda data: pipeline.read_page(take(data)))
        round_of(read, before)
        clock.own.clear()
        round_of(read, articles)
    finally:
        vars(pipeline).update(plain)
    return {
        name: taken / len(articles) * 1000
        for name, taken in sorted(clock.own.items(), key=lambda item: -item[1])
    }


def long_page(articles: list[bytes], megabytes: float) -> bytes:
    """One page of so many megabytes: the articles one after another, again and again."""
    least = int(megabytes * 1e6)
    page = b"\n".join(articles) + b"\n"
    text = page * (least // len(page) + 1)
    return text[: text.rfind(b"\n", 0, least)]


def print_long(articles: list[bytes], sizes: list[float]) -> None:
    """Seconds a megabyte of each stage for pages of several lengths: a stage whose cost is its length's has equal figures."""
    rows: dict[str, list[float]] = {}
    for n, size in enumerate(sizes):
        progress(f"one page of {size:g} MB")
        taken = by_stage([long_page(articles, size)], articles[:WARM_UP])
        taken = {"all": sum(taken.values()), **taken}
        for name in sorted({*rows, *taken}):
            rows.setdefault(name, [0.0] * n).append(taken.get(name, 0.0) / 1000 / size)
    print("seconds a megabyte, one page of" + "".join(f"{size:>8g}" for size in sizes) + " MB")
    for name, row in sorted(rows.items(), key=lambda item: -item[1][-1]):
        print(f"  {name:<29}" + "".join(f"{seconds:8.3f}" for seconds in row))


def read_articles(articles: list[bytes]) -> tuple[float, float]:
    """In a process of its own: seconds from its start to the first reading, and its peak memory in MB after all of them."""
    code = textwrap.dedent(
        f"""
        import re, sys
        from pathlib import Path
        sys.path.insert(0, {str(Path(__file__).parent)!r})
        from reading import article_bytes, page_of, pipeline
        articles = article_bytes({len(articles)})
        for data in articles:
            pipeline.read_page(page_of(data))
        print(int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) / 1024)
        """
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    starts = []
    for _ in range(5):
        began = time.perf_counter()
        subprocess.run(
            [Path(sys.executable).with_name("hoptac"), "read", "--format", "jsonl", "-"],
            input=articles[0],
            check=True,
            capture_output=True,
        )
        starts.append(time.perf_counter() - began)
    return statistics.median(starts), float(done.stdout)


def peer_rows(folder: Path, articles: list[bytes]) -> Iterator[tuple[str, float | None, str]]:
    """Articles a second of each peer, in a process of its own; None, with the reason, where it cannot be run."""
    for name, most, setup, call in PEERS:
        code = f"""
import json, sys, time
sys.path.insert(0, {str(folder)!r})
texts = [t for t in json.load(sys.stdin)]
{setup}
t = texts[0]; {call}
began = time.process_time()
for t in texts: {call}
print(len(texts) / (time.process_time() - began))
"""
        texts = [data.decode() for data in articles[:most]]
        done = subprocess.run(
            [sys.executable, "-c", code], input=json.dumps(texts), capture_output=True, text=True, check=False
        )
        if done.returncode:
            yield name, None, (done.stderr.strip().splitlines() or ["failed"])[-1]
        else:
            yield name, float(done.stdout.split()[-1]), f"{len(texts)} articles"


def progress(what: str) -> None:
    print(f"bench: {what} …", file=sys.stderr, flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--articles", type=int, default=2000, help="how many articles of the corpus (default 2000)"
    )
    parser.add_argument(
        "--peers", type=Path, metavar="DIR", help="a folder with underthesea, pyvi, spacy to run beside"
    )
    parser.add_argument(
        "--long",
        nargs="+",
        type=float,
        metavar="MB",
        help="instead, read pages of so many megabytes made of the articles, and print the cost of each stage",
    )
    parser.add_argument("--json", action="store_true", help="print JSON")
    asked = parser.parse_args()
    if not CORPUS.is_file():
        print(f"bench: skipped, the corpus is not at hand: {CORPUS}", file=sys.stderr)
        return

    articles = article_bytes(asked.articles)
    megabytes = sum(map(len, articles)) / 1e6
    default_lexicon()
    if asked.long:
        print_long(articles, asked.long)
        return
    progress(f"read {len(articles)} articles")
    read = seconds_of(lambda data: pipeline.read_page(page_of(data)), articles)
    progress("stages")
    taken = by_stage(articles, articles[:WARM_UP])
    progress("floor")
    floor = seconds_of(lambda data: fold(decode(data).text).text.split(), articles)
    progress("start and memory")
    start, memory = read_articles(articles)

    machine = f"{platform.system()} {platform.machine()}, Python {platform.python_version()}"
    print_row: list[tuple[str, float, str]] = [
        ("read", read / len(articles) * 1000, "ms an article"),
        ("read", len(articles) / read, "articles a second"),
        ("read", megabytes / read, "MB a second"),
        ("floor", floor / len(articles) * 1000, "ms an article: decode, fold, split"),
        ("floor", len(articles) / floor, "articles a second"),
        ("start", start * 1000, "ms: a new process reads one article"),
        ("memory", memory, "MB at most, all articles in one process"),
    ]
    peers: list[tuple[str, float | None, str]] = []
    if asked.peers:
        progress("peers")
        peers = list(peer_rows(asked.peers, articles))
    about = {
        "hoptac": __version__,
        "machine": machine,
        "articles": len(articles),
        "megabytes": round(megabytes, 2),
    }
    if asked.json:
        figures = [{"name": n, "value": round(v, 3), "unit": u} for n, v, u in print_row]
        others = [{"name": n, "articles a second": v and round(v, 1), "note": note} for n, v, note in peers]
        stages_ms = {name: round(ms, 4) for name, ms in taken.items()}
        print(
            json.dumps(
                {**about, "figures": figures, "stages": stages_ms, "peers": others},
                ensure_ascii=False,
                indent=1,
            )
        )
        return
    print(f"hoptac {__version__}, {machine}, {len(articles)} articles, {megabytes:.2f} MB")
    for name, value, unit in print_row:
        print(f"  {name:<24}{value:>10.3f} {unit}")
    print("stages, ms an article, each without those inside it")
    for name, ms in taken.items():
        print(f"  {name:<24}{ms:>10.4f}")
    for name, rate, note in peers:
        times = "" if rate is None else f", hoptac is {len(articles) / read / rate:.0f} times as fast"
        print(
            f"  {name:<24}{'skipped' if rate is None else f'{rate:10.1f}'} articles a second ({note}{times})"
        )


if __name__ == "__main__":
    main()
