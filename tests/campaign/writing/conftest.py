"""A draft and its writers: Carla owns, Edda and Nils write, Oskar tracks, Vera looks on, Mallory is elsewhere."""

from dataclasses import dataclass

import pytest

from accounts.models import User
from campaign.models import CampaignLetter, Membership, Role
from campaign.writing import saving
from campaign.writing.saving import Words
from tests.cast import NOW, Cast, organiser

DESK = "/organise/campaigns/robots/letters/robots/"


@dataclass
class Team:
    """The cast, and two who write with Carla."""

    cast: Cast
    edda: User
    nils: User

    @property
    def carla(self) -> User:
        return self.cast.carla

    @property
    def letter(self) -> CampaignLetter:
        return CampaignLetter.objects.select_related("campaign").get(pk=self.cast.campaign_letter.pk)

    @property
    def draft(self):
        return saving.draft(self.letter)

    def save(
        self, by: User, body: str, *, title: str = "Stop the robots", began_from: int | None = None, now=NOW
    ) -> int:
        """Save the original."""
        return saving.save(
            campaign_letter=self.letter,
            language="en",
            words=Words(title=title, body=body),
            began_from=self.draft.revision if began_from is None else began_from,
            by=by,
            now=now,
        )


@pytest.fixture
def team(db) -> Team:
    cast = Cast.assemble(opened=False)
    edda, nils = organiser("Edda"), organiser("Nils")
    for user in (edda, nils):
        Membership.objects.create(team=cast.campaign.team, user=user, role=Role.EDITOR)
    return Team(cast, edda, nils)
