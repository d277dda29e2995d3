"""The command that writes to officers (nhắc việc)."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict

import click

from hoptac.cli.ledger import ledger
from hoptac.cli.options import CONTEXT, LANGUAGES

OUTCOMES = ("sent", "known", "nothing_new", "failed")


@click.command(context_settings=CONTEXT)
@click.option("--on", metavar="DAY", help="The day for which to write, as 2026-11-23; today if not given.")
@click.option(
    "--within",
    type=click.IntRange(0, 366),
    default=14,
    show_default=True,
    help="Days before a due day from which it is told.",
)
@click.option("--dry-run", is_flag=True, help="Print the letters; send none, and note nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print what was done as one JSON list.")
@click.option(
    "--lang", type=LANGUAGES, default="vi", show_default=True, help="Language of letters and findings."
)
def remind(on: str | None, within: int, dry_run: bool, as_json: bool, lang: str) -> None:
    """Write to each officer whose side has something to see to: once a day at most, for a timer such as cron.

    Letters go out by HOPTAC_EMAIL_URL (the console where it is not set). Running it again on the same day sends nothing twice.
    Exit code 1 where a letter could not be sent.

    \b
    Examples
      hoptac remind --dry-run
      HOPTAC_EMAIL_URL=smtp+tls://user:password@mail.example.vn:587 hoptac remind
    """
    from datetime import date

    try:
        day = date.fromisoformat(on) if on else None
    except ValueError as error:
        raise click.UsageError(f"--on: {on!r} is no day; write it as 2026-11-23") from error
    with ledger(lang):
        from django.utils import timezone

        from hoptac.accounts.reminders import remind as send
        from hoptac.ledger.commands import require_ready

        require_ready()
        done = list(send(day or timezone.localdate(), within=within, language=lang, dry_run=dry_run))
    if as_json:
        click.echo(json.dumps([asdict(one) for one in done], ensure_ascii=False, indent=1))
    else:
        for one in done:
            if one.text:
                click.echo(f"--- {one.user}\n{one.text}")
            elif one.outcome == "failed":
                click.echo(f"hoptac remind: {one.user}: {one.reason}", err=True)
        counts = {name: sum(one.outcome == name for one in done) for name in OUTCOMES}
        if dry_run:
            counts = {"would_send": sum(one.outcome == "would_send" for one in done)}
        click.echo(", ".join(f"{name.replace('_', ' ')} {count}" for name, count in counts.items()))
    sys.exit(1 if any(one.outcome == "failed" for one in done) else 0)
