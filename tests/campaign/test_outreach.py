"""An office is asked by a person's release: at most every seven days and three times, never after an answer."""

import re
import threading
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.models import OutgoingMail
from campaign import organising, outreach, record, team_queries
from campaign.files.exporting import export_campaign
from campaign.files.importing import import_campaign
from campaign.models import Executive, Outreach, Reminder
from campaign.reminders import changing, planning, schedule
from tests.campaign.reminders.story import YESTERDAY, let_go, live
from tests.campaign.test_record import say
from tests.cast import NOW, browser_of
from tests.people import plain

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada(cast) -> Executive:
    """An office with an address."""
    Executive.objects.filter(pk=cast.ada.pk).update(office_address="office@acme.example")
    return Executive.objects.select_related("campaign", "employer").get(pk=cast.ada.pk)


def write(ada, *, now=YESTERDAY) -> Outreach:
    subject, body = outreach.proposal(executive=ada)
    return outreach.draft(executive=ada, subject=subject, body=body, now=now)


def ask(cast, ada, mailbox, *, now=YESTERDAY) -> Outreach:
    """From the draft to the office's mailbox."""
    one = write(ada, now=now)
    outreach.release(outreach=one, by=cast.carla, now=now)
    let_go(now)
    mailbox()
    outreach.settle(now=now)
    one.refresh_from_db()
    return one


def asked_days_ago(ada, days: int, state: str = "sent") -> Outreach:
    moment = YESTERDAY - timedelta(days=days)
    return Outreach.objects.create(
        executive=ada, subject="S", body="B", drafted_at=moment, released_at=moment, state=state,
        sent_at=moment if state in {"sent", "uncertain"} else None,
    )  # fmt: skip


def test_a_draft_begins_with_the_campaigns_own_numbers(cast, ada):
    subject, body = outreach.proposal(executive=ada)

    assert subject == "A request for your answer: Stop the robots"
    for part in (
        "Dear Ada Boss,",
        "0 people have signed",
        "- Stop every robot",
        "- Speak out publicly",
        "/executives/",
    ):
        assert part in body
    assert "Office" not in body


def test_nothing_leaves_before_a_person_releases_it(cast, ada, mailbox):
    write(ada)

    let_go()

    assert mailbox("office@") == []


def test_a_released_draft_reaches_the_office_and_the_record(cast, ada, mailbox, stranger):
    one = ask(cast, ada, mailbox)

    [mail] = mailbox("office@acme.example")
    assert mail.subject == "A request for your answer: Stop the robots"
    assert "That it was asked, and when, is public" in mail.text
    assert (one.state, one.released_by) == ("sent", cast.carla)
    assert "Asked once, on" in plain(stranger.get("/campaigns/robots/executives/ada-boss/").content.decode())


