"""Who is to be told what, when, and why: the team, followers, and the executives' offices."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from campaign.models.campaigns import Campaign, CampaignLetter, Demand, Executive


class Update(models.Model):
    """What a team tells everybody about its campaign, in its own words."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="updates")
    title = models.CharField(max_length=160)
    body = models.TextField()
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")

    def __str__(self) -> str:
        return self.title


class NewsKind(models.TextChoices):
    """What followers are told of."""

    STANDING = "standing", _("a standing changed")
    MILESTONE = "milestone", _("a letter reached a number")
    UPDATE = "update", _("an update")
    TEXT = "text", _("a letter asks something else")
    DELIVERED = "delivered", _("a letter was delivered, or ended")


class News(models.Model):
    """One thing that followers are told. It gets its number when it is announced, in the order of announcing.

    News of a standing keeps the words that were checked: it is told only as long as they and the standing are the same.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="news")
    kind = models.CharField(max_length=16, choices=NewsKind)
    number = models.PositiveIntegerField(null=True)
    happened_at = models.DateTimeField()
    executive = models.ForeignKey(Executive, on_delete=models.CASCADE, null=True, related_name="+")
    demand = models.ForeignKey(Demand, on_delete=models.CASCADE, null=True, related_name="+")
    before = models.CharField(max_length=16, blank=True)  # standings
    after = models.CharField(max_length=16, blank=True)
    who = models.TextField(blank=True, db_default="")  # the executive and the demand, in the words of then
    what = models.CharField(max_length=300, blank=True, db_default="")
    dropped = models.BooleanField(default=False, db_default=False)  # was no longer so when it was to be announced
    campaign_letter = models.ForeignKey(CampaignLetter, on_delete=models.CASCADE, null=True, related_name="+")
    reached = models.PositiveIntegerField(null=True)
    update = models.ForeignKey(Update, on_delete=models.CASCADE, null=True, related_name="+")

    class Meta:
        verbose_name_plural = "news"
        constraints = [
            models.UniqueConstraint(fields=["campaign", "number"], name="news_number_once_in_a_campaign"),
            models.CheckConstraint(
                name="news_is_about_what_its_kind_says",
                condition=Q(kind="standing", executive__isnull=False, demand__isnull=False) & ~Q(after="")
                | Q(kind="milestone", campaign_letter__isnull=False, reached__isnull=False)
                | Q(kind="update", update__isnull=False)
                | Q(kind__in=["text", "delivered"], campaign_letter__isnull=False) & ~Q(what=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class Milestone(models.Model):
    """A number that a letter has reached. Reached once is reached for good."""

    campaign_letter = models.ForeignKey(CampaignLetter, on_delete=models.CASCADE, related_name="milestones")
    number = models.PositiveIntegerField()
    reached_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["campaign_letter", "number"], name="milestone_once_in_a_letter")]

    def __str__(self) -> str:
        return str(self.number)


class Outreach(models.Model):
    """One time of asking an executive's office: a draft, until a person releases it. What was asked is on record."""

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        RELEASED = "released", _("released")
        SENT = "sent", _("sent")
        UNCERTAIN = "uncertain", _("perhaps delivered")
        FAILED = "failed", _("not delivered")
        STOPPED = "stopped", _("stopped")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    executive = models.ForeignKey(Executive, on_delete=models.CASCADE, related_name="outreach")
    subject = models.CharField(max_length=160)
    body = models.TextField()
    state = models.CharField(max_length=16, choices=State, default=State.DRAFT)
    drafted_at = models.DateTimeField()
    released_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    released_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)  # or, where that is uncertain, when it was last tried
    reason = models.CharField(max_length=160, blank=True)

    class Meta:
        verbose_name_plural = "outreach"
        constraints = [
            models.UniqueConstraint(
                fields=["executive"],
                condition=Q(state__in=["draft", "released"]),
                name="outreach_one_under_way_for_an_executive",
            ),
            models.CheckConstraint(
                name="outreach_sent_was_released",
                condition=~Q(state__in=["released", "sent", "uncertain", "failed"]) | Q(released_at__isnull=False),
            ),
            models.CheckConstraint(
                name="outreach_sent_has_its_moment",
                condition=Q(state__in=["sent", "uncertain"]) ^ Q(sent_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.subject


class ReminderKind(models.TextChoices):
    """Why somebody is told."""

    NO_ANSWER = "no_answer", _("the reply-by date has passed without an answer")
    SECOND_CHECK = "second_check", _("something on the record waits for a second check")
    CLOSING_SOON = "closing_soon", _("a letter is about to close")
    IDLE_DRAFT = "idle_draft", _("a draft has not moved for a while")
    COMMENTS = "comments", _("somebody answered in a thread of yours")
    NOT_OPENED = "not_opened", _("a letter did not open by itself")
    MILESTONE = "milestone", _("a letter reached a number")
    OUTREACH_READY = "outreach_ready", _("an office may be asked again")
    REPLIES = "replies", _("a reply or a report of an error waits")
    REVIEW = "review", _("names or evidence wait for a reviewer")
    WAVE = "wave", _("many more signatures than usual came in")
    NEWS = "news", _("news for followers")
    OUTREACH = "outreach", _("a question to an executive’s office")


class Reminder(models.Model):
    """Who is to be told what, when, and why. Due times come from the row, so an outage delays and never loses."""

    class State(models.TextChoices):
        PLANNED = "planned", _("planned")
        HELD = "held", _("held")
        SENT = "sent", _("sent")
        CANCELLED = "cancelled", _("cancelled")

    class Audience(models.TextChoices):
        TEAM = "team", _("the team")
        FOLLOWERS = "followers", _("followers")
        OFFICE = "office", _("the executive’s office")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="reminders")
    campaign_letter = models.ForeignKey(CampaignLetter, on_delete=models.CASCADE, null=True, related_name="reminders")
    executive = models.ForeignKey(Executive, on_delete=models.CASCADE, null=True, related_name="reminders")
    news = models.ForeignKey(News, on_delete=models.CASCADE, null=True, related_name="reminders")
    outreach = models.ForeignKey(Outreach, on_delete=models.CASCADE, null=True, related_name="reminders")
    kind = models.CharField(max_length=24, choices=ReminderKind)
    audience = models.CharField(max_length=16, choices=Audience)
    state = models.CharField(max_length=16, choices=State, default=State.PLANNED)
    times = models.PositiveSmallIntegerField(default=1)  # which time of telling the same thing this is
    due_at = models.DateTimeField()
    asked_for = models.DateTimeField()  # the moment that the rule gave; `due_at` differs once a person moved it
    moved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    reason = models.CharField(max_length=300, blank=True)
    over_at = models.DateTimeField(null=True)
    cancelled_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    ends_series = models.BooleanField(default=False)  # a person cancelled it, and with it what would repeat it
    recipients = models.PositiveSmallIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "campaign_letter", "executive", "news", "outreach", "kind", "audience"],
                condition=Q(state__in=["planned", "held"]),
                nulls_distinct=False,
                name="reminder_one_live_for_each_subject",
            ),
            models.CheckConstraint(
                name="reminder_is_about_what_its_kind_says",
                condition=Q(
                    kind__in=["no_answer", "closing_soon", "idle_draft", "wave", "comments", "not_opened"],
                    campaign_letter__isnull=False,
                )
                | Q(kind="milestone", campaign_letter__isnull=False, news__isnull=False)
                | Q(kind__in=["second_check", "replies", "review"])
                | Q(kind="outreach_ready", executive__isnull=False)
                | Q(kind="news", news__isnull=False)
                | Q(kind="outreach", executive__isnull=False, outreach__isnull=False),
            ),
            models.CheckConstraint(
                name="reminder_over_has_its_moment",
                condition=Q(state__in=["planned", "held"], over_at__isnull=True)
                | Q(state__in=["sent", "cancelled"], over_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], name="reminder_due", condition=Q(state="planned")),
            models.Index(fields=["campaign", "-over_at"], name="reminder_history"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.due_at:%Y-%m-%d}"


