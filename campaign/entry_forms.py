"""The trackers' forms: one for each kind of entry, all with a source; what they refuse keeps what was typed."""

import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from campaign import holders, recording
from campaign.models import (
    Audience,
    Campaign,
    Demand,
    Entry,
    EntryKind,
    Executive,
    Holder,
    Precision,
    Said,
    Tone,
    Turn,
)
from campaign.models.campaigns import named
from campaign.recording import NewEntry, NewOffice
from campaign.source_forms import SourceForm, whole
from letters import queries

_AREA = {"rows": 3, "dir": "auto"}
_CHANNELS = (
    "interview",
    "post",
    "open letter",
    "memo",
    "call",
    "meeting",
    "court filing",
    "regulatory filing",
    "speech",
)
_OF_KIND: dict[EntryKind, tuple[str, ...]] = {
    EntryKind.STATEMENT: (
        "executives", "quote", "language", "date", "precision", "holder", "audience", "known", "reported_by",
        "channel", "outlet", "what", "says", "about", "also_quoted", "tone", "turn", "earlier",
    ),
    EntryKind.CONDUCT: ("executives", "what", "date", "precision", "holder"),
    EntryKind.SILENCE: ("executives", "what", "date", "precision", "holder"),
    EntryKind.REACTION: (
        "by", "by_title", "by_employer", "signatory", "executives", "what", "date", "precision", "holder",
    ),
    EntryKind.POSITION: ("executives", "what", "date", "precision", "holder"),
    EntryKind.RELATED_LETTER: ("title", "offices", "what", "asks", "criticism", "date", "precision"),
    EntryKind.EVENT: ("what", "date", "precision"),
}  # fmt: skip
_NEEDS_SOMEBODY = {EntryKind.STATEMENT, EntryKind.CONDUCT, EntryKind.SILENCE, EntryKind.POSITION}
_NEEDS_DATE = {EntryKind.STATEMENT, EntryKind.SILENCE}
_FACTS = (
    *("quote", "language", "audience", "known", "reported_by", "channel", "outlet", "what", "about", "also_quoted"),
    *("tone", "by", "by_title", "signatory", "title", "asks", "criticism"),
)


class PeopleField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]  # at run time it takes none
    """Executives of the campaign, each with office and company; a script shortens the list while somebody types."""

    widget = forms.CheckboxSelectMultiple(attrs={"data-find": ""})

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.display)


