"""What an IATI activity says, as statements (nội dung hoạt động IATI thành lời khai). Pure: knows no Django.

Payments of one year between the same two, in one currency, are one contribution: so a donor's five instalments meet the
recipient's one line and the newspaper's one sentence. Each statement stands on the elements that it is put together from.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from hoptac.iati.activity import Activity, Code, Narrative, Org, Transaction
from hoptac.iati.fields import number_of
from hoptac.lexicon import Lexicon

PASSAGES_MOST = 20  # elements that one statement stands on; of more, the first and the last
NAME_MOST = 300  # characters of a name
DECIMALS = 6  # of a statement's sum
ELEMENT = re.compile(r"<(transaction|result)(?=[\s>])[^<>]*>.*?</\1\s*>", re.DOTALL)
YEAR = re.compile(r"\s*(\d{4})-\d{2}")
DAC = (None, "", "1", "2", "DAC", "DAC-3")
OUTPUT, UNIT = "1", "1"

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Told:
    """One thing that the activity says: kind and values of a statement, and the elements that say it."""

    kind: str
    values: dict[str, Any]
    spans: tuple[Span, ...]


@dataclass
class Facts:
    """Gathers what an activity says, part by part; ``told`` gives it when the last part has come."""

    lexicon: Lexicon
    loss: Counter[str] = field(default_factory=Counter)
    sums: dict[tuple[str, ...], Decimal] = field(default_factory=dict)
    places: dict[tuple[str, ...], list[Span]] = field(default_factory=dict)
    counts: list[tuple[str, str, str, int | None, Span | None]] = field(default_factory=list)
    incoming: bool = False

    def add(self, activity: Activity, text: str) -> None:
        """Add one part: its values, and the text whose spans the statements stand on."""
        spans: dict[str, list[Span]] = {"transaction": [], "result": []}
        for found in ELEMENT.finditer(text):
            spans[found.group(1)].append(found.span())
        at = spans["transaction"] if len(spans["transaction"]) == len(activity.transactions) else []
        types = self.lexicon.built(_types)
        for n, one in enumerate(activity.transactions):
            kind = types.get(one.type or "")
            amount = one.value.amount if one.value is not None else None
            currency = ((one.value.currency if one.value else None) or activity.currency or "").upper()
            if kind is None or amount is None:
                self.loss["iati-activity/transaction"] += 1
                continue
            state, side = kind
            self.incoming = self.incoming or one.type == "1"
            giver, taker = _between(activity, one, side)
            key = (state, side, currency, str(_year(one) or ""), giver, taker)
            self.sums[key] = self.sums.get(key, Decimal(0)) + amount
            self.places.setdefault(key, []).extend(at[n : n + 1])
        self._count(activity, spans["result"])

    def _count(self, activity: Activity, spans: list[Span]) -> None:
        """Quantities of outputs: what was received, or promised where nothing was yet."""
        at = spans if len(spans) == len(activity.results) else []
        for n, result in enumerate(activity.results):
            if result.type != OUTPUT:
                self.loss["iati-activity/result"] += 1
                continue
            for indicator in result.indicators:
                for period in indicator.periods:
                    figures, state = (
                        (period.actuals, "done") if period.actuals else (period.targets, "pledged")
                    )
                    for figure in figures:
                        number = number_of(figure.value or "")
                        if indicator.measure != UNIT or number is None or number <= 0 or figure.dimensions:
                            self.loss["iati-activity/result/indicator/period"] += 1
                            continue
                        year = _year_of(period.end) or _year_of(period.start)
                        unit = name_of(indicator.title) or name_of(result.title)
                        self.counts.append((state, format(number, "f"), unit, year, at[n] if at else None))

    def told(self, activity: Activity, text: str) -> list[Told]:
        """Every statement that the activity makes, in one order."""
        what = name_of(activity.title) or (activity.identifier or "")
        whole = (0, len(text))
        shared = self._shared(activity)
        out: list[Told] = []
        for key in sorted(self.sums):
            state, side, currency, year, giver, taker = key
            if side == "spender" and self.incoming:
                self.loss["iati-activity/transaction (spent of what came in)"] += 1
                continue
            amount = round(self.sums[key], DECIMALS)
            if amount != self.sums[key]:
                self.loss[f"iati-activity/transaction/value (after {DECIMALS} decimals)"] += 1
            if amount <= 0:
                self.loss["iati-activity/transaction/value (nothing left of it)"] += 1
                continue
            values = shared | {
                "what": what,
                "act": "fund",
                "funder": _named(giver),
                "recipient": _named(taker) or _named(shared.get("place", {}).get("name", "")),
                "amount": {"value": format(amount, "f"), "currency": currency or None, "bound": "exact"},
                "year": int(year) if year else None,
                "status": state,
            }
            out.append(Told("contribution", values, _few(self.places[key]) or (whole,)))
        giver, taker = _sides(activity)
        for state, number, unit, when, span in self.counts:
            values = shared | {
                "what": what,
                "act": "other",
                "funder": _named(giver),
                "recipient": _named(taker) or _named(shared.get("place", {}).get("name", "")),
                "quantity": {"value": number, "unit": unit or None},
                "year": when,
                "status": state,
            }
            out.append(Told("contribution", values, (span or whole,)))
        return out

    def _shared(self, activity: Activity) -> dict[str, Any]:
        out: dict[str, Any] = {}
        sectors = [*activity.sectors, *(s for t in activity.transactions[:1] for s in t.sectors)]
        topic = _field(sectors, self.lexicon.built(_prefixes))
        if topic is not None:
            out["field"] = topic
        names = [name for name in (name_of(place.name) for place in activity.locations) if name]
        countries = self.lexicon.built(_countries)
        codes = [c.code.upper() for c in activity.countries if c.code] or [
            t.country.code.upper() for t in activity.transactions if t.country and t.country.code
        ]
        if len(set(names)) == 1:
            out["place"] = {"name": names[0]}
        elif len(set(codes)) == 1 and codes[0] in countries:
            out["place"] = {"name": countries[codes[0]], "code": codes[0]}
        return out


def name_of(texts: Iterable[Narrative]) -> str:
    """One of an element's narratives: the Vietnamese one, else the English one, else the first; "" where there is none."""
    kept = [(n.lang or "", " ".join(n.text.split())) for n in texts]
    kept = [(lang.lower()[:2], text) for lang, text in kept if text]
    for wanted in ("vi", "en", ""):
        for lang, text in kept:
            if lang == wanted:
                return text[:NAME_MOST]
    return kept[0][1][:NAME_MOST] if kept else ""


