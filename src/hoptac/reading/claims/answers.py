"""Of what field and act a contribution is, and where it goes (lĩnh vực, hình thức, địa bàn).

Each is a choice between a few answers by the learned weights of ``claim_weights``; what the tables and the grammar say
of the candidate are features among others.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from hoptac.reading.claims.args import Arg
from hoptac.reading.claims.around import Around, step
from hoptac.reading.claims.candidates import Candidate
from hoptac.reading.claims.grammar import kind_class, ruled_recipient
from hoptac.reading.claims.phrases import place_in
from hoptac.reading.claims.topics import count_fields
from hoptac.reading.mentions import PlaceName
from hoptac.reading.scene import PROVINCE, Scene
from hoptac.reading.values import PartyName

ACTS = ("fund", "build", "repair", "equip", "gift", "train", "treat", "relief", "invest", "other")
FIELDS = (
    *("party", "economy", "urban", "environment", "culture", "tourism", "health", "welfare", "education"),
    *("security", "agriculture", "science", "transport", "disaster", "other"),
)

WHAT_WORDS = 4
"""So many words of the thing, and of who receives it, are features each."""

NEAR = 300
"""So many characters before and after a sentence are near it."""

BEFORE = 5
"""So many tokens before the verb are features each."""


@dataclass(frozen=True)
class Told:
    """What a page tells beside its sentences: the fields that its words and its headline point to, and its places in order."""

    fields: Counter[str]
    headline: Counter[str]
    classes: frozenset[str]
    often: frozenset[str]
    places: tuple[PlaceName, ...]
    counts: Counter[str]
    head_end: int

    @cached_property
    def ranks(self) -> dict[str, int]:
        """Each place by how often it is named, the most often first."""
        return {name: n for n, (name, _) in enumerate(self.counts.most_common())}

    @cached_property
    def finest(self) -> int:
        """The narrowest level named."""
        return max((m.level for m in self.places), default=0)

    @cached_property
    def groups(self) -> dict[tuple[str, str | None], list[PlaceName]]:
        """The places by name and unit, in order of first mention."""
        found: dict[tuple[str, str | None], list[PlaceName]] = {}
        for m in self.places:
            found.setdefault((m.name, m.unit), []).append(m)
        return found

    @cached_property
    def starts(self) -> list[int]:
        """Where each place begins."""
        return [m.start for m in self.places]

    def places_in(self, start: int, end: int) -> Sequence[PlaceName]:
        """The places named in a stretch."""
        return self.places[bisect_left(self.starts, start) : bisect_left(self.starts, end)]


def look_further(scene: Scene, around: Around) -> Told:
    """What a page tells beside its sentences; asked only of pages that tell of a contribution."""
    head_end = scene.main[0][1] if scene.main else 0
    low = scene.doc.low
    places = tuple(m for m in scene.names if isinstance(m, PlaceName) and m.level >= PROVINCE)
    size = max(2, len(low) // 1000)
    return Told(
        fields=count_fields(low, lexicon=scene.lexicon),
        headline=count_fields(low[:head_end], lexicon=scene.lexicon),
        classes=frozenset(hit.value for hit in around.hits.within(0, head_end)),
        often=frozenset(name for name, n in around.page.items() if n >= size),
        places=places,
        counts=Counter(m.name for m in places),
        head_end=head_end,
    )


def said_features(cand: Candidate) -> list[str]:
    """What the candidate's own words say: its thing, its verb, who receives it; the same for every answer."""
    clause, piece = cand.clause, cand.piece
    verb, low = clause.head, clause.scene.doc.low
    form = "money" if piece.money else "count" if piece.count else "plain"
    found = ["bias", f"form={form}", f"verb={verb.word}|{form}", f"verb={low[verb.start : verb.end]}"]
    found += [f"thing={piece.thing}", f"thing={piece.thing}|{form}"]
    found += [f"work={act}" for act in sorted({*clause.verb.acts, *piece.acts})]
    words = [w.strip(",.;:") for w in piece.text.lower().split()[:WHAT_WORDS]]
    found += [f"w={word}" for word in words]
    found += [f"w={one} {two}" for one, two in pairwise(words)]
    if piece.count is not None:
        found.append(f"unit={' '.join(piece.count.unit.lower().split()[:2])}")
    receiver = ruled_recipient(cand)
    found.append(f"to={kind_class(receiver[0].kind) if receiver else '-'}")
    for party in (p for arg in receiver[:1] for p in arg.parties):
        found += [f"r={word}" for word in party.name.lower().split()[:WHAT_WORDS]]
    return found


def told_features(cand: Candidate, around: Around, told: Told) -> list[str]:
    """What sentence and page say around the candidate, the same for every answer."""
    clause, (a, b) = cand.clause, cand.clause.sentence
    found = [f"voice={clause.verb.voice}"]
    found += [f"near={t.kind}" for t in clause.before[-BEFORE:]]
    found += [f"told={kind}" for kind in sorted({t.kind for t in clause.before})]
    found += [f"after={kind}" for kind in sorted({t.kind for t in clause.region})]
    found += [f"here={name}" for name in sorted({hit.value for hit in around.hits.within(a, b)})]
    found += [f"head={name}" for name in sorted(told.classes)]
    found += [f"page={name}" for name in sorted(told.often)]
    found += [f"role={clause.role}", f"loose={cand.loose}", f"when={type(cand.when).__name__}"]
    return found


