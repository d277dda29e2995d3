"""A crawl: each page once, whoever is killed on the way."""

from __future__ import annotations

import json
import os
import signal
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from pyarrow import parquet

from hoptac.cli import main
from hoptac.crawl import run as crawl_run
from hoptac.crawl.gather import gather
from hoptac.crawl.run import Crawled, crawl
from hoptac.crawl.shards import MOST_TRIES, Shard, note_of, read_shard, shards_of, tries_of
from hoptac.reading.pipeline import read_page

SENTENCES = "Tỉnh An Bình trao {n} suất quà cho huyện Mường Nhé, tỉnh Điện Biên.\n"


def write_shards(folder: Path, *, files: int, pages: int, shared: int = 0) -> list[Path]:
    """Files of pages that all differ, but that the last ``shared`` of each file are those of the file before."""
    folder.mkdir(exist_ok=True)
    paths = []
    for f in range(files):
        numbers = [f * pages + n for n in range(pages)]
        if f and shared:
            numbers[-shared:] = [(f - 1) * pages + n for n in range(shared)]
        lines = [{"id": str(n), "text": f"Tin số {n}\n\n" + SENTENCES.format(n=n + 10)} for n in numbers]
        path = folder / f"{f:02d}.jsonl"
        path.write_text("".join(json.dumps(row) + "\n" for row in lines), encoding="utf-8")
        paths.append(path)
    return paths


def rows_of(out: Path) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for file in sorted((out / "readings").glob("*.parquet")):
        rows += parquet.read_table(file).to_pylist()
    return rows


def test_a_shard_is_read_like_any_file(tmp_path: Path) -> None:
    (shard,) = shards_of(write_shards(tmp_path / "in", files=1, pages=3))
    note = read_shard(shard, tmp_path / "out")
    rows = parquet.read_table(tmp_path / "out" / "shards" / f"{shard.key}.parquet").to_pylist()
    assert (note.pages, len(rows), note.findings) == (3, 3, ())
    assert [row["contributions"] for row in rows] == [1, 1, 1]
    assert json.loads(rows[1]["reading"])["contributions"][0]["quantity"] == {"value": 11, "unit": "suất quà"}
    assert not list((tmp_path / "out").rglob("*.tmp"))


def test_a_shard_is_read_once_for_its_bytes_and_reader(tmp_path: Path) -> None:
    (path,) = write_shards(tmp_path / "in", files=1, pages=2)
    (shard,) = shards_of([path])
    read_shard(shard, tmp_path)
    made = tmp_path / "shards" / f"{shard.key}.parquet"
    before = made.stat().st_mtime_ns
    read_shard(shard, tmp_path)
    assert made.stat().st_mtime_ns == before
    path.write_text(path.read_text(encoding="utf-8") * 2, encoding="utf-8")
    (changed,) = shards_of([path])
    assert note_of(changed, tmp_path) is None
    assert read_shard(changed, tmp_path).pages == 4


def test_a_page_that_fails_is_told_and_the_rest_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(page: Any, **_: Any) -> Any:
        if "số 1\n" in page.text:
            raise RuntimeError("odd page")
        return read_page(page)

    monkeypatch.setattr("hoptac.crawl.shards.read_page", fails)
    (shard,) = shards_of(write_shards(tmp_path / "in", files=1, pages=3))
    note = read_shard(shard, tmp_path)
    assert note.pages == 2
    assert [(code, dict(values)["found"]) for _, code, values in note.findings] == [
        ("P22", "RuntimeError: odd page")
    ]


def test_doubles_are_left_out_by_the_order_of_the_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shards = shards_of(write_shards(tmp_path / "in", files=3, pages=5, shared=2))
    for shard in reversed(shards):  # read in any order
        read_shard(shard, tmp_path)
    assert gather(shards, tmp_path) == (11, 4)
    first = [row["id"] for row in rows_of(tmp_path)]
    assert len(first) == len({row["sha256"] for row in rows_of(tmp_path)}) == 11
    told = [json.loads(x) for x in (tmp_path / "duplicates.jsonl").read_text(encoding="utf-8").splitlines()]
    assert len(told) == 4 and {row["row"] for row in told} == {0, 1}
    monkeypatch.setattr("hoptac.crawl.gather.DIGESTS_AT_ONCE", 3)
    (tmp_path / "summary.json").unlink()
    assert gather(shards, tmp_path) == (11, 4)
    assert [row["id"] for row in rows_of(tmp_path)] == first


