"""What is given (vật, công trình, số tiền): the things of one verb, each with its own figures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise

from hoptac.reading.claims.phrases import (
    clean_phrase,
    counts_people,
    names_people,
    noun_phrase,
)
from hoptac.reading.claims.tokens import Marks, Token
from hoptac.reading.claims.verbs import Clause
from hoptac.reading.mentions import BodyName, Count, Money, Reference
from hoptac.reading.scene import Scene
from hoptac.reading.values import PartyName

HEAD = 14
"""A thing stands at the head of its phrase where at most this many characters ("các công trình") lie before it."""

NEAR_WORDS = 4
"""A count is what the verb gives where at most this many words lie between."""


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


def what_phrases(clause: Clause, *, together: bool = False) -> Iterator[Piece]:
    """The things given by one verb: each sum, each counted thing, or the things named without a figure.

    ``together`` is true where both sides carry the thing out, so that any programme counts as one.
    """
    sums = _sums(clause.region)
    goods = [t for t in clause.region if t.kind == "count" and not counts_people(clause.scene, t)]
    rate = _rate(clause.region, sums, goods)
    if sums and rate is None:
        yield from _sum_pieces(clause, sums)
        goods = [t for t in goods if t.start > sums[0][0].end and _listed(clause, t)]
    if goods:
        yield from _counted_pieces(clause, goods, rate, sums[0][0] if rate else None)
    elif not sums:
        yield from _plain_pieces(clause, together)


def loose_piece(clause: Clause, token: Token) -> Piece | None:
    """A sum or counted thing outside every verb's object, with the phrase beside it that says what it is: after it ("hơn 5 tỷ
    đồng tiền hỗ trợ học sinh"), else before it ("chiếc xe trị giá 2,7 tỷ đồng")."""
    scene = clause.scene
    begin, end = clause.sentence
    if isinstance(token.mention, Count):
        return _loose_count(clause, token, token.mention)
    money = _money(token)
    if money is None:
        return None
    nxt = [t for t in clause.tokens if t.start >= token.end]
    stop = next((t.start for t in nxt if t.kind in ("punct", "money", "to", "stop", "follow")), end)
    after = clean_phrase(scene, token.end, stop)
    cut = max(
        (t.end for t in clause.tokens if t.end <= token.start and t.kind in ("punct", "money")), default=begin
    )
    before = clean_phrase(scene, cut, token.start)
    text = after if len(after.split()) >= 2 else before or after
    start = token.end if text == after else cut
    counts = [t.mention for t in clause.tokens if isinstance(t.mention, Count) and cut <= t.start < stop]
    return Piece(
        text or clean_phrase(scene, begin, end),
        start,
        money=money,
        count=counts[0] if counts else None,
        thing=_thing(clause.marks, start, start + len(text)),
        rate=money.each,
        near=True,
    )


def _loose_count(clause: Clause, token: Token, count: Count) -> Piece:
    """A counted thing with its noun phrase: "320 cán bộ, chiến sĩ", "20.000 kg hóa chất"."""
    nxt = [t for t in clause.tokens if t.start >= token.end]
    _, end = noun_phrase(clause.scene, nxt, token.end, clause.sentence[1], lists=False)
    end = max(end, token.end)
    start = count.unit_start or token.start
    return Piece(
        clean_phrase(clause.scene, start, end) or count.unit,
        start,
        count=count,
        thing=_thing(clause.marks, token.start, end),
        near=True,
    )


def _sum_pieces(clause: Clause, sums: Sequence[tuple[Token, Decimal | None]]) -> Iterator[Piece]:
    region = clause.region
    starts = [clause.start, *(_part_start(region, a, b) for (a, _), (b, _) in pairwise(sums))]
    ends = [
        *(_part_end(region, a, start) for (a, _), start in zip(sums, starts[1:], strict=False)),
        clause.end,
    ]
    whole: Piece | None = None
    for (token, total), start, end in zip(sums, starts, ends, strict=True):
        shares = _shares(clause, token) if whole is not None else ()
        if whole is not None and shares:
            for to in shares:
                yield replace(whole, money=_money(token), of_total=_value(whole.money), to=to, count=None)
            continue
        piece = _money_piece(clause, token, total, start, end)
        whole = whole or piece
        yield piece


