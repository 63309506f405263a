"""A tracker at her keyboard: a statement with source and quote in under a minute."""

import time

from playwright.sync_api import expect

from tests.browser import pages
from tests.browser.conftest import Arrive
from tests.browser.watching import WIDE

PASTED = (
    "https://ledger.example/2026/03/30/quillworks-chief-answers\n"
    "Quillworks chief answers his staff at last | The Harbour Ledger\n"
    "“We will print what we measure on the first of every month.”"
)


def test_a_statement_is_on_record_after_a_paste_and_a_few_keys(arrive: Arrive, signed_in: object):
    page = arrive(storage_state=signed_in, viewport=WIDE).page
    page.goto(pages.TEAM["statement-new"])
    begin, keys = time.monotonic(), 0

    def press(*names: str) -> None:
        nonlocal keys
        for name in names:
            page.keyboard.press(name)
            keys += 1

    page.get_by_label("Paste what you have").focus()
    page.keyboard.insert_text(PASTED)
    page.get_by_role("button", name="Fill in from what I pasted").focus()
    press("Enter")
    expect(page.get_by_label("Title of the source")).to_have_value("Quillworks chief answers his staff at last")
    expect(page.get_by_label("Exact words, or")).to_have_value(
        "We will print what we measure on the first of every month."
    )
    page.get_by_role("searchbox", name="Who").focus()
    press(*"van", "Enter")
    page.get_by_label("Date", exact=True).fill(time.strftime("%Y-%m-%d"))
    page.get_by_role("button", name="Put it on record").focus()
    press("Enter")

    expect(page.locator("main")).to_contain_text("It is public once somebody else in your team has checked it")
    assert keys <= 10
    assert time.monotonic() - begin < 60
