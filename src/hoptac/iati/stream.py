"""Read an IATI file one activity or organisation at a time (đọc tệp IATI theo từng hoạt động).

Memory stays that of the largest item. Nothing outside the file is ever fetched, entities are not expanded, depth and sizes
are bounded. Where the file is not well-formed the rest of it is taken item by item from its bytes: what is broken comes
back as a finding with its line, the good ones go on.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, BinaryIO, cast
from xml.sax.saxutils import quoteattr

from lxml import etree

from hoptac.iati.schema import ITEMS
from hoptac.iati.values import CRITICAL, Finding, line_of

KIND_OF_ROOT = {
    "iati-activities": "activities",
    "iati-organisations": "organisations",
    "iati-activity": "activities",
    "iati-organisation": "organisations",
    ITEMS["registry-record"]: "registry-record",
}
ROOT_OF_KIND = {"activities": "iati-activities", "organisations": "iati-organisations"}
IDENTIFIER = {"activities": "iati-identifier", "organisations": "organisation-identifier"}
"""The child that names an item. Version 1 names an organisation by ``iati-identifier``."""

CHUNK = 1 << 18
PROLOG = 1 << 20
"""Most bytes before the root element's start."""

MARK = re.compile(
    rb"<!--.*?-->|<!\[CDATA\[.*?\]\]>|<(/?)iati-(?:activity|organisation)(?=[\s/>])[^<>]*?(/?)>", re.DOTALL
)
SOUND = re.compile(r"(?:\{[^}]*\})?[^:{}\s]+\Z")
"""A name whose prefix, where it has one, is declared."""
NAMED = re.compile(rb"<(?:iati|organisation)-identifier[^>]*>\s*([^<]*?)\s*<")
DECLARED = re.compile(rb"""^<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")


@dataclass(frozen=True, slots=True)
class Limits:
    """What a file may take. ``item`` bytes of one activity: a tree takes about ten times its bytes. An activity of more than
    ``part`` bytes comes in parts, each with the activity's head; only what comes in one piece must stay below ``item``."""

    item: int = 32 << 20
    part: int = 8 << 20


@dataclass(frozen=True, slots=True)
class Item:
    """One activity or organisation. Its line in the file is ``element.sourceline + shift``; read it before the next is asked for."""

    element: etree._Element
    shift: int
    kind: str

    @property
    def line(self) -> int | None:
        return line_of(self.element, self.shift)

    @property
    def identifier(self) -> str:
        return identifier_of(self.element, self.kind)


def identifier_of(element: etree._Element, kind: str) -> str:
    """What names an item, "" where nothing does."""
    if kind not in IDENTIFIER:
        return element.get("file-id", "").strip()
    found = element.findtext(IDENTIFIER[kind])
    if found is None and kind == "organisations":
        found = element.findtext("iati-identifier")
    return (found or "").strip()


@dataclass
class Head:
    """What stands around a file's items: its root's name, attributes and namespaces, and, after reading, its shell.

    ``kind`` is None where the root is no IATI root. ``bare`` says that the root is an item itself.
    ``children`` are the names of the root's children in order, each run of one name once."""

    root: str
    kind: str | None
    attributes: dict[str, str] = field(default_factory=dict)
    namespaces: dict[str | None, str] = field(default_factory=dict)
    encoding: str = "utf-8"
    bare: bool = False
    children: list[str] = field(default_factory=list)
    stray: bool = False
    broken: bool = False
    line: int = 1

    @property
    def version(self) -> str:
        return self.attributes.get("version", "").strip()

    def element(self) -> etree._Element:
        """The root without its items: what the schema's shell judges."""
        root = etree.Element(self.root, self.attributes)
        for name in self.children:
            etree.SubElement(root, name)
        if self.stray:
            root.text = "text"
        return root


def parser_options() -> dict[str, Any]:
    """Options of every parser here: nothing fetched, nothing expanded, libxml2's bounds kept."""
    return {
        "resolve_entities": False,
        "no_network": True,
        "load_dtd": False,
        "huge_tree": False,
        "remove_comments": True,
        "remove_pis": True,
    }


def read_head(stream: BinaryIO) -> Head | Finding:
    """The root's start. Takes bytes from the stream's start and leaves it there again."""
    stream.seek(0)
    wide = wide_of(stream)
    parser = etree.XMLPullParser(("start",), encoding="utf-8" if wide else None, **parser_options())
    taken, trouble = 0, None
    chunks = chunks_of(stream, wide, 4096)
    while taken < PROLOG and trouble is None:
        chunk = next(chunks, b"")
        taken += len(chunk)
        try:
            if chunk:
                parser.feed(chunk)
            else:
                trouble = not_xml("the file ends before any element" if taken else "the file is empty", 1)
        except etree.XMLSyntaxError as error:
            trouble = not_xml(str(error.msg), error.lineno)
        for _, root in cast(Iterator[tuple[str, etree._Element]], parser.read_events()):
            stream.seek(0)
            declared = DECLARED.match(
                stream.read(PROLOG if wide is None else 0).removeprefix(codecs.BOM_UTF8)
            )
            stream.seek(0)
            return _head_of(root, declared.group(1).decode() if declared else "utf-8")
    stream.seek(0)
    return trouble or not_xml("no element in its first megabyte", None)


def _head_of(root: etree._Element, encoding: str) -> Head:
    name = str(root.tag)
    return Head(
        name,
        KIND_OF_ROOT.get(name),
        {str(k): str(v) for k, v in root.attrib.items() if SOUND.match(str(k))},
        dict(root.nsmap),
        encoding,
        bare=name in ITEMS.values(),
        line=line_of(root) or 1,
    )


def not_xml(found: str, line: int | None, identifier: str = "") -> Finding:
    return Finding(
        "0.1.1", CRITICAL, "I01", identifier, "", "", line, (("found", found.removesuffix(", line 0")),)
    )


class _Nothing:
    """A parser's target that keeps nothing."""

    def close(self) -> None:
        """Nothing was kept."""


def broken_in(stream: BinaryIO) -> Finding | None:
    """What makes a file no well-formed XML, in the memory of a chunk; None where it is well-formed."""
    wide = wide_of(stream)
    parser = etree.XMLParser(
        target=cast(Any, _Nothing()), encoding="utf-8" if wide else None, **parser_options()
    )
    try:
        for chunk in chunks_of(stream, wide):
            parser.feed(chunk)
        parser.close()
    except etree.XMLSyntaxError as error:
        return not_xml(str(error.msg), error.lineno)
    return None


class Items:
    """The items of a file in order, and findings where the file is broken. Iterate once; then ``head`` is whole."""

    def __init__(self, stream: BinaryIO, head: Head, limits: Limits | None = None) -> None:
        self.stream, self.head = stream, head
        self.limits = limits or Limits()
        self.given = 0

    def __iter__(self) -> Iterator[Item | Finding]:
        kind = self.head.kind
        if kind is None:
            return
        trouble: Finding | None = None
        wide = wide_of(self.stream)
        encoding = "utf-8" if wide else None
        parser = etree.XMLPullParser(("end",), tag=ITEMS[kind], encoding=encoding, **parser_options())
        since = 0
        chunks = chunks_of(self.stream, wide)
        while trouble is None:
            chunk = next(chunks, b"")
            try:
                if chunk:
                    parser.feed(chunk)
                else:
                    root = parser.close()
            except etree.XMLSyntaxError as error:
                trouble = not_xml(str(error.msg), error.lineno)
            before = self.given
            for _, element in cast(Iterator[tuple[str, etree._Element]], parser.read_events()):
                parent = element.getparent()
                if parent is None:
                    self.given += 1
                    yield Item(element, 0, kind)
                elif parent.tag in KIND_OF_ROOT and parent.tag not in ITEMS.values():
                    self.given += 1
                    yield Item(element, 0, kind)
                    self._drop(element, parent)
            if not chunk:
                if trouble is None and not self.head.bare:
                    self._note(root, list(root))
                break
            since = since + len(chunk) if self.given == before else 0
            if since > self.limits.item and trouble is None:
                trouble = Finding("0.1.1", CRITICAL, "I06", value=str(self.limits.item))
        if trouble is not None:
            del parser
            self.head.broken = True
            yield trouble
            if kind not in ROOT_OF_KIND:
                return
            yield from self._salvage(kind)

    def _drop(self, element: etree._Element, parent: etree._Element) -> None:
        """Forget an item and what stands before it, keeping what the shell needs."""
        done = []
        for child in parent:
            done.append(child)
            if child is element:
                break
        if parent.getparent() is None:
            self._note(parent, done)
        element.clear()
        for child in done:
            parent.remove(child)

    def _note(self, root: etree._Element, children: list[etree._Element]) -> None:
        names = self.head.children
        if root.text and root.text.strip():
            self.head.stray = True
        root.text = None
        for child in children:
            name = str(child.tag) if isinstance(child.tag, str) else ""
            if not SOUND.match(name):
                self.head.stray = self.head.stray or bool(name)
            elif not names or names[-1] != name:
                names.append(name)
            if child.tail and child.tail.strip():
                self.head.stray = True

    def _salvage(self, kind: str) -> Iterator[Item | Finding]:
        """Items cut out of the bytes one by one, those not yet given. A broken one is a finding."""
        spaces = "".join(
            f" xmlns{':' + prefix if prefix else ''}={quoteattr(uri)}"
            for prefix, uri in self.head.namespaces.items()
        )
        root_name = ROOT_OF_KIND[kind]
        wide = wide_of(self.stream)
        encoding = "utf-8" if wide else self.head.encoding
        start, end = f"<{root_name}{spaces}>".encode("ascii", "xmlcharrefreplace"), f"</{root_name}>".encode()
        declaration = f'<?xml version="1.0" encoding="{encoding}"?>'.encode()
        for number, (text, line, size, name) in enumerate(pieces(self.stream, wide, encoding, self.limits)):
            if number < self.given:
                continue
            if size is not None:
                code = "I06" if size > self.limits.item else "I05"
                yield Finding("0.1.1", CRITICAL, code, name, ITEMS[kind], str(size), line)
                continue
            try:
                root = etree.fromstring(declaration + start + text + end, etree.XMLParser(**parser_options()))
            except etree.XMLSyntaxError as error:
                yield not_xml(str(error.msg), (error.lineno or 1) + line - 1, name)
                continue
            if len(root):
                yield Item(root[0], line - 1, kind)


def wide_of(stream: BinaryIO) -> str | None:
    """The encoding of a file whose ASCII letters take more than one byte; None for the others."""
    stream.seek(0)
    head = stream.read(4)
    stream.seek(0)
    for name, mark in (
        ("utf-32", codecs.BOM_UTF32_LE),
        ("utf-32", codecs.BOM_UTF32_BE),
        ("utf-16", codecs.BOM_UTF16_LE),
        ("utf-16", codecs.BOM_UTF16_BE),
        ("utf-16-le", b"<\0"),
        ("utf-16-be", b"\0<"),
    ):
        if head.startswith(mark):
            return name
    return None


def chunks_of(stream: BinaryIO, wide: str | None, size: int = CHUNK) -> Iterator[bytes]:
    """The file's bytes, as UTF-8 where its own encoding is a wide one."""
    stream.seek(0)
    decoder = codecs.getincrementaldecoder(wide)("replace") if wide else None
    while chunk := stream.read(size):
        text = decoder.decode(chunk).removeprefix("\ufeff").encode("utf-8", "replace") if decoder else chunk
        if text:
            yield text


def pieces(
    stream: BinaryIO, wide: str | None, encoding: str, limits: Limits
) -> Iterator[tuple[bytes, int, int | None, str]]:
    """Each item's bytes, the line it starts in, None and its name, cut out of the bytes of a file that is no XML.

    Where it has no end or is too large its beginning comes with its size.
    """
    for text, line, size in _cut(stream, wide, limits):
        named = NAMED.search(text)
        yield text, line, size, named.group(1).decode(encoding, "replace") if named else ""


def _cut(stream: BinaryIO, wide: str | None, limits: Limits) -> Iterator[tuple[bytes, int, int | None]]:
    text, at, line = b"", 0, 1
    start, dropped, opening = -1, 0, b""
    begun = 1

    def cut(end: int) -> bytes:
        """Take the bytes up to ``end`` away, counting their lines."""
        nonlocal text, line, at
        piece, text = text[:end], text[end:]
        line += piece.count(b"\n")
        at = 0
        return piece

    for chunk in chunks_of(stream, wide):
        text += chunk
        while (found := MARK.search(text, at)) is not None:
            at = found.end()
            mark = found.group(0)
            if mark.startswith(b"<!"):
                continue
            closes, empty = found.group(1) == b"/", found.group(2) == b"/"
            if start >= 0:
                size = dropped + (found.end() if closes else found.start())
                piece = cut(found.end() if closes else found.start())
                bad = not closes or bool(dropped) or size > limits.item
                yield opening or piece, begun, size if bad else None
                start, dropped, opening = -1, 0, b""
                if closes:
                    continue
                at = len(mark)
            elif closes:
                continue
            else:
                cut(found.start())
                at = len(mark)
            start, begun = 0, line
            if empty:
                yield cut(at), begun, None
                start = -1
        at = _keep(text, start)
        if start >= 0 and len(text) > limits.item + CHUNK:
            opening = opening or text[:PROLOG]
            dropped += at
            cut(at)
        elif start < 0:
            cut(at)
    if start >= 0:
        yield opening or text, begun, dropped + len(text)


def _keep(text: bytes, start: int) -> int:
    """Where the next search begins: before a mark that the end of the bytes may have cut."""
    comment = text.rfind(b"<!", max(len(text) - PROLOG, 0))
    last = text.rfind(b"<", max(len(text) - 4096, 0))
    if comment > start and not re.search(rb"-->|\]\]>", text[comment:]):
        return comment
    return last if last > start else max(len(text) - 1, start + 1, 0)
