"""The phrases around a verb of giving: to whom, what, where (cụm từ quanh động từ)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise

from hoptac.lexicon import Lexicon
from hoptac.reading.claims.tokens import Marks, Token
from hoptac.reading.mentions import BodyName, Count, Money, PlaceName, Reference
from hoptac.reading.scan import Scanner, literal_form
from hoptac.reading.scene import PROVINCE, Scene
from hoptac.reading.values import PartyName

STOPS = frozenset(
    {
        "money",
        "give",
        "sum",
        "get",
        "run",
        "work",
        "for",
        "worth",
        "by",
        "stop",
        "will",
        "part",
        "total",
        "each",
        "span",
        "when",
        "with",
    }
    | {"going", "ask", "plan", "recent", "now", "past", "habit", "passive", "to"}
)
"""Token kinds that end a noun phrase."""

LIST_WORDS = 6
"""A stretch between two commas is one more thing of a list where it has at most this many words."""

KIND_WORDS = 2
"""At most this many words ("thành phố") stand before a name at the head of a stretch."""

HEAD = 14
"""A thing stands at the head of its phrase where at most this many characters ("các công trình") lie before it."""

NEAR_WORDS = 4
"""A count is what the verb gives where at most this many words lie between."""

WHAT_WORDS = 24
"""A thing's phrase is cut after this many words."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One thing given: its phrase, figures and the acts inside its phrase. ``to`` overrides the recipient."""

    text: str
    start: int
    money: Money | None = None
    of_total: Decimal | None = None
    count: Count | None = None
    acts: tuple[str, ...] = ()
    thing: str | None = None
    to: tuple[PartyName, ...] = ()
    rate: bool = False
    """Whether the sum is the worth of one of the things counted."""
    near: bool = False
    """Whether the figure stands right after the verb and its receiver, or goes on with a list that does."""


def _beneficiaries(lexicon: Lexicon) -> Scanner[bool]:
    return Scanner({row["literal"]: True for row in lexicon.table("beneficiaries")})


def _joiners(lexicon: Lexicon) -> frozenset[str]:
    kinds = ("and", "to", "of", "in", "for", "by", "with", "stop", "passive")
    return frozenset(row["literal"] for row in lexicon.table("claim_words") if row["kind"] in kinds)


def clean_phrase(scene: Scene, start: int, end: int) -> str:
    """The words of a span as one phrase: spaces run together, marks at the ends and words past the limit dropped.

    Where the span is but a word that stands for a name on the page ("nhà trường"), the phrase is that name.
    """
    for m in scene.names_in(start, end):
        alone = not scene.doc.text[start : m.start].strip() and not scene.doc.text[m.end : end].strip(" ,.;:")
        if alone and isinstance(m, Reference) and len(m.names) == 1:
            return m.names[0]
    text = re.sub(r"\s+", " ", scene.doc.text[start:end]).strip(" ,;:.–—-“”\"'…()")
    words = text.split(" ")[:WHAT_WORDS]
    while words and words[-1].lower() in scene.lexicon.built(_joiners):
        words.pop()
    return " ".join(words).rstrip(" ,;:")


def party_phrase(
    scene: Scene,
    marks: Marks,
    tokens: Sequence[Token],
    after: int,
    stop: int,
    chain_end: int,
    region_end: int,
) -> tuple[PartyName, ...]:
    """To whom: the party or people right after the verb, else the phrase after "cho", "tới", "dành cho"."""
    region = tokens[after:stop]
    works = tokens[after - 1].kind == "work"
    if (
        not works
        and region
        and region[0].kind == "party"
        and not scene.doc.text[chain_end : region[0].start].strip()
    ):
        return _party_list(scene, region, 0)
    if not works:
        start, end = noun_phrase(scene, region, chain_end, region_end)
        if _names_people(scene, start, end):
            return (PartyName(clean_phrase(scene, start, end)),)
    for k, token in enumerate(region):
        if token.kind in ("to", "give"):
            nxt = region[k + 1] if k + 1 < len(region) else None
            if nxt is not None and nxt.kind == "party" and not scene.doc.text[token.end : nxt.start].strip():
                return _party_list(scene, region, k + 1)
            start, end = noun_phrase(scene, region[k + 1 :], token.end, region_end, first_count=True)
            if phrase := clean_phrase(scene, start, end):
                return (PartyName(phrase),)
    return ()


