"""How much a file may ask of us (giới hạn), and the streams that hold it to that.

Engines know no clock. Work is bounded by counting it: bytes read, bytes inflated, members, pages, cells. A caller who
wants a time limit as well passes ``clock`` (``time.monotonic``) and ``seconds``; it is asked between units of work.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from hoptac.pages.values import Finding

_CHUNK = 1 << 16
RATIO_FREE_BYTES = 8 << 20
"""Output below this is never called a bomb: a short file of blanks may shrink a thousandfold."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one call of ``read_file`` (giới hạn khi đọc).

    Streamed files (WARC, WET, jsonl, parquet) may be of any size: only their records are bounded.
    """

    max_file_bytes: int = 256 << 20
    """A file that has to be held whole: docx, pdf, xlsx, zip."""
    max_page_bytes: int = 16 << 20
    """One page as bytes: a txt or html file, a WARC record, a row."""
    max_text_chars: int = 8_000_000
    """One page as text, in code points."""
    max_unpacked_bytes: int = 512 << 20
    """All members of one archive together, inflated."""
    max_ratio: int = 250
    """Inflated bytes for one packed byte; asked above ``RATIO_FREE_BYTES``. Word's XML reaches about 100."""
    max_members: int = 10_000
    """Members of one zip, sheets of one workbook."""
    max_depth: int = 3
    """Archives inside archives."""
    max_elements: int = 200_000
    """Elements of one HTML page. The longest real ones have some 30,000."""
    max_pdf_pages: int = 5_000
    max_pdf_content_bytes: int = 32 << 20
    """Drawing instructions of one PDF, inflated: text takes some 3 kB a page, a detailed map 5 MB."""
    max_cells: int = 4_000_000
    """Cells of the rectangle that one sheet spans, empty ones included: readers hold them all."""
    seconds: float | None = None
    clock: Callable[[], float] | None = None


class Refused(Exception):
    """A file or page cannot be read further; carries the fatal finding that says so."""

    def __init__(self, code: str, where: str, start: int | None = None, **values: object) -> None:
        super().__init__(code)
        self.finding = Finding(
            code,
            where,
            (("name", where), *((key, str(value)) for key, value in values.items())),
            start=start,
            unit="char" if start is None else "byte",
            fatal=True,
        )


@dataclass
class Budget:
    """What is left of the limits during one call; shared by everything inside one file."""

    limits: Limits
    where: str
    started: float | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        if self.limits.clock is not None:
            self.started = self.limits.clock()

    def tick(self) -> None:
        """Between two units of work. Raises ``Refused`` P21 when the caller's time is up."""
        limits = self.limits
        if self.started is None or limits.clock is None or limits.seconds is None:
            return
        if limits.clock() - self.started > limits.seconds:
            raise Refused("P21", self.where, seconds=f"{limits.seconds:g}")


def read_bounded(stream: BinaryIO, limit: int, where: str) -> bytes:
    """All bytes of a stream. Raises ``Refused`` P03 above ``limit``, having held at most one chunk more."""
    parts: list[bytes] = []
    total = 0
    while chunk := stream.read(_CHUNK * 4):
        parts.append(chunk)
        total += len(chunk)
        if total > limit:
            raise Refused("P03", where, limit=f"{limit:,}")
    return b"".join(parts)


class Rewound(io.RawIOBase):
    """A stream whose first bytes were read already (to see what it is), given from its beginning again."""

    def __init__(self, head: bytes, rest: BinaryIO) -> None:
        self._head = head
        self._rest = rest

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        if self._head:
            piece, self._head = self._head[: len(buffer)], self._head[len(buffer) :]
        else:
            piece = self._rest.read(len(buffer))
        buffer[: len(piece)] = piece
        return len(piece)


class Pieces(io.RawIOBase):
    """A stream of what an iterator gives."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._left = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        while not self._left:
            piece = next(self._pieces, None)
            if piece is None:
                return 0
            self._left = piece
        given, self._left = self._left[: len(buffer)], self._left[len(buffer) :]
        buffer[: len(given)] = given
        return len(given)


class Gunzip(io.RawIOBase):
    """Inflate a gzip stream of any number of members, counting what goes in and out.

    Raises ``Refused`` P07 where it inflates beyond ``max_ratio``, P08 where it is broken or ends early
    (with the offset in the packed file). What was whole before that has been given by then.
    """

    def __init__(self, packed: BinaryIO, limits: Limits, where: str) -> None:
        self._packed = packed
        self._limits = limits
        self._where = where
        self._inflate = zlib.decompressobj(wbits=31)
        self._input = b""
        self._fresh = True
        self.taken = 0
        self.given = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        if not len(buffer):
            return 0
        while True:
            if not self._input:
                self._input = self._packed.read(_CHUNK)
                self.taken += len(self._input)
            if self._inflate.eof:
                self._input = self._input.lstrip(b"\0")
                if not self._input and not self._more():
                    return 0
                self._inflate, self._fresh = zlib.decompressobj(wbits=31), True
            if not self._input:
                if self._fresh:
                    return 0
                raise Refused("P08", self._where, start=self.taken, found="end of file")
            piece = self._piece(len(buffer))
            if piece:
                buffer[: len(piece)] = piece
                return len(piece)

    def _more(self) -> bool:
        while not self._input:
            chunk = self._packed.read(_CHUNK)
            self.taken += len(chunk)
            if not chunk:
                return False
            self._input = chunk.lstrip(b"\0")
        return True

    def _piece(self, size: int) -> bytes:
        try:
            piece = self._inflate.decompress(self._input, size)
        except zlib.error as error:
            raise Refused("P08", self._where, start=self.taken, found=str(error)) from error
        self._fresh = False
        self._input = self._inflate.unused_data if self._inflate.eof else self._inflate.unconsumed_tail
        self.given += len(piece)
        if self.given > max(RATIO_FREE_BYTES, self.taken * self._limits.max_ratio):
            raise Refused("P07", self._where, start=self.taken, ratio=f"{self._limits.max_ratio}")
        return piece
