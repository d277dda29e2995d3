"""What a reader of files gives: pages, and findings where something could not be taken."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Finding:
    """Something about a file that its user must know (điều phát hiện).

    ``code`` is a row of the lexicon's ``messages_pages`` table; ``where`` is the file's name and ``values`` fill the
    placeholders. ``start`` and ``end`` count bytes of the file where ``unit`` is "byte", code points of the page's text
    where it is "char". After a ``fatal`` one nothing more comes of what it names; the rest goes on.
    """

    code: str
    where: str
    values: tuple[tuple[str, str], ...] = ()
    start: int | None = None
    end: int | None = None
    unit: str = "char"
    fatal: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of a page's text that the file's own markup sets apart.

    ``kind`` is what the markup calls it (h1, p, li, td, figcaption, title, time, …); ``role`` is a line role of the
    contract where the markup settles it (headline, lead, body, caption, byline, date, related, teaser_title,
    teaser_lead, furniture), else None. ``start``/``end`` count code points of ``Page.text``, end excluded.
    """

    start: int
    end: int
    kind: str
    role: str | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """One page (trang) as text, with where it came from.

    ``text`` is the decoded text as received; for files with markup it is the text rendition, one block a line. Every
    offset of a reading counts code points of ``text``. ``sha256`` is the digest of ``data``, the bytes that are kept:
    the file's own, or the record's own inside an archive. ``published`` is the day that the file's own markup states;
    ``captured`` is the day on which an archive or data set says it fetched the page: never earlier than ``published``.
    """

    name: str
    text: str
    data: bytes
    sha256: str
    media_type: str
    encoding: str | None = None
    url: str | None = None
    outlet: str | None = None
    published: date | None = None
    captured: date | None = None
    title: str | None = None
    blocks: tuple[Block, ...] = ()
    findings: tuple[Finding, ...] = ()