def _names_people(scene: Scene, start: int, end: int) -> bool:
    hits = scene.lexicon.built(_beneficiaries).find(scene.doc.low[start:end])
    return bool(hits) and len(scene.doc.low[start : start + hits[0].start].split()) <= 1


def _party_list(scene: Scene, region: Sequence[Token], k: int) -> tuple[PartyName, ...]:
    parties = list(scene.parties_of(region[k].mention))
    same = type(region[k].mention)
    while (
        k + 2 < len(region)
        and isinstance(region[k + 2].mention, same)
        and (region[k + 1].kind == "and" or region[k + 1].word == ",")
        and isinstance(region[k].mention, PlaceName)
    ):
        k += 2
        parties += scene.parties_of(region[k].mention)
    return tuple(dict.fromkeys(parties))


def noun_phrase(
    scene: Scene,
    tokens: Sequence[Token],
    start: int,
    end: int,
    *,
    first_count: bool = False,
    lists: bool = True,
) -> tuple[int, int]:
    """The noun phrase from ``start``: up to a word that ends it, or a comma that does not go on with a list."""
    marks = [t for t in tokens if start <= t.start < end]
    for n, token in enumerate(marks):
        first = not scene.doc.text[start : token.start].strip()
        if token.kind == "count" and not (first and first_count) and not first:
            return start, token.start
        if token.kind in STOPS and not (first and token.kind in ("work", "with", "each")):
            return start, token.start
        if token.kind == "punct":
            if token.word == "," and lists and _list_goes_on(scene, marks[n + 1 :], token.end, end):
                continue
            if token.word == "(" or first:
                return start, token.start
            return start, token.start
    return start, end


def _list_goes_on(scene: Scene, tokens: Sequence[Token], start: int, end: int) -> bool:
    nxt = next((t for t in tokens if t.kind == "punct" or t.kind in STOPS), None)
    stretch = scene.doc.text[start : nxt.start if nxt else end]
    inside = [t for t in tokens if t.start < (nxt.start if nxt else end)]
    heads = (t for t in inside if t.kind in ("party", "count", "figure"))
    if any(len(scene.doc.text[start : t.start].split()) <= KIND_WORDS for t in heads):
        return False
    return 0 < len(stretch.split()) <= LIST_WORDS


def place_in(scene: Scene, start: int, end: int) -> PartyName | None:
    """Where: the narrowest place named in a span, a district before a province."""
    places = [m for m in scene.names_in(start, end) if isinstance(m, PlaceName) and m.level >= PROVINCE]
    lower = [m for m in places if m.level == PROVINCE + 1] or [m for m in places if m.level > PROVINCE + 1]
    chosen = lower or places
    return PartyName(chosen[0].name, chosen[0].code) if chosen else None


