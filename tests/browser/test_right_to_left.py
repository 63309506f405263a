"""The way of a signer in Arabic, on a phone: from right to left, and the letter as it is."""

import time

import pytest

from tests.browser import pages
from tests.browser.conftest import Arrive
from tests.browser.test_every_page import look
from tests.browser.watching import Visitor, width_problem
from tests.journeys.campaigns import Letter


def faults(visitor: Visitor) -> list[str]:
    """What somebody who reads Arabic on a phone would stumble over."""
    page = visitor.page
    found = [*look(page), width_problem(page)]
    if page.evaluate("[document.documentElement.lang, document.documentElement.dir].join()") != "ar,rtl":
        found.append("not in Arabic")
    return [f"{page.url}: {one}" for one in found if one]


def test_ana_signs_confidentially_in_arabic_with_the_keyboard_and_without_scripts(arrive: Arrive, letter: Letter):
    ana = arrive(locale="ar", java_script_enabled=False)
    page, address = ana.page, f"ana.{time.time_ns()}@{letter.domain}"

    page.goto(f"/letters/{letter.slug}/")
    article = page.locator("article.letter")
    assert (article.get_attribute("lang"), article.get_attribute("dir")) == ("en", "ltr")
    ana.tab_to(page.locator(".sticky-action a"))
    ana.press("Enter")
    ana.tab_to(page.get_by_label("علنًا"))
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    ana.tab_to(page.locator("[name=email]"))
    page.keyboard.type(address)
    ana.press("Enter")
    ana.tab_to(page.locator("[name=code]"))
    page.keyboard.type(ana.code(address))
    ana.press("Enter")

    assert page.url.endswith("/signed/")
    assert page.locator("html").get_attribute("dir") == "rtl"
    assert page.locator("h1").inner_text() == "شكرًا لك"


def test_the_way_of_a_signer_has_no_faults_in_arabic(arrive: Arrive):
    reader, found = arrive(locale="ar"), []

    for name in pages.MIRRORED:
        reader.page.goto(pages.PUBLIC[name])
        if name == "code":
            pages.ask_for_code(reader.page)
        found += faults(reader)

    assert found == []


@pytest.mark.parametrize("scripts", [True, False], ids=["with-scripts", "without-scripts"])
def test_another_language_is_chosen_at_the_foot_of_the_page(arrive: Arrive, scripts: bool):
    page = arrive(java_script_enabled=scripts).page
    page.goto(f"{pages.GROWN}signatures/?q=a")

    page.get_by_role("button", name="Español").click()
    page.wait_for_load_state()

    assert page.url.endswith("/signatures/?q=a")
    assert page.get_by_role("heading", name="Personas que firmaron").is_visible()
    page.goto(pages.PUBLIC["sign"])
    page.locator("[name=visibility][value=confidential]").check()
    page.locator("[name=email]").fill("half-written")
    page.get_by_role("button", name="العربيّة").click()
    page.wait_for_url("**speak=ar")

    assert page.locator("html").get_attribute("dir") == "rtl"
    assert page.locator("[name=email]").input_value() == "half-written"
    assert page.locator("[name=visibility][value=confidential]").is_checked()
