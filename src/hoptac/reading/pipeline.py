"""The story of a page, from top to bottom (từ trang đến bản đọc).

    page ─ fold ─> Doc ─ lay out ─> roles of lines, the article
                   Doc ─ find figures, find names ─> mentions
                   mentions + layout ─> Scene ─ claims ─> contributions, events, agreements, asks
                   everything with its spans turned back into the page's own ─> Reading

A reading is a function of the page's bytes, the lexicon and the date of reading: the same three give the same output, anywhere,
in any year. Nothing here knows a network, a clock, the environment or a database.
"""

from __future__ import annotations

from datetime import date

from hoptac import __version__
from hoptac.lexicon import Lexicon, default_lexicon
from hoptac.pages.values import Page
from hoptac.places.store import LAST_OF_63
from hoptac.reading.claims.agreements import read_agreements
from hoptac.reading.claims.asks import read_asks
from hoptac.reading.claims.contributions import draft_contributions
from hoptac.reading.claims.deeds import Deeds
from hoptac.reading.claims.events import read_events
from hoptac.reading.claims.merge import merge_drafts, to_contribution
from hoptac.reading.claims.tokens import Marks
from hoptac.reading.doc import Doc
from hoptac.reading.figures import find_figures, settle
from hoptac.reading.layout import lay_out
from hoptac.reading.mentions import Blank, Figures, Officer, When
from hoptac.reading.names import find_names, find_officers, home_of
from hoptac.reading.scene import Scene
from hoptac.reading.values import Person, Reading, SourceInfo, Unread


def read_page(page: Page, *, lexicon: Lexicon | None = None, on: date | None = None) -> Reading:
    """Read one page (đọc một trang).

    Takes   the page as a reader of files gives it, the lexicon (the packaged one by default), and the date of reading:
            a page that gives no date of its own is not taken to speak of days after it. None: no such bound.
    Gives   a Reading whose every span holds: ``page.text[start:end] == quote``.
    Fails   never on text. A figure that cannot be read is in ``unread`` with its code.
    """
    lexicon = lexicon or default_lexicon()
    doc = Doc.of(page.text)
    layout = lay_out(doc, blocks=page.blocks, title=page.title, outlet=page.outlet, lexicon=lexicon)
    published = page.published or layout.date

    role_of = {line.n: line.role for line in layout.roles}
    main = tuple((*doc.lines[n - 1], role_of[n]) for n in layout.main)
    spans = tuple((start, end) for start, end, _ in main)

    figures = find_figures(doc, lexicon=lexicon, lines=spans)
    settled = settle(doc, figures, published, lexicon=lexicon)
    year = settled.page_year or _first_dated_year(settled.figures)
    if on is not None and year is not None and year > on.year:
        year = None
    names = find_names(
        doc,
        lexicon=lexicon,
        lines=spans,
        on=published or _day_of(settled.page_date, year),
        home=home_of(page.outlet or layout.outlet, lexicon=lexicon),
    )
    officers = find_officers(doc, names, lexicon=lexicon, lines=spans)
    scene = Scene(doc, lexicon, main, settled.figures, names, officers, year, settled.page_date)

    marks = Marks.of(scene)
    deeds = Deeds.of(doc, lexicon=lexicon)
    return Reading(
        source=SourceInfo(
            name=page.name,
            sha256=page.sha256,
            media_type=page.media_type,
            reader=f"{__version__}+lexicon:{lexicon.version}",
            url=page.url,
            outlet=page.outlet or layout.outlet,
            published=published,
        ),
        article=layout.article,
        lines=layout.roles,
        people=tuple(_person(doc, officer) for officer in officers),
        contributions=tuple(
            to_contribution(scene, draft) for draft in merge_drafts(draft_contributions(scene, marks))
        ),
        events=read_events(scene, deeds),
        agreements=read_agreements(scene, deeds),
        asks=read_asks(scene, deeds),
        unread=tuple(_unread(doc, m) for m in scene.figures if isinstance(m, Blank)),
    )


def _day_of(page_date: str | None, year: int | None) -> date | None:
    """The day whose map of units a page is read on: its own, else the last day of the map that stood in its year."""
    if page_date is not None and len(page_date) == len("2025-06-30"):
        return date.fromisoformat(page_date)
    if year is None:
        return None
    return LAST_OF_63 if year == LAST_OF_63.year else date(year, 12, 31)


def _first_dated_year(figures: tuple[Figures, ...]) -> int | None:
    """The year of the first day or month that the article dates: a report opens with the day of what it reports."""
    for m in figures:
        if isinstance(m, When) and not m.anniversary and m.year is not None and m.month is not None:
            return m.year
    return None


def _person(doc: Doc, officer: Officer) -> Person:
    return Person(
        officer.name, officer.office, officer.side, tuple(doc.evidence(a, b) for a, b in officer.spans)
    )


def _unread(doc: Doc, blank: Blank) -> Unread:
    evidence = doc.evidence(blank.start, blank.end)
    return Unread(blank.code, evidence.start, evidence.end, evidence.quote)