def what_phrases(
    scene: Scene,
    marks: Marks,
    tokens: Sequence[Token],
    first: int,
    after: int,
    stop: int,
    chain_end: int,
    region_end: int,
    *,
    mutual: bool = False,
) -> Iterator[Piece]:
    """The things given by one verb, each with its own figures."""
    region = tokens[after:stop]
    sums = _sums(region)
    goods = [t for t in region if t.kind == "count" and not _counts_people(scene, t)]
    rate = _rate(region, sums, goods)
    if sums and rate is None:
        starts = [chain_end, *(_part_start(region, sums[n - 1][0], sums[n][0]) for n in range(1, len(sums)))]
        ends = [*(_part_end(region, sums[n - 1][0], starts[n]) for n in range(1, len(sums))), region_end]
        whole: Piece | None = None
        for (token, total), start, end in zip(sums, starts, ends, strict=True):
            inside = [t for t in region if start <= t.start < end]
            shares = _shares(scene, region, token) if whole is not None else ()
            if whole is not None and shares:
                for to in shares:
                    yield replace(whole, money=_money(token), of_total=_value(whole.money), to=to, count=None)
                continue
            piece = _money_piece(scene, marks, inside, token, total, start, end, tokens[first:after])
            whole = whole or piece
            yield piece
        goods = [t for t in goods if t.start > sums[0][0].end and _listed(scene, region, t)]
        if not goods:
            return
    people = next((t.mention for t in region if t.kind == "count" and _counts_people(scene, t)), None)
    if goods:
        for n, token in enumerate(goods):
            near = _listed(scene, region, token) if n else _follows(scene, region, token, chain_end)
            limit = goods[n + 1].start if n + 1 < len(goods) else region_end
            count = token.mention
            if not isinstance(count, Count):
                continue
            tail = [t for t in region if token.end <= t.start < limit]
            _, np_end = noun_phrase(scene, tail, token.end, limit, lists=False)
            np_end = max(np_end, token.end)
            acts = tuple(t.word for t in region if t.kind == "work" and t.end <= token.start)
            yield Piece(
                clean_phrase(scene, count.unit_start or token.start, np_end),
                token.start,
                money=sums[0][0].mention if token is rate and isinstance(sums[0][0].mention, Money) else None,
                count=count,
                acts=acts,
                thing=_thing(marks, token.start, np_end),
                rate=token is rate,
                near=near,
            )
        return
    to_works = tokens[after - 1].kind == "work"
    for start, end, acts in _items(scene, region, chain_end, region_end, split_all=mutual, to_works=to_works):
        if not to_works and (not scene.doc.text[start:end].strip(" ,.") or _names_people(scene, start, end)):
            head = _thing_hit(marks, tokens[first].start, chain_end)
            start = head if head is not None else start
        text = clean_phrase(scene, start, end)
        if text:
            count = people if isinstance(people, Count) else None
            thing = _thing(marks, start, end, near=True) or _facility(scene, start, end)
            if thing is None and to_works and tokens[after - 1].word in ("build", "repair"):
                thing = tokens[after - 1].word
            if thing is None and acts and mutual:
                thing = acts[0]
            if thing is None and mutual:
                thing = "other"
            if thing is None and any(a in ("treat", "train") for a in acts):
                thing = next(a for a in acts if a in ("treat", "train"))
            yield Piece(text, start, count=count, acts=acts, thing=thing)


def _sums(region: Sequence[Token]) -> list[tuple[Token, Decimal | None]]:
    """The sums of a region, each with the total that the text says it is part of."""
    sums: list[tuple[Token, Decimal | None]] = []
    for k, token in enumerate(region):
        if not isinstance(token.mention, Money):
            continue
        if sums and any(t.kind == "total" for t in region[max(0, k - 2) : k]):
            sums[-1] = (sums[-1][0], token.mention.value)
        elif sums and region[k - 1].word == "(" and token.mention.currency != _currency(sums[-1][0]):
            continue  # the same sum in another currency, in brackets
        else:
            sums.append((token, None))
    return sums


def _currency(token: Token) -> str | None:
    return token.mention.currency if isinstance(token.mention, Money) else None


def _rate(
    region: Sequence[Token], sums: Sequence[tuple[Token, Decimal | None]], goods: Sequence[Token]
) -> Token | None:
    """The counted thing that the only sum is the worth of one of: "50 suất quà, mỗi suất 200.000 đồng"."""
    if len(sums) != 1:
        return None
    token = sums[0][0]
    each = (isinstance(token.mention, Money) and token.mention.each) or any(
        t.kind == "each" and t.end <= token.start and not any(t.end <= g.start < token.start for g in goods)
        for t in region
    )
    before = [g for g in goods if g.end <= token.start]
    return before[-1] if each and before else None


