"""Who met whom, when and where (buổi làm việc, chuyến thăm, lễ, hội nghị)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache, partial

from hoptac.lexicon import Lexicon
from hoptac.reading.claims.deeds import SURE, Deed, Deeds
from hoptac.reading.claims.judge import judge
from hoptac.reading.claims.phrases import place_in
from hoptac.reading.mentions import BodyName, PersonName, PlaceName, Reference, Span, When
from hoptac.reading.scan import Hit, Scanner, literal_form
from hoptac.reading.scene import Scene
from hoptac.reading.values import Event, PartyName

STANDS = 0.24
"""An event is read where the judge is at least so sure of it: where F1 on labelled pages is best."""

FRAME = 60
"""What an event's name is in its sentence is looked for at most so many characters before it."""


@dataclass(frozen=True, slots=True)
class Told:
    """One place where a page names an event."""

    kind: str
    word: str
    strength: int
    date: str | None
    parties: tuple[PartyName, ...]
    place: PartyName | None
    span: tuple[int, int]
    role: str
    line: int
    dated: bool
    features: tuple[str, ...]


@dataclass(slots=True)
class Draft:
    """All that a page tells of what may be one event."""

    kind: str
    date: str | None
    told: list[Told] = field(default_factory=list)


def read_events(scene: Scene, deeds: Deeds) -> tuple[Event, ...]:
    """The events of the page's main lines, each once with its day, place and parties."""
    stands = judge(scene.lexicon, "events")
    drafts = draft_events(scene, deeds)
    events = []
    for draft in drafts:
        sure = stands(features_of(scene, draft, drafts))
        if sure >= STANDS:
            events.append(_event(scene, draft, sure))
    return tuple(events)


def _event(scene: Scene, draft: Draft, sure: float) -> Event:
    best = max(draft.told, key=lambda t: (len(t.parties) >= 2, t.date is not None, t.strength, -t.span[0]))
    place = best.place or next((t.place for t in draft.told if t.place), None)
    spans = list(dict.fromkeys([best.span, *(t.span for t in draft.told)]))[:3]
    evidence = tuple(scene.doc.evidence(*span) for span in spans)
    return Event(draft.kind, draft.date, place, best.parties, evidence, round(sure, 2))


def draft_events(scene: Scene, deeds: Deeds) -> list[Draft]:
    """What the page tells, brought together: one draft for each kind and day. What is told without a day belongs to the
    day told before it or else to the first one of its kind; told in the first lines, to the day that they name."""
    drafts: list[Draft] = []
    undated: list[Told] = []
    for told in _told(scene, deeds):
        if told.date is None:
            undated.append(told)
            continue
        known = next((d for d in drafts if (d.kind, d.date) == (told.kind, told.date)), None)
        if known is None:
            drafts.append(known := Draft(told.kind, told.date))
        known.told.append(told)
    opening = _opening_day(scene) if undated else None
    for told in undated:
        same = [d for d in drafts if d.kind == told.kind]
        before = [d for d in same if d.date is not None and d.told[0].span[0] <= told.span[0]]
        if same:
            (before or same)[-1 if before else 0].told.append(told)
        else:
            first = told.line < FIRST_LINES and not told.dated
            drafts.append(Draft(told.kind, opening if first else None, [told]))
    for draft in drafts:
        draft.told.sort(key=lambda t: t.span[0])
    return sorted(drafts, key=lambda d: d.told[0].span[0])


def _opening_day(scene: Scene) -> str | None:
    """The day that the first lines of a page name first, where its year is settled."""
    years = cache(partial(Years.of, scene))
    for start, end, _ in scene.main[:FIRST_LINES]:
        for m in scene.figures_in(start, end):
            if isinstance(m, When) and m.day and not m.anniversary:
                return _iso(scene, m, years)
    return None


def _told(scene: Scene, deeds: Deeds) -> Iterator[Told]:
    if not deeds.events.all:
        return
    years = cache(partial(Years.of, scene))
    for n, (start, end, role) in enumerate(scene.main):
        if not deeds.events.within(start, end):
            continue
        for a, b in scene.sentences_in(start, end):
            hits = deeds.events.within(a, b)
            if not hits:
                continue
            dates = [m for m in scene.figures_in(a, b) if isinstance(m, When) and not m.anniversary]
            parties = _parties(scene, a, b)
            place = place_in(scene, a, b)
            seen = set()
            for hit in hits:
                kind, strength = hit.value.event or ("", 0)
                day = _day_of(hit, dates, a)
                if (kind, day) in seen and strength < SURE:
                    continue
                seen.add((kind, day))
                features = _features(scene, hit, (a, b), day, parties)
                yield Told(
                    kind,
                    hit.value.literal,
                    strength,
                    _iso(scene, day, years),
                    parties,
                    place,
                    (a, b),
                    role,
                    n,
                    day is not None,
                    features,
                )


DATE_NEAR = 70
"""A day is an event's where it opens the sentence or stands at most so many characters from the event's name."""

YEAR_NEAR = 30
"""A year alone is an event's only where it stands so near."""

SOON = 3
"""A month written with its year settles the year of days at most so many months after it."""

FIRST_LINES = 4
"""What the first lines tell without a day happened on the first day that they name."""


def _day_of(hit: Hit[Deed], dates: Sequence[When], start: int) -> When | None:
    def apart(m: When) -> int:
        return max(m.start - hit.end, hit.start - m.end)

    days = [m for m in dates if m.month and (m.start - start < 20 or apart(m) < DATE_NEAR)]
    if not days:
        days = [m for m in dates if m.month is None and m.year and apart(m) < YEAR_NEAR]
    return min(days, key=apart, default=None)


_YEAR = re.compile(r"\d{4}")


