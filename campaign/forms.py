"""The team's forms: they check shape, and what they refuse keeps what was typed."""

import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from campaign.mailing_forms import ZONES
from campaign.models import Audience, Campaign, Executive, Precision, Role, Said, Source, Tone
from letters import names, queries, text_rules


class SlugField(forms.SlugField):
    """The last part of a page's address; filled in from the title when it is left empty."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            max_length=80,
            required=False,
            label=_("Address of the page"),
            help_text=_("Small letters, digits and hyphens. Leave it empty to use the title. It cannot change later."),
            **kwargs,
        )

    def clean(self, value: str) -> str:
        return str(super().clean((value or "").strip().lower()))


def slug_from(data: dict[str, Any]) -> str:
    """The typed slug, or one made of the title. Raises ValidationError when neither gives one."""
    slug = data.get("slug") or slugify(data.get("title", ""))[:80].strip("-")
    if not slug:
        raise ValidationError({"slug": _("Choose an address in Latin letters, for example a short English title.")})
    return str(slug)


class CampaignForm(forms.Form):
    """How a campaign is presented."""

    title = forms.CharField(max_length=200, label=_("Title of the campaign"))
    slug = SlugField()
    summary = forms.CharField(
        label=_("What it is about"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Two or three sentences for somebody who has never heard of it."),
    )
    organisers = forms.CharField(
        label=_("Who organises it"),
        required=False,
        max_length=200,
        help_text=_("As readers shall see it. Leave it empty to stay unnamed."),
    )
    organisers_named = forms.BooleanField(
        required=False,
        initial=True,
        label=_("The people behind this name are known"),
        help_text=_("Untick it for a group whose members stay unnamed; readers are told so."),
    )
    time_zone = forms.ChoiceField(label=_("Time zone of the team"), choices=ZONES, initial="UTC")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if "slug" in self.fields and "slug" in data:
            data["slug"] = slug_from(data)
        return data


class StartForm(CampaignForm):
    """A first campaign needs a team."""

    team = forms.CharField(max_length=120, label=_("Name of your team"), help_text=_("Only the team sees it."))
    field_order = ["team", "title", "slug", "summary", "organisers", "organisers_named", "time_zone"]

    def clean_team(self) -> str:
        try:
            return names.tidy(self.cleaned_data["team"])
        except names.NotAName as error:
            raise ValidationError(str(error)) from error


class DemandForm(forms.Form):
    """One demand."""

    text = forms.CharField(
        max_length=300,
        label=_("Demand"),
        validators=[text_rules.check_line],
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("One thing that an executive can do, in one sentence."),
    )
    must_be_public = forms.BooleanField(
        required=False,
        label=_("It can only be met in public"),
        help_text=_("Tick this for demands such as “speak out”: an internal message that leaks will then never count."),
    )


class EmployerForm(forms.Form):
    """An employer and its mail domains."""

    name = forms.CharField(max_length=120, label=_("Name of the employer"))
    domains = forms.CharField(
        required=False,
        max_length=2000,
        label=_("Mail domains"),
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false", "autocapitalize": "none"}),
        help_text=_("One on each line, for example acme.example. An address there proves work at this employer."),
    )

    def clean_domains(self) -> list[str]:
        return [part for part in self.cleaned_data["domains"].replace(",", " ").split() if part]


class ExecutiveForm(forms.Form):
    """An office and who holds it."""

    name = forms.CharField(
        required=False, max_length=120, label=_("Name"), help_text=_("Leave it empty if only the office is known.")
    )
    title = forms.CharField(max_length=160, label=_("Office"), initial=_("Chief executive"))
    employer = forms.TypedChoiceField(coerce=int, label=_("Company"))
    addressed = forms.BooleanField(
        required=False,
        initial=True,
        label=_("The letter is addressed to this office"),
        help_text=_("Untick it for somebody who was not asked but spoke."),
    )
    office_address = forms.EmailField(
        required=False,
        max_length=254,
        label=_("Mail address of the office"),
        help_text=_("Where your team’s questions go. Never shown and never exported."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, campaign: Campaign, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["employer"].choices = [  # type: ignore[attr-defined]
            (employer.id, employer.name) for employer in queries.employers(campaign.directory_id)
        ]


class LetterForm(forms.Form):
    """A letter's draft."""

    title = forms.CharField(max_length=200, label=_("Title"), validators=[text_rules.check_line])
    slug = SlugField()
    body = forms.CharField(
        required=False,
        strip=False,
        label=_("Text"),
        validators=[text_rules.check],
        widget=forms.Textarea(attrs={"rows": 18, "class": "textarea--text"}),
        help_text=_("In Markdown: an empty line begins a paragraph, **bold**, *italic*, > quote, - list."),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if "slug" in self.fields and "slug" in data:
            data["slug"] = slug_from(data)
        return data


class ReleaseForm(forms.Form):
    """From which number on signers may wait for others."""

    least = forms.IntegerField(
        required=False,
        min_value=1,
        max_value=1_000_000,
        label=_("Smallest number to wait for"),
        help_text=_(
            "Signers may then choose to be counted only when so many have signed, or 2, 5 or 10 times as many, here or"
            " at their company. Ten or more; left empty, nobody can wait. Who waits already goes on waiting."
        ),
    )


class InvitationForm(forms.Form):
    """Somebody to invite."""

    email = forms.EmailField(
        label=_("E-mail address"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "off"})
    )
    role = forms.ChoiceField(choices=Role, initial=Role.TRACKER, label=_("Role"))


