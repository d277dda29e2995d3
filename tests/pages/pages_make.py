"""Make files of every kind that is read, sound and hostile, so that no binary file lies in the repository."""

from __future__ import annotations

import gzip
import io
import struct
import zipfile
import zlib
from collections.abc import Iterable, Sequence
from typing import Any

FREE, END = 0xFFFFFFFF, 0xFFFFFFFE


def zip_of(members: dict[str, bytes | str], *, level: int = 9) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=level) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


# -- Word


def docx_of(paragraphs: Sequence[str], **parts: Any) -> bytes:
    """A Word file: paragraphs, then ``table`` (rows), ``header``, ``footer``, ``title``."""
    from docx import Document

    document = Document()
    if heading := parts.get("heading"):
        document.add_heading(heading, 0)
    for text in paragraphs:
        document.add_paragraph(text)
    for row in parts.get("table", ()):
        table = document.tables[-1] if document.tables else document.add_table(0, len(row))
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    if header := parts.get("header"):
        document.sections[0].header.paragraphs[0].text = header
    if footer := parts.get("footer"):
        document.sections[0].footer.paragraphs[0].text = footer
    document.core_properties.title = parts.get("title", "")
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def docx_with_body(xml: str, *, doctype: str = "") -> bytes:
    """A Word file whose body is this XML (prefix w), for what python-docx does not write itself."""
    return docx_with_part(
        "word/document.xml",
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>{doctype}'
        '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
        'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
        f"<w:body>{xml}</w:body></w:document>",
    )


def docx_with_part(path: str, content: bytes | str) -> bytes:
    source = zipfile.ZipFile(io.BytesIO(docx_of([])))
    members: dict[str, bytes | str] = {item.filename: source.read(item) for item in source.infolist()}
    members[path] = content
    return zip_of(members)


def doc_of(story: str, *, notes: str = "", headers: str = "", wide: bool = True, **flaws: int) -> bytes:
    """A Word 97 file. ``wide`` False writes Windows-1252 bytes. Flaws: flags, version, clx (offset of the table)."""
    whole = story + notes + headers
    text = whole.encode("utf-16-le") if wide else whole.encode("cp1252")
    start = 0x600
    fib = bytearray(start)
    struct.pack_into("<HH", fib, 0, 0xA5EC, flaws.get("version", 0xC1))
    struct.pack_into("<H", fib, 0x0A, flaws.get("flags", 0x0200))
    struct.pack_into("<3i", fib, 0x4C, len(story), len(notes), len(headers))
    place = start if wide else (start * 2) | 0x40000000
    pieces = struct.pack("<II", 0, flaws.get("size", len(whole))) + struct.pack("<HIH", 0, place, 0)
    clx = b"\x01" + struct.pack("<H", 2) + b"\0\0" + b"\x02" + struct.pack("<I", len(pieces)) + pieces
    struct.pack_into("<II", fib, 0x01A2, flaws.get("clx", 0), len(clx))
    return ole_of({"WordDocument": bytes(fib) + text, "1Table": clx})


