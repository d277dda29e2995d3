"""What a side has to see to (việc cần làm): what waits for its word, what it owes that is late or due soon, what ends."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q, QuerySet

from hoptac.ledger.models import Record, RecordParty
from hoptac.ledger.turns import WAITING

FIRST_FEW = 10  # records named of each sort; the letter leads to the rest
ENDS_WITHIN = 90  # days before its last day from which an agreement is told as ending


@dataclass(frozen=True)
class Digest:
    """What there is to see to on a day: of each sort the first few records, and how many there are."""

    waiting: tuple[Record, ...]
    waiting_count: int
    late: tuple[Record, ...]
    late_count: int
    soon: tuple[Record, ...]
    soon_count: int
    ending: tuple[Record, ...]

    @property
    def matters(self) -> int:
        """How many matters in all; nothing is sent for none."""
        return self.waiting_count + self.late_count + self.soon_count + len(self.ending)


def owed_by(sides: frozenset[int]) -> QuerySet[Record]:
    """Open matters with a due day that one of some sides owes: of a request or an instruction the side to which it was put, of a
    pledge the side that gave it, of a contribution its giver, of a work every side."""

    def of(role: str) -> Q:
        named = RecordParty.objects.filter(role=role).filter(
            Q(party_id__in=sides) | Q(party__locality_id__in=sides)
        )
        return Q(pk__in=named.values("record_id"))

    asked = Q(kind="ask", values__kind__in=("request", "instruction")) & of("to")
    pledged = Q(kind="ask", values__kind="pledge") & of("by")
    given = Q(kind="contribution") & of("giver")
    work = Q(kind="activity") & of("side")
    return Record.objects.live().filter(asked | pledged | given | work, met=False, due__isnull=False)


def digest_of(sides: frozenset[int], today: date, within: int) -> Digest:
    """What some sides have to see to on a day; ``within``: days before a due day from which it is told."""
    roles = RecordParty.objects.filter(party_id__in=sides, role="side", word__in=WAITING)
    waiting = (
        Record.objects.live().filter(pk__in=roles.values("record_id")).order_by("-year", "title_key", "id")
    )
    owed = owed_by(sides).order_by("due", "id")
    late = owed.filter(due__lt=today)
    soon = owed.filter(due__gte=today, due__lte=today + timedelta(within))
    ending: list[Record] = []
    if (date(today.year, 12, 31) - today).days <= ENDS_WITHIN:
        agreed = Record.objects.live().filter(
            kind="agreement", values__period__1=today.year, roles__party_id__in=sides, roles__role="side"
        )
        ending = list(agreed.distinct().order_by("id")[:FIRST_FEW])
    return Digest(
        tuple(waiting[:FIRST_FEW]),
        waiting.count(),
        tuple(late[:FIRST_FEW]),
        late.count(),
        tuple(soon[:FIRST_FEW]),
        soon.count(),
        tuple(ending),
    )
