"""A record as an IATI activity (hồ sơ thành hoạt động IATI), in the words of one publisher.

What stands for what: docs/reference/exchange.md and the tables ``iati_out_*``. What the publisher has stated itself goes before what
others say. What the standard has no place for (standing, hedges, quantities as told, the words of the sources) stands in the
own namespace, after the standard's elements. A sum that cannot be said without a guess is left out and told as a note.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from hoptac.exchange.findings import Note
from hoptac.iati.activity import (
    Activity,
    Code,
    Dated,
    Description,
    Document,
    Extra,
    Figure,
    Identifier,
    Indicator,
    Location,
    Money,
    Narrative,
    Org,
    Period,
    Result,
    Transaction,
)
from hoptac.lexicon.tables import Lexicon
from hoptac.text.fold import match_form

PREFIX = "hop"
NAMESPACE = "urn:hoptac:iati:1"
WGS84 = "http://www.opengis.net/def/crs/EPSG/0/4326"
EVIDENCE_MOST = 5  # sentences told of one record
LINKS_MOST = 20  # documents of one activity
FORMER = "B1"  # the standard's type of an identifier that the publisher had before
CATEGORY = {"agreement": "A09", "page": "A12"}
CLOSED = "4"
UNTOLD = "none"  # in the tables: what is not told
GIVEN = ("1", "3")


@dataclass(frozen=True, slots=True)
class Who:
    """A party as a file names it; ``ref`` None where it has no identifier of its own."""

    name: str
    ref: str | None = None
    type: str | None = None


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a record took place: the unit as it was; ``point`` latitude and longitude."""

    id: str
    name: str
    level: int
    country: str | None
    point: tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class Quote:
    """A sentence behind a record: at most a short quote, with the page that it is on."""

    text: str
    source: str
    title: str
    outlet: str | None
    url: str | None
    published: date | None


@dataclass(frozen=True, slots=True)
class Deed:
    """One record as the publisher tells it. ``values`` are its own where it has any. ``side`` is "giver" or "taker".

    ``left_out`` is the ledger's reason why the sum counts in no total; ``told`` the last day on which it was told of.
    """

    uid: str
    slug: str
    kind: str
    title: str
    values: Mapping[str, Any]
    standing: str
    fields: Mapping[str, str]
    side: str
    givers: tuple[Who, ...]
    takers: tuple[Who, ...]
    told: date
    own: bool
    left_out: str = ""
    spot: Spot | None = None
    quotes: tuple[Quote, ...] = ()


@dataclass
class Rendered:
    """An activity, and notes on what of its records is not in it. ``activity`` None: it cannot be told without a date."""

    activity: Activity | None
    notes: list[Note] = field(default_factory=list)


