"""What a campaign file says of a letter beside its text: who may sign it, its goal, and when it opens by itself."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from campaign import organising
from campaign.files.reading import Row
from campaign.files.work import Work
from campaign.models import CampaignLetter
from letters import admitting, queries
from letters.admitting import Admission, Choice

_LEVELS = ("email", "reviewed")


def admit(work: Work, row: Row, campaign_letter: CampaignLetter) -> None:
    """Set the letter up as the file says; what it does not say is left alone. Call it before the letter opens."""
    signers: Row | None = row["signers"]
    if signers is None:
        return
    keys = {one.key: one.id for one in queries.employers(work.campaign.directory_id)}
    ids = [keys[key] for key in signers["employers"] if key in keys]
    takes = signers["takes"]
    if takes is None:
        takes = [] if ids else ["email"]
    wanted = Choice(
        for_anyone=not ids,
        employer_ids=sorted(ids),
        former_too=signers["former_too"],
        takes_email="email" in takes,
        takes_reviewed="reviewed" in takes,
        counts_email="email" in signers["counts"],
        counts_reviewed="reviewed" in signers["counts"],
        takes_organisations=signers["organisations"],
        asks_reason=signers["reasons"],
    )
    if wanted == _choice(admitting.admission(campaign_letter.letter_id)):
        return
    try:
        admitting.choose(letter_id=campaign_letter.letter_id, choice=wanted)
    except admitting.NotPossible as error:
        work.faults.add(row.line_of("signers"), str(error))
    else:
        work.changed.append(_("letters: %(key)s, signers") % {"key": row["key"]})


def signers(row: CampaignLetter, keys: dict[int, str]) -> dict[str, Any] | None:
    """Who may sign, as a file says it; nothing where everything is as for a new letter."""
    there = _choice(admitting.admission(row.letter_id))
    if there == Choice():
        return None
    said = {
        "employers": [keys[one] for one in there.employer_ids],
        "former_too": there.former_too or None,
        "takes": [level for level in _LEVELS if getattr(there, f"takes_{level}")],
        "counts": [level for level in _LEVELS if getattr(there, f"counts_{level}")],
        "organisations": there.takes_organisations or None,
        "reasons": there.asks_reason or None,
    }
    # Empty lists are said: left out they would mean something else.
    return {name: value for name, value in said.items() if value is not None and (value or name != "employers")}


def set_goal(work: Work, row: Row, campaign_letter: CampaignLetter) -> None:
    """How many shall sign; no number in the file takes none away."""
    if row["goal"] == campaign_letter.goal:
        return
    if row["goal"] is None:
        work.left_alone.append(_("letters: the goal of %(key)s is not in the file.") % {"key": row["key"]})
        return
    CampaignLetter.objects.filter(pk=campaign_letter.pk).update(goal=row["goal"])
    work.changed.append(_("letters: %(key)s, goal") % {"key": row["key"]})


def plan_opening(work: Work, row: Row, campaign_letter: CampaignLetter) -> None:
    """Let a draft open by itself with the text that the file leaves it with; the team's rule is asked then."""
    opens_at: datetime | None = row["opens_at"]
    there = CampaignLetter.objects.select_related("campaign").get(pk=campaign_letter.pk)
    if opens_at is None:
        if there.opens_at is not None:
            work.left_alone.append(_("letters: the opens_at of %(key)s is not in the file.") % {"key": row["key"]})
        return
    sha256 = organising.text_to_open(campaign_letter=there).sha256()
    if (opens_at, sha256) == (there.opens_at, there.opens_sha256):
        return
    if opens_at <= work.now:
        work.faults.add(row.line_of("opens_at"), _("this moment has passed."))
        return
    CampaignLetter.objects.filter(pk=there.pk).update(
        opens_at=opens_at, opens_sha256=sha256, not_opened="", not_opened_at=None
    )
    work.changed.append(_("letters: %(key)s, opens_at") % {"key": row["key"]})


def _choice(there: Admission) -> Choice:
    return Choice(
        for_anyone=there.for_anyone,
        employer_ids=sorted(there.employer_ids),
        former_too=there.former_too,
        takes_email=there.takes_email,
        takes_reviewed=there.takes_reviewed,
        counts_email=there.counts_email,
        counts_reviewed=there.counts_reviewed,
        takes_organisations=there.takes_organisations,
        asks_reason=there.asks_reason,
    )
