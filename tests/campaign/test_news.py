"""What followers are told: each thing once, merged, after a second check, and stoppable until it goes."""

import re
import uuid
from datetime import UTC, date, datetime, timedelta

import pytest

from campaign import deciding, news, news_mail, organising, proposals, record
from campaign.models import Audience, Campaign, Entry, News, NewsKind, Precision, Reminder, Said, Update
from campaign.reminders import sending
from campaign.standings import Standing
from letters.broadcasting import Follower, Frequency
from tests.campaign.deciding import decide, follow_the_rules
from tests.cast import NOW, browser_of
from tests.letters.following import NOON, follow, tell

pytestmark = pytest.mark.django_db
UPDATES = "/organise/campaigns/robots/updates/"


def say(cast, said: Said, *, day: int = 3, demand=None, executive=None) -> Entry:
    return record.record_statement(
        campaign=cast.campaign,
        statement=record.NewStatement(
            executive=executive or cast.ada,
            date=date(2026, 2, day),
            precision=Precision.DAY,
            audience=Audience.PUBLIC,
            quote="We will think about it",
            bearings={(demand or cast.act).pk: said},
        ),
        source=record.NewSource(title="The Paper, page 3"),
        by=cast.carla,
        now=NOW,
    )


def checked(cast, said: Said, **kwargs) -> Entry:
    entry = say(cast, said, **kwargs)
    record.check(entry=entry, by=cast.oskar, now=NOW)
    follow_the_rules(cast)
    return entry


def announce_all() -> None:
    for one in News.objects.filter(number__isnull=True).order_by("pk"):
        news.announce(one.pk, now=NOON)


def send_back(cast, entry: Entry) -> None:
    record.check_again(Entry.objects.filter(pk=entry.pk), by=cast.carla, now=NOW)


def check_once_more(cast, entry: Entry) -> None:
    record.check(entry=Entry.objects.get(pk=entry.pk), by=cast.oskar, now=NOW)
    follow_the_rules(cast)


def reword(cast, text: str = "Dissolve the company") -> None:
    organising.change_demand(demand=cast.act, text=text, must_be_public=False, by=cast.carla, now=NOW)


def mail_of(cast, *, since: int = 0, zone: str = "UTC"):
    """What a follower who knows all up to `since` would read."""
    return news_mail.Digest(cast.campaign).compose(
        Follower(
            topic=cast.campaign.directory_id,
            since=since,
            time_zone=zone,
            frequency=Frequency.DAILY,
            settings_address="https://here.example/news/token/",
        )
    )


# Standings


def test_a_standing_is_told_after_the_second_check_and_not_before(cast):
    record.check(entry=say(cast, Said.REFUSED), by=cast.oskar, now=NOW)
    [cell] = proposals.proposals(cast.campaign)
    decision = decide(cast, cell)
    before = News.objects.count()

    deciding.check(decision=decision, by=cast.carla, now=NOW)

    one = News.objects.get()
    assert before == 0
    assert (one.kind, one.executive, one.demand) == ("standing", cast.ada, cast.act)
    assert (one.before, one.after, one.number) == ("unaddressed", "refused", None)
    reminder = Reminder.objects.get(news=one)
    assert (reminder.audience, reminder.kind, reminder.state) == ("followers", "news", "planned")
    assert reminder.due_at == reminder.asked_for == NOW + timedelta(minutes=15)


def test_a_check_that_changes_no_standing_tells_nothing(cast):
    checked(cast, Said.REFUSED)
    checked(cast, Said.REFUSED, day=4)

    assert News.objects.count() == 1


def test_a_check_that_is_refused_tells_nothing(cast):
    entry = say(cast, Said.REFUSED)
    entry.sources.clear()

    with pytest.raises(record.NotPossible):
        record.check(entry=entry, by=cast.oskar, now=NOW)
    record.reject(entry=say(cast, Said.MET), by=cast.oskar, reason="wrong", now=NOW)

    assert not News.objects.exists()


def test_what_goes_back_to_be_checked_again_is_not_told_twice(cast):
    entry = checked(cast, Said.REFUSED)
    record.check_again(Entry.objects.filter(pk=entry.pk), by=cast.carla, now=NOW)
    back = News.objects.count()

    check_once_more(cast, entry)

    assert back == 1
    assert News.objects.count() == 1


