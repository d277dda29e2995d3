"""Figures in words a reader knows (số tiền, số lượng): never rounded, the hedge kept.

A sum is shortened with a scale word only where that loses no digit; else every digit is shown.
Source for the separators: Law on Accounting 03/2003/QH11, art. 12(2).
"""

from __future__ import annotations

from decimal import Decimal

from babel.numbers import format_decimal

from hoptac.lexicon.tables import default_lexicon
from hoptac.screens.labels import label, language_code

MOST_DECIMALS = 3  # "9,989 tỷ đồng" is how reports write it; more decimals read worse than the digits


def plain_number(value: Decimal | int, language: str | None = None) -> str:
    """A number with its digits grouped, all decimals kept.

    >>> plain_number(Decimal("1234567.89"), "vi")
    '1.234.567,89'
    """
    number = Decimal(value)
    places = max(0, -int(number.normalize().as_tuple().exponent)) if number.is_finite() else 0
    pattern = "#,##0" + ("." + "0" * places if places else "")
    return format_decimal(number, format=pattern, locale=language or language_code())


def exact_money(value: Decimal, currency: str | None, language: str | None = None) -> str:
    """A sum with every digit.

    >>> exact_money(Decimal(65000000000), "VND", "vi")
    '65.000.000.000 đồng'
    """
    number = plain_number(value, language)
    return f"{number} {label('currency', currency, language)}" if currency else number


def money_words(
    value: Decimal, currency: str | None, bound: str = "exact", language: str | None = None
) -> str:
    """A sum as people say it, its hedge before it.

    >>> money_words(Decimal(65000000000), "VND", language="vi")
    '65 tỷ đồng'
    >>> money_words(Decimal(9989000000), "VND", "at_least", "en")
    'over 9.989 billion dong'
    >>> money_words(Decimal(12345678901), "VND", language="vi")
    '12.345.678.901 đồng'
    """
    words = _scaled(value, currency, language)
    hedge = label("bound", bound, language) if bound and bound != "exact" else ""
    return f"{hedge} {words}" if hedge else words


def _scaled(value: Decimal, currency: str | None, language: str | None) -> str:
    for row in default_lexicon().table("scale_labels"):
        scaled = value.scaleb(-int(row["code"]))
        if abs(scaled) < 1:
            continue
        if -int(scaled.normalize().as_tuple().exponent) > MOST_DECIMALS:
            break
        number = plain_number(scaled, language)
        scale = label("scale", row["code"], language)
        return " ".join(
            filter(None, (number, scale, label("currency", currency, language) if currency else ""))
        )
    return exact_money(value, currency, language)


def quantity_words(
    value: Decimal, unit: str | None, bound: str = "exact", language: str | None = None
) -> str:
    """A count and its thing: "14 điểm công trình". The unit stays as the page wrote it."""
    hedge = label("bound", bound, language) if bound and bound != "exact" else ""
    return " ".join(filter(None, (hedge, plain_number(value, language), unit or "")))
