"""What somebody fills in who signs for an organisation, or takes that back."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from letters import joining, names, verification
from letters.forms import AskingForm


class _WithAddress(AskingForm):
    domain = forms.CharField(
        max_length=300,
        label=_("Website of the organisation"),
        widget=forms.TextInput(
            attrs={"autocomplete": "url", "autocapitalize": "none", "spellcheck": "false", "inputmode": "url"}
        ),
        help_text=_("Its own, like example.org. It tells organisations of the same name apart."),
        error_messages={"required": _("Enter the organisation’s website.")},
    )
    email = forms.CharField(
        max_length=254,
        label=_("Your address there"),
        widget=forms.EmailInput(attrs={"autocomplete": "email", "autocapitalize": "none", "spellcheck": "false"}),
        help_text=_(
            "A code goes there. An address at that website proves that you belong to it; with another the organisers"
            " check in another way. It is not kept."
        ),
        error_messages={"required": _("Enter the address that the code shall go to.")},
    )

    def clean_domain(self) -> str:
        try:
            return joining.own_domain(self.cleaned_data["domain"])
        except joining.NotADomain as error:
            raise ValidationError(str(error)) from error

    def clean_email(self) -> str:
        try:
            return verification.parse(self.cleaned_data["email"])
        except verification.NotAnAddress as error:
            raise ValidationError(_("This is not an e-mail address. Write it like name@example.org.")) from error


class JoinForm(_WithAddress):
    """The organisation, and who speaks for it."""

    name = forms.CharField(
        max_length=120,
        label=_("Name of the organisation"),
        widget=forms.TextInput(attrs={"autocomplete": "organization", "dir": "auto"}),
        error_messages={"required": _("Enter the name that shall stand on the letter.")},
    )
    representative = forms.CharField(
        max_length=120,
        label=_("Your name"),
        widget=forms.TextInput(attrs={"autocomplete": "name", "dir": "auto"}),
        help_text=_("The organisers read it, whether or not it is shown."),
        error_messages={"required": _("Enter your name: an organisation signs through somebody.")},
    )
    representative_role = forms.CharField(
        max_length=120,
        label=_("Your role there"),
        widget=forms.TextInput(attrs={"autocomplete": "organization-title", "dir": "auto"}),
        help_text=_("For example: chair of the board."),
        error_messages={"required": _("Enter your role there.")},
    )
    shows_name = forms.BooleanField(required=False, initial=True, label=_("Show my name to everybody"))
    shows_role = forms.BooleanField(required=False, initial=True, label=_("Show my role to everybody"))
    may_sign = forms.BooleanField(
        label=_("I may sign for this organisation"),
        error_messages={"required": _("Tick this if you may. Otherwise sign for yourself.")},
    )
    # The text that stood beside the form; without it the one that stands now is meant.
    version = forms.CharField(widget=forms.HiddenInput, required=False)

    field_order = [
        "name", "domain", "representative", "representative_role", "shows_name", "shows_role", "email", "may_sign",
    ]  # fmt: skip

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for field, tidy in (
            ("name", names.tidy),
            ("representative", names.tidy_person),
            ("representative_role", names.tidy),
        ):
            try:
                if field in data:
                    data[field] = tidy(data[field])
            except names.NotAName as error:
                self.add_error(field, str(error))
        return data

    def wish(self) -> joining.Wish:
        """What was asked for; call it on a valid form."""
        data = self.cleaned_data
        return joining.Wish(
            name=data["name"],
            domain=data["domain"],
            representative=data["representative"],
            representative_role=data["representative_role"],
            shows_name=data["shows_name"],
            shows_role=data["shows_role"],
            address=data["email"],
        )


class LeaveForm(_WithAddress):
    """Which organisation, and the mailbox that signed for it."""

    field_order = ["domain", "email"]

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["domain"].help_text = _("As it stands on the list.")
        self.fields["email"].label = _("The address that signed for it")
        self.fields["email"].help_text = _("A code goes there, as when it signed.")
