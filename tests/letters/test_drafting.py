"""Drafts in several languages: nobody saves over what she has not seen, and what opens is every language at once."""

import uuid
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from letters import publishing, queries
from letters.models import Draft
from tests.cast import NOW, Cast

LATER = NOW + timedelta(hours=1)
DEMANDS = ["Stop every robot", "Speak out publicly"]
ADDRESSEES = ["Ada Boss, Chief executive, Acme"]


@pytest.fixture
def letter_id(db) -> uuid.UUID:
    return Cast.assemble(opened=False).letter.id


def text_of(letter_id: uuid.UUID) -> publishing.Text:
    return publishing.draft_text(letter_id=letter_id, demands=DEMANDS, addressees=ADDRESSEES)


def translate(letter_id: uuid.UUID, *, language: str = "ar", demands: list[str] | None = None) -> None:
    publishing.add_translation(
        letter_id=letter_id,
        language=language,
        title="أوقفوا الروبوتات",
        body="نص الرسالة",
        demands=demands or [],
        follows=text_of(letter_id).original_sha256(),
        now=NOW,
    )


def saved(letter_id: uuid.UUID) -> dict[str, publishing.Saved]:
    return {one.language: one for one in publishing.drafts(letter_id=letter_id, demands=DEMANDS)}


def test_a_save_over_a_draft_that_was_not_seen_is_refused_and_changes_nothing(letter_id):
    publishing.redraft(letter_id=letter_id, title="First", body="First", seen_revision=1, now=LATER)

    with pytest.raises(publishing.MovedOn, match="Somebody saved"):
        publishing.redraft(letter_id=letter_id, title="Second", body="Second", seen_revision=1, now=LATER)

    assert (saved(letter_id)["en"].title, saved(letter_id)["en"].revision) == ("First", 2)


def test_each_language_has_revisions_of_its_own(letter_id):
    translate(letter_id)

    publishing.redraft(letter_id=letter_id, language="ar", title="T", body="B", seen_revision=1, now=LATER)

    assert {code: one.revision for code, one in saved(letter_id).items()} == {"en": 1, "ar": 2}
    with pytest.raises(publishing.NotPossible, match="no text in that language"):
        publishing.redraft(letter_id=letter_id, language="fr", title="T", body="B", seen_revision=1, now=LATER)


def test_a_translation_is_behind_from_the_originals_next_save_until_it_is_brought_up_to_date(letter_id):
    translate(letter_id)
    assert not saved(letter_id)["ar"].behind

    publishing.redraft(letter_id=letter_id, title="New", body="New words", seen_revision=1, now=LATER)
    publishing.redraft(letter_id=letter_id, language="ar", title="T", body="A typo", seen_revision=1, now=LATER)
    assert saved(letter_id)["ar"].behind

    publishing.redraft(
        letter_id=letter_id, language="ar", title="T", body="All of it", seen_revision=2, now=LATER,
        follows=text_of(letter_id).original_sha256(),
    )  # fmt: skip
    assert not saved(letter_id)["ar"].behind


def test_a_language_is_added_once_and_never_the_original(letter_id):
    translate(letter_id)

    with pytest.raises(publishing.NotPossible, match="already"):
        translate(letter_id)
    with pytest.raises(publishing.NotPossible, match="written in this language"):
        translate(letter_id, language="en")
    with pytest.raises(publishing.NotPossible, match="not a translation"):
        publishing.remove_translation(letter_id=letter_id, language="en", seen_revision=1)
    with pytest.raises(publishing.MovedOn):
        publishing.remove_translation(letter_id=letter_id, language="ar", seen_revision=7)
    publishing.remove_translation(letter_id=letter_id, language="ar", seen_revision=1)
    assert set(saved(letter_id)) == {"en"}


def test_opening_fixes_every_language_and_names_them_together(letter_id):
    alone = text_of(letter_id).sha256()
    translate(letter_id, demands=["أوقفوا", "تكلموا"])

    sha256 = publishing.open_letter(letter_id=letter_id, demands=DEMANDS, addressees=ADDRESSEES, now=NOW)

    letter = queries.letter("robots")
    assert sha256 == letter.sha256 != alone
    assert letter.read_in("ar-eg").title == "أوقفوا الروبوتات"
    assert letter.read_in("ar").demands == ("أوقفوا", "تكلموا")
    assert letter.read_in("fr") == letter
    [version] = queries.versions(letter.id)
    assert "تكلموا" in version.canonical


def test_a_letter_does_not_open_with_a_translation_that_asks_for_something_else(letter_id):
    translate(letter_id, demands=["أوقفوا"])

    with pytest.raises(publishing.NotPossible, match="1 demands, and the letter 2"):
        publishing.open_letter(letter_id=letter_id, demands=DEMANDS, addressees=ADDRESSEES, now=NOW)


def test_what_is_saved_after_opening_is_the_next_versions_and_moves_nothing(cast):
    before = cast.letter

    publishing.redraft(letter_id=before.id, title="Next", body="Next words", seen_revision=1, now=LATER)

    assert (cast.letter.title, cast.letter.body, cast.letter.sha256) == (before.title, before.body, before.sha256)
    publishing.close_letter(letter_id=before.id, now=LATER)
    with pytest.raises(publishing.NotPossible, match="closed"):
        publishing.redraft(letter_id=before.id, title="T", body="B", seen_revision=2, now=LATER)


def test_the_database_holds_one_draft_a_language_and_counts_its_revisions_from_one(letter_id):
    with pytest.raises(IntegrityError, match="draft_once_in_a_language"), transaction.atomic():
        Draft.objects.create(letter_id=letter_id, language="en", title="T", saved_at=NOW)
    with pytest.raises(IntegrityError, match="revision"), transaction.atomic():
        Draft.objects.filter(letter_id=letter_id).update(revision=0)


def test_the_original_turns_into_another_language_only_before_it_opens(letter_id):
    publishing.change_language(letter_id=letter_id, language="de")

    assert queries.letter("robots", drafts=True).language == "de"
    publishing.open_letter(letter_id=letter_id, demands=DEMANDS, addressees=ADDRESSEES, now=NOW)
    with pytest.raises(publishing.NotPossible, match="stays"):
        publishing.change_language(letter_id=letter_id, language="en")
