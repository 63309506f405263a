"""Who organises, whom they address, what was answered, and who is to be reminded of what."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Team(models.Model):
    """The people who run campaigns together."""

    name = models.CharField(max_length=120)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name


class Role(models.TextChoices):
    """What a member may do; each role may do all that the ones below it may."""

    OWNER = "owner", _("owner")  # also members, opening and closing letters
    EDITOR = "editor", _("editor")  # also campaign, demands, employers, executives, letters
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
    is_example = models.BooleanField(default=False)
    # Off where the asking happened elsewhere: then nobody's days of silence are counted from our letter's opening.
    counts_silence = models.BooleanField(default=True)
    time_zone = models.CharField(max_length=64, default="UTC")
    directory = models.OneToOneField("letters.Directory", on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

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

    class Meta:
        constraints = [models.UniqueConstraint(fields=["campaign", "key"], name="executive_key_once_in_a_campaign")]

    def __str__(self) -> str:
        return self.name or self.title


class CampaignLetter(models.Model):
    """A campaign's letter, and until when an answer is asked for."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="campaign_letters")
    letter = models.OneToOneField("letters.Letter", on_delete=models.PROTECT, related_name="+")
    key = models.SlugField(max_length=80)
    reply_by = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["campaign", "key"], name="letter_key_once_in_a_campaign")]

    def __str__(self) -> str:
        return self.key


class Precision(models.TextChoices):
    """How far a date can be trusted."""

    DAY = "day", _("on the day")
    BY = "by", _("on or before the day")
    MONTH = "month", _("in the month")
    YEAR = "year", _("in the year")


def _date_and_precision(date: str, precision: str) -> Q:
    """A date comes with its precision; months and years are kept as their first day."""
    return (
        Q(**{f"{date}__isnull": True, precision: ""})
        | Q(**{f"{date}__isnull": False, f"{precision}__in": ["day", "by"]})
        | Q(**{f"{date}__isnull": False, precision: "month", f"{date}__day": 1})
        | Q(**{f"{date}__isnull": False, precision: "year", f"{date}__day": 1, f"{date}__month": 1})
    )


