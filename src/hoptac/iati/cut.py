"""A file's bytes cut into its items (cắt tệp thành từng mục), each read the quick way where it can be, else the slow one.

expat passes over all bytes and calls nothing: it says whether they are XML. An item that is plain text is read by ``quick``; one
that is not by a ``scan`` of its own; and where what stands between the items is not plain (or an item is large) the
rest of the file is left to one ``scan``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any
from xml.parsers.expat import ExpatError, ParserCreate

from hoptac.iati.fields import Node
from hoptac.iati.quick import OddError, Quick, plain
from hoptac.iati.scan import Loss, Origin, Scan, Surroundings

GAP = re.compile(rb"(?:\s+|<!--.*?-->|<\?.*?\?>)*", re.DOTALL)
LONGEST_GAP = 1 << 16
"""Bytes between two items that are waited for."""


class Cutter:
    """Takes a file's bytes in order by ``feed``; what is whole lies in ``out``.

    Raises what ``Scan`` raises, ExpatError with its line in the file.
    """

    def __init__(
        self, node: Node, tag: str, root: str, loss: Loss, around: Surroundings, *, item: int, part: int
    ) -> None:
        self.node, self.tag, self.root, self.loss, self.around = node, tag, root, loss, around
        self.item, self.part = item, min(item, part)
        self.out: list[tuple[Any, Origin]] = []
        self.slow: Scan | None = None
        self._checker = ParserCreate(encoding=around.encoding)
        self._text = b""
        self._line = 1
        self._taken = 0
        self._inside = False
        self._ended = False
        self._open = f"<{tag}".encode()
        self._close = f"</{tag}".encode()
        self._start = re.compile(
            rb"(?:\xef\xbb\xbf)?" + GAP.pattern + b"<" + root.encode() + rb"(?=[\s>])[^<>]*>", re.DOTALL
        )
        self._quick = Quick(loss, self._scan("").told)

    @property
    def parted(self) -> bool:
        """Whether parts of an item were given and its end was not reached."""
        return self.slow is not None and self.slow.begun is not None and bool(self.slow.parts)

    def _scan(self, name: str) -> Scan:
        scan = Scan(self.node, self.tag, self.loss, self.around, item=self.item, part=self.part)
        if name:
            scan.feed(f"<{name}>".encode())
        return scan

    def feed(self, chunk: bytes) -> None:
        """Take some more bytes."""
        if self.slow is not None:
            self._feed_slow(chunk)
            return
        trouble: ExpatError | None = None
        try:
            self._checker.Parse(chunk, False)
        except ExpatError as error:
            trouble = error
            chunk = chunk[: max(self._checker.ErrorByteIndex - self._taken, 0)]
        self._taken += len(chunk)
        self._text += chunk
        if not self._ended:
            self._work()
        if trouble is not None:
            raise trouble

    def close(self) -> None:
        """Say that there are no further bytes."""
        if self.slow is None:
            self._checker.Parse(b"", True)
            if not self._ended:
                self._leave(0, whole=not self._inside)
        if self.slow is not None:
            self.slow.close()
            self.out += self.slow.out
            self.slow.out.clear()

    def _feed_slow(self, chunk: bytes) -> None:
        slow = self.slow
        if slow is None:
            return
        try:
            slow.feed(chunk)
        except ExpatError as error:
            error.lineno += slow.shift
            raise
        finally:
            self.out += slow.out
            slow.out.clear()

    def _leave(self, at: int, *, whole: bool = False) -> None:
        """Leave all from here on to the slow way."""
        self.slow = self._scan("" if whole else self.root)
        self.slow.shift = self._line - 1
        rest, self._text = self._text[at:], b""
        self._feed_slow(rest)

    def _work(self) -> None:
        """Read every item that is whole; keep the bytes of one that is not."""
        text, at = self._text, 0
        if not self._inside:
            found = self._start.match(text)
            if found is None or found.group().rstrip(b">").endswith(b"/"):
                if len(text) > LONGEST_GAP or b"<!DOCTYPE" in text or found is not None:
                    self._leave(0, whole=True)
                return
            self._inside = True
            at = found.end()
            self._line += text.count(b"\n", 0, at)
        while True:
            gap = GAP.match(text, at)
            begin = gap.end() if gap else at
            if len(text) - begin < len(self._open) + 2:
                break
            if not text.startswith(self._open, begin) or text[begin + len(self._open)] not in b" \t\r\n/>":
                if text.startswith(b"</", begin):
                    self._ended = True
                    begin = len(text)
                elif len(text) - begin > LONGEST_GAP or not text.startswith((b"<!--", b"<?"), begin):
                    self._text = text
                    self._leave(at)
                    return
                else:
                    break
                at = begin
                break
            end = self._end(text, begin)
            if end < 0:
                if len(text) - begin > self.part:
                    self._text = text
                    self._leave(at)
                    return
                break
            self._line += text.count(b"\n", at, begin)
            if not self._give(text[begin:end]):
                self._text = text
                self._leave(begin)
                return
            self._line += text.count(b"\n", begin, end)
            at = end
        self._text = text[at:]

    def _end(self, text: bytes, begin: int) -> int:
        """One past the item that begins here; -1 where its end has not come yet."""
        first = text.find(b">", begin)
        if first < 0:
            return -1
        if text[first - 1] == ord("/"):
            return first + 1
        last = text.find(self._close, first)
        return -1 if last < 0 else text.find(b">", last) + 1 or -1

    def _give(self, raw: bytes) -> bool:
        """Read one item; False where its text is not all of it."""
        text = raw.decode(self.around.encoding, "replace")
        if "\r" in text:
            text = text.replace("\r\n", "\n").replace("\r", "\n")
        around = self.around
        origin = Origin(self._line, raw, around.encoding, around.namespaces, self.tag)
        try:
            if not plain(text):
                raise OddError
            self.out.append((self._quick.value_of(self.node, text), origin))
        except OddError:
            scan = self._scan(self.root)
            scan.shift = self._line - 1
            scan.loss = Loss()
            try:
                scan.feed(raw)
                scan.feed(f"</{self.root}>".encode())
                scan.close()
            except ExpatError:
                return False
            self.out += scan.out
        return True


def scanned(scan: Scan | Cutter, chunks: Iterable[bytes]) -> Iterator[tuple[Any, Origin]]:
    """What is made of the bytes, as they come."""
    for chunk in chunks:
        scan.feed(chunk)
        yield from scan.out
        scan.out.clear()
    scan.close()
    yield from scan.out
    scan.out.clear()
