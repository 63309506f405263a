"""What an executive said counts once a second person has checked it, and then by stated rules."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from campaign import queries, record, scoreboard
from campaign.facts import campaign_of_letter
from campaign.models import Audience, Entry, Precision, Said
from campaign.standings import Piece, Standing, standing
from tests.campaign.deciding import follow_the_rules
from tests.cast import NOW, browser_of

PUBLIC, INTERNAL = Audience.PUBLIC, Audience.INTERNAL


def piece(said: Said, audience: str = PUBLIC, day: int = 1) -> Piece:
    return Piece(said, audience, date(2026, 1, day))


@pytest.mark.parametrize(
    ("pieces", "must_be_public", "expected"),
    [
        ([], False, Standing.UNADDRESSED),
        ([piece(Said.PARTLY)], True, Standing.PARTLY),
        ([piece(Said.PARTLY, INTERNAL)], True, Standing.UNADDRESSED),
        ([piece(Said.PARTLY, INTERNAL)], False, Standing.PARTLY),
        ([piece(Said.NOT_PUBLIC, INTERNAL)], True, Standing.UNADDRESSED),
        ([piece(Said.NONE_HELD)], False, Standing.NOT_APPLICABLE),
        ([piece(Said.REFUSED, day=1), piece(Said.MET, day=2)], False, Standing.MET),
        ([piece(Said.MET, day=1), piece(Said.REFUSED, day=2)], False, Standing.CONTRADICTORY),
        ([piece(Said.MET), piece(Said.REFUSED)], False, Standing.CONTRADICTORY),
        ([piece(Said.ACKNOWLEDGED), piece(Said.PARTLY)], False, Standing.PARTLY),
        ([piece(Said.ACKNOWLEDGED, day=1), piece(Said.REFUSED, day=2)], False, Standing.REFUSED),
    ],
)
def test_a_standing_follows_from_the_statements(pieces, must_be_public, expected):
    assert standing(pieces, must_be_public=must_be_public) == expected


def say(cast, *, audience=PUBLIC, bearings=None, by=None) -> Entry:
    return record.record_statement(
        campaign=cast.campaign,
        statement=record.NewStatement(
            executive=cast.ada,
            date=date(2026, 2, 3),
            precision=Precision.DAY,
            audience=audience,
            quote="We will think about it",
            reported_by="" if audience == PUBLIC else "The Paper",
            bearings=bearings or {},
        ),
        source=record.NewSource(title="The Paper, page 3"),
        by=by or cast.carla,
        now=NOW,
    )


def board(cast):
    page = queries.campaign_page("robots", now=NOW + timedelta(days=27))
    return {row.key: row for row in page.scoreboard.rows}


@pytest.mark.django_db
def test_a_statement_is_public_only_after_a_second_check(cast, stranger):
    entry = say(cast, bearings={cast.act.pk: Said.REFUSED})
    before, page_before = board(cast)["ada-boss"], stranger.get("/campaigns/robots/").content.decode()

    record.check(entry=entry, by=cast.oskar, now=NOW)
    follow_the_rules(cast)

    after, page_after = board(cast)["ada-boss"], stranger.get("/campaigns/robots/").content.decode()
    assert (before.cells[0].standing, before.answered, before.silent_days) == (Standing.UNADDRESSED, False, 27)
    assert (after.cells[0].standing, after.answered, after.silent_days) == (Standing.REFUSED, True, None)
    assert "think about it" not in page_before
    assert "think about it" in page_after
    assert "The Paper, page 3" in page_after


@pytest.mark.django_db
def test_an_internal_message_is_shown_as_such_and_is_no_answer(cast):
    entry = say(cast, audience=INTERNAL, bearings={cast.speak.pk: Said.PARTLY})
    record.check(entry=entry, by=cast.oskar, now=NOW)

    row = board(cast)["ada-boss"]

    assert (row.answered, row.spoke_internally) == (False, True)
    assert (row.cells[1].standing, row.cells[1].internal) == (Standing.UNADDRESSED, True)


@pytest.mark.django_db
def test_nobody_checks_what_she_recorded_herself(cast):
    entry = say(cast)

    with pytest.raises(record.NotPossible, match="Somebody else"):
        record.check(entry=entry, by=cast.carla, now=NOW)
    with pytest.raises(IntegrityError, match="entry_is_checked_by_a_second_person"), transaction.atomic():
        Entry.objects.update(state="checked", checked_by=cast.carla, checked_at=NOW)


@pytest.mark.django_db
def test_nothing_becomes_public_without_a_source(cast):
    entry = say(cast)
    entry.sources.clear()

    with pytest.raises(record.NotPossible, match="no source"):
        record.check(entry=entry, by=cast.oskar, now=NOW)


@pytest.mark.django_db
def test_two_who_decide_at_once_are_told(cast):
    entry = say(cast)
    record.check(entry=entry, by=cast.oskar, now=NOW)

    with pytest.raises(record.NotPossible, match="a moment ago"):
        record.reject(entry=entry, by=cast.oskar, reason="wrong day", now=NOW)


@pytest.mark.django_db
def test_a_form_that_lacks_its_source_is_refused_there_and_keeps_the_quote(cast):
    client = browser_of(cast.carla)
    response = client.post(
        "/organise/campaigns/robots/record/new/",
        {
            "executives": [cast.ada.pk],
            "audience": "internal",
            "quote": "Kept words",
            "date": "2031-01-01",
            "precision": "day",
        },
    )

    assert response.status_code == 422
    assert response.context["form"].errors.keys() == {"source_title", "reported_by", "date"}
    assert "Kept words" in response.content.decode()


@pytest.mark.django_db
def test_the_scoreboard_is_two_queries_whatever_is_on_record(cast, django_assert_num_queries):
    facts = campaign_of_letter(cast.letter.id)
    for _ in range(5):
        record.check(entry=say(cast, bearings={cast.act.pk: Said.MET}), by=cast.oskar, now=NOW)

    with django_assert_num_queries(2):
        scoreboard.board(campaign=facts, now=NOW)


@pytest.mark.django_db
def test_who_changes_what_a_checked_entry_speaks_of_needs_a_second_person_again(cast, stranger):
    entry = say(cast, bearings={cast.act.pk: Said.REFUSED})
    record.check(entry=entry, by=cast.oskar, now=NOW)

    page = (
        browser_of(cast.carla)
        .post(
            f"/organise/campaigns/robots/executives/{cast.ada.pk}/",
            {"name": "Innocent Person", "title": "Chief executive", "employer": cast.beta, "addressed": "on"},
            follow=True,
        )
        .content.decode()
    )

    assert "1 checked entry speaks of this" in page
    assert "think about it" not in stranger.get("/campaigns/robots/").content.decode()
    entry.refresh_from_db()
    with pytest.raises(record.NotPossible, match="Somebody else"):
        record.check(entry=entry, by=cast.carla, now=NOW)


@pytest.mark.django_db
@pytest.mark.parametrize("precision", ["month", "year"])
def test_a_date_known_to_the_month_or_year_is_taken(cast, precision):
    browser_of(cast.carla).post(
        "/organise/campaigns/robots/record/new/",
        {
            "executives": [cast.ada.pk],
            "audience": "public",
            "quote": "Words",
            "date": "2026-01-26",
            "precision": precision,
            "source_title": "The Paper",
        },
    )

    assert Entry.objects.get().date == date(2026, 1, 1)


@pytest.mark.django_db
def test_no_days_are_counted_where_the_asking_happened_elsewhere(cast):
    cast.campaign.counts_silence = False
    cast.campaign.save()

    assert board(cast)["ada-boss"].silent_days is None
