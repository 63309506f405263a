"""Following a campaign: asked for apart from signing, told in few mails, ended with one POST."""

import logging
import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client

from accounts import clock, deadletters, hours, outbox, suppression
from accounts.models import OutgoingMail
from accounts.shortlived import memory
from campaign import news
from letters import broadcasting, forecasting
from letters.models import Subscription
from tests.cast import code_of
from tests.letters.following import NOON, ask_for_news, follow, settings_path, tell

pytestmark = pytest.mark.django_db


def news_to(mailbox, address: str):
    """The mails of news that reached an address."""
    return [mail for mail in mailbox(address) if mail.subject != "Your code"]


def test_a_follower_confirms_gets_two_things_in_one_mail_and_stops_with_one_post(cast, mailbox):
    response = follow(mailbox, address="fay@home.example", frequency="daily")
    assert response.headers["Location"] == "/campaigns/robots/news/done/"
    tell(cast.campaign, "We met the board")
    tell(cast.campaign, "We meet again")

    news.send_due(now=NOON)
    assert not news_to(mailbox, "fay@home.example"), "not before her morning"
    news.send_due(now=NOON + timedelta(days=1))

    [mail] = news_to(mailbox, "fay@home.example")
    assert "We met the board" in mail.text
    assert "We meet again" in mail.text
    assert mail.subject == "Stop the robots: 2 things are new"
    provider = Client(enforce_csrf_checks=True)
    answer = provider.post(settings_path(mail.text), {"List-Unsubscribe": "One-Click"})
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/plain; charset=utf-8")
    assert not Subscription.objects.exists()
    tell(cast.campaign, "Later")
    news.send_due(now=NOON + timedelta(days=9))
    assert len(news_to(mailbox, "fay@home.example")) == 1


def test_the_mail_names_its_one_click_address_and_has_nothing_to_load(cast, mailbox, tmp_path):
    follow(mailbox, address="fay@home.example")
    tell(cast.campaign, "We met the board")
    news.send_due(now=NOON)

    [mail] = news_to(mailbox, "fay@home.example")
    raw = (tmp_path / "mail" / f"{mail.name}.eml").read_text()
    folded = re.sub(r"\n[ \t]+", "", raw)
    assert "List-Unsubscribe-Post: List-Unsubscribe=One-Click" in folded
    assert re.search(r"^List-Unsubscribe: <http[^>]+/news/[^>]+/>$", folded, re.MULTILINE)
    html = raw.partition("text/html")[2]
    assert html
    for loaded in ("<img", "src=", "<link", "<script", "url("):
        assert loaded not in html


def test_a_get_of_any_address_in_the_mail_changes_nothing(cast, mailbox, stranger):
    follow(mailbox, address="fay@home.example")
    tell(cast.campaign, "We met the board")
    news.send_due(now=NOON)
    path = settings_path(news_to(mailbox, "fay@home.example")[0].text)

    page = stranger.get(path, {"stop": "1", "List-Unsubscribe": "One-Click"})

    assert page.status_code == 200
    assert "Stop these mails" in page.content.decode()
    assert "no-store" in page.headers["Cache-Control"]
    assert 'name="robots" content="noindex' in page.content.decode()
    assert "fay" not in page.content.decode()
    assert Subscription.objects.count() == 1


def test_the_button_stops_them_and_offers_to_begin_again(cast, mailbox, stranger):
    follow(mailbox, address="fay@home.example")
    tell(cast.campaign, "We met the board")
    news.send_due(now=NOON)
    path = settings_path(news_to(mailbox, "fay@home.example")[0].text)

    page = stranger.post(path, {"stop": "1"}, follow=True).content.decode()

    assert "No more of these mails" in page
    assert "/campaigns/robots/news/" in page
    assert not Subscription.objects.exists()
    assert stranger.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert stranger.get(path).content.decode() == page


