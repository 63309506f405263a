"""What writers have saved: the text in its own language and its translations, before it is fixed as a version."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from letters import canonical, languages
from letters.canonical import Text, Translation
from letters.models import Directory, Draft, Letter


class NotPossible(Exception):
    """The letter is not in a state for this; the text says why and what to do."""


class SlugTaken(NotPossible):
    """Another letter has this address."""


class MovedOn(NotPossible):
    """Somebody saved since."""


@dataclass(frozen=True, kw_only=True)
class Saved:
    """The text in one language as it is saved; `behind` when the original has other words than it was made from."""

    language: str
    title: str
    body: str
    demands: tuple[str, ...]
    revision: int
    saved_at: datetime
    follows: str
    is_original: bool
    behind: bool
    original_name: str  # of the words that a translation made now would follow

    @property
    def language_name(self) -> str:
        return languages.name(self.language)

    @property
    def direction(self) -> str:
        return languages.direction(self.language)


def new_directory() -> uuid.UUID:
    """An empty directory of employers, for a new campaign."""
    return Directory.objects.create().id


def draft(
    *,
    directory_id: uuid.UUID,
    slug: str,
    title: str,
    body: str,
    now: datetime,
    is_example: bool = False,
    language: str = "en",
) -> uuid.UUID:
    """A new letter with its first draft. Raises SlugTaken."""
    try:
        with transaction.atomic():
            letter = Letter.objects.create(
                directory_id=directory_id, slug=slug, is_example=is_example, language=language
            )
            Draft.objects.create(letter=letter, language=language, title=title, body=body, saved_at=now)
    except IntegrityError as error:
        raise SlugTaken(_("Another letter already has this address. Choose a different one.")) from error
    return letter.id


def drafts(*, letter_id: uuid.UUID, demands: list[str]) -> list[Saved]:
    """The letter's texts as they are saved, the original first; `demands` are those of the original."""
    letter = Letter.objects.only("language").get(pk=letter_id)
    rows = list(Draft.objects.filter(letter_id=letter_id))
    name = original_name(_original(letter, rows), demands)
    found = [
        Saved(
            language=row.language,
            title=row.title,
            body=row.body,
            demands=tuple(row.demands),
            revision=row.revision,
            saved_at=row.saved_at,
            follows=row.follows,
            is_original=row.language == letter.language,
            behind=row.language != letter.language and row.follows != name,
            original_name=name,
        )
        for row in rows
    ]
    return sorted(found, key=lambda one: (not one.is_original, one.language))


def redraft(
    *,
    letter_id: uuid.UUID,
    title: str,
    body: str,
    seen_revision: int,
    now: datetime,
    language: str = "",
    demands: list[str] | None = None,
    follows: str | None = None,
) -> int:
    """Save the text in one language (the original's unless one is named); answers its new revision.

    Of an open letter it is the next version's, and nobody outside the team sees it. A translation that is brought up to
    date says which words of the original it `follows` now. Raises MovedOn when somebody saved since `seen_revision`,
    and NotPossible.
    """
    with transaction.atomic():
        own = _hold(letter_id)
        rows = Draft.objects.filter(letter_id=letter_id, language=language or own)
        wanted = {"title": title, "body": body, "saved_at": now, "revision": seen_revision + 1}
        if language and language != own:
            wanted |= {} if demands is None else {"demands": demands}
            wanted |= {} if follows is None else {"follows": follows}
        if rows.filter(revision=seen_revision).update(**wanted):
            return seen_revision + 1
        if rows.exists():
            raise MovedOn(
                _("Somebody saved this draft while you were writing. Your text is below; compare it before you save.")
            )
        raise NotPossible(_("This letter has no text in that language. Add the translation first."))


