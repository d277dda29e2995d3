"""The command ``hoptac`` (dòng lệnh).

Exit codes: 0 clean, 1 there are findings, 2 the command was misused. Output goes to standard output; progress and findings to
standard error, so that output can be piped.
"""

from __future__ import annotations

import glob
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, cast

import click

from hoptac import __version__
from hoptac.demo import demo

if TYPE_CHECKING:
    from hoptac.pages import Finding, Page
    from hoptac.reading.values import Reading

    Outcome = tuple[Page, Reading] | Finding

CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 100}
LANGUAGES = click.Choice(["vi", "en"])


@click.group(context_settings=CONTEXT)
@click.version_option(__version__, prog_name="hoptac")
def main() -> None:
    """Hợp Tác: read the pages that report cooperation between localities, keep one sourced ledger, give it back.

    \b
    Examples
      hoptac read page.txt                    what the page says, each value with its words
      hoptac read --format jsonl pages/*.html the reading contract, one page a line
      hoptac take page.txt report.docx        read, and file into the ledger
      hoptac check                            prove the ledger's invariants
    """


def expand(names: Sequence[str]) -> list[str]:
    """File names with globs expanded and folders walked, in a stable order; "-" is standard input."""
    out: list[str] = []
    for name in names:
        if name != "-" and Path(name).is_dir():
            out += sorted(str(p) for p in Path(name).rglob("*") if p.is_file() and not p.name.startswith("."))
        elif name != "-" and not Path(name).exists() and glob.has_magic(name):
            out += sorted(glob.glob(name, recursive=True)) or [name]  # noqa: PTH207 - a pattern may be absolute
        else:
            out.append(name)
    return out


def pages_of(name: str) -> Iterator[Page | Finding]:
    """The pages of one file, or of standard input for "-"."""
    from hoptac.pages import read_file

    return read_file(sys.stdin.buffer, name="stdin") if name == "-" else read_file(Path(name))


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


