"""Snapshots made of plain values, for tests that need no ledger."""

from __future__ import annotations

import random
from decimal import Decimal
from typing import Any

from hoptac.review.rows import Fact, Locality, Page, Row, Snapshot, Told

SIDES = (Locality("place:hà nội", "Hà Nội", "01"), Locality("place:điện biên", "Điện Biên", "11"))
PAGES = (Page("a" * 64, "Hai bên gặp nhau", "Báo Mẫu", "https://bao.example.vn/a", "2023-05-04"),)
FIELDS = ("education", "health", "welfare", "culture", "transport", "agriculture", None)
STANDINGS = ("read", "one_side", "both_sides", "disputed")
UNITS = ("094@63", "100@63", "096@63", "11@2004", "01@2008", "03154@63", "")


def contribution(n: int, value: str | None = "1000000000", **more: Any) -> Row:
    """A contribution numbered ``n``; ``more`` are fields of its fact, and ``said``, ``statuses``, ``standing``, ``title``."""
    year = more.pop("year", 2020)
    fact = {
        "value": Decimal(value) if value is not None else None, "of_total": None, "currency": "VND" if value is not None else None,
        "bound": "exact" if value is not None else None, "quantity": None, "unit": None, "year": year, "year_to": more.pop("year_to", year),
        "field": "education", "status": "done", "left_out": "" if value is not None else "no_sum",
    }  # fmt: skip
    own = {
        name: more.pop(name)
        for name in ("said", "statuses", "standing", "title", "units", "why", "otherwise")
        if name in more
    }
    return Row(
        uid=f"00000000-0000-0000-0000-{n:012d}",
        kind="contribution",
        slug=f"khoan-{n}",
        title=own.get("title", f"công trình số {n}"),
        standing=own.get("standing", "read"),
        values={"funder": [{"name": "Hà Nội"}], "recipient": [{"name": "Điện Biên"}]},
        otherwise=own.get("otherwise", {}),
        statuses=own.get("statuses", (("done", "2023-05-04"),)),
        units=own.get("units", ""),
        why=own.get("why", "no_place"),
        givers=("Hà Nội",),
        takers=("Điện Biên",),
        part_of=None,
        year=year,
        said=own.get("said", (Told(n, None, 0, "2023-05-04"),)),
        fact=Fact(**(fact | more)),
    )


def ask(n: int, kind: str = "request", on: str = "2023-05-04", **values: Any) -> Row:
    said = {"kind": kind, "by": "Điện Biên", "to": "Hà Nội", "about": f"việc số {n}", **values}
    return Row(
        uid=f"10000000-0000-0000-0000-{n:012d}", kind="ask", slug=f"viec-{n}", title=said["about"], standing="read", values=said,
        otherwise={}, statuses=(), units=None, why="", givers=(), takers=(), part_of=None, year=None,
        said=(Told(1000 + n, None, 0, on),), fact=None,
    )  # fmt: skip


def meeting(n: int, day: str, source: int | None = None) -> Row:
    values = {"kind": "meeting", "date": day, "parties": [{"name": "Hà Nội"}, {"name": "Điện Biên"}]}
    return Row(
        uid=f"20000000-0000-0000-0000-{n:012d}", kind="meeting", slug=f"hop-{n}", title=day, standing="read", values=values,
        otherwise={}, statuses=(), units=None, why="", givers=(), takers=(), part_of=None, year=int(day[:4]),
        said=(Told(2000 + n, "Hà Nội" if source is None else None, source, day),), fact=None,
    )  # fmt: skip


def snapshot(*rows: Row, first: int = 2011, last: int = 2024, **more: Any) -> Snapshot:
    return Snapshot(
        cooperation="Hà Nội – Điện Biên", localities=SIDES, first=first, last=last, taken_at=more.pop("taken_at", "2024-12-31T08:00:00+00:00"),
        statements=9999, filings=1, links=0, rows=rows, pages=PAGES, people=(), joined=more.pop("joined", ()),
    )  # fmt: skip


def many(count: int, seed: int = 7) -> Snapshot:
    """A snapshot of so many contributions of every sort, always the same."""
    draw = random.Random(seed)  # noqa: S311 - not for secrets
    rows = []
    for n in range(1, count + 1):
        value = None if draw.random() < 0.1 else str(draw.randrange(1, 99_999) * 1_000_000)
        currency = draw.choice(("VND",) * 9 + ("USD",))
        year = draw.choice((*range(2009, 2026), None))
        rows.append(
            contribution(
                n, value, year=year, field=draw.choice(FIELDS), standing=draw.choice(STANDINGS),
                title=f"{draw.choice(('Trường', 'Trạm y tế', 'Nhà văn hóa', 'Đường'))} số {n} xã vùng cao",
                **({"currency": currency} if value is not None else {}),
                left_out="no_sum" if value is None else draw.choice(("",) * 6 + ("hedged", "disputed")),
                units=(unit := draw.choice(UNITS)),
                why="" if unit else "no_place",
                status=draw.choice(("done", "done", "ongoing", "pledged")),
                statuses=(("pledged", "2015-01-01"),) if draw.random() < 0.3 else (),
            )
        )  # fmt: skip
    rows += [ask(n, draw.choice(("request", "pledge", "instruction"))) for n in range(40)]
    rows += [meeting(n, f"20{n + 10}-04-25", 0) for n in range(14)]
    return snapshot(*rows)
