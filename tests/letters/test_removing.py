"""Taking false signatures off a letter: exactly those that were looked at, as one act that can be taken back."""

import uuid
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from letters import matching, people, pooling, queries, removals, removing
from letters.matching import Conditions
from letters.models import Cell, Day, Leaving, Letter, PublicSignature, Removal, Tag, Version, Waiting
from letters.settling import Group, Pool, lower, turn
from tests.cast import NOW, code_of, sign
from tests.letters.removing import TODAY, adds_up, put_on

pytestmark = pytest.mark.django_db
MICKEY = Conditions(name="mickey")


def plan(cast, conditions=MICKEY, reason="made-up names"):
    seen = matching.find(cast.letter.id, conditions).digest
    return removing.plan(letter_id=cast.letter.id, conditions=conditions, reason=reason, seen=seen, today=TODAY)


def finish(removal_id, *, day=TODAY):
    while (state := removing.step(removal_id=removal_id, today=day)) in {"running", "reversing"}:
        pass
    return state


def remove(cast, conditions=MICKEY):
    removal_id = plan(cast, conditions)
    removing.begin(removal_id=removal_id, today=TODAY)
    assert finish(removal_id) == "done"
    return removal_id


def names(cast):
    return [one.name for one in people.page(cast.letter.id, people.Wanted()).people]


@pytest.fixture
def listed(cast):
    """Two false names and two true ones."""
    put_on(cast, "Ana Souza", "Mickey Mouse", role="Engineer", role_group="engineering", employer_name="Acme Inc")
    put_on(cast, "Ben Okoye", employer=cast.acme, employer_name="Acme", day=TODAY + timedelta(days=1))
    put_on(cast, "MICKEY Finn", role="Clown", day=TODAY + timedelta(days=2))
    return cast


class TestLooking:
    @pytest.mark.parametrize(
        ("conditions", "found"),
        [
            ({"name": "mickey"}, {"Mickey Mouse", "MICKEY Finn"}),
            ({"name": "mickey", "role": "clown"}, {"MICKEY Finn"}),
            ({"employer_words": "acme"}, {"Ana Souza", "Mickey Mouse", "Ben Okoye"}),
            ({"level": "work"}, {"Ben Okoye"}),
            ({"version": 1, "signed_until": TODAY}, {"Ana Souza", "Mickey Mouse"}),
            ({"signed_from": TODAY + timedelta(days=1)}, {"Ben Okoye", "MICKEY Finn"}),
            ({"version": 2}, set()),
            ({"name": "%"}, set()),
            ({"name": "Míckéy"}, {"Mickey Mouse", "MICKEY Finn"}),
            ({"name": "\0"}, set()),
            ({"role": "clówn", "employer_words": " "}, set()),
        ],
    )
    def test_signatures_are_found_by_what_they_have_in_common(self, listed, conditions, found):
        looked = matching.find(listed.letter.id, Conditions(**conditions))

        assert {one.name for one in looked.sample} == found
        assert looked.count == len(found)
        assert Conditions.read(Conditions(**conditions).kept()) == Conditions(**conditions)

    def test_a_proved_employer_can_be_asked_for(self, listed):
        assert matching.find(listed.letter.id, Conditions(employer_id=listed.acme)).count == 1

    def test_without_a_condition_nobody_fits(self, listed):
        assert matching.find(listed.letter.id, Conditions()).count == 0


