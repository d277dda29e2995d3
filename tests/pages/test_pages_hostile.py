"""Files made to do harm: always a coded finding, never an exception, bounded time and memory."""

from __future__ import annotations

import base64
import resource
import sys
import time
import zipfile
import zlib
from collections.abc import Callable
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pages_make import (
    Pdf,
    doc_of,
    docx_of,
    docx_with_body,
    gz_bomb,
    odf_of,
    packed,
    parquet_of,
    warc_of,
    xls_of,
    xlsx_of,
    zip_bomb,
    zip_of,
)
from pages_read import check, codes, everything, page

from hoptac.pages import Limits, Page
from hoptac.pages.call import guarded

SECONDS = 10.0 if sys.gettrace() is None else 60.0  # of processor time; tracing for coverage takes its own
MEGABYTES = 1500
LAUGHS = (
    "<!DOCTYPE x [<!ENTITY a0 'aaaaaaaaaa'>"
    + "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 12))
    + "]>"
)
EXTERNAL = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'


def pdf(build: Callable[[Pdf], None], **ends: bytes) -> bytes:
    made = Pdf()
    build(made)
    return made.bytes(**ends)


def one_line(made: Pdf) -> None:
    made.page([(60, 700, "Hà Nội")])


def encrypted_pdf() -> bytes:
    made = Pdf()
    one_line(made)
    lock = made.add(b"<</Filter/Standard/V 1/R 2/O<%s>/U<%s>/P -4>>" % (b"00" * 32, b"11" * 32))
    return made.bytes(trailer=b"/Encrypt %d 0 R/ID[<00><00>]" % lock)


def drawing(content: bytes, layers: int = 1) -> bytes:
    made = Pdf()
    for _ in range(layers):
        content = zlib.compress(content, 9)
    filters = b"/Filter[" + b"/FlateDecode" * layers + b"]"
    made.page_of(made.stream(content, filters))
    return made.bytes()


def filtered(content: bytes, filters: bytes, *, by: bytes = b"") -> bytes:
    made = Pdf()
    made.page_of(made.stream(content, by or b"/Filter[/" + filters + b"]"))
    return made.bytes()


def lzw_bomb() -> bytes:
    """Codes that each repeat the entry that they make, so that entries grow by one; then the longest again and again."""
    codes = [256, ord("q"), *range(258, 4095), *[4094] * 3000]
    bits, held, out, size = 0, 0, bytearray(), 257
    for code in codes:
        width = 9 if size < 511 else 10 if size < 1023 else 11 if size < 2047 else 12
        size += code != 256
        held, bits = held << width | code, bits + width
        while bits >= 8:
            bits -= 8
            out.append(held >> bits & 255)
        held &= (1 << bits) - 1
    return filtered(bytes(out) + b"\0\0", b"LZWDecode")


def sheet_with(xml: bytes) -> bytes:
    source = zipfile.ZipFile(BytesIO(xlsx_of({"a": [["x"]]})))
    members: dict[str, bytes | str] = {item.filename: source.read(item) for item in source.infolist()}
    path = "xl/worksheets/sheet1.xml"
    sheet = members[path]
    assert isinstance(sheet, bytes)
    members[path] = sheet.replace(b"</row>", b"</row>" + xml)
    return zip_of(members)


def lying_zip(name: str, declared: int) -> bytes:
    """A zip whose directory says that a member is smaller than it is."""
    data = bytearray(zip_of({"[Content_Types].xml": "<x/>", name: b"a" * 1_000_000}))
    at = data.rfind(b"PK\x01\x02")
    data[at + 24 : at + 28] = declared.to_bytes(4, "little")
    return bytes(data)


