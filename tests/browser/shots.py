"""Takes pictures of every page into shots/: `make shots`. Arguments name the pages; none means all."""

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser import chromium, pages
from tests.journeys.site import start, stop

WIDTHS = (375, 768, 1280)
PAPER = {"width": 794, "height": 1123}  # A4 at 96 dots an inch
FOLDER = Path("shots")


def main(wanted: list[str]) -> None:
    """Pictures of each page at each width, light, dark and from right to left, and on paper."""
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        site = start(Path(folder))
        try:
            browser = playwright.chromium.launch(**chromium.launch_options())
            take(browser, site.address, (site.var / "demo-sign-in.txt").read_text(), wanted)
            browser.close()
        finally:
            stop(site)


def take(browser: Browser, address: str, sign_in: str, wanted: list[str]) -> None:
    """All pictures of the site at this address."""
    anybody, context = (browser.new_context(base_url=address) for _ in range(2))
    reader, page = anybody.new_page(), context.new_page()
    pages.sign_in(page, pages.organisers(sign_in)[0])
    team = {**pages.TEAM, **{name: pages.found(page, name) for name in pages.FOUND}}
    for window, addresses in ((reader, pages.PUBLIC), (page, team)):
        for name, where in addresses.items():
            if not wanted or name in wanted:
                _of_one(window, name, where)
    _in_arabic(browser, address, wanted)
    anybody.close()
    context.close()


def _in_arabic(browser: Browser, address: str, wanted: list[str]) -> None:
    """The way of a signer as somebody sees it who reads Arabic."""
    context = browser.new_context(base_url=address, locale="ar")
    page = context.new_page()
    for name in pages.MIRRORED:
        if not wanted or name in wanted:
            page.goto(pages.PUBLIC[name])
            if name == "code":
                pages.ask_for_code(page)
            for width in WIDTHS:
                page.set_viewport_size({"width": width, "height": 812 if width < 600 else 900})
                _shoot(page, f"{name}-{width}-ar")
    context.close()


def _of_one(page: Page, name: str, address: str) -> None:
    page.goto(address)
    if name == "code":
        pages.ask_for_code(page)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 812 if width < 600 else 900})
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            _shoot(page, f"{name}-{width}-{scheme}")
    page.emulate_media(color_scheme="light", media="print")
    page.set_viewport_size(PAPER)  # type: ignore[arg-type]  # a dict of two numbers
    _shoot(page, f"{name}-print")
    if name == "letter":
        page.pdf(path=FOLDER / "letter.pdf", format="A4")
    page.emulate_media(media="screen")
    _mirror(page)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 812 if width < 600 else 900})
        _shoot(page, f"{name}-{width}-rtl")


def _mirror(page: Page) -> None:
    """As somebody sees it who reads from right to left; what says its own direction keeps it, but for the letter."""
    page.evaluate(
        """() => {
          document.documentElement.dir = "rtl";
          for (const article of document.querySelectorAll("article.letter")) article.dir = "rtl";
        }"""
    )


def _shoot(page: Page, name: str) -> None:
    page.screenshot(path=FOLDER / f"{name}.png", full_page=True, animations="disabled")


if __name__ == "__main__":
    main(sys.argv[1:])
