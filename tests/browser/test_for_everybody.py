"""What axe cannot see: the order and names that a screen reader gives, forced colours, and reduced motion."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser import pages
from tests.browser.watching import Visitor

_ORDER = {
    "letter": [
        'link "Skip to the content"', "- banner:", 'navigation "Site"', "- main:", "[level=1]", "- article:",
        'heading "What we demand" [level=2]', 'link "Sign this letter"', 'complementary "Numbers"',
        'heading "Where they work" [level=2]', 'region "Who has answered"',
        'table "How each executive stands on each demand"', 'list "What the signs mean"', 'region "Who has signed"',
        "- contentinfo:",
    ],
    "sign": [
        'link "Skip to the content"', "- main:", "paragraph: Step 1 of 2", 'heading "Sign the letter" [level=1]',
        "Before you sign: what is seen, and by whom", 'group "How do you want to sign?"', 'radio "Publicly',
        'radio "Confidentially', 'textbox "Your e-mail address"', 'textbox "Your role (optional)"',
        'checkbox "Also mail me news of this campaign"', 'button "Send me the code"', "- contentinfo:",
    ],
    "scoreboard": [
        'link "Skip to the content"', "- main:", 'heading "Scoreboard" [level=1]', 'search "What to show"',
        'combobox "Company"', "- table ", "- caption:", 'columnheader "Executive"', 'rowheader "', 'cell "',
        'list "What the signs mean"', "- contentinfo:",
    ],
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(_ORDER))
def test_a_screen_reader_meets_things_in_this_order_by_these_names(reader: Visitor, name: str):
    reader.page.goto(pages.PUBLIC[name])

    heard = reader.page.locator("body").aria_snapshot()

    rest = heard
    for expected in _ORDER[name]:
        _before, found, rest = rest.partition(expected)
        assert found, f"after what came before it, nothing is called {expected}:\n{heard}"
    assert not re.search(r'- (link|button|textbox|combobox|radio|checkbox|img|table)(?! ")\b.*$', heard, re.M)


def test_with_forced_colours_nothing_is_told_by_colour_alone(reader: Visitor):
    page = reader.page
    page.emulate_media(forced_colors="active")
    try:
        page.goto(pages.PUBLIC["scoreboard"])
        signs = _styles(page, ".standing", "::before", "backgroundColor")
        chips = _styles(page, ".chip, .notice, .button", None, "borderTopWidth")
        page.goto(pages.PUBLIC["sign"])
        page.get_by_label("Confidentially").check()
        chosen = _styles(page, ".choice:has(:checked)", None, "outlineStyle")
    finally:
        page.emulate_media(forced_colors="none")

    assert signs and "rgba(0, 0, 0, 0)" not in signs
    assert "0px" not in chips
    assert set(chosen) == {"solid"}


def test_with_reduced_motion_nothing_moves(reader: Visitor):
    page = reader.page
    page.emulate_media(reduced_motion="reduce")
    try:
        moving = {}
        for name in ("letter", "sign", "signatures"):
            page.goto(pages.PUBLIC[name])
            moving[name] = set(_styles(page, "*", None, "transitionDuration"))
            moving[name] |= set(_styles(page, "*", None, "animationDuration"))
    finally:
        page.emulate_media(reduced_motion="no-preference")

    assert {name: found - {"0s"} for name, found in moving.items()} == {
        "letter": set(),
        "sign": set(),
        "signatures": set(),
    }


def test_zoomed_in_four_times_the_place_to_sign_does_not_cover_the_text(reader: Visitor):
    page = reader.page
    page.goto(pages.PUBLIC["letter"])
    position = "element => getComputedStyle(element).position"
    on_a_phone = page.locator(".sticky-action").evaluate(position)

    page.set_viewport_size({"width": 320, "height": 256})

    expect(page.locator(".sticky-action a")).to_be_attached()
    assert (on_a_phone, page.locator(".sticky-action").evaluate(position)) == ("sticky", "static")


def _styles(page: Page, selector: str, part: str | None, name: str) -> list[str]:
    found: list[str] = page.evaluate(
        "([what, part, name]) => [...document.querySelectorAll(what)].map(one => getComputedStyle(one, part)[name])",
        [selector, part, name],
    )
    return found