class Renderer:
    """Makes activities of one publisher. ``site`` is the address of the public pages, "" where they have none."""

    def __init__(self, lexicon: Lexicon, publisher: Who, former: Sequence[str], site: str) -> None:
        self.publisher, self.former, self.site = publisher, former, site
        self.states = {row["state"]: row for row in lexicon.table("iati_out_states")}
        self.sectors = lexicon.table("iati_out_sectors")
        self.aid = {row["act"]: row["code"] for row in lexicon.table("iati_out_aid")}
        self.words = {row["code"]: row for row in lexicon.table("iati_out_words")}
        self.labels = {
            name: {row["code"]: row for row in lexicon.table(f"{name}_labels")}
            for name in ("field", "act", "bound")
        }

    def render(self, identifier: str, main: Deed, parts: Sequence[Deed]) -> Rendered:
        """The activity of a record and of the contributions that are parts of it."""
        out = Rendered(None)
        deeds = list(parts) or [main]
        transactions = [t for t in (self._transaction(deed, out.notes) for deed in deeds) if t is not None]
        years = [span for span in (_years(deed.values) for deed in deeds) if span is not None]
        if not years:
            out.notes.append(Note("X07", main.title, main.slug))
            return out
        states = {self.states[deed.values.get("status") or UNTOLD]["activity"] for deed in deeds}
        if main.kind == "agreement":
            states = {"2"}
        state = (
            states.pop() if len(states) == 1 else "2" if "2" in states or CLOSED in states else min(states)
        )
        last_told = max(deed.told for deed in deeds)
        spots = list({deed.spot.id: deed.spot for deed in (main, *deeds) if deed.spot is not None}.values())
        values = deeds[0].values if main.kind != "activity" else {**deeds[0].values, **main.values}
        out.activity = Activity(
            identifier=identifier,
            lang="vi",
            hierarchy="1" if main.kind == "agreement" else None,
            reporting_org=Org(
                ref=self.publisher.ref, type=self.publisher.type, name=(Narrative(self.publisher.name),)
            ),
            title=(Narrative(main.title),),
            descriptions=(Description("1", self._description(main, values)),),
            participating=_participating(deeds),
            other_identifiers=tuple(Identifier(ref, FORMER) for ref in self.former),
            status=state,
            dates=_dates(years, state, last_told),
            scope=_scope(spots),
            countries=_countries(spots, deeds),
            locations=tuple(_location(spot) for spot in spots),
            sectors=(self._sector(values, main.title),),
            aid=(Code(self.aid[values["act"]], "1"),) if values.get("act") in self.aid else (),
            transactions=tuple(transactions),
            documents=self._documents(main, deeds),
            results=tuple(r for r in (self._result(deed) for deed in deeds) if r is not None),
            extra=tuple(_record(deed) for deed in _each_once(main, deeds)),
        )
        return out

    def _both(self, code: str, **values: tuple[str, str]) -> tuple[Narrative, ...]:
        """A sentence of the table in Vietnamese and English; each value is given in both."""
        row = self.words[code]
        return tuple(
            Narrative(
                row[lang].format_map({k: v[n] for k, v in values.items()}), lang if lang != "vi" else None
            )
            for n, lang in enumerate(("vi", "en"))
        )

    def _label(self, name: str, code: str) -> tuple[str, str]:
        row = self.labels[name].get(code)
        return (row["vi"], row["en"]) if row is not None else (code, code)

    def _description(self, main: Deed, values: Mapping[str, Any]) -> tuple[Narrative, ...]:
        if main.kind == "agreement":
            return self._both("agreement")
        return self._both(
            "what",
            field=self._label("field", values.get("field") or "other"),
            act=self._label("act", values.get("act") or "other"),
        )

    def _sector(self, values: Mapping[str, Any], title: str) -> Code:
        told, words = values.get("field") or "", match_form(title)
        row = next(r for r in self.sectors if r["field"] in (told, UNTOLD) and match_form(r["word"]) in words)
        return Code(row["code"], row["vocabulary"])

    def _transaction(self, deed: Deed, notes: list[Note]) -> Transaction | None:
        """The transaction of a contribution; None with a note where its sum cannot be said."""
        amount = deed.values.get("amount")
        if deed.kind != "contribution" or not amount:
            return None
        state = deed.values.get("status") or UNTOLD
        kind = self.states[state][deed.side]
        code, value = "", ""
        day = _day(deed, pledged=state == "pledged")
        if not kind:
            code = "X08"
        elif not amount.get("currency"):
            code = "X06"
        elif amount.get("each"):
            code = "X05"
        elif deed.left_out == "covered_total":
            code = "X04"
        elif deed.left_out == "disputed" and not deed.own:
            code, value = "X03", self.publisher.name
        elif day is None:
            years = _years(deed.values)
            code, value = ("X02", str(years[0])) if years else ("X01", "")
        if code or day is None:
            notes.append(Note(code, deed.title, deed.slug, (("value", value),)))
            return None
        return Transaction(
            type=kind,
            ref=deed.uid,
            date=day,
            value=Money(Decimal(amount["value"]), amount["currency"], day),
            description=(Narrative(deed.title), *self._sum_words(amount)),
            provider=_joined(deed.givers),
            receiver=_joined(deed.takers),
            disbursement_channel="4" if deed.values.get("quantity") and kind in GIVEN else None,
            extra=(_sum(deed),),
        )

    def _sum_words(self, amount: Mapping[str, Any]) -> tuple[Narrative, ...]:
        out: tuple[Narrative, ...] = ()
        currency = (amount["currency"],) * 2
        if amount.get("bound", "exact") != "exact":
            out += self._both(
                "hedged",
                bound=self._label("bound", amount["bound"]),
                value=_digits(amount["value"]),
                currency=currency,
            )
        if amount.get("of_total"):
            out += self._both("of_total", value=_digits(amount["of_total"]), currency=currency)
        return out

    def _result(self, deed: Deed) -> Result | None:
        """Things given in kind: how many, promised or received."""
        quantity, span = deed.values.get("quantity"), _years(deed.values)
        if not quantity or span is None or deed.values.get("status") == "requested":
            return None
        unit = quantity.get("unit") or deed.title
        figure = (Figure(quantity["value"]),)
        planned = deed.values.get("status") in ("pledged", "ongoing")
        period = Period(
            f"{span[0]:04d}-01-01",
            f"{span[1]:04d}-12-31",
            targets=figure if planned else (),
            actuals=() if planned else figure,
        )
        indicator = Indicator("1", title=(Narrative(unit),), periods=(period,))
        return Result(
            "1", title=self._both("items"), description=(Narrative(deed.title),), indicators=(indicator,)
        )

    def _documents(self, main: Deed, deeds: Sequence[Deed]) -> tuple[Document, ...]:
        category = (Code(CATEGORY["agreement" if main.kind == "agreement" else "page"]),)
        out: dict[str, Document] = {}
        if self.site:
            url = f"{self.site}/records/{main.slug}/"
            out[url] = Document(url, "text/html", self._both("page"), categories=(Code(CATEGORY["page"]),))
        for deed in (main, *deeds):
            for quote in deed.quotes:
                if quote.url and len(out) < LINKS_MOST:
                    title = (Narrative(quote.title),) if quote.title else self._both("source")
                    day = quote.published.isoformat() if quote.published else None
                    out.setdefault(
                        quote.url, Document(quote.url, "text/html", title, categories=category, date=day)
                    )
        return tuple(out.values())


