"""The form for where something is known from: sources on record already, a new one, or both."""

import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from campaign import recording, uploads
from campaign.forms import WebAddressField
from campaign.models import Campaign, Precision, Source
from campaign.recording import NewSource


class SourceForm(forms.Form):
    """Where something is known from: sources on record already, a new one, or both."""

    pasted = forms.CharField(
        required=False,
        max_length=20_000,
        label=_("Paste what you have"),
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
        help_text=_("The address, the headline, the passage. “Fill in” takes from it what it can; nothing is fetched."),
    )
    source_title = forms.CharField(required=False, max_length=300, label=_("Title of the source"))
    source_publisher = forms.CharField(required=False, max_length=160, label=_("Publisher"))
    source_author = forms.CharField(required=False, max_length=160, label=_("Author"))
    source_published = forms.DateField(
        required=False, label=_("Published on"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    source_precision = forms.ChoiceField(
        required=False, choices=Precision, initial=Precision.DAY, label=_("How exact is that date")
    )
    source_address = WebAddressField(
        required=False,
        max_length=500,
        label=_("Web address"),
        assume_scheme="https",
        help_text=_("Sources without one count too, for example a printed paper."),
    )
    source_archived = WebAddressField(
        required=False, max_length=500, label=_("Address of an archived copy"), assume_scheme="https"
    )
    source_place = forms.CharField(
        required=False,
        max_length=120,
        label=_("Place in it"),
        help_text=_("Of this entry alone; for example: page 3, minute 12:40."),
    )
    source_capture = uploads.FilesField(
        most=1,
        required=False,
        label=_("A capture of it"),
        help_text=_("PDF, PNG, JPEG or WebP, 10 MB at most. Only the team can open it; its SHA-256 is kept."),
    )
    known_sources = forms.ModelMultipleChoiceField(
        queryset=Source.objects.none(),
        required=False,
        label=_("Sources on record already"),
        widget=forms.CheckboxSelectMultiple(attrs={"data-find": ""}),
    )

    def __init__(self, *args: Any, campaign: Campaign, today: datetime.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._campaign, self._today = campaign, today
        self.fields["known_sources"].queryset = campaign.sources.order_by("-pk")  # type: ignore[attr-defined]  # a ModelChoiceField
        if not campaign.sources.exists():
            del self.fields["known_sources"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        published = data.get("source_published")
        if published and published > self._today:
            self.add_error("source_published", _("This day is still to come. When was it published?"))
        elif published:
            data["source_published"] = whole(published, data.get("source_precision") or Precision.DAY)
        if not data.get("source_title"):
            self._want_title(data)
        elif (same := recording.known(campaign=self._campaign, new=self._new_source())) is not None:
            self.add_error(
                "source_title",
                _("This source is on record already: “%(title)s”. Tick it below and leave these fields empty.")
                % {"title": same.title},
            )
        return data

    def sources(self) -> list[Source | NewSource]:
        """What was chosen and described."""
        found: list[Source | NewSource] = list(self.cleaned_data.get("known_sources") or ())
        return [*found, self._new_source()] if self.cleaned_data["source_title"] else found

    def places(self) -> dict[int, str]:
        """Where in sources on record already it stands."""
        ticked = list(self.cleaned_data.get("known_sources") or ())
        place = self.cleaned_data.get("source_place", "")
        return {ticked[0].pk: place} if place and len(ticked) == 1 and not self.cleaned_data["source_title"] else {}

    def _want_title(self, data: dict[str, Any]) -> None:
        typed = {name for name in data if name.startswith("source_") and name != "source_precision" and data[name]}
        ticked = list(data.get("known_sources") or ())
        if typed == {"source_place"} and len(ticked) == 1:
            return  # the place in the one that is ticked
        if typed == {"source_place"} and ticked:
            message = _("In which of the ticked sources? Tick one, and add the others afterwards, each with its place.")
            self.add_error("source_place", message)
        elif typed:
            self.add_error("source_title", _("Give the source’s title."))
        elif not data.get("known_sources"):
            self.add_error("source_title", _("Every entry needs a source. Give its title, or tick one below."))

    def _new_source(self) -> NewSource:
        data = self.cleaned_data
        return NewSource(
            title=data["source_title"],
            publisher=data.get("source_publisher", ""),
            author=data.get("source_author", ""),
            address=data.get("source_address", ""),
            archived=data.get("source_archived", ""),
            place=data.get("source_place", ""),
            published=data.get("source_published"),
            published_precision=Precision(data.get("source_precision") or Precision.DAY),
            capture=next(iter(data.get("source_capture") or ()), None),
        )


def whole(day: datetime.date, precision: str) -> datetime.date:
    """Months and years are kept as their first day."""
    if precision == Precision.YEAR:
        return day.replace(month=1, day=1)
    return day.replace(day=1) if precision == Precision.MONTH else day
