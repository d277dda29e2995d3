"""All shards together, each page once (gộp, mỗi trang một lần): of pages with the same bytes the first stays.

First is by the order of the files, then by the order inside the file: however the work was spread and whoever was killed
on the way, the same crawl gives the same pages.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from hoptac.crawl.shards import READINGS, SHARDS, Shard, parquet_file, write_whole

DUPLICATES, SUMMARY = "duplicates.jsonl", "summary.json"
DIGESTS_AT_ONCE = 20_000_000
"""Digests held in memory at once (about 2 GB); of a larger crawl they are gone through in parts, by first digits."""


def gather(shards: Sequence[Shard], out: Path) -> tuple[int, int]:
    """Write ``out/readings`` from the shards that are done: one file a shard, and ``duplicates.jsonl``.

    Gives   how many pages were kept, and how many were another's double. Nothing is written where nothing changed.
    """
    made_from = [[shard.key, shard.made_from] for shard in shards]
    summary = out / SUMMARY
    try:
        known = json.loads(summary.read_text(encoding="utf-8"))
        if known["made_from"] == made_from:
            return int(known["pages"]), int(known["doubles"])
    except (FileNotFoundError, ValueError, KeyError):
        pass
    files = [out / SHARDS / f"{shard.key}.parquet" for shard in shards]
    doubles = _doubles(files)
    draft, final = out / f"{READINGS}.tmp", out / READINGS
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    pages = 0
    lines: list[str] = []
    for n, (shard, file) in enumerate(zip(shards, files, strict=True)):
        with parquet_file(draft / f"{n:05d}-{shard.key}.parquet") as writer:
            for first, group in _groups(file):
                keep = [(n, first + k) not in doubles for k in range(group.num_rows)]
                for k, kept in enumerate(keep):
                    if not kept:
                        lines.append(_double(group, k, doubles[n, first + k], files))
                writer.write_table(group.filter(_mask(keep)))
                pages += sum(keep)
    write_whole(out / DUPLICATES, "".join(lines))
    summary.unlink(missing_ok=True)
    shutil.rmtree(final, ignore_errors=True)
    draft.replace(final)
    report = {"pages": pages, "doubles": len(doubles), "made_from": made_from}
    write_whole(summary, json.dumps(report, indent=1))
    return pages, len(doubles)


def _doubles(files: Sequence[Path]) -> dict[tuple[int, int], tuple[int, int]]:
    """Each row whose page stood before, as (file, row), with the (file, row) where it stood first."""
    from pyarrow import parquet

    rows = sum(parquet.ParquetFile(file).metadata.num_rows for file in files)
    parts = 1
    while rows / parts > DIGESTS_AT_ONCE and parts < 256:
        parts *= 16
    digits = {1: 0, 16: 1, 256: 2}[parts]
    found: dict[tuple[int, int], tuple[int, int]] = {}
    for part in range(parts):
        head = f"{part:0{digits}x}" if digits else ""
        first: dict[bytes, tuple[int, int]] = {}
        for n, file in enumerate(files):
            digests = parquet.read_table(file, columns=["sha256"]).column("sha256").to_pylist()
            for row, digest in enumerate(digests):
                if not digest.startswith(head):
                    continue
                stood = first.setdefault(bytes.fromhex(digest[:32]), (n, row))
                if stood != (n, row):
                    found[n, row] = stood
    return found


def _groups(file: Path) -> Iterator[tuple[int, Any]]:
    """The row groups of a file, each with the number of its first row."""
    from pyarrow import parquet

    whole = parquet.ParquetFile(file)
    first = 0
    for n in range(whole.num_row_groups):
        group = whole.read_row_group(n)
        yield first, group
        first += group.num_rows


def _mask(keep: list[bool]) -> Any:
    import pyarrow

    return pyarrow.array(keep, pyarrow.bool_())


def _double(group: Any, k: int, stood: tuple[int, int], files: Sequence[Path]) -> str:
    row = group.slice(k, 1).select(["id", "url", "sha256", "shard"]).to_pylist()[0]
    return json.dumps({**row, "first_in": files[stood[0]].stem, "row": stood[1]}, ensure_ascii=False) + "\n"
