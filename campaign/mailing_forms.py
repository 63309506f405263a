"""Forms about mail: moments, what a member wants to be told, and what an office is asked."""

import datetime
import zoneinfo
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from campaign.models import Campaign, MemberSettings
from campaign.reminders import wording

ZONES = [
    (name, name.replace("_", " ")) for name in sorted(zoneinfo.available_timezones()) if "/" in name or name == "UTC"
]
_HOURS = [(hour, f"{hour:02d}:00") for hour in range(24)]


class MomentField(forms.DateTimeField):
    """A moment, typed in the time zone that its form speaks in."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
            input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"],
            **kwargs,
        )


class InCampaignTime(forms.Form):
    """A form whose moments are in its campaign's time zone."""

    hint: "str | Promise" = ""

    def __init__(self, *args: Any, campaign: Campaign, **kwargs: Any) -> None:
        self._zone = zoneinfo.ZoneInfo(campaign.time_zone)
        for name, moment in (kwargs.get("initial") or {}).items():
            if isinstance(moment, datetime.datetime):
                kwargs["initial"][name] = moment.astimezone(self._zone).replace(tzinfo=None)
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, MomentField):
                zone = _("Time zone: %(zone)s.") % {"zone": campaign.time_zone}
                field.help_text = f"{zone} {self.hint}".strip()

    def full_clean(self) -> None:
        with timezone.override(self._zone):
            super().full_clean()


class ReplyByForm(InCampaignTime):
    """Until when an answer is asked for."""

    hint = _("Your team is reminded at this minute, if somebody has not answered.")
    reply_by = MomentField(required=False, label=_("Answer asked for by"))


class ClosesAtForm(InCampaignTime):
    """When a letter closes by itself."""

    hint = _("Leave it empty to close the letter by hand. Your team is reminded three days before.")
    closes_at = MomentField(required=False, label=_("Closes by itself"))


class OpensAtForm(InCampaignTime):
    """When a letter opens by itself."""

    hint = _("With exactly the text on this page: if anything changes before, it stays a draft and you see why.")
    opens_at = MomentField(required=False, label=_("Opens by itself"))


class MoveForm(InCampaignTime):
    """Another moment for a reminder."""

    due_at = MomentField(label=_("Goes out"), error_messages={"required": _("Give the day and the time.")})


class SpacingForm(forms.Form):
    """How often the team is told of the same silence."""

    remind_every = forms.TypedChoiceField(
        label=_("Tell the team again, while somebody has not answered"),
        coerce=lambda typed: None if typed == "never" else int(typed),
        choices=[
            ("never", _("only once")),
            (1, _("every day")),
            (3, _("every 3 days")),
            (7, _("every week")),
            (14, _("every two weeks")),
            (30, _("every 30 days")),
        ],
    )


class MemberSettingsForm(forms.Form):
    """What a member wants to be told, and when."""

    kinds = forms.MultipleChoiceField(
        required=False,
        label=_("Tell me when"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Which of these reach you depends on your role in the team, too."),
    )
    time_zone = forms.ChoiceField(
        required=False,
        label=_("My time zone"),
        choices=[("", _("that of each campaign")), *ZONES],
    )
    once_a_day = forms.BooleanField(
        required=False,
        label=_("All of a day in one mail"),
        help_text=_("It comes when your quiet hours end."),
    )
    quiet_from = forms.TypedChoiceField(coerce=int, choices=_HOURS, label=_("No mail from"))
    quiet_until = forms.TypedChoiceField(
        coerce=int,
        choices=_HOURS,
        label=_("until"),
        help_text=_("The same hour twice means no quiet hours."),
    )
    most_a_day = forms.IntegerField(
        min_value=1,
        max_value=50,
        label=_("At most so many mails a day"),
        help_text=_("More than these wait for the next day."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kinds"].choices = [(kind.value, kind.label) for kind in wording.AUDIENCE]  # type: ignore[attr-defined]  # a ChoiceField

    @staticmethod
    def shown(hers: MemberSettings) -> dict[str, Any]:
        """What the form shows before anything is typed."""
        return {
            "kinds": [kind.value for kind in wording.AUDIENCE if kind not in hers.unwanted],
            "time_zone": hers.time_zone,
            "once_a_day": hers.once_a_day,
            "quiet_from": hers.quiet_from,
            "quiet_until": hers.quiet_until,
            "most_a_day": hers.most_a_day,
        }

    def unwanted(self) -> list[str]:
        """The kinds that were left unticked."""
        return [kind.value for kind in wording.AUDIENCE if kind.value not in self.cleaned_data["kinds"]]


class OutreachForm(forms.Form):
    """What an office is asked."""

    subject = forms.CharField(max_length=160, label=_("Subject"))
    body = forms.CharField(
        max_length=20_000,
        label=_("Text"),
        widget=forms.Textarea(attrs={"rows": 18, "class": "textarea--text", "dir": "auto"}),
        help_text=_("Plain text. A line that says who sends it, and that asking is public, is added below."),
    )