@dataclass(frozen=True)
class Years:
    """The years that a page settles for its days: those that it names barely ("năm 2019") or with a full day, and not as the
    end, begin or birth of something; and by month those that it names with a month."""

    named: frozenset[int]
    months: frozenset[tuple[int, int]]

    @classmethod
    def of(cls, scene: Scene) -> Years:
        named, months = set(), set()
        frames = scene.lexicon.built(_frames)
        for m in scene.figures:
            if isinstance(m, Span) and m.anniversary and m.last and m.last.year:
                named.add(m.last.year)
            if not isinstance(m, When) or m.year is None:
                continue
            if m.anniversary or (m.day and _written(scene, m)):
                named.add(m.year)
            elif m.month and not m.day and _written(scene, m):
                months.add((m.year, m.month))
            elif not m.month:
                words = scene.doc.low[max(0, m.start - 16) : m.end].split()[-4:]
                if not any(frames.get(word.strip("(,")) == "othertime" for word in words):
                    named.add(m.year)
        return cls(frozenset(named), frozenset(months))

    def settle(self, day: When) -> bool:
        return day.year in self.named or any(
            year == day.year and 0 <= (day.month or 0) - month <= SOON for year, month in self.months
        )


def _written(scene: Scene, day: When) -> bool:
    return _YEAR.search(scene.doc.text, day.start, day.end) is not None


def _iso(scene: Scene, day: When | None, years: Callable[[], Years]) -> str | None:
    """A day as exact as the page: its year is written with it, or the page's own date or news of that year settles it."""
    if day is None or day.iso is None:
        return None
    dated = scene.page_date is not None and len(scene.page_date) > 4
    return day.iso if dated or _written(scene, day) or years().settle(day) else None


def _frames(lexicon: Lexicon) -> dict[str, str]:
    return {literal_form(row["literal"]): row["means"] for row in lexicon.table("event_frames")}


def _parties(scene: Scene, start: int, end: int) -> tuple[PartyName, ...]:
    parties: dict[str, PartyName] = {}
    for m in scene.names_in(start, end):
        if isinstance(m, Reference) and len(m.names) < 2:
            continue
        for party in scene.parties_of(m):
            parties.setdefault(party.name, party)
    localities = [p for p in parties.values() if p.code and len(p.code) == 2]
    return tuple(localities) if len(localities) >= 2 else tuple(parties.values())


def _frame_scanner(lexicon: Lexicon) -> Scanner[str]:
    return Scanner({row["literal"]: row["means"] for row in lexicon.table("event_frames")})


def _features(
    scene: Scene,
    hit: Hit[Deed],
    sentence: tuple[int, int],
    day: When | None,
    parties: Sequence[PartyName],
) -> tuple[str, ...]:
    """What one mention of an event shows."""
    low = scene.doc.low
    start, end = sentence
    before = low[max(start, hit.start - FRAME) : hit.start]
    frames = [h.value for h in scene.lexicon.built(_frame_scanner).find(before)]
    names = scene.names_in(start, end)
    out = {f"frame={frame}" for frame in frames}
    out.add(f"near={frames[-1] if frames else 'none'}")
    if any(isinstance(n, PersonName) and n.end <= hit.start for n in names):
        out.add("person before")
    if any(isinstance(n, PersonName) and n.start >= hit.end for n in names):
        out.add("person after")
    if any(isinstance(n, PlaceName | BodyName) and n.end <= hit.start for n in names):
        out.add("party before")
    if any(isinstance(n, PlaceName | BodyName) and n.start >= hit.end for n in names):
        out.add("party after")
    if any(
        isinstance(n, PersonName) and scene.full_names.get(n.name, n.name) in scene.in_office for n in names
    ):
        out.add("officer")
    out.add(f"parties={min(len(parties), 3)}")
    out.add("date near" if day and abs(day.start - hit.start) < 80 else "date far" if day else "no date")
    return tuple(sorted(out))


def features_of(scene: Scene, draft: Draft, drafts: Sequence[Draft]) -> tuple[str, ...]:
    """What the judge of events looks at: the first and best telling, and all of them together."""
    told = draft.told
    best = max(told, key=lambda t: (t.strength, -t.span[0]))
    out = {f"first {f}" for f in told[0].features}
    out |= {f"any {f}" for t in told for f in t.features}
    out |= {f"role={t.role}" for t in told}
    out |= {f"word={t.word}" for t in told}
    out.add(f"best={best.word}")
    out |= {
        f"kind={draft.kind}",
        f"{draft.kind}.dated={'yes' if draft.date else 'no'}",
        f"dated={len(draft.date.split('-')) if draft.date else 0}",
        f"{draft.kind}.strength={best.strength}",
        f"strength={best.strength}",
        f"times={min(len(told), 4)}",
        f"line={min(told[0].line, 4)}",
        f"{draft.kind}.line={min(told[0].line, 3)}",
        f"drafts={min(len(drafts), 5)}",
        f"officers={min(len(scene.officers), 3)}",
        f"place={any(t.place for t in told)}",
    }
    same = [d for d in drafts if d.kind == draft.kind]
    nth = min(same.index(draft), 2)
    out |= {f"nth={nth}", f"nth{nth}.strength={best.strength}", f"nth{nth}.dated={draft.date is not None}"}
    out.add(f"nth{nth}.parties={max(min(len(t.parties), 3) for t in told)}")
    out.add(f"{draft.kind}.parties={max(min(len(t.parties), 2) for t in told)}")
    if draft.date and scene.year is not None:
        age = scene.year - int(draft.date[:4])
        out.add(f"age={min(max(age, -1), 2)}")
        if scene.page_date:
            out.add("page dated")
    if not scene.localities:
        out.add("no locality")
    return tuple(sorted(out))
