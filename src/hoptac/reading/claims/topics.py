"""The field of cooperation that words speak of (lĩnh vực)."""

from __future__ import annotations

from collections import Counter

from hoptac.lexicon import Lexicon
from hoptac.reading.scan import Scanner, literal_form


def _field_scanner(lexicon: Lexicon) -> Scanner[tuple[str, int]]:
    entries: dict[str, tuple[str, int]] = {}
    for row in lexicon.table("fields"):
        for word in row["words"].split("|"):
            entries.setdefault(word, (row["field"], int(row["weight"])))
    return Scanner(entries)


def count_fields(low: str, *, lexicon: Lexicon) -> Counter[str]:
    """How strongly the words of a text in small letters point to each field."""
    weight: Counter[str] = Counter()
    for hit in lexicon.built(_field_scanner).find(low):
        field, points = hit.value
        weight[field] += points
    return weight


def field_of(*texts: str, lexicon: Lexicon) -> str | None:
    """The field that the texts speak of most, the first text counting most; None where no word points to one.

    >>> from hoptac.lexicon import default_lexicon
    >>> field_of("Trường Mầm non số 2", "hỗ trợ xây dựng", lexicon=default_lexicon())
    'education'
    """
    scanner = lexicon.built(_field_scanner)
    weight: Counter[str] = Counter()
    for nearness, text in zip((4, 1, 1), texts, strict=False):
        for hit in scanner.find(literal_form(text)):
            field, points = hit.value
            weight[field] += points * nearness
    return weight.most_common(1)[0][0] if weight else None
