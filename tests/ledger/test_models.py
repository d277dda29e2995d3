"""What the rows are called."""

from __future__ import annotations

from decimal import Decimal

import pytest
from ledger_book import take

from hoptac.ledger.appendonly import written_once
from hoptac.ledger.models import (
    ChainHead,
    ContributionFact,
    Cooperation,
    Filing,
    Party,
    Passage,
    Person,
    ReaderRun,
    Record,
    RecordParty,
    Source,
    Statement,
    StatementPassage,
)

pytestmark = pytest.mark.django_db


def test_every_row_can_be_called_by_its_name() -> None:
    take(
        """
        person: Lê Thành Đô | Chủ tịch UBND tỉnh | Điện Biên
        gift: Hà Nội > Điện Biên | Thư viện tỉnh | build | 65 VND | 2004 | culture | done | of=70
        """
    )
    kinds = (ChainHead, ContributionFact, Cooperation, Filing, Party, Passage, Person, ReaderRun)
    for model in (*kinds, Record, RecordParty, Source, Statement, StatementPassage):
        row = model._default_manager.first()
        assert row is not None and str(row)
    fact = ContributionFact.objects.get()
    assert (fact.amount, fact.of_total) == (Decimal(65), Decimal(70))
    assert ContributionFact().amount is None and ContributionFact().of_total is None


def test_which_models_are_written_once() -> None:
    assert written_once([Source, Record, Statement]) == (Source, Statement)
