"""The form by which a file is handed in, to be looked at and brought into a campaign."""

from pathlib import Path
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaign.files.nodes import MOST_BYTES
from campaign.models import HandedIn

_KINDS = {
    ".csv": HandedIn.Kind.RECORD,
    ".json": HandedIn.Kind.CAMPAIGN,
    ".yaml": HandedIn.Kind.CAMPAIGN,
    ".yml": HandedIn.Kind.CAMPAIGN,
}


class HandInForm(forms.Form):
    """One file of text; what it is, its name says by its ending."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ",".join(_KINDS)}),
        help_text=gettext_lazy("A campaign’s file (.yaml or .json) or a table of its record (.csv), 2 MB at most."),
    )

    def __init__(self, *args: Any, campaign_too: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._campaign_too = campaign_too
        self.fields["file"].error_messages["required"] = _("Choose a file first.")

    def clean_file(self) -> str:
        """What stands in it. The name and the kind lie beside, in `cleaned_data`."""
        given = self.cleaned_data["file"]
        name = "".join(sign for sign in Path((given.name or "").replace("\\", "/")).name if sign.isprintable()).strip()
        kind = _KINDS.get(Path(name).suffix.lower())
        if kind is None:
            raise ValidationError(
                _("Choose a file whose name ends in .yaml, .json or .csv. Spreadsheets can save .csv.")
            )
        if kind == HandedIn.Kind.CAMPAIGN and not self._campaign_too:
            raise ValidationError(
                _("Only owners and editors bring in a campaign’s file. You can bring in tables (.csv).")
            )
        if given.size > MOST_BYTES:
            raise ValidationError(too_large())
        try:
            text = str(given.read().decode("utf-8-sig"))
        except UnicodeDecodeError as error:
            line = error.object[: error.start].count(b"\n") + 1
            raise ValidationError(
                _("Line %(line)s is not UTF-8 text. Save the file anew as UTF-8; spreadsheets call it “CSV UTF-8”."),
                params={"line": line},
            ) from error
        if "\0" in text:
            raise ValidationError(_("This is no text. Save the file anew as UTF-8 text."))
        if not text.strip():
            raise ValidationError(_("This file is empty."))
        self.cleaned_data |= {"name": name[-120:], "kind": kind}
        return text


def too_large() -> str:
    """What is said of a file that is larger than a file may be."""
    return _("This file is larger than 2 MB. Bring it in in parts.")
