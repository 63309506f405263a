"""A letter as it was handed over: as plain text and on paper, with the names of that moment, the numbers and the hash.

Both are the same each time they are made, as long as nobody's name is taken off the list, so a copy can be checked
against the SHA-256 that the letter's page gives.
"""

import json
from collections.abc import Iterator
from html.parser import HTMLParser
from itertools import islice
from pathlib import Path
from typing import Any

import typst
from django.conf import settings
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.speaking import always_english, pieces_in_english
from campaign.models import Delivery
from letters import languages, organisations, people, queries
from letters.queries import VersionFacts

NAMES_ON_PAPER = 20_000  # more are in the plain text alone
_TEMPLATE = Path(__file__).parent / "typeset" / "letter.typ"


@pieces_in_english
def lines(delivery: Delivery) -> Iterator[str]:
    """The plain text, piece by piece."""
    version = _version(delivery)
    yield f"{version.title}\n\n"
    yield "".join(_("To") + f" {one}\n" for one in version.addressees)
    yield f"\n{version.body.strip()}\n\n"
    yield "".join(f"{number}. {one}\n" for number, one in enumerate(version.demands, 1))
    for one in version.translations:
        yield f"\n\n{languages.name(one.language)}\n\n{one.title}\n\n{one.body.strip()}\n\n"
        yield "".join(f"{number}. {demand}\n" for number, demand in enumerate(one.demands, 1))
    yield f"\n\n{_numbers(delivery)}\n\n"
    for signer in people.everybody(delivery.campaign_letter.letter_id, edition=version.edition):
        yield f"{_in_a_line(signer)}\n"
    if delivery.organisations:
        yield f"\n{_organisations_title()}\n\n"
        for joined in organisations.everyone(delivery.campaign_letter.letter_id, edition=version.edition):
            yield f"{_organisation(joined)}\n"
    yield f"\n{_foot(delivery, version)}\n"


@always_english
def on_paper(delivery: Delivery, *, text_sha256: str) -> bytes:
    """The letter as a PDF, in any script that the machine has letters for."""
    version = _version(delivery)
    named = people.everybody(delivery.campaign_letter.letter_id, edition=version.edition)
    names = [_in_a_line(signer) for signer in islice(named, NAMES_ON_PAPER)]
    more = delivery.names - len(names)
    data = {
        "language": version.language.split("-")[0],
        "direction": languages.direction(version.language),
        "title": version.title,
        "to": [_("To") + f" {one}" for one in version.addressees],
        "body": _tree(version.html()),
        "demands": list(version.demands),
        "demands_title": _("What we demand"),
        "translations": [
            {
                "language": one.reading.code.split("-")[0],
                "direction": one.reading.direction,
                "name": one.reading.name,
                "title": one.title,
                "body": _tree(one.html()),
                "demands": one.demands,
            }
            for one in version.readable
        ],
        "numbers": _numbers(delivery),
        "names": names,
        "more": _("And %(count)s more: the plain text has all.") % {"count": f"{more:,}"} if more > 0 else "",
        "organisations_title": _organisations_title(),
        "organisations": [
            _organisation(one)
            for one in organisations.everyone(delivery.campaign_letter.letter_id, edition=version.edition)
        ],
        "foot": [*_foot(delivery, version).split("\n"), _("Plain text, SHA-256:") + f" {text_sha256}"],
    }
    # All words go in as data: nothing of them is read as the typesetter's own language.
    return bytes(typst.compile(_TEMPLATE.read_bytes(), sys_inputs={"data": json.dumps(data)}))


def is_as_delivered(delivery: Delivery) -> bool:
    """Whether the list still has the names that it had then."""
    letter_id, edition = delivery.campaign_letter.letter_id, _version(delivery).edition
    return (
        people.count(letter_id, edition=edition) == delivery.names
        and organisations.count(letter_id, edition=edition) == delivery.organisations
    )


def _version(delivery: Delivery) -> VersionFacts:
    found = queries.versions(delivery.campaign_letter.letter_id)
    return next(one for one in found if one.id == delivery.version_id)


def _numbers(delivery: Delivery) -> str:
    total = delivery.public + delivery.confidential
    words = {"total": f"{total:,}", "named": f"{delivery.public:,}", "others": f"{delivery.confidential:,}"}
    return (
        ngettext(
            "%(total)s person has signed: %(named)s by name, %(others)s confidentially.",
            "%(total)s people have signed: %(named)s by name, %(others)s confidentially.",
            total,
        )
        % words
    )


def _foot(delivery: Delivery, version: VersionFacts) -> str:
    address = settings.SITE_URL + reverse(
        "letter", args=[queries.letters([delivery.campaign_letter.letter_id])[0].slug]
    )
    day = date_format(delivery.delivered_on)
    return "\n".join(
        [
            _("Handed to %(whom)s on %(day)s: %(how)s") % {"whom": delivery.to_whom, "day": day, "how": delivery.how},
            address,
            _("Version %(number)s of the text, SHA-256 %(sha256)s")
            % {"number": version.number, "sha256": version.sha256},
        ]
    )


def _in_a_line(signer: people.Listed) -> str:
    employer = _("formerly %(employer)s") % {"employer": signer.employer} if signer.former else signer.employer
    words = ", ".join(part for part in (signer.name, signer.role, employer) if part)
    return f"{words} ({signer.level_text})"


def _organisations_title() -> str:
    return _("Organisations, apart from people and in no number of theirs")


def _organisation(one: organisations.Listed) -> str:
    through = ", ".join(part for part in (one.representative, one.role) if part)
    words = _("%(name)s (%(domain)s)") % {"name": one.name, "domain": one.domain}
    if through:
        words = _("%(organisation)s, through %(whom)s") % {"organisation": words, "whom": through}
    return f"{words} ({one.proof})"


class _Tree(HTMLParser):
    """Clean HTML as nested lists: texts, and nodes of a tag, an address and what is inside."""

    _EMPTY = {"br", "hr"}

    def __init__(self) -> None:
        super().__init__()
        self.root: list[Any] = []
        self._open: list[tuple[str, list[Any]]] = [("", self.root)]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        inside: list[Any] = []
        self._open[-1][1].append({"tag": tag, "href": dict(attrs).get("href") or "", "nodes": inside})
        if tag not in self._EMPTY:
            self._open.append((tag, inside))

    def handle_endtag(self, tag: str) -> None:
        if len(self._open) > 1 and self._open[-1][0] == tag:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        self._open[-1][1].append(data)


def _tree(html: str) -> list[Any]:
    parser = _Tree()
    parser.feed(html)
    parser.close()
    return parser.root