class Notice(models.Model):
    """One reminder on its way to one member: it waits for her hours, and several that wait become one mail."""

    class State(models.TextChoices):
        WAITING = "waiting"
        MAILED = "mailed"
        DROPPED = "dropped"  # no longer true, or no longer wanted, when its mail was written

    reminder = models.ForeignKey(Reminder, on_delete=models.CASCADE, related_name="notices")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notices")
    state = models.CharField(max_length=16, choices=State, default=State.WAITING)
    due_at = models.DateTimeField()
    mailed_at = models.DateTimeField(null=True)
    mail_key = models.CharField(max_length=80, blank=True)  # the outbox row's key: several notices may share one

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["reminder", "user"], name="notice_once_for_a_person"),
            models.CheckConstraint(
                name="notice_mailed_has_its_moment",
                condition=Q(state="mailed", mailed_at__isnull=False) & ~Q(mail_key="")
                | ~Q(state="mailed") & Q(mailed_at__isnull=True, mail_key=""),
            ),
        ]
        indexes = [models.Index(fields=["due_at"], name="notice_due", condition=Q(state="waiting"))]

    def __str__(self) -> str:
        return f"notice {self.pk}"


class MemberSettings(models.Model):
    """What a person wants to be told, and when. Without a row the defaults hold."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="member_settings")
    time_zone = models.CharField(max_length=64, blank=True)  # empty: the campaign's
    quiet_from = models.PositiveSmallIntegerField(default=21)  # hours of her day in which no mail leaves
    quiet_until = models.PositiveSmallIntegerField(default=8)
    once_a_day = models.BooleanField(default=False)  # all of a day together, when the quiet hours end
    most_a_day = models.PositiveSmallIntegerField(default=5)
    unwanted = models.JSONField(default=list)  # kinds of reminder that are switched off

    class Meta:
        verbose_name_plural = "member settings"
        constraints = [
            models.CheckConstraint(
                name="member_settings_hours_are_hours", condition=Q(quiet_from__lte=23, quiet_until__lte=23)
            ),
            models.CheckConstraint(name="member_settings_allow_a_mail", condition=Q(most_a_day__gte=1)),
        ]

    def __str__(self) -> str:
        return f"settings of {self.user_id}"
