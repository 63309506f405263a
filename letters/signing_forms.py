"""The form with which somebody signs, and the one with which she takes it back or changes what is shown."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.functional import Promise, lazy
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from letters import names, verification, withdrawing
from letters.forms import AskingForm
from letters.wishes import Release, Visibility, Wish
from letters.withdrawing import Change

format_html_lazy = lazy(format_html, SafeString)


def _choice(title: Promise, sentence: Promise) -> SafeString:
    return format_html_lazy(
        '<span class="choice__title">{}</span><span class="choice__text">{}</span>', title, sentence
    )


class SignForm(AskingForm):
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
    evidence = forms.ChoiceField(
        required=False,
        initial="no",
        label=_("How do you prove where you work?"),
        widget=forms.RadioSelect,
        choices=[
            (
                "mail",
                _choice(_("By the address above, or not at all"), _("An address at an employer proves it at once.")),
            ),
            (
                "yes",
                _choice(
                    _("I show a reviewer something else"),
                    _("For who must not use work mail: a text, a link or a picture, after the code, for one person."),
                ),
            ),
        ],
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
    reason = forms.CharField(
        required=False,
        max_length=names.LONGEST_LINE,
        label=_("Why you sign, in one line"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "auto"}),
        help_text=_("Stands beside a public name once a person has read it. Name nobody, and nothing that is secret."),
    )
    quotable = forms.BooleanField(
        required=False,
        label=_("Reporters may quote my name"),
        help_text=_(
            "Only if you want. Your name then stands on the letter’s page for the press too, for everybody. You can"
            " change that until the letter closes. Only when you sign publicly."
        ),
    )
    news = forms.BooleanField(
        required=False,
        label=_("Also mail me news of this campaign"),
        help_text=_(
            "Once a week at most; you can change that or stop. Only when you sign publicly: who signs confidentially"
            " gets no mail after the code, and may follow separately on the last page."
        ),
    )
    release = forms.ChoiceField(
        required=False,
        label=_("When shall you be counted?"),
        help_text=_(
            "Only when you sign confidentially. If so many never sign, your signature is erased unseen when the letter"
            " closes. Your company counts only if your address is there; otherwise the whole letter does."
        ),
    )
    # The text that stood beside the form; without it the one that stands now is meant.
    version = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        offers: Sequence[int] = (),
        evidence: bool = False,
        reason: bool = False,
        **options: Any,
    ) -> None:
        super().__init__(data, **options)
        if reason:
            self.fields["quotable"].label = _("Reporters may quote my name and my line")
        else:
            del self.fields["reason"]
        if not evidence:
            del self.fields["evidence"]
        if not offers:
            del self.fields["release"]
            return
        release = self.fields["release"]
        if isinstance(release, forms.ChoiceField):
            at_all, at_mine = _("Only when %(number)s have signed"), _("Only when %(number)s at my company have signed")
            release.choices = [
                ("", _("At once")),
                *((f"letter-{number}", at_all % {"number": number}) for number in offers),
                *((f"employer-{number}", at_mine % {"number": number}) for number in offers),
            ]

    def clean_email(self) -> str:
        try:
            return verification.parse(self.cleaned_data["email"])
        except verification.NotAnAddress as error:
            raise ValidationError(_("This is not an e-mail address. Write it like name@example.org.")) from error

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        public = data.get("visibility") == Visibility.PUBLIC
        for field, tidy in (
            ("name", names.tidy_person), ("role", names.tidy), ("employer", names.tidy), ("reason", names.tidy_line),
        ):  # fmt: skip
            try:
                data[field] = tidy(data.get(field, ""))
            except names.NotAName as error:
                data[field] = ""
                if public and field in self.fields:
                    self.add_error(field, str(error))
        if public and not data.get("name") and "name" not in self.errors:
            self.add_error("name", _("Enter the name that shall stand on the letter."))
        if "evidence" not in self.fields and self.data.get("evidence") == "yes":
            self.add_error(None, _("Evidence is not taken any more right now. Send this again to sign without it."))
        if not public and data.get("evidence") == "yes":
            self.add_error("evidence", _("Evidence is for public signatures: for others it could not be kept apart."))
        if public and data.get("release"):
            self.add_error(
                "release", _("A name stands on the letter at once. To wait for others, sign confidentially.")
            )
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
            reason=data["reason"],
            quotable=data["quotable"],
            news=data["news"],
            evidence=data.get("evidence") == "yes",
            release=_release(data.get("release", "")),
        )


def _release(chosen: str) -> Release | None:
    scope, _, number = chosen.partition("-")
    return Release(at_employer=scope == "employer", number=int(number)) if chosen else None


class WithdrawForm(SignForm):
    """Take a signature back, or change what is shown of it. Nothing is filled in: it says nothing to who only reads."""

    visibility = forms.ChoiceField(
        initial=Change.WITHDRAW.value,
        label=_("What do you want?"),
        widget=forms.RadioSelect,
        choices=[
            (
                Change.WITHDRAW.value,
                _choice(
                    _("Take my signature back"), _("A name goes from the letter at once. You may sign again later.")
                ),
            ),
            (
                Change.AMEND.value,
                _choice(_("Change what is shown with my name"), _("What you write below replaces what stands there.")),
            ),
            (
                Change.HIDE.value,
                _choice(
                    _("Take my name off and count me confidentially"),
                    _("Your name goes at once; you are counted with the next group of ten or more."),
                ),
            ),
            (
                Change.LOOK.value,
                _choice(
                    _("Only see where my name stands"),
                    _("For names and evidence that a person looks at first. Nothing is changed."),
                ),
            ),
        ],
    )

    def __init__(self, data: QueryDict | None = None, **options: Any) -> None:
        if data is not None and not data.get("visibility"):
            data = data.copy()
            data["visibility"] = Change.WITHDRAW.value
        super().__init__(data, **options)
        del self.fields["news"], self.fields["version"]
        self.fields["email"].help_text = _("The one that you signed with. A code goes there, as when you signed.")
        self.fields["name"].help_text = _("Only to change what is shown.")
        self.fields["role"].help_text = _("Only to change what is shown. Left empty, no role is shown any more.")
        self.fields["employer"].help_text = _("Only to change what is shown. A checked employer stays as it is.")
        self.fields["quotable"].help_text = _(
            "Only to change what is shown. Left empty, you no longer stand on the page for the press."
        )
        if "reason" in self.fields:
            self.fields["reason"].help_text = _(
                "Only to change what is shown. Left empty, none is shown any more; a new one is read by a person first."
            )

    def change(self) -> withdrawing.Wish:
        """What was asked for; call it on a valid form."""
        data = self.cleaned_data
        return withdrawing.Wish(
            change=Change(data["visibility"]),
            address=data["email"],
            name=data["name"],
            role=data["role"],
            employer=data["employer"],
            reason=data["reason"],
            quotable=data["quotable"],
        )
