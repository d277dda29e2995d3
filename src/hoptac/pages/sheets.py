"""Read spreadsheets (.xlsx, .xls) as pages: one sheet a page, one row a line, cells parted by tabs.

The library below is native code and holds the whole rectangle that a sheet spans: one cell in A1 and one in XFD1048576
are 17 thousand million cells. So the rectangle is measured on the bytes first, and a sheet beyond ``max_cells`` is
never handed over.
"""

from __future__ import annotations

import io
import re
import struct
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from hoptac.pages.build import Rendering, clean, make_page
from hoptac.pages.call import Call, guarded
from hoptac.pages.limits import Refused
from hoptac.pages.values import Finding, Page
from hoptac.pages.zips import chunks, open_zip

_CELL = re.compile(rb"""\sr\s*=\s*["']([A-Za-z]{1,8})(\d{1,9})["']""")
_ROW = re.compile(rb"""<(?:\w+:)?row\s[^>]{0,400}?\br\s*=\s*["'](\d{1,9})["']""")
_OVERLAP = 512
"""Bytes kept between pieces, so that an attribute cut in two is still seen."""

# [MS-XLS] 2.4: records that place cells begin with row and column, two bytes each.
_CELL_RECORDS = frozenset(
    (0x06, 0xFD, 0x27E, 0xBD, 0x203, 0x204, 0x201, 0xBE, 0x205, 0xD6, 0x02, 0x03, 0x04, 0x05)
)
_BOF, _FILEPASS = 0x0809, 0x2F


def read_xlsx(data: bytes, name: str, call: Call) -> Iterator[Page | Finding]:
    """The sheets of an Excel workbook, named ``file#sheet``.

    Numbers are written as Vietnamese text writes them: no thousands mark, a comma before decimals; days as 25/04/2024.
    ``Page.data`` is the sheet's rendition in UTF-8, for the workbook's bytes are those of all its sheets.
    """
    archive = open_zip(data, name, call.limits)
    for member in archive.infolist():
        if member.filename.endswith(".xml") and "/sharedStrings" not in member.filename:
            _measure_xml(chunks(archive, member, name), member.filename, name, call)
        elif member.file_size:
            for _ in chunks(archive, member, name):
                pass  # a member that lies about its size fails here and not in native code
    yield from _read_sheets(data, name, call)


def read_xls(data: bytes, name: str, call: Call, stream: bytes) -> Iterator[Page | Finding]:
    """The sheets of an Excel 97 workbook; ``stream`` is its Workbook stream."""
    _measure_records(stream, name, call)
    yield from _read_sheets(data, name, call)


def _measure_xml(pieces: Iterator[bytes], part: str, name: str, call: Call) -> None:
    rows: list[int] = [1]
    columns: list[int] = [1]
    tail, seen = b"", 0
    for piece in pieces:
        call.budget.tick()
        seen += len(piece)
        text = tail + piece
        if not tail and text[:2] in (b"\xff\xfe", b"\xfe\xff"):
            raise Refused("P12", name, kind="xlsx", found=f"{part} in UTF-16")
        for letters, number in set(_CELL.findall(text)):
            rows.append(int(number))
            columns.append(_column(letters))
        rows += (int(number) for number in set(_ROW.findall(text)))
        rows, columns = [max(rows)], [max(columns)]
        tail = text[-_OVERLAP:]
    if max(rows) * max(columns) > call.limits.max_cells and max(rows) * max(columns) > seen:
        raise Refused(
            "P23", name, sheet=part, found=f"{max(rows) * max(columns):,}", limit=f"{call.limits.max_cells:,}"
        )


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def _measure_records(stream: bytes, name: str, call: Call) -> None:
    at, row, column = 0, 0, 0
    while at + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, at)
        if kind == _FILEPASS:
            raise Refused("P10", name)
        if kind == _BOF:
            row = column = 0
        elif kind in _CELL_RECORDS and size >= 4 and at + 8 <= len(stream):
            r, c = struct.unpack_from("<HH", stream, at + 4)
            last = c
            if kind in (0xBD, 0xBE) and at + 4 + size <= len(stream):
                last = struct.unpack_from("<H", stream, at + 2 + size)[0]
            row, column = max(row, r + 1), max(column, c + 1, last + 1)
            if row * column > call.limits.max_cells:
                raise Refused(
                    "P23", name, sheet="?", found=f"{row * column:,}", limit=f"{call.limits.max_cells:,}"
                )
        at += 4 + size


def _read_sheets(data: bytes, name: str, call: Call) -> Iterator[Page | Finding]:
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError

    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(data))
    except PasswordError as error:
        raise Refused("P10", name) from error
    except (CalamineError, OSError, ValueError) as error:
        raise Refused("P12", name, kind="xlsx", found=str(error)[:200]) from error
    if not workbook.sheet_names:
        raise Refused("P12", name, kind="xlsx", found="no sheets")
    if len(workbook.sheet_names) > call.limits.max_members:
        raise Refused("P09", name, limit=call.limits.max_members, what="sheets")
    for sheet in workbook.sheet_names:
        call.budget.tick()
        own = f"{name}#{sheet}"
        yield from guarded(_read_sheet(workbook, sheet, own, call), own)


def _read_sheet(workbook: Any, sheet: str, name: str, call: Call) -> Iterator[Page | Finding]:
    from python_calamine import CalamineError

    rendering = Rendering(name, call.limits.max_text_chars)
    try:
        rows = workbook.get_sheet_by_name(sheet).iter_rows()
        for row in rows:
            rendering.add("\t".join(_shown(value) for value in row).rstrip("\t"), "tr")
    except (CalamineError, ValueError) as error:
        raise Refused("P12", name, kind="xlsx", found=str(error)[:200]) from error
    text, blocks, mended = rendering.finish()
    text, found = clean(text, name)
    media_type = "text/tab-separated-values"
    kept = text.encode()
    yield make_page(
        name, text, kept, media_type, encoding="utf-8", title=sheet, blocks=blocks, findings=[*found, *mended]
    )


def _shown(value: object) -> str:
    """A cell as Vietnamese text writes it, on one line.

    >>> _shown(65000000000.0), _shown(0.5), _shown(date(2024, 4, 25)), _shown("hai\\ndòng")
    ('65000000000', '0,5', '25/04/2024', 'hai dòng')
    """
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        if value != value or value in (float("inf"), float("-inf")):
            return str(value)
        return f"{Decimal(f'{value:.15g}'):f}".replace(".", ",")
    if isinstance(value, datetime):
        return f"{value:%d/%m/%Y}" if value.time() == time() else f"{value:%d/%m/%Y %H:%M}"
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, timedelta):
        return str(value)
    return " ".join(str(value).split())
