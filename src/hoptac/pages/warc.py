"""Read web archives (WARC, WET) as a stream: each response or conversion record is a page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Any, BinaryIO

from hoptac.pages.build import finding
from hoptac.pages.call import Call, Known, guarded
from hoptac.pages.html_meta import read_day
from hoptac.pages.limits import Refused
from hoptac.pages.text_pages import read_html, read_text
from hoptac.pages.values import Finding, Page

_PAGE_RECORDS = frozenset(("response", "conversion", "resource"))
_HTML = ("text/html", "application/xhtml+xml")
_CHUNK = 1 << 18


def read_warc(stream: BinaryIO, name: str, call: Call) -> Iterator[Page | Finding]:
    """Pages of a WARC or WET stream in its order, named ``file#n`` by the record's number in the file.

    ``url`` is the record's target, ``captured`` its day; ``data`` is the page's own bytes, transfer and content
    encodings undone. Records that hold no page (requests, pictures, answers other than 200) are counted in one P16.
    Source  ISO 28500:2017 (WARC 1.1), sections 5 and 6.
    """
    from warcio.archiveiterator import ArchiveIterator
    from warcio.exceptions import ArchiveLoadFailed

    skipped: Counter[str] = Counter()
    number = 0
    try:
        archive = _quiet(ArchiveIterator)(stream)
        for record in archive:
            number += 1
            call.budget.tick()
            why_not = _not_a_page(record)
            if why_not:
                skipped[why_not] += 1
                continue
            yield from guarded(_read_record(record, f"{name}#{number}", call), f"{name}#{number}")
            if _left(record):
                return  # the stream ended inside this record, which has said so
    except (ArchiveLoadFailed, EOFError, UnicodeDecodeError, ValueError, AttributeError, TypeError) as error:
        # the library looks up headers that a torn record has not
        raise Refused("P08", name, found=f"after record {number}: {error}"[:200]) from error
    if archive.err_count:
        yield finding("P08", name, found=f"{archive.err_count} records do not have the length that they say")
    if skipped:
        kinds = ", ".join(f"{kind} {count}" for kind, count in skipped.most_common(10))
        yield finding("P16", name, count=sum(skipped.values()), kinds=kinds)


def _quiet(iterator: type) -> Any:
    """The library's iterator without its notes on standard error; it counts them as well."""
    return type("QuietIterator", (iterator,), {"INC_RECORD": ""})


def _not_a_page(record: Any) -> str | None:
    """Why a record holds no page, None where it does."""
    if record.rec_type not in _PAGE_RECORDS:
        return str(record.rec_type or "unnamed")[:40]
    if record.http_headers is not None:
        status = str(record.http_headers.get_statuscode() or "")
        if status and status != "200":
            return f"HTTP {status[:3]}"
    media = _media_type(record)
    return None if media in (*_HTML, "text/plain") else (media[:60] or "no content type")


def _content_type(record: Any) -> str:
    headers = record.http_headers if record.http_headers is not None else record.rec_headers
    return str(headers.get_header("Content-Type") or "")


def _media_type(record: Any) -> str:
    return _content_type(record).split(";")[0].strip().lower()


def _charset(record: Any) -> str | None:
    for part in _content_type(record).split(";")[1:]:
        key, _, value = part.partition("=")
        if key.strip().lower() == "charset":
            return value.strip().strip("\"'") or None
    return None


def _read_record(record: Any, name: str, call: Call) -> Iterator[Page | Finding]:
    data = _payload(record, name, call)
    headers = record.rec_headers
    known = Known(
        url=str(headers.get_header("WARC-Target-URI") or "").strip("<> ") or None,
        charset=_charset(record),
        captured=_day(headers.get_header("WARC-Date")),
    )
    if not data:
        raise Refused("P02", name)
    reader = read_html if _media_type(record) in _HTML else read_text
    yield from reader(data, name, call, known)


def _payload(record: Any, name: str, call: Call) -> bytes:
    stream = record.content_stream()
    parts: list[bytes] = []
    total = 0
    while piece := stream.read(_CHUNK):
        parts.append(piece)
        total += len(piece)
        if total > call.limits.max_page_bytes:
            raise Refused("P03", name, limit=f"{call.limits.max_page_bytes:,}")
    if _left(record):
        raise Refused("P08", name, found="the record ends early")
    return b"".join(parts)


def _left(record: Any) -> bool:
    """Has the stream ended before the length that the record's header gives?"""
    raw = record.raw_stream
    left = int(getattr(raw, "limit", 0) or 0)
    return left > 0 and not raw.read(1)


def _day(value: object) -> date | None:
    return read_day(str(value)) if value else None
