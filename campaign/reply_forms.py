"""Forms of the right of reply: what an office sends, what a reader reports, and what the team decides on both."""

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from campaign import replies, uploads
from campaign.forms import ExecutiveField
from campaign.models import Campaign, Entry, Executive, Said, Submission, Tone
from campaign.replies import Objection, Reply
from letters.forms import AskingForm

_WORDS = {"rows": 4, "dir": "auto"}


@dataclass(frozen=True)
class Disputable:
    """An entry of the record with the two fields that dispute it."""

    entry: Entry
    words: forms.BoundField
    source: forms.BoundField

    @property
    def is_open(self) -> bool:
        """Whether something was typed, so that it has to be seen."""
        return bool(self.words.value() or self.source.value() or self.words.errors)


class ReplyForm(AskingForm):
    """An office's answer, and what it says is wrong."""

    answer = forms.CharField(
        required=False,
        max_length=10_000,
        label=_("Your answer to the demands"),
        widget=forms.Textarea(attrs={"rows": 10, "dir": "auto"}),
        help_text=_("It may be quoted in public under the name below, word for word and dated."),
    )
    documents = uploads.FilesField(
        most=replies.MOST_FILES,
        required=False,
        label=_("Documents"),
        help_text=_(
            "At most five PDF, PNG, JPEG or WebP files of 10 MB each. Only the campaign’s team sees them. Pictures lose"
            " what they betray of place and camera; other files stay as they are."
        ),
    )
    signed_as = forms.CharField(
        max_length=200,
        label=_("Who speaks, and in which function"),
        widget=forms.TextInput(attrs={"dir": "auto"}),
        help_text=_("For example: Jo Doe, spokesperson. It is shown in public with your words."),
        error_messages={"required": _("Say who speaks for the office.")},
    )
    speaks = forms.BooleanField(
        label=_("I may speak for this office, and what I write may be published as its words."),
        error_messages={"required": _("Only somebody who may speak for the office can send this.")},
    )

    def __init__(self, *args: Any, entries: Sequence[Entry], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._entries = entries
        for entry in entries:
            self.fields[f"words_{entry.pk.hex}"] = forms.CharField(
                required=False, max_length=5000, label=_("What is wrong with it"), widget=forms.Textarea(attrs=_WORDS)
            )
            self.fields[f"source_{entry.pk.hex}"] = forms.CharField(
                required=False,
                max_length=1000,
                label=_("Where that can be seen"),
                widget=forms.TextInput(attrs={"dir": "auto"}),
                help_text=_("A page, a document, a recording. Documents can be added below."),
            )

    def clean_answer(self) -> str:
        return str(self.cleaned_data["answer"]).strip()

    def clean_signed_as(self) -> str:
        return " ".join(str(self.cleaned_data["signed_as"]).split())

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for entry in self._entries:
            if data.get(f"source_{entry.pk.hex}") and not data.get(f"words_{entry.pk.hex}"):
                self.add_error(f"words_{entry.pk.hex}", _("Say what is wrong with it."))
        if not self.errors and not data.get("answer") and not self._objections():
            self.add_error("answer", _("Write your answer, or say below what is wrong with an entry."))
        return data

    def disputables(self) -> Iterator[Disputable]:
        """The entries that can be disputed, with their fields."""
        for entry in self._entries:
            yield Disputable(entry, self[f"words_{entry.pk.hex}"], self[f"source_{entry.pk.hex}"])

    def reply(self) -> Reply:
        """What was sent; call it on a valid form."""
        data = self.cleaned_data
        return Reply(
            signed_as=data["signed_as"],
            answer=data["answer"],
            objections=self._objections(),
            files=data["documents"],
        )

    def _objections(self) -> dict[uuid.UUID, Objection]:
        data = self.cleaned_data
        return {
            entry.pk: Objection(words, data.get(f"source_{entry.pk.hex}", ""))
            for entry in self._entries
            if (words := data.get(f"words_{entry.pk.hex}", ""))
        }


class ReportForm(AskingForm):
    """A reader's word that something is wrong."""

    words = forms.CharField(
        max_length=3000,
        label=_("What is wrong"),
        widget=forms.Textarea(attrs={"rows": 6, "dir": "auto"}),
        help_text=_("For example: the date, a word of the quote, who said it."),
        error_messages={"required": _("Say what is wrong.")},
    )
    source = forms.CharField(
        required=False,
        max_length=1000,
        label=_("Where that can be seen"),
        widget=forms.TextInput(attrs={"dir": "auto"}),
        help_text=_("A page, a paper, a recording. Without one it is hard to correct anything."),
    )

    def objection(self) -> Objection:
        """What was reported; call it on a valid form."""
        return Objection(self.cleaned_data["words"].strip(), self.cleaned_data["source"].strip())


class ReplyAddressForm(forms.Form):
    """For whom, for which letter and for how long an address shall be good."""

    executive = ExecutiveField(queryset=Executive.objects.none(), label=_("Office"), empty_label=_("choose an office"))
    letter = forms.ChoiceField(label=_("Letter"))
    days = forms.IntegerField(
        initial=replies.LIFE,
        min_value=replies.LEAST_LIFE,
        max_value=replies.MOST_LIFE,
        label=_("Good for so many days"),
    )

    def __init__(self, *args: Any, campaign: Campaign, letters: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["executive"].queryset = campaign.executives.select_related("employer").order_by("pk")  # type: ignore[attr-defined]  # a ModelChoiceField
        self.fields["letter"].choices = [(str(pk), title) for pk, title in letters]  # type: ignore[attr-defined]  # a ChoiceField


class _EntryField(forms.ModelChoiceField):  # type: ignore[type-arg]  # as ExecutiveField
    """An entry in one line."""

    def label_from_instance(self, obj: Any) -> str:
        words = " ".join((obj.quote or obj.what or obj.title or obj.key).split())
        return f"{obj.get_kind_display()}, {obj.date or '–'}: {words[:70]}"


class DecideForm(forms.Form):
    """What becomes of a dispute or a report, and why."""

    outcome = forms.ChoiceField(
        label=_("What do you decide?"),
        widget=forms.RadioSelect,
        choices=[
            (Submission.Outcome.ACCEPTED.value, _("It is right: the entry leaves the record")),
            (Submission.Outcome.PARTLY.value, _("It is right in part: your reason stands beside the entry")),
            (Submission.Outcome.REFUSED.value, _("It is not right: the entry stays, and your reason stands beside it")),
        ],
        error_messages={"required": _("Choose what you decide.")},
    )
    reason = forms.CharField(
        max_length=2000,
        label=_("Why"),
        widget=forms.Textarea(attrs=_WORDS),
        help_text=_("Public, beside the entry. Say what you looked at."),
        error_messages={"required": _("Give the reason. It is public beside the entry.")},
    )
    result = _EntryField(
        queryset=Entry.objects.none(),
        required=False,
        label=_("The entry that stands in its place"),
        help_text=_("Record the corrected entry first. It is public once somebody else has checked it."),
        empty_label=_("none"),
    )

    def __init__(self, *args: Any, submission: Submission, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if submission.kind == Submission.Kind.ANSWER:
            del self.fields["outcome"], self.fields["result"]
            self.fields["reason"].help_text = _("Public on the executive’s page.")
        elif submission.entry_id is None:
            del self.fields["result"]
        else:
            self.fields["result"].queryset = (  # type: ignore[attr-defined]  # a ModelChoiceField
                Entry.objects.filter(campaign_id=submission.campaign_id)
                .exclude(state=Entry.State.REJECTED)
                .exclude(pk=submission.entry_id)
                .order_by("-recorded_at")
            )


class PassageForm(forms.Form):
    """What of an answer goes on the record."""

    quote = forms.CharField(
        max_length=10_000,
        label=_("Exact words"),
        widget=forms.Textarea(attrs={"rows": 8, "dir": "auto"}),
        help_text=_("All of it, or a part. Write […] where you leave something out."),
        error_messages={"required": _("Keep the words that go on the record.")},
    )
    what = forms.CharField(
        required=False, max_length=5000, label=_("What it says, in your words"), widget=forms.Textarea(attrs=_WORDS)
    )
    tone = forms.ChoiceField(choices=[("", _("not stated")), *Tone.choices], required=False, label=_("Tone as a whole"))

    def __init__(self, *args: Any, campaign: Campaign, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._demands = list(campaign.demands.order_by("number"))
        for demand in self._demands:
            self.fields[f"demand_{demand.pk}"] = forms.ChoiceField(
                required=False, choices=[("", _("says nothing on it")), *Said.choices], label=str(demand)
            )

    def bearings(self) -> dict[int, Said]:
        """What it says on each demand, by demand id."""
        return {
            demand.pk: Said(said) for demand in self._demands if (said := self.cleaned_data.get(f"demand_{demand.pk}"))
        }


def check_files_whole(form: ReplyForm, request_meta: dict[str, Any]) -> None:
    """Say at the field which files were too large to be read; call it before the form is looked at."""
    if uploads.too_large(request_meta, "documents"):
        form.add_error(
            "documents",
            ValidationError(_("A file was larger than 10 MB and was not taken. What you typed is still here.")),
        )
