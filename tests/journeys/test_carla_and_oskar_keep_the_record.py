"""Carla records what an executive said, Oskar checks it, and the public scoreboard changes."""

import re
from datetime import UTC, datetime

from tests.journeys.campaigns import Letter, account_code, organiser
from tests.people import plain


def test_a_statement_counts_once_a_second_member_has_checked_it(letter: Letter):
    letter.sign(letter.site.person(), f"ben@{letter.domain}", "public", name="Ben")
    oskar, address = organiser(letter.site, "oskar")
    letter.carla.visit(f"{letter.team_page}team/")
    letter.carla.send(containing="email", email=address, role="tracker")
    oskar.visit("/organise/")
    oskar.send(containing="accept", accept="1")
    carla, reader = letter.carla, letter.site.person()
    carla.visit(f"{letter.team_page}record/new/")
    speak = re.findall(r'name="(demand_\d+)"', carla.page.text)[1]
    ada = re.search(r'name="executives" value="(\d+)"', carla.page.text)
    assert ada
    carla.send(
        containing="quote",
        executives=ada.group(1),
        quote="Robots worry me",
        channel="television interview",
        date=datetime.now(UTC).date().isoformat(),
        source_title="The Evening Paper",
        record="1",
        **{speak: "partly"},
    )
    entry = re.search(rf"{letter.team_page}record/[0-9a-f-]{{36}}/", carla.page.text)
    assert entry
    before = plain(reader.visit(f"/campaigns/{letter.slug}/"))

    carla.visit(entry.group())
    assert "Somebody else in your team has to check it" in plain(carla.page.text)
    oskar.visit(entry.group())
    oskar.send(containing="check", check="1")
    assert "By the rules this changes a standing" in plain(oskar.page.text)
    oskar.send(containing="reason", reason="She is worried, and promises nothing.", decide="1")
    cell = re.search(rf"{letter.team_page}cells/\d+/\d+/", carla.visit(f"{letter.team_page}record/"))
    assert cell
    carla.visit(cell.group())
    carla.send(containing="check", check="1")

    after = plain(reader.visit(f"/campaigns/{letter.slug}/"))
    assert "0 of 2 executives addressed have spoken" in before
    assert "Robots worry me" not in before
    assert "1 of 2 executives addressed have spoken" in after
    assert "1 person at Acme signed unaddressed partly met" in after
    assert "“Robots worry me”" in after
    assert "The Evening Paper" in after
    record = plain(reader.visit(f"/campaigns/{letter.slug}/executives/ada-boss/"))
    assert "partly met" in record
    assert "1 verified person at Acme signed" in record
    assert account_code(oskar, address)


def test_the_real_campaign_says_what_was_reported_and_no_more(site):
    page = plain(site.person().visit("/campaigns/iceout-2026/"))

    assert "the people behind it are not named" in page
    for name in ("Dario Amodei", "Sam Altman", "Tim Cook", "Andy Jassy", "Lisa Su", "Jeff Dean", "James Dyett"):
        assert name in page
    assert "reported silent as of 28 January 2026" in page
    assert "No response reported as of 28 January 2026." in page
    assert "silent for" not in page
    assert "known through The New York Times" in page
    timeline, _, apart = page.partition("Related letters")
    assert "Minnesota Chamber of Commerce letter" in apart
    assert "Before the letter Context, never counted as an answer." in apart
    assert "Blog post sharply criticising" in apart.partition("Before the letter")[2]
    assert "Blog post sharply criticising" not in timeline
    assert "people at" not in page, "no signature is invented for a real letter"
    altman = plain(site.person().visit("/campaigns/iceout-2026/executives/altman/"))
    assert "spoke internally, which does not count" in altman
    assert "Context, never counted as an answer." in altman
    amodei = plain(site.person().visit("/campaigns/iceout-2026/executives/amodei/"))
    assert "claims not applicable" in amodei
    assert "partly met" in amodei
