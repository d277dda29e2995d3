"""Read data sets of pages (bộ dữ liệu): one page a row, from JSON lines or Parquet.

Columns as FineWeb, CulturaX and mC4 name them: text, url, id, title, and ``date`` or ``timestamp``, which there say
when the page was fetched: ``captured``. A column ``published`` (or its like) is the day of publication.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any, BinaryIO

from hoptac.pages.build import clean, finding, make_page, mend_text
from hoptac.pages.call import Call, guarded
from hoptac.pages.html_meta import read_day
from hoptac.pages.limits import Refused
from hoptac.pages.values import Finding, Page

_TEXT = ("text", "content", "raw_content")
_ID = ("id", "_id")
_URL = ("url", "link")
_TITLE = ("title", "headline")
_CAPTURED = ("date", "timestamp", "crawl_date", "fetched")
_PUBLISHED = ("published", "date_published", "datepublished", "publish_date", "published_at")
_OUTLET = ("outlet", "site_name", "sitename")
_USED = frozenset((*_TEXT, *_ID, *_URL, *_TITLE, *_CAPTURED, *_PUBLISHED, *_OUTLET))
_NAMED_ROWS = 20
"""Broken rows of one file named one by one; the rest are counted."""
_BATCH_ROWS = 64
_NAME_CHARS = 200


def read_jsonl(stream: BinaryIO, name: str, call: Call) -> Iterator[Page | Finding]:
    """Pages of JSON lines, one object a line. A broken line is a finding (P15) and the next is read.

    ``Page.data`` is the line's own bytes.
    """
    number = broken = 0
    longest = call.limits.max_page_bytes
    while line := stream.readline(longest + 1):
        number += 1
        call.budget.tick()
        whole = line
        while len(line) > longest and whole and not whole.endswith(b"\n"):
            whole = stream.readline(longest)
        data = line.strip(b"\r\n \t")
        if number == 1:
            data = data.removeprefix(b"\xef\xbb\xbf")
        if not data:
            continue
        problem = f"longer than {longest:,} bytes" if len(line) > longest else None
        row: object = None
        if problem is None:
            try:
                row = json.loads(data)
            except (ValueError, RecursionError) as error:
                problem = str(error)[:120]
        if problem is None and not (isinstance(row, dict) and isinstance(_first(row, _TEXT), str)):
            problem = "no column text"
        if problem is not None:
            broken += 1
            if broken <= _NAMED_ROWS:
                yield Refused("P15", name, row=number, found=problem).finding
        elif isinstance(row, dict):
            yield from guarded(
                _row_page(row, data, "application/json", name, number, call), f"{name}#{number}"
            )
    if broken > _NAMED_ROWS:
        yield finding("P25", name, count=broken - _NAMED_ROWS, problem="P15")


def read_parquet(source: Path | BinaryIO, name: str, call: Call) -> Iterator[Page | Finding]:
    """Pages of a Parquet file, a few rows in memory at a time. ``Page.data`` is the row's text in UTF-8.

    Fails   ``Refused``: P14 without the extra ``parquet``, P12 broken, P15 without a column of text.
    """
    try:
        import pyarrow as pa
        from pyarrow import parquet
    except ImportError as error:
        raise Refused("P14", name, extra="hoptac[parquet]") from error
    number = 0
    try:
        file = parquet.ParquetFile(source)
        wanted = [column for column in file.schema_arrow.names if column.lower() in _USED]
        if not any(column.lower() in _TEXT for column in wanted):
            raise Refused("P15", name, row="1", found="no column text")
        _check_row_groups(file, wanted, name, call)
        for batch in file.iter_batches(batch_size=_BATCH_ROWS, columns=wanted):
            call.budget.tick()
            for row in batch.to_pylist():
                number += 1
                text = _first(row, _TEXT)
                if not isinstance(text, str):
                    yield Refused("P15", name, row=number, found="no text").finding
                    continue
                data = text.encode("utf-8", "surrogatepass")
                yield from guarded(_row_page(row, data, "text/plain", name, number, call), f"{name}#{number}")
    except (pa.ArrowException, OSError, ValueError, UnicodeDecodeError) as error:
        raise Refused("P12", name, kind="parquet", found=f"after row {number}: {error}"[:200]) from error


def _check_row_groups(file: Any, wanted: list[str], name: str, call: Call) -> None:
    """A row group's columns are inflated together: hold each to the limits before that."""
    metadata = file.metadata
    for group in range(metadata.num_row_groups):
        columns = metadata.row_group(group)
        size = sum(
            columns.column(n).total_uncompressed_size
            for n in range(columns.num_columns)
            if columns.column(n).path_in_schema.split(".")[0] in wanted
        )
        if size > call.limits.max_unpacked_bytes:
            raise Refused("P07", name, ratio=call.limits.max_ratio)


def _row_page(
    row: Mapping[str, Any], data: bytes, media_type: str, name: str, number: int, call: Call
) -> Iterator[Page | Finding]:
    identity = _first(row, _ID)
    own = str(identity).strip()[:_NAME_CHARS] if identity not in (None, "") else f"{name}#{number}"
    text, found = clean(str(_first(row, _TEXT)), own)
    if len(text) > call.limits.max_text_chars:
        raise Refused("P06", own, limit=f"{call.limits.max_text_chars:,}")
    text, mended = mend_text(text, own)
    yield make_page(
        own,
        text,
        data,
        media_type,
        encoding="utf-8",
        url=_words(_first(row, _URL)),
        outlet=_words(_first(row, _OUTLET)),
        published=_day(_first(row, _PUBLISHED)),
        captured=_day(_first(row, _CAPTURED)),
        title=_words(_first(row, _TITLE)),
        findings=[*found, *mended],
    )


def _first(row: Mapping[str, Any], names: tuple[str, ...]) -> Any:
    for name in names:
        for key in (name, name.title(), name.upper()):
            if row.get(key) is not None:
                return row[key]
    return None


def _words(value: object) -> str | None:
    return (" ".join(clean(value, "")[0].split()) or None) if isinstance(value, str) else None


def _day(value: object) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    return read_day(value) if isinstance(value, str) else None
