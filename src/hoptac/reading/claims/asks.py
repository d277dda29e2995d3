"""What was asked, promised and ordered (đề nghị, cam kết, giao việc)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from hoptac.lexicon import Lexicon
from hoptac.reading.claims.authority import rank_of_name
from hoptac.reading.claims.deeds import OPENERS, Deed, Deeds
from hoptac.reading.claims.judge import confidence, judge_weights
from hoptac.reading.claims.matters import Matter, matters
from hoptac.reading.claims.speakers import (
    BACK,
    NOBODY,
    QUOTES,
    Speaker,
    name_kind,
    name_of,
    spoke_before,
    subject,
    teller_after,
)
from hoptac.reading.mentions import Count, Figures, Money, Names, PersonName, When
from hoptac.reading.scan import Hit, literal_form
from hoptac.reading.scene import Scene
from hoptac.reading.values import Ask

STANDS = 0.4
"""An ask is read where the judge is at least so sure of it: where F1 on labelled pages is best."""

NESTED = 8
"""A verb that is asked for stands at most so many words after the verb of asking."""

PLEDGES = ("pledge", "will")

HIGHEST = "6"
"""The rank of those whose wishes are orders to all but their like."""

SAME_MATTER = 0.6
"""Two asks are one told twice where so much of the shorter one's words stands in the other."""

VERB_KINDS = ("request", "order", "command", "entrust", "pledge", "will", "need", "must")


class Draft(NamedTuple):
    """An ask before it is judged; ``features`` are what the judges look at."""

    ask: str
    by: Speaker
    matter: Matter
    due: str | None
    sentence: tuple[int, int]
    features: tuple[str, ...]

    @property
    def kind(self) -> str:
        return ask_kind(self)


def read_asks(scene: Scene, deeds: Deeds) -> tuple[Ask, ...]:
    """The asks of the page's main lines, in text order; one for each matter that a sentence lists."""
    weights = scene.lexicon.built(judge_weights).get("asks", {})
    kept = [
        (sure, draft)
        for draft in draft_asks(scene, deeds)
        if (sure := confidence(weights, draft.features)) >= STANDS
    ]
    return tuple(_ask(scene, sure, draft) for sure, draft in _told_once(kept)) if kept else ()


def _ask(scene: Scene, sure: float, draft: Draft) -> Ask:
    evidence = (scene.doc.evidence(*draft.sentence),)
    return Ask(
        draft.kind, draft.by.name, draft.matter.to, draft.matter.about, draft.due, evidence, round(sure, 2)
    )


def ask_kind(draft: Draft) -> str:
    """A pledge, or a request, or an instruction where those who speak may order those they speak to."""
    by, to = draft.by.rank, draft.matter.to_rank
    if draft.ask in PLEDGES:
        return "pledge"
    rules = by.isdigit() and by > "0"
    equals = to in ("0", "abroad") or (rules and to.isdigit() and to > by)
    if draft.ask == "command" or (draft.ask == "entrust" and (rules or by == "none")):
        return "instruction"
    if draft.ask in ("order", "must"):
        return "instruction" if rules and not equals else "request"
    if draft.ask == "need":
        return "instruction" if by == HIGHEST and not equals and to != HIGHEST else "request"
    return "request"


def _told_once(kept: Sequence[tuple[float, Draft]]) -> list[tuple[float, Draft]]:
    """Each matter once: of two that say the same, the one that the judge is surer of."""
    out: list[tuple[float, Draft]] = []
    seen: list[frozenset[str]] = []
    for sure, draft in sorted(kept, key=lambda x: (-x[0], x[1].matter.start)):
        words = frozenset(draft.matter.about.lower().split())
        if any(len(words & other) >= SAME_MATTER * min(len(words), len(other)) for other in seen):
            continue
        seen.append(words)
        out.append((sure, draft))
    return sorted(out, key=lambda x: x[1].matter.start)


def draft_asks(scene: Scene, deeds: Deeds) -> Iterator[Draft]:
    """Every matter that a verb of asking, promising or ordering may bring, in text order."""
    if not deeds.asks.all:
        return
    before: Draft | None = None
    for start, end, role in scene.main:
        if role in ("headline", "caption"):
            continue
        in_line = [h for h in deeds.asks.within(start, end) if h.value.ask != "said"]
        if not in_line:
            continue
        for a, b in scene.sentences_in(start, end):
            hits = [h for h in in_line if a <= h.start < b]
            if not hits:
                continue
            for draft in _drafts_of(scene, deeds, hits, (a, b), before):
                before = draft
                yield draft


