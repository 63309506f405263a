"""What a team reads of its own campaigns."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch, QuerySet
from django.http import Http404

from accounts.models import User
from campaign import delivery_queries, needs, news, scoreboard
from campaign.facts import campaign_facts, first_opened_at
from campaign.models import Campaign, CampaignLetter, Delivery, Entry, Executive, Membership, Outreach, Team, TextChange
from campaign.reminders import planning, schedule
from letters import names
from letters import queries as letter_queries
from letters.queries import EmployerFacts, LetterFacts


@dataclass(frozen=True)
class TeamLetter:
    """A letter as its team sees it."""

    letter: LetterFacts
    campaign_letter: CampaignLetter
    total: int


@dataclass(frozen=True)
class Desk:
    """A campaign in numbers."""

    letters: tuple[TeamLetter, ...]
    planned: tuple[schedule.Planned, ...]
    scoreboard: scoreboard.Scoreboard
    members: int
    followers: str
    on_record: int

    @property
    def signed(self) -> int:
        """How many signatures its letters have together."""
        return sum(one.total for one in self.letters)


@dataclass(frozen=True)
class Place:
    """One of a member's campaigns, with what waits for her there."""

    campaign: Campaign
    role: str
    needs: tuple[needs.Need, ...]
    letters: int
    signed: int


@dataclass(frozen=True, kw_only=True)
class Office:
    """An executive's office and what it was asked."""

    executive: Executive
    draft: Outreach | None
    on_its_way: Outreach | None
    past: tuple[Outreach, ...]
    answered: bool
    left: int  # how often it may still be asked
    may_ask_from: datetime | None

    @property
    def asked(self) -> int:
        """How often it was asked, as the public record says it."""
        return sum(one.state == Outreach.State.SENT for one in self.past)


def places(user: User, *, now: datetime) -> list[Place]:
    """The member's campaigns; those where something needs her come first."""
    members = _memberships(user)
    waiting = needs.of_member(user, members, now=now)
    letters: dict[uuid.UUID, list[uuid.UUID]] = {pk: [] for pk in waiting}
    for campaign_id, letter_id in CampaignLetter.objects.filter(campaign__in=waiting).values_list(
        "campaign_id", "letter_id"
    ):
        letters[campaign_id].append(letter_id)
    totals = letter_queries.totals(pk for some in letters.values() for pk in some)
    found = [
        Place(
            campaign,
            member.get_role_display(),
            tuple(waiting[campaign.pk]),
            len(letters[campaign.pk]),
            sum(totals.get(pk, 0) for pk in letters[campaign.pk]),
        )
        for member in members
        for campaign in member.team.campaigns.all()
    ]
    return sorted(found, key=lambda place: (not place.needs, place.campaign.title, place.campaign.slug))


def needs_of(user: User, campaign: Campaign, *, now: datetime) -> list[needs.Need]:
    """What waits for this member in one campaign."""
    members = _memberships(user).filter(team=campaign.team_id)
    return needs.of_member(user, members, now=now)[campaign.pk]


def desk(campaign: Campaign, *, now: datetime) -> Desk:
    """What the team sees of a campaign below what needs it."""
    letters = team_letters(campaign)
    facts = [one.letter for one in letters]
    board = scoreboard.board(
        campaign=campaign_facts(campaign, list(campaign.demands.order_by("number")), opened_at=first_opened_at(facts)),
        now=now,
        people=scoreboard.people_at_employers(facts),
    )
    return Desk(
        letters=tuple(letters),
        planned=tuple(schedule.queue(campaign)),
        scoreboard=board,
        members=campaign.team.memberships.count(),
        followers=news.followers(campaign),
        on_record=campaign.entries.filter(state=Entry.State.CHECKED).count(),
    )


def team_letters(campaign: Campaign) -> list[TeamLetter]:
    """The campaign's letters, drafts included, newest first."""
    by_id = {one.letter_id: one for one in campaign.campaign_letters.all()}
    totals = letter_queries.totals(by_id)
    return [TeamLetter(letter, by_id[letter.id], totals.get(letter.id, 0)) for letter in letter_queries.letters(by_id)]


def team_letter_or_404(campaign: Campaign, slug: str) -> TeamLetter:
    """One of the campaign's letters by its address."""
    for one in team_letters(campaign):
        if one.letter.slug == slug:
            return one
    raise Http404


def deliveries(campaign_letter: CampaignLetter) -> list[Delivery]:
    """To whom the letter was handed, newest first, without the paper."""
    return delivery_queries.of_team(campaign_letter)


def text_change(campaign_letter: CampaignLetter) -> TextChange | None:
    """The new text of an open letter that is under way."""
    rows = TextChange.objects.filter(campaign_letter=campaign_letter, over_at__isnull=True)
    return rows.select_related("declared_by", "approved_by").first()


def employer_or_404(campaign: Campaign, pk: int) -> EmployerFacts:
    """One of the campaign's employers."""
    for employer in letter_queries.employers(campaign.directory_id):
        if employer.id == pk:
            return employer
    raise Http404


def offices(campaign: Campaign) -> list[Office]:
    """Every addressed office."""
    rows = campaign.executives.filter(addressed=True).select_related("employer", "campaign")
    return [office(executive) for executive in rows.order_by("pk")]


def office(executive: Executive) -> Office:
    """One office and what it was asked."""
    rows = list(executive.outreach.select_related("released_by").order_by("drafted_at"))
    spent = [row for row in rows if row.state in planning.SPENT]
    return Office(
        executive=executive,
        draft=next((row for row in rows if row.state == Outreach.State.DRAFT), None),
        on_its_way=next((row for row in rows if row.state == Outreach.State.RELEASED), None),
        past=tuple(row for row in rows if row.state not in {Outreach.State.DRAFT, Outreach.State.RELEASED}),
        answered=executive.pk not in {row.id for row in scoreboard.without_answer(executive.campaign)},
        left=max(0, planning.ASK_MOST - len(spent)),
        may_ask_from=planning.may_ask_from(executive, executive.campaign),
    )


def members(team: Team) -> list[Membership]:
    """The team's members by name."""
    return list(team.memberships.select_related("user").order_by("user__display_name", "user__email"))


def executives_not_held(campaign: Campaign, listed: list[str]) -> list[str]:
    """Executives on the record whose names nothing holds yet: the letters' text names only whom it addressed."""
    texts = letter_queries.letters(campaign.campaign_letters.values_list("letter_id", flat=True))
    held = [part for letter in texts for line in letter.addressees for part in line.split(", ")] + listed
    names_of = campaign.executives.exclude(name="").order_by("pk").values_list("name", flat=True)
    return [name for name in names_of if not names.is_held(name, held)]


def _memberships(user: User) -> "QuerySet[Membership]":
    rows = Membership.objects.filter(user=user).select_related("team")
    return rows.prefetch_related(Prefetch("team__campaigns", Campaign.objects.select_related("team")))
