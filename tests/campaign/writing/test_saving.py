"""Nothing that was saved is lost: not to another writer, not to a closed laptop, not to signing out."""

import os
import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.db.utils import IntegrityError
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.shortlived import memory
from campaign import organising
from campaign.models import Membership, SavedText
from campaign.writing import NotPossible, presence, saving, translating
from campaign.writing.saving import MovedOn, Words
from letters import publishing
from tests.campaign.writing.conftest import DESK, Team
from tests.cast import NOW, Cast, browser_of, organiser

HISTORIES = int(os.environ.get("HISTORIES", "8"))


class TestTwoWriters:
    def test_what_both_wrote_is_put_together_where_it_is_apart(self, team):
        team.save(team.carla, "First line.\n\nSecond line.\n")
        seen = team.draft.revision
        team.save(team.carla, "First sentence.\n\nSecond line.\n", began_from=seen)

        with pytest.raises(MovedOn) as moved:
            team.save(team.edda, "First line.\n\nSecond, longer line.\n", began_from=seen)

        assert moved.value.merged.body == "First sentence.\n\nSecond, longer line.\n"
        assert "Carla saved while you were writing" in str(moved.value)
        assert team.draft.body == "First sentence.\n\nSecond line.\n", "nothing is put together unseen"

    def test_where_they_changed_the_same_words_both_texts_stay(self, team):
        seen = team.draft.revision
        team.save(team.carla, "Carla’s words.", began_from=seen)

        with pytest.raises(MovedOn) as moved:
            team.save(team.edda, "Edda’s words.", began_from=seen)

        assert moved.value.merged is None
        lost = SavedText.objects.get(author=team.edda)
        assert (lost.body, lost.revision) == ("Edda’s words.", None)
        saving.restore(campaign_letter=team.letter, saved=lost, by=team.edda, now=NOW)
        assert team.draft.body == "Edda’s words."

    def test_the_same_form_sent_twice_is_one_save(self, team):
        seen = team.draft.revision

        first = team.save(team.edda, "Once.", began_from=seen)

        assert team.save(team.edda, "Once.", began_from=seen) == first == team.draft.revision
        assert SavedText.objects.filter(body="Once.").count() == 1

    def test_the_same_words_by_another_are_no_quarrel(self, team):
        seen = team.draft.revision
        first = team.save(team.carla, "The same.", began_from=seen)

        assert team.save(team.edda, "The same.", began_from=seen) == first

    def test_saving_without_a_change_asks_nobody_to_approve_again(self, team):
        before = team.draft.revision

        assert team.save(team.edda, team.draft.body, title=team.draft.title) == before


class TestWhatMayBeADraft:
    @pytest.mark.parametrize(
        ("title", "body", "field", "said"),
        [
            ("", "Words.", "title", "Give the letter a title"),
            ("t" * 201, "Words.", "title", "201 characters"),
            ("T\u202e", "Words.", "title", "turns the direction"),
            ("T", "x" * 500_000, "body", "500,000 bytes"),
            ("T", "[x](data:text/html,x)", "body", "data:text/html,x"),
        ],
    )
    def test_what_may_not_is_kept_all_the_same(self, team, title, body, field, said):
        with pytest.raises(NotPossible) as refused:
            team.save(team.edda, body, title=title)

        assert said in str(refused.value) and refused.value.field == field
        assert SavedText.objects.get(author=team.edda).body == body

    def test_a_closed_letter_takes_no_save_and_keeps_the_words(self, team):
        organising.open_letter(campaign_letter=team.letter, by=None, now=NOW)
        organising.close_letter(campaign_letter=team.letter, by=None, now=NOW)

        with pytest.raises(NotPossible, match="closed"):
            team.save(team.edda, "Too late.")

        assert SavedText.objects.filter(body="Too late.").exists()


