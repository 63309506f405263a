"""Organisers and the mail we owe. Nothing here knows that letters are signed."""

import json
import uuid
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts import sealing
from accounts.relay import Letterhead


class UserManager(BaseUserManager["User"]):
    """Makes organisers; the address is the name to sign in with."""

    def create_user(self, email: str, password: str | None = None, **extra: Any) -> "User":
        """A new organiser with `email`, lower-cased as allauth stores it."""
        user = self.model(email=email.lower(), **extra)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser, PermissionsMixin):
    """An organiser. Signers have no account."""

    email = models.EmailField(_("e-mail address"), unique=True)
    display_name = models.CharField(_("name shown to your team"), max_length=80, blank=True)
    is_staff = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"

    def __str__(self) -> str:
        return self.display_name or self.email.partition("@")[0]


class Lane(models.Model):
    """How much mail a domain got of late. Which domain, only a key derived from SECRET_KEY tells (accounts.lanes)."""

    name = models.CharField(max_length=32, primary_key=True)
    paid_until = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["paid_until"], name="lane_paid_until")]

    def __str__(self) -> str:
        return self.name


class OutgoingMail(models.Model):
    """One mail that we owe: the only door through which mail leaves (docs/mail.md).

    Recipient and content lie sealed in `sealed` while it waits and are gone once it is over; a dead letter and an
    uncertain one keep them until a person or a week has decided. `id` is the Message-ID, so a repeat that SMTP forces
    on us can be recognised.
    """

    class State(models.TextChoices):
        WAITING = "waiting"
        SENDING = "sending"
        SENT = "sent"
        DEAD = "dead"  # refused for good; `failure` says which class of refusal
        UNCERTAIN = "uncertain"  # an at-most-once mail that was cut off while it was being sent
        CANCELLED = "cancelled"  # no longer wanted: withheld, overtaken, or older than its use

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.CharField(max_length=200)
    kind = models.CharField(max_length=32)
    queue = models.CharField(max_length=16)
    lane = models.CharField(max_length=32, blank=True, db_default="")  # only while it is owed; a Lane may come later
    at_most_once = models.BooleanField()
    state = models.CharField(max_length=16, choices=State, default=State.WAITING)
    sealed = models.BinaryField(null=True)
    sealing_key = models.CharField(max_length=40, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    lease = models.UUIDField(null=True)
    leased_until = models.DateTimeField(null=True)
    over_at = models.DateTimeField(null=True)
    failure = models.CharField(max_length=40, blank=True)
    group = models.CharField(max_length=64, blank=True, db_default="")  # held or cancelled together; with its content
    unwanted = models.BooleanField(db_default=False)  # cancelled while it was being sent: it goes once or never

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key"], name="mail_one_row_per_key"),
            models.CheckConstraint(
                name="mail_is_sealed_only_while_it_is_owed",
                condition=Q(state__in=["waiting", "sending"], sealed__isnull=False)
                | Q(state__in=["sent", "cancelled"], sealed__isnull=True, sealing_key="")
                | Q(state__in=["dead", "uncertain"]),
            ),
            models.CheckConstraint(
                name="mail_lease_comes_with_sending",
                condition=Q(state="sending", lease__isnull=False, leased_until__isnull=False)
                | (~Q(state="sending") & Q(lease__isnull=True, leased_until__isnull=True)),
            ),
            models.CheckConstraint(
                name="mail_over_has_its_moment",
                condition=Q(state__in=["waiting", "sending"], over_at__isnull=True)
                | Q(state__in=["sent", "dead", "uncertain", "cancelled"], over_at__isnull=False),
            ),
            models.CheckConstraint(
                name="mail_uncertain_is_at_most_once", condition=~Q(state="uncertain") | Q(at_most_once=True)
            ),
        ]
        indexes = [
            models.Index(
                fields=["queue", "lane", "at_most_once", "due_at"],
                name="mail_due_by_lane",
                condition=Q(state="waiting"),
            ),
            models.Index(fields=["queue", "expires_at"], name="mail_expiring", condition=Q(state="waiting")),
            models.Index(fields=["lane"], name="mail_under_way", condition=Q(state="sending")),
            models.Index(
                fields=["state"],
                name="mail_undecided",
                condition=Q(state__in=["dead", "uncertain"], sealed__isnull=False),
            ),
            models.Index(fields=["group"], name="mail_by_group", condition=Q(sealed__isnull=False) & ~Q(group="")),
            models.Index(fields=["leased_until"], name="mail_leased", condition=Q(state="sending")),
            models.Index(fields=["over_at"], name="mail_over", condition=Q(over_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id} ({self.state})"

    def open(self) -> Letterhead:
        """What it says and to whom. Raises sealing.KeyGone; TypeError or ValueError if a newer program sealed it."""
        sealed = bytes(self.sealed or b"")
        plain = sealing.unseal_named(sealed, key_name=self.sealing_key, bound_to=str(self.pk))
        return Letterhead(**json.loads(plain))


class MailHold(models.Model):
    """A group whose mail waits until somebody lets it go on."""

    group = models.CharField(max_length=64, primary_key=True)

    def __str__(self) -> str:
        return self.group


class Suppression(models.Model):
    """An address that mail is kept from, as a tag that only SECRET_KEY can make (accounts.suppression).

    `kind` is the sort of mail its reader complained about; without one it is kept from all that honour this. It is
    in the tag as well, so that two rows of one address cannot be told.
    """

    class Reason(models.TextChoices):
        BOUNCED = "bounced"
        COMPLAINED = "complained"

    tag = models.CharField(max_length=64, primary_key=True)
    kind = models.CharField(max_length=32, blank=True, db_default="")
    reason = models.CharField(max_length=16, choices=Reason)
    noted_on = models.DateField()

    def __str__(self) -> str:
        return f"{self.reason} on {self.noted_on}"


class HandledEvent(models.Model):
    """A provider's event that was heeded, as a tag, so that a repeated one changes nothing."""

    tag = models.CharField(max_length=64, primary_key=True)
    noted_on = models.DateField()

    def __str__(self) -> str:
        return f"handled on {self.noted_on}"
