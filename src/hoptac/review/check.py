"""Prove that reviews still say what they said (kiểm bản kiểm điểm): each as a list of coded findings, as ``hoptac check`` gives."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from django.db import connection

from hoptac.ledger.canonical import canonical_json, digest
from hoptac.ledger.models import Statement
from hoptac.pages.values import Finding
from hoptac.review import flow, guards
from hoptac.review.models import Review, Snapshot
from hoptac.review.rows import body_text, figures_of, read_body
from hoptac.review.snapshot import again

SHORT = 160  # characters of a value that a finding quotes


def check_reviews() -> list[Finding]:
    """Every finding of every review and snapshot, worst first; none is a clean book."""
    found = [*check_guards()]
    for snapshot in Snapshot.objects.select_related("review").order_by("pk").iterator(1):
        found += check_snapshot(snapshot)
    for review in Review.objects.select_related("cooperation").order_by("pk"):
        found += check_state(review)
    return found


def check_guards() -> Iterator[Finding]:
    """The database itself refuses to change a snapshot, a text, an assent."""
    for trigger, table in guards.missing(connection):
        yield Finding("V01", table, (("trigger", trigger), ("table", table)))


def check_snapshot(snapshot: Snapshot) -> Iterator[Finding]:
    """A snapshot is whole (V02), hangs on the ledger's chain (V03), and comes out of the statements again (V04, V05)."""
    slug = snapshot.review.slug
    body: dict[str, Any] = json.loads(snapshot.body)
    if digest(body) != snapshot.digest or body_text(body) != snapshot.body:
        yield _finding("V02", slug, found=digest(body), expected=snapshot.digest)
        return
    last = Statement.objects.filter(seq=snapshot.statements).values_list("hash", flat=True).first() or ""
    if last != snapshot.chain:
        yield _finding("V03", slug, statement=str(snapshot.statements), found=last, expected=snapshot.chain)
    figures = figures_of(read_body(snapshot.body))
    if canonical_json(figures) != canonical_json(body["figures"]):
        yield _finding("V04", slug, found=canonical_json(figures), expected=canonical_json(body["figures"]))
    rebuilt = again(body)
    for row in body["rows"]:
        now = rebuilt.get(row["uid"], {})
        for field, kept in row.items():
            if canonical_json(now.get(field)) != canonical_json(kept):
                yield _finding(
                    "V05", slug, record=row["slug"], field=field,
                    found=canonical_json(kept), expected=canonical_json(now.get(field)),
                )  # fmt: skip


def check_state(review: Review) -> Iterator[Finding]:
    """The state and mark shown are those that the snapshots, texts and assents give (V06)."""
    for field, found, expected in (
        ("mark", review.mark, flow.mark_of(review)),
        ("state", review.state, flow.state_of(review)),
    ):
        if found != expected:
            yield _finding("V06", review.slug, field=field, found=found, expected=expected)


def _finding(code: str, where: str, **values: str) -> Finding:
    short = {name: value if len(value) <= SHORT else value[:SHORT] + "…" for name, value in values.items()}
    return Finding(code, where, (("review", where), *short.items()))
