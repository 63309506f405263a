"""Ben takes his name off, and Ana waits for others: a phone, a keyboard and nothing else, without scripts."""

import time
from concurrent.futures import ThreadPoolExecutor

from tests.browser.conftest import Arrive
from tests.browser.test_signing import _type_the_code
from tests.browser.watching import width_problem
from tests.journeys.campaigns import Letter, open_letter
from tests.journeys.site import Site
from tests.people import plain


def test_ben_changes_what_is_shown_and_then_takes_it_back_with_the_keyboard(arrive: Arrive, letter: Letter):
    ben, list_of = arrive(java_script_enabled=False), f"/letters/{letter.slug}/signatures/"
    page, address = ben.page, f"ben.{time.time_ns()}@{letter.domain}"
    letter.sign(letter.site.person(), address, "public", name="Vidal Before", role="Engineer")
    reader = letter.site.person()

    page.goto(f"/letters/{letter.slug}/")
    ben.tab_to(page.get_by_role("link", name="Take it back or change what is shown"))
    ben.press("Enter")
    hidden = page.get_by_role("textbox", name="Your name, to be shown").is_visible()
    ben.tab_to(page.get_by_label("Take my signature back"))
    page.keyboard.press("ArrowDown")
    for label, text in (("Your e-mail address", address), ("Your name, to be shown", "Vidal After")):
        ben.tab_to(page.get_by_role("textbox", name=label))
        page.keyboard.type(text)
    problem = width_problem(page)
    ben.press("Enter")
    _type_the_code(ben, address)
    changed = plain(reader.visit(list_of))

    ben.tab_to(page.get_by_role("link", name="Try another address"))
    ben.press("Enter")
    ben.tab_to(page.get_by_label("Your e-mail address"))
    page.keyboard.type(address)
    ben.press("Enter")
    page.wait_for_url("**/code/")
    letter.site.person().wait_for_mail(address, number=3)
    _type_the_code(ben, address)

    assert page.url.endswith("/withdraw/done/")
    assert (hidden, problem) == (False, "")
    assert "Vidal After" in changed
    assert "Before" not in changed
    gone = plain(reader.visit(list_of))
    assert "Vidal" not in gone
    assert "1 person withdrew" in gone


def test_ana_waits_for_nine_others_with_the_keyboard_and_they_are_counted_together(arrive: Arrive, site: Site):
    letter, ana = open_letter(site), arrive(java_script_enabled=False)
    page, team, address = ana.page, letter.carla, f"ana@{letter.domain}"
    desk = f"{letter.team_page}letters/{letter.slug}/"
    team.visit(desk)
    team.send(containing="least", least="10")
    with ThreadPoolExecutor(3) as crowd:
        list(
            crowd.map(
                lambda number: letter.sign(
                    site.person(), f"ana{number}@{letter.domain}", "confidential", release="letter-10"
                ),
                range(9),
            )
        )

    page.goto(f"/letters/{letter.slug}/sign/")
    ana.tab_to(page.get_by_label("Publicly"))
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    ana.tab_to(page.get_by_label("Your e-mail address"))
    page.keyboard.type(address)
    ana.tab_to(page.get_by_label("When shall you be counted?"))
    page.keyboard.press("ArrowDown")
    chosen = page.get_by_label("When shall you be counted?").input_value()
    problem = width_problem(page)
    before = plain(site.person().visit(f"/letters/{letter.slug}/"))
    ana.tab_to(page.get_by_role("button", name="Send me the code"))
    ana.press("Enter")
    _type_the_code(ana, address)
    team.visit(f"{desk}close/")
    team.send(containing="close", close="1")  # at the latest now, so that nobody has to wait for the clock

    assert (chosen, problem) == ("letter-10", "")
    assert "0 people have signed" in before
    assert "10 people have signed" in plain(site.person().visit(f"/letters/{letter.slug}/"))
