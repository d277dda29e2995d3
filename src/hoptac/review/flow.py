"""The life of a review (vòng đời bản kiểm điểm): draft, agreed by one side, agreed by both. Every change lifts what was agreed.

Each step is one transaction: it takes the review only where its version is still the one that the person saw, writes its
row, and sets ``mark``, ``state`` and ``version`` from the rows that count. What was refused has written nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.text import slugify

from hoptac.ledger.canonical import canonical_json, digest
from hoptac.ledger.models import Cooperation, Party, Statement
from hoptac.ledger.statements import lock_chain
from hoptac.review.models import OUTCOMES, PARTS, Assent, Review, SideText, Snapshot
from hoptac.review.rows import body_text
from hoptac.review.snapshot import take_body
from hoptac.review.telling import Outcome, SideWords
from hoptac.text.fold import search_key

MOMENT = ("taken_at", "statements", "filings", "links")
FREE_TEXTS = ("strengths", "limits", "proposals")


class ReviewMoved(Exception):
    """The review changed between the screen and the form."""


class NotASide(ValueError):
    """A party that is none of the cooperation's localities can neither write nor agree."""


def open_review(
    cooperation: Cooperation, first: int, last: int, *, side: Party, by: User, at: datetime
) -> tuple[Review, bool]:
    """The review of a cooperation and period, made with its first snapshot if there is none yet; and whether it is new."""
    _require_side(cooperation, side)
    with transaction.atomic():
        lock_chain()
        known = Review.objects.filter(cooperation=cooperation, first_year=first, last_year=last).first()
        if known is not None:
            return known, False
        years = str(first) if first == last else f"{first}-{last}"
        review = Review.objects.create(
            cooperation=cooperation, slug=f"{cooperation.slug}-{slugify(search_key(years))}",
            first_year=first, last_year=last, mark="", opened_at=at, changed_at=at,
        )  # fmt: skip
        _keep(review, take_body(cooperation, first, last, at=at), side, by, at)
        mark = mark_of(review)
        Review.objects.filter(pk=review.pk, version=review.version).update(mark=mark)
        review.mark = mark
    return review, True


def renew(review: Review, *, side: Party, by: User, version: int, at: datetime) -> bool:
    """Take a new snapshot of the ledger; False where it would tell nothing new of this cooperation."""
    _require_side(review.cooperation, side)
    with transaction.atomic():
        lock_chain()
        body = take_body(review.cooperation, review.first_year, review.last_year, at=at)
        if _told(body) == _told(json.loads(latest_snapshot(review).body)):
            return False
        _hold(review, version, at)
        _keep(review, body, side, by, at)
        _settle(review)
    return True


def _told(body: Mapping[str, Any]) -> str:
    """What a snapshot tells, whatever moment it was taken at."""
    return canonical_json({name: value for name, value in body.items() if name not in MOMENT})


def write_text(
    review: Review, *, side: Party, part: str, about: str = "", values: Mapping[str, Any], by: User, version: int, at: datetime
) -> bool:  # fmt: skip
    """Keep what a side writes; False where it says what stands already. A paper's details change nothing that is agreed."""
    _require_side(review.cooperation, side)
    if part not in PARTS or (part == "answer" and values.get("outcome") not in OUTCOMES):
        raise ValueError(f"part: found {part!r} with {dict(values)!r}; expected one of {', '.join(PARTS)}")
    with transaction.atomic():
        said = (
            SideText.objects.filter(review=review, side=side, part=part, about=about).order_by("-id").first()
        )
        if said is not None and said.values == dict(values):
            return False
        if said is None and not any(values.values()):
            return False
        _hold(review, version, at)
        SideText.objects.create(
            review=review, side=side, part=part, about=about, values=dict(values), by=by, made_at=at
        )
        _settle(review)
    return True


