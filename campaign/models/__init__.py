"""Who organises, whom they address, what was answered, and who is to be told what, when."""

from campaign.models.audit import Audited, AuditEntry
from campaign.models.campaigns import (
    Campaign,
    CampaignLetter,
    Demand,
    Executive,
    Invitation,
    Membership,
    Outcome,
    Role,
    Team,
)
from campaign.models.changes import TextChange
from campaign.models.dates import Precision
from campaign.models.delivery import Delivery
from campaign.models.evidence import Capture, EntryDraft
from campaign.models.files import HandedIn
from campaign.models.holders import Holder
from campaign.models.mailing import (
    MemberSettings,
    Milestone,
    News,
    NewsKind,
    Notice,
    Outreach,
    Reminder,
    ReminderKind,
    Update,
)
from campaign.models.record import (
    Audience,
    Bearing,
    Citation,
    Entry,
    EntryKind,
    Office,
    Said,
    Source,
    Tone,
    Turn,
)
from campaign.models.removals import RemovalDecision
from campaign.models.replies import Attachment, ReplyAddress, Submission
from campaign.models.standings import Shown, Standing, StandingDecision
from campaign.models.writing import Approval, Comment, CommentReply, SavedText

__all__ = [
    "Approval",
    "Attachment",
    "Audience",
    "AuditEntry",
    "Audited",
    "Bearing",
    "Campaign",
    "CampaignLetter",
    "Capture",
    "Citation",
    "Comment",
    "CommentReply",
    "Delivery",
    "Demand",
    "Entry",
    "EntryDraft",
    "EntryKind",
    "Executive",
    "HandedIn",
    "Holder",
    "Invitation",
    "MemberSettings",
    "Membership",
    "Milestone",
    "News",
    "NewsKind",
    "Notice",
    "Office",
    "Outcome",
    "Outreach",
    "Precision",
    "Reminder",
    "ReminderKind",
    "RemovalDecision",
    "ReplyAddress",
    "Role",
    "Said",
    "SavedText",
    "Shown",
    "Source",
    "Standing",
    "StandingDecision",
    "Submission",
    "Team",
    "TextChange",
    "Tone",
    "Turn",
    "Update",
]