def test_stopping_cancels_the_mail_that_waits(cast, mailbox, stranger):
    follow(mailbox, address="fay@home.example")
    tell(cast.campaign, "We met the board")
    news.send_due(now=NOON)
    path = settings_path(news_to(mailbox, "fay@home.example")[0].text)
    tell(cast.campaign, "We meet again")
    news.send_due(now=NOON)

    stranger.post(path, {"List-Unsubscribe": "One-Click"})

    assert len(news_to(mailbox, "fay@home.example")) == 1
    assert OutgoingMail.objects.filter(kind="news", state="cancelled", failure="unsubscribed").count() == 1


@pytest.mark.parametrize("state", ["waiting", "dead", "uncertain"])
def test_stopping_leaves_nothing_of_her_in_the_mail_that_is_owed_whatever_its_number(cast, mailbox, stranger, state):
    follow(mailbox, address="fay@home.example")
    follow(mailbox, address="gus@home.example")
    tell(cast.campaign, "We met the board")
    news.send_due(now=NOON)
    fay = Subscription.objects.order_by("pk").first()
    path = f"/news/{broadcasting._token(fay)}/"
    hers = OutgoingMail.objects.filter(key__startswith=f"news:{fay.pk}:")
    if state != "waiting":
        hers.update(state=state, over_at=clock.now(), lane="", group="")
    for number in range(60):
        tell(cast.campaign, f"Thing {number}")
    news.send_due(now=NOON)

    stranger.post(path, {"List-Unsubscribe": "One-Click"})

    assert hers.count() == 2
    assert not hers.filter(sealed__isnull=False).exists()
    deadletters.owe_again(choice=deadletters.Choice(), state=state)
    assert len(news_to(mailbox, "fay@home.example") + news_to(mailbox, "gus@home.example")) == 2, "the other's alone"


def test_a_mailbox_that_types_a_fresh_code_works_whatever_was_noted_of_it(cast, mailbox):
    suppression.note(event_id="1", kind="reminder", address="fay@home.example", reason="bounced")
    suppression.note(event_id="2", kind="news", address="fay@home.example", reason="complained")

    follow(mailbox, address="fay@home.example")
    tell(cast.campaign, "We met the board")
    news.send_due(now=NOON)

    assert len(news_to(mailbox, "fay@home.example")) == 1


def test_whoever_complains_of_news_follows_no_longer_when_the_next_is_due(cast, mailbox):
    follow(mailbox, address="fay@home.example")
    suppression.note(event_id="1", kind="news", address="fay@home.example", reason="complained")
    tell(cast.campaign, "We met the board")

    news.send_due(now=NOON)

    assert not Subscription.objects.exists()
    assert not OutgoingMail.objects.filter(kind="news").exists()


def test_whoever_complains_of_something_else_goes_on_following(cast, mailbox):
    follow(mailbox, address="fay@home.example")
    suppression.note(event_id="1", kind="invitation", address="fay@home.example", reason="complained")
    tell(cast.campaign, "We met the board")

    news.send_due(now=NOON)

    assert len(news_to(mailbox, "fay@home.example")) == 1


@pytest.mark.parametrize("token", ["nonsense", "eyJzIjoiMSJ9:1a:xyz"])
def test_a_token_that_is_not_ours_leads_nowhere(cast, stranger, token):
    assert stranger.get(f"/news/{token}/").status_code == 404
    assert stranger.post(f"/news/{token}/", {"List-Unsubscribe": "One-Click"}).status_code == 404


def test_a_follower_changes_how_often_and_where_her_mornings_are(cast, mailbox, stranger):
    follow(mailbox, address="fay@home.example")
    tell(cast.campaign, "We met the board")
    news.send_due(now=NOON)
    path = settings_path(news_to(mailbox, "fay@home.example")[0].text)
    tell(cast.campaign, "We meet again")

    saved = stranger.post(path, {"frequency": "weekly", "time_zone": "Pacific/Auckland"}, follow=True)
    refused = stranger.post(path, {"frequency": "hourly", "time_zone": "Nowhere/Land"})

    assert "Saved" in saved.content.decode()
    assert refused.status_code == 422
    row = Subscription.objects.get()
    assert (row.frequency, row.time_zone) == ("weekly", "Pacific/Auckland")
    local = row.next_at.astimezone(hours.zone_of("Pacific/Auckland"))
    assert (local.weekday(), local.hour) == (0, 8), "what she waits for comes at the hour that she chose"


