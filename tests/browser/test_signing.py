"""Ana and Ben sign on a phone with a keyboard and nothing else; with scripts and without."""

import time

import pytest

from tests.browser.conftest import Arrive
from tests.browser.watching import Visitor
from tests.journeys.campaigns import Letter
from tests.people import plain

SCRIPTS = pytest.mark.parametrize("scripts", [True, False], ids=["with-scripts", "without-scripts"])


def _to_the_form(visitor: Visitor, letter: Letter) -> None:
    visitor.page.goto(f"/letters/{letter.slug}/")
    visitor.tab_to(visitor.page.locator(".sticky-action a"))
    visitor.press("Enter")


def _type_the_code(visitor: Visitor, address: str) -> None:
    visitor.tab_to(visitor.page.get_by_label("Code"))
    visitor.page.keyboard.type(visitor.code(address))
    visitor.press("Enter")


@SCRIPTS
def test_ben_signs_publicly_with_the_keyboard(arrive: Arrive, letter: Letter, scripts: bool):
    ben, page_of = arrive(java_script_enabled=scripts), f"/letters/{letter.slug}/"
    address, name = f"ben.{time.time_ns()}@{letter.domain}", f"Ben Kovač {'One' if scripts else 'Two'}"
    page = ben.page

    _to_the_form(ben, letter)
    ben.tab_to(page.get_by_label("Publicly"))
    page.keyboard.press("Space")
    for label, text in (
        ("Your e-mail address", address),
        ("Your name, to be shown", name),
        ("Your role", "Software engineer"),
    ):
        ben.tab_to(page.get_by_role("textbox", name=label))
        page.keyboard.type(text)
    ben.tab_to(page.get_by_role("button", name="Send me the code"))
    ben.press("Enter")
    _type_the_code(ben, address)

    assert page.url.endswith("/signed/")
    listed = plain(letter.site.person().visit(page_of))
    assert f"{name} Software engineer , Acme work e-mail" in listed


@SCRIPTS
def test_ana_signs_confidentially_with_the_keyboard_on_three_pages(arrive: Arrive, letter: Letter, scripts: bool):
    ana = arrive(java_script_enabled=scripts)
    address = f"ana.{time.time_ns()}@{letter.domain}"
    page = ana.page
    _to_the_form(ana, letter)
    ana.pages_seen = [f"/letters/{letter.slug}/sign/"]

    # Five things to do: choose, type the address, send; type the code, send.
    ana.tab_to(page.get_by_label("Publicly"))
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    assert page.get_by_label("Confidentially").is_checked()
    ana.tab_to(page.get_by_label("Your e-mail address"), most=1)
    page.keyboard.type(address)
    ana.press("Enter")
    _type_the_code(ana, address)

    assert ana.pages_seen == [f"/letters/{letter.slug}/{step}/" for step in ("sign", "code", "signed")]
    assert "counted with the next group" in page.locator("main").inner_text()
    assert "ana." not in letter.site.person().visit(f"/letters/{letter.slug}/signatures/")


def test_name_and_employer_are_asked_only_of_who_signs_publicly(arrive: Arrive, letter: Letter):
    page = arrive().page
    page.goto(f"/letters/{letter.slug}/sign/")
    name, employer, role = (
        page.get_by_role("textbox", name=label, include_hidden=True)
        for label in ("Your name, to be shown", "Your employer", "Your role")
    )

    page.get_by_label("Publicly").check()
    asked = (name.is_visible(), employer.is_visible(), role.is_visible())
    page.get_by_label("Confidentially").check()

    assert asked == (True, True, True)
    assert (name.is_visible(), employer.is_visible(), role.is_visible()) == (False, False, True)
    assert page.locator("[name=name]").count() == 1


def test_a_code_can_be_pasted_with_spaces_and_small_letters(arrive: Arrive, letter: Letter):
    ana = arrive(permissions=["clipboard-read", "clipboard-write"])
    address = f"ana.{time.time_ns()}@{letter.domain}"
    page = ana.page
    page.goto(f"/letters/{letter.slug}/sign/")
    page.get_by_label("Confidentially").check()
    page.get_by_label("Your e-mail address").fill(address)
    page.get_by_role("button", name="Send me the code").click()
    page.wait_for_url("**/code/")

    page.evaluate("text => navigator.clipboard.writeText(text)", f"  {ana.code(address).lower()} \n")
    page.get_by_label("Code").focus()
    page.keyboard.press("Control+V")
    assert page.get_by_label("Code").input_value().strip() == ana.code(address).lower()
    page.get_by_role("button", name="Sign", exact=True).click()

    page.wait_for_url("**/signed/")


@SCRIPTS
def test_a_wrong_code_is_said_where_the_focus_is_and_stays_typed(arrive: Arrive, letter: Letter, scripts: bool):
    page = arrive(java_script_enabled=scripts).page
    page.goto(f"/letters/{letter.slug}/sign/")
    page.get_by_label("Confidentially").check()
    page.get_by_label("Your e-mail address").fill(f"ana.{time.time_ns()}@{letter.domain}")
    page.get_by_role("button", name="Send me the code").click()

    page.get_by_label("Code").fill("0000 0000")
    page.get_by_role("button", name="Sign", exact=True).click()

    assert page.locator(".error-summary:focus").count() == 1
    assert page.get_by_label("Code").input_value() == "0000 0000"
    assert page.get_by_label("Code").get_attribute("aria-invalid") == "true"


@SCRIPTS
def test_a_missing_name_is_said_where_the_focus_is_and_the_rest_stays(arrive: Arrive, letter: Letter, scripts: bool):
    page = arrive(java_script_enabled=scripts).page
    page.goto(f"/letters/{letter.slug}/sign/")
    page.get_by_label("Publicly").check()
    page.get_by_label("Your e-mail address").fill("ben@elsewhere.example")
    page.get_by_label("Your role").fill("Tester")
    page.get_by_label("Your employer").fill("Elsewhere")

    page.get_by_role("button", name="Send me the code").click()

    assert page.locator(".error-summary:focus").count() == 1
    assert page.get_by_label("Publicly").is_checked()
    kept = [page.get_by_label(label).input_value() for label in ("Your e-mail address", "Your role", "Your employer")]
    assert kept == ["ben@elsewhere.example", "Tester", "Elsewhere"]
    page.locator(".error-summary a").click()
    assert page.get_by_role("textbox", name="Your name, to be shown").evaluate(
        "field => field === document.activeElement"
    )
