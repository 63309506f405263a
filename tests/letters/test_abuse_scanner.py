"""A mail scanner, or a crawler, that opens every public page, follows every link and sends every form (A2)."""

from urllib.parse import urljoin, urlsplit

import pytest
from django.test import Client

from accounts.models import OutgoingMail, Suppression
from letters.models import PublicSignature, Subscription, Tag, Waiting
from tests.cast import ask, sign
from tests.letters.following import follow
from tests.people import _Forms

pytestmark = pytest.mark.django_db

_SKIP = ("/static/", "/mailbox/")
PLAUSIBLE = {
    "email": "victim@acme.example",
    "name": "Vic Tim",
    "role": "Engineer",
    "employer": "Acme",
    "visibility": "public",
    "news": "on",
    "code": "ABCD EFGH",
    "frequency": "instant",
    "time_zone": "UTC",
    "password": "plausible words",
    "login": "victim@acme.example",
    "homepage": "https://scanner.example",
}


class _Links(_Forms):
    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []

    def handle_starttag(self, tag, attrs):
        super().handle_starttag(tag, attrs)
        given = dict(attrs)
        if tag == "a" and given.get("href"):
            self.links.append(given["href"])


def scan(client: Client, start: list[str]) -> tuple[set[str], int]:
    """Everything within reach: which paths were opened, and how many forms were sent."""
    waiting, seen, sent = list(start), set(), 0
    done: set[tuple[str, ...]] = set()
    while waiting:
        here = waiting.pop()
        if here in seen or here.startswith(_SKIP):
            continue
        seen.add(here)
        response = client.get(here, follow=True)
        if "text/html" not in response.headers.get("Content-Type", ""):
            continue
        here = response.request["PATH_INFO"]
        pages = [response.content.decode()]
        while pages:
            parser = _Links()
            parser.feed(pages.pop())
            links = [urlsplit(urljoin(here, link)) for link in parser.links]
            waiting += [link._replace(fragment="").geturl() for link in links if not link.netloc]
            for form in parser.forms:
                target = urljoin(here, form.action) if form.action else here
                mark = (form.method, target, *sorted(form.names))
                if mark in done:
                    continue
                done.add(mark)
                values = {**form.fields, **{name: PLAUSIBLE[name] for name in form.names if name in PLAUSIBLE}}
                careful = [{**values, "homepage": "", "visibility": "confidential"}] if "homepage" in values else []
                for data in (values, *careful):
                    answer = getattr(client, form.method)(target, data, follow=True)
                    sent += 1
                    assert answer.status_code < 500, target
                    pages.append(answer.content.decode())
    return seen, sent


def test_a_scanner_that_follows_every_link_and_sends_every_form_signs_nothing(cast, mailbox):
    sign(mailbox, address="ben@acme.example", visibility="public", name="Ben")
    follow(mailbox, address="vera@acme.example")
    before = [model.objects.count() for model in (Tag, PublicSignature, Waiting, Subscription, Suppression)]

    seen, sent = scan(Client(), ["/", "/letters/robots/sign/", "/codes/stop/"])

    assert {"/letters/robots/", "/letters/robots/signatures/", "/campaigns/robots/", "/codes/stop/"} <= seen
    assert sent > 10
    assert [model.objects.count() for model in (Tag, PublicSignature, Waiting, Subscription, Suppression)] == before


def test_a_scanner_in_the_victims_mailbox_finds_nothing_to_follow(cast, mailbox):
    client = Client()
    ask(client, email="victim@acme.example", visibility="public", name="Vic")

    mails = mailbox("victim@")

    assert len(mails) == 1
    assert "http" not in mails[0].text
    assert "://" not in mails[0].text
    assert OutgoingMail.objects.filter(state="waiting").count() == 1  # tomorrow's reminder of the code, as neutral
