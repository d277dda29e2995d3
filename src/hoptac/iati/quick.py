"""Values from the text of an activity (đọc nhanh), by cutting it into its children instead of walking through its tags.

Publishers' files repeat themselves: the same organisations, codes and days stand in thousands of transactions. So an element's text
is cut at its children, and a child that was met before, letter for letter, is not read again. Only plain text is read so; for
anything else (comments, CDATA, a ">" inside a value, an element inside one of its own name) ``value_of`` raises OddError and
the caller takes the slow way (``scan``). Both ways give the same; a test holds them to it on every file at hand.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, cast

from hoptac.iati.activity import Narrative
from hoptac.iati.fields import LEAF, MANY, NARRATIVE, ONE, TEXT, TEXTS, Kid, Node, stripped
from hoptac.iati.scan import Loss

CHILD = re.compile(r"(<([\w:.-]++)[^<>]*+(?:(?<=/)>|>[^<]*+(?:<(?!/\2[\s>])[^<]*+)*+</\2\s*+>)|<)")
"""A child, whole: the shortest text that begins with a start tag and ends with the first end tag of that name. A "<" alone is
what no child begins with: the end tag of an element that holds another of its own name."""

ATTRIBUTE = re.compile(r"""([\w:.-]++)\s*+=\s*+(?:"([^"]*+)"|(')([^']*+)')""")
SPACE = re.compile(r"[\n\t]")
REFERENCE = re.compile(r"&(#x?)?([0-9A-Za-z]+);")
NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"', "apos": "'"}
REMEMBERED = 20_000
"""Children remembered of one kind of element; then they are forgotten and learned anew."""

LONGEST = 300
"""Characters of a child that is worth remembering: longer ones do not come twice."""


class OddError(Exception):
    """The text is not plain enough to be cut."""


def plain(text: str) -> bool:
    """Whether a well-formed text can be cut at its "<": no comments, CDATA or instructions, no ">" that ends no tag."""
    return "<!" not in text and "<?" not in text and text.count("<") == text.count(">")


def unescaped(text: str) -> str:
    """A text with its references put in."""
    return REFERENCE.sub(_referred, text) if "&" in text else text


def _referred(found: re.Match[str]) -> str:
    mark, name = found.groups()
    if mark is None:
        if name not in NAMED:
            raise OddError
        return NAMED[name]
    return chr(int(name, 16 if mark == "#x" else 10))


Known = tuple[int, int, Any, tuple[str, ...]]
"""What a child gives: its kind, the place of its value, the value, the paths that it counts as lost."""


