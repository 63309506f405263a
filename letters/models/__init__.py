"""The letter, its versions, and what is left of an act of signing. Imported by `letters` alone.

No table here holds an address. A confidential signature is no row at all: it is one more in a count that
waits (`Waiting`) and later moves, with at least nine others, into a count that is shown (`Cell`).
"""

import uuid

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

from letters.models.elsewhere import Elsewhere as Elsewhere
from letters.models.elsewhere import ElsewhereName as ElsewhereName
from letters.models.removal import Removal as Removal
from letters.models.review import Case as Case
from letters.models.review import HeldName as HeldName

# A group smaller than this is shown nowhere, and no shown number moves by less (docs/privacy.md).
# It stands in the database's constraints too: changing it takes a migration, on purpose.
THRESHOLD = 10


class Directory(models.Model):
    """The employers that one campaign knows. Two campaigns never share one, so neither can rename the other's."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # So much evidence may wait for the team's reviewers; then no more is taken until there is less.
    most_evidence = models.PositiveSmallIntegerField(default=50, db_default=50)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="directory_that_is_full_tells_of_no_small_group", condition=Q(most_evidence__gte=THRESHOLD)
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class Employer(models.Model):
    """An organisation with its mail domains; it joins signers with the executive of their company."""

    directory = models.ForeignKey(Directory, on_delete=models.CASCADE, related_name="employers")
    key = models.SlugField(max_length=60)
    name = models.CharField(max_length=120)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["directory", "key"], name="employer_key_once_in_a_directory"),
            models.UniqueConstraint("directory", Upper("name"), name="employer_name_once_in_a_directory"),
        ]

    def __str__(self) -> str:
        return self.name


class EmployerDomain(models.Model):
    """A mail domain whose holders work at the employer."""

    directory = models.ForeignKey(Directory, on_delete=models.CASCADE, related_name="+")
    employer = models.ForeignKey(Employer, on_delete=models.CASCADE, related_name="domains")
    domain = models.CharField(max_length=253)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["directory", "domain"], name="domain_has_one_employer_in_a_directory"),
        ]

    def __str__(self) -> str:
        return self.domain


class RoleGroup(models.TextChoices):
    """What kind of work a signer does; the most that is ever kept of a confidential signer's role."""

    ENGINEERING = "engineering", _("Engineering")
    RESEARCH = "research", _("Research")
    DESIGN = "design", _("Design")
    PRODUCT = "product", _("Product")
    OPERATIONS = "operations", _("Operations and support")
    BUSINESS = "business", _("Business, sales and policy")
    LEADERSHIP = "leadership", _("Leadership")
    OTHER = "", _("Other or not stated")


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
    """A text that was open for signing. Never updated: a trigger refuses (migration 0002).

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


class Tag(models.Model):
    """That a person has signed a letter: an HMAC under the letter's key, which lives outside PostgreSQL.

    It does not say when, only which edition of the text. A confidential signer's is `fresh` until pooling has rewritten
    it, shuffled among others, so that no hidden row version joins it with a count. A `public` one's signature is, or
    was, a name for all to see. It goes when she takes her signature back, and all go when the letter closes.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    letter = models.ForeignKey(Letter, on_delete=models.CASCADE, related_name="+")
    digest = models.BinaryField(max_length=32)
    fresh = models.BooleanField(default=False)
    public = models.BooleanField(default=False, db_default=False)
    edition = models.PositiveSmallIntegerField(default=1, db_default=1)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["letter", "digest"], name="tag_once_in_a_letter")]
        indexes = [models.Index(fields=["letter"], name="tag_fresh", condition=Q(fresh=True))]

    def __str__(self) -> str:
        return str(self.id)


class ProofLevel(models.TextChoices):
    """How a signature was proved; shown beside every name."""

    EMAIL = "email", _("e-mail checked")
    WORK = "work", _("work e-mail")
    REVIEWED = "reviewed", _("reviewed")


