"""What a feed or sitemap lists (danh sách bài): addresses with their titles and days, whatever the dialect.

RSS 2.0 and 1.0, Atom (RFC 4287), sitemaps and their indexes (sitemaps.org), and plain lists of addresses, one a line. XML is
read without entities, DTDs and the network; a broken feed gives what stands before the break.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urljoin, urlsplit

from lxml import etree

MOST_ENTRIES = 5_000
"""Entries taken of one list; a sitemap may hold 50,000, and the rest come when these are read."""

LONGEST_ADDRESS = 2_000
"""Characters of an address; a longer one is no page's."""


class FeedError(Exception):
    """What was fetched is no list of addresses; says what it is."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One page that a list names. ``day`` is when it was published or changed, in UTC."""

    url: str
    title: str | None = None
    day: datetime | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """What a list names: ``entries`` are pages, ``lists`` the addresses of further lists (of a sitemap's index)."""

    kind: str
    entries: tuple[Entry, ...]
    lists: tuple[str, ...] = ()


def read_listing(body: bytes, base: str) -> Listing:
    """A feed, a sitemap or a plain list. ``base`` is where it was fetched: relative addresses are from there.

    Raises FeedError where it is none of them, or declares entities.
    """
    head = body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    if head != b"<":
        return Listing("list", tuple(_plain(body)))
    if b"<!ENTITY" in body or (b"<!DOCTYPE" in body[:4096] and b"[" in body[: body.find(b">") + 1]):
        raise FeedError("XML with entities")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, recover=True, huge_tree=False
    )
    root = etree.fromstring(body, parser)
    name = _name(root) if root is not None else ""
    if name == "sitemapindex":
        found = (_text(node, "loc") for node in root)
        return Listing("index", (), tuple(u for u in (_address(x, base) for x in found) if u)[:MOST_ENTRIES])
    readers = {
        "rss": ("item", _item),
        "RDF": ("item", _item),
        "feed": ("entry", _entry),
        "urlset": ("url", _url),
    }
    if name not in readers:
        raise FeedError(f"a document that begins with <{name}>")
    tag, read = readers[name]
    entries: dict[str, Entry] = {}
    for node in root.iter():
        if isinstance(node.tag, str) and _name(node) == tag:
            link, title, day = read(node)
            url = _address(link, base)
            if url and url not in entries:
                entries[url] = Entry(url, title, _day(day))
                if len(entries) >= MOST_ENTRIES:
                    break
    kind = {"urlset": "sitemap", "feed": "atom"}.get(name, "rss")
    return Listing(kind, tuple(entries.values()))


def _plain(body: bytes) -> Iterator[Entry]:
    lines = body.decode("utf-8", "replace").splitlines()
    urls = [line.strip() for line in lines if line.strip() and not line.lstrip().startswith("#")]
    if not urls or any(urlsplit(url).scheme not in ("http", "https") for url in urls):
        raise FeedError("a text that is no list of addresses, one a line")
    yield from (Entry(url) for url in dict.fromkeys(urls[:MOST_ENTRIES]))


Fields = tuple[str | None, str | None, str | None]


def _item(node: etree._Element) -> Fields:
    guid = next((c for c in node if _name(c) == "guid"), None)
    permanent = guid is not None and guid.get("isPermaLink", "true") != "false"
    link = _text(node, "link") or (guid.text if guid is not None and permanent else None)
    return link, _text(node, "title"), _text(node, "pubDate") or _text(node, "date")


def _entry(node: etree._Element) -> Fields:
    links = [c for c in node if _name(c) == "link" and c.get("href")]
    own = [c for c in links if c.get("rel", "alternate") == "alternate"] or links
    return (
        own[0].get("href") if own else None,
        _text(node, "title"),
        _text(node, "published") or _text(node, "updated"),
    )


def _url(node: etree._Element) -> Fields:
    title = next((c.text for c in node.iter() if isinstance(c.tag, str) and _name(c) == "title"), None)
    day = next(
        (c.text for c in node.iter() if isinstance(c.tag, str) and _name(c) == "publication_date"), None
    )
    return _text(node, "loc"), title, day or _text(node, "lastmod")


def _name(node: etree._Element) -> str:
    return etree.QName(node).localname if isinstance(node.tag, str) else ""


def _text(node: etree._Element, name: str) -> str | None:
    for child in node:
        if _name(child) == name:
            text = "".join(str(piece) for piece in child.itertext()).strip()
            if text:
                return text
    return None


def _address(link: str | None, base: str) -> str | None:
    if not link:
        return None
    try:
        url = urljoin(base, link.strip()).split("#")[0]
        return url if urlsplit(url).scheme in ("http", "https") and len(url) <= LONGEST_ADDRESS else None
    except ValueError:
        return None


def _day(text: str | None) -> datetime | None:
    """A feed's date: RFC 822 or ISO 8601. A day without a zone is taken as UTC."""
    if not text:
        return None
    text = text.strip()
    try:
        day = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        try:
            day = parsedate_to_datetime(text)
        except (ValueError, TypeError):
            return None
    return (day if day.tzinfo else day.replace(tzinfo=UTC)).astimezone(UTC)
