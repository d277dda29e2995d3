"""The ledger as tables (sổ cái thành bảng): for spreadsheets and analysts, names beside codes.

Every table is a list of columns; what each means is the lexicon's table ``exchange_columns``, in both languages, and a test holds
the two to each other. Rows come a batch at a time, so a table of any length is written in bounded memory. ``public`` tables
hold public records only, short quotes, and nobody who signed.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db.models import Model, Prefetch, QuerySet

from hoptac.exchange.findings import ExchangeError
from hoptac.ledger.canonical import canonical_json
from hoptac.ledger.located import placer
from hoptac.ledger.models import (
    ContributionFact,
    Cooperation,
    Filing,
    Party,
    Record,
    Source,
    Statement,
    StatementPassage,
)
from hoptac.ledger.whereabouts import MARK
from hoptac.lexicon.tables import Lexicon, default_lexicon
from hoptac.places.naming import say_whole
from hoptac.screens.passages import short_quote
from hoptac.screens.tables import FORMULA
from hoptac.screens.visible import public_cooperations, public_parties, public_records

BATCH = 500
GROUP = 20_000  # rows of one group of a Parquet file
SHEET_MOST = 1_048_575  # rows under the headings that a sheet holds
LANGUAGES = ("vi", "en")
EVERY = "any"  # in the table of meanings: a column of any table

Value = str | int | bool | Decimal | date | datetime | None
Column = tuple[str, str, Callable[[Any], Value]]
"""A column's name, its type (text, integer, decimal, boolean, date, time), and what it takes from a row."""


@dataclass(frozen=True)
class Table:
    """One table: its columns, and the rows that it shows (all, or only the public ones)."""

    name: str
    columns: tuple[Column, ...]
    rows: Callable[[bool], QuerySet[Any]]


def _label(name: str, lang: str, take: Callable[[Any], str | None]) -> Callable[[Any], str | None]:
    """Takes the name of a row's code in a language."""

    def named(row: Any) -> str | None:
        return default_lexicon().built(_labels)[name].get(take(row) or "", {}).get(lang) or None

    return named


def _labels(lexicon: Lexicon) -> dict[str, dict[str, dict[str, str]]]:
    names = ("kind", "standing", "field", "act", "status", "reason", "party")
    return {
        name: {
            row["code"]: {lang: row[lang] for lang in LANGUAGES} for row in lexicon.table(f"{name}_labels")
        }
        for name in names
    }


def _coded(column: str, labels: str, take: Callable[[Any], str | None]) -> tuple[Column, ...]:
    """A code, and its names in both languages beside it."""
    return (
        (column, "text", take),
        *((f"{column}_{lang}", "text", _label(labels, lang, take)) for lang in LANGUAGES),
    )


def _names(record: Record, *fields: str) -> str | None:
    told = [p["name"] for field in fields for p in record.values.get(field) or () if isinstance(p, dict)]
    return "; ".join(told) or None


def _codes(record: Record, field: str) -> str | None:
    return "; ".join(p.get("code") or "" for p in record.values.get(field) or ()).strip("; ") or None


def _unit(record: Record) -> str | None:
    return record.place_units or None


def _unit_name(record: Record) -> str | None:
    at = placer().places
    units = [placer().unit(u) for u in (record.place_units or "").split(MARK) if u]
    told = [say_whole((u, *at.parents(u)), default_lexicon()) for u in units if u is not None]
    return "; ".join(told) or None


def _json(values: Mapping[str, Any]) -> str:
    return canonical_json(values)


def _records(public: bool) -> QuerySet[Record]:
    found = public_records() if public else Record.objects.live()
    return found.select_related("part_of").prefetch_related("cooperations").order_by("pk")


def _facts(public: bool) -> QuerySet[ContributionFact]:
    return (
        ContributionFact.objects.filter(record__in=_records(public).order_by().values("pk"))
        .select_related("record__part_of")
        .prefetch_related("record__cooperations")
        .order_by("record_id")
    )


