"""A new campaign's checklist leads to an open letter, can be put away, and is gone once all is done."""

import pytest

from campaign import first_steps, organising
from campaign.models import Campaign, Invitation
from letters import employers
from tests.campaign.test_review import said
from tests.cast import NOW, Cast, browser_of, organiser

pytestmark = pytest.mark.django_db
DESK = "/organise/campaigns/quiet/"


@pytest.fixture
def quiet(db) -> Campaign:
    """A campaign of Nora's with nothing in it."""
    return organising.start_campaign(
        team=None, team_name="Night shift", owner=organiser("Nora"), title="Quiet", slug="quiet", summary="",
        organisers="", organisers_named=True, time_zone="UTC", now=NOW,
    )  # fmt: skip


def nora(campaign):
    return campaign.team.memberships.get().user


def next_of(campaign) -> tuple[int, str]:
    steps = first_steps.of(campaign)
    return steps.done, steps.next.address if steps.next else ""


def test_each_step_leads_to_the_next(quiet):
    by = nora(quiet)
    seen = [next_of(quiet)]
    acme = employers.add(directory_id=quiet.directory_id, name="Acme", domains=["acme.example"])
    seen.append(next_of(quiet))
    organising.add_executive(
        campaign=quiet, name="Ada", title="Chief", employer_id=acme, addressed=True, by=by, now=NOW
    )  # fmt: skip
    seen.append(next_of(quiet))
    organising.add_demand(campaign=quiet, text="Hush", must_be_public=False, by=by, now=NOW)
    seen.append(next_of(quiet))
    one = organising.write_letter(campaign=quiet, title="Hush", slug="hush", body="Dear all", by=by, now=NOW)
    seen.append(next_of(quiet))
    Invitation.objects.create(team=quiet.team, email="x@team.example", role="editor", invited_by=by, invited_at=NOW)
    seen.append(next_of(quiet))
    organising.open_letter(campaign_letter=one, by=by, now=NOW)

    pages = ["employers/", "executives/", "demands/", "new-letter/", "team/", "letters/hush/"]
    assert seen == [(number, DESK + page) for number, page in enumerate(pages, 1)]
    assert next_of(quiet) == (7, "")
    assert "To an open letter" not in said(browser_of(by).get(DESK))


def test_the_pages_it_leads_to_say_what_comes_next(quiet):
    page = said(browser_of(nora(quiet)).get(f"{DESK}demands/"))

    assert "1 of 7 done. Next: Add the companies whose people sign" in page


def test_it_can_be_put_away_and_brought_back(quiet):
    client = browser_of(nora(quiet))

    client.post(f"{DESK}steps/")
    away, elsewhere = (said(client.get(page)) for page in (DESK, f"{DESK}demands/"))
    client.post(f"{DESK}steps/", {"back": "1"})

    assert "To an open letter" not in away
    assert "Show the checklist again" in away
    assert "of 7 done" not in elsewhere
    assert "1 of 7 done." in said(client.get(DESK))


def test_who_looks_on_or_organises_elsewhere_neither_sees_nor_moves_it(db):
    cast = Cast.assemble(opened=False)
    address = "/organise/campaigns/robots/"

    answers = [browser_of(who).post(f"{address}steps/").status_code for who in (cast.vera, cast.oskar, cast.mallory)]

    assert answers == [404, 404, 404]
    assert browser_of(cast.carla).get(f"{address}steps/").status_code == 405
    assert "To an open letter" not in said(browser_of(cast.vera).get(address))
    assert "To an open letter" in said(browser_of(cast.carla).get(address))
    assert not Campaign.objects.filter(steps_put_away=True).exists()
