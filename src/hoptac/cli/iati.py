"""Commands on IATI files (tệp IATI)."""

from __future__ import annotations

import json
import os
import sys
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hoptac.cli.files import seekable
from hoptac.cli.ledger import ledger
from hoptac.cli.options import CONTEXT, LANGUAGES

if TYPE_CHECKING:
    from hoptac.exchange.take import IatiReport


@click.group(context_settings=CONTEXT)
def iati() -> None:
    """IATI files, the open data of aid: check, read, take into the ledger, write out of it.

    \b
    Examples
      hoptac iati check activities.xml --lang en
      hoptac iati take partner.xml
      hoptac iati write "Hà Nội" --to out/
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


@iati.command("read", context_settings=CONTEXT)
@click.argument("file", metavar="FILE|-")
@click.option(
    "--loss", is_flag=True, help="Print only what the values do not carry, by path, as one JSON object."
)
@click.option("--lang", type=LANGUAGES, default="vi", show_default=True, help="Language of findings.")
def iati_read(file: str, loss: bool, lang: str) -> None:
    """Read an IATI file of any version: one JSON object a line for each activity, as version 2.03 has it.

    Codes of version 1 become those of version 2; sums stay as stated. What is broken is told on standard error with its
    line, the good activities go on, and the exit code is 1.

    \b
    Examples
      hoptac iati read partner.xml
      hoptac iati read old-1.01.xml --loss
    """
    from hoptac.iati import Reading
    from hoptac.iati.plain import plain
    from hoptac.lexicon import default_lexicon

    lexicon = default_lexicon()
    try:
        with seekable(file) as stream:
            reading = Reading(stream, lexicon)
            for activity, origin in reading:
                if not loss:
                    click.echo(json.dumps({"line": origin.line, **plain(activity)}, ensure_ascii=False))
    except OSError as error:
        raise click.UsageError(f"{file}: {error.strerror}") from error
    if loss:
        click.echo(json.dumps(dict(sorted(reading.loss.items())), ensure_ascii=False, indent=1))
    for finding in reading.findings:
        click.echo(
            f"{file}:{finding.line or '-'}: {finding.id}: {finding.message(lexicon, lang)} [{finding.identifier}]",
            err=True,
        )
    sys.exit(1 if reading.findings else 0)


@iati.command("take", context_settings=CONTEXT)
@click.argument("files", nargs=-1, required=True, metavar="FILE…")
@click.option("--by", metavar="USER", help="The user who brings them.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as one JSON list.")
@click.option("--lang", type=LANGUAGES, default="vi", show_default=True, help="Language of findings.")
def iati_take(files: tuple[str, ...], by: str | None, as_json: bool, lang: str) -> None:
    """Take IATI files into the ledger: what each activity says becomes statements of the organisation that reports it.

    Each activity's own XML is kept. Taking a file twice changes nothing; a later file takes the place of an earlier one. What
    becomes no statement is counted by path. Exit code 1: something was broken or refused.

    \b
    Examples
      hoptac iati take partner.xml
    """
    reports = take_files(files, by, lang)
    if as_json:
        click.echo(json.dumps([iati_counts(r, lang) for r in reports], ensure_ascii=False, indent=1))
    else:
        for report in reports:
            counts = iati_counts(report, lang)
            told = ", ".join(f"{k.replace('_', ' ')} {v}" for k, v in counts.items() if isinstance(v, int))
            click.echo(f"{report.name}: {told}")
            for path, count in sorted(report.loss.items()):
                click.echo(f"  {count:>7}  {path}")
    sys.exit(1 if any(r.findings for r in reports) else 0)


def iati_names(names: list[str]) -> list[str]:
    """Those of some files that are IATI's activities, by their bytes; only .xml files are looked into."""
    from hoptac.iati.stream import Head, read_head

    out = []
    for name in names:
        if name.lower().endswith(".xml") and Path(name).is_file():
            with Path(name).open("rb") as stream:
                head = read_head(stream)
            if isinstance(head, Head) and head.kind == "activities":
                out.append(name)
    return out


def take_files(files: tuple[str, ...], by: str | None, lang: str) -> list[IatiReport]:
    """Take IATI files, telling what is broken or put aside on standard error."""
    reports = []
    with ledger(lang):
        from django.contrib.auth.models import User

        from hoptac.exchange.take import take_iati
        from hoptac.ledger.commands import require_ready
        from hoptac.lexicon import default_lexicon

        require_ready()
        lexicon = default_lexicon()
        user = User.objects.filter(username=by).first() if by else None
        if by and user is None:
            raise click.UsageError(f"--by {by}: no such user")
        for file in files:
            try:
                with seekable(file) as stream:
                    report = take_iati(stream, name=Path(file).name, by=user)
            except OSError as error:
                raise click.UsageError(f"{file}: {error.strerror}") from error
            for finding in report.findings:
                click.echo(
                    f"{file}:{finding.line or '-'}: {finding.id}: {finding.message(lexicon, lang)}"
                    f" [{finding.identifier}]",
                    err=True,
                )
            for note in report.notes:
                click.echo(f"{file}: {note.code} {note.message(lang)}", err=True)
            reports.append(report)
    return reports


