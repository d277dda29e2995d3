"""Every check has a book that passes and a book that fails."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection, models
from ledger_book import NOW, take

from hoptac.ledger import check, store, triggers
from hoptac.ledger.canonical import form_key
from hoptac.ledger.models import (
    ChainHead,
    ContributionFact,
    Filing,
    Passage,
    Record,
    RecordParty,
    Source,
    Statement,
    StatementPassage,
)
from hoptac.ledger.parties import ensure_party
from hoptac.ledger.statements import Draft, append
from hoptac.lexicon.tables import default_lexicon

pytestmark = pytest.mark.django_db

BOOK = """
person: Lê Thành Đô | Chủ tịch UBND tỉnh Điện Biên | Điện Biên
gift: Hà Nội > Điện Biên | Trường Tiểu học Sín Thầu | build | 9935000000 VND | 2014 | education | done
gift: Hà Nội > Điện Biên | suất quà tặng trẻ em | gift | >=100000000 VND | 2024 | welfare | done | count=170 suất quà
met: meeting | 2024-04-25 | Hà Nội, Điện Biên | Điện Biên
agreed: Hà Nội, Điện Biên | 2019- |
asked: request | Lê Thành Đô > Hà Nội | tăng cường giao lưu
"""


@pytest.fixture(autouse=True)
def _book() -> None:
    take(BOOK)
    take(
        "gift: Hà Nội > Điện Biên | Trường Tiểu học Sín Thầu | build | 9900000000 VND | 2014 | education | done"
    )


def drop_guards() -> None:
    connection.check_constraints()  # PostgreSQL alters no table that has a check still to come
    triggers.drop(connection)


@pytest.fixture
def open_tables() -> None:
    """A book that someone has opened: the database's guards are gone."""
    drop_guards()


def raw(model: type[models.Model]) -> models.QuerySet[Any]:
    """A query past the models' guard."""
    return models.QuerySet(model)


def codes(run: Callable[[], Any]) -> list[str]:
    return [finding.code for finding in run()]


def test_a_clean_book_passes_every_check() -> None:
    assert check.run_checks() == []


def test_an_empty_book_passes() -> None:
    drop_guards()
    for model in (Filing, StatementPassage, Statement):
        raw(model)._raw_delete(connection.alias)
    ChainHead.objects.update(hash="", length=0)
    connection.check_constraints()
    triggers.create(connection)
    assert check.run_checks() != [] and codes(check.check_written_once) == codes(check.check_chain) == []


def test_missing_guards_are_found(open_tables: None) -> None:
    found = list(check.check_written_once())
    assert {f.code for f in found} == {"L01"}
    assert {dict(f.values)["found"] for f in found} == {"missing", "without effect"}


def test_an_altered_guard_is_found() -> None:
    connection.check_constraints()
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("DROP TRIGGER ledger_statement_no_update")
            cursor.execute(
                "CREATE TRIGGER ledger_statement_no_update BEFORE UPDATE ON ledger_statement BEGIN SELECT 1; END"
            )
        else:
            cursor.execute("ALTER TABLE ledger_statement DISABLE TRIGGER ledger_statement_no_change")
    found = {dict(f.values)["found"] for f in check.check_written_once()}
    assert found == {"altered or switched off", "without effect"}


def test_a_statement_that_lost_its_passages_is_found(open_tables: None) -> None:
    first = Statement.objects.order_by("seq").first()
    raw(StatementPassage).filter(statement=first)._raw_delete(connection.alias)
    assert codes(check.check_stands) == ["L02"]


def test_a_passage_of_another_source_is_found(open_tables: None) -> None:
    one, other = Source.objects.order_by("pk")
    link = StatementPassage.objects.filter(statement__source=one).first()
    assert link is not None
    raw(StatementPassage).filter(pk=link.pk).update(passage=Passage.objects.filter(source=other).first())
    assert codes(check.check_stands) == ["L02"]


def officer_says(key: str, old: Statement | None = None, **changes: Any) -> Statement:
    user, _ = User.objects.get_or_create(username="canbo")
    import uuid

    values = {"what": "Trường Tiểu học Sín Thầu", "act": "build", "year": 2014} | changes
    number = uuid.uuid5(uuid.NAMESPACE_URL, key)
    draft = Draft(
        "contribution",
        values,
        form_key(number),
        speaker=ensure_party("Hà Nội", "01"),
        signer=user,
        reason="theo sổ",
        supersedes=old,
    )
    ((statement, _),) = append([draft], made_at=NOW)
    return statement


def test_superseding_wrongly_is_found(open_tables: None) -> None:
    first = officer_says("1")
    second = officer_says("2", first, year=2015)
    assert codes(check.check_superseded) == []
    raw(Statement).filter(pk=first.pk).update(supersedes=second)
    found = [dict(f.values)["found"] for f in check.check_superseded()]
    assert found == ["superseded by an older statement"]
    page = Statement.objects.filter(kind="meeting").first()
    raw(Statement).filter(pk=first.pk).update(supersedes=None)
    raw(Statement).filter(pk=second.pk).update(supersedes=page)
    assert [dict(f.values)["found"] for f in check.check_superseded()] == [
        "superseded by another speaker or kind"
    ]