def test_an_executive_who_was_not_addressed_has_no_standing_to_tell_of(cast):
    type(cast.ada).objects.filter(pk=cast.ada.pk).update(addressed=False)
    checked(cast, Said.REFUSED)

    assert not News.objects.exists()


# Only what is still so


def another_holds_the_office(cast) -> None:
    organising.change_executive(
        executive=cast.ada, name="Eve New", title=cast.ada.title, employer_id=cast.ada.employer_id, addressed=True,
        by=cast.carla, now=NOW,
    )  # fmt: skip


def another_name_for_the_company(cast) -> None:
    type(cast.ada.employer).objects.filter(pk=cast.ada.employer_id).update(name="Acme Holding")


def not_addressed_any_more(cast) -> None:
    type(cast.ada).objects.filter(pk=cast.ada.pk).update(addressed=False)


CHANGES = [reword, another_holds_the_office, another_name_for_the_company, not_addressed_any_more]


@pytest.mark.parametrize("change", CHANGES)
def test_a_standing_that_is_no_longer_so_is_dropped_when_it_is_due_and_the_queue_says_why(cast, change):
    checked(cast, Said.MET)
    change(cast)
    one = News.objects.get()
    queue = browser_of(cast.carla).get(f"/organise/campaigns/robots/reminders/{one.reminders.get().pk}/")

    sending.send_due(now=NOW + timedelta(minutes=16))

    one.refresh_from_db()
    assert (one.number, one.dropped) == (None, True)
    reminder = one.reminders.get()
    assert (reminder.state, reminder.reason) == ("cancelled", news.why_not(one))
    assert reminder.reason == "the standing, or what it is about, has changed since"
    assert "Nothing would be sent" in queue.content.decode()
    assert news.preview(one)[0] == ""
    assert mail_of(cast) is None


@pytest.mark.parametrize("change", CHANGES)
def test_a_standing_that_is_no_longer_so_is_in_no_mail_though_it_was_announced(cast, change):
    checked(cast, Said.MET)
    tell(cast.campaign, "We met")
    announce_all()
    change(cast)

    content = mail_of(cast)

    assert content is not None
    assert "We met" in content.text
    for forbidden in ("Ada Boss", "Eve New", "Dissolve", "Stop every robot", "Acme", ": met"):
        assert forbidden not in content.text


def test_what_nobody_heard_of_is_told_once_it_is_checked_again(cast):
    entry = checked(cast, Said.MET)
    send_back(cast, entry)
    announce_all()
    in_between = mail_of(cast)

    check_once_more(cast, entry)
    announce_all()

    assert in_between is None
    assert "on “Stop every robot”: met; before: unaddressed" in mail_of(cast).text


def test_what_was_announced_and_is_checked_again_in_the_same_words_is_told_to_whoever_does_not_know_it(cast):
    entry = checked(cast, Said.MET)
    announce_all()
    send_back(cast, entry)
    meanwhile = mail_of(cast)
    check_once_more(cast, entry)

    assert meanwhile is None
    assert News.objects.count() == 1
    assert "on “Stop every robot”: met" in mail_of(cast).text


def test_the_same_standing_on_other_words_is_told_anew_and_the_old_words_are_not(cast):
    entry = checked(cast, Said.MET)
    announce_all()
    reword(cast)
    check_once_more(cast, entry)
    announce_all()

    content = mail_of(cast)

    assert News.objects.filter(number__isnull=False).count() == 2
    assert "on “Dissolve the company”: met; before: unaddressed" in content.text
    assert "Stop every robot" not in content.text


def test_what_is_again_as_followers_know_it_is_not_told_twice(cast):
    checked(cast, Said.MET, day=3)
    announce_all()
    checked(cast, Said.PARTLY, day=4)
    checked(cast, Said.MET, day=5)
    last = News.objects.order_by("-pk").first()

    announce_all()

    assert news.why_not(last) == "it is again as followers know it"
    assert News.objects.filter(number__isnull=False).count() == 1


def test_the_title_in_the_queue_keeps_the_words_that_were_checked(cast):
    checked(cast, Said.MET)
    reword(cast)

    assert news.title(News.objects.get()) == ("Ada Boss, Chief executive, Acme: unaddressed → met (Stop every robot)")


# One mail


