"""The rehearsal of a subpoena says what could be handed over, and never whether somebody has signed."""

from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from campaign import organising
from letters import disclosing
from tests.cast import NOW, sign

pytestmark = pytest.mark.django_db
PRIVACY = " ".join((Path(settings.BASE_DIR) / "docs" / "privacy.md").read_text().split())


def disclosed(address: str, slug: str = "robots") -> str:
    out = StringIO()
    call_command("disclose", address=address, letter=slug, stdout=out)
    return out.getvalue()


@pytest.mark.parametrize("visibility", ["public", "confidential"])
def test_it_says_the_same_about_who_signed_and_who_did_not(cast, mailbox, visibility):
    sign(mailbox, address="ana@acme.example", visibility=visibility, name="Ana")

    assert disclosed("ana@acme.example") == disclosed("somebody.else@acme.example")


@pytest.mark.django_db(transaction=True)
def test_it_follows_the_live_state(cast, mailbox):
    sign(mailbox, address="ana@acme.example", visibility="confidential")
    before = disclosed("ana@acme.example")
    organising.close_letter(campaign_letter=cast.campaign_letter, by=cast.carla, now=NOW)
    after = disclosed("ana@acme.example")

    assert disclosing.CONFIDENTIAL_OPEN in before
    assert "The letter's key on this machine: yes." in before
    assert disclosing.CONFIDENTIAL_CLOSED in after
    assert "The letter's key on this machine: no." in after
    assert "Tags in the database: 0." in after


def test_it_says_what_waits_for_a_reviewer(cast, mailbox):
    sign(mailbox, address="ada@acme.example", visibility="public", name="Ada Boss")

    said = disclosed("somebody.else@acme.example")

    assert disclosing.REVIEW in said
    assert "Names on hold: 1; evidence: 0." in said
    assert "Ada" not in said


def test_an_organisers_account_can_be_handed_over_and_it_says_so(cast):
    assert "An organiser's account has this address" in disclosed("carla@team.example")


@pytest.mark.parametrize(
    "promise",
    ["PUBLIC", "CONFIDENTIAL_OPEN", "CONFIDENTIAL_CLOSED", "PENDING", "REVIEW", "CAME_IN", "FOLLOWING", "NEVER_KEPT"],
)
def test_the_promises_are_the_published_ones(promise):
    assert getattr(disclosing, promise) in PRIVACY


def test_what_cannot_be_is_refused_in_words(cast):
    with pytest.raises(CommandError, match="No letter has the address"):
        disclosed("ana@acme.example", "nowhere")
    with pytest.raises(CommandError):
        disclosed("not an address")
