"""What persons decide of parties and people (quyết định về bên và người): one under two names, further names, identifiers.

A decision is a row that is never changed; ``undo`` is a row too, and each decision is undone once at most, so of two who act
at once one wins. Statements keep the names that they tell; records, sums and suggestions follow the decision, and follow back.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.db.models import Q
from rapidfuzz import fuzz

from hoptac.ledger.identity import identify
from hoptac.ledger.models import Filing, Party, PartyDecision, Person, RecordParty
from hoptac.ledger.parties import side_of
from hoptac.ledger.records import rebuild
from hoptac.ledger.statements import lock_chain
from hoptac.places.units import PROVINCE

MERGE, NAME, IDENTIFIER, UNDO = "merge", "name", "identifier", "undo"
ALIKE = 85  # of 100: two names that may be one party's
LIKE_MOST = 10  # parties that are proposed for a merger
TELLING = 3  # of its longest words, one of which a like name must hold
LOOKED_AT = 2000  # parties whose names are compared
_DAY = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")
_SCHEME = re.compile(r"[A-Z]{2}-[A-Z0-9_-]{1,30}")


class DecisionError(Exception):
    """A decision that cannot be: ``code`` is one of ``same``, ``locality``, ``sides``, ``merged``, ``undone``, ``day``, ``scheme``, ``known``."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Name:
    """A name that a party bears or bore, and the decision that says so."""

    decision: PartyDecision
    name: str
    valid_from: str | None
    valid_to: str | None


def stands(decisions: Iterable[PartyDecision] | None = None) -> list[PartyDecision]:
    """The decisions that no later one undid, oldest first."""
    rows = PartyDecision.objects.filter(undone_by=None).exclude(action=UNDO).order_by("id")
    return list(rows) if decisions is None else [d for d in rows if d in set(decisions)]


def merge_parties(party: Party, into: Party, *, by: User, reason: str, at: datetime) -> PartyDecision:
    """Decide that two parties are one, which bears the name of ``into`` from now on; records and sums follow at once.

    Fails   DecisionError: ``same``; ``locality`` where one is a country or province, which are told apart by law;
            ``sides`` where they belong to two localities; ``merged`` where someone else merged it meanwhile.
    """
    with transaction.atomic():
        lock_chain()
        into = Party.objects.select_related("merged_into").get(pk=into.pk)
        into = into.merged_into or into
        if party.pk == into.pk:
            raise DecisionError("same")
        if any(p.kind == "locality" and (p.level or 0) <= PROVINCE for p in (party, into)):
            raise DecisionError("locality")
        sides = [side_of(p) for p in (party, into)]
        if sides[0] is not None and sides[1] is not None and sides[0].pk != sides[1].pk:
            raise DecisionError("sides")
        if Party.objects.filter(pk=party.pk, merged_into=None).update(merged_into=into) != 1:
            raise DecisionError("merged")
        touched = records_of([party.pk])
        Party.objects.filter(merged_into=party).update(merged_into=into)
        made = PartyDecision.objects.create(
            action=MERGE, party=party, into=into, reason=reason, by=by, made_at=at
        )
        rebuild(touched)
    return made


def merge_people(person: Person, into: Person, *, by: User, reason: str, at: datetime) -> PartyDecision:
    """Decide that two names are one person. Fails as ``merge_parties``: ``same``, ``sides``, ``merged``."""
    with transaction.atomic():
        lock_chain()
        into = Person.objects.select_related("merged_into").get(pk=into.pk)
        into = into.merged_into or into
        if person.pk == into.pk:
            raise DecisionError("same")
        if person.side_id and into.side_id and person.side_id != into.side_id:
            raise DecisionError("sides")
        if Person.objects.filter(pk=person.pk, merged_into=None).update(merged_into=into) != 1:
            raise DecisionError("merged")
        Person.objects.filter(merged_into=person).update(merged_into=into)
        return PartyDecision.objects.create(
            action=MERGE, person=person, into_person=into, reason=reason, by=by, made_at=at
        )


def add_name(
    party: Party,
    name: str,
    *,
    valid_from: str | None = None,
    valid_to: str | None = None,
    by: User,
    reason: str,
    at: datetime,
) -> PartyDecision:
    """Say that a party bears or bore another name; statements that tell it speak of this party from now on.

    Fails   DecisionError ``day`` for a day that is none; ``known`` where another party bears the name: merge the two.
    """
    for day in (valid_from, valid_to):
        if day is not None and not _DAY.fullmatch(day):
            raise DecisionError("day")
    identity = identify(name).identity
    if Party.objects.filter(identity=identity).exists():
        raise DecisionError("known")
    return PartyDecision.objects.create(
        action=NAME, party=party, name=" ".join(name.split())[:400], identity=identity,
        valid_from=valid_from, valid_to=valid_to, reason=reason, by=by, made_at=at,
    )  # fmt: skip


def add_identifier(
    party: Party, scheme: str, value: str, *, by: User, reason: str, at: datetime
) -> PartyDecision:
    """Say under what identifier a register lists a party, as IATI writes it ("XM-DAC", "12345"); ``reason`` is the source.

    Fails   DecisionError ``scheme`` for a register that is no code; ``known`` where it is another party's.
    """
    scheme, value = scheme.strip().upper(), value.strip()
    if not _SCHEME.fullmatch(scheme) or not value or len(value) > 120 or " " in value:
        raise DecisionError("scheme")
    others = PartyDecision.objects.filter(action=IDENTIFIER, scheme=scheme, value=value, undone_by=None)
    if others.exists():
        raise DecisionError("known")
    return PartyDecision.objects.create(
        action=IDENTIFIER, party=party, scheme=scheme, value=value, reason=reason, by=by, made_at=at
    )


