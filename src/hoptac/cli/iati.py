"""Commands on IATI files (tệp IATI)."""

from __future__ import annotations

import json
import os
import sys
from datetime import date, datetime
from pathlib import Path

import click

from hoptac.cli.files import seekable
from hoptac.cli.options import CONTEXT, LANGUAGES


@click.group(context_settings=CONTEXT)
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
