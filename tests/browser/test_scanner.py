"""A mail gateway with a browser of its own: it runs scripts, follows every link, fills in and sends every form (A2)."""

import re
import time

from playwright.sync_api import Page
from playwright.sync_api import TimeoutError as Waited

from tests.browser.conftest import Arrive
from tests.browser.watching import Visitor
from tests.journeys.campaigns import Letter
from tests.people import Person, code_in, plain, text_of

_MOST = 25  # pages; the letter, its campaign and all that hangs on them are fewer
_LINKS = """slug => [...document.querySelectorAll("a[href]")].map(link => new URL(link.href, location))
  .filter(url => url.origin === location.origin && url.pathname.includes(slug)).map(url => url.pathname)
  .filter(path => !path.includes("."))"""  # a picture on its own is shown in a page of the browser's making
_SEND = """([number, address]) => {
  const form = document.querySelectorAll("main form")[number];
  for (const field of form.elements) {
    if (["checkbox", "radio"].includes(field.type)) field.checked = true;
    else if (field.tagName === "SELECT") field.selectedIndex = field.options.length - 1;
    else if (!["hidden", "submit", "button", "file", "fieldset"].includes(field.type)) {
      field.value = { email: address, number: "10", date: "2026-01-01", url: "https://scanner.example/" }[field.type]
        ?? (field.name === "code" ? "ABCD EFGH" : "Plausible Words");
    }
  }
  form.noValidate = true;
  form.requestSubmit();
}"""


def test_a_scanner_that_runs_scripts_and_sends_every_form_signs_nothing(arrive: Arrive, letter: Letter):
    ana, gateway = arrive(), arrive()
    address = f"ana.{time.time_ns()}@{letter.domain}"
    before = _signed(letter)
    ana.page.goto(f"/letters/{letter.slug}/sign/")
    ana.page.get_by_label("Confidentially").check()
    ana.page.get_by_label("Your e-mail address").fill(address)
    ana.page.get_by_role("button", name="Send me the code").click()
    ana.page.wait_for_url("**/code/")
    mail = Person(letter.site.address, letter.site.mail_folder).wait_for_mail(address)

    in_mail = re.findall(r"https?://\S+", text_of(mail))
    opened, sent = _scan(gateway, letter, address, [*in_mail, f"/letters/{letter.slug}/"])

    assert in_mail == []
    assert f"/letters/{letter.slug}/code/" in gateway.pages_seen
    assert len(opened) > 8 and sent > 5
    assert _signed(letter) == before
    ana.page.get_by_label("Code").fill(code_in(mail))
    ana.page.get_by_role("button", name="Sign", exact=True).click()
    ana.page.wait_for_url("**/signed/")


def _scan(gateway: Visitor, letter: Letter, address: str, waiting: list[str]) -> tuple[set[str], int]:
    """Which pages were opened, and how many forms were sent."""
    page, opened, sent = gateway.page, set[str](), 0
    while waiting and len(opened) < _MOST:
        here = waiting.pop(0)
        if here in opened:
            continue
        opened.add(here)
        page.goto(here)
        waiting += page.evaluate(_LINKS, letter.slug)
        for number in range(page.locator("main form").count()):
            page.goto(here)
            if number >= page.locator("main form").count():
                break  # what was sent a moment ago changed the page
            sent += 1
            _send(page, number, address)
            waiting += page.evaluate(_LINKS, letter.slug)
            if page.locator("main form").count():
                _send(page, 0, address)  # the page that it led to, a code's for one, has forms too
    return opened, sent


def _send(page: Page, number: int, address: str) -> None:
    try:
        with page.expect_navigation(timeout=4_000):
            page.evaluate(_SEND, [number, address])
    except Waited:
        pass  # a form that only its script uses


def _signed(letter: Letter) -> str:
    """What the letter's page says of how many signed, and of whom."""
    return plain(letter.site.person().visit(f"/letters/{letter.slug}/signatures/"))
