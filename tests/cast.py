"""The cast: people with names and parts, so that tests about rights and signing write themselves."""

import copy
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeVar, cast

from allauth.account.models import EmailAddress
from django.apps import apps
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from django.test import Client

from accounts.models import User
from campaign import organising
from campaign.models import Campaign, CampaignLetter, Demand, Executive, Membership, Role
from letters import employers, keyring, queries
from letters.models import Letter

NOW = datetime(2026, 2, 1, 12, 0, tzinfo=UTC)
BODY = "Dear chief executives,\n\nplease do *what is right*.\n"


def organiser(name: str) -> User:
    """Somebody with a confirmed account."""
    user = User.objects.create_user(email=f"{name.lower()}@team.example", password=None, display_name=name)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def browser_of(user: User) -> Client:
    """A browser in which this person is signed in: with the session that signing in leaves behind."""
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
    return client


@dataclass
class Cast:
    """One campaign with an open letter, and the people around it."""

    carla: User  # owns the team
    oskar: User  # tracks in the team
    vera: User  # looks on in the team
    mallory: User  # organises elsewhere, and works for the employer
    campaign: Campaign
    campaign_letter: CampaignLetter
    acme: int
    beta: int
    ada: Executive  # of Acme
    bo: Executive  # of Beta, an office without a name
    act: Demand
    speak: Demand

    @classmethod
    def assemble(cls, *, opened: bool = True) -> "Cast":
        """Everybody in place; the letter is open since NOW.

        The first time through the product's own verbs; afterwards the rows that these wrote are put back, which is much
        quicker and gives the same.
        """
        if User.objects.exists():
            return cls._assemble(opened=opened)  # somebody was here before: these rows are not the cast's alone
        people = once(f"cast {opened}", lambda: cls._assemble(opened=opened))
        if opened:
            keyring.create(people.campaign_letter.letter_id)
        return people

    @classmethod
    def _assemble(cls, *, opened: bool) -> "Cast":
        carla, oskar, vera, mallory = (organiser(name) for name in ("Carla", "Oskar", "Vera", "Mallory"))
        campaign = organising.start_campaign(
            team=None,
            team_name="Colleagues",
            owner=carla,
            title="Stop the robots",
            slug="robots",
            summary="Robots, and how to stop them.",
            organisers="",
            organisers_named=True,
            time_zone="Europe/Berlin",
            now=NOW,
        )
        Membership.objects.create(team=campaign.team, user=oskar, role=Role.TRACKER)
        Membership.objects.create(team=campaign.team, user=vera, role=Role.VIEWER)
        organising.start_campaign(
            team=None, team_name="Rivals", owner=mallory, title="Elsewhere", slug="elsewhere", summary="",
            organisers="", organisers_named=True, time_zone="UTC", now=NOW,
        )  # fmt: skip
        act = organising.add_demand(campaign=campaign, text="Stop every robot", must_be_public=False, by=carla, now=NOW)
        speak = organising.add_demand(
            campaign=campaign, text="Speak out publicly", must_be_public=True, by=carla, now=NOW
        )
        acme = employers.add(
            directory_id=campaign.directory_id, name="Acme", domains=["acme.example", "acme-alias.example"]
        )
        beta = employers.add(directory_id=campaign.directory_id, name="Beta", domains=["beta.example"])
        ada = organising.add_executive(
            campaign=campaign,
            name="Ada Boss",
            title="Chief executive",
            employer_id=acme,
            addressed=True,
            by=carla,
            now=NOW,
        )
        bo = organising.add_executive(
            campaign=campaign,
            name="",
            title="Chief executive",
            employer_id=beta,
            addressed=True,
            by=carla,
            now=NOW,
        )
        campaign_letter = organising.write_letter(
            campaign=campaign, title="Stop the robots", slug="robots", body=BODY, now=NOW
        )
        if opened:
            organising.open_letter(campaign_letter=campaign_letter, by=carla, now=NOW)
        return cls(carla, oskar, vera, mallory, campaign, campaign_letter, acme, beta, ada, bo, act, speak)

    @property
    def letter(self) -> queries.LetterFacts:
        """The letter as it stands now."""
        return queries.letter("robots", drafts=True)

    @property
    def numbers(self) -> queries.Numbers:
        """What the letter's page counts now."""
        return queries.numbers(self.letter.id)


_KEPT: dict[str, tuple[object, str]] = {}
Made = TypeVar("Made")


def once(what: str, make: Callable[[], Made]) -> Made:
    """What `make` answers, called in empty tables: the first time by calling it, then by putting back what it wrote."""
    if what in _KEPT:
        with connection.cursor() as cursor:
            cursor.execute(_KEPT[what][1])
    else:
        _KEPT[what] = (make(), _how_to_write_again())
    return cast(Made, copy.deepcopy(_KEPT[what][0]))


def _how_to_write_again() -> str:
    """Every row there is, as statements that are sent at once. Whoever calls it begins with empty tables.

    What they refer to is checked at the end, whatever their order; what PostgreSQL makes of other columns it makes
    again.
    """
    statements = ["SET CONSTRAINTS ALL DEFERRED"]
    with connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            if model._meta.app_label in {"contenttypes", "auth"}:
                continue
            table = model._meta.db_table
            names = [f'"{field.column}"' for field in model._meta.concrete_fields if not field.generated]
            row = ", ".join(f"quote_nullable({name})" for name in names)
            cursor.execute(f"""SELECT string_agg(concat('(', concat_ws(', ', {row}), ')'), ', ') FROM "{table}" """)
            if rows := cursor.fetchone()[0]:
                statements.append(f'INSERT INTO "{table}" ({", ".join(names)}) VALUES {rows}')
    return ";\n".join(statements)


def code_of(text: str) -> str:
    """The code in a mail's text."""
    return next(line.strip() for line in text.splitlines() if line.startswith("    "))


def ask(client: Client, *, slug: str = "robots", **form: str):
    """Send the signing form."""
    page = {"visibility": "confidential", "email": "", "name": "", "role": "", "employer": "", **form}
    page.setdefault("version", Letter.objects.values_list("current__sha256", flat=True).get(slug=slug))
    return client.post(f"/letters/{slug}/sign/", page)


def sign(mailbox, *, address: str, slug: str = "robots", client: Client | None = None, **form: str):
    """Form, mail, code: the whole way of a signer. Answers the last response."""
    client = client or Client()
    ask(client, slug=slug, email=address, **form)
    code = code_of(mailbox(address)[-1].text)
    return client.post(f"/letters/{slug}/code/", {"code": code})
