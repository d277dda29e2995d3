"""A first draft from records (viết bài từ hồ sơ): every figure linked, nothing said that no record says."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

from hoptac.ledger.models import Cooperation, Record
from hoptac.newsroom.flow import Text
from hoptac.newsroom.models import HEADLINE
from hoptac.screens.days import day_words
from hoptac.screens.figures import money_words, quantity_words
from hoptac.screens.labels import label, language_code
from hoptac.screens.templatetags.hoptac import heading, names


def draft(records: Sequence[Record], cooperation: Cooperation | None, byline: str) -> Text:
    """Headline, lead and one line for each record, by field; what the officer makes a story of."""
    about = cooperation.name if cooperation is not None else ""
    first = heading(records[0]) if len(records) == 1 else ""
    headline = (first or _("What was done: %(about)s") % {"about": about or _("our localities")})[:HEADLINE]
    works = [r for r in records if r.kind in ("contribution", "activity")]
    lead = (
        _("%(n)s matters on record, %(sides)s.") % {"n": len(records), "sides": about}
        if about and len(records) > 1
        else ""
    )
    fields: dict[str, list[Record]] = {}
    for record in records:
        fields.setdefault(str(record.values.get("field") or ""), []).append(record)
    parts = []
    for field, rows in fields.items():
        if len(fields) > 1:
            parts.append("## " + (label("field", field) if field else _("Other matters")))
        parts.append("\n".join("- " + line(r) for r in rows) if works or len(rows) > 1 else line(rows[0]))
    return Text(headline, lead, "\n\n".join(parts), byline, language_code())


def line(record: Record) -> str:
    """A record in one line of a body, its figure linked to it.

    A sum or count is the link; where there is neither, the name is.
    """
    v = record.values
    name, figure = _safe(heading(record)), _figure(record)
    head = f"{name}: {_link(figure, record)}" if figure else _link(name, record)
    who, whom = names(v.get("funder") or v.get("by")), names(v.get("recipient") or v.get("to"))
    when = day_words(str(v.get("date") or v.get("signed") or record.year or ""))
    tail = [" → ".join(filter(None, (_safe(who), _safe(whom)))), when]
    return ", ".join(filter(None, (head, *tail))) + "."


def _figure(record: Record) -> str:
    amount, quantity = record.values.get("amount"), record.values.get("quantity")
    if amount and (value := _decimal(amount.get("value"))) is not None:
        return money_words(value, amount.get("currency"), amount.get("bound") or "exact")
    if quantity and (value := _decimal(quantity.get("value"))) is not None:
        return quantity_words(value, _safe(quantity.get("unit") or ""), quantity.get("bound") or "exact")
    return ""


def _decimal(value: object) -> Decimal | None:
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return None


def _link(words: str, record: Record) -> str:
    return f"[{words}](record:{record.slug})"


def _safe(words: str) -> str:
    """Words without the signs that mean something in a body."""
    return words.translate(str.maketrans("", "", "[]*"))
