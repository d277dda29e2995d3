"""The annexes as an Excel file (phụ lục Excel): the contributions as rows, and sums that are formulas over them.

Excel reckons in binary with 15 decimal digits. A sum with more stands as text, is named, and is in no formula; all others are
added by Excel exactly. Each formula is kept with its value, for programs that show a file without reckoning.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import xlsxwriter

from hoptac.review.annexes import said_by
from hoptac.review.document import Annex, Document, Table, plain
from hoptac.review.rows import Row, pile
from hoptac.review.telling import Teller, names

EXACT_DIGITS = 15  # of a sum that Excel keeps and adds exactly
SHEET_NAME_MOST = 31
MADE = datetime(2020, 1, 1, tzinfo=UTC)
WIDTHS = (6, 12, 24, 34, 48, 24, 24, 20, 8, 14, 10, 34, 12, 16, 16, 20, 70)


@dataclass(frozen=True, slots=True)
class _Cell:
    """A column of the sheet of contributions."""

    heading: str
    value: Callable[[Row], Any]


YEAR, FIELD, PLACE, SUM, CURRENCY, COUNTED = 1, 2, 3, 7, 8, 10  # columns that formulas ask


def annexes_xlsx(document: Document, tell: Teller) -> bytes:
    """The annexes of a review as an Excel file."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(
        out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    book.set_properties({"title": document.subject, "comments": document.stands, "created": MADE})
    style = {
        "head": book.add_format(
            {"bold": True, "text_wrap": True, "bg_color": "#F2F2F2", "border": 1, "valign": "top"}
        ),
        "bold": book.add_format({"bold": True}),
        "sum": book.add_format({"num_format": "#,##0.######"}),
        "total": book.add_format({"bold": True, "num_format": "#,##0.######", "top": 1}),
        "text": book.add_format({"text_wrap": True, "valign": "top"}),
        "note": book.add_format({"italic": True}),
    }
    summary = book.add_worksheet(_name(tell.w("sheet_summary")))
    name = _name(tell.w("sheet_rows"))
    rows = book.add_worksheet(name)
    long = _rows(rows, tell, style)
    _summary(summary, document, tell, name, long, style)
    for annex in document.annexes[3:]:
        _annex(book, annex, style)
    book.close()
    return out.getvalue()


def _name(words: str) -> str:
    return words[:SHEET_NAME_MOST]


def fits(value: Decimal) -> bool:
    """Whether Excel keeps a sum to its last digit."""
    return len(value.normalize().as_tuple().digits) <= EXACT_DIGITS and value.adjusted() < EXACT_DIGITS


def year_of(tell: Teller, row: Row) -> str:
    first, last = (row.fact.year, row.fact.year_to) if row.fact is not None else (row.year, row.year)
    return tell.w("year_none") if first is None and last is None else tell.years(first, last)


def field_of(tell: Teller, row: Row) -> str:
    field = row.fact.field if row.fact is not None else None
    return tell.w.label("field", field) if field else tell.w("field_none")


def place_of(tell: Teller, row: Row) -> str:
    return tell.place_name(tell.place_key(row, "province"))


def _columns(tell: Teller) -> tuple[_Cell, ...]:
    w = tell.w

    def fact(row: Row, name: str) -> Any:
        return getattr(row.fact, name) if row.fact is not None else None

    def counted(row: Row) -> str:
        return w("sheet_no") if tell.snapshot.reason(row) else w("sheet_yes")

    def reason(row: Row) -> str:
        code = tell.snapshot.reason(row)
        return w.label("reason", code) if code else ""

    def bound(row: Row) -> str:
        code = fact(row, "bound")
        return w.label("bound", code) if code else ""

    return (
        _Cell(w("c_n"), tell.number),
        _Cell(w("c_year"), lambda r: year_of(tell, r)),
        _Cell(w("c_field"), lambda r: field_of(tell, r)),
        _Cell(w("c_place"), lambda r: place_of(tell, r)),
        _Cell(w("c_what"), lambda r: plain(tell.what(r))),
        _Cell(w("c_giver"), lambda r: names(r.values.get("funder")) or ", ".join(r.givers)),
        _Cell(w("c_taker"), lambda r: names(r.values.get("recipient")) or ", ".join(r.takers)),
        _Cell(w("c_amount"), lambda r: fact(r, "value")),
        _Cell(w("c_currency"), lambda r: fact(r, "currency")),
        _Cell(w("c_bound"), bound),
        _Cell(w("c_counted"), counted),
        _Cell(w("c_reason"), reason),
        _Cell(w("c_quantity"), lambda r: fact(r, "quantity")),
        _Cell(w("c_unit"), lambda r: fact(r, "unit")),
        _Cell(w("c_status"), tell.status),
        _Cell(w("c_standing"), tell.standing),
        _Cell(w("c_sources"), lambda r: said_by(tell, r)),
    )


def _rows(sheet: Any, tell: Teller, style: dict[str, Any]) -> int:
    """Write the contributions; gives how many sums had to stand as text."""
    columns = _columns(tell)
    for c, (column, width) in enumerate(zip(columns, WIDTHS, strict=True)):
        sheet.set_column(c, c, width)
        sheet.write_string(0, c, column.heading, style["head"])
    long = 0
    for r, row in enumerate(tell.contributions, 1):
        for c, column in enumerate(columns):
            value = column.value(row)
            if value is None or value == "":
                continue
            if isinstance(value, Decimal) and fits(value):
                sheet.write_number(r, c, float(value), style["sum"])
            elif isinstance(value, int):
                sheet.write_number(r, c, value)
            else:
                long += isinstance(value, Decimal) and c == SUM
                sheet.write_string(r, c, f"{value:f}" if isinstance(value, Decimal) else str(value))
    sheet.freeze_panes(1, 5)
    if tell.contributions:
        sheet.autofilter(0, 0, len(tell.contributions), len(columns) - 1)
    return long


