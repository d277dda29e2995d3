"""Commands of the news watch (theo dõi tin)."""

from __future__ import annotations

import json
import os
import sys

import click

from hoptac.cli.findings import told
from hoptac.cli.ledger import ledger
from hoptac.cli.options import CONTEXT, LANGUAGES


@click.group(context_settings=CONTEXT)
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