class TestTheRows:
    def test_a_saved_text_never_changes(self, team):
        team.save(team.edda, "Words.")
        with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
            SavedText.objects.update(body="Others.")

    def test_a_revision_has_one_text_and_comes_next(self, team):
        row = SavedText.objects.get(revision=1)
        for changed in ({"revision": 1, "began_from": 0}, {"revision": 7, "began_from": 3}):
            with pytest.raises(IntegrityError), transaction.atomic():
                SavedText.objects.create(
                    campaign_letter=row.campaign_letter, language=row.language, saved_at=NOW, **changed
                )

    def test_a_month_later_only_what_went_on_to_something_else_is_forgotten(self, team):
        for body in ("a", "ab", "abc"):
            saving.keep(campaign_letter=team.letter, language="en", words=Words(title="T", body=body), began_from=1,
                        by=team.edda, now=NOW)  # fmt: skip

        assert saving.forget_kept(now=NOW + timedelta(days=29)) == 0
        assert saving.forget_kept(now=NOW + timedelta(days=31)) == 2
        assert SavedText.objects.get(author=team.edda).body == "abc"
        assert SavedText.objects.filter(revision=1).exists()

    def test_a_translation_that_was_removed_may_begin_again(self, team):
        for _again in range(2):
            translating.add(campaign_letter=team.letter, language="de", by=team.edda, now=NOW)
            saving.save(campaign_letter=team.letter, language="de", words=Words(title="Halt", body="Halt!"),
                        began_from=1, by=team.edda, now=NOW)  # fmt: skip
            translating.remove(campaign_letter=team.letter, standing=saving.draft(team.letter, "de"))

        assert SavedText.objects.filter(language="de", body="Halt!").count() == 2


_steps = st.lists(
    st.tuples(st.integers(0, 2), st.sampled_from(["keep", "save", "merge"]), st.integers(0, 99)),
    min_size=1,
    max_size=12,
)


@settings(max_examples=HISTORIES, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=_steps)
def test_no_history_of_three_writers_loses_a_word_that_somebody_saved(team, steps):
    """Each types on from what she saw last, and now and then looks again."""
    with transaction.atomic():
        writers = [team.carla, team.edda, team.nils]
        seen = [(1, "one two three four five six")] * 3
        team.save(team.carla, seen[0][1], began_from=1)
        seen = [(2, seen[0][1])] * 3
        sent = set()
        for turn, (who, act, where) in enumerate(steps):
            revision, body = seen[who]
            words = body.split(" ")
            words.insert(where % (len(words) + 1), f"word{turn}")
            body = " ".join(words)
            sent.add(body)
            if act == "keep":
                saving.keep(campaign_letter=team.letter, language="en", words=Words(title="T", body=body),
                            began_from=revision, by=writers[who], now=NOW)  # fmt: skip
                seen[who] = (revision, body)
                continue
            try:
                seen[who] = (team.save(writers[who], body, title="T", began_from=revision), body)
            except MovedOn as moved:
                if moved.merged is not None:
                    assert f"word{turn}" in moved.merged.body
                    base = SavedText.objects.get(revision=revision).body.split()
                    came = [word for word in moved.theirs.body.split() if word not in base]
                    assert all(word in moved.merged.body for word in came)
                seen[who] = (moved.theirs.revision, moved.merged.body if moved.merged and act == "merge" else body)

        kept = set(SavedText.objects.values_list("body", flat=True))
        assert sent <= kept
        assert team.draft.body in kept
        transaction.set_rollback(True)


@pytest.mark.django_db(transaction=True)
def test_of_two_saves_at_the_same_moment_one_is_the_draft_and_the_other_is_kept():
    cast = Cast.assemble(opened=False)
    edda = organiser("Edda")
    Membership.objects.create(team=cast.campaign.team, user=edda, role="editor")
    team = Team(cast, edda, edda)
    letter, started, told = team.letter, threading.Barrier(2), []

    def write(user, body):
        try:
            started.wait(10)
            saving.save(campaign_letter=letter, language="en", words=Words(title="T", body=body), began_from=1, by=user,
                        now=NOW)  # fmt: skip
            told.append("saved")
        except MovedOn:
            told.append("moved")
        finally:
            connection.close()

    threads = [threading.Thread(target=write, args=one) for one in ((cast.carla, "Hers."), (edda, "Mine."))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)

    assert sorted(told) == ["moved", "saved"]
    assert {"Hers.", "Mine."} <= set(SavedText.objects.values_list("body", flat=True))
    assert team.draft.revision == 2


