"""Everything at once: workers and the web take a campaign's rows in one order, so none is ended for another."""

import random
import threading
from collections.abc import Callable
from contextlib import suppress

import pytest
from django.db import OperationalError, connections

from campaign import milestones, organising, outreach, record
from campaign.models import Executive, MemberSettings, Outreach, ReminderKind
from campaign.reminders import changing, planning, sending, wishes
from tests.campaign.reminders.story import YESTERDAY, ask_by, let_go
from tests.campaign.test_outreach import write
from tests.campaign.test_record import say

pytestmark = pytest.mark.django_db(transaction=True)
REFUSALS = (record.NotPossible, outreach.NotPossible, organising.NotPossible, changing.NotPossible)


def at_once(*works: Callable[[], object]) -> list[BaseException]:
    """Do all of these at the same time; answers what went wrong other than a refusal in words."""
    problems: list[BaseException] = []
    start = threading.Barrier(len(works))

    def run(work: Callable[[], object]) -> None:
        start.wait()
        try:
            with suppress(*REFUSALS):
                work()
        except BaseException as problem:
            problems.append(problem)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return problems


@pytest.mark.parametrize("seed", range(2))
def test_nobody_is_ended_by_a_deadlock(cast, seed):
    Executive.objects.update(office_address="office@acme.example")
    ada = Executive.objects.select_related("campaign", "employer").get(pk=cast.ada.pk)
    ask_by(cast, YESTERDAY)
    entries = [say(cast) for _ in range(3)]
    planning.plan_everything(now=YESTERDAY)
    one = write(ada)
    works: list[Callable[[], object]] = [
        lambda: sending.send_due(now=YESTERDAY),
        lambda: sending.mail_notices(now=YESTERDAY),
        lambda: let_go(),
        lambda: record.check(entry=entries[0], by=cast.oskar, now=YESTERDAY),
        lambda: record.reject(entry=entries[1], by=cast.oskar, reason="no", now=YESTERDAY),
        lambda: outreach.release(outreach=one, by=cast.carla, now=YESTERDAY),
        lambda: outreach.redraft(outreach=one, subject="S", body="B", now=YESTERDAY),
        lambda: outreach.settle(now=YESTERDAY),
        lambda: planning.plan_everything(now=YESTERDAY),
        lambda: milestones.look(now=YESTERDAY),
        lambda: organising.remind_every(campaign=cast.campaign, days=3, by=cast.carla, now=YESTERDAY),
        lambda: organising.close_letter(campaign_letter=cast.campaign_letter, by=cast.carla, now=YESTERDAY),
        lambda: organising.change_demand(
            demand=cast.act, text="Otherwise", must_be_public=False, by=cast.carla, now=YESTERDAY
        ),
        lambda: say(cast),
    ]
    random.Random(seed).shuffle(works)

    problems = at_once(*works)

    assert [problem for problem in problems if isinstance(problem, OperationalError)] == []
    assert problems == []
    assert Outreach.objects.count() == 1


def test_two_stops_at_once_both_hold(cast):
    MemberSettings.objects.create(user=cast.carla)

    problems = at_once(
        lambda: wishes.stop(user_id=cast.carla.pk, kinds=[ReminderKind.NO_ANSWER]),
        lambda: wishes.stop(user_id=cast.carla.pk, kinds=[ReminderKind.MILESTONE]),
    )

    assert problems == []
    assert wishes.of(cast.carla).unwanted == ["milestone", "no_answer"]
