"""Who met whom, when and where (buổi làm việc, chuyến thăm, lễ, hội nghị)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from hoptac.reading.claims.deeds import Deeds
from hoptac.reading.claims.judge import confidence, judge_weights
from hoptac.reading.claims.tellings import Telling, tellings, told_on
from hoptac.reading.scene import Scene
from hoptac.reading.values import Event

STANDS = 0.35
"""An event is read where the judge is at least so sure of it: where F1 on labelled pages is best."""

MOST = 12
"""At most so many tellings of one kind and day are looked at: that bounds the work on a page of any length."""

EARLIER = 4
"""Groups told before one are looked for among so many first ones of its kind."""

SHOWN = ("frame", "role", "word", "officer", "b1")
KINDED = ("exact", "best", "line0", "size", "sides", "earlier")
"""Features of tellings that their group has as well; features of a group that say something else for each kind."""

EVIDENCE = 3
"""An event shows at most so many of the sentences that tell of it."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A telling that may be an event of its own, with all that the page tells of its kind and day."""

    told: Telling
    together: tuple[Telling, ...]
    features: tuple[str, ...]

    @property
    def kind(self) -> str:
        return self.told.kind

    @property
    def date(self) -> str | None:
        return self.told.date


class Told(NamedTuple):
    """What a page tells of events in all: how many tellings, the first of each group by kind, how many of each day."""

    tellings: int
    kinds: Mapping[str, Sequence[Telling]]
    days: Mapping[str, int]
    most: int


def read_events(scene: Scene, deeds: Deeds) -> tuple[Event, ...]:
    """The events of the page's main lines in text order, each with its day, place and parties."""
    if not deeds.events.all:
        return ()
    weights = scene.lexicon.built(judge_weights)
    judged = weights.get("events", {})
    found = []
    for draft in draft_events(scene, told_on(tellings(scene, deeds), weights.get("days", {}))):
        sure = confidence(judged, draft.features)
        if sure >= STANDS:
            found.append(_event(scene, draft, sure))
    return tuple(found)


def _event(scene: Scene, draft: Draft, sure: float) -> Event:
    told = draft.told
    first = draft.together[0] is told
    others = draft.together if first else (told,)
    place = told.place or next((t.place for t in others if t.place), None)
    spans = list(dict.fromkeys([told.sentence, *(t.sentence for t in others)]))[:EVIDENCE]
    evidence = tuple(scene.doc.evidence(*span) for span in spans)
    return Event(told.kind, told.date, place, told.parties, evidence, round(sure, 2))


def draft_events(scene: Scene, told: Sequence[Telling]) -> list[Draft]:
    """Every telling as an event that it may be: those of one kind and day stand together, the best of them first; the others
    are the same event told again, or another one of that day."""
    groups: dict[tuple[str, str | None], list[Telling]] = {}
    for t in told:
        groups.setdefault((t.kind, t.date), []).append(t)
    kinds: dict[str, list[Telling]] = {}
    for group in groups.values():
        kinds.setdefault(group[0].kind, []).append(group[0])
    days = Counter(t.date for t in told if t.date)
    page = Told(len(told), kinds, days, max(days.values(), default=0))
    drafts = []
    for group in groups.values():
        together = tuple(sorted(group, key=_rank)[:MOST])
        shown = _group_features(scene, together, group[0], page)
        for n, one in enumerate(together):
            drafts.append(Draft(one, together, (*one.features, *_draft_features(one, n, together, shown))))
    return sorted(drafts, key=lambda d: d.told.start)


def _rank(t: Telling) -> tuple[object, ...]:
    """The best telling first: with its sides, in the story's own sentences, by the surest word."""
    return (t.role == "headline", -min(len(t.parties), 2), -t.strength, t.start)


def _group_features(scene: Scene, together: Sequence[Telling], first: Telling, page: Told) -> tuple[str, ...]:
    """What all tellings of one kind and day show, and how they stand among those of the page."""
    one = together[0]
    kind, date = one.kind, one.date
    out = [f"any {f}" for f in dict.fromkeys(f for t in together for f in t.features) if f.startswith(SHOWN)]
    alike = page.kinds[kind]
    dated = len(alike) - any(t.date is None for t in alike[:MOST])
    earlier = [t for t in alike[:EARLIER] if t.start < first.start]
    own = [
        f"size={min(len(together), 4)}",
        f"exact={len(date.split('-')) if date else 0}",
        f"best={max(t.strength for t in together)}",
        f"line0={min(t.line for t in together)}",
        f"sides={max(min(len(t.parties), 3) for t in together)}",
        f"placed={any(t.place for t in together)}",
        f"other dated={min(dated - (date is not None), 3)}",
        f"other undated={date is not None and dated < len(alike)}",
        f"earlier dated={any(t.date for t in earlier)}",
        f"earlier undated={any(t.date is None for t in earlier)}",
        f"kinds={min(len(page.kinds), 4)}",
        f"tellings={min(page.tellings // 2, 6)}",
        f"officers={min(len(scene.officers), 3)}",
        f"localities={min(len(scene.localities), 3)}",
    ]
    if date is not None:
        own.append(f"main day={page.days[date] == page.most}")
        if scene.year is not None:
            own.append(f"age={min(max(scene.year - int(date[:4]), -1), 2)}")
    if any(t.word in {x.word for x in together} for t in earlier):
        own.append("earlier word")
    return (*out, *own, *(f"{kind}|{f}" for f in own if f.startswith(KINDED)))


def _draft_features(one: Telling, n: int, together: Sequence[Telling], page: Sequence[str]) -> list[str]:
    """What the judge sees of one telling in its group: the first of it with all that is told together, a later one by what it
    tells anew."""
    kind = one.kind
    out = [
        f"kind={kind}",
        *(
            f"{kind}|{f}"
            for f in one.features
            if f.startswith(("line=", "near=", "parties=", "role=", "day="))
        ),
    ]
    if n == 0:
        return [*out, "first", *(f"first {f}" for f in page)]
    best = together[0]
    known = {p.name for t in together[:n] for p in t.parties}
    mine = {p.name for p in one.parties}
    out += [
        f"nth={min(n, 3)}",
        f"nth|{kind}",
        f"nth|dated={one.date is not None}",
        f"nth|new={min(len(mine - known), 2)}|shared={bool(mine & known)}",
        f"nth|place={'none' if one.place is None else any(t.place == one.place for t in together[:n])}",
        f"nth|word={any(t.word == one.word for t in together[:n])}",
        f"nth|strength={one.strength}",
        f"nth|sentence={any(t.sentence == one.sentence for t in together[:n])}",
        f"nth|line={one.line == best.line}",
        f"nth|{one.role}",
        f"nth|parties={min(len(mine), 3)}",
        f"nth|{kind}|new={bool(mine - known)}",
        f"nth|size={min(len(together), 6)}",
        *(
            f"nth {f}"
            for f in one.features
            if f.startswith(("near", "word", "b1", "a1", "chance", "day", "opens"))
        ),
    ]
    return out
