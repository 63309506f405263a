"""The writing room's forms."""

import re
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from campaign.writing import approving, commenting
from campaign.writing.saving import Words
from letters import publishing


class WordsForm(forms.Form):
    """A letter's text in one language. What it may not hold is checked as it is saved: keeping refuses nothing."""

    title = forms.CharField(label=_("Title"), strip=False, error_messages={"required": _("Give the letter a title.")})
    body = forms.CharField(
        required=False,
        strip=False,
        label=_("Text"),
        widget=forms.Textarea(attrs={"rows": 18, "class": "textarea--text"}),
        help_text=_("In Markdown: an empty line begins a paragraph, **bold**, *italic*, > quote, - list."),
    )
    demands = forms.CharField(
        required=False,
        strip=False,
        label=_("Demands in this language"),
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("One on each line, in the order of the original."),
    )
    follows = forms.BooleanField(
        required=False,
        label=_("This translation says all that the original says now"),
        help_text=_("Until somebody ticks this, readers are told that the translation is behind."),
    )
    # The draft that its writer saw, and the original's words that she translated.
    revision = forms.CharField(required=False, widget=forms.HiddenInput)
    original = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, data: QueryDict | None = None, *, standing: publishing.Saved, words: Words | None = None
    ) -> None:
        words = words or Words.of(standing)
        super().__init__(
            data,
            initial={
                "title": words.title,
                "body": words.body,
                "demands": "\n".join(words.demands),
                "follows": not standing.behind,
                "revision": standing.revision,
                "original": standing.original_name,
            },
        )
        for name in ("title", "body", "demands"):
            self.fields[name].widget.attrs |= {"lang": standing.language, "dir": standing.direction}
        if standing.is_original:
            del self.fields["demands"], self.fields["follows"], self.fields["original"]

    def words(self) -> Words:
        """What stands in the form, whether or not it may be a draft."""
        return Words.typed(**{name: self._typed(name) for name in ("title", "body", "demands")})

    def began_from(self) -> int:
        """The draft that was on the page; what is no number is none that anybody saw."""
        typed = self._typed("revision")
        return int(typed) if typed.isdecimal() and len(typed) < 10 else 0

    def follows_now(self) -> str | None:
        """The words of the original that a translation says now, if its writer says so."""
        name = self._typed("original")
        return name if self._typed("follows") and re.fullmatch("[0-9a-f]{64}", name) else None

    def _typed(self, name: str) -> str:
        if name not in self.fields:
            return ""
        return str(self.data.get(name, "") if self.is_bound else self.initial.get(name) or "")


class CommentForm(forms.Form):
    """What to say of a passage, and perhaps other words for it."""

    quote = forms.CharField(
        label=_("Passage"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 2, "class": "textarea--short", "dir": "auto"}),
        help_text=_("Copied from the text. A few words are enough."),
        error_messages={"required": _("Copy the words that you mean from the text.")},
    )
    body = forms.CharField(
        required=False,
        max_length=commenting.MOST,
        label=_("What you want to say"),
        widget=forms.Textarea(attrs={"rows": 3, "class": "textarea--short", "dir": "auto"}),
    )
    replacement = forms.CharField(
        required=False,
        strip=False,
        max_length=20_000,
        label=_("Other words for the passage"),
        widget=forms.Textarea(attrs={"rows": 3, "class": "textarea--short", "dir": "auto"}),
        help_text=_("Whoever writes on the letter can put them in with one click."),
    )
    remove = forms.BooleanField(required=False, label=_("Suggest to take the passage out"))
    near = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean_near(self) -> int:
        typed = str(self.cleaned_data["near"])
        return int(typed) if typed.isdecimal() and len(typed) < 9 else 0

    def suggestion(self) -> str | None:
        """The other words; empty to take the passage out; None where nothing is suggested. Call it on a valid form."""
        words = str(self.cleaned_data["replacement"]).replace("\r\n", "\n")
        return "" if self.cleaned_data["remove"] else words.strip() or None

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("remove") and str(data.get("replacement", "")).strip():
            self.add_error("remove", _("Either other words, or take the passage out."))
        return data


class RuleForm(forms.Form):
    """How many have to approve a text."""

    needed = forms.TypedChoiceField(
        required=False,
        label=_("Approvals before a letter opens"),
        coerce=lambda typed: int(typed) if typed else None,
        empty_value=None,
        help_text=_("By members who may write. Nobody’s own last change counts as approved by her."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        needed = self.fields["needed"]
        if isinstance(needed, forms.TypedChoiceField):
            needed.choices = [
                ("", _("One, as soon as two members may write")),
                *((number, str(number)) for number in range(approving.MOST + 1)),
            ]


class GoalForm(forms.Form):
    """How many shall sign."""

    goal = forms.IntegerField(
        required=False,
        min_value=1,
        max_value=100_000_000,
        label=_("Goal"),
        help_text=_("How many people you want to sign. Readers see it beside the number. Left empty, there is none."),
    )


class TranslationForm(forms.Form):
    """One more language."""

    language = forms.ChoiceField(label=_("Language"))

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = self.fields["language"]
        if isinstance(language, forms.ChoiceField):
            language.choices = choices