class PublicSignature(models.Model):
    """A signature that its signer shows: name, role, employer. It has no address, in no form.

    While a question about it waits (`Case`) it may be held: not shown and not counted. Of a `former` employer only the
    name is kept, so she counts nowhere as one of its people.
    """

    class State(models.TextChoices):
        HELD = "held", _("held")
        SHOWN = "shown", _("shown")
        WITHDRAWN = "withdrawn", _("withdrawn")
        REMOVED = "removed", _("removed by the organisers")

    id = models.BigAutoField(primary_key=True)
    letter = models.ForeignKey(Letter, on_delete=models.CASCADE, related_name="+")
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="+")
    tag = models.OneToOneField(Tag, on_delete=models.SET_NULL, null=True, related_name="+")
    name = models.CharField(max_length=120)
    role = models.CharField(max_length=120, blank=True)
    role_group = models.CharField(max_length=16, choices=RoleGroup, blank=True)
    employer = models.ForeignKey(Employer, on_delete=models.PROTECT, null=True, related_name="+")
    employer_name = models.CharField(max_length=120, blank=True)
    former = models.BooleanField(default=False, db_default=False)
    level = models.CharField(max_length=16, choices=ProofLevel)
    state = models.CharField(max_length=16, choices=State, default=State.SHOWN)
    signed_on = models.DateField()
    withdrawn_on = models.DateField(null=True)
    # Bound to it while it is shown too, from the moment that a removal is planned.
    removal = models.ForeignKey(Removal, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    # As names are searched and put in order: without case and accents, kept in step by the database itself.
    folded = models.GeneratedField(
        expression=Func("name", function="letters_fold"),
        output_field=models.TextField(db_collation="C"),
        db_persist=True,
    )
    folded_employer = models.GeneratedField(
        expression=Func("employer_name", function="letters_fold"),
        output_field=models.TextField(db_collation="C"),
        db_persist=True,
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="signature_work_mail_means_a_known_employer",
                condition=~Q(level="work") | Q(employer__isnull=False),
            ),
            models.CheckConstraint(
                name="signature_of_a_former_employee_was_reviewed",
                condition=Q(former=False) | Q(level="reviewed", employer__isnull=True),
            ),
            models.CheckConstraint(
                name="signature_withdrawn_keeps_no_name",
                condition=Q(state__in=["held", "shown"], withdrawn_on__isnull=True) & ~Q(name="")
                | Q(state="withdrawn", withdrawn_on__isnull=False, name="", role="", employer_name="", tag=None)
                | Q(state="removed", withdrawn_on__isnull=True)
                & (~Q(name="") | Q(role="", employer_name="", tag=None)),
            ),
            models.CheckConstraint(
                name="signature_removed_knows_by_what",
                condition=Q(removal__isnull=True) & ~Q(state="removed")
                | Q(removal__isnull=False, state__in=["held", "shown", "removed"]),
            ),
        ]
        indexes = [
            models.Index(fields=["letter", "-id"], name="signature_newest", condition=Q(state="shown")),
            models.Index(fields=["letter", "employer", "-id"], name="signature_employer", condition=Q(state="shown")),
            models.Index(fields=["letter", "level", "-id"], name="signature_level", condition=Q(state="shown")),
            models.Index(fields=["removal", "id"], name="signature_removal", condition=Q(removal__isnull=False)),
            models.Index(fields=["letter", "role_group", "-id"], name="signature_role", condition=Q(state="shown")),
            models.Index(fields=["letter", "folded", "id"], name="signature_by_name", condition=Q(state="shown")),
            models.Index(
                fields=["letter", "folded_employer", "folded", "id"],
                name="signature_by_employer",
                condition=Q(state="shown"),
            ),
            GinIndex(OpClass("folded", name="gin_trgm_ops"), name="signature_search", condition=Q(state="shown")),
        ]

    def __str__(self) -> str:
        return f"signature {self.id}"


class Pin(models.Model):
    """A public signature that the team set at the head of the list, by a criterion that everybody reads."""

    letter = models.ForeignKey(Letter, on_delete=models.CASCADE, related_name="+")
    signature = models.OneToOneField(PublicSignature, on_delete=models.CASCADE, related_name="+")
    position = models.PositiveSmallIntegerField()

    def __str__(self) -> str:
        return f"pin {self.position}"


class _Group(models.Model):
    """The finest group that is ever counted: who signed which text, by employer and kind of work."""

    letter = models.ForeignKey(Letter, on_delete=models.CASCADE, related_name="+")
    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="+")
    employer = models.ForeignKey(Employer, on_delete=models.PROTECT, null=True, related_name="+")
    role_group = models.CharField(max_length=16, choices=RoleGroup, blank=True)

    class Meta:
        abstract = True


class Cell(_Group):
    """A count that may be shown: public signatures one by one, confidential ones in batches of THRESHOLD or more."""

    public = models.PositiveIntegerField(default=0)
    confidential = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["letter", "version", "employer", "role_group"], name="cell_once", nulls_distinct=False
            ),
            models.CheckConstraint(
                name="cell_shows_no_small_group", condition=Q(confidential=0) | Q(confidential__gte=THRESHOLD)
            ),
        ]

    def __str__(self) -> str:
        return f"cell {self.pk}"


class Waiting(_Group):
    """Confidential signatures not yet published: shown to nobody, organisers and operators included."""

    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["letter", "version", "employer", "role_group"], name="waiting_once", nulls_distinct=False
            ),
        ]

    def __str__(self) -> str:
        return f"waiting {self.pk}"


