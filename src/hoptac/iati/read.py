"""Read an IATI file into values (đọc IATI thành giá trị), any version, streamed.

``scan`` makes the values; here are the file around them and what happens where it breaks: the rest is then cut out of the bytes
item by item, the broken ones are told with their lines, the good ones go on.
"""

from __future__ import annotations

import codecs
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, BinaryIO, cast
from xml.parsers.expat import ExpatError, errors

from hoptac.iati.activity import Activity
from hoptac.iati.cut import Cutter, scanned
from hoptac.iati.fields import Nodes, number_of
from hoptac.iati.organisation import Organisation
from hoptac.iati.scan import Loss, Origin, Scan, Surroundings, TooLargeError
from hoptac.iati.schema import ITEMS
from hoptac.iati.stream import ROOT_OF_KIND, Head, Limits, chunks_of, not_xml, pieces, read_head, wide_of
from hoptac.iati.values import CRITICAL, Finding
from hoptac.lexicon import Lexicon, default_lexicon

VALUE_OF_KIND = {"activities": "Activity", "organisations": "Organisation"}
KNOWN_TO_EXPAT = ("utf-8", "us-ascii", "iso-8859-1")


@dataclass
class _File:
    """The items of one kind in a file. Iterate once; ``loss`` and ``findings`` are whole when it is through."""

    stream: BinaryIO
    lexicon: Lexicon = field(default_factory=default_lexicon)
    limits: Limits | None = None
    head: Head | None = None
    loss: Loss = field(default_factory=Counter)
    findings: list[Finding] = field(default_factory=list)

    def _items(self, kind: str) -> Iterator[tuple[Any, Origin]]:
        head = read_head(self.stream)
        if isinstance(head, Finding):
            self.findings.append(head)
            return
        self.head = head
        if head.kind != kind:
            self.findings.append(Finding("0.2.1", CRITICAL, "I02", "", head.root, head.root, head.line))
            return
        limits = self.limits or Limits()
        value, tag = VALUE_OF_KIND[kind], ITEMS[kind]
        node = Nodes(self.lexicon, head.version).compile(value, tag)
        coding = _coding(self.stream, head)
        wide = coding if coding not in KNOWN_TO_EXPAT else None
        around = Surroundings("utf-8" if wide else coding, head.namespaces)
        scan: Scan | Cutter
        if head.bare:
            scan = Scan(node, tag, self.loss, around, item=limits.item, part=limits.part)
        else:
            scan = Cutter(node, tag, head.root, self.loss, around, item=limits.item, part=limits.part)
        given = 0
        try:
            for found, origin in scanned(scan, chunks_of(self.stream, wide)):
                given += origin.last
                yield found, origin
            return
        except ExpatError as error:
            self.findings.append(not_xml(errors.messages.get(error.code, str(error)), error.lineno))
        except TooLargeError:
            self.findings.append(Finding("0.1.1", CRITICAL, "I06", value=str(limits.item)))
        for found, origin in scan.out:
            given += origin.last
            yield found, origin
        head.broken = True
        given += scan.parted
        begin, end = f"<{ROOT_OF_KIND[kind]}>".encode(), f"</{ROOT_OF_KIND[kind]}>".encode()
        for number, (text, line, size, name) in enumerate(pieces(self.stream, wide, around.encoding, limits)):
            if number < given:
                continue
            if size is not None:
                code = "I06" if size > limits.item else "I05"
                self.findings.append(Finding("0.1.1", CRITICAL, code, name, tag, str(size), line))
                continue
            alone = Scan(
                node,
                tag,
                Counter(),
                around,
                item=limits.item,
                part=limits.item,
            )
            try:
                found_here = list(scanned(alone, (begin, text, end)))
            except ExpatError as error:
                at = (error.lineno or 1) + line - 1
                self.findings.append(not_xml(errors.messages.get(error.code, str(error)), at, name))
                continue
            except TooLargeError:
                self.findings.append(Finding("0.1.1", CRITICAL, "I06", name, tag, str(len(text)), line))
                continue
            self.loss.update(alone.loss)
            for found, origin in found_here:
                origin.line = line
                yield found, origin


def _coding(stream: BinaryIO, head: Head) -> str:
    """The encoding by which a file's bytes are to be read."""
    wide = wide_of(stream)
    if wide is not None:
        return wide
    name = head.encoding.lower().replace("_", "-")
    try:
        codecs.lookup(name)
    except LookupError:
        return "utf-8"
    return "utf-8" if name.startswith(("utf-16", "utf-32", "ucs")) else name


class Reading(_File):
    """The activities of a file. Iterate once: each comes with where it stands and its own bytes.

    ``loss`` counts by path what the values do not carry; ``findings`` are what is broken. A large activity comes in parts
    (``origin.part``), each with the head of the activity and some of its transactions.
    """

    def __iter__(self) -> Iterator[tuple[Activity, Origin]]:
        return cast("Iterator[tuple[Activity, Origin]]", self._items("activities"))


class OrganisationReading(_File):
    """The organisations of an organisation file, in the same way."""

    def __iter__(self) -> Iterator[tuple[Organisation, Origin]]:
        return cast("Iterator[tuple[Organisation, Origin]]", self._items("organisations"))


def original(origin: Origin) -> bytes:
    """An item's own XML in UTF-8, as it stands in its file, with the namespaces it stands in."""
    return origin.original()


__all__ = ["OrganisationReading", "Reading", "number_of", "original"]
