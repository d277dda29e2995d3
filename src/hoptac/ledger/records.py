"""A record's cache, rebuilt from its statements (dựng lại hồ sơ). Nothing here is the truth; all of it can be thrown away.

``rebuild`` is called inside the transaction that wrote the statements or filings, and by ``hoptac check`` to compare.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import Any

from hoptac.ledger.agree import compare
from hoptac.ledger.blocking import record_keys
from hoptac.ledger.canonical import page_key
from hoptac.ledger.climb import climb
from hoptac.ledger.consolidate import Consolidated, Said, consolidate
from hoptac.ledger.facts import Fact, Paired, covered_totals, fact_of
from hoptac.ledger.filing import Concerned, activity_values, concerned, filed_statements, title_of, year_of
from hoptac.ledger.identity import place_words
from hoptac.ledger.models import (
    ContributionFact,
    Cooperation,
    Filing,
    Party,
    Record,
    RecordKey,
    RecordParty,
    Statement,
)
from hoptac.ledger.parties import KnownParties, ensure_cooperation, named_units, side_of, sides_of
from hoptac.ledger.turns import word_of
from hoptac.ledger.values import check_values
from hoptac.ledger.whereabouts import MARK, Named, Span, Whereabouts, locate, settle, span_of
from hoptac.places.units import Unit
from hoptac.text.fold import search_key

MEMBERS_MOST = (
    5  # localities of one agreement that make a cooperation of their own; a larger circle is a conference
)


LIVING = ("body", "group", "school", "hospital")  # kinds of party whose own names say where they are
PLACED = ("contribution", "activity", "meeting")  # kinds of record that happen in a place
CACHED = (
    "values",
    "fields",
    "standing",
    "in_force",
    "title",
    "year",
    "place_units",
    "place_told",
    "place_why",
)


@dataclass(frozen=True)
class Rebuilt:
    """What a record's cache must hold."""

    consolidated: Consolidated
    title: str
    year: int | None
    roles: dict[tuple[int, str], str]
    words: dict[int, str]
    where: Whereabouts
    sides: tuple[Party, ...]
    pairs: tuple[tuple[Party, Party], ...]
    fact: Fact | None
    pair: tuple[frozenset[str], frozenset[str]]
    keys: frozenset[int]

    def word(self, party_id: int, role: str) -> str | None:
        """Where the word of a side stands; None of any other role."""
        return self.words.get(party_id) if role == "side" else None


def said(statement: Statement) -> Said:
    """A statement as consolidation sees it: who speaks for which side, and when it was said."""
    side = side_of(statement.speaker) or statement.speaker if statement.speaker is not None else None
    source = statement.source
    on = (
        source.published.isoformat()
        if source is not None and source.published
        else statement.made_at.isoformat()
    )
    return Said(
        uid=str(statement.uid),
        values=statement.values,
        side=side.identity if side is not None else None,
        said_on=on,
        supersedes=str(statement.supersedes.uid) if statement.supersedes is not None else None,
    )


def compute(record: Record, statements: Iterable[Statement], known: KnownParties | None = None) -> Rebuilt:
    """What the cache of a record must hold, from the statements filed under it. Writes nothing but parties that are new."""
    kept, told = list(statements), known or KnownParties()
    who = [concerned(record.kind, s.values, known) for s in kept]
    localities = [(p.pk, role) for c in who for role, ps in _locality_roles(c) for p in ps]
    localities += [(p.pk, "side") for p in _speaking(record.kind, kept)]
    roles = dict.fromkeys([*((p.pk, role) for c in who for role, p in c.roles), *localities])
    sides = {p.identity: p for c in who for p in (*c.sides, *_speaking(record.kind, kept))}
    identities = frozenset(sides) | {p.identity for c in who for _, p in c.roles if side_of(p) is None}
    entered = [said(s) for s in sorted(kept, key=lambda s: s.pk)]
    consolidated = consolidate(entered, sides=identities)
    counting = [s for s in entered if s.uid in consolidated.in_force]
    values = consolidated.values
    parties = {p.pk: p for c in who for p in (*(p for _, p in c.roles), *c.sides, *c.givers, *c.takers)}
    parties |= {p.pk: p for p in sides.values()}
    units = _party_units(record.kind, kept, consolidated, parties, known or KnownParties())
    return Rebuilt(
        consolidated=consolidated,
        title=title_of(record.kind, values) if kept else record.title,
        year=year_of(values),
        roles={(pk, role): MARK.join(sorted(u.id for u in units[pk])) for pk, role in roles},
        words={
            p.pk: word_of(p.identity, counting, identities, asked=_is_asked(record.kind, p, values, who))
            for p in sides.values()
        },
        where=_where(record.kind, kept, consolidated, who, units),
        sides=tuple(sides[key] for key in sorted(sides)),
        pairs=_pairs(record.kind, who),
        fact=_fact(consolidated) if record.kind == "contribution" and kept else None,
        pair=(
            frozenset(p.identity for c in who for p in c.givers),
            frozenset(p.identity for c in who for p in c.takers),
        ),
        keys=frozenset().union(
            *(
                record_keys(record.kind, told.told_as_one(record.kind, s.values), c.blocks)
                for s, c in zip(kept, who, strict=True)
            )
        ),
    )