class TestThePage:
    def test_what_was_typed_is_saved_and_shown(self, team):
        client = browser_of(team.edda)

        answer = client.post(f"{DESK}write/", {"title": "Stop", "body": "Dear **all**\r\n", "revision": "1"})

        assert (answer.status_code, answer.headers["Location"]) == (302, f"{DESK}write/")
        assert (team.draft.body, team.draft.revision) == ("Dear **all**\n", 2)
        assert "<strong>all</strong>" in client.get(DESK).content.decode()

    def test_a_preview_saves_nothing_and_shows_the_demands_and_whom_it_addresses(self, team):
        answer = browser_of(team.edda).post(
            f"{DESK}write/", {"title": "Stop", "body": "a <b>c</b>", "revision": "1", "preview": "1"}
        )

        page = answer.content.decode()
        assert "&lt;b&gt;c" in page and "Stop every robot" in page and "Ada Boss" in page
        assert "HTML is shown as you typed it" in page
        assert not SavedText.objects.filter(author=team.edda).exists()

    def test_a_refused_text_is_answered_with_422_and_stays_in_the_form(self, team):
        answer = browser_of(team.edda).post(
            f"{DESK}write/", {"title": "Stop", "body": "[x](javascript:x) mine", "revision": "1"}
        )

        assert answer.status_code == 422
        assert "javascript:x" in answer.content.decode() and "mine" in answer.content.decode()

    def test_the_second_of_two_sees_both_and_saves_over_what_she_saw(self, team):
        client, theirs = browser_of(team.edda), {"title": "T", "body": "Theirs.", "revision": "1"}
        browser_of(team.carla).post(f"{DESK}write/", theirs)

        answer = client.post(f"{DESK}write/", {"title": "T", "body": "Mine.", "revision": "1"})

        page = answer.content.decode()
        assert answer.status_code == 409
        assert "Theirs." in page and "Mine." in page and 'name="revision" value="2"' in page
        client.post(f"{DESK}write/", {"title": "T", "body": "Both.", "revision": "2"})
        assert team.draft.body == "Both."

    def test_who_was_signed_out_gets_back_what_she_sent_and_goes_on(self, team):
        client = Client(enforce_csrf_checks=True)
        token = Client(enforce_csrf_checks=True).get("/accounts/login/").cookies["csrf"].value
        client.cookies["csrf"] = token
        sent = {"title": "Stop", "body": "Long <work>", "revision": "1"}

        assert client.post(f"{DESK}write/", sent).status_code == 403, "another site's form is not echoed"
        lost = client.post(f"{DESK}write/", {**sent, "csrfmiddlewaretoken": token})
        assert lost.status_code == 401 and "Long &lt;work&gt;" in lost.content.decode()
        client.force_login(team.edda, backend="allauth.account.auth_backends.AuthenticationBackend")
        back = client.post(f"{DESK}write/", {**sent, "csrfmiddlewaretoken": "x" * 64})

        assert back.status_code == 409 and "Long &lt;work&gt;" in back.content.decode()
        assert "It is not saved yet" in back.content.decode()
        assert team.draft.revision == 1
        form = back.content.decode().partition('name="csrfmiddlewaretoken" value="')[2][:64]
        assert client.post(f"{DESK}write/", {**sent, "csrfmiddlewaretoken": form}).status_code == 302
        assert team.draft.body == "Long <work>"

    def test_nobody_fills_the_database_by_keeping(self, team, monkeypatch):
        monkeypatch.setattr("campaign.views.writing._KEEPS_PER_HOUR", 2)
        client = browser_of(team.edda)

        answers = [client.post(f"{DESK}write/keep/", {"body": str(one), "revision": "1"}) for one in range(3)]

        assert [answer.status_code for answer in answers] == [200, 200, 429]

    def test_what_is_kept_while_typing_is_offered_on_the_next_visit(self, team):
        client = browser_of(team.edda)

        answer = client.post(f"{DESK}write/keep/", {"title": "T", "body": "Half a sen", "revision": "1"})

        assert "Kept at" in answer.json()["said"]
        assert team.draft.revision == 1
        assert "You wrote something on" in client.get(f"{DESK}write/").content.decode()
        assert "You wrote something on" not in browser_of(team.nils).get(f"{DESK}write/").content.decode()
        row = SavedText.objects.get(author=team.edda)
        client.post(f"{DESK}history/{row.pk}/")
        assert team.draft.body == "Half a sen"

    @pytest.mark.parametrize("who", ["oskar", "vera", "mallory"])
    @pytest.mark.parametrize("path", ["write/", "write/keep/", "write/here/", "write/preview/", "translate/"])
    def test_nobody_else_writes(self, team, who, path):
        answer = browser_of(getattr(team.cast, who)).post(f"{DESK}{path}", {"title": "T", "body": "B", "revision": "1"})

        assert answer.status_code == 404
        assert team.draft.revision == 1

    def test_the_whole_team_reads_the_history_and_nobody_else(self, team):
        team.save(team.edda, "Dear chief executives,\n\nplease do *what is wrong*.\n")
        first = SavedText.objects.get(revision=1)
        for who, status in ((team.cast.vera, 200), (team.cast.mallory, 404)):
            client = browser_of(who)
            assert client.get(f"{DESK}history/").status_code == status
            assert client.get(f"{DESK}history/{first.pk}/").status_code == status
        page = browser_of(team.cast.vera).get(f"{DESK}history/{first.pk}/").content.decode()
        assert "<del>" in page and "right" in page and "<ins>" in page
        assert browser_of(team.cast.vera).post(f"{DESK}history/{first.pk}/").status_code == 404

    def test_a_translation_is_behind_until_its_writer_says_that_it_is_not(self, team):
        client = browser_of(team.edda)
        client.post(f"{DESK}translate/", {"language": "ar"})
        page = client.get(f"{DESK}write/?language=ar").content.decode()
        assert 'dir="rtl"' in page and saving.draft(team.letter, "ar").behind
        original = team.draft.original_name

        client.post(
            f"{DESK}write/?language=ar",
            {"title": "س", "body": "ع", "demands": "أ\nب", "revision": "1", "original": original, "follows": "on"},
        )

        assert not saving.draft(team.letter, "ar").behind
        assert saving.draft(team.letter, "ar").demands == ("أ", "ب")
        team.save(team.edda, "New words.")
        assert saving.draft(team.letter, "ar").behind

    def test_an_earlier_letter_is_a_beginning_and_another_teams_is_not(self, team):
        new = "/organise/campaigns/robots/new-letter/"
        assert "please do *what is right*" in browser_of(team.carla).get(f"{new}?from=letter-robots").content.decode()
        assert "we work at your companies" in browser_of(team.carla).get(f"{new}?from=demands").content.decode()
        elsewhere = "/organise/campaigns/elsewhere/new-letter/"
        assert (
            "what is right" not in browser_of(team.cast.mallory).get(f"{elsewhere}?from=letter-robots").content.decode()
        )


