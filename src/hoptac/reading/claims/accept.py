"""What speaks for and against a candidate being a contribution (đặc trưng): features by name, for the weights of ``claim_weights``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from hoptac.reading.claims.around import Around, step
from hoptac.reading.claims.candidates import Candidate
from hoptac.reading.claims.grammar import all_parties, kind_class, ruled_funder, ruled_recipient
from hoptac.reading.claims.phrases import counts_people
from hoptac.reading.mentions import Count

MEANT = frozenset(
    (
        "not",
        "loss",
        "loan",
        "ask",
        "will",
        "plan",
        "habit",
        "past",
        "recent",
        "now",
        "passive",
        "some",
        "crime",
        "get",
        "skip",
        "noun",
    )
)
"""Kinds of words before a verb that say whether and when something is given."""

CLOSE = 4
"""A figure is what a verb gives where at most so many words lie between."""


def accept_features(cand: Candidate, around: Around) -> Iterator[str]:
    """What speaks for a candidate being a contribution at all."""
    clause, piece = cand.clause, cand.piece
    scene, verb = clause.scene, clause.head
    low = scene.doc.low
    voice = clause.verb.voice
    word = low[verb.start : verb.end]
    form = (
        "money"
        if piece.money is not None
        else "count"
        if piece.count is not None and piece.near
        else ("people" if piece.count is not None else "plain")
    )
    yield f"form={form}"
    yield f"v={word}"
    yield f"v={word}|{form}"
    yield f"{verb.kind}|{form}"
    near = "far"
    if piece.money is not None or piece.count is not None:
        figure = piece.money or piece.count
        if figure is not None and figure.start >= clause.start:
            near = "close" if len(low[clause.start : figure.start].split()) <= CLOSE else "far"
    giver, receiver = ruled_funder(cand), ruled_recipient(cand)
    told, by = bool(receiver), bool(giver)
    kind = kind_class(receiver[0].kind) if receiver else "-"
    yield f"{verb.kind}|{near}|{form}|thing={bool(piece.thing)}"
    yield f"{verb.kind}|{verb.word}|{form}|to={told}|by={by}"
    yield f"{verb.kind}|{near}|{form}|to={told}"
    yield f"{form}|to={kind}"
    yield f"{near}|{form}|by={by}"
    yield f"{form}|by={kind_class(giver[0].kind) if giver else '-'}"
    if giver and receiver and set(all_parties(giver)) & set(all_parties(receiver)):
        yield "selfgift"
    meant = {t.kind for t in clause.before[-4:]} & MEANT
    for name in meant:
        yield f"meant={name}"
        yield f"meant={name}|{form}"
    yield f"voice={voice}|{form}"
    yield f"role={clause.role}|{form}"
    yield f"chain={'+'.join(clause.verb.acts[:2])}"
    yield f"loose={cand.loose}"
    if cand.loose == "follow":
        yield f"follow={cand.carried.verb}"
    yield f"thing={piece.thing}|{form}"
    for act in piece.acts[:2]:
        yield f"act={act}|{form}"
    if piece.money is not None:
        money = piece.money
        yield f"size={money.currency}{len(str(int(money.value)))}"
        yield f"each={money.each or piece.rate}"
        yield f"bound={money.bound}"
        gap = low[clause.start : money.start] if money.start >= clause.start else low[money.end : verb.start]
        yield f"gap={step(len(gap.split()))}|{cand.loose}"
        lead = low[clause.sentence[0] : money.start].split()
        yield f"lead={lead[-1] if lead else ''}"
        if len(lead) > 1:
            yield f"lead2={lead[-2]} {lead[-1]}"
        tail = low[money.end : clause.sentence[1]].split()
        yield f"tail={tail[0].strip(',.') if tail else ''}"
        kinds = {t.kind for t in clause.tokens if clause.start <= t.start < money.start}
        for kind in kinds:
            yield f"over={kind}"
    elif piece.count is not None:
        yield from _count_features(cand, piece.count)
    words = piece.text.lower().split()
    yield f"what1={words[0] if words else ''}|{form}"
    yield f"whatlen={step(len(words))}|{form}"
    before = clause.before
    for t in before[-3:]:
        yield f"near={t.kind}"
    prev = low[clause.sentence[0] : verb.start].split()
    yield f"prev={prev[-1] if prev else ''}"
    yield f"prev={prev[-1] if prev else ''}|{verb.kind}"
    if len(prev) > 1:
        yield f"prev2={prev[-2]} {prev[-1]}"
    nxt = low[clause.start : clause.sentence[1]].split()
    yield f"next={nxt[0] if nxt else ''}"
    yield f"nextv={word} {nxt[0] if nxt else ''}"
    yield f"nverbs={min(len(cand.verbs), 4)}"
    a, b = clause.sentence
    here = Counter(hit.value for hit in around.hits.within(a, b))
    for name in here:
        yield f"sent:{name}"
        yield f"sent:{name}|{form}"
    size = max(1, len(low) // 1500)
    for name, n in around.page.items():
        yield f"page:{name}{min(3, n // size)}"
    head_end = clause.scene.main[0][1] if clause.scene.main else 0
    for name in {hit.value for hit in around.hits.within(0, head_end)}:
        yield f"head:{name}"
    yield f"home={step(around.home)}"
    yield f"abroad={around.abroad > around.home}"
    yield f"sentlen={step((b - a) // 10)}"
    if low[a:b].rstrip().endswith("?"):
        yield "question"
    if "“" in low[a : verb.start] or '"' in low[a : verb.start]:
        yield "quoted"


def _count_features(cand: Candidate, count: Count) -> Iterator[str]:
    """What speaks for a counted thing being given."""
    clause = cand.clause
    scene, low = clause.scene, clause.scene.doc.low
    unit = count.unit.lower().split()
    yield f"unit={' '.join(unit[:2])}"
    yield f"unit1={unit[0] if unit else ''}|{clause.head.kind}"
    token = next((t for t in clause.tokens if t.start == count.start), None)
    people = token is not None and counts_people(scene, token)
    where = cand.loose or ("near" if cand.piece.near else "far")
    yield f"people={people}|{where}"
    yield f"people={people}|{clause.head.kind}|{where}"
    inside = [arg for arg in cand.args if arg.start <= count.start and count.end <= arg.end]
    yield f"inarg={bool(inside)}|{where}"
    if inside:
        yield f"inarg={inside[0].kind}|{inside[0].before or '-'}"
    yield f"cgap={step(len(low[clause.start : max(count.start, clause.start)].split()))}"
    before = [t for t in clause.tokens if t.end <= count.start]
    after = [t for t in clause.tokens if t.start >= count.end]
    sums = [t for t in clause.tokens if t.kind == "money"]
    yield f"csums={min(len(sums), 2)}|people={people}|{where}"
    yield f"cworth={any(t.kind in ('worth', 'each') for t in after[:3])}|{where}"
    if before:
        last = before[-1]
        yield f"cbefore={last.word if last.kind == 'punct' else last.kind}|{where}"
        yield f"clist={last.kind == 'and' or last.word in (',', ';')}|{where}|people={people}"
    lost = any(t.kind == "loss" for t in before)
    yield f"closs={lost}|{where}"
    lead = low[clause.sentence[0] : count.start].split()
    yield f"clead={lead[-1] if lead else ''}"
    tail = low[count.end : clause.sentence[1]].split()
    yield f"ctail={tail[0].strip(',.') if tail else ''}"
    if len(tail) > 1:
        yield f"ctail2={tail[0]} {tail[1].strip(',.')}"
