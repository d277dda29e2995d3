"""What each element holds (phần tử nào giữ gì), compiled from the tables ``iati_fields`` and ``iati_old_codes``."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple

from hoptac.iati import activity, organisation
from hoptac.lexicon import Lexicon

CLASSES: dict[str, Any] = {
    name: value
    for module in (activity, organisation)
    for name, value in vars(module).items()
    if isinstance(value, type) and value.__module__ == module.__name__
}
"""Every value by its name, as the table ``iati_fields`` names it."""

NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?\Z")
"""How much a number may say: an exponent of four digits would be a number of a thousand pages when written out."""

LEAF, NARRATIVE, ONE, MANY, WORDS, TEXT, TEXTS = range(7)
"""What is done with a child: keep an attribute, a narrative, a value or one more of them, narratives, its text, several of these."""

Take = Callable[[str], Any]


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


def stripped(text: str) -> str | None:
    """A text without the space around it; None where nothing is left."""
    return text.strip() or None


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


class Kid(NamedTuple):
    """What is done with one child: see LEAF and the others. ``at`` is the place of its value."""

    kind: int
    at: int
    path: str
    attribute: str = ""
    renew: Take | None = None
    node: Node | None = None


class Node:
    """What an element holds, compiled: which attribute goes where, what is done with each child."""

    __slots__ = ("attributes", "fresh", "kids", "listens", "lists", "make", "own", "path", "take", "words")

    def __init__(self, path: str) -> None:
        self.path = path
        self.kids: dict[str, Kid] = {}
        self.attributes: dict[str, tuple[int, Take | None]] = {}
        self.own = self.words = -1
        self.take: Take = stripped
        self.lists: tuple[int, ...] = ()
        self.listens = False
        self.fresh: Callable[[], list[Any]] = list
        self.make: Callable[[list[Any]], Any] | None = None


class Nodes:
    """The nodes of one version's ways."""

    def __init__(self, lexicon: Lexicon, version: str) -> None:
        self.old = not version.startswith("2")
        self.codes = lexicon.built(old_codes) if self.old else {}
        self.fields = lexicon.built(fields_of)

    def compile(self, value: str, path: str) -> Node:
        """The node of a class of value at a place."""
        cls = CLASSES[value]
        names: list[str] = list(cls._fields)
        node = Node(path)
        node.fresh = [cls._field_defaults[name] for name in names].copy
        node.make = cls._make
        tag = path.rpartition("/")[2]
        children: dict[str, list[Field]] = {}
        rows = [row for row in self.fields[value] if self.old or row.when != "old"]
        for row in rows:
            at = names.index(row.name)
            if row.path == ".":
                node.own = at
                node.kids["narrative"] = Kid(NARRATIVE, at, f"{path}/narrative")
            elif row.path == "text()":
                node.words = at
                node.take = number_of if row.takes == "decimal" else stripped
            elif row.path.startswith("@"):
                name = row.path[1:]
                node.attributes[name] = (
                    at,
                    number_of if row.takes == "decimal" else self._renewer(tag, name),
                )
            else:
                children.setdefault(row.path.partition("/")[0], []).append(row)
        for child, mine in children.items():
            node.kids[child] = self._kid(mine, f"{path}/{child}", names)
        node.lists = tuple(names.index(row.name) for row in rows if row.takes in ("many", "narratives"))
        node.listens = node.own >= 0 or node.words >= 0
        return node

    def _renewer(self, tag: str, attribute: str) -> Take | None:
        """What turns a code of version 1 into that of version 2; None where there is nothing to turn."""
        codes = self.codes.get((tag, attribute))
        return None if codes is None else lambda text: codes.get(text, text)

    def _kid(self, rows: list[Field], path: str, names: list[str]) -> Kid:
        first = rows[0]
        at = names.index(first.name)
        tag = path.rpartition("/")[2]
        if first.takes == "narratives":
            node = Node(path)
            node.own, node.listens, node.lists = 0, True, ()
            node.fresh = [()].copy
            node.kids["narrative"] = Kid(NARRATIVE, 0, f"{path}/narrative")
            return Kid(WORDS, at, path, node=node)
        if first.takes in ("one", "many"):
            return Kid(ONE if first.takes == "one" else MANY, at, path, node=self.compile(first.value, path))
        rest = first.path.partition("/")[2]
        if len(rows) == 1 and rest.startswith("@"):
            return Kid(LEAF, at, path, rest[1:], self._renewer(tag, rest[1:]))
        if len(rows) == 1 and not rest:
            return Kid(TEXT, at, path)
        node = Node(path)
        for row in rows:
            place, rest = names.index(row.name), row.path.partition("/")[2]
            if rest.startswith("@"):
                node.attributes[rest[1:]] = (place, None)
            else:
                node.kids[rest] = Kid(TEXT, place, f"{path}/{rest}")
        return Kid(TEXTS, at, path, node=node)
