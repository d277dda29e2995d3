"""Spread a crawl over processes or machines (chia việc): the engine gives out shards, the files hold the state.

The engine is Dask: it takes up a killed worker's shard on another worker. A shard that ends its worker time after time
is set aside and named, and the rest go on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from hoptac.crawl.gather import gather
from hoptac.crawl.shards import (
    MOST_TRIES,
    Note,
    Shard,
    forget_tries,
    note_of,
    read_shard,
    tries_of,
)

WAIT_FOR_WORKERS_S = 60


@dataclass(frozen=True, slots=True)
class Crawled:
    """What a run did: pages kept, doubles left out, the notes of all shards that are done, and shards set aside with why."""

    pages: int
    doubles: int
    known: int
    notes: tuple[Note, ...]
    aside: tuple[tuple[str, str], ...]


def crawl(
    shards: Sequence[Shard],
    out: Path,
    *,
    on: date | None = None,
    workers: int = 2,
    scheduler: str | None = None,
    done: Callable[[int], None] = lambda _: None,
) -> Crawled:
    """Read all shards into ``out/readings``, going on where an earlier run stopped.

    workers     processes on this machine, where ``scheduler`` is None
    scheduler   the address of a running Dask scheduler; its workers must see the same paths
    done        told how many shards have ended since the last call
    Fails       ImportError without the extra ``hoptac[cluster]``; OSError where ``out`` cannot be written or no worker comes.
    """
    out.mkdir(parents=True, exist_ok=True)
    notes: dict[str, Note] = {}
    aside: dict[str, str] = {}
    todo: list[Shard] = []
    for shard in shards:
        note = note_of(shard, out)
        if note is not None:
            notes[shard.key] = note
        elif tries_of(shard, out) >= MOST_TRIES:
            aside[shard.path] = f"its reading ended {tries_of(shard, out)} processes"
        else:
            todo.append(shard)
    known = len(notes)
    done(known + len(aside))
    if todo:
        with _client(workers, scheduler) as client:
            for shard, result in _spread(client, todo, out, on):
                if isinstance(result, Note):
                    notes[shard.key] = result
                else:
                    aside[shard.path] = result
                done(1)
    ready = [shard for shard in shards if shard.key in notes]
    pages, doubles = gather(ready, out)
    return Crawled(
        pages, doubles, known, tuple(notes[shard.key] for shard in ready), tuple(sorted(aside.items()))
    )


def _spread(
    client: Any, todo: Sequence[Shard], out: Path, on: date | None
) -> Iterator[tuple[Shard, Note | str]]:
    from distributed import KilledWorker, as_completed

    futures = {client.submit(read_shard, shard, out, on, key=shard.key, pure=False): shard for shard in todo}
    for future in as_completed(list(futures), raise_errors=False):
        shard = futures[future]
        error = future.exception() if future.status == "error" else None
        if error is None:
            yield shard, future.result()
        elif isinstance(error, KilledWorker):
            yield shard, f"its reading ended {tries_of(shard, out)} processes"
        else:
            forget_tries(shard, out)  # the process did not end: the next run may try again
            yield shard, f"{type(error).__name__}: {error}"[:200]


@contextmanager
def _client(workers: int, scheduler: str | None) -> Iterator[Any]:
    """A client of the engine: of the one at an address, else of one with processes of its own on this machine."""
    import dask
    from distributed import Client, LocalCluster

    settings = {
        "distributed.scheduler.allowed-failures": MOST_TRIES - 1,
        "distributed.worker.daemon": True,
        "distributed.admin.log-length": 0,
    }
    with dask.config.set(settings):
        if scheduler is not None:
            with Client(scheduler, timeout=WAIT_FOR_WORKERS_S) as client:
                yield client
            return
        with (
            LocalCluster(
                n_workers=workers,
                threads_per_worker=1,
                processes=True,
                host="127.0.0.1",
                dashboard_address=None,
                silence_logs=50,
            ) as cluster,
            Client(cluster) as client,
        ):
            yield client
