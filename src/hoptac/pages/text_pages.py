"""Read text and HTML files (tệp chữ, trang web) from their bytes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from hoptac.pages.build import Rendering, decoding_findings, finding, make_page, mend_text
from hoptac.pages.call import Call, Known
from hoptac.pages.limits import Refused
from hoptac.pages.values import Finding, Page
from hoptac.text.decode import decode
from hoptac.text.references import expand_references

_META_CHARSET = re.compile(rb"<meta[^>]{0,500}?charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_XML_ENCODING = re.compile(rb"\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]+)", re.IGNORECASE)
_META_BYTES = 8192
"""Where a declaration is looked for. The standard says 1024; portals put scripts before it."""


def read_text(data: bytes, name: str, call: Call, known: Known | None = None) -> Iterator[Page | Finding]:
    """One page of a text file: its decoded text as received, character references turned into their characters."""
    known = known or Known()
    decoded = decode(data, declared=known.charset)
    if len(decoded.text) > call.limits.max_text_chars:
        raise Refused("P06", name, limit=f"{call.limits.max_text_chars:,}")
    text, mended = plain_text(decoded.text, name)
    yield make_page(
        name,
        text,
        data,
        "text/plain",
        encoding=decoded.encoding,
        url=known.url,
        captured=known.captured,
        findings=[*decoding_findings(decoded, name), *mended],
    )


def read_html(data: bytes, name: str, call: Call, known: Known | None = None) -> Iterator[Page | Finding]:
    """One page of an HTML file, one block a line, with the roles that its markup settles."""
    from hoptac.pages.html import parse_html
    from hoptac.pages.html_roles import settle_roles

    known = known or Known()
    decoded = decode(data, declared=declared_charset(data) or known.charset)
    found = decoding_findings(decoded, name)
    if "<!ENTITY" in decoded.text[:_META_BYTES]:
        found.append(finding("P24", name))
    parsed = parse_html(decoded.text, lexicon=call.lexicon, limits=call.limits, where=name)
    settle_roles(parsed)
    head = parsed.head
    title = (head.headlines or (None,))[0]
    rendering = Rendering(name, call.limits.max_text_chars)
    if title and not any(line.role == "headline" for line in parsed.lines):
        rendering.add(title, "title", "headline")
    for line in parsed.lines:
        rendering.add(line.text, line.kind, line.role)
    text, blocks, mended = rendering.finish()
    yield make_page(
        name,
        text,
        data,
        "text/html",
        encoding=decoded.encoding,
        url=known.url or head.url,
        outlet=head.outlet,
        published=head.published,
        captured=known.captured,
        title=title,
        blocks=blocks,
        findings=[*found, *mended],
    )


def declared_charset(data: bytes) -> str | None:
    """What the page's own head or XML declaration calls its encoding, None where it does not."""
    head = data[:_META_BYTES]
    match = _XML_ENCODING.match(head) or _META_CHARSET.search(head)
    return match[1].decode("ascii", "ignore") if match else None


def plain_text(text: str, name: str) -> tuple[str, list[Finding]]:
    """A text with its character references turned into characters, and letters of old fonts into Unicode."""
    found: list[Finding] = []
    expanded = expand_references(text).text
    if expanded != text:
        found.append(finding("P29", name))
    mended, more = mend_text(expanded, name)
    return mended, found + more
