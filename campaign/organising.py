"""Starting campaigns and teams, and what a campaign consists of."""

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.text import slugify
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.speaking import in_english
from campaign import audit, deciding, milestones, record, shown, succession, writing
from campaign.models import (
    Audited,
    Bearing,
    Campaign,
    CampaignLetter,
    Demand,
    Entry,
    Executive,
    Membership,
    Role,
    Team,
)
from campaign.models.campaigns import named
from campaign.reminders import planning
from campaign.writing import approving, saving
from letters import freshness, publishing, queries


class NotPossible(Exception):
    """What was asked cannot be done; the text says why and what to do, `field` where."""

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


def start_campaign(
    *,
    team: Team | None,
    team_name: str = "",
    owner: User,
    title: str,
    slug: str,
    summary: str,
    organisers: str,
    organisers_named: bool,
    time_zone: str,
    press_contact: str = "",
    now: datetime,
) -> Campaign:
    """A new, empty campaign with a directory of its own; without `team` a new one that `owner` owns.

    Raises NotPossible when the address is taken; nothing is left behind then.
    """
    try:
        with transaction.atomic():
            if team is None:
                team = Team.objects.create(name=team_name)
                Membership.objects.create(team=team, user=owner, role=Role.OWNER)
            campaign = Campaign.objects.create(
                team=team,
                title=title,
                slug=slug,
                summary=summary,
                organisers=organisers,
                organisers_named=organisers_named and bool(organisers),
                time_zone=time_zone,
                press_contact=press_contact,
                directory_id=publishing.new_directory(),
                created_at=now,
            )
            audit.note(campaign=campaign, by=owner, what=Audited.STARTED, about=title, now=now)
            return campaign
    except IntegrityError as error:
        raise NotPossible(
            _("Another campaign already has this address. Choose a different one."), field="slug"
        ) from error


def change_campaign(
    *,
    campaign: Campaign,
    title: str,
    summary: str,
    organisers: str,
    organisers_named: bool,
    time_zone: str,
    press_contact: str,
    by: User,
    now: datetime,
) -> None:
    """Change how the campaign is presented. Its address stays."""
    with transaction.atomic():
        freshness.changed()
        Campaign.objects.filter(pk=campaign.pk).update(
            title=title,
            summary=summary,
            organisers=organisers,
            organisers_named=organisers_named and bool(organisers),
            time_zone=time_zone,
            press_contact=press_contact,
        )
        audit.note(campaign=campaign, by=by, what=Audited.PRESENTED, about=title, now=now)


def add_demand(*, campaign: Campaign, text: str, must_be_public: bool, by: User, now: datetime) -> Demand:
    """One more demand, numbered after the others."""
    with transaction.atomic():
        planning.hold_still(pk=campaign.pk)
        number = (campaign.demands.aggregate(last=Max("number"))["last"] or 0) + 1
        freshness.changed()
        key = _free_key(text, set(campaign.demands.values_list("key", flat=True)), "demand")
        audit.note(campaign=campaign, by=by, what=Audited.DEMAND_ADDED, about=f"{number}. {text}", now=now)
        demand = Demand.objects.create(
            campaign=campaign, number=number, key=key, text=text, must_be_public=must_be_public
        )
        shown.remember(campaign_id=campaign.pk, now=now)
        return demand


def change_demand(*, demand: Demand, text: str, must_be_public: bool, by: User, now: datetime) -> int:
    """Reword a demand. What open letters say does not change with it.

    What was checked of the old words is not checked of the new: answers how many entries wait for a check again.
    """
    with transaction.atomic():
        planning.hold_still(pk=demand.campaign_id)
        freshness.changed()
        Demand.objects.filter(pk=demand.pk).update(text=text, must_be_public=must_be_public)
        if (demand.text, demand.must_be_public) == (text, must_be_public):
            return 0
        about = f"{demand} → {text}"
        audit.note(campaign=demand.campaign, by=by, what=Audited.DEMAND_CHANGED, about=about, now=now)
        with in_english():
            because = _("the demand was reworded")
        deciding.begin_anew(demand=demand, because=because, now=now)
        again = record.check_again(Entry.objects.filter(bearings__demand=demand), by=by, now=now)
        shown.remember(campaign_id=demand.campaign_id, now=now)
        return again


