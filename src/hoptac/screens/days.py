"""Days as exact as the page that gave them (ngày, tháng, năm), never more."""

from __future__ import annotations

import re
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import override

from hoptac.screens.labels import language_code

_ISO = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?\Z")


def day_words(iso: str, language: str | None = None) -> str:
    """An ISO day, month or year in the reader's form; any other text comes back as it is.

    >>> day_words("2024-04-25", "vi"), day_words("2024-04", "vi"), day_words("2024", "vi")
    ('25/04/2024', '04/2024', '2024')
    """
    found = _ISO.match(iso)
    if not found:
        return iso
    year, month, day = found.groups()
    if not month:
        return year
    try:
        whole = date(int(year), int(month), int(day or 1))
    except ValueError:
        return iso
    with override(language or language_code()):
        return date_format(whole, "DATE_FORMAT" if day else "YEAR_MONTH_FORMAT")


def period_words(first: int | None, last: int | None) -> str:
    """A period of years; an open end shows as a dash with nothing beside it.

    >>> period_words(2011, 2019), period_words(2019, None)
    ('2011–2019', '2019–…')
    """
    return f"{first or '…'}–{last or '…'}"
