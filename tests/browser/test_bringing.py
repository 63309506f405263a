"""A tracker brings in a table on a phone: the page follows the worker by itself, and without JavaScript by a link."""

from playwright.sync_api import Page, expect

from tests.browser import pages
from tests.browser.conftest import Arrive
from tests.browser.watching import width_problem

TABLE = (
    "kind,executive,date,precision,what,source title\n"
    "conduct,castellan,2026-03-01,day,Printed what was measured,A paper of these tests\n"
)


def test_a_table_is_looked_at_left_and_imported(arrive: Arrive, signed_in: object):
    visitor, without = arrive(storage_state=signed_in), arrive(storage_state=signed_in, java_script_enabled=False)
    page = visitor.page
    page.goto(pages.TEAM["record"])
    page.get_by_role("link", name="Bring in a file").click()
    page.get_by_label("File").set_input_files({"name": "table.csv", "mimeType": "text/csv", "buffer": TABLE.encode()})
    page.get_by_role("button", name="Look at it").focus()
    visitor.press("Enter")
    expect(page.locator("main")).to_contain_text("Would be added")
    assert width_problem(page) == ""

    page = without.page
    page.goto(pages.DESK)
    page.get_by_role("link", name="1 file that you handed in is not over").click()
    page.get_by_role("link", name="table.csv").click()
    page.get_by_role("button", name="Import it").focus()
    without.press("Enter")
    _wait_for(page, "Imported: 2 added, 0 changed.")
    page.get_by_role("link", name="Go to the record").click()

    expect(page.locator("main")).to_contain_text("Printed what was measured")


def _wait_for(page: Page, words: str) -> None:
    """Ask again how far it is, until it says so."""
    for _ in range(40):
        if page.get_by_text(words).is_visible():
            return
        page.get_by_role("link", name="How far is it now?").click()
        page.wait_for_timeout(250)
    raise AssertionError(page.locator("main").inner_text())
