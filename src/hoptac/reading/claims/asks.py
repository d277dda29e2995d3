"""What was asked, promised and ordered (đề nghị, cam kết, giao việc)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from hoptac.lexicon import Lexicon
from hoptac.reading.claims.authority import rank_of_name
from hoptac.reading.claims.deeds import OPENERS, Deed, Deeds
from hoptac.reading.claims.judge import judge
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
from hoptac.reading.mentions import Count, Money, Names, PersonName, When
from hoptac.reading.scan import Hit, literal_form
from hoptac.reading.scene import Scene
from hoptac.reading.values import Ask

STANDS = 0.3
"""An ask is read where the judge is at least so sure of it: where F1 on labelled pages is best."""

PLEDGES = ("pledge", "will")

HIGHEST = "6"
"""The rank of those whose wishes are orders to all but their like."""

SAME_MATTER = 0.6
"""Two asks are one told twice where so much of the shorter one's words stands in the other."""

VERB_KINDS = ("request", "order", "command", "entrust", "pledge", "will", "need", "must")


@dataclass(frozen=True, slots=True)
class Draft:
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
    stands = judge(scene.lexicon, "asks")
    kept: list[tuple[float, Draft]] = []
    for draft in draft_asks(scene, deeds):
        sure = stands(draft.features)
        if sure >= STANDS:
            kept.append((sure, draft))
    return tuple(_ask(scene, sure, draft) for sure, draft in _told_once(kept))


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
    last_line = len(scene.main) - 1
    before: Draft | None = None
    for n, (start, end, role) in enumerate(scene.main):
        if role in ("headline", "caption") or not deeds.asks.within(start, end):
            continue
        for a, b in scene.sentences_in(start, end):
            hits = [h for h in deeds.asks.within(a, b) if h.value.ask in VERB_KINDS]
            if not hits:
                continue
            place = "first" if n <= 2 else "last" if n >= last_line - 1 else "middle"
            for draft in _drafts_of(scene, deeds, hits, (a, b), (role, place), before):
                before = draft
                yield draft


def _drafts_of(
    scene: Scene,
    deeds: Deeds,
    hits: Sequence[Hit[Deed]],
    sentence: tuple[int, int],
    where: tuple[str, str],
    before: Draft | None,
) -> Iterator[Draft]:
    start, end = sentence
    names = scene.names_in(start, end)
    teller, closing = teller_after(scene, deeds, names, start, end)
    asked = False
    for n, hit in enumerate(hits):
        opener = hit.value.ask in OPENERS
        if opener and asked:
            continue
        stop = next((h.start for h in hits[n + 1 :] if h.value.ask not in OPENERS), end)
        inside = teller is not None and hit.start < closing
        if inside:
            stop = min(stop, closing)
        by = _speaker(scene, deeds, names, hit, start, before, teller if inside else None)
        # an opener holds the first word of its matter: "sẽ hỗ trợ"
        at = hit.start + len(hit.value.literal) if opener else hit.end
        for k, matter in enumerate(matters(scene, names, at, stop)):
            if hit.value.ask == "entrust" and matter.to is None:
                break  # "giao" without a body after it hands over a thing
            if matter.to is None and hit.value.ask != "pledge":
                matter = _told_before(scene, names, matter, by, start, hit.start)
            asked = asked or not opener
            features = _features(scene, hit, matter, by, sentence, where, k, before)
            figures = scene.figures_in(matter.start, matter.end)
            due = next((m.iso for m in figures if isinstance(m, When) and m.day and m.iso), None)
            yield Draft(hit.value.ask, by, matter, due, sentence, features)


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
    return replace(matter, to=name_of(scene, chosen), to_kind=kind, to_rank=rank)


def _frames(lexicon: Lexicon) -> dict[tuple[str, str], str]:
    return {(row["side"], literal_form(row["literal"])): row["means"] for row in lexicon.table("ask_frames")}


def _beside(scene: Scene, side: str, words: Sequence[str]) -> str:
    """What the words right before or after a verb make of it: the longest literal of the table, two words or one."""
    frames = scene.lexicon.built(_frames)
    for length in (2, 1):
        if len(words) >= length:
            run = " ".join(words[-length:] if side == "before" else words[:length])
            if (means := frames.get((side, run))) is not None:
                return means
    return "other"


def _features(
    scene: Scene,
    hit: Hit[Deed],
    matter: Matter,
    by: Speaker,
    sentence: tuple[int, int],
    where: tuple[str, str],
    nth: int,
    before: Draft | None,
) -> tuple[str, ...]:
    """What the judge of asks looks at."""
    low = scene.doc.low
    by_kind, how = by.kind, by.how
    ask = hit.value.ask
    opening = low[max(sentence[0], hit.start - 24) : hit.start].split()
    behind = low[hit.end : hit.end + 24].split()
    length = len(matter.about.split())
    figures = scene.figures_in(matter.start, matter.end)
    quoted = sum(low.count(q, sentence[0], hit.start) for q in QUOTES) % 2
    out = [
        f"ask={ask}",
        f"word={hit.value.literal}",
        f"by={by_kind}",
        f"how={how}",
        f"to={matter.to_kind}",
        f"rank={by.rank}",
        f"{ask}.rank={by.rank}",
        f"torank={matter.to_rank}",
        f"start={matter.verb_kind}",
        f"{ask}.verb={matter.verb}",
        f"{ask}.by={by_kind.split('.')[0]}",
        f"{ask}.start={matter.verb_kind}",
        f"{ask}.how={how}",
        f"{ask}.to={'none' if matter.to_kind == 'none' else 'some'}",
        f"role={where[0]}",
        f"place={where[1]}",
        f"length={min(length, 12) // 3}",
        f"first={hit.start - sentence[0] < 30}",
    ]
    before_mark = bool(opening) and opening[-1][-1] in ",;:"
    close = [n for n in scene.names_in(max(sentence[0], hit.start - 60), hit.start) if n.end >= hit.start - 2]
    frame = "start" if not opening else "sign" if before_mark else "name" if close else ""
    words = [word.strip(',;:.()"“”') for word in opening]
    frame = frame or _beside(scene, "before", words)
    after = _beside(scene, "after", [word.strip('"“”') for word in behind])
    if behind and behind[0][0] in ",;.":
        after = "sign"
    out += [f"before={frame}", f"{ask}.before={frame}", f"after={after}", f"{ask}.after={after}"]
    if frame in ("past", "now", "not", "passive"):
        out.append(f"{ask}.before2={_beside(scene, 'before', words[:-1])}")
    if words:
        out.append(f"prev={words[-1]}")
    if behind:
        out.append(f"next={behind[0]}")
    if any(isinstance(m, Money | Count) for m in figures):
        out.append("figure")
    if any(isinstance(m, When) for m in figures):
        out.append("when")
    if quoted:
        out.append("quoted")
    if nth:
        out.append("listed")
    if before is not None and sentence[0] - before.sentence[1] < 3:
        out.append("follows")
    if "?" in low[matter.start : sentence[1]]:
        out.append("question")
    if scene.provinces:
        out.append("page=provinces")
    out.append(f"page=officers{min(len(scene.officers), 4)}")
    return tuple(out)