@dataclass(frozen=True, slots=True)
class _Reach:
    """A column of the sheet of contributions as formulas name it: ``'Các khoản'!$H$2:$H$27``."""

    sheet: str
    last: int

    def __call__(self, column: int) -> str:
        letter = chr(ord("A") + column)
        return f"'{self.sheet}'!${letter}$2:${letter}${self.last}"


def _summary(
    sheet: Any, document: Document, tell: Teller, rows_name: str, long: int, style: dict[str, Any]
) -> None:  # fmt: skip
    """Sums by field, by year and by place, each a formula, each table with its own total."""
    w = tell.w
    sheet.set_column(0, 0, 44)
    sheet.set_column(1, 9, 20)
    sheet.write_string(0, 0, document.subject, style["bold"])
    sheet.write_string(1, 0, document.stands, style["note"])
    sheet.write_string(2, 0, w("sheet_formula_rule", sheet=rows_name), style["note"])
    at = 4
    if long:
        sheet.write_string(3, 0, w("sheet_digits", n=w.number(long)), style["note"])
    currencies = [c for c, _total in pile(tell.snapshot, tell.contributions).totals]
    reach = _Reach(rows_name, len(tell.contributions) + 1)
    tables = (
        (w("annex_fields"), w("c_field"), FIELD, field_of),
        (w("annex_years"), w("c_year"), YEAR, year_of),
        (w("annex_places", map=w(f"map_{tell.units}")), w("c_place"), PLACE, place_of),
    )
    for title, head, column, key in tables:
        groups: dict[str, list[Row]] = {}
        for row in tell.contributions:
            groups.setdefault(key(tell, row), []).append(row)
        at = _sum_table(sheet, at, (title, head), groups, column, currencies, reach, tell, style)


def _sum_table(
    sheet: Any, at: int, heads: tuple[str, str], groups: dict[str, list[Row]], column: int, currencies: list[str],
    reach: _Reach, tell: Teller, style: dict[str, Any],
) -> int:  # fmt: skip
    w = tell.w
    title, head = heads
    sheet.write_string(at, 0, title, style["bold"])
    names_ = [
        head,
        w("c_contributions"),
        *(w("currency_head", currency=c) for c in currencies),
        w("c_left_out"),
    ]
    for c, words in enumerate(names_):
        sheet.write_string(at + 1, c, words, style["head"])
    first = at + 2
    yes, no = w("sheet_yes"), w("sheet_no")
    for r, (name, rows) in enumerate(groups.items(), first):
        sheet.write_string(r, 0, name)
        by = f"{reach(column)},$A{r + 1}"
        sheet.write_formula(r, 1, f"=COUNTIFS({by})", None, len(rows))
        for c, currency in enumerate(currencies, 2):
            formula = f'=SUMIFS({reach(SUM)},{by},{reach(CURRENCY)},"{currency}",{reach(COUNTED)},"{yes}")'
            sheet.write_formula(r, c, formula, style["sum"], float(_sum(tell, rows, currency)))
        left = sum(bool(tell.snapshot.reason(row)) for row in rows)
        sheet.write_formula(r, 2 + len(currencies), f'=COUNTIFS({by},{reach(COUNTED)},"{no}")', None, left)
    end = first + len(groups)
    sheet.write_string(end, 0, w("all"), style["total"])
    every = [row for rows in groups.values() for row in rows]
    values: list[float] = [len(every), *(float(_sum(tell, every, c)) for c in currencies)]
    values.append(sum(bool(tell.snapshot.reason(row)) for row in every))
    for c, value in enumerate(values, 1):
        letter = chr(ord("A") + c)
        formula = f"=SUM({letter}{first + 1}:{letter}{end})" if groups else "=0"
        sheet.write_formula(end, c, formula, style["total"], value)
    return end + 3


def _sum(tell: Teller, rows: Iterable[Row], currency: str) -> Decimal:
    """What the formula gives: the counted sums that stand as numbers."""
    counted = pile(tell.snapshot, rows).counted
    told = (
        r.fact.value
        for r in counted
        if r.fact is not None and r.fact.currency == currency and r.fact.value is not None
    )
    return sum((value for value in told if fits(value)), Decimal(0))


def _annex(book: Any, annex: Annex, style: dict[str, Any]) -> None:
    """An annex of words as it stands on paper: meetings, sources."""
    sheet = book.add_worksheet(_name(annex.heading))
    sheet.write_string(0, 0, annex.title, style["bold"])
    at = 2
    for block in annex.blocks:
        if not isinstance(block, Table):
            continue
        for c, column in enumerate(block.columns):
            sheet.set_column(c, c, max(8, column.share * 12))
            sheet.write_string(at, c, column.heading, style["head"])
        for r, row in enumerate(block.rows, at + 1):
            for c, cell in enumerate(row.cells):
                sheet.write_string(r, c, plain(cell), style["text"])
        at += len(block.rows) + 3
