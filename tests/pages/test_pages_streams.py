"""Web archives, data sets, gzip and zip: one broken part does not stop the rest."""

from __future__ import annotations

import builtins
import io
import json
from datetime import date
from pathlib import Path
from typing import Any, cast

import pytest
from pages_make import gz_bomb, packed, parquet_of, warc_of, zip_of
from pages_read import check, codes, everything, page, pages

from hoptac.pages import Finding, Limits, Page, read_file

RECORDS = [
    ("response", "http://a.example/1", "text/html; charset=utf-8", "<html><p>Hà Nội</p></html>".encode()),
    ("metadata", "http://a.example/1", "application/warc-fields", b"x: y"),
    ("response 404", "http://a.example/2", "text/html", b"khong co"),
    ("response", "http://a.example/3", "image/png", b"\x89PNG"),
    ("conversion", "http://a.example/4", "", "Điện Biên".encode()),
]


@pytest.mark.parametrize("is_packed", [False, True])
def test_warc_records_are_pages(is_packed: bool) -> None:
    items = everything(warc_of(RECORDS, packed=is_packed), "a.warc.gz" if is_packed else "a.warc")
    first, second, skipped = items
    assert isinstance(first, Page) and isinstance(second, Page) and isinstance(skipped, Finding)
    assert (first.name, first.text, first.url, first.media_type) == (
        "a.warc#1",
        "Hà Nội",
        "http://a.example/1",
        "text/html",
    )
    assert (second.name, second.text, second.media_type) == ("a.warc#5", "Điện Biên", "text/plain")
    assert first.captured == date(2024, 5, 1) and first.published is None
    assert skipped.code == "P16" and dict(skipped.values)["count"] == "3"
    assert "HTTP 404 1" in dict(skipped.values)["kinds"] and "image/png 1" in dict(skipped.values)["kinds"]
    check(first)


def test_warc_record_in_gzip_encoding() -> None:
    body = packed("<html><p>Hà Nội</p></html>".encode())
    http = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\n\r\n" + body
    head = b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: <http://a.example>\r\nContent-Type: application/http\r\n"
    one = page(head + b"Content-Length: %d\r\n\r\n" % len(http) + http + b"\r\n\r\n", "a.warc")
    assert (one.text, one.url, one.captured) == ("Hà Nội", "http://a.example", None)


