"""Read the activities of an IATI file into values (đọc IATI thành giá trị), any version, streamed.

The table ``iati_fields`` says which element or attribute fills which field. What no row names is counted by its path: the
loss report. Version 1's text elements become narratives, its word codes (``iati_old_codes``) the numbers of version 2.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from decimal import Decimal, InvalidOperation
from typing import Any, BinaryIO, cast

from lxml import etree

from hoptac.iati.activity import CLASSES, Activity, Narrative
from hoptac.iati.stream import Head, Item, Items, Limits, read_head
from hoptac.iati.values import CRITICAL, Finding
from hoptac.lexicon import Lexicon, default_lexicon

XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?\Z")
"""How much a number may say: an exponent of four digits would be a number of a thousand pages when written out."""


def number_of(text: str) -> Decimal | None:
    """A number as XML writes it; None where it is none. Grouping commas of careless files are taken: "1,250,000.5"."""
    if text.isdecimal() and text.isascii():
        return Decimal(text)
    plain = text.strip()
    if "," in plain and re.fullmatch(r"[+-]?[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?", plain):
        plain = plain.replace(",", "")
    try:
        return Decimal(plain) if NUMBER.match(plain) else None
    except InvalidOperation:
        return None


@dataclass(frozen=True, slots=True)
class Field:
    """One row of the table, taken apart: the steps below the element, the attribute at their end ("" is text)."""

    name: str
    path: str
    when: str
    takes: str
    value: str


def fields_of(lexicon: Lexicon) -> Mapping[str, tuple[Field, ...]]:
    """The rows of ``iati_fields`` by value."""
    found: dict[str, list[Field]] = {}
    for row in lexicon.table("iati_fields"):
        takes, _, value = row["takes"].partition(" ")
        found.setdefault(row["value"], []).append(Field(row["field"], row["path"], row["when"], takes, value))
    return {name: tuple(rows) for name, rows in found.items()}


def old_codes(lexicon: Lexicon) -> Mapping[tuple[str, str], Mapping[str, str]]:
    """Codes of version 1 by element and attribute."""
    found: dict[tuple[str, str], dict[str, str]] = {}
    for row in lexicon.table("iati_old_codes"):
        found.setdefault((row["element"], row["attribute"]), {})[row["old"]] = row["new"]
    return found


Loss = Counter[str]
Build = Callable[[etree._Element], Any]
"""Makes the value that an element states."""


class Reader:
    """Makes values of elements; one version's ways. ``loss`` counts by path what is not carried.

    A function is compiled for each class of value at each place when it is first met, so that reading an element costs
    little more than touching it.
    """

    def __init__(self, lexicon: Lexicon, version: str) -> None:
        self.old = not version.startswith("2")
        self.loss: Loss = Counter()
        self.codes = lexicon.built(old_codes) if self.old else {}
        self.fields = lexicon.built(fields_of)
        self.build: Build = self._compile("Activity", "iati-activity")

    def activity(self, element: etree._Element) -> Activity:
        """One activity."""
        return cast(Activity, self.build(element))

    def _compile(self, value: str, path: str) -> Build:
        cls = CLASSES[value]
        names = [f.name for f in fields(cls)]
        defaults: list[Any] = [f.default for f in fields(cls)]
        tag = path.rpartition("/")[2]
        rows = [row for row in self.fields[value] if self.old or row.when != "old"]
        attributes: dict[str, tuple[int, Callable[[str], Any] | None]] = {}
        handlers: dict[object, Callable[[etree._Element, list[Any]], None]] = {}
        children: dict[str, list[Field]] = {}
        own = words_at = -1
        take_text: Callable[[str], Any] = stripped
        for row in rows:
            at = names.index(row.name)
            if row.path == ".":
                own = at
            elif row.path == "text()":
                words_at = at
                take_text = number_of if row.takes == "decimal" else stripped
            elif row.path.startswith("@"):
                name = XML_LANG if row.path == "@xml:lang" else row.path[1:]
                attributes[name] = (
                    at,
                    number_of if row.takes == "decimal" else self._renewer(tag, row.path[1:]),
                )
            else:
                children.setdefault(row.path.partition("/")[0], []).append(row)
        for child, mine in children.items():
            handlers[child] = self._child(mine, f"{path}/{child}", names)
        lists = [names.index(row.name) for row in rows if row.takes == "many"]
        loss, get_attribute, get_handler = self.loss, attributes.get, handlers.get

        fresh = defaults.copy
        plain = own >= 0 and not handlers
        attributes_of = cast(Callable[[Any], list[tuple[str, str]]], etree._Element.items)

        def build(element: etree._Element) -> Any:
            values = fresh()
            for name, text in attributes_of(element):
                found = get_attribute(name)
                if found is not None:
                    at, take = found
                    values[at] = text if take is None else take(text)
                elif own < 0 or name != XML_LANG:
                    loss[f"{path}/@{name}"] += 1
            if words_at >= 0 and values[words_at] is None:
                words = element.text
                if words:
                    values[words_at] = take_text(words)
            if own >= 0:
                values[own] = narratives_of(element)
            if not plain or len(element) != len(values[own]):
                for child in element:
                    tag = child.tag
                    handler = get_handler(tag)
                    if handler is not None:
                        handler(child, values)
                    elif own < 0 or tag != "narrative":
                        loss[f"{path}/{name_of(child)}"] += 1
            for at in lists:
                if values[at]:
                    values[at] = tuple(values[at])
            return cls(*values)

        return build

    def _rest(self, element: etree._Element, path: str, taken: frozenset[str]) -> None:
        """Count the attributes and children of a plain element that fill no field."""
        for name in element.keys():  # noqa: SIM118 - an element, not a dict
            if name not in taken:
                self.loss[f"{path}/@{name!s}"] += 1
        for child in element:
            if child.tag not in taken:
                self.loss[f"{path}/{name_of(child)}"] += 1

    def _renewer(self, tag: str, attribute: str) -> Callable[[str], str] | None:
        """What turns a code of version 1 into that of version 2; None where there is nothing to turn."""
        codes = self.codes.get((tag, attribute))
        return None if codes is None else lambda text: codes.get(text, text)

    def _child(
        self, rows: list[Field], path: str, names: list[str]
    ) -> Callable[[etree._Element, list[Any]], None]:
        first, loss = rows[0], self.loss
        at = names.index(first.name)
        if first.takes == "narratives":

            def narratives(child: etree._Element, values: list[Any]) -> None:
                found = narratives_of(child)
                if child.keys() or len(child) != len(found):
                    self._rest(child, path, frozenset({XML_LANG, "narrative"}))
                values[at] = values[at] + found if values[at] else found

            return narratives
        if first.takes in ("one", "many"):
            made: list[Build] = []

            def many(child: etree._Element, values: list[Any]) -> None:
                if not made:
                    made.append(self._compile(first.value, path))
                got = values[at]
                if got:
                    got.append(made[0](child))
                else:
                    values[at] = [made[0](child)]

            def one(child: etree._Element, values: list[Any]) -> None:
                if not made:
                    made.append(self._compile(first.value, path))
                if values[at] is None:
                    values[at] = made[0](child)
                else:
                    loss[path] += 1

            return one if first.takes == "one" else many
        if len(rows) == 1 and first.path.partition("/")[2].startswith("@"):
            name = first.path.partition("/@")[2]
            renew = self._renewer(path.rpartition("/")[2], name)
            taken = frozenset({name})

            def attribute(child: etree._Element, values: list[Any]) -> None:
                text = child.get(name)
                if len(child) or len(child.keys()) != 1:
                    self._rest(child, path, taken)
                if values[at] is not None:
                    loss[path] += 1
                elif text is not None:
                    values[at] = text if renew is None else renew(text)

            return attribute
        places = [(names.index(row.name), row.path.partition("/")[2]) for row in rows]

        used = frozenset(rest.partition("/")[0].lstrip("@") for _, rest in places)

        def texts(child: etree._Element, values: list[Any]) -> None:
            self._rest(child, path, used)
            for place, rest in places:
                text = text_at(child, rest)
                if values[place] is not None:
                    loss[path] += 1
                elif text is not None:
                    values[place] = text

        return texts


def stripped(text: str) -> str | None:
    """A text without the space around it; None where nothing is left."""
    return text.strip() or None


def name_of(element: etree._Element) -> str:
    """An element's name; "&" for an entity that stands unread."""
    return element.tag if isinstance(element.tag, str) else "&"


