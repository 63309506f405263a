"""Every page there is, by address; some of them are found by following a link on another."""

import time
from dataclasses import dataclass

from playwright.sync_api import Page

GROWN = "/letters/eyes-off-our-desks/"
REAL = "/letters/iceout-2026/"
CAMPAIGN = "/campaigns/eyes-off-our-desks/"
DESK = "/organise/campaigns/eyes-off-our-desks/"

PUBLIC = {
    "home": "/",
    "letter": GROWN,
    "letter-iceout": REAL,
    "sign": f"{GROWN}sign/",
    "signed": f"{GROWN}signed/",
    "code": f"{GROWN}code/",
    "withdraw": f"{GROWN}withdraw/",
    "withdraw-done": f"{GROWN}withdraw/done/",
    "signatures": f"{GROWN}signatures/",
    "signatures-filtered": f"{GROWN}signatures/?level=work",
    "signatures-by-name": f"{GROWN}signatures/?order=name",
    "signatures-employers": f"{GROWN}signatures/employers/",
    "signatures-elsewhere": f"{GROWN}signatures/elsewhere/",
    "signatures-none": f"{GROWN}signatures/?q=nobody+has+this+name",
    "signatures-organisations": f"{GROWN}signatures/organisations/",
    "organisation-join": f"{GROWN}organisations/join/",
    "organisation-done": f"{GROWN}organisations/join/done/",
    "organisation-leave": f"{GROWN}organisations/leave/",
    "versions": f"{GROWN}versions/",
    "campaign": CAMPAIGN,
    "scoreboard": f"{CAMPAIGN}scoreboard/",
    "movement": f"{CAMPAIGN}movement/?since=2026-01-01",
    "scoreboard-silent": "/campaigns/iceout-2026/scoreboard/?standing=unaddressed&demand=1&sort=silent",
    "scoreboard-none": f"{CAMPAIGN}scoreboard/?company=nobody",
    "campaign-iceout": "/campaigns/iceout-2026/",
    "executive": f"{CAMPAIGN}executives/castellan/",
    "report": f"{CAMPAIGN}report/?executive=castellan",
    "report-done": f"{CAMPAIGN}report/done/",
    "campaign-then": "/campaigns/iceout-2026/?on=2026-01-28",
    "executive-held-by-two": f"{CAMPAIGN}executives/tidewater-ceo/",
    "executive-then": "/campaigns/iceout-2026/executives/amodei/?on=2026-01-28",
    "news": f"{CAMPAIGN}news/",
    "news-done": f"{CAMPAIGN}news/done/",
    "share": f"{GROWN}share/",
    "press": f"{GROWN}press/",
    "numbers": f"{GROWN}numbers/",
    "embed": "/embed/letters/eyes-off-our-desks/?theme=dark",
    "accessibility": "/accessibility/",
    "missing": "/letters/no-such-letter/",
    "login": "/accounts/login/",
    "signup": "/accounts/signup/",
    "mailbox": "/mailbox/",
}
# The way of a signer, and what she reads on it: looked at in Arabic too.
MIRRORED = (
    "home",
    "letter",
    "sign",
    "code",
    "signed",
    "signatures",
    "withdraw",
    "campaign",
    "executive",
)
TEAM = {
    "overview": "/organise/",
    "start": "/organise/start/",
    "search": "/organise/search/?q=desks",
    "search-none": "/organise/search/?q=nothing+has+these+words",
    "gallery": "/organise/gallery/",
    "desk": DESK,
    "about": f"{DESK}about/",
    "demands": f"{DESK}demands/",
    "employers": f"{DESK}employers/",
    "executives": f"{DESK}executives/",
    "letter-new": f"{DESK}new-letter/",
    "letter-desk": f"{DESK}letters/eyes-off-our-desks/",
    "letter-deliver": f"{DESK}letters/eyes-off-our-desks/deliver/",
    "letter-elsewhere": f"{DESK}letters/eyes-off-our-desks/elsewhere/",
    "letter-people": f"{DESK}letters/eyes-off-our-desks/people/",
    "letter-change": f"{DESK}letters/eyes-off-our-desks/change/",
    "write": f"{DESK}letters/eyes-off-our-desks/write/",
    "history": f"{DESK}letters/eyes-off-our-desks/history/",
    "comments": f"{DESK}letters/eyes-off-our-desks/comments/",
    "translate": f"{DESK}letters/eyes-off-our-desks/translate/",
    "letter-close": f"{DESK}letters/eyes-off-our-desks/close/",
    "arrivals": f"{DESK}letters/eyes-off-our-desks/arrivals/",
    "removals": f"{DESK}letters/eyes-off-our-desks/removals/",
    "removal-new": f"{DESK}letters/eyes-off-our-desks/removals/new/?level=work",
    "removal-lower": f"{DESK}letters/eyes-off-our-desks/removals/lower/",
    "record": f"{DESK}record/",
    "statement-new": f"{DESK}record/new/",
    "related-letter-new": f"{DESK}record/new/related_letter/",
    "replies": f"{DESK}replies/",
    "reply-addresses": f"{DESK}replies/addresses/",
    "reminders": f"{DESK}reminders/",
    "forecast": f"{DESK}reminders/forecast/",
    "offices": f"{DESK}outreach/",
    "updates": f"{DESK}updates/",
    "settings": "/organise/settings/",
    "letter-signers": f"{DESK}letters/eyes-off-our-desks/signers/",
    "review": f"{DESK}review/",
    "held-names": f"{DESK}review/names/",
    "organisations": f"{DESK}review/organisations/",
    "team": f"{DESK}team/",
    "log": f"{DESK}log/",
    "files": f"{DESK}files/",
    "account": "/accounts/email/",
}
# Pages with a number in their address: where a link to one stands, and how that link's address begins.
# Where several begin so, how it ends, too.
FOUND: dict[str, tuple[str, ...]] = {
    "version": (f"{GROWN}versions/", f"{GROWN}versions/"),
    "demand": (f"{DESK}demands/", f"{DESK}demands/"),
    "employer": (f"{DESK}employers/", f"{DESK}employers/"),
    "executive-desk": (f"{DESK}executives/", f"{DESK}executives/"),
    "holders": (f"{DESK}executives/", f"{DESK}executives/", "/holders/"),
    "entry": (f"{DESK}record/", f"{DESK}record/"),
    "cell": (f"{DESK}record/", f"{DESK}cells/"),
    "office": (f"{DESK}outreach/", f"{DESK}outreach/"),
    "reminder": (DESK, f"{DESK}reminders/"),
}


