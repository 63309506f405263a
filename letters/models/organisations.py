"""Organisations that signed a letter through somebody who may speak for them: apart from people, and in no number."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from letters.models.texts import Letter, Version

_WORDLESS = {"name": "", "domain": "", "representative": "", "representative_role": "", "checked_how": "", "tag": None}


class Organisation(models.Model):
    """One organisation's signature. Nobody sees it before the team has answered; what goes keeps no word.

    `tag` stands for the mailbox of whoever signed for it: an HMAC under the letter's key, and never one that a
    person's signature has (letters.joining).
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("waits for the team")
        SHOWN = "shown", _("shown")
        WITHDRAWN = "withdrawn", _("taken back")
        REMOVED = "removed", _("taken off by the organisers")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    letter = models.ForeignKey(Letter, on_delete=models.CASCADE, related_name="+")
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=16, choices=State, default=State.WAITING)
    name = models.CharField(max_length=120, blank=True)
    domain = models.CharField(max_length=253, blank=True)  # of its website
    representative = models.CharField(max_length=120, blank=True)
    representative_role = models.CharField(max_length=120, blank=True)
    shows_name = models.BooleanField(default=True)  # the representative's, to everybody; her role likewise
    shows_role = models.BooleanField(default=True)
    at_domain = models.BooleanField()  # the code went to an address at the organisation's own domain
    checked_how = models.CharField(max_length=200, blank=True)  # by the team, where it went elsewhere
    tag = models.BinaryField(max_length=32, null=True)
    asked_on = models.DateField()
    shown_on = models.DateField(null=True)
    over_on = models.DateField(null=True)
    removed_because = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["letter", "domain"], condition=Q(state="shown"), name="organisation_once_in_a_letter"
            ),
            models.CheckConstraint(
                name="organisation_that_is_gone_keeps_no_word",
                condition=Q(state__in=["waiting", "shown"], over_on__isnull=True, removed_because="")
                & ~Q(name="") & ~Q(domain="") & ~Q(representative="")
                | Q(state="withdrawn", over_on__isnull=False, removed_because="", **_WORDLESS)
                | Q(state="removed", over_on__isnull=False, **_WORDLESS) & ~Q(removed_because=""),
            ),
            models.CheckConstraint(
                name="organisation_shown_was_checked",
                condition=~Q(state="shown") | Q(at_domain=True) | ~Q(checked_how=""),
            ),
            models.CheckConstraint(
                name="organisation_shown_has_its_day", condition=Q(state="waiting") ^ Q(shown_on__isnull=False)
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["letter", "state"], name="organisation_of_letter")]

    def __str__(self) -> str:
        return f"organisation {self.id}"
