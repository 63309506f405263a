"""What a team reads of its own campaigns."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q
from django.http import Http404
from django.utils.translation import gettext as _

from accounts.models import User
from campaign import delivery_queries, reply_queries, scoreboard
from campaign.facts import campaign_facts, first_opened_at
from campaign.models import Campaign, CampaignLetter, Delivery, Entry, Executive, Membership, Outreach, Team, TextChange
from campaign.reminders import planning, schedule
from letters import names, review_queries
from letters import queries as letter_queries
from letters.queries import EmployerFacts, LetterFacts


@dataclass(frozen=True)
class Step:
    """One thing that a new campaign still needs."""

    done: bool
    text: str
    url_name: str


@dataclass(frozen=True)
class TeamLetter:
    """A letter as its team sees it."""

    letter: LetterFacts
    campaign_letter: CampaignLetter
    total: int


@dataclass(frozen=True)
class Desk:
    """A campaign at a glance."""

    letters: tuple[TeamLetter, ...]
    steps: tuple[Step, ...]
    to_check: int
    to_review: int  # for owners and verifiers
    replies: int
    planned: tuple[schedule.Planned, ...]
    scoreboard: scoreboard.Scoreboard
    members: int

    @property
    def unfinished(self) -> bool:
        """Whether the checklist is still of use."""
        return not all(step.done for step in self.steps)


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


def campaigns_of(user: User) -> list[Campaign]:
    """The person's campaigns, each with `waiting`: entries that she may check."""
    waiting = Count(
        "entries", filter=Q(entries__state=Entry.State.RECORDED) & ~Q(entries__recorded_by=user), distinct=True
    )
    return list(
        Campaign.objects.filter(team__memberships__user=user)
        .select_related("team")
        .annotate(waiting=waiting)
        .order_by("title")
    )


def desk(campaign: Campaign, *, now: datetime) -> Desk:
    """What the team needs to see first."""
    letters = team_letters(campaign)
    demands = list(campaign.demands.order_by("number"))
    employers = letter_queries.employers(campaign.directory_id)
    facts = [one.letter for one in letters]
    board = scoreboard.board(
        campaign=campaign_facts(campaign, demands, opened_at=first_opened_at(facts)),
        now=now,
        people=scoreboard.people_at_employers(facts),
    )
    members = campaign.team.memberships.count()
    steps = (
        Step(bool(demands), _("Write what you demand"), "organise-demands"),
        Step(bool(employers), _("Add employers with their mail domains"), "organise-employers"),
        Step(bool(board.rows), _("Add the executives whom you address"), "organise-executives"),
        Step(bool(letters), _("Write the letter"), "organise-letter-new"),
        Step(members > 1, _("Invite a second person, who checks what you record"), "organise-team"),
        Step(any(not one.letter.is_draft for one in letters), _("Open the letter for signing"), "organise-campaign"),
    )
    return Desk(
        letters=tuple(letters),
        steps=steps,
        to_check=campaign.entries.filter(state=Entry.State.RECORDED).count(),
        to_review=review_queries.backlog(campaign.directory_id).total,
        replies=reply_queries.open_ends(campaign),
        planned=tuple(schedule.queue(campaign)),
        scoreboard=board,
        members=members,
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
