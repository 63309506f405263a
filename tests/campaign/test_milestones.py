"""Letters reach numbers: each is told once, and never un-reached."""

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from campaign import milestones
from campaign.models import Milestone, News, Reminder
from letters import counting
from letters.models import Letter
from tests.campaign.reminders.story import let_go
from tests.cast import NOW


def grow(cast, by: int) -> None:
    """So many public signatures more, as far as numbers go."""
    for _ in range(by):
        counting.count_public(
            letter_id=cast.letter.id, version_id=cast.letter.version_id, employer_id=cast.acme, role_group="",
            today=NOW.date(),
        )  # fmt: skip


@pytest.mark.django_db
def test_a_number_is_told_once(cast, mailbox):
    grow(cast, 25)

    assert [milestones.look(now=NOW), milestones.look(now=NOW)] == [1, 0]
    let_go(NOW)

    assert mailbox("vera@")[0].subject == "Stop the robots: 25 people have signed"
    assert len(mailbox("carla@")) == 1
    assert News.objects.get(kind="milestone").reached == 25


@pytest.mark.django_db
def test_of_several_that_were_passed_at_once_the_highest_is_told(cast, mailbox):
    grow(cast, 110)

    milestones.look(now=NOW)
    let_go(NOW)

    assert [mail.subject for mail in mailbox("carla@")] == ["Stop the robots: 100 people have signed"]
    assert set(Milestone.objects.values_list("number", flat=True)) == {25, 100}


@pytest.mark.django_db
def test_nothing_is_told_below_the_first(cast):
    grow(cast, 24)

    assert milestones.look(now=NOW) == 0


@pytest.mark.django_db
def test_a_number_that_is_fallen_below_and_reached_again_is_not_told_again(cast, mailbox):
    grow(cast, 25)
    milestones.look(now=NOW)
    let_go(NOW)
    from letters.models import Cell

    Cell.objects.update(public=20)
    milestones.look(now=NOW)
    Cell.objects.update(public=25)

    assert milestones.look(now=NOW) == 0
    assert Milestone.objects.get().number == 25


@pytest.mark.django_db
def test_an_example_notes_its_invented_numbers_and_tells_nobody(cast, mailbox):
    Letter.objects.update(is_example=True)
    grow(cast, 30)

    assert milestones.look(now=NOW) == 1
    assert not Reminder.objects.filter(kind__in=["milestone", "news"]).exists()


@pytest.mark.django_db
def test_the_database_refuses_a_number_twice(cast):
    Milestone.objects.create(campaign_letter=cast.campaign_letter, number=25, reached_at=NOW)

    with pytest.raises(IntegrityError, match="milestone_once_in_a_letter"), transaction.atomic():
        Milestone.objects.create(campaign_letter=cast.campaign_letter, number=25, reached_at=NOW)


def test_the_numbers_worth_telling():
    assert milestones.passed(0) == []
    assert milestones.passed(12_000) == [25, 100, 250, 500, 1000, 2500, 5000, 10_000]


@given(st.integers(0, 3_000_000), st.integers(0, 3_000_000))
def test_more_signatures_never_take_a_number_away(one, other):
    fewer, more = sorted((one, other))

    assert milestones.passed(more)[: len(milestones.passed(fewer))] == milestones.passed(fewer)
    assert all(number <= more for number in milestones.passed(more))
