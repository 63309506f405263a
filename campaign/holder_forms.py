"""The form for an office that changes hands."""

import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from campaign.models import Precision, Source
from campaign.recording import NewSource
from campaign.source_forms import SourceForm, whole
from campaign.succession import NewHolder


class HolderForm(SourceForm):
    """Who holds the office from a day on, and where that is known from."""

    pasted = None  # type: ignore[assignment]  # takes the inherited field away: nothing is filled in here

    name = forms.CharField(
        required=False,
        max_length=120,
        label=_("Who holds it from then on"),
        help_text=_("Empty when the office is vacant, or nobody knows."),
    )
    since = forms.DateField(
        label=_("Since"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), input_formats=["%Y-%m-%d"]
    )
    precision = forms.ChoiceField(choices=Precision, initial=Precision.DAY, label=_("How exact is the date"))

    field_order = ("name", "since", "precision")

    def clean_since(self) -> datetime.date:
        day: datetime.date = self.cleaned_data["since"]
        if day > self._today:
            raise forms.ValidationError(_("This day is still to come. Record it once she holds the office."))
        return day

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if not self.errors and len(self.sources()) > 1:
            self.add_error("source_title", _("One source is enough here: describe one, or tick one below."))
        return data

    def new_holder(self) -> NewHolder:
        """What was typed; call it on a form without faults."""
        data = self.cleaned_data
        precision = Precision(data["precision"])
        return NewHolder(name=data["name"], since=whole(data["since"], precision), precision=precision)

    def source(self) -> Source | NewSource:
        """Where it is known from."""
        return self.sources()[0]
