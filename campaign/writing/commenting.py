"""What members say of a passage, and other words that they suggest for it."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from campaign.models import CampaignLetter, Comment, CommentReply
from campaign.reminders import planning
from campaign.writing import NotPossible, anchors, saving
from campaign.writing.saving import Words

MOST = 2000  # characters of what is said


def comment(
    *,
    campaign_letter: CampaignLetter,
    language: str,
    quote: str,
    body: str,
    by: User,
    now: datetime,
    replacement: str | None = None,
    near: int = 0,
) -> Comment:
    """Say something of the words `quote`, or suggest others for them. Raises NotPossible when they are not there."""
    text = saving.draft(campaign_letter, language).body
    place = anchors.named(text, quote, near=near)
    if place is None:
        raise NotPossible(
            _("These words are not in the text as it stands. Copy them from it, not longer than you need."),
            field="quote",
        )
    if not body.strip() and replacement is None:
        raise NotPossible(_("Write what you want to say, or suggest other words."), field="body")
    anchor = anchors.make(text, *place)
    if replacement == anchor.quote:
        raise NotPossible(_("The words that you suggest are the ones that stand there."), field="replacement")
    return Comment.objects.create(
        campaign_letter=campaign_letter,
        language=language,
        author=by,
        quote=anchor.quote,
        before=anchor.before,
        after=anchor.after,
        position=anchor.position,
        body=body.strip(),
        replacement=replacement,
        said_at=now,
    )


def reply(*, comment: Comment, body: str, by: User, now: datetime) -> CommentReply:
    """Answer in the thread."""
    if not body.strip():
        raise NotPossible(_("Write your answer first."), field="body")
    with transaction.atomic():
        planning.hold_still(campaign_letter=comment.campaign_letter_id)
        said = CommentReply.objects.create(comment=comment, author=by, body=body.strip(), said_at=now)
        planning.plan_letter(campaign_letter_id=comment.campaign_letter_id, now=now)
    return said


def settle(*, comment: Comment, state: Comment.State, by: User, now: datetime) -> None:
    """Resolve a thread, or decline a suggestion. Raises NotPossible when somebody settled it meanwhile."""
    if state == Comment.State.DECLINED and comment.replacement is None:
        raise NotPossible(_("There is no suggestion here to decline."))
    with transaction.atomic():
        planning.hold_still(campaign_letter=comment.campaign_letter_id)
        open_ones = Comment.objects.filter(pk=comment.pk, state=Comment.State.OPEN)
        if not open_ones.update(state=state, settled_by=by, settled_at=now):
            raise NotPossible(_("Somebody has settled this already."))
        planning.plan_letter(campaign_letter_id=comment.campaign_letter_id, now=now)


def reopen(*, comment: Comment) -> None:
    """Take up a thread again. What was accepted stands in the text, so it stays accepted. Raises NotPossible."""
    settled = Comment.objects.filter(pk=comment.pk, state__in=[Comment.State.RESOLVED, Comment.State.DECLINED])
    if not settled.update(state=Comment.State.OPEN, settled_by=None, settled_at=None):
        raise NotPossible(_("This thread is open already, or its suggestion stands in the text."))


def accept(*, comment: Comment, by: User, now: datetime) -> int:
    """Put the suggested words into the draft, as a save of who suggested them; answers the revision.

    Raises NotPossible when it is settled already, or when the passage was changed since.
    """
    with transaction.atomic():
        planning.hold_still(pk=comment.campaign_letter.campaign_id)
        if comment.replacement is None:
            raise NotPossible(_("There is no suggestion here to accept."))
        settle(comment=comment, state=Comment.State.ACCEPTED, by=by, now=now)
        standing = saving.draft(comment.campaign_letter, comment.language)
        place = anchors.found(standing.body, _anchor(comment))
        if place is None:
            raise NotPossible(_("The passage was changed since, so put the words in by hand or decline them."))
        start, end = place
        return saving.save(
            campaign_letter=comment.campaign_letter,
            language=comment.language,
            words=Words(
                title=standing.title,
                body=standing.body[:start] + comment.replacement + standing.body[end:],
                demands=standing.demands,
            ),
            began_from=standing.revision,
            by=comment.author or by,
            accepted_by=by,
            now=now,
        )


def _anchor(comment: Comment) -> anchors.Anchor:
    return anchors.Anchor(comment.quote, comment.before, comment.after, comment.position)