class TestLimits:
    def test_within_seven_days_the_next_one_waits_for_the_eighth(self, cast, ada, mailbox):
        asked_days_ago(ada, 3)
        one = write(ada)

        due_at = outreach.release(outreach=one, by=cast.carla, now=YESTERDAY)

        assert timedelta(days=3, hours=22) < due_at - YESTERDAY < timedelta(days=4, hours=2)
        let_go()
        assert mailbox("office@") == []

    def test_a_release_that_is_moved_too_near_becomes_a_draft_again(self, cast, ada, mailbox):
        asked_days_ago(ada, 3)
        one = write(ada)
        outreach.release(outreach=one, by=cast.carla, now=YESTERDAY)
        with pytest.raises(changing.NotPossible, match="may be asked again from"):
            changing.send_now(reminder=live("outreach"), by=cast.carla, now=YESTERDAY)
        Reminder.objects.filter(kind="outreach").update(due_at=YESTERDAY)

        let_go()

        one.refresh_from_db()
        assert (one.state, mailbox("office@")) == ("draft", [])
        assert "less than seven days" in Reminder.objects.get(kind="outreach").reason

    def test_three_times_is_all(self, cast, ada):
        for days in (30, 20, 10):
            asked_days_ago(ada, days)

        with pytest.raises(outreach.NotPossible, match="three times"):
            write(ada)

    def test_what_perhaps_arrived_counts_for_the_limit_and_not_for_the_record(self, cast, ada, stranger):
        for days in (30, 20, 10):
            asked_days_ago(ada, days, "uncertain")

        with pytest.raises(outreach.NotPossible, match="three times"):
            write(ada)
        assert "Asked" not in plain(stranger.get("/campaigns/robots/executives/ada-boss/").content.decode())

    def test_what_did_not_arrive_counts_for_nothing(self, cast, ada):
        for days in (3, 2, 1):
            asked_days_ago(ada, days, "failed")

        assert outreach.release(outreach=write(ada), by=cast.carla, now=YESTERDAY) == YESTERDAY

    def test_an_office_without_an_address_says_what_is_missing(self, cast):
        one = write(cast.ada)

        with pytest.raises(outreach.NotPossible, match="address of the office is missing"):
            outreach.release(outreach=one, by=cast.carla, now=YESTERDAY)

    def test_there_is_one_at_a_time(self, cast, ada):
        write(ada)

        with pytest.raises(outreach.NotPossible, match="begun a draft"):
            write(ada)

    @pytest.mark.django_db(transaction=True)
    def test_two_who_release_at_once_release_once(self, cast, ada, mailbox):
        one, done = write(ada), []

        def release() -> None:
            try:
                outreach.release(outreach=one, by=cast.carla, now=YESTERDAY)
                done.append(True)
            except outreach.NotPossible:
                done.append(False)
            connection.close()

        threads = [threading.Thread(target=release) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert sorted(done) == [False, False, False, True]

    def test_a_closed_letter_asks_nobody(self, cast, ada):
        organising.close_letter(campaign_letter=cast.campaign_letter, by=cast.carla, now=YESTERDAY)

        with pytest.raises(outreach.NotPossible, match="No letter of this campaign is open"):
            write(ada)


class TestAnAnswer:
    def test_it_stops_what_was_drafted_and_what_was_released(self, cast, ada, mailbox):
        one = write(ada)
        outreach.release(outreach=one, by=cast.carla, now=YESTERDAY)

        record.check(entry=say(cast), by=cast.oskar, now=YESTERDAY)

        one.refresh_from_db()
        assert (one.state, one.reason) == ("stopped", "an answer is on record")
        let_go()
        assert mailbox("office@") == []

    def test_it_stops_what_already_waits_in_the_outbox(self, cast, ada, mailbox):
        one = write(ada)
        outreach.release(outreach=one, by=cast.carla, now=YESTERDAY)
        let_go()

        record.check(entry=say(cast), by=cast.oskar, now=YESTERDAY)

        assert mailbox("office@") == []
        assert OutgoingMail.objects.get(kind="outreach").state == "cancelled"

    def test_after_it_nobody_writes_again(self, cast, ada):
        record.check(entry=say(cast), by=cast.oskar, now=YESTERDAY)

        with pytest.raises(outreach.NotPossible, match="answer of this executive is on record"):
            write(ada)

    def test_the_team_is_told_when_an_office_may_be_asked_again(self, cast, ada, mailbox):
        asked_days_ago(ada, 8)
        planning.plan_record(campaign_id=cast.campaign.pk, now=YESTERDAY)

        let_go()

        assert "was asked 1 time" in mailbox("carla@")[-1].text
        assert mailbox("oskar@") == []

    def test_what_arrived_before_the_answer_stays_on_the_record(self, cast, ada, mailbox):
        one = write(ada)
        outreach.release(outreach=one, by=cast.carla, now=YESTERDAY)
        let_go()
        mailbox()

        record.check(entry=say(cast), by=cast.oskar, now=YESTERDAY)
        outreach.settle(now=YESTERDAY)

        one.refresh_from_db()
        assert one.state == "sent"

    def test_one_that_comes_with_a_file_stops_as_well(self, cast, ada, mailbox):
        one = write(ada)
        record.check(entry=say(cast), by=cast.oskar, now=NOW)
        text = export_campaign("robots")
        cast.campaign.entries.update(state="recorded", checked_at=None, checked_by=None)
        Outreach.objects.update(state="draft", reason="")

        import_campaign(text, file_name="x.yaml", team_name="Colleagues", now=YESTERDAY)

        one.refresh_from_db()
        assert one.state == "stopped"

    def test_an_office_that_is_no_longer_addressed_is_not_said_to_have_answered(self, cast, ada):
        one = write(ada)
        organising.change_executive(
            executive=ada, name=ada.name, title=ada.title, employer_id=ada.employer_id, addressed=False, by=cast.carla,
            now=YESTERDAY,
        )  # fmt: skip

        record.check(entry=say(cast), by=cast.oskar, now=YESTERDAY)

        one.refresh_from_db()
        assert (one.state, one.reason) == ("draft", "")


class TestOutcomes:
    def test_an_office_whose_address_was_taken_away_was_not_asked(self, cast, ada, mailbox, stranger):
        one = write(ada)
        outreach.release(outreach=one, by=cast.carla, now=YESTERDAY)
        Executive.objects.filter(pk=ada.pk).update(office_address="")

        let_go()

        one.refresh_from_db()
        assert (one.state, mailbox()) == ("draft", [])
        assert "Asked" not in plain(stranger.get("/campaigns/robots/executives/ada-boss/").content.decode())

    def test_what_an_operator_sent_after_all_comes_on_the_record(self, cast, ada, mailbox):
        one = write(ada)
        outreach.release(outreach=one, by=cast.carla, now=YESTERDAY)
        let_go()
        OutgoingMail.objects.filter(kind="outreach").update(state="uncertain", over_at=YESTERDAY, lane="")
        outreach.settle(now=YESTERDAY)
        one.refresh_from_db()
        assert (one.state, one.sent_at) == ("uncertain", YESTERDAY), "the seven days count from the attempt"

        OutgoingMail.objects.filter(kind="outreach").update(state="sent", sealed=None, sealing_key="")
        outreach.settle(now=YESTERDAY)

        one.refresh_from_db()
        assert one.state == "sent"

    @pytest.mark.parametrize(
        ("mail", "state"), [("dead", "failed"), ("uncertain", "uncertain"), ("cancelled", "failed")]
    )
    def test_a_mail_that_failed_is_no_asking(self, cast, ada, mail, state):
        one = write(ada)
        outreach.release(outreach=one, by=cast.carla, now=YESTERDAY)
        let_go()
        OutgoingMail.objects.filter(kind="outreach").update(
            state=mail, over_at=NOW, failure="SMTPDataError 554", sealed=None, sealing_key="", lane=""
        )

        assert outreach.settle(now=YESTERDAY) == 1

        one.refresh_from_db()
        assert (one.state, one.reason) == (state, "SMTPDataError 554")

    def test_a_cancelled_release_is_a_draft_again(self, cast, ada):
        one = write(ada)
        outreach.release(outreach=one, by=cast.carla, now=YESTERDAY)

        changing.cancel(reminder=live("outreach"), by=cast.carla, now=YESTERDAY)

        one.refresh_from_db()
        assert (one.state, one.released_at) == ("draft", None)


class TestPages:
    def at(self, cast) -> str:
        return f"/organise/campaigns/robots/outreach/{cast.ada.pk}/"

    def test_an_editor_writes_saves_and_releases(self, cast, ada, mailbox):
        carla, address = browser_of(cast.carla), self.at(cast)
        carla.post(address, {"subject": "Please answer", "body": "Dear office,\nplease."})
        assert "As the office would read it" in carla.get(address).content.decode()
        assert "It goes out only" not in carla.get(address).content.decode()

        words = outreach.fingerprint(Outreach.objects.get())
        response = carla.post(address, {"release": "1", "seen": words}, follow=True)

        assert "It goes out within a minute" in response.content.decode()
        assert Outreach.objects.get().state == "released"

    def test_without_an_address_the_release_leads_to_where_it_is_added(self, cast):
        carla, address = browser_of(cast.carla), self.at(cast)
        carla.post(address, {"subject": "Please answer", "body": "Dear office,"})

        words = outreach.fingerprint(Outreach.objects.get())
        response = carla.post(address, {"release": "1", "seen": words})

        assert response.headers["Location"].endswith(f"/executives/{cast.ada.pk}/")

    def test_what_is_missing_is_said_at_its_field_and_nothing_is_lost(self, cast, ada):
        response = browser_of(cast.carla).post(self.at(cast), {"subject": "", "body": "Dear office,"})

        assert response.status_code == 422
        assert "Dear office," in response.content.decode()

    def test_nobody_releases_or_overwrites_words_that_she_did_not_read(self, cast, ada):
        one = write(ada)
        carla, address, read = browser_of(cast.carla), self.at(cast), outreach.fingerprint(one)
        outreach.redraft(outreach=one, subject="Something else", body="Other words", now=YESTERDAY)

        released = carla.post(address, {"release": "1", "seen": read}, follow=True)
        saved = carla.post(address, {"subject": "Mine", "body": "My words", "seen": read})

        assert "changed this draft since you read it" in released.content.decode()
        assert (saved.status_code, "My words" in saved.content.decode()) == (422, True)
        one.refresh_from_db()
        assert (one.state, one.subject) == ("draft", "Something else")

    def test_a_line_break_in_the_subject_becomes_a_space(self, cast, ada):
        browser_of(cast.carla).post(self.at(cast), {"subject": "Please\nanswer", "body": "Dear office,"})

        assert Outreach.objects.get().subject == "Please answer"

    def test_the_preview_is_what_is_sent(self, cast, ada, mailbox):
        outreach.release(outreach=write(ada), by=cast.carla, now=YESTERDAY)
        shown = schedule.preview(schedule.one_or_none(cast.campaign, live("outreach").pk)).text
        let_go()

        # The office's own address to reply at is made when the mail goes out.
        marked = "[an address for this office alone, made when this goes out]"
        sent = re.sub(r"http\S+/reply/\S+", marked, mailbox("office@")[0].text)
        assert sent.split() == shown.split()

    def test_the_list_counts_what_was_sent_and_nothing_else(self, cast, ada):
        for days, state in ((30, "sent"), (20, "failed"), (10, "uncertain")):
            asked_days_ago(ada, days, state)

        assert [office.asked for office in team_queries.offices(cast.campaign)] == [1, 0]

    def test_a_draft_is_thrown_away(self, cast, ada):
        write(ada)

        browser_of(cast.carla).post(self.at(cast), {"discard": "1"})

        assert not Outreach.objects.exists()

    @pytest.mark.parametrize("who", ["oskar", "vera", "mallory"])
    def test_others_write_and_release_nothing(self, cast, ada, who):
        write(ada)

        response = browser_of(getattr(cast, who)).post(self.at(cast), {"release": "1"})

        assert response.status_code == 404
        assert Outreach.objects.get().state == "draft"

    def test_the_address_of_an_office_stands_nowhere_in_public(self, cast, ada, mailbox, stranger):
        ask(cast, ada, mailbox)

        for address in ("/campaigns/robots/", "/campaigns/robots/executives/ada-boss/", "/letters/robots/"):
            assert "office@acme" not in stranger.get(address).content.decode()


@pytest.mark.parametrize(
    ("constraint", "change"),
    [
        ("outreach_sent_was_released", {"state": "failed"}),
        ("outreach_sent_has_its_moment", {"sent_at": NOW}),
    ],
)
def test_the_database_refuses_an_asking_that_contradicts_itself(ada, constraint, change):
    write(ada)

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Outreach.objects.update(**change)


def test_the_database_refuses_two_under_way(ada):
    write(ada)

    with pytest.raises(IntegrityError, match="outreach_one_under_way_for_an_executive"), transaction.atomic():
        Outreach.objects.create(executive=ada, subject="S", body="B", drafted_at=NOW)
