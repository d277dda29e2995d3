"""Marking passages in a text (đánh dấu trích đoạn): where each begins and ends, where they overlap."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from hoptac.ledger.models import Passage, Source

CONTEXT = (
    220  # characters shown on either side of a passage; a sentence of a Vietnamese report is rarely longer
)
QUOTE = 300  # characters of a source's own words that the public sees
QUIET_RUN = 3  # lines of page furniture in a row that are shown before the rest is folded away
QUIET_ROLES = frozenset({"furniture", "related", "teaser_title", "teaser_lead"})


@dataclass(frozen=True)
class Piece:
    """A stretch of text. ``inside`` are the ids of passages that it belongs to, ``begins`` of those that begin with it."""

    text: str
    inside: tuple[int, ...] = ()
    begins: tuple[int, ...] = ()


@dataclass(frozen=True)
class Line:
    """A line of a source: its number from 1, its role, its pieces, the passages that end in it."""

    n: int
    role: str
    pieces: tuple[Piece, ...]
    ends: tuple[int, ...]


@dataclass(frozen=True)
class Run:
    """Lines in a row. ``quiet``: page furniture without a passage, folded away on the screen."""

    lines: tuple[Line, ...]
    quiet: bool


def cut(text: str, start: int, end: int, passages: Iterable[Passage]) -> tuple[Piece, ...]:
    """``text[start:end]`` cut where a passage begins or ends."""
    here = [p for p in passages if p.start < end and p.end > start]
    edges = sorted({start, end, *(max(start, p.start) for p in here), *(min(end, p.end) for p in here)})
    pieces = []
    for a, b in pairwise(edges):
        inside = tuple(p.pk for p in here if p.start <= a and p.end >= b)
        begins = tuple(p.pk for p in here if p.start == a)
        pieces.append(Piece(text[a:b], inside, begins))
    return tuple(pieces)


def excerpt(text: str, passages: Sequence[Passage], around: int = CONTEXT) -> tuple[Piece, ...]:
    """The lines that passages of one source stand in, as far as ``around`` characters on either side of each.

    Where two passages stand apart, what lies between is left out and "…" stands for it.
    """
    windows: list[tuple[int, int]] = []
    for p in sorted(passages, key=lambda p: (p.start, p.end)):
        line_start = text.rfind("\n", 0, p.start) + 1
        line_end = text.find("\n", p.end)
        line_end = len(text) if line_end < 0 else line_end
        a = (
            line_start
            if p.start - line_start <= around
            else min(p.start, _word_start(text, p.start - around))
        )
        b = line_end if line_end - p.end <= around else max(p.end, _word_end(text, p.end + around))
        if windows and a <= windows[-1][1]:
            windows[-1] = (windows[-1][0], max(b, windows[-1][1]))
        else:
            windows.append((a, b))
    out: list[Piece] = []
    for a, b in windows:
        if out or (a > 0 and text[a - 1] != "\n"):
            out.append(Piece(" … " if out else "… "))
        out.extend(cut(text, a, b, passages))
        if b < len(text) and text[b] != "\n":
            out.append(Piece(" …"))
    return tuple(out)


def _word_start(text: str, at: int) -> int:
    found = text.find(" ", at)
    return at if found < 0 else found + 1


def _word_end(text: str, at: int) -> int:
    found = text.rfind(" ", 0, at)
    return at if found < 0 else found


def short_quote(quote: str, most: int = QUOTE) -> str:
    """At most ``most`` characters of a quote, cut between words, "…" for the rest."""
    flat = " ".join(quote.split())
    if len(flat) <= most:
        return flat
    return flat[: flat.rfind(" ", 0, most - 1)].rstrip(",;:") + "…"


def runs_of(source: Source, passages: Sequence[Passage]) -> tuple[Run, ...]:
    """A source's whole text as lines with their roles, empty lines left out, furniture in folded runs."""
    roles = {row["n"]: row["role"] for row in source.layout.get("lines", ())}
    ordered = sorted(passages, key=lambda p: (p.start, p.end))
    lines: list[Line] = []
    waiting, at, following = [], 0, 0
    for n, body in enumerate(source.text.split("\n"), 1):
        start, end = at, at + len(body)
        at = end + 1
        while following < len(ordered) and ordered[following].start < end:
            waiting.append(ordered[following])
            following += 1
        waiting = [p for p in waiting if p.end > start]
        if not body.strip():
            continue
        here = waiting
        ends = tuple(p.pk for p in here if p.end <= end + 1)
        lines.append(Line(n, roles.get(n, ""), cut(source.text, start, end, here), ends))
    runs: list[list[Line]] = []
    for line in lines:
        quiet = _is_quiet(line)
        if not runs or _is_quiet(runs[-1][0]) != quiet:
            runs.append([])
        runs[-1].append(line)
    return tuple(Run(tuple(r), _is_quiet(r[0]) and len(r) > QUIET_RUN) for r in runs)


def _is_quiet(line: Line) -> bool:
    return line.role in QUIET_ROLES and not any(p.inside for p in line.pieces)
