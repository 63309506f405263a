"""What each form of a signer has in common, and the small ones: a code, evidence, stop these mails."""

import uuid
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from letters import limits, pictures
from letters.evidence import Sent


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
