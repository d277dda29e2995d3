"""Write activities as an IATI 2.03 file (ghi IATI 2.03), streamed, in the order that the schema's table gives.

The same table that reads (``iati_fields``) writes: the shape of each element says in which order its parts come and which
of them it has. Empty values write nothing, so no empty child breaks the order.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from hoptac.iati.activity import Activity, Extra, Narrative
from hoptac.iati.fields import CLASSES, Field, fields_of
from hoptac.iati.organisation import Organisation
from hoptac.iati.schema import ITEMS, Standard, standards
from hoptac.lexicon import Lexicon, default_lexicon

VERSION = "2.03"
BLOCK = 1 << 16
END = "</iati-activities>"
UNSAFE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
"""Characters that XML cannot hold in any way; they are left out."""
SPECIAL = re.compile("[&<>\x00-\x08\x0b-\x1f\ufffe\uffff\ud800-\udfff]")
SPECIAL_QUOTED = re.compile('[&<>"\t\n\x00-\x08\x0b-\x1f\ufffe\uffff\ud800-\udfff]')


def escaped(text: str) -> str:
    """A text as XML holds it."""
    if not SPECIAL.search(text):
        return text
    plain = UNSAFE.sub("", text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return plain.replace("\r", "&#13;")


def quoted(text: str) -> str:
    """A text as an attribute holds it."""
    if not SPECIAL_QUOTED.search(text):
        return text
    return escaped(text).replace('"', "&quot;").replace("\t", "&#9;").replace("\n", "&#10;")


def plain(value: str | Decimal) -> str:
    """A value as text; a number without an exponent, which the schema refuses."""
    return value if isinstance(value, str) else format(value, "f")


Emit = Callable[[Any, list[str]], None]
"""Appends the XML of one value to a list."""


def narratives(value: tuple[Narrative, ...], out: list[str]) -> None:
    for one in value:
        lang = f' xml:lang="{quoted(one.lang)}"' if one.lang else ""
        out.append(f"<narrative{lang}>{escaped(one.text)}</narrative>")


def extras(value: tuple[Extra, ...], out: list[str]) -> None:
    """Elements of a publisher's own namespace, whose prefix the file's root declares."""
    for one in value:
        attributes = "".join(f' {name}="{quoted(text)}"' for name, text in one.attributes)
        if not one.text and not one.inside:
            out.append(f"<{one.name}{attributes}/>")
            continue
        out.append(f"<{one.name}{attributes}>{escaped(one.text)}")
        extras(one.inside, out)
        out.append(f"</{one.name}>")


class Writer:
    """Writers of each value, compiled once from the tables."""

    def __init__(self, lexicon: Lexicon | None = None, kind: str = "activities") -> None:
        self.lexicon = lexicon or default_lexicon()
        self.standard: Standard = self.lexicon.built(standards)[kind, VERSION]
        self.fields = self.lexicon.built(fields_of)
        self._made: dict[tuple[str, str, str], Emit] = {}
        value = "Activity" if kind == "activities" else "Organisation"
        self.activity: Emit = self._of(value, ITEMS[kind], ITEMS[kind])

    def _of(self, value: str, owner: str, tag: str) -> Emit:
        """The writer of one class of value as the element ``tag``, whose shape is ``owner``."""
        key = (value, owner, tag)
        if key not in self._made:
            self._made[key] = self._compile(value, owner, tag)
        return self._made[key]

    def _compile(self, value: str, owner: str, tag: str) -> Emit:
        shape = self.standard.shape(owner)
        if shape is None:
            raise ValueError(f"iati_elements has no {owner} in {VERSION}")
        names: list[str] = list(CLASSES[value]._fields)
        rows = [row for row in self.fields[value] if row.when != "old"]
        has = {part.name: bool(part.least) for part in shape.attributes}
        attributes = [
            (names.index(row.name), f' {row.path[1:]}="', has[row.path[1:]])
            for row in rows
            if row.path.startswith("@") and row.path[1:] in has
        ]
        text = next((names.index(row.name) for row in rows if row.path == "text()"), None)
        parts: list[tuple[int, bool, Emit]] = []
        for part in shape.children:
            if part.name == "narrative":
                parts += [(names.index(row.name), False, narratives) for row in rows if row.path == "."]
                continue
            mine = [row for row in rows if row.path.partition("/")[0] == part.name]
            if mine:
                inside = self.standard.inside(owner, part.name)
                parts += self._child(mine, part.name, inside, names)
        if "extra" in names:
            parts.append((names.index("extra"), False, extras))
        start, end = f"<{tag}", f"</{tag}>"

        def emit(values: Any, out: list[str]) -> None:
            out.append(start)
            for at, begin, needed in attributes:
                found = values[at]
                if found is not None and (needed or found != ""):
                    out.append(f'{begin}{quoted(plain(found))}"')
            open_at = len(out)
            out.append(">")
            if text is not None and values[text] is not None:
                out.append(escaped(plain(values[text])))
            for at, whole, write in parts:
                if whole:
                    write(values, out)
                elif values[at]:
                    write(values[at], out)
            if len(out) == open_at + 1:
                out[open_at] = "/>"
            else:
                out.append(end)

        return emit

    def _child(
        self, rows: list[Field], tag: str, inside: str | None, names: list[str]
    ) -> list[tuple[int, bool, Emit]]:
        """The writers of one child: each is the place of its value (or all values where ``True``) and what writes it."""
        first = rows[0]
        at = names.index(first.name)
        if first.takes == "narratives":

            def told(value: tuple[Narrative, ...], out: list[str]) -> None:
                out.append(f"<{tag}>")
                narratives(value, out)
                out.append(f"</{tag}>")

            return [(at, False, told)]
        if first.takes in ("one", "many"):
            each = self._of(first.value, inside or tag, tag)
            if first.takes == "one":
                return [(at, False, each)]

            def many(value: tuple[Any, ...], out: list[str]) -> None:
                for one in value:
                    each(one, out)

            return [(at, False, many)]
        places = [(names.index(row.name), row.path.partition("/")[2]) for row in rows]
        held = [(i, f' {rest[1:]}="') for i, rest in places if rest.startswith("@")]
        below = [(i, rest) for i, rest in places if not rest.startswith("@")]

        shape = self.standard.shape(inside) if inside else None
        wanted = (
            {part.name for part in (*shape.children, *shape.attributes) if part.least} if shape else set()
        )
        needed = [i for i, rest in places if rest.lstrip("@") in wanted]

        def bare(values: tuple[Any, ...], out: list[str]) -> None:
            if all(values[i] is None for i, _ in places) or any(values[i] is None for i in needed):
                return
            out.append(f"<{tag}")
            for i, begin in held:
                if values[i] or (i in needed and values[i] is not None):
                    out.append(f'{begin}{quoted(values[i])}"')
            open_at = len(out)
            out.append(">")
            for i, rest in below:
                if values[i] is not None:
                    text = escaped(values[i])
                    out.append(f"<{rest}>{text}</{rest}>" if rest else text)
            if len(out) == open_at + 1:
                out[open_at] = "/>"
            else:
                out.append(f"</{tag}>")

        return [(0, True, bare)]

    def organisations(
        self, organisations: Iterable[Organisation], *, generated: str | None = None
    ) -> Iterator[bytes]:
        """A whole organisation file."""
        emit = Writer(self.lexicon, "organisations").activity
        when = f' generated-datetime="{quoted(generated)}"' if generated else ""
        yield f'<?xml version="1.0" encoding="UTF-8"?>\n<iati-organisations version="{VERSION}"{when}>\n'.encode()
        for one in organisations:
            out: list[str] = []
            emit(one, out)
            yield ("".join(out) + "\n").encode()
        yield b"</iati-organisations>\n"

    def head(self, *, generated: str | None = None, namespaces: Mapping[str, str] | None = None) -> str:
        """What stands before the activities. ``generated`` is the file's date-time, as 2026-11-23T00:00:00Z."""
        when = f' generated-datetime="{quoted(generated)}"' if generated else ""
        spaces = "".join(f' xmlns:{prefix}="{quoted(uri)}"' for prefix, uri in (namespaces or {}).items())
        return (
            f'<?xml version="1.0" encoding="UTF-8"?>\n<iati-activities version="{VERSION}"{when}{spaces}>\n'
        )

    def one(self, activity: Activity) -> str:
        """One activity as it stands in a file."""
        out: list[str] = []
        self.activity(activity, out)
        return "".join(out)

    def write(
        self,
        activities: Iterable[Activity],
        *,
        generated: str | None = None,
        namespaces: Mapping[str, str] | None = None,
    ) -> Iterator[bytes]:
        """A whole file in pieces of some tens of kilobytes."""
        out = [self.head(generated=generated, namespaces=namespaces)]
        size = 0
        for activity in activities:
            begun = len(out)
            self.activity(activity, out)
            out.append("\n")
            size += len(out) - begun
            if size > BLOCK // 16:
                yield "".join(out).encode()
                out, size = [], 0
        out.append(f"{END}\n")
        yield "".join(out).encode()
