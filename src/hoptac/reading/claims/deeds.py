"""The words of events, agreements and asks on a page, found in one pass (từ chỉ sự kiện, thỏa thuận, đề nghị)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

from hoptac.lexicon import Lexicon
from hoptac.reading.doc import Doc
from hoptac.reading.scan import Hits, Scanner, literal_form

T = TypeVar("T")

OPENERS = ("will", "need", "must")
"""Kinds of ``ask_words`` that say something only with a word of ``matter_words`` after them."""

VERBS = ("help", "do", "adv", "lead")
"""Kinds of ``matter_words`` with which a matter begins."""

SURE = 3
"""``strength`` of words that name an event, whatever else the sentence holds."""


@dataclass(frozen=True, slots=True)
class Deed:
    """What the tables say of one literal: ``ask`` is a kind of ``ask_words``; ``event`` is kind and strength of
    ``event_words``, ``agreement`` a strength of ``agreement_words``; empty, None or 0 where it is in no such row.
    ``verb`` is the kind of the word of ``matter_words`` that ends an opener ("sẽ hỗ trợ")."""

    literal: str
    ask: str = ""
    verb: str = ""
    event: tuple[str, int] | None = None
    agreement: int = 0


def _deed_scanner(lexicon: Lexicon) -> Scanner[Deed]:
    asks: dict[str, tuple[str, str]] = {}
    openers: list[tuple[str, str]] = []
    for row in lexicon.table("ask_words"):
        literal, kind = literal_form(row["literal"]), row["kind"]
        if kind in OPENERS:
            openers.append((literal, kind))
        else:
            asks[literal] = (row["literal"], "" if kind == "none" else kind)
    events = {
        literal_form(row["literal"]): (row["kind"], int(row["strength"]))
        for row in lexicon.table("event_words")
    }
    agreements = {
        literal_form(row["literal"]): int(row["strength"]) for row in lexicon.table("agreement_words")
    }
    entries: dict[str, Deed] = {}
    for row in lexicon.table("matter_words"):
        if row["kind"] in VERBS:
            verb = literal_form(row["literal"])
            for literal, kind in openers:
                entries.setdefault(f"{literal} {verb}", Deed(literal, kind, row["kind"]))
    for literal in {*asks, *events, *agreements}:
        word, ask = asks.get(literal) or _inside(literal, asks) or ("", "")
        entries[literal] = Deed(
            word or literal,
            ask,
            "",
            events.get(literal) or _inside(literal, events),
            agreements.get(literal) or _inside(literal, agreements) or 0,
        )
    return Scanner(entries)


def _inside(literal: str, table: dict[str, T]) -> T | None:
    """What a table says of the longest of its literals that stands inside this one: a longer word of one table hides no
    word of another."""
    words = literal.split(" ")
    for length in range(len(words) - 1, 0, -1):
        for at in range(len(words) - length + 1):
            found = table.get(" ".join(words[at : at + length]))
            if found is not None:
                return found
    return None


@dataclass(frozen=True)
class Deeds:
    """The hits of a page, looked up by stretch."""

    asks: Hits[Deed]
    events: Hits[Deed]
    agreements: Hits[Deed]

    @classmethod
    def of(cls, doc: Doc, *, lexicon: Lexicon) -> Deeds:
        hits = lexicon.built(_deed_scanner).find(doc.low)
        return cls(
            Hits.of([h for h in hits if h.value.ask]),
            Hits.of([h for h in hits if h.value.event and h.value.event[1]]),
            Hits.of([h for h in hits if h.value.agreement]),
        )
