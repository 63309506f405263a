"""Forms for taking signatures off a letter: what they have in common, how many, and why."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from campaign.models.audit import ADDRESS
from letters import matching
from letters.matching import Conditions
from letters.queries import EmployerFacts


class ConditionsForm(forms.Form):
    """What the named signatures have in common."""

    name = forms.CharField(required=False, max_length=120, label=_("Name contains"))
    role = forms.CharField(required=False, max_length=120, label=_("Role contains"))
    employer = forms.TypedChoiceField(required=False, coerce=int, empty_value=None, label=_("Proved employer"))
    employer_words = forms.CharField(required=False, max_length=120, label=_("Employer, as it is shown, contains"))
    level = forms.ChoiceField(required=False, label=_("Proof"))
    version = forms.TypedChoiceField(required=False, coerce=int, empty_value=None, label=_("Version signed"))
    signed_from = forms.DateField(
        required=False, label=_("Signed from"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    signed_until = forms.DateField(
        required=False, label=_("Signed until"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, data: Any, *, employers: list[EmployerFacts], versions: list[int]) -> None:
        super().__init__(data)
        for name, first, rest in (
            ("employer", _("every employer"), [(one.id, one.name) for one in employers]),
            ("level", _("every level"), matching.levels()),
            ("version", _("every version"), [(number, str(number)) for number in versions]),
        ):
            self.fields[name].choices = [("", first), *rest]  # type: ignore[attr-defined]  # a ChoiceField
        if len(versions) < 2:
            del self.fields["version"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        first, last = data.get("signed_from"), data.get("signed_until")
        if first and last and first > last:
            raise ValidationError({"signed_until": _("This day comes before the first one. Swap them.")})
        if not self.errors and not self.conditions():
            raise ValidationError(_("Give at least one condition. Without any, everybody would fit."))
        return data

    def conditions(self) -> Conditions:
        """What was typed; call it on a valid form."""
        data = self.cleaned_data
        return Conditions(
            employer_id=data.get("employer"),
            employer_words=data.get("employer_words", ""),
            name=data.get("name", ""),
            role=data.get("role", ""),
            level=data.get("level", ""),
            version=data.get("version"),
            signed_from=data.get("signed_from"),
            signed_until=data.get("signed_until"),
        )


class LoweringForm(forms.Form):
    """How many confidential signatures of one employer."""

    employer = forms.TypedChoiceField(coerce=int, label=_("Employer"))
    number = forms.IntegerField(
        min_value=10,
        max_value=1_000_000,
        label=_("How many at most"),
        help_text=_("Ten or more: confidential signatures come and go in groups of at least ten."),
        error_messages={"min_value": _("Give ten or more: no smaller group is ever shown, not even as a difference.")},
    )

    def __init__(self, data: Any, *, employers: list[tuple[int, str]]) -> None:
        super().__init__(data)
        self.fields["employer"].choices = employers  # type: ignore[attr-defined]  # a ChoiceField


class WhyForm(forms.Form):
    """Why, for everybody to read."""

    reason = forms.CharField(
        max_length=200,
        label=_("Reason"),
        help_text=_(
            "Everybody reads this beside the number. Name nobody. For example: made-up names from one mail domain."
        ),
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
        error_messages={"required": _("Say why. Nothing is removed without a reason that everybody can read.")},
    )

    def clean_reason(self) -> str:
        line = " ".join(str(self.cleaned_data["reason"]).replace("\0", "").split())
        if re.search(ADDRESS, line):
            raise ValidationError(_("Leave out the mail address: everybody reads this."))
        return line
