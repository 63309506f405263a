"""Loading the examples once: two campaigns, generated signatures for the fictional one, and a team to sign in as."""

import os
import re
import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from campaign.examples import people
from campaign.files import import_campaign
from campaign.models import Campaign, Membership, Role, Team
from letters import queries, seeding

REAL = "iceout-2026"
FICTIONAL = "eyes-off-our-desks"
# The day on which the fictional letter opens in its file, and how long ago that shall be.
_OPENS = date(2026, 3, 2)
_GROWN_FOR = timedelta(days=28)
_DAY = re.compile(r"\b\d{4}-\d\d-\d\d(?!\d)")
_FOLDER = Path(settings.BASE_DIR) / "examples"


class NotPossible(Exception):
    """The examples may not be loaded here; the text says why."""


@dataclass(frozen=True)
class _Member:
    email: str
    name: str
    role: Role
    label: str


_MEMBERS = (
    _Member("carla@undersigned.example", "Carla", Role.OWNER, "Organiser"),
    _Member("oskar@undersigned.example", "Oskar", Role.TRACKER, "Second member, who checks"),
)


def load(*, now: datetime) -> bool:
    """Make what is missing of the examples; whether anything was. Raises NotPossible outside of development."""
    if not settings.DEVELOPMENT:
        raise NotPossible(_("The examples come with passwords that stand in a file: they are for development alone."))
    there = set(Campaign.objects.filter(slug__in=[REAL, FICTIONAL]).values_list("slug", flat=True))
    if REAL not in there:
        import_campaign(_text(REAL), file_name=f"examples/{REAL}.yaml", team_name=None, now=now)
    if FICTIONAL not in there:
        with transaction.atomic():
            _load_fiction(now)
    signed_in = _make_members(Campaign.objects.select_related("team").get(slug=FICTIONAL).team)
    return signed_in or len(there) < 2


def sign_in_file() -> Path:
    """Where the demo team's passwords stand."""
    return Path(settings.VAR_DIR) / "demo-sign-in.txt"


def moved(text: str, *, by: timedelta) -> str:
    """The file with every full day moved; months and years stay."""
    return _DAY.sub(lambda match: (date.fromisoformat(match[0]) + by).isoformat(), text)


def _load_fiction(now: datetime) -> None:
    opened_at = now - _GROWN_FOR
    import_campaign(
        moved(_text(FICTIONAL), by=opened_at.date() - _OPENS),
        file_name=f"examples/{FICTIONAL}.yaml",
        team_name=None,
        now=now,
        opened_at=opened_at,
    )
    letter = queries.letter(FICTIONAL)
    employers = {employer.key: (employer.id, employer.name) for employer in queries.employers(letter.directory_id)}
    named, unnamed = people.invent(employers=employers, first_day=opened_at.date())
    seeding.seed(letter_id=letter.id, people=named, unnamed=unnamed)
    seeding.join(letter_id=letter.id, organisations=people.organisations(opened_at.date()))


def _text(name: str) -> str:
    return (_FOLDER / f"{name}.yaml").read_text(encoding="utf-8")


def _make_members(team: Team) -> bool:
    """Carla and Oskar, with new passwords when they or the file are missing; whether that was so."""
    path = sign_in_file()
    emails = [member.email for member in _MEMBERS]
    if path.exists() and User.objects.filter(email__in=emails).count() == len(_MEMBERS):
        return False
    lines = []
    with transaction.atomic():
        for member in _MEMBERS:
            password = secrets.token_urlsafe(12)
            user, _made = User.objects.get_or_create(email=member.email, defaults={"display_name": member.name})
            user.set_password(password)
            user.save(update_fields=["password"])
            EmailAddress.objects.update_or_create(
                user=user, email=member.email, defaults={"verified": True, "primary": True}
            )
            Membership.objects.get_or_create(team=team, user=user, defaults={"role": member.role})
            lines.append(f"{member.label}: {member.email} / {password}\n")
        _write_secretly(path, "".join(lines))
    return True


def _write_secretly(path: Path, text: str) -> None:
    """Write the file for its owner's eyes only, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    part.unlink(missing_ok=True)
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
    part.replace(path)
