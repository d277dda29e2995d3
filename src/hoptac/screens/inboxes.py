"""What waits for a person (hộp chờ), as screens have it: who may see and file it, its filters, the words of a likeness.

A statement that waits is open to those who work for a locality that it concerns; one that names none to every user who
works for a party, for someone has to file it. To file it one must be an officer or administrator of such a side. What a side
says itself (its own paper) is filed by that side alone: nobody may put another's word aside.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import F, Q, QuerySet
from django.http import Http404, HttpRequest, QueryDict

from hoptac.ledger.filing import CERTAIN, concerned
from hoptac.ledger.inbox import speakers_side
from hoptac.ledger.matching import ENOUGH, MAYBE, NEVER, Match
from hoptac.ledger.models import STATEMENT_KINDS, Party, Statement, Waiting
from hoptac.lexicon.tables import Lexicon, default_lexicon
from hoptac.screens.access import SPEAKERS, Desk, desk_of, open_records
from hoptac.screens.labels import language_code
from hoptac.screens.lists import LONGEST_SEARCH, is_slug
from hoptac.text.fold import search_key

KINDS = tuple(kind for kind in STATEMENT_KINDS if kind not in ("person", "activity"))
ORDERS = {"words": "words", "year": "year", "score": "score", "since": "since"}
CERTAINTIES = ("certain", "uncertain")
LIKELY = ("likely", "maybe", "none")


def open_waiting(desk: Desk) -> QuerySet[Waiting]:
    """The rows of the inbox that are open to a user."""
    every = Waiting.objects.all()
    if desk.everything:
        return every
    if not desk.ids:
        return every.none()
    told = Waiting.sides.through.objects.all()
    own = told.filter(party_id__in=desk.ids).values("waiting_id")
    return every.filter(Q(pk__in=own) | ~Q(pk__in=told.values("waiting_id")))


def may_file(desk: Desk, statement: Statement) -> bool:
    """Whether a user may decide of a statement."""
    speaker = speakers_side(statement)
    if speaker is not None:
        return bool(desk.writes_for(frozenset({speaker.pk})))
    waiting = Waiting.objects.filter(statement=statement).prefetch_related("sides").first()
    sides = waiting.sides.all() if waiting is not None else concerned(statement.kind, statement.values).sides
    ids = frozenset(p.pk for p in sides)
    if not ids:
        return any(roles & SPEAKERS for roles in desk.sides.values())
    return bool(desk.writes_for(ids))


def is_open(desk: Desk, statement: Statement) -> bool:
    """Whether a statement is open to a user: it concerns a locality of the user's or none, or stood in an open record."""
    if desk.everything:
        return True
    sides = {p.pk for p in concerned(statement.kind, statement.values).sides}
    speaker = speakers_side(statement)
    sides |= {speaker.pk} if speaker is not None else set()
    if desk.ids & sides or (desk.ids and not sides):
        return True
    return open_records(desk).filter(filings__statement=statement).exists()


def statement_for(request: HttpRequest, uid: UUID) -> tuple[Statement, bool]:
    """A statement that is open to the user, and whether the user may decide of it; else 404."""
    desk = desk_of(request)
    found = Statement.objects.filter(uid=uid).select_related("source", "speaker__locality", "signer").first()
    if found is None or found.kind == "person" or not is_open(desk, found):
        raise Http404
    return found, may_file(desk, found)


@dataclass(frozen=True)
class InboxFilter:
    """What the inbox was asked for; an unknown value of a filter is as if it were not there."""

    q: str = ""
    kind: str = ""
    party: str = ""
    certainty: str = ""
    likely: str = ""
    sort: str = ""

    @classmethod
    def of(cls, query: QueryDict) -> InboxFilter:
        def known(name: str, codes: tuple[str, ...]) -> str:
            value = query.get(name, "")
            return value if value in codes else ""

        party = query.get("party", "")
        return cls(
            q=query.get("q", "")[:LONGEST_SEARCH].strip(),
            kind=known("kind", KINDS),
            party=party if is_slug(party) else "",
            certainty=known("certainty", CERTAINTIES),
            likely=known("likely", LIKELY),
            sort=known("sort", (*ORDERS, *(f"-{key}" for key in ORDERS))),
        )

    @property
    def narrowed(self) -> bool:
        return any((self.q, self.kind, self.party, self.certainty, self.likely))

    def apply(self, rows: QuerySet[Waiting]) -> QuerySet[Waiting]:
        found = rows
        for word in search_key(self.q).split():
            found = found.filter(words__contains=word)
        if self.kind:
            found = found.filter(kind=self.kind)
        if self.party:
            found = found.filter(sides__in=Party.objects.filter(slug=self.party))
        if self.certainty:
            sure = Q(statement__confidence=None) | Q(statement__confidence__gte=CERTAIN)
            found = found.filter(sure if self.certainty == "certain" else ~sure)
        if self.likely:
            scores = {
                "likely": Q(score__gte=ENOUGH),
                "maybe": Q(score__gte=MAYBE, score__lt=ENOUGH),
                "none": Q(score=None) | Q(score__lt=MAYBE),
            }
            found = found.filter(scores[self.likely])
        column = ORDERS.get(self.sort.removeprefix("-"))
        if column is None:
            return found.order_by("-since", "statement_id")
        down = self.sort.startswith("-")
        return found.order_by(
            F(column).desc(nulls_last=True) if down else F(column).asc(nulls_last=True), "statement_id"
        )


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a statement is like a record or not: the words, and the points (None: never one deed)."""

    words: str
    points: int | None


def _reasons(lexicon: Lexicon) -> dict[str, dict[str, str]]:
    return {row["code"]: dict(row) for row in lexicon.table("match_points")}


def reasons(match: Match) -> list[Reason]:
    """What speaks for a likeness and against it, in words, the weightiest first; what weighs nothing is left out."""
    rows = default_lexicon().built(_reasons)
    told = [
        Reason(rows[c][language_code()], None if rows[c]["points"] == "never" else int(rows[c]["points"]))
        for c in match.reasons
        if c in rows and rows[c]["points"] != "0"
    ]
    return sorted(told, key=lambda r: -abs(NEVER if r.points is None else r.points))
