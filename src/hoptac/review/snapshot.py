"""Take a snapshot of a cooperation's ledger, and prove later that it still comes out of the statements (bản chụp sổ).

Statements, filings and links are never changed, so the ledger as it stood at statement S, filing F and link L can always be put
together again. ``take_body`` reads the caches, which ``hoptac check`` holds to the statements; ``again`` goes past them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Max, Q

from hoptac.ledger.facts import Fact, Paired, covered_totals
from hoptac.ledger.models import Cooperation, Filing, Link, Party, Record, Source, Statement
from hoptac.ledger.parties import KnownParties, side_of
from hoptac.ledger.records import as_fact, compute
from hoptac.review.rows import SCHEMA, body_text, figures_of, read_body
from hoptac.text.fold import search_key

JOINING = ("carries_out", "answers", "said_at")
BATCH = 500  # statements held in memory at once


@dataclass(frozen=True, slots=True)
class Moment:
    """How far the ledger is read: the last statement, filing and link that count."""

    statements: int
    filings: int
    links: int

    @classmethod
    def now(cls) -> Moment:
        def last(model: type[Any], name: str) -> int:
            return int(model.objects.aggregate(last=Max(name))["last"] or 0)

        return cls(last(Statement, "seq"), last(Filing, "id"), last(Link, "id"))


def take_body(cooperation: Cooperation, first: int, last: int, *, at: datetime) -> dict[str, Any]:
    """The body of a snapshot of the ledger as it stands. Call it inside a transaction that holds the chain's end."""
    moment = Moment.now()
    records = list(
        cooperation.records.live()
        .select_related("fact", "part_of")
        .prefetch_related("roles__party")
        .order_by("pk")
    )
    statements, owner = _statements_now([r.pk for r in records])
    by_record: dict[int, list[_Spoken]] = defaultdict(list)
    for spoken in statements:
        by_record[owner[spoken.seq]].append(spoken)
    statuses = _statuses(owner, [r.pk for r in records if r.kind == "contribution"])
    pages = _Pages()
    rows = [
        _row(
            uid=str(r.uid),
            kind=r.kind,
            slug=r.slug,
            title=r.title,
            standing=r.standing,
            values=r.values,
            fields=r.fields,
            units=r.place_units,
            why=r.place_why,
            givers=sorted(role.party.name for role in r.roles.all() if role.role == "giver"),
            takers=sorted(role.party.name for role in r.roles.all() if role.role == "taker"),
            part_of=str(r.part_of.uid) if r.part_of is not None else None,
            year=r.year,
            spoken=by_record[r.pk],
            statuses=statuses.get(r.pk, []),
            pages=pages,
            fact=replace(as_fact(r.fact), left_out=r.fact.left_out) if r.kind == "contribution" and hasattr(r, "fact") else None,
        )
        for r in records
    ]  # fmt: skip
    uids = {r.pk: str(r.uid) for r in records}
    body = {
        "schema": SCHEMA,
        "cooperation": cooperation.name,
        "localities": [
            [p.identity, p.name, p.code or ""]
            for p in sorted(cooperation.localities.all(), key=lambda p: (p.code or "~", p.identity))
        ],
        "period": [first, last],
        "taken_at": at.isoformat(timespec="seconds"),
        **asdict(moment),
        "rows": sorted(rows, key=_order),
        "people": _people(pages, moment),
        "joined": _joined(uids, moment),
    }
    body["pages"] = pages.told()
    body["figures"] = figures_of(read_body(body_text(body)))
    return body


def _order(row: Mapping[str, Any]) -> tuple[Any, ...]:
    year = row.get("year")
    return (row["kind"], year is None, year or 0, search_key(row["title"]), row["uid"])


@dataclass(frozen=True, slots=True)
class _Spoken:
    seq: int
    uid: str
    side: str | None
    source: int | None
    on: str


class _Pages:
    """The sources of a snapshot, each with its place in the list."""

    def __init__(self) -> None:
        self._at: dict[int, int] = {}

    def of(self, source_id: int | None) -> int | None:
        return None if source_id is None else self._at.setdefault(source_id, len(self._at))

    @property
    def ids(self) -> dict[int, int]:
        return self._at

    def told(self) -> list[list[str]]:
        rows = {s.pk: s for s in Source.objects.filter(pk__in=list(self._at)).defer("text", "layout")}
        out = []
        for pk in self._at:
            s = rows[pk]
            published = s.published.isoformat() if s.published else ""
            out.append([s.sha256, s.title or s.name, s.outlet or "", s.url or "", published])
        return out


