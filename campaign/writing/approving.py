"""The team's rule: how many members approve the exact text before it opens, none of them a text she wrote last."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.speaking import in_english
from campaign import audit
from campaign.models import Approval, Audited, Campaign, CampaignLetter, Membership, Role, SavedText
from campaign.writing import NotPossible
from letters import languages, publishing

MOST = 9
# Who may approve: whoever may write.
_MAY = (Role.OWNER, Role.EDITOR)


@dataclass(frozen=True)
class Approved:
    """One member's approval of this very text."""

    member_id: int
    name: str
    at: datetime


@dataclass(frozen=True)
class Wanting:
    """A text that too few have approved."""

    language: str
    missing: int
    author: str

    @property
    def language_name(self) -> str:
        return languages.name(self.language)


@dataclass(frozen=True)
class Approvals:
    """Who approved a text, and what is missing."""

    sha256: str
    needed: int
    by_rule: bool  # the team set the number itself
    approved: tuple[Approved, ...]
    wanting: tuple[Wanting, ...]
    earlier: tuple[Approved, ...]  # who approved a text that has moved on
    last_authors: dict[str, int | None]
    may_approve: frozenset[int]

    @property
    def done(self) -> bool:
        return not self.wanting

    @property
    def cannot_be_met(self) -> bool:
        """Whether the team has too few members for its own rule."""
        return any(len(self.may_approve - {self.last_authors.get(one.language)}) < self.needed for one in self.wanting)

    def counts_for(self, user_id: int) -> bool:
        """Whether this member's approval would count for any of the languages."""
        return user_id in self.may_approve and any(author != user_id for author in self.last_authors.values())


def approve(
    *, campaign_letter: CampaignLetter, text: publishing.Text, read_sha256: str, by: User, now: datetime
) -> None:
    """Approve the text that was read. Raises NotPossible when it has moved on, and for who wrote all of it last."""
    if read_sha256 != text.sha256():
        raise NotPossible(_("The text moved on while you read it, so nothing is approved. Here is how it reads now."))
    if not approvals(campaign_letter=campaign_letter, text=text).counts_for(by.pk):
        raise NotPossible(_("You made the last change to this text, so somebody else has to approve it."))
    with transaction.atomic():
        _approval, is_new = Approval.objects.get_or_create(
            campaign_letter=campaign_letter, member=by, sha256=read_sha256, defaults={"approved_at": now}
        )
        if is_new:
            _note(campaign_letter, Audited.APPROVED, text, by, now)


def take_back(
    *, campaign_letter: CampaignLetter, text: publishing.Text, read_sha256: str, by: User, now: datetime
) -> None:
    """No longer approve the text that was read, whatever it says by now."""
    with transaction.atomic():
        rows = Approval.objects.filter(campaign_letter=campaign_letter, member=by, sha256=read_sha256)
        if rows.delete()[0]:
            _note(campaign_letter, Audited.APPROVAL_TAKEN_BACK, text, by, now)


def set_rule(*, campaign: Campaign, needed: int | None, by: User, now: datetime) -> None:
    """Say how many have to approve; None: one, as soon as two members may write."""
    with transaction.atomic():
        Campaign.objects.filter(pk=campaign.pk).update(approvals_needed=needed)
        with in_english():
            about = _("as soon as two may write, one") if needed is None else str(needed)
        audit.note(campaign=campaign, by=by, what=Audited.RULE_SET, about=about, now=now)


def insist(*, campaign_letter: CampaignLetter, text: publishing.Text) -> None:
    """Whether the rule is met for exactly this text. Raises NotPossible, saying who is still to approve."""
    standing = approvals(campaign_letter=campaign_letter, text=text)
    if standing.done:
        return
    if standing.earlier and not standing.approved:
        raise NotPossible(
            _("The text changed after %(names)s approved it. It has to be approved again before it opens.")
            % {"names": ", ".join(one.name for one in standing.earlier)}
        )
    raise NotPossible(
        _("This text has %(approved)s of %(needed)s approvals. Ask a member who did not write it last to read it.")
        % {
            "approved": max(0, standing.needed - max(one.missing for one in standing.wanting)),
            "needed": standing.needed,
        }
    )


def approvals(*, campaign_letter: CampaignLetter, text: publishing.Text) -> Approvals:
    """Who approved this very text, and what is missing. Only members who may write count."""
    campaign = Campaign.objects.get(pk=campaign_letter.campaign_id)
    may = frozenset(
        Membership.objects.filter(team_id=campaign.team_id, role__in=_MAY).values_list("user_id", flat=True)
    )
    sha256 = text.sha256()
    rows = [row for row in _approvals(campaign_letter) if row.member_id in may]
    approved = tuple(_approved(row) for row in rows if row.sha256 == sha256)
    authors = _last_authors(campaign_letter, {text.language, *(one.language for one in text.translations)})
    # Without a rule of the team's own: one, as soon as there is somebody else who could.
    needed = int(len(may) > 1) if campaign.approvals_needed is None else campaign.approvals_needed
    wanting = []
    for language, last in authors.items():
        missing = needed - sum(one.member_id != (last and last.pk) for one in approved)
        if missing > 0:
            wanting.append(Wanting(language, missing, str(last or "")))
    return Approvals(
        sha256=sha256,
        needed=needed,
        by_rule=campaign.approvals_needed is not None,
        approved=approved,
        wanting=tuple(wanting),
        earlier=tuple(_approved(row) for row in rows if row.sha256 != sha256),
        last_authors={language: last.pk if last else None for language, last in authors.items()},
        may_approve=may,
    )


def _last_authors(campaign_letter: CampaignLetter, wanted: set[str]) -> dict[str, User | None]:
    """Whose hand made each language's draft what it is: of a suggestion, who accepted it.

    Otherwise an author could have her own text approved by herself, after taking in a comma of somebody else's.
    """
    found: dict[str, User | None] = dict.fromkeys(sorted(wanted))
    rows = SavedText.objects.filter(campaign_letter=campaign_letter, language__in=wanted, revision__isnull=False)
    newest = rows.order_by("language", "-revision").distinct("language")
    for row in newest.select_related("author", "accepted_by"):
        found[row.language] = row.accepted_by or row.author
    return found


def _approvals(campaign_letter: CampaignLetter) -> list[Approval]:
    rows = Approval.objects.filter(campaign_letter=campaign_letter).select_related("member")
    return list(rows.order_by("approved_at", "pk"))


def _approved(row: Approval) -> Approved:
    return Approved(row.member_id, str(row.member), row.approved_at)


def _note(one: CampaignLetter, what: Audited, text: publishing.Text, by: User, now: datetime) -> None:
    about = f"{text.title} ({text.sha256()[:12]})"
    audit.note(campaign=one.campaign, by=by, what=what, about=about, now=now)