def test_following_again_only_changes_the_choice(cast, mailbox):
    first = follow(mailbox, address="fay@home.example", frequency="daily")
    again = follow(mailbox, address="Fay+news@home.example", frequency="weekly")

    assert (first.status_code, first.headers["Location"]) == (again.status_code, again.headers["Location"])
    assert Subscription.objects.get().frequency == "weekly"


def test_the_pages_are_the_same_whatever_is_known_of_the_address(cast, mailbox, settings):
    settings.CODES_PER_ADDRESS_PER_DAY = 2
    follow(mailbox, address="fay@home.example")
    clients, pages = [Client() for _ in range(4)], set()
    addresses = ("fay@home.example", "new@home.example", "fay@home.example", "fay@home.example")

    answers = [ask_for_news(client, address=address) for client, address in zip(clients, addresses, strict=True)]
    for client in clients:
        page = client.get("/campaigns/robots/news/code/").content.decode()
        pages.add(re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page))

    assert {(answer.status_code, answer.headers["Location"]) for answer in answers} == {
        (302, "/campaigns/robots/news/code/")
    }
    assert len(pages) == 1
    assert OutgoingMail.objects.filter(kind="code", failure="withheld").count() == 2


def test_the_code_mail_is_the_one_that_signers_get(cast, mailbox, tmp_path):
    ask_for_news(Client(), address="fay@home.example")
    mailbox()

    [file] = (tmp_path / "mail").glob("*.eml")
    words = file.read_text().lower()
    for forbidden in ("robots", "news", "follow", "subscri", "sign", "campaign", "letter", "http"):
        assert forbidden not in words, forbidden


def test_a_code_works_only_in_the_browser_that_asked_and_not_for_signing(cast, mailbox):
    client = Client()
    ask_for_news(client, address="fay@home.example")
    code = code_of(mailbox()[0].text)

    elsewhere = Client().post("/campaigns/robots/news/code/", {"code": code})
    as_signature = client.post("/letters/robots/code/", {"code": code})
    wrong = client.post("/campaigns/robots/news/code/", {"code": "AAAA AAAA"})
    client.get("/campaigns/robots/news/code/", {"code": code})
    client.get("/campaigns/robots/news/code/again/")

    assert (elsewhere.status_code, as_signature.status_code, wrong.status_code) == (410, 410, 422)
    assert not Subscription.objects.exists()
    assert client.post("/campaigns/robots/news/code/", {"code": code}).status_code == 302


def test_another_code_replaces_the_first(cast, mailbox):
    client = Client()
    ask_for_news(client, address="fay@home.example")
    first = code_of(mailbox()[0].text)
    client.post("/campaigns/robots/news/code/again/")
    second = code_of(mailbox()[1].text)

    assert client.post("/campaigns/robots/news/code/", {"code": first}).status_code == 422
    assert client.post("/campaigns/robots/news/code/", {"code": second}).status_code == 302


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"address": "no address"}, "email"),
        ({"address": "fay@home.example", "frequency": "hourly"}, "frequency"),
        ({"address": "fay@home.example", "zone": "Nowhere/Land"}, "time_zone"),
    ],
)
def test_a_bad_form_is_refused_at_its_field(cast, form, field):
    response = ask_for_news(Client(), **form)

    assert response.status_code == 422
    assert response.context["form"].errors.keys() == {field}
    assert not OutgoingMail.objects.exists()


def test_a_campaign_without_an_open_letter_cannot_be_followed(cast, stranger):
    assert stranger.get("/campaigns/elsewhere/news/").status_code == 404
    assert stranger.get("/campaigns/nowhere/news/").status_code == 404
    assert stranger.get("/letters/nowhere/news/").status_code == 404


def test_the_ways_to_the_form(cast, stranger):
    for path in ("/campaigns/robots/", "/letters/robots/"):
        assert "/campaigns/robots/news/" in stranger.get(path).content.decode()
    assert "/letters/robots/news/" in stranger.get("/letters/robots/signed/").content.decode()
    assert stranger.get("/letters/robots/news/").headers["Location"] == "/campaigns/robots/news/"


