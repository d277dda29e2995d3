"""Takes made pages, one after another, and says so; killed by ``test_kill.py`` wherever it happens to be.

Each line of standard input is answered by a process of its own (forked: Django is loaded once):

take N    takes pages 0 to N-1, printing a line for each
dump      prints the ledger as one line of JSON, with what its checks find
"""

from __future__ import annotations

import json
import os
import sys
import traceback
from collections.abc import Iterator
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hoptac.settings")

import django

django.setup()

from ledger_book import page  # noqa: E402

from hoptac.ledger import commands  # noqa: E402
from hoptac.ledger.commands import Taken  # noqa: E402
from hoptac.ledger.models import Filing, Record, Source, Statement  # noqa: E402
from hoptac.pages.values import Finding, Page  # noqa: E402
from hoptac.reading.values import Reading  # noqa: E402

TAKERS = ("Điện Biên", "Sơn La", "Lai Châu")


def made_page(n: int) -> tuple[Reading, Page]:
    """Page ``n``: some of its deeds are told by other pages too, with the same figure or another."""
    taker, work, year = TAKERS[n % 3], n % 7, 2010 + n % 5
    text = f"""
    person: Nguyễn Văn {chr(65 + n % 4)} | Phó Chủ tịch UBND tỉnh {taker} | {taker}
    gift: Hà Nội > {taker} | Trường Tiểu học số {work} | build | {(work + 1) * 1000000000} VND | {year} | education | done
    gift: Hà Nội > {taker} | suất quà tết đợt {n} | gift | {n + 1}00000 VND | {year} | welfare | done | count={n + 3} suất quà
    met: meeting | {year}-0{1 + n % 9}-15 | Hà Nội, {taker} | {taker}
    asked: request | Nguyễn Văn {chr(65 + n % 4)} > Hà Nội | xây thêm {n} phòng học
    """
    return page(text, name=f"trang {n}", published=f"{year}-12-01")


def take(count: int) -> None:
    readings: dict[str, Reading] = {}

    def read(path: Path) -> Iterator[Page | Finding]:
        reading, made = made_page(int(path.name))
        readings[made.sha256] = reading
        yield made

    def say(taken: Taken) -> None:
        print(taken.name, flush=True)

    try:
        commands.require_ready()
    except commands.LedgerError:
        commands.init_ledger()
    report = commands.take_files(
        [Path(str(n)) for n in range(count)],
        read=read,
        read_page=lambda p: readings[p.sha256],
        on_progress=say,
    )
    if report.findings:
        raise SystemExit(str(report.findings))


def dump() -> None:
    filed: dict[int, tuple[str, str]] = {}
    for filing in Filing.objects.select_related("record", "person").order_by("id"):
        target = str(filing.record.uid) if filing.record else filing.person.identity if filing.person else "-"
        filed[filing.statement_id] = (target, filing.reason)
    statements = [[s.key, s.kind, s.values, *filed[s.pk]] for s in Statement.objects.order_by("seq")]
    records = [
        [str(r.uid), r.title, r.values, r.standing, r.in_force] for r in Record.objects.order_by("uid")
    ]
    found = [f"{f.code} {f.where} {f.values}" for f in commands.check_ledger()]
    sources = sorted(Source.objects.values_list("sha256", flat=True))
    out = {
        "statements": statements,
        "records": records,
        "sources": sources,
        "filings": Filing.objects.count(),
        "found": found,
    }
    print(json.dumps(out, ensure_ascii=False, sort_keys=True), flush=True)


def serve() -> None:
    """Answer each line of standard input in a process of its own, which may be killed: ``take N`` or ``dump``."""
    for line in sys.stdin:
        command, *rest = line.split()
        child = os.fork()
        if child == 0:
            print(f"pid {os.getpid()}", flush=True)
            status = 1
            try:
                take(int(rest[0])) if command == "take" else dump()
                status = 0
            except BaseException:
                traceback.print_exc()
            os._exit(status)
        _, how = os.waitpid(child, 0)
        print(f"end {os.waitstatus_to_exitcode(how)}", flush=True)


if __name__ == "__main__":
    serve()