def test_warc_cut_off_gives_what_came_before() -> None:
    data = warc_of([*RECORDS[:1], ("conversion", "http://a.example/4", "", b"x" * 500)])
    items = everything(data[:-100], "a.warc")
    assert [i.code if isinstance(i, Finding) else i.text for i in items] == ["Hà Nội", "P08"]
    squeezed = packed(data)
    items = everything(squeezed[: len(squeezed) * 3 // 4], "a.warc.gz")
    assert items and isinstance(items[-1], Finding) and items[-1].code == "P08"


def test_warc_that_is_none() -> None:
    assert codes(b"WARC/1.0\r\nx", "a.warc") == ["P16"]
    assert codes(b"WARC/1.0\r\nWARC-Type: conversion\r\nContent-Length: -5\r\n\r\nabc", "a.wet") == [
        "P08",
        "P16",
    ]
    assert codes(warc_of([("conversion", "http://a.example", "", b"")]), "a.wet") == ["P02"]
    assert (
        codes(
            b"WARC/1.0\r\nWARC-Type: warcinfo\r\nContent-Length: 0\r\n\r\n\r\n\r\nkhong phai\r\n\r\n",
            "a.warc",
        )[0]
        == "P08"
    )


def test_large_record_is_refused_and_the_next_is_read() -> None:
    data = warc_of([("conversion", "http://a.example/1", "", b"abc " * 1000), RECORDS[4]])
    items = everything(data, "a.wet", limits=Limits(max_page_bytes=1000))
    assert [i.code if isinstance(i, Finding) else i.text for i in items] == ["P03", "Điện Biên"]


def test_rows_of_json_lines() -> None:
    rows = [
        {
            "text": "Hà Nội",
            "url": "http://a.example",
            "id": "r1",
            "date": "2024-01-02T03:04:05Z",
            "title": " Tin  mới ",
        },
        {"content": "Điện Biên", "timestamp": "2020/02/01 10:00:00", "published": "2020-01-31"},
        {"text": 5},
        ["text"],
    ]
    data = "\ufeff".encode() + "\n\n".join(json.dumps(row) for row in rows).encode() + b"\n{x"
    items = everything(data, "a.jsonl")
    first, second = (item for item in items if isinstance(item, Page))
    assert (first.name, first.url, first.title, first.captured) == (
        "r1",
        "http://a.example",
        "Tin mới",
        date(2024, 1, 2),
    )
    assert (second.name, second.text, second.published) == ("a.jsonl#3", "Điện Biên", date(2020, 1, 31))
    assert first.data == json.dumps(rows[0]).encode() and first.media_type == "application/json"
    found = [item for item in items if isinstance(item, Finding)]
    assert [(f.code, dict(f.values)["row"]) for f in found] == [("P15", "5"), ("P15", "7"), ("P15", "8")]


def test_rows_that_hold_no_text_or_odd_characters() -> None:
    one = page(b'{"text":"a\\ud800b\\u0000c"}', "a.jsonl")
    assert one.text == "a\ufffdb\ufffdc" and sorted(f.code for f in one.findings) == ["P18", "P26"]
    assert codes(b'{"text":""}', "a.jsonl") == ["P17"]
    assert codes(b"{x\n" * 50, "a.jsonl") == ["P15"] * 20 + ["P25"]
    assert codes(b"[" * 100_000 + b'\n{"text":"a"}', "a.jsonl") == ["P15"]
    long = b'{"text":"' + b"a" * 5000 + b'"}\n{"text":"ok"}'
    items = everything(long, "a.jsonl", limits=Limits(max_page_bytes=1000))
    assert [i.code if isinstance(i, Finding) else i.text for i in items] == ["P15", "ok"]
    assert codes(long, "a.jsonl", limits=Limits(max_text_chars=1000)) == ["P06"]


def test_rows_of_parquet(tmp_path: Path) -> None:
    data = parquet_of(
        {
            "text": ["Hà Nội", None, "Huế"],
            "id": ["a", "b", ""],
            "date": [date(2024, 1, 2), None, None],
            "n": [1, 2, 3],
        }
    )
    path = tmp_path / "a.parquet"
    path.write_bytes(data)
    for source in (path, io.BytesIO(data), OneWay(data)):
        items = list(read_file(cast(Any, source), name="a.parquet"))
        assert [i.code if isinstance(i, Finding) else (i.name, i.text, i.captured) for i in items] == [
            ("a", "Hà Nội", date(2024, 1, 2)),
            "P15",
            ("a.parquet#3", "Huế", None),
        ]


class OneWay(io.RawIOBase):
    """A stream that cannot seek, as standard input."""

    def __init__(self, data: bytes) -> None:
        self._inner = io.BytesIO(data)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        return self._inner.readinto(buffer)


def test_parquet_that_cannot_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    data = parquet_of({"text": ["Hà Nội" * 100, "x"]})
    assert codes(data[:-5], "a.parquet") == ["P12"]
    assert codes(parquet_of({"x": [1]}), "a.parquet") == ["P15"]
    assert codes(data, "a.parquet", limits=Limits(max_unpacked_bytes=10)) == ["P07"]
    real = builtins.__import__

    def without(name: str, *args: Any, **kwargs: Any) -> Any:
        if name.startswith("pyarrow"):
            raise ImportError(name)
        return real(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", without)
    (found,) = everything(data, "a.parquet")
    assert isinstance(found, Finding) and found.code == "P14"
    assert dict(found.values)["extra"] == "hoptac[parquet]"


def test_gzip_of_any_file() -> None:
    assert page(packed(b"Ha Noi") + packed(b" va Hue") + b"\0" * 10, "a.txt.gz").text == "Ha Noi va Hue"
    assert page(packed(packed(b"Ha Noi")), "a.txt.gz.gz").text == "Ha Noi"
    assert codes(packed(packed(packed(packed(b"x")))), "a.gz") == ["P09"]
    assert codes(packed(b"Ha Noi " * 9999)[:-20], "a.txt.gz") == ["P08"]
    assert codes(packed(b"Ha Noi") + b"rac", "a.txt.gz") == ["P08"]
    assert codes(packed(b""), "a.txt.gz") == ["P02"]
    broken = bytearray(packed(bytes(range(256)) * 100))
    broken[20:60] = bytes(40)
    assert codes(bytes(broken), "a.txt.gz")[-1] in ("P08", "P04")


def test_bomb_at_the_end_of_rows_keeps_the_rows() -> None:
    data = packed(b'{"text":"Ha Noi"}\n') + gz_bomb(64 << 20)
    items = everything(data, "a.jsonl.gz")
    assert isinstance(items[0], Page) and isinstance(items[-1], Finding) and items[-1].code == "P07"


def test_zip_members_are_files_of_their_own() -> None:
    members: dict[str, bytes | str] = {
        "a.txt": "Hà Nội",
        "sau/b.html": "<p>Điện Biên",
        "c.png": b"\x89PNG",
        "rong.txt": b"",
        "__MACOSX/a.txt": "x",
        "d.gz": packed(b"x")[:-6],
    }
    items = everything(zip_of(members), "a.zip")
    assert [(i.name, i.text) if isinstance(i, Page) else (i.where, i.code) for i in items] == [
        ("a.zip/a.txt", "Hà Nội"),
        ("a.zip/sau/b.html", "Điện Biên"),
        ("a.zip/c.png", "P04"),
        ("a.zip/rong.txt", "P02"),
        ("a.zip/d.gz", "P08"),
    ]
    assert codes(zip_of({}), "a.zip") == ["P17"]


def test_memory_stays_flat_over_a_long_archive() -> None:
    import tracemalloc

    record = warc_of([("conversion", "http://a.example", "", "Hà Nội hỗ trợ Điện Biên. ".encode() * 400)])

    class Endless(io.RawIOBase):
        left = 1500

        def readable(self) -> bool:
            return True

        def readinto(self, buffer: Any) -> int:
            if not self.left:
                return 0
            self.left -= 1
            buffer[: len(record)] = record
            return len(record)

    tracemalloc.start()
    count = sum(1 for item in read_file(cast(Any, Endless()), name="a.wet") if isinstance(item, Page))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 1500
    assert peak < 8 << 20


def test_pages_list_is_not_needed_to_stop_early() -> None:
    assert next(iter(read_file(io.BytesIO(warc_of(RECORDS)), name="a.warc"))).__class__ is Page
    assert len(pages(warc_of(RECORDS), "a.warc")) == 2