def _statements(public: bool) -> QuerySet[Statement]:
    last = Filing.objects.order_by("id").select_related("record")
    found = Statement.objects.select_related("speaker", "source", "supersedes")
    if public:
        newer = Filing.objects.filter(record__in=public_records()).values("statement_id")
        found = found.in_force().filter(pk__in=newer)
    return (
        found.defer("source__text", "source__layout")
        .prefetch_related(Prefetch("filings", last))
        .order_by("seq")
    )


def _stands_on(public: bool) -> QuerySet[StatementPassage]:
    rows = StatementPassage.objects.select_related("statement", "passage__source")
    return (
        rows.filter(statement__in=_statements(public).order_by().values("pk"))
        .defer("passage__source__text", "passage__source__layout", "statement__values")
        .order_by("statement_id", "order")
    )


def _sources(public: bool) -> QuerySet[Source]:
    found = Source.objects.defer("text", "layout")
    if public:
        found = found.filter(pk__in=_statements(True).order_by().values("source_id"))
    return found.order_by("pk")


def _filed(statement: Statement) -> str | None:
    filings = list(statement.filings.all())
    record = filings[-1].record if filings else None
    return str(record.uid) if record is not None else None


def _places(record: Record) -> tuple[str | None, str | None]:
    return _unit(record), _unit_name(record)


def _cooperations_of(record: Record) -> str | None:
    return "; ".join(c.slug for c in record.cooperations.all()) or None


TABLES: Mapping[str, Table] = {
    table.name: table
    for table in (
        Table(
            "parties",
            (
                ("identity", "text", lambda p: p.identity),
                ("name", "text", lambda p: p.name),
                *_coded("kind", "party", lambda p: p.kind),
                ("code", "text", lambda p: p.code),
                ("level", "integer", lambda p: p.level),
                ("locality", "text", lambda p: p.locality.name if p.locality else None),
                ("slug", "text", lambda p: p.slug),
            ),
            lambda public: (
                (public_parties() if public else Party.objects.all())
                .select_related("locality")
                .order_by("pk")
            ),
        ),
        Table(
            "cooperations",
            (
                ("slug", "text", lambda c: c.slug),
                ("name", "text", lambda c: c.name),
                ("localities", "text", lambda c: "; ".join(p.name for p in c.localities.all())),
                ("codes", "text", lambda c: "; ".join(p.code or "" for p in c.localities.all())),
            ),
            lambda public: (
                (public_cooperations() if public else Cooperation.objects.all())
                .prefetch_related("localities")
                .order_by("pk")
            ),
        ),
        Table(
            "records",
            (
                ("uid", "text", lambda r: str(r.uid)),
                ("slug", "text", lambda r: r.slug),
                *_coded("kind", "kind", lambda r: r.kind),
                ("title", "text", lambda r: r.title),
                ("year", "integer", lambda r: r.year),
                *_coded("standing", "standing", lambda r: r.standing),
                ("place_unit", "text", _unit),
                ("place", "text", _unit_name),
                ("cooperations", "text", _cooperations_of),
                ("part_of", "text", lambda r: str(r.part_of.uid) if r.part_of else None),
                ("values", "text", lambda r: _json(r.values)),
            ),
            _records,
        ),
        Table(
            "contributions",
            (
                ("record", "text", lambda f: str(f.record.uid)),
                ("title", "text", lambda f: f.record.title),
                ("funder", "text", lambda f: _names(f.record, "funder")),
                ("funder_code", "text", lambda f: _codes(f.record, "funder")),
                ("recipient", "text", lambda f: _names(f.record, "recipient")),
                ("recipient_code", "text", lambda f: _codes(f.record, "recipient")),
                ("amount", "decimal", lambda f: f.amount),
                ("currency", "text", lambda f: f.currency),
                ("bound", "text", lambda f: f.bound),
                ("of_total", "decimal", lambda f: f.of_total),
                ("quantity", "decimal", lambda f: Decimal(f.quantity) if f.quantity else None),
                ("unit", "text", lambda f: f.unit),
                ("year", "integer", lambda f: f.year),
                ("year_to", "integer", lambda f: f.year_to),
                *_coded("field", "field", lambda f: f.field),
                *_coded("act", "act", lambda f: f.act),
                *_coded("status", "status", lambda f: f.status),
                *_coded("standing", "standing", lambda f: f.standing),
                ("counted", "boolean", lambda f: f.counted),
                *_coded("left_out", "reason", lambda f: f.left_out or None),
                ("place_unit", "text", lambda f: _unit(f.record)),
                ("place", "text", lambda f: _unit_name(f.record)),
                ("cooperations", "text", lambda f: _cooperations_of(f.record)),
                ("part_of", "text", lambda f: str(f.record.part_of.uid) if f.record.part_of else None),
            ),
            _facts,
        ),
        Table(
            "statements",
            (
                ("uid", "text", lambda s: str(s.uid)),
                ("seq", "integer", lambda s: s.seq),
                *_coded("kind", "kind", lambda s: s.kind),
                ("record", "text", _filed),
                ("speaker", "text", lambda s: s.speaker.name if s.speaker else None),
                ("source", "text", lambda s: s.source.sha256 if s.source else None),
                ("values", "text", lambda s: _json(s.values)),
                ("certainty", "decimal", lambda s: s.certainty),
                ("reader", "text", lambda s: s.reader or None),
                ("made_at", "time", lambda s: s.made_at),
                ("supersedes", "text", lambda s: str(s.supersedes.uid) if s.supersedes else None),
                ("hash", "text", lambda s: s.hash),
            ),
            _statements,
        ),
        Table(
            "passages",
            (
                ("statement", "text", lambda p: str(p.statement.uid)),
                ("source", "text", lambda p: p.passage.source.sha256),
                ("start", "integer", lambda p: p.passage.start),
                ("end", "integer", lambda p: p.passage.end),
                ("quote", "text", lambda p: short_quote(p.passage.quote)),
            ),
            _stands_on,
        ),
        Table(
            "sources",
            (
                ("sha256", "text", lambda s: s.sha256),
                ("name", "text", lambda s: s.name),
                ("title", "text", lambda s: s.title),
                ("outlet", "text", lambda s: s.outlet),
                ("url", "text", lambda s: s.url),
                ("published", "date", lambda s: s.published),
                ("media_type", "text", lambda s: s.media_type),
                ("size", "integer", lambda s: s.size),
                ("taken_at", "time", lambda s: s.taken_at),
            ),
            _sources,
        ),
    )
}


