"""The record: what executives said and did, and where it is known from."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from campaign.models.campaigns import Campaign, Demand, Executive
from campaign.models.dates import Precision, date_and_precision


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
    archived = models.URLField(max_length=500, blank=True, db_default="")  # where a copy is kept by somebody else
    place = models.CharField(max_length=120, blank=True, db_default="")  # a page, a paragraph, a minute

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["campaign", "key"], name="source_key_once_in_a_campaign"),
            models.CheckConstraint(
                name="source_date_has_its_precision", condition=date_and_precision("published", "published_precision")
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


class Turn(models.TextChoices):
    """What a statement does to an earlier one of the same office."""

    WITHDRAWS = "withdraws", _("withdraws it")
    CONTRADICTS = "contradicts", _("contradicts it")


class Entry(models.Model):
    """One thing on the record, with its sources. Public once a second person has checked it."""

    class State(models.TextChoices):
        RECORDED = "recorded", _("waits for a second check")
        CHECKED = "checked", _("checked")
        REJECTED = "rejected", _("rejected")
        CORRECTED = "corrected", _("corrected")  # was public, and is still shown beside what took its place

    class Known(models.TextChoices):
        """Through whom a statement became known."""

        OWN = "own", _("the executive’s own channel")
        OUTLET = "outlet", _("a named outlet")
        LEAK = "leak", _("a leak")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="entries")
    key = models.SlugField(max_length=60)
    kind = models.CharField(max_length=16, choices=EntryKind)
    executives = models.ManyToManyField(Executive, related_name="entries", blank=True)
    # Which holder of an office it is about, where its date does not tell.
    holder = models.ForeignKey("campaign.Holder", on_delete=models.SET_NULL, null=True, related_name="+")
    date = models.DateField(null=True)
    precision = models.CharField(max_length=8, choices=Precision, blank=True)
    what = models.TextField(blank=True)
    sources = models.ManyToManyField(Source, through="Citation", related_name="entries", blank=True)

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
    language = models.CharField(max_length=16, blank=True, db_default="")  # of the quote
    known = models.CharField(max_length=8, choices=Known, blank=True, db_default="")

    # An earlier statement of the same office that it turns against, and how.
    earlier = models.ForeignKey("self", on_delete=models.RESTRICT, null=True, related_name="turned_by")
    turn = models.CharField(max_length=12, choices=Turn, blank=True, db_default="")

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
    # What it takes the place of once it is checked, and why that was wrong; said of an original taken back, too.
    corrects = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, related_name="corrections")
    correction = models.CharField(max_length=300, blank=True)
    corrected_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name_plural = "entries"
        constraints = [
            models.UniqueConstraint(fields=["campaign", "key"], name="entry_key_once_in_a_campaign"),
            models.CheckConstraint(
                name="entry_date_has_its_precision", condition=date_and_precision("date", "precision")
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
                name="entry_turns_against_an_earlier_statement",
                condition=Q(earlier__isnull=True, turn="")
                | Q(earlier__isnull=False, kind="statement") & ~Q(turn="") & ~Q(earlier=F("id")),
            ),
            models.CheckConstraint(
                name="entry_corrected_has_its_moment_and_reason",
                condition=Q(state="corrected", corrected_at__isnull=False) & ~Q(correction="")
                | ~Q(state="corrected") & Q(corrected_at__isnull=True),
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


class Citation(models.Model):
    """That an entry is known from a source, and where in it that stands."""

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="citations")
    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="citations")
    place = models.CharField(max_length=120, blank=True, db_default="")  # a page, a paragraph, a minute

    class Meta:
        db_table = "campaign_entry_sources"
        unique_together = [("entry", "source")]

    def __str__(self) -> str:
        return f"{self.source} {self.place}".strip()

    @property
    def where(self) -> str:
        """The place in it, for this entry or as it is said of the source itself."""
        return self.place or self.source.place


class Office(models.Model):
    """An office that signed a related letter on behalf of its company."""

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="offices")
    title = models.CharField(max_length=160)
    name = models.CharField(max_length=120, blank=True)
    employer = models.ForeignKey("letters.Employer", on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return self.title
