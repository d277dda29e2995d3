"""Codes of the standard's lists, checked where they are used (danh mục mã IATI)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from lxml import etree

from hoptac.iati.rules import place_of
from hoptac.iati.values import Finding, line_of
from hoptac.lexicon import Lexicon


@dataclass(frozen=True, slots=True)
class Use:
    """One place where a list of codes holds: for these vocabularies ("" is none named), or for all where there are none."""

    id: str
    severity: str
    attribute: str
    list: str
    vocabularies: frozenset[str]
    codes: frozenset[str]


Uses = Mapping[str, "Node"]


class Node:
    """What is tested on one element, and below it."""

    __slots__ = ("below", "uses")

    def __init__(self) -> None:
        self.uses: list[Use] = []
        self.below: dict[str, Node] = {}


def code_lists(lexicon: Lexicon) -> dict[tuple[str, str], tuple[str, ...]]:
    """Codes by list and version, in the list's order."""
    found = {}
    for row in lexicon.table("iati_codes"):
        for version in row["versions"].split("|"):
            found[row["list"], version] = tuple(row["codes"].split("|"))
    return found


def code_uses(lexicon: Lexicon) -> dict[str, Node]:
    """For each version a tree of elements that leads from a file's root to the tests."""
    lists = {key: frozenset(codes) for key, codes in lexicon.built(code_lists).items()}
    found: dict[str, Node] = {}
    for row in lexicon.table("iati_code_uses"):
        vocabularies = set(row["vocabulary"].split("|")) - {""}
        if row["default"]:
            vocabularies.add("")
        for version in row["versions"].split("|"):
            node = found.setdefault(version, Node())
            for step in row["owner"].split("/"):
                node = node.below.setdefault(step, Node())
            name = row["attribute"].lstrip("@")
            codes = lists[row["list"], version]
            node.uses.append(
                Use(row["id"], row["severity"], name, row["list"], frozenset(vocabularies), codes)
            )
    return found


def check_codes(item: etree._Element, tree: Node | None, identifier: str, shift: int) -> Iterator[Finding]:
    """A finding for each code of an item that is not in its list."""
    start = tree.below.get(str(item.tag)) if tree is not None else None
    if start is not None:
        yield from _walk(item, start, item, identifier, shift)


def _walk(
    element: etree._Element, node: Node, item: etree._Element, identifier: str, shift: int
) -> Iterator[Finding]:
    for use in node.uses:
        value = element.text if use.attribute == "text()" else element.get(use.attribute)
        if value is None or value in use.codes:
            continue
        if use.vocabularies and element.get("vocabulary", "") not in use.vocabularies:
            continue
        path = place_of(element, item)
        yield Finding(
            use.id,
            use.severity,
            "I40",
            identifier,
            path if use.attribute == "text()" else f"{path}/@{use.attribute}",
            value,
            line_of(element, shift),
            (("list", use.list),),
        )
    if node.below:
        below = node.below
        for child in element:
            inner = below.get(child.tag)
            if inner is not None:
                yield from _walk(child, inner, item, identifier, shift)