def _speaking(kind: str, statements: Iterable[Statement]) -> list[Party]:
    """The localities that speak of a work in their own name: whoever paid for it is a side of it once it says so."""
    if kind != "activity":
        return []
    return sides_of(s.speaker for s in statements if s.speaker is not None)


def _is_asked(kind: str, side: Party, values: Mapping[str, Any], who: list[Concerned]) -> bool:
    """Whether a side owes an answer: a request was put to it, and none is told."""
    if kind != "ask" or values.get("kind") != "request" or values.get("outcome") or values.get("answer"):
        return False
    return any(role == "to" and (side_of(p) or p).pk == side.pk for c in who for role, p in c.roles)


def _named(place: Mapping[str, Any]) -> Named:
    return Named(place["name"], place.get("code"), place.get("unit"))


def _deed(consolidated: Consolidated) -> Span | None:
    return span_of(consolidated.values)


def _pages(statements: Iterable[Statement], consolidated: Consolidated) -> tuple[date, ...]:
    """The days of the pages that speak of a record."""
    told = (
        s.source.published for s in statements if s.source is not None and str(s.uid) in consolidated.in_force
    )
    return tuple(sorted({day for day in told if day is not None}))


def _party_units(
    kind: str,
    statements: list[Statement],
    consolidated: Consolidated,
    parties: dict[int, Party],
    known: KnownParties,
) -> dict[int, tuple[Unit, ...]]:
    """The units that each party may mean in the days of a record: of a locality by its name and code, of a body, a group, a
    school by the unit in its name, of any other only where a statement names its unit."""
    told: dict[int, set[str]] = {}
    for statement in statements:
        for name, code, unit in named_units(statement.values, kind):
            told.setdefault(known.ensure(name, code).pk, set()).add(unit)
    deed, pages = _deed(consolidated), _pages(statements, consolidated)
    place = consolidated.values.get("place")
    around = settle(_named(place), deed=deed, pages=pages) if place else ()
    out: dict[int, tuple[Unit, ...]] = {}
    for pk, party in parties.items():
        names = [Named(party.name, party.code, unit) for unit in sorted(told.get(pk, ()))]
        near = around
        words = (
            party.name
            if party.kind == "locality"
            else place_words(party.name)
            if party.kind in LIVING
            else None
        )
        if not names and words is not None:
            names = [Named(words, party.code if party.kind == "locality" else None)]
            side = side_of(party)
            if side is not None and side != party:
                near = settle(Named(side.name, side.code), deed=deed, pages=pages)
        units = {u.id: u for n in names for u in settle(n, deed=deed, pages=pages, near=near)}
        out[pk] = tuple(units[key] for key in sorted(units))
    return out


def _where(
    kind: str,
    statements: list[Statement],
    consolidated: Consolidated,
    who: list[Concerned],
    units: dict[int, tuple[Unit, ...]],
) -> Whereabouts:
    """Where a record counts: its place, else its recipients' own units, else their provinces."""
    shown = consolidated.values.get("place")
    if kind not in PLACED or not statements:
        return Whereabouts()
    places = (
        [s.values.get("place") for s in statements if str(s.uid) in consolidated.in_force] if shown else []
    )
    same = [p for p in places if p and compare("place", shown, p) == "same"]
    recipients = {p.pk: p for c in who for role, p in c.roles if role == "recipient"}
    recipients = recipients or {p.pk: p for c in who for p in c.takers}
    received = []
    for pk, party in recipients.items():
        side = side_of(party)
        received.append(units[pk] or (units.get(side.pk, ()) if side is not None else ()))
    return locate(
        [_named(p) for p in same],
        [found for found in received if found],
        finer=[_named(p) for p in places if p and compare("place", shown, p) == "near"],
        deed=_deed(consolidated),
        pages=_pages(statements, consolidated),
    )


def _fact(consolidated: Consolidated) -> Fact:
    fields = {name: view.as_json() for name, view in consolidated.fields.items()}
    return fact_of(consolidated.values, fields, consolidated.standing)


