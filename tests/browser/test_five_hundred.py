"""A letter's whole life with five hundred signatures, on screens: a typo, a new demand, the paper that is handed over.

The pages are served by the test's own process, because three days pass between two of them.
"""

import hashlib
import io
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, expect
from pypdf import PdfReader

from accounts.models import User
from campaign import amending, delivering
from campaign.models import Delivery, Membership, Role
from letters import codes, pooling, queries, signing
from letters.models import Letter, PublicSignature
from letters.wishes import Wanted
from tests.browser.watching import PHONE, WIDE, Visitor
from tests.cast import NOW, Cast, browser_of, code_of, organiser

NAMED, UNNAMED = 400, 100
LETTER, DESK = "/letters/robots/", "/organise/campaigns/robots/"
ROOM = f"{DESK}letters/robots/"


@dataclass(frozen=True)
class Served:
    """Where the pages are, for `Visitor`."""

    address: str
    mail_folder: Path


@pytest.fixture
def sit_down(
    chrome: Browser,
    django_db_setup: None,  # named first, so that the server is gone before its database is dropped
    live_server: Any,
    tmp_path: Path,
    settings: Any,
) -> Iterator[Any]:
    """A browser for a member of the team, or for anybody; in the end nothing may have gone wrong in any."""
    settings.ALLOWED_HOSTS = ["testserver", "localhost"]
    visitors: list[Visitor] = []

    def new(user: User | None = None, **options: Any) -> Visitor:
        context = chrome.new_context(base_url=live_server.url, **{"viewport": WIDE, "locale": "en-GB", **options})
        context.set_default_timeout(10_000)
        if user:
            context.add_cookies(
                [
                    {"name": name, "value": morsel.value, "url": live_server.url}
                    for name, morsel in browser_of(user).cookies.items()
                ]
            )
        visitors.append(Visitor.arrive(Served(live_server.url, tmp_path / "mail"), context))  # type: ignore[arg-type]
        return visitors[-1]

    yield new
    for visitor in visitors:
        visitor.context.close()
    assert [complaint for visitor in visitors for complaint in visitor.complaints] == []


