"""What is said of a passage stays with it, and a suggestion goes into the text with one click."""

import pytest
from django.db import transaction
from django.db.utils import IntegrityError
from hypothesis import given
from hypothesis import strategies as st

from campaign.models import Comment, SavedText
from campaign.writing import NotPossible, anchors, commenting, queries
from tests.campaign.writing.conftest import DESK
from tests.cast import NOW, browser_of

BODY = "We ask you to stop.\n\nWe ask you to speak.\n\nThank you.\n"


@pytest.fixture
def written(team):
    team.save(team.carla, BODY)
    return team


def say(team, quote, *, by=None, **more):
    words = {"body": "Too mild." if "replacement" not in more else "", **more}
    return commenting.comment(
        campaign_letter=team.letter, language="en", quote=quote, by=by or team.edda, now=NOW, **words
    )


class TestAnchors:
    @pytest.mark.parametrize(
        ("later", "expected"),
        [
            ("We ask you to stop. " * 3 + "We ask you to speak up now.", "speak"),
            ("Speak first.\n\nWe ask you to speak.", "speak"),
            ("We ask you to talk.", None),
        ],
    )
    def test_a_passage_is_found_by_its_words(self, later, expected):
        anchor = anchors.make(BODY, BODY.index("speak"), BODY.index("speak") + 5)

        place = anchors.found(later, anchor)

        assert (later[slice(*place)] if place else None) == expected

    def test_of_the_same_words_twice_the_ones_between_the_same_neighbours_are_meant(self):
        second = BODY.index("We ask", 5)
        anchor = anchors.make(BODY, second, second + 13)
        later = "A new first paragraph.\n\n" + BODY

        assert anchors.found(later, anchor) == (
            later.index("We ask you to speak"),
            later.index("We ask you to speak") + 13,
        )

    def test_words_are_found_across_line_ends(self):
        assert anchors.named(BODY, "stop.   We\nask") is not None
        assert anchors.named(BODY, "  ") is None

    @given(st.text("ab \n", max_size=40), st.text("ab \n", max_size=40), st.text("ab \n", max_size=40))
    def test_writing_before_and_after_a_passage_never_loses_it(self, head, tail, more):
        anchor = anchors.make(head + "PASSAGE" + tail, len(head), len(head) + 7)

        place = anchors.found(more + head + "PASSAGE" + tail + more, anchor)

        assert place == (len(more + head), len(more + head) + 7)


class TestSuggestions:
    def test_one_click_puts_the_words_in_as_a_save_of_who_suggested_them(self, written):
        suggestion = say(written, "stop", replacement="stop at once", by=written.cast.oskar)

        revision = commenting.accept(comment=suggestion, by=written.carla, now=NOW)

        assert "We ask you to stop at once." in written.draft.body
        row = SavedText.objects.get(revision=revision)
        assert (row.author, row.accepted_by) == (written.cast.oskar, written.carla)
        assert Comment.objects.get().state == "accepted"

    def test_it_goes_in_where_the_passage_has_moved_to(self, written):
        suggestion = say(written, "speak", replacement="answer")
        written.save(written.carla, "Dear all,\n\n" + BODY)

        commenting.accept(comment=suggestion, by=written.carla, now=NOW)

        assert written.draft.body == "Dear all,\n\n" + BODY.replace("speak", "answer")

    def test_of_a_passage_that_was_changed_nothing_goes_in_and_it_stays_open(self, written):
        suggestion = say(written, "speak", replacement="answer")
        written.save(written.carla, BODY.replace("speak", "talk"))

        with pytest.raises(NotPossible, match="was changed since"):
            commenting.accept(comment=suggestion, by=written.carla, now=NOW)

        assert Comment.objects.get().state == "open"
        [thread] = queries.threads(written.letter, written.draft)
        assert thread.is_lost

    def test_the_second_of_two_clicks_changes_nothing(self, written):
        suggestion = say(written, "speak", replacement="speak up")
        commenting.accept(comment=suggestion, by=written.carla, now=NOW)

        with pytest.raises(NotPossible, match="settled this already"):
            commenting.accept(comment=suggestion, by=written.edda, now=NOW)

        assert written.draft.body.count("up") == 1

    def test_words_that_a_letter_may_not_have_do_not_go_in(self, written):
        suggestion = say(written, "speak", replacement="[x](javascript:x)")

        with pytest.raises(NotPossible, match="javascript"):
            commenting.accept(comment=suggestion, by=written.carla, now=NOW)

        assert written.draft.body == BODY

    def test_a_passage_may_be_taken_out(self, written):
        commenting.accept(comment=say(written, "Thank you.", replacement=""), by=written.carla, now=NOW)

        assert "Thank" not in written.draft.body


