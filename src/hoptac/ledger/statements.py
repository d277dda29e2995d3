"""The one way in (đường ghi duy nhất): every statement is appended here, chained to the one before it.

Whoever appends holds the row of ChainHead until the transaction ends; on SQLite the transaction itself (IMMEDIATE) is
that lock. So the chain has one order, the order of ``seq``, and two writers never fork it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction

from hoptac.ledger.canonical import digest, uid_of
from hoptac.ledger.models import ChainHead, Party, Passage, Source, Statement, StatementPassage
from hoptac.ledger.values import check_values


class StatementError(Exception):
    """A statement that the ledger refuses; ``code`` is a row of the ``messages_ledger`` table."""

    def __init__(self, code: str, **values: str) -> None:
        super().__init__(f"{code}: " + ", ".join(f"{k}={v}" for k, v in values.items()))
        self.code, self.values = code, values


@dataclass(frozen=True)
class Draft:
    """A statement that is to be appended. ``values`` are checked and brought into canonical form on the way."""

    kind: str
    values: Mapping[str, Any]
    key: str
    speaker: Party | None = None
    source: Source | None = None
    passages: Sequence[Passage] = ()
    signer: User | None = None
    reason: str = ""
    confidence: int | None = None
    reader: str = ""
    supersedes: Statement | None = None


def lock_chain() -> ChainHead:
    """Hold the end of the chain until the transaction ends. Must be called inside ``transaction.atomic``."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("lock_chain outside a transaction")
    head = ChainHead.objects.select_for_update().filter(pk=1).first()
    return head if head is not None else ChainHead.objects.create(pk=1)


def append(drafts: Iterable[Draft], *, made_at: datetime) -> list[tuple[Statement, bool]]:
    """Append statements in order; each comes back with whether it is new. A key that is known is given back as it is.

    Fails   ValuesError for values that cannot be; StatementError L10 without a passage or a signer's reason (L2), L11
            where another's or another kind's statement would be superseded, L12 where it is superseded already (L3).
    """
    with transaction.atomic():
        head = lock_chain()
        length, last = head.length, head.hash
        out: list[tuple[Statement, bool]] = []
        for draft in drafts:
            known = Statement.objects.filter(key=draft.key).first()
            if known is not None:
                out.append((known, False))
                continue
            values = check_values(draft.kind, draft.values)
            _refuse_what_does_not_stand(draft)
            statement = Statement(
                uid=uid_of(draft.key),
                kind=draft.kind,
                speaker=draft.speaker,
                source=draft.source,
                signer=draft.signer,
                reason=draft.reason.strip(),
                values=values,
                confidence=draft.confidence,
                reader=draft.reader,
                made_at=made_at.astimezone(UTC),
                key=draft.key,
                supersedes=draft.supersedes,
                prev_hash=last,
            )
            passages = list(dict.fromkeys(draft.passages))
            statement.hash = hash_of(statement, passages)
            statement.save()
            StatementPassage.objects.bulk_create(
                StatementPassage(statement=statement, passage=p, order=n) for n, p in enumerate(passages)
            )
            length, last = length + 1, statement.hash
            out.append((statement, True))
        changed = ChainHead.objects.filter(pk=1, hash=head.hash, length=head.length).update(
            hash=last, length=length
        )
        if changed != 1:
            raise RuntimeError("the chain of hashes moved under its holder")
    return out


def _refuse_what_does_not_stand(draft: Draft) -> None:
    if not draft.passages and not (draft.signer is not None and draft.reason.strip()):
        raise StatementError("L10", kind=draft.kind)
    if any(p.source_id != (draft.source.pk if draft.source else None) for p in draft.passages):
        raise StatementError("L13", kind=draft.kind)
    old = draft.supersedes
    if old is None:
        return
    if old.speaker_id != (draft.speaker.pk if draft.speaker else None) or old.kind != draft.kind:
        raise StatementError("L11", uid=str(old.uid))
    if old.speaker_id is None and old.source_id != (draft.source.pk if draft.source else None):
        raise StatementError("L11", uid=str(old.uid))
    if Statement.objects.filter(supersedes=old).exists():
        raise StatementError("L12", uid=str(old.uid))


def hash_of(statement: Statement, passages: Sequence[Passage]) -> str:
    """The statement's link in the chain: SHA-256 over its canonical content and the hash before it (L9)."""
    return digest(
        {
            "uid": str(statement.uid),
            "kind": statement.kind,
            "speaker": statement.speaker.identity if statement.speaker else None,
            "source": statement.source.sha256 if statement.source else None,
            "signer": statement.signer_id,
            "reason": statement.reason,
            "values": statement.values,
            "confidence": statement.confidence,
            "reader": statement.reader,
            "made_at": statement.made_at.astimezone(UTC).isoformat(timespec="microseconds"),
            "key": statement.key,
            "supersedes": str(statement.supersedes.uid) if statement.supersedes else None,
            "passages": [[p.start, p.end, p.quote] for p in passages],
            "prev": statement.prev_hash,
        }
    )
