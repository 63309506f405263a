"""Every page, on a phone and on a desk: whole, accessible, quiet, and from this host alone."""

import os
from pathlib import Path

import axe_playwright_python
import pytest
from playwright.sync_api import Page

from tests.browser import pages
from tests.browser.conftest import Arrive
from tests.browser.watching import PHONE, WIDE, Visitor, width_problem

# Pages are made of the gallery's components, each in all its states (test_gallery.py), and all colours are the tokens'.
# So it is there, and on the pages that matter most, that contrast is looked at, which takes as long as all other rules.
_COLOURED = {"letter", "sign", "campaign", "signatures", "desk", "gallery"}
EVERY_COLOUR = bool(os.environ.get("EVERY_COLOUR"))  # on every page, at both widths
# What a wider window can change; all other rules look at the same elements again.
_LAYOUT = ["target-size", "scrollable-region-focusable", "label", "link-name", "button-name"]
_COLOURS = ["color-contrast"]
# What is left of a window of 1280 by 1024 when its reader zooms in twice, and four times.
_ZOOMED = ({"width": 640, "height": 512}, {"width": 320, "height": 256})
AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()
# What axe would load beforehand, all style sheets once more among it, is for rules about sound and some it leaves out.
# In a frame there is no axe that would answer; what is shown in one, the card, is a page of its own here.
_LOOK = """async options => {
  const { violations } = await axe.run({ ...options, preload: false, iframes: false, resultTypes: ["violations"] });
  const places = fault => fault.nodes.slice(0, 3).map(node => node.html.slice(0, 160)).join(" ");
  return violations.map(fault => `${fault.id}: ${fault.help}: ${places(fault)}`);
}"""

# A button that says to which form it belongs, and is on a page without that form, does nothing.
_LOST = "[...document.querySelectorAll('button[form]')].filter(one => !one.form).map(one => `lost: ${one.outerHTML}`)"


def look(page: Page, *, colours: bool = EVERY_COLOUR) -> list[str]:
    """What axe finds by all its rules, or by all but that about colours."""
    page.evaluate(AXE)
    rules = {} if colours else {"rules": {rule: {"enabled": False} for rule in _COLOURS}}
    found: list[str] = page.evaluate(_LOOK, rules)
    return found


def _faults(page: Page, name: str) -> list[str]:
    """What a reader would stumble over, at both widths and, where it matters most, in both colours."""
    colours = EVERY_COLOUR or name in _COLOURED
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]  # a dict of two numbers
    faults = [width_problem(page), *look(page, colours=colours), *page.evaluate(_LOST)]
    page.set_viewport_size(WIDE)  # type: ignore[arg-type]
    rules = _LAYOUT + _COLOURS if EVERY_COLOUR else _LAYOUT
    faults += [f"wide: {fault}" for fault in (width_problem(page), *page.evaluate(_LOOK, {"runOnly": rules})) if fault]
    for size in _ZOOMED:
        page.set_viewport_size(size)  # type: ignore[arg-type]
        if problem := width_problem(page):
            faults.append(f"zoomed to {size['width']}: {problem}")
    if colours:
        page.emulate_media(color_scheme="dark", reduced_motion="reduce")
        faults += [f"dark: {fault}" for fault in page.evaluate(_LOOK, {"runOnly": _COLOURS})]
        page.emulate_media(color_scheme="light")
    return [fault for fault in faults if fault]


@pytest.mark.parametrize("name", [*pages.PUBLIC, "version"])
def test_a_public_page_has_no_faults(reader: Visitor, name: str):
    address = pages.PUBLIC.get(name) or pages.found(reader.page, name)

    answer = reader.page.goto(address)

    assert answer is not None
    assert answer.status == (404 if name == "missing" else 200)
    if name == "code":
        pages.ask_for_code(reader.page)
    assert _faults(reader.page, name) == []


@pytest.mark.parametrize("name", [*pages.TEAM, *sorted(set(pages.FOUND) - {"version"})])
def test_a_page_of_the_team_has_no_faults(member: Visitor, name: str):
    address = pages.TEAM.get(name) or pages.found(member.page, name)

    answer = member.page.goto(address)

    assert answer is not None
    assert answer.status == 200
    assert "/login/" not in member.page.url
    assert _faults(member.page, name) == []


def test_a_draft_its_preview_and_the_page_that_opens_it_have_no_faults(arrive: Arrive, signed_in: object):
    visitor = arrive(storage_state=signed_in)
    page = visitor.page
    page.goto(pages.TEAM["letter-new"])
    page.get_by_label("Title").fill("A second letter")
    page.get_by_label("Text").fill("# Dear all\n\nplease **stop**.\n\n> a quote\n\n- one\n- two")

    page.get_by_role("button", name="Preview").click()
    preview = _faults(page, "preview")
    page.get_by_role("button", name="Save the draft").click()
    draft = _faults(page, "draft")
    page.get_by_role("link", name="Go on to open the letter").click()

    assert preview + draft + _faults(page, "open") == []
    assert page.get_by_role("button", name="Open the letter").is_visible()


def test_forms_that_were_refused_have_no_faults(arrive: Arrive, signed_in: object):
    visitor = arrive(storage_state=signed_in)
    page = visitor.page
    faults = []

    for address, button in (
        (pages.PUBLIC["sign"], "Send me the code"),
        (pages.TEAM["statement-new"], "Put it on record"),
        (pages.TEAM["start"], "Start the campaign"),
    ):
        page.goto(address)
        page.get_by_role("button", name=button).click()
        page.locator(".error-summary").wait_for()
        faults += _faults(page, "refused")

    assert faults == []
