"""Where an executive stands is decided by a person on evidence, checked by a second, and never forgotten."""

import contextlib
import os
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from campaign import deciding, organising, past, proposals, queries, record, scoreboard, shown, succession
from campaign.models import Audience, Entry, Holder, Precision, Said, Shown, StandingDecision
from campaign.standings import Standing
from tests.campaign.deciding import decide, follow_the_rules
from tests.campaign.test_record import say
from tests.cast import NOW, Cast, browser_of

pytestmark = pytest.mark.django_db
PAPER = record.NewSource(title="The Paper")
HISTORIES = int(os.environ.get("HISTORIES", "4"))


def on_record(cast, said=Said.PARTLY, *, audience=Audience.PUBLIC, now=NOW) -> Entry:
    entry = say(cast, bearings={cast.act.pk: said, cast.speak.pk: said}, audience=audience)
    record.check(entry=entry, by=cast.oskar, now=now)
    return entry


def cell(cast) -> proposals.Cell:
    return proposals.cell(cast.ada, cast.act)


def page(cast, *, now, on=""):
    return queries.executive_page("robots", "ada-boss", now=now, on=on)


def at_once() -> None:
    """What the database looks at when a transaction ends, now."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


class TestDeciding:
    def test_the_rules_propose_and_nothing_is_public_until_two_people_agreed(self, cast):
        on_record(cast)
        proposed = [(one.demand, one.standing, one.proposed) for one in proposals.proposals(cast.campaign)]
        decision = decide(cast, cell(cast))
        waiting = page(cast, now=NOW).row.cells[0].standing

        deciding.check(decision=decision, by=cast.carla, now=NOW)

        assert proposed == [
            (cast.act, Standing.UNADDRESSED, Standing.PARTLY),
            (cast.speak, Standing.UNADDRESSED, Standing.PARTLY),
        ]
        assert waiting == Standing.UNADDRESSED
        assert page(cast, now=NOW).row.cells[0].standing == Standing.PARTLY
        assert [one.demand for one in proposals.proposals(cast.campaign)] == [cast.speak]

    def test_a_person_may_decide_otherwise_and_is_asked_again_when_more_is_said(self, cast):
        on_record(cast)
        later = NOW + timedelta(days=1)
        decision = decide(cast, cell(cast), standing=Standing.ACKNOWLEDGED, now=later)
        deciding.check(decision=decision, by=cast.carla, now=later)
        asked = cell(cast).wants_a_decision

        on_record(cast, now=later + timedelta(days=1))

        assert not asked
        assert cell(cast).wants_a_decision

    def test_nobody_checks_her_own_decision(self, cast):
        on_record(cast)
        decision = decide(cast, cell(cast))

        with pytest.raises(deciding.NotPossible, match="Somebody else"):
            deciding.check(decision=decision, by=cast.oskar, now=NOW)
        with pytest.raises(IntegrityError, match="standing_is_checked_by_a_second_person"), transaction.atomic():
            StandingDecision.objects.update(state="checked", checked_by=cast.oskar, checked_at=NOW)

    def test_whoever_decided_may_take_it_back_until_it_is_checked(self, cast):
        on_record(cast)
        decision = decide(cast, cell(cast))

        deciding.reject(decision=decision, by=cast.oskar, reason="Too early", now=NOW)

        assert cell(cast).wants_a_decision
        with pytest.raises(deciding.NotPossible, match="a moment ago"):
            deciding.check(decision=decision, by=cast.carla, now=NOW)

    @pytest.mark.parametrize(
        ("other", "field", "message"),
        [
            ({"reason": " "}, "reason", "Say in a sentence"),
            ({"evidence": []}, "evidence", "no standing is shown without evidence"),
        ],
    )
    def test_a_reason_and_evidence_are_asked_for(self, cast, other, field, message):
        on_record(cast)

        with pytest.raises(deciding.NotPossible, match=message) as caught:
            decide(cast, cell(cast), **other)

        assert caught.value.field == field

    def test_what_was_said_internally_meets_no_demand_to_speak_in_public(self, cast):
        entry = on_record(cast, audience=Audience.INTERNAL)
        speak = proposals.cell(cast.ada, cast.speak)

        with pytest.raises(deciding.NotPossible, match="only be met in public"):
            decide(cast, speak, standing=Standing.MET, evidence=[entry])

        follow_the_rules(cast)
        standings = [one.standing for one in page(cast, now=NOW).row.cells]
        assert standings == [Standing.PARTLY, Standing.UNADDRESSED]

    def test_evidence_is_checked_and_about_this_executive(self, cast):
        on_record(cast)
        waiting = say(cast)

        with pytest.raises(deciding.NotPossible, match="checked entries about this executive"):
            decide(cast, cell(cast), evidence=[waiting])


class TestTheDatabase:
    def test_a_shown_standing_without_evidence_is_refused(self, cast):
        on_record(cast)
        follow_the_rules(cast)

        with pytest.raises(IntegrityError, match="standing_rests_on_evidence"), transaction.atomic():
            StandingDecision.objects.get(demand=cast.act).evidence.clear()
            at_once()
        with pytest.raises(IntegrityError, match="standing_rests_on_evidence"), transaction.atomic():
            Entry.objects.update(state="recorded", checked_at=None, checked_by=None)
            at_once()
        with pytest.raises(IntegrityError, match="standing_rests_on_evidence"), transaction.atomic():
            Entry.objects.update(audience="internal")
            at_once()

    @pytest.mark.parametrize(
        ("name", "values"),
        [
            ("standing_has_a_reason", {"reason": ""}),
            ("standing_checked_has_its_moment", {"checked_at": None}),
            ("standing_that_ended_was_shown", {"state": "rejected", "ended_at": NOW}),
        ],
    )
    def test_a_row_that_contradicts_itself_is_refused(self, cast, name, values):
        on_record(cast)
        follow_the_rules(cast)

        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            StandingDecision.objects.update(**values)

    def test_a_cell_shows_one_standing_and_one_decision_waits(self, cast):
        on_record(cast)
        follow_the_rules(cast)
        old = StandingDecision.objects.get(demand=cast.act)

        for state, name in (("checked", "standing_once_in_a_cell"), ("waiting", "standing_waits_once_in_a_cell")):
            with pytest.raises(IntegrityError, match=name), transaction.atomic():
                StandingDecision.objects.bulk_create(
                    StandingDecision(
                        executive=cast.ada, demand=cast.act, standing="unaddressed", reason="x", decided_at=NOW,
                        state=state, checked_at=old.checked_at if state == "checked" else None,
                    )
                    for _ in range(2)
                )  # fmt: skip

    def test_what_was_shown_ends_once_and_after_it_began(self, cast):
        with pytest.raises(IntegrityError, match="shown_once_at_a_time"), transaction.atomic():
            Shown.objects.create(campaign=cast.campaign, subject="frame", content={}, since=NOW)
        with pytest.raises(IntegrityError, match="shown_ends_after_it_began"), transaction.atomic():
            Shown.objects.update(until=NOW - timedelta(days=9))

    def test_an_entry_that_was_corrected_says_when_and_why(self, cast):
        on_record(cast)

        with (
            pytest.raises(IntegrityError, match="entry_corrected_has_its_moment_and_reason"),
            transaction.atomic(),
        ):
            Entry.objects.update(state="corrected")


class TestWhatIsTakenBack:
    def test_an_entry_taken_back_stays_in_sight_with_the_reason_and_counts_no_more(self, cast, stranger):
        entry = on_record(cast)
        follow_the_rules(cast)

        record.withdraw(entry=entry, by=cast.carla, reason="It was said by somebody else", now=NOW)

        said = stranger.get("/campaigns/robots/executives/ada-boss/").content.decode()
        assert "think about it" in said
        assert "It was said by somebody else" in said
        row = page(cast, now=NOW).row
        assert [one.standing for one in row.cells] == [Standing.UNADDRESSED, Standing.UNADDRESSED]
        assert not row.answered
        with pytest.raises(record.NotPossible, match="a moment ago"):
            record.withdraw(entry=entry, by=cast.carla, reason="Again", now=NOW)

    def test_a_correction_stands_beside_its_original_and_bears_what_it_bore(self, cast, stranger):
        original = on_record(cast)
        follow_the_rules(cast)
        correction = say(cast, bearings={cast.act.pk: Said.PARTLY})
        Entry.objects.filter(pk=correction.pk).update(
            corrects=original, correction="The second word was wrong.", quote="We will see"
        )
        correction.refresh_from_db()

        record.check(entry=correction, by=cast.oskar, now=NOW)

        shown_now = page(cast, now=NOW)
        assert [one.standing for one in shown_now.row.cells] == [Standing.PARTLY, Standing.UNADDRESSED]
        assert [one.quote for one in shown_now.said] == ["We will see"]
        assert shown_now.said[0].original.quote == "We will think about it"
        assert "The second word was wrong." in stranger.get("/campaigns/robots/").content.decode()
        steps = shown_now.cells[1].steps
        assert [(one.before, one.after) for one in steps] == [
            (Standing.PARTLY, Standing.UNADDRESSED),
            (Standing.UNADDRESSED, Standing.PARTLY),
        ]

    def test_other_words_of_a_demand_or_an_office_end_what_was_decided(self, cast):
        on_record(cast)
        follow_the_rules(cast)

        organising.change_demand(demand=cast.act, text="Stop some robots", must_be_public=False, by=cast.carla, now=NOW)

        steps = page(cast, now=NOW).cells[0].steps
        assert steps[0].after == Standing.UNADDRESSED
        assert steps[0].reason == "the demand was reworded"
        assert steps[-1].what == "Stop every robot"


class TestThePage:
    def cell(self, cast) -> str:
        return f"/organise/campaigns/robots/cells/{cast.ada.pk}/{cast.act.pk}/"

    def form(self, cast, entry, **other):
        typed = {"decide": "1", "standing": "partly", "reason": "She said so", "evidence": str(entry.pk)}
        return typed | {"saw": deciding.seen(cast.ada, cast.act)} | other

    def test_two_members_decide_and_check_by_hand(self, cast):
        entry = on_record(cast)

        browser_of(cast.oskar).post(self.cell(cast), self.form(cast, entry))
        decision = StandingDecision.objects.get()
        own = browser_of(cast.oskar).post(self.cell(cast), {"check": "1", "decision": decision.pk})
        browser_of(cast.carla).post(self.cell(cast), {"check": "1", "decision": decision.pk})

        assert own.status_code == 422
        assert "You decided this yourself" in own.content.decode()
        decision.refresh_from_db()
        assert (decision.state, decision.checked_by) == ("checked", cast.carla)

    def test_the_second_of_two_is_shown_what_changed_and_keeps_what_she_typed(self, cast):
        entry = on_record(cast)
        typed = self.form(cast, entry, reason="My own careful words")
        decide(cast, cell(cast), reason="Somebody was quicker")

        answer = browser_of(cast.carla).post(self.cell(cast), typed)

        said = answer.content.decode()
        assert answer.status_code == 422
        assert "Somebody else decided this while you wrote" in said
        assert "Somebody was quicker" in said
        assert "My own careful words" in said

    def test_a_decision_without_evidence_is_refused_at_the_field(self, cast):
        entry = on_record(cast)

        answer = browser_of(cast.carla).post(self.cell(cast), self.form(cast, entry, evidence=[]))

        assert answer.status_code == 422
        assert answer.context["form"].errors.keys() == {"evidence"}
        assert "She said so" in answer.content.decode()

    def test_viewers_look_trackers_decide_and_others_find_nothing(self, cast, stranger):
        entry = on_record(cast)

        assert browser_of(cast.vera).get(self.cell(cast)).status_code == 200
        assert browser_of(cast.vera).post(self.cell(cast), self.form(cast, entry)).status_code == 404
        assert browser_of(cast.mallory).get(self.cell(cast)).status_code == 404
        assert stranger.get(self.cell(cast)).status_code == 302
        elsewhere = self.cell(cast).replace("robots", "elsewhere")
        assert browser_of(cast.mallory).get(elsewhere).status_code == 404


class TestAPastDay:
    @pytest.mark.parametrize("day", ["2031-01-01", "yesterday", "2026-02-31", "99999-01-01"])
    def test_what_is_no_day_that_has_been_is_said_at_the_field(self, cast, stranger, day):
        answer = stranger.get("/campaigns/robots/", {"on": day})

        assert answer.status_code == 422
        assert "field__error" in answer.content.decode()

    def test_before_the_record_was_kept_a_day_shows_what_is_known_of_it(self, cast, stranger):
        on_record(cast)  # of 3 February 2026, and kept since NOW, two days before that
        follow_the_rules(cast)
        Shown.objects.filter(until=None).update(since=NOW + timedelta(days=30))
        Shown.objects.exclude(until=None).delete()
        later = NOW + timedelta(days=60)

        early, then = page(cast, now=later, on="2026-02-02"), page(cast, now=later, on="2026-02-03")

        assert not then.then.kept
        assert (early.said, early.row.cells[0].standing) == ([], Standing.UNADDRESSED)
        assert len(then.said) == 1
        assert then.row.cells[0].standing == Standing.PARTLY


ACTIONS = [
    "say",
    "internal",
    "decide",
    "withdraw",
    "correct",
    "reword",
    "rename",
    "again",
    "demand",
    "hand over",
    "give back",
]


def act(cast: Cast, action: str, number: int, now) -> None:
    """One thing that a team may do; nothing where there is nothing to do it to."""
    public = Entry.objects.filter(state="checked").order_by("pk").first()
    if action in {"say", "internal"}:
        said = list(Said)[number % len(Said)]
        audience = Audience.PUBLIC if action == "say" else Audience.INTERNAL
        entry = say(cast, bearings={cast.act.pk: said, cast.speak.pk: said}, audience=audience)
        record.check(entry=entry, by=cast.oskar, now=now)
    elif action == "decide":
        follow_the_rules(cast, now=now)
    elif action == "withdraw" and public:
        record.withdraw(entry=public, by=cast.carla, reason="Wrong", now=now)
    elif action == "correct" and public:
        entry = say(cast, bearings={cast.act.pk: Said.PARTLY})
        Entry.objects.filter(pk=entry.pk).update(corrects=public, correction="Not so")
        record.check(entry=Entry.objects.get(pk=entry.pk), by=cast.oskar, now=now)
    elif action == "reword":
        cast.act.refresh_from_db()
        organising.change_demand(
            demand=cast.act, text=f"Demand {number}", must_be_public=number % 2 == 0, by=cast.carla, now=now
        )
    elif action == "rename":
        cast.ada.refresh_from_db()
        organising.change_executive(
            executive=cast.ada, name=f"Ada {number}", title="Chair", employer_id=cast.acme, addressed=number % 3 > 0,
            by=cast.carla, now=now,
        )  # fmt: skip
    elif action in {"hand over", "give back"}:
        hand_over(cast, action, number, now)
    elif action == "again" and public:
        record.check_again(Entry.objects.filter(pk=public.pk), by=cast.carla, now=now)
    elif action == "demand":
        organising.add_demand(
            campaign=cast.campaign, text=f"More {number}", must_be_public=False, by=cast.carla, now=now
        )


def hand_over(cast: Cast, action: str, number: int, now) -> None:
    """The office comes to somebody else, or back."""
    if action == "give back":
        for holder in Holder.objects.filter(state="checked", since__isnull=False)[:1]:
            succession.withdraw(holder=holder, by=cast.carla, reason="Wrong", now=now)
        return
    cast.ada.refresh_from_db()
    new = succession.NewHolder(name=f"Bea {number}", since=date(2026, 2, 1 + number % 5), precision=Precision.DAY)
    with contextlib.suppress(succession.NotPossible):
        holder = succession.change(executive=cast.ada, new=new, source=PAPER, by=cast.oskar, now=now)
        succession.check(holder=holder, by=cast.carla, now=now)


def said_then(cast: Cast, *, now, on="") -> tuple:
    """All that the two pages say of the record."""
    one = queries.campaign_page("robots", now=now, on=on)
    if not on:
        silent = [row.id for row in one.scoreboard.rows if not row.answered]
        assert [row.id for row in scoreboard.without_answer(cast.campaign)] == silent
    cells = ()
    if any(row.key == "ada-boss" for row in one.scoreboard.rows):
        cells = tuple((part.term, part.cells) for part in page(cast, now=now, on=on).parts)
    return one.campaign.demands, one.scoreboard, one.entries, one.voices, cells


@settings(max_examples=HISTORIES, deadline=None, suppress_health_check=list(HealthCheck))
@given(actions=st.lists(st.tuples(st.sampled_from(ACTIONS), st.integers(0, 20)), min_size=3, max_size=8))
def test_whatever_a_team_does_the_record_is_borne_grows_and_can_be_shown_as_it_was(cast, actions):
    with transaction.atomic():
        told, steps, now = [], 0, NOW
        for action, number in actions:
            now += timedelta(hours=7)
            act(cast, action, number, now)
            at_once()
            told.append((now, said_then(cast, now=now)))
            for one in StandingDecision.objects.filter(state="checked", ended_at=None).exclude(standing="unaddressed"):
                assert one.evidence.filter(state="checked").exists()
                assert one.checked_by_id not in {None, one.decided_by_id}
            kept = Shown.objects.count() + StandingDecision.objects.count()
            assert kept >= steps
            steps = kept

        for moment, said in told:
            on = (moment + timedelta(hours=1)).isoformat()
            assert said_then(cast, now=now + timedelta(days=1), on=on) == said
        transaction.set_rollback(True)


def test_the_page_of_now_and_the_record_that_is_kept_agree(cast):
    on_record(cast)
    follow_the_rules(cast)

    now = queries.campaign_page("robots", now=NOW)

    assert shown.at(cast.campaign.pk, NOW).entries == now.entries
    assert past.moment_of("", campaign=cast.campaign, letters=[], now=NOW) is None