def remove_demand(*, demand: Demand, by: User, now: datetime) -> None:
    """Take a demand off the list and close the gap. Raises NotPossible once a statement speaks to it."""
    with transaction.atomic():
        planning.hold_still(pk=demand.campaign_id)
        if Bearing.objects.filter(demand=demand).exists() or demand.decisions.exists():
            raise NotPossible(_("The record already says how executives answered this demand, so it stays."))
        freshness.changed()
        audit.note(campaign=demand.campaign, by=by, what=Audited.DEMAND_REMOVED, about=str(demand), now=now)
        demand.delete()
        for number, left in enumerate(Demand.objects.filter(campaign_id=demand.campaign_id).order_by("number"), 1):
            Demand.objects.filter(pk=left.pk).update(number=number)
        shown.remember(campaign_id=demand.campaign_id, now=now)


def add_executive(
    *,
    campaign: Campaign,
    name: str,
    title: str,
    employer_id: int,
    addressed: bool,
    by: User,
    now: datetime,
    office_address: str = "",
) -> Executive:
    """One more office on the record."""
    with transaction.atomic():
        planning.hold_still(pk=campaign.pk)
        freshness.changed()
        key = _free_key(name or title, set(campaign.executives.values_list("key", flat=True)), "executive")
        executive = Executive.objects.create(
            campaign=campaign,
            key=key,
            name=name,
            title=title,
            employer_id=employer_id,
            addressed=addressed,
            office_address=office_address,
        )
        audit.note(campaign=campaign, by=by, what=Audited.EXECUTIVE_ADDED, about=executive.display, now=now)
        shown.remember(campaign_id=campaign.pk, now=now)
        return executive


def change_executive(
    *,
    executive: Executive,
    name: str,
    title: str,
    employer_id: int,
    addressed: bool,
    by: User,
    now: datetime,
    office_address: str | None = None,
) -> int:
    """Correct who holds an office and what it is.

    What was checked of one person is not checked of another: answers how many entries wait for a check again.
    """
    with transaction.atomic():
        planning.hold_still(pk=executive.campaign_id)
        freshness.changed()
        Executive.objects.filter(pk=executive.pk).update(
            name=name,
            title=title,
            employer_id=employer_id,
            addressed=addressed,
            office_address=executive.office_address if office_address is None else office_address,
        )
        succession.rename_present(executive=executive, name=name)
        about = f"{executive} → {name or title}" if str(executive) != (name or title) else str(executive)
        audit.note(campaign=executive.campaign, by=by, what=Audited.EXECUTIVE_CHANGED, about=about, now=now)
        again = 0
        if (executive.name, executive.title, executive.employer_id) != (name, title, employer_id):
            with in_english():
                because = _("the office or its holder was corrected")
            deciding.begin_anew(executive=executive, because=because, now=now)
            again = record.check_again(Entry.objects.filter(executives=executive), by=by, now=now)
        planning.plan_record(campaign_id=executive.campaign_id, now=now)
        shown.remember(campaign_id=executive.campaign_id, now=now)
        return again


