"""The body of a story (thân bài): a few marks in plain text, shown as a safe subset of HTML.

A blank line parts paragraphs. ``## `` begins a heading, ``- `` a line of a list, ``> `` a quotation. ``**strong**``, ``*stressed*``.
``[words](https://…)`` is a link; ``[65 tỷ đồng](record:SLUG)`` a figure that leads to its record, on the page and in print alike.
Every other sign stands for itself. What comes out is cleaned once more (nh3): tags, attributes and addresses that are not listed
here never reach a reader, whatever was typed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import escape

import nh3

from hoptac.lexicon.tables import default_lexicon
from hoptac.reading.doc import Doc
from hoptac.reading.figures.find import find_figures
from hoptac.reading.mentions import Count, Money

TAGS = {"p", "h2", "ul", "li", "blockquote", "strong", "em", "a"}
ATTRIBUTES = {"a": {"href", "class"}}
SCHEMES = {"http", "https", "mailto"}
_LINK = re.compile(r"\[([^\[\]\n]{1,300})\]\(((?:https?://|mailto:|record:)[^\s()<>\"]{1,500})\)")
_STRONG = re.compile(r"\*\*(?=\S)([^*\n]+?)(?<=\S)\*\*")
_STRESSED = re.compile(r"\*(?=\S)([^*\n]+?)(?<=\S)\*")
_PARTS = re.compile(r"\n[ \t]*\n")
RECORD = "record:"

Address = Callable[[str], str | None]
"""The address of a record's page from its slug; None for a record that readers do not see."""


def to_html(text: str, address: Address) -> str:
    """A body as HTML.

    >>> to_html("Đã xong **14 điểm**: [65 tỷ](record:truong-1a)", lambda slug: f"/records/{slug}/")
    '<p>Đã xong <strong>14 điểm</strong>: <a href="/records/truong-1a/" class="record">65 tỷ</a></p>'
    """
    drawn = "\n".join(_block(part, address) for part in _PARTS.split(_plain(text)) if part.strip())
    return str(
        nh3.clean(
            drawn, tags=TAGS, attributes=ATTRIBUTES, url_schemes=SCHEMES, link_rel=None, strip_comments=True
        )
    )


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _block(part: str, address: Address) -> str:
    lines = part.strip("\n").split("\n")
    out: list[str] = []
    for kind, run in _runs(lines):
        words = [_inline(line, address) for line in run]
        if kind == "## ":
            out += [f"<h2>{w}</h2>" for w in words]
        elif kind == "- ":
            out.append("<ul>" + "".join(f"<li>{w}</li>" for w in words) + "</ul>")
        elif kind == "> ":
            out.append("<blockquote><p>" + " ".join(words) + "</p></blockquote>")
        else:
            out.append("<p>" + " ".join(words) + "</p>")
    return "\n".join(out)


def _runs(lines: list[str]) -> Iterator[tuple[str, list[str]]]:
    """Lines that begin with the same mark, without it."""
    kind, run = "", list[str]()
    for line in (line.strip() for line in lines):
        mark = next((m for m in ("## ", "- ", "> ") if line.startswith(m)), "")
        if run and mark != kind:
            yield kind, run
            run = []
        kind = mark
        run.append(line.removeprefix(mark))
    if run:
        yield kind, run


def _inline(line: str, address: Address) -> str:
    out, at = [], 0
    for found in _LINK.finditer(line):
        out.append(_stress(escape(line[at : found.start()])))
        words, target = _stress(escape(found[1])), found[2]
        if target.startswith(RECORD):
            where = address(target.removeprefix(RECORD))
            out.append(f'<a href="{escape(where)}" class="record">{words}</a>' if where else words)
        else:
            out.append(f'<a href="{escape(target)}">{words}</a>')
        at = found.end()
    out.append(_stress(escape(line[at:])))
    return "".join(out)


def _stress(escaped: str) -> str:
    return _STRESSED.sub(r"<em>\1</em>", _STRONG.sub(r"<strong>\1</strong>", escaped))


def record_slugs(text: str) -> list[str]:
    """The records that a body links, each once, in order."""
    targets = (m[2] for m in _LINK.finditer(text))
    return list(dict.fromkeys(t.removeprefix(RECORD) for t in targets if t.startswith(RECORD)))


def words_of(text: str) -> str:
    """A body's words without its marks, for a search and for likeness."""
    bare = _LINK.sub(lambda m: m[1], _plain(text))
    return re.sub(r"(?m)^(## |- |> )|\*", "", bare)


@dataclass(frozen=True, slots=True)
class Loose:
    """A figure of a text that leads to no record."""

    quote: str


def loose_figures(*texts: str) -> list[Loose]:
    """Sums and counts that no link to a record holds: a reader could not ask who says so.

    >>> loose_figures("Đã góp 2,4 tỷ đồng, rồi [65 tỷ đồng](record:x-1)")
    [Loose(quote='2,4 tỷ đồng')]
    """
    out: list[Loose] = []
    for text in texts:
        bare = _LINK.sub(lambda m: " … " if m[2].startswith(RECORD) else m[1], _plain(text))
        doc = Doc.of(bare)
        found = find_figures(doc, lexicon=default_lexicon())
        out += [Loose(doc.evidence(m.start, m.end).quote) for m in found if isinstance(m, Money | Count)]
    return list(dict.fromkeys(out))
