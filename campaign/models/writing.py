"""What a team's writers saved, said of it and approved, before a letter opens."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from campaign.models.campaigns import CampaignLetter


class SavedText(models.Model):
    """One save of a letter's text in one language: never changed, so that nothing that was saved is lost.

    With a `revision` it is what the draft said at that revision. Without one it was kept while somebody wrote, or it
    lost to another save; it can be restored either way.
    """

    campaign_letter = models.ForeignKey(CampaignLetter, on_delete=models.CASCADE, related_name="saved_texts")
    language = models.CharField(max_length=16)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    accepted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    began_from = models.PositiveIntegerField()  # the revision that its author had before her
    revision = models.PositiveIntegerField(null=True)
    title = models.TextField(blank=True)
    body = models.TextField(blank=True)
    demands = models.JSONField(default=list)
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["campaign_letter", "language", "revision"], name="saved_text_once_for_a_revision"
            ),
            models.CheckConstraint(
                name="saved_text_comes_next_after_what_it_began_from",
                condition=Q(revision__isnull=True) | Q(revision=F("began_from") + 1),
            ),
        ]

    def __str__(self) -> str:
        return f"saved text {self.pk}"


class Comment(models.Model):
    """What a member says of a passage, perhaps with other words for it.

    The passage is found again by its own words and by what stood around it.
    """

    class State(models.TextChoices):
        OPEN = "open", _("open")
        RESOLVED = "resolved", _("resolved")
        ACCEPTED = "accepted", _("accepted")
        DECLINED = "declined", _("declined")

    campaign_letter = models.ForeignKey(CampaignLetter, on_delete=models.CASCADE, related_name="comments")
    language = models.CharField(max_length=16)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    quote = models.TextField()
    before = models.TextField(blank=True)
    after = models.TextField(blank=True)
    position = models.PositiveIntegerField()
    body = models.TextField(blank=True)
    replacement = models.TextField(null=True)  # null: a comment; empty: take the passage out
    said_at = models.DateTimeField()
    state = models.CharField(max_length=16, choices=State, default=State.OPEN)
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="comment_is_about_some_words", condition=~Q(quote="")),
            models.CheckConstraint(name="comment_says_something", condition=~Q(body="") | Q(replacement__isnull=False)),
            models.CheckConstraint(
                name="comment_settled_has_a_moment",
                condition=Q(state="open", settled_at__isnull=True) | (~Q(state="open") & Q(settled_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="comment_accepted_had_other_words",
                condition=~Q(state__in=["accepted", "declined"]) | Q(replacement__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"comment {self.pk}"


class CommentReply(models.Model):
    """What somebody answered to a comment."""

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="replies")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    body = models.TextField()
    said_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"reply {self.pk}"


class Approval(models.Model):
    """That a member read exactly this text and wants it to open: every language, the demands and the addressees."""

    campaign_letter = models.ForeignKey(CampaignLetter, on_delete=models.CASCADE, related_name="approvals")
    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    sha256 = models.CharField(max_length=64)
    approved_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["campaign_letter", "member", "sha256"], name="approval_once_by_a_member_for_a_text"
            ),
        ]

    def __str__(self) -> str:
        return f"approval {self.pk}"
