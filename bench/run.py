"""Measure start-up and reading on this machine; see bench/README.md."""

from __future__ import annotations

import argparse
import json
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from hoptac import __version__
from hoptac.pages import Page, read_file
from hoptac.reading.contract import from_contract, to_contract
from hoptac.reading.pipeline import read_page
from hoptac.samples import samples

HOPTAC = Path(sys.executable).with_name("hoptac")
STARTS = 5


def start_ms(*arguments: str) -> float:
    """Median wall time of a new process, in milliseconds."""
    times = []
    for _ in range(STARTS):
        began = time.perf_counter()
        subprocess.run([str(HOPTAC), *arguments], check=False, capture_output=True)
        times.append((time.perf_counter() - began) * 1000)
    return statistics.median(times)


def best_ms(work: Callable[[], object], seconds: float) -> float:
    """The best wall time of one round of ``work``, in milliseconds, over rounds that fill ``seconds`` (two at least)."""
    best, rounds, ends = float("inf"), 0, time.perf_counter() + seconds
    while rounds < 2 or time.perf_counter() < ends:
        began = time.perf_counter()
        work()
        best = min(best, (time.perf_counter() - began) * 1000)
        rounds += 1
    return best


def pages_of(path: Path) -> list[Page]:
    return [page for page in read_file(path) if isinstance(page, Page)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--pages", type=Path, help="a folder of pages to measure with, beside the samples")
    parser.add_argument("--seconds", type=float, default=3.0, help="least time for each measurement")
    asked = parser.parse_args()

    paths = [s.path for s in samples()]
    if asked.pages:
        paths += sorted(p for p in asked.pages.rglob("*") if p.is_file())
    pages = [page for path in paths for page in pages_of(path)]
    readings = [read_page(page) for page in pages]
    characters = sum(len(page.text) for page in pages)

    def progress(what: str) -> None:
        print(f"bench: {what} …", file=sys.stderr, flush=True)

    rows: list[tuple[str, float, str]] = []
    progress("start")
    rows.append(("start", start_ms("--version"), "ms"))
    rows.append(("start read", start_ms("read", str(paths[0])), "ms"))
    progress("decode")
    rows.append(
        ("decode", best_ms(lambda: [pages_of(p) for p in paths], asked.seconds) / len(pages), "ms a page")
    )
    progress("read")
    read = best_ms(lambda: [read_page(page) for page in pages], asked.seconds)
    rows.append(("read", read / len(pages), "ms a page"))
    rows.append(("read", len(pages) / read * 1000, "pages a second"))
    rows.append(("read", characters / read / 1000, "million characters a second"))
    progress("contract")
    there_and_back = best_ms(
        lambda: [from_contract(json.loads(json.dumps(to_contract(r)))) for r in readings], asked.seconds
    )
    rows.append(("contract", there_and_back / len(pages), "ms a page"))

    machine = f"{platform.system()} {platform.machine()}, Python {platform.python_version()}"
    about = {"hoptac": __version__, "machine": machine, "pages": len(pages), "characters": characters}
    if asked.json:
        figures = [{"name": n, "value": round(v, 3), "unit": u} for n, v, u in rows]
        print(json.dumps({**about, "figures": figures}, ensure_ascii=False, indent=1))
        return
    print(f"hoptac {__version__}, {machine}, {len(pages)} pages, {characters} characters")
    for name, value, unit in rows:
        print(f"  {name:<12}{value:>10.2f} {unit}")


if __name__ == "__main__":
    main()
