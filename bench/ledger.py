"""Measure the public pages over a large ledger beside plain SQL that gives the same grouped figures.

    .venv/bin/python bench/ledger.py [--contributions N] [--rounds N] [--json]

Makes a ledger of N contributions (20,000) in a SQLite file of its own, asks for each page through Django's test client (all
of the program, no network), and deletes the file. The rows are put straight into the tables of consolidated records and
figures, as ``hoptac rebuild`` would leave them; there are no statements behind them. Half of the contributions are of one
cooperation, the rest of eleven others; their places are units of all maps, drawn evenly from a fixed seed. Times are those of
the clock: what else the machine does counts. ``first`` is the first time that a process shows the page (names and places are
worked out once for each process), p50 and p95 are of the rounds after it. The SQL is the grouping that the page rests on.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import random
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

GIVERS = ("01", "79", "31")
TAKERS = ("11", "12", "14", "38", "40", "44", "66", "87", "91")
YEARS = range(1995, 2027)
LEFT_OUT = ("no_sum", "pledged", "disputed", "hedged")
PROVINCE = "11-2004-dien-bien"
GROUPED = """
    SELECT r.place_units, r.place_why, f.currency, f.exponent, f.left_out, sum(f.amount_minor), count(*)
    FROM ledger_contributionfact f JOIN ledger_record r ON r.id = f.record_id
    WHERE r.in_force > 0 {more} GROUP BY 1, 2, 3, 4, 5
"""
OF_COOPERATION = (
    "AND r.id IN (SELECT record_id FROM ledger_record_cooperations WHERE cooperation_id = {cooperation})"
)
IN_PROVINCE = "AND r.place_units IN ({units})"
ROWS = """
    SELECT r.*, f.* FROM ledger_record r LEFT JOIN ledger_contributionfact f ON r.id = f.record_id
    WHERE r.in_force > 0 {more} ORDER BY {order} LIMIT {most}
