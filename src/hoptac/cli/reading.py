"""Commands that read pages and know places, without a ledger (đọc trang, tra địa bàn)."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hoptac.cli.files import expand, pages_of
from hoptac.cli.findings import told
from hoptac.cli.options import CONTEXT, LANGUAGES, assistant_of, assistant_options

if TYPE_CHECKING:
    from hoptac.pages import Finding, Page
    from hoptac.reading.values import Reading

    Outcome = tuple[Page, Reading] | Finding


def all_outcomes(
    names: Sequence[str], on: date | None, jobs: int, read_page: Callable[[Page], Reading] | None = None
) -> Iterator[Outcome]:
    """The outcomes of many files in the order of the files, on ``jobs`` processes; a progress bar where a person watches.

    What cannot be read, or ends the process that reads it, is a Finding, and the rest go on.
    """
    from hoptac.reading import pipeline
    from hoptac.reading.many import read_many, read_pages

    read = read_page or partial(pipeline.read_page, on=on)
    with click.progressbar(
        length=len(names),
        label="hoptac read",
        file=sys.stderr,
        hidden=len(names) < 2 or not sys.stderr.isatty(),
    ) as bar:
        if jobs == 1 or "-" in names:
            for name in names:
                yield from read_pages(pages_of(name), read)
                bar.update(1)
            return
        for ended, outcomes in read_many(names, read, jobs=jobs):
            yield from outcomes
            bar.update(ended)


@click.command(context_settings=CONTEXT)
@click.argument("files", nargs=-1, required=True, metavar="FILE…|-")
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "json", "jsonl", "text"]),
    default="table",
    show_default=True,
    help="table: for people. json, jsonl: the reading contract. text: the text in which offsets count.",
)
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
@click.option(
    "--on",
    type=click.DateTime(["%Y-%m-%d"]),
    help="Date of reading: no day after its year is taken from a page.",
)
@click.option(
    "--lang", type=LANGUAGES, default="vi", show_default=True, help="Language of the table and of findings."
)
@click.option(
    "--jobs",
    type=click.IntRange(1, 64),
    default=1,
    show_default=True,
    help="Processes that read at once; order is kept.",
)
@assistant_options
def read(
    files: tuple[str, ...],
    form: str,
    as_json: bool,
    on: datetime | None,
    lang: str,
    jobs: int,
    **asked: Any,
) -> None:
    """Read pages and print what they say, each value with its words.

    FILE is .txt, .html, .docx, .pdf, .xlsx, .jsonl, .parquet, .warc or .wet, also .gz and .zip of these; a folder; a glob; or
    "-" for standard input. What cannot be read is told on standard error, the rest go on, and the exit code is 1.

    \b
    Examples
      hoptac read page.txt
      cat page.html | hoptac read -
      hoptac read --format jsonl --jobs 4 'crawl/*.warc.gz' > readings.jsonl
    """
    from hoptac.pages import Finding
    from hoptac.reading.contract import to_contract
    from hoptac.reading.table import reading_table

    form = "json" if as_json else form
    failed = False
    objects: list[dict[str, Any]] = []
    day = on.date() if on else None
    if asked["assistant"] and jobs > 1:
        raise click.UsageError("an assistant is asked about one page after another: leave out --jobs")
    with assistant_of(asked, lang, day) as reader:
        for outcome in all_outcomes(expand(files), day, jobs, reader):
            if isinstance(outcome, Finding):
                click.echo(told(outcome, lang), err=True)
                failed = True
                continue
            page, reading = outcome
            for finding in page.findings:
                click.echo(told(finding, lang), err=True)
            if form == "jsonl":
                click.echo(json.dumps(to_contract(reading), ensure_ascii=False))
            elif form == "json":
                objects.append(to_contract(reading))
            else:
                click.echo(page.text if form == "text" else reading_table(reading, lang=lang) + "\n")
    if form == "json":
        click.echo(json.dumps(objects[0] if len(objects) == 1 else objects, ensure_ascii=False, indent=1))
    sys.exit(1 if failed else 0)


@click.command(context_settings=CONTEXT)
@click.argument("files", nargs=-1, required=True, metavar="FILE…")
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), required=True, help="Folder for the readings."
)
@click.option(
    "--workers",
    type=click.IntRange(1, 256),
    default=2,
    show_default=True,
    help="Processes on this machine.",
)
@click.option(
    "--scheduler", metavar="ADDRESS", help="A running Dask scheduler, such as tcp://10.0.0.1:8786, instead."
)
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="Date of reading, as for hoptac read.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as one JSON object.")
@click.option("--lang", type=LANGUAGES, default="vi", show_default=True, help="Language of findings.")
def crawl(
    files: tuple[str, ...],
    out: Path,
    workers: int,
    scheduler: str | None,
    on: datetime | None,
    as_json: bool,
    lang: str,
) -> None:
    """Read a crawl of many files into Parquet, each page once, on many processes or machines.

    FILE is as for hoptac read: mostly .warc.gz, .wet.gz, .parquet or .jsonl; a folder; a glob. Each file is read on one process.
    A run that was stopped, or lost a worker, goes on where it was when it is called again. OUT/readings has one Parquet file for
    each file read, OUT/duplicates.jsonl the pages left out because the same bytes stood before. Needs: pip install 'hoptac[cluster]'.

    \b
    Examples
      hoptac crawl --out readings --workers 8 'crawl/*.warc.gz'
      hoptac crawl --out /shared/readings --scheduler tcp://10.0.0.1:8786 /shared/crawl
    """
    try:
        import distributed  # noqa: F401 - only to say so before any work
        import pyarrow  # noqa: F401
    except ImportError as error:
        raise click.UsageError(
            f"{error.name} is not installed; run: pip install 'hoptac[cluster]'"
        ) from error
    from hoptac.crawl.run import crawl as run_crawl
    from hoptac.crawl.shards import shards_of
    from hoptac.pages import Finding

    names = expand(files)
    absent = [name for name in names if not Path(name).is_file()]
    for name in absent:
        click.echo(told(Finding("P01", name, (("name", name), ("reason", "no such file"))), lang), err=True)
    shards = shards_of([Path(name) for name in names if name not in absent], on.date() if on else None)
    with click.progressbar(
        length=len(shards), label="hoptac crawl", file=sys.stderr, hidden=not sys.stderr.isatty()
    ) as bar:
        try:
            result = run_crawl(
                shards,
                out,
                on=on.date() if on else None,
                workers=workers,
                scheduler=scheduler,
                done=bar.update,
            )
        except OSError as error:
            raise click.UsageError(f"{error}: is {scheduler or out} there and open to you?") from error
    for note in result.notes:
        for where, code, values in note.findings:
            click.echo(told(Finding(code, where, values), lang), err=True)
    for path, why in result.aside:
        click.echo(told(Finding("P22", path, (("name", path), ("found", why))), lang), err=True)
    report = {
        "files": len(result.notes),
        "files_known": result.known,
        "pages": result.pages,
        "doubles": result.doubles,
        "findings": sum(len(note.findings) for note in result.notes),
        "set_aside": [{"file": path, "why": why} for path, why in result.aside],
        "absent": absent,
        "readings": str(out / "readings"),
    }
    if as_json:
        click.echo(json.dumps(report, ensure_ascii=False, indent=1))
    else:
        click.echo(
            f"{report['pages']} pages of {report['files']} files in {report['readings']}"
            f" ({report['doubles']} doubles left out, {report['files_known']} files known from before)"
        )
    sys.exit(1 if absent or result.aside or any(note.findings for note in result.notes) else 0)


@click.command(context_settings=CONTEXT)
@click.argument("name")
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="Only units that stood on this day.")
@click.option("--within", metavar="NAME", help="Only units inside this one.")
@click.option("--json", "as_json", is_flag=True, help="Print the units as one JSON list.")
@click.option("--lang", type=LANGUAGES, default="vi", show_default=True, help="Language of names.")
def places(name: str, on: datetime | None, within: str | None, as_json: bool, lang: str) -> None:
    """Find administrative units by NAME: what they were, what they are now, and when they changed.

    Accents may be left out and short forms used. Exit code 1: no unit of that name.

    \b
    Examples
      hoptac places "Sam Mứn" --on 2012-06-01
      hoptac places "TP Dien Bien Phu" --json
      hoptac places "Tân Thành" --within "Bà Rịa - Vũng Tàu"
    """
    from hoptac.places.answer import answer

    units = answer(name, on=on.date() if on else None, within=within)
    if as_json:
        click.echo(json.dumps(units, ensure_ascii=False, indent=1))
    else:
        for unit in units:
            click.echo(_unit_line(unit, lang))
    sys.exit(0 if units else 1)


def _unit_line(unit: dict[str, Any], lang: str) -> str:
    """A unit on a line or three: its whole name and time, its predecessors, the units of today that cover it."""
    time = f"{unit['valid_from'] or '…'} – {unit['valid_to'] or '…'}"
    lines = [f"{unit['full_name' if lang == 'vi' else 'full_name_en']} ({unit['code'] or '-'}, {time})"]
    for key, mark in (("was", "<"), ("now", ">")):
        if unit[key]:
            lines.append(
                f"  {mark} " + ", ".join(f"{u['kind']} {u['name']}" + (" *" * u["part"]) for u in unit[key])
            )
    return "\n".join(lines)