def rows_of(table: Table, *, public: bool = False) -> Iterator[list[Value]]:
    """The rows of a table, each a value for each column."""
    takes = [take for _, _, take in table.columns]
    row: Model
    for row in table.rows(public).iterator(chunk_size=BATCH):
        yield [take(row) for take in takes]


def csv_pieces(table: Table, *, public: bool = False) -> Iterator[str]:
    """A table as CSV, some rows at a time, with the byte-order mark that spreadsheets need for Vietnamese."""
    out = io.StringIO()
    writer = csv.writer(out)
    out.write("\ufeff")
    writer.writerow([name for name, _, _ in table.columns])
    for row in rows_of(table, public=public):
        writer.writerow([_cell(value) for value in row])
        if out.tell() > 1 << 16:
            yield out.getvalue()
            out.seek(0)
            out.truncate()
    yield out.getvalue()


def _cell(value: Value) -> object:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, date):
        return value.isoformat()
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value


def write_xlsx(
    path: Path | io.BytesIO, tables: Iterable[Table], *, public: bool = False, lang: str = "vi"
) -> None:
    """A workbook with a sheet for each table, and one that says what each column means."""
    import xlsxwriter

    book = xlsxwriter.Workbook(
        str(path) if isinstance(path, Path) else path,
        {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    bold = book.add_format({"bold": True})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    kept = list(tables)
    for table in kept:
        sheet, at, number = None, 0, 0
        for row in rows_of(table, public=public):
            if sheet is None or at > SHEET_MOST:
                number += 1
                sheet = _sheet(book, table, bold, number)
                at = 1
            for n, value in enumerate(row):
                if isinstance(value, bool):
                    sheet.write_boolean(at, n, value)
                elif isinstance(value, Decimal | int):
                    sheet.write_number(at, n, value)
                elif isinstance(value, date) and not isinstance(value, datetime):
                    sheet.write_datetime(at, n, datetime(value.year, value.month, value.day), day)  # noqa: DTZ001
                elif value is not None:
                    sheet.write_string(
                        at, n, _cell(value) if isinstance(value, datetime) else str(value)[:32_767]
                    )
            at += 1
        if sheet is None:
            _sheet(book, table, bold, 1)
    sheet = book.add_worksheet("dictionary")
    for n, heading in enumerate(("table", "column", "type", "meaning")):
        sheet.write_string(0, n, heading, bold)
    words = meanings()
    at = 1
    for table in kept:
        for name, type_, _ in table.columns:
            for n, text in enumerate((table.name, name, type_, words[table.name, name][lang])):
                sheet.write_string(at, n, text)
            at += 1
    book.close()


def _sheet(book: Any, table: Table, bold: Any, number: int) -> Any:
    sheet = book.add_worksheet(table.name if number == 1 else f"{table.name} {number}")
    sheet.freeze_panes(1, 1)
    for n, (name, _, _) in enumerate(table.columns):
        sheet.write_string(0, n, name, bold)
    return sheet


def write_parquet(path: Path, table: Table, *, public: bool = False) -> int:
    """A table as one Parquet file; gives its rows. Raises ExchangeError X34 where the package for it is not installed."""
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError as error:
        raise ExchangeError("X34", value="pyarrow") from error
    types = {
        "text": pa.string(),
        "integer": pa.int64(),
        "decimal": pa.decimal128(38, 6),
        "boolean": pa.bool_(),
        "date": pa.date32(),
        "time": pa.timestamp("us", tz="UTC"),
    }
    words = meanings()
    schema = pa.schema(
        [
            pa.field(name, types[type_], metadata={lang: words[table.name, name][lang] for lang in LANGUAGES})
            for name, type_, _ in table.columns
        ]
    )
    count = 0
    with pq.ParquetWriter(str(path), schema, compression="zstd") as writer:
        for rows in _groups(rows_of(table, public=public)):
            columns = [
                pa.array(values, type=field.type)
                for values, field in zip(zip(*rows, strict=True), schema, strict=True)
            ]
            writer.write_table(pa.Table.from_arrays(columns, schema=schema))
            count += len(rows)
    return count


def _groups(rows: Iterable[list[Value]]) -> Iterator[list[list[Value]]]:
    group: list[list[Value]] = []
    for row in rows:
        group.append(row)
        if len(group) >= GROUP:
            yield group
            group = []
    if group:
        yield group


def meanings(lexicon: Lexicon | None = None) -> Mapping[tuple[str, str], Mapping[str, str]]:
    """What each column means: (table, column) -> language -> words."""
    return (lexicon or default_lexicon()).built(_meanings)


def _meanings(lexicon: Lexicon) -> dict[tuple[str, str], dict[str, str]]:
    common = {row["column"]: row for row in lexicon.table("exchange_columns") if row["table"] == EVERY}
    own = {
        (row["table"], row["column"]): row
        for row in lexicon.table("exchange_columns")
        if row["table"] != EVERY
    }
    out = {}
    for table in TABLES.values():
        for name, _, _ in table.columns:
            row = own.get((table.name, name)) or common.get(name)
            base, _, lang = name.rpartition("_")
            if row is None and lang in LANGUAGES:
                code = own.get((table.name, base)) or common.get(base)
                language = {
                    "vi": ("in Vietnamese", "bằng tiếng Việt"),
                    "en": ("in English", "bằng tiếng Anh"),
                }[lang]
                if code is not None:
                    row = {
                        "en": f"{code['en']}: its name {language[0]}",
                        "vi": f"{code['vi']}: tên {language[1]}",
                    }
            if row is not None:
                out[table.name, name] = {each: row[each] for each in LANGUAGES}
    return out


def dictionary(lang: str, tables: Sequence[Table] | None = None) -> str:
    """The data dictionary as Markdown: every table, its columns, their types and what they mean."""
    words = meanings()
    lines: list[str] = []
    for table in tables or list(TABLES.values()):
        lines += [f"## {table.name}", "", "| column | type | meaning |", "|---|---|---|"]
        lines += [
            f"| `{name}` | {type_} | {words[table.name, name][lang]} |" for name, type_, _ in table.columns
        ]
        lines.append("")
    return "\n".join(lines)
