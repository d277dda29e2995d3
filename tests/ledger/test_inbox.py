"""What waits for a person and what persons decide: the inbox as ledger text, and two officers at once."""

from __future__ import annotations

import uuid

import pytest
from django.contrib.auth.models import User
from ledger_book import NOW, page, take, told

from hoptac.ledger import check, inbox
from hoptac.ledger.filing import filed_under, rebuild_line
from hoptac.ledger.inbox import FILE, NEW, REJECT, UNDO, Choice, MovedError, decide, offers, read_instead
from hoptac.ledger.models import Record, Statement, Waiting
from hoptac.ledger.take import take_reading

SCHOOL = (
    "gift: Hà Nội > Điện Biên | Trường Tiểu học Sín Thầu | build | 9935000000 VND | 2014 | education | done"
)
AGAIN = "gift: Hà Nội > Điện Biên | xây Trường TH Sín Thầu | build | 9900000000 VND | 2014 | education | done"
GIFT = "gift: Hà Nội > Điện Biên | bò giống | gift | 300000000 VND | 2022 | agriculture | done"


def to_inbox(text: str, *, name: str = "bài.txt", confidence: float = 0.95) -> None:
    reading, written = page(text, name=name, confidence=confidence)
    take_reading(reading, written, now=NOW, filing="inbox")


def officer() -> User:
    return User.objects.get_or_create(username="canbo")[0]


def waiting() -> list[Statement]:
    return [w.statement for w in Waiting.objects.order_by("statement_id").select_related("statement")]


def choose(statement: Statement, action: str, record: Record | None = None, reason: str = "đã xem") -> Choice:
    seen = filed_under(statement)
    assert seen is not None
    return Choice(statement.pk, seen.pk, action, record.pk if record is not None else None, reason)


@pytest.mark.django_db
def test_all_of_a_page_waits_and_counts_nowhere() -> None:
    to_inbox(f"{SCHOOL}\n{GIFT}")
    assert [s.kind for s in waiting()] == ["contribution", "contribution"]
    assert told() == [] and told(kind="activity") == []
    assert check.run_checks() == []


@pytest.mark.django_db
def test_a_new_record_takes_its_work_along_and_an_undo_takes_it_back() -> None:
    to_inbox(SCHOOL)
    [statement] = waiting()
    [done] = decide([choose(statement, NEW)], by=officer(), at=NOW)
    assert done.filing is not None and done.filing.by == officer()
    assert told() == ["2014 | Trường Tiểu học Sín Thầu | 9935000000 VND | 1 | read"]
    assert told(kind="activity") == ["- | Trường Tiểu học Sín Thầu | - | 1 | read"]
    assert Record.objects.get(kind="contribution").part_of is not None
    assert waiting() == [] and check.run_checks() == []
    decide([choose(statement, UNDO)], by=officer(), at=NOW)
    assert told() == [] and waiting() == [statement]
    decide([choose(statement, NEW)], by=officer(), at=NOW)
    assert len(told()) == 1 and check.run_checks() == []


@pytest.mark.django_db
def test_the_same_deed_rounded_is_proposed_with_reasons() -> None:
    take(SCHOOL)
    to_inbox(AGAIN)
    [statement] = waiting()
    row = Waiting.objects.get()
    record = Record.objects.get(kind="contribution")
    assert (row.best, [p.name for p in row.sides.order_by("name_key")]) == (record, ["Điện Biên", "Hà Nội"])
    [offer] = offers([statement])
    assert offer.sure and offer.answer.record == record
    assert {"name_alike", "sum_rounded", "year_same"} <= set(offer.found[0].match.reasons)
    decide([choose(statement, FILE, record)], by=officer(), at=NOW)
    assert record.roles.exists() and Record.objects.get(pk=record.pk).in_force == 2


@pytest.mark.django_db
def test_rejected_with_a_reason_and_put_back() -> None:
    to_inbox(GIFT)
    [statement] = waiting()
    decide([choose(statement, REJECT, reason="quảng cáo")], by=officer(), at=NOW)
    filing = filed_under(statement)
    assert filing is not None and (filing.action, filing.reason, filing.record) == (
        "reject",
        "quảng cáo",
        None,
    )
    assert waiting() == []
    decide([choose(statement, UNDO)], by=officer(), at=NOW)
    assert waiting() == [statement]