# When


def test_nothing_comes_in_the_night_of_auckland(cast, mailbox):
    follow(mailbox, address="fay@home.example", zone="Pacific/Auckland")
    tell(cast.campaign, "We met the board")  # 23:00 in Auckland

    for hour in range(9):
        news.send_due(now=NOON + timedelta(hours=hour, minutes=-1))
        assert not news_to(mailbox, "fay@home.example")
    news.send_due(now=NOON + timedelta(hours=9))

    assert len(news_to(mailbox, "fay@home.example")) == 1


def test_what_was_due_while_nothing_ran_waits_for_the_morning(cast, mailbox):
    follow(mailbox, address="fay@home.example")
    tell(cast.campaign, "We met the board")

    news.send_due(now=datetime(2026, 2, 5, 23, 0, tzinfo=UTC))
    at_night = news_to(mailbox, "fay@home.example")
    news.send_due(now=datetime(2026, 2, 6, 7, 0, tzinfo=UTC))

    assert not at_night
    assert len(news_to(mailbox, "fay@home.example")) == 1


def test_the_fourth_mail_of_a_day_waits_for_the_morning_and_takes_the_fifth_along(cast, mailbox):
    follow(mailbox, address="fay@home.example")
    for number in range(5):
        tell(cast.campaign, f"Update {number}", now=NOON + timedelta(minutes=number))
        news.send_due(now=NOON + timedelta(minutes=number))

    same_day = news_to(mailbox, "fay@home.example")
    news.send_due(now=NOON + timedelta(days=1))
    mails = news_to(mailbox, "fay@home.example")

    assert len(same_day) == 3
    assert len(mails) == 4
    assert "Update 3" in mails[-1].text
    assert "Update 4" in mails[-1].text
    assert Subscription.objects.get().next_at is None


def test_weekly_is_monday_at_eight_where_she_lives(cast, mailbox):
    follow(mailbox, address="fay@home.example", frequency="weekly", zone="America/New_York")
    tell(cast.campaign, "We met the board")

    local = Subscription.objects.get().next_at.astimezone(hours.zone_of("America/New_York"))

    assert local.strftime("%A %H:%M") == "Monday 08:00"


def test_whoever_follows_later_is_not_told_what_was_told_before(cast, mailbox):
    tell(cast.campaign, "Old news")
    follow(mailbox, address="fay@home.example")
    news.send_due(now=NOON)
    tell(cast.campaign, "Fresh news")
    news.send_due(now=NOON)

    [mail] = news_to(mailbox, "fay@home.example")
    assert "Old news" not in mail.text
    assert "Fresh news" in mail.text


def test_a_campaign_whose_mail_is_held_sends_nothing_and_loses_nothing(cast, mailbox):
    follow(mailbox, address="fay@home.example")
    tell(cast.campaign, "We met the board")
    type(cast.campaign).objects.update(mail_held=True)

    news.send_due(now=NOON)
    held = news_to(mailbox, "fay@home.example")
    type(cast.campaign).objects.update(mail_held=False)
    news.send_due(now=NOON)

    assert not held
    assert len(news_to(mailbox, "fay@home.example")) == 1


def test_sending_again_and_again_tells_once(cast, mailbox):
    follow(mailbox, address="fay@home.example")
    one = tell(cast.campaign, "We met the board")
    for _ in range(3):
        news.announce(one.pk, now=NOON)
        news.send_due(now=NOON)

    assert len(news_to(mailbox, "fay@home.example")) == 1


def test_followers_of_one_campaign_hear_nothing_of_another(cast, mailbox):
    follow(mailbox, address="fay@home.example")
    other = type(cast.campaign).objects.get(slug="elsewhere")

    tell(other, "Rivals")
    news.send_due(now=NOON)

    assert not news_to(mailbox, "fay@home.example")