def org_name(org: Org | None) -> str:
    """An organisation's name, else its reference, "" where it has neither."""
    if org is None:
        return ""
    return name_of(org.name) or " ".join((org.ref or "").split())[:NAME_MOST]


def _sides(activity: Activity) -> tuple[str, str]:
    """Who gives and who receives as the activity tells it: by the roles of the organisations in it."""
    by_role: dict[str, str] = {}
    for org in activity.participating:
        by_role.setdefault(org.role or "", org_name(org))
    publisher = org_name(activity.reporting_org)
    giver = by_role.get("1") or by_role.get("3") or publisher
    taker = by_role.get("4") or ""
    return giver, taker if taker != giver else ""


def _between(activity: Activity, one: Transaction, side: str) -> tuple[str, str]:
    """Who gave to whom in a transaction; "" for a receiver that nothing names."""
    publisher = org_name(activity.reporting_org)
    giver, taker = _sides(activity)
    if side == "taker":
        return org_name(one.provider) or (giver if giver != publisher else ""), org_name(
            one.receiver
        ) or publisher
    if side == "spender":
        return publisher, taker if taker != publisher else ""
    return org_name(one.provider) or publisher, org_name(one.receiver) or (
        taker if taker != publisher else ""
    )


def _year(one: Transaction) -> int | None:
    return _year_of(one.date) or (_year_of(one.value.date) if one.value is not None else None)


def _year_of(text: str | None) -> int | None:
    found = YEAR.match(text or "")
    return int(found.group(1)) if found and found.group(1) != "0000" else None


def _named(name: str) -> list[dict[str, str]]:
    return [{"name": name}] if name else []


def _few(spans: list[Span]) -> tuple[Span, ...]:
    if len(spans) <= PASSAGES_MOST:
        return tuple(spans)
    return (*spans[: PASSAGES_MOST - 1], spans[-1])


def _field(sectors: Iterable[Code], prefixes: Mapping[str, str]) -> str | None:
    for sector in sectors:
        if sector.vocabulary in DAC and sector.code:
            for length in (5, 3, 2):
                if sector.code[:length] in prefixes:
                    return prefixes[sector.code[:length]]
    return None


def _types(lexicon: Lexicon) -> dict[str, tuple[str, str]]:
    return {row["type"]: (row["state"], row["side"]) for row in lexicon.table("iati_in_types")}


def _prefixes(lexicon: Lexicon) -> dict[str, str]:
    return {row["prefix"]: row["field"] for row in lexicon.table("iati_in_sectors")}


def _countries(lexicon: Lexicon) -> dict[str, str]:
    out: dict[str, str] = {}
    for row in lexicon.table("countries"):
        out.setdefault(row["code"], row["name"])
    return out
