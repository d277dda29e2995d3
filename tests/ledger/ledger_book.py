"""Ledger text: pages written as the lines that they say, and records written back the same way.

A page is a few lines; each line is both the page's own words and what a reader reads in them::

    gift: Hà Nội > Điện Biên | Trường Tiểu học Sín Thầu | build | 9935000000 VND | 2014 | education | done
    met: meeting | 2024-04-25 | Hà Nội, Điện Biên | Điện Biên
    agreed: Hà Nội, Điện Biên | 2019- |
    asked: request | Lê Thành Đô > Hà Nội | tăng cường giao lưu
    person: Lê Thành Đô | Chủ tịch UBND tỉnh | Điện Biên

``-`` is unknown; a party or place may name its unit after ``#`` ("xã Sín Thầu#03154@63"). A sum may begin with >= ~ <=; further parts are ``place=``, ``count=``, ``period=``, ``of=``.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime
from decimal import Decimal

from hoptac.ledger.models import Party, Record
from hoptac.ledger.take import TakeResult, take_reading
from hoptac.pages.values import Page
from hoptac.reading import values as v

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
BOUNDS = {">=": "at_least", "~": "about", "<=": "at_most"}
CODES = {"Hà Nội": "01", "Điện Biên": "11", "Sơn La": "14", "Lai Châu": "12", "Thanh Hóa": "38"}


def party(name: str) -> v.PartyName:
    name, _, unit = (part.strip() for part in name.partition("#"))
    return v.PartyName(name, CODES.get(name), unit or None)


def parties(text: str) -> tuple[v.PartyName, ...]:
    return tuple(party(name) for name in text.split(",") if name.strip() and name.strip() != "-")


def known(text: str) -> str | None:
    return None if text.strip() in ("", "-") else text.strip()


def amount(text: str, of_total: str | None = None) -> v.Amount | None:
    if known(text) is None:
        return None
    sign = next((s for s in BOUNDS if text.startswith(s)), "")
    number, _, currency = text[len(sign) :].strip().partition(" ")
    return v.Amount(
        Decimal(number), currency or None, BOUNDS.get(sign, "exact"), Decimal(of_total) if of_total else None
    )


def period(text: str) -> tuple[int | None, int | None]:
    first, _, last = text.partition("-")
    return int(first) if first else None, int(last) if last else None


def gift(line: str, evidence: tuple[v.Evidence, ...], confidence: float) -> v.Contribution:
    parts = [p.strip() for p in line.split("|")]
    funder, _, recipient = parts[0].partition(">")
    what, act, money, year, field, status = (parts[1:] + ["-"] * 6)[:6]
    more = dict(p.split("=", 1) for p in parts[7:])
    number, _, unit = more.get("count", "").partition(" ")
    return v.Contribution(
        funder=parties(funder),
        recipient=parties(recipient),
        what=what,
        act=act,
        evidence=evidence,
        amount=amount(money, more.get("of")),
        quantity=v.Quantity(Decimal(number), unit or None) if number else None,
        year=int(year) if known(year) else None,
        period=period(more["period"]) if "period" in more else None,
        place=party(more["place"]) if "place" in more else None,
        field=known(field),
        status=known(status),
        confidence=confidence,
    )


def page(
    text: str,
    *,
    name: str = "báo.txt",
    published: str | None = None,
    reader: str = "1.0+lexicon:ab12",
    confidence: float = 0.9,
) -> tuple[v.Reading, Page]:
    """The page of some lines, and its reading."""
    lines = [line.strip() for line in text.strip().splitlines()]
    body = "\n".join(lines)
    data = body.encode()
    people, gifts, events, agreements, asks = [], [], [], [], []
    at = 0
    for line in lines:
        span = (v.Evidence(at, at + len(line), line),)
        at += len(line) + 1
        kind, _, rest = line.partition(":")
        parts = [p.strip() for p in rest.split("|")]
        if kind == "gift":
            gifts.append(gift(rest, span, confidence))
        elif kind == "met":
            where = party(parts[3]) if len(parts) > 3 and known(parts[3]) else None
            events.append(v.Event(parts[0], known(parts[1]), where, parties(parts[2]), span, confidence))
        elif kind == "agreed":
            agreements.append(
                v.Agreement(
                    parties(parts[0]),
                    period(parts[1]) if known(parts[1]) else None,
                    known(parts[2]),
                    span,
                    confidence,
                )
            )
        elif kind == "asked":
            by, _, to = parts[1].partition(">")
            asks.append(v.Ask(parts[0], known(by), known(to), parts[2], None, span, confidence))
        elif kind == "person":
            people.append(v.Person(parts[0], parts[1], known(parts[2]), span))
    day = date.fromisoformat(published) if published else None
    digest = hashlib.sha256(data).hexdigest()
    reading = v.Reading(
        source=v.SourceInfo(name, digest, "text/plain", reader, published=day),
        article=v.Article(),
        lines=tuple(v.LineRole(n, "body") for n in range(1, len(lines) + 1)),
        people=tuple(people),
        contributions=tuple(gifts),
        events=tuple(events),
        agreements=tuple(agreements),
        asks=tuple(asks),
    )
    return reading, Page(name, body, data, digest, "text/plain", "utf-8", published=day)


def take(
    text: str,
    *,
    speaker: Party | None = None,
    name: str = "báo.txt",
    published: str | None = None,
    reader: str = "1.0+lexicon:ab12",
) -> TakeResult:
    """Write a page and take it."""
    reading, written = page(text, name=name, published=published, reader=reader)
    return take_reading(reading, written, speaker=speaker, now=NOW)


def told(*, kind: str = "contribution") -> list[str]:
    """The ledger's records of a kind, one line each: year | title | sum | how many statements | standing."""
    out = []
    records = Record.objects.live().filter(kind=kind)
    for record in sorted(records, key=lambda r: (r.year or 0, r.title, r.pk)):
        money = record.values.get("amount")
        words = f"{money['value']} {money.get('currency', '-')}" if money else "-"
        out.append(f"{record.year or '-'} | {record.title} | {words} | {record.in_force} | {record.standing}")
    return out
