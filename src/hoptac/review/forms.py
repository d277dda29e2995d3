"""Forms of a review (các biểu mẫu): open one, write one's side's words, say what became of an ask, the details of a paper."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hoptac.ledger.models import Cooperation, Party
from hoptac.review.letterhead import Paper
from hoptac.review.models import OUTCOMES
from hoptac.screens.labels import label

TEXT_MOST = 8000  # characters of one text
LINE_MOST = 300
FIRST_YEAR, LAST_YEAR = 1945, 2199


def _side_field(sides: list[Party]) -> forms.ModelChoiceField[Party]:
    return forms.ModelChoiceField(
        Party.objects.filter(pk__in=[p.pk for p in sides]),
        label=_("In the name of"),
        empty_label=None,
        initial=sides[0] if sides else None,
    )


class OpenForm(forms.Form):
    """A cooperation and the years of the review."""

    first = forms.IntegerField(
        label=gettext_lazy("From year"), min_value=FIRST_YEAR, max_value=LAST_YEAR, localize=False
    )
    last = forms.IntegerField(
        label=gettext_lazy("To year"), min_value=FIRST_YEAR, max_value=LAST_YEAR, localize=False
    )

    def __init__(
        self, cooperations: QuerySet[Cooperation], sides: list[Party], *args: Any, **more: Any
    ) -> None:
        super().__init__(*args, **more)
        self.fields["cooperation"] = forms.ModelChoiceField(
            cooperations, label=_("Cooperation"), to_field_name="slug", empty_label=None
        )
        self.fields["side"] = _side_field(sides)
        self.order_fields(["cooperation", "first", "last", "side"])

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        first, last, side = said.get("first"), said.get("last"), said.get("side")
        if first is not None and last is not None and first > last:
            self.add_error("last", _("The last year is before the first."))
        cooperation = said.get("cooperation")
        if side and cooperation and not cooperation.localities.filter(pk=side.pk).exists():
            self.add_error("side", _("This side is not in that cooperation."))
        return said


class VersionedForm(forms.Form):
    """A form made from one version of the review; an older one is refused."""

    version = forms.IntegerField(widget=forms.HiddenInput, localize=False)

    def __init__(self, sides: list[Party], *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["side"] = _side_field(sides)
        if len(sides) == 1:
            self.fields["side"].widget = forms.HiddenInput()


class WordsForm(VersionedForm):
    """What a side has to say: strengths, limits, proposals. A line that begins with a dash is a point of its own."""

    strengths = forms.CharField(
        label=gettext_lazy("Strengths"),
        required=False,
        max_length=TEXT_MOST,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    limits = forms.CharField(
        label=gettext_lazy("Limits"),
        required=False,
        max_length=TEXT_MOST,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    proposals = forms.CharField(
        label=gettext_lazy("Proposals for the next period"),
        required=False,
        max_length=TEXT_MOST,
        widget=forms.Textarea(attrs={"rows": 6}),
    )


class OutcomeForm(VersionedForm):
    """What became of one ask."""

    about = forms.UUIDField(widget=forms.HiddenInput)
    text = forms.CharField(
        label=gettext_lazy("In words"),
        required=False,
        max_length=TEXT_MOST,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, sides: list[Party], *args: Any, **more: Any) -> None:
        super().__init__(sides, *args, **more)
        self.fields["outcome"] = forms.ChoiceField(
            label=_("What became of it"),
            choices=[(code, label("became", code)) for code in OUTCOMES],
        )
        self.order_fields(["about", "version", "side", "outcome", "text"])


class PaperForm(VersionedForm):
    """The details of one's own paper; what is left empty is as usual."""

    superior = forms.CharField(label=gettext_lazy("Superior body"), required=False, max_length=LINE_MOST)
    body = forms.CharField(
        label=gettext_lazy("Issuing body"), required=False, max_length=LINE_MOST, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("One or two lines, as they are to stand on the paper."),
    )  # fmt: skip
    number = forms.CharField(label=gettext_lazy("Number"), required=False, max_length=20)
    symbol = forms.CharField(label=gettext_lazy("Symbol"), required=False, max_length=60)
    place = forms.CharField(label=gettext_lazy("Place"), required=False, max_length=LINE_MOST)
    day = forms.DateField(
        label=gettext_lazy("Day"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
    )  # fmt: skip
    authority = forms.CharField(
        label=gettext_lazy("Signed for (TM., KT., TL., TUQ.)"), required=False, max_length=LINE_MOST,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip
    office = forms.CharField(label=gettext_lazy("Signer's office"), required=False, max_length=LINE_MOST)
    signer = forms.CharField(label=gettext_lazy("Signer"), required=False, max_length=LINE_MOST)
    recipients = forms.CharField(
        label=gettext_lazy("Recipients, one a line"), required=False, max_length=TEXT_MOST,
        widget=forms.Textarea(attrs={"rows": 4}),
    )  # fmt: skip

    def said(self) -> dict[str, str]:
        """The details given, as they are kept."""
        given: Mapping[str, Any] = self.cleaned_data
        day = given.get("day")
        values = {**given, "day": day.isoformat() if isinstance(day, date) else ""}
        return {name: value for name, value in Paper.of(values).as_json().items() if value}