def agree(review: Review, *, side: Party, by: User, version: int, agrees: bool = True, at: datetime) -> bool:
    """Agree for one's own side to the review as it stands, or take that back; False where it stands so already."""
    _require_side(review.cooperation, side)
    with transaction.atomic():
        if (side.pk in {p.pk for p in agreed_by(review)}) is agrees:
            return False
        _hold(review, version, at)
        Assent.objects.create(
            review=review, side=side, mark=mark_of(review), agrees=agrees, by=by, made_at=at
        )
        _settle(review)
    return True


def _require_side(cooperation: Cooperation, side: Party) -> None:
    if not cooperation.localities.filter(pk=side.pk).exists():
        raise NotASide(f"{side}: no locality of {cooperation}")


def _hold(review: Review, version: int, at: datetime) -> None:
    """Go on only from the version that the person saw: one of two who change a review at once is told."""
    moved = Review.objects.filter(pk=review.pk, version=version).update(version=version + 1, changed_at=at)
    if moved != 1:
        raise ReviewMoved
    review.version, review.changed_at = version + 1, at


def _settle(review: Review) -> None:
    mark, state = mark_of(review), state_of(review)
    changed = Review.objects.filter(pk=review.pk, version=review.version).update(mark=mark, state=state)
    if changed != 1:
        raise ReviewMoved
    review.mark, review.state = mark, state


def _keep(review: Review, body: Mapping[str, Any], side: Party, by: User, at: datetime) -> Snapshot:
    last = Statement.objects.filter(seq=body["statements"]).values_list("hash", flat=True).first()
    return Snapshot.objects.create(
        review=review, statements=body["statements"], filings=body["filings"], chain=last or "",
        body=body_text(body), digest=digest(body), side=side, by=by, made_at=at,
    )  # fmt: skip


def latest_snapshot(review: Review) -> Snapshot:
    found = review.snapshots.order_by("-id").first()
    if found is None:
        raise Snapshot.DoesNotExist(f"{review}: no snapshot")
    return found


def texts_in_force(review: Review) -> list[SideText]:
    """The latest text of each side, part and record, in order of side, part and record."""
    latest = {
        (t.side_id, t.part, t.about): t for t in review.texts.order_by("id").select_related("side", "by")
    }
    return sorted(latest.values(), key=lambda t: (t.side.code or "~", t.side.identity, t.part, t.about))


def mark_of(review: Review) -> str:
    """What is agreed to: the digest of the latest snapshot and of every text in force, papers' details apart."""
    texts = [
        [t.side.identity, t.part, t.about, t.values] for t in texts_in_force(review) if t.part != "paper"
    ]
    return digest([latest_snapshot(review).digest, texts])


def agreed_by(review: Review) -> list[Party]:
    """The sides whose latest word is that they agree to the review as it stands now."""
    mark = mark_of(review)
    latest = {a.side_id: a for a in review.assents.order_by("id").select_related("side")}
    return [a.side for a in latest.values() if a.agrees and a.mark == mark]


def state_of(review: Review) -> str:
    """draft, one_side or both_sides; "both" means every locality of the cooperation."""
    agreed = {p.pk for p in agreed_by(review)}
    every = set(review.cooperation.localities.values_list("pk", flat=True))
    return "both_sides" if agreed >= every else "one_side" if agreed else "draft"


def side_words(sides: Iterable[Party], texts: Iterable[SideText]) -> list[SideWords]:
    """What each side wrote, in the order of the sides."""
    said = {(t.side_id, t.part): str(t.values.get("text", "")) for t in texts if not t.about}
    return [
        SideWords(side.name, **{part: said.get((side.pk, part), "") for part in FREE_TEXTS}) for side in sides
    ]


def outcomes_of(texts: Iterable[SideText]) -> list[Outcome]:
    return [
        Outcome(t.side.name, t.about, str(t.values["outcome"]), str(t.values.get("text", "")))
        for t in texts
        if t.part == "answer"
    ]