def write_letter(
    *, campaign: Campaign, title: str, slug: str, body: str, now: datetime, by: User | None = None,
    language: str = "en", key: str = "",
) -> CampaignLetter:  # fmt: skip
    """A new draft in the campaign. Raises NotPossible when the address is taken."""
    try:
        with transaction.atomic():
            planning.hold_still(pk=campaign.pk)
            letter_id = publishing.draft(
                directory_id=campaign.directory_id, slug=slug, title=title, body=body, language=language, now=now
            )
            key = key or _free_key(slug, set(campaign.campaign_letters.values_list("key", flat=True)), "letter")
            one = CampaignLetter.objects.create(campaign=campaign, letter_id=letter_id, key=key)
            words = saving.Words(title=title, body=body)
            saving.begin(campaign_letter=one, words=words, by=by, now=now, language=language)
            planning.plan_letter(campaign_letter_id=one.pk, now=now)
            return one
    except publishing.SlugTaken as error:
        raise NotPossible(str(error), field="slug") from error


def text_to_open(*, campaign_letter: CampaignLetter) -> publishing.Text:
    """What people would sign if the letter opened now."""
    demands, addressees = _asks(campaign_letter.campaign)
    return publishing.draft_text(letter_id=campaign_letter.letter_id, demands=demands, addressees=addressees)


def open_letter(
    *, campaign_letter: CampaignLetter, by: User | None, now: datetime, read_sha256: str | None = None
) -> None:
    """Open the campaign's letter with its demands and addressees as they stand.

    `read_sha256` names the text that the opener read; `by` nobody: a file says that it is open, or the clock, which
    has looked at the approvals. Raises NotPossible, also when that is no longer the text or too few approved it.
    """
    try:
        with transaction.atomic():
            # Holds demands and addressees still while the text is compared and fixed.
            campaign = planning.hold_still(pk=campaign_letter.campaign_id)
            demands, addressees = _asks(campaign)
            if by is not None:
                approving.insist(campaign_letter=campaign_letter, text=text_to_open(campaign_letter=campaign_letter))
            if not demands:
                raise NotPossible(_("The campaign has no demands yet. Write at least one before the letter opens."))
            if not addressees:
                raise NotPossible(_("Nobody is addressed yet. Add at least one executive before the letter opens."))
            publishing.open_letter(
                letter_id=campaign_letter.letter_id,
                demands=demands,
                addressees=addressees,
                now=now,
                read_sha256=read_sha256,
            )
            CampaignLetter.objects.filter(pk=campaign_letter.pk).update(
                opens_at=None, opens_sha256="", not_opened="", not_opened_at=None
            )
            _note(campaign_letter, Audited.OPENED, by=by, now=now)
            planning.plan_letter(campaign_letter_id=campaign_letter.pk, now=now)
    except (publishing.NotPossible, writing.NotPossible) as error:
        raise NotPossible(str(error)) from error


def close_letter(*, campaign_letter: CampaignLetter, by: User | None, now: datetime) -> None:
    """Close the campaign's letter for good, and cancel what was planned for it; `by` nobody: it closes by itself.

    Raises NotPossible.
    """
    try:
        with transaction.atomic():
            planning.hold_still(pk=campaign_letter.campaign_id)
            publishing.close_letter(letter_id=campaign_letter.letter_id, now=now)
            _note(campaign_letter, Audited.CLOSED, by=by, now=now)
            milestones.look_at(campaign_letter=campaign_letter, now=now)
            planning.plan_letter(campaign_letter_id=campaign_letter.pk, now=now)
    except publishing.NotPossible as error:
        raise NotPossible(str(error)) from error


def close_due(*, now: datetime) -> int:
    """Close the letters whose moment has come; answers how many."""
    due = CampaignLetter.objects.filter(closes_at__lte=now, letter__state="open").order_by("closes_at")
    closed = 0
    for one in due:
        try:
            close_letter(campaign_letter=one, by=None, now=now)
        except NotPossible:
            continue  # somebody closed it a moment ago
        closed += 1
    return closed


def ask_reply_by(*, campaign_letter: CampaignLetter, reply_by: datetime | None, by: User, now: datetime) -> None:
    """Say until when an answer is asked for, and plan the reminder anew. Raises NotPossible."""
    check_moment(reply_by, now, field="reply_by")
    with transaction.atomic():
        freshness.changed()
        planning.hold_still(pk=campaign_letter.campaign_id)
        CampaignLetter.objects.filter(pk=campaign_letter.pk).update(reply_by=reply_by)
        _note(campaign_letter, Audited.REPLY_BY_SET, by=by, now=now, to=_day(reply_by))
        planning.plan_letter(campaign_letter_id=campaign_letter.pk, now=now, afresh=True)


