"""What the public may see (phần công khai): the one place that decides.

The ledger has no published state or embargo date yet, so every live record of a cooperation is public. Never public: the
full text of a source, who signed a statement, records of no cooperation.
"""

from __future__ import annotations

from django.db.models import QuerySet

from hoptac.ledger.models import Cooperation, Party, Record


def public_cooperations() -> QuerySet[Cooperation]:
    return Cooperation.objects.all()


def public_records() -> QuerySet[Record]:
    linked = Record.cooperations.through.objects.filter(cooperation__in=public_cooperations())
    return Record.objects.live().filter(pk__in=linked.values("record_id"))


def public_parties() -> QuerySet[Party]:
    """Parties that a public record names; groups of people are not pages of their own."""
    return Party.objects.exclude(kind="group").filter(roles__record__in=public_records()).distinct()