def _drafts_of(
    scene: Scene,
    deeds: Deeds,
    hits: Sequence[Hit[Deed]],
    sentence: tuple[int, int],
    before: Draft | None,
) -> Iterator[Draft]:
    start, end = sentence
    names = scene.names_in(start, end)
    teller, closing = teller_after(scene, deeds, names, start, end)
    asked = False
    hits = _outer(scene, hits)
    for n, hit in enumerate(hits):
        ask = hit.value.ask
        opener = ask in OPENERS
        if opener and asked:
            continue
        asked = asked or not opener
        frame, seen = _verb_features(scene, hit, names, sentence, before)
        if ask == "will" and frame not in PROMISES:
            continue
        inside = teller is not None and hit.start < closing
        by = _speaker(scene, deeds, names, hit, start, before, teller if inside else None)
        if by.kind in NO_VOICE.get(ask, ()):
            continue
        seen += _speaker_features(ask, by)
        stop = next((h.start for h in hits[n + 1 :] if h.value.ask not in OPENERS), end)
        if inside:
            stop = min(stop, closing)
        # an opener holds the first word of its matter: "sẽ hỗ trợ"
        at = hit.start + len(hit.value.literal) if opener else hit.end
        for k, matter in enumerate(matters(scene, names, at, stop)):
            if ask == "entrust" and matter.to is None:
                break  # "giao" without a body after it hands over a thing
            if matter.to is None and ask != "pledge":
                matter = _told_before(scene, names, matter, by, start, hit.start)
            figures = scene.figures_in(matter.start, matter.end)
            features = (*seen, *_matter_features(scene, ask, matter, figures, sentence[1], k))
            due = next((m.iso for m in figures if isinstance(m, When) and m.day and m.iso), None)
            yield Draft(ask, by, matter, due, sentence, features)


def _outer(scene: Scene, hits: Sequence[Hit[Deed]]) -> list[Hit[Deed]]:
    """The verbs without those that another asks for: in "đề nghị Sở Y tế chỉ đạo các bệnh viện …" only "đề nghị" asks. The one
    asked for follows within few words, without a sign or "và" between."""
    out: list[Hit[Deed]] = []
    for hit in hits:
        if out and out[-1].value.ask not in OPENERS:
            between = scene.doc.low[out[-1].end : hit.start]
            words = between.split()
            free = (
                not words
                or any(sign in between for sign in ",;:")
                or scene.lexicon.built(_joins).intersection(words)
            )
            if not free and len(words) <= NESTED:
                continue
        out.append(hit)
    return out


def _joins(lexicon: Lexicon) -> frozenset[str]:
    return frozenset(row["literal"] for row in lexicon.table("agreement_links") if row["means"] == "and")


def _speaker(
    scene: Scene,
    deeds: Deeds,
    names: Sequence[Names],
    hit: Hit[Deed],
    start: int,
    before: Draft | None,
    teller: Speaker | None,
) -> Speaker:
    """Who asks: the name before the verb, or who is said to speak after a quotation, or who spoke last. What must be done
    ("cần", "phải") is asked by who speaks, of those who stand before the verb."""
    if teller is not None:
        return teller
    if hit.value.ask not in ("need", "must"):
        by = subject(scene, names, hit, start)
        if by is not None:
            return by
    spoke, said_at = spoke_before(scene, deeds, hit.start)
    if before is not None and before.sentence[0] > said_at and start - before.sentence[1] < BACK:
        return Speaker(before.by.name, before.by.kind, before.by.rank, "carried")
    return spoke or NOBODY


def _told_before(
    scene: Scene, names: Sequence[Names], matter: Matter, by: Speaker, start: int, stop: int
) -> Matter:
    """A matter with those who are told it before the verb ("tỉnh cần …", "gửi Sở Y tế yêu cầu …")."""
    told = [n for n in names if start <= n.start < stop and not isinstance(n, PersonName)]
    chosen = next((n for n in reversed(told) if name_of(scene, n) not in (None, by.name)), None)
    if chosen is None:
        return matter
    kind, rank = name_kind(scene, chosen), rank_of_name(scene, chosen)
    return matter._replace(to=name_of(scene, chosen), to_kind=kind, to_rank=rank)


