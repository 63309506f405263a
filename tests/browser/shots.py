"""Takes pictures of every page into shots/: `make shots`. Arguments name the pages; none means all."""

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser import chromium, pages
from tests.journeys.site import start, stop

WIDTHS = (375, 768, 1280)
FOLDER = Path("shots")


def main(wanted: list[str]) -> None:
    """A picture of each page at each width, light and dark, and of the letter on paper and from right to left."""
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
    if not wanted or "letter" in wanted:
        _on_paper_and_mirrored(reader)
    anybody.close()
    context.close()


def _of_one(page: Page, name: str, address: str) -> None:
    page.goto(address)
    if name == "code":
        pages.ask_for_code(page)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 812 if width < 600 else 900})
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            page.screenshot(path=FOLDER / f"{name}-{width}-{scheme}.png", full_page=True, animations="disabled")
    page.emulate_media(color_scheme="light")


def _on_paper_and_mirrored(page: Page) -> None:
    page.goto(pages.GROWN)
    page.emulate_media(media="print")
    page.pdf(path=FOLDER / "letter.pdf", format="A4")
    page.set_viewport_size({"width": 794, "height": 1123})
    page.screenshot(path=FOLDER / "letter-print.png", full_page=True)
    page.emulate_media(media="screen")
    page.evaluate("document.documentElement.dir = 'rtl'; document.querySelector('article').dir = 'rtl'")
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        page.screenshot(path=FOLDER / f"letter-{width}-rtl.png", full_page=True)


if __name__ == "__main__":
    main(sys.argv[1:])
