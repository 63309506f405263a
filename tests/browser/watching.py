"""Somebody's browser, and what goes wrong in it unseen: errors, refused content, requests to elsewhere."""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Locator, Page, Request, Response

from tests.journeys.site import Site
from tests.people import Person, code_in

PHONE = {"width": 375, "height": 812}
WIDE = {"width": 1280, "height": 900}


@dataclass
class Visitor:
    """One browser with cookies of its own."""

    site: Site
    context: BrowserContext
    page: Page
    complaints: list[str] = field(default_factory=list)
    pages_seen: list[str] = field(default_factory=list)

    @classmethod
    def arrive(cls, site: Site, context: BrowserContext) -> "Visitor":
        """Open a window and begin to listen."""
        visitor = cls(site, context, context.new_page())
        context.on("console", visitor._heard)
        context.on("weberror", lambda error: visitor.complaints.append(f"script: {error.error}"))
        context.on("request", visitor._asked)
        context.on("response", visitor._answered)
        return visitor

    def _heard(self, message: ConsoleMessage) -> None:
        # A page that answers 404 or 422 is one on purpose; a missing part of a page is told by _answered.
        if message.type in {"error", "warning"} and not message.text.startswith("Failed to load resource"):
            self.complaints.append(f"console at {self.page.url}: {message.text}")

    def _asked(self, request: Request) -> None:
        if urlsplit(request.url).netloc not in {urlsplit(self.site.address).netloc, ""}:
            self.complaints.append(f"asks elsewhere: {request.url}")

    def _answered(self, response: Response) -> None:
        if response.request.resource_type != "document":
            if response.status >= 400:
                self.complaints.append(f"{response.status}: {response.url}")
        elif response.status not in {301, 302, 303}:
            self.pages_seen.append(urlsplit(response.url).path)

    def code(self, address: str) -> str:
        """The newest code that reached this address, as it is written in the mail."""
        return code_in(Person(self.site.address, self.site.mail_folder).wait_for_mail(address))

    def tab_to(self, target: Locator, *, most: int = 40) -> None:
        """Press Tab until the target has the focus."""
        for _ in range(most):
            self.page.keyboard.press("Tab")
            if target.evaluate("element => element === document.activeElement"):
                return
        raise AssertionError(f"the keyboard does not reach {target} within {most} steps")

    def press(self, key: str) -> None:
        """A key that leads to another page."""
        with self.page.expect_navigation():
            self.page.keyboard.press(key)


def width_problem(page: Page) -> str:
    """Which element is too wide for the window, or nothing."""
    found: Any = page.evaluate(
        """() => {
          const root = document.documentElement;
          if (root.scrollWidth <= innerWidth) return "";
          const wide = [...document.querySelectorAll("main *")].find(element => {
            const place = element.getBoundingClientRect();
            return place.right > innerWidth + 1 || place.left < -1;
          });
          return `${root.scrollWidth} > ${innerWidth}: ${wide ? wide.outerHTML.slice(0, 120) : "outside of main"}`;
        }"""
    )
    return str(found)
