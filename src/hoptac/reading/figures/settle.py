"""Settle what dates leave out: the year of "25/4", the day of "hôm qua" (xác định năm, ngày)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise

from hoptac.lexicon.tables import Lexicon, default_lexicon
from hoptac.reading.doc import Doc
from hoptac.reading.figures.dates import RELATIVE_YEARS
from hoptac.reading.figures.grammar import Grammar, build_grammar
from hoptac.reading.figures.points import RELATIVE_TAIL
from hoptac.reading.mentions import Figures, Span, When
from hoptac.reading.scan import Scanner

# A day without a year lies at most so many days from the jubilee on whose occasion the page speaks.
NEAR_JUBILEE = 92
# How many full dates of one year, the latest of the page, settle the page's year.
ENOUGH_DATES = 2
# A word of planning makes a year a planned one where it stands at most so many characters before it, in one paragraph.
BEFORE_YEAR = 60
# A story whose latest year is older tells of history, not of its own year.
OLDEST_NEWS = 2000


@dataclass(frozen=True, slots=True)
class Settled:
    """The figures with their dates settled, and what the page's own date was found to be.

    ``page_date`` is ISO, as exact as known (day or year); ``page_year`` its year; ``why`` says where it comes from:
    published, jubilee, dates, years, or None where nothing settles it.
    """

    figures: tuple[Figures, ...]
    page_date: str | None = None
    page_year: int | None = None
    why: str | None = None


def settle(
    doc: Doc, figures: tuple[Figures, ...], today: date | None = None, *, lexicon: Lexicon | None = None
) -> Settled:
    """Fill in the years, months and days that the page's own date or the page itself settles.

    today     the page's date: a day and month without a year get the year that brings them nearest to it; "hôm qua",
              "năm ngoái", "hiện nay" are counted from it.
    without   the last end of a jubilee's dates ("7/5/1954 - 7/5/2024") gives its year to the days of its own
              paragraph that lie near; where the page's jubilees, or failing them at least two full dates of the
              page's latest year, name one year only, that year goes to the other days near it, and "năm nay". Where no
              day is dated in full, the latest year that is not a planned one is the page's ("tháng 5/2016" makes
              "ngày 14/6" one of 2016).
    Guesses   nothing else: where two years are left the date stays without one. Give the figures of one story, not of the
              page with its teasers, to have each story settled by itself.
    """
    grammar = (lexicon or default_lexicon()).built(build_grammar)
    figures = _explained(figures, doc, grammar)
    if today is not None:
        done = tuple(_settle_one(doc, grammar, one, today, today.year) for one in figures)
        return Settled(done, today.isoformat(), today.year, "published")
    jubilees = [
        one.last
        for one in figures
        if isinstance(one, Span) and one.anniversary and one.last is not None and one.last.year is not None
    ]
    years = {one.year for one in jubilees if one.year is not None}
    year, why = (years.pop(), "jubilee") if len(years) == 1 else (None, None)
    if year is None and not jubilees:
        year = _year_of_dates(figures)
        why = "dates" if year is not None else None
    if year is None and not jubilees:
        year = _latest_year(doc, figures, lexicon or default_lexicon())
        why = "years" if year is not None else None
    settled = []
    for one in figures:
        near = _near_jubilee(doc, one, jubilees)
        own = near if near is not None else year if _may_take(one, jubilees, why) else None
        settled.append(_settle_one(doc, grammar, one, None, own))
    return Settled(tuple(settled), str(year) if year is not None else None, year, why)


def _explained(figures: tuple[Figures, ...], doc: Doc, grammar: Grammar) -> tuple[Figures, ...]:
    """ "hôm nay (5/9)": the day in words is the day in figures behind it."""
    done = list(figures)
    for at, (one, following) in enumerate(pairwise(figures)):
        if not isinstance(one, When) or one.year is not None or not isinstance(following, When):
            continue
        if grammar.date_words.get(doc.low[one.start : one.end], ("", ""))[0] != "relative_day":
            continue
        if following.day is not None and doc.low[one.end : following.start].strip(" (,") == "":
            done[at] = replace(one, year=following.year, month=following.month, day=following.day)
    return tuple(done)


def _year_of_dates(figures: tuple[Figures, ...]) -> int | None:
    full = [
        one.year for one in figures if isinstance(one, When) and one.year and one.day and not one.anniversary
    ]
    if not full:
        return None
    year, times = max(Counter(full).items())
    return year if times >= ENOUGH_DATES else None


def _future_words(lexicon: Lexicon) -> Scanner[bool]:
    return Scanner({row["literal"]: True for row in lexicon.table("future_words")})


def _latest_year(doc: Doc, figures: tuple[Figures, ...], lexicon: Lexicon) -> int | None:
    """The latest year that the story names of what has been: news is written in it. Years that are planned do not count."""
    latest = OLDEST_NEWS - 1
    scanner = lexicon.built(_future_words)
    for one in figures:
        ends = (one,) if isinstance(one, When) else (one.last,) if isinstance(one, Span) else ()
        named = [end.year for end in ends if end is not None and end.year is not None]
        if not named or max(named) <= latest or (isinstance(one, When | Span) and one.anniversary):
            continue
        sentence = max(0, one.start - BEFORE_YEAR)
        head = doc.low.rfind("\n", sentence, one.start) + 1
        if not scanner.find(doc.low[max(head, sentence) : one.end]):
            latest = max(named)
    return latest if latest >= OLDEST_NEWS else None


def _days_apart(one: When, jubilee: When) -> int | None:
    if one.month is None or jubilee.month is None or jubilee.year is None:
        return None
    a = _date(jubilee.year, one.month, one.day or 15)
    b = _date(jubilee.year, jubilee.month, jubilee.day or 15)
    return None if a is None or b is None else abs((a - b).days)


def _near_jubilee(doc: Doc, one: Figures, jubilees: list[When]) -> int | None:
    """The year of the one jubilee in the same paragraph that the day lies near."""
    if not isinstance(one, When) or one.year is not None or one.month is None:
        return None
    years = set()
    for jubilee in jubilees:
        a, b = sorted((one.start, jubilee.start))
        apart = _days_apart(one, jubilee)
        if apart is not None and apart <= NEAR_JUBILEE and "\n" not in doc.text[a:b]:
            years.add(jubilee.year)
    return years.pop() if len(years) == 1 else None


def _may_take(one: Figures, jubilees: list[When], why: str | None) -> bool:
    """Whether the page's year may go to this date: behind a jubilee only where the day lies near it."""
    if why != "jubilee" or not isinstance(one, When) or one.month is None:
        return True
    apart = [_days_apart(one, jubilee) for jubilee in jubilees]
    return any(days is not None and days <= NEAR_JUBILEE for days in apart)