def _shares(scene: Scene, region: Sequence[Token], token: Token) -> tuple[tuple[PartyName, ...], ...]:
    """Whom a sum in brackets goes to, as a share of the sum before: "(Hà Tĩnh 2 tỷ đồng, Nghệ An và Huế mỗi tỉnh 1,5 tỷ)"."""
    k = list(region).index(token)
    if not any(t.word == "(" for t in region[:k]) or any(t.word == ")" for t in region[:k]):
        return ()
    each = k > 0 and region[k - 1].kind == "each"
    k -= 1 + each
    if k < 0 or region[k].kind != "party":
        return ()
    found = [scene.parties_of(region[k].mention)]
    while (
        each
        and k >= 2
        and region[k - 2].kind == "party"
        and (region[k - 1].kind == "and" or region[k - 1].word == ",")
    ):
        k -= 2
        found.insert(0, scene.parties_of(region[k].mention))
    return tuple(found)


def _money(token: Token) -> Money | None:
    return token.mention if isinstance(token.mention, Money) else None


def _value(money: Money | None) -> Decimal | None:
    return money.value if money is not None else None


def _cuts(region: Sequence[Token], one: Token, until: int) -> list[Token]:
    return [t for t in region if one.end <= t.start < until and t.kind in ("punct", "and", "part")]


def _part_start(region: Sequence[Token], one: Token, two: Token) -> int:
    cuts = _cuts(region, one, two.start)
    return cuts[0].end if cuts else one.end


def _part_end(region: Sequence[Token], one: Token, next_start: int) -> int:
    cuts = _cuts(region, one, next_start)
    return cuts[0].start if cuts else next_start


def _money_piece(
    scene: Scene,
    marks: Marks,
    inside: Sequence[Token],
    token: Token,
    total: Decimal | None,
    start: int,
    end: int,
    chain: Sequence[Token],
) -> Piece:
    money = token.mention if isinstance(token.mention, Money) else None
    counts = [t.mention for t in inside if isinstance(t.mention, Count)]
    works = [t for t in inside if t.kind == "work"]
    text_start, text_end = -1, -1
    acts = tuple(t.word for t in works)
    if works:
        last = works[0]
        for a, b in pairwise(works):
            if scene.doc.text[a.end : b.start].strip(" ,") not in ("", "và"):
                break
            last = b
        np_start = works[0].start if last.word in ("treat", "train", "relief") else last.end
        _, text_end = noun_phrase(scene, [t for t in inside if t.start >= last.end], last.end, end)
        text_start = np_start
    if text_end - text_start < 2:
        purpose = next((t for t in inside if t.kind == "for"), None)
        if purpose is not None:
            text_start = purpose.end
            _, text_end = noun_phrase(scene, [t for t in inside if t.start >= purpose.end], purpose.end, end)
    if not scene.doc.text[max(text_start, 0) : max(text_end, 0)].strip(" ,."):
        before = scene.doc.text[start : token.start].strip(" ,.:")
        if len(before.split()) >= 2:
            text_start, text_end = start, token.start
        else:
            text_start, text_end = noun_phrase(
                scene, [t for t in inside if t.start >= token.end], token.end, end
            )
    text = clean_phrase(scene, text_start, text_end)
    if not text:
        text = clean_phrase(scene, chain[0].start, end)
    to: tuple[PartyName, ...] = ()
    near = [t for t in inside if t.end <= token.start and t.kind == "party"]
    if near and not scene.doc.text[near[-1].end : token.start].strip() and start != chain[-1].end:
        to = scene.parties_of(near[-1].mention)
    return Piece(
        text,
        min(text_start, token.start) if text_start >= 0 else token.start,
        money=money,
        of_total=total,
        count=counts[0] if counts else None,
        acts=acts,
        thing=_thing(marks, text_start, text_end),
        to=to,
    )


def _follows(scene: Scene, region: Sequence[Token], token: Token, chain_end: int) -> bool:
    """Whether a count stands right after the verb, or after the receiver that does."""
    at = chain_end
    if region[0].kind == "party" and not scene.doc.text[at : region[0].start].strip():
        at = region[0].end
    between = [t for t in region if at <= t.start < token.start and t.kind not in ("some", "noun", "work")]
    return not between and len(scene.doc.text[at : token.start].split()) <= NEAR_WORDS


