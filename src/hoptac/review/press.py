"""Load a review and make its papers (in bản kiểm điểm), a few at a time whatever is asked at once.

A snapshot never changes and a tree follows from it, so both are kept in memory under their digests. Papers take one of a few
seats: asked for more at once, the others wait their turn, and whoever waits too long is told to come back.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import BoundedSemaphore, Lock
from typing import Generic, TypeVar

from hoptac.ledger.models import Party
from hoptac.review.brief import brief_pdf
from hoptac.review.compose import compose
from hoptac.review.document import Document
from hoptac.review.excel import annexes_xlsx
from hoptac.review.flow import outcomes_of, side_words, texts_in_force
from hoptac.review.letterhead import Letterhead, Paper, filled, letterhead, usual_paper
from hoptac.review.models import Review, SideText, Snapshot
from hoptac.review.paper import report_pdf
from hoptac.review.rows import Snapshot as Rows
from hoptac.review.rows import read_body
from hoptac.review.telling import Teller
from hoptac.review.word import report_docx
from hoptac.review.words import Language

AT_ONCE = 2  # papers in the making: one for each core of the smallest machine meant; each holds its tree and its files
LONGEST_WAIT = 60  # seconds that a paper waits for a seat
KEPT = 8  # snapshots and trees held in memory
LAST_YEAR_OF_63 = 2024  # a period that ends by then is told on the map of 63 provinces unless asked otherwise

K = TypeVar("K")
V = TypeVar("V")


class Busy(Exception):
    """Too many papers are being made; ask again in a moment."""


class _Kept(Generic[K, V]):
    """The last few values by key. Two threads may make one value twice; both are the same."""

    def __init__(self, most: int) -> None:
        self._most, self._lock = most, Lock()
        self._values: OrderedDict[K, V] = OrderedDict()

    def get(self, key: K, make: Callable[[], V]) -> V:
        with self._lock:
            if key in self._values:
                self._values.move_to_end(key)
                return self._values[key]
        made = make()
        with self._lock:
            self._values[key] = made
            while len(self._values) > self._most:
                self._values.popitem(last=False)
        return made


_rows: _Kept[str, Rows] = _Kept(KEPT)
_trees: _Kept[tuple[str, str, str], Document] = _Kept(KEPT)
_seats = BoundedSemaphore(AT_ONCE)


@dataclass(frozen=True)
class Loaded:
    """A review with what it counts and what the sides wrote; ``sides`` in the order of the snapshot."""

    review: Review
    rows: Rows
    texts: tuple[SideText, ...]
    sides: tuple[Party, ...]

    def document(self, language: Language, units: str) -> Document:
        key = (self.review.mark, language, units)
        return _trees.get(
            key,
            lambda: compose(
                self.rows,
                language=language,
                units=units,
                sides=side_words(self.sides, self.texts),
                outcomes=outcomes_of(self.texts),
                mark=self.review.mark,
            ),
        )

    def teller(self, language: Language, units: str) -> Teller:
        return Teller(self.rows, language, units, outcomes_of(self.texts))

    def paper_of(self, side: Party, tell: Teller) -> Paper:
        """The details of a side's paper: what its officers gave, the usual ones for the rest."""
        given = next((t.values for t in self.texts if t.part == "paper" and t.side_id == side.pk), {})
        locality = next(one for one in self.rows.localities if one.identity == side.identity)
        return filled(Paper.of(given), usual_paper(tell, locality))

    def head(self, side: Party, tell: Teller) -> Letterhead:
        draft = self.review.state != "both_sides"
        year = int(self.rows.taken_at[:4])
        return letterhead(self.paper_of(side, tell), tell.w, draft=draft, year=year)


def load(review: Review) -> Loaded:
    """A review with its latest snapshot, parsed once for each digest. Three queries, four the first time."""
    latest = review.snapshots.defer("body").order_by("-id").first()
    if latest is None:
        raise Snapshot.DoesNotExist(f"{review}: no snapshot")
    rows = _rows.get(
        latest.digest, lambda: read_body(Snapshot.objects.values_list("body", flat=True).get(pk=latest.pk))
    )
    order = [one.identity for one in rows.localities]
    sides = sorted(review.cooperation.localities.all(), key=lambda p: order.index(p.identity))
    return Loaded(review, rows, tuple(texts_in_force(review)), tuple(sides))


def usual_map(review: Review) -> str:
    return "63" if review.last_year <= LAST_YEAR_OF_63 else "34"


@contextmanager
def seat(wait: float = LONGEST_WAIT) -> Iterator[None]:
    """One of the few places at the press; raises Busy where none comes free in time."""
    if not _seats.acquire(timeout=wait):
        raise Busy
    try:
        yield
    finally:
        _seats.release()


Maker = Callable[[Document, Teller, Letterhead], bytes]
MEDIA = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
PAPERS: dict[str, Maker] = {
    "report.docx": lambda document, tell, head: report_docx(document, head, tell.w),
    "report.pdf": lambda document, tell, head: report_pdf(document, head, tell.w),
    "annexes.xlsx": lambda document, tell, _head: annexes_xlsx(document, tell),
    "brief.pdf": lambda document, tell, head: brief_pdf(document, head, tell.w),
}


def make_paper(loaded: Loaded, name: str, *, side: Party, language: Language, units: str) -> bytes:
    """One of ``PAPERS`` of a review, as the paper of one side. The caller holds a ``seat`` where many may ask at once."""
    document = loaded.document(language, units)
    tell = loaded.teller(language, units)
    return PAPERS[name](document, tell, loaded.head(side, tell))


def media_of(name: str) -> str:
    return MEDIA[name.rpartition(".")[2]]
