"""The forms of the news room: a story, a photo, what a reader says is wrong, what an officer answers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hoptac.ledger.models import Cooperation, Party
from hoptac.newsroom.models import BODY, BYLINE, HEADLINE, LEAD, OUTCOMES, Story
from hoptac.newsroom.pictures import MOST_BYTES, MOST_PIXELS, Cleaned, PictureError, clean_picture
from hoptac.screens.labels import label

NOTICE_LEAST, NOTICE_MOST = 10, 4_000  # characters
REPLY_MOST = 2_000
MOMENT = ["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%d/%m/%Y %H:%M"]


class StoryForm(forms.Form):
    """A story's text. ``version`` is that of the text from which the form was made."""

    party = forms.ModelChoiceField(
        Party.objects.none(), label=gettext_lazy("Published by"), empty_label=None, required=False
    )
    cooperation = forms.ModelChoiceField(
        Cooperation.objects.none(), label=gettext_lazy("Cooperation"), required=False, to_field_name="slug"
    )
    headline = forms.CharField(label=gettext_lazy("Headline"), max_length=HEADLINE)
    lead = forms.CharField(
        label=gettext_lazy("Lead"), max_length=LEAD, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    body = forms.CharField(
        label=gettext_lazy("Body"), max_length=BODY, required=False, widget=forms.Textarea(attrs={"rows": 18}),
        strip=False,
    )  # fmt: skip
    byline = forms.CharField(label=gettext_lazy("By-line"), max_length=BYLINE, required=False)
    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=settings.LANGUAGES)
    embargo = forms.DateTimeField(
        label=gettext_lazy("Not before"),
        required=False,
        input_formats=MOMENT,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text=gettext_lazy("Nobody outside your side reads it before that hour (Viet Nam time)."),
    )
    note = forms.CharField(
        label=gettext_lazy("What was put right"),
        max_length=500,
        required=False,
        help_text=gettext_lazy("Readers see this line below the story."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, *args: Any, sides: Sequence[Party], cooperations: Any, story: Story | None = None, **more: Any
    ) -> None:
        super().__init__(*args, **more | {"auto_id": "story-%s"})
        party = self.fields["party"]
        assert isinstance(party, forms.ModelChoiceField)  # noqa: S101 - as declared above
        party.queryset = Party.objects.filter(pk__in=[p.pk for p in sides]).order_by("name_key")
        chosen = self.fields["cooperation"]
        assert isinstance(chosen, forms.ModelChoiceField)  # noqa: S101 - as declared above
        chosen.queryset = cooperations
        if story is not None:
            del self.fields["party"]
        if story is None or story.state != "published":
            del self.fields["note"]


class PhotoForm(forms.Form):
    """A photo with its caption. Gives ``picture`` as a Cleaned."""

    picture = forms.FileField(
        label=gettext_lazy("Photo (JPEG or PNG)"),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png"}),
    )
    caption = forms.CharField(label=gettext_lazy("Caption"), max_length=300)
    shows = forms.CharField(
        label=gettext_lazy("What the photo shows, for those who cannot see it"),
        max_length=300,
        required=False,
    )
    credit = forms.CharField(label=gettext_lazy("Photo by"), max_length=120, required=False)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more | {"auto_id": "photo-%s"})

    def clean_picture(self) -> Cleaned:
        file = self.cleaned_data["picture"]
        try:
            return clean_picture(file.read(MOST_BYTES + 1))
        except PictureError as error:
            raise forms.ValidationError(picture_words(error.code)) from None


def picture_words(code: str) -> str:
    """What is wrong with a photo, and what is taken."""
    return {
        "kind": _("Only JPEG and PNG photos are taken, by what is in them."),
        "large": _("The photo is larger than %(most)s MB.") % {"most": MOST_BYTES >> 20},
        "pixels": _("The photo has more than %(most)s million points.") % {"most": MOST_PIXELS // 1_000_000},
        "small": _("The photo is too small to be shown."),
    }.get(code, _("The photo is broken: save it again in another program."))


class NoticeForm(forms.Form):
    """What a reader says is wrong. ``website`` is filled by programs only."""

    words = forms.CharField(
        label=gettext_lazy("What is wrong, and what is right?"),
        min_length=NOTICE_LEAST,
        max_length=NOTICE_MOST,
        widget=forms.Textarea(attrs={"rows": 7}),
        help_text=gettext_lazy("If a paper or a page says it better, name it."),
    )
    contact = forms.CharField(
        label=gettext_lazy("How we can answer you (optional)"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Seen by the officers who look into it, never published."),
        widget=forms.TextInput(attrs={"autocomplete": "email"}),
    )
    website = forms.CharField(label=gettext_lazy("Leave this empty"), required=False, max_length=500,
                              widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}))  # fmt: skip
    path = forms.CharField(widget=forms.HiddenInput, required=False, max_length=400)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more | {"auto_id": "notice-%s"})

    @property
    def by_program(self) -> bool:
        return bool(self.cleaned_data.get("website"))


class ReplyForm(forms.Form):
    """What an officer did about a notice."""

    outcome = forms.ChoiceField(label=gettext_lazy("What became of it"))
    party = forms.ModelChoiceField(
        Party.objects.none(), label=gettext_lazy("In the name of"), empty_label=None
    )
    words = forms.CharField(
        label=gettext_lazy("For your colleagues"), max_length=REPLY_MOST, required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip

    def __init__(self, *args: Any, sides: Sequence[Party], **more: Any) -> None:
        super().__init__(*args, **more | {"auto_id": "reply-%s"})
        outcome, party = self.fields["outcome"], self.fields["party"]
        assert isinstance(outcome, forms.ChoiceField)  # noqa: S101 - as declared above
        outcome.choices = [(code, label("notice", code)) for code in OUTCOMES]
        assert isinstance(party, forms.ModelChoiceField)  # noqa: S101 - as declared above
        party.queryset = Party.objects.filter(pk__in=[p.pk for p in sides]).order_by("name_key")
