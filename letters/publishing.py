"""From draft to open to closed. A text that was open never changes."""

import uuid
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from letters import freshness, keyring, organisations, pooling
from letters.canonical import Text, Translation
from letters.drafting import (
    MovedOn,
    NotPossible,
    Saved,
    SlugTaken,
    add_translation,
    change_language,
    check_translations,
    draft,
    draft_text,
    drafts,
    new_directory,
    redraft,
    remove_translation,
    text_of,
)
from letters.models import THRESHOLD, Letter, Tag, Version

__all__ = [
    "MovedOn", "NotPossible", "Saved", "SlugTaken", "Text", "Translation", "add_translation", "change_language",
    "check_translations", "close_letter", "draft", "draft_text", "drafts", "finish_closing", "new_directory",
    "offer_release", "open_letter", "redraft", "remove_translation",
]  # fmt: skip


def open_letter(
    *,
    letter_id: uuid.UUID,
    demands: list[str],
    addressees: list[str],
    now: datetime,
    read_sha256: str | None = None,
) -> str:
    """Fix the drafts as version 1 and open it for signing; answers the version's SHA-256.

    `read_sha256` names the text that the opener read. Raises NotPossible, also when that is no longer the text.
    """
    with transaction.atomic():
        letter = Letter.objects.select_for_update().get(pk=letter_id)
        if letter.state != Letter.State.DRAFT:
            raise NotPossible(_("This letter is already open or closed."))
        version = fix(letter, text=text_of(letter, demands, addressees), read_sha256=read_sha256, now=now)
        Letter.objects.filter(pk=letter_id).update(state=Letter.State.OPEN, opened_at=now, current=version)
        # Before the commit: an open letter without its key could not take a signature.
        keyring.create(letter_id)
        freshness.changed()
    return version.sha256


def fix(
    letter: Letter,
    *,
    text: Text,
    read_sha256: str | None,
    now: datetime,
    number: int = 1,
    edition: int = 1,
    note: str = "",
) -> Version:
    """Write a text of a letter that is held down as a version. Raises NotPossible."""
    if not text.body.strip():
        raise NotPossible(_("The letter has no text yet. Write it first."))
    check_translations(text)
    if read_sha256 is not None and text.sha256() != read_sha256:
        raise NotPossible(_("The text changed since you read it. Here is how it reads now."))
    return Version.objects.create(
        letter=letter,
        number=number,
        edition=edition,
        note=note,
        sha256=text.sha256(),
        title=text.title,
        body=text.body,
        demands=text.demands,
        addressees=text.addressees,
        language=text.language,
        translations=[one.kept() for one in text.translations],
        published_at=now,
    )


def offer_release(*, letter_id: uuid.UUID, least: int | None) -> None:
    """Let confidential signers wait until so many, or a multiple, have signed; None: no more. Raises NotPossible.

    Whoever waits already goes on waiting for her number.
    """
    if least is not None and least < THRESHOLD:
        raise NotPossible(_("Nobody may wait for fewer than %(least)s people.") % {"least": THRESHOLD})
    with transaction.atomic():
        changed = Letter.objects.filter(pk=letter_id).exclude(state=Letter.State.CLOSED).update(release_from=least)
        if not changed:
            raise NotPossible(_("This letter is closed."))
        freshness.changed()


def close_letter(*, letter_id: uuid.UUID, now: datetime) -> None:
    """Stop signing for good: publish what may be published, delete the tags, destroy the key. Raises NotPossible."""
    with transaction.atomic():
        letter = Letter.objects.select_for_update().get(pk=letter_id)
        if letter.state != Letter.State.OPEN:
            raise NotPossible(_("Only an open letter can be closed."))
        pooling.publish(letter_id=letter_id, today=now.date(), last=True)
        Tag.objects.filter(letter_id=letter_id).delete()
        organisations.settle(letter_id=letter_id)
        Letter.objects.filter(pk=letter_id).update(state=Letter.State.CLOSED, closed_at=now)
        freshness.changed()
        # After the commit, or a rollback would leave an open letter without its key.
        transaction.on_commit(lambda: finish_closing(now=now), robust=True)


def finish_closing(*, now: datetime) -> int:
    """Destroy the keys of closed letters that still have one: a crash between the two steps leaves nothing behind."""
    unfinished = Letter.objects.filter(state=Letter.State.CLOSED, key_destroyed_at__isnull=True)
    for letter_id in unfinished.values_list("pk", flat=True):
        keyring.destroy(letter_id)
        Letter.objects.filter(pk=letter_id, key_destroyed_at__isnull=True).update(key_destroyed_at=now)
        freshness.changed()
    return len(unfinished)