class RoleForm(forms.Form):
    """A member's role."""

    role = forms.ChoiceField(choices=Role, label=_("Role"))


class RejectForm(forms.Form):
    """Why an entry stays off the record."""

    reason = forms.CharField(max_length=300, label=_("Why it cannot stand"), widget=forms.Textarea(attrs={"rows": 2}))


class WebAddressField(forms.URLField):
    """An address that a browser opens: http or https."""

    default_validators = [URLValidator(schemes=["http", "https"])]


class ExecutiveField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """An executive of the campaign, with office and company."""

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.display)


class StatementForm(forms.Form):
    """What an executive said, with its source."""

    executive = ExecutiveField(queryset=Executive.objects.none(), label=_("Who said it"))
    audience = forms.ChoiceField(
        choices=Audience,
        label=_("To whom"),
        widget=forms.RadioSelect,
        initial=Audience.PUBLIC,
        help_text=_("An internal message stays internal even when a newspaper prints it."),
    )
    quote = forms.CharField(
        required=False,
        max_length=5000,
        label=_("Exact words, or below in yours"),
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        help_text=_("Without quotation marks."),
    )
    what = forms.CharField(
        required=False,
        max_length=5000,
        label=_("What it says, in your words"),
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )
    channel = forms.CharField(
        required=False, max_length=120, label=_("Where"), help_text=_("For example: television interview, post, memo.")
    )
    outlet = forms.CharField(required=False, max_length=120, label=_("Programme, paper or site"))
    reported_by = forms.CharField(
        required=False, max_length=120, label=_("Known through"), help_text=_("Who made an internal message known.")
    )
    date = forms.DateField(
        label=_("Date"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), input_formats=["%Y-%m-%d"]
    )
    precision = forms.ChoiceField(choices=Precision, initial=Precision.DAY, label=_("How exact is the date"))
    tone = forms.ChoiceField(choices=[("", _("not stated")), *Tone.choices], required=False, label=_("Tone as a whole"))
    known_source = forms.ModelChoiceField(
        queryset=Source.objects.none(),
        required=False,
        label=_("A source on record already"),
        empty_label=_("none: a new one, described below"),
    )
    source_title = forms.CharField(required=False, max_length=300, label=_("Title of a new source"))
    source_publisher = forms.CharField(required=False, max_length=160, label=_("Publisher"))
    source_author = forms.CharField(required=False, max_length=160, label=_("Author"))
    source_address = WebAddressField(
        required=False,
        max_length=500,
        label=_("Web address"),
        assume_scheme="https",
        help_text=_("Sources without one count too, for example a printed paper."),
    )
    source_published = forms.DateField(
        required=False, label=_("Published on"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, *args: Any, campaign: Campaign, today: datetime.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._today = today
        self.fields["executive"].queryset = campaign.executives.select_related("employer").order_by("pk")  # type: ignore[attr-defined]
        self.fields["known_source"].queryset = campaign.sources.order_by("-pk")  # type: ignore[attr-defined]
        self._demands = list(campaign.demands.order_by("number"))
        for demand in self._demands:
            self.fields[f"demand_{demand.pk}"] = forms.ChoiceField(
                required=False, choices=[("", _("says nothing on it")), *Said.choices], label=str(demand)
            )

    def clean_date(self) -> datetime.date:
        day: datetime.date = self.cleaned_data["date"]
        if day > self._today:
            raise ValidationError(_("This day is still to come. Give the day on which it was said."))
        return day

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("quote") and not data.get("what"):
            self.add_error("quote", _("Give the exact words, or say below in your words what was said."))
        if not data.get("known_source") and not data.get("source_title"):
            self.add_error("source_title", _("Every statement needs a source. Give its title, or choose one above."))
        if data.get("date") and data.get("precision") in {Precision.MONTH, Precision.YEAR}:
            month = 1 if data["precision"] == Precision.YEAR else data["date"].month
            data["date"] = data["date"].replace(month=month, day=1)
        if data.get("audience") == Audience.INTERNAL and not data.get("reported_by"):
            self.add_error("reported_by", _("Say who made the internal message known."))
        return data

    def bearings(self) -> dict[int, Said]:
        """What it says on each demand, by demand id."""
        return {
            demand.pk: Said(said) for demand in self._demands if (said := self.cleaned_data.get(f"demand_{demand.pk}"))
        }