def _digits(text: str) -> tuple[str, str]:
    """A number with the marks of each language."""
    english = f"{Decimal(text):,}"
    return english.translate(str.maketrans(",.", ".,")), english


def _years(values: Mapping[str, Any]) -> tuple[int, int] | None:
    """The first and last year of a deed; None where none is told."""
    if values.get("year"):
        return values["year"], values["year"]
    for name in ("signed", "date"):
        if str(values.get(name) or "")[:4].isdigit():
            return int(values[name][:4]), int(values[name][:4])
    ends = [end for end in values.get("period") or () if end is not None]
    return (ends[0], ends[-1]) if ends else None


def _day(deed: Deed, *, pledged: bool) -> str | None:
    """The day of a transaction: the first of its last year, for a year is told and no day. A promise for years to come is
    dated by the day on which it was told; what was given in years to come has no day yet."""
    years = _years(deed.values)
    if years is None:
        return None
    if years[0] > deed.told.year:
        return deed.told.isoformat() if pledged else None
    return f"{min(years[1], deed.told.year):04d}-01-01"


def _dates(years: Iterable[tuple[int, int]], state: str, told: date) -> tuple[Dated, ...]:
    spans = list(years)
    first, last = min(a for a, _ in spans), max(b for _, b in spans)
    planned = state == "1" or first > told.year
    out = [Dated("1" if planned else "2", f"{first:04d}-01-01")]
    if state == CLOSED and last < told.year:
        out.append(Dated("4", f"{last:04d}-12-31"))
    elif last > first and last >= told.year:
        out.append(Dated("3", f"{last:04d}-12-31"))
    return tuple(out)


