"""Read a file into pages (đọc tệp): tell what it is, hand it to its reader, and let no broken part stop the rest."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO, cast

from hoptac.lexicon import Lexicon, default_lexicon
from hoptac.pages.build import finding
from hoptac.pages.call import Call, guarded
from hoptac.pages.limits import Budget, Gunzip, Limits, Refused, Rewound, read_bounded
from hoptac.pages.sniff import HEAD_BYTES, agrees, extension_of, sniff
from hoptac.pages.values import Finding, Page

Items = Iterator[Page | Finding]


def read_file(
    source: Path | BinaryIO,
    *,
    name: str | None = None,
    limits: Limits | None = None,
    lexicon: Lexicon | None = None,
) -> Items:
    """Every page of a file, and what could not be read of it.

    ``source`` is a path or an open binary stream (standard input); ``name`` is how pages and findings call it, the
    path's last part if None. Pages come one at a time: a WARC of any size takes the memory of its largest record.

    Gives   ``Page`` and ``Finding`` in the order of the file. Findings about a page that was read are in the page's
            own ``findings``; those given beside pages are about what is not a page: the file, a record, a member.
    Fails   never on content. A fatal ``Finding`` says what could not be read and why; the rest goes on.
    """
    limits = limits or Limits()
    if name is None:
        name = source.name if isinstance(source, Path) else str(getattr(source, "name", "-"))
    call = Call(limits, lexicon or default_lexicon(), Budget(limits, name))
    if not isinstance(source, Path):
        yield from guarded(read_stream(source, name, call), name)
        return
    try:
        stream = source.open("rb")
    except (OSError, ValueError) as error:
        yield Refused("P01", name, reason=getattr(error, "strerror", None) or str(error)).finding
        return
    with stream:
        yield from guarded(read_stream(stream, name, call), name)


def read_stream(stream: BinaryIO, name: str, call: Call) -> Items:
    """Every page of an open stream, at any depth of archives."""
    call.budget.tick()
    head = _read_head(stream)
    if not head:
        raise Refused("P02", name)
    kind, found = sniff(head, name)
    if not kind:
        raise Refused("P04", name, found=found)
    whole = cast(BinaryIO, io.BufferedReader(Rewound(head, stream), 1 << 16))
    if kind == "gz":
        inner = name[:-3] if name.lower().endswith(".gz") else name
        plain = io.BufferedReader(Gunzip(whole, call.limits, name), 1 << 16)
        yield from read_stream(cast(BinaryIO, plain), inner, call.inside(name, "archives"))
        return
    if kind in ("txt", "html"):
        data = read_bounded(whole, call.limits.max_page_bytes, name)
    else:
        data = read_bounded(whole, call.limits.max_file_bytes, name)
        kind = _look_inside(kind, data, name, call)
    if not agrees(kind, name):
        yield finding("P05", name, extension=extension_of(name), found=kind)
    yield from _reader(kind, name)(data, name, call)


def _read_head(stream: BinaryIO) -> bytes:
    parts: list[bytes] = []
    left = HEAD_BYTES
    while left > 0 and (piece := stream.read(left)):
        parts.append(piece)
        left -= len(piece)
    return b"".join(parts)


def _look_inside(kind: str, data: bytes, name: str, call: Call) -> str:
    if kind == "zip":
        from hoptac.pages.zips import office_kind, open_zip

        return office_kind(open_zip(data, name, call.limits))
    return kind


def _reader(kind: str, name: str) -> Callable[[bytes, str, Call], Items]:
    """The reader of one kind of file. Imported when asked for: a text file waits for no other reader's library."""
    if kind == "docx":
        from hoptac.pages.docx import read_docx

        return read_docx
    from hoptac.pages.text_pages import read_html, read_text

    if kind == "html":
        return read_html
    if kind == "txt":
        return read_text
    raise Refused("P04", name, found=kind)
