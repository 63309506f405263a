"""What a member wants to be told, and when."""

from collections.abc import Iterable

from django.db import transaction

from accounts import links
from accounts.models import User
from campaign.models import MemberSettings, ReminderKind

STOP = "reminders"  # the purpose of the link in each mail


def of(user: User) -> MemberSettings:
    """This person's settings; the defaults when she never said."""
    return MemberSettings.objects.filter(user=user).first() or MemberSettings(user=user)


def of_all(users: Iterable[User]) -> dict[int, MemberSettings]:
    """The settings of each of these people by id, in one query."""
    people = list(users)
    kept = {hers.user_id: hers for hers in MemberSettings.objects.filter(user__in=people).select_related("user")}
    return {user.pk: kept.get(user.pk) or MemberSettings(user=user) for user in people}


def change(
    *,
    user: User,
    unwanted: list[str],
    time_zone: str,
    once_a_day: bool,
    quiet_from: int,
    quiet_until: int,
    most_a_day: int,
) -> None:
    """Keep what she wants. It holds for what falls due from now on, and for what waits for her hours."""
    MemberSettings.objects.update_or_create(
        user=user,
        defaults={
            "unwanted": unwanted,
            "time_zone": time_zone,
            "once_a_day": once_a_day,
            "quiet_from": quiet_from,
            "quiet_until": quiet_until,
            "most_a_day": most_a_day,
        },
    )


def stop_token(*, user: User, kinds: list[str]) -> str:
    """The word in a mail's link to the page where these kinds can be ended."""
    return links.make(purpose=STOP, user=str(user.pk), kinds=",".join(kinds))


def read_stop_token(token: str) -> tuple[int, list[ReminderKind]]:
    """Whose and which kinds. Raises links.BadLink."""
    data = links.read(purpose=STOP, token=token)
    kinds = [ReminderKind(kind) for kind in data["kinds"].split(",") if kind in ReminderKind.values]
    return int(data["user"]), kinds


def stop(*, user_id: int, kinds: list[ReminderKind]) -> None:
    """Tell her no more of these kinds."""
    if not User.objects.filter(pk=user_id).exists():
        return
    with transaction.atomic():
        MemberSettings.objects.get_or_create(user_id=user_id)
        hers = MemberSettings.objects.select_for_update().get(user_id=user_id)
        hers.unwanted = sorted({*hers.unwanted, *(kind.value for kind in kinds)})
        hers.save(update_fields=["unwanted"])
