"""To confirm or dispute (xác nhận, nêu khác): an officer makes a statement for the own side, never for the other.

To confirm is to say the same values; to dispute is to say others. Either needs a reason, and either takes the place of what
the side said before. What was on the officer's screen must still hold when the form comes back, else nothing is written.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hoptac.ledger.filing import filed_statements, move_statement
from hoptac.ledger.models import Party, Record, Statement
from hoptac.ledger.records import rebuild
from hoptac.ledger.statements import Draft, append, lock_chain
from hoptac.reading.values import STATUSES
from hoptac.screens.figures import plain_number
from hoptac.screens.labels import label, language_code

REASON_MOST = 2000  # characters


class RecordMoved(Exception):
    """The record's statements changed between the screen and the form."""


def _grouped(value: str | None) -> str | None:
    return plain_number(Decimal(value)) if value else None


def state_of(record: Record) -> str:
    """A short mark of the statements that a record stands on now; it changes with each of them."""
    uids = sorted(str(s.uid) for s, _record in filed_statements([record.pk]))
    return hashlib.sha256(" ".join(uids).encode()).hexdigest()[:16]


class AnswerForm(forms.Form):
    """Confirm as it stands, or say other values. Which values may differ depends on the record's kind."""

    form_uid = forms.UUIDField(widget=forms.HiddenInput)
    state = forms.CharField(widget=forms.HiddenInput, max_length=16)
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy("For example the number and day of the paper that you go by."),
        max_length=REASON_MOST,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    amount = forms.CharField(label=gettext_lazy("Sum, every digit"), required=False, max_length=40)
    year = forms.IntegerField(
        label=gettext_lazy("Year"), required=False, min_value=1, max_value=9999, localize=False
    )
    date = forms.CharField(label=gettext_lazy("Day"), required=False, max_length=10)

    def __init__(self, record: Record, parties: list[Party], data: Mapping[str, Any] | None = None) -> None:
        self.record = record
        values = record.values
        known = {
            "amount": _grouped((values.get("amount") or {}).get("value")),
            "year": values.get("year"),
            "status": values.get("status"),
            "date": values.get("date"),
        }
        super().__init__(data, initial=known)
        self.fields["party"] = forms.ModelChoiceField(
            Party.objects.filter(pk__in=[p.pk for p in parties]),
            label=_("In the name of"),
            empty_label=None,
            initial=parties[0] if parties else None,
        )
        self.fields["status"] = forms.ChoiceField(
            label=_("State"),
            required=False,
            choices=[("", "—"), *((code, label("status", code)) for code in STATUSES)],
        )
        kept = {"contribution": {"amount", "year", "status"}, "meeting": {"date"}}.get(record.kind, set())
        if "amount" in kept and not known["amount"]:
            kept = kept - {"amount"}
        for name in {"amount", "year", "status", "date"} - kept:
            del self.fields[name]
        self.changeable = [name for name in ("amount", "year", "status", "date") if name in kept]

    def clean_amount(self) -> str | None:
        text = str(self.cleaned_data.get("amount") or "").strip()
        if not text:
            return None
        point, group = (",", ".") if language_code() == "vi" else (".", ",")
        digits = text.replace(" ", "").replace("\u00a0", "").replace(group, "").replace(point, ".")
        try:
            value = Decimal(digits)
        except InvalidOperation:
            value = Decimal(-1)
        if not value.is_finite() or value < 0:
            raise forms.ValidationError(
                _("“%(found)s” is not a sum; write digits, for example %(example)s.")
                % {"found": text, "example": plain_number(65_000_000_000)}
            )
        return f"{value.normalize():f}"

    def said(self) -> dict[str, Any]:
        """The record's values with what the officer says instead."""
        values = dict(self.record.values)
        for name in self.changeable:
            given = self.cleaned_data.get(name)
            if name == "amount":
                if given:
                    same = Decimal(given) == Decimal(values["amount"]["value"])
                    values["amount"] = (
                        values["amount"] if same else {**values["amount"], "value": given, "bound": "exact"}
                    )
                continue
            if given in (None, ""):
                values.pop(name, None)
            else:
                values[name] = given
        return values


def answer_record(
    record: Record,
    *,
    party: Party,
    user: User,
    values: Mapping[str, Any],
    reason: str,
    form_uid: str,
    state: str,
    at: datetime,
) -> bool:
    """Make the side's own statement and file it under the record; False where the same form had been taken already.

    Fails   RecordMoved where the record is no longer as the officer saw it; ValuesError and StatementError as ``append``.
    """
    key = hashlib.sha256(f"form {form_uid}".encode()).hexdigest()
    with transaction.atomic():
        lock_chain()
        if Statement.objects.filter(key=key).exists():
            return False
        if state_of(record) != state:
            raise RecordMoved
        before = [
            s
            for s, _record in filed_statements([record.pk])
            if s.speaker_id == party.pk and s.source_id is None
        ]
        draft = Draft(
            kind=record.kind,
            values=values,
            key=key,
            speaker=party,
            signer=user,
            reason=reason,
            supersedes=before[-1] if before else None,
        )
        [(statement, _new)] = append([draft], made_at=at)
        move_statement(statement, record, by=user, reason=reason, made_at=at)
        rebuild([record.pk])
    return True
