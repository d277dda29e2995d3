"""Invariant L1: what is written once is never changed or deleted, neither through the models nor past them."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import DatabaseError, connection, transaction
from django.db.models import F
from ledger_book import NOW, take

from hoptac.accounts.models import Event
from hoptac.ledger import triggers
from hoptac.ledger.appendonly import AppendOnly, AppendOnlyError
from hoptac.ledger.models import (
    Filing,
    Link,
    PartyDecision,
    Passage,
    ReaderRun,
    Record,
    Source,
    Statement,
    StatementPassage,
)
from hoptac.ledger.parties import ensure_party

pytestmark = pytest.mark.django_db
GIFT = (
    "gift: Hà Nội > Điện Biên | Trường Tiểu học Sín Thầu | build | 9935000000 VND | 2014 | education | done"
)
ONCE: tuple[type[AppendOnly], ...] = (
    Source,
    Passage,
    ReaderRun,
    Statement,
    StatementPassage,
    Filing,
    Link,
    PartyDecision,
    Event,
)


@pytest.fixture(autouse=True)
def _book() -> None:
    take(GIFT)
    officer, party = User.objects.create_user("hoa"), ensure_party("Hà Nội")
    Link.objects.create(
        record=Record.objects.get(kind="contribution"),
        relation="carries_out",
        to=Record.objects.get(kind="activity"),
        party=party,
        by=officer,
        made_at=NOW,
    )
    PartyDecision.objects.create(
        action="identifier",
        party=party,
        scheme="VN-GSO",
        value="01",
        reason="theo danh mục",
        by=officer,
        made_at=NOW,
    )
    Event.objects.create(at=NOW, action="signed_in", user=officer)


def test_every_guarded_table_has_a_model_that_guards_it() -> None:
    assert {m._meta.db_table for m in ONCE} == set(triggers.TABLES)


@pytest.mark.parametrize("model", ONCE, ids=lambda m: m.__name__)
def test_the_models_refuse(model: type[AppendOnly]) -> None:
    rows: Any = model.objects
    row = rows.first()
    queries: list[Any] = [
        row.save,
        row.delete,
        lambda: rows.update(pk=F("pk")),
        lambda: rows.all().delete(),
        lambda: rows.bulk_update([row], ["pk"]),
        lambda: rows.bulk_create([row], update_conflicts=True, update_fields=["pk"], unique_fields=["pk"]),
        lambda: rows.all()._raw_delete(None),
        lambda: rows.all()._update([]),
        lambda: asyncio.run(rows.all().aupdate(pk=1)),
        lambda: asyncio.run(rows.all().adelete()),
        lambda: rows.update_or_create(
            pk=row.pk, defaults={"id": row.pk} if model is not Statement else {"seq": row.pk}
        ),
    ]
    for query in queries:
        with pytest.raises(AppendOnlyError, match="L01"), transaction.atomic():
            query()
    assert rows.filter(pk=row.pk).exists()


@pytest.mark.parametrize("table", triggers.TABLES)
@pytest.mark.parametrize("change", ["UPDATE {table} SET {key} = {key}", "DELETE FROM {table}"])
def test_the_database_refuses(table: str, change: str) -> None:
    key = "seq" if table == "ledger_statement" else "id"
    with pytest.raises(DatabaseError, match="L01"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change.format(table=table, key=key))


def test_sqlite_refuses_to_replace_a_row() -> None:
    if connection.vendor != "sqlite":
        pytest.skip("INSERT OR REPLACE is SQLite's")
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT OR REPLACE INTO ledger_passage SELECT id, start, end, 'khác', source_id FROM ledger_passage"
        )


def test_postgresql_refuses_to_empty_a_table() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("TRUNCATE is PostgreSQL's")
    connection.check_constraints()  # what is still to be checked would stand in the way
    with pytest.raises(DatabaseError, match="L01"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("TRUNCATE ledger_statement CASCADE")


def test_a_statement_without_passage_or_signer_is_refused_by_the_database() -> None:
    first = Statement.objects.order_by("seq").first()
    assert first is not None
    bare = Statement(
        uid="5f0d2c5e-2f0a-4b6e-9c39-70a1d1f9c0de",
        kind="person",
        values={},
        made_at=first.made_at,
        key="k",
        hash="h",
    )
    with pytest.raises(DatabaseError), transaction.atomic():
        bare.save()
