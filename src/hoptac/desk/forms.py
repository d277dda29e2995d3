"""What an officer fills in for each kind of record (biểu mẫu): from values to fields and back. One form, one statement.

Lists are written as lines, one thing a line, parts parted by "|": that works without scripts, by keyboard, and by pasting from Word.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hoptac.desk.answers import REASON_MOST, LetterForm
from hoptac.ledger.models import Party, Record
from hoptac.ledger.values import LIFE_ACTS, OUTCOMES, STAGES_TOLD
from hoptac.reading.values import ASK_KINDS, EVENT_KINDS, FIELDS
from hoptac.screens.labels import label

LINES_MOST = 200
DAY_FORMATS = ["%Y-%m-%d", "%d/%m/%Y"]


class DayField(forms.DateField):
    """A day, chosen or typed as 25/04/2024; its value is ISO text."""

    def __init__(self, **more: Any) -> None:
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        super().__init__(required=False, widget=widget, input_formats=DAY_FORMATS, **more)

    def prepare_value(self, value: Any) -> Any:
        """A day told in words or less exactly is not shown in the box; it stays where none is chosen."""
        return value if not isinstance(value, str) or "/" in value or _is_day(value) else None


def _is_day(value: str) -> bool:
    try:
        return bool(date.fromisoformat(value))
    except ValueError:
        return False


class LinesField(forms.CharField):
    """Lines of parts parted by "|": [{"name": …, "office": …, "side": …}]. ``parts`` are the names of the parts, the first needed."""

    def __init__(self, parts: Sequence[str], rows: int = 4, **more: Any) -> None:
        self.parts = parts
        super().__init__(
            required=False, max_length=60_000, widget=forms.Textarea(attrs={"rows": rows}), **more
        )

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, list):
            return value
        return "\n".join(" | ".join(str(row.get(p) or "") for p in self.parts).rstrip(" |") for row in value)

    def clean(self, value: Any) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = []
        for line in str(super().clean(value) or "").splitlines():
            cells = [cell.strip() for cell in line.split("|")]
            if not any(cells):
                continue
            if len(cells) > len(self.parts) or not cells[0] or len(rows) >= LINES_MOST:
                raise forms.ValidationError(
                    _("“%(found)s”: write at most %(n)s parts with | between them, the first one not empty.")
                    % {"found": line.strip()[:60], "n": len(self.parts)}
                )
            rows.append({p: c for p, c in zip(self.parts, cells, strict=False) if c})
        return rows


def text(label_: Any, most: int = 400, rows: int = 0, **more: Any) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput()
    return forms.CharField(label=label_, required=False, max_length=most, widget=widget, **more)


class StatementForm(LetterForm):
    """What every form of a statement asks: in whose name, by what letter, why. ``shown`` are the fields of the kind, in order."""

    kind: ClassVar[str] = ""
    shown: ClassVar[tuple[str, ...]] = ()
    form_uid = forms.UUIDField(widget=forms.HiddenInput)
    state = forms.CharField(widget=forms.HiddenInput, max_length=16, required=False)
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy("For example the number and day of the paper that you go by."),
        max_length=REASON_MOST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(
        self,
        own: Sequence[Party],
        localities: Sequence[Party],
        values: Mapping[str, Any],
        data: Any = None,
        files: Any = None,
    ) -> None:
        self.values, self.localities = dict(values), list(localities)
        super().__init__(data, files, initial=self.initial_of(self.values))
        self.fields["party"] = forms.ModelChoiceField(
            Party.objects.filter(pk__in=[p.pk for p in own]),
            label=_("In the name of"),
            empty_label=None,
            initial=own[0] if own else None,
        )
        self.prepare()

    def prepare(self) -> None:
        """Choices that depend on the record."""

    def initial_of(self, values: Mapping[str, Any]) -> dict[str, Any]:
        return dict(values)

    def said(self) -> dict[str, Any]:
        """The values of the statement: those that stand, with what the form gives instead. What was emptied is left out."""
        values = dict(self.values)
        for name, value in self.given().items():
            if value in (None, "", []):
                values.pop(name, None)
            else:
                values[name] = value
        return values

    def given(self) -> dict[str, Any]:
        """The fields as values. A day that is told in words, or less exactly than a day, stays where no day is given."""
        given = {name: _plain(self.cleaned_data.get(name)) for name in self.shown}
        for name in self.shown:
            told = self.values.get(name)
            if isinstance(self.fields[name], DayField) and not given[name] and told and not _is_day(told):
                given[name] = told
        return given

    def reason_given(self) -> str:
        given = str(self.cleaned_data.get("reason") or "").strip()
        letter = self.letter.words if self.letter else ""
        return ". ".join(filter(None, (letter, given))) or _("Entered on the form")

    def rows(self) -> list[forms.BoundField]:
        """The fields of the kind, as the page shows them."""
        return [self[name] for name in self.names()]

    def names(self) -> Sequence[str]:
        return self.shown


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def coded(table: str, codes: Sequence[str], empty: bool = True) -> list[tuple[str, str]]:
    return ([("", "—")] if empty else []) + [(code, label(table, code)) for code in codes]


class PartiesForm(StatementForm):
    """A form that names the parties: localities of the cooperation by their boxes, any other by a line of its own."""

    def prepare(self) -> None:
        told = [p["name"] for p in self.values.get("parties", ())]
        names = [p.name for p in self.localities]
        self.fields["localities"] = forms.MultipleChoiceField(
            label=_("Parties"),
            required=False,
            choices=[(str(p.pk), p.name) for p in self.localities],
            widget=forms.CheckboxSelectMultiple,
            initial=[str(p.pk) for p in self.localities if not told or p.name in told],
        )
        self.fields["others"] = LinesField(
            ("name",), 2, label=_("Other parties"), initial="\n".join(n for n in told if n not in names)
        )

    def parties(self) -> list[dict[str, Any]]:
        chosen = set(self.cleaned_data.get("localities") or ())
        known = {p["name"]: p for p in self.values.get("parties", ())}
        out = [
            known.get(p.name) or {"name": p.name, "code": p.code}
            for p in self.localities
            if str(p.pk) in chosen
        ]
        others = self.cleaned_data.get("others") or []
        return out + [known.get(row["name"], row) for row in others]

    def given(self) -> dict[str, Any]:
        return super().given() | {"parties": self.parties()}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not self.parties():
            self.add_error("localities", _("Name the parties."))
        return cleaned


class MeetingForm(PartiesForm):
    kind = "meeting"
    shown = ("kind", "date", "place", "about", "people")
    date = DayField(label=gettext_lazy("Day"))
    place = text(gettext_lazy("Place"))
    about = text(gettext_lazy("About"), 2000, 3)
    people = LinesField(
        ("name", "office", "side"),
        6,
        label=gettext_lazy("Who attended"),
        help_text=gettext_lazy("One a line: name | office | side"),
    )

    def prepare(self) -> None:
        super().prepare()
        self.fields["kind"] = forms.ChoiceField(
            label=_("Kind"), choices=coded("event", EVENT_KINDS, empty=False)
        )

    def initial_of(self, values: Mapping[str, Any]) -> dict[str, Any]:
        return dict(values) | {"place": (values.get("place") or {}).get("name")}

    def given(self) -> dict[str, Any]:
        given = super().given()
        place = given.get("place")
        before = self.values.get("place") or {}
        given["place"] = (before if before.get("name") == place else {"name": place}) if place else None
        return given

    def names(self) -> Sequence[str]:
        return ("kind", "date", "place", "localities", "others", "about", "people")


class AgreementForm(PartiesForm):
    kind = "agreement"
    shown = ("title", "number", "signed", "signers", "clauses")
    title = text(gettext_lazy("Title"))
    number = text(gettext_lazy("Number"), 80)
    signed = DayField(label=gettext_lazy("Signed on"))
    from_year = forms.IntegerField(
        label=gettext_lazy("From the year"), required=False, min_value=1900, max_value=2199, localize=False
    )
    to_year = forms.IntegerField(
        label=gettext_lazy("To the year"), required=False, min_value=1900, max_value=2199, localize=False
    )
    clauses = LinesField(
        ("text",),
        8,
        label=gettext_lazy("Clauses"),
        help_text=gettext_lazy("One a line, in order; they are numbered from 1."),
    )
    signers = LinesField(
        ("name", "office", "side"),
        3,
        label=gettext_lazy("Signed by"),
        help_text=gettext_lazy("One a line: name | office | side"),
    )

    def initial_of(self, values: Mapping[str, Any]) -> dict[str, Any]:
        first, last = values.get("period") or (None, None)
        return dict(values) | {"from_year": first, "to_year": last}

    def given(self) -> dict[str, Any]:
        given = super().given()
        given["clauses"] = [{"n": n, "text": row["text"]} for n, row in enumerate(given["clauses"], 1)]
        years = [self.cleaned_data.get("from_year"), self.cleaned_data.get("to_year")]
        given["period"] = years if any(years) else None
        return given

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        first, last = cleaned.get("from_year"), cleaned.get("to_year")
        if first and last and first > last:
            self.add_error("to_year", _("A period ends after it begins."))
        return cleaned

    def names(self) -> Sequence[str]:
        return (
            "title", "number", "signed", "from_year", "to_year", "localities", "others", "clauses", "signers",
        )  # fmt: skip


class AskForm(StatementForm):
    """A request, pledge or instruction: who, to whom, what, until when, who follows it up."""

    kind = "ask"
    shown: ClassVar[tuple[str, ...]] = ("kind", "by_side", "by", "to", "about", "due", "owner")
    by = text(gettext_lazy("Who said it"), help_text=gettext_lazy("A person or body; may be left out."))
    about = forms.CharField(
        label=gettext_lazy("About"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )
    due = DayField(label=gettext_lazy("Due"))
    owner = text(gettext_lazy("In charge"), help_text=gettext_lazy("The body or officer that follows it up."))

    def prepare(self) -> None:
        self.fields["kind"] = forms.ChoiceField(label=_("Kind"), choices=coded("ask", ASK_KINDS, empty=False))
        names = [p.name for p in self.localities]
        for key, words in (("by_side", _("By the side of")), ("to", _("To"))):
            told = self.values.get(key)
            options = [*names, *([told] if told and told not in names else [])]
            self.fields[key] = forms.ChoiceField(
                label=words, required=False, choices=[("", "—"), *((n, n) for n in options)]
            )


class AnsweredForm(AskForm):
    """An ask with its answer, as either side may state it."""

    shown = (*AskForm.shown, "outcome", "answered", "answer")
    answered = DayField(label=gettext_lazy("Answered on"))
    answer = text(gettext_lazy("Words of the answer"), 2000, 3)

    def prepare(self) -> None:
        super().prepare()
        self.fields["outcome"] = forms.ChoiceField(
            label=_("Answer"), required=False, choices=coded("outcome", OUTCOMES)
        )


class WorkForm(StatementForm):
    """A work: how far it has come, until when, and its life: one line for each year."""

    kind = "activity"
    shown = ("name", "field", "due", "owner")
    name = forms.CharField(label=gettext_lazy("Name"), max_length=400)
    stage_on = DayField(label=gettext_lazy("Since"))
    due = DayField(label=gettext_lazy("Due"))
    owner = text(gettext_lazy("In charge"), help_text=gettext_lazy("The body or officer that follows it up."))
    life = LinesField(("year", "act", "note"), 4, label=gettext_lazy("Life of the work"))

    def prepare(self) -> None:
        self.fields["stage_code"] = forms.ChoiceField(
            label=_("Stage"), required=False, choices=coded("stage", STAGES_TOLD)
        )
        self.fields["field"] = forms.ChoiceField(
            label=_("Field"), required=False, choices=coded("field", FIELDS)
        )
        words = ", ".join(label("life", act).lower() for act in LIFE_ACTS)
        self.fields["life"].help_text = _("One a line: year | what was done | note. What: %(words)s.") % {
            "words": words
        }
        self.fields["life"].widget.attrs["placeholder"] = f"1984 | {label('life', 'built').lower()}"

    def initial_of(self, values: Mapping[str, Any]) -> dict[str, Any]:
        stage = values.get("stage") or {}
        life = [{**row, "act": label("life", row["act"]).lower()} for row in values.get("life", ())]
        return dict(values) | {"stage_code": stage.get("code"), "stage_on": stage.get("on"), "life": life}

    def clean_life(self) -> list[dict[str, Any]]:
        acts = {label("life", act, language).lower(): act for act in LIFE_ACTS for language in ("vi", "en")}
        out = []
        for row in self.cleaned_data.get("life") or ():
            act, year = acts.get(str(row.get("act", "")).lower()), str(row["year"])
            if act is None or not (year.isascii() and year.isdigit() and 1 <= int(year) <= 9999):
                raise forms.ValidationError(
                    _("“%(found)s”: write a year, then what was done: %(words)s.")
                    % {
                        "found": f"{year} | {row.get('act', '')}",
                        "words": ", ".join(label("life", a).lower() for a in LIFE_ACTS),
                    }
                )
            out.append({**row, "year": int(year), "act": act})
        return sorted(out, key=lambda row: (row["year"], LIFE_ACTS.index(row["act"])))

    def given(self) -> dict[str, Any]:
        given = super().given() | {"life": self.cleaned_data.get("life") or []}
        code, since = self.cleaned_data.get("stage_code"), _plain(self.cleaned_data.get("stage_on"))
        given["stage"] = ({"code": code} | ({"on": since} if since else {})) if code else None
        return given

    def names(self) -> Sequence[str]:
        return ("name", "stage_code", "stage_on", "due", "owner", "field", "life")


FORMS: dict[str, type[StatementForm]] = {
    "meeting": MeetingForm,
    "agreement": AgreementForm,
    "ask": AskForm,
    "activity": WorkForm,
}
VERSIONS: dict[str, type[StatementForm]] = {**FORMS, "ask": AnsweredForm}


def localities_of(record: Record) -> list[Party]:
    """The localities that a record concerns, and those of its cooperations, in order of their names."""
    sides = {r.party_id: r.party for r in record.roles.all() if r.role == "side"}
    sides |= {p.pk: p for c in record.cooperations.all() for p in c.localities.all()}
    return sorted(sides.values(), key=lambda p: p.name_key)
