"""Whoever looks, in whichever role, at every page there is: nobody finds a confidential signer."""

import re
from html import unescape
from io import StringIO
from urllib.parse import urljoin, urlsplit

import pytest
from django.core.management import call_command
from django.test import Client

from letters import keyring, pooling
from tests.campaign.test_record import say
from tests.cast import NOW, Cast, browser_of, once, organiser, sign

pytestmark = pytest.mark.django_db
_LINKS = re.compile(r'(?:href|action)="([^"#]+)')


def crawl(client: Client, *, most: int = 400) -> dict[str, str]:
    """Every page that can be reached by looking, with all that it said."""
    to_see, seen = ["/", "/organise/", "/robots.txt", "/letters/robots/signed/"], {}
    while to_see and len(seen) < most:
        path = to_see.pop()
        # The development mailbox is the mail itself.
        if path in seen or path.startswith(("/static/", "/mailbox/", "/accounts/logout")):
            continue
        response = client.get(path, follow=False)
        # A picture decodes to no words.
        body = (response.getvalue() if response.streaming else response.content).decode(errors="replace")
        seen[path] = body + str(response.headers)
        for link in [*_LINKS.findall(body), response.headers.get("Location", "")]:
            parts = urlsplit(urljoin(f"http://testserver{path}", unescape(link)))
            # A form in another language is the same form.
            if link and parts.netloc == "testserver" and "speak=" not in parts.query:
                to_see.append(parts.path + (f"?{parts.query}" if parts.query else ""))
    return seen


@pytest.fixture
def signed(db, mailbox):
    """Ten confidential signers who are published, three who wait, and one who shows her name."""
    cast = once("signed by fourteen", lambda: _signed(Cast.assemble(), mailbox))
    keyring.create(cast.campaign_letter.letter_id)
    return cast


def _signed(cast: Cast, mailbox) -> Cast:
    for number in range(13):
        if number == 10:
            pooling.publish(letter_id=cast.letter.id, today=NOW.date())
        sign(
            mailbox, address=f"kanarie{number}@acme.example", visibility="confidential", name=f"Kanarie {number}",
            role="Kanarie keeper",
        )  # fmt: skip
    sign(mailbox, address="ben@acme.example", visibility="public", name="Ben Shown", role="Engineer")
    say(cast)
    return cast


@pytest.mark.parametrize("who", ["stranger", "carla", "oskar", "vera", "mallory", "operator"])
def test_no_page_tells_of_a_confidential_signer(signed, who, stranger):
    client = stranger
    if who == "operator":
        user = organiser("Operator")
        user.is_staff = user.is_superuser = True
        user.save()
        client = browser_of(user)
    elif who != "stranger":
        client = browser_of(getattr(signed, who))

    pages = crawl(client)

    assert len(pages) > (8 if who in {"stranger", "mallory", "operator"} else 30), sorted(pages)
    for path, said in pages.items():
        assert not re.search("kanarie", said, re.IGNORECASE), path
        assert "@acme.example" not in said, path
    letter = pages["/letters/robots/"]
    assert "Ben Shown" in letter, "the search itself finds who shows her name"


def test_no_export_tells_of_a_confidential_signer(signed, tmp_path):
    out = StringIO()

    call_command("export_campaign", "robots", stdout=out)

    assert "kanarie" not in out.getvalue().lower()
