"""Who may see and write a review (quyền): whoever may see its cooperation sees it; a side's officers write for their side alone."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import Http404, HttpRequest

from hoptac.ledger.models import Party
from hoptac.review.models import Review
from hoptac.screens.access import Desk, desk_of, open_cooperations


def open_reviews(desk: Desk) -> QuerySet[Review]:
    return Review.objects.filter(cooperation__in=open_cooperations(desk))


def review_for(request: HttpRequest, slug: str) -> tuple[Review, list[Party]]:
    """The review, and the sides for which the user may write in it; 404 where it is not open to the user."""
    desk = desk_of(request)
    found = (
        open_reviews(desk)
        .filter(slug=slug)
        .select_related("cooperation")
        .prefetch_related("cooperation__localities")
        .first()
    )
    if found is None:
        raise Http404
    sides = list(found.cooperation.localities.all())
    own = desk.writes_for(frozenset(p.pk for p in sides))
    return found, sorted((p for p in sides if p.pk in own), key=lambda p: (p.code or "~", p.identity))
