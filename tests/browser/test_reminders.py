"""What goes out can be seen, moved and stopped; a follower gets what she asked for, and no more once she stops."""

import re
import time
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Arrive
from tests.browser.pages import Organiser, sign_in
from tests.browser.watching import WIDE, Visitor
from tests.journeys.campaigns import PASSWORD, Letter, open_letter
from tests.journeys.site import Site
from tests.people import Person, text_of


@pytest.fixture
def letter(site: Site) -> Letter:
    """A letter whose queue nobody else fills."""
    return open_letter(site)


def _noon_zone() -> str:
    """A time zone in which it is about noon now, so that nobody's quiet hours are in the way."""
    hours = datetime.now(UTC).hour - 12
    return "UTC" if hours == 0 else f"Etc/GMT{hours:+d}"


def _carla(arrive: Arrive, letter: Letter) -> Page:
    """Carla, signed in, who wants her mail at any hour."""
    page = arrive(viewport=WIDE).page
    sign_in(page, Organiser(email=letter.carla_address, password=PASSWORD))
    page.get_by_role("link", name="My mail").click()
    page.get_by_label("No mail from").select_option("0")
    page.get_by_label("until", exact=True).select_option("0")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("main")).to_contain_text("Saved.")
    return page


def _in_days(page: Page, label: str, days: int, button: str) -> None:
    moment = datetime.now(UTC) + timedelta(days=days)
    page.get_by_label(label).fill(moment.strftime("%Y-%m-%dT%H:%M"))
    page.get_by_role("button", name=button).click()


def _open(page: Page, letter: Letter, what: str) -> None:
    page.goto(f"{letter.team_page}reminders/")
    page.locator("#queue").get_by_role("link", name=re.compile(what)).first.click()


def test_carla_moves_one_cancels_one_and_the_third_reaches_her_mailbox(arrive: Arrive, letter: Letter):
    page, mailbox = _carla(arrive, letter), Person(letter.site.address, letter.site.mail_folder)
    had = len(mailbox.mails(letter.carla_address))
    page.goto(f"{letter.team_page}letters/{letter.slug}/")
    _in_days(page, "Answer asked for by", 5, "Save the date")
    _in_days(page, "Closes by itself", 30, "Save the closing")
    page.goto(f"{letter.team_page}new-letter/")
    page.get_by_label("Title").fill(f"A second letter {time.time_ns()}")
    page.get_by_role("button", name="Save the draft").click()
    page.get_by_role("navigation", name="Campaign").get_by_role("link", name="Reminders").click()
    queue = page.locator("#queue .timeline > li")
    expect(queue).to_have_count(3)

    _open(page, letter, "A draft has not moved")
    _in_days(page, "Goes out", 20, "Move it")
    expect(page.locator("#queue")).to_contain_text("moved by")
    _open(page, letter, "about to close")
    page.get_by_role("button", name="Cancel it").click()
    expect(queue).to_have_count(2)
    expect(page.get_by_role("button", name="Take the cancelling back")).to_be_visible()
    _open(page, letter, "without an answer")
    expect(page.locator(".mail")).to_contain_text("Ada Boss")
    page.get_by_role("button", name="Send it now").click()

    mail = mailbox.wait_for_mail(letter.carla_address, number=had + 1, seconds=60)
    assert mail["Subject"] == "Stop the robots: 2 executives have not answered"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    # The page was never loaded again: the list itself shows that it went.
    expect(page.locator("#queue")).to_contain_text("As of")
    expect(queue.filter(has_text="goes out now")).to_have_count(0, timeout=20_000)
    page.reload()
    expect(page.locator("main")).to_contain_text("Mailed to 1 person.")
    assert len(mailbox.mails(letter.carla_address)) == had + 1


def _follow(visitor: Visitor, letter: Letter, address: str) -> None:
    page = visitor.page
    page.goto(f"/campaigns/{letter.slug}/")
    page.get_by_role("link", name="Get news by mail").first.click()
    page.get_by_label("Your e-mail address").fill(address)
    page.get_by_label(re.compile("As it happens|At once|Instantly|instantly", re.IGNORECASE)).check()
    page.get_by_label(re.compile("time zone", re.IGNORECASE)).select_option(_noon_zone())
    page.get_by_role("button", name="Send me the code").click()
    page.get_by_label("Code").fill(visitor.code(address))
    page.get_by_role("button", name="Follow").click()
    page.wait_for_url("**/news/done/")


def _publish(page: Page, letter: Letter, title: str) -> None:
    page.goto(f"{letter.team_page}updates/")
    page.get_by_label("Title").fill(title)
    page.get_by_label("Text").fill(f"What we have to say about {title.lower()}.")
    page.get_by_role("button", name="Go on to publish").click()
    page.get_by_role("button", name=re.compile("Publish")).click()
    expect(page.locator("main")).to_contain_text("Published.")


def test_a_follower_confirms_gets_one_mail_of_two_things_and_stops_with_one_post(arrive: Arrive, letter: Letter):
    reader, address = arrive(), f"dora.{time.time_ns()}@reader.example"
    mailbox = Person(letter.site.address, letter.site.mail_folder)
    _follow(reader, letter, address)
    page = _carla(arrive, letter)
    page.goto(f"{letter.team_page}reminders/")
    page.get_by_role("button", name="Hold everything").click()
    for title in ("First thing", "Second thing"):
        _publish(page, letter, title)
        _open(page, letter, title)
        page.get_by_role("button", name="Send it now").click()
    assert len(mailbox.mails(address)) == 1, "only the code, while all mail is held"
    page.get_by_role("button", name="Let mail go on").click()

    mail = mailbox.wait_for_mail(address, number=2, seconds=90)
    text = text_of(mail)
    assert "First thing" in text
    assert "Second thing" in text
    stop = str(mail["List-Unsubscribe"]).strip(" <>")
    reader.page.goto(stop)
    expect(reader.page.get_by_role("button", name="Stop these mails")).to_be_visible()

    answer = httpx.post(stop, data={"List-Unsubscribe": "One-Click"})

    assert answer.status_code == 200
    reader.page.reload()
    expect(reader.page.locator("h1")).to_have_text("No more of these mails")
    assert len(mailbox.mails(address)) == 2
