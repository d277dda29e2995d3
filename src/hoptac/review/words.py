"""The words of reviews in one language (câu chữ của bản kiểm điểm), from the lexicon's ``review_labels``."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Literal

from hoptac.lexicon.tables import Lexicon, Row
from hoptac.screens.days import day_words
from hoptac.screens.figures import money_words, plain_number, quantity_words
from hoptac.screens.labels import label

Language = Literal["vi", "en"]
OPEN, CLOSE = "{", "}"


def _rows(lexicon: Lexicon) -> Mapping[str, Row]:
    return {row["code"]: row for row in lexicon.table("review_labels")}


class Words:
    """``w("total", n="3")`` fills ``{n}``; ``w.many("works", 1)`` takes the row ``works_one`` where there is one."""

    def __init__(self, lexicon: Lexicon, language: Language) -> None:
        self.lexicon, self.language = lexicon, language
        self._rows = lexicon.built(_rows)
        self._days: dict[str, str] = {}

    def __call__(self, code: str, **filled: str) -> str:
        head, *rest = self._rows[code][self.language].split(OPEN)
        out = head
        for part in rest:
            name, _, after = part.partition(CLOSE)
            out += filled[name] + after
        return out

    def many(self, code: str, n: int, **filled: str) -> str:
        one = f"{code}_one"
        return self(one if n == 1 and one in self._rows else code, n=self.number(n), **filled)

    def number(self, value: Decimal | int) -> str:
        return plain_number(value, self.language)

    def money(self, value: Decimal, currency: str | None, bound: str | None = None) -> str:
        return money_words(value, currency, bound or "exact", self.language)

    def quantity(self, value: Decimal, unit: str | None) -> str:
        return quantity_words(value, unit, "exact", self.language)

    def label(self, table: str, code: str) -> str:
        return label(table, code, self.language)

    def day(self, iso: str) -> str:
        """A day as people write it; each is worked out once, since a review names a page's day for each of its rows."""
        if iso not in self._days:
            self._days[iso] = day_words(iso, self.language)
        return self._days[iso]
