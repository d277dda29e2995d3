"""Paths of the rule language (đường dẫn trong quy tắc): where they lead, and what is read there."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import cache
from typing import cast

from lxml import etree

Hit = etree._Element | str
"""What a path leads to: an element, or the text of an attribute or text node (which knows its parent)."""

XML = "http://www.w3.org/XML/1998/namespace"
SIMPLE = re.compile(r"(?:[A-Za-z][\w.-]*/)*(?:@?[A-Za-z][\w.-]*)\Z")
DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})")


@cache
def xpath(path: str) -> etree.XPath:
    return etree.XPath(path, namespaces={"xml": XML}, smart_strings=True)


@cache
def path_finder(path: str) -> Callable[[etree._Element], Sequence[Hit]]:
    """A function that follows ``path`` from an element. Plain paths of names are followed without XPath: it costs ten times."""
    if SIMPLE.match(path):
        if path.startswith("@"):
            name = path[1:]
            return lambda e: [_Attribute(str(e.attrib[name]), e, name)] if name in e.attrib else ()
        if "/" not in path:
            return lambda e: list(e.iterchildren(path))
        owner, _, last = path.rpartition("/@")
        if owner:
            owners = xpath(f"{owner}[@{last}]")
            return lambda e: [
                _Attribute(str(o.attrib[last]), o, last) for o in cast("list[etree._Element]", owners(e))
            ]
    compiled = xpath(path)
    return lambda e: cast("Sequence[Hit]", compiled(e))


class _Attribute(str):
    """An attribute's text that knows where it stands, as lxml's own results do."""

    attrname: str
    parent: etree._Element

    def __new__(cls, text: str, parent: etree._Element, name: str) -> _Attribute:
        made = super().__new__(cls, text)
        made.parent, made.attrname = parent, name
        return made

    def getparent(self) -> etree._Element:
        return self.parent


def text_of(hit: Hit) -> str:
    """An attribute's text, or all text inside an element."""
    if isinstance(hit, str):
        return hit
    return (hit.text or "") if not len(hit) else "".join(cast("Iterable[str]", hit.itertext()))


def day_of(text: str) -> date | None:
    """The day at the start of a date or date-time; None where there is none."""
    found = DAY.match(text.strip())
    if not found:
        return None
    try:
        return date(*(int(g) for g in found.groups()))
    except ValueError:
        return None


def true_of(path: str, element: etree._Element) -> bool:
    """An XPath as a condition."""
    return bool(xpath(f"boolean({path})")(element))
