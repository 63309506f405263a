"""A reviewer at work on a phone, with a keyboard and nothing else; and with one key where scripts run."""

import time

from tests.browser.conftest import Arrive
from tests.browser.watching import Visitor, width_problem
from tests.journeys.campaigns import Letter
from tests.people import plain


def _sign_in_as_carla(visitor: Visitor, letter: Letter) -> None:
    visitor.context.add_cookies(
        [
            {"name": one.name, "value": one.value or "", "url": visitor.site.address}
            for one in letter.carla.web.cookies.jar
        ]
    )


def _sign(letter: Letter, name: str) -> None:
    address = f"kim.{time.time_ns()}@{letter.domain}"
    letter.sign(letter.site.person(), address, "public", name=name, role="Engineer")


def test_carla_takes_answers_and_takes_back_with_the_keyboard_alone(arrive: Arrive, letter: Letter):
    carla = arrive(java_script_enabled=False)
    _sign_in_as_carla(carla, letter)
    page, list_of = carla.page, f"/letters/{letter.slug}/signatures/"
    _sign(letter, "Bеn Millеr")  # each e is Cyrillic
    page.goto(f"{letter.team_page}review/")
    waiting = page.locator("main").inner_text()

    carla.tab_to(page.get_by_role("button", name="Take the oldest"))
    carla.press("Enter")
    name, problem = page.locator(".people__name").inner_text(), width_problem(page)
    carla.tab_to(page.get_by_role("button", name="A member knows this person"))
    carla.press("Enter")
    shown = plain(letter.site.person().visit(list_of))
    carla.tab_to(page.get_by_role("button", name="Take my answer back").first, most=60)
    carla.press("Enter")
    back = plain(letter.site.person().visit(list_of))
    carla.tab_to(page.get_by_role("button", name="Pretends to be somebody else"))
    carla.press("Enter")

    assert "Bеn" not in waiting
    assert (name, problem) == ("Bеn Millеr", "")
    assert "Bеn Millеr" in shown
    assert "Bеn Millеr" not in back
    assert "Nothing of it is left" in page.locator("body").inner_text()


def test_one_key_answers_once_it_is_switched_on(arrive: Arrive, letter: Letter):
    carla = arrive()
    _sign_in_as_carla(carla, letter)
    page = carla.page
    _sign(letter, "Kim Millеr")
    page.goto(f"{letter.team_page}review/")
    page.get_by_role("button", name="Take the oldest").click()

    page.keyboard.press("2")
    still_there = page.url
    page.get_by_label("Answer with one key").check()
    page.get_by_label("In your words").focus()
    page.keyboard.type("1 of us")
    typed = page.get_by_label("In your words").input_value()
    page.get_by_role("heading", level=1).click()
    carla.press("2")

    assert "/review/" in still_there
    assert typed == "1 of us"
    assert "Kim Millеr" in plain(letter.site.person().visit(f"/letters/{letter.slug}/signatures/"))
