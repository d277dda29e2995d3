"""How screens write values (cách trình bày): sums, counts, days, names of codes, standings, links between pages."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import urlencode

from django import template
from django.http import HttpRequest
from django.template.defaultfilters import date as django_date
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from hoptac.ledger.models import Record
from hoptac.places.units import Unit
from hoptac.screens import days, figures, grounds, labels, passages, placing

register = template.Library()


@register.filter
def act(written: str) -> str:
    """A legal act in the reader's language: "Resolution 1661/NQ-UBTVQH15" -> "Nghị quyết 1661/NQ-UBTVQH15"."""
    return " ".join(labels.label("legal", word) for word in written.split())


@register.filter
def label(code: object, table: str) -> str:
    """``"education"|label:"field"`` -> "Giáo dục, đào tạo"; nothing for None."""
    return "" if code in (None, "") else labels.label(table, code)


def _decimal(value: object) -> Decimal | None:
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return None


def money_html(value: Decimal, currency: str | None, bound: str = "exact") -> SafeString:
    words = figures.money_words(value, currency, bound)
    exact = figures.exact_money(value, currency)
    return format_html('<data class="figure" value="{}" title="{}">{}</data>', f"{value:f}", exact, words)


@register.filter
def money(amount: object) -> str:
    """The contract's amount (``{"value", "currency", "bound", "of_total"}``) in words, every digit on hover."""
    if not isinstance(amount, Mapping):
        return ""
    value = _decimal(amount.get("value"))
    if value is None:
        return ""
    said = money_html(value, amount.get("currency"), amount.get("bound") or "exact")
    total = _decimal(amount["of_total"]) if amount.get("of_total") else None
    if total is None:
        return said
    return format_html(_("{part} out of {whole}"), part=said, whole=money_html(total, amount.get("currency")))


@register.simple_tag
def total(value: Decimal, currency: str | None, bound: str = "exact") -> SafeString:
    """A sum given as a number and a currency."""
    return money_html(value, currency, bound)


@register.filter
def quantity(value: object) -> str:
    """The contract's quantity (``{"value", "unit"}``): "14 điểm công trình"."""
    if not isinstance(value, Mapping):
        return ""
    number = _decimal(value.get("value"))
    return (
        ""
        if number is None
        else figures.quantity_words(number, value.get("unit"), value.get("bound") or "exact")
    )


@register.filter
def number(value: Decimal | int) -> str:
    """A number with its digits grouped."""
    return figures.plain_number(value)


@register.filter
def when(value: object) -> str:
    """A day or time: ISO text as exact as it is, a date, or a moment in the zone of the screen."""
    if value in (None, ""):
        return ""
    if isinstance(value, datetime):
        return str(django_date(localtime(value), "SHORT_DATETIME_FORMAT"))
    if isinstance(value, date):
        return days.day_words(value.isoformat())
    return days.day_words(str(value))


@register.filter
def day(value: datetime | date | None) -> str:
    """The day of a moment."""
    if isinstance(value, datetime):
        value = localtime(value).date()
    return days.day_words(value.isoformat()) if value else ""


@register.simple_tag
def standing(code: str) -> SafeString:
    """The chip that says how far a value is confirmed."""
    return format_html('<span class="chip {}">{}</span>', code, labels.label("standing", code))


@register.filter
def names(parties: object) -> str:
    """The plain names of the contract's parties, one after another."""
    if isinstance(parties, str):
        return parties
    if isinstance(parties, Mapping):
        return str(parties.get("name") or "")
    if isinstance(parties, Iterable):
        return ", ".join(names(p) for p in parties)
    return ""


@register.filter
def heading(record: Record) -> str:
    """What a record is called on a screen: a meeting by its kind and parties, an agreement by its parties and years."""
    values = record.values
    if record.kind == "meeting" and values.get("kind"):
        return " ".join(filter(None, (labels.label("event", values["kind"]), _joined(values.get("parties")))))
    if record.kind == "agreement" and values.get("title"):
        return str(values["title"])
    if record.kind == "agreement":
        period = days.period_words(*values["period"]) if values.get("period") else ""
        return " ".join(
            filter(None, (labels.label("kind", record.kind), _joined(values.get("parties")), period))
        )
    return record.title[:1].upper() + record.title[1:] or "—"


def _joined(parties: object) -> str:
    return names(parties).replace(", ", " – ")


@register.simple_tag
def facts_of_record(record: Record, url: str) -> SafeString:
    """The few facts beside a record's name in a list: sum or count, day or year, who to whom, a state other than done.

    A sum leads to the place on the record's own page (``url``) that says who says so.
    """
    v = record.values
    who, whom = names(v.get("funder") or v.get("by")), names(v.get("recipient") or v.get("to"))
    parts: list[str] = []
    if record.kind == "ask" and v.get("kind"):
        parts.append(labels.label("ask", v["kind"]))
    if v.get("amount"):
        parts.append(format_html('<a class="number" href="{}#amount">{}</a>', url, money(v["amount"])))
    elif v.get("quantity"):
        parts.append(format_html('<span class="number">{}</span>', quantity(v["quantity"])))
    if v.get("date") or v.get("signed"):
        parts.append(when(v.get("date") or v.get("signed")))
    elif record.year and record.kind != "agreement":
        parts.append(str(record.year))
    if who or whom:
        parts.append(" → ".join(filter(None, (who, whom))))
    if record.kind == "contribution" and v.get("status") not in (None, "done"):
        parts.append(labels.label("status", v["status"]))
    return format_html_join(" · ", "{}", ((p,) for p in parts))


