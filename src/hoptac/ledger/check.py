"""The ledger's checks (kiểm sổ): one plain function for each invariant, each giving coded findings; none is a clean book.

``CHECKS`` is the list that ``hoptac check`` runs, worst first. Each reads the whole ledger and changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.apps import apps
from django.db import DatabaseError, connection, models, transaction
from django.db.models import F, Prefetch, Q

from hoptac.ledger import store, triggers
from hoptac.ledger.canonical import canonical_json, digest, page_key
from hoptac.ledger.climb import reached_of
from hoptac.ledger.filing import filed_statements, standing_in_line
from hoptac.ledger.models import (
    ChainHead,
    Filing,
    Passage,
    Record,
    Source,
    Statement,
    StatementPassage,
    Waiting,
)
from hoptac.ledger.parties import KnownParties
from hoptac.ledger.records import activities_of, compute
from hoptac.ledger.statements import hash_of
from hoptac.ledger.sums import rebuilt_facts, shown_facts, totals_of
from hoptac.ledger.values import ValuesError, check_values
from hoptac.pages.values import Finding

ROLE_COLUMNS = ("party_id", "role", "units", "word")
BATCH = 500  # rows of a table held in memory at once


def check_written_once() -> Iterator[Finding]:
    """L1: the database itself refuses to change or delete what is written once."""
    standing = triggers.standing(connection)
    for name, table in triggers.expected(connection.vendor).items():
        if name not in standing:
            yield Finding("L01", table, (("trigger", name), ("table", table), ("found", "missing")))
        elif not standing[name]:
            yield Finding(
                "L01", table, (("trigger", name), ("table", table), ("found", "altered or switched off"))
            )
    for table in triggers.TABLES:
        if not _refuses_change(table):
            yield Finding("L01", table, (("trigger", table), ("table", table), ("found", "without effect")))


def _refuses_change(table: str) -> bool:
    """Try to change one row to itself and to delete it, each undone at once; an empty table has nothing to try on."""
    app, _, name = table.partition("_")
    model = apps.get_model(app, name)
    row = (
        models.QuerySet(model).order_by("pk").last()
    )  # a plain query: the guard of the models does not answer for it
    if row is None:
        return True
    return not any(_goes_through(row, change) for change in (_update, _delete))


def _update(row: models.Model) -> None:
    models.QuerySet(type(row)).filter(pk=row.pk).update(
        **{row._meta.pk.name if row._meta.pk else "pk": row.pk}
    )


def _delete(row: models.Model) -> None:
    models.QuerySet(type(row)).filter(pk=row.pk)._raw_delete(connection.alias)


def _goes_through(row: models.Model, change: Callable[[models.Model], None]) -> bool:
    try:
        with transaction.atomic():
            change(row)
            raise _ChangedError
    except _ChangedError:
        return True
    except DatabaseError:
        return False


class _ChangedError(Exception):
    """The change went through; raised to undo it."""


def check_stands() -> Iterator[Finding]:
    """L2: every statement has a passage in a kept source, or a signer and a reason."""
    bare = Statement.objects.filter(passages__isnull=True).filter(Q(signer__isnull=True) | Q(reason=""))
    for statement in bare.order_by("seq").iterator(BATCH):
        yield Finding("L02", str(statement.uid), (("uid", str(statement.uid)),))
    astray = Statement.objects.filter(passages__isnull=False).exclude(passages__source=F("source"))
    for statement in astray.distinct().order_by("seq").iterator(BATCH):
        yield Finding("L02", str(statement.uid), (("uid", str(statement.uid)),))


def check_superseded() -> Iterator[Finding]:
    """L3: superseded once at most, by a later statement of the same speaker and kind; so there are no loops."""
    rows = Statement.objects.filter(supersedes__isnull=False).select_related("supersedes").order_by("seq")
    seen: set[int] = set()
    for new in rows.iterator(BATCH):
        old = new.supersedes
        if old is None:
            continue
        faults = []
        if old.pk in seen:
            faults.append("superseded twice")
        if old.pk >= new.pk:
            faults.append("superseded by an older statement")
        if (old.speaker_id, old.kind) != (new.speaker_id, new.kind):
            faults.append("superseded by another speaker or kind")
        seen.add(old.pk)
        if faults:
            yield Finding("L03", str(old.uid), (("uid", str(old.uid)), ("found", ", ".join(faults))))


def check_values_kept() -> Iterator[Finding]:
    """L4: every statement's values are in their one form; sums are decimals with a currency code."""
    for statement in Statement.objects.order_by("seq").iterator(BATCH):
        try:
            again = check_values(statement.kind, statement.values)
            fault = "" if canonical_json(again) == canonical_json(statement.values) else "not canonical"
        except (ValuesError, TypeError) as error:
            fault = str(error)
        if fault:
            yield Finding("L04", str(statement.uid), (("uid", str(statement.uid)), ("found", fault)))


