"""Who gave what to whom (khoản hỗ trợ): contributions from the tokens of each sentence.

A sentence is read around its verbs of giving. Left of a verb stands the giver (or, passive, the receiver); right of it, up to
the next verb or a full break, its object: to whom, how much, what for. What a sentence leaves out is taken from the sentence
before it, then from the page (its two localities, its year). ``frames.py`` says where each piece ends.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import pairwise, takewhile

from hoptac.reading.claims.phrases import clean_phrase, party_phrase, place_in, what_phrases
from hoptac.reading.claims.tokens import Marks, Token, tokens_of
from hoptac.reading.claims.topics import field_of
from hoptac.reading.mentions import BodyName, Count, Money, PlaceName, Reference, Span, When
from hoptac.reading.scene import Scene
from hoptac.reading.values import PartyName

ADVERBS = 4
"""The most words ("cũng đã tiếp tục") between a giver that no table knows and its verb."""

SCHEME_NEAR = 30
"""A programme ("đề án", "dự án") is what is carried out where it is named at most this many characters after the verb."""

VERBS = ("give", "sum", "get", "run")
BUILD_FIRST = ("build", "repair", "equip", "train", "treat", "relief")
PUNCTUAL = ("gift",)


@dataclass(frozen=True)
class Draft:
    """A contribution before its like ones are merged. Spans count positions of ``doc.text``."""

    funder: tuple[PartyName, ...]
    recipient: tuple[PartyName, ...]
    what: str
    act: str
    money: Money | None
    of_total: Decimal | None
    count: Count | None
    year: int | None
    period: tuple[int | None, int | None] | None
    place: PartyName | None
    field: str | None
    status: str
    span: tuple[int, int]
    marks: frozenset[str] = frozenset()
    rate: bool = False
    spans: tuple[tuple[int, int], ...] = ()


@dataclass
class Carried:
    """What one sentence hands to the next: its giver and its year; the field within a paragraph only."""

    funder: tuple[PartyName, ...] = ()
    when: When | Span | None = None
    topic: str | None = None


@dataclass(frozen=True)
class Verb:
    """One chain of verbs in a sentence: ``tokens[first:after]`` hold it, its object ends before ``tokens[stop]``."""

    first: int
    after: int
    stop: int
    voice: str
    acts: tuple[str, ...] = field(default=())


def draft_contributions(scene: Scene, marks: Marks) -> list[Draft]:
    """Every contribution that the page's main lines state, in text order, likes not yet merged."""
    drafts: list[Draft] = []
    headlines: set[str] = set()
    carried = Carried()
    for start, end, role in scene.main:
        if role == "headline":
            if scene.doc.low[start:end] in headlines:
                continue
            headlines.add(scene.doc.low[start:end])
        carried.topic = None
        for a, b in scene.sentences_in(start, end):
            drafts += _read_sentence(scene, marks, a, b, role, carried)
    return drafts


def _read_sentence(
    scene: Scene, marks: Marks, start: int, end: int, role: str, carried: Carried
) -> list[Draft]:
    words = marks.words.within(start, end)
    if not any(hit.value[0] == "same" for hit in words):
        carried.when = None
    if not any(hit.value[0] in VERBS for hit in words):
        _carry_subject(scene, start, end, carried)
        return []
    tokens = tokens_of(scene, marks, start, end)
    carried.topic = _topic(scene, start, tokens) or carried.topic
    drafts: list[Draft] = []
    left = 0
    for verb in _verbs(scene, tokens):
        drafts += _read_verb(scene, marks, tokens, verb, left, (start, end), role, carried)
        left = verb.stop
    return drafts


def _carry_subject(scene: Scene, start: int, end: int, carried: Carried) -> None:
    """A sentence that gives nothing hands on the party that it begins with."""
    names = scene.names_in(start, end)
    if names and names[0].start == start:
        carried.funder = scene.parties_of(names[0]) or carried.funder


def _topic(scene: Scene, start: int, tokens: Sequence[Token]) -> str | None:
    """The field named at a sentence's head: "Trong lĩnh vực y tế, …"."""
    low = scene.doc.low
    at = low.find("lĩnh vực", start, start + 40)
    if at < 0:
        return None
    stop = next((t.start for t in tokens if t.kind in ("party", *VERBS) and t.start > at), at + 60)
    return field_of(low[at:stop], lexicon=scene.lexicon)


