"""Somebody tells others of a letter: by copying words, and with a card on a site of her own."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest
from playwright.sync_api import Browser

from tests.browser import pages
from tests.browser.conftest import Arrive
from tests.journeys.site import Site

CARD = "/embed/letters/eyes-off-our-desks/"


@pytest.mark.parametrize("scripts", [True, False], ids=["with-scripts", "without-scripts"])
def test_words_are_copied_with_the_keyboard_or_selected(arrive: Arrive, scripts: bool):
    somebody = arrive(java_script_enabled=scripts, permissions=["clipboard-read", "clipboard-write"] if scripts else [])
    page = somebody.page
    page.goto(pages.GROWN)
    somebody.tab_to(page.get_by_role("link", name="Tell others"))
    somebody.press("Enter")
    address = page.locator("#share-address").inner_text()

    assert address == f"{somebody.site.address}{pages.GROWN}"
    assert page.frame_locator("iframe").get_by_role("link", name="Read and sign").is_visible()
    if not scripts:
        here = page.get_by_role("main")
        assert here.locator("button").count() == here.locator("button[hidden]").count() > 3
        return
    somebody.tab_to(page.get_by_role("button", name="Copy the address"))
    page.keyboard.press("Enter")
    page.get_by_text("Copied").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == address


@contextmanager
def elsewhere(code: str) -> Iterator[str]:
    """A site of somebody else's whose only page holds this code; answers its address."""

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(f"<!doctype html><title>Elsewhere</title><link rel=icon href=data:,>{code}".encode())

        def log_message(self, *args: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Page)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


def test_another_site_shows_the_card_and_no_other_page(chrome: Browser, site: Site):
    context = chrome.new_context(base_url=site.address)
    page, refused = context.new_page(), []
    page.set_default_timeout(10_000)
    page.on("console", lambda message: refused.append(message.text) if message.type == "error" else None)
    page.goto(f"{pages.GROWN}share/")
    code = page.locator("#share-frame").inner_text()
    with elsewhere(code) as address:
        page.goto(address)
        card = page.frame_locator("iframe")
        with context.expect_page() as opened:
            card.get_by_role("link", name="Read and sign").click()

        assert card.locator("body").evaluate("body => getComputedStyle(body).backgroundColor") == "rgb(252, 252, 250)"
        assert opened.value.url == f"{site.address}{pages.GROWN}"
        assert opened.value.evaluate("document.referrer") == "" and opened.value.evaluate("opener") is None
        assert context.cookies() == [] and refused == []

        with page.expect_console_message(lambda message: "frame-ancestors" in message.text):
            page.locator("iframe").evaluate(
                "(frame, address) => { frame.src = address }", f"{site.address}{pages.GROWN}"
            )
    context.close()