def check_records() -> Iterator[Finding]:
    """L5: every record's cache is what its statements give."""
    known = KnownParties()
    for ids in _batches(list(Record.objects.order_by("pk").values_list("pk", flat=True))):
        statements: dict[int, list[Statement]] = {pk: [] for pk in ids}
        for statement, record_id in filed_statements(ids):
            statements[record_id].append(statement)
        records = list(Record.objects.filter(pk__in=ids).order_by("pk"))
        activities = activities_of(r.pk for r in records if r.kind == "contribution")
        for record in records:
            new = compute(record, statements[record.pk], known)
            expected: dict[str, Any] = {
                "values": new.consolidated.values,
                "fields": {name: view.as_json() for name, view in new.consolidated.fields.items()},
                "standing": new.consolidated.standing,
                "in_force": len(new.consolidated.in_force),
                "year": new.year,
                "title": new.title,
                "place_units": new.where.text,
                "place_told": new.where.told,
                "place_why": new.where.why,
                "part_of_id": activities.get(record.pk),
            }
            for field, value in expected.items():
                found = getattr(record, field)
                if canonical_json(found) != canonical_json(value):
                    yield _record_finding(record, field, found, value)
            roles = set(record.roles.values_list(*ROLE_COLUMNS))
            again = {
                (party, role, units, new.word(party, role)) for (party, role), units in new.roles.items()
            }
            if roles != again:
                found, expected_roles = (
                    sorted(map(str, one - two)) for one, two in ((roles, again), (again, roles))
                )
                yield _record_finding(record, "parties", found, expected_roles)


def _record_finding(record: Record, field: str, found: Any, expected: Any) -> Finding:
    values = (
        ("record", record.slug),
        ("field", field),
        ("found", _short(found)),
        ("expected", _short(expected)),
    )
    return Finding("L05", record.slug, values)


def _short(value: Any) -> str:
    text = canonical_json(value)
    return text if len(text) <= 200 else text[:200] + "…"


def check_ladder() -> Iterator[Finding]:
    """L5: every record's stage, due day and whether it is met are what its statements and ties give."""
    for ids in _batches(list(Record.objects.order_by("pk").values_list("pk", flat=True))):
        for record, new in reached_of(ids):
            for field, value in new.items():
                if getattr(record, field) != value:
                    yield _record_finding(record, field, str(getattr(record, field)), str(value))


def check_sums() -> Iterator[Finding]:
    """L6: the figures and totals shown are those rebuilt from the statements."""
    shown, rebuilt = shown_facts(), rebuilt_facts()
    slugs = dict(Record.objects.filter(pk__in={*shown, *rebuilt}).values_list("pk", "slug"))
    for pk in sorted({*shown, *rebuilt}):
        if shown.get(pk) != rebuilt.get(pk):
            values = (
                ("record", slugs[pk]),
                ("field", "fact"),
                ("found", str(shown.get(pk))),
                ("expected", str(rebuilt.get(pk))),
            )
            yield Finding("L05", slugs[pk], values)
    totals, again = totals_of(shown.values()), totals_of(rebuilt.values())
    for currency in sorted({*totals, *again}):
        if totals.get(currency) != again.get(currency):
            found, expected = str(totals.get(currency, 0)), str(again.get(currency, 0))
            yield Finding("L06", currency, (("currency", currency), ("found", found), ("expected", expected)))


def check_once() -> Iterator[Finding]:
    """L7: a page's statement is in the ledger once: its key is the one that its content gives."""
    rows = Statement.objects.filter(source__isnull=False).select_related("source", "speaker").order_by("seq")
    seen: dict[str, str] = {}
    for statement in rows.exclude(reader="").iterator(BATCH):
        if statement.source is None:
            continue
        said_by = statement.speaker.identity if statement.speaker is not None else ""
        key = page_key(statement.source.sha256, said_by, statement.kind, statement.values)
        if statement.key not in (key, digest([key, statement.reader])):
            yield Finding("L07", str(statement.uid), (("uid", str(statement.uid)), ("found", "key")))
        if statement.key in seen:
            yield Finding(
                "L07", str(statement.uid), (("uid", str(statement.uid)), ("found", seen[statement.key]))
            )
        seen[statement.key] = str(statement.uid)