def test_nothing_is_gathered_anew_where_nothing_changed(tmp_path: Path) -> None:
    shards = shards_of(write_shards(tmp_path / "in", files=2, pages=2))
    for shard in shards:
        read_shard(shard, tmp_path)
    gather(shards, tmp_path)
    before = sorted((p.name, p.stat().st_mtime_ns) for p in (tmp_path / "readings").iterdir())
    gather(shards, tmp_path)
    assert sorted((p.name, p.stat().st_mtime_ns) for p in (tmp_path / "readings").iterdir()) == before


def _dies_on_03(shard: Shard, out: Path, on: Any = None) -> Any:
    """As read_shard, but the process ends on the file 03.jsonl as a hostile file might end it."""
    if Path(shard.path).name == "03.jsonl":
        (out / "shards").mkdir(parents=True, exist_ok=True)
        count = out / "shards" / f"{shard.key}.tries"
        count.write_text(str(tries_of(shard, out) + 1), encoding="ascii")
        os.kill(os.getpid(), signal.SIGKILL)
    return read_shard(shard, out, on)


@pytest.mark.slow
def test_a_worker_killed_in_the_middle_loses_and_doubles_nothing(tmp_path: Path) -> None:
    import psutil

    paths = write_shards(tmp_path / "in", files=8, pages=120, shared=10)
    shards = shards_of(paths)
    out = tmp_path / "out"
    found: list[Crawled] = []
    job = threading.Thread(target=lambda: found.append(crawl(shards, out, workers=2)))
    job.start()
    killed = False
    for _ in range(3000):
        begun = list((out / "shards").glob("*.tries")) if (out / "shards").is_dir() else []
        done = list((out / "shards").glob("*.json")) if begun else []
        if begun and done:
            workers = [
                p
                for p in psutil.Process().children(recursive=True)
                if p.is_running() and "spawn_main" in " ".join(p.cmdline())
            ]
            if workers:
                workers[0].send_signal(signal.SIGKILL)
                killed = True
                break
        time.sleep(0.005)
    job.join(timeout=120)
    assert killed and not job.is_alive()
    (result,) = found
    assert result.aside == ()
    assert (result.pages, result.doubles) == (8 * 120 - 70, 70)
    rows = rows_of(out)
    assert len(rows) == len({row["sha256"] for row in rows}) == result.pages
    assert not list((out / "shards").glob("*.tries"))


@pytest.mark.slow
def test_a_file_that_always_kills_is_set_aside_and_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crawl_run, "read_shard", _dies_on_03)
    shards = shards_of(write_shards(tmp_path / "in", files=5, pages=2))
    result = crawl(shards, tmp_path / "out", workers=2)
    assert [(Path(path).name, why) for path, why in result.aside] == [
        ("03.jsonl", f"its reading ended {MOST_TRIES} processes")
    ]
    assert result.pages == 8
    again = crawl(shards, tmp_path / "out", workers=2)
    assert (again.aside, again.known, again.pages) == (result.aside, 4, 8)


@pytest.mark.slow
def test_the_command_goes_on_where_it_was(tmp_path: Path) -> None:
    write_shards(tmp_path / "in", files=2, pages=2)
    arguments = ["crawl", "--out", str(tmp_path / "out"), "--json", str(tmp_path / "in")]
    first = CliRunner().invoke(main, arguments)
    assert first.exit_code == 0, first.output
    assert json.loads(first.stdout)["pages"] == 4
    again = CliRunner().invoke(main, arguments)
    assert json.loads(again.stdout)["files_known"] == 2


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["crawl", "--out", str(tmp_path / "out"), str(tmp_path / "none.jsonl")])
    assert result.exit_code == 1
    assert "P01" in result.output