class TestRemoving:
    def test_they_leave_list_and_numbers_and_the_days_say_so(self, listed):
        remove(listed)

        assert names(listed) == ["Ben Okoye", "Ana Souza"]
        assert listed.numbers.public == 2
        assert queries.growth(listed.letter.id)[0].removed == 2
        assert queries.growth(listed.letter.id)[-1].total == 2
        [facts] = removals.public(listed.letter.id)
        assert (facts.removed, facts.reason) == (2, "made-up names")
        adds_up(listed)

    def test_who_signed_a_corrected_text_goes_from_where_she_counts(self, listed):
        first = Version.objects.get(letter=listed.letter.id)
        first.pk, first.number, first.sha256, first._state.adding = uuid.uuid4(), 2, "0" * 64, True
        first.save(force_insert=True)
        PublicSignature.objects.filter(name="Mickey Mouse").update(version=first)

        remove(listed)

        assert listed.numbers.public == 2
        adds_up(listed)

    def test_nothing_happens_when_the_list_moved(self, listed):
        seen = matching.find(listed.letter.id, MICKEY).digest
        put_on(listed, "Mickey Third")

        with pytest.raises(removing.Moved):
            removing.plan(letter_id=listed.letter.id, conditions=MICKEY, reason="x", seen=seen, today=TODAY)

        assert not Removal.objects.exists()
        assert not PublicSignature.objects.filter(removal__isnull=False).exists()

    def test_who_signs_after_the_look_stays(self, listed):
        removal_id = plan(listed)
        put_on(listed, "Mickey Rourke")
        removing.begin(removal_id=removal_id, today=TODAY)
        finish(removal_id)

        assert "Mickey Rourke" in names(listed)

    def test_asking_twice_removes_once(self, listed):
        seen = matching.find(listed.letter.id, MICKEY).digest
        plan(listed)

        with pytest.raises(removing.Moved):
            removing.plan(letter_id=listed.letter.id, conditions=MICKEY, reason="x", seen=seen, today=TODAY)

    def test_many_go_step_by_step_and_a_kill_between_two_loses_nothing(self, listed, monkeypatch):
        monkeypatch.setattr(removing, "CHUNK", 1)
        removal_id = plan(listed)
        removing.begin(removal_id=removal_id, today=TODAY)

        removing.step(removal_id=removal_id, today=TODAY)
        adds_up(listed)
        assert removals.one(removal_id).removed == 1
        assert removing.under_way() == [removal_id]

        assert finish(removal_id) == "done"
        assert removing.step(removal_id=removal_id, today=TODAY) == "done"
        assert removing.under_way() == []
        adds_up(listed)

    def test_a_proposal_that_is_given_up_lets_go_of_them(self, listed):
        removal_id = plan(listed)

        removing.drop(removal_id=removal_id, today=TODAY)

        assert matching.find(listed.letter.id, MICKEY).count == 2
        assert removals.public(listed.letter.id) == []
        with pytest.raises(removing.NotPossible):
            removing.begin(removal_id=removal_id, today=TODAY)


class TestPuttingBack:
    def test_all_of_them_come_back_to_their_places(self, listed):
        before = names(listed)
        removal_id = remove(listed)

        removing.put_back(removal_id=removal_id)
        assert finish(removal_id) == "reversed"

        assert names(listed) == before
        assert listed.numbers.public == 4
        assert queries.growth(listed.letter.id)[-1].total == 4
        [facts] = removals.public(listed.letter.id)
        assert (facts.removed, facts.is_put_back) == (0, True)
        adds_up(listed)

    def test_stopping_halfway_puts_back_what_was_removed(self, listed, monkeypatch):
        monkeypatch.setattr(removing, "CHUNK", 1)
        removal_id = plan(listed)
        removing.begin(removal_id=removal_id, today=TODAY)
        removing.step(removal_id=removal_id, today=TODAY)

        removing.put_back(removal_id=removal_id)
        finish(removal_id)

        assert listed.numbers.public == 4
        assert not PublicSignature.objects.filter(removal__isnull=False).exists()
        adds_up(listed)

    def test_after_thirty_days_the_names_and_what_was_looked_for_are_gone(self, listed):
        removal_id = remove(listed)
        tags = Tag.objects.count()

        assert removing.erase_old(today=TODAY + timedelta(days=29)) == 0
        assert removing.erase_old(today=TODAY + timedelta(days=30)) == 1
        assert removing.erase_old(today=TODAY + timedelta(days=31)) == 0

        kept = PublicSignature.objects.filter(removal=removal_id)
        assert {(row.name, row.role, row.employer_name, row.tag_id) for row in kept} == {("", "", "", None)}
        assert not removals.one(removal_id).conditions
        assert Tag.objects.count() == tags
        with pytest.raises(removing.NotPossible):
            removing.put_back(removal_id=removal_id)


