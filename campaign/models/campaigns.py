"""Who organises, whom they address, and with which letters."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Team(models.Model):
    """The people who run campaigns together."""

    name = models.CharField(max_length=120)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name


class Role(models.TextChoices):
    """What a member may do (campaign.access): owner, editor, tracker, viewer, each what the next one may, too."""

    OWNER = "owner", _("owner")  # also members, opening and closing letters
    EDITOR = "editor", _("editor")  # also campaign, demands, employers, executives, letters
    VERIFIER = "verifier", _("verifier")  # sees everything, and decides about names and evidence, as owners do
    TRACKER = "tracker", _("tracker")  # also record and check statements
    VIEWER = "viewer", _("viewer")  # see everything of the team


class Membership(models.Model):
    """One person in one team."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=16, choices=Role)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["team", "user"], name="member_once_in_a_team")]

    def __str__(self) -> str:
        return f"{self.user} ({self.role})"


class Invitation(models.Model):
    """Somebody asked to join a team; whoever signs in with this confirmed address may accept."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="invitations")
    email = models.EmailField()
    role = models.CharField(max_length=16, choices=Role)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    invited_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["team", "email"], name="invitation_once_in_a_team")]

    def __str__(self) -> str:
        return f"invitation {self.pk}"


class Campaign(models.Model):
    """A cause: numbered demands, the executives addressed, letters, and the record of what was answered."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="campaigns")
    slug = models.SlugField(max_length=80, unique=True)
    title = models.CharField(max_length=200)
    summary = models.TextField(blank=True)
    organisers = models.CharField(max_length=200, blank=True)
    organisers_named = models.BooleanField(default=True)
    # Whom the press may ask, as the team wants it shown.
    press_contact = models.CharField(max_length=200, blank=True, default="", db_default="")
    is_example = models.BooleanField(default=False)
    # Off where the asking happened elsewhere: then nobody's days of silence are counted from our letter's opening.
    counts_silence = models.BooleanField(default=True)
    time_zone = models.CharField(max_length=64, default="UTC")
    directory = models.OneToOneField("letters.Directory", on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    # Days between two reminders of the same silence; null reminds once.
    remind_every = models.PositiveSmallIntegerField(null=True, default=14)
    # While it is on, nothing that is planned for this campaign goes out.
    mail_held = models.BooleanField(default=False)
    # How many members approve the exact text before it opens; null: one, as soon as two may write.
    approvals_needed = models.PositiveSmallIntegerField(null=True)
    # The checklist of a new campaign is out of the way before all of it is done.
    steps_put_away = models.BooleanField(default=False, db_default=False)
    # Counts up alone: a number that followers were told of is never given to other news.
    last_news_number = models.PositiveIntegerField(default=0, db_default=0)

    def __str__(self) -> str:
        return self.title


class Demand(models.Model):
    """One numbered thing that is asked of every executive addressed."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="demands")
    number = models.PositiveSmallIntegerField()
    key = models.SlugField(max_length=60)
    text = models.CharField(max_length=300)
    # Some demands can only be met where everybody hears it: an internal message never counts for them.
    must_be_public = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "number"],
                name="demand_number_once_in_a_campaign",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.UniqueConstraint(fields=["campaign", "key"], name="demand_key_once_in_a_campaign"),
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.text}"


class Executive(models.Model):
    """An office at a company and, where it is known, who holds it."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="executives")
    key = models.SlugField(max_length=60)
    name = models.CharField(max_length=120, blank=True)
    title = models.CharField(max_length=160)
    employer = models.ForeignKey("letters.Employer", on_delete=models.PROTECT, related_name="+")
    # Somebody who was not addressed but spoke has a record too, and no place on the scoreboard.
    addressed = models.BooleanField(default=True)
    # Where the office takes mail: a company's address, for outreach alone. Never shown and never exported.
    office_address = models.EmailField(blank=True)
    # Who holds the office now; nothing while it never changed hands. `name` is hers.
    holder = models.ForeignKey("campaign.Holder", on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["campaign", "key"], name="executive_key_once_in_a_campaign")]

    def __str__(self) -> str:
        return self.name or self.title

    @property
    def display(self) -> str:
        """Name, office and company in one line."""
        return named(self.name, self.title, self.employer.name)


def named(name: str, title: str, employer: str) -> str:
    """An executive in one line, as far as she is known."""
    return ", ".join(part for part in (name, title, employer) if part)


class Outcome(models.TextChoices):
    """How a letter ended, in its team's eyes."""

    VICTORY = "victory", _("Victory")
    PARTLY = "partly", _("Partly won")
    ENDED = "ended", _("Ended")


class CampaignLetter(models.Model):
    """A campaign's letter, and until when an answer is asked for."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="campaign_letters")
    letter = models.OneToOneField("letters.Letter", on_delete=models.PROTECT, related_name="+")
    key = models.SlugField(max_length=80)
    reply_by = models.DateTimeField(null=True)
    closes_at = models.DateTimeField(null=True)  # when it closes by itself
    opens_at = models.DateTimeField(null=True)  # when it opens by itself, with the text of this name
    opens_sha256 = models.CharField(max_length=64, blank=True, db_default="")
    not_opened = models.TextField(blank=True, db_default="")  # why it did not open at that moment
    not_opened_at = models.DateTimeField(null=True)
    goal = models.PositiveIntegerField(null=True)  # how many shall sign
    outcome = models.CharField(max_length=16, choices=Outcome, blank=True, db_default="")
    outcome_statement = models.TextField(blank=True, db_default="")
    outcome_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["campaign", "key"], name="letter_key_once_in_a_campaign"),
            models.CheckConstraint(
                name="letter_opens_before_it_closes",
                condition=models.Q(opens_at=None)
                | models.Q(closes_at=None)
                | models.Q(opens_at__lt=models.F("closes_at")),
            ),
            models.CheckConstraint(
                name="letter_outcome_has_its_words_and_moment",
                condition=models.Q(outcome="", outcome_statement="", outcome_at=None)
                | ~models.Q(outcome="") & ~models.Q(outcome_statement="") & models.Q(outcome_at__isnull=False),
            ),
            models.CheckConstraint(
                name="letter_not_opened_has_its_moment",
                condition=models.Q(not_opened="") ^ models.Q(not_opened_at__isnull=False),
            ),
            models.CheckConstraint(
                name="letter_opens_with_a_named_text",
                condition=models.Q(opens_at=None, opens_sha256="")
                | models.Q(opens_at__isnull=False) & ~models.Q(opens_sha256=""),
            ),
        ]

    def __str__(self) -> str:
        return self.key