def ole_of(streams: dict[str, bytes]) -> bytes:
    """A compound file of some streams, each padded to 4096 bytes so that none goes to the mini stream."""
    fat: list[int] = []
    body = bytearray()
    entries = [_entry("Root Entry", 5, child=1, start=END, size=0)]
    names = list(streams)
    for n, name in enumerate(names):
        content = streams[name].ljust(4096, b"\0")
        content += b"\0" * (-len(content) % 512)
        first = len(fat)
        fat += [*range(first + 1, first + len(content) // 512), END]
        right = n + 2 if n + 1 < len(names) else FREE
        entries.append(_entry(name, 2, right=right, start=first, size=len(content)))
        body += content
    while len(entries) % 4:
        entries.append(bytes(64) + struct.pack("<HBBIII", 0, 0, 0, FREE, FREE, FREE).ljust(64, b"\0"))
    directory = b"".join(entries)
    directory_at = len(fat)
    fat += [*range(directory_at + 1, directory_at + len(directory) // 512), END]
    fat_sectors = 1
    while (len(fat) + fat_sectors) * 4 > fat_sectors * 512:
        fat_sectors += 1
    fat_at = len(fat)
    fat += [0xFFFFFFFD] * fat_sectors
    table = struct.pack(f"<{len(fat)}I", *fat).ljust(fat_sectors * 512, b"\xff")
    header = bytearray(512)
    header[:8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    struct.pack_into("<HHHHH", header, 24, 0x3E, 3, 0xFFFE, 9, 6)
    struct.pack_into("<IIIIIIIII", header, 44, fat_sectors, directory_at, 0, 4096, END, 0, END, 0, fat_at)
    difat = [fat_at + n for n in range(fat_sectors)] + [FREE] * (109 - fat_sectors)
    struct.pack_into("<109I", header, 76, *difat)
    return bytes(header) + bytes(body) + directory + table


def _entry(name: str, kind: int, *, child: int = FREE, right: int = FREE, start: int, size: int) -> bytes:
    raw = (name + "\0").encode("utf-16-le")
    entry = raw.ljust(64, b"\0") + struct.pack("<HBB", len(raw), kind, 1)
    entry += struct.pack("<III", FREE, right, child) + bytes(36) + struct.pack("<II", start, size)
    return entry.ljust(128, b"\0")


# -- sheets


def xlsx_of(sheets: dict[str, Sequence[Sequence[Any]]]) -> bytes:
    import xlsxwriter

    out = io.BytesIO()
    book = xlsxwriter.Workbook(
        out, {"in_memory": True, "remove_timezone": True, "default_date_format": "dd/mm/yyyy"}
    )
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for n, row in enumerate(rows):
            sheet.write_row(n, 0, row)
    book.close()
    return out.getvalue()


def xls_of(cells: Iterable[tuple[int, int, float]], *, encrypted: bool = False) -> bytes:
    """An Excel 97 workbook of one sheet "Bang" with numbers at (row, column)."""

    def record(kind: int, payload: bytes) -> bytes:
        return struct.pack("<HH", kind, len(payload)) + payload

    bof = record(0x809, struct.pack("<HHHHII", 0x600, 5, 0x1000, 2000, 0, 6))
    page = record(0x42, struct.pack("<H", 1200))
    lock = record(0x2F, bytes(6)) if encrypted else b""
    before = bof + lock + page
    name = b"Bang"
    sheet_at = len(before) + 4 + 8 + len(name) + 4
    bound = record(0x85, struct.pack("<IBBBB", sheet_at, 0, 0, len(name), 0) + name)
    sheet = record(0x809, struct.pack("<HHHHII", 0x600, 0x10, 0x1000, 2000, 0, 6))
    sheet += b"".join(record(0x203, struct.pack("<HHHd", r, c, 0, v)) for r, c, v in cells)
    return ole_of({"Workbook": before + bound + record(0x0A, b"") + sheet + record(0x0A, b"")})


ODF = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"'
)


def odf_of(kind: str, body: str, *, styles: str = "", doctype: str = "") -> bytes:
    """An OpenDocument file; ``kind`` is text or spreadsheet."""
    members: dict[str, bytes | str] = {
        "mimetype": f"application/vnd.oasis.opendocument.{kind}",
        "content.xml": f'<?xml version="1.0" encoding="UTF-8"?>{doctype}<office:document-content {ODF}>'
        f"<office:body><office:{kind}>{body}</office:{kind}></office:body></office:document-content>",
    }
    if styles:
        members["styles.xml"] = f"<office:document-styles {ODF}>{styles}</office:document-styles>"
    return zip_of(members)


# -- PDF


class Pdf:
    """Writes a PDF by hand. Text goes through a font with a ToUnicode map, as Word's own PDFs do."""

    def __init__(self) -> None:
        self.objects: list[bytes] = [b"", b""]
        self.kids: list[int] = []
        self.codes: dict[str, int] = {}
        self.font = self.add(b"")

    def add(self, body: bytes) -> int:
        self.objects.append(body)
        return len(self.objects)

    def stream(self, content: bytes, extra: bytes = b"", *, packed: bool = False) -> int:
        if packed:
            content, extra = zlib.compress(content, 9), extra + b"/Filter/FlateDecode"
        head = b"<<%s/Length %d>>\nstream\n" % (extra, len(content))
        return self.add(head + content + b"\nendstream")

    def page(
        self, lines: Sequence[tuple[float, float, str]], *, picture: bool = False, size: int = 12
    ) -> None:
        """A page (595 x 842 points) with lines at (x, y); every letter is half its size wide."""
        shown = []
        for x, y, text in lines:
            codes = b"".join(b"%04X" % self.codes.setdefault(c, len(self.codes) + 1) for c in text)
            shown.append(b"BT /F1 %d Tf 1 0 0 1 %.1f %.1f Tm <%s> Tj ET" % (size, x, y, codes))
        resources = b"/Font<</F1 %d 0 R>>" % self.font
        if picture:
            image = self.stream(
                bytes(64 * 64),
                b"/Type/XObject/Subtype/Image/Width 64/Height 64/ColorSpace/DeviceGray/BitsPerComponent 8",
            )
            resources += b"/XObject<</I %d 0 R>>" % image
            shown.append(b"q 595 0 0 842 0 0 cm /I Do Q")
        self.page_of(self.stream(b"\n".join(shown)), resources)

    def page_of(self, content: int, resources: bytes = b"") -> None:
        page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<<%s>>/Contents %d 0 R>>"
        self.kids.append(self.add(page % (resources, content)))

    def bytes(self, *, trailer: bytes = b"", pages: bytes | None = None, info: bytes = b"") -> bytes:
        maps = b"".join(
            b"<%04X> <%s>\n" % (n, c.encode("utf-16-be").hex().upper().encode())
            for c, n in self.codes.items()
        )
        cmap = (
            b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapType 2 def\n"
            b"1 begincodespacerange <0000> <FFFF> endcodespacerange\n%d beginbfchar\n%sendbfchar\n"
            b"endcmap end end" % (len(self.codes), maps)
        )
        unicode = self.stream(cmap)
        system = b"<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>"
        descriptor = self.add(
            b"<</Type/FontDescriptor/FontName/Test/Flags 4/Ascent 800/Descent -200/FontBBox[0 -200 1000 800]/ItalicAngle 0/CapHeight 700/StemV 80>>"
        )
        below = self.add(
            b"<</Type/Font/Subtype/CIDFontType2/BaseFont/Test/CIDSystemInfo%s/DW 500/FontDescriptor %d 0 R>>"
            % (system, descriptor)
        )
        self.objects[self.font - 1] = (
            b"<</Type/Font/Subtype/Type0/BaseFont/Test/Encoding/Identity-H/DescendantFonts[%d 0 R]/ToUnicode %d 0 R>>"
            % (below, unicode)
        )
        self.objects[0] = b"<</Type/Catalog/Pages 2 0 R>>"
        kids = b" ".join(b"%d 0 R" % kid for kid in self.kids)
        self.objects[1] = pages or b"<</Type/Pages/Kids[%s]/Count %d>>" % (kids, len(self.kids))
        if info:
            trailer += b"/Info %d 0 R" % self.add(info)
        out = bytearray(b"%PDF-1.7\n")
        places = []
        for n, body in enumerate(self.objects, 1):
            places.append(len(out))
            out += b"%d 0 obj\n%s\nendobj\n" % (n, body)
        start = len(out)
        out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(places) + 1)
        out += b"".join(b"%010d 00000 n \n" % place for place in places)
        out += b"trailer<</Size %d/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF\n" % (
            len(places) + 1,
            trailer,
            start,
        )
        return bytes(out)


# -- streams


def warc_of(records: Iterable[tuple[str, str, str, bytes]], *, packed: bool = False) -> bytes:
    """A WARC of (type, address, HTTP content type or "", body); a response of HTTP 404 has the type "response 404"."""
    from warcio.statusandheaders import StatusAndHeaders
    from warcio.warcwriter import WARCWriter

    out = io.BytesIO()
    writer = WARCWriter(out, gzip=packed)
    for kind, url, media, body in records:
        kind, _, status = kind.partition(" ")
        http = None
        if kind == "response":
            http = StatusAndHeaders(f"{status or '200'} OK", [("Content-Type", media)], protocol="HTTP/1.1")
        record = writer.create_warc_record(
            url,
            kind,
            payload=io.BytesIO(body),
            http_headers=http,
            warc_content_type="text/plain" if kind == "conversion" else (media if http is None else ""),
            warc_headers_dict={"WARC-Date": "2024-05-01T02:03:04Z"},
        )
        writer.write_record(record)
    return out.getvalue()


def parquet_of(columns: dict[str, list[Any]]) -> bytes:
    import pyarrow as pa
    from pyarrow import parquet

    out = io.BytesIO()
    parquet.write_table(pa.table(columns), out)
    return out.getvalue()


def gz_bomb(size: int = 1 << 30) -> bytes:
    """A gzip stream of a few kB that inflates to ``size`` bytes of spaces."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    block = b" " * (1 << 20)
    return b"".join(packer.compress(block) for _ in range(size >> 20)) + packer.flush()


def zip_bomb(name: str, size: int = 1 << 30, *, others: dict[str, bytes | str] | None = None) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for other, content in (others or {}).items():
            archive.writestr(other, content)
        with archive.open(name, "w", force_zip64=True) as member:
            block = b" " * (1 << 20)
            for _ in range(size >> 20):
                member.write(block)
    return out.getvalue()


def packed(data: bytes) -> bytes:
    return gzip.compress(data, mtime=0)
