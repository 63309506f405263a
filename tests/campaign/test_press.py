"""The press page and the pictures of numbers: dated, of ten or more, and with a table for every picture."""

from io import BytesIO

import pytest
from PIL import Image

from campaign import organising, record
from letters import keyring, pooling
from tests.campaign.test_record import say
from tests.cast import NOW, Cast, browser_of, once, sign

pytestmark = pytest.mark.django_db
PRESS, NUMBERS = "/letters/robots/press/", "/letters/robots/numbers/"


@pytest.fixture
def signed(db, mailbox):
    """Eleven confidential engineers and a named designer at Acme, and a named engineer at Beta."""
    cast = once("signed by thirteen", lambda: _signed(Cast.assemble(), mailbox))
    keyring.create(cast.campaign_letter.letter_id)
    return cast


def _signed(cast: Cast, mailbox) -> Cast:
    for number in range(11):
        sign(mailbox, address=f"ana{number}@acme.example", role="Engineer")
    pooling.publish(letter_id=cast.letter.id, today=NOW.date())
    sign(mailbox, address="ben@acme.example", visibility="public", name="Ben Shown", role="Designer")
    sign(mailbox, address="bea@beta.example", visibility="public", name="Bea Shown", role="Engineer")
    return cast


def contact(cast: Cast, words: str) -> None:
    organising.change_campaign(
        campaign=cast.campaign, title="Stop the robots", summary="", organisers="", organisers_named=True,
        time_zone="UTC", press_contact=words, by=cast.carla, now=NOW,
    )  # fmt: skip


def test_the_press_page_says_the_numbers_with_their_moment_and_where_they_come_from(signed, stranger):
    record.check(entry=say(signed), by=signed.oskar, now=NOW)

    page = stranger.get(PRESS).content.decode()

    assert "<strong>13</strong>" in page and "2 by name, 11 confidentially" in page
    assert "UTC" in page and "Version 1" in page and signed.letter.sha256[:12] in page
    for address in ("scoreboard.png", "record.csv", "record.json", "?canonical", "card.png", "square.png"):
        assert address in page


def test_no_group_below_ten_stands_on_either_page(signed, stranger):
    for address in (PRESS, NUMBERS):
        page = stranger.get(address).content.decode()
        main = page.partition("<main")[2]

        assert "Acme" in main and ">12<" in main
        assert (
            "Beta</bdi>"
            not in main.partition("Where executives stand")[0].partition("<table")[2].partition("</table")[0]
        )
        assert "Design" not in main
    assert "Engineering" in main


def test_a_letter_that_nobody_signed_has_both_pages(cast, stranger):
    assert "<strong>0</strong>" in stranger.get(PRESS).content.decode()
    assert stranger.get(NUMBERS).status_code == 200
    assert stranger.get(f"{NUMBERS}growth.png").status_code == 404


def test_a_draft_has_neither(db, stranger):
    Cast.assemble(opened=False)

    for address in (PRESS, NUMBERS, f"{NUMBERS}standings.png"):
        assert stranger.get(address).status_code == 404


def test_every_picture_is_a_table_too_and_can_be_kept(signed, stranger):
    pages = stranger.get(NUMBERS)
    keys = [figure.key for figure in pages.context["page"].figures]

    assert keys == ["employers", "roles", "standings", "answers"]
    for key in keys:
        answer = stranger.get(f"{NUMBERS}{key}.png")
        assert Image.open(BytesIO(answer.content)).width == 1200
        assert f'id="{key}"' in pages.content.decode() and f"{NUMBERS}{key}.png" in pages.content.decode()
    assert pages.content.decode().count("<table") >= len(keys)
    assert stranger.get(f"{NUMBERS}nothing.png").status_code == 404


def test_an_answer_is_counted_from_the_opening_to_the_first_public_words(signed, stranger):
    record.check(entry=say(signed), by=signed.oskar, now=NOW)

    figure = stranger.get(NUMBERS).context["page"].figures[-1]

    assert "1 of 2 executives have said nothing" in figure.sentence
    assert any(bar.label == "Ada Boss: spoke" for bar in figure.bars)
    assert any("silent so far" in bar.label for bar in figure.bars)


def test_the_team_names_a_contact_and_its_words_are_never_run(cast, stranger):
    without = stranger.get(PRESS).content.decode()
    contact(cast, "press@robots.example <script>")
    page = stranger.get(PRESS).content.decode()

    assert "have named no contact" in without
    assert (
        'href="mailto:press@robots.example"' in page
        and "<script>" not in page.partition("<main")[2].partition("</main")[0]
    )


def test_an_editor_changes_the_contact_and_a_tracker_does_not(cast, stranger):
    address = "/organise/campaigns/robots/about/"
    form = {"title": "Stop the robots", "time_zone": "UTC", "press_contact": "press@robots.example"}

    refused = browser_of(cast.oskar).post(address, form)
    taken = browser_of(cast.carla).post(address, form)

    assert (refused.status_code, taken.status_code) == (404, 302) or (refused.status_code, taken.status_code) == (
        403,
        302,
    )
    assert "press@robots.example" in stranger.get(PRESS).content.decode()


def test_both_pages_cost_the_same_queries_whatever_the_number_of_signatures(
    signed, stranger, django_assert_max_num_queries
):
    for address in (PRESS, NUMBERS):
        with django_assert_max_num_queries(8):
            stranger.get(address)
