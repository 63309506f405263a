"""Ben shows where he works and a reviewer answers; false names come off and back: a phone, keys alone, no scripts."""

import time
from collections.abc import Iterator

import pytest

from tests.browser.conftest import Arrive
from tests.browser.test_reviewing import _sign_in_as_carla
from tests.browser.test_signing import _type_the_code
from tests.browser.watching import Visitor, width_problem
from tests.journeys.campaigns import Letter, open_letter
from tests.journeys.site import Site
from tests.people import plain


@pytest.fixture(scope="module")
def guarded(site: Site) -> Iterator[Letter]:
    """A letter that takes evidence."""
    letter = open_letter(site)
    letter.carla.visit(f"{letter.team_page}letters/{letter.slug}/signers/")
    letter.carla.send(containing="takes", takes=["email", "reviewed"])  # type: ignore[arg-type]  # two boxes
    yield letter


def _type(visitor: Visitor, *fields: tuple[str, str]) -> None:
    for label, text in fields:
        visitor.tab_to(visitor.page.get_by_role("textbox", name=label))
        visitor.page.keyboard.type(text)


def _press(visitor: Visitor, name: str) -> None:
    visitor.tab_to(visitor.page.get_by_role("button", name=name), most=60)
    visitor.press("Enter")


def _soon(letter: Letter, path: str, words: str, *, seconds: float = 20) -> str:
    """The page, once it says so: what removes goes on every five seconds."""
    until = time.monotonic() + seconds
    while words not in (page := plain(letter.site.person().visit(path))):
        assert time.monotonic() < until, page
        time.sleep(0.3)
    return page


def test_ben_sends_evidence_and_a_reviewer_decides_with_the_keyboard(arrive: Arrive, guarded: Letter):
    ben, carla = arrive(java_script_enabled=False), arrive(java_script_enabled=False)
    address, list_of = f"ben.{time.time_ns()}@home.example", f"/letters/{guarded.slug}/signatures/"
    _sign_in_as_carla(carla, guarded)

    page = ben.page
    page.goto(f"/letters/{guarded.slug}/sign/")
    ben.tab_to(page.get_by_label("Publicly"))
    page.keyboard.press("Space")
    _type(ben, ("Your e-mail address", address), ("Your name, to be shown", "Benno Show"))
    ben.tab_to(page.locator("[name=evidence]").first)
    page.keyboard.press("ArrowDown")
    chosen = page.locator("[name=evidence]:checked").input_value()
    problems = [width_problem(page)]
    _press(ben, "Send me the code")
    _type_the_code(ben, address)
    at_the_evidence = page.url
    _type(ben, ("In your words", "Ask at the front desk."))
    problems.append(width_problem(page))
    _press(ben, "Send it and sign")
    before = plain(guarded.site.person().visit(list_of))

    desk = carla.page
    desk.goto(f"{guarded.team_page}review/")
    _press(carla, "Take the oldest")
    hidden = desk.locator("main").inner_text()
    _press(carla, "Open it")
    opened = desk.locator("main").inner_text()
    problems.append(width_problem(desk))
    _press(carla, "It shows this name at this employer")

    assert (chosen, at_the_evidence.endswith("/evidence/"), page.url.endswith("/signed/")) == ("yes", True, True)
    assert "Benno Show e-mail checked" in before
    assert "front desk" not in hidden
    assert "Ask at the front desk." in opened
    assert "The evidence is destroyed" in desk.locator("body").inner_text()
    assert "Benno Show Acme reviewed" in plain(guarded.site.person().visit(list_of))
    assert problems == ["", "", ""]


def test_carla_takes_false_names_off_and_puts_them_back_with_the_keyboard(arrive: Arrive, guarded: Letter):
    carla, letter_page, list_of = arrive(java_script_enabled=False), f"/letters/{guarded.slug}/", "signatures/"
    _sign_in_as_carla(carla, guarded)
    for name in ("Falke Erdacht", "Falke Erfunden"):
        guarded.sign(guarded.site.person(), f"f.{time.time_ns()}@home.example", "public", name=name)
    page = carla.page

    page.goto(f"{guarded.team_page}letters/{guarded.slug}/removals/")
    carla.tab_to(page.get_by_role("link", name="Look for false signatures"))
    carla.press("Enter")
    _type(carla, ("Name contains", "falke"))
    carla.press("Enter")
    looked, problems = page.locator("main").inner_text(), [width_problem(page)]
    _type(carla, ("Reason", "Made-up names"))
    _press(carla, "Remove 2 signatures")
    problems.append(width_problem(page))
    removed = _soon(guarded, letter_page, "The organisers removed 2 signatures.")
    listed = plain(guarded.site.person().visit(letter_page + list_of))
    page.reload()
    _press(carla, "Put all of them back")
    back = _soon(guarded, letter_page + list_of, "Falke Erfunden")

    assert "2 signatures fit" in looked
    assert "Falke" not in removed + listed
    assert "Made-up names" in listed
    assert "Falke Erdacht" in back
    assert "put back on" in back
    assert problems == ["", ""]