def _statements_now(record_ids: list[int]) -> tuple[list[_Spoken], dict[int, int]]:
    """The statements in force filed under some records, without their texts; and the record of each."""
    latest: dict[int, int | None] = {}
    touched = Filing.objects.filter(record__in=record_ids).values("statement")
    rows = (
        Filing.objects.filter(statement__in=touched).order_by("id").values_list("statement_id", "record_id")
    )
    for statement_id, record_id in rows.iterator(BATCH):
        latest[statement_id] = record_id
    wanted = set(record_ids)
    owner = {s: r for s, r in latest.items() if r in wanted and r is not None}
    found = Statement.objects.in_force().filter(
        filings__record__in=record_ids
    ).order_by("seq").distinct()  # fmt: skip
    return [s for s in _spoken(found) if s.seq in owner], owner


def _spoken(statements: Any) -> list[_Spoken]:
    """What a snapshot keeps of some statements: who spoke for which side, of which page, when."""
    rows = statements.values_list("seq", "uid", "speaker_id", "source_id", "made_at", "source__published")
    kept = list(rows)
    speakers = Party.objects.select_related("locality").in_bulk({r[2] for r in kept if r[2] is not None})
    out = []
    for seq, uid, speaker_id, source_id, made_at, published in kept:
        speaker = speakers[speaker_id] if speaker_id is not None else None
        side = (side_of(speaker) or speaker).name if speaker is not None else None
        out.append(_Spoken(seq, str(uid), side, source_id, _day(source_id, made_at, published)))
    return out


def _row(
    *,
    uid: str,
    kind: str,
    slug: str,
    title: str,
    standing: str,
    values: Mapping[str, Any],
    fields: Mapping[str, Mapping[str, Any]],
    units: str | None,
    why: str,
    givers: list[str],
    takers: list[str],
    part_of: str | None,
    year: int | None,
    spoken: list[_Spoken],
    statuses: list[list[str]],
    pages: _Pages,
    fact: Fact | None,
) -> dict[str, Any]:
    return {
        "uid": uid,
        "kind": kind,
        "slug": slug,
        "title": title,
        "standing": standing,
        "values": dict(values),
        "otherwise": {
            name: [o["value"] for o in view["otherwise"]] for name, view in sorted(fields.items()) if view.get("otherwise")
        },
        "statuses": statuses,
        "units": units,
        "why": why,
        "givers": givers,
        "takers": takers,
        "part_of": part_of,
        "year": year,
        "said": [[s.seq, s.side, pages.of(s.source), s.on] for s in sorted(spoken, key=lambda s: s.seq)],
        "fact": _fact(fact) if fact is not None else None,
    }  # fmt: skip


def _fact(fact: Fact) -> dict[str, Any]:
    of_total = Decimal(fact.of_total).scaleb(-fact.exponent) if fact.of_total is not None else None
    return {
        "value": fact.value,
        "of_total": of_total,
        "currency": fact.currency,
        "bound": fact.bound,
        "quantity": fact.quantity,
        "unit": fact.unit,
        "year": fact.year,
        "year_to": fact.year_to,
        "field": fact.field,
        "status": fact.status,
        "left_out": fact.left_out,
    }


def _people(pages: _Pages, moment: Moment) -> list[list[Any]]:
    """The people whom the pages name, in what office, with the pages that do; up to a moment."""
    at = dict(pages.ids)
    rows = (
        Statement.objects.filter(kind="person", seq__lte=moment.statements, source__in=list(at))
        .exclude(superseded_by__seq__lte=moment.statements)
        .order_by("seq")
        .values_list("values", "source_id")
    )
    found: dict[tuple[str, str, str], set[int]] = {}
    for values, source_id in rows:
        key = (values["name"], values.get("office", ""), values.get("side") or "")
        found.setdefault(key, set()).add(at[source_id])
    return [[*key, sorted(where)] for key, where in found.items()]


def _joined(uids: Mapping[int, str], moment: Moment) -> list[list[str]]:
    """Which records the sides joined to which, up to a moment."""
    latest: dict[tuple[int, str, int, int], bool] = {}
    rows = Link.objects.filter(
        pk__lte=moment.links, relation__in=JOINING, record__in=list(uids), to__in=list(uids)
    ).order_by("pk")
    for record, relation, to, party, action in rows.values_list(
        "record_id", "relation", "to_id", "party_id", "action"
    ):
        latest[record, relation, to, party] = action == "link"
    kept = {(uids[r], relation, uids[to]) for (r, relation, to, _party), stands in latest.items() if stands}
    return [list(one) for one in sorted(kept)]


