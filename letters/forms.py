"""The signer's two forms."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import Promise, lazy
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from letters import names, verification
from letters.signing import Visibility, Wish

format_html_lazy = lazy(format_html, SafeString)


def _choice(title: Promise, sentence: Promise) -> SafeString:
    return format_html_lazy(
        '<span class="choice__title">{}</span><span class="choice__text">{}</span>', title, sentence
    )


class SignForm(forms.Form):
    """One form: how to be counted, where the code goes, and what to show of a public signer."""

    visibility = forms.ChoiceField(
        label=_("How do you want to sign?"),
        widget=forms.RadioSelect,
        choices=[
            (
                Visibility.PUBLIC.value,
                _choice(_("Publicly"), _("Your name, role and employer stand on the letter for everybody.")),
            ),
            (
                Visibility.CONFIDENTIAL.value,
                _choice(_("Confidentially"), _("You are counted and never named, not even to the organisers.")),
            ),
        ],
        error_messages={"required": _("Choose how you want to sign.")},
    )
    email = forms.CharField(
        label=_("Your e-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "autocapitalize": "none", "spellcheck": "false"}),
        help_text=_("A code goes there. An address at your employer proves where you work."),
        error_messages={"required": _("Enter the address that the code shall go to.")},
    )
    name = forms.CharField(
        required=False,
        max_length=120,
        label=_("Your name, to be shown"),
        widget=forms.TextInput(attrs={"autocomplete": "name", "dir": "auto"}),
        help_text=_("Shown on the letter. Only for signing publicly; never kept when you sign confidentially."),
    )
    role = forms.CharField(
        required=False,
        max_length=120,
        label=_("Your role"),
        widget=forms.TextInput(attrs={"autocomplete": "organization-title", "dir": "auto"}),
        help_text=_("For example: software engineer. When you sign confidentially only its kind is counted."),
    )
    employer = forms.CharField(
        required=False,
        max_length=120,
        label=_("Your employer"),
        widget=forms.TextInput(attrs={"autocomplete": "organization", "dir": "auto"}),
        help_text=_("Only if the address above is not at your employer. It is shown as not checked."),
    )
    news = forms.BooleanField(
        required=False,
        label=_("Also mail me news of this campaign"),
        help_text=_(
            "Once a week at most; you can change that or stop. Only when you sign publicly: who signs confidentially"
            " gets no mail after the code, and may follow separately on the last page."
        ),
    )
    # The text that stood beside the form; without it the one that stands now is meant.
    version = forms.CharField(widget=forms.HiddenInput, required=False)

    def clean_email(self) -> str:
        try:
            return verification.parse(self.cleaned_data["email"])
        except verification.NotAnAddress as error:
            raise ValidationError(_("This is not an e-mail address. Write it like name@example.org.")) from error

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        public = data.get("visibility") == Visibility.PUBLIC
        for field, tidy in (("name", names.tidy_person), ("role", names.tidy), ("employer", names.tidy)):
            try:
                data[field] = tidy(data.get(field, ""))
            except names.NotAName as error:
                data[field] = ""
                if public:
                    self.add_error(field, str(error))
        if public and not data.get("name") and "name" not in self.errors:
            self.add_error("name", _("Enter the name that shall stand on the letter."))
        return data

    def wish(self) -> Wish:
        """What was asked for; call it on a valid form."""
        data = self.cleaned_data
        return Wish(
            visibility=Visibility(data["visibility"]),
            address=data["email"],
            name=data["name"],
            role=data["role"],
            employer=data["employer"],
            news=data["news"],
        )


class CodeForm(forms.Form):
    """The code from the mail."""

    code = forms.CharField(
        label=_("Code"),
        max_length=40,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "one-time-code",
                "autocapitalize": "characters",
                "spellcheck": "false",
                "class": "code-input",
                "inputmode": "text",
            }
        ),
        help_text=_("Eight characters. Spaces and small letters do not matter."),
        error_messages={"required": _("Type the code from the mail.")},
    )
