"""When a deed was done (thời gian của khoản hỗ trợ): the years and periods that a page offers for it, and what speaks for each."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from hoptac.reading.claims.around import step
from hoptac.reading.claims.candidates import Candidate
from hoptac.reading.claims.cast import Cast
from hoptac.reading.mentions import Span, When

Time = tuple[int | None, tuple[int | None, int | None] | None]
"""A year, or a period with two ends; neither where the page does not say."""

UNSAID: Time = (None, None)

BACK = 600
"""Times named so many characters before a sentence may still be its own."""

MEANT = frozenset(
    ("now", "recent", "past", "habit", "will", "plan", "ask", "passive", "say", "same", "going")
)
"""Kinds of words before a verb that say something of its time."""


@dataclass(frozen=True)
class Answer:
    """One answer to when a deed was done, with what speaks for it."""

    time: Time
    features: Sequence[str]


def time_of(when: When | Span | None) -> Time:
    """The year or period that a mention means.

    >>> time_of(When(0, 4, 2019)), time_of(Span(0, 9, When(0, 4, 2011), When(5, 9, 2019)))
    ((2019, None), (None, (2011, 2019)))
    """
    if isinstance(when, When) and when.year is not None:
        return when.year, None
    if isinstance(when, Span) and (when.first or when.last):
        first = when.first.year if when.first else None
        last = when.last.year if when.last else None
        return (first, None) if first is not None and first == last else (None, (first, last))
    return UNSAID


def time_answers(cand: Candidate, cast: Cast, last: Candidate | None) -> list[Answer]:
    """Every time that the page offers for a deed, and none: those of its sentence, those named shortly before, the page's own
    year, and that of the deed told ``last`` before it."""
    clause = cand.clause
    scene, (a, b) = clause.scene, clause.sentence
    said: dict[Time, set[str]] = {UNSAID: {"none"}}

    def add(time: Time, *features: str) -> None:
        if time != UNSAID:
            said.setdefault(time, set()).update(features)

    own = [m for m in scene.times_in(a, b) if time_of(m) != UNSAID]
    for m in own:
        add(time_of(m), *_of_sentence(cand, m, own))
    line = cast.sentences[cast.number(a)][2]
    told = [m for m in scene.times_in(max(0, a - BACK), b + BACK // 3) if time_of(m) != UNSAID]
    earlier = [m for m in told if m.start < a and not m.anniversary]
    for n, m in enumerate(reversed(earlier[-4:])):
        same = cast.sentences[cast.number(m.start)][2] == line
        shape = _shape(m)
        add(time_of(m), f"back{n}", f"back{n}|{shape}", f"back|line={same}", f"back{n}|line={same}|{shape}")
    ahead = next((m for m in told if m.start >= b), None)
    if ahead is not None:
        add(time_of(ahead), "ahead", f"ahead|{_shape(ahead)}")
    add(time_of(cand.when), "carried", f"carried|own={bool(own)}")
    carried = time_of(cand.when) != UNSAID
    if scene.year is not None:
        mark = "page+" if carried else "page"
        add((scene.year, None), "page", *(f"{mark}:{name}" for name in _page_features(cand)))
    if last is not None:
        gap = step(cast.number(a) - cast.number(last.clause.sentence[0]))
        add(time_of(last.when), "prev", f"prev|{gap}", f"prev|own={bool(own)}|carried={carried}")
    plain = [m for m in own if not m.anniversary]
    shared = [
        f"own={min(len(plain), 2)}",
        f"carried={carried}",
        f"carried={carried}|year={scene.year is not None}",
        f"earlier={bool(earlier)}",
        f"year={scene.year is not None}",
        f"figured={cand.piece.money is not None or cand.piece.count is not None}",
        *(f"told={kind}" for kind in sorted({t.kind for t in clause.before} & MEANT)),
        f"role={clause.role}",
        f"loose={cand.loose}",
    ]
    years = {time for time in said if time[0] is not None}
    answers = []
    for time, features in said.items():
        kind = "none" if time == UNSAID else "page" if "page" in features else "year" if time[0] else "period"
        found = [*sorted(features), *(f"{kind}|{name}" for name in shared)]
        found.append(f"{kind}|years={min(len(years), 3)}")
        if time[0] is not None and scene.year is not None:
            found.append(f"{kind}|off={max(-3, min(3, time[0] - scene.year))}")
        if time[0] is not None and time[0] == max(y[0] or 0 for y in years):
            found.append("latest")
        answers.append(Answer(time, found))
    return answers


def _shape(m: When | Span) -> str:
    if isinstance(m, Span):
        return "span" if m.first and m.last else "open"
    return "day" if m.day is not None else "month" if m.month is not None else "year"


def _of_sentence(cand: Candidate, m: When | Span, own: Sequence[When | Span]) -> Iterator[str]:
    """What speaks for a time of the candidate's own sentence."""
    clause = cand.clause
    shape = _shape(m)
    if m.anniversary:
        yield "anniversary"
        return
    verb, figure = clause.head, cand.figure
    side = "L" if m.end <= verb.start else "R"
    yield f"here|{side}"
    yield f"here|{shape}"
    yield f"here|{side}|{shape}"
    yield f"here|only={len(own) == 1}|{side}"
    lefts = [o for o in own if o.end <= verb.start]
    if side == "L":
        yield f"here|L|nearest={m is lefts[-1]}|{shape}"
        yield f"here|L|inclause={m.start >= clause.tokens[clause.left].start if clause.left < len(clause.tokens) else False}"
    else:
        yield f"here|R|inside={m.start < clause.end}|{shape}"
        rights = [o for o in own if o.start >= verb.end]
        yield f"here|R|nearest={m is rights[0]}"
    yield f"here|{'pre' if m.end <= figure else 'post'}figure"
    if m.start == clause.sentence[0]:
        yield f"here|opens|{shape}"
    words = len(clause.scene.doc.text[min(m.end, figure) : max(m.start, figure)].split())
    yield f"here|words={step(words)}"
    lead = clause.scene.doc.low[clause.sentence[0] : m.start].split()
    if lead:
        yield f"here|lead={lead[-1]}"


