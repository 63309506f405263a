"""A letter's whole life with five hundred signatures: a typo, a new demand, and the paper that is handed over."""

import hashlib
import io
import re
from dataclasses import asdict
from datetime import timedelta

import pytest
from pypdf import PdfReader

from campaign import amending, delivering, organising
from campaign.models import Delivery
from letters import codes, pooling, queries, signing
from letters.models import Letter, PublicSignature
from tests.campaign.test_amending import IN_FORCE, LATER, approve, correct, declare, paul
from tests.campaign.test_delivering import CLOSED, address, body, deliver
from tests.cast import NOW, Cast, browser_of, sign

pytestmark = pytest.mark.django_db
__all__ = ["paul"]
NAMED, UNNAMED = 400, 100


def everybody_signs(cast: Cast) -> None:
    """Five hundred proved mailboxes: all that a right code does, without the mail in which it came."""
    letter = Letter.objects.get()
    for number in range(NAMED + UNNAMED):
        mailbox = f"signer{number}@acme.example"
        employer, tags = signing.who_is(letter=letter, address=mailbox)
        public = number < NAMED
        wanted = signing.Wanted(
            version_id=str(letter.current_id),
            visibility="public" if public else "confidential",
            tags=tags,
            employer_id=employer.pk,
            employer_name=employer.name if public else "",
            name=f"Ana Nr{number:03} Souza" if public else "",
            role="Engineer" if public else "",
            role_group="engineering",
            level="work",
        )
        asked = codes.Asked(address=mailbox, code="", wanted=asdict(wanted), effort="plain")
        signing.settle(letter_id=letter.pk, asked=asked, today=NOW.date())
    pooling.publish(letter_id=letter.pk, today=NOW.date())


def stands_for() -> dict[str, int]:
    """For which version each name stands."""
    return dict(PublicSignature.objects.values_list("name", "version__number"))


def words(response) -> str:
    page = response.content.decode().partition("<main")[2]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def squeezed(text: str) -> str:
    """Without spaces and line ends, which paper sets as it likes."""
    return re.sub(r"\s+", "", text)


def test_nobody_is_moved_in_silence_and_the_paper_says_what_the_page_says(cast, paul, mailbox, stranger):
    everybody_signs(cast)
    assert (cast.numbers.public, cast.numbers.confidential) == (NAMED, UNNAMED)
    signed = stands_for()

    correct(cast)
    amending.take_effect(now=IN_FORCE)
    corrected = words(stranger.get("/letters/robots/versions/"))
    assert cast.letter.version_number == 2
    assert (cast.numbers.public, cast.numbers.confidential) == (NAMED, UNNAMED)
    assert "500 people stand for this text" in corrected
    assert stands_for() == signed

    change = declare(cast)
    assert approve(cast, change, cast.oskar) is False
    assert approve(cast, change, paul) is True
    asked_anew = words(stranger.get("/letters/robots/"))
    assert (cast.letter.version_number, cast.numbers.total) == (3, 0)
    assert "500 more signed an earlier text of this letter" in asked_anew
    assert stands_for() == signed

    sign(mailbox, address="signer7@acme.example", visibility="public", name="Ana Nr007 Souza", role="Engineer")
    sign(mailbox, address="new@beta.example", visibility="public", name="Ben Kovač", role="Designer")
    assert stands_for() == signed | {"Ana Nr007 Souza": 3, "Ben Kovač": 3}
    by_version = words(stranger.get("/letters/robots/versions/"))
    assert "2 people stand for this text" in by_version
    assert "499 people stand for this text" in by_version
    assert {edition: one.total for edition, one in queries.editions(cast.letter.id).items()} == {1: 499, 3: 2}

    organising.close_letter(campaign_letter=cast.campaign_letter, by=cast.carla, now=CLOSED)
    delivery = deliver(cast)
    assert delivering.make_editions() == 1
    page = words(stranger.get("/letters/robots/"))
    pdf = body(stranger.get(address(Delivery.objects.get(), "pdf")))
    printed = squeezed("".join(one.extract_text() for one in PdfReader(io.BytesIO(pdf)).pages))
    assert hashlib.sha256(pdf).hexdigest() in page
    for said in (*cast.letter.demands, *cast.letter.addressees, "2 people have signed", "Ben Kovač", "Ana Nr007 Souza"):
        assert squeezed(said) in squeezed(page)
        assert squeezed(said) in printed
    assert printed.count("Souza") == 1  # who stands with the earlier text is not on this one
    assert cast.letter.sha256 in printed
    assert (delivery.public, delivery.names) == (2, 2)
    assert browser_of(cast.vera).get("/organise/campaigns/robots/letters/robots/deliver/").status_code == 200
    assert LATER + timedelta(hours=1) < IN_FORCE
