"""The one way in: what a statement needs, what it may supersede, and the chain that it joins."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection, transaction
from ledger_book import NOW, take

from hoptac.ledger.canonical import form_key
from hoptac.ledger.models import ChainHead, Party, Passage, Source, Statement
from hoptac.ledger.parties import ensure_party
from hoptac.ledger.statements import Draft, StatementError, append, lock_chain
from hoptac.ledger.values import ValuesError

pytestmark = pytest.mark.django_db
GIFT = {"what": "Thư viện tỉnh", "act": "build", "year": 2004}


@pytest.fixture
def officer() -> User:
    return User.objects.create_user("canbo")


@pytest.fixture
def hanoi() -> Party:
    return ensure_party("Hà Nội", "01")


def draft(officer: User | None, speaker: Party | None, n: int = 1, **changes: Any) -> Draft:
    key = form_key(uuid.UUID(int=n))
    fields: dict[str, Any] = {
        "kind": "contribution",
        "values": GIFT,
        "key": key,
        "speaker": speaker,
        "signer": officer,
    }
    return Draft(**(fields | {"reason": "theo báo cáo số 12"} | changes))


def refused(one: Draft) -> str:
    with pytest.raises(StatementError) as refusal, transaction.atomic():
        append([one], made_at=NOW)
    return refusal.value.code


def test_statements_are_chained_in_order(officer: User, hanoi: Party) -> None:
    one, two = (s for s, _ in append([draft(officer, hanoi, 1), draft(officer, hanoi, 2)], made_at=NOW))
    assert (one.prev_hash, two.prev_hash) == ("", one.hash)
    head = ChainHead.objects.get()
    assert (head.hash, head.length) == (two.hash, 2)


def test_a_form_sent_twice_counts_once(officer: User, hanoi: Party) -> None:
    ((one, new),) = append([draft(officer, hanoi)], made_at=NOW)
    ((again, newer),) = append([draft(officer, hanoi, values=GIFT | {"year": 2005})], made_at=NOW)
    assert (again, new, newer) == (one, True, False)


def test_it_needs_a_passage_or_a_signers_reason(officer: User, hanoi: Party) -> None:
    assert refused(draft(None, hanoi)) == "L10"
    assert refused(draft(officer, hanoi, reason="  ")) == "L10"
    with pytest.raises(ValuesError):
        append([draft(officer, hanoi, values={})], made_at=NOW)
    assert not Statement.objects.exists()


def test_passages_are_of_its_own_source(officer: User, hanoi: Party) -> None:
    take("gift: Hà Nội > Điện Biên | Thư viện tỉnh | build | - | 2004 | culture | done")
    take("gift: Hà Nội > Điện Biên | Thư viện tỉnh | build | - | 2004 | culture | ongoing")
    one, other = Source.objects.order_by("pk")
    foreign = list(Passage.objects.filter(source=other))
    assert refused(draft(officer, hanoi, source=one, passages=foreign)) == "L13"
    assert refused(draft(officer, hanoi, source=None, passages=foreign)) == "L13"


def test_one_supersedes_ones_own_once(officer: User, hanoi: Party) -> None:
    ((old, _),) = append([draft(officer, hanoi, 1)], made_at=NOW)
    assert refused(draft(officer, ensure_party("Điện Biên", "11"), 2, supersedes=old)) == "L11"
    assert (
        refused(draft(officer, hanoi, 2, supersedes=old, kind="activity", values={"name": "Thư viện"}))
        == "L11"
    )
    ((new, _),) = append([draft(officer, hanoi, 2, supersedes=old)], made_at=NOW)
    assert refused(draft(officer, hanoi, 3, supersedes=old)) == "L12"
    assert list(Statement.objects.in_force()) == [new]


def test_nobody_supersedes_what_a_page_says(officer: User) -> None:
    take("gift: Hà Nội > Điện Biên | Thư viện tỉnh | build | - | 2004 | culture | done")
    page = Statement.objects.filter(kind="contribution").get()
    assert refused(draft(officer, None, supersedes=page)) == "L11"
    with pytest.raises(StatementError, match="L12: uid=") as refusal:
        raise StatementError("L12", uid="x")
    assert refusal.value.values == {"uid": "x"}


def test_the_certainty_of_a_reading_is_exact() -> None:
    take("gift: Hà Nội > Điện Biên | Thư viện tỉnh | build | - | 2004 | culture | done")
    statement = Statement.objects.filter(kind="contribution").get()
    assert (statement.confidence, str(statement.certainty)) == (900, "0.9")
    assert Statement(confidence=None).certainty is None


@pytest.mark.django_db(transaction=True)
def test_the_chain_is_held_inside_a_transaction_only() -> None:
    assert not connection.in_atomic_block
    with pytest.raises(RuntimeError, match="outside a transaction"):
        lock_chain()
    with transaction.atomic():
        ChainHead.objects.all().delete()
        assert lock_chain().length == 0