def change_language(*, letter_id: uuid.UUID, language: str) -> None:
    """The original turns out to be in another language than was said. Raises NotPossible once the letter opened."""
    with transaction.atomic():
        letter = Letter.objects.select_for_update().get(pk=letter_id)
        if letter.state != Letter.State.DRAFT:
            raise NotPossible(_("The language of a letter that has opened stays."))
        if letter.language == language:
            return
        if Draft.objects.filter(letter_id=letter_id, language=language).exists():
            raise NotPossible(_("There is a translation into that language. Remove it first."))
        Draft.objects.filter(letter_id=letter_id, language=letter.language).update(language=language)
        Letter.objects.filter(pk=letter_id).update(language=language)


def add_translation(
    *, letter_id: uuid.UUID, language: str, title: str, body: str, demands: list[str], follows: str, now: datetime
) -> None:
    """One more language, made from the original's words that `follows` names. Raises NotPossible."""
    try:
        with transaction.atomic():
            if _hold(letter_id) == language:
                raise NotPossible(_("The letter is written in this language already."))
            Draft.objects.create(
                letter_id=letter_id,
                language=language,
                title=title,
                body=body,
                demands=demands,
                follows=follows,
                saved_at=now,
            )
    except IntegrityError as error:
        raise NotPossible(_("There is a translation into this language already. Change that one.")) from error


def remove_translation(*, letter_id: uuid.UUID, language: str, seen_revision: int) -> None:
    """Take one language out of the next version; versions that have it keep it. Raises MovedOn and NotPossible."""
    with transaction.atomic():
        if _hold(letter_id) == language:
            raise NotPossible(_("This is the letter itself, not a translation of it."))
        gone, _rows = Draft.objects.filter(letter_id=letter_id, language=language, revision=seen_revision).delete()
        if not gone:
            raise MovedOn(_("Somebody saved this translation a moment ago, or removed it. Look at it again."))


def draft_text(*, letter_id: uuid.UUID, demands: list[str], addressees: list[str]) -> Text:
    """The text that publishing the drafts now would fix, in every language."""
    return text_of(Letter.objects.get(pk=letter_id), demands, addressees)


def text_of(letter: Letter, demands: list[str], addressees: list[str]) -> Text:
    """The drafts as one text, normalised. A translation without demands of its own has the original's."""
    rows = list(Draft.objects.filter(letter=letter))
    original = _original(letter, rows)
    name = original_name(original, demands)
    return Text(
        title=original.title,
        body=original.body,
        demands=demands,
        addressees=addressees,
        language=letter.language,
        translations=[
            Translation(
                language=row.language,
                title=row.title,
                body=row.body,
                demands=row.demands or demands,
                behind=row.follows != name,
            )
            for row in rows
            if row.pk != original.pk
        ],
    ).normal()


def check_translations(text: Text) -> None:
    """Whether each language says as much as the original. Raises NotPossible."""
    for one in text.translations:
        words = {"language": languages.name(one.language), "there": len(one.demands), "demands": len(text.demands)}
        if not one.body.strip() or not one.title:
            raise NotPossible(
                _("The translation “%(language)s” has no text yet. Write it, or remove the translation.") % words
            )
        if len(one.demands) != len(text.demands):
            raise NotPossible(
                _(
                    "The translation “%(language)s” has %(there)s demands, and the letter %(demands)s. Bring it up to"
                    " date, or remove it."
                )
                % words
            )


def original_name(row: Draft, demands: list[str]) -> str:
    """The name of the original's words, which translations follow."""
    return canonical.original_sha256(title=row.title, body=row.body, demands=demands, language=row.language)


def _original(letter: Letter, rows: list[Draft]) -> Draft:
    return next(row for row in rows if row.language == letter.language)


def _hold(letter_id: uuid.UUID) -> str:
    """Keep the letter from opening and closing until the end; answers its language. Raises NotPossible when closed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT state, language FROM letters_letter WHERE id = %s FOR SHARE", [letter_id])
        state, language = cursor.fetchone()
    if state not in {Letter.State.DRAFT, Letter.State.OPEN}:
        raise NotPossible(_("This letter is closed. Its text stays as it is."))
    return str(language)
