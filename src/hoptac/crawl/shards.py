"""One file of a crawl in, one Parquet file of readings out (một tệp vào, một tệp ra).

All state is in the files. What is being written has a name of its own and is renamed when it is whole; the note beside
it, written last, says from which bytes it was made and by which reader: a file with a fitting note is done, any other
is read again. So a process may be killed anywhere, and the next one goes on.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any, Protocol

from hoptac import __version__
from hoptac.lexicon import default_lexicon
from hoptac.pages import Finding, Page, read_file
from hoptac.reading.contract import to_contract
from hoptac.reading.pipeline import read_page

SHARDS, READINGS = "shards", "readings"
ROWS_AT_ONCE = 500
"""Pages held in memory before they are written as one row group."""

MOST_TRIES = 3
"""A file whose reading has ended its process so often is set aside and named."""

COLUMNS = (
    ("id", "string"),
    ("url", "string"),
    ("date", "string"),
    ("sha256", "string"),
    ("media_type", "string"),
    ("outlet", "string"),
    ("title", "string"),
    ("people", "int32"),
    ("contributions", "int32"),
    ("events", "int32"),
    ("agreements", "int32"),
    ("asks", "int32"),
    ("reading", "string"),
    ("shard", "string"),
)
COUNTED = ("people", "contributions", "events", "agreements", "asks")


class Writer(Protocol):
    """The part of a Parquet writer that is used here."""

    def write_table(self, table: Any) -> None: ...

    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Shard:
    """One file of a crawl. ``key`` names what is made of it, ``made_from`` the state of the file and of the reader."""

    path: str
    key: str
    made_from: str


@dataclass(frozen=True, slots=True)
class Note:
    """What became of a shard: its pages read, and each finding told of it as (where, code, values)."""

    path: str
    made_from: str
    pages: int
    findings: tuple[tuple[str, str, tuple[tuple[str, str], ...]], ...] = ()


def reader_version() -> str:
    """The reader that makes these readings; another one makes them anew."""
    return f"{__version__}+lexicon:{default_lexicon().version}"


def shards_of(paths: Iterable[Path], on: date | None = None) -> tuple[Shard, ...]:
    """The shards of some files, in their order. Raises FileNotFoundError where a file is not there.

    A file is known again by its path, size and time of change; its bytes are not read for that.
    """
    reader = reader_version()
    found = []
    for path in paths:
        whole = path.resolve()
        stat = whole.stat()
        state = f"{stat.st_size}:{stat.st_mtime_ns}:{reader}:{on.isoformat() if on else ''}"
        found.append(Shard(str(whole), hashlib.sha256(str(whole).encode()).hexdigest()[:16], state))
    return tuple(found)


def note_of(shard: Shard, out: Path) -> Note | None:
    """The note of a shard that is done; None where it is to be read."""
    try:
        data = json.loads((out / SHARDS / f"{shard.key}.json").read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return None
    if data.get("made_from") != shard.made_from:
        return None
    findings = tuple((w, c, tuple((k, v) for k, v in values)) for w, c, values in data["findings"])
    return Note(data["path"], data["made_from"], data["pages"], findings)


def tries_of(shard: Shard, out: Path) -> int:
    """How often the reading of a shard has begun and not ended."""
    try:
        return int((out / SHARDS / f"{shard.key}.tries").read_text(encoding="ascii"))
    except (FileNotFoundError, ValueError):
        return 0


def forget_tries(shard: Shard, out: Path) -> None:
    (out / SHARDS / f"{shard.key}.tries").unlink(missing_ok=True)


def read_shard(shard: Shard, out: Path, on: date | None = None) -> Note:
    """Read every page of a shard and write its readings; doing it again gives the same.

    Fails   never on a page: what cannot be read is in the note. Raises OSError where ``out`` cannot be written.
    """
    known = note_of(shard, out)
    if known is not None:
        return known
    folder = out / SHARDS
    folder.mkdir(parents=True, exist_ok=True)
    write_whole(folder / f"{shard.key}.tries", str(tries_of(shard, out) + 1))
    findings: list[tuple[str, str, tuple[tuple[str, str], ...]]] = []
    pages = 0
    with parquet_file(folder / f"{shard.key}.parquet") as writer:
        rows: list[dict[str, Any]] = []
        for outcome in _outcomes(Path(shard.path), on):
            if isinstance(outcome, Finding):
                findings.append((outcome.where, outcome.code, outcome.values))
                continue
            rows.append({**outcome, "shard": shard.path})
            pages += 1
            if len(rows) >= ROWS_AT_ONCE:
                writer.write_table(table(rows))
                rows.clear()
        if rows:
            writer.write_table(table(rows))
    note = Note(shard.path, shard.made_from, pages, tuple(findings))
    write_whole(folder / f"{shard.key}.json", json.dumps(asdict(note), ensure_ascii=False))
    forget_tries(shard, out)
    return note


def _outcomes(path: Path, on: date | None) -> Iterator[dict[str, Any] | Finding]:
    for page in read_file(path):
        if isinstance(page, Finding):
            yield page
            continue
        try:
            yield _row(page, on)
        except Exception as error:  # a page that our own code fails on is told, and the rest go on
            found = f"{type(error).__name__}: {error}"[:200]
            yield Finding("P22", page.name, (("name", page.name), ("found", found)), fatal=True)


def _row(page: Page, on: date | None) -> dict[str, Any]:
    reading = to_contract(read_page(page, on=on))
    day = reading["source"]["published"] or (page.captured.isoformat() if page.captured else None)
    headline = reading["article"]["headline"]
    return {
        "id": page.name,
        "url": page.url,
        "date": day,
        "sha256": page.sha256,
        "media_type": page.media_type,
        "outlet": reading["source"]["outlet"],
        "title": page.title or (headline["quote"] if headline else None),
        **{kind: len(reading[kind]) for kind in COUNTED},
        "reading": json.dumps(reading, ensure_ascii=False, separators=(",", ":")),
    }


def table(rows: list[dict[str, Any]]) -> Any:
    """Rows as a table of COLUMNS."""
    import pyarrow

    return pyarrow.Table.from_pylist(rows, schema=_schema())


def _schema() -> Any:
    import pyarrow

    return pyarrow.schema([(name, getattr(pyarrow, kind)()) for name, kind in COLUMNS])


class parquet_file:
    """A Parquet file of COLUMNS that is there whole or not at all."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.draft = path.with_name(f"{path.name}.{os.getpid()}.tmp")

    def __enter__(self) -> Writer:
        from pyarrow import parquet

        writer: Writer = parquet.ParquetWriter(self.draft, _schema(), compression="zstd")
        self.writer = writer
        return writer

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self.writer.close()
        if kind is None:
            sync(self.draft)
            self.draft.replace(self.path)
        else:
            self.draft.unlink(missing_ok=True)


def write_whole(path: Path, text: str) -> None:
    """Write a small file whole or not at all."""
    draft = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    draft.write_text(text, encoding="utf-8")
    sync(draft)
    draft.replace(path)


def sync(path: Path) -> None:
    """Have a file's bytes on the disk before it is renamed to what others look for."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
