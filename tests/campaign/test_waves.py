"""A team is told once that many more signatures than usual came in, and sees where they came from."""

from datetime import timedelta

import pytest

from campaign import organising, waves
from campaign.models import Membership, Reminder, Role
from letters.models import Letter
from tests.campaign.reminders.story import let_go
from tests.cast import browser_of, organiser
from tests.letters.test_arrivals import BEGAN, LATER, TROLL, come

pytestmark = pytest.mark.django_db
PAGE = "/organise/campaigns/robots/letters/robots/arrivals/"
MORNING = LATER + timedelta(hours=9)  # of the team's day, when mail may reach it


def told() -> int:
    return Reminder.objects.filter(kind="wave").count()


@pytest.fixture
def vicky(cast):
    """A verifier of the team."""
    user = organiser("Vicky")
    Membership.objects.create(team=cast.campaign.team, user=user, role=Role.VERIFIER)
    return user


def test_those_who_guard_the_list_are_told_once_in_words_and_without_numbers(cast, vicky, mailbox):
    come(cast, 33, employer=cast.acme)

    assert [waves.look(now=LATER), waves.look(now=LATER + timedelta(minutes=5))] == [1, 0]
    let_go(LATER)
    let_go(MORNING)

    [mail] = mailbox("vicky@")
    assert mail.subject == "Stop the robots: many more signatures than usual"
    assert "From 2 February 2026, 00:00 CET until 01:00, many more" in mail.text
    assert "- at Acme: 25–49" in mail.text
    assert "- from one mail domain, which the page names: 25–49" in mail.text
    assert "take false signatures off the list, with a reason" in mail.text
    assert PAGE in mail.text
    assert "33" not in mail.text
    assert TROLL not in mail.text
    assert len(mailbox("carla@")) == 1
    assert mailbox("oskar@") == mailbox("vera@") == []


def test_while_it_lasts_nobody_is_told_again(cast):
    come(cast, 12)
    come(cast, 12, began=BEGAN + timedelta(hours=1))

    assert waves.look(now=LATER) == 1
    let_go(LATER)

    assert waves.look(now=LATER + timedelta(hours=1)) == 0


def test_a_wave_that_the_schedule_slept_through_is_told_when_it_wakes(cast):
    come(cast, 12)

    assert waves.look(now=LATER + timedelta(hours=5)) == 1
    assert Reminder.objects.get(kind="wave").asked_for == BEGAN


def test_nine_are_no_wave(cast):
    come(cast, 9)

    assert waves.look(now=LATER) == 0


def test_of_an_example_nobody_is_told(cast):
    Letter.objects.filter(pk=cast.letter.id).update(is_example=True)
    come(cast, 12)

    assert waves.look(now=LATER) == 0


def test_the_last_hour_of_a_letter_that_closed_is_still_looked_at(cast):
    come(cast, 12)
    organising.close_letter(campaign_letter=cast.campaign_letter, by=cast.carla, now=BEGAN + timedelta(minutes=55))

    assert waves.look(now=LATER) == 1


def test_what_redis_forgot_is_not_told(cast, mailbox, empty_memory):
    come(cast, 12)
    waves.look(now=LATER)
    empty_memory.flushdb()

    let_go(LATER)

    assert mailbox("carla@") == []
    assert Reminder.objects.get(kind="wave").reason == "what came in then is not known any more"


@pytest.mark.parametrize(
    ("role", "status"), [("owner", 200), ("editor", 200), ("verifier", 200), ("tracker", 404), ("viewer", 404)]
)
def test_the_page_is_for_those_who_can_do_something(cast, role, status):
    Membership.objects.filter(user=cast.vera).update(role=role)

    assert browser_of(cast.vera).get(PAGE).status_code == status


def test_an_outsider_finds_no_page(cast, stranger):
    assert browser_of(cast.mallory).get(PAGE).status_code == 404
    assert stranger.get(PAGE).headers["Location"].startswith("/accounts/login/")


def test_the_page_says_where_from_and_about_how_many(cast, time_machine):
    time_machine.move_to(LATER)
    come(cast, 33, employer=cast.acme)

    page = " ".join(browser_of(cast.carla).get(PAGE).content.decode().split())

    assert "<bdi>Acme</bdi>" in page
    assert f"<bdi>{TROLL}</bdi>" in page
    assert page.count("25–49") == 2
    assert "many more than usual" in page
    assert ">33<" not in page


def test_where_nothing_came_the_page_says_so(cast):
    assert "No larger group came in" in browser_of(cast.carla).get(PAGE).content.decode()