def _settle_one(doc: Doc, grammar: Grammar, one: Figures, today: date | None, year: int | None) -> Figures:
    if isinstance(one, When):
        return _settle_when(doc, grammar, one, today, year)
    if not isinstance(one, Span):
        return one
    first = None if one.first is None else _settle_when(doc, grammar, one.first, today, year)
    last = None if one.last is None else _settle_when(doc, grammar, one.last, today, year)
    if one.first is not None and one.first.year is None and first is not None and last is not None:
        first = _not_after(first, last)
    return replace(one, first=first, last=last)


def _not_after(first: When, last: When) -> When:
    """The begin of a period in its end's year, or the year before: "từ 25/12 đến 5/1"."""
    if first.year is None or last.year is None:
        return first
    over = (first.month or 0, first.day or 0) > (last.month or 0, last.day or 0)
    return replace(first, year=last.year - over)


def _settle_when(doc: Doc, grammar: Grammar, one: When, today: date | None, year: int | None) -> When:
    if one.year is not None:
        return one
    phrase = doc.low[one.start : one.end]
    if one.month is None and one.day is None:
        return _relative(grammar, one, phrase, today, year)
    tail = RELATIVE_TAIL.search(phrase)
    if tail is not None:
        return one if year is None else replace(one, year=year + RELATIVE_YEARS[tail[1]])
    if one.month is None:
        return one if today is None else _nearest_month(one, today)
    if today is None:
        return one if year is None else replace(one, year=year)
    return _nearest_year(one, today)


def _relative(grammar: Grammar, one: When, phrase: str, today: date | None, year: int | None) -> When:
    kind, value = grammar.date_words.get(phrase, ("", "0"))
    step = int(value)
    if kind == "relative_year":
        return one if year is None else replace(one, year=year + step)
    if today is None:
        return one
    if kind == "relative_month":
        months = today.year * 12 + today.month - 1 + step
        return replace(one, year=months // 12, month=months % 12 + 1)
    if kind == "relative_day":
        day = today + timedelta(days=step)
        return replace(one, year=day.year, month=day.month, day=day.day)
    return one


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _nearest_year(one: When, today: date) -> When:
    """The year that brings the day (or the middle of the month) nearest to the page's date."""
    best: tuple[int, int] | None = None
    for year in (today.year, today.year - 1, today.year + 1):
        day = _date(year, one.month or 1, one.day or 15)
        if day is not None:
            apart = abs((day - today).days)
            best = min(best, (apart, year)) if best is not None else (apart, year)
    return one if best is None else replace(one, year=best[1])


def _nearest_month(one: When, today: date) -> When:
    """A day alone ("ngày 25"): the month that brings it nearest to the page's date."""
    best: tuple[int, date] | None = None
    for step in (0, -1, 1):
        months = today.year * 12 + today.month - 1 + step
        day = _date(months // 12, months % 12 + 1, one.day or 1)
        if day is not None:
            found = (abs((day - today).days), day)
            best = min(best, found) if best is not None else found
    return one if best is None else replace(one, year=best[1].year, month=best[1].month)
