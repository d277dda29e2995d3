"""What an organisation file says, as values (giá trị của tệp tổ chức IATI): budgets, spending and papers of an organisation."""

from __future__ import annotations

from typing import NamedTuple

from hoptac.iati.activity import Code, Document, Money, Narrative, Org


class Line(NamedTuple):
    """One line of a budget or of spending."""

    ref: str | None = None
    value: Money | None = None
    name: tuple[Narrative, ...] = ()


class Plan(NamedTuple):
    """A budget for a period, whole or for one recipient, or what was spent in a period."""

    status: str | None = None
    recipient: Org | None = None
    country: Code | None = None
    region: Code | None = None
    start: str | None = None
    end: str | None = None
    value: Money | None = None
    lines: tuple[Line, ...] = ()
    spent: tuple[Line, ...] = ()


class Organisation(NamedTuple):
    """One organisation, as its publisher states it."""

    identifier: str | None = None
    updated: str | None = None
    lang: str | None = None
    currency: str | None = None
    name: tuple[Narrative, ...] = ()
    reporting_org: Org | None = None
    budgets: tuple[Plan, ...] = ()
    organisation_budgets: tuple[Plan, ...] = ()
    region_budgets: tuple[Plan, ...] = ()
    country_budgets: tuple[Plan, ...] = ()
    expenditures: tuple[Plan, ...] = ()
    documents: tuple[Document, ...] = ()