def test_those_who_follow_a_campaign_that_is_gone_are_forgotten(cast, mailbox):
    follow(mailbox, address="fay@home.example")
    tell(cast.campaign, "We met the board")
    Subscription.objects.update(topic="00000000-0000-4000-8000-000000000000")

    news.send_due(now=NOON)

    assert not Subscription.objects.exists()


def test_a_subscription_that_cannot_be_opened_any_more_holds_nobody_up(cast, mailbox):
    follow(mailbox, address="first@home.example")
    follow(mailbox, address="second@home.example")
    tell(cast.campaign, "We met the board")
    first = Subscription.objects.order_by("next_at").first()
    Subscription.objects.filter(pk=first.pk).update(sealed=b"x" * 64)

    news.send_due(now=NOON)

    assert OutgoingMail.objects.filter(kind="news").count() == 1
    assert not Subscription.objects.filter(next_at__isnull=False).exists()


# How many


@pytest.mark.parametrize(
    ("count", "expected"),
    [
        (0, "fewer than 10"),
        (9, "fewer than 10"),
        (10, "10 to 24"),
        (25, "25 to 49"),
        (49, "25 to 49"),
        (51, "50 or more"),
    ],
)
def test_the_number_of_followers_is_only_about_right(cast, count, expected):
    topic = cast.campaign.directory_id
    broadcasting.take_in(newcomers=[(topic, f"fay{number}@home.example") for number in range(count)], now=NOON)
    tell(cast.campaign, "We met the board")

    assert forecasting.followers(topic=topic) == expected
    forecast = news.forecast(cast.campaign, until=NOON + timedelta(days=14))
    how = "once a week, on Monday morning" if count >= 10 else "in the morning of their day"
    assert [text for _, text in forecast] == ([f"followers, {how} ({expected})"] if count else [])


def test_the_forecast_shows_nobodys_zone(cast):
    topic = cast.campaign.directory_id
    zones = ["Asia/Tokyo", "Asia/Kolkata", "Europe/Berlin", "America/New_York", "Pacific/Auckland"]
    broadcasting.take_in(newcomers=[(topic, f"fay{number}@home.example") for number in range(5)], now=NOON)
    for row, zone in zip(Subscription.objects.order_by("pk"), zones, strict=True):
        Subscription.objects.filter(pk=row.pk).update(time_zone=zone)
    tell(cast.campaign, "We met the board")

    forecast = news.forecast(cast.campaign, until=NOON + timedelta(days=14))

    assert len(set(Subscription.objects.values_list("next_at", flat=True))) == 5
    monday = datetime(2026, 2, 9, 7, 0, tzinfo=UTC)  # eight in the campaign's morning
    assert forecast == [(monday, "followers, in the morning of their day (fewer than 10)")]


# Rows


def test_no_address_is_in_rows_in_redis_or_in_logs(cast, mailbox, caplog):
    caplog.set_level(logging.DEBUG)
    follow(mailbox, address="canary.bird@home.example")
    tell(cast.campaign, "We met the board")
    news.send_due(now=NOON)
    waiting = _everything()
    mailbox()

    held = waiting + _everything()

    assert b"We met the board" in held, "the search itself must find what is there"
    assert b"canary" not in held.lower()
    assert "canary" not in caplog.text.lower()


def _everything() -> bytes:
    """Every table, and all that Redis holds."""
    found = b""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT t::text FROM {connection.ops.quote_name(table)} t")
            found += "\n".join(row[0] for row in cursor.fetchall()).encode()
    for key in memory().scan_iter():
        kind = memory().type(key)
        if kind == b"string":
            found += memory().get(key) or b""
        elif kind == b"list":
            found += b"".join(memory().lrange(key, 0, -1))
        found += key
    return found