def _verbs(scene: Scene, tokens: Sequence[Token]) -> list[Verb]:
    heads: list[tuple[int, int]] = []
    i = 0
    while i < len(tokens):
        if tokens[i].kind in VERBS:
            j = i + 1
            while (
                j < len(tokens)
                and tokens[j].kind in ("give", "sum", "work", "noun")
                and _adjoining(scene, tokens[j - 1], tokens[j])
            ):
                j += 1
            heads.append((i, j))
            i = j
        else:
            i += 1
    verbs: list[Verb] = []
    for n, (first, after) in enumerate(heads):
        if verbs and first < verbs[-1].stop:
            continue
        stop = len(tokens)
        for nxt, nxt_after in heads[n + 1 :]:
            breaks = _break_before(tokens, after, nxt)
            given = tokens[first].kind == "give" and breaks is None
            if given and tokens[nxt].word == "gift" and nxt_after == nxt + 1:
                continue  # "trao quà tặng người có công": the second verb only says to whom
            if given and any(t.kind == "money" for t in tokens[after:nxt]) and tokens[nxt].kind == "give":
                continue  # "trao 10 tỷ đồng hỗ trợ các địa phương": the second says what the sum is for
            if breaks is None and tokens[first].kind == "get":
                continue  # "tiếp nhận 5 tỷ đồng hỗ trợ của …": the second is a noun
            stop = breaks if breaks is not None else nxt
            break
        semi = next(
            (k for k in range(after, stop) if tokens[k].kind == "punct" and tokens[k].word == ";"), stop
        )
        verbs.append(Verb(first, after, semi, _voice(scene, tokens, first), _acts(tokens[first:after])))
    return verbs


def _adjoining(scene: Scene, a: Token, b: Token) -> bool:
    return not scene.doc.text[a.end : b.start].strip()


def _break_before(tokens: Sequence[Token], after: int, nxt: int) -> int | None:
    """Where the clause of verb ``nxt`` begins: the comma or "và" before its giver, and before the year that leads it."""
    cut = None
    for k in range(nxt - 1, after - 1, -1):
        token = tokens[k]
        if token.kind == "punct" and token.word in (";", ":"):
            return k
        if token.kind == "and" or (token.kind == "punct" and token.word == ","):
            cut = k
            if k and tokens[k - 1].kind not in ("when", "span", "recent", "now", "past", "habit"):
                return cut
    return cut


def _acts(chain: Sequence[Token]) -> tuple[str, ...]:
    return tuple(t.word for t in chain if t.kind in (*VERBS, "work"))


def _voice(scene: Scene, tokens: Sequence[Token], first: int) -> str:
    if tokens[first].kind == "get":
        return "get"
    before = first - 1
    if before >= 0 and tokens[before].kind == "passive":
        return "passive"
    while before >= 0 and tokens[before].kind in ("party", "and") and first - before < 4:
        before -= 1
    if before >= 0 and tokens[before].kind in ("passive", "by"):
        return tokens[before].kind
    return "active"


