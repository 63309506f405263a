"""What a team's reviewers decide about names on hold and evidence, and the log of it, in one transaction."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.speaking import always_english, in_english
from campaign import audit
from campaign.models import Audited, Campaign, CampaignLetter
from campaign.reminders import planning
from letters import admitting, holding, review_queries
from letters import reviewing as verbs
from letters.review_queries import Item
from letters.reviewing import NotPossible, Outcome

__all__ = ["NotPossible", "Outcome"]


@dataclass(frozen=True)
class Reason:
    """Why a reviewer answers as she does; each is one button and one key."""

    key: str
    agrees: bool
    text: str | Promise


REASONS = {
    "name": (
        Reason("known", True, gettext_lazy("A member knows this person")),
        Reason("common", True, gettext_lazy("A common name; nobody pretends anything")),
        Reason("confirmed", True, gettext_lazy("Confirmed in another way")),
        Reason("pretends", False, gettext_lazy("Pretends to be somebody else")),
        Reason("nobody", False, gettext_lazy("Nobody’s name")),
        Reason("unclear", False, gettext_lazy("It cannot be told")),
    ),
    "proof": (
        Reason("shows", True, gettext_lazy("It shows this name at this employer")),
        Reason("other-name", False, gettext_lazy("It shows another name, or none")),
        Reason("other-employer", False, gettext_lazy("It does not show this employer")),
        Reason("unclear", False, gettext_lazy("It cannot be read or checked")),
        Reason("altered", False, gettext_lazy("It looks altered")),
    ),
    "reason": (
        Reason("fine", True, gettext_lazy("It may stand there")),
        Reason("about-somebody", False, gettext_lazy("It names or attacks somebody")),
        Reason("gives-away", False, gettext_lazy("It gives away who else signed, or what is secret")),
        Reason("advertises", False, gettext_lazy("It advertises, or is about something else")),
        Reason("unclear", False, gettext_lazy("It cannot be understood")),
    ),
}


def open_evidence(*, campaign: Campaign, case_id: uuid.UUID, by: User, now: datetime) -> None:
    """Open what a signer sent; that is on the log before anything is seen. Raises NotPossible."""
    with transaction.atomic():
        planning.hold_still(pk=campaign.pk)
        item = _item(campaign, case_id)
        verbs.open_evidence(directory_id=campaign.directory_id, case_id=case_id, by_id=by.pk, now=now)
        audit.note(campaign=campaign, by=by, what=Audited.EVIDENCE_OPENED, about=_about(item), now=now)


def decide(*, campaign: Campaign, case_id: uuid.UUID, by: User, reason: str, words: str, now: datetime) -> Outcome:
    """Answer a case that this member has taken, for a reason from the list. Raises NotPossible."""
    with transaction.atomic():
        planning.hold_still(pk=campaign.pk)
        item = _item(campaign, case_id)
        chosen = next((one for one in REASONS[item.kind] if one.key == reason), None)
        if chosen is None:
            raise NotPossible(_("Choose one of the reasons."))
        outcome = verbs.decide(
            directory_id=campaign.directory_id, case_id=case_id, by_id=by.pk, agrees=chosen.agrees, now=now
        )
        audit.note(
            campaign=campaign,
            by=by,
            what=Audited.REVIEWED if chosen.agrees else Audited.REVIEW_REFUSED,
            about=_about(item),
            reason=". ".join(part for part in (_english(chosen), words) if part),
            now=now,
        )
        planning.plan_reviews(campaign_id=campaign.pk, now=now)
    return outcome


def undo(*, campaign: Campaign, case_id: uuid.UUID, by: User, now: datetime) -> None:
    """Take one's own answer back. Raises NotPossible."""
    with transaction.atomic():
        planning.hold_still(pk=campaign.pk)
        item = _item(campaign, case_id)
        verbs.undo(directory_id=campaign.directory_id, case_id=case_id, by_id=by.pk, now=now)
        audit.note(campaign=campaign, by=by, what=Audited.REVIEW_UNDONE, about=_about(item), now=now)
        planning.plan_reviews(campaign_id=campaign.pk, now=now)


def keep_list(*, campaign: Campaign, wanted: Iterable[str], by: User, now: datetime) -> None:
    """Make these the names that the team holds, beside those of whom its letters address."""
    with transaction.atomic():
        came, went = holding.keep_list(directory_id=campaign.directory_id, wanted=wanted)
        if came or went:
            with in_english():
                about = _("%(came)s added, %(went)s taken off") % {"came": came, "went": went}
            audit.note(campaign=campaign, by=by, what=Audited.HOLD_LIST_CHANGED, about=about, now=now)


def limit_intake(*, campaign: Campaign, most: int, by: User, now: datetime) -> None:
    """Take evidence only while fewer than this wait. Raises admitting.NotPossible."""
    with transaction.atomic():
        admitting.limit_evidence(directory_id=campaign.directory_id, most=most)
        with in_english():
            about = _("at most so many wait")
        audit.note(campaign=campaign, by=by, what=Audited.INTAKE_SET, about=about, count=most, now=now)


def admit(*, campaign_letter: CampaignLetter, choice: admitting.Choice, by: User, now: datetime) -> None:
    """Say who may sign a letter, with which proof, and who counts. Raises admitting.NotPossible."""
    with transaction.atomic():
        campaign = planning.hold_still(pk=campaign_letter.campaign_id)
        admitting.choose(letter_id=campaign_letter.letter_id, choice=choice)
        kept = admitting.admission(campaign_letter.letter_id)
        about = _admission(campaign_letter.key, kept)
        audit.note(campaign=campaign, by=by, what=Audited.ADMISSION_SET, about=about, now=now)


@always_english
def _admission(letter: str, kept: admitting.Admission) -> str:
    """Who may sign, as the log says it."""
    who = _("anybody") if kept.for_anyone else kept.names
    proofs = [
        _("work e-mail"),
        *([_("e-mail checked")] if kept.takes_email else []),
        *([_("reviewed")] if kept.takes_reviewed else []),
    ]
    return _("“%(letter)s”: %(who)s; %(proofs)s") % {"letter": letter, "who": who, "proofs": ", ".join(proofs)}


def forget(*, now: datetime) -> int:
    """Let go of what nobody looked at in time, and tell the teams so on their logs; answers how many."""
    gone = 0
    with transaction.atomic():
        for one in verbs.forget(now=now):
            campaign = Campaign.objects.filter(directory_id=one.directory_id).first()
            for count, about in (
                (one.evidence, _("evidence that nobody looked at within three days")),
                (one.names, _("names that nobody looked at within a month after the letter closed")),
                (one.reasons, _("signers’ lines that nobody looked at within a month after the letter closed")),
            ):
                gone += count
                if campaign and count:
                    audit.note(
                        campaign=campaign, by=None, what=Audited.REVIEW_LAPSED, about=about, count=count, now=now
                    )
    return gone


def _item(campaign: Campaign, case_id: uuid.UUID) -> Item:
    found = review_queries.item(campaign.directory_id, case_id)
    if found is None:
        raise NotPossible(_("This is no longer there: it was answered, or its signer took it back."))
    return found


@always_english
def _english(reason: Reason) -> str:
    """A reason as the log names it."""
    return str(reason.text)


@always_english
def _about(item: Item) -> str:
    """Never the name: one that is refused shall be gone everywhere."""
    kinds = {"name": _("name on hold"), "proof": _("evidence of an employer"), "reason": _("a signer’s line")}
    return _("%(kind)s, item %(item)s, letter “%(letter)s”") % {
        "kind": kinds[item.kind],
        "item": item.short,
        "letter": item.letter,
    }