class TestTheRemovedPerson:
    def test_she_sees_the_same_pages_and_is_not_shown_again(self, cast, mailbox):
        sign(mailbox, address="ana@acme.example", visibility="public", name="Mickey Souza")
        remove(cast)

        again = sign(mailbox, address="ana@acme.example", visibility="public", name="Ana Souza")

        assert again.headers["Location"] == "/letters/robots/signed/"
        assert names(cast) == []
        assert cast.numbers.total == 0

    @pytest.mark.parametrize("change", ["withdraw", "confidential"])
    def test_who_takes_hers_back_has_her_name_erased_at_once(self, cast, mailbox, change):
        sign(mailbox, address="ana@acme.example", visibility="public", name="Mickey Souza")
        removal_id = remove(cast)

        take_back(mailbox, "ana@acme.example", change)
        removing.put_back(removal_id=removal_id)
        finish(removal_id)

        row = PublicSignature.objects.get()
        assert (row.state, row.name, row.tag) == ("removed", "", None)
        assert names(cast) == []
        sign(mailbox, address="ana@acme.example", visibility="public", name="Ana Souza")
        assert names(cast) == [], "her tag stays, so that nobody gets round a removal by taking back"

    def test_who_takes_hers_back_before_it_begins_is_withdrawn(self, cast, mailbox):
        sign(mailbox, address="ana@acme.example", visibility="public", name="Mickey Souza")
        removal_id = plan(cast)

        take_back(mailbox, "ana@acme.example", "withdraw")
        removing.begin(removal_id=removal_id, today=TODAY)
        finish(removal_id)

        assert PublicSignature.objects.get().state == "withdrawn"
        assert removals.one(removal_id).removed == 0
        adds_up(cast)

    def test_other_words_do_not_save_her(self, cast, mailbox):
        sign(mailbox, address="ana@acme.example", visibility="public", name="Mickey Souza")
        removal_id = remove(cast)

        take_back(mailbox, "ana@acme.example", "public", name="Ana Souza")

        assert PublicSignature.objects.get(removal=removal_id).name == "Mickey Souza"


def take_back(mailbox, address, change, **form):
    client = Client()
    client.post("/letters/robots/withdraw/", {"visibility": change, "email": address, "name": "", "role": "", **form})
    response = client.post("/letters/robots/withdraw/code/", {"code": code_of(mailbox(address)[-1].text)})
    assert response.status_code == 302, response.content.decode()[-3000:]


class TestLoweringANumber:
    @pytest.fixture
    def counted(self, cast):
        """Acme shows 25 confidential engineers and 12 others; Beta shows 10."""
        version = cast.letter.version_id
        for employer, group, count in ((cast.acme, "engineering", 25), (cast.acme, "", 12), (cast.beta, "", 10)):
            Cell.objects.create(
                letter_id=cast.letter.id, version_id=version, employer_id=employer, role_group=group, confidential=count
            )
        Day.objects.create(letter_id=cast.letter.id, day=TODAY, confidential=47)
        return cast

    def take(self, cast, number, employer=None):
        employer = employer or cast.acme
        seen = removing.could_lower(letter_id=cast.letter.id, employer_id=employer, most=number)
        removal_id = removing.plan_lowering(
            letter_id=cast.letter.id, employer_id=employer, number=number, reason="a script", seen=seen, today=TODAY
        )
        removing.begin(removal_id=removal_id, today=TODAY)
        return removal_id

    def test_so_many_go_from_the_number_and_the_day_says_so(self, counted):
        self.take(counted, 12)

        assert counted.numbers.confidential == 35
        [day] = queries.growth(counted.letter.id)
        assert (day.lowered, day.total) == (12, 35)

    def test_as_many_go_as_leave_no_small_group(self, counted):
        assert removing.could_lower(letter_id=counted.letter.id, employer_id=counted.beta, most=30) == (10, 10)
        assert removing.could_lower(letter_id=counted.letter.id, employer_id=counted.acme, most=11) == (37, 11)
        assert removing.could_lower(letter_id=counted.letter.id, employer_id=counted.acme, most=17) == (37, 15)

    def test_what_waits_is_not_touched(self, counted, mailbox):
        for number in range(3):
            sign(mailbox, address=f"a{number}@acme.example", visibility="confidential")
        before = list(queries.numbers(counted.letter.id).employers)

        self.take(counted, 10, counted.beta)

        assert sum(row.count for row in Waiting.objects.all()) == 3
        assert [one.confidential for one in before] == [37, 10]
        assert [one.confidential for one in queries.numbers(counted.letter.id).employers] == [37]

    def test_it_cannot_be_put_back(self, counted):
        removal_id = self.take(counted, 12)

        with pytest.raises(removing.NotPossible):
            removing.put_back(removal_id=removal_id)

    def test_nothing_happens_when_the_number_moved(self, counted):
        with pytest.raises(removing.Moved):
            removing.plan_lowering(
                letter_id=counted.letter.id, employer_id=counted.acme, number=12, reason="x", seen=(36, 12), today=TODAY
            )

    def test_nothing_happens_when_it_moved_before_the_confirmation(self, counted):
        seen = removing.could_lower(letter_id=counted.letter.id, employer_id=counted.beta, most=10)
        removal_id = removing.plan_lowering(
            letter_id=counted.letter.id, employer_id=counted.beta, number=10, reason="x", seen=seen, today=TODAY
        )
        Cell.objects.filter(employer=counted.beta).update(confidential=19)

        with pytest.raises(removing.Moved):
            removing.begin(removal_id=removal_id, today=TODAY)

        assert Cell.objects.get(employer=counted.beta).confidential == 19

    def test_who_was_taken_off_and_then_leaves_takes_nobody_else_along(self, counted):
        Cell.objects.create(
            letter_id=counted.letter.id, version_id=counted.letter.version_id, employer=None, confidential=20
        )
        self.take(counted, 10, counted.beta)
        Leaving.objects.create(letter_id=counted.letter.id, employer_id=counted.beta, count=10)

        pooling.publish(letter_id=counted.letter.id, today=TODAY)

        assert Cell.objects.get(employer=None).confidential == 20
        assert not Leaving.objects.exists()
        assert Removal.objects.get().absorbed == 10

    def test_a_turn_without_lowering_is_as_it_was(self):
        pool = Pool()
        pool.leaving[1] = 12
        pool.shown[Group("v", None, "")] = 30

        turn(pool, rest=False, last=False)

        assert pool.shown[Group("v", None, "")] == 18

    @given(cells=st.lists(st.integers(10, 60), max_size=5), most=st.integers(1, 200))
    def test_every_cell_falls_by_ten_or_more_and_keeps_none_or_ten_or_more(self, cells, most):
        shown = {Group("v", 1, str(number)): count for number, count in enumerate(cells)} | {Group("v", 2, ""): 50}

        falls = lower(shown, employer_id=1, most=most)

        assert all(count >= 10 and shown[cell] - count not in range(1, 10) for cell, count in falls)
        taken = sum(count for _cell, count in falls)
        assert taken <= most
        assert sum(count for _c, count in lower(shown, employer_id=1, most=taken)) == taken, "what was seen is done"


