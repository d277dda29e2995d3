"""What an activity says, as values (giá trị của một hoạt động IATI).

Field by field these follow the standard's own words. Codes are those of version 2 whatever the file's version; what a file
does not say is None or empty. Which element fills which field is the table ``iati_fields``.

They are named tuples and not frozen dataclasses: a file has some ten values for each transaction, and a tuple is made in a
fifth of the time (``bench/iati.py``).
"""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple


class Narrative(NamedTuple):
    """A text in a language; ``lang`` is None where the text does not name its own."""

    text: str = ""
    lang: str | None = None


class Org(NamedTuple):
    """An organisation named on an activity or transaction."""

    ref: str | None = None
    type: str | None = None
    role: str | None = None
    activity: str | None = None
    channel: str | None = None
    secondary: str | None = None
    name: tuple[Narrative, ...] = ()


class Money(NamedTuple):
    """A sum as stated. ``currency`` is None where the activity's default holds. ``amount`` is None where it is no number."""

    amount: Decimal | None = None
    currency: str | None = None
    date: str | None = None


class Code(NamedTuple):
    """A code of some vocabulary with the share it takes: a sector, country, region, tag, marker, aid type."""

    code: str | None = None
    vocabulary: str | None = None
    uri: str | None = None
    percentage: Decimal | None = None
    significance: str | None = None
    type: str | None = None
    name: tuple[Narrative, ...] = ()


class Dated(NamedTuple):
    """A day that matters to the activity."""

    type: str | None = None
    date: str | None = None
    note: tuple[Narrative, ...] = ()


class Identifier(NamedTuple):
    """Another identifier of the activity or of its organisation."""

    ref: str | None = None
    type: str | None = None
    owner: Org | None = None


class Description(NamedTuple):
    """A description, by what it is about."""

    type: str | None = None
    text: tuple[Narrative, ...] = ()


class Extra(NamedTuple):
    """An element of a publisher's own namespace: written at the end of an activity or transaction, counted as lost when read."""

    name: str
    attributes: tuple[tuple[str, str], ...] = ()
    text: str = ""
    inside: tuple[Extra, ...] = ()


class Transaction(NamedTuple):
    """One transaction, as its publisher states it."""

    type: str | None = None
    ref: str | None = None
    humanitarian: str | None = None
    date: str | None = None
    value: Money | None = None
    description: tuple[Narrative, ...] = ()
    provider: Org | None = None
    receiver: Org | None = None
    disbursement_channel: str | None = None
    sectors: tuple[Code, ...] = ()
    country: Code | None = None
    region: Code | None = None
    flow: str | None = None
    finance: str | None = None
    aid: tuple[Code, ...] = ()
    tied: str | None = None
    extra: tuple[Extra, ...] = ()


class Budget(NamedTuple):
    """A budget or a planned disbursement for a period."""

    type: str | None = None
    status: str | None = None
    start: str | None = None
    end: str | None = None
    value: Money | None = None
    provider: Org | None = None
    receiver: Org | None = None


class Location(NamedTuple):
    """Where the activity is."""

    ref: str | None = None
    reach: str | None = None
    ids: tuple[Code, ...] = ()
    name: tuple[Narrative, ...] = ()
    description: tuple[Narrative, ...] = ()
    activity: tuple[Narrative, ...] = ()
    administrative: tuple[Code, ...] = ()
    system: str | None = None
    position: str | None = None
    exactness: str | None = None
    kind: str | None = None
    feature: str | None = None


class Document(NamedTuple):
    """A document that the publisher links to."""

    url: str | None = None
    format: str | None = None
    title: tuple[Narrative, ...] = ()
    description: tuple[Narrative, ...] = ()
    categories: tuple[Code, ...] = ()
    languages: tuple[Code, ...] = ()
    date: str | None = None


class Dimension(NamedTuple):
    """A part that a figure is of, such as sex: female."""

    name: str | None = None
    value: str | None = None


class Figure(NamedTuple):
    """A baseline, target or actual figure of an indicator; as text, for it may be in words."""

    value: str | None = None
    year: str | None = None
    date: str | None = None
    dimensions: tuple[Dimension, ...] = ()
    comment: tuple[Narrative, ...] = ()


class Period(NamedTuple):
    """A period of an indicator."""

    start: str | None = None
    end: str | None = None
    targets: tuple[Figure, ...] = ()
    actuals: tuple[Figure, ...] = ()


class Indicator(NamedTuple):
    """What a result is measured by."""

    measure: str | None = None
    ascending: str | None = None
    aggregated: str | None = None
    title: tuple[Narrative, ...] = ()
    description: tuple[Narrative, ...] = ()
    references: tuple[Code, ...] = ()
    baselines: tuple[Figure, ...] = ()
    periods: tuple[Period, ...] = ()


class Result(NamedTuple):
    """An output, outcome or impact."""

    type: str | None = None
    aggregated: str | None = None
    title: tuple[Narrative, ...] = ()
    description: tuple[Narrative, ...] = ()
    indicators: tuple[Indicator, ...] = ()


class Related(NamedTuple):
    """Another activity that this one belongs to, or that belongs to it."""

    ref: str | None = None
    type: str | None = None


class Activity(NamedTuple):
    """One activity, as its publisher states it."""

    identifier: str | None = None
    updated: str | None = None
    lang: str | None = None
    currency: str | None = None
    humanitarian: str | None = None
    hierarchy: str | None = None
    linked_data: str | None = None
    budget_not_provided: str | None = None
    reporting_org: Org | None = None
    title: tuple[Narrative, ...] = ()
    descriptions: tuple[Description, ...] = ()
    participating: tuple[Org, ...] = ()
    other_identifiers: tuple[Identifier, ...] = ()
    status: str | None = None
    dates: tuple[Dated, ...] = ()
    scope: str | None = None
    countries: tuple[Code, ...] = ()
    regions: tuple[Code, ...] = ()
    locations: tuple[Location, ...] = ()
    sectors: tuple[Code, ...] = ()
    tags: tuple[Code, ...] = ()
    humanitarian_scopes: tuple[Code, ...] = ()
    policy_markers: tuple[Code, ...] = ()
    collaboration: str | None = None
    flow: str | None = None
    finance: str | None = None
    aid: tuple[Code, ...] = ()
    tied: str | None = None
    budgets: tuple[Budget, ...] = ()
    planned: tuple[Budget, ...] = ()
    capital_spend: str | None = None
    transactions: tuple[Transaction, ...] = ()
    documents: tuple[Document, ...] = ()
    related: tuple[Related, ...] = ()
    results: tuple[Result, ...] = ()
    extra: tuple[Extra, ...] = ()