def _participating(deeds: Iterable[Deed]) -> tuple[Org, ...]:
    found: dict[tuple[str, str], Org] = {}
    for deed in deeds:
        for role, parties in (("1", deed.givers), ("4", deed.takers)):
            for who in parties:
                found.setdefault(
                    (role, who.name), Org(ref=who.ref, type=who.type, role=role, name=(Narrative(who.name),))
                )
    return tuple(found[key] for key in sorted(found))


def _joined(parties: Sequence[Who]) -> Org | None:
    """The provider or receiver of a transaction, of which the standard has one."""
    if not parties:
        return None
    if len(parties) == 1:
        return Org(ref=parties[0].ref, type=parties[0].type, name=(Narrative(parties[0].name),))
    return Org(name=(Narrative(", ".join(who.name for who in parties)),))


def _scope(spots: Sequence[Spot]) -> str | None:
    """The code of ActivityScope: one province 6, one district or commune 7, several 5."""
    if not spots:
        return None
    if len(spots) > 1:
        return "5"
    return {0: "4", 1: "6"}.get(spots[0].level, "7")


def _countries(spots: Sequence[Spot], deeds: Sequence[Deed]) -> tuple[Code, ...]:
    codes = sorted({spot.country for spot in spots if spot.country})
    return (Code(codes[0]),) if len(codes) == 1 else ()


def _location(spot: Spot) -> Location:
    at = f"{spot.point[0]:.5f} {spot.point[1]:.5f}" if spot.point else None
    return Location(
        ref=spot.id,
        reach="1",
        name=(Narrative(spot.name),),
        system=WGS84 if at else None,
        position=at,
        exactness="2" if at else None,
        kind="1",
    )


def _each_once(main: Deed, deeds: Sequence[Deed]) -> list[Deed]:
    return list({deed.uid: deed for deed in (main, *deeds)}.values())


def _attributes(**values: str | None) -> tuple[tuple[str, str], ...]:
    return tuple((name.replace("_", "-"), value) for name, value in values.items() if value)


def _sum(deed: Deed) -> Extra:
    amount = deed.values["amount"]
    return Extra(
        f"{PREFIX}:sum",
        _attributes(
            record=deed.uid,
            bound=amount.get("bound", "exact"),
            of_total=amount.get("of_total"),
            state=deed.values.get("status") or "not-told",
            date_from="year" if _years(deed.values) else None,
            standing=deed.fields.get("amount") or deed.standing,
            own="1" if deed.own else "0",
        ),
    )


def _record(deed: Deed) -> Extra:
    """A record in the own namespace: its standing field by field, its sum and quantity as told, the words that say so."""
    amount, quantity = deed.values.get("amount"), deed.values.get("quantity")
    inside = [
        Extra(f"{PREFIX}:field", _attributes(name=name, standing=standing))
        for name, standing in sorted(deed.fields.items())
    ]
    if amount:
        told = _attributes(
            value=amount.get("value"),
            currency=amount.get("currency"),
            bound=amount.get("bound", "exact"),
            each="1" if amount.get("each") else None,
        )
        inside.append(Extra(f"{PREFIX}:amount", told))
    if quantity:
        inside.append(
            Extra(
                f"{PREFIX}:item",
                _attributes(quantity=quantity["value"], unit=quantity.get("unit")),
                deed.title,
            )
        )
    inside += [
        Extra(
            f"{PREFIX}:evidence",
            _attributes(
                source=quote.source,
                outlet=quote.outlet,
                url=quote.url,
                published=quote.published.isoformat() if quote.published else None,
            ),
            quote.text,
        )
        for quote in deed.quotes[:EVIDENCE_MOST]
    ]
    return Extra(
        f"{PREFIX}:record",
        _attributes(uid=deed.uid, kind=deed.kind, standing=deed.standing),
        inside=tuple(inside),
    )
