"""Who may read and write what in the news room (quyền).

A story belongs to the side that publishes it. Officers and administrators of that side write, publish and withdraw it; its
reviewers and viewers read its drafts. Nobody of another side sees a story before anyone may read it.
"""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest

from hoptac.ledger.models import Party
from hoptac.newsroom.models import Notice, Story
from hoptac.screens.access import Desk, desk_of, open_records


def own_stories(desk: Desk) -> QuerySet[Story]:
    """Stories of the sides for which the user works."""
    every = Story.objects.select_related("party", "cooperation")
    return every if desk.everything else every.filter(party__in=desk.ids)


def story_for(request: HttpRequest, pk: int) -> tuple[Story, bool]:
    """The story and whether the user may write it; 404 where it is of a side for which the user does not work."""
    desk = desk_of(request)
    found = own_stories(desk).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found, bool(desk.writes_for(frozenset({found.party_id})))


def writing_sides(desk: Desk) -> list[Party]:
    """The localities in whose name the user may publish."""
    own = desk.writes_for(desk.ids)
    return list(Party.objects.filter(pk__in=own, kind="locality").order_by("name_key"))


def open_notices(desk: Desk) -> QuerySet[Notice]:
    """What readers reported of the records and stories of the user's sides, and of pages that are no side's own."""
    every = Notice.objects.select_related("record", "story")
    if desk.everything:
        return every
    if not desk.ids:
        return every.none()
    return every.filter(
        Q(record__in=open_records(desk))
        | Q(story__party__in=desk.ids)
        | Q(record__isnull=True, story__isnull=True)
    )


def notice_for(request: HttpRequest, pk: int) -> tuple[Notice, list[Party]]:
    """The notice, and the sides for which the user may answer it; 404 where it is not the user's."""
    desk = desk_of(request)
    found = open_notices(desk).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found, writing_sides(desk)
