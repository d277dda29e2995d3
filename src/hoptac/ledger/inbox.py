"""What waits for a person, and what persons decide (hộp chờ và quyết định xếp hồ sơ).

A decision is a filing row that names the row it replaces (``after``): each is replaced once at most, so of two officers who
decide at once one wins and the other is told (``MovedError``). Nothing is changed or deleted: an undo is a row too, and a
person's reading of a passage stands beside the machine's, which is only set aside.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction

from hoptac.ledger.canonical import digest
from hoptac.ledger.filing import (
    CERTAIN,
    Proposal,
    Shelf,
    Suggestion,
    concerned,
    filed_under,
    open_record,
    propose,
    put_in_line,
    suggest,
    wait,
)
from hoptac.ledger.models import Filing, Party, Passage, Record, Statement, StatementPassage, Waiting
from hoptac.ledger.parties import side_of
from hoptac.ledger.records import activity_key, rebuild
from hoptac.ledger.statements import Draft, append, lock_chain

FILE, NEW, REJECT, UNDO = "file", "new", "reject", "undo"
SPLIT = "split"  # begins the reason of a statement that was set aside for readings of a person: their numbers follow


class MovedError(Exception):
    """Someone else has decided of a statement since it was shown; ``now`` is where it stands."""

    def __init__(self, now: Filing | None) -> None:
        super().__init__(str(now))
        self.now = now


@dataclass(frozen=True, slots=True)
class Choice:
    """One decision that a person asks for. ``seen`` is the id of the filing row that the screen showed."""

    statement: int
    seen: int
    action: str
    record: int | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Done:
    """What came of a choice. ``filing`` None: someone else had decided; ``now`` is where the statement stands."""

    choice: Choice
    filing: Filing | None
    now: Filing | None = None


@dataclass(frozen=True, slots=True)
class Offer:
    """A statement that waits, with what is proposed for it."""

    statement: Statement
    filing: Filing
    found: tuple[Suggestion, ...]
    answer: Proposal

    @property
    def sure(self) -> bool:
        """Whether both the reading and the answer are sure enough for a batch."""
        certain = self.statement.confidence is None or self.statement.confidence >= CERTAIN
        return certain and self.answer.clear and not self.answer.tied


def offers(statements: Iterable[Statement], shelf: Shelf | None = None) -> list[Offer]:
    """What is proposed for each of some statements, in their order."""
    shelf, kept = shelf or Shelf(), list(statements)
    latest: dict[int, Filing] = {}
    for filing in Filing.objects.filter(statement__in=kept).order_by("id"):
        latest[filing.statement_id] = filing
    out = []
    for statement in kept:
        found = suggest(statement, shelf=shelf)
        out.append(Offer(statement, latest[statement.pk], tuple(found), propose(found)))
    return out


def decide(choices: Sequence[Choice], *, by: User, at: datetime) -> list[Done]:
    """Do what a person chose, one after another; one that someone else has decided meanwhile is told and left alone."""
    out: list[Done] = []
    touched: set[int] = set()
    with transaction.atomic():
        lock_chain()
        for choice in choices:
            try:
                filing, records = _decide(choice, by, at)
            except MovedError as error:
                out.append(Done(choice, None, error.now))
                continue
            touched |= records
            out.append(Done(choice, filing))
        rebuild(touched)
    return out


def _decide(choice: Choice, by: User, at: datetime) -> tuple[Filing, set[int]]:
    statement = Statement.objects.select_related("source", "speaker").get(pk=choice.statement)
    before = filed_under(statement)
    if before is None or before.pk != choice.seen:
        raise MovedError(before)
    if choice.action == UNDO:
        return _undo(statement, before, choice.reason, by, at)
    record: Record | None = None
    if choice.action == NEW:
        record = open_record(statement, made_at=at)
    elif choice.action == FILE and choice.record is not None:
        record = Record.objects.get(pk=choice.record, kind=statement.kind)
    filing = _file(
        statement, record, before, REJECT if choice.action == REJECT else FILE, choice.reason, by, at
    )
    touched = {pk for pk in (before.record_id, filing.record_id) if pk is not None}
    return filing, touched | _companion(statement, filing, by, at)


def _file(
    statement: Statement,
    record: Record | None,
    before: Filing,
    action: str,
    reason: str,
    by: User,
    at: datetime,
) -> Filing:
    """The new row, in place of the one that was seen; MovedError where another took that place."""
    try:
        with transaction.atomic():
            filing = Filing.objects.create(
                statement=statement,
                record=record,
                action=action,
                reason=reason,
                by=by,
                made_at=at,
                after=before,
            )
    except IntegrityError as error:
        raise MovedError(filed_under(statement)) from error
    if record is not None or action == REJECT:
        Waiting.objects.filter(statement=statement).delete()
    else:
        shelf = Shelf()
        who = concerned(statement.kind, statement.values, shelf.parties)
        best = next(iter(suggest(statement, shelf=shelf, who=who)), None)
        put_in_line(statement, who, best, since=at)
    return filing


def _undo(
    statement: Statement, filing: Filing, reason: str, by: User, at: datetime
) -> tuple[Filing, set[int]]:
    """Back to where the statement stood before its latest filing; readings of a person that took its place are set aside."""
    rows = Filing.objects.filter(statement=statement, id__lt=filing.pk).select_related("record")
    earlier = filing.after or rows.order_by("-id").first()
    record = earlier.record if earlier is not None else None
    aside = earlier is not None and earlier.action == REJECT
    undone = _file(statement, record, filing, REJECT if aside else UNDO, reason, by, at)
    touched = {pk for pk in (filing.record_id, undone.record_id) if pk is not None}
    if filing.action == REJECT and filing.reason.startswith(f"{SPLIT} "):
        for uid in filing.reason.split("\n")[0].split()[1:]:
            part = Statement.objects.filter(uid=UUID(uid)).first()
            now = filed_under(part) if part is not None else None
            if part is not None and now is not None and now.action != REJECT:
                _file(part, None, now, REJECT, f"{UNDO} {statement.uid}", by, at)
                touched |= {now.record_id} if now.record_id is not None else set()
    return undone, touched | _companion(statement, undone, by, at)


def _companion(statement: Statement, filing: Filing, by: User, at: datetime) -> set[int]:
    """The statement of the work that a contribution names waits with it, and is filed when the contribution is.

    It stays filed where the contribution is taken back: a work may be told of by others.
    """
    key = activity_key(statement) if statement.kind == "contribution" else None
    work = Statement.objects.filter(key=key).first() if key is not None else None
    now = filed_under(work) if work is not None else None
    if work is None or now is None or now.record_id is not None or filing.record_id is None:
        return set()
    answer = propose(suggest(work))
    record = answer.record if answer.record is not None and not answer.tied else open_record(work, made_at=at)
    Filing.objects.create(
        statement=work, record=record, reason=f"with {statement.uid}", by=by, made_at=at, after=now
    )
    return {record.pk}


def read_instead(
    statement: Statement,
    parts: Sequence[Mapping[str, Any]],
    *,
    seen: int,
    form: UUID,
    reason: str,
    by: User,
    at: datetime,
) -> list[Statement]:
    """A person's own reading of a statement's passages: one (a value corrected) or several (split).

    The new statements are of the same source and speaker, signed, without a reader; they supersede nothing of the machine's,
    which is set aside with the reason and their numbers, and can be put back (``UNDO``). The new ones wait.
    Fails   ValuesError naming each wrong field; MovedError where someone else has decided meanwhile.
    """
    with transaction.atomic():
        lock_chain()
        before = filed_under(statement)
        if before is None or before.pk != seen:
            raise MovedError(before)
        passages = [link.passage for link in statement.stands_on.select_related("passage").order_by("order")]
        drafts = [
            Draft(
                kind=statement.kind,
                values=values,
                key=digest(["form", str(form), n]),
                speaker=statement.speaker,
                source=statement.source,
                passages=passages,
                signer=by,
                reason=reason,
            )
            for n, values in enumerate(parts)
        ]
        made = [one for one, new in append(drafts, made_at=at) if new]
        uids = " ".join(str(one.uid) for one in made)
        _file(statement, None, before, REJECT, f"{SPLIT} {uids}\n{reason}", by, at)
        shelf = Shelf()
        for one in made:
            who = concerned(one.kind, one.values, shelf.parties)
            found = suggest(one, shelf=shelf, who=who)
            wait(one, who, found, reason="read_by_person", made_at=at)
        rebuild([before.record_id] if before.record_id is not None else [])
    return made


def speakers_side(statement: Statement) -> Party | None:
    """The locality whose own word a statement is; None where a newspaper or a site speaks."""
    return side_of(statement.speaker) if statement.speaker is not None else None


def passages_of(statements: Iterable[Statement]) -> dict[int, list[Passage]]:
    """The passages that each of some statements stands on."""
    out: dict[int, list[Passage]] = {}
    links = StatementPassage.objects.filter(statement__in=list(statements)).select_related("passage")
    for link in links.order_by("order"):
        out.setdefault(link.statement_id, []).append(link.passage)
    return out