"""


def fill(count: int) -> tuple[str, int]:
    """Write the ledger; the slug and the number of its largest cooperation."""
    from hoptac.ledger.models import ContributionFact, Cooperation, Record, RecordParty
    from hoptac.ledger.parties import ensure_cooperation, ensure_party
    from hoptac.lexicon.tables import default_lexicon
    from hoptac.places.atlas import atlas
    from hoptac.places.units import PROVINCE as LEVEL
    from hoptac.reading.values import FIELDS
    from hoptac.text.fold import search_key

    drawn = random.Random(20261123)  # noqa: S311 - the same ledger every time
    places = atlas(default_lexicon())
    units = [key for key in places.ids() if places.unit(key).level > LEVEL]
    named = {
        u.code or "": u.name for u in (places.unit(k) for k in places.ids()) if u.level == LEVEL and u.code
    }
    parties = {code: ensure_party(named[code], code) for code in (*GIVERS, *TAKERS)}
    pairs = [(parties["01"], parties["11"])]
    pairs += [(parties[g], parties[t]) for g in GIVERS for t in TAKERS[1:5]][:11]
    cooperations: list[Cooperation] = [ensure_cooperation(list(pair)) for pair in pairs]
    opened = datetime(2026, 1, 1, tzinfo=UTC)
    records, facts, roles, links = [], [], [], []
    for number in range(count + count // 10):
        work = number >= count
        which = 0 if drawn.random() < 0.5 else drawn.randrange(1, len(pairs))
        giver, taker = pairs[which]
        year, field = drawn.choice(YEARS), drawn.choice(FIELDS)
        amount = drawn.randrange(1, 90_000) * 1_000_000
        unit = drawn.choice(units)
        known = drawn.random() < 0.9
        title = f"trường học số {number}"
        values: dict[str, Any] = {"what": title, "year": year, "field": field}
        if not work:
            values |= {
                "act": "build",
                "amount": {"value": str(amount), "currency": "VND", "bound": "exact"},
                "funder": [{"name": giver.name, "code": giver.code}],
                "recipient": [{"name": taker.name, "code": taker.code}],
            }
        record = Record(
            id=number + 1, kind="activity" if work else "contribution", slug=f"r-{number}", title=title,
            title_key=search_key(title), opened_at=opened, in_force=1, year=year, values=values,
            place_units=unit if known else "", place_why="" if known else "no_place", place_told="place",
        )  # fmt: skip
        records.append(record)
        links.append(Record.cooperations.through(record_id=record.pk, cooperation_id=cooperations[which].pk))
        for party, role in ((giver, "funder"), (taker, "recipient"), (giver, "side"), (taker, "side")):
            roles.append(RecordParty(record=record, party=party, role=role))
        if not work:
            why = drawn.choice(LEFT_OUT) if drawn.random() < 0.2 else ""
            facts.append(
                ContributionFact(
                    record=record,
                    amount_minor=None if why == "no_sum" else amount,
                    standing="read",
                    year=year,
                    currency=None if why == "no_sum" else "VND" if drawn.random() < 0.97 else "USD",
                    year_to=year,
                    field=field,
                    status="done",
                    act="build",
                    counted=not why,
                    left_out=why,
                    bound="exact",
                )
            )
    Record.objects.bulk_create(records, batch_size=2000)
    ContributionFact.objects.bulk_create(facts, batch_size=2000)
    RecordParty.objects.bulk_create(roles, batch_size=2000)
    Record.cooperations.through.objects.bulk_create(links, batch_size=2000)
    return cooperations[0].slug, cooperations[0].pk


def timed(work: Callable[[], object], rounds: int) -> list[float]:
    """Milliseconds of each round."""
    found = []
    for _ in range(rounds):
        began = time.perf_counter()
        work()
        found.append((time.perf_counter() - began) * 1000)
    return found


def share(times: Sequence[float], part: float) -> float:
    """The time within which so large a part of the rounds is done."""
    ordered = sorted(times)
    return ordered[min(len(ordered) - 1, max(0, -(-int(part * 100) * len(ordered) // 100) - 1))]


def measure(file: Path, count: int, rounds: int) -> list[dict[str, Any]]:
    from django.test import Client

    from hoptac.ledger.located import in_unit
    from hoptac.ledger.models import Record
    from hoptac.screens.grounds import unit_of_slug

    slug, key = fill(count)
    unit = unit_of_slug(PROVINCE)
    if unit is None:
        raise LookupError(PROVINCE)
    ids = in_unit(Record.objects.live(), unit).order_by().values_list("place_units", flat=True).distinct()
    units = ", ".join(f"'{one}'" for one in ids)
    own, inside = OF_COOPERATION.format(cooperation=key), IN_PROVINCE.format(units=units)
    first = {"order": "r.year DESC, r.title_key, r.id", "most": 25}
    sums = {"order": "f.amount_minor DESC, r.year DESC, r.title_key", "most": 100}
    pages = {
        "home": ("/", GROUPED.format(more="")),
        "home, map of 63": ("/?map=63", GROUPED.format(more="")),
        "cooperation": (f"/cooperations/{slug}/", GROUPED.format(more=own)),
        "places": ("/places/", GROUPED.format(more="")),
        "places, communes": ("/places/?level=commune", GROUPED.format(more="")),
        "place": (f"/places/{PROVINCE}/", GROUPED.format(more=inside)),
        "records": ("/records/", ROWS.format(more="", **first)),
        "records of a place": (f"/records/?place={PROVINCE}", ROWS.format(more=inside, **first)),
        "sum": (f"/cooperations/{slug}/sum/", ROWS.format(more=own, **sums)),
        "sum of a year": (
            f"/cooperations/{slug}/sum/?by=year&group=2020",
            ROWS.format(more=f"{own} AND f.year = 2020", **sums),
        ),
    }
    client = Client(headers={"host": "localhost"})
    found = []
    plain = sqlite3.connect(file)
    for name, (address, query) in pages.items():

        def ask(address: str = address) -> None:
            answer = client.get(address)
            if answer.status_code != 200:
                raise LookupError(f"{address}: found {answer.status_code}, expected 200")

        def raw(query: str = query) -> None:
            plain.execute(query).fetchall()

        [cold] = timed(ask, 1)
        warm = timed(ask, rounds)
        beside = timed(raw, rounds)
        row = {"page": name, "address": address, "first": cold}
        row |= {"p50": share(warm, 0.5), "p95": share(warm, 0.95)}
        found.append(row | {"sql_p50": share(beside, 0.5), "sql_p95": share(beside, 0.95)})
    plain.close()
    return found


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--contributions", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    if asked.contributions < 1 or asked.rounds < 1:
        parser.error("--contributions and --rounds: expected 1 or more")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "ledger.sqlite3"
        os.environ["HOPTAC_DATA"] = folder
        os.environ["HOPTAC_DATABASE_URL"] = f"sqlite:///{file}"
        os.environ["DJANGO_SETTINGS_MODULE"] = "hoptac.settings"
        import django

        django.setup()
        from django.core.management import call_command
        from django.db import connection

        call_command("migrate", verbosity=0)
        rows = measure(file, asked.contributions, asked.rounds)
        connection.close()
    about = {
        "contributions": asked.contributions,
        "rounds": asked.rounds,
        "python": platform.python_version(),
        "machine": platform.machine(),
    }
    if asked.json:
        print(json.dumps(about | {"unit": "ms", "pages": rows}, ensure_ascii=False, indent=1))
        return 0
    print(", ".join(f"{name} {value}" for name, value in about.items()) + "; ms")
    print(f"{'page':20} {'first':>8} {'p50':>8} {'p95':>8} {'SQL p50':>8} {'SQL p95':>8}")
    for row in rows:
        figures = " ".join(f"{row[k]:8.0f}" for k in ("first", "p50", "p95", "sql_p50", "sql_p95"))
        print(f"{row['page']:20} {figures}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
