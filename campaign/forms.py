"""The team's forms: they check shape, and what they refuse keeps what was typed."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from campaign.mailing_forms import ZONES
from campaign.models import Campaign, Role
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
    press_contact = forms.CharField(
        label=_("Contact for the press"),
        required=False,
        max_length=200,
        help_text=_("A mail address or a page, shown to everybody. Not one that leads to somebody who stays unnamed."),
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
    field_order = ["team", "title", "slug", "summary", "organisers", "organisers_named", "press_contact", "time_zone"]

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
        self.fields["employer"].choices = [  # type: ignore[attr-defined]  # a ChoiceField
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


class ExecutiveField(forms.ModelChoiceField):  # type: ignore[type-arg]  # at run time it takes none
    """An executive of the campaign, with office and company."""

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.display)
