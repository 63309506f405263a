"""What needs whom now: each role is told of what it may do, of nothing else, and of nobody else's campaigns."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from campaign import amending, organising, record, team_queries
from campaign.models import (
    Campaign,
    CampaignLetter,
    Comment,
    EntryDraft,
    Executive,
    Membership,
    Outreach,
    Reminder,
    ReminderKind,
    Role,
    Said,
    SavedText,
    Submission,
)
from campaign.writing import approving
from tests.campaign import test_holders as holders
from tests.campaign.test_amending import declare
from tests.campaign.test_organisations import waits
from tests.campaign.test_record import say
from tests.campaign.test_removals import many, propose
from tests.campaign.test_review import said
from tests.cast import NOW, Cast, browser_of, organiser, sign

__all__ = ["many"]  # a fixture

pytestmark = pytest.mark.django_db
DESK = "/organise/campaigns/robots/"


def joined(cast, name: str, role: Role):
    user = organiser(name)
    Membership.objects.create(team=cast.campaign.team, user=user, role=role)
    return user


def needs(cast, user, *, now=NOW) -> dict[str, team_queries.needs.Need]:
    campaign = Campaign.objects.get(pk=cast.campaign.pk)
    return {need.text: need for need in team_queries.needs_of(user, campaign, now=now)}


def report(cast, **more) -> Submission:
    times = {"received_at": NOW - timedelta(days=3), "due_at": NOW + timedelta(days=4)}
    return Submission.objects.create(
        campaign=cast.campaign, **{"kind": Submission.Kind.ERROR, "words": "Wrong.", **times, **more}
    )


def test_where_nothing_waits_the_page_says_so(cast):
    desk, overview = (said(browser_of(cast.oskar).get(page)) for page in (DESK, "/organise/"))

    assert "Nothing needs you" in desk
    assert "Nothing needs you here." in overview


def test_what_one_recorded_waits_for_the_other_and_not_for_her_nor_for_who_looks_on(cast):
    say(cast, by=cast.carla)

    found = {name: list(needs(cast, getattr(cast, name))) for name in ("carla", "oskar", "vera")}

    assert found == {"carla": [], "oskar": ["1 entry waits for your check"], "vera": []}


def test_a_line_says_since_when_and_leads_to_where_it_is_done(cast):
    say(cast, by=cast.carla)

    [need] = needs(cast, cast.oskar, now=NOW + timedelta(days=5, hours=3)).values()
    page = said(browser_of(cast.oskar).get(DESK))

    assert (need.count, need.days, need.is_late) == (1, 5, False)
    assert need.address == "/organise/campaigns/robots/record/"
    assert "1 entry waits for your check for" in page


def test_a_standing_that_follows_from_the_record_can_be_decided_by_trackers(cast):
    record.check(entry=say(cast, bearings={cast.act.pk: Said.REFUSED}), by=cast.oskar, now=NOW)

    assert "1 standing can be decided" in needs(cast, cast.oskar)
    assert needs(cast, cast.vera) == {}


def test_an_office_that_changed_hands_waits_for_who_did_not_record_it(cast):
    holders.waits(cast)

    found = {name: list(needs(cast, getattr(cast, name), now=holders.LATER)) for name in ("carla", "oskar", "vera")}

    assert found == {"carla": ["1 change of an office’s holder waits for your check"], "oskar": [], "vera": []}


def test_names_evidence_and_organisations_are_for_owners_and_verifiers_alone(cast, mailbox):
    vesna, edith = joined(cast, "Vesna", Role.VERIFIER), joined(cast, "Edith", Role.EDITOR)
    sign(mailbox, address="ada@acme.example", name="Ada Boss", visibility="public", role="Engineer")

    waits()

    found = [list(needs(cast, who)) for who in (cast.carla, vesna, edith, cast.oskar, cast.vera)]

    hers = ["1 name waits for your answer", "1 organisation waits for your answer"]
    assert found == [hers, hers, [], [], []]


def test_a_report_shows_its_due_time_and_what_is_late_stands_first(cast):
    report(cast)
    report(cast, kind=Submission.Kind.ERROR, due_at=NOW + timedelta(days=2))
    say(cast, by=cast.carla)

    before = list(needs(cast, cast.oskar).values())
    after = list(needs(cast, cast.oskar, now=NOW + timedelta(days=3)).values())

    assert [need.text for need in before] == ["2 reports of errors wait for a decision", "1 entry waits for your check"]
    assert (before[0].due_at, before[0].is_late) == (NOW + timedelta(days=2), False)
    assert after[0].is_late
    assert "overdue" in said(browser_of(cast.oskar).get(DESK))


def test_who_decided_a_report_is_not_asked_to_confirm_it(cast):
    decided = {"state": "decided", "outcome": "refused", "reason": "No.", "decided_at": NOW, "decided_by": cast.oskar}
    report(cast, **decided)

    assert needs(cast, cast.oskar) == {}
    assert list(needs(cast, cast.carla)) == ["1 decision of another member waits for your yes"]


def test_silence_counts_from_the_day_that_was_given_for_an_answer(cast):
    CampaignLetter.objects.update(reply_by=NOW + timedelta(days=1))

    before, after = (needs(cast, cast.carla, now=NOW + timedelta(days=days)) for days in (0, 2))

    assert before == {}
    [need] = after.values()
    assert need.text == "2 executives have not answered, and the day for it is over"
    assert (need.due_at, need.is_late) == (NOW + timedelta(days=1), True)


def test_reminders_of_today_are_those_of_the_campaigns_own_day(cast):
    late = NOW.replace(hour=22, minute=30)  # half past eleven in Berlin
    for due_at in (late, late + timedelta(hours=1)):
        Reminder.objects.create(
            campaign=cast.campaign, kind=ReminderKind.SECOND_CHECK if due_at == late else ReminderKind.REPLIES,
            audience="team", due_at=due_at, asked_for=due_at,
        )  # fmt: skip

    assert list(needs(cast, cast.carla)) == ["1 reminder goes out today"]
    assert needs(cast, cast.oskar) == {}


def test_mail_that_is_held_and_questions_that_may_be_sent_are_for_who_may_let_them_go(cast):
    Outreach.objects.create(executive=cast.ada, subject="A question", body="What do you say?", drafted_at=NOW)
    Campaign.objects.filter(pk=cast.campaign.pk).update(mail_held=True)

    assert set(needs(cast, cast.carla)) == {"1 question to an office may be sent", "All mail of this campaign is held"}
    assert needs(cast, cast.oskar) == {}


def test_a_question_waits_a_week_after_the_last_one(cast):
    asked = {"executive": cast.ada, "subject": "A question", "body": "What?", "drafted_at": NOW}
    Outreach.objects.create(**asked, state="sent", released_at=NOW, sent_at=NOW)
    Outreach.objects.create(**asked)

    assert needs(cast, cast.carla, now=NOW + timedelta(days=6)) == {}
    assert list(needs(cast, cast.carla, now=NOW + timedelta(days=8))) == ["1 question to an office may be sent"]


def test_what_somebody_began_is_shown_to_her_alone(cast):
    EntryDraft.objects.create(campaign=cast.campaign, kind="statement", typed={}, saved_by=cast.oskar, saved_at=NOW)
    SavedText.objects.create(
        campaign_letter=cast.campaign_letter, language="en", author=cast.carla, began_from=1, title="Robots",
        body="More words", saved_at=NOW,
    )  # fmt: skip

    assert list(needs(cast, cast.oskar)) == ["You began 1 entry"]
    [text] = needs(cast, cast.carla).values()
    assert text.text == "You wrote on “Stop the robots” and did not save it"
    assert browser_of(cast.carla).get(text.address).status_code == 200


def test_comments_wait_for_others_until_somebody_answered(cast):
    comment = Comment.objects.create(
        campaign_letter=cast.campaign_letter, language="en", author=cast.oskar, quote="right", position=0,
        body="Is it?", said_at=NOW,
    )  # fmt: skip

    before = list(needs(cast, cast.oskar)), list(needs(cast, cast.carla))
    comment.replies.create(author=cast.carla, body="It is.", said_at=NOW)

    assert before == ([], ["1 comment waits in “Stop the robots”"])
    assert list(needs(cast, cast.oskar)) == ["1 comment waits in “Stop the robots”"]


def test_a_text_waits_for_the_approval_of_who_may_give_it_until_she_gave_it(db):
    cast = Cast.assemble(opened=False)
    edith = joined(cast, "Edith", Role.EDITOR)
    SavedText.objects.update(author=cast.carla)
    asked = [list(needs(cast, who)) for who in (edith, cast.carla, cast.oskar)]

    text = organising.text_to_open(campaign_letter=cast.campaign_letter)
    approving.approve(
        campaign_letter=cast.campaign_letter, text=text, read_sha256=text.sha256(), by=edith, now=NOW
    )  # fmt: skip

    assert asked == [["“Stop the robots” waits for your approval"], [], []]
    assert needs(cast, edith) == {}


def test_a_letter_that_could_not_open_by_itself_is_told_to_its_owner(db):
    cast = Cast.assemble(opened=False)
    CampaignLetter.objects.update(not_opened="The text changed.", not_opened_at=NOW)

    assert list(needs(cast, cast.carla)) == ["“Stop the robots” did not open by itself"]


def test_a_change_of_an_open_letter_waits_for_who_did_not_declare_or_approve_it(cast):
    change = declare(cast)
    before = [list(needs(cast, who)) for who in (cast.carla, cast.oskar, cast.vera)]

    read = amending.as_change(cast.campaign_letter).text.sha256()
    amending.approve(
        change_id=change.pk, campaign_letter=cast.campaign_letter, read_sha256=read, by=cast.oskar, now=NOW
    )  # fmt: skip

    assert before == [[], ["A change of “Stop the robots” waits for your approval"], []]
    assert needs(cast, cast.oskar) == {}


def test_signatures_that_shall_come_off_wait_for_a_second_member_who_may_say_so(many):
    edith = joined(many, "Edith", Role.EDITOR)
    propose(many)

    [need] = needs(many, edith, now=timezone.now()).values()

    assert need.text == "Signatures shall come off “Stop the robots”: say whether"
    assert browser_of(edith).get(need.address).status_code == 200
    assert [needs(many, who) for who in (many.carla, many.oskar)] == [{}, {}]


def test_nobody_is_told_of_campaigns_of_another_team(cast):
    say(cast, by=cast.carla)
    report(cast)

    overview = said(browser_of(cast.mallory).get("/organise/"))

    assert "Stop the robots" not in overview
    assert "Nothing needs you here." in overview
    assert Client().get("/organise/").status_code == 302


def test_the_overview_costs_the_same_for_one_campaign_and_for_four(cast, django_assert_max_num_queries):
    say(cast, by=cast.carla)
    report(cast)
    with django_assert_max_num_queries(35):
        team_queries.places(cast.oskar, now=NOW)
    for number in range(3):
        organising.start_campaign(
            team=cast.campaign.team, team_name="", owner=cast.carla, title=f"More {number}", slug=f"more-{number}",
            summary="", organisers="", organisers_named=True, time_zone="UTC", now=NOW,
        )  # fmt: skip
        Executive.objects.create(
            campaign=Campaign.objects.get(slug=f"more-{number}"), key="x", title="Chief", employer_id=cast.acme
        )

    with django_assert_max_num_queries(35):
        places = team_queries.places(cast.oskar, now=timezone.now())

    assert [place.campaign.slug for place in places] == ["robots", "more-0", "more-1", "more-2"]


def test_the_desk_costs_the_same_whatever_waits(cast, mailbox, django_assert_max_num_queries):
    oskar = browser_of(cast.oskar)
    with django_assert_max_num_queries(49):
        oskar.get(DESK)
    for _ in range(3):
        say(cast, by=cast.carla)
        report(cast)

    with django_assert_max_num_queries(49):
        page = said(oskar.get(DESK))

    assert "3 entries wait for your check" in page