def everybody_signs() -> None:
    """Five hundred proved mailboxes: all that a right code does, without the mail in which it came."""
    letter = Letter.objects.get()
    for number in range(NAMED + UNNAMED):
        mailbox = f"signer{number}@acme.example"
        employer, tags = signing.who_is(letter=letter, address=mailbox)
        public = number < NAMED
        wanted = Wanted(
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


def squeezed(text: str) -> str:
    """Without spaces and line ends, which paper sets as it likes."""
    return re.sub(r"\s+", "", text)


def fill(visitor: Visitor, label: str, text: str) -> None:
    """Walk to a field and type, with the keyboard."""
    visitor.tab_to(visitor.page.get_by_role("textbox", name=label))
    visitor.page.keyboard.press("Control+A")
    visitor.page.keyboard.insert_text(text)


def push(visitor: Visitor, button: str) -> None:
    """Walk to a button and press it, with the keyboard."""
    visitor.tab_to(visitor.page.get_by_role("button", name=button))
    visitor.press("Enter")


def read(visitor: Visitor, path: str) -> str:
    """What a page says."""
    visitor.page.goto(path)
    return " ".join(visitor.page.locator("main").inner_text().split())


def sign(visitor: Visitor, mailbox: Any, *, address: str, name: str) -> None:
    """Form, mail, code, on a phone without scripts."""
    visitor.page.goto(f"{LETTER}sign/")
    visitor.page.get_by_label("Publicly").check()
    visitor.page.get_by_label("Your e-mail address").fill(address)
    visitor.page.get_by_label("Your name, to be shown").fill(name)
    visitor.page.get_by_label("Your role").fill("Designer")
    push(visitor, "Send me the code")
    visitor.tab_to(visitor.page.get_by_label("Code"))
    visitor.page.keyboard.type(code_of(mailbox(address)[-1].text))
    visitor.press("Enter")
    assert visitor.page.url.endswith("/signed/")


@pytest.mark.django_db(transaction=True)
def test_nobody_is_moved_in_silence_and_the_paper_says_what_the_page_says(sit_down: Any, mailbox: Any):
    cast = Cast.assemble()
    paul = organiser("Paul")
    Membership.objects.create(team=cast.campaign.team, user=paul, role=Role.EDITOR)
    everybody_signs()
    signed = stands_for()
    carla, reader = sit_down(cast.carla), sit_down(viewport=PHONE, java_script_enabled=False)
    assert "500" in read(reader, LETTER)

    # A typo: announced, and in force when three days have passed without objections.
    carla.page.goto(f"{ROOM}write/")
    fill(carla, "Text", cast.letter.body.replace(".", "!", 1))
    push(carla, "Save the draft")
    carla.page.goto(f"{ROOM}change/")
    carla.tab_to(carla.page.locator("#correct-note"))
    carla.page.keyboard.type("A mark was wrong.")
    push(carla, "Announce the correction")
    announced = read(reader, LETTER)
    assert "A correction of this text is announced: version 2" in announced
    assert "A mark was wrong." in announced
    amending.take_effect(now=timezone.now() + timedelta(hours=71))
    assert cast.letter.version_number == 1
    amending.take_effect(now=timezone.now() + timedelta(hours=73))
    assert "500 people stand for this text" in read(reader, f"{LETTER}versions/")
    assert (cast.letter.version_number, cast.numbers.public, cast.numbers.confidential) == (2, NAMED, UNNAMED)
    assert stands_for() == signed

    # A new demand: two others approve the exact text, and the count begins anew.
    carla.page.goto(f"{DESK}demands/")
    fill(carla, "Demand", "Pay for it")
    push(carla, "Add the demand")
    carla.page.goto(f"{ROOM}change/")
    carla.tab_to(carla.page.locator("#declare-note"))
    carla.page.keyboard.type("It asks for money, too.")
    push(carla, "Declare the change")
    for member in (cast.oskar, paul):
        assert "500 people have signed" in read(reader, LETTER)
        other = sit_down(member)
        other.page.goto(f"{ROOM}change/")
        push(other, "Approve this exact text")
    asked_anew = read(reader, LETTER)
    assert "500 more signed an earlier text of this letter" in asked_anew
    assert "Pay for it" in asked_anew
    assert (cast.letter.version_number, cast.numbers.total) == (3, 0)
    assert stands_for() == signed

    sign(reader, mailbox, address="signer7@acme.example", name="Ana Nr007 Souza")
    sign(sit_down(viewport=PHONE, java_script_enabled=False), mailbox, address="new@beta.example", name="Ben Kovač")
    assert stands_for() == signed | {"Ana Nr007 Souza": 3, "Ben Kovač": 3}
    by_version = read(reader, f"{LETTER}versions/")
    assert "2 people stand for this text" in by_version
    assert "499 people stand for this text" in by_version
    assert {edition: one.total for edition, one in queries.editions(cast.letter.id).items()} == {1: 499, 3: 2}

    # Closed and handed over: the paper says what the page says.
    carla.page.goto(f"{ROOM}close/")
    push(carla, "Close the letter for good")
    carla.page.goto(f"{ROOM}deliver/")
    fill(carla, "To whom", "Ada Boss, Acme")
    fill(carla, "How", "in person")
    push(carla, "Put the delivery on record")
    expect(carla.page.locator("p[role=status]")).to_contain_text("is being made")
    assert delivering.make_editions() == 1
    page = read(reader, LETTER)
    paper = reader.page.locator("a[href$='letter.pdf']")
    pdf = reader.context.request.get(str(paper.get_attribute("href"))).body()
    printed = squeezed("".join(one.extract_text() for one in PdfReader(io.BytesIO(pdf)).pages))
    assert hashlib.sha256(pdf).hexdigest() in reader.page.content()
    for said in (*cast.letter.demands, *cast.letter.addressees, "2 people have signed", "Ben Kovač", "Ana Nr007 Souza"):
        assert squeezed(said) in squeezed(page)
        assert squeezed(said) in printed
    assert printed.count("Souza") == 1  # who stands with the earlier text is not on this one
    assert cast.letter.sha256 in printed
    delivery = Delivery.objects.get()
    assert (delivery.public, delivery.names) == (2, 2)