def close_at(*, campaign_letter: CampaignLetter, closes_at: datetime | None, by: User, now: datetime) -> None:
    """Say when the letter closes by itself, or that it does not. Raises NotPossible."""
    check_moment(closes_at, now, field="closes_at")
    with transaction.atomic():
        freshness.changed()
        planning.hold_still(pk=campaign_letter.campaign_id)
        one = CampaignLetter.objects.filter(pk=campaign_letter.pk)
        if closes_at is not None and one.filter(opens_at__gte=closes_at).exists():
            raise NotPossible(
                _("The letter opens by itself only after that. Choose a later moment, or change when it opens."),
                field="closes_at",
            )
        one.update(closes_at=closes_at)
        _note(campaign_letter, Audited.CLOSES_AT_SET, by=by, now=now, to=_day(closes_at))
        planning.plan_letter(campaign_letter_id=campaign_letter.pk, now=now)


def offer_release(*, campaign_letter: CampaignLetter, least: int | None, by: User, now: datetime) -> None:
    """Let confidential signers wait until so many have signed; None: no more. Raises NotPossible."""
    try:
        with transaction.atomic():
            publishing.offer_release(letter_id=campaign_letter.letter_id, least=least)
            with in_english():
                to = _("from %(least)s on") % {"least": least} if least else _("not offered")
            _note(campaign_letter, Audited.RELEASE_SET, by=by, now=now, to=to)
    except publishing.NotPossible as error:
        raise NotPossible(str(error), field="least") from error


def remind_every(*, campaign: Campaign, days: int | None, by: User, now: datetime) -> None:
    """Say at which spacing the team is told again that nobody answered; None tells it once."""
    with transaction.atomic():
        Campaign.objects.filter(pk=campaign.pk).update(remind_every=days)
        with in_english():
            about = _("every %(days)s days") % {"days": days} if days else _("once")
        audit.note(campaign=campaign, by=by, what=Audited.SPACING_SET, about=about, now=now)
        planning.plan_record(campaign_id=campaign.pk, now=now)


def check_moment(moment: datetime | None, now: datetime, *, field: str) -> None:
    """Whether a moment is still to come, and soon enough to be meant. Raises NotPossible."""
    if moment is not None and moment <= now:
        raise NotPossible(_("This moment has passed. Choose one that is still to come."), field=field)
    if moment is not None and moment > now + timedelta(days=3660):
        raise NotPossible(_("This is more than ten years away. Check the year."), field=field)


def _note(one: CampaignLetter, what: Audited, *, by: User | None, now: datetime, to: str = "") -> None:
    title = queries.letters([one.letter_id])[0].title
    audit.note(campaign=one.campaign, by=by, what=what, about=f"{title}: {to}" if to else title, now=now)


def _day(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC" if moment else "–"


def _asks(campaign: Campaign) -> tuple[list[str], list[str]]:
    return [demand.text for demand in campaign.demands.order_by("number")], addressee_lines(campaign)


def addressee_lines(campaign: Campaign) -> list[str]:
    """The addressed executives as the letter names them."""
    names = {employer.id: employer.name for employer in queries.employers(campaign.directory_id)}
    return [
        named(executive.name, executive.title, names[executive.employer_id])
        for executive in campaign.executives.filter(addressed=True).order_by("pk")
    ]


def _free_key(text: str, taken: set[str], otherwise: str) -> str:
    base = slugify(text)[:50].strip("-") or otherwise
    return next(key for n in range(1, len(taken) + 2) if (key := base if n == 1 else f"{base}-{n}") not in taken)
