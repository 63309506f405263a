"""The reviewers' forms."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from letters import holding, names


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
