"""What a team sees of what came in: groups of ten and more, in hours that are over, of what everybody sees anyway."""

from datetime import UTC, datetime, timedelta

import pytest
import redis
import time_machine

from letters import arrivals, counting, pooling
from letters.models import Letter, RoleGroup
from letters.settling import Group
from tests.cast import Cast, sign

pytestmark = pytest.mark.django_db
BEGAN = datetime(2026, 2, 1, 23, 0, tzinfo=UTC)  # the hours before have another day's key
LATER = BEGAN + timedelta(hours=1, minutes=10)
TROLL = "troll.example"


def come(cast: Cast, many: int, *, began: datetime = BEGAN, domain: str = TROLL, employer: int | None = None) -> None:
    """So many names are put on the list within an hour."""
    with time_machine.travel(began + timedelta(minutes=20), tick=False):
        for number in range(many):
            arrivals.count_name(
                letter_id=cast.letter.id, address=f"somebody{number}@{domain}", employer_id=employer, shown=True
            )


def seen(cast: Cast, *, now: datetime = LATER) -> list[tuple[str, str]]:
    return [(one.employer or one.domain, str(one.size)) for one in arrivals.lately(cast.letter, now=now)]


def everything(memory: "redis.Redis") -> str:
    """All that Redis holds of what came in."""
    found = []
    for name in memory.scan_iter("*arriv*"):
        found.append(name.decode())
        if memory.type(name) == b"hash":
            found += [field.decode() for field in memory.hkeys(name)]
    return "\n".join(found)


@pytest.mark.parametrize(
    ("many", "size"), [(10, "10–24"), (24, "10–24"), (25, "25–49"), (49, "25–49"), (50, "50 and more")]
)
def test_about_how_many_came_is_said_and_never_how_many(cast, many, size):
    come(cast, many)

    assert seen(cast) == [(TROLL, size)]


def test_the_order_tells_no_more_than_the_sizes(cast):
    for number, domain in ((11, "a.example"), (24, "b.example"), (25, "c.example")):
        come(cast, number, domain=domain)

    assert [name for name, _size in seen(cast)] == ["c.example", "a.example", "b.example"]


def test_nine_are_shown_nowhere_and_not_even_redis_knows_the_domain(cast, empty_memory):
    come(cast, 9)
    assert seen(cast) == []
    assert TROLL not in everything(empty_memory)

    come(cast, 1)
    assert seen(cast) == [(TROLL, "10–24")]
    assert everything(empty_memory).count(TROLL) == 1


def test_the_hour_that_runs_is_not_shown_and_stands_still_once_it_is(cast):
    come(cast, 12)

    assert seen(cast, now=BEGAN + timedelta(minutes=59)) == []
    assert seen(cast, now=BEGAN + timedelta(minutes=69)) == []  # who asked in its last second may not be counted yet
    first = seen(cast)
    come(cast, 40, began=BEGAN + timedelta(hours=1))
    assert seen(cast) == first


def test_a_day_later_nothing_is_shown_and_two_later_nothing_is_left(cast, empty_memory):
    come(cast, 12)

    assert seen(cast, now=LATER + timedelta(hours=24)) == []
    assert all(0 < empty_memory.ttl(name) <= 81 * 3600 for name in empty_memory.scan_iter("*arriv*"))


def test_what_others_signed_under_another_letter_is_not_shown_here(cast):
    come(cast, 12)
    other = Letter.objects.create(directory_id=cast.campaign.directory_id, slug="other")

    assert arrivals.lately(type(cast.letter)(**{**vars(cast.letter), "id": other.pk}), now=LATER) == []


def unusual(cast: Cast, *, began: datetime = BEGAN) -> list[tuple[bool, bool]]:
    return [(one.is_unusual, one.is_news) for one in arrivals.in_hour(cast.letter, began=began)]


def test_more_than_four_times_the_mean_is_unusual_and_four_times_is_not(cast):
    for hours in range(1, 25):
        come(cast, 5, began=BEGAN - timedelta(hours=hours))
    come(cast, 20)
    assert unusual(cast) == [(False, False)]

    come(cast, 1)
    assert unusual(cast) == [(True, True)]


def test_it_is_news_once_while_it_lasts_and_again_after_calm_hours(cast):
    for hours in (0, 1, 2, 9):
        come(cast, 12, began=BEGAN + timedelta(hours=hours))

    assert [unusual(cast, began=BEGAN + timedelta(hours=hours)) for hours in (0, 1, 2, 9)] == [
        [(True, True)],
        [(True, False)],
        [(True, False)],
        [(True, True)],
    ]


def test_an_employer_whom_the_team_took_away_is_not_named(cast):
    come(cast, 12, employer=987_654)

    assert seen(cast) == [(TROLL, "10–24")]


def test_only_names_that_came_to_stand_on_the_list_are_counted(cast, mailbox, empty_memory):
    """A repeat, a held name and a confidential signer leave nothing; whoever shows her name later is counted then."""
    with time_machine.travel(BEGAN, tick=True):
        for number in range(9):
            sign(mailbox, address=f"p{number}@acme.example", visibility="public", name=f"Ben Number {number}x")
        sign(mailbox, address="ana@acme.example", visibility="confidential")
        sign(mailbox, address="p1@acme.example", visibility="public", name="Ben Again")
        sign(mailbox, address="held@acme.example", visibility="public", name="Mickey Mouse")
    assert seen(cast) == []
    assert "acme" not in everything(empty_memory)

    with time_machine.travel(BEGAN + timedelta(minutes=30), tick=True):
        sign(mailbox, address="ana@acme.example", visibility="public", name="Ana Shown")

    assert seen(cast) == [("Acme", "10–24"), ("acme.example", "10–24")]


def test_confidential_signatures_are_counted_when_they_are_published_and_at_no_domain(cast):
    group = Group(cast.letter.version_id, cast.acme, RoleGroup.OTHER)
    for _one in range(10):
        counting.wait(letter_id=cast.letter.id, group=group)
    assert seen(cast) == []

    with time_machine.travel(BEGAN + timedelta(minutes=30), tick=True):
        pooling.publish(letter_id=cast.letter.id, today=BEGAN.date())

    assert seen(cast) == [("Acme", "10–24")]


def test_nobodys_signature_fails_because_redis_will_not_count(cast, mailbox, monkeypatch, stranger):
    def away():
        raise redis.ConnectionError

    monkeypatch.setattr(arrivals, "impatient", away)

    answer = sign(mailbox, address="ben@acme.example", visibility="public", name="Ben Shown")

    assert answer.status_code == 302
    assert "Ben Shown" in stranger.get("/letters/robots/signatures/").content.decode()


def test_whoever_is_not_counted_takes_the_same_commands(cast, monkeypatch):
    """So the time that an answer takes does not tell whether a mailbox had signed."""
    sent: list[list[str]] = []
    execute = redis.client.Pipeline.execute

    def noted(pipe, *args, **kwargs):
        sent[-1] += [str(command[0][0]) for command in pipe.command_stack]
        return execute(pipe, *args, **kwargs)

    monkeypatch.setattr(redis.client.Pipeline, "execute", noted)
    for shown in (True, False):
        sent.append([])
        arrivals.count_name(letter_id=cast.letter.id, address="a@acme.example", employer_id=cast.acme, shown=shown)

    assert sent[0] == sent[1]
    assert len(sent[0]) == 6
