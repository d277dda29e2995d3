"""Lists out of the house (bảng CSV): the rows and order of the screen, each figure with every digit."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from django.http import HttpResponse

T = TypeVar("T")
Columns = Sequence[tuple[str, Callable[[T], object]]]
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet would run a cell that begins so


def csv_answer(name: str, columns: Columns[T], rows: Iterable[T]) -> HttpResponse:
    """A CSV file in UTF-8 with a byte-order mark, which Excel needs for Vietnamese."""
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    answer.write("\ufeff")
    writer = csv.writer(answer)
    writer.writerow([heading for heading, _ in columns])
    for row in rows:
        writer.writerow([_safe(value(row)) for _, value in columns])
    return answer


def _safe(value: object) -> object:
    if isinstance(value, str) and value.startswith(FORMULA):
        return "'" + value
    return "" if value is None else value
