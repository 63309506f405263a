"""Who belongs to a team: invitations, roles, and leaving."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import throttling
from accounts.models import User
from accounts.speaking import always_english
from campaign import audit, emails
from campaign.models import Audited, Campaign, Invitation, Membership, Role, Team
from campaign.organising import NotPossible
from campaign.reminders import changing

__all__ = [
    "NotPossible", "accept", "change_role", "decline", "forget_invitations", "invitations_for", "invite",
    "remove_member",
]  # fmt: skip

_DAY = 86400


def invite(*, team: Team, email: str, role: Role, by: User, now: datetime) -> None:
    """Ask somebody to join. The answer is the same whether or not the address has an account.

    Raises NotPossible for a member, and above the limits that keep invitations from becoming a nuisance.
    """
    if Membership.objects.filter(team=team, user__email__iexact=email).exists():
        raise NotPossible(_("This person is in your team already."), field="email")
    to_address = throttling.within(scope="invited", subject=email.lower(), most=3, seconds=_DAY)
    if not throttling.within(scope="invites", subject=str(by.pk), most=30, seconds=_DAY) or not to_address:
        raise NotPossible(_("That is enough invitations for today. Please go on tomorrow."), field="email")
    with transaction.atomic():
        invitation, _created = Invitation.objects.update_or_create(
            team=team, email=email.lower(), defaults={"role": role, "invited_by": by, "invited_at": now}
        )
        emails.invitation(invitation=invitation)
        # Whom, owners alone see until she has joined.
        _note(team, Audited.INVITED, _english(role), by=by, now=now)


def forget_invitations(*, now: datetime) -> int:
    """Forget whom teams asked a month ago in vain; answers how many."""
    deleted, _rows = Invitation.objects.filter(invited_at__lt=now - timedelta(days=30)).delete()
    return deleted


def accept(*, invitation_id: int, user: User, now: datetime) -> Team:
    """Join the team. Raises NotPossible when there is no such invitation for this person."""
    with transaction.atomic():
        invitation = _invitation(invitation_id, user)
        member, is_new = Membership.objects.get_or_create(
            team=invitation.team, user=user, defaults={"role": invitation.role}
        )
        invitation.delete()
        if is_new:
            _note(invitation.team, Audited.JOINED, f"{user}: {_english(member.role)}", by=user, now=now)
    return invitation.team


def decline(*, invitation_id: int, user: User) -> None:
    """Refuse to join. Raises NotPossible when there is no such invitation for this person."""
    with transaction.atomic():
        _invitation(invitation_id, user).delete()


def invitations_for(user: User) -> list[Invitation]:
    """What this person was asked to join, by addresses she has confirmed."""
    return list(
        Invitation.objects.filter(email__in=_confirmed(user)).select_related("team", "invited_by").order_by("pk")
    )


def change_role(*, member: Membership, role: Role, by: User, now: datetime) -> None:
    """Give a member another role. Raises NotPossible when no owner would be left."""
    with transaction.atomic():
        _keep_an_owner(member, leaves=role != Role.OWNER)
        Membership.objects.filter(pk=member.pk).update(role=role)
        changing.drop_notices(team=member.team, user=member.user, role=role)
        if member.role != role:
            words = f"{member.user}: {_english(member.role)} → {_english(role)}"
            _note(member.team, Audited.ROLE_CHANGED, words, by=by, now=now)


def remove_member(*, member: Membership, by: User, now: datetime) -> None:
    """Take somebody out of the team. Raises NotPossible when no owner would be left."""
    with transaction.atomic():
        _keep_an_owner(member, leaves=True)
        changing.drop_notices(team=member.team, user=member.user, role=None)
        deleted, _rows = member.delete()
        if deleted:
            _note(member.team, Audited.MEMBER_REMOVED, str(member.user), by=by, now=now)


def _keep_an_owner(member: Membership, *, leaves: bool) -> None:
    owners = list(
        Membership.objects.select_for_update()
        .filter(team_id=member.team_id, role=Role.OWNER)
        .values_list("pk", flat=True)
    )
    if leaves and owners == [member.pk]:
        raise NotPossible(_("A team needs an owner. Make somebody else an owner first."))


def _invitation(invitation_id: int, user: User) -> Invitation:
    found = (
        Invitation.objects.select_for_update(of=("self",))
        .select_related("team")
        .filter(pk=invitation_id, email__in=_confirmed(user))
        .first()
    )
    if found is None:
        raise NotPossible(_("This invitation is no longer there."))
    return found


def _confirmed(user: User) -> list[str]:
    from allauth.account.models import EmailAddress

    addresses = EmailAddress.objects.filter(user=user, verified=True).values_list("email", flat=True)
    return [address.lower() for address in addresses]


@always_english
def _english(role: str) -> str:
    """A role as the log names it."""
    return str(Role(role).label)


def _note(team: Team, what: Audited, about: str, *, by: User, now: datetime) -> None:
    """A team's people are the same for each of its campaigns, and so is what is noted of them."""
    for campaign in Campaign.objects.filter(team=team):
        audit.note(campaign=campaign, by=by, what=what, about=about, now=now)