def _frames(lexicon: Lexicon) -> dict[str, dict[str, str]]:
    frames: dict[str, dict[str, str]] = {"before": {}, "after": {}}
    for row in lexicon.table("ask_frames"):
        frames[row["side"]][literal_form(row["literal"])] = row["means"]
    return frames


def _before(frames: Mapping[str, Mapping[str, str]], words: Sequence[str]) -> str:
    """What the words right before a verb make of it: two of them, or the last."""
    table = frames["before"]
    return table.get(" ".join(words[-2:])) or table.get(words[-1] if words else "", "other")


def _after(frames: Mapping[str, Mapping[str, str]], words: Sequence[str]) -> str:
    """What the words right after a verb make of it: two of them, or the first."""
    table = frames["after"]
    return table.get(" ".join(words[:2])) or table.get(words[0] if words else "", "other")


PROMISES = ("name", "now", "who", "he", "if", "past")
"""What stands before the "sẽ" of somebody who promises: a name, a body's or an office's word, a word of time."""

NO_VOICE = {
    "will": ("none", "place.0"),
    "need": ("none", "person", "place.0"),
    "must": ("none", "person", "place.0"),
}
"""Of whose words "sẽ" is no pledge to others and "cần", "phải" no request: nobody's, a country's, a private person's."""

FRAMED = ("past", "now", "not", "passive")
"""Before such a word stands the one that says who or what asks."""


def _verb_features(
    scene: Scene,
    hit: Hit[Deed],
    names: Sequence[Names],
    sentence: tuple[int, int],
    before: Draft | None,
) -> tuple[str, list[str]]:
    """What the judge of asks sees of a verb and the words beside it: what they make of it, and the features."""
    low, ask = scene.doc.low, hit.value.ask
    opening = low[max(sentence[0], hit.start - 24) : hit.start].split()
    behind = low[hit.end : hit.end + 24].split()
    out = [
        f"ask={ask}",
        f"word={hit.value.literal}",
        f"first={hit.start - sentence[0] < 30}",
    ]
    words = [word.strip(',;:.()"“”') for word in opening[-3:]]
    frames = scene.lexicon.built(_frames)
    if not opening:
        frame = "start"
    elif opening[-1][-1] in ",;:":
        frame = "sign"
    elif any(hit.start - 2 <= n.end <= hit.start for n in names):
        frame = "name"
    else:
        frame = _before(frames, words)
    after = "sign" if behind and behind[0][0] in ",;." else _after(frames, behind)
    out += [f"before={frame}", f"{ask}.before={frame}", f"after={after}", f"{ask}.after={after}"]
    if frame in FRAMED:
        out.append(f"{ask}.before2={_before(frames, words[:-1])}")
    if sum(low.count(q, sentence[0], hit.start) for q in QUOTES) % 2:
        out.append("quoted")
    if before is not None and sentence[0] - before.sentence[1] < 3:
        out.append("follows")
    return frame, out


def _speaker_features(ask: str, by: Speaker) -> list[str]:
    """What the judge sees of who asks."""
    return [
        f"by={by.kind}",
        f"how={by.how}",
        f"rank={by.rank}",
        f"{ask}.how={by.how}",
    ]


def _matter_features(
    scene: Scene, ask: str, matter: Matter, figures: Sequence[Figures], end: int, nth: int
) -> list[str]:
    """What the judge sees of the matter and of who is asked."""
    length = min(len(matter.about.split()), 12) // 3
    out = [
        f"to={matter.to_kind}",
        f"torank={matter.to_rank}",
        f"{ask}.to={'none' if matter.to_kind == 'none' else 'some'}",
        f"start={matter.verb_kind}",
        f"{ask}.start={matter.verb_kind}",
        f"length={length}",
    ]
    if any(isinstance(m, Money | Count) for m in figures):
        out.append("figure")
    if any(isinstance(m, When) for m in figures):
        out.append("when")
    if nth:
        out.append("listed")
    if "?" in scene.doc.low[matter.start : end]:
        out.append("question")
    return out
