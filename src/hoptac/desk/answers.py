"""To confirm or dispute (xác nhận, nêu khác): an officer makes a statement for the own side, never for the other.

To confirm is to say the same values; to dispute is to say others. Either needs a reason, and either takes the place of what
the side said before. What was on the officer's screen must still hold when the form comes back, else nothing is written.
A statement may stand on an official letter: its scan is kept, and its digest is part of the statement.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hoptac.desk.papers import ACCEPTED, PaperError, checked_paper, keep_paper
from hoptac.ledger.filing import filed_statements, move_statement, open_record
from hoptac.ledger.models import Party, Record, Source, Statement
from hoptac.ledger.records import rebuild
from hoptac.ledger.statements import Draft, append, lock_chain
from hoptac.reading.values import STATUSES
from hoptac.screens.days import day_words
from hoptac.screens.figures import plain_number
from hoptac.screens.labels import label, language_code

REASON_MOST = 2000  # characters
NUMBER_MOST = 80


class RecordMoved(Exception):
    """The record's statements changed between the screen and the form."""


def _grouped(value: str | None) -> str | None:
    return plain_number(Decimal(value)) if value else None


def states_of(record_ids: Iterable[int]) -> dict[int, str]:
    """For each record a short mark of the statements that it stands on now; it changes with each of them."""
    uids: dict[int, list[str]] = {pk: [] for pk in record_ids}
    for statement, record_id in filed_statements(uids):
        uids[record_id].append(str(statement.uid))
    return {pk: hashlib.sha256(" ".join(sorted(u)).encode()).hexdigest()[:16] for pk, u in uids.items()}


def state_of(record: Record) -> str:
    """The mark of one record."""
    return states_of([record.pk])[record.pk]


@dataclass(frozen=True)
class Letter:
    """The official letter (công văn) on which a statement stands. ``file`` None: told by number and day alone."""

    number: str
    day: date | None
    file: tuple[bytes, str, str] | None

    @property
    def words(self) -> str:
        """ "Công văn số 12/BC-UBND, 25/04/2024" in the language at hand."""
        day = f", {day_words(self.day.isoformat())}" if self.day else ""
        return _("Letter no. %(number)s") % {"number": self.number} + day


class LetterForm(forms.Form):
    """The letter behind a statement: number, day, scan. All of it may be left out."""

    letter_number = forms.CharField(
        label=gettext_lazy("Number of the letter"), required=False, max_length=NUMBER_MOST
    )
    letter_day = forms.DateField(
        label=gettext_lazy("Day of the letter"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
    )
    letter_scan = forms.FileField(
        label=gettext_lazy("Scan of the letter"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
    )

    def clean_letter_scan(self) -> tuple[bytes, str, str] | None:
        file: UploadedFile[Any] | None = self.cleaned_data.get("letter_scan")
        if file is None:
            return None
        try:
            return checked_paper(file)
        except PaperError as error:
            raise forms.ValidationError(str(error)) from None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("letter_scan") and not cleaned.get("letter_number"):
            self.add_error("letter_number", _("A scan needs the number of its letter."))
        return cleaned

    @property
    def letter(self) -> Letter | None:
        """The letter that the form names; None where it names none."""
        number = str(self.cleaned_data.get("letter_number") or "").strip()
        if not number:
            return None
        return Letter(number, self.cleaned_data.get("letter_day"), self.cleaned_data.get("letter_scan"))


class AnswerForm(LetterForm):
    """Confirm as it stands, or say other values. Which values may differ depends on the record's kind."""

    form_uid = forms.UUIDField(widget=forms.HiddenInput)
    state = forms.CharField(widget=forms.HiddenInput, max_length=16)
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy("For example the number and day of the paper that you go by."),
        required=False,
        max_length=REASON_MOST,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    amount = forms.CharField(label=gettext_lazy("Sum, every digit"), required=False, max_length=40)
    year = forms.IntegerField(
        label=gettext_lazy("Year"), required=False, min_value=1, max_value=9999, localize=False
    )
    date = forms.CharField(label=gettext_lazy("Day"), required=False, max_length=10)

    def __init__(
        self,
        record: Record,
        parties: list[Party],
        data: Mapping[str, Any] | None = None,
        files: Mapping[str, Any] | None = None,
    ) -> None:
        self.record = record
        values = record.values
        known = {
            "amount": _grouped((values.get("amount") or {}).get("value")),
            "year": values.get("year"),
            "status": values.get("status"),
            "date": values.get("date"),
        }
        super().__init__(data, files, initial=known)  # type: ignore[arg-type]
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

    @property
    def confirms(self) -> bool:
        """Whether the form says the record's own values."""
        return self.data.get("say") == "confirm"

    def clean(self) -> dict[str, Any]:
        """To confirm needs no words of one's own; to say otherwise needs a reason."""
        cleaned = super().clean()
        if not self.confirms and not str(cleaned.get("reason") or "").strip():
            self.add_error("reason", _("Say why: what do you go by?"))
        return cleaned

    def reason_given(self) -> str:
        """The officer's reason, the letter in words before it; of a bare confirmation that it is one."""
        given = str(self.cleaned_data.get("reason") or "").strip()
        letter = self.letter.words if self.letter else ""
        return ". ".join(filter(None, (letter, given))) or _("Confirmed as it stands")

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


def own_word(record: Record, party: Party) -> Statement | None:
    """What a side's officers said last of a record, in force; what its own papers say is beside that."""
    own = [
        s for s, _ in filed_statements([record.pk]) if s.speaker_id == party.pk and s.signer_id is not None
    ]
    spoken = [s for s in own if not s.reader]
    return spoken[-1] if spoken else None


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
    letter: Letter | None = None,
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
        draft = Draft(
            kind=record.kind,
            values=values,
            key=key,
            speaker=party,
            source=_kept(letter, party, at),
            signer=user,
            reason=reason,
            supersedes=own_word(record, party),
        )
        [(statement, _new)] = append([draft], made_at=at)
        move_statement(statement, record, by=user, reason=reason, made_at=at)
        rebuild([record.pk])
    return True


def open_with(
    kind: str,
    *,
    party: Party,
    user: User,
    values: Mapping[str, Any],
    reason: str,
    form_uid: str,
    at: datetime,
    letter: Letter | None = None,
) -> Record:
    """Open a record with a side's own statement; the record that the same form opened before, where it comes again."""
    key = hashlib.sha256(f"form {form_uid}".encode()).hexdigest()
    with transaction.atomic():
        lock_chain()
        source = _kept(letter, party, at)
        draft = Draft(kind, values, key, speaker=party, source=source, signer=user, reason=reason)
        [(statement, new)] = append([draft], made_at=at)
        record = open_record(statement, made_at=at)
        if new:
            move_statement(statement, record, by=user, reason=reason, made_at=at)
            rebuild([record.pk])
            record.refresh_from_db()
    return record


def _kept(letter: Letter | None, party: Party, at: datetime) -> Source | None:
    if letter is None or letter.file is None:
        return None
    return keep_paper(letter.file, number=letter.number, day=letter.day, issuer=party.name, at=at)