def text_at(element: etree._Element, rest: str) -> str | None:
    """The attribute or text at the end of a path; None where it is not there or empty."""
    if rest.startswith("@"):
        return element.get(rest[1:])
    if rest:
        step, _, last = rest.partition("/")
        found = element.find(step)
        return None if found is None else text_at(found, last)
    return (element.text or "").strip() or None


def narratives_of(element: etree._Element) -> tuple[Narrative, ...]:
    """The texts of an element: of its narratives, or its own where it has none (version 1)."""
    found = [
        Narrative(child.text or "", child.get(XML_LANG)) for child in element if child.tag == "narrative"
    ]
    if found:
        return tuple(found)
    own = element.text
    if own and (own := own.strip()):
        return (Narrative(own, element.get(XML_LANG)),)
    return ()


@dataclass
class Reading:
    """The activities of a file. Iterate once: each comes with its line and, while it is the last given, its original.

    ``loss`` counts by path what the values do not carry; ``findings`` are what is broken.
    """

    stream: BinaryIO
    lexicon: Lexicon = field(default_factory=default_lexicon)
    limits: Limits | None = None
    head: Head | None = None
    loss: Loss = field(default_factory=Counter)
    findings: list[Finding] = field(default_factory=list)

    def __iter__(self) -> Iterator[tuple[Activity, Item]]:
        head = read_head(self.stream)
        if isinstance(head, Finding):
            self.findings.append(head)
            return
        self.head = head
        if head.kind != "activities":
            self.findings.append(Finding("0.2.1", CRITICAL, "I02", "", head.root, head.root, head.line))
            return
        reader = Reader(self.lexicon, head.version)
        self.loss = reader.loss
        for item in Items(self.stream, head, self.limits):
            if isinstance(item, Finding):
                self.findings.append(item)
            else:
                yield reader.activity(item.element), item


def original(item: Item) -> bytes:
    """An item's own XML, with the namespaces it stands in."""
    return etree.tostring(item.element, encoding="utf-8", with_tail=False)