class TestThreads:
    def test_what_was_resolved_can_be_taken_up_again_and_what_was_accepted_stays(self, written):
        thread, suggestion = say(written, "stop"), say(written, "speak", replacement="answer")
        commenting.settle(comment=thread, state=Comment.State.RESOLVED, by=written.edda, now=NOW)
        commenting.reopen(comment=thread)
        commenting.accept(comment=suggestion, by=written.carla, now=NOW)

        with pytest.raises(NotPossible):
            commenting.reopen(comment=suggestion)
        assert queries.open_threads(written.letter, [written.draft]) == 1

    @pytest.mark.parametrize(
        "wrong",
        [
            {"quote": ""},
            {"body": "", "replacement": None},
            {"state": "resolved"},
            {"settled_at": NOW},
            {"state": "accepted", "settled_at": NOW},
        ],
    )
    def test_the_database_refuses_a_comment_that_makes_no_sense(self, written, wrong):
        row = say(written, "stop")
        with pytest.raises(IntegrityError), transaction.atomic():
            Comment.objects.filter(pk=row.pk).update(**wrong)


class TestThePage:
    def test_the_passage_is_marked_and_its_thread_says_who_and_what(self, written):
        client = browser_of(written.cast.oskar)

        answer = client.post(f"{DESK}comments/", {"quote": "to speak", "body": "<b>Where?</b>"}, follow=True)

        page = answer.content.decode()
        assert "<mark>to speak</mark>" in page and "&lt;b&gt;Where?" in page and "Oskar" in page
        client.post(f"{DESK}comments/{Comment.objects.get().pk}/", {"act": "reply", "body": "Here."})
        assert "Here." in client.get(f"{DESK}comments/").content.decode()

    @pytest.mark.parametrize(
        ("form", "said"),
        [
            ({"quote": "not there", "body": "x"}, "not in the text as it stands"),
            ({"quote": "", "body": "x"}, "Copy the words that you mean"),
            ({"quote": "speak"}, "Write what you want to say"),
            ({"quote": "speak", "replacement": "speak"}, "are the ones that stand there"),
            ({"quote": "speak", "replacement": "talk", "remove": "on"}, "Either other words"),
        ],
    )
    def test_what_cannot_be_said_is_told_at_the_field_and_stays(self, written, form, said):
        answer = browser_of(written.edda).post(f"{DESK}comments/", form)

        assert answer.status_code == 422
        assert said in answer.content.decode() and form["quote"] in answer.content.decode()

    @pytest.mark.parametrize(
        ("who", "act", "status", "state"),
        [
            ("oskar", "resolve", 302, "open"),
            ("oskar", "accept", 302, "open"),
            ("vera", "resolve", 404, "open"),
            ("mallory", "accept", 404, "open"),
            ("carla", "decline", 302, "declined"),
            ("carla", "accept", 302, "accepted"),
            ("carla", "nonsense", 302, "open"),
        ],
    )
    def test_who_may_settle_what_another_suggested(self, written, who, act, status, state):
        row = say(written, "speak", replacement="answer")

        answer = browser_of(getattr(written.cast, who)).post(f"{DESK}comments/{row.pk}/", {"act": act})

        row.refresh_from_db()
        assert (answer.status_code, row.state) == (status, state)

    def test_whoever_only_looks_on_reads_and_says_nothing(self, written):
        client = browser_of(written.cast.vera)

        assert client.get(f"{DESK}comments/").status_code == 200
        assert client.post(f"{DESK}comments/", {"quote": "speak", "body": "x"}).status_code == 404
        assert browser_of(written.cast.mallory).get(f"{DESK}comments/").status_code == 404
