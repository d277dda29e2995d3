"""The text of a page with its words of names, and the small questions that every rule asks of it (ngữ cảnh)."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from datetime import date

from hoptac.lexicon.tables import Lexicon
from hoptac.places.units import COUNTRY
from hoptac.reading.doc import Doc
from hoptac.reading.letters import page_bytes
from hoptac.reading.mentions import PlaceName
from hoptac.reading.names.tokens import (
    AFTER_FOREIGN,
    CAP,
    LONG_RUN,
    MARKS,
    RUN,
    SENTENCE_ENDS,
    SENTENCE_START,
    WORD,
)
from hoptac.reading.names.units import PageUnits, bears_lower, tops
from hoptac.reading.names.words import NameWords, Word, name_words

HitOf = tuple[int, int, Word]

NOWHERE = -9
LONGEST_HEAD = 24
"""Characters of the longest word for a village's head."""
PERSON_TOKENS = 5
"""No Vietnamese name written out has more words than this ("Công Tằng Tôn Nữ Thị …" aside)."""


class Reader:
    """A Doc's hits inside the given lines, found once, with look-ups by position."""

    @classmethod
    def of(cls, doc: Doc, lexicon: Lexicon, lines: Sequence[tuple[int, int]] | None) -> Reader:
        """The reader of a doc and its lines, kept with the doc: people and offices are read from the same hits."""
        key = (id(lexicon), None if lines is None else tuple(lines))
        kept = doc.__dict__.get("_names_reader")
        if kept is not None and kept[0] == key:
            reader: Reader = kept[1]
            return reader
        reader = cls(doc, lexicon, lines)
        doc.__dict__["_names_reader"] = (key, reader)
        return reader

    def __init__(self, doc: Doc, lexicon: Lexicon, lines: Sequence[tuple[int, int]] | None) -> None:
        self.doc = doc
        self.text = doc.text
        self.marks = page_bytes(doc.text).translate(MARKS)
        """The class of each character (``tokens.MARKS``)."""
        self.lexicon = lexicon
        self.words: NameWords = name_words(lexicon)
        self.lines = sorted(lines) if lines is not None else [(0, len(doc.text))]
        self.houses: dict[tuple[str, str], bool] = {}
        """Whether a capital word before a foreign name is a house's, by both (``foreign``)."""
        self._capitals: dict[int, bool] = {}
        self._after_foreign: frozenset[str] | None = None
        self.hits = self._kept(self.words.scanner.find(doc.low))
        self.at = {hit[0]: hit for hit in self.hits}
        self._starts = [hit[0] for hit in self.hits]
        self.inside: dict[int, PlaceName] | None = None
        """The place inside each body's name, by the body's start; None until the names are found."""
        self.on: date | None = None
        """The page's day; None: the map of 63 provinces."""
        self.tops = tops(lexicon)
        self.units: PageUnits | None = None
        """What the places of the page mean; None until the names are found."""
        self.after_country = False
        self.office_of_last = False
        """Whether that office follows a person's name at once, and so is told of that person."""
        self.state = False
        """Whether that office is one whose holder a single foreign word may name ("Tổng thống Assad")."""
        self.given = False
        """Whether a given name alone may follow that office."""
        self.plain_end = NOWHERE
        """Where that office's own word ends, before any body or place."""
        self.led_end = NOWHERE
        """Where the last person's name ends that has an office right before it."""
        self._addressed: frozenset[str] | None = None
        self.office_end = NOWHERE
        """Where the last words of an office, with the bodies and places right after them, end."""

    def _kept(self, hits: list[HitOf]) -> list[HitOf]:
        """The hits inside the lines, those left out whose letters' case speaks against them."""
        text, out = self.text, []
        lines = iter(self.lines)
        first, last = next(lines, (0, 0))
        for hit in hits:
            start, end, word = hit
            while start >= last:
                first, last = next(lines, (len(text), len(text) + 1))
            if start < first or end > last:
                continue
            if word.conditional:
                if word.upper and not text[start:end].isupper():
                    continue
                if word.unit is not None and not self._capital(start, end):
                    if word.body is None and word.kind is None and word.title is None and not _common(word):
                        continue
                    hit = (start, end, self.words.lower[word.literal])
                elif word.body is not None and text[end - 1].isupper() and self._shouted(start, end, word):
                    continue
            out.append(hit)
        return out

    def _shouted(self, start: int, end: int, word: Word) -> bool:
        """Whether a body's word stands all in capitals on a line that does not: a photographer's name."""
        if word.upper or end - start < 3 or not self.text[start:end].isupper():
            return False
        return not self.in_capitals(start)

    def in_capitals(self, at: int) -> bool:
        """Whether the line of ``at`` is written in capitals."""
        lines = self.doc.lines
        n = bisect_right(lines, (at, len(self.text) + 1)) - 1
        known = self._capitals.get(n)
        if known is None:
            start, end = lines[n]
            known = self._capitals[n] = self.text[start:end].isupper()
        return known

    def follows_foreign(self, word: str) -> bool:
        """Whether the page writes a word after a capital word without Vietnamese letters ("Vladimir | Putin")."""
        if self._after_foreign is None:
            self._after_foreign = frozenset(m.group(1) for m in AFTER_FOREIGN.finditer(self.text))
        return word in self._after_foreign

    def addressed(self, word: str) -> bool:
        """Whether the page writes a word after a word of address ("ông | Đạt")."""
        if self._addressed is None:
            after = (hit[1] + 1 for hit in self.hits if hit[2].title is not None)
            self._addressed = frozenset(self.text[at : self.cap(at)] for at in after)
        return word in self._addressed

    def village_head(self, end: int) -> bool:
        """Whether the office that ends at ``end`` is of a village's head ("trưởng buôn")."""
        return any(hit[2].village for hit in self.hits_in(end - LONGEST_HEAD, end) if hit[1] == end)

    def nation_after(self, at: int) -> int:
        """End of "người" and a country at ``at`` ("kỹ sư | người Ireland"); 0 where they do not stand there."""
        word = next((w for w in self.words.links["nation"] if self.doc.low.startswith(w + " ", at)), None)
        hit = self.at.get(at + len(word) + 1) if word else None
        return hit[1] if hit is not None and hit[2].unit is not None and hit[2].unit.level == COUNTRY else 0

    def borne(self, at: int, stop: int, levels: tuple[int, ...], *, left: int = 0) -> int:
        """End of the longest piece of a run, from its first word, that is a district's or commune's name; ``at`` if none.

        ``left`` words at least are left after it.
        """
        ends = [i for i in range(at + 1, stop + 1) if i == stop or self.text[i] == " "]
        for end in reversed(ends[: len(ends) - left]):
            if bears_lower(self.lexicon, self.text[at:end], levels):
                return end
        return at

    def _capital(self, start: int, end: int) -> bool:
        text = self.text
        if not text[start].isupper():
            return False
        space = text.rfind(" ", start, end)
        return space < 0 or not text[space + 1].islower()

    def long_runs(self) -> list[tuple[int, int]]:
        """Every run of two capital words or more inside the lines."""
        return [m.span() for a, b in self.lines for m in LONG_RUN.finditer(self.marks, a, b)]

    def holds(self, at: int) -> bool:
        """Whether ``at`` is inside the lines."""
        n = bisect_right(self.lines, (at, len(self.text))) - 1
        return n >= 0 and at < self.lines[n][1]

    def hits_in(self, start: int, end: int) -> list[HitOf]:
        return self.hits[bisect_left(self._starts, start) : bisect_left(self._starts, end)]

    def cap(self, at: int) -> int:
        """End of the capital word at ``at``; ``at`` itself where there is none."""
        m = CAP.match(self.marks, at)
        return m.end() if m else at

    def stops(self, at: int) -> bool:
        """Whether words begin at ``at`` that close an office: a verb, a small word."""
        low = self.doc.low
        m = WORD.match(low, at)
        if m is None:
            return False
        first = m.group()
        for literal in self.words.stops.get(first, ()):
            if literal == first:
                return True
            end = at + len(literal)
            if low.startswith(literal, at) and not WORD.match(low, end):
                return True
        return False

    def run(self, at: int) -> int:
        """End of the run of capital words at ``at``; ``at`` itself where there is none."""
        m = RUN.match(self.marks, at)
        return m.end() if m else at

    def opens(self, at: int) -> bool:
        """Whether a sentence, clause or quotation begins at ``at``."""
        before = self.text[at - 2 : at] if at >= 2 else "\n"
        return at < 2 or before[-1] in SENTENCE_START or (before[-1] == " " and before[0] in SENTENCE_START)

    def _rare_surname(self, at: int, token: str) -> bool:
        """Whether a word is one of the rarer family names, and not the first of a place's name ("Hà Nội Xanh")."""
        hit = self.at.get(at)
        return token in self.words.surnames and (hit is None or hit[2].unit is None)

    def without_initials(self, start: int, end: int) -> int:
        """Where the run ends without the outlet's sign after it ("Nguyễn Văn An TTO")."""
        space = self.text.rfind(" ", start, end)
        last = self.text[space + 1 : end]
        if space > start and len(last) > 1 and last.isupper() and not self.text[start:space].isupper():
            return space
        return end

    def begins(self, at: int) -> bool:
        """Whether a sentence begins at ``at``."""
        before = self.text[max(0, at - 2) : at].strip(" ")
        return at == 0 or before[-1:] in SENTENCE_ENDS

    def person(self, start: int, end: int, *, least: int = 3, free: bool = True) -> tuple[int, int] | None:
        """Where a person's name stands in the run ``[start, end)`` of capital words, by its family name.

        ``free``: nothing before the run claims its first word, so the name may begin there. ``least`` words make a
        name. A run longer than a name is cut before the family name that leaves the most usual length.
        """
        tokens = self.text[start:end].split(" ")
        strong = self.words.strong
        if strong.isdisjoint(tokens) and not (free and tokens[0] in self.words.surnames):
            return None
        cut = self.without_initials(start, end)
        if cut != end:
            end = cut
            tokens.pop()
        count = len(tokens)
        first = tokens[0]
        if (
            free
            and least <= count <= 4
            and (first in strong or (count > 2 and self._rare_surname(start, first)))
        ):
            return start, end
        best, best_score = -1, 0
        for i in range(0 if free else 1, count - 1):
            rest = count - i
            if tokens[i] not in strong or rest < least or rest > PERSON_TOKENS:
                continue
            score = (0, 0, 2, 5, 4, 1)[rest] + (2 if tokens[i + 1] in ("Văn", "Thị") else 0)
            if score > best_score:
                best, best_score = i, score
        if best < 0:
            return None
        return start + sum(len(t) + 1 for t in tokens[:best]), end


def _common(word: Word) -> bool:
    return bool(word.office or word.trap or word.refers or word.subject or word.inner)