CASES: dict[str, tuple[Callable[[], bytes], str, list[str]]] = {
    "100 MB text": (lambda: b"a " * (50 << 20), "a.txt", ["P03"]),
    "100 MB page": (lambda: b"<html>" + b"a " * (50 << 20), "a.html", ["P03"]),
    "NUL bytes": (lambda: b"Ha Noi\0\0 va Hue", "a.txt", ["P26"]),
    "NUL in markup": (lambda: b"<html><p>a\0b</p>", "a.html", ["P26"]),
    "deep markup": (lambda: b"<html>" + b"<div>" * 100_000 + b"x", "a.html", []),
    "deep lines": (lambda: b"<html>" + b"<div class=sapo>x" * 40_000, "a.html", []),
    "deep tables": (lambda: b"<html>" + b"<table><tr><td>x" * 30_000, "a.html", []),
    "wide row": (lambda: b"<html><table><tr>" + b"<td>x" * 100_000, "a.html", []),
    "many elements": (lambda: b"<html>" + b"<p>x" * 250_000, "a.html", ["P09"]),
    "huge attribute": (lambda: b"<html><p title='" + b"a" * (12 << 20) + b"'>x", "a.html", []),
    "many attributes": (lambda: b"<html><p " + b" ".join(b"a%d=1" % n for n in range(300_000)) + b">x", "a.html", []),
    "many class names": (lambda: b"<html>" + b"".join(b"<p class='a%d-b%d'>x" % (n, n) for n in range(50_000)), "a.html", []),
    "open comments": (lambda: b"<html>" + b"<!--" * 1_000_000, "a.html", ["P17"]),
    "open tags": (lambda: b"<html>x" + b"<a " * 1_000_000, "a.html", []),
    "deep JSON": (lambda: b"<html><script type='application/ld+json'>" + b"[" * 900_000 + b"</script>x", "a.html", []),
    "laughs in XHTML": (lambda: f"<?xml version='1.0'?>{LAUGHS}<html><p>&a11;</p></html>".encode(), "a.xhtml", ["P24"]),
    "laughs in Word": (lambda: docx_with_body("<w:p><w:r><w:t>&a11;</w:t></w:r></w:p>", doctype=LAUGHS), "a.docx", ["P30"]),
    "external entity in Word": (lambda: docx_with_body("<w:p><w:r><w:t>&e;</w:t></w:r></w:p>", doctype=EXTERNAL), "a.docx", ["P30"]),
    "laughs in OpenDocument": (lambda: odf_of("text", "<text:p>&a11;</text:p>", doctype=LAUGHS), "a.odt", ["P30"]),
    "deep Word": (lambda: docx_with_body("<w:sdt>" * 50_000 + "</w:sdt>" * 50_000), "a.docx", ["P12"]),
    "large Word": (lambda: docx_with_body("<w:p><w:r><w:t>Hà Nội</w:t></w:r></w:p>" * 500_000), "a.docx", ["P03"]),
    "gzip bomb": (lambda: gz_bomb(256 << 20), "a.txt.gz", ["P07"]),
    "gzip bomb as WARC": (lambda: packed(b"WARC/1.0\r\nWARC-Type: conversion\r\nContent-Length: 9999999999\r\n\r\n") + gz_bomb(128 << 20), "a.wet.gz", ["P07"]),
    "zip bomb": (lambda: zip_bomb("a.txt", 256 << 20), "a.zip", ["P07"]),
    "Word bomb": (lambda: zip_bomb("word/document.xml", 256 << 20, others={"[Content_Types].xml": "<x/>"}), "a.docx", ["P07"]),
    "Excel bomb": (lambda: zip_bomb("xl/sharedStrings.xml", 256 << 20, others={"[Content_Types].xml": "<x/>"}), "a.xlsx", ["P07"]),
    "zip in zip in zip": (lambda: zip_of({"a": zip_of({"b": zip_of({"c": zip_of({"d": zip_of({"e": "x"})})})})}), "a.zip", ["P09"]),
    "many members": (lambda: zip_of({f"{n}": "x" for n in range(10_001)}), "a.zip", ["P09"]),
    "zip that lies": (lambda: lying_zip("word/document.xml", 1000), "a.docx", ["P08"]),
    "Excel that lies": (lambda: lying_zip("xl/sharedStrings.xml", 1000), "a.xlsx", ["P08"]),
    "cell far away": (lambda: sheet_with(b"<row r='1048576'><c r='XFD1048576'><v>1</v></c></row>"), "a.xlsx", ["P23"]),
    "cell far away, odd spelling": (lambda: sheet_with(b"<row r = \"1048576\"><c\tr =\n'xfd1048576'><v>1</v></c></row>"), "a.xlsx", ["P23"]),
    "Excel 97 cell far away": (lambda: xls_of([(0, 0, 1.0), (65535, 65535, 1.0)]), "a.xls", ["P23"]),
    "Excel in UTF-16": (lambda: zip_of({"[Content_Types].xml": "", "xl/workbook.xml": "<x/>".encode("utf-16")}), "a.xlsx", ["P12"]),
    "Excel without a book": (lambda: zip_of({"[Content_Types].xml": "", "xl/x.xml": "<x/>"}), "a.xlsx", ["P12"]),
    "rows without end": (lambda: odf_of("spreadsheet", "<table:table><table:table-row table:number-rows-repeated='1048576'><table:table-cell table:number-columns-repeated='16384'><text:p>x</text:p></table:table-cell></table:table-row></table:table>"), "a.ods", []),
    "broken PDF": (lambda: pdf(one_line)[:300], "a.pdf", ["P12"]),
    "no PDF": (lambda: b"%PDF-1.7\n" + bytes(1000), "a.pdf", ["P12"]),
    "PDF under Word's name": (lambda: pdf(one_line), "a.docx", ["P05"]),
    "cyclic page tree": (lambda: pdf(one_line, pages=b"<</Type/Pages/Kids[2 0 R 2 0 R]/Count 5>>"), "a.pdf", ["P12"]),
    "endless page count": (lambda: pdf(one_line, pages=b"<</Type/Pages/Kids[2 0 R]/Count 4000>>"), "a.pdf", ["P12"]),
    "too many pages": (lambda: pdf(one_line, pages=b"<</Type/Pages/Kids[2 0 R]/Count 9000>>"), "a.pdf", ["P09"]),
    "encrypted PDF": (encrypted_pdf, "a.pdf", ["P10"]),
    "PDF bomb": (lambda: drawing(b"q " * (50 << 20)), "a.pdf", ["P07"]),
    "PDF bomb in two layers": (lambda: drawing(b"q " * (50 << 20), 2), "a.pdf", ["P07"]),
    "PDF bomb of LZW": (lambda: lzw_bomb(), "a.pdf", ["P07"]),
    "PDF bomb of runs": (lambda: filtered(b"\x81q" * 100_000, b"RunLengthDecode"), "a.pdf", ["P07"]),
    "PDF bomb in hex": (lambda: filtered(zlib.compress(b"q " * (8 << 20)).hex().encode() + b">", b"ASCIIHexDecode/FlateDecode"), "a.pdf", ["P07"]),
    "PDF bomb in base 85": (lambda: filtered(base64.a85encode(zlib.compress(b"q " * (8 << 20))) + b"~>", b"ASCII85Decode/FlateDecode"), "a.pdf", ["P07"]),
    "PDF filters elsewhere": (lambda: filtered(b"x", b"", by=b"/Filter 4 0 R"), "a.pdf", ["P12"]),
    "PDF of broken streams": (lambda: filtered(b"x~", b"ASCII85Decode/FlateDecode/LZWDecode/RunLengthDecode"), "a.pdf", ["P17"]),
    "PDF of one long drawing": (lambda: drawing(b"q " * (2 << 20)), "a.pdf", ["P17"]),
    "random bytes": (lambda: bytes(n * n % 251 for n in range(100_000)), "a.bin", []),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=CASES.keys())
