"""What is needed to tell others of a letter: its address, its QR code, its numbers (docs/sharing.md).

Nothing here knows who shares: every address is the letter's own, and the same for everybody.
"""

import zoneinfo
from dataclasses import dataclass, replace
from datetime import datetime

import qrcode
from django.utils.formats import date_format

from campaign import emails
from campaign.facts import CampaignFacts, campaign_of_letter
from letters import queries as letter_queries
from letters.queries import LetterFacts, Numbers

_QUIET = 4  # modules of white around a QR code, as its standard asks


@dataclass(frozen=True, kw_only=True)
class Shared:
    """A letter as it is shown elsewhere."""

    letter: LetterFacts
    campaign: CampaignFacts
    numbers: Numbers
    as_of: datetime

    @property
    def day(self) -> str:
        """The day of the numbers, in the campaign's own time zone."""
        return date_format(self.as_of.astimezone(zoneinfo.ZoneInfo(self.campaign.time_zone)))

    def read_in(self, language: str) -> "Shared":
        """The same with the letter in this language, where it has it."""
        return replace(self, letter=self.letter.read_in(language))

    @property
    def address(self) -> str:
        """Where the letter stands, from the settings: what a request says of our host is never believed."""
        return emails.address("letter", self.letter.slug)


def shared(slug: str, *, now: datetime) -> Shared:
    """The letter and its numbers as of now. Raises NoSuchLetter, for drafts too."""
    letter = letter_queries.letter(slug)
    return Shared(
        letter=letter,
        campaign=campaign_of_letter(letter.id),
        numbers=letter_queries.numbers(letter.id),
        as_of=now,
    )


def qr_code(address: str) -> str:
    """The address as a QR code: an SVG of one path on white, whatever the reader's colours."""
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=_QUIET)
    code.add_data(address)
    code.make(fit=True)
    rows = code.get_matrix()
    path = "".join(_runs(row, y) for y, row in enumerate(rows))
    size = len(rows)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" shape-rendering="crispEdges">'
        f'<path fill="#fff" d="M0 0h{size}v{size}H0z"/><path fill="#000" d="{path}"/></svg>'
    )


def _runs(row: list[bool], y: int) -> str:
    """The dark stretches of one row."""
    pieces, begun = [], None
    for x, dark in enumerate([*row, False]):
        if dark and begun is None:
            begun = x
        elif not dark and begun is not None:
            pieces.append(f"M{begun} {y}h{x - begun}v1h-{x - begun}z")
            begun = None
    return "".join(pieces)
