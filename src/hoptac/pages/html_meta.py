"""What a page's head says of it (siêu dữ liệu): its address, its outlet, its day, its title."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

_ISO_DAY = re.compile(r"\s*(\d{4})-(\d{1,2})-(\d{1,2})(?!\d)")
_VIETNAMESE_DAY = re.compile(r"(?:\s*(?:[^\s\d]\D{0,19})?\s)?(\d{1,2})[/-](\d{1,2})[/-](\d{4})(?!\d)")
_COMPACT_DAY = re.compile(r"\s*(\d{4})(\d{2})(\d{2})(?:T\d{4,6}\S*)?\s*$")
_MAX_JSON = 1 << 20
_MAX_NODES = 10_000

# Names of meta elements that give the day of publication, the most exact first. Sources: ogp.me/#type_article,
# Dublin Core, Parse.ly and Sailthru tags, portals' own.
_DAY_NAMES = (
    "article:published_time",
    "datepublished",
    "og:published_time",
    "pubdate",
    "publishdate",
    "publish-date",
    "publish_date",
    "published_time",
    "parsely-pub-date",
    "sailthru.date",
    "dc.date.issued",
    "dcterms.issued",
    "dcterms.created",
    "dc.date",
    "citation_publication_date",
    "date",
)
_MODIFIED = "article:modified_time"


def read_day(value: str) -> date | None:
    """A day written as 2024-04-25…, 25/4/2024 (day first) or 20240425; else None. A time and its zone are not looked
    at: the day is the one that the page itself writes.

    >>> read_day("2024-04-25T23:30:00+07:00"), read_day("Thứ Năm, 25/4/2024"), read_day("04/25/2024")
    (datetime.date(2024, 4, 25), datetime.date(2024, 4, 25), None)
    """
    for pattern, order in ((_ISO_DAY, (1, 2, 3)), (_COMPACT_DAY, (1, 2, 3)), (_VIETNAMESE_DAY, (3, 2, 1))):
        if match := pattern.match(value[:80]):
            year, month, day = (int(match[part]) for part in order)
            try:
                return date(year, month, day)
            except ValueError:
                return None
    return None


@dataclass
class HeadFacts:
    """Collected while the page is parsed; the properties choose the best of what was found."""

    title: str | None = None
    canonical: str | None = None
    names: dict[str, str] = field(default_factory=dict)
    items: dict[str, str] = field(default_factory=dict)
    json: dict[str, str] = field(default_factory=dict)

    def take(self, tag: str, attributes: Mapping[str, str]) -> None:
        """A meta or link element."""
        if tag == "link":
            if "canonical" in attributes.get("rel", "").lower().split() and self.canonical is None:
                self.canonical = attributes.get("href", "").strip() or None
            return
        content = attributes.get("content", "").strip()
        name = (
            attributes.get("property") or attributes.get("name") or attributes.get("itemprop") or ""
        ).lower()
        if name and content:
            self.names.setdefault(name, content)

    def take_item(self, attributes: Mapping[str, str]) -> None:
        """A ``time`` or an element with ``itemprop``: <time itemprop="datePublished" datetime="…">."""
        item = attributes.get("itemprop", "").lower()
        value = (attributes.get("datetime") or attributes.get("content") or "").strip()
        if value and (item or "pubdate" in attributes):
            self.items.setdefault(item or "datepublished", value)

    def take_json(self, source: str) -> None:
        """A script of schema.org facts (JSON-LD). A broken one says nothing."""
        if len(source) > _MAX_JSON:
            return
        try:
            data = json.loads(source, strict=False)
        except (ValueError, RecursionError):
            return
        queue, seen = [data], 0
        while queue and seen < _MAX_NODES:
            node, seen = queue.pop(0), seen + 1
            if isinstance(node, list):
                queue.extend(node)
            elif isinstance(node, dict):
                self._take_node(node)
                queue.extend(v for v in node.values() if isinstance(v, dict | list))

    def _take_node(self, node: Mapping[str, object]) -> None:
        kind = str(node.get("@type", ""))
        if not ("Article" in kind or "Posting" in kind or "datePublished" in node):
            return
        for name in ("datePublished", "headline"):
            value = node.get(name)
            if isinstance(value, str) and value.strip():
                self.json.setdefault(name, value.strip())
        publisher = node.get("publisher")
        if isinstance(publisher, dict) and isinstance(publisher.get("name"), str):
            self.json.setdefault("publisher", str(publisher["name"]).strip())

    @property
    def published(self) -> date | None:
        """The day of publication that the page states in its markup, None where it states none."""
        found = [
            self.names.get(_DAY_NAMES[0]),
            self.json.get("datePublished"),
            self.items.get("datepublished"),
        ]
        found += [self.names.get(name) for name in _DAY_NAMES[1:]]
        return next((day for value in found if value and (day := read_day(value))), None)

    @property
    def outlet(self) -> str | None:
        """Who publishes the site, by its own words."""
        found = (self.names.get("og:site_name"), self.json.get("publisher"))
        return next((" ".join(value.split()) for value in found if value and value.strip()), None)

    @property
    def url(self) -> str | None:
        """The page's own address: only one with its scheme, so that it can be followed."""
        found = (self.canonical, self.names.get("og:url"))
        return next((v for v in found if v and v.lower().startswith(("http://", "https://"))), None)

    @property
    def headlines(self) -> tuple[str, ...]:
        """What the page's head gives as the story's headline, the surest first."""
        found = (self.names.get("og:title"), self.json.get("headline"), self.title)
        return tuple(" ".join(value.split()) for value in found if value and value.strip())
