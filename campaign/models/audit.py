"""What members did, for all of the team to read: written once, never changed (a trigger refuses)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from campaign.models.campaigns import Campaign

ADDRESS = r"[^\s@<>]+@[^\s@<>]+\.[^\s@<>]+"


class Audited(models.TextChoices):
    """What is noted. What stands before the dot is the part of the work that the log is searched by."""

    STARTED = "campaign.started", _("campaign started")
    PRESENTED = "campaign.presented", _("title or summary changed")
    DEMAND_ADDED = "campaign.demand-added", _("demand added")
    DEMAND_CHANGED = "campaign.demand-changed", _("demand reworded")
    DEMAND_REMOVED = "campaign.demand-removed", _("demand removed")
    EMPLOYER_ADDED = "campaign.employer-added", _("employer added")
    EMPLOYER_CHANGED = "campaign.employer-changed", _("employer changed")
    EXECUTIVE_ADDED = "campaign.executive-added", _("executive added")
    EXECUTIVE_CHANGED = "campaign.executive-changed", _("executive changed")
    IMPORTED = "campaign.imported", _("brought in line with a file, by the operator")
    FILE_BROUGHT_IN = "campaign.file-brought-in", _("file brought in")
    EXPORTED = "campaign.exported", _("exported to a file, by the operator")
    APPROVED = "letter.approved", _("text approved")
    APPROVAL_TAKEN_BACK = "letter.approval-taken-back", _("approval taken back")
    RULE_SET = "letter.rule", _("number of approvals changed")
    OPENS_AT_SET = "letter.opens-at", _("opening date changed")
    GOAL_SET = "letter.goal", _("goal changed")
    OPENED = "letter.opened", _("letter opened")
    CLOSED = "letter.closed", _("letter closed")
    CORRECTION_ANNOUNCED = "letter.correction", _("correction announced")
    CHANGE_DECLARED = "letter.change-declared", _("change of the text declared")
    CHANGE_APPROVED = "letter.change-approved", _("change of the text approved")
    DELIVERED = "letter.delivered", _("letter handed over")
    OUTCOME_SAID = "letter.outcome", _("outcome said")
    CHANGE_DROPPED = "letter.change-dropped", _("new text dropped")
    RELEASE_SET = "letter.release", _("waiting for others changed")
    REPLY_BY_SET = "letter.reply-by", _("reply-by date changed")
    CLOSES_AT_SET = "letter.closes-at", _("closing date changed")
    LIST_CHANGED = "signatures.list", _("list of names set up")
    PINNED = "signatures.pinned", _("somebody set at the head of the list")
    UNPINNED = "signatures.unpinned", _("somebody taken from the head of the list")
    NAMES_EXPORTED = "signatures.exported", _("public names exported")
    REASON_OUT = "signatures.reason-out", _("signer’s line taken off")
    ELSEWHERE_ENTERED = "signatures.elsewhere", _("signatures from elsewhere entered")
    ELSEWHERE_OUT = "signatures.elsewhere-out", _("signatures from elsewhere taken out")
    ORGANISATION_ACCEPTED = "signatures.organisation-accepted", _("organisation accepted")
    ORGANISATION_DECLINED = "signatures.organisation-declined", _("organisation declined")
    ORGANISATION_OUT = "signatures.organisation-out", _("organisation taken off")
    REMOVAL_PROPOSED = "signatures.removal-proposed", _("removal of signatures proposed")
    REMOVAL_CONFIRMED = "signatures.removal-confirmed", _("removal of signatures confirmed")
    REMOVAL_DONE = "signatures.removal-done", _("signatures removed")
    REMOVAL_CANCELLED = "signatures.removal-cancelled", _("proposed removal given up")
    REMOVAL_REVERSED = "signatures.removal-reversed", _("removal stopped or reversed")
    REMOVAL_UNDONE = "signatures.removal-undone", _("removed signatures are back")
    COUNT_LOWERED = "signatures.count-lowered", _("confidential number lowered")
    REVIEWED = "signatures.reviewed", _("name, line or evidence accepted")
    REVIEW_REFUSED = "signatures.review-refused", _("name, line or evidence refused")
    REVIEW_UNDONE = "signatures.review-undone", _("answer to a name taken back")
    REVIEW_LAPSED = "signatures.review-lapsed", _("nobody looked in time, so it is gone")
    EVIDENCE_OPENED = "signatures.evidence-opened", _("evidence opened")
    HOLD_LIST_CHANGED = "signatures.hold-list", _("list of names on hold changed")
    INTAKE_SET = "signatures.intake", _("limit of evidence changed")
    ADMISSION_SET = "signatures.admission", _("who may sign changed")
    RECORDED = "record.recorded", _("statement recorded")
    CHECKED = "record.checked", _("entry checked")
    REJECTED = "record.rejected", _("entry kept off the record")
    REPLY_ADDRESS_MADE = "replies.address-made", _("address for a reply made")
    REPLY_ADDRESS_REVOKED = "replies.address-revoked", _("address for a reply revoked")
    SUBMISSION_DECIDED = "replies.decided", _("reply or report decided")
    SUBMISSION_OPENED_AGAIN = "replies.opened-again", _("decision on a reply or report opened again")
    SUBMISSION_CONFIRMED = "replies.confirmed", _("decision on a reply or report confirmed")
    WITHDRAWN = "record.withdrawn", _("entry taken back")
    STANDING_DECIDED = "record.standing-decided", _("standing decided")
    STANDING_CHECKED = "record.standing-checked", _("standing checked")
    STANDING_REJECTED = "record.standing-rejected", _("standing turned down")
    HOLDER_RECORDED = "record.holder", _("another holder of an office recorded")
    HOLDER_CHECKED = "record.holder-checked", _("another holder of an office checked")
    HOLDER_REJECTED = "record.holder-rejected", _("another holder of an office kept off the record")
    HOLDER_WITHDRAWN = "record.holder-withdrawn", _("another holder of an office taken back")
    INVITED = "team.invited", _("somebody invited")
    JOINED = "team.joined", _("member joined")
    ROLE_CHANGED = "team.role", _("role changed")
    MEMBER_REMOVED = "team.removed", _("member removed")
    UPDATE_PUBLISHED = "mail.update", _("update published")
    OUTREACH_RELEASED = "mail.outreach", _("question to an office released")
    MAIL_HELD = "mail.held", _("all mail held")
    MAIL_WENT_ON = "mail.went-on", _("all mail let go on")
    REMINDER_MOVED = "mail.reminder-moved", _("reminder moved")
    REMINDER_HELD = "mail.reminder-held", _("reminder held")
    REMINDER_WENT_ON = "mail.reminder-went-on", _("reminder let go on")
    REMINDER_SENT = "mail.reminder-sent", _("reminder sent at once")
    REMINDER_CANCELLED = "mail.reminder-cancelled", _("reminder cancelled")
    REMINDER_RESTORED = "mail.reminder-restored", _("reminder restored")
    SPACING_SET = "mail.spacing", _("spacing of reminders changed")
    SENT_AGAIN = "mail.sent-again", _("mail sent again")


class AuditEntry(models.Model):
    """One act. It holds no signer's address; `about` and `reason` are free of anything that looks like one."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="audit_entries")
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    by_person = models.BooleanField()  # a member, whose account may be gone; else the clock or the operator
    what = models.CharField(max_length=40)  # an Audited; a new sort of act is no new shape of the table
    about = models.CharField(max_length=300)
    reason = models.CharField(max_length=500, blank=True)
    count = models.PositiveIntegerField(null=True)

    class Meta:
        verbose_name_plural = "audit entries"
        constraints = [
            models.CheckConstraint(
                name="audit_entry_of_a_member_is_by_a_person", condition=Q(by__isnull=True) | Q(by_person=True)
            ),
            models.CheckConstraint(
                name="audit_entry_names_no_address", condition=~Q(about__regex=ADDRESS) & ~Q(reason__regex=ADDRESS)
            ),
        ]
        indexes = [models.Index(fields=["campaign", "-id"], name="audit_newest")]

    def __str__(self) -> str:
        return f"{self.what} {self.at:%Y-%m-%d}"