@pytest.mark.django_db
def test_an_undo_of_the_programs_filing_asks_a_person() -> None:
    take(SCHOOL)
    statement = Statement.objects.get(kind="contribution")
    decide([choose(statement, UNDO)], by=officer(), at=NOW)
    assert told() == [] and waiting() == [statement]


@pytest.mark.django_db
def test_a_persons_reading_stands_beside_the_machines() -> None:
    to_inbox(GIFT)
    [statement] = waiting()
    before = dict(statement.values)
    parts = [
        statement.values | {"what": "bò giống", "amount": {"value": "200000000", "currency": "VND"}},
        statement.values | {"what": "thức ăn cho bò", "amount": {"value": "100000000", "currency": "VND"}},
    ]
    seen = filed_under(statement)
    assert seen is not None
    form = uuid.uuid4()
    made = read_instead(statement, parts, seen=seen.pk, form=form, reason="hai khoản", by=officer(), at=NOW)
    assert waiting() == made and [s.signer for s in made] == [officer()] * 2
    assert all(s.supersedes is None and s.confidence is None and s.source == statement.source for s in made)
    assert [list(s.passages.all()) for s in made] == [list(statement.passages.all())] * 2
    assert Statement.objects.get(pk=statement.pk).values == before
    with pytest.raises(MovedError):
        read_instead(statement, parts, seen=seen.pk, form=form, reason="hai khoản", by=officer(), at=NOW)
    decide([choose(one, NEW) for one in made], by=officer(), at=NOW)
    assert len(told()) == 2
    decide([choose(statement, UNDO)], by=officer(), at=NOW)
    assert told() == [] and waiting() == [statement]
    assert check.run_checks() == []


@pytest.mark.django_db
def test_two_who_saw_the_same_the_second_is_told() -> None:
    to_inbox(GIFT)
    [statement] = waiting()
    first, second = choose(statement, NEW), choose(statement, REJECT)
    [done] = decide([first], by=officer(), at=NOW)
    [late] = decide([second], by=officer(), at=NOW)
    assert done.filing is not None and late.filing is None
    assert late.now == done.filing


@pytest.mark.django_db
def test_the_database_itself_lets_a_filing_be_replaced_once() -> None:
    to_inbox(GIFT)
    [statement] = waiting()
    seen = filed_under(statement)
    assert seen is not None
    inbox._file(statement, None, seen, REJECT, "một", officer(), NOW)
    with pytest.raises(MovedError):
        inbox._file(statement, None, seen, REJECT, "hai", officer(), NOW)


@pytest.mark.django_db
def test_sure_files_what_is_clear_and_asks_of_the_rest() -> None:
    take(SCHOOL)
    reading, written = page(f"{AGAIN}\n{GIFT}", name="hai.txt", confidence=0.95)
    take_reading(reading, written, now=NOW, filing="sure")
    assert told()[0].split(" | ")[3] == "2" and len(told()) == 2
    reading, written = page(GIFT.replace("2022", "2021"), name="ba.txt", confidence=0.5)
    take_reading(reading, written, now=NOW, filing="sure")
    assert len(waiting()) == 1


@pytest.mark.django_db
def test_the_line_is_rebuilt_from_the_filings() -> None:
    to_inbox(f"{SCHOOL}\n{GIFT}")
    Waiting.objects.filter(statement=waiting()[0]).delete()
    assert [f.code for f in check.run_checks()] == ["L25"]
    rebuild_line(NOW)
    assert len(waiting()) == 2 and check.run_checks() == []


@pytest.mark.django_db
def test_a_newer_reading_of_a_waiting_statement_waits_in_its_place() -> None:
    to_inbox(GIFT)
    reading, written = page(GIFT, name="bài.txt", reader="2.0+lexicon:cd34")
    take_reading(reading, written, now=NOW, filing="inbox")
    assert len(waiting()) == 1 and check.run_checks() == []