@pytest.mark.parametrize("at_once", [True, False])
def test_several_changes_of_one_cell_are_told_as_one(cast, at_once):
    checked(cast, Said.ACKNOWLEDGED, day=3)
    if not at_once:
        announce_all()
    checked(cast, Said.PARTLY, day=4)
    announce_all()

    content = mail_of(cast)

    assert content is not None
    assert "Ada Boss, Chief executive, Acme, on “Stop every robot”: partly met; before: unaddressed" in content.text
    assert "acknowledged" not in content.text
    assert content.subject == "Stop the robots: Ada Boss, Chief executive, Acme: partly met"
    assert "/campaigns/robots/executives/ada-boss/" in content.text


def test_what_ended_where_it_began_is_not_told(cast):
    entry = checked(cast, Said.REFUSED)
    announce_all()
    send_back(cast, entry)
    News.objects.create(
        campaign=cast.campaign, kind=NewsKind.STANDING, executive=cast.ada, demand=cast.act,
        who=cast.ada.display, what=cast.act.text, before="refused", after="unaddressed", happened_at=NOW,
    )  # fmt: skip
    announce_all()

    assert mail_of(cast) is None
    assert mail_of(cast, since=1) is not None, "who heard of the first is told of the second"


def test_of_several_milestones_of_a_letter_the_highest_is_told(cast):
    for number in (25, 100, 250):
        news.milestone_reached(campaign_letter=cast.campaign_letter, number=number, now=NOW)
    announce_all()

    content = mail_of(cast)

    assert content is not None
    assert content.subject == "Stop the robots: 250 people have signed"
    assert "100 people" not in content.text
    assert "/letters/robots/" in content.text


def test_an_update_is_told_in_its_first_words_in_the_zone_of_the_follower(cast):
    tell(cast.campaign, "We met", now=datetime(2026, 2, 3, 20, 0, tzinfo=UTC), body="**Long** " + "words " * 300)

    content = mail_of(cast, zone="Pacific/Auckland")

    assert content is not None
    assert "4 February 2026, 09:00 NZDT" in content.text
    assert "Long words" in content.text
    assert "**" not in content.text
    assert len(content.text) < 1500
    assert f"/campaigns/robots/#update-{Update.objects.get().pk}" in content.text
    assert "once a day, in the morning" in content.text
    assert content.text.rstrip().endswith("https://here.example/news/token/")


def test_words_of_a_team_are_words_in_the_mail_and_nothing_else(cast):
    tell(cast.campaign, "Bcc: x@y.example\r\nX: <script>alert(1)</script>", body="<img src=x> [here](javascript:x)")

    content = mail_of(cast)

    assert content is not None
    assert "\n" not in content.subject
    assert "\r" not in content.subject
    for forbidden in ("<script", "<img", 'href="javascript'):
        assert forbidden not in content.html


def test_what_waits_to_be_announced_is_in_no_mail(cast):
    tell(cast.campaign, "Announced")
    news.publish_update(campaign=cast.campaign, title="Not yet", body="x", by=cast.carla, now=NOW)

    content = mail_of(cast)

    assert content is not None
    assert "Not yet" not in content.text


def test_numbers_are_given_once_and_in_order(cast):
    first, second = tell(cast.campaign, "One"), tell(cast.campaign, "Two")
    news.announce(first.pk, now=NOON)

    assert list(News.objects.order_by("number").values_list("pk", "number")) == [(first.pk, 1), (second.pk, 2)]


def test_a_number_is_never_given_twice_though_the_newest_news_is_gone(cast):
    first, second = tell(cast.campaign, "One"), tell(cast.campaign, "Two")
    second.delete()

    third = tell(cast.campaign, "Three")

    assert list(News.objects.order_by("pk").values_list("pk", "number")) == [(first.pk, 1), (third.pk, 3)]
    content = mail_of(cast, since=2)
    assert content is not None
    assert "Three" in content.text


def test_the_team_sees_the_mail_before_it_goes(cast):
    checked(cast, Said.REFUSED)
    one = News.objects.get()

    subject, text = news.preview(one)

    assert subject == "Stop the robots: Ada Boss, Chief executive, Acme: refused"
    assert "before: unaddressed" in text
    assert "each follower’s own page" in text
    assert str(Standing.REFUSED.label) in news.title(one)


def test_writing_to_many_who_know_equally_much_costs_one_reading(cast, django_assert_max_num_queries):
    tell(cast.campaign, "We met")
    digest = news_mail.Digest(cast.campaign)
    nobody = Follower(
        topic=cast.campaign.directory_id, since=0, time_zone="UTC", frequency=Frequency.DAILY, settings_address="x"
    )
    digest.compose(nobody)

    with django_assert_max_num_queries(5):
        for _ in range(5):
            digest.compose(nobody)


