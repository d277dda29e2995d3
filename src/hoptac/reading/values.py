"""What a reading gives (bản đọc): the contract's values, each tied to its words.

Every value stands on evidence: spans of ``Page.text`` with the words that stand there, ``text[start:end] == quote``.
A value that the page does not give is None. Lists are in text order.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

SCHEMA = "hoptac/reading/1"

ROLES = (
    "headline",
    "lead",
    "body",
    "caption",
    "byline",
    "date",
    "related",
    "teaser_title",
    "teaser_lead",
    "furniture",
)
ACTS = ("fund", "build", "repair", "equip", "gift", "train", "treat", "relief", "invest", "other")
BOUNDS = ("exact", "at_least", "about", "at_most")
FIELDS = (
    "party",
    "economy",
    "urban",
    "environment",
    "culture",
    "tourism",
    "health",
    "welfare",
    "education",
    "security",
    "agriculture",
    "science",
    "transport",
    "disaster",
    "other",
)
STATUSES = ("requested", "pledged", "ongoing", "done")
EVENT_KINDS = ("meeting", "signing", "visit", "ceremony", "conference")
ASK_KINDS = ("request", "pledge", "instruction")


@dataclass(frozen=True, slots=True)
class Evidence:
    """A span of the page (trích đoạn): code points of ``Page.text``, end excluded, and the words that stand there."""

    start: int
    end: int
    quote: str


@dataclass(frozen=True, slots=True)
class PartyName:
    """A party or place as read: its plain name, and where it is a known locality its GSO code and its unit in time.

    ``unit`` is the gazetteer's id ("03154@63"): codes are given on from one unit to another, ids are not.
    """

    name: str
    code: str | None = None
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class Amount:
    """A sum: ``value`` in whole units of ``currency`` (ISO 4217); ``of_total`` is the whole that it is a part of.

    ``each`` marks a rate ("mỗi suất 200.000 đồng"): the worth of one of the things counted, never multiplied here.
    """

    value: Decimal
    currency: str | None
    bound: str = "exact"
    of_total: Decimal | None = None
    each: bool = False


@dataclass(frozen=True, slots=True)
class Quantity:
    """A count of things: ``unit`` is the counted noun as written ("suất quà")."""

    value: Decimal
    unit: str | None


@dataclass(frozen=True, slots=True)
class Contribution:
    """One thing given (khoản hỗ trợ)."""

    funder: tuple[PartyName, ...]
    recipient: tuple[PartyName, ...]
    what: str
    act: str
    evidence: tuple[Evidence, ...]
    amount: Amount | None = None
    quantity: Quantity | None = None
    year: int | None = None
    period: tuple[int | None, int | None] | None = None
    place: PartyName | None = None
    field: str | None = None
    status: str | None = None
    confidence: float = 0.0


@dataclass(frozen=True, slots=True)
class Person:
    """A person to whom the page gives an office (người và chức vụ)."""

    name: str
    office: str
    side: str | None
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Event:
    """A meeting, signing, visit, ceremony or conference; ``date`` is ISO and as exact as the page."""

    kind: str
    date: str | None
    place: PartyName | None
    parties: tuple[PartyName, ...]
    evidence: tuple[Evidence, ...]
    confidence: float = 0.0


@dataclass(frozen=True, slots=True)
class Agreement:
    """A signed or planned framework (thỏa thuận); an open end of ``period`` is None."""

    parties: tuple[PartyName, ...]
    period: tuple[int | None, int | None] | None
    signed: str | None
    evidence: tuple[Evidence, ...]
    confidence: float = 0.0


@dataclass(frozen=True, slots=True)
class Ask:
    """A request, pledge or instruction (đề nghị, cam kết, giao việc)."""

    kind: str
    by: str | None
    to: str | None
    about: str
    due: str | None
    evidence: tuple[Evidence, ...]
    confidence: float = 0.0


@dataclass(frozen=True, slots=True)
class Unread:
    """A string that looks like a figure and was not read, with the code that says why."""

    code: str
    start: int
    end: int
    quote: str


@dataclass(frozen=True, slots=True)
class LineRole:
    """The role of line ``n`` (from 1, by line ends of ``Page.text``); empty lines have none."""

    n: int
    role: str


@dataclass(frozen=True, slots=True)
class Teaser:
    """The title and lead of another story on the same page."""

    title: Evidence
    lead: Evidence | None


@dataclass(frozen=True, slots=True)
class Article:
    """The page's own story, parted from its furniture."""

    headline: Evidence | None = None
    lead: Evidence | None = None
    byline: Evidence | None = None
    body: tuple[Evidence, ...] = ()
    captions: tuple[Evidence, ...] = ()
    teasers: tuple[Teaser, ...] = ()


@dataclass(frozen=True, slots=True)
class SourceInfo:
    """Where the page came from, and which reader read it."""

    name: str
    sha256: str
    media_type: str
    reader: str
    url: str | None = None
    outlet: str | None = None
    published: date | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """All that one page says, each value with its words (bản đọc)."""

    source: SourceInfo
    article: Article
    lines: tuple[LineRole, ...] = ()
    people: tuple[Person, ...] = ()
    contributions: tuple[Contribution, ...] = ()
    events: tuple[Event, ...] = ()
    agreements: tuple[Agreement, ...] = ()
    asks: tuple[Ask, ...] = ()
    unread: tuple[Unread, ...] = field(default=())
