"""The trackers' forms about standings."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from campaign import proposals
from campaign.models import Demand, Entry, Executive, Standing


class EvidenceField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]  # at run time it takes none
    """Checked entries, each in a line."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, obj: Any) -> str:
        return in_a_line(obj)


def in_a_line(entry: Entry) -> str:
    """An entry as a list names it."""
    words = entry.quote or entry.what or entry.title
    short = words if len(words) <= 90 else words[:89] + "…"
    parts = [str(entry.get_kind_display()), str(entry.date or ""), str(entry.get_audience_display() or "")]
    return " · ".join([part for part in parts if part] + ([f"“{short}”" if entry.quote else short] if short else []))


class StandingForm(forms.Form):
    """Where an executive stands on a demand, why, and what that rests upon."""

    standing = forms.ChoiceField(choices=Standing, label=_("It stands so"), widget=forms.RadioSelect)
    evidence = EvidenceField(queryset=Entry.objects.none(), required=False, label=_("It rests upon"))
    reason = forms.CharField(
        max_length=1000,
        label=_("Why it stands so"),
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        help_text=_("One sentence that a stranger, and the executive’s lawyer, can check against the evidence."),
    )
    saw = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, executive: Executive, demand: Demand, holder: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choices = proposals.evidence_for(executive, demand, holder)
        field = self.fields["evidence"]
        field.queryset = Entry.objects.filter(pk__in=[entry.pk for entry in self.choices])  # type: ignore[attr-defined]  # a ChoiceField
        field.initial = [entry.pk for entry in self.choices if proposals.speaks_to(entry, demand)]
        field.choices = [(entry.pk, in_a_line(entry)) for entry in self.choices]  # type: ignore[attr-defined]  # a ChoiceField
