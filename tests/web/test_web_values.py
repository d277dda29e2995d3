"""Figures and days as people read them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from hoptac.ledger.models import Passage, Source
from hoptac.screens.days import day_words
from hoptac.screens.figures import exact_money, money_words, plain_number, quantity_words
from hoptac.screens.labels import label
from hoptac.screens.passages import cut, excerpt, runs_of
from hoptac.screens.tables import _safe
from hoptac.screens.templatetags.hoptac import act

MONEY = [
    ("65000000000", "VND", "exact", "65 tỷ đồng", "65 billion dong"),
    ("9989000000", "VND", "exact", "9,989 tỷ đồng", "9.989 billion dong"),
    ("2400000000", "VND", "at_least", "hơn 2,4 tỷ đồng", "over 2.4 billion dong"),
    ("500000", "VND", "exact", "500.000 đồng", "500,000 dong"),
    ("999999999", "VND", "exact", "999.999.999 đồng", "999,999,999 dong"),
    ("1200000000000", "VND", "about", "khoảng 1,2 nghìn tỷ đồng", "about 1.2 trillion dong"),
    ("12345678901", "VND", "exact", "12.345.678.901 đồng", "12,345,678,901 dong"),
    ("1500000", "USD", "at_most", "tối đa 1,5 triệu đô la Mỹ", "up to 1.5 million US dollars"),
    ("0", "VND", "exact", "0 đồng", "0 dong"),
    ("1234.5", None, "exact", "1.234,5", "1,234.5"),
    ("3000000", "XAU", "exact", "3 triệu XAU", "3 million XAU"),
]


@pytest.mark.parametrize("value,currency,bound,vi,en", MONEY)
def test_money(value: str, currency: str | None, bound: str, vi: str, en: str) -> None:
    assert money_words(Decimal(value), currency, bound, "vi") == vi
    assert money_words(Decimal(value), currency, bound, "en") == en


@given(st.integers(0, 10**18))
def test_words_lose_no_digit(value: int) -> None:
    words = money_words(Decimal(value), "VND", language="vi").removesuffix(" đồng")
    scale = {"nghìn tỷ": 12, "tỷ": 9, "triệu": 6}
    for name, power in scale.items():
        if words.endswith(" " + name):
            number = Decimal(words.removesuffix(" " + name).replace(".", "").replace(",", "."))
            assert number.scaleb(power) == value
            return
    assert int(words.replace(".", "")) == value


def test_numbers_quantities_and_days() -> None:
    assert plain_number(Decimal("1234567.89"), "vi") == "1.234.567,89"
    assert exact_money(Decimal("65000000000"), "VND", "en") == "65,000,000,000 dong"
    assert quantity_words(Decimal(14), "điểm công trình", language="vi") == "14 điểm công trình"
    assert [day_words(d, "vi") for d in ("2024-04-25", "2024-04", "2024", "quý I", "2024-13-01")] == [
        "25/04/2024", "04/2024", "2024", "quý I", "2024-13-01",
    ]  # fmt: skip
    assert day_words("2024-04-25", "en") == "25 Apr 2024"


def test_every_code_has_a_name_in_both_languages() -> None:
    from hoptac.ledger import facts, models
    from hoptac.reading import values

    codes = {
        "field": values.FIELDS, "status": values.STATUSES, "act": values.ACTS, "bound": values.BOUNDS,
        "role": values.ROLES, "event": values.EVENT_KINDS, "ask": values.ASK_KINDS,
        "standing": models.STANDINGS, "kind": models.STATEMENT_KINDS, "party": models.PARTY_KINDS,
        "member": models.ROLES, "reason": facts.LEFT_OUT,
    }  # fmt: skip
    for table, known in codes.items():
        for code in known:
            names = {label(table, code, language) for language in ("vi", "en")}
            assert code not in names or (table, code) == ("bound", "exact") or len(names) == 2, (table, code)
    assert label("field", "zebra", "vi") == "zebra"


@given(
    st.text(alphabet="aăâ đ\n,.", max_size=80),
    st.lists(st.tuples(st.integers(0, 80), st.integers(1, 40)), max_size=6),
)
def test_marked_text_is_the_text(text: str, spans: list[tuple[int, int]]) -> None:
    inside = [(a, min(a + n, len(text))) for a, n in dict.fromkeys(spans) if a < len(text)]
    passages = [Passage(pk=n, start=a, end=b, quote=text[a:b]) for n, (a, b) in enumerate(inside, 1)]
    pieces = cut(text, 0, len(text), passages)
    assert "".join(p.text for p in pieces) == text
    for passage in passages:
        assert "".join(p.text for p in pieces if passage.pk in p.inside) == passage.quote
    lines = [line for run in runs_of(Source(text=text, layout={}), passages) for line in run.lines]
    assert ["".join(p.text for p in line.pieces) for line in lines] == [
        x for x in text.split("\n") if x.strip()
    ]
    shown = "".join(p.text for p in excerpt(text, passages, around=3))
    assert all(passage.quote in shown for passage in passages)


def test_a_cell_never_runs() -> None:
    assert _safe("=1+1") == "'=1+1" and _safe("-5") == "'-5" and _safe(5) == 5 and _safe(None) == ""


@pytest.mark.parametrize(
    ("written", "language", "shown"),
    [
        ("Resolution 1661/NQ-UBTVQH15", "vi", "Nghị quyết 1661/NQ-UBTVQH15"),
        ("Resolutions 721 to 730/NQ-UBTVQH15", "vi", "Các nghị quyết 721 đến 730/NQ-UBTVQH15"),
        ("Resolution 1661/NQ-UBTVQH15", "en", "Resolution 1661/NQ-UBTVQH15"),
        ("", "vi", ""),
    ],
)
def test_a_legal_act_is_named_in_the_readers_language(written: str, language: str, shown: str) -> None:
    with translation.override(language):
        assert act(written) == shown
