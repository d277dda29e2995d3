"""What the API gives: one shape for each kind of answer. Sums are strings of digits, days ISO text, unknown is null."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from ninja import Schema
from pydantic import Field


class Problem(Schema):
    """An error as RFC 9457 has it."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str = ""
    errors: list[dict[str, Any]] = Field(default_factory=list)


class Locality(Schema):
    name: str
    code: str | None
    slug: str


class CooperationOut(Schema):
    slug: str
    name: str
    localities: list[Locality]
    records: int
    url: str


class CooperationPage(Schema):
    items: list[CooperationOut]
    next: str | None = Field(description="Address of the next page; null on the last.")


class RecordOut(Schema):
    uid: UUID
    slug: str
    kind: str
    title: str
    year: int | None
    standing: str
    values: dict[str, Any]
    cooperations: list[str]
    url: str


class RecordPage(Schema):
    items: list[RecordOut]
    next: str | None = Field(description="Address of the next page; null on the last.")


class SourceOut(Schema):
    sha256: str
    name: str
    title: str | None
    outlet: str | None
    url: str | None
    published: date | None
    read_at: datetime


class PassageOut(Schema):
    start: int = Field(description="First code point in the source's text rendition.")
    end: int = Field(description="One past the last code point.")
    quote: str = Field(description="At most 300 characters of the source's words.")


class StatementOut(Schema):
    uid: UUID
    speaker: str | None = Field(description="The party that speaks; null where the source itself does.")
    source: SourceOut | None
    values: dict[str, Any]
    made_at: datetime
    certainty: str | None = Field(description="Of the reading, 0 to 1; null for a party's own word.")
    passages: list[PassageOut]


class RecordFull(RecordOut):
    fields_: dict[str, Any] = Field(
        alias="fields", description="Each field's value, standing, and which statements say so or otherwise."
    )
    statements: list[StatementOut]


class SumOut(Schema):
    amount: str
    currency: str


class LeftOut(Schema):
    record: UUID
    reason: str


class GroupOut(Schema):
    key: str
    name: str
    sums: list[SumOut]
    counted: list[UUID]
    left_out: list[LeftOut]


class SumsOut(Schema):
    cooperation: str
    by: str | None
    groups: list[GroupOut]
