"""What could not be sent waits a week for the operator, who sees classes and never an address."""

import smtplib
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db.models.functions import Now

from accounts import outbox, sending
from accounts.models import OutgoingMail
from accounts.shortlived import memory
from tests.accounts.owing import owe

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> str:
    said = StringIO()
    call_command("dead_letters", *arguments, stdout=said, stderr=said)
    return said.getvalue()


def states() -> dict[str, str]:
    return dict(OutgoingMail.objects.values_list("key", "state"))


@pytest.fixture
def failed(relay):
    """Two dead letters, one of them a code, and an uncertain one; the relay works again."""
    one = relay(smtplib.SMTPDataError(554, b"spam"), TimeoutError(), smtplib.SMTPDataError(550, b"nobody"))
    owe(outbox.ACCOUNT, "a")
    owe(outbox.REMINDER, "r")
    owe(outbox.CODE, "c")
    for queue in ("mail", "codes"):
        sending.sweep(queue=queue, seconds=1)
    assert states() == {"account:a": "dead", "reminder:r": "uncertain", "code:c": "dead"}
    return one


def over_for(age: timedelta) -> None:
    OutgoingMail.objects.update(over_at=Now() - age)


def test_they_are_listed_by_kind_class_and_age_without_an_address(failed):
    over_for(timedelta(hours=3))

    said = run()

    assert "1 dead      account    SMTPDataError 554" in said
    assert "1 uncertain reminder   TimeoutError" in said
    assert said.count("oldest 3 h") == 2
    assert "1 without content" in said
    assert "@" not in said and "Subject" not in said


def test_a_dead_letter_keeps_its_content_and_a_code_does_not(failed):
    assert {mail.kind for mail in OutgoingMail.objects.filter(sealed__isnull=False)} == {"account", "reminder"}


def test_a_mail_whose_key_is_to_be_destroyed_keeps_nothing_when_it_is_uncertain(relay):
    relay(TimeoutError())
    owe(outbox.UNFINISHED)
    sending.sweep(queue="mail", seconds=1)

    row = OutgoingMail.objects.get()
    assert (row.state, row.sealed, row.sealing_key) == ("uncertain", None, "")


def test_a_retried_letter_has_its_life_anew_and_is_sent(failed):
    OutgoingMail.objects.update(attempts=12, expires_at=Now() - timedelta(days=1))

    assert "Dead letters owed again: 1" in run("--retry", "--kind", "account")
    sending.sweep(queue="mail", seconds=1)

    assert states()["account:a"] == "sent"
    assert OutgoingMail.objects.get(kind="account").attempts == 1
    assert [head.recipient for _, head in failed.sent] == ["carla@team.example"]


def test_an_uncertain_letter_is_released_with_a_warning(failed, monkeypatch):
    monkeypatch.setattr("builtins.input", lambda question: "no")
    refused = run("--release", "--all")
    assert "gets it twice" in refused and states()["reminder:r"] == "uncertain"

    assert "Uncertain letters owed again: 1" in run("--release", "--all", "--no-input")
    assert states()["reminder:r"] == "waiting"


def test_a_buried_letter_cannot_be_sent_and_still_forbids_a_repeat(failed):
    assert "Buried: 2" in run("--bury", "--all")

    assert "owed again: 0" in run("--retry", "--all")
    owe(outbox.REMINDER, "r")
    assert states()["reminder:r"] == "uncertain"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--retry", "--all"], "Would be owed again: 1 dead"),
        (["--release", "--failure", "TimeoutError"], "Would be owed again: 1 uncertain"),
        (["--bury", "--failure", "SMTPDataError 554"], "Would be buried: 1"),
        (["--bury", "--kind", "code"], "Would be buried: 0"),
    ],
)
def test_a_dry_run_says_and_does_nothing(failed, arguments, said):
    before = states()

    assert said in run(*arguments, "--dry-run")
    assert states() == before


def test_one_row_can_be_chosen(failed):
    [dead] = OutgoingMail.objects.filter(kind="account")

    assert "Buried: 1" in run("--bury", "--id", str(dead.pk))


@pytest.mark.parametrize("arguments", [["--bury"], ["--bury", "--all", "--kind", "account"]])
def test_a_decision_says_about_what(failed, arguments):
    with pytest.raises(CommandError, match="--all"):
        run(*arguments)


def test_after_a_week_the_content_is_gone_and_what_forbids_a_repeat_stays(failed):
    over_for(timedelta(days=6))
    outbox.forget(older_than=timedelta(days=1))
    assert states() == {"account:a": "dead", "reminder:r": "uncertain"}

    over_for(timedelta(days=8))
    outbox.forget(older_than=timedelta(days=1))

    [row] = OutgoingMail.objects.all()
    assert (row.key, row.sealed) == ("reminder:r", None)


def test_after_a_year_and_some_nothing_is_left(failed):
    over_for(timedelta(days=401))

    outbox.forget(older_than=timedelta(days=1))
    assert not OutgoingMail.objects.exists()


def test_a_letter_that_a_lost_worker_left_uncertain_keeps_its_content_where_it_may():
    for kind in (outbox.REMINDER, outbox.UNFINISHED):
        owe(kind)
    lost = {"state": "sending", "lease": "00000000-0000-0000-0000-000000000001"}
    OutgoingMail.objects.update(**lost, leased_until=Now() - timedelta(seconds=1))

    sending.sweep(queue="mail", seconds=0)

    found = {mail.kind: mail.sealed is not None for mail in OutgoingMail.objects.filter(state="uncertain")}
    assert found == {"reminder": True, "unfinished": False}


def test_what_cannot_be_opened_any_more_is_not_owed_again(failed, settings):
    settings.SECRET_KEY = "another" * 10
    memory().flushdb()

    assert "owed again: 0" in run("--retry", "--all")


@pytest.mark.parametrize(("verb", "state"), [("--retry", "dead"), ("--release", "uncertain")])
class TestOutreach:
    @pytest.fixture(autouse=True)
    def ended(self, state):
        for kind in (outbox.OUTREACH, outbox.REMINDER):
            owe(kind, "o")
        OutgoingMail.objects.update(state=state, over_at=Now(), lane="")

    @pytest.mark.parametrize("choice", ["--all", "--id"])
    def test_it_is_left_alone_unless_its_kind_is_named(self, verb, state, choice):
        ids = [str(pk) for pk in OutgoingMail.objects.values_list("pk", flat=True)]
        arguments = ["--all"] if choice == "--all" else [part for pk in ids for part in ("--id", pk)]

        assert "Would be owed again: 1" in run(verb, *arguments, "--dry-run")
        said = run(verb, *arguments, "--no-input")

        assert "owed again: 1" in said and "Outreach left alone: 1. A person writes a new one" in said
        assert states() == {"outreach:o": state, "reminder:o": "waiting"}

    def test_who_names_it_is_warned(self, verb, state):
        said = run(verb, "--kind", "outreach", "--no-input")

        assert "may have answered since" in said and "owed again: 1" in said
        assert states() == {"outreach:o": "waiting", "reminder:o": state}

    def test_it_can_be_buried_like_any_other(self, verb, state):
        assert "Buried: 2" in run("--bury", "--all")
