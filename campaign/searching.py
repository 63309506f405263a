"""What a member finds in her teams' campaigns by typing a few words; never anything of another team's.

Names are compared as everywhere, without case and accents. Of signers nothing is searched here: public names have their
own search on the letter's public list, and nobody else has a name.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, F, Func, OuterRef, Q, QuerySet, TextField, Value
from django.db.models.functions import Concat
from django.urls import reverse
from django.utils.translation import gettext_lazy

from accounts.models import User
from campaign.access import may
from campaign.models import Campaign, CampaignLetter, Demand, Entry, Executive, Membership, Role, Source, Update
from letters import people
from letters import queries as letter_queries

MOST = 10  # of a group
_WORDS, _LONG = 6, 200
# The pages of a campaign by name: what they are called, their address, and who may see them.
_PAGES = (
    (gettext_lazy("Demands"), "organise-demands", Role.VIEWER),
    (gettext_lazy("Employers"), "organise-employers", Role.VIEWER),
    (gettext_lazy("Executives"), "organise-executives", Role.VIEWER),
    (gettext_lazy("Record"), "organise-record", Role.VIEWER),
    (gettext_lazy("Put on record"), "organise-statement-new", Role.TRACKER),
    (gettext_lazy("Replies, disputes and reports"), "organise-replies", Role.VIEWER),
    (gettext_lazy("Addresses at which offices reply"), "organise-reply-addresses", Role.VIEWER),
    (gettext_lazy("Review of names and evidence"), "organise-review", Role.VERIFIER),
    (gettext_lazy("Names on hold"), "organise-held-names", Role.VERIFIER),
    (gettext_lazy("Updates for followers"), "organise-updates", Role.VIEWER),
    (gettext_lazy("Reminders"), "organise-reminders", Role.VIEWER),
    (gettext_lazy("Forecast of the next fourteen days"), "organise-forecast", Role.VIEWER),
    (gettext_lazy("Questions to offices"), "organise-offices", Role.VIEWER),
    (gettext_lazy("Team: members, roles, invitations"), "organise-team", Role.VIEWER),
    (gettext_lazy("Log: what the team did"), "organise-log", Role.VIEWER),
    (gettext_lazy("Write a letter"), "organise-letter-new", Role.EDITOR),
    (gettext_lazy("Title, summary and contact for the press"), "organise-about", Role.EDITOR),
)


@dataclass(frozen=True)
class Hit:
    """One thing that was found."""

    title: str
    address: str
    where: str  # in which campaign, and what it is
    said: str = ""


@dataclass(frozen=True)
class Group:
    """What was found of one sort."""

    title: str
    hits: tuple[Hit, ...]
    more: bool  # than are shown


@dataclass(frozen=True)
class Here:
    """The campaigns that somebody may look into, with her role in each."""

    words: tuple[str, ...]
    campaigns: dict[Any, Campaign]
    roles: dict[Any, str]

    def may(self, campaign: Campaign, least: Role) -> bool:
        """Whether her role in it is enough."""
        return may(self.roles[campaign.pk], least)


def search(user: User, typed: str) -> list[Group]:
    """Everything of her teams that has all the words, in groups; empty where nothing has, or nothing was typed."""
    words = tuple(people.fold(typed[:_LONG]).split()[:_WORDS]) if typed.strip() else ()
    members = Membership.objects.filter(user=user).prefetch_related("team__campaigns")
    found = {campaign.pk: (campaign, member.role) for member in members for campaign in member.team.campaigns.all()}
    here = Here(words, {pk: one[0] for pk, one in found.items()}, {pk: one[1] for pk, one in found.items()})
    if not words or not found:
        return []
    groups = (_group(title, find(here)) for title, find in _GROUPS)
    return [group for group in groups if group.hits]


def _group(title: Any, hits: Iterable[Hit]) -> Group:
    first: list[Hit] = []
    for hit in hits:
        if len(first) == MOST:
            return Group(str(title), tuple(first), True)
        first.append(hit)
    return Group(str(title), tuple(first), False)


def _letters(here: Here) -> Iterator[Hit]:
    rows = CampaignLetter.objects.filter(campaign__in=here.campaigns)
    drafts = _having(rows, here.words, "letter__drafts__title", "letter__drafts__body")
    standing = _having(rows, here.words, "letter__current__title", "letter__current__body")
    ones = {row.letter_id: row for row in rows.filter(Q(pk__in=drafts.values("pk")) | Q(pk__in=standing.values("pk")))}
    for letter in letter_queries.letters(ones):
        campaign = here.campaigns[ones[letter.id].campaign_id]
        address = reverse("organise-letter", args=[campaign.slug, letter.slug])
        yield Hit(letter.title, address, campaign.title, letter.summary())


def _executives(here: Here) -> Iterator[Hit]:
    rows = Executive.objects.filter(campaign__in=here.campaigns).select_related("employer")
    for row in _first(_having(rows, here.words, "name", "title", "employer__name")):
        campaign = here.campaigns[row.campaign_id]
        if here.may(campaign, Role.EDITOR):
            address = reverse("organise-executive", args=[campaign.slug, row.pk])
        else:
            address = reverse("organise-executives", args=[campaign.slug])
        yield Hit(row.display, address, campaign.title)


def _employers(here: Here) -> Iterator[Hit]:
    rows = Campaign.objects.filter(pk__in=here.campaigns, directory__employers__isnull=False)
    found = _having(rows, here.words, "directory__employers__name", "directory__employers__key").order_by("pk")
    for pk, employer_id, name in found.values_list("pk", "directory__employers__pk", "directory__employers__name"):
        campaign = here.campaigns[pk]
        if here.may(campaign, Role.EDITOR):
            address = reverse("organise-employer", args=[campaign.slug, employer_id])
        else:
            address = reverse("organise-employers", args=[campaign.slug])
        yield Hit(name, address, campaign.title)


def _demands(here: Here) -> Iterator[Hit]:
    for row in _first(_having(Demand.objects.filter(campaign__in=here.campaigns), here.words, "text")):
        campaign = here.campaigns[row.campaign_id]
        yield Hit(str(row), reverse("organise-demands", args=[campaign.slug]), campaign.title)


def _entries(here: Here) -> Iterator[Hit]:
    def elsewhere(word: str) -> Q:
        executives = _having(Executive.objects.filter(entries=OuterRef("pk")), [word], "name", "title")
        sources = _having(Source.objects.filter(entries=OuterRef("pk")), [word], "title", "publisher")
        return Q(Exists(executives)) | Q(Exists(sources))

    rows = Entry.objects.filter(campaign__in=here.campaigns).order_by("-recorded_at", "pk")
    own = ("what", "quote", "also_quoted", "about", "title", "asks", "by", "channel", "outlet")
    for row in _first(_having(rows, here.words, *own, elsewhere=elsewhere)):
        campaign = here.campaigns[row.campaign_id]
        title = row.quote or row.what or row.title or str(row.get_kind_display())
        where = f"{campaign.title} · {row.get_kind_display()} · {row.get_state_display()}"
        yield Hit(_short(title), reverse("organise-entry", args=[campaign.slug, row.pk]), where)


def _updates(here: Here) -> Iterator[Hit]:
    rows = Update.objects.filter(campaign__in=here.campaigns).order_by("-published_at", "pk")
    for row in _first(_having(rows, here.words, "title", "body")):
        campaign = here.campaigns[row.campaign_id]
        yield Hit(row.title, reverse("organise-updates", args=[campaign.slug]), campaign.title, _short(row.body))


def _pages(here: Here) -> Iterator[Hit]:
    for title, url_name, least in _PAGES:
        if all(word in str(title).lower() for word in here.words):
            for campaign in here.campaigns.values():
                if here.may(campaign, least):
                    yield Hit(str(title), reverse(url_name, args=[campaign.slug]), campaign.title)


_GROUPS: tuple[tuple[Any, Callable[[Here], Iterator[Hit]]], ...] = (
    (gettext_lazy("Pages"), _pages),
    (gettext_lazy("Letters"), _letters),
    (gettext_lazy("Executives"), _executives),
    (gettext_lazy("Employers"), _employers),
    (gettext_lazy("Demands"), _demands),
    (gettext_lazy("On record"), _entries),
    (gettext_lazy("Updates"), _updates),
)


def _having(
    rows: "QuerySet[Any]", words: Iterable[str], *fields: str, elsewhere: Callable[[str], Q] | None = None
) -> "QuerySet[Any]":
    """The rows that have every word in one of these fields, or `elsewhere`."""
    parts = [part for name in fields for part in (F(name), Value(" "))]
    rows = rows.annotate(
        folded=Func(Concat(*parts, output_field=TextField()), function="letters_fold", output_field=TextField())
    )
    for word in words:
        fits = Q(folded__contains=word)
        rows = rows.filter(fits | elsewhere(word) if elsewhere else fits)
    return rows


def _first(rows: "QuerySet[Any]") -> "QuerySet[Any]":
    return (rows if rows.ordered else rows.order_by("pk"))[: MOST + 1]


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 160 else f"{line[:159]}…"
