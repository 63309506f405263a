"""The letter, its drafts by language, and the versions that were open for signing."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from letters.models.employers import Directory, Employer
from letters.models.groups import THRESHOLD


class Letter(models.Model):
    """An open letter: drafts, one for each language, that become an immutable version when it opens."""

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        OPEN = "open", _("open")
        CLOSED = "closed", _("closed")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    directory = models.ForeignKey(Directory, on_delete=models.PROTECT, related_name="+")
    slug = models.SlugField(max_length=80, unique=True)
    state = models.CharField(max_length=16, choices=State, default=State.DRAFT)
    language = models.CharField(max_length=16, default="en")  # the original's; others translate it
    is_example = models.BooleanField(default=False)
    current = models.ForeignKey("Version", on_delete=models.PROTECT, null=True, related_name="+")
    opened_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    key_destroyed_at = models.DateTimeField(null=True)
    pin_criterion = models.CharField(max_length=200, blank=True, db_default="")  # why some stand first in the list
    names_are_indexed = models.BooleanField(default=False, db_default=False)  # by search engines
    release_from = models.PositiveIntegerField(null=True)  # the smallest number that signers may wait for; null: none
    # Who may sign, with which proof, and who is in the headline's number (letters.admitting).
    for_anyone = models.BooleanField(default=True, db_default=True)  # or for people of these employers alone
    employers = models.ManyToManyField(Employer, related_name="+")
    former_too = models.BooleanField(default=False, db_default=False)
    takes_email = models.BooleanField(default=True, db_default=True)
    takes_reviewed = models.BooleanField(default=False, db_default=False)
    counts_email = models.BooleanField(default=True, db_default=True)
    counts_reviewed = models.BooleanField(default=True, db_default=True)
    asks_reason = models.BooleanField(default=False, db_default=False)  # one line of a public signer (letters.saying)
    takes_organisations = models.BooleanField(default=False, db_default=False)  # apart from people (letters.joining)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="letter_for_some_takes_no_mere_mailbox", condition=Q(for_anyone=True) | Q(takes_email=False)
            ),
            models.CheckConstraint(
                name="letter_takes_former_people_by_review",
                condition=Q(former_too=False) | Q(for_anyone=False, takes_reviewed=True),
            ),
            models.CheckConstraint(
                name="letter_that_opened_has_a_version_and_a_moment",
                condition=Q(state="draft", opened_at__isnull=True, current__isnull=True)
                | Q(state__in=["open", "closed"], opened_at__isnull=False, current__isnull=False),
            ),
            models.CheckConstraint(
                name="letter_closes_after_it_opened",
                condition=Q(state="closed", closed_at__isnull=False, closed_at__gte=F("opened_at"))
                | (~Q(state="closed") & Q(closed_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="letter_key_is_destroyed_only_when_closed",
                condition=Q(key_destroyed_at__isnull=True) | Q(state="closed"),
            ),
            models.CheckConstraint(
                name="letter_lets_nobody_wait_for_a_small_group",
                condition=Q(release_from__isnull=True) | Q(release_from__gte=THRESHOLD),
            ),
        ]

    def __str__(self) -> str:
        return self.slug


class Draft(models.Model):
    """The text in one language as its writers have it; of an open letter, what its next version would say.

    `revision` counts its saves up: whoever saves says which one she saw. A translation `follows` the original's words,
    named by their SHA-256, that it was made from; it may have the demands in its own language.
    """

    letter = models.ForeignKey(Letter, on_delete=models.CASCADE, related_name="drafts")
    language = models.CharField(max_length=16)
    title = models.CharField(max_length=200)
    body = models.TextField(blank=True)
    demands = models.JSONField(default=list)
    revision = models.PositiveIntegerField(default=1)
    saved_at = models.DateTimeField()
    follows = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["letter", "language"], name="draft_once_in_a_language"),
            models.CheckConstraint(name="draft_revision_counts_from_one", condition=Q(revision__gte=1)),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.language})"


class Version(models.Model):
    """A text that was open for signing. Never updated: a trigger refuses.

    Versions that ask the same are one *edition*, named by the number of its first: a correction begins none, and
    signatures of an edition are counted together, under its first version. Nobody is moved from one to another.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    letter = models.ForeignKey(Letter, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField()
    edition = models.PositiveSmallIntegerField(default=1, db_default=1)
    note = models.CharField(max_length=500, blank=True, db_default="")  # what is new in it, in the team's words
    sha256 = models.CharField(max_length=64)
    title = models.CharField(max_length=200)
    body = models.TextField()
    demands = models.JSONField()
    addressees = models.JSONField()
    language = models.CharField(max_length=16)
    translations = models.JSONField(default=list)  # canonical.Translation.kept(), by language
    published_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["letter", "number"], name="version_number_once_in_a_letter"),
            models.UniqueConstraint(fields=["letter", "sha256"], name="version_text_once_in_a_letter"),
            models.CheckConstraint(
                name="version_belongs_to_an_edition_that_began", condition=Q(edition__gte=1, edition__lte=F("number"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} (version {self.number})"
