"""A review as a tree (cây văn bản): sections, paragraphs, tables, figures. Pure values; ``web``, ``word`` and ``paper`` draw them.

A run of text that is a figure knows what it is made of: ``to`` opens it on the web, ``numbers`` are the rows of the annex of
sources that it rests on, printed on paper as a note.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal, Protocol
from urllib.parse import urlencode

RANGES_MOST = 4  # spans of numbers that a note prints; a longer list becomes a line of its own in the annex
Align = Literal["left", "right", "center"]


@dataclass(frozen=True, slots=True)
class Target:
    """What a figure opens: a record by its slug, or the review's own list under a query."""

    record: str = ""
    query: tuple[tuple[str, str], ...] = ()

    @classmethod
    def pick(cls, **query: str) -> Target:
        return cls(query=tuple(query.items()))

    @property
    def tail(self) -> str:
        return urlencode(self.query)


@dataclass(frozen=True, slots=True)
class Run:
    words: str
    bold: bool = False
    italic: bool = False
    to: Target | None = None
    numbers: tuple[int, ...] = ()


Runs = tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Para:
    """A paragraph; ``style`` "body", "bullet", "note" (small, under a table) or "empty" (nothing to tell)."""

    runs: Runs
    style: Literal["body", "bullet", "note", "empty"] = "body"


@dataclass(frozen=True, slots=True)
class Column:
    """``share`` is the column's part of the table's width, of the sum of all."""

    heading: str
    share: float = 1
    align: Align = "left"


@dataclass(frozen=True, slots=True)
class TableRow:
    cells: tuple[Runs, ...]
    head: bool = False
    """A line that names the group of the lines below it; its only cell spans the table."""


@dataclass(frozen=True, slots=True)
class Table:
    """``foot`` are the lines of totals. ``code`` names the table in addresses and files."""

    code: str
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[TableRow, ...]
    foot: tuple[TableRow, ...] = ()


Href = Callable[[Target], str]


class Picture(Protocol):
    """What a figure draws: with ``href`` every mark is a link, without it the picture is for paper."""

    def draw(self, key: str, href: Href | None = None) -> str: ...


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart or a map; ``table`` says the same in words. ``share`` is its part of the text's width on paper."""

    code: str
    caption: str
    alt: str
    picture: Picture
    table: Table
    share: float = 1.0


Block = Para | Table | Figure


@dataclass(frozen=True, slots=True)
class Section:
    """``level`` 1 for "I.", 2 for "1."; ``number`` is printed before the heading."""

    key: str
    number: str
    heading: str
    blocks: tuple[Block, ...]
    level: int = 1


@dataclass(frozen=True, slots=True)
class Annex:
    key: str
    heading: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """A great number of the brief: the figure, and what it counts."""

    figure: Runs
    words: str


@dataclass(frozen=True, slots=True)
class Document:
    """The whole review. ``kind`` "BÁO CÁO", ``subject`` what it is about, ``stands`` the line that says what it counts up to.
    ``lists`` are the short lists of the brief.
    """

    lang: Literal["vi", "en"]
    kind: str
    subject: str
    stands: str
    sections: tuple[Section, ...]
    annexes: tuple[Annex, ...]
    key_figures: tuple[KeyFigure, ...]
    figures: tuple[Figure, ...]
    lists: tuple[Table, ...]


def run(words: object, **more: object) -> Runs:
    """One run as runs."""
    return (Run(str(words), **more),)  # type: ignore[arg-type]


def spans(numbers: Iterable[int]) -> str:
    """Numbers as spans.

    >>> spans([1, 2, 3, 7, 9, 10])
    '1–3, 7, 9–10'
    """
    out: list[list[int]] = []
    for n in sorted(set(numbers)):
        if out and n == out[-1][1] + 1:
            out[-1][1] = n
        else:
            out.append([n, n])
    return ", ".join(f"{a}–{b}" if b > a else f"{a}" for a, b in out)


class Notes:
    """The notes of a paper: a figure bears the numbers of its rows; where they are many spans, one sign "T1" for all of them.

    The same rows have the same sign wherever they stand.
    """

    def __init__(self) -> None:
        self._signs: dict[tuple[int, ...], str] = {}

    def of(self, numbers: tuple[int, ...]) -> str:
        if not numbers:
            return ""
        told = spans(numbers)
        if told.count(",") < RANGES_MOST:
            return told
        return self._signs.setdefault(tuple(sorted(set(numbers))), f"T{len(self._signs) + 1}")

    def lines(self) -> list[tuple[str, str]]:
        """Each sign with the numbers that it stands for."""
        return [(sign, spans(numbers)) for numbers, sign in self._signs.items()]


def plain(runs: Runs) -> str:
    return "".join(r.words for r in runs)
