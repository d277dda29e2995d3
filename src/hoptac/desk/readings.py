"""One statement on the desk (một lời khai): all that it may belong to, its history, and a person's own reading of its words.

To correct a value or to split a statement is to make statements of one's own from the same passages. What the machine read
stays as it is and is set aside, with the reason, and can be put back.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from hoptac.desk.inbox import REASON_MOST, claims_of
from hoptac.ledger.filing import filed_under
from hoptac.ledger.inbox import MovedError, read_instead
from hoptac.ledger.models import Filing, Statement
from hoptac.ledger.values import ValuesError
from hoptac.reading.values import ACTS, ASK_KINDS, BOUNDS, EVENT_KINDS, FIELDS, STATUSES
from hoptac.screens.figures import plain_number
from hoptac.screens.inboxes import statement_for
from hoptac.screens.labels import choices, label, language_code

PARTS = 2  # readings offered when a statement is split; a part can be split again
BETWEEN = ";"  # between names in one field
NAMES = ("funder", "recipient", "parties")
CODED = {"act": ACTS, "field": FIELDS, "status": STATUSES}
KINDS_OF = {"meeting": ("event", EVENT_KINDS), "ask": ("ask", ASK_KINDS)}
FIELDS_OF: Mapping[str, tuple[str, ...]] = {
    "contribution": ("what", "funder", "recipient", "amount", "currency", "bound", "quantity", "unit", "year",
                     "place", "act", "field", "status"),
    "meeting": ("kind", "date", "parties", "place"),
    "agreement": ("parties", "first", "last", "signed"),
    "ask": ("kind", "about", "by", "to", "due"),
}  # fmt: skip
WORDS = {
    "currency": gettext_lazy("Currency"),
    "bound": gettext_lazy("Exactness"),
    "quantity": gettext_lazy("Number"),
    "unit": gettext_lazy("Of what"),
    "first": gettext_lazy("From year"),
    "last": gettext_lazy("To year"),
}


class ReadingForm(forms.Form):
    """What a person reads in the passages of a statement, field by field; an empty field: the page does not say."""

    def __init__(self, statement: Statement, data: Mapping[str, Any] | None = None, prefix: str = "") -> None:
        self.statement, self.old = statement, statement.values
        super().__init__(data, prefix=prefix or None, initial=self._told())
        for name in FIELDS_OF[statement.kind]:
            self.fields[name] = self._field(name)

    def _field(self, name: str) -> forms.Field:
        words = WORDS.get(name) or label("value", name)
        needed = name in ("what", "about", "kind", "act")
        if name in CODED:
            codes = [(code, label(name, code)) for code in CODED[name]]
            return forms.ChoiceField(
                label=words, required=needed, choices=codes if needed else [("", "—"), *codes]
            )
        if name == "kind":
            table, kinds = KINDS_OF[self.statement.kind]
            return forms.ChoiceField(label=words, choices=[(code, label(table, code)) for code in kinds])
        if name == "bound":
            return forms.ChoiceField(
                label=words, required=False, choices=[(c, label("bound", c) or c) for c in BOUNDS]
            )
        if name == "currency":
            return forms.ChoiceField(label=words, required=False, choices=[("", "—"), *choices("currency")])
        if name in ("year", "first", "last"):
            return forms.IntegerField(
                label=words, required=False, min_value=1, max_value=9999, localize=False
            )
        help_text = _("Several names: parted by “;”.") if name in NAMES else ""
        return forms.CharField(label=words, required=needed, max_length=2000, help_text=help_text)

    def _told(self) -> dict[str, Any]:
        old, amount, count = self.old, self.old.get("amount") or {}, self.old.get("quantity") or {}
        told = {
            name: old.get(name)
            for name in (
                "what",
                "about",
                "kind",
                "act",
                "field",
                "status",
                "year",
                "date",
                "signed",
                "by",
                "to",
                "due",
            )
        }
        told |= {name: f"{BETWEEN} ".join(p["name"] for p in old.get(name, ())) for name in NAMES}
        told["place"] = (old.get("place") or {}).get("name")
        told["amount"] = plain_number(Decimal(amount["value"])) if amount else None
        told |= {"currency": amount.get("currency"), "bound": amount.get("bound", "exact")}
        told |= {
            "quantity": plain_number(Decimal(count["value"])) if count else None,
            "unit": count.get("unit"),
        }
        first, last = old.get("period") or (None, None)
        return told | {"first": first, "last": last}

    def _digits(self, name: str) -> str | None:
        text = str(self.cleaned_data.get(name) or "").strip()
        if not text:
            return None
        point, group = (",", ".") if language_code() == "vi" else (".", ",")
        try:
            number = Decimal(
                text.replace(" ", "").replace("\u00a0", "").replace(group, "").replace(point, ".")
            )
        except InvalidOperation:
            number = Decimal(-1)
        if not number.is_finite() or number < 0:
            raise forms.ValidationError(
                _("“%(found)s” is not a number; write digits, for example %(example)s.")
                % {"found": text, "example": plain_number(65_000_000_000)}
            )
        return f"{number.normalize():f}"

    def clean_amount(self) -> str | None:
        return self._digits("amount")

    def clean_quantity(self) -> str | None:
        return self._digits("quantity")

    def said(self) -> dict[str, Any]:
        """The values as the person reads them. A name that was not changed keeps its code and its unit."""
        given = self.cleaned_data
        values = {k: v for k, v in self.old.items() if k not in FIELDS_OF[self.statement.kind]}
        values.pop("period", None)
        told = self._told()
        for name in FIELDS_OF[self.statement.kind]:
            value = given.get(name)
            if name in NAMES:
                same = value == told[name]
                names = [part.strip() for part in str(value or "").split(BETWEEN) if part.strip()]
                values[name] = self.old.get(name, []) if same else [{"name": n} for n in names]
            elif name == "place":
                values[name] = (
                    self.old.get("place") if value == told["place"] else {"name": value} if value else None
                )
            elif name not in ("amount", "currency", "bound", "quantity", "unit", "first", "last"):
                values[name] = value or None
        if given.get("amount"):
            kept = self.old.get("amount") or {}
            same_sum = kept.get("value") == given["amount"]
            more = {k: v for k, v in kept.items() if k in ("of_total", "each")} if same_sum else {}
            values["amount"] = {
                **more,
                "value": given["amount"],
                "currency": given.get("currency") or None,
                "bound": given.get("bound") or "exact",
            }
        if given.get("quantity"):
            values["quantity"] = {"value": given["quantity"], "unit": given.get("unit") or None}
        if "year" in FIELDS_OF[self.statement.kind] and not given.get("year") and self.old.get("period"):
            values["period"] = self.old["period"]
        if given.get("first") or given.get("last"):
            values["period"] = (given.get("first"), given.get("last"))
        return {name: value for name, value in values.items() if value not in (None, [], "")}


@require_safe
@login_required
def statement(request: HttpRequest, uid: UUID) -> HttpResponse:
    found, may_write = statement_for(request, uid)
    forms_ = [ReadingForm(found, prefix=f"p{n}") for n in range(PARTS)] if may_write else []
    return _page(request, found, may_write, forms_)


def _page(
    request: HttpRequest, found: Statement, may_write: bool, forms_: list[ReadingForm], status: int = 200
) -> HttpResponse:
    filing = filed_under(found)
    history = Filing.objects.filter(statement=found).select_related("record", "by").order_by("id")
    context = {
        "statement": found,
        "claim": claims_of(request, [found])[0],
        "filing": filing,
        "history": history,
        "may_write": may_write,
        "forms": forms_,
        "new_uid": uuid4(),
    }
    return render(request, "desk/inbox_statement.html", context, status=status)


@require_POST
@login_required
def read(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Take a person's reading instead of the machine's: one part corrects, two split. 403 for who may not file it."""
    found, may_write = statement_for(request, uid)
    if not may_write or not isinstance(request.user, User):
        raise PermissionDenied
    count = PARTS if request.POST.get("do") == "split" else 1
    forms_ = [ReadingForm(found, request.POST, prefix=f"p{n}") for n in range(count)]
    rest = [ReadingForm(found, prefix=f"p{n}") for n in range(count, PARTS)]
    reason = " ".join(request.POST.get("reason", "").split())[:REASON_MOST]
    if not reason:
        forms_[0].add_error(None, _("Say why: for example, what the page says."))
    sent, form = request.POST.get("seen", ""), request.POST.get("form", "")
    if not all([f.is_valid() for f in forms_]) or not sent.isdigit():  # noqa: C419 - every form tells its errors
        return _page(request, found, may_write, [*forms_, *rest], 422)
    parts = [f.said() for f in forms_]
    if count == 1 and parts[0] == {k: v for k, v in found.values.items() if v not in (None, [], "")}:
        forms_[0].add_error(None, _("This is what was read already: change a value, or file it as it is."))
        return _page(request, found, may_write, [*forms_, *rest], 422)
    try:
        made = read_instead(
            found, parts, seen=int(sent), form=_uuid(form), reason=reason, by=request.user, at=timezone.now()
        )
    except MovedError:
        forms_[0].add_error(None, _("Someone else decided of this statement meanwhile. Look again."))
        return _page(request, found, may_write, [*forms_, *rest], 409)
    except ValuesError as error:
        for at, _found, _expected in error.faults:
            forms_[0].add_error(
                None, _("“%(field)s” cannot be taken as it is.") % {"field": label("value", at.split(".")[0])}
            )
        return _page(request, found, may_write, [*forms_, *rest], 422)
    messages.success(request, _("Your reading waits to be filed; what the machine read is set aside."))
    return redirect("desk:inbox-statement", uid=made[0].uid)


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return uuid4()
