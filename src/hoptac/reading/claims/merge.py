"""One deed told twice on a page is one contribution (gộp khoản trùng), with both sentences as its evidence."""

from __future__ import annotations

from dataclasses import replace

from hoptac.reading.claims.contributions import Draft
from hoptac.reading.claims.weigh import share_right, weights_of
from hoptac.reading.scan import literal_form
from hoptac.reading.scene import Scene
from hoptac.reading.values import Amount, Contribution, PartyName, Quantity

WORDS_SHARED = 0.5
"""Two phrases tell of one thing where the shorter shares at least this part of its words with the longer."""


def merge_drafts(drafts: list[Draft]) -> list[Draft]:
    """Drafts with like ones folded into the fuller of the two, in text order; what a caption or headline only hints at again is
    folded into what the page tells with its figure."""
    merged: list[Draft] = []
    for draft in sorted(drafts, key=_plainness):
        for n, other in enumerate(merged):
            if _same_deed(other, draft):
                merged[n] = _join(other, draft)
                break
        else:
            merged.append(draft)
    return sorted(merged, key=lambda draft: (draft.span, draft.at))


def _plainness(draft: Draft) -> tuple[int, tuple[int, int], int]:
    return (0 if draft.money else 1 if draft.count else 2, draft.span, draft.at)


def _same_deed(a: Draft, b: Draft) -> bool:
    """Whether two drafts, the one with more figures first, tell of one thing given."""
    if _apart(a, b) or _other_years(a, b):
        return False
    elsewhere = not set(a.spans) & set(b.spans)
    if a.money and b.money:
        same_sum = a.money.value == b.money.value and a.money.currency == b.money.currency
        return same_sum and (elsewhere or _like(a.what, b.what))
    if b.money:
        return False
    if b.count:
        if a.count is None or a.count.value != b.count.value:
            return False
        told_with = a.count.start == b.count.start  # "20 con bò giống trị giá 500 triệu đồng" is one thing
        return _like(a.count.unit, b.count.unit) and (elsewhere or told_with or not a.money)
    if not elsewhere:
        return not a.money and not a.count and _same_words(a.what, b.what)
    unit = a.count.unit if a.count is not None else ""
    named = _inside(b.what, f"{a.what} {unit}")
    if b.role in HINTS:
        return (
            named
            or _overlap(a.funder, b.funder, known=True)
            or _overlap(a.recipient, b.recipient, known=True)
        )
    if not _overlap(a.funder, b.funder):
        return False
    return named and (_overlap(a.recipient, b.recipient) or bool(a.money or a.count))


HINTS = ("caption", "headline")
"""Lines that tell again, without a figure, what the story tells."""


def _apart(a: Draft, b: Draft) -> bool:
    """Whether two drafts give to different localities: equal shares of one sum are two."""
    one, two = ({p.code for p in draft.recipient if p.code} for draft in (a, b))
    return bool(one) and bool(two) and not one & two


def _other_years(a: Draft, b: Draft) -> bool:
    return a.year is not None and b.year is not None and a.year != b.year


def _overlap(a: tuple[PartyName, ...], b: tuple[PartyName, ...], *, known: bool = False) -> bool:
    """Whether two sets of parties share one, or one of them is unknown; ``known`` asks for a shared one."""
    if not a or not b:
        return not known
    return any(_inside(x.name, y.name) or _inside(y.name, x.name) for x in a for y in b)


def _inside(a: str, b: str) -> bool:
    """Whether every word of a phrase stands in another."""
    one, two = set(literal_form(a).split()), set(literal_form(b).split())
    return bool(one) and one <= two


def _like(a: str, b: str) -> bool:
    one, two = set(literal_form(a).split()), set(literal_form(b).split())
    if not one or not two:
        return one == two
    return len(one & two) / min(len(one), len(two)) >= WORDS_SHARED


def _same_words(a: str, b: str) -> bool:
    """Whether two phrases without figures name one thing: more than half of all their words stand in both."""
    one, two = set(literal_form(a).split()), set(literal_form(b).split())
    return bool(one | two) and len(one & two) / len(one | two) > WORDS_SHARED


def _fullness(draft: Draft) -> int:
    known = (
        draft.funder,
        draft.recipient,
        draft.money,
        draft.of_total,
        draft.count,
        draft.year,
        draft.place,
        draft.field,
    )
    return sum(bool(x) for x in known)


def _join(a: Draft, b: Draft) -> Draft:
    base, more = (a, b) if _fullness(a) >= _fullness(b) else (b, a)
    if a.of_total is not None and b.of_total is None:
        base, more = a, b
    elif b.of_total is not None and a.of_total is None:
        base, more = b, a
    return replace(
        base,
        funder=base.funder or more.funder,
        recipient=base.recipient or more.recipient,
        of_total=base.of_total if base.of_total is not None else more.of_total,
        count=base.count or more.count,
        year=base.year if base.year is not None else more.year,
        period=base.period or more.period,
        place=base.place or more.place,
        field=base.field or more.field,
        spans=tuple(sorted({*a.spans, *b.spans})),
        chance=max(a.chance, b.chance),
        span=min(a.span, b.span),
    )


def to_contribution(scene: Scene, draft: Draft) -> Contribution:
    """A draft as the contract's value, with its sentences as evidence and its confidence."""
    amount = None
    if draft.money is not None:
        money = draft.money
        amount = Amount(money.value, money.currency, money.bound, draft.of_total, money.each or draft.rate)
    quantity = Quantity(draft.count.value, draft.count.unit) if draft.count is not None else None
    return Contribution(
        funder=draft.funder,
        recipient=draft.recipient,
        what=draft.what,
        act=draft.act,
        evidence=tuple(scene.doc.evidence(*span) for span in draft.spans),
        amount=amount,
        quantity=quantity,
        year=draft.year,
        period=draft.period,
        place=draft.place,
        field=draft.field or "other",
        status=draft.status,
        confidence=round(share_right(weights_of(scene.lexicon).get("confidence", {}), draft.chance), 2),
    )
