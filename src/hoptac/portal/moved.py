"""Addresses that led somewhere once (địa chỉ cũ): where they lead now."""

from __future__ import annotations

import re

from hoptac.ledger.models import Filing, Party, Record
from hoptac.screens.visible import public_parties, public_records

_ID = re.compile(r"-([0-9a-f]{8})\Z")


def record_now(slug: str) -> Record | None:
    """The public record that an address names by its id, whatever name stands before it; or, where all that was said under
    that record is filed under another now, that other one."""
    found = _ID.search(slug)
    if found is None:
        return None
    old = Record.objects.filter(slug__endswith=found[0]).order_by("id").first()
    if old is None:
        return None
    if public_records().filter(pk=old.pk).exists():
        return old
    statements = Filing.objects.filter(record=old).values("statement")
    latest: dict[int, int | None] = {}
    rows = Filing.objects.filter(statement__in=statements).order_by("id")
    for statement, record in rows.values_list("statement_id", "record_id"):
        latest[statement] = record
    now = {record for record in latest.values() if record is not None and record != old.pk}
    return public_records().filter(pk__in=now).first() if len(now) == 1 else None


def party_now(slug: str) -> Party | None:
    """The public party that another was found to be."""
    old = Party.objects.filter(slug=slug).select_related("merged_into").first()
    seen = set()
    while old is not None and old.merged_into is not None and old.pk not in seen:
        seen.add(old.pk)
        old = old.merged_into
    if old is None or not seen:
        return None
    return public_parties().filter(pk=old.pk).first()