def _read_verb(
    scene: Scene,
    marks: Marks,
    tokens: Sequence[Token],
    verb: Verb,
    left: int,
    sentence: tuple[int, int],
    role: str,
    carried: Carried,
) -> list[Draft]:
    before, region = tokens[left : verb.first], tokens[verb.after : verb.stop]
    chain_end = tokens[verb.after - 1].end
    region_end = tokens[verb.stop].start if verb.stop < len(tokens) else sentence[1]
    kinds = {t.kind for t in before}
    when = _when(before) or _when(region[:1])
    if when is not None:
        carried.when = when
    subject = _subject(scene, before) or _named_left(scene, before, tokens[verb.first].start, sentence[0])
    if verb.voice == "active":
        funder = subject or carried.funder
        receiver: tuple[PartyName, ...] = ()
    elif verb.voice == "by" or (verb.voice == "passive" and before and before[-1].kind == "party"):
        funder, receiver = _after_by(scene, before), ()
    else:
        funder, receiver = _from_party(scene, region), subject
    clause = _last_clause(before)
    mutual = any(_is_mutual(t) for t in clause) and not any(t.kind == "ask" for t in clause)

    if _gives_nothing(scene, tokens, verb, before):
        return []
    if tokens[verb.first].kind == "run" and not (
        _runs_for_another(scene, funder, region, mutual, chain_end, region_end, marks)
    ):
        if subject:
            carried.funder = subject
        return []
    recipients = receiver or party_phrase(scene, marks, tokens, verb.after, verb.stop, chain_end, region_end)
    status = _status(kinds | {t.kind for t in region[:2]}, tokens, verb)
    if not recipients and status == "requested":
        recipients = _asker(scene, before)
    if not recipients and len(funder) == 1:
        other = scene.other_of_pair(funder[0])
        recipients = (other,) if other else ()
    if mutual:
        recipients = funder
    if funder and not mutual:
        carried.funder = funder
    drafts = []
    for piece in what_phrases(
        scene, marks, tokens, verb.first, verb.after, verb.stop, chain_end, region_end, mutual=mutual
    ):
        if not funder and not (piece.to or recipients):
            continue
        if verb.voice == "get" and not funder and not any(t.kind in ("give", "sum") for t in region):
            continue  # "nhận được 1 triệu đồng": no giver, no word of giving
        if piece.money is None and piece.count is not None and not (piece.thing or piece.near):
            continue
        if piece.money is None and piece.count is None:
            if not piece.thing or not funder or not recipients or status == "requested":
                continue
            if tokens[verb.first].kind == "sum" or (
                tokens[verb.first].word == "other" and tokens[verb.first].kind == "give"
            ):
                continue
        year, period = _time(scene, carried.when, before, region, verb, role, status)
        what = piece.text or clean_phrase(scene, sentence[0], sentence[1])
        place = place_in(scene, piece.start, region_end) or (
            recipients[0] if len(recipients) == 1 and recipients[0].code else None
        )
        drafts.append(
            Draft(
                funder=funder,
                recipient=piece.to or recipients,
                what=what,
                act=_act(
                    verb, piece.acts, piece.thing, bare_sum=piece.money is not None and piece.count is None
                ),
                money=piece.money,
                of_total=piece.of_total,
                count=piece.count,
                year=year,
                period=period,
                place=place,
                field=carried.topic
                or field_of(what, scene.doc.text[sentence[0] : sentence[1]], lexicon=scene.lexicon),
                status=status,
                span=sentence,
                rate=piece.rate,
                spans=((sentence[0], sentence[1]),),
                marks=frozenset(
                    name
                    for name, given in (
                        ("subject", bool(subject)),
                        ("money", piece.money is not None),
                        ("count", piece.count is not None),
                        ("recipient", bool(recipients)),
                        ("funder", bool(funder)),
                        ("work", bool(piece.acts)),
                    )
                    if given
                ),
            )
        )
    return drafts


NEAR_VERB = 3
"""How many tokens before a verb are looked at for "không", "thiệt hại", "giá"."""


def _gives_nothing(scene: Scene, tokens: Sequence[Token], verb: Verb, before: Sequence[Token]) -> bool:
    """Whether the words around a verb say that nothing is given: "không hỗ trợ", "các hỗ trợ", a loss, a price, a crime."""
    if any(t.kind == "crime" for t in tokens) or any(t.kind in ("loss", "not") for t in before[-NEAR_VERB:]):
        return True
    head = tokens[verb.first]
    return (
        bool(before)
        and head.kind == "give"
        and before[-1].kind == "some"
        and _adjoining(scene, before[-1], head)
    )


def _last_clause(before: Sequence[Token]) -> Sequence[Token]:
    cuts = [k for k, t in enumerate(before) if t.kind == "punct" and t.word in (";", ":")]
    return before[cuts[-1] + 1 :] if cuts else before


def _when(tokens: Sequence[Token]) -> When | Span | None:
    for t in reversed(tokens):
        if isinstance(t.mention, When | Span) and not t.mention.anniversary:
            return t.mention
    return None


def _is_mutual(token: Token) -> bool:
    return isinstance(token.mention, Reference) and len(token.mention.names) == 2


_NOT_SUBJECT_AFTER = ("of", "in", "to", "for", "by", "with")


def _subject(scene: Scene, before: Sequence[Token]) -> tuple[PartyName, ...]:
    """The giver left of the verb: the nearest party that no preposition governs, with those joined to it."""
    for k in range(len(before) - 1, -1, -1):
        token = before[k]
        if token.kind != "party" or (k and before[k - 1].kind in _NOT_SUBJECT_AFTER):
            continue
        parties = list(scene.parties_of(token.mention))
        while (
            k >= 2
            and before[k - 2].kind == "party"
            and (before[k - 1].kind == "and" or before[k - 1].word == ",")
        ):
            k -= 2
            if k and before[k - 1].kind in _NOT_SUBJECT_AFTER:
                break
            parties[:0] = scene.parties_of(before[k].mention)
        return tuple(dict.fromkeys(parties))
    return ()


