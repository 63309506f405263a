"""Forms of followers, and of the team that tells them something."""

import uuid
import zoneinfo
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from letters import text, verification
from letters.broadcasting import Choice, Frequency
from letters.forms import AskingForm

_ZONES = [
    (name, name.replace("_", " ")) for name in sorted(zoneinfo.available_timezones()) if "/" in name or name == "UTC"
]


class ChoiceForm(forms.Form):
    """How often, and whose morning counts."""

    frequency = forms.ChoiceField(
        label=_("How often"), choices=Frequency, widget=forms.RadioSelect, initial=Frequency.WEEKLY
    )
    time_zone = forms.ChoiceField(
        label=_("Your time zone"),
        choices=_ZONES,
        help_text=_("Nothing comes between nine in the evening and eight in the morning there."),
    )

    def choice(self) -> Choice:
        """What was chosen; call it on a valid form."""
        return Choice(
            frequency=Frequency(self.cleaned_data["frequency"]), time_zone=str(self.cleaned_data["time_zone"])
        )


class FollowForm(AskingForm, ChoiceForm):
    """Where news goes, and how often."""

    email = forms.CharField(
        label=_("Your e-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "autocapitalize": "none", "spellcheck": "false"}),
        help_text=_("A code goes there first. Consider an address that your employer does not read."),
        error_messages={"required": _("Enter the address that news shall go to.")},
    )
    field_order = ["email", "frequency", "time_zone"]

    def clean_email(self) -> str:
        try:
            return verification.parse(self.cleaned_data["email"])
        except verification.NotAnAddress as error:
            raise ValidationError(_("This is not an e-mail address. Write it like name@example.org.")) from error


class UpdateForm(forms.Form):
    """What a team tells everybody."""

    title = forms.CharField(max_length=160, label=_("Title"), widget=forms.TextInput(attrs={"dir": "auto"}))
    body = forms.CharField(
        max_length=20_000,
        strip=False,
        label=_("Text"),
        widget=forms.Textarea(attrs={"rows": 12, "class": "textarea--text", "dir": "auto"}),
        help_text=_("In Markdown: an empty line begins a paragraph, **bold**, *italic*, > quote, - list."),
    )
    # So that pressing the button twice publishes once.
    id = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, initial={"id": uuid.uuid4()})

    def clean_title(self) -> str:
        return " ".join(str(self.cleaned_data["title"]).split())

    def clean_body(self) -> str:
        body = str(self.cleaned_data["body"]).replace("\0", "")
        if not text.plain(body).strip():
            raise ValidationError(_("Write something that people can read."))
        return body
