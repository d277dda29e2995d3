"""Measure how long it takes to propose records for a statement in a large ledger, beside the raw SQL of the same keys.

    .venv/bin/python bench/filing.py [--contributions N] [--asked N] [--json]

Makes a ledger of N contributions (20,000), each with its statement, filing and keys, in a SQLite file of its own; half of them
are of one giver and receiver. Then asks for proposals for statements that tell some of them again (rounded, in other words),
each with a shelf of its own, as the inbox's page of one statement does. ``found``: how often the record is proposed first.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import random
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

WORKS = ("Trường Tiểu học", "Trường Mầm non", "Trường THCS", "Trạm y tế", "Nhà văn hóa", "Cầu", "Chợ")
GIFTS = (
    "quà tặng hộ nghèo",
    "quà tặng gia đình chính sách",
    "bò giống sinh sản",
    "thiết bị dạy học",
    "học bổng",
)
TAKERS = ("11", "12", "14", "38", "40", "44", "66", "87", "91")
BATCH = 2000
AT = datetime(2026, 1, 1, tzinfo=UTC)


def told(drawn: random.Random, places: Sequence[str], sides: Sequence[Any], n: int) -> dict[str, Any]:
    """The values of one contribution: a named work or a gift, half of them between the first two sides."""
    giver, taker = (sides[0], sides[1]) if n % 2 else (sides[0], drawn.choice(sides[2:]))
    year = drawn.randrange(1995, 2027)
    values: dict[str, Any] = {
        "funder": [{"name": giver.name, "code": giver.code}],
        "recipient": [{"name": taker.name, "code": taker.code}],
        "year": year,
        "status": "done",
    }
    if n % 3:
        what = f"{drawn.choice(WORKS)} {drawn.choice(places)}"
        amount = drawn.randrange(300, 90_000) * 1_000_000
        return values | {"what": what, "act": "build", "field": "education", "amount": sum_of(amount)}
    count = drawn.choice((20, 30, 50, 100, 200, 170, 35))
    return values | {
        "what": drawn.choice(GIFTS), "act": "gift", "field": "welfare", "quantity": {"value": str(count), "unit": "suất"},
        "amount": sum_of(drawn.randrange(10, 900) * 1_000_000), "place": {"name": f"xã {drawn.choice(places)}"},
    }  # fmt: skip


def sum_of(amount: int) -> dict[str, str]:
    return {"value": str(amount), "currency": "VND", "bound": "exact"}


def fill(count: int) -> list[dict[str, Any]]:
    """Write the ledger; gives the values told."""
    from django.contrib.auth.models import User

    from hoptac.ledger.blocking import Sides, record_keys
    from hoptac.ledger.canonical import uid_of
    from hoptac.ledger.models import Filing, Record, RecordKey, RecordParty, Statement
    from hoptac.ledger.parties import ensure_party
    from hoptac.lexicon.tables import default_lexicon
    from hoptac.places.atlas import atlas

    drawn = random.Random(20261123)  # noqa: S311 - the same ledger every time
    places = atlas(default_lexicon())
    units = [places.unit(key) for key in places.ids()]
    named = {u.code: u.name for u in units if u.level == 1 and u.code}
    sides = [ensure_party(named[code], code) for code in ("01", *TAKERS)]
    communes = sorted({u.name for u in units if u.level == 3})
    signer = User.objects.create(username="bench")
    out = []
    for at in range(0, count, BATCH):
        records, statements, filings, keys, roles = [], [], [], [], []
        for n in range(at, min(at + BATCH, count)):
            values = told(drawn, communes, sides, n)
            out.append(values)
            records.append(
                Record(id=n + 1, kind="contribution", slug=f"r-{n}", title=values["what"], opened_at=AT,
                       in_force=1, year=values["year"], values=values)
            )  # fmt: skip
            statements.append(
                Statement(seq=n + 1, uid=uid_of(f"bench {n}"), kind="contribution", signer=signer, reason="bench",
                          values=values, made_at=AT, key=f"{n:064d}", prev_hash="", hash=f"{n:064d}")
            )  # fmt: skip
            filings.append(Filing(statement_id=n + 1, record_id=n + 1, reason="new", made_at=AT))
            who = {p.name: p for p in sides}
            giver, taker = who[values["funder"][0]["name"]], who[values["recipient"][0]["name"]]
            blocks = Sides((taker.identity,), (giver.identity,), (giver.identity, taker.identity))
            keys += [RecordKey(record_id=n + 1, key=k) for k in record_keys("contribution", values, blocks)]
            roles += [RecordParty(record_id=n + 1, party=p, role="side") for p in (giver, taker)]
        Record.objects.bulk_create(records)
        Statement.objects.bulk_create(statements)
        Filing.objects.bulk_create(filings)
        RecordParty.objects.bulk_create(roles)
        RecordKey.objects.bulk_create(keys, batch_size=5000)
    return out


def again(drawn: random.Random, values: dict[str, Any]) -> dict[str, Any]:
    """The same contribution told by another paper: other words around it, the sum cut to two figures where it has more."""
    amount = values["amount"]["value"]
    rough = amount[:2] + "0" * (len(amount) - 2) if drawn.random() < 0.5 else amount
    return values | {"what": f"hỗ trợ xây dựng {values['what']}", "amount": sum_of(int(rough))}


def share(times: Sequence[float], part: float) -> float:
    ordered = sorted(times)
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))]


def measure(count: int, asked: int) -> dict[str, Any]:
    from hoptac.ledger.blocking import asked_keys
    from hoptac.ledger.filing import Shelf, concerned, shared_keys, suggest
    from hoptac.ledger.models import RecordKey, Statement

    began = time.perf_counter()
    known = fill(count)
    print(f"bench: ledger made in {time.perf_counter() - began:.0f} s", file=sys.stderr)
    drawn = random.Random(7)  # noqa: S311 - the same questions every time
    times, raw, first, near = [], [], 0, 0
    for n in drawn.sample(range(count), asked):
        values = again(drawn, known[n])
        statement = Statement(seq=0, uid=uuid4(), kind="contribution", values=values)
        began = time.perf_counter()
        found = suggest(statement, shelf=Shelf())
        times.append((time.perf_counter() - began) * 1000)
        ids = [s.record.pk for s in found]
        first += ids[:1] == [n + 1]
        near += n + 1 in ids
        keys = asked_keys("contribution", values, concerned("contribution", values).blocks)
        began = time.perf_counter()
        shared_keys(keys)
        raw.append((time.perf_counter() - began) * 1000)
    return {
        "contributions": count,
        "keys": RecordKey.objects.count(),
        "asked": asked,
        "first ms": round(times[0], 1),
        "p50 ms": round(share(times[1:], 0.5), 1),
        "p95 ms": round(share(times[1:], 0.95), 1),
        "keys alone p50 ms": round(share(raw[1:], 0.5), 1),
        "keys alone p95 ms": round(share(raw[1:], 0.95), 1),
        "found first": round(first / asked, 3),
        "found": round(near / asked, 3),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--contributions", type=int, default=20_000)
    parser.add_argument("--asked", type=int, default=200)
    parser.add_argument("--json", action="store_true", help="print JSON")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["HOPTAC_DATA"] = folder
        os.environ.pop("HOPTAC_DATABASE_URL", None)
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hoptac.settings")
        import django

        django.setup()
        from hoptac.ledger.commands import init_ledger

        init_ledger()
        found = measure(arguments.contributions, arguments.asked)
        found["machine"] = f"{platform.system()} {platform.machine()}, Python {platform.python_version()}"
        found["file MB"] = round(Path(folder, "ledger.sqlite3").stat().st_size / 1e6)
    print(
        json.dumps(found, indent=1) if arguments.json else "\n".join(f"{k:<20} {v}" for k, v in found.items())
    )


if __name__ == "__main__":
    main()
