"""Commands on the ledger (sổ cái)."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import click

from hoptac.cli.files import expand, pages_of
from hoptac.cli.findings import plain, told
from hoptac.cli.options import CONTEXT, LANGUAGES, assistant_of, assistant_options


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


@click.command(context_settings=CONTEXT)
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


@click.command(context_settings=CONTEXT)
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
    standard error, the rest go on, and the exit code is 1. IATI files are taken as by "hoptac iati take".

    \b
    Examples
      hoptac take page.txt 'news/*.html'
      hoptac take report.docx --speaker "Điện Biên"
    """
    from hoptac.cli.iati import iati_counts, iati_names
    from hoptac.cli.iati import take_files as take_iati_files

    names = expand(files)
    data = iati_names(names)
    names = [name for name in names if name not in data]
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
    taken = take_iati_files(tuple(data), by, lang) if data else []
    counts = {
        "pages": len(report.taken) + sum(r.activities for r in taken),
        "pages_new": report.pages_new + sum(r.activities_new for r in taken),
        "statements_new": report.statements_new + sum(r.statements_new for r in taken),
        "records_new": report.records_new + sum(r.records_new for r in taken),
        "unfiled": report.unfiled + sum(r.unfiled for r in taken),
    }
    if as_json:
        iati = {"iati": [iati_counts(r, lang) for r in taken]} if taken else {}
        click.echo(
            json.dumps(
                {**counts, "findings": [plain(f, lang) for f in report.findings], **iati},
                ensure_ascii=False,
                indent=1,
            )
        )
    else:
        click.echo(", ".join(f"{name.replace('_', ' ')} {count}" for name, count in counts.items()))
    sys.exit(1 if any(f.fatal for f in report.findings) or any(r.findings for r in taken) else 0)


@click.command(context_settings=CONTEXT)
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
        from hoptac.newsroom.check import check_newsroom
        from hoptac.review.check import check_reviews

        findings = [*check_ledger(), *check_reviews(), *check_newsroom()]
    if as_json:
        click.echo(json.dumps([plain(f, lang) for f in findings], ensure_ascii=False, indent=1))
    else:
        for finding in findings:
            click.echo(told(finding, lang))
        click.echo(f"hoptac check: {len(findings)} findings" if findings else "hoptac check: clean")
    sys.exit(1 if findings else 0)


@click.command(context_settings=CONTEXT)
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


@click.command(context_settings=CONTEXT)
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


@click.command(context_settings=CONTEXT)
@click.option("--lang", type=LANGUAGES, default="vi", show_default=True, help="Language of findings.")
def rebuild(lang: str) -> None:
    """Compute every record anew from its statements, and the index of the public search. Statements are not touched.

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
        from hoptac.portal.indexing import make_index

        make_index()
    click.echo(f"hoptac rebuild: {count} records")


@click.command(context_settings=CONTEXT)
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