def field_points(cand: Candidate, told: Told) -> dict[str, set[str]]:
    """For each field the places near a candidate whose words point to it: its thing, receiver, sentence, headline, page."""
    clause, scene = cand.clause, cand.clause.scene
    to = " ".join(p.name.lower() for arg in ruled_recipient(cand) for p in arg.parties)
    before = max(0, clause.sentence[0] - NEAR)
    spoken = {
        "thing": count_fields(cand.piece.text.lower(), lexicon=scene.lexicon),
        "to": count_fields(to, lexicon=scene.lexicon),
        "sentence": count_fields(scene.doc.low[slice(*clause.sentence)], lexicon=scene.lexicon),
        "before": count_fields(scene.doc.low[before : clause.sentence[0]], lexicon=scene.lexicon),
        "headline": told.headline,
        "page": told.fields,
    }
    points: dict[str, set[str]] = {name: set() for name in FIELDS}
    for name, counts in spoken.items():
        top = max(counts.values(), default=0)
        for n, (field, count) in enumerate(counts.most_common()):
            points[field].add(f"{name}>")
            if count == top:
                points[field].add(f"{name}!")
            elif n == 1:
                points[field].add(f"{name}2")
    if cand.topic:
        points[cand.topic].add("topic")
    return points


def field_answers(cand: Candidate, told: Told) -> list[list[str]]:
    """The features of each field."""
    shared = said_features(cand)
    points = field_points(cand, told)
    own = {name: sorted(points[name]) for name in FIELDS}
    return [
        [*own[name], *(f"{p}@{name}" for p in own[name]), *(f"{f}@{name}" for f in shared)] for name in FIELDS
    ]


def act_answers(cand: Candidate, around: Around, told: Told, ruled: str) -> list[list[str]]:
    """The features of each act; ``ruled`` is what verb and thing alone say."""
    shared = [*said_features(cand), *told_features(cand, around, told), f"rule={ruled}"]
    for field, places in field_points(cand, told).items():
        shared += [f"field={field}|{p}" for p in sorted(places)]
        if {"headline>", "sentence>"} & places:
            shared.append(f"rule={ruled}|{field}")
    works = [t.word for t in cand.clause.region if t.kind == "work"]
    form = "money" if cand.piece.money else "other"
    own = ["ruled", f"ruled|worked={ruled in works}", f"ruled|worked={ruled in works}|{form}"]
    own.append(f"ruled|only={ruled in works and len(set(works)) == 1}")
    return [[*(f"{f}@{name}" for f in shared), *(own if name == ruled else [])] for name in ACTS]


STATUSES = ("requested", "pledged", "ongoing", "done")

STATUS_NEAR = 4
"""So many tokens before a verb tell by grammar alone whether it is asked for, promised or under way."""


def ruled_status(cand: Candidate) -> str:
    """How far a deed has come, by the words before its verb alone."""
    clause = cand.clause
    near = {t.kind for t in clause.tokens[max(0, clause.verb.first - STATUS_NEAR) : clause.verb.first]}
    if "ask" in near:
        return "requested"
    if near & {"will", "plan"}:
        return "pledged"
    habit = any(t.kind == "habit" for t in (*clause.before, *clause.region[:2]))
    return "ongoing" if habit or "going" in near else "done"


TELLING = frozenset(
    ("ask", "will", "plan", "going", "habit", "past", "recent", "now", "not", "say", "passive")
)
"""Kinds of words that say how far a deed has come."""


def status_answers(cand: Candidate, around: Around, told: Told) -> list[list[str]]:
    """The features of each status."""
    clause, scene = cand.clause, cand.clause.scene
    (a, b), verb = clause.sentence, clause.head
    form = "money" if cand.piece.money else "count" if cand.piece.count else "plain"
    shared = ["bias", f"form={form}", f"rule={ruled_status(cand)}", f"verb={verb.word}", f"kind={verb.kind}"]
    shared += [
        f"verb={scene.doc.low[verb.start : verb.end]}",
        f"voice={clause.verb.voice}",
        f"loose={cand.loose}",
    ]
    before = [t for t in clause.tokens if t.end <= verb.start]
    for n, t in enumerate(reversed(before[-BEFORE:])):
        if t.kind in TELLING:
            shared += [f"before={t.kind}", f"before{n}={t.kind}", f"before={scene.doc.low[t.start : t.end]}"]
    shared += [f"after={t.kind}" for t in clause.tokens if t.start >= verb.end and t.kind in TELLING]
    shared += [f"told={kind}" for kind in sorted({t.kind for t in before} & TELLING)]
    words = scene.doc.low[a : verb.start].split()[-2:]
    shared += [f"prev={words[-1]}"] if words else []
    shared += [f"prev2={' '.join(words)}"] if len(words) > 1 else []
    hits = {hit.value[0] for hit in clause.marks.words.within(max(0, a - NEAR), a)}
    shared += [f"earlier={kind}" for kind in sorted(hits & TELLING)]
    top = {hit.value[0] for hit in clause.marks.words.within(0, told.head_end)}
    shared += [f"head={kind}" for kind in sorted(top & TELLING)]
    shared += [f"here={name}" for name in sorted({hit.value for hit in around.hits.within(a, b)})]
    shared += [f"act={act}" for act in sorted({*clause.verb.acts, *cand.piece.acts})]
    shared += [f"role={clause.role}", f"when={type(cand.when).__name__}"]
    return [[f"{f}@{name}" for f in shared] for name in STATUSES]


