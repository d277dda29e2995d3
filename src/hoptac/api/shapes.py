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


class PlaceBrief(Schema):
    """A unit as it stood from ``valid_from`` to ``valid_to``, both included; an open first day is not known."""

    id: str = Field(description="Of one form of a place; a code is given on to other units, an id is not.")
    code: str | None
    name: str
    kind: str
    level: str
    full_name: str
    valid_from: date | None
    valid_to: date | None
    url: str


class RecordOut(Schema):
    uid: UUID
    slug: str
    kind: str
    title: str
    year: int | None
    standing: str
    values: dict[str, Any]
    cooperations: list[str]
    places: list[str] = Field(
        description="Ids of the units, as they were, in which the record counts: one where that is settled, else those"
        " that it may mean."
    )
    place_reason: str = Field(
        description="Empty where one unit is settled: no_place, unknown, unsettled, not_filled."
    )
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
    key: str = Field(
        description="Of a place: the unit's id, or `?` and the reason why no unit of the map holds these."
    )
    name: str
    unit: PlaceBrief | None = None
    sums: list[SumOut]
    counted: list[UUID]
    left_out: list[LeftOut]


class SumsOut(Schema):
    cooperation: str
    by: str | None
    groups: list[GroupOut]


class PlaceSums(PlaceBrief):
    records: int
    sums: list[SumOut]


class NotPlacedOut(Schema):
    reason: str
    records: int
    sums: list[SumOut]


class PlaceList(Schema):
    map: str
    level: str | None
    items: list[PlaceSums]
    not_placed: list[NotPlacedOut] = Field(description="What no unit of this map and level holds, by reason.")


class CoverOut(PlaceBrief):
    part: bool = Field(description="Whether only a part of the unit that was asked for lies there.")


class ChangeOut(PlaceBrief):
    part: bool
    on: date
    act: str


class PlaceFull(PlaceBrief):
    parents: list[PlaceBrief]
    lat: float | None
    lon: float | None
    now: list[CoverOut]
    came_from: list[ChangeOut]
    became: list[ChangeOut]
    on_map: str = Field(description="The map by which `groups` are made.")
    on_level: str | None
    received: GroupOut = Field(description="What it and the units that it came from received.")
    groups: list[GroupOut] = Field(description="The same by place of the map and level asked for.")
    perhaps: int = Field(description="Records of which it cannot be told whether they lie here; not counted.")


class FileOut(Schema):
    kind: str = Field(description="iati-activities, iati-organisation, csv, xlsx or parquet.")
    name: str
    publisher: str | None = Field(description="Of an IATI file: who publishes it.")
    ref: str | None = Field(description="Of an IATI file: the publisher's identifier.")
    items: int | None = Field(description="Of an IATI file: how many activities are in it.")
    made_at: datetime | None
    url: str