# Updates


def test_an_update_is_previewed_confirmed_and_published(cast, mailbox, stranger):
    follow(mailbox, address="fay@home.example")
    carla = browser_of(cast.carla)
    form = {"title": "We met the board", "body": "They *listened*.\n\n# And then"}

    preview = carla.post(UPDATES, {**form, "preview": "1"}).content.decode()
    confirm = carla.post(UPDATES, {**form, "confirm": "1"}).content.decode()
    before = Update.objects.count()
    update_id = re.search(r'name="id" value="([^"]+)"', carla.get(UPDATES).content.decode()).group(1)
    for _ in range(2):
        carla.post(UPDATES, {**form, "id": update_id, "publish": "1"})

    assert "<em>listened</em>" in preview
    assert "fewer than 10" in confirm
    assert "They *listened*." in confirm, "the form goes along"
    assert before == 0
    update = Update.objects.get()
    assert (update.title, update.published_by) == ("We met the board", cast.carla)
    assert News.objects.get().update == update
    page = stranger.get("/campaigns/robots/").content.decode()
    assert f'id="update-{update.pk}" dir="auto"' in page
    assert "<em>listened</em>" in page
    assert "<h4>And then</h4>" in page, "below its own title"


def test_other_words_under_the_same_id_are_another_update_and_pressing_twice_is_still_once(cast):
    carla, update_id = browser_of(cast.carla), str(uuid.uuid4())

    for title in ("One", "Two", "Two", "One"):
        carla.post(UPDATES, {"title": title, "body": "x", "id": update_id, "publish": "1"})

    assert sorted(Update.objects.values_list("title", flat=True)) == ["One", "Two"]
    assert News.objects.count() == 2


def test_the_id_of_another_campaigns_update_is_refused(cast):
    other = Campaign.objects.get(slug="elsewhere")
    theirs = news.publish_update(campaign=other, title="Theirs", body="x", by=cast.mallory, now=NOW)

    answer = browser_of(cast.carla).post(UPDATES, {"title": "Mine", "body": "x", "id": str(theirs.pk), "publish": "1"})

    assert answer.status_code == 404
    assert Update.objects.get() == theirs


def test_updates_stand_newest_first(cast, stranger):
    for number in range(3):
        news.publish_update(
            campaign=cast.campaign, title=f"Update {number}", body="x", by=cast.carla, now=NOW + timedelta(days=number)
        )

    page = stranger.get("/campaigns/robots/").content.decode()

    assert page.index("Update 2") < page.index("Update 1") < page.index("Update 0")


@pytest.mark.parametrize(
    "form", [{"title": "", "body": "x"}, {"title": "x", "body": " \n"}, {"title": "x" * 161, "body": "x"}]
)
@pytest.mark.parametrize("button", ["preview", "confirm", "publish"])
def test_an_update_that_says_nothing_is_refused(cast, form, button):
    answer = browser_of(cast.carla).post(UPDATES, {**form, button: "1"})

    assert answer.status_code == 422
    assert not Update.objects.exists()


def test_who_looks_on_may_read_and_not_write_and_others_see_nothing(cast):
    form = {"title": "x", "body": "x", "publish": "1"}

    assert browser_of(cast.vera).get(UPDATES).status_code == 200
    assert "Write an update" not in browser_of(cast.vera).get(UPDATES).content.decode()
    for user in (cast.vera, cast.oskar, cast.mallory):
        assert browser_of(user).post(UPDATES, form).status_code == 404
    assert browser_of(cast.mallory).get(UPDATES).status_code == 404
    assert not Update.objects.exists()


def test_an_update_shows_at_once_where_pages_are_kept(cast, stranger, settings, django_capture_on_commit_callbacks):
    settings.PAGES_KEPT_SECONDS = 30
    stranger.get("/campaigns/robots/")

    with django_capture_on_commit_callbacks(execute=True):
        news.publish_update(campaign=cast.campaign, title="We met", body="x", by=cast.carla, now=NOW)

    assert "We met" in stranger.get("/campaigns/robots/").content.decode()


def test_before_a_letter_is_open_the_page_of_updates_says_that_nobody_reads_along(cast):
    page = browser_of(cast.mallory).get("/organise/campaigns/elsewhere/updates/").content.decode()

    assert "opens with its first letter" in page
    assert "opens with its first letter" not in browser_of(cast.carla).get(UPDATES).content.decode()
