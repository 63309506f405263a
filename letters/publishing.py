"""From draft to open to closed. A text that was open never changes."""

import hashlib
import json
import unicodedata
import uuid
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from letters import freshness, keyring, pooling
from letters.models import THRESHOLD, Directory, Letter, Tag, Version


class NotPossible(Exception):
    """The letter is not in a state for this; the text says why and what to do."""


class SlugTaken(NotPossible):
    """Another letter has this address."""


@dataclass(frozen=True, kw_only=True)
class Text:
    """What a version consists of; its SHA-256 names it."""

    title: str
    body: str
    demands: list[str]
    addressees: list[str]
    language: str = "en"

    def canonical(self) -> bytes:
        """One byte string for one text: NFC, LF, no trailing spaces, a final newline, sorted keys (docs/signing.md)."""
        parts = {
            "addressees": [_line(text) for text in self.addressees],
            "body": _block(self.body),
            "demands": [_line(text) for text in self.demands],
            "language": self.language,
            "title": _line(self.title),
        }
        return (json.dumps(parts, ensure_ascii=False, sort_keys=True, separators=(",", ":")) + "\n").encode()

    def sha256(self) -> str:
        """The version's name."""
        return hashlib.sha256(self.canonical()).hexdigest()


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
    """A new draft. Raises SlugTaken."""
    try:
        with transaction.atomic():
            letter = Letter.objects.create(
                directory_id=directory_id,
                slug=slug,
                draft_title=title,
                draft_body=body,
                drafted_at=now,
                is_example=is_example,
                language=language,
            )
    except IntegrityError as error:
        raise SlugTaken(_("Another letter already has this address. Choose a different one.")) from error
    return letter.id


def redraft(
    *, letter_id: uuid.UUID, title: str, body: str, seen_at: datetime, now: datetime, language: str | None = None
) -> None:
    """Change a draft as it stood at `seen_at`. Raises NotPossible when it opened or somebody else saved since."""
    wanted = {"draft_title": title, "draft_body": body} | ({"language": language} if language else {})
    changed = Letter.objects.filter(pk=letter_id, state=Letter.State.DRAFT, drafted_at=seen_at).update(
        **wanted, drafted_at=now
    )
    if changed:
        return
    if Letter.objects.filter(pk=letter_id, state=Letter.State.DRAFT).exists():
        raise NotPossible(
            _("Somebody saved this draft while you were writing. Your text is below; compare it before you save again.")
        )
    raise NotPossible(_("This letter has opened. People sign the text as it stands, so it no longer changes."))


def draft_text(*, letter_id: uuid.UUID, demands: list[str], addressees: list[str]) -> Text:
    """The text that opening the draft now would fix."""
    return _text_of(Letter.objects.get(pk=letter_id), demands, addressees)


def open_letter(
    *,
    letter_id: uuid.UUID,
    demands: list[str],
    addressees: list[str],
    now: datetime,
    read_sha256: str | None = None,
) -> str:
    """Fix the draft's text as version 1 and open it for signing; answers the version's SHA-256.

    `read_sha256` names the text that the opener read. Raises NotPossible, also when that is no longer the text.
    """
    with transaction.atomic():
        letter = Letter.objects.select_for_update().get(pk=letter_id)
        if letter.state != Letter.State.DRAFT:
            raise NotPossible(_("This letter is already open or closed."))
        if not letter.draft_body.strip():
            raise NotPossible(_("The letter has no text yet. Write it first."))
        text = _text_of(letter, demands, addressees)
        if read_sha256 is not None and text.sha256() != read_sha256:
            raise NotPossible(_("The text changed since you read it. Here is how it reads now."))
        version = Version.objects.create(
            letter=letter,
            number=1,
            sha256=text.sha256(),
            title=text.title,
            body=text.body,
            demands=text.demands,
            addressees=text.addressees,
            language=text.language,
            published_at=now,
        )
        Letter.objects.filter(pk=letter_id).update(state=Letter.State.OPEN, opened_at=now, current=version)
        # Before the commit: an open letter without its key could not take a signature.
        keyring.create(letter_id)
        freshness.changed()
    return version.sha256


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


def _text_of(letter: Letter, demands: list[str], addressees: list[str]) -> Text:
    return Text(
        title=letter.draft_title,
        body=_block(letter.draft_body),
        demands=demands,
        addressees=addressees,
        language=letter.language,
    )


def _line(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())


def _block(text: str) -> str:
    lines = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(line.rstrip() for line in lines).strip("\n") + "\n"
