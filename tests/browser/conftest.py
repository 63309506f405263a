"""A real browser on the running product: one site, one Chromium, a window of one's own for each story."""

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser import chromium, pages
from tests.browser.watching import PHONE, Visitor
from tests.journeys.campaigns import Letter, open_letter
from tests.journeys.site import Site

Arrive = Callable[..., Visitor]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests of this folder can be chosen, or left out, by a mark."""
    for item in items:
        if "browser" in item.path.parts:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="package")
def chrome() -> Iterator[Browser]:
    """One Chromium, ended with this folder's last test: its event loop would trouble Django's tests."""
    # While that loop turns, Django takes every test of this process for asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**chromium.launch_options())
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def arrive(chrome: Browser, site: Site) -> Iterator[Arrive]:
    """Somebody new in front of a browser, by default a phone's; in the end nothing may have gone wrong in any."""
    visitors: list[Visitor] = []

    def new(**options: Any) -> Visitor:
        context = chrome.new_context(base_url=site.address, **{"viewport": PHONE, "locale": "en-GB", **options})
        context.set_default_timeout(10_000)
        visitors.append(Visitor.arrive(site, context))
        return visitors[-1]

    yield new
    for visitor in visitors:
        visitor.context.close()
    assert [complaint for visitor in visitors for complaint in visitor.complaints] == []


@pytest.fixture(scope="package")
def signed_in(chrome: Browser, site: Site) -> Any:
    """The cookies of the demo organiser, signed in once."""
    context = chrome.new_context(base_url=site.address)
    pages.sign_in(context.new_page(), pages.organisers((site.var / "demo-sign-in.txt").read_text())[0])
    state = context.storage_state()
    context.close()
    return state


@pytest.fixture(scope="package")
def _windows(chrome: Browser, site: Site, signed_in: Any) -> Iterator[dict[str, Visitor]]:
    contexts = {
        name: chrome.new_context(base_url=site.address, locale="en-GB", **options)
        for name, options in (("reader", {}), ("member", {"storage_state": signed_in}))
    }
    yield {name: Visitor.arrive(site, context) for name, context in contexts.items()}
    for context in contexts.values():
        context.close()


@pytest.fixture
def reader(_windows: dict[str, Visitor]) -> Iterator[Visitor]:
    """Anybody, in a window that stays open from test to test: for pages that are only looked at."""
    yield from _looking(_windows["reader"])


@pytest.fixture
def member(_windows: dict[str, Visitor]) -> Iterator[Visitor]:
    """The demo organiser, in a window that stays open from test to test: for pages that are only looked at."""
    yield from _looking(_windows["member"])


def _looking(visitor: Visitor) -> Iterator[Visitor]:
    visitor.complaints.clear()
    visitor.page.set_viewport_size(PHONE)  # type: ignore[arg-type]  # a dict of two numbers
    yield visitor
    assert visitor.complaints == []


@pytest.fixture(scope="package")
def letter(site: Site) -> Letter:
    """A letter of these tests' own."""
    return open_letter(site)
