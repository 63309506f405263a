"""What Carla and Oskar do before a story begins, through the same pages as everybody."""

import itertools
import re
import time
from dataclasses import dataclass

from tests.journeys.site import Site
from tests.people import Person, code_in, text_of

PASSWORD = "correct horse battery 9"
_numbers = itertools.count(1)


@dataclass
class Letter:
    """An open letter and its people."""

    site: Site
    slug: str
    carla: Person
    carla_address: str
    domain: str

    @property
    def team_page(self) -> str:
        """Where the team works on the campaign."""
        return f"/organise/campaigns/{self.slug}/"

    def sign(self, person: Person, address: str, visibility: str, **form: str) -> Person:
        """The signer's two pages; ends on the page that says thank you."""
        had = len(person.mails(address))
        person.visit(f"/letters/{self.slug}/sign/")
        person.send(containing="visibility", visibility=visibility, email=address, **form)
        assert str(person.page.url).endswith("/code/")
        person.send(containing="code", code=code_in(person.wait_for_mail(address, number=had + 1)))
        assert str(person.page.url).endswith("/signed/")
        return person


def organiser(site: Site, name: str) -> tuple[Person, str]:
    """Somebody signs up, confirms the address with the code from the mail, and is in."""
    address = f"{name}{next(_numbers)}.{time.time_ns()}@team.example"
    person = site.person()
    person.visit("/accounts/signup/")
    person.send(containing="email", email=address, password1=PASSWORD)
    person.send(containing="code", code=account_code(person, address))
    assert "/organise/" in str(person.page.url)
    return person, address


def account_code(person: Person, address: str) -> str:
    """The newest code that an organiser's mail carries."""
    person.wait_for_mail(address)
    until = time.monotonic() + 20
    while time.monotonic() < until:
        for mail in reversed(person.mails(address)):
            if found := re.search(r"^ {4}([A-Z0-9-]{6,12})$", text_of(mail), re.MULTILINE):
                return found.group(1)
        time.sleep(0.1)
    raise AssertionError(f"no code for {address}")


def open_letter(site: Site) -> Letter:
    """Carla's way from nothing to an open letter."""
    carla, address = organiser(site, "carla")
    slug = f"robots-{time.time_ns()}"
    letter = Letter(site, slug, carla, address, f"{slug}.example")
    carla.visit("/organise/start/")
    carla.send(containing="title", team="Colleagues", title="Stop the robots", slug=slug, summary="About robots.")
    for text, public in (("Stop every robot", None), ("Speak out publicly", "on")):
        carla.visit(f"{letter.team_page}demands/")
        carla.send(containing="text", text=text, must_be_public=public)
    carla.visit(f"{letter.team_page}employers/")
    carla.send(containing="domains", name="Acme", domains=letter.domain)
    for name in ("Ada Boss", ""):
        carla.visit(f"{letter.team_page}executives/")
        carla.send(containing="employer", name=name, title="Chief executive" if name else "Chair of the board")
    carla.visit(f"{letter.team_page}new-letter/")
    carla.send(containing="body", title="Stop the robots", slug=slug, body="Dear **all**,\n\nplease stop.", preview="1")
    assert "<strong>all</strong>" in carla.page.text
    carla.send(containing="body")
    carla.visit(f"{letter.team_page}letters/{slug}/open/")
    carla.send(containing="read")
    return letter
