"""The command that writes the public site into a folder (bản tĩnh của cổng công khai)."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from hoptac.cli.ledger import ledger
from hoptac.cli.options import CONTEXT, LANGUAGES


@click.command(context_settings=CONTEXT)
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option(
    "--live",
    metavar="ADDRESS",
    default="",
    help="Address of the running site, for search, filters and forms.",
)
@click.option(
    "--most", type=click.IntRange(1), default=200_000, show_default=True, help="Most addresses to write."
)
@click.option("--json", "as_json", is_flag=True, help="Print what was written as one JSON object.")
@click.option("--lang", type=LANGUAGES, default="vi", show_default=True, help="Language of findings.")
def site(folder: Path, live: str, most: int, as_json: bool, lang: str) -> None:
    """Write the whole public site into FOLDER, in both languages, to be shown by any file server.

    The folder is made anew each time; one that `hoptac site` did not write, and that is not empty, is left alone. Exit code 1:
    an address gave no page.

    \b
    Examples
      hoptac site public
      hoptac site public --live https://hoptac.example.vn
    """
    if live and not live.startswith(("http://", "https://")):
        raise click.UsageError("--live: an address such as https://hoptac.example.vn")
    with ledger(lang):
        from hoptac.ledger.commands import LedgerError, require_ready
        from hoptac.portal.folder import FolderError, write_site

        require_ready()

        def told(done: int) -> None:
            if sys.stderr.isatty():
                click.echo(f"\rhoptac site: {done} pages", nl=False, err=True)

        try:
            written = write_site(folder, live=live, most=most, told=told)
        except FolderError as error:
            raise LedgerError("S01", str(folder), found=str(error)) from None
    if as_json:
        failed = [{"address": address, "status": status} for address, status in written.failed]
        told_all = {"pages": written.pages, "files": written.files, "bytes": written.bytes, "failed": failed}
        click.echo(json.dumps(told_all, ensure_ascii=False, indent=1))
    else:
        for address, status in written.failed:
            click.echo(f"hoptac site: {status} {address}", err=True)
        click.echo(
            f"hoptac site: {written.pages} pages, {written.files} files, {written.bytes / 1e6:.1f} MB in {folder}"
        )
    sys.exit(1 if written.failed else 0)