def _subscription(**changes: object) -> Subscription:
    plain = {
        "topic": "00000000-0000-4000-8000-000000000000",
        "tag": b"1" * 32,
        "sealed": b"",
        "frequency": "daily",
        "time_zone": "UTC",
        "confirmed_in": date(2026, 2, 1),
    }
    return Subscription(**{**plain, **changes})


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"frequency": "hourly"}, "subscription_knows_its_frequency"),
        ({"confirmed_in": date(2026, 2, 3)}, "subscription_remembers_a_month_at_most"),
        ({"next_at": NOON}, "subscription_that_waits_knows_what_for_and_where"),
        ({"next_at": NOON, "told": 1, "time_zone": ""}, "subscription_that_waits_knows_what_for_and_where"),
        ({"mails_on": date(2026, 2, 3)}, "subscription_counts_mails_of_a_day"),
        ({"mails_that_day": 1}, "subscription_counts_mails_of_a_day"),
    ],
)
def test_the_database_refuses_a_subscription_that_makes_no_sense(db, changes, constraint):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        _subscription(**changes).save(force_insert=True)


def test_the_database_refuses_a_second_subscription_of_one_mailbox(db):
    _subscription().save(force_insert=True)

    with pytest.raises(IntegrityError, match="subscription_once_for_a_topic"), transaction.atomic():
        _subscription().save(force_insert=True)


def test_nothing_leads_from_a_subscription_to_a_signature():
    fields = {field.name for field in Subscription._meta.get_fields()}

    assert not any(field.is_relation for field in Subscription._meta.get_fields())
    assert not fields & {"created_at", "signature", "letter", "address", "email"}


def test_news_is_bulk_mail_that_goes_at_most_once(cast, mailbox):
    follow(mailbox, address="fay@home.example")
    tell(cast.campaign, "We met the board")
    news.send_due(now=NOON)

    row = OutgoingMail.objects.get(kind="news")

    assert (row.queue, row.at_most_once) == ("bulk", True)
    assert outbox.NEWS.honours_suppression


def test_nobody_more_is_told_while_much_mail_of_the_campaign_waits_and_nothing_is_lost(cast, mailbox, monkeypatch):
    other = type(cast.campaign).objects.get(slug="elsewhere")
    monkeypatch.setattr(broadcasting, "_MOST_WAITING", 3)
    monkeypatch.setattr(news, "_TURN", 2)
    for campaign, many in ((cast.campaign, 6), (other, 1)):
        newcomers = [(campaign.directory_id, f"fay{number}@home.example") for number in range(many)]
        broadcasting.take_in(newcomers=newcomers, now=NOON)
    Subscription.objects.update(frequency="instant")
    tell(cast.campaign, "Large")
    tell(other, "Small")

    at_first = news.send_due(now=NOON)
    again = news.send_due(now=NOON)
    waiting = Subscription.objects.filter(next_at__isnull=False, told=0).count()
    mails = len(mailbox())
    news.send_due(now=NOON)

    assert (at_first, again, waiting, mails) == (5, 0, 2, 5)
    assert len(mailbox()) == 7


def test_sending_ends_when_nobody_is_due(cast, mailbox, monkeypatch):
    follow(mailbox, address="fay@home.example")
    tell(cast.campaign, "We met the board")
    asked = []
    send_one = broadcasting.send_one
    monkeypatch.setattr(broadcasting, "send_one", lambda **how: asked.append(how["topic"]) or send_one(**how))

    assert news.send_due(now=NOON) == 1
    assert len(asked) == 2, "once for her, and once to find nobody"


def test_campaigns_take_turns_so_that_a_large_one_holds_up_no_small_one(cast, mailbox, monkeypatch):
    other = type(cast.campaign).objects.get(slug="elsewhere")
    monkeypatch.setattr(news, "_TURN", 2)
    for campaign, many in ((cast.campaign, 7), (other, 3)):
        newcomers = [(campaign.directory_id, f"fay{number}@home.example") for number in range(many)]
        broadcasting.take_in(newcomers=newcomers, now=NOON)
    Subscription.objects.update(frequency="instant")
    tell(cast.campaign, "Large")
    tell(other, "Small")
    order = []
    send_one = broadcasting.send_one
    monkeypatch.setattr(broadcasting, "send_one", lambda **how: order.append(how["topic"]) or send_one(**how))

    assert news.send_due(now=NOON) == 10
    assert set(order[:4]) == {cast.campaign.directory_id, other.directory_id}
    assert OutgoingMail.objects.filter(kind="news").count() == 10