def _locality_roles(who: Concerned) -> tuple[tuple[str, tuple[Party, ...]], ...]:
    return ("side", who.sides), ("giver", who.givers), ("taker", who.takers)


def _pairs(kind: str, who: list[Concerned]) -> tuple[tuple[Party, Party], ...]:
    """The localities that a record brings together, two by two."""
    if kind == "contribution":
        givers = {p.pk: p for c in who for p in c.givers}
        takers = {p.pk: p for c in who for p in c.takers}
        return tuple((g, t) for g in givers.values() for t in takers.values() if g.pk != t.pk)
    if kind in ("meeting", "agreement", "ask"):
        return tuple((c.sides[0], c.sides[1]) for c in who if len(c.sides) == 2)
    return ()


def rebuild(record_ids: Iterable[int], known: KnownParties | None = None) -> None:
    """Rebuild the cache of some records, of the activities that they are parts of, and of the totals they stand in."""
    ids = sorted(set(record_ids))
    by_record: dict[int, list[Statement]] = {record_id: [] for record_id in ids}
    for statement, record_id in filed_statements(ids):
        by_record[record_id].append(statement)
    known = known or KnownParties()
    touched: set[int] = set()
    for record in Record.objects.filter(pk__in=ids).order_by("pk"):
        touched |= _write(record, by_record[record.pk], known)
    climb({*ids, *_join_activities(ids)})
    recount(touched)


def _write(record: Record, statements: list[Statement], known: KnownParties) -> set[int]:
    """Write one record's cache; gives the cooperations that it was or is in."""
    new = compute(record, statements, known)
    record.values = new.consolidated.values
    record.fields = {name: view.as_json() for name, view in new.consolidated.fields.items()}
    record.standing = new.consolidated.standing
    record.in_force = len(new.consolidated.in_force)
    record.title, record.title_key, record.year = new.title, search_key(new.title), new.year
    record.place_units, record.place_told, record.place_why = new.where.text, new.where.told, new.where.why
    record.save(update_fields=[*CACHED, "title_key"])
    _write_roles(record, new)
    _write_keys(record, new.keys)
    before = set(record.cooperations.values_list("pk", flat=True))
    after = {c.pk for c in _cooperations(record, new)}
    if before != after:
        record.cooperations.set(after)
    if new.fact is None:
        ContributionFact.objects.filter(record=record).delete()
    else:
        ContributionFact.objects.update_or_create(record=record, defaults=columns(new.fact))
    return before | after


def _write_keys(record: Record, keys: frozenset[int]) -> None:
    known = set(record.keys.values_list("key", flat=True))
    if known - keys:
        record.keys.filter(key__in=known - keys).delete()
    RecordKey.objects.bulk_create(RecordKey(record=record, key=key) for key in sorted(keys - known))


def _write_roles(record: Record, new: Rebuilt) -> None:
    known = {(r.party_id, r.role): r for r in record.roles.all()}
    for key, row in known.items():
        if key not in new.roles:
            row.delete()
        elif (row.units, row.word) != (new.roles[key], new.word(*key)):
            record.roles.filter(pk=row.pk).update(units=new.roles[key], word=new.word(*key))
    RecordParty.objects.bulk_create(
        RecordParty(
            record=record,
            party_id=party_id,
            role=role,
            units=new.roles[party_id, role],
            word=new.word(party_id, role),
        )
        for party_id, role in sorted(new.roles.keys() - known.keys())
    )


def _cooperations(record: Record, new: Rebuilt) -> list[Cooperation]:
    """A pair of localities makes a cooperation; so does an agreement of three to five. A meeting of more joins those that
    stand between its localities and makes none; an activity is in those of its parts."""
    if record.kind == "activity":
        return list(Cooperation.objects.filter(records__part_of=record).distinct())
    found = [ensure_cooperation(pair) for pair in new.pairs]
    if record.kind == "agreement" and 2 < len(new.sides) <= MEMBERS_MOST:
        found.append(ensure_cooperation(new.sides))
    if record.kind in ("meeting", "agreement") and len(new.sides) > 2:
        keys = {p.pk for p in new.sides}
        near = Cooperation.objects.filter(localities__in=keys).distinct().prefetch_related("localities")
        found += [c for c in near if {p.pk for p in c.localities.all()} <= keys]
    return list({c.pk: c for c in found}.values())


