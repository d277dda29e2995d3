"""A reading as a table for people (bảng đọc), each value with its words."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal

from hoptac.lexicon import Lexicon, default_lexicon
from hoptac.reading import values as v
from hoptac.reading.contract import decimal_text

WIDTH = 100
QUOTE_LENGTH = 160
"""A quote is cut in the middle past this many characters; its offsets still say where all of it stands."""


def reading_table(reading: v.Reading, *, lang: str = "vi", lexicon: Lexicon | None = None) -> str:
    """The reading as lines of at most 100 columns; ``lang`` is "vi" or "en".

    Each value is followed by the words that say so and their place, ``[start–end]`` in code points of the page's text.
    """
    return "\n".join(_lines(reading, lang, lexicon or default_lexicon()))


def _lines(reading: v.Reading, lang: str, lexicon: Lexicon) -> Iterator[str]:
    def word(table: str, code: str | None) -> str:
        if code is None:
            return word("reading_labels", "unknown")
        return next((row[lang] for row in lexicon.table(table) if row["code"] == code), code)

    head = reading.article.headline
    yield head.quote if head else reading.source.name
    published = reading.source.published.isoformat() if reading.source.published else None
    about: list[str | None] = [reading.source.name, reading.source.outlet, published]
    yield (
        f"{word('reading_labels', 'source')}: "
        + " · ".join(x for x in about if x)
        + f" · {reading.source.reader}"
    )

    def heading(code: str, items: Iterable[object]) -> Iterator[str]:
        count = len(tuple(items))
        if count:
            yield ""
            yield f"{word('reading_labels', code).upper()} ({count})"

    yield from heading("contributions", reading.contributions)
    for n, c in enumerate(reading.contributions, 1):
        yield from _wrapped(f"{n:3}. ", " — ".join(_said_once(list(_figures(c, word, lang)), c)))
        facts = [f"{_names(c.funder) or '?'} → {_names(c.recipient) or '?'}", word("act_labels", c.act)]
        facts += [
            word("field_labels", c.field),
            _when(c),
            word("status_labels", c.status),
            f"{c.confidence:.2f}",
        ]
        yield from _wrapped("     ", " · ".join(x for x in facts if x))
        yield from _quotes(c.evidence)
    yield from heading("people", reading.people)
    for p in reading.people:
        yield from _wrapped("   - ", f"{p.name}: {p.office}" + (f" ({p.side})" if p.side else ""))
    yield from heading("events", reading.events)
    for e in reading.events:
        place = e.place.name if e.place else None
        stated = [word("event_labels", e.kind), e.date, place, _names(e.parties)]
        yield from _wrapped("   - ", " · ".join(x for x in stated if x))
        yield from _quotes(e.evidence[:1])
    yield from heading("agreements", reading.agreements)
    for a in reading.agreements:
        period = "–".join("…" if y is None else str(y) for y in a.period) if a.period else None
        yield from _wrapped("   - ", " · ".join(x for x in (_names(a.parties), period, a.signed) if x))
        yield from _quotes(a.evidence)
    yield from heading("asks", reading.asks)
    for k in reading.asks:
        yield from _wrapped(
            "   - ", f"{word('ask_labels', k.kind)}: {k.by or '?'} → {k.to or '?'}: {k.about}"
        )
    yield from heading("unread", reading.unread)
    for u in reading.unread:
        yield f"   - {u.code} “{u.quote}” [{u.start}–{u.end}]"
    if reading.article.teasers:
        yield ""
        yield f"{word('reading_labels', 'teasers')}: {len(reading.article.teasers)}"


def _said_once(figures: list[str], c: v.Contribution) -> list[str]:
    """The figures and the thing; a thing that begins with its counted unit is said with its number alone."""
    unit = c.quantity.unit if c.quantity is not None else None
    if figures and unit and c.what.startswith(unit):
        return [*figures[:-1], figures[-1].removesuffix(unit) + c.what]
    return [*figures, c.what]


def _figures(c: v.Contribution, word: Callable[[str, str | None], str], lang: str) -> Iterator[str]:
    if c.amount is not None:
        total = c.amount.of_total
        of = f" ({word('reading_labels', 'of_total')} {grouped(total, lang)})" if total is not None else ""
        yield f"{word('bound_labels', c.amount.bound)} {grouped(c.amount.value, lang)} {c.amount.currency or ''}{of}".strip()
    if c.quantity is not None:
        yield f"{grouped(c.quantity.value, lang)} {c.quantity.unit or ''}".strip()


def grouped(value: Decimal, lang: str) -> str:
    """A number with its thousands parted as the language does.

    >>> grouped(Decimal("65000000000.5"), "vi"), grouped(Decimal("65000000000.5"), "en")
    ('65.000.000.000,5', '65,000,000,000.5')
    """
    whole, _, fraction = decimal_text(value).partition(".")
    text = f"{int(whole):,}" + (f".{fraction}" if fraction else "")
    return text.translate(str.maketrans(",.", ".,")) if lang == "vi" else text


def _names(parties: tuple[v.PartyName, ...]) -> str:
    return ", ".join(p.name for p in parties)


def _when(c: v.Contribution) -> str:
    if c.year is not None:
        return str(c.year)
    return "–".join("…" if y is None else str(y) for y in c.period) if c.period else ""


def _quotes(evidence: Iterable[v.Evidence]) -> Iterator[str]:
    for e in evidence:
        quote = (
            e.quote
            if len(e.quote) <= QUOTE_LENGTH
            else e.quote[: QUOTE_LENGTH * 2 // 3] + " … " + e.quote[-QUOTE_LENGTH // 3 :]
        )
        yield from _wrapped("     ", f"“{' '.join(quote.split())}” [{e.start}–{e.end}]")


def _wrapped(prefix: str, text: str) -> Iterator[str]:
    lines = textwrap.wrap(text, WIDTH - len(prefix), break_long_words=False) or [""]
    yield prefix + lines[0]
    for line in lines[1:]:
        yield " " * len(prefix) + line
