"""Who is in a thread hears that somebody answered; owners and editors hear that a letter did not open."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from campaign.models import CampaignLetter, Reminder, ReminderKind
from campaign.reminders import changing, wording
from campaign.writing import commenting, scheduling
from tests.campaign.reminders.story import YESTERDAY, let_go
from tests.campaign.writing.test_approving import approve, text

HOUR = timedelta(hours=1)
EARLIER = YESTERDAY - 4 * HOUR


@pytest.fixture
def thread(team):
    """Edda said something of a passage."""
    team.save(team.carla, "We ask you to stop.\n", now=EARLIER - HOUR)
    return commenting.comment(
        campaign_letter=team.letter, language="en", quote="ask", body="Too mild.", by=team.edda, now=EARLIER - HOUR
    )


def answer(thread, by, now) -> None:
    commenting.reply(comment=thread, body="Is it?", by=by, now=now)


def live() -> Reminder | None:
    return Reminder.objects.filter(kind=ReminderKind.COMMENTS, state="planned").first()


def test_who_is_in_the_thread_is_mailed_once_and_nobody_else(team, thread, mailbox):
    assert live() is None  # nobody answered yet
    answer(thread, team.nils, EARLIER)
    answer(thread, team.nils, EARLIER + HOUR / 2)
    assert live().due_at == EARLIER + HOUR

    let_go(EARLIER + HOUR)
    let_go(EARLIER + 2 * HOUR)

    [mail] = mailbox("edda@")
    assert mail.subject.strip() == "Somebody answered you on “Stop the robots”"
    assert "In 1 thread about" in mail.text
    assert "Is it?" not in mail.text
    assert [len(mailbox(who)) for who in ("nils@", "carla@", "oskar@", "vera@")] == [0, 0, 0, 0]


def test_the_next_answer_is_told_to_whom_it_waits_for(team, thread, mailbox):
    answer(thread, team.nils, EARLIER)
    let_go(EARLIER + HOUR)
    answer(thread, team.edda, EARLIER + 2 * HOUR)
    let_go(YESTERDAY)

    assert [len(mailbox(who)) for who in ("edda@", "nils@")] == [1, 1]
    assert live() is None


def test_what_was_answered_or_settled_in_time_is_told_to_nobody(team, thread, mailbox):
    answer(thread, team.nils, EARLIER)
    commenting.settle(comment=thread, state="resolved", by=team.carla, now=EARLIER + HOUR / 2)

    assert live() is None
    assert Reminder.objects.get(kind=ReminderKind.COMMENTS).reason == "no thread waits for anybody"
    let_go()
    assert mailbox("edda@") == []


def test_a_person_stops_it_until_somebody_says_more(team, thread, mailbox):
    answer(thread, team.nils, EARLIER)
    changing.cancel(reminder=live(), by=team.carla, now=EARLIER + HOUR / 2)
    assert live() is None

    answer(thread, team.nils, EARLIER + HOUR)

    assert live().due_at == EARLIER + 2 * HOUR


def test_it_is_a_kind_that_members_may_do_without(team):
    assert ReminderKind.COMMENTS in wording.told("tracker")
    assert ReminderKind.COMMENTS not in wording.told("viewer")
    assert ReminderKind.NOT_OPENED not in wording.told("tracker")


@pytest.fixture
def planned(team):
    """A letter that was to open yesterday, and was changed since."""
    team.save(team.carla, "The text.", now=EARLIER)
    approve(team, team.nils)
    scheduling.open_at(
        campaign_letter=team.letter, opens_at=YESTERDAY, read_sha256=text(team).sha256(), by=team.carla, now=EARLIER
    )
    team.save(team.edda, "Another text.", now=EARLIER + HOUR)
    return team


def test_an_opening_that_did_not_happen_is_mailed_with_the_reason(planned, mailbox):
    assert scheduling.open_due(now=YESTERDAY) == 0
    let_go()
    let_go(YESTERDAY + HOUR)

    for who in ("carla@", "edda@", "nils@"):
        [mail] = mailbox(who)
        assert mail.subject.strip() == "It did not open: “Stop the robots”"
        assert "was to open by itself and did not:" in mail.text
    assert mailbox("oskar@") == []
    assert planned.letter.not_opened_at == YESTERDAY


def test_another_moment_takes_the_news_of_it_back(planned, mailbox):
    scheduling.open_due(now=YESTERDAY)
    scheduling.open_at(
        campaign_letter=planned.letter, opens_at=None, read_sha256="", by=planned.carla, now=YESTERDAY + HOUR
    )
    let_go(YESTERDAY + HOUR)

    assert mailbox("carla@") == []
    assert Reminder.objects.get(kind=ReminderKind.NOT_OPENED).state == "cancelled"


def test_why_it_did_not_open_has_its_moment(team):
    with pytest.raises(IntegrityError), transaction.atomic():
        CampaignLetter.objects.filter(pk=team.letter.pk).update(not_opened="Because.")
