"""What the finders find (điều được nhắc): typed spans of a Doc, before anything is claimed.

``start``/``end`` count positions of ``Doc.text``, end excluded. Within one list mentions are in text order and do not
overlap (invariant R3).
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Mention:
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Money(Mention):
    """A sum of money (số tiền). ``value`` is in whole units of ``currency`` (đồng, not triệu đồng); for a range, its
    upper end with ``low`` the lower. ``bound`` holds the hedge. ``each`` marks a rate ("mỗi suất 500.000 đồng")."""

    value: Decimal
    currency: str | None
    bound: str = "exact"
    low: Decimal | None = None
    each: bool = False


@dataclass(frozen=True, slots=True)
class Count(Mention):
    """A counted thing (số lượng): the span covers hedge, number and unit. ``unit`` is the counted noun as written."""

    value: Decimal
    unit: str
    bound: str = "exact"
    low: Decimal | None = None
    unit_start: int = 0


@dataclass(frozen=True, slots=True)
class When(Mention):
    """A day, month or year (thời điểm), as exact as the text. A part that neither the text nor the page's own date
    settles is None: "25/4" without a year has ``year`` None. ``anniversary`` marks the date of what is being
    commemorated ("30 năm Chiến thắng … 7/5/1954"), which is not the date of a deed."""

    year: int | None
    month: int | None = None
    day: int | None = None
    anniversary: bool = False

    @property
    def iso(self) -> str | None:
        if self.year is None:
            return None
        if self.month is None:
            return f"{self.year:04d}"
        if self.day is None:
            return f"{self.year:04d}-{self.month:02d}"
        return f"{self.year:04d}-{self.month:02d}-{self.day:02d}"


@dataclass(frozen=True, slots=True)
class Span(Mention):
    """A period of years (giai đoạn); an open or unstated end is None. ``anniversary`` as for When."""

    first: When | None
    last: When | None
    anniversary: bool = False


@dataclass(frozen=True, slots=True)
class Figure(Mention):
    """A figure that is neither money, count nor date: ``kind`` is percent, ordinal, age, code, phone, score, time,
    length, ratio, law, grade, … (the lexicon's ``figure_kinds``)."""

    kind: str


@dataclass(frozen=True, slots=True)
class Blank(Mention):
    """A figure-looking string that could not be read: ``code`` is a row of the lexicon's ``messages``."""

    code: str


Figures = Money | Count | When | Span | Figure | Blank


@dataclass(frozen=True, slots=True)
class PlaceName(Mention):
    """A locality named in the text. ``name`` is plain ("Điện Biên"); with its kind word for districts and communes
    ("huyện Mường Nhé"). ``level`` 0 country, 1 province, 2 district, 3 commune. ``code`` is GSO's, None if unknown.

    ``unit`` is the id of the one unit of the gazetteer that the text means, None where it does not settle one;
    ``candidates`` are then the ids that are left, if any."""

    name: str
    level: int
    code: str | None = None
    parent: str | None = None
    unit: str | None = None
    candidates: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BodyName(Mention):
    """A body, firm, school, hospital, union, fund, newspaper… (đơn vị) named in the text.

    ``kind`` is a row of the lexicon's ``body_kinds`` (government, party, assembly, police, army, front, union, firm,
    school, hospital, fund, newspaper, court, bank, ministry, delegation, library, …). ``locality`` is the plain name of
    the province it belongs to where the name or the page settles it; ``speaks_for_locality`` is true where giving or
    meeting by this body is giving or meeting by its locality (its government, party committee, council, delegation).
    """

    name: str
    kind: str
    locality: str | None = None
    speaks_for_locality: bool = False


@dataclass(frozen=True, slots=True)
class Reference(Mention):
    """A word that stands for a party named elsewhere ("Thành phố", "tỉnh", "Thủ đô", "hai địa phương", "nhà trường").
    ``names`` are the plain names that it stands for on this page; empty where it is unresolved."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PersonName(Mention):
    """A person's name as written, without titles. The span covers the name only."""

    name: str


Names = PlaceName | BodyName | Reference | PersonName


@dataclass(frozen=True, slots=True)
class Officer:
    """A person with an office: ``spans`` are the stretches that say so (name and office)."""

    name: str
    office: str
    side: str | None
    spans: tuple[tuple[int, int], ...]