def _counted_pieces(
    clause: Clause, goods: Sequence[Token], rate: Token | None, sum_: Token | None
) -> Iterator[Piece]:
    """The counted things; ``sum_`` is the worth of one of ``rate``."""
    for n, token in enumerate(goods):
        count = token.mention
        if not isinstance(count, Count):
            continue
        limit = goods[n + 1].start if n + 1 < len(goods) else clause.end
        tail = [t for t in clause.region if token.end <= t.start < limit]
        _, end = noun_phrase(clause.scene, tail, token.end, limit, lists=False)
        end = max(end, token.end)
        yield Piece(
            clean_phrase(clause.scene, count.unit_start or token.start, end),
            token.start,
            money=_money(sum_) if sum_ is not None and token is rate else None,
            count=count,
            acts=tuple(t.word for t in clause.region if t.kind == "work" and t.end <= token.start),
            thing=_thing(clause.marks, token.start, end),
            rate=token is rate,
            near=_listed(clause, token) if n else _follows(clause, token),
        )


def _plain_pieces(clause: Clause, together: bool) -> Iterator[Piece]:
    """The things named without a figure; people counted beside them are those who receive."""
    scene = clause.scene
    people = next((t.mention for t in clause.region if t.kind == "count" and counts_people(scene, t)), None)
    for start, end, acts in _items(clause, split_all=together):
        if not clause.to_works and (
            not scene.doc.text[start:end].strip(" ,.") or names_people(scene, start, end)
        ):
            head = _thing_hit(clause.marks, clause.head.start, clause.start)
            start = head if head is not None else start
        text = clean_phrase(scene, start, end)
        if text:
            thing = _thing(clause.marks, start, end, near=True) or _facility(scene, start, end)
            thing = thing or _thing_by_acts(clause, acts, together)
            yield Piece(
                text, start, count=people if isinstance(people, Count) else None, acts=acts, thing=thing
            )


def _thing_by_acts(clause: Clause, acts: tuple[str, ...], together: bool) -> str | None:
    """What the verbs of working make of a thing that no table knows."""
    last = clause.chain[-1]
    if clause.to_works and last.word in ("build", "repair"):
        return last.word
    if together:
        return acts[0] if acts else "other"
    return next((a for a in acts if a in ("treat", "train")), None)


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


def _shares(clause: Clause, token: Token) -> tuple[tuple[PartyName, ...], ...]:
    """Whom a sum in brackets goes to, as a share of the sum before: "(Hà Tĩnh 2 tỷ đồng, Nghệ An và Huế mỗi tỉnh 1,5 tỷ)"."""
    scene, region = clause.scene, clause.region
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


def _money_piece(clause: Clause, token: Token, total: Decimal | None, start: int, end: int) -> Piece:
    """A sum with the phrase that says what it is for, read from its own stretch of the object."""
    scene, marks = clause.scene, clause.marks
    inside = [t for t in clause.region if start <= t.start < end]
    money = _money(token)
    counts = [t.mention for t in inside if isinstance(t.mention, Count)]
    works = [t for t in inside if t.kind == "work" or (t.kind == "send" and t.word == "invest")]
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
        text = clean_phrase(scene, clause.head.start, end)
    to: tuple[PartyName, ...] = ()
    near = [t for t in inside if t.end <= token.start and t.kind == "party"]
    if near and not scene.doc.text[near[-1].end : token.start].strip() and start != clause.start:
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


def _follows(clause: Clause, token: Token) -> bool:
    """Whether a count stands right after the verb, or after the receiver that does."""
    scene, region, at = clause.scene, clause.region, clause.start
    if region[0].kind == "party" and clause.bare(at, region[0].start):
        at = region[0].end
    between = [t for t in region if at <= t.start < token.start and t.kind not in ("some", "noun", "work")]
    return not between and len(scene.doc.text[at : token.start].split()) <= NEAR_WORDS


def _listed(clause: Clause, token: Token) -> bool:
    """Whether a count is one more thing of a list, not what a sum was for: right after a comma or "và"."""
    scene, region = clause.scene, clause.region
    k = list(region).index(token)
    joint = region[k - 1] if k else None
    return (
        joint is not None
        and (joint.kind == "and" or joint.word == ",")
        and not scene.doc.text[joint.end : token.start].strip()
    )


def _items(clause: Clause, *, split_all: bool) -> Iterator[tuple[int, int, tuple[str, ...]]]:
    """The things of a list without figures: "kinh phí … và nhiều công trình …" are two."""
    scene, tokens, start, end = clause.scene, clause.region, clause.start, clause.end
    acts: list[str] = []
    k = 0
    if (
        not clause.to_works
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