class Source(models.Model):
    """Where something is known from."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="sources")
    key = models.SlugField(max_length=60)
    title = models.CharField(max_length=300)
    publisher = models.CharField(max_length=160, blank=True)
    author = models.CharField(max_length=160, blank=True)
    address = models.URLField(max_length=500, blank=True)
    published = models.DateField(null=True)
    published_precision = models.CharField(max_length=8, choices=Precision, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["campaign", "key"], name="source_key_once_in_a_campaign"),
            models.CheckConstraint(
                name="source_date_has_its_precision", condition=_date_and_precision("published", "published_precision")
            ),
        ]

    def __str__(self) -> str:
        return self.title


class EntryKind(models.TextChoices):
    """What an entry of the record says."""

    STATEMENT = "statement", _("statement")  # what an executive said
    CONDUCT = "conduct", _("conduct")  # what an executive did
    SILENCE = "silence", _("reported silence")  # a source reports that no answer had come as of a date
    REACTION = "reaction", _("reaction")  # what others said of an answer
    POSITION = "position", _("earlier position")  # from before the letter: context, never an answer
    RELATED_LETTER = "related_letter", _("related letter")  # another letter, by offices on behalf of companies
    EVENT = "event", _("event")  # the timeline


class Audience(models.TextChoices):
    """Who was meant to hear a statement. What leaks stays internal."""

    PUBLIC = "public", _("public")
    INTERNAL = "internal", _("internal")


class Tone(models.TextChoices):
    """Which way a statement leans as a whole."""

    SUPPORTIVE = "supportive", _("supportive")
    MIXED = "mixed", _("mixed")
    CRITICAL = "critical", _("critical")


class Entry(models.Model):
    """One thing on the record, with its sources. Public once a second person has checked it."""

    class State(models.TextChoices):
        RECORDED = "recorded", _("waits for a second check")
        CHECKED = "checked", _("checked")
        REJECTED = "rejected", _("rejected")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="entries")
    key = models.SlugField(max_length=60)
    kind = models.CharField(max_length=16, choices=EntryKind)
    executives = models.ManyToManyField(Executive, related_name="entries", blank=True)
    date = models.DateField(null=True)
    precision = models.CharField(max_length=8, choices=Precision, blank=True)
    what = models.TextField(blank=True)
    sources = models.ManyToManyField(Source, related_name="entries", blank=True)

    # Statements
    channel = models.CharField(max_length=120, blank=True)
    outlet = models.CharField(max_length=120, blank=True)
    audience = models.CharField(max_length=16, choices=Audience, blank=True)
    reported_by = models.CharField(max_length=120, blank=True)
    quote = models.TextField(blank=True)
    also_quoted = models.TextField(blank=True)
    about = models.TextField(blank=True)
    says = models.JSONField(default=list)
    tone = models.CharField(max_length=16, choices=Tone, blank=True)

    # Reactions
    by = models.CharField(max_length=160, blank=True)
    by_title = models.CharField(max_length=160, blank=True)
    by_employer = models.ForeignKey("letters.Employer", on_delete=models.PROTECT, null=True, related_name="+")
    signatory = models.BooleanField(default=False)

    # Related letters
    title = models.CharField(max_length=200, blank=True)
    asks = models.TextField(blank=True)
    criticism = models.TextField(blank=True)

    state = models.CharField(max_length=16, choices=State, default=State.RECORDED)
    imported = models.BooleanField(default=False)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    recorded_at = models.DateTimeField()
    checked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    checked_at = models.DateTimeField(null=True)
    verdict = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name_plural = "entries"
        constraints = [
            models.UniqueConstraint(fields=["campaign", "key"], name="entry_key_once_in_a_campaign"),
            models.CheckConstraint(
                name="entry_date_has_its_precision", condition=_date_and_precision("date", "precision")
            ),
            models.CheckConstraint(
                name="entry_checked_has_its_moment",
                condition=Q(state="recorded", checked_at__isnull=True)
                | ~Q(state="recorded") & Q(checked_at__isnull=False),
            ),
            models.CheckConstraint(
                name="entry_is_checked_by_a_second_person",
                condition=Q(checked_by__isnull=True) | Q(recorded_by__isnull=True) | ~Q(checked_by=F("recorded_by")),
            ),
            models.CheckConstraint(
                name="entry_statement_has_an_audience", condition=~Q(kind="statement") | ~Q(audience="")
            ),
            models.CheckConstraint(
                name="entry_silence_has_its_day", condition=~Q(kind="silence") | Q(date__isnull=False)
            ),
        ]
        indexes = [models.Index(fields=["campaign", "state", "kind"], name="entry_of_campaign")]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class Said(models.TextChoices):
    """What a statement says on a demand."""

    MET = "met", _("does it")
    PARTLY = "partly", _("does part of it")
    ACKNOWLEDGED = "acknowledged", _("acknowledges it")
    REFUSED = "refused", _("refuses it")
    NONE_HELD = "none_held", _("claims that it does not apply")
    NOT_PUBLIC = "not_public", _("speaks to it, but not in public")


class Bearing(models.Model):
    """What one statement says on one demand: the only thing that a standing is made of."""

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="bearings")
    demand = models.ForeignKey(Demand, on_delete=models.CASCADE, related_name="bearings")
    said = models.CharField(max_length=16, choices=Said)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["entry", "demand"], name="bearing_once_in_an_entry")]

    def __str__(self) -> str:
        return f"{self.demand_id}: {self.said}"


class Office(models.Model):
    """An office that signed a related letter on behalf of its company."""

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="offices")
    title = models.CharField(max_length=160)
    name = models.CharField(max_length=120, blank=True)
    employer = models.ForeignKey("letters.Employer", on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return self.title


class ReminderKind(models.TextChoices):
    """Why somebody is reminded."""

    NO_ANSWER = "no_answer", _("the reply-by date passes without an answer")


class Reminder(models.Model):
    """Who is to be told what, when, and why. Due times come from the row, so an outage delays and never loses."""

    class State(models.TextChoices):
        PLANNED = "planned", _("planned")
        SENT = "sent", _("sent")
        CANCELLED = "cancelled", _("cancelled")

    class Audience(models.TextChoices):
        TEAM = "team", _("the team")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    campaign_letter = models.ForeignKey(CampaignLetter, on_delete=models.CASCADE, related_name="reminders")
    kind = models.CharField(max_length=24, choices=ReminderKind)
    audience = models.CharField(max_length=16, choices=Audience)
    state = models.CharField(max_length=16, choices=State, default=State.PLANNED)
    due_at = models.DateTimeField()
    reason = models.CharField(max_length=300, blank=True)
    over_at = models.DateTimeField(null=True)
    cancelled_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    recipients = models.PositiveSmallIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["campaign_letter", "kind", "audience"],
                condition=Q(state="planned"),
                name="reminder_one_live_for_each_subject",
            ),
            models.CheckConstraint(
                name="reminder_over_has_its_moment",
                condition=Q(state="planned", over_at__isnull=True) | ~Q(state="planned") & Q(over_at__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["due_at"], name="reminder_due", condition=Q(state="planned"))]

    def __str__(self) -> str:
        return f"{self.kind} {self.due_at:%Y-%m-%d}"