def test_hostile_file(case: str) -> None:
    make, name, expected = CASES[case]
    data = make()
    started = time.process_time()
    found = codes(data, name)
    assert time.process_time() - started < SECONDS
    assert found == expected or (not expected and name == "a.bin")
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss < MEGABYTES << 10


def test_nothing_of_an_external_entity_is_read() -> None:
    one = page(f"<?xml version='1.0'?>{EXTERNAL}<html><p>x&e;y</p></html>".encode(), "a.xhtml")
    assert "root:" not in one.text


SOUND = {
    "a.txt": "Hà Nội hỗ trợ Điện Biên 65 tỷ đồng".encode(),
    "a.html": "<html><h1>Tin</h1><div class=sapo>x</div><p>Hà Nội</p><table><tr><td>1<td>2</table>".encode(),
    "a.docx": docx_of(["Hà Nội"], table=[["1", "2"]]),
    "a.doc": doc_of("Hà Nội\r1\x072\x07\x07\r"),
    "a.rtf": rb"{\rtf1{\fonttbl x}H\'e0 N\u7897?i\par}",
    "a.odt": odf_of("text", "<text:p>Hà Nội</text:p>"),
    "a.xlsx": xlsx_of({"a": [["x", 1.5]]}),
    "a.xls": xls_of([(0, 0, 1.0)]),
    "a.pdf": pdf(one_line),
    "a.warc": warc_of(
        [("conversion", "http://a.example", "", b"Ha Noi"), ("response", "http://b", "text/html", b"<p>x")]
    ),
    "a.jsonl": b'{"text":"Ha Noi"}\n{"text":"Hue"}',
    "a.parquet": parquet_of({"text": ["Ha Noi", "Hue"]}),
    "a.txt.gz": packed(b"Ha Noi"),
    "a.zip": zip_of({"a.txt": "Ha Noi", "b.html": "<p>x"}),
}


