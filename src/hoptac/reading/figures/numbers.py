"""Numbers in digits and in words (con số, số viết bằng chữ)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache

GROUPED = re.compile(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?")
GROUPED_EN = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")
DECIMAL = re.compile(r"\d+[.,]\d+")

DIGITS = re.compile(r"\d+(?:[.,]\d+)*")
SPACED = re.compile(r"\d{1,3}(?: \d{3})+(?![\d.,/\-])")

# No sum or count has more figures and marks than this (10^18 written with its points); a longer run is a code.
LONGEST_NUMBER = 25


def number_value(raw: str, *, scaled: bool = False, whole: bool = False) -> Decimal | None:
    """The value of a number in digits, None where its separators follow no known way.

    ``scaled``  a scale word follows ("9,989 tỷ"): a comma is the decimal mark.
    ``whole``   what is counted comes whole (people, đồng): "1,234" is one thousand two hundred and thirty-four.
    Source      Law on Accounting 03/2003/QH11, art. 12(2): "." parts thousands, "," decimals; the other way round,
                common in offices and on the web, is taken where the first cannot be meant.

    >>> number_value("9,989", scaled=True), number_value("3.500"), number_value("1.4", scaled=True)
    (Decimal('9.989'), Decimal('3500'), Decimal('1.4'))
    """
    return _number_value(raw, scaled, whole)


@lru_cache(maxsize=4096)
def _number_value(raw: str, scaled: bool, whole: bool) -> Decimal | None:
    plain = raw.replace(" ", "")
    if len(plain) > LONGEST_NUMBER:
        return None
    if plain.startswith("00"):
        return None  # the rest of a number that a space broke: "14.386.322. 000 đồng"
    if plain.isdecimal():
        return Decimal(plain)
    if GROUPED.fullmatch(plain) and not plain.startswith("0."):
        return Decimal(plain.replace(".", "").replace(",", "."))
    if GROUPED_EN.fullmatch(plain) and not plain.startswith("0,"):
        one_comma = plain.count(",") == 1 and "." not in plain
        if not one_comma or (whole and not scaled):
            return Decimal(plain.replace(",", ""))
    if DECIMAL.fullmatch(plain):
        return Decimal(plain.replace(",", "."))
    return None


def plain_decimal(value: Decimal) -> Decimal:
    """The same number without idle zeros: 2400000000.0 as 2400000000, 2.50 as 2.5."""
    return Decimal(int(value)) if value == int(value) else value.normalize()


def spell(
    words: list[str], table: Mapping[str, tuple[Decimal, str]], hundred: str
) -> tuple[Decimal, int] | None:
    """The number that the first words spell, up to 999, and how many words it takes; None where they spell none.

    "hai mươi lăm" 25, "một trăm linh năm" 105, "ba trăm năm mươi" 350, "nửa" 0.5. ``hundred`` is the word "trăm".
    """
    total = Decimal(0)
    unit: Decimal | None = None
    used = 0
    seen_hundred = seen_ten = linked = False
    for word in words:
        if word == hundred:
            if unit is None or seen_hundred or seen_ten:
                break
            total, unit, seen_hundred = unit * 100, None, True
            used += 1
            continue
        found = table.get(word)
        if found is None:
            break
        value, part = found
        if part == "fraction":
            return (value, 1) if used == 0 else None
        if part == "tens" and unit is not None and not seen_ten and unit >= 2:
            total, unit, seen_ten = total + unit * 10, None, True
        elif part == "ten" and unit is None and not seen_ten:
            total, seen_ten = total + 10, True
        elif part == "link" and seen_hundred and not seen_ten and unit is None and not linked:
            linked = True
        elif part in ("unit", "inner") and unit is None and (part == "unit" or seen_ten or seen_hundred):
            unit = value
        else:
            break
        used += 1
    return (total + (unit or 0), used) if used else None
