"""Search finds what a member's own teams have, by any of its words, and nothing else."""

import pytest

from campaign import organising, searching
from campaign.models import Update
from tests.campaign.test_record import say
from tests.campaign.test_review import said
from tests.cast import NOW, Cast, browser_of, sign

pytestmark = pytest.mark.django_db


def found(user, words: str) -> dict[str, list[str]]:
    return {group.title: [hit.title for hit in group.hits] for group in searching.search(user, words)}


def test_every_sort_of_thing_is_found_by_its_words_in_any_spelling(cast):
    say(cast)
    Update.objects.create(campaign=cast.campaign, title="A café for robots", body="Opens today.", published_at=NOW)

    assert found(cast.carla, "ADA bóss") == {
        "Executives": ["Ada Boss, Chief executive, Acme"],
        "On record": ["We will think about it"],
    }
    assert found(cast.carla, "cafe") == {"Updates": ["A café for robots"]}
    assert found(cast.carla, "chief what") == {"Letters": ["Stop the robots"]}
    assert found(cast.carla, "beta")["Employers"] == ["Beta"]
    assert found(cast.carla, "speak publicly") == {"Demands": ["2. Speak out publicly"]}
    assert found(cast.carla, "page 3") == {"On record": ["We will think about it"]}
    assert found(cast.carla, "forecast") == {"Pages": ["Forecast of the next fourteen days"]}
    assert found(cast.carla, "  ") == found(cast.carla, "robots nowhere") == {}


def test_a_draft_and_its_record_are_found_by_their_team_alone(db):
    cast = Cast.assemble(opened=False)
    say(cast)

    assert found(cast.vera, "robots")["Letters"] == ["Stop the robots"]
    for words in ("robots", "think", "boss", "acme", "publicly"):
        assert found(cast.mallory, words) == {}, words


def test_every_hit_leads_to_a_page_that_the_member_may_see(cast):
    say(cast)
    for name in ("carla", "oskar", "vera"):
        user = getattr(cast, name)
        client = browser_of(user)
        hits = [hit for word in ("a", "e") for group in searching.search(user, word) for hit in group.hits]

        assert len(hits) > 12
        assert {client.get(hit.address).status_code for hit in hits} == {200}, name


def test_nobody_who_signed_is_found(cast, mailbox):
    sign(mailbox, address="zoe@acme.example", name="Zoë Quiet", visibility="public", role="Engineer")

    assert found(cast.carla, "zoe") == found(cast.carla, "acme.example") == {}


def test_a_long_list_is_cut_and_says_so(cast):
    for number in range(12):
        organising.add_demand(
            campaign=cast.campaign, text=f"Paint it {number}", must_be_public=False, by=cast.carla, now=NOW
        )  # fmt: skip

    page = said(browser_of(cast.vera).get("/organise/search/?q=paint"))

    assert page.count("Paint it") == searching.MOST
    assert "There are more. Type another word to find fewer." in page


@pytest.mark.parametrize("typed", ["%", "_", "\\", "'; --", "a" * 5000, "\x00", "<script>alert(1)</script>"])
def test_whatever_is_typed_is_words_and_nothing_more(cast, typed):
    answer = browser_of(cast.carla).get("/organise/search/", {"q": typed})

    assert answer.status_code == 200
    assert "<script>alert" not in answer.content.decode()
    assert "Letters" not in found(cast.carla, typed)


def test_who_is_not_signed_in_is_asked_to(stranger):
    assert stranger.get("/organise/search/?q=robots").headers["Location"].startswith("/accounts/login/")


def test_pages_are_named_by_what_a_role_may_see(cast):
    assert found(cast.vera, "write") == {}
    assert found(cast.carla, "write")["Pages"] == ["Write a letter"]
    assert "Pages" not in found(cast.oskar, "names hold")