class TestTheDatabaseRefuses:
    def make(self, cast, **more):
        given = {"reason": "x", "matched": 10, "planned_on": TODAY, **more}
        return Removal.objects.create(letter_id=cast.letter.id, **given)

    @pytest.mark.parametrize(
        ("constraint", "more"),
        [
            ("removal_has_a_reason", {"reason": ""}),
            ("removal_over_has_its_day", {"state": "done"}),
            ("removal_over_has_its_day", {"over_on": NOW.date()}),
            ("removal_erased_is_over", {"erased_on": NOW.date()}),
            ("removal_takes_no_small_confidential_group", {"employer": True, "matched": 9}),
            ("removal_takes_no_small_confidential_group", {"employer": True, "removed": 9}),
            ("removal_takes_no_small_confidential_group", {"employer": True, "removed": 10, "absorbed": 11}),
        ],
    )
    def test_a_removal_that_cannot_be(self, cast, constraint, more):
        if more.pop("employer", None):
            more["employer_id"] = cast.acme

        with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
            self.make(cast, **more)

    def test_a_removed_signature_without_its_removal(self, listed):
        with pytest.raises(IntegrityError, match="signature_removed_knows_by_what"), transaction.atomic():
            PublicSignature.objects.update(state="removed")

    def test_a_withdrawn_signature_that_is_bound_to_one(self, listed):
        plan(listed)
        blank = {"name": "", "role": "", "employer_name": "", "tag": None, "withdrawn_on": TODAY, "state": "withdrawn"}

        with pytest.raises(IntegrityError, match="signature_removed_knows_by_what"), transaction.atomic():
            PublicSignature.objects.filter(removal__isnull=False).update(**blank)

    def test_a_removed_name_that_is_half_forgotten(self, listed):
        remove(listed)

        with pytest.raises(IntegrityError, match="signature_withdrawn_keeps_no_name"), transaction.atomic():
            PublicSignature.objects.filter(state="removed").update(name="", role="Clown")

    def test_a_small_lowering_of_a_day(self, listed):
        with pytest.raises(IntegrityError, match="day_shows_no_small_lowering"), transaction.atomic():
            Day.objects.update(lowered=9)


def test_a_closed_letter_can_be_cleaned_too(listed):
    Letter.objects.filter(pk=listed.letter.id).update(state="closed", closed_at=NOW)
    Tag.objects.filter(letter=listed.letter.id).delete()

    remove(listed)

    assert names(listed) == ["Ben Okoye", "Ana Souza"]
