"""A statement withdraws or contradicts a named earlier one: shown at both, and read by the rules."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from campaign import proposals, queries, record
from campaign.models import Audience, Entry, Said
from campaign.standings import Piece, Standing, Turned, after, standing
from tests.campaign.deciding import follow_the_rules
from tests.campaign.test_holders import hand_over, said_on
from tests.campaign.test_record import say
from tests.cast import NOW, browser_of
from tests.people import plain

PUBLIC, INTERNAL = Audience.PUBLIC, Audience.INTERNAL
FIRST = Piece(Said.MET, PUBLIC, date(2026, 2, 1), "a")


def turned(entry: str, earlier: str, turn: str, audience: str = PUBLIC, day: int = 5) -> Turned:
    return Turned(entry, earlier, turn, audience, date(2026, 2, day))


@pytest.mark.parametrize(
    ("turns", "must_be_public", "expected"),
    [
        ([], True, Standing.MET),
        ([turned("b", "a", "withdraws")], True, Standing.UNADDRESSED),
        ([turned("b", "a", "contradicts")], True, Standing.CONTRADICTORY),
        ([turned("b", "a", "withdraws", INTERNAL)], True, Standing.MET),
        ([turned("b", "a", "withdraws", INTERNAL)], False, Standing.UNADDRESSED),
        ([turned("b", "a", "contradicts", INTERNAL)], True, Standing.MET),
        ([turned("b", "a", "withdraws"), turned("c", "b", "withdraws", day=7)], True, Standing.MET),
        ([turned("b", "a", "contradicts"), turned("c", "b", "withdraws", day=7)], True, Standing.MET),
        ([turned("a", "b", "withdraws"), turned("b", "a", "withdraws")], True, Standing.UNADDRESSED),
        ([turned("b", "x", "withdraws")], True, Standing.MET),
    ],
)
def test_the_rules_read_what_turns_against_what(turns, must_be_public, expected):
    left = after([FIRST], turns, must_be_public=must_be_public)

    assert standing(left, must_be_public=must_be_public) == expected


def test_whoever_says_it_again_later_stands_by_it():
    again = Piece(Said.MET, PUBLIC, date(2026, 2, 9), "c")

    left = after([FIRST, again], [turned("b", "a", "contradicts")], must_be_public=True)

    assert standing(left, must_be_public=True) == Standing.MET


@pytest.fixture
def promised(cast) -> Entry:
    entry = say(cast, bearings={cast.act.pk: Said.MET})
    record.check(entry=entry, by=cast.oskar, now=NOW)
    return entry


def typed(cast, before, **other):
    return {
        "executives": cast.ada.pk, "quote": "We no longer say so", "date": "2026-02-05", "precision": "day",
        "audience": "public", "source_title": "Another paper", "record": "1",
        "turn": "withdraws", "earlier": before.pk,
    } | other  # fmt: skip


NEW = "/organise/campaigns/robots/record/new/"


@pytest.mark.django_db
class TestByHand:
    def test_it_is_shown_at_both_and_the_standing_is_to_be_decided_anew(self, cast, promised, stranger):
        follow_the_rules(cast)
        assert not proposals.proposals(cast.campaign)

        answer = browser_of(cast.oskar).post(NEW, typed(cast, promised))
        [later] = Entry.objects.filter(earlier=promised)
        checked = browser_of(cast.carla).post(f"/organise/campaigns/robots/record/{later.pk}/", {"check": "1"})

        assert answer.status_code == 302
        assert f"/cells/{cast.ada.pk}/{cast.act.pk}/" in checked.headers["Location"]
        [cell] = proposals.proposals(cast.campaign)
        assert (cell.standing, cell.proposed) == (Standing.MET, Standing.UNADDRESSED)
        text = plain(stranger.get("/campaigns/robots/executives/ada-boss/").content.decode())
        assert "It withdraws what was said: 3 February 2026. The earlier statement" in text
        assert "A later statement withdraws it: 5 February 2026. The later statement" in text

    def test_a_correction_of_the_earlier_one_is_what_it_turns_against_then(self, cast, promised):
        browser_of(cast.oskar).post(NEW, typed(cast, promised))
        correction = say(cast, bearings={cast.act.pk: Said.MET})
        Entry.objects.filter(pk=correction.pk).update(corrects=promised, correction="A word was wrong.")
        correction.refresh_from_db()

        record.check(entry=correction, by=cast.oskar, now=NOW)

        assert Entry.objects.get(quote="We no longer say so").earlier == correction

    @pytest.mark.parametrize(
        ("other", "field"),
        [
            ({"turn": ""}, "turn"),
            ({"earlier": ""}, "earlier"),
            ({"date": "2026-02-02"}, "earlier"),
            ({"executives": "bo"}, "earlier"),
        ],
    )
    def test_what_does_not_fit_is_said_at_its_field(self, cast, promised, other, field):
        if other.get("executives"):
            other = {"executives": cast.bo.pk}

        answer = browser_of(cast.oskar).post(NEW, typed(cast, promised, **other))

        assert answer.status_code == 422
        assert set(answer.context["form"].errors) == {field}
        assert "We no longer say so" in answer.content.decode()

    def test_nothing_is_asked_where_nothing_was_said_before(self, cast):
        assert 'name="earlier"' not in browser_of(cast.oskar).get(NEW).content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(("turn", "itself"), [("withdraws", False), ("", True), ("withdraws", True)])
def test_the_database_refuses_what_turns_against_nothing_or_itself(cast, promised, turn, itself):
    earlier = promised.pk if itself else None

    with pytest.raises(IntegrityError, match="entry_turns_against_an_earlier_statement"), transaction.atomic():
        Entry.objects.filter(pk=promised.pk).update(earlier=earlier, turn=turn)


@pytest.mark.django_db
def test_a_later_holder_takes_back_nothing_of_the_one_before(cast, promised):
    hand_over(cast)
    said_on(cast, date(2026, 3, 9), Said.REFUSED, earlier=promised, turn="withdraws")

    cells = {(one.is_past, one.demand): one.proposed for one in proposals.cells(cast.campaign) if one.term}

    assert cells[False, cast.act] == Standing.REFUSED
    assert cells[True, cast.act] == Standing.MET
    assert queries.executive_page("robots", "ada-boss", now=NOW).parts[1].said[0].turned_by