CODED = {"field": "field", "status": "status", "act": "act", "bound": "bound", "outcome": "outcome"}


def person(told: Mapping[str, Any]) -> str:
    """A person in an office, for a side: "Vừ A Bằng, Phó Chủ tịch UBND tỉnh (Điện Biên)"."""
    words = ", ".join(filter(None, (told.get("name"), told.get("office"))))
    return f"{words} ({told['side']})" if told.get("side") else words


LISTED: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "people": person,
    "signers": person,
    "clauses": lambda clause: f"{clause['n']}. {clause['text']}",
    "life": lambda year: " ".join(
        filter(None, (str(year["year"]), labels.label("life", year["act"]).lower(), year.get("note")))
    ),
}


@register.simple_tag
def shown(value: Any, name: str, kind: str = "") -> str:
    """One value of a record as people read it, by the name of its field; a dash where nothing is known."""
    if value in (None, "", [], ()):
        return "—"
    if name == "amount":
        return money(value) or "—"
    if name == "of_total" or name == "value":
        found = _decimal(value)
        return figures.plain_number(found) if found is not None else str(value)
    if name == "quantity":
        return quantity(value) or "—"
    if name == "period" and isinstance(value, list | tuple):
        return days.period_words(*value)
    if name == "kind":
        return labels.label("event" if kind == "meeting" else "ask", value)
    if name in ("date", "signed", "due", "answered"):
        return when(value)
    if name in LISTED and isinstance(value, list | tuple):
        return format_html_join("; ", "{}", ((LISTED[name](one),) for one in value))
    if name == "stage" and isinstance(value, Mapping):
        return " · ".join(filter(None, (label(value.get("code"), "stage"), when(value.get("on")))))
    if name in CODED:
        return label(value, CODED[name])
    if isinstance(value, Mapping | list | tuple):
        return names(value)
    return str(value)


@register.simple_tag
def current_page(request: HttpRequest | None, prefix: str) -> SafeString:
    """``aria-current`` for a link of the main menu whose pages' names begin with ``prefix``."""
    match = getattr(request, "resolver_match", None)
    if match is None or not str(match.view_name).startswith(prefix):
        return SafeString("")
    return SafeString(' aria-current="page"')


@register.simple_tag
def sort_link(request: HttpRequest, key: str, text: str) -> SafeString:
    """The head of a column by which the list can be sorted: first click up, second click down."""
    now = request.GET.get("sort", "")
    target = f"-{key}" if now == key else key
    query = request.GET.copy()
    query["sort"] = target
    query.pop("page", None)
    arrow = " ↑" if now == key else " ↓" if now == f"-{key}" else ""
    return format_html('<a href="?{}">{}{}</a>', query.urlencode(), text, arrow)


@register.simple_tag
def page_href(request: HttpRequest, number: int, param: str, at: str) -> str:
    """The address at hand with another page; of the list that ``param`` turns ("page" if empty), at ``at`` of it."""
    query = request.GET.copy()
    query[param or "page"] = str(number)
    return f"?{query.urlencode()}" + (f"#{at}" if at else "")


@register.simple_tag
def sorted_by(request: HttpRequest, key: str) -> SafeString:
    """``aria-sort`` of that column."""
    state = {key: "ascending", f"-{key}": "descending"}.get(request.GET.get("sort", ""))
    return format_html(' aria-sort="{}"', state) if state else SafeString("")


@register.simple_tag
def bar(part: Decimal | int, whole: Decimal | int) -> SafeString:
    """A bar as long as a part of the whole; told to the eye only, the figure stands beside it."""
    share = round(100 * Decimal(part) / Decimal(whole), 1) if whole else Decimal(0)
    return format_html(
        '<svg class="bar" aria-hidden="true" focusable="false"><rect width="{}%" height="100%"></rect></svg>',
        share,
    )


@register.simple_tag
def links(pairs: Iterable[tuple[str, str]]) -> SafeString:
    """Links (address, words) parted by commas."""
    return format_html_join(", ", '<a href="{}">{}</a>', pairs)


@register.simple_tag
def sum_href(url: str, by: str, key: str, ground: str = "") -> str:
    """The address of what one group's sum is made of; ``ground`` is the map's part of an address."""
    return f"{url}?{urlencode({'by': by, 'group': key})}" + (f"&{ground}" if ground else "")


@register.filter
def place_slug(unit: Unit) -> str:
    """A unit's part of an address."""
    return grounds.place_slug(unit)


@register.filter
def unit_time(unit: Unit) -> str:
    """From when to when a unit stood so."""
    return placing.time_words(unit)


@register.filter
def own_units(record: Record) -> list[placing.PlaceLink]:
    """The units, as they were, in which a record counts."""
    return placing.own_units(record)


@register.filter
def records_for(passages: Iterable[int], records: Mapping[int, list[Any]]) -> list[dict[str, Any]]:
    """The records that stand on any of these passages, each once, with the passage it was found by."""
    found: dict[int, dict[str, Any]] = {}
    for passage in passages:
        for record in records.get(passage, ()):
            found.setdefault(record.pk, {"record": record, "passage": passage})
    return list(found.values())


@register.filter
def short_quote(quote: str) -> str:
    """As much of a source's words as the public sees."""
    return passages.short_quote(quote)


@register.filter
def field_named(form: Any, name: str) -> Any:
    """A form's field by its name."""
    return form[name]


@register.filter
def split(text: str) -> list[str]:
    """Names parted by commas."""
    return text.split(",")
