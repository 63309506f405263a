"""Carla starts from nothing, in a browser: her campaign, her letter, the record, the end."""

import time

from playwright.sync_api import Page, expect

from tests.browser.conftest import Arrive
from tests.browser.watching import WIDE, Visitor
from tests.journeys.campaigns import PASSWORD, account_code

DAY = time.strftime("%Y-%m-%d", time.gmtime())


def sign_up(visitor: Visitor, address: str) -> None:
    """Make an account, with the code from the mail."""
    page = visitor.page
    page.goto("/organise/")
    page.get_by_role("link", name="Make an account").click()
    page.locator("#id_email").fill(address)
    page.locator("#id_password1").fill(PASSWORD)
    page.get_by_role("button", name="Send me a code").click()
    page.get_by_label("Code").fill(account_code(visitor.site.person(), address))
    page.get_by_role("button", name="Confirm").click()
    page.wait_for_url("**/organise/**")


def _fill(page: Page, button: str, **fields: str) -> None:
    """Fill in the fields of these labels, and send."""
    for label, text in fields.items():
        page.get_by_role("textbox", name=label.replace("_", " ")).first.fill(text)
    page.get_by_role("button", name=button, exact=True).click()


def _start(page: Page, slug: str, domain: str) -> None:
    """Team, campaign, two demands, an employer with its domain, two executives."""
    page.get_by_role("link", name="Start a campaign").click()
    page.get_by_label("Address of the page").fill(slug)
    _fill(page, "Start the campaign", Name_of_your_team="Colleagues", Title_of_the_campaign="Rest for robots")
    tabs = page.get_by_role("navigation", name="Campaign")
    tabs.get_by_role("link", name="Demands").click()
    _fill(page, "Add the demand", Demand="Switch them off at night")
    page.get_by_label("It can only be met in public").check()
    _fill(page, "Add the demand", Demand="Say so in public")
    tabs.get_by_role("link", name="Employers").click()
    _fill(page, "Add the employer", Name_of_the_employer="Acme", Mail_domains=domain)
    tabs.get_by_role("link", name="Executives").click()
    _fill(page, "Add the executive", Name="Ada Boss")
    page.locator("#id_title").fill("Chair of the board")
    page.get_by_role("button", name="Add the executive").click()


def _write_and_open(page: Page, slug: str) -> None:
    page.get_by_role("navigation", name="Campaign").get_by_role("link", name="Rest for robots").click()
    page.get_by_role("link", name="Write a letter", exact=True).click()
    page.get_by_label("Address of the page").fill(slug)
    _fill(page, "Preview", Title="Let robots rest", Text="Dear all,\n\nplease **switch** them off.")
    expect(page.locator(".letter strong")).to_have_text("switch")
    page.get_by_role("button", name="Save the draft").click()
    page.get_by_role("link", name="Go on to open the letter").click()
    expect(page.locator(".letter")).to_contain_text("Ada Boss, Chief executive, Acme; Chair of the board, Acme")
    page.get_by_role("button", name="Open the letter").click()
    expect(page.locator(".chip--open")).to_be_visible()


def _invite(carla: Page, other: Page, address: str) -> None:
    carla.get_by_role("navigation", name="Campaign").get_by_role("link", name="Team").click()
    _fill(carla, "Send the invitation", **{"E-mail_address": address})
    other.goto("/organise/")
    other.get_by_role("button", name="Join the team").click()


def _record(page: Page) -> None:
    page.get_by_role("navigation", name="Campaign").get_by_role("link", name="Record").click()
    page.get_by_role("link", name="Put on record").click()
    page.get_by_label("Ada Boss, Chief executive, Acme").check()
    page.get_by_label("Exact words, or").fill("They sleep from tonight")
    page.get_by_label("Date", exact=True).fill(DAY)
    page.get_by_label("Title of the source").fill("The Evening Paper")
    page.get_by_label("Switch them off at night").select_option(label="does it")
    page.get_by_role("button", name="Put it on record").click()
    expect(page.locator("main")).to_contain_text("It is public once somebody else in your team has checked it")


def _sign(visitor: Visitor, slug: str, address: str) -> None:
    page = visitor.page
    page.goto(f"/letters/{slug}/")
    page.get_by_role("link", name="Sign this letter").click()
    page.get_by_label("Publicly").check()
    _fill(page, "Send me the code", **{"Your_e-mail_address": address, "Your_name": "Ben Kovač"})
    _fill(page, "Sign", Code=visitor.code(address))
    page.wait_for_url("**/signed/")


def test_carla_goes_from_nothing_to_a_closed_letter_with_an_answer_on_record(arrive: Arrive):
    carla, vera, reader = arrive(viewport=WIDE), arrive(viewport=WIDE), arrive()
    number = time.time_ns()
    slug, domain = f"rest-{number}", f"acme{number}.example"

    sign_up(carla, f"carla.{number}@team.example")
    _start(carla.page, slug, domain)
    _write_and_open(carla.page, slug)
    _sign(reader, slug, f"ben@{domain}")
    sign_up(vera, f"vera.{number}@team.example")
    _invite(carla.page, vera.page, f"vera.{number}@team.example")
    _record(carla.page)

    scoreboard = reader.page.locator(".matrix tbody tr").first.get_by_role("cell")
    reader.page.goto(f"/letters/{slug}/")
    expect(scoreboard).to_have_text(["unaddressed", "unaddressed"])
    expect(reader.page.locator(".people")).to_contain_text("Ben Kovač")

    vera.page.goto(f"/organise/campaigns/{slug}/record/")
    vera.page.get_by_role("link", name="They sleep from tonight").click()
    vera.page.get_by_role("button", name="It is right: make it public").click()
    expect(vera.page.get_by_label("met", exact=True)).to_be_checked()
    _fill(vera.page, "Decide it so", Why_it_stands_so="Announced for the whole company.")
    carla.page.goto(f"/organise/campaigns/{slug}/record/")
    carla.page.locator(".card a").first.click()
    carla.page.get_by_role("button", name="It is right: show it").click()
    reader.page.reload()
    expect(scoreboard).to_have_text(["met on 1 piece of evidence", "unaddressed"])
    scoreboard.get_by_role("link", name="met").click()
    expect(reader.page.locator("blockquote")).to_contain_text("They sleep from tonight")

    carla.page.goto(f"/organise/campaigns/{slug}/letters/{slug}/")
    carla.page.get_by_role("link", name="Go on to close the letter").click()
    carla.page.get_by_role("button", name="Close the letter for good").click()
    reader.page.goto(f"/letters/{slug}/")
    expect(reader.page.locator(".notice")).to_contain_text("This letter closed on")
    expect(reader.page.get_by_role("link", name="Sign this letter")).to_have_count(0)
