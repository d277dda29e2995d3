"""One deed told twice on a page is one contribution (gộp khoản trùng), with both sentences as its evidence."""

from __future__ import annotations

from dataclasses import replace

from hoptac.reading.claims.contributions import Draft
from hoptac.reading.scan import literal_form
from hoptac.reading.scene import Scene
from hoptac.reading.values import Amount, Contribution, Quantity

WORDS_SHARED = 0.5
"""Two phrases tell of one thing where the shorter shares at least this part of its words with the longer."""


LOOSELY = 0.2
"""The share that is enough where sum and giver are the same."""


def merge_drafts(drafts: list[Draft]) -> list[Draft]:
    """Drafts with like ones folded into the fuller of the two, in text order."""
    merged: list[Draft] = []
    for draft in drafts:
        for n, other in enumerate(merged):
            if _same_deed(other, draft):
                merged[n] = _join(other, draft)
                break
        else:
            merged.append(draft)
    return merged


def _same_deed(a: Draft, b: Draft) -> bool:
    if _apart(a, b):
        return False
    if a.money and b.money:
        same_sum = (
            a.money.value == b.money.value
            and a.money.currency == b.money.currency
            and a.money.each == b.money.each
        )
        return same_sum and (
            _like(a.what, b.what)
            or (
                _overlap(a.funder, b.funder)
                and not _other_years(a, b)
                and (not a.recipient or not b.recipient)
            )
            or (_overlap(a.funder, b.funder) and not _other_years(a, b) and _like(a.what, b.what, LOOSELY))
        )
    if a.count and b.count and not (a.money or b.money):
        return a.count.value == b.count.value and _like(a.count.unit, b.count.unit) and not _other_years(a, b)
    if a.money or b.money or a.count or b.count:
        return False
    if _other_years(a, b) or not _overlap(a.funder, b.funder) or not _overlap(a.recipient, b.recipient):
        return False
    return _same_words(a.what, b.what)


def _apart(a: Draft, b: Draft) -> bool:
    """Whether two drafts give to different localities: equal shares of one sum are two."""
    one, two = ({p.code for p in draft.recipient if p.code} for draft in (a, b))
    return bool(one) and bool(two) and not one & two


def _other_years(a: Draft, b: Draft) -> bool:
    return a.year is not None and b.year is not None and a.year != b.year


def _overlap(a: tuple[object, ...], b: tuple[object, ...]) -> bool:
    return not a or not b or bool(set(a) & set(b))


def _like(a: str, b: str, share: float = WORDS_SHARED) -> bool:
    one, two = set(literal_form(a).split()), set(literal_form(b).split())
    if not one or not two:
        return one == two
    return len(one & two) / min(len(one), len(two)) >= share


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
        marks=a.marks | b.marks,
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
        confidence=confidence_of(draft),
    )


WEIGHTS = {"subject": 0.2, "money": 0.2, "count": 0.1, "recipient": 0.15, "funder": 0.1, "work": 0.1}
"""What each thing that a sentence says outright adds to the confidence; 0.15 is what a bare verb of giving is worth."""


def confidence_of(draft: Draft) -> float:
    """How sure the reading is, 0 to 1: the more of a contribution its own sentence says, the surer."""
    return round(min(0.97, 0.15 + sum(WEIGHTS[mark] for mark in draft.marks)), 2)
