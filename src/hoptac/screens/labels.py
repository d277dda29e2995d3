"""Names of codes for people (nhãn): fields, states, acts, kinds… in the reader's language, from the lexicon."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import get_language

from hoptac.lexicon.tables import Lexicon, default_lexicon


def language_code() -> str:
    """ "vi" or "en": the language of the screen at hand, Vietnamese where none is set."""
    return "en" if (get_language() or "vi").startswith("en") else "vi"


def _by_code(lexicon: Lexicon) -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    return {
        path.stem.removesuffix("_labels"): {row["code"]: row for row in lexicon.table(path.stem)}
        for path in sorted(lexicon.folder.glob("*_labels.tsv"))
    }


def label(table: str, code: object, language: str | None = None) -> str:
    """The name of ``code`` in the lexicon's ``TABLE_labels``; a code without a row comes back as it is.

    >>> label("field", "education", "vi")
    'Giáo dục, đào tạo'
    """
    row = default_lexicon().built(_by_code).get(table, {}).get(str(code))
    return row[language or language_code()] if row else str(code)


def choices(table: str) -> list[tuple[str, str]]:
    """All codes of a table with their names, in file order, for a filter."""
    rows = default_lexicon().built(_by_code)[table]
    return [(code, row[language_code()]) for code, row in rows.items()]