class Quick:
    """Reads texts of elements for one version's nodes. ``loss`` counts by path what is not carried."""

    def __init__(self, loss: Loss, told: Callable[[str], str]) -> None:
        self.loss = loss
        self._told = told
        self._memory: dict[int, dict[str, Known]] = {}

    def value_of(self, node: Node, text: str) -> Any:
        """The value of the element that ``text`` is from its first "<" to its last ">". Raises OddError."""
        lost: list[str] = []
        made = cast(Any, node.make)(self._values(node, text, lost))
        for path in lost:
            self.loss[path] += 1
        return made

    def _values(self, node: Node, text: str, lost: list[str], into: list[Any] | None = None) -> list[Any]:
        values = node.fresh() if into is None else into
        end = text.find(">")
        lang = self._attributes(node, text[:end], values, lost) if "=" in text[:end] else None
        if text[end - 1] == "/":
            return values
        inner = text[end + 1 : text.rfind("<")]
        first = inner.find("<")
        if node.listens:
            words = inner if first < 0 else inner[:first]
            if words and not words.isspace():
                words = unescaped(words)
                if node.words >= 0:
                    if values[node.words] is None:
                        values[node.words] = node.take(words)
                elif first < 0:
                    values[node.own] = [Narrative(words.strip(), lang)]
        if first < 0:
            for at in node.lists:
                if values[at]:
                    values[at] = tuple(values[at])
            return values
        memory = self._memory.get(id(node))
        if memory is None:
            memory = self._memory[id(node)] = {}
        get = memory.get
        for whole, name in CHILD.findall(inner, first):
            if len(whole) > LONGEST:
                known = self._read(node, whole, name)
            elif (found := get(whole)) is not None:
                known = found
            else:
                if len(memory) >= REMEMBERED:
                    memory.clear()
                known = memory[whole] = self._read(node, whole, name)
            kind, at, value, paths = known
            if paths:
                lost += paths
            if kind >= MANY:
                if kind == TEXTS:
                    self._places(node.kids[name], whole, values, lost)
                elif value:
                    if values[at]:
                        values[at] += value
                    else:
                        values[at] = list(value)
            elif at >= 0:
                if values[at] is not None:
                    lost.append(node.kids[name].path)
                else:
                    values[at] = value
        if node.own >= 0 and not values[node.own]:
            words = inner[:first].strip()
            if words:
                values[node.own] = [Narrative(unescaped(words), lang)]
        for at in node.lists:
            if values[at]:
                values[at] = tuple(values[at])
        return values

    def _read(self, node: Node, whole: str, name: str) -> Known:
        """What a child gives, read anew."""
        if not name:
            raise OddError
        kid = node.kids.get(name)
        lost: list[str] = []
        if kid is None:
            return ONE, -1, None, (f"{node.path}/{self._told(name)}",)
        kind = kid.kind
        if kind == LEAF:
            value = self._leaf(kid, whole, lost)
            return ONE, kid.at, value, tuple(lost)
        if kind == TEXT:
            self._lost_attributes(kid.path, whole, lost)
            return ONE, kid.at, stripped(self._text(kid.path, whole, lost)), tuple(lost)
        if kind == NARRATIVE:
            end = whole.find(">")
            found = dict(self._pairs(whole[:end]))
            text = self._text("", whole, [])
            return MANY, kid.at, (Narrative(text, found.get("xml:lang")),), ()
        if kind == TEXTS:
            return TEXTS, kid.at, None, ()
        inner = cast(Node, kid.node)
        values = self._values(inner, whole, lost)
        if kind == ONE:
            return ONE, kid.at, cast(Any, inner.make)(values), tuple(lost)
        if kind == MANY:
            return MANY, kid.at, (cast(Any, inner.make)(values),), tuple(lost)
        return MANY, kid.at, tuple(values[0]), tuple(lost)

    def _pairs(self, tag: str) -> list[tuple[str, str]]:
        """The attributes of a start tag."""
        found = ATTRIBUTE.findall(tag)
        if "'" in tag or "&" in tag or "\n" in tag or "\t" in tag:
            return [(name, unescaped(SPACE.sub(" ", value or single))) for name, value, _, single in found]
        return [(name, value) for name, value, _, _ in found]

    def _attributes(self, node: Node, tag: str, values: list[Any], lost: list[str]) -> str | None:
        lang, known = None, node.attributes.get
        for name, value in self._pairs(tag):
            found = known(name)
            if found is not None:
                at, take = found
                values[at] = value if take is None else take(value)
            elif name == "xml:lang" and node.own >= 0:
                lang = value
            elif not name.startswith("xmlns"):
                lost.append(f"{node.path}/@{self._told(name)}")
        return lang

    def _leaf(self, kid: Kid, whole: str, lost: list[str]) -> str | None:
        value = None
        end = whole.find(">")
        for name, text in self._pairs(whole[:end]):
            if name == kid.attribute:
                value = text if kid.renew is None else kid.renew(text)
            elif not name.startswith("xmlns"):
                lost.append(f"{kid.path}/@{self._told(name)}")
        if whole[end - 1] != "/":
            self._text(kid.path, whole, lost)
        return value

    def _lost_attributes(self, path: str, whole: str, lost: list[str]) -> None:
        for name, _ in self._pairs(whole[: whole.find(">")]):
            if not name.startswith("xmlns"):
                lost.append(f"{path}/@{self._told(name)}")

    def _text(self, path: str, whole: str, lost: list[str]) -> str:
        """The text of an element before its first child; children are lost."""
        end = whole.find(">")
        if whole[end - 1] == "/":
            return ""
        inner = whole[end + 1 : whole.rfind("<")]
        first = inner.find("<")
        if first < 0:
            return unescaped(inner)
        for _, name in CHILD.findall(inner, first):
            if not name:
                raise OddError
            if path:
                lost.append(f"{path}/{self._told(name)}")
        return unescaped(inner[:first])

    def _places(self, kid: Kid, whole: str, values: list[Any], lost: list[str]) -> None:
        """Put the parts of an element straight into the values of the one above it."""
        self._values(cast(Node, kid.node), whole, lost, into=values)
