"""First run: from an empty account to an open letter, by the checklist alone; what it takes is written down in docs."""

import re
import time
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Arrive
from tests.browser.test_organising import sign_up

DOCS = Path(__file__).parents[2] / "docs" / "design.md"
LETTER = (
    "Dear all,\n\nwe keep your machines running while the city sleeps. Three of us were hurt this winter.\n\n"
    "We ask you to do two things, and to say so where everybody hears it."
)


@dataclass
class Hands:
    """Somebody's hands, counted: each field that is filled in, each tick, each press."""

    page: Page
    interactions: int = 0
    characters: int = 0

    def fill(self, label: str, text: str) -> None:
        """Type into the field of this label."""
        self.page.get_by_role("textbox", name=re.compile(f"^{re.escape(label)}")).first.fill(text)
        self.interactions += 1
        self.characters += len(text)

    def press(self, button: str) -> None:
        """Press the button of this name."""
        self._click(self.page.get_by_role("button", name=button, exact=True))

    def follow(self, link: str) -> None:
        """Follow the link of this name."""
        self._click(self.page.get_by_role("main").get_by_role("link", name=link, exact=True).first)

    def tick(self, label: str) -> None:
        """Tick the box of this label."""
        self.page.get_by_label(label).check()
        self.interactions += 1

    def _click(self, what: Locator) -> None:
        what.click()
        self.interactions += 1

    @property
    def minutes(self) -> float:
        """How long that takes an unhurried person: forty words a minute, five seconds to find and press each thing."""
        return (self.characters / (40 * 5 / 60) + self.interactions * 5) / 60


def _follow_the_checklist(hers: Hands, number: int) -> None:
    hers.follow("Add the companies whose people sign")
    hers.fill("Name of the employer", "Acme")
    hers.fill("Mail domains", f"acme{number}.example")
    hers.press("Add the employer")
    hers.follow("Add the executives whom you address")
    hers.fill("Name", "Ada Boss")
    hers.press("Add the executive")
    hers.follow("Write what you demand")
    hers.fill("Demand", "Staff every night shift with at least two people")
    hers.press("Add the demand")
    hers.fill("Demand", "Say in public that nobody is punished for stopping a line")
    hers.tick("It can only be met in public")
    hers.press("Add the demand")
    hers.follow("Write the letter")
    hers.fill("Title", f"Keep the night shift safe {number}")
    hers.fill("Text", LETTER)
    hers.press("Save the draft")
    hers.follow("Invite a second person, who reads it before it opens and checks what you record")
    hers.fill("E-mail address", f"vera.{number}@team.example")
    hers.press("Send the invitation")
    hers.follow("Open the letter for signing")
    hers.follow("Go on to open the letter")
    hers.press("Open the letter")


def test_an_empty_account_reaches_an_open_letter_by_the_checklist_within_ten_minutes(arrive: Arrive):
    nora, number = arrive(), time.time_ns()
    sign_up(nora, f"nora.{number}@team.example")
    hers = Hands(nora.page)

    hers.follow("Start a campaign")
    hers.fill("Name of your team", "Night shift")
    hers.fill("Title of the campaign", f"Nights {number}")
    hers.press("Start the campaign")
    _follow_the_checklist(hers, number)

    expect(nora.page.locator(".chip--open")).to_be_visible()
    nora.page.goto(f"/organise/campaigns/nights-{number}/")
    expect(nora.page.get_by_text("To an open letter")).to_have_count(0)
    assert f"{hers.interactions} interactions" in DOCS.read_text()
    assert hers.minutes < 5
