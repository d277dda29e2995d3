"""What an assistant proposes, held against the page (đối chiếu đề xuất với trang).

A proposal is a claim with the words that it rests on. It is taken where those words stand in the page's own story, letter by
letter, and every value of it is in them: sums, counts, years and days as our own finders read them there, names and things by
their words. So a model can find a claim that the rules miss, but cannot bring a figure or a name of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from typing import Any

from hoptac.lexicon import Lexicon
from hoptac.pages import Page
from hoptac.reading import values as v
from hoptac.reading.doc import Doc
from hoptac.reading.figures import find_figures, settle
from hoptac.reading.mentions import Count, Figures, Money, Span, When
from hoptac.reading.scan import literal_form

CONFIDENCE = 0.5
"""A proposal that holds is a thing to look at: it stays below every threshold at which claims are filed together."""

LONGEST_QUOTE = 600
SHORTEST_QUOTE = 12
NO_QUOTE, NOT_IN_QUOTE, NO_CLAIM, KNOWN = "A01", "A02", "A03", "A04"


@dataclass(frozen=True, slots=True)
class Dropped:
    """A proposal that was not taken: a code of ``messages_reading`` and what of it did not hold."""

    code: str
    kind: str
    found: str


class _Refused(Exception):
    def __init__(self, code: str, found: object) -> None:
        super().__init__(code)
        self.code, self.found = code, str(found)[:120]


def accept(
    page: Page, reading: v.Reading, proposals: Mapping[str, Any], *, lexicon: Lexicon
) -> tuple[v.Reading, tuple[Dropped, ...]]:
    """The reading with the proposals that hold, and those that do not, each with why.

    ``proposals`` has the keys ``contributions``, ``events``, ``agreements``, ``asks``: lists of objects in the contract's
    shape, each with ``quote`` in place of ``evidence``.
    """
    judge = _Judge(page, reading, lexicon)
    taken: dict[str, list[Any]] = {}
    dropped: list[Dropped] = []
    for kind in ("contributions", "events", "agreements", "asks"):
        for item in _items(proposals.get(kind)):
            try:
                taken.setdefault(kind, []).append(judge.claim(kind, item))
            except _Refused as refused:
                dropped.append(Dropped(refused.code, kind, refused.found))
    if not taken:
        return reading, tuple(dropped)
    grown = replace(
        reading,
        contributions=_in_order((*reading.contributions, *taken.get("contributions", ()))),
        events=_in_order((*reading.events, *taken.get("events", ()))),
        agreements=_in_order((*reading.agreements, *taken.get("agreements", ()))),
        asks=_in_order((*reading.asks, *taken.get("asks", ()))),
    )
    return grown, tuple(dropped)


def _items(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _in_order(claims: Iterable[Any]) -> tuple[Any, ...]:
    return tuple(sorted(claims, key=lambda claim: claim.evidence[0].start))


class _Judge:
    def __init__(self, page: Page, reading: v.Reading, lexicon: Lexicon) -> None:
        self.page, self.reading, self.lexicon = page, reading, lexicon
        article = reading.article
        own = (article.headline, article.lead, *article.body, *article.captions)
        self.story = tuple((e.start, e.end) for e in own if e is not None)
        self.codes: dict[str, v.PartyName] = {}
        for claim in (*reading.contributions, *reading.events, *reading.agreements):
            for party in _parties_of(claim):
                self.codes.setdefault(literal_form(party.name), party)

    def claim(self, kind: str, item: Any) -> Any:
        if not isinstance(item, Mapping):
            raise _Refused(NO_CLAIM, item)
        quote = _Quote.of(self, item.get("quote"))
        return getattr(self, f"_{kind}")(item, quote)

    def _contributions(self, item: Mapping[str, Any], quote: _Quote) -> v.Contribution:
        year, period = quote.time(item.get("year"), item.get("period"))
        claim = v.Contribution(
            funder=quote.parties(item.get("funder")),
            recipient=quote.parties(item.get("recipient")),
            what=quote.words("what", item.get("what")),
            act=_one_of("act", item.get("act"), v.ACTS) or "other",
            evidence=(quote.evidence,),
            amount=quote.amount(item.get("amount")),
            quantity=quote.quantity(item.get("quantity")),
            year=year,
            period=period,
            place=next(iter(quote.parties(item.get("place"))), None),
            field=_one_of("field", item.get("field"), v.FIELDS) or "other",
            status=_one_of("status", item.get("status"), v.STATUSES),
            confidence=CONFIDENCE,
        )
        if not (claim.funder or claim.recipient):
            raise _Refused(NO_CLAIM, "no party")
        if any(self._same_gift(claim, other) for other in self.reading.contributions):
            raise _Refused(KNOWN, claim.what)
        return claim

    def _events(self, item: Mapping[str, Any], quote: _Quote) -> v.Event:
        kind = _one_of("kind", item.get("kind"), v.EVENT_KINDS)
        if kind is None:
            raise _Refused(NO_CLAIM, "no kind")
        event = v.Event(
            kind,
            quote.day("date", item.get("date")),
            next(iter(quote.parties(item.get("place"))), None),
            quote.parties(item.get("parties")),
            (quote.evidence,),
            CONFIDENCE,
        )
        if any(
            e.kind == kind and (e.date == event.date or _overlap(e, quote.evidence))
            for e in self.reading.events
        ):
            raise _Refused(KNOWN, kind)
        return event

    def _agreements(self, item: Mapping[str, Any], quote: _Quote) -> v.Agreement:
        parties = quote.parties(item.get("parties"))
        if len(parties) < 2:
            raise _Refused(NO_CLAIM, "fewer than two parties")
        _, period = quote.time(None, item.get("period"))
        if any(_overlap(a, quote.evidence) for a in self.reading.agreements):
            raise _Refused(KNOWN, ", ".join(p.name for p in parties))
        signed = quote.day("signed", item.get("signed"))
        return v.Agreement(parties, period, signed, (quote.evidence,), CONFIDENCE)

    def _asks(self, item: Mapping[str, Any], quote: _Quote) -> v.Ask:
        kind = _one_of("kind", item.get("kind"), v.ASK_KINDS)
        if kind is None:
            raise _Refused(NO_CLAIM, "no kind")
        about = quote.words("about", item.get("about"))
        said = {literal_form(ask.about) for ask in self.reading.asks if _overlap(ask, quote.evidence)}
        if any(literal_form(about) in one or one in literal_form(about) for one in said):
            raise _Refused(KNOWN, about)
        by, to = (quote.words(key, item[key]) if item.get(key) else None for key in ("by", "to"))
        return v.Ask(kind, by, to, about, quote.day("due", item.get("due")), (quote.evidence,), CONFIDENCE)

    def _same_gift(self, one: v.Contribution, other: v.Contribution) -> bool:
        """Whether the reading has it: the same figure, or no figure on either side, on the same words."""
        if one.amount is not None and other.amount is not None:
            same = (one.amount.value, one.amount.currency) == (other.amount.value, other.amount.currency)
        elif one.quantity is not None and other.quantity is not None:
            same = one.quantity.value == other.quantity.value
        else:
            same = one.amount is other.amount is None and one.quantity is other.quantity is None
        return same and any(_overlap(other, e) for e in one.evidence)


@dataclass(frozen=True)
class _Quote:
    """The words that a proposal rests on, where they stand in the page, and the figures in them."""

    judge: _Judge
    evidence: v.Evidence
    low: str
    figures: tuple[Figures, ...]

    @classmethod
    def of(cls, judge: _Judge, said: Any) -> _Quote:
        if not isinstance(said, str) or not SHORTEST_QUOTE <= len(said.strip()) <= LONGEST_QUOTE:
            raise _Refused(NO_QUOTE, said)
        said, text = said.strip(), judge.page.text
        start = text.find(said)
        while start >= 0:
            end = start + len(said)
            if any(a <= start and end <= b for a, b in judge.story):
                doc = Doc.of(said)
                found = find_figures(doc, lexicon=judge.lexicon)
                published = judge.reading.source.published
                settled = settle(doc, found, published, lexicon=judge.lexicon).figures
                return cls(judge, v.Evidence(start, end, said), f" {literal_form(said)} ", settled)
            start = text.find(said, start + 1)
        raise _Refused(NO_QUOTE, said)

    def words(self, name: str, said: Any) -> str:
        """A phrase, word for word in the quote."""
        if not isinstance(said, str) or not said.strip():
            raise _Refused(NO_CLAIM, f"no {name}")
        if not self._has(said):
            raise _Refused(NOT_IN_QUOTE, f"{name}: {said}")
        return " ".join(said.split())

    def _has(self, said: str) -> bool:
        low, at = literal_form(" ".join(said.split())), -1
        while low and (at := self.low.find(low, at + 1)) >= 0:
            if not self.low[at - 1].isalnum() and not self.low[at + len(low)].isalnum():
                return True
        return False

    def parties(self, said: Any) -> tuple[v.PartyName, ...]:
        """Names, each in the quote; a locality that the reading knows keeps its code."""
        out: list[v.PartyName] = []
        for one in said if isinstance(said, list) else [said] if said else []:
            name = one.get("name") if isinstance(one, Mapping) else one
            plain = self.words("name", name)
            out.append(self.judge.codes.get(literal_form(plain)) or v.PartyName(plain))
        return tuple(dict.fromkeys(out))

    def amount(self, said: Any) -> v.Amount | None:
        if not said:
            return None
        value = _number(said.get("value") if isinstance(said, Mapping) else said)
        currency = said.get("currency") if isinstance(said, Mapping) else None
        for m in self.figures:
            if isinstance(m, Money) and m.value == value and currency in (None, m.currency):
                return v.Amount(m.value, m.currency, m.bound, None, m.each)
        raise _Refused(NOT_IN_QUOTE, f"amount: {said}")

    def quantity(self, said: Any) -> v.Quantity | None:
        if not said:
            return None
        value = _number(said.get("value") if isinstance(said, Mapping) else said)
        for m in self.figures:
            if isinstance(m, Count) and m.value == value:
                return v.Quantity(m.value, m.unit)
        raise _Refused(NOT_IN_QUOTE, f"quantity: {said}")

    def time(self, year: Any, period: Any) -> tuple[int | None, tuple[int | None, int | None] | None]:
        if period:
            first, last = [*period, None, None][:2] if isinstance(period, list) else (None, None)
            for m in self.figures:
                if isinstance(m, Span) and (_year(m.first), _year(m.last)) == (first, last):
                    return None, (first, last)
            raise _Refused(NOT_IN_QUOTE, f"period: {period}")
        if not year:
            return None, None
        years = {m.year for m in self.figures if isinstance(m, When) and not m.anniversary}
        if _number(year) not in years:
            raise _Refused(NOT_IN_QUOTE, f"year: {year}")
        return int(year), None

    def day(self, name: str, said: Any) -> str | None:
        if not said:
            return None
        for m in self.figures:
            if isinstance(m, When) and m.iso is not None and m.iso == str(said):
                return m.iso
        raise _Refused(NOT_IN_QUOTE, f"{name}: {said}")


def _year(when: When | None) -> int | None:
    return when.year if when is not None else None


def _number(said: Any) -> Decimal:
    try:
        return Decimal(str(said))
    except InvalidOperation as error:
        raise _Refused(NO_CLAIM, said) from error


def _one_of(name: str, said: Any, allowed: tuple[str, ...]) -> str | None:
    if said is None:
        return None
    if said not in allowed:
        raise _Refused(NO_CLAIM, f"{name}: {said}")
    return str(said)


def _overlap(claim: Any, evidence: v.Evidence) -> bool:
    return any(e.start < evidence.end and evidence.start < e.end for e in claim.evidence)


def _parties_of(claim: Any) -> Iterable[v.PartyName]:
    for name in ("funder", "recipient", "parties"):
        yield from getattr(claim, name, ())


def reader_with(reader: str, model: str) -> str:
    """The name of a reader with an assistant: other claims than the rules' alone, so another reader."""
    return f"{reader}+assistant:{model}"[:100]