class Pledge(_Group):
    """Confidential signatures that count only once enough have signed, here or at their employer. Shown to nobody."""

    class Scope(models.TextChoices):
        LETTER = "letter", _("the letter")
        EMPLOYER = "employer", _("the signer’s employer")

    scope = models.CharField(max_length=8, choices=Scope)
    number = models.PositiveIntegerField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["letter", "version", "employer", "role_group", "scope", "number"],
                name="pledge_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(name="pledge_waits_for_no_small_group", condition=Q(number__gte=THRESHOLD)),
            models.CheckConstraint(
                name="pledge_at_an_employer_knows_which",
                condition=Q(scope="letter") | Q(scope="employer", employer__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"pledge {self.pk}"


class Leaving(models.Model):
    """Confidential signers who took their signature back and whom no count has let go yet. Shown to nobody.

    Of each it is known at which employer her address is and which edition she signed, and no more: not her work.
    """

    letter = models.ForeignKey(Letter, on_delete=models.CASCADE, related_name="+")
    edition = models.PositiveSmallIntegerField(default=1, db_default=1)
    employer = models.ForeignKey(Employer, on_delete=models.PROTECT, null=True, related_name="+")
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["letter", "edition", "employer"], name="leaving_once_in_an_edition", nulls_distinct=False
            ),
        ]

    def __str__(self) -> str:
        return f"leaving {self.pk}"


class Day(models.Model):
    """How a letter's numbers moved: public signatures by their day, confidential ones by the day of their batch.

    `withdrawn` public ones were taken back that day, one by one; by `fallen` the confidential number went down.
    Organisers removed `removed` public ones, put back `restored`, and took `lowered` off the confidential number.
    """

    letter = models.ForeignKey(Letter, on_delete=models.CASCADE, related_name="+")
    day = models.DateField()
    public = models.PositiveIntegerField(default=0)
    confidential = models.PositiveIntegerField(default=0)
    withdrawn = models.PositiveIntegerField(default=0, db_default=0)
    fallen = models.PositiveIntegerField(default=0, db_default=0)
    removed = models.PositiveIntegerField(default=0, db_default=0)
    restored = models.PositiveIntegerField(default=0, db_default=0)
    lowered = models.PositiveIntegerField(default=0, db_default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["letter", "day"], name="day_once_in_a_letter"),
            models.CheckConstraint(
                name="day_shows_no_small_step", condition=Q(confidential=0) | Q(confidential__gte=THRESHOLD)
            ),
            models.CheckConstraint(name="day_shows_no_small_fall", condition=Q(fallen=0) | Q(fallen__gte=THRESHOLD)),
            models.CheckConstraint(
                name="day_shows_no_small_lowering", condition=Q(lowered=0) | Q(lowered__gte=THRESHOLD)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day}"


class Frequency(models.TextChoices):
    """How often a follower wants news."""

    INSTANT = "instant", _("as it happens, at most three mails a day")
    DAILY = "daily", _("once a day, in the morning")
    WEEKLY = "weekly", _("once a week, on Monday morning")


class Subscription(models.Model):
    """That somebody follows a topic. It says nothing about signing: nothing leads from here to a signature or back.

    A topic is a directory's id, which stands for one campaign. The address lies sealed, bound to this row's id; `tag`
    finds it again without opening it. Ending it deletes the row.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    topic = models.UUIDField()
    tag = models.BinaryField(max_length=32)
    sealed = models.BinaryField()
    frequency = models.CharField(max_length=8, choices=Frequency)
    time_zone = models.CharField(max_length=64, blank=True)  # empty: the topic's, once something is announced
    told = models.PositiveIntegerField(null=True)  # the newest news she need not be told; null: whatever comes next
    next_at = models.DateTimeField(null=True)  # when she is told what is above `told`; null: there is nothing
    mails_on = models.DateField(null=True)  # the day, where she lives, of the newest mail
    mails_that_day = models.PositiveSmallIntegerField(default=0)
    confirmed_in = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["topic", "tag"], name="subscription_once_for_a_topic"),
            models.CheckConstraint(
                name="subscription_knows_its_frequency", condition=Q(frequency__in=["instant", "daily", "weekly"])
            ),
            models.CheckConstraint(name="subscription_remembers_a_month_at_most", condition=Q(confirmed_in__day=1)),
            models.CheckConstraint(
                name="subscription_that_waits_knows_what_for_and_where",
                condition=Q(next_at__isnull=True) | Q(told__isnull=False) & ~Q(time_zone=""),
            ),
            models.CheckConstraint(
                name="subscription_counts_mails_of_a_day",
                condition=Q(mails_on__isnull=True, mails_that_day=0) | Q(mails_on__isnull=False, mails_that_day__gte=1),
            ),
        ]
        indexes = [
            models.Index(fields=["topic", "next_at"], name="subscription_due", condition=Q(next_at__isnull=False))
        ]

    def __str__(self) -> str:
        return f"subscription {self.id}"
