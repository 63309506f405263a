"""What is left of an act of signing: a tag that means nothing without the letter's key, and what its signer shows."""

import uuid
from collections.abc import Mapping
from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import Func, Q
from django.utils.translation import gettext_lazy as _

from letters.models.employers import Employer
from letters.models.groups import RoleGroup
from letters.models.removal import Removal
from letters.models.texts import Letter, Version


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

    # What a row keeps of its signer once she is gone, for whoever updates it: the constraints below ask for no less.
    WORDLESS: ClassVar[Mapping[str, object]] = {
        "tag": None, "name": "", "role": "", "role_group": "", "employer": None, "employer_name": "",
        "former": False, "level": ProofLevel.EMAIL, "reason": "", "reason_shown": False, "quotable": False,
    }  # fmt: skip

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
    reason = models.CharField(max_length=140, blank=True, default="", db_default="")  # one line of hers
    reason_shown = models.BooleanField(default=False, db_default=False)  # a person has read it (letters.saying)
    quotable = models.BooleanField(default=False, db_default=False)  # she lets the press quote her
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
                name="signature_reason_goes_with_the_name",
                condition=Q(reason="", reason_shown=False) | ~Q(reason="") & ~Q(name=""),
            ),
            models.CheckConstraint(
                name="signature_quotable_has_a_name",
                condition=Q(quotable=False) | ~Q(name=""),
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
            models.Index(
                fields=["letter", "-id"], name="signature_quotable", condition=Q(state="shown", quotable=True)
            ),
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