class TestPresence:
    def test_the_others_are_named_and_the_first_to_write_has_the_turn_until_somebody_takes_over(self, team):
        carla, edda = browser_of(team.carla), browser_of(team.edda)
        form = {"title": "T", "body": "B", "revision": "1"}

        carla.post(f"{DESK}write/here/", {**form, "writes": "1"})
        heard = edda.post(f"{DESK}write/here/", {**form, "writes": "1"}).json()

        assert heard == {"company": "Carla is editing.", "other": True, "revision": 1}
        assert "Carla is editing." in edda.get(f"{DESK}write/").content.decode()
        assert edda.post(f"{DESK}write/here/", {**form, "takes-over": "1"}).json()["other"] is False
        assert carla.post(f"{DESK}write/here/", form).json()["company"] == "Edda is editing."

    def test_who_left_is_no_longer_there_after_a_minute(self):
        presence.here(text="1/en", user=1, seconds=1000.0)

        assert presence.look(text="1/en", user=2, seconds=1059.0).others == (1,)
        assert presence.look(text="1/en", user=2, seconds=1061.0).others == ()
        assert 0 < memory().ttl("writing/1/en/here") <= 120

    def test_without_redis_everybody_writes_on(self, team, settings, monkeypatch):
        monkeypatch.setattr(presence, "impatient", _nobody)

        answer = browser_of(team.edda).post(f"{DESK}write/here/", {"revision": "1"})

        assert answer.json() == {"company": "", "other": False, "revision": 1}


def _nobody():
    from redis.exceptions import ConnectionError as Gone

    raise Gone


def test_publishing_is_still_the_only_way_to_the_draft(team):
    """A save that was seen at another revision is refused below, whatever the room believes."""
    with pytest.raises(publishing.MovedOn):
        publishing.redraft(letter_id=team.letter.letter_id, title="T", body="B", seen_revision=9, now=NOW)