def _named_left(scene: Scene, before: Sequence[Token], verb_start: int, start: int) -> tuple[PartyName, ...]:
    """A giver that no table knows: the capitalised words right before the verb ("NutiFood cũng đã tài trợ …")."""
    cut = max(
        (t.end for t in before if t.kind in ("punct", "party", "when", "span", "money", "count")),
        default=start,
    )
    words = scene.doc.text[cut:verb_start].split()
    named = list(takewhile(lambda word: word[:1].isupper() or word in ("&", "-"), words))
    if not named or len(words) - len(named) > ADVERBS:
        return ()
    if cut == start and len(named) == 1 and not any(c.isupper() for c in named[0][1:]):
        return ()  # any sentence begins with a capital
    return (PartyName(" ".join(named)),)


def _asker(scene: Scene, before: Sequence[Token]) -> tuple[PartyName, ...]:
    """Who asks for help, where the verb is asked for: the party before "đề nghị"."""
    for a, b in pairwise(before):
        if b.kind == "ask" and a.kind == "party":
            return scene.parties_of(a.mention)
    return ()


def _after_by(scene: Scene, before: Sequence[Token]) -> tuple[PartyName, ...]:
    parties: list[PartyName] = []
    for token in reversed(before):
        if token.kind == "party":
            parties[:0] = scene.parties_of(token.mention)
        elif token.kind in ("by", "passive"):
            break
    return tuple(dict.fromkeys(parties))


def _from_party(scene: Scene, region: Sequence[Token]) -> tuple[PartyName, ...]:
    for a, b in pairwise(region):
        if a.kind in ("of", "by") and b.kind == "party":
            return scene.parties_of(b.mention)
    return ()


def _runs_for_another(
    scene: Scene,
    funder: tuple[PartyName, ...],
    region: Sequence[Token],
    mutual: bool,
    start: int,
    end: int,
    marks: Marks,
) -> bool:
    """Whether a programme carried out is given to another: two localities stand on the page, and it treats or trains people of
    the other, or both carry it out."""
    if scene.pair is None or not funder:
        return False
    if mutual:
        return True
    helps = any(t.kind == "work" and t.word in ("treat", "train") for t in region) and any(
        t.kind == "to" for t in region
    )
    scheme = any(h.value == "other" for h in marks.things.within(start, min(end, start + SCHEME_NEAR)))
    return bool(funder[0].code) and (helps or scheme)


def _status(kinds: set[str], tokens: Sequence[Token], verb: Verb) -> str:
    near = {t.kind for t in tokens[max(0, verb.first - 4) : verb.first]}
    if "ask" in near:
        return "requested"
    if near & {"will", "plan"}:
        return "pledged"
    if "habit" in kinds or "going" in near:
        return "ongoing"
    return "done"


def _act(verb: Verb, acts: tuple[str, ...], thing: str | None, *, bare_sum: bool) -> str:
    works = [a for a in (*verb.acts, *acts) if a in BUILD_FIRST]
    for act in BUILD_FIRST:
        if act in works:
            return act
    first = next((a for a in verb.acts if a not in ("other",)), "other")
    if thing and thing != "other" and first in ("fund", "gift", "other", "invest"):
        return thing if first != "gift" or thing != "fund" else first
    if first == "gift" and bare_sum:
        return "fund"  # a sum handed over with nothing else is money given
    return "build" if first == "invest" and thing == "build" else first


def _time(
    scene: Scene,
    when: When | Span | None,
    before: Sequence[Token],
    region: Sequence[Token],
    verb: Verb,
    role: str,
    status: str,
) -> tuple[int | None, tuple[int | None, int | None] | None]:
    kinds = {t.kind for t in before}
    if isinstance(when, When) and when.year is not None:
        return when.year, None
    if isinstance(when, Span) and (when.first or when.last):
        return None, (when.first.year if when.first else None, when.last.year if when.last else None)
    if "past" in kinds or "habit" in kinds:
        return None, None
    punctual = verb.acts[:1] == PUNCTUAL and role in ("caption", "lead", "headline")
    if kinds & {"recent", "now"} or punctual or isinstance(when, When):
        return scene.year, None
    return None, None


def with_spans(draft: Draft, spans: tuple[tuple[int, int], ...]) -> Draft:
    return replace(draft, spans=tuple(sorted(set(draft.spans) | set(spans))))


__all__ = ["BodyName", "Draft", "PlaceName", "draft_contributions", "with_spans"]