def undo(decision: PartyDecision, *, by: User, reason: str, at: datetime) -> PartyDecision:
    """Undo a decision: names part again, and with them records and sums. DecisionError ``undone`` where someone was faster."""
    with transaction.atomic():
        lock_chain()
        touched = records_of([p for p in (decision.into_id, decision.party_id) if p is not None])
        try:
            with transaction.atomic():
                made = PartyDecision.objects.create(
                    action=UNDO, party=decision.party, person=decision.person, undoes=decision,
                    reason=reason, by=by, made_at=at,
                )  # fmt: skip
        except IntegrityError as error:
            raise DecisionError("undone") from error
        if decision.action == MERGE:
            for party_id, into in merged_parties().items():
                Party.objects.filter(pk=party_id).exclude(merged_into=into).update(merged_into=into)
            gone = set(Party.objects.exclude(merged_into=None).values_list("pk", flat=True)) - set(
                merged_parties()
            )
            Party.objects.filter(pk__in=gone).update(merged_into=None)
            people = merged_people()
            for person_id, one in people.items():
                Person.objects.filter(pk=person_id).update(merged_into=one)
            Person.objects.exclude(merged_into=None).exclude(pk__in=people).update(merged_into=None)
        if decision.action in (MERGE, NAME) and decision.person_id is None:
            rebuild(touched)
    return made


def merged_parties() -> dict[int, int]:
    """Party id -> the party that stands for it, by the decisions that stand."""
    rows = PartyDecision.objects.filter(action=MERGE, undone_by=None, person=None).order_by("id")
    return _ends({p: i for p, i in rows.values_list("party_id", "into_id") if p and i})


def merged_people() -> dict[int, int]:
    """Person id -> the person that stands for them."""
    rows = PartyDecision.objects.filter(action=MERGE, undone_by=None, party=None).order_by("id")
    return _ends({p: i for p, i in rows.values_list("person_id", "into_person_id") if p and i})


def _ends(edges: dict[int, int]) -> dict[int, int]:
    out = {}
    for start in edges:
        end, met = start, set()
        while end in edges and end not in met:
            met.add(end)
            end = edges[end]
        if end != start:
            out[start] = end
    return out


def records_of(party_ids: Iterable[int]) -> list[int]:
    """The records in which some parties, or those merged into them, play a role."""
    ids = list(party_ids)
    roles = RecordParty.objects.filter(Q(party__in=ids) | Q(party__merged_into__in=ids))
    return sorted(set(roles.values_list("record_id", flat=True)))


def names_of(party: Party) -> list[Name]:
    """The further names of a party that decisions give: told ones, and those of parties merged into it."""
    rows = PartyDecision.objects.filter(undone_by=None).select_related("party", "by")
    told = rows.filter(action=NAME, party=party)
    merged = rows.filter(action=MERGE, party__merged_into=party)
    out = [Name(d, d.name, d.valid_from, d.valid_to) for d in told]
    return out + [Name(d, d.party.name, None, None) for d in merged if d.party is not None]


def like_parties(party: Party) -> list[tuple[Party, int]]:
    """Parties of one kind and locality whose names are so like that they may be one, the likest first."""
    rows = Party.objects.filter(merged_into=None).exclude(pk=party.pk)
    rows = rows.filter(Q(locality=party.locality) | Q(locality=None)) if party.locality_id else rows
    rows = rows.exclude(kind="locality", level__lte=PROVINCE)
    telling = sorted(party.name_key.split(), key=lambda word: (-len(word), word))[:TELLING]
    shared = Q(name_key__contains=telling[0]) if telling else Q(pk=None)
    for word in telling[1:]:
        shared |= Q(name_key__contains=word)
    near = rows.filter(shared).order_by("name_key")[:LOOKED_AT]
    scored = [(p, round(fuzz.token_sort_ratio(party.name_key, p.name_key))) for p in near]
    held = [(p, max(s, ALIKE) if _held(party.name_key, p.name_key) else s) for p, s in scored]
    return sorted(((p, s) for p, s in held if s >= ALIKE), key=lambda t: (-t[1], t[0].name_key))[:LIKE_MOST]


def _held(a: str, b: str) -> bool:
    return f" {a} " in f" {b} " or f" {b} " in f" {a} "


@dataclass(frozen=True, slots=True)
class Office:
    """An office that statements give a person: from and to the days of the pages that say so (None: no page has a day)."""

    office: str
    first: str | None
    last: str | None
    statements: int


def offices_of(person: Person) -> list[Office]:
    """The offices of a person as statements in force tell them, the earliest first."""
    newer = Filing.objects.filter(person__in=[person, *person.merged.all()], statement__superseded_by=None)
    rows = newer.select_related("statement__source").defer(
        "statement__source__text", "statement__source__layout"
    )
    told: dict[str, list[str]] = {}
    counts: dict[str, int] = {}
    words: dict[str, str] = {}
    seen: set[int] = set()
    for filing in rows.order_by("-id"):
        if filing.statement_id in seen:
            continue
        seen.add(filing.statement_id)
        office = filing.statement.values.get("office", "")
        key = office.lower()
        words.setdefault(key, office)
        counts[key] = counts.get(key, 0) + 1
        source = filing.statement.source
        if source is not None and source.published is not None:
            told.setdefault(key, []).append(source.published.isoformat())
    found = [
        Office(words[k], min(told[k]) if k in told else None, max(told[k]) if k in told else None, counts[k])
        for k in words
    ]
    return sorted(found, key=lambda o: (o.first or "9999", o.office))
