"""Where a new letter may begin: plain skeletons, and the team's own letters."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaign.models import Campaign, CampaignLetter
from letters import queries

_SKELETONS = {
    "demands": (
        gettext_lazy("Demands to executives"),
        gettext_lazy("What happened, what you ask for, and by when."),
        gettext_lazy(
            "Dear …,\n\nwe work at your companies. We write because …\n\n## What happened\n\n…\n\n## Why it concerns us"
            "\n\n…\n\nWe ask you to do the following, and to answer in public.\n"
        ),
    ),
    "colleagues": (
        gettext_lazy("In support of colleagues"),
        gettext_lazy("For people who were dismissed, silenced or threatened."),
        gettext_lazy(
            "We stand with our colleagues who …\n\nThey did …\n\nThis was done to them: …\n\nNobody should lose her"
            " work for this. We ask that it be undone.\n"
        ),
    ),
    "short": (
        gettext_lazy("A short appeal"),
        gettext_lazy("Three sentences that everybody can sign."),
        gettext_lazy("We are …\n\nWe have seen …\n\nWe ask you to …\n"),
    ),
}


@dataclass(frozen=True)
class Beginning:
    """Something to begin from."""

    key: str
    title: str
    said: str


def offered(campaign: Campaign) -> list[Beginning]:
    """The skeletons, then the letters of the team's campaigns, newest first."""
    skeletons = [Beginning(key, str(title), str(said)) for key, (title, said, _body) in _SKELETONS.items()]
    earlier = [
        Beginning(f"letter-{letter.slug}", letter.title, _("an earlier letter")) for letter in _letters(campaign)
    ]
    return skeletons + earlier


def of(campaign: Campaign, key: str) -> dict[str, str]:
    """Title and text to begin with; nothing where there is no such beginning, or it is another team's."""
    if key in _SKELETONS:
        return {"body": str(_SKELETONS[key][2])}
    for letter in _letters(campaign):
        if key == f"letter-{letter.slug}":
            return {"title": letter.title, "body": letter.body}
    return {}


def _letters(campaign: Campaign) -> list[queries.LetterFacts]:
    rows = CampaignLetter.objects.filter(campaign__team_id=campaign.team_id)
    return queries.letters(rows.values_list("letter_id", flat=True))[:50]
