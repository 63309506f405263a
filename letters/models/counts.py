"""Numbers: those that are shown, in groups of ten and more, and those that wait and are shown to nobody."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from letters.models.employers import Employer
from letters.models.groups import THRESHOLD, RoleGroup
from letters.models.texts import Letter, Version


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
