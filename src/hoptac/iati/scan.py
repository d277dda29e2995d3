"""Values straight from a file's bytes (đọc thẳng thành giá trị), without a tree: what ``read`` gives out.

expat calls two functions for each element; what they do for it is compiled once from the table ``iati_fields``. So reading costs
little more than parsing, an activity's own bytes are at hand as they stand in the file, and an activity of any size passes in
bounded memory: one that is larger than ``Limits.part`` comes in parts, each with the activity's head and some of its transactions.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, cast
from xml.parsers.expat import ParserCreate
from xml.sax.saxutils import quoteattr

from hoptac.iati.activity import Narrative
from hoptac.iati.fields import CLASSES, LEAF, MANY, NARRATIVE, ONE, TEXT, TEXTS, WORDS, Kid, Node, stripped

DEEPEST = 256
"""Elements inside one another; the schema needs nine."""

PARTED = ("transactions", "budgets", "planned", "results", "locations", "documents", "related")
"""Fields whose values are given out part by part where an activity is large."""

ACTIVITY = "iati-activity"
ROOTS = frozenset({"iati-activities", "iati-organisations"})
CUT_AT = "transaction"
"""The child before which a large activity is cut into parts."""

XML = "http://www.w3.org/XML/1998/namespace"

Loss = Counter[str]


@dataclass(slots=True)
class Origin:
    """Where an activity or organisation stands in its file, and its own bytes.

    ``part`` counts the parts of one that is large, from 1; 0 is one that comes whole. ``last`` says that no further part
    follows.
    """

    line: int | None
    raw: bytes
    encoding: str
    namespaces: Mapping[str | None, str]
    tag: str
    part: int = 0
    last: bool = True

    def original(self) -> bytes:
        """Its own XML in UTF-8, as the file has it, with the namespaces in which it stands."""
        raw = self.raw
        if self.encoding.lower().replace("_", "-") not in ("utf-8", "us-ascii", "ascii"):
            raw = raw.decode(self.encoding, "replace").encode("utf-8", "replace")
        head = raw[: raw.find(b">") + 1]
        spaces = [
            f" xmlns{':' + prefix if prefix else ''}={quoteattr(uri)}".encode()
            for prefix, uri in self.namespaces.items()
            if f"xmlns:{prefix}".encode() not in head and (f"{prefix}:".encode() in raw or not prefix)
        ]
        begin = len(self.tag) + 1
        return raw[:begin] + b"".join(spaces) + raw[begin:]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What stands around a file's items. ``encoding`` is of the bytes fed, one that expat knows."""

    encoding: str = "utf-8"
    namespaces: Mapping[str | None, str] = field(default_factory=dict)


class TooLargeError(Exception):
    """One item is larger than is read."""