def _listed(scene: Scene, region: Sequence[Token], token: Token) -> bool:
    """Whether a count is one more thing of a list, not what a sum was for: right after a comma or "và"."""
    k = list(region).index(token)
    joint = region[k - 1] if k else None
    return (
        joint is not None
        and (joint.kind == "and" or joint.word == ",")
        and not scene.doc.text[joint.end : token.start].strip()
    )


def _counts_people(scene: Scene, token: Token) -> bool:
    hits = scene.lexicon.built(_beneficiaries).find(
        literal_form(token.mention.unit if isinstance(token.mention, Count) else "")
    )
    return bool(hits) and hits[0].start == 0


def _items(
    scene: Scene, region: Sequence[Token], start: int, end: int, *, split_all: bool, to_works: bool
) -> Iterator[tuple[int, int, tuple[str, ...]]]:
    """The things of a list without figures: "kinh phí … và nhiều công trình …" are two."""
    tokens = [t for t in region if t.start >= start]
    acts: list[str] = []
    k = 0
    if (
        not to_works
        and tokens
        and tokens[0].kind == "party"
        and not scene.doc.text[start : tokens[0].start].strip()
    ):
        start = tokens[0].end  # the receiver stands first: "tặng tỉnh Điện Biên bức ảnh …"
        k = 1
    while k < len(tokens) and _leads(tokens, k) and not scene.doc.text[start : tokens[k].start].strip():
        if tokens[k].kind == "work":
            acts.append(tokens[k].word)
            if tokens[k].word in ("treat", "train"):
                break
        start = tokens[k].end
        k += 1
    _, stop = (
        noun_phrase(scene, tokens[k:], start, end) if not split_all else (start, _clause_end(tokens[k:], end))
    )
    if any(t.kind == "work" and t.word in ("treat",) for t in tokens):
        treats = [t for t in tokens if t.kind in ("to", "stop")]
        stop = treats[0].start if treats else end
        acts += [t.word for t in tokens if t.kind == "work"]
    cuts = [start]
    for a, b in pairwise(tokens):
        if start < a.start < stop and a.kind == "and" and b.kind == "some" and b.start < stop:
            cuts.append(a.end)
        if split_all and start < a.start < stop and a.word == "," and b.kind == "work":
            cuts.append(a.end)
    for a_start, b_end in zip(cuts, [*cuts[1:], stop], strict=True):
        inner = tuple(t.word for t in tokens if t.kind == "work" and a_start <= t.start < b_end)
        yield a_start, b_end, (*acts, *inner)


def _leads(tokens: Sequence[Token], k: int) -> bool:
    """Whether a token stands before the thing itself: "các", a verb of working, or what joins two such verbs."""
    if tokens[k].kind in ("some", "work", "noun"):
        return True
    joins = tokens[k].kind == "and" or tokens[k].word == ","
    return joins and k + 1 < len(tokens) and tokens[k + 1].kind == "work"


def _clause_end(tokens: Sequence[Token], end: int) -> int:
    return next((t.start for t in tokens if t.kind in ("money", "for", "give", "sum", "by")), end)


def _thing_hit(marks: Marks, start: int, end: int) -> int | None:
    """Where the last thing named inside a span begins: the "quà" of "trao quà"."""
    hits = marks.things.within(start, end)
    return hits[-1].start if hits else None


def _thing(marks: Marks, start: int, end: int, *, near: bool = False) -> str | None:
    """What the table of things says of the first thing named in a span; ``near`` asks for it at the span's head."""
    hits = marks.things.within(start, end)
    if not hits or (near and hits[0].start - start > HEAD):
        return None
    return hits[0].value


def _facility(scene: Scene, start: int, end: int) -> str | None:
    for m in scene.names_in(start, end):
        if m.start - start <= HEAD and (isinstance(m, Reference | BodyName)):
            kind = m.kind if isinstance(m, BodyName) else "school"
            return "build" if kind in ("school", "hospital", "library", "centre", "facility") else None
    return None
