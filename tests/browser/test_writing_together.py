"""Three writers finish a letter: one with scripts at a desk, one with a keyboard, one on a phone without scripts."""

import time
from urllib.parse import urlsplit

from playwright.sync_api import expect

from tests.browser.conftest import Arrive
from tests.browser.watching import PHONE, WIDE, Visitor, width_problem
from tests.journeys.campaigns import organiser
from tests.journeys.site import Site
from tests.people import Person

BODY = "Dear all,\n\nplease stop.\n\nWe wait for your answer."


def _draft(site: Site, slug: str) -> tuple[Person, Person, Person]:
    """Carla's campaign with a draft, and Edda and Nils who may write on it."""
    (carla, _), *others = (organiser(site, name) for name in ("carla", "edda", "nils"))
    desk = f"/organise/campaigns/{slug}/"
    carla.visit("/organise/start/")
    carla.send(containing="title", team="Colleagues", title="Stop the robots", slug=slug, summary="About robots.")
    carla.visit(f"{desk}demands/")
    carla.send(containing="text", text="Stop every robot")
    carla.visit(f"{desk}employers/")
    carla.send(containing="domains", name="Acme", domains=f"{slug}.example")
    carla.visit(f"{desk}executives/")
    carla.send(containing="employer", name="Ada Boss", title="Chief executive")
    carla.visit(f"{desk}new-letter/")
    carla.send(containing="body", title="Stop the robots", slug=slug, body=BODY)
    for person, address in others:
        carla.visit(f"{desk}team/")
        carla.send(containing="email", email=address, role="editor")
        person.visit("/organise/")
        person.send(containing="/invitations/", accept="1")
    return carla, others[0][0], others[1][0]


def _sit_down(visitor: Visitor, person: Person) -> None:
    """Go on in a browser where somebody is signed in."""
    host = urlsplit(visitor.site.address).hostname
    visitor.context.add_cookies(
        [{"name": one.name, "value": one.value or "", "domain": host, "path": "/"} for one in person.web.cookies.jar]
    )


def test_three_writers_finish_a_letter_with_comments_suggestions_and_approvals(arrive: Arrive, site: Site):
    carla, edda, nils = (
        arrive(viewport=WIDE), arrive(viewport=WIDE), arrive(viewport=PHONE, java_script_enabled=False)
    )  # fmt: skip
    slug = f"together-{time.time_ns()}"
    for visitor, person in zip((carla, edda, nils), _draft(site, slug), strict=True):
        _sit_down(visitor, person)
    letter = f"/organise/campaigns/{slug}/letters/{slug}/"

    nils.page.goto(f"{letter}comments/")
    nils.page.get_by_role("textbox", name="Passage", exact=True).fill("please stop")
    nils.page.get_by_role("textbox", name="Other words for the passage").fill("please stop at once")
    nils.page.get_by_role("button", name="Say it").click()
    expect(nils.page.locator(".source mark")).to_have_text("please stop")
    nils.page.get_by_role("textbox", name="Passage", exact=True).fill("your answer")
    nils.page.get_by_label("What you want to say").fill("By when?")
    nils.page.get_by_role("button", name="Say it").click()
    assert width_problem(nils.page) == ""

    carla.page.goto(f"{letter}comments/")
    carla.page.get_by_role("button", name="Put these words in").click()
    expect(carla.page.locator(".source")).to_contain_text("please stop at once")

    nils.page.goto(f"{letter}write/")
    carla.page.goto(f"{letter}write/")
    carla.page.get_by_role("textbox", name="Text").fill(
        BODY.replace("please stop", "please stop at once").replace("all", "everybody")
    )
    expect(carla.page.locator("[data-preview-here] .letter")).to_contain_text("Dear everybody")
    expect(carla.page.locator("[data-kept]")).to_contain_text("Kept at")
    carla.page.get_by_role("button", name="Save the draft").click()
    expect(carla.page.locator("main, .messages").first).to_contain_text("Saved.")
    carla.page.get_by_role("textbox", name="Text").press_sequentially(" ")
    expect(carla.page.locator("[data-copy-offer]")).to_be_hidden()

    nils.page.get_by_role("textbox", name="Text").fill(
        BODY.replace("please stop", "please stop at once") + "\n\nBy March."
    )
    nils.page.get_by_role("button", name="Save the draft").click()
    expect(nils.page.get_by_role("alert")).to_contain_text("Below is what both of you wrote")
    expect(nils.page.get_by_role("textbox", name="Text")).to_contain_text("Dear everybody")
    expect(nils.page.get_by_role("textbox", name="Text")).to_contain_text("By March.")
    nils.page.get_by_role("button", name="Save the draft").click()
    nils.page.goto(f"{letter}comments/")
    nils.page.get_by_role("button", name="Resolve").click()

    carla.page.goto(f"{letter}open/")
    carla.page.get_by_role("button", name="Open the letter").click()
    expect(carla.page.get_by_role("alert")).to_contain_text("0 of 1 approvals")

    edda.page.goto(f"{letter}approval/")
    approve = edda.page.get_by_role("button", name="Approve exactly this text")
    edda.tab_to(approve)
    edda.press("Enter")
    expect(edda.page.locator("main")).to_contain_text("This text is approved and may open")

    carla.page.get_by_role("button", name="Open the letter").click()
    expect(carla.page.locator(".chip--open")).to_be_visible()
    reader = arrive()
    reader.page.goto(f"/letters/{slug}/")
    for words in ("Dear everybody", "please stop at once", "By March."):
        expect(reader.page.locator(".letter")).to_contain_text(words)


def test_the_writing_room_needs_no_mouse(arrive: Arrive, site: Site):
    edda, slug = arrive(viewport=WIDE), f"keys-{time.time_ns()}"
    _carla, writer, _nils = _draft(site, slug)
    _sit_down(edda, writer)
    room = f"/organise/campaigns/{slug}/letters/{slug}/"

    edda.page.goto(f"{room}write/")
    edda.tab_to(edda.page.get_by_role("textbox", name="Text"))
    edda.page.keyboard.press("Control+End")
    edda.page.keyboard.type("\n\nBy March.")
    edda.tab_to(edda.page.get_by_role("button", name="Save the draft"))
    edda.press("Enter")
    expect(edda.page.locator("main, .messages").first).to_contain_text("Saved.")

    edda.page.goto(f"{room}comments/")
    edda.tab_to(edda.page.get_by_role("textbox", name="Passage", exact=True))
    edda.page.keyboard.type("By March")
    edda.tab_to(edda.page.get_by_role("textbox", name="Other words for the passage"))
    edda.page.keyboard.type("By April")
    edda.tab_to(edda.page.get_by_role("button", name="Say it"))
    edda.press("Enter")
    edda.tab_to(edda.page.get_by_role("button", name="Put these words in"))
    edda.press("Enter")
    expect(edda.page.locator(".source")).to_contain_text("By April.")

    edda.page.goto(f"{room}history/")
    edda.tab_to(edda.page.locator("main a").last)
    edda.press("Enter")
    restore = edda.page.get_by_role("button", name="Restore")
    edda.tab_to(restore)
    edda.press("Enter")
    edda.page.goto(f"{room}write/")
    expect(edda.page.get_by_role("textbox", name="Text")).not_to_contain_text("By April.")