def again(body: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """The rows of a snapshot put together anew from the statements as they stood then: uid -> row.

    A record of the snapshot of which the ledger no longer knows anything is left out. Pages keep the snapshot's numbers.
    """
    moment = Moment(body["statements"], body["filings"], body["links"])
    wanted = {row["uid"]: row for row in body["rows"]}
    records = {r.pk: r for r in Record.objects.filter(uid__in=list(wanted)).order_by("pk")}
    owner = _owners_then(list(records), moment)
    statements = _statements_then(owner, moment)
    statuses = _statuses(owner, [pk for pk, r in records.items() if r.kind == "contribution"], moment)
    every = [s.pk for kept in statements.values() for s in kept]
    voices = {s.uid: s for s in _spoken(Statement.objects.filter(pk__in=every))}
    known = KnownParties()
    pages = _KeptPages(body["pages"])
    out: dict[str, dict[str, Any]] = {}
    facts: dict[str, tuple[Fact, Paired]] = {}
    parties: dict[int, str] = {}
    for pk, record in records.items():
        kept = statements.get(pk, [])
        new = compute(record, kept, known)
        ids = [party for party, _role in new.roles]
        parties |= dict(
            Party.objects.filter(pk__in=[i for i in ids if i not in parties]).values_list("pk", "name")
        )
        row = wanted[str(record.uid)]
        fields = {name: view.as_json() for name, view in new.consolidated.fields.items()}
        spoken = [voices[u] for u in new.consolidated.in_force]
        out[str(record.uid)] = _row(
            uid=str(record.uid),
            kind=record.kind,
            slug=record.slug,
            title=new.title,
            standing=new.consolidated.standing,
            values=new.consolidated.values,
            fields=fields,
            units=new.where.text,
            why=new.where.why,
            givers=sorted(parties[p] for p, role in new.roles if role == "giver"),
            takers=sorted(parties[p] for p, role in new.roles if role == "taker"),
            part_of=row.get("part_of"),
            year=new.year,
            spoken=spoken,
            statuses=statuses.get(pk, []),
            pages=pages,
            fact=new.fact,
        )
        if new.fact is not None:
            facts[str(record.uid)] = (new.fact, Paired(pk, new.pair, new.fact))
    totals = covered_totals([paired for _fact, paired in facts.values()])
    for uid, (_plain, paired) in facts.items():
        if paired.key in totals:
            out[uid]["fact"]["left_out"] = "covered_total"
    return out


class _KeptPages(_Pages):
    """The pages of a snapshot by their bytes, with the numbers that they have there."""

    def __init__(self, pages: Iterable[Iterable[str]]) -> None:
        super().__init__()
        order = [next(iter(page)) for page in pages]
        ids = dict(Source.objects.filter(sha256__in=order).values_list("sha256", "pk"))
        self._at = {ids[sha]: n for n, sha in enumerate(order) if sha in ids}


def _owners_then(record_ids: list[int], moment: Moment) -> dict[int, int]:
    """The record of each statement as it was filed then, of those filed under some records."""
    latest: dict[int, int | None] = {}
    touched = Filing.objects.filter(record__in=record_ids, pk__lte=moment.filings).values("statement")
    rows = Filing.objects.filter(statement__in=touched, pk__lte=moment.filings).order_by("id")
    for statement_id, record_id in rows.values_list("statement_id", "record_id"):
        latest[statement_id] = record_id
    wanted = set(record_ids)
    return {s: r for s, r in latest.items() if r is not None and r in wanted}


def _statements_then(owner: Mapping[int, int], moment: Moment) -> dict[int, list[Statement]]:
    """The statements that were in force then, by their record."""
    found = (
        Statement.objects.filter(pk__in=list(owner), seq__lte=moment.statements)
        .filter(Q(superseded_by__isnull=True) | Q(superseded_by__seq__gt=moment.statements))
        .select_related("source", "speaker__locality")
        .order_by("seq")
    )
    out: dict[int, list[Statement]] = defaultdict(list)
    for statement in found:
        out[owner[statement.pk]].append(statement)
    return out


def _statuses(
    owner: Mapping[int, int], record_ids: Iterable[int], moment: Moment | None = None
) -> dict[int, list[list[str]]]:
    """Every state ever told of some contributions with its day, also by statements that were superseded since: what a side
    pledged and then did was pledged."""
    wanted = set(record_ids)
    rows = Statement.objects.filter(pk__in=[seq for seq, record in owner.items() if record in wanted])
    if moment is not None:
        rows = rows.filter(seq__lte=moment.statements)
    told = rows.order_by("seq").values_list(
        "seq", "values__status", "source_id", "made_at", "source__published"
    )
    out: dict[int, list[list[str]]] = defaultdict(list)
    for seq, status, source_id, made_at, published in told:
        if status:
            out[owner[seq]].append([status, _day(source_id, made_at, published)])
    return out


def _day(source_id: int | None, made_at: datetime, published: date | None) -> str:
    """The day of a statement, ISO: its page's; without a page its own; "" for a page that bears none."""
    if published is not None:
        return published.isoformat()
    return "" if source_id is not None else made_at.astimezone(UTC).date().isoformat()
