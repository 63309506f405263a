"""An office answers on a phone, with the keyboard alone and without scripts; a reader reports an error."""

import re

from tests.browser.conftest import Arrive
from tests.browser.test_every_page import _faults
from tests.browser.watching import width_problem
from tests.journeys.campaigns import Letter, open_letter, organiser
from tests.journeys.site import Site
from tests.people import Person, plain


def _oskar(site: Site, letter: Letter) -> Person:
    """A second member, who may decide and check."""
    oskar, address = organiser(site, "oskar")
    letter.carla.visit(f"{letter.team_page}team/")
    letter.carla.send(containing="email", email=address, role="tracker")
    oskar.visit("/organise/")
    oskar.send(containing="accept", accept="1")
    return oskar


def _address(letter: Letter) -> str:
    """What Carla hands over to the first executive's office."""
    page = f"{letter.team_page}replies/addresses/"
    [first] = re.findall(r'<option value="(\d+)">Ada Boss', letter.carla.visit(page))
    made = letter.carla.send(containing="days", executive=first)
    [found] = re.findall(r'value="http://[^/"]+(/reply/[^"]+)"', made)
    return found


def test_an_office_answers_with_the_keyboard_and_its_words_come_on_the_record(arrive: Arrive, site: Site):
    letter = open_letter(site)
    oskar, office = _oskar(site, letter), arrive(java_script_enabled=False)
    page, record = office.page, f"/campaigns/{letter.slug}/executives/ada-boss/"

    page.goto(_address(letter))
    for label, text in (("Your answer to the demands", "They stop tonight."), ("Who speaks", "Jo Doe")):
        office.tab_to(page.get_by_role("textbox", name=label))
        page.keyboard.type(text)
    office.tab_to(page.get_by_label("I may speak for this office"))
    page.keyboard.press("Space")
    problem = width_problem(page)
    office.tab_to(page.get_by_role("button", name="Send the reply"))
    office.press("Enter")
    arrived = page.locator("h1").inner_text()

    [waits] = set(
        re.findall(rf"{letter.team_page}replies/[0-9a-f-]{{36}}/", oskar.visit(f"{letter.team_page}replies/"))
    )
    [demand] = re.findall(r'name="(demand_\d+)"', oskar.visit(waits))[:1]
    oskar.send(containing="quote", record="1", **{demand: "met"})
    [entry] = re.findall(rf"{letter.team_page}record/[0-9a-f-]{{36}}/", oskar.visit(waits))
    letter.carla.visit(entry)
    letter.carla.send(containing="check", check="1")

    assert (problem, arrived) == ("", "Your reply has arrived")
    shown = plain(site.person().visit(record))
    assert "They stop tonight." in shown
    assert "Reply by Jo Doe, sent at the office’s own address" in shown


def test_a_reader_reports_an_error_with_the_keyboard(arrive: Arrive, site: Site):
    reader = arrive(java_script_enabled=False)
    page = reader.page

    page.goto("/campaigns/eyes-off-our-desks/report/?executive=castellan")
    reader.tab_to(page.get_by_role("textbox", name="What is wrong"))
    page.keyboard.type("She left in May.")
    reader.tab_to(page.get_by_role("button", name="Send the report"))
    reader.press("Enter")

    assert page.locator("h1").inner_text() == "Thank you"


def test_the_office_page_has_no_faults(arrive: Arrive, site: Site):
    office = arrive()

    office.page.goto(_address(open_letter(site)))

    assert _faults(office.page, "reply") == []
