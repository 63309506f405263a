"""The letter's page is light, and on paper it is a letter."""

import gzip

from playwright.sync_api import Page, Response

from tests.browser import pages
from tests.browser.conftest import Arrive
from tests.browser.watching import WIDE

_SLOW_3G = {"offline": False, "latency": 400, "downloadThroughput": 400_000 / 8, "uploadThroughput": 400_000 / 8}


def test_a_first_visit_to_the_grown_letter_is_light(arrive: Arrive, record_property):
    reader = arrive()
    answers: list[Response] = []
    reader.context.on("response", lambda answer: answers.append(answer))
    network = reader.context.new_cdp_session(reader.page)
    network.send("Network.enable")
    sizes: list[float] = []
    network.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))

    reader.page.goto(pages.GROWN, wait_until="networkidle")

    packed = sum(len(gzip.compress(answer.body())) for answer in answers)
    record_property("requests", len(answers))
    record_property("bytes on the wire", sum(sizes))
    record_property("bytes compressed", packed)
    print(f"{len(answers)} requests, {sum(sizes):.0f} bytes on the wire, {packed} compressed")
    assert 2 <= len(answers) <= 8
    assert packed < 20_000
    assert sum(sizes) < 60_000


def test_on_slow_3g_the_letter_is_read_and_the_form_can_be_filled_in_within_five_seconds(arrive: Arrive):
    times = {}
    for name, path, wanted in (
        ("letter", pages.GROWN, "a.button[href$='/sign/']"),
        ("form", pages.PUBLIC["sign"], "form.form .button-row button"),
    ):
        page = arrive().page  # nobody who was here before
        network = page.context.new_cdp_session(page)
        network.send("Network.enable")
        network.send("Network.emulateNetworkConditions", _SLOW_3G)

        page.goto(path, wait_until="commit")
        page.locator(wanted).locator("visible=true").first.wait_for()
        there = page.evaluate("performance.now()")

        times[name] = max(there, _painted(page))

    print({what: round(time) for what, time in times.items()})
    assert max(times.values()) < 5000, times


def _painted(page: Page) -> float:
    """When the first words were there to be read, in milliseconds."""
    for _ in range(100):
        if found := page.evaluate("performance.getEntriesByName('first-contentful-paint')[0]?.startTime"):
            return float(found)
        page.wait_for_timeout(50)
    raise AssertionError("nothing was painted")


def test_on_paper_the_letter_stands_alone(arrive: Arrive):
    page = arrive(viewport=WIDE).page
    page.goto(pages.GROWN)
    hidden = {
        "the site's navigation": page.locator(".page-header nav"),
        "the footer": page.locator(".page-footer"),
        "the place to sign": page.locator(".sticky-action"),
        "the button": page.locator(".columns__aside .button"),
    }
    on_screen = [what for what, element in hidden.items() if element.is_visible()]

    page.emulate_media(media="print", color_scheme="dark")

    assert on_screen == list(hidden)
    assert [what for what, element in hidden.items() if element.is_visible()] == []
    assert page.locator("article.letter").is_visible()
    assert page.locator(".letter__demands").first.is_visible()
    colours = page.locator("article.letter").evaluate(
        "e => [getComputedStyle(e).color, getComputedStyle(document.body).backgroundColor]"
    )
    assert colours == ["rgb(0, 0, 0)", "rgb(255, 255, 255)"]