class Scan:
    """One pass over the bytes of a file. ``feed`` them in order; what is whole lies in ``out``.

    Raises ExpatError where the bytes are no XML, TooLargeError where an item, or the depth of its elements, is too much.
    """

    def __init__(
        self, top: Node, tag: str, loss: Loss, surroundings: Surroundings, *, item: int, part: int
    ) -> None:
        self.top, self.tag, self.loss, self.around = top, tag, loss, surroundings
        self.item, self.part = item, part
        self.out: list[tuple[Any, Origin]] = []
        self.parser = ParserCreate(encoding=surroundings.encoding)
        self.parser.buffer_text = True
        self.parser.ordered_attributes = True
        self.begun: int | None = None
        self.parts = 0
        self._text, self._base = b"", 0
        self._since = 0
        self._line = 0
        self._cut = 0
        self._head = b""
        self._first = 0
        self.shift = 0
        self._parted = (
            [(cast(Any, CLASSES["Activity"])._fields.index(name), name) for name in PARTED]
            if tag == ACTIVITY
            else []
        )
        self._handlers()

    @property
    def parted(self) -> bool:
        """Whether parts of an item were given and its end was not reached."""
        return self.begun is not None and bool(self.parts)

    def feed(self, chunk: bytes) -> None:
        """Take some more bytes."""
        if self.begun is None:
            self._base, self._text = self._base + len(self._text), chunk
        else:
            self._text += chunk
        given = len(self.out)
        self.parser.Parse(chunk, False)
        self._since = 0 if len(self.out) > given else self._since + len(chunk)
        if self.begun is not None and self._cut > self._base:
            self._text, self._base = self._text[self._cut - self._base :], self._cut
        if self._since > self.item:
            raise TooLargeError

    def close(self) -> None:
        """Say that there are no further bytes."""
        self.parser.Parse(b"", True)

    def told(self, name: str) -> str:
        """A name as a path tells it: with its namespace for its prefix."""
        prefix, _, rest = name.rpartition(":")
        space = XML if prefix == "xml" else self.around.namespaces.get(prefix) if prefix else None
        return f"{{{space}}}{rest}" if space else name

    def _begin(self) -> None:
        """An item begins here."""
        self.begun = self._cut = self.parser.CurrentByteIndex
        self._line, self.parts, self._head = self.parser.CurrentLineNumber + self.shift, 0, b""
        self._first = 0

    def _origin(self, *, last: bool) -> Origin:
        """The bytes of the open item up to here, after the head where parts went before."""
        here = self.parser.CurrentByteIndex
        end = here - self._base
        if last:
            mark = b">" if here > self._cut else b"/>"
            end = self._text.find(mark, end) + len(mark)
        raw = self._text[self._cut - self._base : end]
        if self.parts:
            raw = self._head + raw
        elif not last:
            self._head = raw[: self._first]
        self.parts += bool(self.parts or not last)
        if not last:
            raw += f"</{self.tag}>".encode()
        return Origin(
            self._line,
            raw,
            self.around.encoding,
            self.around.namespaces,
            self.tag,
            self.parts,
            last,
        )

    def _give_part(self, values: list[Any]) -> None:
        """Give out the values of the open activity so far, and forget those that may come part by part."""
        mine = values.copy()
        for at in self.top.lists:
            if mine[at]:
                mine[at] = tuple(mine[at])
        self.out.append((cast(Any, self.top.make)(mine), self._origin(last=False)))
        for at, _ in self._parted:
            values[at] = ()
        self._cut = self.parser.CurrentByteIndex

    def _handlers(self) -> None:
        """Set what expat calls. Closures over local names: a look-up more costs a tenth of the speed."""
        parser, out, loss, told, top = self.parser, self.out, self.loss, self.told, self.top
        tag, part, parted = self.tag, self.part, bool(self._parted)
        new = cast(Callable[[type, tuple[Any, ...]], Any], tuple.__new__)
        outer: list[str] = []
        stack: list[tuple[Node, list[Any], list[str] | None, str | None, Kid]] = []
        node = top
        values: list[Any] = []
        kids = node.kids.get
        words: list[str] | None = None
        lang: str | None = None
        text: list[str] = []
        skip = 0
        leaf: str | None = None
        pending: Kid | None = None
        inside = False

        def attributes(at: Node, given: list[str], into: list[Any]) -> None:
            nonlocal lang
            known = at.attributes
            pairs = iter(given)
            for name, value in zip(pairs, pairs, strict=True):
                found = known.get(name)
                if found is not None:
                    into[found[0]] = value if found[1] is None else found[1](value)
                elif name == "xml:lang" and at.own >= 0:
                    lang = value
                elif not name.startswith("xmlns"):
                    loss[f"{at.path}/@{told(name)}"] += 1

        def lost(path: str, given: list[str], taken: str = "") -> None:
            for name in given[::2]:
                if name != taken and not name.startswith("xmlns"):
                    loss[f"{path}/@{told(name)}"] += 1

        def start_outside(name: str, given: list[str]) -> None:
            nonlocal inside, node, kids, values, words, lang
            if name == tag and (not outer or outer[-1] in ROOTS):
                inside = True
                self._begin()
                node, kids, values, words, lang = top, top.kids.get, top.fresh(), None, None
                attributes(top, given, values)
                return
            outer.append(name)
            if len(outer) > DEEPEST:
                raise TooLargeError

        def start(name: str, given: list[str]) -> None:
            nonlocal skip, leaf, pending, text, lang, node, kids, values, words
            if not inside:
                start_outside(name, given)
                return
            if skip:
                if skip == 1:
                    if pending is not None:
                        parser.CharacterDataHandler = None
                    if leaf is not None:
                        loss[f"{leaf}/{told(name)}"] += 1
                skip += 1
                if skip > DEEPEST:
                    raise TooLargeError
                return
            if words is not None:
                parser.CharacterDataHandler = None
            kid = kids(name)
            if kid is None:
                loss[f"{node.path}/{told(name)}"] += 1
                leaf = pending = None
                skip = 1
                return
            kind, at, path, wanted, renew, inner = kid
            if kind == LEAF:
                leaf, pending, skip = path, None, 1
                if len(given) == 2 and given[0] == wanted:
                    found: str | None = given[1]
                else:
                    found = given[given.index(wanted) + 1] if wanted in given[::2] else None
                    lost(path, given, wanted)
                if values[at] is not None:
                    loss[path] += 1
                elif found is not None:
                    values[at] = found if renew is None else renew(found)
            elif inner is None:
                text = []
                parser.CharacterDataHandler = text.append
                pending, skip = kid, 1
                if kind == TEXT:
                    leaf = path
                    lost(path, given)
                else:
                    leaf = None
                    lang_of(given)
            else:
                if parted and not stack and name == CUT_AT:
                    here = parser.CurrentByteIndex - self._cut
                    self._first = self._first or here
                    if here > part:
                        self._give_part(values)
                stack.append((node, values, words, lang, kid))
                if len(stack) > DEEPEST:
                    raise TooLargeError
                node, kids, lang = inner, inner.kids.get, None
                if kind != TEXTS:
                    values = inner.fresh()
                if given:
                    attributes(inner, given, values)
                if inner.listens:
                    words = []
                    parser.CharacterDataHandler = words.append
                else:
                    words = None

        narrative: list[str | None] = [None]

        def lang_of(given: list[str]) -> None:
            narrative[0] = given[given.index("xml:lang") + 1] if "xml:lang" in given[::2] else None

        def end(name: str) -> None:
            nonlocal skip, node, values, words, lang, kids, pending, inside
            if skip:
                skip -= 1
                if skip or pending is None:
                    return
                parser.CharacterDataHandler = None
                at = pending.at
                if pending.kind == NARRATIVE:
                    made: Any = new(Narrative, ("".join(text), narrative[0]))
                    if values[at]:
                        values[at].append(made)
                    else:
                        values[at] = [made]
                elif values[at] is not None:
                    loss[pending.path] += 1
                else:
                    values[at] = stripped("".join(text))
                pending = None
                return
            if not inside:
                outer.pop()
                return
            if words is not None:
                parser.CharacterDataHandler = None
                if words:
                    if node.words >= 0:
                        if values[node.words] is None:
                            values[node.words] = node.take("".join(words))
                    elif not values[node.own] and (own := "".join(words).strip()):
                        values[node.own] = [Narrative(own, lang)]
            for at in node.lists:
                if values[at]:
                    values[at] = tuple(values[at])
            if not stack:
                out.append((cast(Any, top.make)(values), self._origin(last=True)))
                self.begun, inside, words = None, False, None
                return
            inner, held = node, values
            node, values, words, lang, kid = stack.pop()
            kids = node.kids.get
            at = kid.at
            kind = kid.kind
            if kind == MANY:
                made = cast(Any, inner.make)(held)
                if values[at]:
                    values[at].append(made)
                else:
                    values[at] = [made]
            elif kind == ONE:
                if values[at] is None:
                    values[at] = cast(Any, inner.make)(held)
                else:
                    loss[kid.path] += 1
            elif kind == WORDS and held[0]:
                values[at] = [*values[at], *held[0]]

        def unread(data: str) -> None:
            if inside and data.startswith("&"):
                loss[f"{node.path}/&"] += 1

        def entity(*_: object) -> None:
            parser.DefaultHandler = unread

        parser.StartElementHandler = start
        parser.EndElementHandler = end
        parser.EntityDeclHandler = entity