@dataclass(frozen=True)
class Organiser:
    """Somebody of the demo team."""

    email: str
    password: str


def organisers(text: str) -> list[Organiser]:
    """The demo team as its sign-in file names it: who owns first, who checks second."""
    lines = [line.partition(": ")[2].partition(" / ") for line in text.splitlines() if " / " in line]
    return [Organiser(email=email, password=password) for email, _, password in lines]


def sign_in(page: Page, organiser: Organiser) -> None:
    """Sign in as a person does."""
    page.goto("/accounts/login/?next=/organise/")
    page.locator("#id_login").fill(organiser.email)
    page.locator("#id_password").fill(organiser.password)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/organise/")


def found(page: Page, name: str) -> str:
    """The address of a page with a number in it."""
    from_address, beginning, *ending = FOUND[name]
    page.goto(from_address)
    end = f'[href$="{ending[0]}"]' if ending else ""
    href = page.locator(
        f'main a[href^="{beginning}"]{end}:not([href$="/new/"]):not([href="{beginning}"])'
    ).first.get_attribute("href")
    assert href
    return href


def ask_for_code(page: Page) -> None:
    """Come to the code page as a signer does."""
    page.goto(PUBLIC["sign"])
    page.locator("[name=visibility][value=confidential]").check()
    page.locator("[name=email]").fill(f"somebody.{time.time_ns()}@northwind.example")
    page.locator("form.form .button-row button").first.click()
    page.wait_for_url("**/code/")
