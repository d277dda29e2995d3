"""The public pages under load: requests a second and p95 of a warm server over a ledger of many contributions.

    .venv/bin/python bench/site.py --contributions 20000

makes the ledger of ``bench/ledger.py``, starts the server that the demo starts (granian, one process of four threads for each of two
cores, ``--workers``), asks for every page once, then asks with ``--clients`` connections for ``--seconds``. The asking
program runs on the same cores; its share is taken from the server's. Prints for each page the first time, p50 and p95, and the
requests a second of all together; and how long a search takes.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import platform
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

import ledger

WARM_UP = 60  # seconds that the server may take to answer
SERVER = (
    "-m", "granian", "django.core.wsgi:get_wsgi_application", "--factory", "--interface=wsgi",
    "--blocking-threads=4", "--log-level=warning", "--host=127.0.0.1",
)  # fmt: skip
SEARCHES = ("truong hoc so 12", "ha noi", "truogn hoc")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def ask(connection: http.client.HTTPConnection, path: str) -> tuple[float, int, int]:
    """Milliseconds, status and bytes of one answer."""
    began = time.perf_counter()
    connection.request("GET", path, headers={"Accept-Encoding": "gzip", "Host": "localhost"})
    answer = connection.getresponse()
    size = len(answer.read())
    return (time.perf_counter() - began) * 1000, answer.status, size


def wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    ends = time.monotonic() + WARM_UP
    while time.monotonic() < ends:
        if server.poll() is not None:
            raise OSError(f"the server ended with status {server.returncode}")
        try:
            ask(http.client.HTTPConnection("127.0.0.1", port, timeout=10), "/robots.txt")
            return
        except OSError:
            time.sleep(0.2)
    raise OSError(f"the server did not answer within {WARM_UP} s")


def load(port: int, paths: list[str], clients: int, seconds: float) -> dict[str, list[float]]:
    """Times of every answer by path, asked for in turn on so many connections."""
    times: dict[str, list[float]] = {path: [] for path in paths}
    ends = time.perf_counter() + seconds
    lock = threading.Lock()

    def one(first: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        own: list[tuple[str, float]] = []
        n = first
        while time.perf_counter() < ends:
            path = paths[n % len(paths)]
            took, status, _size = ask(connection, path)
            if status != 200:
                raise OSError(f"{path}: found {status}, expected 200")
            own.append((path, took))
            n += 1
        with lock:
            for path, took in own:
                times[path].append(took)

    threads = [threading.Thread(target=one, args=(n,)) for n in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return times


def measure(slug: str, workers: int, clients: int, seconds: float) -> dict[str, Any]:
    paths = [
        "/", "/?map=63", f"/cooperations/{slug}/", "/records/", "/places/", f"/places/{ledger.PROVINCE}/",
        f"/cooperations/{slug}/sum/", "/records/r-1/", "/promises/", "/about/counting/", "/en/",
    ]  # fmt: skip
    port = free_port()
    server = subprocess.Popen([sys.executable, *SERVER, f"--workers={workers}", f"--port={port}"])
    try:
        wait_for(port, server)
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=600)
        first = {path: ask(connection, path) for path in paths}
        for _ in range(4 * workers):  # so that every process has every page
            for path in paths:
                ask(http.client.HTTPConnection("127.0.0.1", port, timeout=600), path)
        times = load(port, paths, clients, seconds)
        for q in SEARCHES:
            ask(connection, f"/search/?q={q.replace(' ', '+')}")
        searches = {
            q: [ask(connection, f"/search/?q={q.replace(' ', '+')}")[0] for _ in range(10)] for q in SEARCHES
        }
    finally:
        server.terminate()
        server.wait(timeout=30)
    every = [t for own in times.values() for t in own]
    pages = [
        {"address": path, "first": first[path][0], "bytes": first[path][2], "p50": ledger.share(own, 0.5),
         "p95": ledger.share(own, 0.95)}
        for path, own in times.items() if own
    ]  # fmt: skip
    return {
        "requests_a_second": len(every) / seconds,
        "p50": ledger.share(every, 0.5),
        "p95": ledger.share(every, 0.95),
        "pages": pages,
        "searches": {q: ledger.share(own, 0.95) for q, own in searches.items()},
    }


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--contributions", type=int, default=20_000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["HOPTAC_DATA"] = folder
        os.environ["HOPTAC_DATABASE_URL"] = f"sqlite:///{folder}/ledger.sqlite3"
        os.environ["DJANGO_SETTINGS_MODULE"] = "hoptac.settings"
        (Path(folder) / "static").mkdir()
        import django

        django.setup()
        from django.core.management import call_command
        from django.db import connection

        from hoptac.portal.indexing import make_index

        call_command("migrate", verbosity=0)
        slug, _key = ledger.fill(asked.contributions)
        began = time.perf_counter()
        entries = make_index()
        indexing = time.perf_counter() - began
        connection.close()
        found = measure(slug, asked.workers, asked.clients, asked.seconds)
    about = {
        "contributions": asked.contributions, "workers": asked.workers, "clients": asked.clients,
        "python": platform.python_version(), "machine": platform.machine(), "load": round(os.getloadavg()[0], 1),
        "entries": entries, "index_seconds": round(indexing, 1),
    }  # fmt: skip
    if asked.json:
        print(json.dumps(about | found, ensure_ascii=False, indent=1))
        return 0
    print(", ".join(f"{name} {value}" for name, value in about.items()))
    print(
        f"{found['requests_a_second']:.0f} requests a second; p50 {found['p50']:.1f} ms, p95 {found['p95']:.1f} ms"
    )
    print(f"{'page':44} {'first':>8} {'p50':>8} {'p95':>8} {'kB':>6}")
    for row in found["pages"]:
        times = " ".join(f"{row[k]:8.1f}" for k in ("first", "p50", "p95"))
        print(f"{row['address']:44} {times} {row['bytes'] / 1000:6.1f}")
    for q, took in found["searches"].items():
        print(f"search {q!r:37} {took:17.1f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
