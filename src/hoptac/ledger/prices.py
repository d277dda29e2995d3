"""Sums in one year's prices (giá cố định): by the yearly average of consumer prices in Việt Nam. Pure: knows no Django.

Only đồng are restated, and only what was given in one year that the table ``consumer_prices`` has; what is not is left out of
a restated total by name (``no_prices``, ``no_price_year``). Nothing is rounded before it is shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Context, Decimal

from hoptac.lexicon.tables import Lexicon, default_lexicon

RESTATED = "VND"
NO_PRICES, NO_PRICE_YEAR = "no_prices", "no_price_year"
_EXACT = Context(prec=60)


def index(*, lexicon: Lexicon | None = None) -> Mapping[int, Decimal]:
    """The level of prices of each year, that of the year before the first row being one.

    >>> index()[1996]
    Decimal('1.0567')
    """
    return (lexicon or default_lexicon()).built(_index)


def _index(lexicon: Lexicon) -> Mapping[int, Decimal]:
    rows = lexicon.table("consumer_prices")
    level = Decimal(1)
    out = {int(rows[0]["year"]) - 1: level}
    for row in rows:
        level = _EXACT.multiply(level, 1 + Decimal(row["rise"]) / 100)
        out[int(row["year"])] = level
    return out


def factor(
    currency: str | None, year: int | None, year_to: int | None, base: int, *, lexicon: Lexicon | None = None
) -> Decimal | str:
    """By what a sum of a year is multiplied to be in the prices of ``base``, or the code of the reason why it cannot be.

    >>> factor("VND", 2024, 2024, 2024), factor("USD", 2024, 2024, 2024), factor("VND", 2011, 2019, 2024)
    (Decimal('1'), 'no_prices', 'no_price_year')
    """
    levels = index(lexicon=lexicon)
    if currency != RESTATED:
        return NO_PRICES
    if year is None or year != year_to or year not in levels:
        return NO_PRICE_YEAR
    return _EXACT.divide(levels[base], levels[year])


def years(*, lexicon: Lexicon | None = None) -> list[int]:
    """The years in whose prices sums can be told, the latest first."""
    return sorted(index(lexicon=lexicon), reverse=True)
