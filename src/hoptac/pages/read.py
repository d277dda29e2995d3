"""Read a file into pages (đọc tệp): tell what it is, hand it to its reader, and let no broken part stop the rest."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import BinaryIO, cast

from hoptac.lexicon import Lexicon, default_lexicon
from hoptac.pages.build import finding
from hoptac.pages.call import Call, guarded
from hoptac.pages.limits import Budget, Gunzip, Limits, Pieces, Refused, Rewound, read_bounded
from hoptac.pages.sniff import HEAD_BYTES, agrees, extension_of, sniff
from hoptac.pages.values import Finding, Page
from hoptac.pages.zips import chunks, office_kind, open_zip

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
        yield from _something(guarded(read_stream(source, name, call), name), name)
        return
    try:
        stream = source.open("rb")
    except (OSError, ValueError) as error:
        yield Refused("P01", name, reason=getattr(error, "strerror", None) or str(error)).finding
        return
    with stream:
        yield from _something(guarded(read_stream(stream, name, call), name), name)


def _something(items: Items, name: str) -> Items:
    """The items; where there are none (an archive of nothing), a finding instead of silence."""
    item = None
    for item in items:
        yield item
    if item is None:
        yield finding("P17", name)


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
    if kind in ("warc", "jsonl", "parquet"):
        yield from _claim(kind, name)
        yield from _read_streamed(kind, stream, whole, name, call)
        return
    bound = call.limits.max_page_bytes if kind in ("txt", "html", "rtf") else call.limits.max_file_bytes
    data = read_bounded(whole, bound, name)
    if kind == "zip":
        kind = office_kind(open_zip(data, name, call.limits))
    yield from _claim(kind, name)
    yield from _reader(kind, name)(data, name, call)


def _read_head(stream: BinaryIO) -> bytes:
    parts: list[bytes] = []
    left = HEAD_BYTES
    while left > 0 and (piece := stream.read(left)):
        parts.append(piece)
        left -= len(piece)
    return b"".join(parts)


def _claim(kind: str, name: str) -> Items:
    """Say so where a file's extension says one thing and its content another."""
    if not agrees(kind, name):
        yield finding("P05", name, extension=extension_of(name), found=kind)


def _read_streamed(kind: str, stream: BinaryIO, whole: BinaryIO, name: str, call: Call) -> Items:
    if kind == "warc":
        from hoptac.pages.warc import read_warc

        yield from read_warc(whole, name, call)
        return
    from hoptac.pages.rows import read_jsonl, read_parquet

    if kind == "jsonl":
        yield from read_jsonl(whole, name, call)
    elif getattr(stream, "seekable", lambda: False)():
        stream.seek(0)
        yield from read_parquet(stream, name, call)
    else:  # its directory stands at the end: what cannot seek has to be held
        yield from read_parquet(io.BytesIO(read_bounded(whole, call.limits.max_file_bytes, name)), name, call)


def _read_zip(data: bytes, name: str, call: Call) -> Items:
    """Every member of a plain zip, each as a file of its own; one that fails does not stop the next."""
    inner = call.inside(name, "archives")
    archive = open_zip(data, name, call.limits)
    for member in archive.infolist():
        if member.is_dir() or member.filename.startswith("__MACOSX/"):
            continue
        own = f"{name}/{member.filename}"
        yield from guarded(_read_member(archive, member, own, inner), own)


def _read_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, name: str, call: Call) -> Items:
    stream = io.BufferedReader(Pieces(chunks(archive, member, name)), 1 << 16)
    yield from read_stream(cast(BinaryIO, stream), name, call)


def _reader(kind: str, name: str) -> Callable[[bytes, str, Call], Items]:
    """The reader of one kind of file. Imported when asked for: a text file waits for no other reader's library."""
    if kind == "zip":
        return _read_zip
    if kind in _UNREAD:
        what, instead = _UNREAD[kind]
        raise Refused("P13", name, kind=what, instead=instead)
    module, function = _READERS[kind]
    return cast(Callable[[bytes, str, Call], Items], getattr(import_module(module), function))


_READERS = {
    "txt": ("hoptac.pages.text_pages", "read_text"),
    "html": ("hoptac.pages.text_pages", "read_html"),
    "docx": ("hoptac.pages.docx", "read_docx"),
    "ole": ("hoptac.pages.ole", "read_ole"),
    "rtf": ("hoptac.pages.rtf", "read_rtf"),
    "odt": ("hoptac.pages.odf", "read_odt"),
    "ods": ("hoptac.pages.odf", "read_ods"),
    "pdf": ("hoptac.pages.pdf", "read_pdf"),
    "xlsx": ("hoptac.pages.sheets", "read_xlsx"),
}
_UNREAD = {
    "xlsb": ("a binary Excel workbook (.xlsb)", "xlsx"),
    "pptx": ("a PowerPoint file", "pdf"),
    "odp": ("an OpenDocument presentation", "pdf"),
    "epub": ("an e-book (EPUB)", "html or pdf"),
}
