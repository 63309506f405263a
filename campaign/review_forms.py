"""The reviewers' forms."""

import uuid
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from letters import holding, names, queries
from letters.admitting import Admission, Choice


class ListForm(forms.Form):
    """Names that wait for a person's eye, one a line."""

    names = forms.CharField(
        required=False,
        max_length=100_000,
        label=_("Names to hold"),
        widget=forms.Textarea(attrs={"rows": 12, "spellcheck": "false", "dir": "auto"}),
        help_text=_("One a line. Look-alike letters, another order and words around them are held too."),
    )

    def clean_names(self) -> list[str]:
        """Each name tidied; what cannot be a name is said with its line."""
        found: list[str] = []
        for number, line in enumerate(self.cleaned_data["names"].splitlines(), 1):
            try:
                found += [name] if (name := names.tidy(line)) else []
            except names.NotAName as error:
                raise ValidationError(
                    _("Line %(number)s: %(problem)s"), params={"number": number, "problem": str(error)}
                ) from error
        if len(found) > holding.MOST:
            raise ValidationError(_("At most %(most)s names."), params={"most": holding.MOST})
        return found


class IntakeForm(forms.Form):
    """How much evidence may wait."""

    most = forms.IntegerField(
        min_value=1,
        max_value=10_000,
        label=_("Take evidence while fewer than this wait"),
        help_text=_("Then the form says that reviewers cannot keep up, until there is less. Ten or more."),
    )


class AdmissionForm(forms.Form):
    """Who may sign a letter, with which proof, and who is in its headline's number."""

    who = forms.ChoiceField(
        label=_("Who may sign"),
        widget=forms.RadioSelect,
        choices=[("anyone", _("Anybody")), ("employers", _("People of the employers ticked below"))],
    )
    employers = forms.TypedMultipleChoiceField(
        required=False, coerce=int, label=_("Employers"), widget=forms.CheckboxSelectMultiple
    )
    former_too = forms.BooleanField(
        required=False,
        label=_("Also people who used to work there"),
        help_text=_("They have no address there any more, so a reviewer looks at what shows it."),
    )
    takes = forms.MultipleChoiceField(
        required=False,
        label=_("Which proof is enough, beside an address at an employer"),
        widget=forms.CheckboxSelectMultiple,
        choices=[
            ("email", _("any mailbox: “e-mail checked”")),
            ("reviewed", _("evidence that your reviewers look at: “reviewed”")),
        ],
    )
    counts = forms.MultipleChoiceField(
        required=False,
        label=_("Who is in the headline’s number, beside work addresses"),
        widget=forms.CheckboxSelectMultiple,
        choices=[("email", _("e-mail checked")), ("reviewed", _("reviewed"))],
        help_text=_("Settled when the letter opens. Others stand on the list and not in the number."),
    )
    reasons = forms.BooleanField(
        required=False,
        label=_("Public signers may say why, in one line"),
        help_text=_("Your reviewers read each before it is shown."),
    )
    organisations = forms.BooleanField(
        required=False,
        label=_("Organisations may sign too"),
        help_text=_(
            "Through somebody who may speak for them. You answer each; they stand apart, in no number of people."
        ),
    )

    def __init__(self, data: Any = None, *, directory_id: uuid.UUID, now: Admission) -> None:
        levels = ("email", "reviewed")
        initial = {
            "who": "anyone" if now.for_anyone else "employers",
            "employers": now.employer_ids,
            "former_too": now.former_too,
            "takes": [level for level in levels if getattr(now, f"takes_{level}")],
            "counts": [level for level in levels if getattr(now, f"counts_{level}")],
            "reasons": now.asks_reason,
            "organisations": now.takes_organisations,
        }
        super().__init__(data, initial=initial)
        choice = self.fields["employers"]
        if isinstance(choice, forms.ChoiceField):
            choice.choices = [(employer.id, employer.name) for employer in queries.employers(directory_id)]

    def choice(self) -> Choice:
        """What was chosen; call it on a valid form."""
        data = self.cleaned_data
        return Choice(
            for_anyone=data["who"] == "anyone",
            employer_ids=data["employers"],
            former_too=data["former_too"],
            takes_email="email" in data["takes"],
            takes_reviewed="reviewed" in data["takes"],
            counts_email="email" in data["counts"],
            counts_reviewed="reviewed" in data["counts"],
            takes_organisations=data["organisations"],
            asks_reason=data["reasons"],
        )
