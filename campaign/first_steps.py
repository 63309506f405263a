"""What a new campaign still needs before people can sign: a checklist that is gone once all is done."""

from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _

from campaign.models import Campaign, CampaignLetter, Demand, Executive, Invitation
from letters import queries as letter_queries


@dataclass(frozen=True)
class Step:
    """One thing to do, and where."""

    text: str
    address: str
    done: bool


@dataclass(frozen=True)
class Steps:
    """The checklist of one campaign."""

    all: tuple[Step, ...]
    put_away: bool

    @property
    def done(self) -> int:
        return sum(step.done for step in self.all)

    @property
    def finished(self) -> bool:
        return self.done == len(self.all)

    @property
    def next(self) -> Step | None:
        """The first that is not done, while anybody wants to see the list."""
        return None if self.put_away else next((step for step in self.all if not step.done), None)


def of(campaign: Campaign) -> Steps:
    """Where a campaign stands on its way to an open letter. Two queries, or three."""
    here = Campaign.objects.filter(pk=campaign.pk)
    letters = CampaignLetter.objects.filter(campaign=OuterRef("pk"))
    found = here.annotate(
        demanded=Exists(Demand.objects.filter(campaign=OuterRef("pk"))),
        addressed=Exists(Executive.objects.filter(campaign=OuterRef("pk"), addressed=True)),
        written=Exists(letters),
        opened=Exists(letters.exclude(letter__state="draft")),
        invited=Exists(Invitation.objects.filter(team=OuterRef("team"))),
        members=Count("team__memberships"),
    ).get()
    has_employers = found.addressed or bool(letter_queries.employers(campaign.directory_id))

    def step(text: str, name: str, done: bool, *more: object) -> Step:
        return Step(text, reverse(name, args=[campaign.slug, *more]), done)

    open_at = ("organise-letter", _draft(campaign)) if found.written and not found.opened else ("organise-campaign",)
    steps = (
        step(_("Name the campaign"), "organise-about", True),
        step(_("Add the companies whose people sign"), "organise-employers", has_employers),
        step(_("Add the executives whom you address"), "organise-executives", found.addressed),
        step(_("Write what you demand"), "organise-demands", found.demanded),
        step(_("Write the letter"), "organise-letter-new", found.written),
        step(
            _("Invite a second person, who reads it before it opens and checks what you record"),
            "organise-team",
            found.members > 1 or found.invited,
        ),
        step(_("Open the letter for signing"), open_at[0], found.opened, *open_at[1:]),
    )
    return Steps(steps, found.steps_put_away)


def put_away(*, campaign: Campaign, away: bool) -> None:
    """Take the checklist out of the way, or bring it back."""
    Campaign.objects.filter(pk=campaign.pk).update(steps_put_away=away)


def _draft(campaign: Campaign) -> str:
    ids = campaign.campaign_letters.values_list("letter_id", flat=True)
    return letter_queries.letters(ids)[0].slug
