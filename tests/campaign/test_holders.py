"""An office changes hands: its questions stay, its holders' words and standings stay with whoever said them."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from campaign import deciding, movement, organising, outreach, proposals, queries, record, succession
from campaign.models import Audience, Entry, Holder, Outreach, Precision, Said, Shown, StandingDecision
from campaign.recording import NewSource
from campaign.standings import Standing
from campaign.succession import NewHolder
from tests.campaign.deciding import decide, follow_the_rules
from tests.campaign.test_record import say
from tests.cast import NOW, browser_of
from tests.people import plain

pytestmark = pytest.mark.django_db
CAME = date(2026, 3, 1)
LATER = NOW + timedelta(days=60)  # 2 April 2026
PAPER = NewSource(title="Acme has a new chief", publisher="The Paper", address="https://paper.example/new")


def said_on(cast, day: date, said=Said.PARTLY, *, precision=Precision.DAY, now=LATER, **facts) -> Entry:
    entry = say(cast, bearings={cast.act.pk: said, cast.speak.pk: said})
    Entry.objects.filter(pk=entry.pk).update(date=day, precision=precision, quote=f"Words of {day}", **facts)
    record.check(entry=entry, by=cast.oskar, now=now)
    return entry


def hand_over(cast, name="Bea New", since=CAME, *, precision=Precision.DAY, now=LATER) -> Holder:
    holder = waits(cast, name, since, precision=precision, now=now)
    succession.check(holder=holder, by=cast.carla, now=now)
    cast.ada.refresh_from_db()
    return Holder.objects.get(pk=holder.pk)


def waits(cast, name="Bea New", since=CAME, *, precision=Precision.DAY, now=LATER) -> Holder:
    new = NewHolder(name=name, since=since, precision=precision)
    return succession.change(executive=cast.ada, new=new, source=PAPER, by=cast.oskar, now=now)


def page(*, now=LATER, on=""):
    return queries.executive_page("robots", "ada-boss", now=now, on=on)


class TestWhoeverComes:
    def test_begins_from_nothing_and_the_one_before_keeps_her_words_and_standings(self, cast):
        said_on(cast, date(2026, 2, 3))
        follow_the_rules(cast, now=LATER)

        hand_over(cast)

        shown = page()
        new, old = shown.parts
        assert (shown.executive.person.name, shown.row.since, shown.row.answered) == ("Bea New", CAME, False)
        assert [cell.standing for cell in new.cells] == [Standing.UNADDRESSED, Standing.UNADDRESSED]
        assert (new.said, new.cells[0].steps) == ([], ())
        assert (old.term.name, old.until.since) == ("Ada Boss", CAME)
        assert [cell.standing for cell in old.cells] == [Standing.PARTLY, Standing.PARTLY]
        assert [one.executives[0].name for one in old.said] == ["Ada Boss"]
        told = [change.title for change in movement.changes(cast.campaign, since=NOW)]
        assert "On the record: statement, Ada Boss, Chief executive, Acme" in told

    def test_inherits_the_questions_the_asking_and_the_silence(self, cast):
        Outreach.objects.create(
            executive=cast.ada, subject="S", body="B", drafted_at=NOW, released_at=NOW, state="sent", sent_at=NOW
        )

        hand_over(cast)

        row = page().row
        assert (row.asked, row.silent_days) == (1, 60)
        assert outreach.sent(cast.ada).count() == 1

    def test_is_silent_from_her_own_first_day_where_the_one_before_had_answered(self, cast):
        said_on(cast, date(2026, 2, 3))

        hand_over(cast)

        assert page().row.silent_days == (date(2026, 4, 2) - CAME).days

    def test_is_judged_by_her_own_words_alone(self, cast):
        said_on(cast, date(2026, 2, 3), Said.PARTLY)
        hand_over(cast)
        said_on(cast, date(2026, 3, 9), Said.REFUSED)

        own, hers_before = (
            cell for cell in proposals.cells(cast.campaign) if cell.demand == cast.act and cell.executive == cast.ada
        )
        with pytest.raises(deciding.NotPossible, match="same holder"):
            decide(cast, own, evidence=list(Entry.objects.all()), now=LATER)
        follow_the_rules(cast, now=LATER)

        assert (own.proposed, hers_before.proposed, hers_before.is_past) == (Standing.REFUSED, Standing.PARTLY, True)
        assert [[cell.standing for cell in part.cells] for part in page().parts] == [
            [Standing.REFUSED] * 2, [Standing.PARTLY] * 2,
        ]  # fmt: skip
        assert {one.who for one in StandingDecision.objects.all()} == {
            "Bea New, Chief executive, Acme", "Ada Boss, Chief executive, Acme",
        }  # fmt: skip

    def test_takes_over_what_was_put_down_to_the_other_after_she_had_come(self, cast):
        said_on(cast, date(2026, 3, 9), Said.REFUSED)
        follow_the_rules(cast, now=LATER)

        hand_over(cast)

        new, old = page().parts
        assert [one.executives[0].name for one in new.said] == ["Bea New"]
        assert old.cells[0].standing == Standing.UNADDRESSED
        assert old.cells[0].steps[0].reason == "an entry that it rests upon is of another holder of the office"

    def test_may_be_nobody_who_is_known(self, cast, stranger):
        hand_over(cast, name="")

        text = plain(stranger.get("/campaigns/robots/scoreboard/").content.decode())
        assert "Chief executive , Acme" in text
        assert "holds the office since 1 March 2026" in text


class TestADateThatDoesNotTell:
    @pytest.mark.parametrize(
        ("day", "precision", "names"),
        [
            (date(2026, 2, 28), Precision.DAY, "Ada Boss"),
            (date(2026, 3, 9), Precision.DAY, ""),  # she came at some time in March
            (date(2026, 3, 1), Precision.MONTH, ""),
            (date(2026, 1, 1), Precision.YEAR, ""),
            (date(2026, 3, 31), Precision.BY, "Bea New"),
        ],
    )
    def test_names_the_office_alone_and_counts_for_nobody(self, cast, day, precision, names):
        hand_over(cast, since=CAME, precision=Precision.MONTH)

        said_on(cast, day, precision=precision)

        shown = page()
        [entry] = shown.record.entries
        assert entry.executives[0].name == names
        assert shown.row.answered == (names == "Bea New")
        assert len(shown.parts) == (2 if names else 3)

    def test_is_helped_by_saying_whose_it_is(self, cast):
        holder = hand_over(cast)

        said_on(cast, date(2019, 5, 1), holder=holder)

        assert [one.executives[0].name for one in page().parts[0].said] == ["Bea New"]
        assert page().row.answered


class TestTakingItBack:
    def test_gives_the_office_back_with_all_that_was_hers(self, cast):
        said_on(cast, date(2026, 2, 3))
        follow_the_rules(cast, now=LATER)
        holder = hand_over(cast)
        said_on(cast, date(2026, 3, 9), Said.REFUSED)
        follow_the_rules(cast, now=LATER)

        succession.withdraw(holder=holder, by=cast.carla, reason="Another Acme", now=LATER + timedelta(hours=1))

        cast.ada.refresh_from_db()
        shown = page(now=LATER + timedelta(hours=2))
        [part] = shown.parts
        assert (cast.ada.name, shown.executive.person.name) == ("Ada Boss", "Ada Boss")
        assert part.cells[0].standing == Standing.PARTLY
        assert part.cells[0].steps[0].reason == "that this person holds the office was taken back"
        assert len(part.cells[0].steps) == 3
        with pytest.raises(succession.NotPossible, match="a moment ago"):
            succession.withdraw(holder=holder, by=cast.carla, reason="Again", now=LATER)

    def test_what_pages_said_meanwhile_can_be_shown_again(self, cast):
        said_on(cast, date(2026, 2, 3))
        follow_the_rules(cast, now=LATER)
        moments = [LATER + timedelta(hours=n) for n in range(1, 5)]
        before = page(now=moments[0])
        holder = hand_over(cast, now=moments[0] + timedelta(minutes=30))
        during = page(now=moments[1])
        succession.withdraw(holder=holder, by=cast.carla, reason="Wrong", now=moments[2])

        told = [page(now=moments[3], on=moment.isoformat()) for moment in moments[:2]]

        for then, now in zip(told, (before, during), strict=True):
            assert then.executive == now.executive
            assert [(one.term, one.cells, one.record.entries) for one in then.parts] == [
                (one.term, one.cells, one.record.entries) for one in now.parts
            ]

    def test_a_day_before_the_record_was_kept_shows_who_held_the_office_then(self, cast):
        hand_over(cast)
        Shown.objects.filter(until=None).update(since=LATER)
        Shown.objects.exclude(until=None).delete()

        names = [page(now=LATER, on=day).executive.person.name for day in ("2026-02-15", "2026-03-15")]

        assert names == ["Ada Boss", "Bea New"]


class TestTheRules:
    def test_nobody_checks_her_own(self, cast):
        holder = waits(cast)

        with pytest.raises(succession.NotPossible, match="Somebody else"):
            succession.check(holder=holder, by=cast.oskar, now=LATER)

        cast.ada.refresh_from_db()
        assert (cast.ada.name, page().executive.person.name) == ("Ada Boss", "Ada Boss")

    @pytest.mark.parametrize(
        ("name", "since", "message"),
        [
            ("Cora", CAME, "on this day already"),
            ("Bea New", date(2026, 3, 20), "held the office at that time"),
            ("Ada Boss", date(2026, 2, 1), "held the office at that time"),
        ],
    )
    def test_what_cannot_be_is_refused_with_a_sentence(self, cast, name, since, message):
        hand_over(cast)

        with pytest.raises(succession.NotPossible, match=message):
            waits(cast, name, since)

    def test_one_change_waits_at_a_time(self, cast):
        waits(cast)

        with pytest.raises(succession.NotPossible, match="waits for its check already"):
            waits(cast, "Cora")

    def test_somebody_between_two_is_found_later(self, cast):
        hand_over(cast)
        hand_over(cast, "Ina Rim", date(2026, 2, 10))

        assert [part.term.name for part in page().parts] == ["Bea New", "Ina Rim", "Ada Boss"]
        assert cast.ada.name == "Bea New"

    def test_a_name_is_corrected_without_another_holder(self, cast):
        hand_over(cast)

        organising.change_executive(
            executive=cast.ada, name="Béa New", title="Chief executive", employer_id=cast.acme, addressed=True,
            by=cast.carla, now=LATER,
        )  # fmt: skip

        assert [part.term.name for part in page().parts] == ["Béa New", "Ada Boss"]

    @pytest.mark.parametrize(
        ("name", "values"),
        [
            ("holder_who_came_has_a_source", {"source": None}),
            ("holder_date_has_its_precision", {"precision": ""}),
            ("holder_checked_has_its_moment", {"checked_at": None}),
            ("holder_withdrawn_has_its_moment_and_reason", {"state": "withdrawn"}),
            ("holder_once_on_a_day", {"since": None, "precision": ""}),
            ("holder_key_once_in_an_office", {"key": "ada-boss-2"}),
        ],
    )
    def test_the_database_refuses_rows_that_contradict_themselves(self, cast, name, values):
        holder = hand_over(cast)

        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            Holder.objects.filter(pk=holder.pk).update(**values)

    def test_the_database_refuses_one_person_for_both_and_two_that_wait(self, cast):
        holder = waits(cast)

        with pytest.raises(IntegrityError, match="holder_is_checked_by_a_second_person"), transaction.atomic():
            Holder.objects.update(state="checked", checked_by=cast.oskar, checked_at=LATER)
        with pytest.raises(IntegrityError, match="holder_waits_once"), transaction.atomic():
            Holder.objects.create(
                executive=cast.ada, key="x", since=CAME, precision="day", source=holder.source, recorded_at=LATER
            )


class TestThePage:
    def address(self, cast) -> str:
        return f"/organise/campaigns/robots/executives/{cast.ada.pk}/holders/"

    def typed(self, **other):
        return {
            "name": "Bea New", "since": "2026-03-01", "precision": "day", "source_title": "Acme has a new chief",
        } | other  # fmt: skip

    def test_two_members_record_and_check_it_by_hand(self, cast, stranger):
        answer = browser_of(cast.oskar).post(self.address(cast), self.typed())
        holder = Holder.objects.get()
        queue = browser_of(cast.carla).get("/organise/campaigns/robots/record/").content.decode()
        own = browser_of(cast.oskar).post(f"{self.address(cast)}{holder.pk}/", {"check": "1"}, follow=True)
        browser_of(cast.carla).post(f"{self.address(cast)}{holder.pk}/", {"check": "1"})

        assert answer.status_code == 302
        assert "Bea New since 1 March 2026" in plain(queue)
        assert "You recorded this yourself" in own.content.decode()
        text = plain(stranger.get("/campaigns/robots/executives/ada-boss/").content.decode())
        assert "Bea New since 1 March 2026" in text
        assert "Ada Boss until 1 March 2026" in text
        assert "The office changed hands" in plain(stranger.get("/campaigns/robots/movement/").content.decode())

    @pytest.mark.parametrize(
        ("other", "field"),
        [({"since": "2999-01-01"}, "since"), ({"since": ""}, "since"), ({"source_title": ""}, "source_title")],
    )
    def test_what_is_wrong_is_said_at_its_field_and_nothing_typed_is_lost(self, cast, other, field):
        answer = browser_of(cast.oskar).post(self.address(cast), self.typed(**other))

        assert answer.status_code == 422
        assert set(answer.context["form"].errors) == {field}
        assert 'value="Bea New"' in answer.content.decode()

    def test_it_is_undone_with_a_reason(self, cast):
        holder = hand_over(cast)
        there = f"{self.address(cast)}{holder.pk}/"

        bare = browser_of(cast.carla).post(there, {"withdraw": "1", "reason": ""}, follow=True)
        browser_of(cast.carla).post(there, {"withdraw": "1", "reason": "Another Acme"})

        assert "Say why it is taken back" in bare.content.decode()
        holder.refresh_from_db()
        assert (holder.state, holder.verdict) == ("withdrawn", "Another Acme")

    def test_words_from_before_she_came_are_put_down_to_her_by_hand(self, cast):
        holder = hand_over(cast)
        new = "/organise/campaigns/robots/record/new/position/"
        typed = {
            "executives": cast.ada.pk, "what": "Praised robots", "date": "2019-05-01", "precision": "year",
            "holder": holder.pk, "source_title": "An old paper", "record": "1",
        }  # fmt: skip

        elsewhere = browser_of(cast.carla).post(new, typed | {"executives": cast.bo.pk})
        browser_of(cast.carla).post(new, typed)

        assert set(elsewhere.context["form"].errors) == {"holder"}
        assert Entry.objects.get().holder == holder

    def test_viewers_look_trackers_act_and_others_find_nothing(self, cast, stranger):
        there = f"{self.address(cast)}{waits(cast).pk}/"

        assert browser_of(cast.vera).get(self.address(cast)).status_code == 200
        assert browser_of(cast.vera).post(self.address(cast), self.typed()).status_code == 404
        assert browser_of(cast.vera).post(there, {"check": "1"}).status_code == 404
        assert browser_of(cast.mallory).get(self.address(cast)).status_code == 404
        assert browser_of(cast.mallory).post(there, {"check": "1"}).status_code == 404
        assert stranger.get(self.address(cast)).status_code == 302

    def test_an_earlier_holders_cell_can_still_be_decided(self, cast):
        hand_over(cast)
        entry = said_on(cast, date(2026, 2, 3))
        first = Holder.objects.get(since=None)
        cell = f"/organise/campaigns/robots/cells/{cast.ada.pk}/{cast.act.pk}/"
        typed = {
            "decide": "1", "standing": "partly", "reason": "She said so", "evidence": str(entry.pk),
            "saw": deciding.seen(cast.ada, cast.act, str(first.pk)),
        }  # fmt: skip

        answer = browser_of(cast.carla).post(f"{cell}?holder={first.pk}", typed)

        assert answer.status_code == 302
        assert StandingDecision.objects.get().holder == first
        assert browser_of(cast.carla).get(f"{cell}?holder=x").status_code == 404


def test_who_spoke_unasked_and_two_of_one_company_have_records_of_their_own(cast, stranger):
    voice = organising.add_executive(
        campaign=cast.campaign, name="Dee Voice", title="Chief scientist", employer_id=cast.acme, addressed=False,
        by=cast.carla, now=NOW,
    )  # fmt: skip
    entry = say(cast, bearings={cast.act.pk: Said.PARTLY}, audience=Audience.PUBLIC)
    entry.executives.set([voice])
    record.check(entry=entry, by=cast.oskar, now=NOW)

    shown = queries.campaign_page("robots", now=NOW)
    own = stranger.get(f"/campaigns/robots/executives/{voice.key}/")

    assert [one.person.name for one in shown.voices] == ["Dee Voice"]
    assert [row.answered for row in shown.scoreboard.rows if row.employer == "Acme"] == [False]
    assert "not addressed to this person" in own.content.decode()