class EntryForm(SourceForm):
    """An entry of one kind, with its source."""

    by = forms.CharField(max_length=160, label=_("Who said it"))
    by_title = forms.CharField(required=False, max_length=160, label=_("Their office or role"))
    by_employer = forms.TypedChoiceField(required=False, coerce=int, empty_value=None, label=_("Their company"))
    signatory = forms.BooleanField(required=False, label=_("Reported to have signed the letter"))
    title = forms.CharField(max_length=200, label=_("Title of the letter"))
    offices = forms.CharField(
        required=False,
        max_length=5000,
        label=_("Who signed it"),
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
        help_text=_("One on each line: office, name if known, company. For example: Chief executive, Acme."),
    )
    executives = PeopleField(
        queryset=Executive.objects.none(), required=False, label=_("Who"), help_text=_("Several for a joint statement.")
    )
    quote = forms.CharField(
        required=False,
        max_length=5000,
        label=_("Exact words, or below in yours"),
        widget=forms.Textarea(attrs=_AREA),
        help_text=_("Without quotation marks."),
    )
    language = forms.CharField(
        required=False, max_length=16, label=_("Language of the words"), help_text=_("Such as en, de or pt-BR.")
    )
    also_quoted = forms.CharField(
        required=False, max_length=5000, label=_("More exact words"), widget=forms.Textarea(attrs=_AREA)
    )
    about = forms.CharField(required=False, max_length=500, label=_("What it is about"))
    audience = forms.ChoiceField(
        choices=Audience,
        label=_("To whom"),
        widget=forms.RadioSelect,
        initial=Audience.PUBLIC,
        help_text=_("An internal message stays internal even when a newspaper prints it."),
    )
    known = forms.ChoiceField(
        choices=[("", _("not stated")), *Entry.Known.choices], required=False, label=_("How it became known")
    )
    reported_by = forms.CharField(
        required=False, max_length=120, label=_("Known through"), help_text=_("Who made it known.")
    )
    channel = forms.CharField(
        required=False,
        max_length=120,
        label=_("Where"),
        help_text=_("Interview, post, open letter, memo, call, meeting, court or regulatory filing …"),
    )
    outlet = forms.CharField(required=False, max_length=120, label=_("Programme, paper or site"))
    what = forms.CharField(
        required=False, max_length=5000, label=_("In your words"), widget=forms.Textarea(attrs=_AREA)
    )
    says = forms.CharField(
        required=False,
        max_length=5000,
        label=_("Its points"),
        widget=forms.Textarea(attrs=_AREA),
        help_text=_("One on each line."),
    )
    asks = forms.CharField(
        required=False, max_length=2000, label=_("What it asks for"), widget=forms.Textarea(attrs=_AREA)
    )
    criticism = forms.CharField(
        required=False, max_length=2000, label=_("Criticism of it"), widget=forms.Textarea(attrs=_AREA)
    )
    date = forms.DateField(
        required=False,
        label=_("Date"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d"],
    )
    precision = forms.ChoiceField(
        required=False, choices=Precision, initial=Precision.DAY, label=_("How exact is the date")
    )
    holder = forms.ModelChoiceField(
        queryset=Holder.objects.none(),
        required=False,
        label=_("Which holder of the office"),
        empty_label=_("the one of that day"),
        help_text=_("Only where the date does not tell, for example for words from before she came."),
    )
    tone = forms.ChoiceField(choices=[("", _("not stated")), *Tone.choices], required=False, label=_("Tone as a whole"))
    turn = forms.ChoiceField(
        choices=[("", _("neither")), *Turn.choices],
        required=False,
        label=_("To an earlier statement"),
        help_text=_("Only where it withdraws or contradicts one outright; then say below which."),
    )
    earlier = forms.ModelChoiceField(
        queryset=Entry.objects.none(), required=False, label=_("Which one"), empty_label=_("none")
    )
    correction = forms.CharField(
        required=False,
        max_length=300,
        label=_("What was wrong"),
        help_text=_("Everybody reads it beside the correction."),
    )

    def __init__(
        self, *args: Any, kind: EntryKind, campaign: Campaign, original: Entry | None, opened_on: datetime.date | None,
        **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, campaign=campaign, **kwargs)
        self.kind, self._original, self._opened_on = kind, original, opened_on
        self.duplicates: list[Entry] = []
        self.is_too_old = False
        self._offices: list[NewOffice] = []
        self._employers = queries.employers(campaign.directory_id)
        self._demands: list[Demand] = []
        own = [*_OF_KIND[kind], *(["correction"] if original else [])]
        about_source = list(SourceForm.base_fields)
        for name in [name for name in self.fields if name not in {*own, *about_source}]:
            del self.fields[name]
        self._fill(campaign, own)
        self.order_fields(
            [*(["correction"] if original else []), "pasted", *own, *(f"demand_{one.pk}" for one in self._demands)]
        )

    def _fill(self, campaign: Campaign, own: list[str]) -> None:
        if "executives" in own:
            field = self.fields["executives"]
            field.queryset = campaign.executives.select_related("employer").order_by("pk")  # type: ignore[attr-defined]  # a ModelChoiceField
            field.required = self.kind in _NEEDS_SOMEBODY
        if "holder" in own:
            self._offer_holders(campaign)
        if "earlier" in own:
            self._offer_earlier(campaign)
        if "by_employer" in own:
            self.fields["by_employer"].choices = [  # type: ignore[attr-defined]  # a ChoiceField
                ("", _("none")), *((one.id, one.name) for one in self._employers)
            ]  # fmt: skip
        self.fields["date"].required = self.kind in _NEEDS_DATE
        if "what" in own:
            self.fields["what"].required = self.kind in {
                EntryKind.CONDUCT, EntryKind.POSITION, EntryKind.EVENT, EntryKind.REACTION,
            }  # fmt: skip
        if self._original:
            self.fields["correction"].required = True
        if self.kind == EntryKind.STATEMENT:
            self._demands = list(campaign.demands.order_by("number"))
            for demand in self._demands:
                self.fields[f"demand_{demand.pk}"] = forms.ChoiceField(
                    required=False, choices=[("", _("says nothing on it")), *Said.choices], label=str(demand)
                )

    def _offer_holders(self, campaign: Campaign) -> None:
        """Who held offices that changed hands; where none did, nothing is asked."""
        rows = holders.CHECKED.filter(executive__campaign=campaign).select_related("executive__employer")
        choices = [(one.pk, named(one.name, one.executive.title, one.executive.employer.name)) for one in rows]
        if not choices:
            del self.fields["holder"]
            return
        field = self.fields["holder"]
        field.queryset = rows  # type: ignore[attr-defined]  # a ModelChoiceField
        field.choices = [("", field.empty_label), *choices]  # type: ignore[attr-defined]  # the same

    def _offer_earlier(self, campaign: Campaign) -> None:
        """Checked statements, by office; where there are none, nothing is asked."""
        rows = campaign.entries.filter(kind=EntryKind.STATEMENT, state=Entry.State.CHECKED)
        if self._original:
            rows = rows.exclude(pk=self._original.pk)
        groups: dict[str, list[tuple[Any, str]]] = {}
        for entry in rows.prefetch_related("executives__employer").order_by("-date", "pk"):
            for office in entry.executives.all():
                words = f"{entry.date or ''} “{(entry.quote or entry.what)[:60]}”".strip()
                groups.setdefault(f"{office.title}, {office.employer.name}", []).append((entry.pk, words))
        if not groups:
            del self.fields["turn"], self.fields["earlier"]
            return
        field = self.fields["earlier"]
        field.queryset = rows  # type: ignore[attr-defined]  # a ModelChoiceField
        field.choices = [("", field.empty_label), *sorted(groups.items())]  # type: ignore[attr-defined]  # the same

    @property
    def channels(self) -> tuple[str, ...]:
        """What is offered where it was said."""
        return _CHANNELS

    def clean_date(self) -> datetime.date | None:
        day: datetime.date | None = self.cleaned_data["date"]
        if day and day > self._today and self.kind != EntryKind.EVENT:
            raise ValidationError(_("This day is still to come. Give the day on which it happened."))
        return day

    def clean_offices(self) -> str:
        known = {one.name.casefold(): one.id for one in self._employers}
        for line in self.cleaned_data["offices"].splitlines():
            parts = [part.strip() for part in line.split(",") if part.strip()]
            if not parts:
                continue
            if len(parts) not in {2, 3}:
                raise ValidationError(
                    _("“%(line)s”: write the office, the name if it is known, and the company, with commas.")
                    % {"line": line.strip()}
                )
            if (employer_id := known.get(parts[-1].casefold())) is None:
                raise ValidationError(
                    _("“%(company)s” is not among the campaign’s employers. Add it there first.")
                    % {"company": parts[-1]}
                )
            self._offices.append(NewOffice(parts[0], parts[1] if len(parts) == 3 else "", employer_id))
        return str(self.cleaned_data["offices"])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.kind == EntryKind.STATEMENT:
            self._clean_statement(data)
        holder = data.get("holder")
        if holder and holder.executive not in list(data.get("executives") or ()):
            self.add_error("holder", _("She holds an office that is not chosen above."))
        if data.get("date"):
            data["date"] = whole(data["date"], data.get("precision") or Precision.DAY)
        if not self.errors:
            self._look_for_duplicates()
        return data

    def _clean_statement(self, data: dict[str, Any]) -> None:
        if not data.get("quote") and not data.get("what") and not data.get("says"):
            self.add_error("quote", _("Give the exact words, or say below in your words what was said."))
        if data.get("audience") == Audience.INTERNAL and not data.get("reported_by"):
            self.add_error("reported_by", _("Say who made the internal message known."))
        self._clean_turn(data)
        day = data.get("date")
        if day and self._opened_on and day < self._opened_on and data.get("precision") in {"day", "by"}:
            self.is_too_old = True
            self.add_error(
                "date",
                _(
                    "This was said before the letter opened on %(day)s, so it is no answer to it."
                    " File it as an earlier position."
                )
                % {"day": self._opened_on.isoformat()},
            )

    def _clean_turn(self, data: dict[str, Any]) -> None:
        earlier, turn = data.get("earlier"), data.get("turn")
        if bool(earlier) != bool(turn):
            field, message = (
                ("turn", _("Say whether it withdraws or contradicts that one."))
                if earlier
                else ("earlier", _("Say which earlier statement you mean."))
            )
            self.add_error(field, message)
        elif earlier and not earlier.executives.filter(pk__in=data.get("executives") or ()).exists():
            self.add_error("earlier", _("That was said by another office. Choose a statement of the same one."))
        elif earlier and data.get("date") and earlier.date and earlier.date > data["date"]:
            self.add_error("earlier", _("That was said later than this. Choose an earlier statement."))

    def _look_for_duplicates(self) -> None:
        self.duplicates = recording.likely_duplicates(campaign=self._campaign, new=self.new_entry())
        if self.duplicates and not self.data.get("another"):
            raise ValidationError(_("This may be on record already. Look at what is listed below."))

    def places(self) -> dict[int, str]:
        """The same; a correction keeps the places of its original."""
        cited = self._original.citations.all() if self._original else ()
        return {one.source_id: one.place for one in cited if one.place} | super().places()

    def new_entry(self) -> NewEntry:
        """What was typed; call it on a form without faults."""
        data = self.cleaned_data
        facts = {name: data[name] for name in _FACTS if name in data}
        facts["date"] = data.get("date")
        facts["precision"] = (data.get("precision") or Precision.DAY) if data.get("date") else ""
        if "says" in data:
            facts["says"] = [line.strip() for line in data["says"].splitlines() if line.strip()]
        if data.get("holder"):
            facts["holder"] = data["holder"]
        if data.get("earlier"):
            facts |= {"earlier": data["earlier"], "turn": data["turn"]}
        if "by_employer" in data:
            facts["by_employer_id"] = data["by_employer"]
        return NewEntry(
            kind=self.kind,
            facts=facts,
            executives=list(data.get("executives") or ()),
            bearings={one.pk: Said(said) for one in self._demands if (said := data.get(f"demand_{one.pk}"))},
            offices=self._offices,
            corrects=self._original,
            correction=data.get("correction", ""),
        )


def of_entry(entry: Entry) -> dict[str, Any]:
    """What a form that corrects this entry begins with."""
    typed: dict[str, Any] = {name: getattr(entry, name) for name in _FACTS} | {
        "date": entry.date,
        "precision": entry.precision or Precision.DAY,
        "says": "\n".join(entry.says),
        "by_employer": entry.by_employer_id,
        "earlier": entry.earlier_id,
        "holder": entry.holder_id,
        "turn": entry.turn,
        "executives": [one.pk for one in entry.executives.all()],
        "known_sources": [one.pk for one in entry.sources.all()],
        "offices": "\n".join(
            ", ".join(part for part in (one.title, one.name, one.employer.name) if part)
            for one in entry.offices.select_related("employer").order_by("pk")
        ),
    }
    return typed | {f"demand_{one.demand_id}": one.said for one in entry.bearings.all()}