@dataclass(frozen=True)
class Where:
    """One answer to where a thing goes, with what speaks for it; no place where the page does not say it."""

    place: PartyName | None
    features: Sequence[str]


def where_answers(cand: Candidate, told: Told) -> list[Where]:
    """The places named on the page, the first ``PLACES`` of them and all near the candidate, each with where it stands to the candidate; and none."""
    clause, (a, b) = cand.clause, cand.clause.sentence
    ruled = place_in(clause.scene, cand.piece.start, clause.end)
    receiver = ruled_recipient(cand)
    lines = clause.scene.main_starts
    n = bisect_right(lines, a) - 1
    line = clause.scene.main[n][0] if n >= 0 else a
    named = {p.name for arg in (*cand.carried.right, *cand.story.right) for p in arg.parties}
    inside = told.places_in(a, b)
    near = {
        (m.name, m.unit)
        for m in (
            *told.places_in(line, a),
            *told.places_in(max(0, a - NEAR), min(len(clause.scene.doc.low), b + NEAR)),
        )
    }
    answers = [Where(None, [*_nowhere(cand, told)])]
    for order, ((name, unit), some) in enumerate(told.groups.items()):
        if order >= PLACES and (name, unit) not in near:
            continue
        first = some[0]
        level = str(first.level)
        found: set[str] = set()
        if ruled is not None and (ruled.name, ruled.unit) == (name, unit):
            found.add("ruled")
        found |= {f"level={level}", f"rank={step(told.ranks[name])}", f"first={step(order)}"}
        found.add(f"narrowest={first.level == told.finest}")
        if first.start < told.head_end:
            found.add("headline")
        if (name, unit) in near:
            starts = [m.start for m in some]
            low, high = bisect_left(starts, min(line, a - NEAR)), bisect_left(starts, b + NEAR)
            for m in some[low:high]:
                if a <= m.start < b:
                    found |= _place_here(cand, m, inside, receiver)
                elif line <= m.start < a:
                    found.add("line<")
                elif a - NEAR <= m.start < a:
                    found.add("before")
                elif b <= m.start:
                    found.add("next")
        if any(name in one for one in named):
            found.add("carried")
        if not {f for f in found if f.startswith("here")}:
            found.add("elsewhere")
        ordered = sorted(found)
        crossed = [f"{f}|{level}" for f in ordered if not f.startswith("level")]
        answers.append(Where(PartyName(name, first.code, unit), [*ordered, *crossed]))
    return answers


PLACES = 60
"""A page of more places than this names most of them far from any one deed."""


def _place_here(
    cand: Candidate, m: PlaceName, inside: Sequence[PlaceName], receiver: Sequence[Arg]
) -> set[str]:
    """Where a place of the candidate's own sentence stands in it."""
    clause = cand.clause
    side = "L" if m.end <= clause.head.start else "R" if m.start < clause.end else "beyond"
    found = {f"here={side}"}
    lead = [t for t in clause.tokens if t.end <= m.start]
    if lead and not clause.scene.doc.low[lead[-1].end : m.start].strip():
        found |= {f"prep={lead[-1].kind}", f"prep={lead[-1].kind}|{side}"}
    if m.end <= clause.end and not any(clause.end > o.start > m.start for o in inside):
        found.add(f"last={side}")
    if not any(o.level > m.level for o in inside):
        found.add(f"finest={side}")
    around = [arg for arg in cand.args if arg.start <= m.start and m.end <= arg.end]
    found.add(f"in={side}|{kind_class(around[0].kind) if around else '-'}")
    found.add(f"after={side}|{around[0].before if around else '-'}")
    if any(arg in receiver for arg in around):
        found.add("receiver")
    return found


def _nowhere(cand: Candidate, told: Told) -> Iterator[str]:
    """What speaks for a page that does not say where."""
    clause, (a, b) = cand.clause, cand.clause.sentence
    inside = told.places_in(a, b)
    first = told.places[0].start if told.places else -1
    yield "none"
    yield f"none|ruled={place_in(clause.scene, cand.piece.start, clause.end) is not None}"
    yield f"none|here={min(len(inside), 2)}"
    yield f"none|page={step(len(told.counts))}"
    yield f"none|headline={0 <= first < told.head_end}"
    receiver = ruled_recipient(cand)
    yield f"none|to={kind_class(receiver[0].kind) if receiver else '-'}"
    yield f"none|verb={clause.head.word}"
    yield f"none|people={cand.piece.count is not None}"
