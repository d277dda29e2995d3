"""What a statement may say (giá trị của lời khai): one checked form for each kind, the contract's words. Knows no Django.

Decimals travel as strings; an unknown value is left out; text is NFC and trimmed. ``check_values`` names every field that
is wrong, not only the first.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from hoptac.ledger.canonical import canonical, decimal_text, tidy
from hoptac.reading import values as contract

MINOR_MOST = 2**63 - 1  # what a BigInteger holds, above the 10**18 đồng that must fit
DECIMALS_MOST = 6
TEXT_MOST = 4000
LIST_MOST = 200  # clauses of an agreement, people at a meeting
STAGES_TOLD = ("planned", "handed_over", "in_use", "needs_repair", "closed")
LIFE_ACTS = ("built", "enlarged", "repaired", "renewed", "equipped", "moved", "closed")
OUTCOMES = ("accepted", "partly", "declined", "later")


class ValuesError(ValueError):
    """Values that cannot be a statement. ``faults`` are (field, what was found, what was expected)."""

    def __init__(self, kind: str, faults: list[tuple[str, str, str]]) -> None:
        self.kind, self.faults = kind, faults
        super().__init__(
            "; ".join(f"{kind}.{at}: found {found}; expected {expected}" for at, found, expected in faults)
        )


def _number(value: Any) -> str:
    if isinstance(value, bool | float):
        raise ValueError("a number as a string of digits, never a float")
    try:
        number = Decimal(str(value).strip())
    except InvalidOperation:
        raise ValueError("a number as a string of digits") from None
    if not number.is_finite() or number < 0:
        raise ValueError("a number of zero or more")
    exponent = number.normalize().as_tuple().exponent
    if isinstance(exponent, int) and exponent < -DECIMALS_MOST:
        raise ValueError(f"at most {DECIMALS_MOST} decimals")
    if number.scaleb(max(0, -exponent if isinstance(exponent, int) else 0)) > MINOR_MOST:
        raise ValueError(f"at most {MINOR_MOST} smallest units")
    return decimal_text(number)


def _date(value: str) -> str:
    m = re.fullmatch(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", value)
    if m is None:
        raise ValueError("a date as YYYY, YYYY-MM or YYYY-MM-DD")
    month, day = m.group(2), m.group(3)
    if (month and not 1 <= int(month) <= 12) or (day and not 1 <= int(day) <= 31):
        raise ValueError("a month 01-12 and a day 01-31")
    return value


def one_of(codes: tuple[str, ...]) -> AfterValidator:
    def check(value: str) -> str:
        if value not in codes:
            raise ValueError("one of " + ", ".join(codes))
        return value

    return AfterValidator(check)


def _period(value: tuple[int | None, int | None]) -> tuple[int | None, int | None]:
    first, last = value
    if first is None and last is None:
        raise ValueError("a period with at least one end")
    if first is not None and last is not None and first > last:
        raise ValueError("a period that ends after it begins")
    return value


Text = Annotated[
    str,
    Field(min_length=1, max_length=TEXT_MOST),
    BeforeValidator(lambda v: tidy(v) if isinstance(v, str) else v),
]
Number = Annotated[str, BeforeValidator(_number)]
Date = Annotated[str, AfterValidator(_date)]
Year = Annotated[int, Field(ge=1, le=9999)]
Period = Annotated[tuple[Year | None, Year | None], AfterValidator(_period)]


class _Values(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=False)


class Named(_Values):
    name: Text
    code: Text | None = None
    unit: Text | None = None


class Sum(_Values):
    value: Number
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] | None = None
    bound: Annotated[str, one_of(contract.BOUNDS)] = "exact"
    of_total: Number | None = None
    each: Annotated[bool | None, AfterValidator(lambda each: each or None)] = None
    """True for a rate ("mỗi suất 200.000 đồng"): left out where it is not one."""


class Count(_Values):
    value: Number
    unit: Text | None = None


class Attendee(_Values):
    """A person at a table, or one who signs: named in an office, for a side."""

    name: Text
    office: Text | None = None
    side: Text | None = None


class Clause(_Values):
    """One clause of an agreement (điều khoản), by the number that its paper gives it."""

    n: Annotated[int, Field(ge=1, le=999)]
    text: Text


class Stage(_Values):
    """How far a work has come (chặng), and since which day."""

    code: Annotated[str, one_of(STAGES_TOLD)]
    on: Date | None = None


class LifeYear(_Values):
    """What was done to a work in a year: built 1984, enlarged 2004."""

    year: Year
    act: Annotated[str, one_of(LIFE_ACTS)]
    note: Text | None = None


class Contribution(_Values):
    funder: list[Named] = Field(default_factory=list)
    recipient: list[Named] = Field(default_factory=list)
    what: Text
    act: Annotated[str, one_of(contract.ACTS)]
    amount: Sum | None = None
    quantity: Count | None = None
    year: Year | None = None
    period: Period | None = None
    place: Named | None = None
    field: Annotated[str, one_of(contract.FIELDS)] | None = None
    status: Annotated[str, one_of(contract.STATUSES)] | None = None
    due: Date | None = None


class Activity(_Values):
    name: Text
    recipient: list[Named] = Field(default_factory=list)
    place: Named | None = None
    field: Annotated[str, one_of(contract.FIELDS)] | None = None
    stage: Stage | None = None
    due: Date | None = None
    owner: Text | None = None
    life: Annotated[list[LifeYear], Field(max_length=LIST_MOST)] = Field(default_factory=list)


class Meeting(_Values):
    kind: Annotated[str, one_of(contract.EVENT_KINDS)]
    date: Date | None = None
    place: Named | None = None
    parties: list[Named] = Field(default_factory=list)
    about: Text | None = None
    people: Annotated[list[Attendee], Field(max_length=LIST_MOST)] = Field(default_factory=list)


class Ask(_Values):
    kind: Annotated[str, one_of(contract.ASK_KINDS)]
    by: Text | None = None
    by_side: Text | None = None
    to: Text | None = None
    about: Text
    due: Text | None = None
    owner: Text | None = None
    outcome: Annotated[str, one_of(OUTCOMES)] | None = None
    answer: Text | None = None
    answered: Date | None = None


class Agreement(_Values):
    parties: list[Named] = Field(default_factory=list)
    period: Period | None = None
    signed: Text | None = None
    title: Text | None = None
    number: Text | None = None
    signers: Annotated[list[Attendee], Field(max_length=LIST_MOST)] = Field(default_factory=list)
    clauses: Annotated[list[Clause], Field(max_length=LIST_MOST)] = Field(default_factory=list)


class Person(_Values):
    name: Text
    office: Text
    side: Text | None = None


FORMS: Mapping[str, type[_Values]] = {
    "contribution": Contribution,
    "activity": Activity,
    "meeting": Meeting,
    "ask": Ask,
    "agreement": Agreement,
    "person": Person,
}


def check_values(kind: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """The values in their canonical form; raises ValuesError naming each field that is wrong.

    >>> check_values("person", {"name": " Vừ A Bằng ", "office": "Phó Chủ tịch UBND tỉnh", "side": None})
    {'name': 'Vừ A Bằng', 'office': 'Phó Chủ tịch UBND tỉnh'}
    """
    form = FORMS.get(kind)
    if form is None:
        raise ValuesError(kind, [("kind", repr(kind), "one of " + ", ".join(FORMS))])
    try:
        checked = form.model_validate(dict(values))
    except ValidationError as error:
        raise ValuesError(
            kind,
            [
                (
                    ".".join(str(part) for part in fault["loc"]),
                    repr(fault["input"])[:80],
                    fault["msg"].removeprefix("Value error, "),
                )
                for fault in error.errors()
            ],
        ) from None
    return {name: value for name, value in canonical(checked.model_dump()).items() if value != []}