def iati_counts(report: IatiReport, lang: str) -> dict[str, Any]:
    """A report as a JSON object."""
    return {
        "file": report.name,
        "activities": report.activities,
        "activities_new": report.activities_new,
        "activities_known": report.activities_known,
        "statements_new": report.statements_new,
        "statements_superseded": report.statements_superseded,
        "records_new": report.records_new,
        "unfiled": report.unfiled,
        "findings": [{"id": f.id, "line": f.line, "identifier": f.identifier} for f in report.findings],
        "notes": [note.as_json(lang) for note in report.notes],
        "loss": dict(sorted(report.loss.items())),
    }


@iati.command("publisher", context_settings=CONTEXT)
@click.argument("name", required=False)
@click.option("--ref", help="Its organisation identifier, as VN-TIN-0100100100; the files begin with it.")
@click.option(
    "--type", "type_", metavar="CODE", help="Its type by the list OrganisationType; 11 for a locality."
)
@click.option("--lang", type=LANGUAGES, default="vi", show_default=True, help="Language of findings.")
def iati_publisher(name: str | None, ref: str | None, type_: str | None, lang: str) -> None:
    """Let the party NAME publish under the reference REF; without NAME list who publishes.

    Identifiers once given to activities stay, also where the reference changes; files then name the former one.

    \b
    Examples
      hoptac iati publisher "Hà Nội" --ref VN-TIN-0100100100
      hoptac iati publisher
    """
    with ledger(lang):
        from hoptac.exchange.models import Publisher
        from hoptac.exchange.publish import add_publisher
        from hoptac.ledger.commands import require_ready

        require_ready()
        if name is None:
            for one in Publisher.objects.select_related("party"):
                click.echo(f"{one.ref}\t{one.type}\t{one.party.name}")
            return
        if not ref:
            raise click.UsageError("--ref REF is needed: the files begin with it")
        made = _refused(lang, lambda: add_publisher(name, ref, type_=type_))
    click.echo(f"hoptac iati publisher: {made.party.name} publishes as {made.ref}")


@iati.command("write", context_settings=CONTEXT)
@click.argument("names", nargs=-1, metavar="[NAME…]")
@click.option(
    "--to",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder for the files; without it they are only made ready for the public page.",
)
@click.option("--json", "as_json", is_flag=True, help="Print what was made as one JSON list.")
@click.option("--lang", type=LANGUAGES, default="vi", show_default=True, help="Language of findings.")
def iati_write(names: tuple[str, ...], folder: Path | None, as_json: bool, lang: str) -> None:
    """Write the IATI 2.03 files of the publishers NAME, or of all: activities and organisation.

    Only what changed since the last time is made anew; the rest stays the same byte for byte. Every activity is checked first:
    one with an error is held back and told, and the exit code is 1.

    \b
    Examples
      hoptac iati write --to out/
      hoptac iati write "Hà Nội" --json
    """
    out: list[dict[str, Any]] = []
    with ledger(lang):
        from hoptac.exchange.models import Publisher
        from hoptac.exchange.publish import files_of, organisation_file, publisher_named, refresh, write_file
        from hoptac.ledger.commands import require_ready

        require_ready()
        publishers = (
            [_refused(lang, lambda n=n: publisher_named(n)) for n in names]
            if names
            else list(Publisher.objects.select_related("party"))
        )
        for publisher in publishers:
            done = refresh(publisher)
            held = list(publisher.activities.filter(state="held").values("identifier", "findings"))
            for one in held:
                for finding in one["findings"]:
                    if finding["severity"] in ("critical", "error"):
                        click.echo(f"{one['identifier']}: {finding['id']} {finding[lang]}", err=True)
            files = []
            if folder is not None:
                folder.mkdir(parents=True, exist_ok=True)
                for file in files_of(publisher):
                    with (folder / file.name).open("wb") as stream:
                        for piece in write_file(publisher, file):
                            stream.write(piece)
                    files.append(str(folder / file.name))
                name, data = organisation_file(publisher)
                (folder / name).write_bytes(data)
                files.append(str(folder / name))
            out.append(
                {
                    "publisher": publisher.party.name,
                    "ref": publisher.ref,
                    "activities": publisher.activities.filter(state="out").count(),
                    "changed": done.changed,
                    "held": len(held),
                    "files": files,
                }
            )
    if as_json:
        click.echo(json.dumps(out, ensure_ascii=False, indent=1))
    else:
        for row in out:
            click.echo(
                f"{row['publisher']} ({row['ref']}): activities {row['activities']}, changed {row['changed']},"
                f" held back {row['held']}"
            )
            for name in row["files"]:
                click.echo(f"  {name}")
    sys.exit(1 if any(row["held"] for row in out) else 0)


def _refused(lang: str, act: Any) -> Any:
    """What ``act`` gives; where the exchange refuses, its words and exit code 2."""
    from hoptac.exchange.findings import ExchangeError

    try:
        return act()
    except ExchangeError as error:
        click.echo(f"{error.note.code} {error.note.message(lang)}", err=True)
        sys.exit(2)
