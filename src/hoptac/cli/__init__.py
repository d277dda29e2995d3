"""The command ``hoptac`` (dòng lệnh).

Exit codes: 0 clean, 1 there are findings, 2 the command was misused. Output goes to standard output; progress and findings to
standard error, so that output can be piped.
"""

from __future__ import annotations

import click

from hoptac import __version__
from hoptac.cli.exchange import export_ledger, import_ledger
from hoptac.cli.iati import iati
from hoptac.cli.ledger import backup, check, init, rebuild, restore, take, user
from hoptac.cli.options import CONTEXT
from hoptac.cli.reading import crawl, places, read
from hoptac.cli.remind import remind
from hoptac.cli.review import review
from hoptac.cli.site import site
from hoptac.cli.watch import watch
from hoptac.demo import demo


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


for command in (
    read,
    take,
    check,
    places,
    watch,
    crawl,
    iati,
    export_ledger,
    import_ledger,
    init,
    rebuild,
    review,
    backup,
    restore,
    user,
    remind,
    site,
    demo,
):
    main.add_command(command)