@pytest.mark.parametrize("name", SOUND)
def test_reading_twice_is_equal(name: str) -> None:
    first = everything(SOUND[name], name)
    assert first == everything(SOUND[name], name)
    assert any(isinstance(item, Page) for item in first)


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(sorted(SOUND)), st.data())
def test_damaged_files_give_findings_or_pages(name: str, data: st.DataObject) -> None:
    raw = bytearray(SOUND[name])
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(raw) - 1))
        end = min(len(raw), at + data.draw(st.integers(0, 40)))
        raw[at:end] = data.draw(st.binary(max_size=40))
        if not raw:
            raw = bytearray(b"x")
    items = everything(bytes(raw), name)
    assert items
    for item in items:
        if isinstance(item, Page):
            check(item)
        else:
            assert item.code != "P22", item


@settings(max_examples=120, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            ["<p>", "</p>", "<div class=sapo>", "<div class='article-body x'>", "</div>", "<table>", "<tr>", "<td>", "</table>",
             "<br>", "<a href=x>", "</a>", "<h1>", "<li>", "<pre>", "\n", "<script>", "</script>", "<span class=author>", "</span>",
             "<time>", "<nav>", "</nav>", "Hà Nội", "hỗ trợ Điện Biên xây dựng trường học mới với tổng vốn 65 tỷ đồng ", "&nbsp;", "\u0085x", " "]
        ),
        max_size=60,
    )
)  # fmt: skip
def test_any_markup_keeps_its_blocks_in_its_text(parts: list[str]) -> None:
    check(page(("<html>" + "".join(parts)).encode(), "a.html"))


@given(st.binary(max_size=300))
@settings(max_examples=150, deadline=None)
def test_any_bytes_give_something(data: bytes) -> None:
    for name in ("a.txt", "a.html", "-"):
        items = everything(data, name)
        assert items
        for item in items:
            if isinstance(item, Page):
                check(item)


def test_time_is_the_callers_and_asked_between_units() -> None:
    ticks = iter(range(1000))
    limits = Limits(seconds=5, clock=lambda: float(next(ticks)))
    rows = b'{"text":"x"}\n' * 50
    found = codes(rows, "a.jsonl", limits=limits)
    assert found == ["P21"]
    assert codes(rows, "a.jsonl", limits=Limits(seconds=5)) == []


def test_failures_nobody_foresaw_are_findings() -> None:
    def panics() -> object:
        raise type("PanicException", (BaseException,), {})("index out of bounds")
        yield

    def fails() -> object:
        raise RecursionError("too deep")
        yield

    def interrupted() -> object:
        raise KeyboardInterrupt
        yield

    for broken in (panics, fails):
        (found,) = guarded(broken(), "a.txt")  # type: ignore[arg-type]
        assert not isinstance(found, Page) and found.code == "P22" and found.fatal
    with pytest.raises(KeyboardInterrupt):
        list(guarded(interrupted(), "a.txt"))  # type: ignore[arg-type]