def check_chain() -> Iterator[Finding]:
    """L9: every statement's hash follows from its content and the hash before it, up to the chain's end."""
    last, length = "", 0
    rows = Statement.objects.select_related("source", "speaker", "supersedes").order_by("seq")
    stood_on = Prefetch("stands_on", StatementPassage.objects.select_related("passage"))
    for statement in rows.prefetch_related(stood_on).iterator(BATCH):
        passages = [link.passage for link in sorted(statement.stands_on.all(), key=lambda link: link.order)]
        uid = str(statement.uid)
        if statement.prev_hash != last:
            yield Finding("L09", uid, (("uid", uid), ("found", "it does not follow the statement before it")))
        if hash_of(statement, passages) != statement.hash:
            yield Finding("L09", uid, (("uid", uid), ("found", "its content does not give its hash")))
        last, length = statement.hash, length + 1
    head = ChainHead.objects.filter(pk=1).first()
    kept = (head.hash, head.length) if head is not None else ("", 0)
    if kept != (last, length):
        found = f"the chain's end says {kept[1]} statements, there are {length}"
        yield Finding("L09", "chain", (("uid", "-"), ("found", found)))


def check_kept_bytes() -> Iterator[Finding]:
    """Every source's bytes lie in the store and match their digest."""
    for sha256 in Source.objects.order_by("pk").values_list("sha256", flat=True).iterator(BATCH):
        try:
            store.get(sha256)
        except store.StoreError as error:
            yield Finding(error.code, sha256, (("source", sha256), ("found", error.found)))


def check_passages() -> Iterator[Finding]:
    """R1: every passage quotes the words that stand at its place."""
    for source_id, sha256, text in (
        Source.objects.order_by("pk").values_list("pk", "sha256", "text").iterator(BATCH)
    ):
        for passage in Passage.objects.filter(source_id=source_id).order_by("pk"):
            if text[passage.start : passage.end] != passage.quote:
                values = (
                    ("passage", str(passage.pk)),
                    ("source", sha256),
                    ("start", str(passage.start)),
                    ("end", str(passage.end)),
                )
                yield Finding("L22", sha256, values, passage.start, passage.end)


def check_filings() -> Iterator[Finding]:
    """Every statement is filed (if only as waiting for a person), and under a record of its own kind."""
    for statement in Statement.objects.filter(filings__isnull=True).order_by("seq").iterator(BATCH):
        yield Finding("L23", str(statement.uid), (("uid", str(statement.uid)),))
    rows = Filing.objects.filter(record__isnull=False).exclude(record__kind=F("statement__kind"))
    for filing in rows.select_related("record", "statement").order_by("id").iterator(BATCH):
        kind = filing.record.kind if filing.record is not None else "-"
        uid = str(filing.statement.uid)
        yield Finding("L24", uid, (("uid", uid), ("kind", filing.statement.kind), ("found", kind)))


def check_waiting() -> Iterator[Finding]:
    """L5: the list of what waits for a person is what the filings give."""
    wanted, shown = standing_in_line(), set(Waiting.objects.values_list("statement_id", flat=True))
    uids = dict(Statement.objects.filter(pk__in=wanted ^ shown).values_list("pk", "uid"))
    for pk in sorted(wanted ^ shown):
        found = "waits and is not shown" if pk in wanted else "is shown and does not wait"
        yield Finding("L25", str(uids[pk]), (("uid", str(uids[pk])), ("found", found)))


def _batches(ids: list[int]) -> Iterator[list[int]]:
    for at in range(0, len(ids), BATCH):
        yield ids[at : at + BATCH]


CHECKS: tuple[Callable[[], Iterator[Finding]], ...] = (
    check_chain,
    check_written_once,
    check_stands,
    check_superseded,
    check_values_kept,
    check_once,
    check_kept_bytes,
    check_passages,
    check_filings,
    check_waiting,
    check_records,
    check_ladder,
    check_sums,
)


def run_checks() -> list[Finding]:
    """Every finding of every check, worst first."""
    return [finding for check in CHECKS for finding in check()]
