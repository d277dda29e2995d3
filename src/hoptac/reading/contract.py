"""The reading contract, ``hoptac/reading/1`` (hợp đồng bản đọc): a Reading as plain JSON values, and back.

Sums are written as strings of plain digits (never a float), counts as numbers, dates as ISO strings, an unknown value as
null. What ``to_contract`` writes ``from_contract`` reads back to an equal Reading.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from hoptac.reading import values as v

Json = dict[str, Any]


class ContractError(ValueError):
    """A JSON value that is not a reading of this contract; says where and what was expected."""


def to_contract(reading: v.Reading) -> Json:
    """A reading as the contract's JSON object, keys in the contract's order.

    >>> from hoptac.reading.values import Article, Reading, SourceInfo
    >>> r = to_contract(Reading(SourceInfo("a.txt", "0" * 64, "text/plain", "1"), Article()))
    >>> list(r)[:4], r["contributions"]
    (['schema', 'source', 'article', 'lines'], [])
    """
    return {"schema": v.SCHEMA, **_plain(reading)}


def _plain(value: Any) -> Any:
    if isinstance(value, v.Quantity):
        whole = value.value == value.value.to_integral_value()
        return {"value": int(value.value) if whole else float(value.value), "unit": value.unit}
    if is_dataclass(value) and not isinstance(value, type):
        return {f.name: _plain(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, tuple):
        return [_plain(x) for x in value]
    if isinstance(value, Decimal):
        return decimal_text(value)
    if isinstance(value, date):
        return value.isoformat()
    return value


def decimal_text(value: Decimal) -> str:
    """A decimal as plain digits, no exponent and no trailing zeros after the point.

    >>> decimal_text(Decimal("6.5E+10")), decimal_text(Decimal("2.50"))
    ('65000000000', '2.5')
    """
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def from_contract(data: Mapping[str, Any]) -> v.Reading:
    """The Reading behind a contract's JSON object; raises ContractError where it is not one."""
    if data.get("schema") != v.SCHEMA:
        raise ContractError(f"schema: found {data.get('schema')!r}, expected {v.SCHEMA!r}")
    try:
        return v.Reading(
            source=_source(data["source"]),
            article=_article(data["article"]),
            lines=tuple(v.LineRole(**x) for x in data.get("lines", ())),
            people=tuple(
                v.Person(**{**x, "evidence": _spans(x["evidence"])}) for x in data.get("people", ())
            ),
            contributions=tuple(_contribution(x) for x in data.get("contributions", ())),
            events=tuple(
                v.Event(
                    **{
                        **x,
                        "place": _party(x["place"]),
                        "parties": _parties(x["parties"]),
                        "evidence": _spans(x["evidence"]),
                    }
                )
                for x in data.get("events", ())
            ),
            agreements=tuple(
                v.Agreement(
                    **{
                        **x,
                        "parties": _parties(x["parties"]),
                        "period": _period(x["period"]),
                        "evidence": _spans(x["evidence"]),
                    }
                )
                for x in data.get("agreements", ())
            ),
            asks=tuple(v.Ask(**{**x, "evidence": _spans(x["evidence"])}) for x in data.get("asks", ())),
            unread=tuple(v.Unread(**x) for x in data.get("unread", ())),
        )
    except (KeyError, TypeError, ArithmeticError, ValueError) as error:
        raise ContractError(f"not a reading of {v.SCHEMA}: {type(error).__name__}: {error}") from error


def _span(x: Mapping[str, Any] | None) -> v.Evidence | None:
    return None if x is None else v.Evidence(**x)


def _spans(xs: Iterable[Mapping[str, Any]]) -> tuple[v.Evidence, ...]:
    return tuple(v.Evidence(**x) for x in xs)


def _party(x: Mapping[str, Any] | None) -> v.PartyName | None:
    return None if x is None else v.PartyName(**x)


def _parties(xs: Iterable[Mapping[str, Any]]) -> tuple[v.PartyName, ...]:
    return tuple(v.PartyName(**x) for x in xs)


def _period(x: Iterable[int | None] | None) -> tuple[int | None, int | None] | None:
    if x is None:
        return None
    first, last = x
    return first, last


def _source(x: Mapping[str, Any]) -> v.SourceInfo:
    published = x.get("published")
    return v.SourceInfo(**{**x, "published": date.fromisoformat(published) if published else None})


def _article(x: Mapping[str, Any]) -> v.Article:
    return v.Article(
        headline=_span(x["headline"]),
        lead=_span(x["lead"]),
        byline=_span(x["byline"]),
        body=_spans(x["body"]),
        captions=_spans(x["captions"]),
        teasers=tuple(v.Teaser(v.Evidence(**t["title"]), _span(t["lead"])) for t in x["teasers"]),
    )


def _contribution(x: Mapping[str, Any]) -> v.Contribution:
    amount, quantity = x["amount"], x["quantity"]
    if amount is not None:
        of_total = amount.get("of_total")
        amount = v.Amount(
            Decimal(amount["value"]),
            amount["currency"],
            amount["bound"],
            Decimal(of_total) if of_total else None,
            amount.get("each", False),
        )
    if quantity is not None:
        quantity = v.Quantity(Decimal(str(quantity["value"])), quantity["unit"])
    return v.Contribution(
        **{
            **x,
            "funder": _parties(x["funder"]),
            "recipient": _parties(x["recipient"]),
            "amount": amount,
            "quantity": quantity,
            "period": _period(x["period"]),
            "place": _party(x["place"]),
            "evidence": _spans(x["evidence"]),
        }
    )
