"""The signer's forms."""

import uuid
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.functional import Promise, lazy
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from letters import limits, names, pictures, verification, withdrawing
from letters.evidence import Sent
from letters.wishes import Release, Visibility, Wish
from letters.withdrawing import Change

format_html_lazy = lazy(format_html, SafeString)


def _choice(title: Promise, sentence: Promise) -> SafeString:
    return format_html_lazy(
        '<span class="choice__title">{}</span><span class="choice__text">{}</span>', title, sentence
    )


class AskingForm(forms.Form):
    """A form that asks for a code: beside its fields it carries what tells people from programs (docs/abuse.md)."""

    def __init__(self, data: QueryDict | None = None, *, subject: uuid.UUID, network: str, **options: Any) -> None:
        super().__init__(data, **options)
        self._form, self._network = f"{type(self).__name__}/{subject}", network

    def effort(self) -> limits.Effort:
        """What it cost to send this form; call it once, on a valid form."""
        return limits.effort(self.data, form=self._form)

    @property
    def made(self) -> str:
        """When the form was first shown, signed: sent back unchanged, also after a mistake in a field."""
        return str(self.data.get(limits.MADE) or limits.stamp(form=self._form))

    @property
    def puzzle(self) -> str:
        """A new puzzle for the page to solve."""
        return limits.puzzle(form=self._form, network=self._network)


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


class StopForm(forms.Form):
    """A code that was not asked for, and where it went."""

    email = forms.CharField(
        label=_("The address that the code was sent to"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "autocapitalize": "none", "spellcheck": "false"}),
        error_messages={"required": _("Enter the address that the code was sent to.")},
    )
    code = forms.CharField(
        label=_("The code from that mail"),
        max_length=40,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false", "class": "code-input"}
        ),
        help_text=_("It shows that the mail reached you. It is used for nothing else."),
        error_messages={"required": _("Type the code from the mail.")},
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


class EvidenceForm(forms.Form):
    """What a signer shows a reviewer, and what it is to show."""

    employer = forms.TypedChoiceField(coerce=int, label=_("It shows that I work at"))
    former = forms.BooleanField(
        required=False,
        label=_("I used to work there"),
        help_text=_("“Former” then stands beside your name, and you are not counted among the people there."),
    )
    text = forms.CharField(
        required=False,
        max_length=2000,
        label=_("In your words"),
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
        help_text=_("For example where colleagues can be asked, or what the picture shows. Name no other person."),
    )
    link = forms.URLField(
        required=False,
        max_length=500,
        assume_scheme="https",
        label=_("A link"),
        help_text=_("For example a page of the company with your name. The reviewer decides whether to open it."),
    )
    picture = forms.FileField(
        required=False,
        label=_("A picture"),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
        help_text=_(
            "JPEG, PNG or WebP, at most 10 MB, for example a badge. Cover what is not needed. It is drawn anew, so"
            " nothing of your camera or the place goes with it."
        ),
    )

    def __init__(
        self,
        data: QueryDict | None = None,
        files: Any = None,
        *,
        employers: Sequence[tuple[int, str]],
        former: bool,
        too_large: bool = False,
    ) -> None:
        super().__init__(data, files)
        self._too_large = too_large
        choice = self.fields["employer"]
        if isinstance(choice, forms.ChoiceField):
            choice.choices = [("", _("Choose an employer")), *employers] if len(employers) > 1 else list(employers)
        if not former:
            del self.fields["former"]

    def clean_picture(self) -> bytes:
        """The picture as it is kept, or nothing."""
        if self._too_large:
            raise ValidationError(
                _("This picture is larger than 10 MB. Send a smaller one, or only the part that matters.")
            )
        file = self.cleaned_data["picture"]
        try:
            return pictures.clean(file.read()) if file else b""
        except pictures.NotAPicture as error:
            raise ValidationError(str(error)) from error

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors and not (data.get("text", "").strip() or data.get("link") or data.get("picture")):
            self.add_error("text", _("Write something, or give a link or a picture."))
        return data

    def sent(self) -> Sent:
        """What was sent; call it on a valid form."""
        data = self.cleaned_data
        return Sent(
            employer_id=data["employer"],
            former=data.get("former", False),
            text=data["text"].strip(),
            link=data["link"],
            picture=data["picture"],
        )