def columns(fact: Fact) -> dict[str, Any]:
    """A fact as columns of ContributionFact."""
    return {
        "amount_minor": fact.amount,
        "of_total_minor": fact.of_total,
        "exponent": fact.exponent,
        "currency": fact.currency,
        "bound": fact.bound,
        "quantity": fact.quantity,
        "unit": fact.unit,
        "year": fact.year,
        "year_to": fact.year_to,
        "field": fact.field,
        "status": fact.status,
        "act": fact.act,
        "place": fact.place,
        "standing": fact.standing,
        "counted": not fact.left_out,
        "left_out": fact.left_out,
    }


def _join_activities(record_ids: list[int]) -> set[int]:
    """Set ``part_of``: the activity under which the work that a contribution's statements name is filed. Gives the activities."""
    contributions = set(
        Record.objects.filter(pk__in=record_ids, kind="contribution").values_list("pk", flat=True)
    )
    activities = set(Record.objects.filter(pk__in=record_ids, kind="activity").values_list("pk", flat=True))
    contributions |= set(Record.objects.filter(part_of__in=activities).values_list("pk", flat=True))
    wanted = activities_of(contributions)
    for record_id, before in Record.objects.filter(pk__in=contributions).values_list("pk", "part_of_id"):
        activities |= {pk for pk in (before, wanted[record_id]) if pk is not None}
        if before != wanted[record_id]:
            Record.objects.filter(pk=record_id).update(part_of=wanted[record_id])
    for activity in Record.objects.filter(pk__in=activities).order_by("pk"):
        activity.cooperations.set(Cooperation.objects.filter(records__part_of=activity).distinct())
    return activities


def activities_of(contribution_ids: Iterable[int]) -> dict[int, int | None]:
    """The activity of each contribution record, None where its statements name no work that is filed."""
    out: dict[int, int | None] = dict.fromkeys(contribution_ids)
    for statement, record_id in filed_statements(out):
        if out[record_id] is None:
            out[record_id] = _activity_of(statement)
    return out


def _activity_of(statement: Statement) -> int | None:
    key = activity_key(statement)
    if key is None:
        return None
    filing = Filing.objects.filter(statement__key=key).order_by("-id").first()
    return filing.record_id if filing is not None else None


def activity_key(statement: Statement) -> str | None:
    """The key of the statement that tells of the work which a contribution's statement names."""
    values = activity_values(statement.values)
    if values is None:
        return None
    said_by = statement.speaker.identity if statement.speaker is not None else ""
    origin = statement.source.sha256 if statement.source is not None else f"statement {statement.uid}"
    return page_key(origin, said_by, "activity", check_values("activity", values))


def recount(cooperation_ids: Iterable[int]) -> None:
    """Decide anew, for all contributions of some cooperations, which sums are totals of others (``covered_total``)."""
    ids = set(
        chain.from_iterable(
            Record.objects.filter(cooperations=pk, kind="contribution").values_list("pk", flat=True)
            for pk in set(cooperation_ids)
        )
    )
    facts = {f.record_id: f for f in ContributionFact.objects.filter(record__in=ids)}
    totals = covered_totals(paired_facts(facts.values()))
    for record_id, fact in sorted(facts.items()):
        left_out = "covered_total" if record_id in totals else own_reason(fact)
        if left_out != fact.left_out:
            ContributionFact.objects.filter(pk=fact.pk).update(left_out=left_out, counted=not left_out)


def own_reason(fact: ContributionFact) -> str:
    """Why a fact does not count by itself, whatever else is told."""
    return "" if fact.left_out == "covered_total" else fact.left_out


def paired_facts(facts: Iterable[ContributionFact]) -> list[Paired]:
    """Facts with whom they join, as ``covered_totals`` takes them."""
    kept = list(facts)
    pairs: dict[int, tuple[set[str], set[str]]] = {f.record_id: (set(), set()) for f in kept}
    rows = RecordParty.objects.filter(record__in=list(pairs), role__in=("giver", "taker"))
    for record_id, role, identity in rows.values_list("record_id", "role", "party__identity"):
        pairs[record_id][role == "taker"].add(identity)
    return [
        Paired(f.record_id, (frozenset(pairs[f.record_id][0]), frozenset(pairs[f.record_id][1])), as_fact(f))
        for f in kept
    ]


def as_fact(row: ContributionFact) -> Fact:
    """A row of ContributionFact as a value."""
    return Fact(
        amount=row.amount_minor,
        of_total=row.of_total_minor,
        exponent=row.exponent,
        currency=row.currency,
        bound=row.bound,
        quantity=row.quantity,
        unit=row.unit,
        year=row.year,
        year_to=row.year_to,
        field=row.field,
        status=row.status,
        act=row.act,
        place=row.place,
        standing=row.standing,
        left_out=own_reason(row),
    )