@pytest.mark.parametrize(
    "amount",
    [
        {"value": 9935000000.0},
        {"value": "9935000000.0", "currency": "VND", "bound": "exact"},
        {"value": "1", "currency": "đồng"},
    ],
)
def test_a_sum_in_another_form_is_found(open_tables: None, amount: dict[str, Any]) -> None:
    statement = Statement.objects.filter(kind="contribution").first()
    assert statement is not None
    raw(Statement).filter(pk=statement.pk).update(values={**statement.values, "amount": amount})
    assert codes(check.check_values_kept) == ["L04"]


@pytest.mark.parametrize(
    "change",
    [
        {"standing": "both_sides"},
        {"values": {}},
        {"in_force": 7},
        {"year": 1999},
        {"title": "khác"},
        {"part_of": None},
    ],
    ids=lambda c: next(iter(c)),
)
def test_a_record_that_shows_something_else_is_found(change: dict[str, Any]) -> None:
    record = Record.objects.filter(kind="contribution", part_of__isnull=False).first()
    assert record is not None
    Record.objects.filter(pk=record.pk).update(**change)
    assert codes(check.check_records) == ["L05"]


def test_a_record_that_lost_a_party_is_found() -> None:
    role = RecordParty.objects.filter(role="funder").first()
    assert role is not None
    role.delete()
    assert codes(check.check_records) == ["L05"]


def test_figures_and_totals_that_are_not_the_statements_are_found() -> None:
    fact = ContributionFact.objects.exclude(left_out="disputed").first()
    assert fact is not None
    ContributionFact.objects.filter(pk=fact.pk).update(counted=True, left_out="")
    assert codes(check.check_sums) == ["L05", "L06"]


def test_a_statement_in_twice_is_found(open_tables: None) -> None:
    statement = Statement.objects.filter(kind="meeting").first()
    assert statement is not None
    raw(Statement).filter(pk=statement.pk).update(key="0" * 64)
    assert codes(check.check_once) == ["L07"]


@pytest.mark.parametrize(
    "tamper",
    [
        {"values": {"kind": "visit"}},
        {"reason": "khác"},
        {"confidence": 1},
        {"reader": "9"},
        {"made_at": NOW + timedelta(seconds=1)},
        {"speaker": "party"},
    ],
    ids=lambda t: next(iter(t)),
)
def test_tampering_with_a_statement_breaks_the_chain(open_tables: None, tamper: dict[str, Any]) -> None:
    statement = Statement.objects.filter(kind="meeting").first()
    assert statement is not None
    change = {k: ensure_party("Sơn La", "14") if v == "party" else v for k, v in tamper.items()}
    raw(Statement).filter(pk=statement.pk).update(**change)
    (found,) = check.check_chain()
    assert (found.code, found.where) == ("L09", str(statement.uid))


def test_a_statement_taken_out_breaks_the_chain(open_tables: None) -> None:
    statement = Statement.objects.filter(kind="meeting").first()
    assert statement is not None
    raw(Filing).filter(statement=statement)._raw_delete(connection.alias)
    raw(StatementPassage).filter(statement=statement)._raw_delete(connection.alias)
    raw(Statement).filter(pk=statement.pk)._raw_delete(connection.alias)
    assert codes(check.check_chain) == ["L09", "L09"]


def test_the_last_statement_taken_out_is_missed_by_the_chains_end(open_tables: None) -> None:
    last = Statement.objects.order_by("-seq").first()
    assert last is not None
    raw(Filing).filter(statement=last)._raw_delete(connection.alias)
    raw(StatementPassage).filter(statement=last)._raw_delete(connection.alias)
    raw(Statement).filter(pk=last.pk)._raw_delete(connection.alias)
    (found,) = check.check_chain()
    assert found.where == "chain"


def test_a_changed_quote_breaks_chain_and_passage(open_tables: None) -> None:
    passage = Passage.objects.order_by("pk").first()
    assert passage is not None
    raw(Passage).filter(pk=passage.pk).update(quote="khác")
    assert codes(check.check_passages) == ["L22"]
    assert "L09" in codes(check.check_chain)


def test_kept_bytes_altered_or_missing_are_found() -> None:
    one, other = Source.objects.order_by("pk")
    store.path_of(one.sha256).write_bytes(b"x")
    store.path_of(other.sha256).unlink()
    assert codes(check.check_kept_bytes) == ["L20", "L21"]


def test_a_statement_filed_nowhere_ever_or_wrongly_is_found() -> None:
    officer_says("1")
    assert codes(check.check_filings) == ["L23"]
    statement = Statement.objects.get(signer__isnull=False)
    Filing.objects.create(
        statement=statement, record=Record.objects.filter(kind="meeting").first(), reason="nhầm", made_at=NOW
    )
    assert codes(check.check_filings) == ["L24"]


def test_every_finding_has_its_message_with_the_values_that_it_names() -> None:
    rows = {row["code"]: row for row in default_lexicon().table("messages_ledger")}
    store.path_of(Source.objects.order_by("pk").first().sha256).unlink()  # type: ignore[union-attr]
    drop_guards()
    officer_says("1")
    passage = Passage.objects.order_by("pk").first()
    raw(Passage).filter(pk=passage.pk if passage else 0).update(quote="khác")
    Record.objects.update(standing="both_sides")
    found = check.run_checks()
    assert {f.code for f in found} >= {"L01", "L05", "L09", "L21", "L22", "L23"}
    for finding in found:
        for language in ("en", "vi"):
            text = rows[finding.code][language]
            for name, value in finding.values:
                text = text.replace("{" + name + "}", value)
            left = [
                w for w in text.split() if w.startswith("{") and w.endswith("}") and w[1:-1].isidentifier()
            ]
            assert not left, (finding, text)
