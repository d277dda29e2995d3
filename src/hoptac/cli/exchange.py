"""Commands that carry the ledger out and in (xuất, nhập sổ)."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import click

from hoptac.cli.ledger import ledger
from hoptac.cli.options import CONTEXT, LANGUAGES

FORMATS = ("jsonl", "csv", "xlsx", "parquet")


@click.command("export", context_settings=CONTEXT)
@click.argument("target", type=click.Path(path_type=Path))
@click.option(
    "--format",
    "kind",
    type=click.Choice(FORMATS),
    help="jsonl: the whole ledger, to import elsewhere. csv, parquet: a folder with a file a table. xlsx: one"
    " workbook. By TARGET's ending if left out.",
)
@click.option("--public", is_flag=True, help="Only what the public pages show; not for jsonl.")
@click.option(
    "--lang",
    type=LANGUAGES,
    default="vi",
    show_default=True,
    help="Language of findings and of the dictionary.",
)
def export_ledger(target: Path, kind: str | None, public: bool, lang: str) -> None:
    """Write the whole ledger to TARGET: as JSON lines that another ledger imports, or as tables with names beside codes.

    Tables come with their dictionary (dictionary.md, or a sheet). Parquet needs the extra "parquet".

    \b
    Examples
      hoptac export ledger.jsonl
      hoptac export tables/ --format parquet --public
      hoptac export ledger.xlsx
    """
    kind = kind or target.suffix.lstrip(".").lower() or "csv"
    if kind not in FORMATS:
        raise click.UsageError(f"{target}: give --format, one of {', '.join(FORMATS)}")
    if kind == "jsonl" and public:
        raise click.UsageError("--public is for tables; jsonl is the whole ledger or nothing")
    with ledger(lang):
        from hoptac.exchange.findings import ExchangeError
        from hoptac.ledger.commands import require_ready

        require_ready()
        try:
            if target.is_file() or (target.is_dir() and any(target.iterdir())):
                raise ExchangeError("X35", str(target), value=str(target))
            counts = _export(target, kind, public, lang)
        except ExchangeError as error:
            _refuse(error, lang)
    click.echo(f"hoptac export: {target}: " + ", ".join(f"{name} {count}" for name, count in counts.items()))


def _export(target: Path, kind: str, public: bool, lang: str) -> dict[str, Any]:
    from hoptac.exchange.tables import TABLES, csv_pieces, dictionary, write_parquet, write_xlsx
    from hoptac.exchange.whole import write_whole

    if kind == "jsonl":
        target.parent.mkdir(parents=True, exist_ok=True)
        draft = target.with_name(f".{target.name}.part")
        try:
            with draft.open("wb") as out:
                made = write_whole(out)
            draft.replace(target)
        finally:
            draft.unlink(missing_ok=True)
        return {"rows": sum(made.rows.values()), "sources": made.sources, "chain": made.chain}
    if kind == "xlsx":
        target.parent.mkdir(parents=True, exist_ok=True)
        write_xlsx(target, TABLES.values(), public=public, lang=lang)
        return {"tables": len(TABLES)}
    target.mkdir(parents=True, exist_ok=True)
    counts: dict[str, Any] = {}
    for name, table in TABLES.items():
        path = target / f"{name}.{kind}"
        if kind == "parquet":
            counts[name] = write_parquet(path, table, public=public)
        else:
            with path.open("w", encoding="utf-8", newline="") as out:
                out.writelines(csv_pieces(table, public=public))
            counts[name] = table.rows(public).count()
    (target / "dictionary.md").write_text(dictionary(lang), encoding="utf-8")
    return counts


@click.command("import", context_settings=CONTEXT)
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option("--json", "as_json", is_flag=True, help="Print what was taken as one JSON object.")
@click.option("--lang", type=LANGUAGES, default="vi", show_default=True, help="Language of findings.")
def import_ledger(file: Path, as_json: bool, lang: str) -> None:
    """Take an export of a whole ledger into this one: all that it has not yet, or nothing.

    Into an empty ledger it gives the same ledger; into an older copy, what is new; twice, nothing. The chain of hashes and
    every invariant are proved before anything is kept. A ledger that says otherwise is refused. Users come without
    passwords and switched off.

    \b
    Examples
      HOPTAC_DATA=/srv/copy hoptac init
      HOPTAC_DATA=/srv/copy hoptac import ledger.jsonl
    """
    with ledger(lang):
        from hoptac.exchange.findings import ExchangeError
        from hoptac.exchange.whole import read_whole
        from hoptac.ledger.commands import require_ready

        require_ready()
        try:
            made = read_whole(file)
        except ExchangeError as error:
            _refuse(error, lang)
    report = {
        "rows": sum(made.rows.values()),
        "rows_new": made.new,
        "sources": made.sources,
        "chain": made.chain,
    }
    if as_json:
        click.echo(json.dumps({**report, "tables": made.rows}, ensure_ascii=False, indent=1))
    else:
        click.echo("hoptac import: " + ", ".join(f"{k.replace('_', ' ')} {v}" for k, v in report.items()))


def _refuse(error: Any, lang: str) -> None:
    click.echo(f"{error.note.code} {error.note.message(lang)}", err=True)
    sys.exit(2)