def assistant_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options of a command that reads pages and may ask an assistant for further claims."""
    for option in reversed(
        (
            click.option(
                "--assistant",
                metavar="URL",
                help="Let an OpenAI-compatible endpoint propose further claims (off by default; the story is sent to it).",
            ),
            click.option("--assistant-model", metavar="NAME", help="The endpoint's model to ask."),
            click.option(
                "--assistant-seconds",
                type=click.FloatRange(1, 86_400),
                default=120.0,
                show_default=True,
                help="Longest wait for the assistant, all pages together.",
            ),
            click.option(
                "--assistant-tokens",
                type=click.IntRange(1),
                default=200_000,
                show_default=True,
                help="Most tokens to use, all pages together.",
            ),
        )
    ):
        command = option(command)
    return command


@contextmanager
def assistant_of(
    asked: dict[str, Any], lang: str, on: date | None
) -> Iterator[Callable[[Page], Reading] | None]:
    """The reader with the assistant that was asked for, None where none was; what it cost is told at the end.

    The endpoint's key is in HOPTAC_ASSISTANT_KEY.
    """
    url, model = asked["assistant"], asked["assistant_model"]
    if url is None:
        if model is not None:
            raise click.UsageError("--assistant-model needs --assistant URL")
        yield None
        return
    if not model:
        raise click.UsageError("--assistant needs --assistant-model NAME")
    from hoptac.assistant.endpoint import AssistantError, Bounds, Endpoint
    from hoptac.assistant.read import assisted
    from hoptac.reading import pipeline

    bounds = Bounds(asked["assistant_seconds"], asked["assistant_tokens"])
    try:
        endpoint = Endpoint(url, model, os.environ.get("HOPTAC_ASSISTANT_KEY") or None, bounds)
    except AssistantError as error:
        raise click.UsageError(str(error)) from error
    yield assisted(
        partial(pipeline.read_page, on=on), endpoint, told=lambda f: click.echo(told(f, lang), err=True)
    )
    click.echo(
        f"assistant {model}: {bounds.calls} calls, {bounds.used_tokens} tokens of {bounds.tokens},"
        f" {bounds.used_seconds:.1f} s of {bounds.seconds:g}",
        err=True,
    )


@main.command(context_settings=CONTEXT)
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


def told(finding: Finding, lang: str) -> str:
    """A finding as one line: code, place, what was found and what to do."""
    from hoptac.lexicon import default_lexicon

    lexicon = default_lexicon()
    rows = (
        row
        for name in (
            "messages_pages",
            "messages_reading",
            "messages_assistant",
            "messages_watch",
            "messages_ledger",
        )
        for row in lexicon.table(name)
    )
    text = next((row[lang] for row in rows if row["code"] == finding.code), finding.code)
    for key, value in finding.values:
        text = text.replace("{" + key + "}", value)
    at = f":{finding.start}" if finding.start is not None else ""
    return f"{finding.where}{at}: {finding.code} {text}"


@main.group(context_settings=CONTEXT)
def watch() -> None:
    """Watch news: feeds, sitemaps and lists of addresses, whose new pages are read into the ledger.

    \b
    Examples
      hoptac watch add https://example.vn/rss/thoi-su.rss --every 60
      hoptac watch run                        one round; for a timer such as cron
      hoptac watch run --forever              round after round
    """


@watch.command("add", context_settings=CONTEXT)
@click.argument("address", metavar="ADDRESS")
@click.option("--name", default="", help="What people call it.")
@click.option(
    "--every",
    type=click.IntRange(5, 43_200),
    default=60,
    show_default=True,
    help="Minutes between two checks.",
)
@click.option("--lang", type=LANGUAGES, default="vi", show_default=True, help="Language of findings.")
def watch_add(address: str, name: str, every: int, lang: str) -> None:
    """Watch an address: of an RSS or Atom feed, a sitemap, or a text with one address a line.

    Adding it again changes its name and how often it is checked, and takes it up again if it was stopped.

    \b
    Examples
      hoptac watch add https://example.vn/sitemap.xml --every 1440 --name "Báo Ví Dụ"
    """
    from hoptac.watch.fetch import FetchError, checked

    try:
        checked(address)
    except FetchError as error:
        raise click.UsageError(f"{address} is no address of the open web (http or https)") from error
    with ledger(lang):
        from django.utils import timezone

        from hoptac.watch.models import Watch

        now = timezone.now()
        _, new = Watch.objects.update_or_create(
            address=address,
            defaults={"name": name, "every_minutes": every, "active": True},
            create_defaults={
                "name": name,
                "every_minutes": every,
                "active": True,
                "made_at": now,
                "next_at": now,
            },
        )
    click.echo(f"hoptac watch: {'added' if new else 'changed'} {address}")


@watch.command("stop", context_settings=CONTEXT)
@click.argument("address", metavar="ADDRESS")
@click.option("--lang", type=LANGUAGES, default="vi", show_default=True, help="Language of findings.")
def watch_stop(address: str, lang: str) -> None:
    """Stop watching an address. What was read of it stays.

    \b
    Examples
      hoptac watch stop https://example.vn/rss/thoi-su.rss
    """
    with ledger(lang):
        from hoptac.watch.models import Watch

        stopped = Watch.objects.filter(address=address).update(active=False)
    if not stopped:
        raise click.UsageError(f"{address} is not watched; hoptac watch list shows what is")
    click.echo(f"hoptac watch: stopped {address}")


@watch.command("list", context_settings=CONTEXT)
@click.option("--json", "as_json", is_flag=True, help="Print them as one JSON list.")
@click.option("--lang", type=LANGUAGES, default="vi", show_default=True, help="Language of findings.")
def watch_list(as_json: bool, lang: str) -> None:
    """What is watched: when it was checked last, how many pages it named, and what stood in the way.

    \b
    Examples
      hoptac watch list --json
    """
    with ledger(lang):
        from django.db.models import Count, Q

        from hoptac.watch.models import STAGES, Watch

        counts = {f"pages_{stage}": Count("pages", filter=Q(pages__stage=stage)) for stage in STAGES}
        rows = [
            {
                "address": row.address,
                "name": row.name,
                "every_minutes": row.every_minutes,
                "active": row.active,
                "checked_at": row.checked_at.isoformat() if row.checked_at else None,
                "next_at": row.next_at.isoformat(),
                "failures": row.failures,
                "code": row.code,
                **{name: getattr(row, name) for name in counts},
            }
            for row in Watch.objects.annotate(**counts)
        ]
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    for row in rows:
        state = "" if row["active"] else ", stopped"
        trouble = f", {row['code']} {row['failures']} times" if row["code"] else ""
        click.echo(
            f"{row['address']} ({row['name'] or '-'}, every {row['every_minutes']} min{state}{trouble}): "
            + ", ".join(f"{stage} {row[f'pages_{stage}']}" for stage in STAGES)
        )


@watch.command("run", context_settings=CONTEXT)
@click.option(
    "--most", type=click.IntRange(1), default=200, show_default=True, help="Most pages read in a round."
)
@click.option("--forever", is_flag=True, help="Begin another round a minute after each, until stopped.")
@click.option("--json", "as_json", is_flag=True, help="Print the report of each round as a JSON object.")
@click.option("--lang", type=LANGUAGES, default="vi", show_default=True, help="Language of findings.")
def watch_run(most: int, forever: bool, as_json: bool, lang: str) -> None:
    """Check what is due and read its new pages into the ledger.

    robots.txt and its pause are kept, at most one request in five seconds goes to a host, nothing is read twice, and no private address is
    ever reached. A round that is cut off is taken up by the next. HOPTAC_WATCH_CONTACT is told to the sites that are asked.

    \b
    Examples
      hoptac watch run --most 50
    """
    with ledger(lang):
        import time

        from django.utils import timezone

        from hoptac.watch.fetch import Fetcher
        from hoptac.watch.run import Watcher

        while True:
            fetcher = Fetcher(contact=os.environ.get("HOPTAC_WATCH_CONTACT", ""))
            done = Watcher(fetcher, now=timezone.now).run(most_pages=most)
            for finding in done.findings:
                click.echo(told(finding, lang), err=True)
            counts = {
                name: getattr(done, name)
                for name in ("checked", "found", "read", "refused", "put_off", "statements")
            }
            if as_json:
                click.echo(json.dumps(counts))
            else:
                click.echo(", ".join(f"{name.replace('_', ' ')} {count}" for name, count in counts.items()))
            if not forever:
                sys.exit(1 if done.findings else 0)
            time.sleep(60)


@main.command(context_settings=CONTEXT)
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


@main.command(context_settings=CONTEXT)
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


def start_django() -> None:
    """Load the settings and the apps; only commands that touch the ledger pay for it. Odd settings end the command: 2."""
    import django
    from django.core.exceptions import ImproperlyConfigured

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hoptac.settings")
    try:
        django.setup()
    except ImproperlyConfigured as error:
        raise click.UsageError(str(error)) from error


@contextmanager
def ledger(lang: str) -> Iterator[None]:
    """Run a command on the ledger: what the ledger refuses outright ends the command with its finding and exit code 2."""
    start_django()
    from hoptac.ledger.commands import LedgerError

    try:
        yield
    except LedgerError as error:
        click.echo(told(error.finding, lang), err=True)
        sys.exit(2)


@main.command(context_settings=CONTEXT)
@click.option("--lang", type=LANGUAGES, default="vi", show_default=True, help="Language of findings.")
def init(lang: str) -> None:
    """Make the ledger ready: its folder, its key, its tables. Doing it again changes nothing.

    The ledger is an SQLite file in the folder HOPTAC_DATA (default ./hoptac-data), or the database HOPTAC_DATABASE_URL.

    \b
    Examples
      hoptac init
      HOPTAC_DATABASE_URL=postgres://hoptac@localhost/hoptac hoptac init
    """
    with ledger(lang):
        from hoptac.ledger.commands import init_ledger

        init_ledger()
    click.echo("hoptac init: the ledger is ready")


@main.command(context_settings=CONTEXT)
@click.argument("files", nargs=-1, required=True, metavar="FILE…|-")
@click.option(
    "--speaker",
    metavar="PARTY",
    help="The party whose own papers these are: its statements count for its side.",
)
@click.option("--by", metavar="USER", help="The user who brings them.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as one JSON object.")
@click.option("--lang", type=LANGUAGES, default="vi", show_default=True, help="Language of findings.")
@assistant_options
def take(
    files: tuple[str, ...], speaker: str | None, by: str | None, as_json: bool, lang: str, **asked: Any
) -> None:
    """Read pages, keep them whole, and file what they say into the ledger.

    Each page is taken in one transaction; the same page taken twice changes nothing. What cannot be read or taken is told on
    standard error, the rest go on, and the exit code is 1.

    \b
    Examples
      hoptac take page.txt 'news/*.html'
      hoptac take report.docx --speaker "Điện Biên"
    """
    names = expand(files)
    with ledger(lang):
        from hoptac.ledger.commands import take_files

        watched = sys.stderr.isatty() and len(names) > 1
        with (
            assistant_of(asked, lang, date.today()) as reader,  # noqa: DTZ011 - the day where the page is taken
            click.progressbar(
                length=len(names), label="hoptac take", file=sys.stderr, hidden=not watched
            ) as bar,
        ):

            def each() -> Iterator[Path]:
                for name in names:
                    yield Path(name)
                    bar.update(1)

            report = take_files(
                each(), speaker=speaker, by=by, read=lambda path: pages_of(str(path)), read_page=reader
            )
    for finding in report.findings:
        click.echo(told(finding, lang), err=True)
    counts = {
        "pages": len(report.taken),
        "pages_new": report.pages_new,
        "statements_new": report.statements_new,
        "records_new": report.records_new,
        "unfiled": report.unfiled,
    }
    if as_json:
        click.echo(
            json.dumps(
                {**counts, "findings": [plain(f, lang) for f in report.findings]},
                ensure_ascii=False,
                indent=1,
            )
        )
    else:
        click.echo(", ".join(f"{name.replace('_', ' ')} {count}" for name, count in counts.items()))
    sys.exit(1 if any(f.fatal for f in report.findings) else 0)


@main.command(context_settings=CONTEXT)
@click.option("--json", "as_json", is_flag=True, help="Print the findings as one JSON list.")
@click.option("--lang", type=LANGUAGES, default="vi", show_default=True, help="Language of findings.")
def check(as_json: bool, lang: str) -> None:
    """Prove the ledger's invariants: nothing changed, nothing lost, sums rebuilt, the chain of hashes whole.

    Exit code 0: clean. 1: findings, worst first, each with its code, place and what to do.

    \b
    Examples
      hoptac check
      hoptac check --json --lang en
    """
    with ledger(lang):
        from hoptac.ledger.commands import check_ledger

        findings = check_ledger()
    if as_json:
        click.echo(json.dumps([plain(f, lang) for f in findings], ensure_ascii=False, indent=1))
    else:
        for finding in findings:
            click.echo(told(finding, lang))
        click.echo(f"hoptac check: {len(findings)} findings" if findings else "hoptac check: clean")
    sys.exit(1 if findings else 0)


def plain(finding: Finding, lang: str) -> dict[str, Any]:
    """A finding as a JSON object."""
    return {
        "code": finding.code,
        "where": finding.where,
        "values": dict(finding.values),
        "message": told(finding, lang),
    }


@main.command(context_settings=CONTEXT)
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--json", "as_json", is_flag=True, help="Print what the backup holds as one JSON object.")
@click.option("--lang", type=LANGUAGES, default="vi", show_default=True, help="Language of findings.")
def backup(file: Path, as_json: bool, lang: str) -> None:
    """Write the whole ledger, kept sources and users too, to FILE, and read it back to prove it.

    The file is the same for SQLite and PostgreSQL, and holds one moment of the ledger; the signing key is not in it. It
    holds passwords' hashes and whole pages: keep it as safe as the ledger.

    \b
    Examples
      hoptac backup hoptac-2026-11-23.tar
    """
    with ledger(lang):
        from hoptac.ledger.backup import back_up
        from hoptac.ledger.commands import require_ready

        require_ready()
        made = back_up(file, told=_table_told)
    _backup_report(made, file, as_json)


@main.command(context_settings=CONTEXT)
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option("--json", "as_json", is_flag=True, help="Print what the backup holds as one JSON object.")
@click.option("--verify", is_flag=True, help="Only prove that the file is a whole backup.")
@click.option("--lang", type=LANGUAGES, default="vi", show_default=True, help="Language of findings.")
def restore(file: Path, as_json: bool, verify: bool, lang: str) -> None:
    """Make an empty ledger what a backup holds, prove it, and keep all of it or nothing.

    \b
    Examples
      hoptac restore --verify hoptac-2026-11-23.tar
      HOPTAC_DATA=/srv/new hoptac restore hoptac-2026-11-23.tar
    """
    with ledger(lang):
        from hoptac.ledger import backup as backups

        made = backups.verify(file) if verify else backups.restore(file, told=_table_told)
    _backup_report(made, file, as_json)


def _table_told(what: str, count: int) -> None:
    if sys.stderr.isatty():
        click.echo(f"  {what} {count}", err=True)


def _backup_report(made: Any, file: Path, as_json: bool) -> None:
    report = {
        "file": str(file),
        "made_at": made.made_at.isoformat(),
        "rows": sum(made.rows.values()),
        "sources": made.sources,
        "chain": made.chain,
        "bytes": made.size,
    }
    if as_json:
        click.echo(json.dumps({**report, "tables": made.rows}, ensure_ascii=False, indent=1))
    else:
        click.echo(", ".join(f"{name.replace('_', ' ')} {value}" for name, value in report.items()))


@main.command(context_settings=CONTEXT)
@click.option("--lang", type=LANGUAGES, default="vi", show_default=True, help="Language of findings.")
def rebuild(lang: str) -> None:
    """Compute every record anew from its statements. Statements are not touched.

    \b
    Examples
      hoptac rebuild
    """
    with ledger(lang):
        from hoptac.ledger.commands import rebuild_ledger

        with click.progressbar(
            label="hoptac rebuild", file=sys.stderr, length=100, hidden=not sys.stderr.isatty()
        ) as bar:
            count = rebuild_ledger(lambda done, of: bar.update(100 * done // max(of, 1) - bar.pos))
    click.echo(f"hoptac rebuild: {count} records")


@main.command(context_settings=CONTEXT)
@click.argument("name")
@click.option(
    "--party",
    "parties",
    multiple=True,
    required=True,
    metavar="PARTY",
    help="Whom the user works for; may be given twice.",
)
@click.option(
    "--role",
    type=click.Choice(["viewer", "officer", "reviewer", "administrator"]),
    default="officer",
    show_default=True,
    help="What the user may do for them.",
)
@click.password_option(envvar="HOPTAC_PASSWORD", show_envvar=True, help="Asked for where it is not given.")
@click.option("--lang", type=LANGUAGES, default="vi", show_default=True, help="Language of findings.")
def user(name: str, parties: tuple[str, ...], role: str, password: str, lang: str) -> None:
    """Add a user NAME who works for a party in a role.

    \b
    Examples
      hoptac user hoa --party "Hà Nội" --role officer
    """
    with ledger(lang):
        from hoptac.ledger.commands import add_user

        add_user(name, password, parties, role)
    click.echo(f"hoptac user: {name} is {role} for {', '.join(parties)}")


@main.group(context_settings=CONTEXT)
def iati() -> None:
    """IATI files, the open data of aid: check what you publish or were given.

    \b
    Examples
      hoptac iati check activities.xml --lang en
    """


@iati.command("check", context_settings=CONTEXT)
@click.argument("file", metavar="FILE|-")
@click.option(
    "--standard",
    metavar="VERSION",
    help="Version of the standard to judge by, as 2.03; the file's own if left out.",
)
@click.option(
    "--on",
    type=click.DateTime(["%Y-%m-%d"]),
    help="The day that rules about the future go by; today if left out.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the report as one JSON object.")
@click.option("--lang", type=LANGUAGES, default="vi", show_default=True, help="Language of findings.")
def iati_check(file: str, standard: str | None, on: datetime | None, as_json: bool, lang: str) -> None:
    """Check an IATI file: is it XML, does it fit the schema, are its codes known, does it keep the standard's rules?

    Nothing is fetched. The schemas are the project's own; the official ones are used where HOPTAC_IATI_SCHEMAS names their
    folder (one folder a version inside). Exit code 1: there are findings.

    \b
    Examples
      hoptac iati check activities.xml
      hoptac iati check activities.xml --standard 2.03 --on 2026-11-23 --json
    """
    from hoptac.iati import Checker, Schemas
    from hoptac.lexicon import default_lexicon

    lexicon = default_lexicon()
    folder = os.environ.get("HOPTAC_IATI_SCHEMAS", "")
    if folder and not Path(folder).is_dir():
        raise click.UsageError(
            f"HOPTAC_IATI_SCHEMAS is {folder!r}; expected a folder with one folder a version"
        )
    files = (
        {f"{p.parent.name}/{p.name}": p.read_bytes() for p in Path(folder).glob("*/*.xsd")} if folder else {}
    )
    schemas = Schemas(lexicon, files)
    if standard is not None and standard not in schemas.versions("activities"):
        raise click.UsageError(
            f"--standard {standard}: expected one of {', '.join(schemas.versions('activities'))}"
        )
    day = on.date() if on else date.today()  # noqa: DTZ011 - a person's own day
    try:
        with seekable(file) as stream:
            report = Checker(lexicon, schemas).check(stream, on=day, name=file, standard=standard)
    except OSError as error:
        raise click.UsageError(f"{file}: {error.strerror}") from error
    if as_json:
        click.echo(json.dumps(report.as_json(lexicon, lang), ensure_ascii=False, indent=1))
    else:
        for finding in report.findings:
            place = f"{file}:{finding.line or '-'}"
            click.echo(
                f"{place}: {finding.severity} {finding.id}: {finding.message(lexicon, lang)} [{finding.identifier}]"
            )
        click.echo(f"hoptac iati check: {report.items} items, {len(report.findings)} findings", err=True)
    sys.exit(1 if report.findings else 0)


@contextmanager
def seekable(name: str) -> Iterator[BinaryIO]:
    """A file's bytes, or those of standard input for "-", that can be read twice."""
    if name != "-":
        with Path(name).open("rb") as stream:
            yield stream
        return
    with tempfile.TemporaryFile() as kept:
        shutil.copyfileobj(sys.stdin.buffer, kept)
        yield cast(BinaryIO, kept)


main.add_command(demo)


if __name__ == "__main__":
    main()
