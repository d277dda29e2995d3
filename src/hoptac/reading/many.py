"""Read many files, on several processes (đọc nhiều tệp cùng lúc): in order, and whatever fails, the rest go on.

A page whose reading fails is a Finding (M05). A worker that dies, for want of memory or through a fault in a library of its
own, takes nothing with it: what it had in hand is read again page by page in processes of their own, and only the page or
file that ends its process once more is a Finding (M06).
"""

from __future__ import annotations

import gc
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from itertools import islice
from pathlib import Path
from typing import TypeVar

from hoptac.pages import Finding, read_file
from hoptac.pages.values import Page
from hoptac.reading.values import Reading

T = TypeVar("T")
Outcome = tuple[Page, Reading] | Finding
Reader = Callable[[Page], Reading]
Item = str | tuple[Page | Finding, ...]
"""A file by its name, or some pages of a large one."""

AHEAD = 4
"""Items in hand for each process: none waits for another, and what waits for its turn stays small."""
LARGE = 4 << 20
"""Bytes from which a file of many pages is opened here and its pages are shared out."""
MANY_PAGES = (".warc", ".wet", ".jsonl", ".parquet", ".zip", ".gz")
TOGETHER = 16
"""Pages of one large file that a process takes at a time."""
EMPTY = Page(name="", text="", data=b"", sha256="", media_type="text/plain")
"""Read before the processes part, so that they share the tables that the reader builds."""


def read_pages(pages: Iterable[Page | Finding], read: Reader) -> Iterator[Outcome]:
    """Each page with its reading; a Finding M05 in the place of a page whose reading fails."""
    for page in pages:
        if isinstance(page, Finding):
            yield page
            continue
        try:
            reading = read(page)
        except Exception as failure:  # a fault of the reader's own must not cost the pages behind this one
            yield _lost("M05", page.name, f"{type(failure).__name__}: {failure}")
        else:
            yield page, reading


def read_many(names: Sequence[str], read: Reader, *, jobs: int) -> Iterator[tuple[int, list[Outcome]]]:
    """The outcomes of many files, in the order of the files and of the pages in them.

    Takes   file names; ``read``, a function of a module, since other processes are to find it; the number of processes.
    Gives   for each file, or each part of a large one, how many files end with it (0 or 1) and its outcomes.
    """
    read(EMPTY)
    gc.freeze()  # the tables stay out of the collector's rounds, so that the processes go on sharing them
    pool = ProcessPoolExecutor(jobs)
    items = _items(names)
    waiting: deque[tuple[int, Item, Future[list[Outcome]]]] = deque()
    try:
        while True:
            for ends, item in islice(items, jobs * AHEAD - len(waiting)):
                pool, future = _submit(pool, jobs, item, read)
                waiting.append((ends, item, future))
            if not waiting:
                return
            ends, item, future = waiting.popleft()
            try:
                yield ends, future.result()
            except BrokenProcessPool:
                yield ends, list(_alone(item, read))
                for n, (after, other, promised) in enumerate(waiting):
                    if promised.done() and promised.exception() is not None:
                        pool, again = _submit(pool, jobs, other, read)
                        waiting[n] = (after, other, again)
    finally:
        pool.shutdown(cancel_futures=True)


def _items(names: Iterable[str]) -> Iterator[tuple[int, Item]]:
    for name in names:
        path = Path(name)
        if path.suffix in MANY_PAGES and path.is_file() and path.stat().st_size >= LARGE:
            pages = read_file(path)
            while part := tuple(islice(pages, TOGETHER)):
                yield 0, part
            yield 1, ()
        else:
            yield 1, name


def _submit(
    pool: ProcessPoolExecutor, jobs: int, item: Item, read: Reader
) -> tuple[ProcessPoolExecutor, Future[list[Outcome]]]:
    """The item under way, in a new pool where the old one has broken."""
    try:
        return pool, pool.submit(_read_item, item, read)
    except BrokenProcessPool:
        pool.shutdown(wait=False, cancel_futures=True)
        pool = ProcessPoolExecutor(jobs)
        return pool, pool.submit(_read_item, item, read)


def _read_item(item: Item, read: Reader) -> list[Outcome]:
    return list(read_pages(read_file(Path(item)) if isinstance(item, str) else item, read))


def _pages_of(name: str) -> list[Page | Finding]:
    return list(read_file(Path(name)))


def _alone(item: Item, read: Reader) -> Iterator[Outcome]:
    """What a process died over, a page at a time, each in a process of its own."""
    pages: Sequence[Page | Finding]
    if isinstance(item, str):
        opened = _by_itself(_pages_of, item)
        pages = [_lost("M06", item)] if opened is None else opened
    else:
        pages = item
    for page in pages:
        if isinstance(page, Finding):
            yield page
            continue
        outcomes = _by_itself(_read_item, (page,), read)
        yield from [_lost("M06", page.name)] if outcomes is None else outcomes


def _by_itself(work: Callable[..., T], *args: object) -> T | None:
    """What the work gives in a new process; None where that process dies."""
    with ProcessPoolExecutor(1) as pool:
        try:
            return pool.submit(work, *args).result()
        except BrokenProcessPool:
            return None


def _lost(code: str, name: str, found: str = "") -> Finding:
    return Finding(code, name, (("name", name), ("found", found)), fatal=True)