def _page_features(cand: Candidate) -> Iterator[str]:
    """What speaks for a deed being of the page's year."""
    clause = cand.clause
    scene, piece = clause.scene, cand.piece
    a, b = clause.sentence
    at = bisect_right(scene.main_starts, a) - 1
    line = scene.main[at][:2] if at >= 0 and a < scene.main[at][1] else (a, b)
    dated = scene.dated
    yield f"years={min(dated.years, 4)}"
    yield f"own={step(len(dated.own))}"
    yield f"days={min(len(dated.days), 3)}"
    lead = scene.main[min(2, len(scene.main) - 1)][1]
    yield f"early={bool(dated.own) and dated.own[0].start < lead}"
    yield f"earlyday={bool(dated.days) and dated.days[0].start < lead}"
    yield f"line={dated.owns_in(*line)}"
    before = dated.before(a)
    yield f"last={'none' if not before else 'own' if dated.whens[before - 1].year == scene.year else 'other'}"
    kinds = {t.kind for t in clause.before}
    for kind in kinds & {"now", "recent", "past", "habit", "will", "plan", "ask", "passive", "say"}:
        yield f"told={kind}"
    yield f"role={clause.role}"
    yield f"figured={piece.money is not None or piece.count is not None}"
    yield f"when={type(cand.when).__name__}"
    yield f"first={not before}"
    yield f"place={step(bisect_left(scene.main_starts, a))}"
    yield f"pagedate={len(scene.page_date or '')}"
    if "now" in kinds and (day := dated.last_day(a)) is not None:
        yield f"onday={day.year == scene.year}"
