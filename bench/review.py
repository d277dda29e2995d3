"""How long a review of 2,000 contributions takes in each form, and what 50 reviews asked for at once do (đo bản kiểm điểm).

    python bench/review.py                  2,000 contributions, 50 reviews at once
    python bench/review.py --rows 200 --at-once 10 --json

The ledger is made in a SQLite file of its own, each contribution with one statement and its filing. Times are those of the
clock, in one process; the papers of the second table are asked for by as many threads at once, each for a review of its own,
and go through the same seats as on the desk. Memory is the peak of the process.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import sys
import tempfile
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hoptac.ledger.models import Cooperation
    from hoptac.review.models import Review

WHEN = datetime(2024, 11, 20, tzinfo=UTC)
SEED = 11
LEAST_BYTES = 10_000  # of a paper that is one
FIELDS = ("education", "health", "welfare", "culture", "transport", "agriculture", "environment", "economy")
THINGS = (
    "Trường Tiểu học",
    "Trường Mầm non",
    "Trạm y tế",
    "Nhà văn hóa",
    "Đường liên bản",
    "Bể nước",
    "Cầu treo",
)


def make_ledger(rows: int) -> tuple[Cooperation, Any]:
    """A ledger of so many contributions from Hà Nội to communes of Điện Biên; gives the cooperation and an officer."""
    import django

    django.setup()
    from django.contrib.auth.models import User
    from django.db import transaction

    from hoptac.ledger.commands import init_ledger
    from hoptac.ledger.models import (
        ContributionFact,
        Cooperation,
        Filing,
        Membership,
        Record,
        RecordParty,
        Statement,
    )
    from hoptac.ledger.parties import ensure_cooperation, ensure_party
    from hoptac.lexicon.tables import default_lexicon
    from hoptac.places.atlas import atlas
    from hoptac.text.fold import search_key

    init_ledger()
    draw = random.Random(SEED)  # noqa: S311 - not for secrets
    giver, taker = ensure_party("Hà Nội", "01"), ensure_party("Điện Biên", "11")
    user = User.objects.create_user("bench")
    Membership.objects.create(user=user, party=giver, role="officer")
    cooperation = ensure_cooperation([giver, taker])
    places = atlas(default_lexicon())
    province = places.form_on("11", WHEN.date())
    communes = [c for d in places.children(province) for c in places.children(d)] if province else []
    statements, records, filings, roles, facts, members = [], [], [], [], [], []
    for n in range(1, rows + 1):
        value = draw.randrange(50, 90_000) * 1_000_000
        year, field = draw.randrange(2004, 2025), draw.choice(FIELDS)
        standing = draw.choice(("read", "one_side", "both_sides", "disputed"))
        status = draw.choice(("done", "done", "done", "ongoing", "pledged"))
        what = f"{draw.choice(THINGS)} số {n}"
        unit = draw.choice(communes).id if communes else ""
        values = {
            "funder": [{"name": "Hà Nội", "code": "01"}], "recipient": [{"name": "Điện Biên", "code": "11"}], "what": what,
            "act": "build", "amount": {"value": str(value), "currency": "VND", "bound": "exact"}, "year": year, "field": field,
            "status": status,
        }  # fmt: skip
        uid, key = uuid.UUID(int=draw.getrandbits(128)), f"{n:064d}"
        statements.append(
            Statement(seq=n, uid=uid, kind="contribution", speaker=giver, signer=user, reason="công văn", values=values,
                      made_at=WHEN, key=key, prev_hash="", hash=key)
        )  # fmt: skip
        fields = {
            name: {"value": v, "standing": standing, "says": [str(uid)], "near": [], "otherwise": []}
            for name, v in values.items()
        }
        records.append(
            Record(pk=n, uid=uuid.UUID(int=draw.getrandbits(128)), kind="contribution", slug=f"khoan-{n}", title=what,
                   title_key=search_key(what), opened_at=WHEN, values=values, fields=fields, standing=standing, in_force=1,
                   year=year, place_units=unit)
        )  # fmt: skip
        filings.append(Filing(statement_id=n, record_id=n, reason="new", made_at=WHEN))
        roles += [
            RecordParty(record_id=n, party=p, role=role)
            for p, role in ((giver, "giver"), (taker, "taker"), (giver, "side"), (taker, "side"))
        ]
        left_out = "pledged" if status == "pledged" else "disputed" if standing == "disputed" else ""
        facts.append(
            ContributionFact(record_id=n, amount_minor=value, currency="VND", bound="exact", year=year, year_to=year, field=field,
                             status=status, act="build", standing=standing, left_out=left_out, counted=not left_out)
        )  # fmt: skip
        members.append(Record.cooperations.through(record_id=n, cooperation_id=cooperation.pk))
    with transaction.atomic():
        tables: tuple[tuple[Any, list[Any]], ...] = (
            (Statement, statements),
            (Record, records),
            (Filing, filings),
            (RecordParty, roles),
            (ContributionFact, facts),
            (Record.cooperations.through, members),
        )
        for model, made in tables:
            model._default_manager.bulk_create(made, batch_size=500)
    return Cooperation.objects.get(pk=cooperation.pk), user


class Clock:
    """Times by name in seconds, of the clock and of the processor: on a busy machine the second is the fairer."""

    def __init__(self) -> None:
        self.times: dict[str, float] = {}
        self.work: dict[str, float] = {}

    def __call__(self, name: str, work: Any) -> Any:
        began, worked = time.perf_counter(), time.process_time()
        made = work()
        self.times[name], self.work[name] = time.perf_counter() - began, time.process_time() - worked
        print(
            f"  {name:<28} {self.times[name]:8.2f} s {self.work[name]:8.2f} s of the processor",
            file=sys.stderr,
        )
        return made


def one_review(cooperation: Cooperation, user: Any, clock: Clock) -> dict[str, int]:
    """Each step of one review; gives the sizes of its papers in bytes."""
    from hoptac.review import flow
    from hoptac.review.check import check_snapshot
    from hoptac.review.press import PAPERS, load, make_paper

    side = cooperation.localities.order_by("code")[0]
    review, _new = clock(
        "snapshot", lambda: flow.open_review(cooperation, 2004, 2024, side=side, by=user, at=WHEN)
    )
    loaded = clock("read the snapshot", lambda: load(review))
    clock("put together", lambda: loaded.document("vi", "63"))
    sizes = {}
    for name in PAPERS:
        made = clock(name, lambda name=name: make_paper(loaded, name, side=side, language="vi", units="63"))
        sizes[name] = len(made)
    clock("rebuilt from statements", lambda: list(check_snapshot(flow.latest_snapshot(review))))
    return sizes


def many_reviews(cooperation: Cooperation, user: Any, count: int) -> dict[str, float]:
    """So many reviews, each asked for by a thread of its own at the same moment: Word and PDF."""
    from hoptac.review import flow
    from hoptac.review.press import Busy, load, make_paper, seat

    side = cooperation.localities.order_by("code")[0]
    reviews = [
        flow.open_review(cooperation, 2003 - n, 2024, side=side, by=user, at=WHEN)[0] for n in range(count)
    ]
    print(f"  {count} reviews are open", file=sys.stderr)
    waits: list[float] = []
    refused = 0

    def ask(review: Review) -> None:
        nonlocal refused
        from django.db import connection

        began = time.perf_counter()
        loaded = load(review)
        for name in ("report.docx", "report.pdf"):
            while True:
                try:
                    with seat():
                        made = make_paper(loaded, name, side=side, language="vi", units="63")
                    break
                except Busy:
                    refused += 1
            if len(made) < LEAST_BYTES:
                raise SystemExit(f"{name}: {len(made)} bytes")
        waits.append(time.perf_counter() - began)
        connection.close()

    began = time.perf_counter()
    with ThreadPoolExecutor(count) as pool:
        list(pool.map(ask, reviews))
    waits.sort()
    return {
        "reviews": count, "papers": 2 * count, "seconds": time.perf_counter() - began, "longest": waits[-1],
        "middle": waits[len(waits) // 2], "told to come back": refused,
    }  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, default=2_000)
    parser.add_argument("--at-once", type=int, default=50)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["HOPTAC_DATA"] = folder
        os.environ["HOPTAC_DATABASE_URL"] = f"sqlite:///{Path(folder) / 'bench.sqlite3'}"
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hoptac.settings")
        clock = Clock()
        cooperation, user = clock("make the ledger", lambda: make_ledger(asked.rows))
        sizes = one_review(cooperation, user, clock)
        alone = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        together = many_reviews(cooperation, user, asked.at_once) if asked.at_once else {}
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    steps = ("snapshot", "read the snapshot", "put together", "report.docx", "report.pdf")
    whole, worked = sum(clock.times[n] for n in steps), sum(clock.work[n] for n in steps)
    report = {
        "rows": asked.rows, "seconds": clock.times, "word and pdf": whole, "word and pdf, processor": worked, "bytes": sizes, "peak MB, one review": alone,
        "at once": together, "peak MB": peak,
    }  # fmt: skip
    if asked.json:
        print(json.dumps(report, indent=1))
        return
    print(
        f"a review of {asked.rows} contributions, from nothing to Word and PDF: {whole:.2f} s, {worked:.2f} s of the processor; peak {alone} MB"
    )
    for name, size in sizes.items():
        print(f"  {name:<16} {clock.times[name]:6.2f} s {size / 1e6:6.2f} MB")
    if together:
        print(
            f"{together['reviews']} reviews at once: {together['papers']} papers in {together['seconds']:.1f} s, "
            f"middle wait {together['middle']:.1f} s, longest {together['longest']:.1f} s, "
            f"{together['told to come back']} told to come back; peak {peak} MB"
        )


if __name__ == "__main__":
    main()
