"""Changing a letter that is open. Nobody's signature is ever moved: it goes on naming the version that was signed.

A *correction* asks the same in better words: its version belongs to the edition of the one before, so signatures of
both are counted together once it is in force. A *change* asks something else: its version begins an edition, whose
signatures are counted apart (docs/versions.md).
"""

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from letters import differences, drafting, freshness, languages
from letters.canonical import Text, Translation
from letters.models import Letter, Version
from letters.publishing import NotPossible, fix

_CORRECTED_AT_MOST = 10  # one letter or mark in so many, and
_ALWAYS_CORRECTABLE = 100  # so many in any case


@dataclass(frozen=True, kw_only=True)
class Prospect:
    """What the drafts would make of an open letter, beside the version that stands."""

    text: Text
    standing: Text
    is_new: bool
    too_much: str  # why it is no correction; empty when it may be one


def correction(*, letter_id: uuid.UUID) -> Prospect:
    """The drafts as a correction: it asks what the standing version asks, of the same people."""
    letter = Letter.objects.select_related("current").get(pk=letter_id)
    standing = _standing(letter)
    return _prospect(drafting.text_of(letter, standing.demands, standing.addressees), standing)


def change(*, letter_id: uuid.UUID, demands: list[str], addressees: list[str]) -> Prospect:
    """The drafts as a change, with the demands and addressees as they would be."""
    letter = Letter.objects.select_related("current").get(pk=letter_id)
    return _prospect(drafting.text_of(letter, demands, addressees), _standing(letter))


def announce_correction(*, letter_id: uuid.UUID, read_sha256: str, note: str, now: datetime) -> uuid.UUID:
    """Fix the drafts as a version that everybody can read and that is not in force yet. Raises NotPossible."""
    with transaction.atomic():
        letter = _hold(letter_id)
        standing = _standing(letter)
        found = _prospect(drafting.text_of(letter, standing.demands, standing.addressees), standing)
        if found.too_much:
            raise NotPossible(found.too_much)
        version = _add(letter, found.text, read_sha256, note, now, edition=_current(letter).edition)
        freshness.changed()
    return version.pk


def put_in_force(*, letter_id: uuid.UUID, version_id: uuid.UUID) -> None:
    """Let a correction that was announced be the letter's text. Raises NotPossible."""
    with transaction.atomic():
        letter = _hold(letter_id)
        version = Version.objects.get(pk=version_id, letter_id=letter_id)
        if version.edition != _current(letter).edition or version.number <= _current(letter).number:
            raise NotPossible(_("The letter has another text by now, so this correction is void."))
        Letter.objects.filter(pk=letter_id).update(current=version)
        freshness.changed()


def make_change(
    *, letter_id: uuid.UUID, demands: list[str], addressees: list[str], read_sha256: str, note: str, now: datetime
) -> uuid.UUID:
    """Put the drafts in force as a version that begins an edition; who signed before stays. Raises NotPossible."""
    with transaction.atomic():
        letter = _hold(letter_id)
        text = drafting.text_of(letter, demands, addressees)
        version = _add(letter, text, read_sha256, note, now)
        Letter.objects.filter(pk=letter_id).update(current=version)
        freshness.changed()
    return version.pk


def _hold(letter_id: uuid.UUID) -> Letter:
    """The open letter, held: nobody signs it, writes at it or closes it until the end."""
    letter = Letter.objects.select_for_update(of=("self",)).get(pk=letter_id)
    if letter.state != Letter.State.OPEN:
        raise NotPossible(_("This letter is not open. Only an open letter is changed in this way."))
    return letter


def _add(
    letter: Letter, text: Text, read_sha256: str, note: str, now: datetime, *, edition: int | None = None
) -> Version:
    if there := Version.objects.filter(letter=letter, sha256=text.sha256()).first():
        raise NotPossible(
            _("This is word for word version %(number)s. Nothing would change.") % {"number": there.number}
            if there.pk == letter.current_id
            else _("This is word for word version %(number)s, which stays what it was.") % {"number": there.number}
        )
    newest = Version.objects.filter(letter=letter).aggregate(newest=Max("number"))["newest"]
    number = newest + 1
    return fix(
        letter,
        text=text,
        number=number,
        edition=edition or number,
        note=note,
        read_sha256=read_sha256,
        now=now,
    )


def _prospect(text: Text, standing: Text) -> Prospect:
    return Prospect(
        text=text,
        standing=standing,
        is_new=text.sha256() != standing.sha256(),
        too_much=_too_much(text, standing),
    )


def _too_much(text: Text, standing: Text) -> str:
    """Why this cannot be called a correction; empty when it can."""
    if text.demands != standing.demands or text.addressees != standing.addressees:
        return _("It has other demands or addressees. That is never a correction.")
    before = {one.language: one for one in standing.translations}
    if set(before) - {one.language for one in text.translations}:
        return _("A translation is gone that people may have read when they signed. That is never a correction.")
    pairs = [(text.language, standing.title, standing.body, text.title, text.body)]
    for one in text.translations:
        if (old := before.get(one.language)) is None:
            continue
        if old.demands != one.demands:
            return _("The demands read differently in “%(language)s”. That is never a correction.") % {
                "language": languages.name(one.language)
            }
        pairs.append((one.language, old.title, old.body, one.title, one.body))
    for code, title, body, new_title, new_body in pairs:
        if problem := _many(code, f"{title}\n{body}", f"{new_title}\n{new_body}"):
            return problem
    return ""


def _many(code: str, old: str, new: str) -> str:
    pieces = differences.changes(old, new)
    touched = sum(_marks(piece.text) for piece in pieces if piece.kind is not differences.Kind.SAME)
    there = _marks(old)
    if touched <= max(_ALWAYS_CORRECTABLE, there // _CORRECTED_AT_MOST):
        return ""
    words = {"touched": touched, "there": there, "language": languages.name(code)}
    return (
        _(
            "In “%(language)s” %(touched)s of %(there)s letters and marks differ. That is more than a correction:"
            " declare it a change, so that nobody stands for words that she did not sign."
        )
        % words
    )


def _marks(text: str) -> int:
    """How much a text says, in any script: its characters without white space."""
    return len("".join(text.split()))


def _current(letter: Letter) -> Version:
    if letter.current is None:
        raise NotPossible(_("This letter is not open. Only an open letter is changed in this way."))
    return letter.current


def _standing(letter: Letter) -> Text:
    version = _current(letter)
    return Text(
        title=version.title,
        body=version.body,
        demands=version.demands,
        addressees=version.addressees,
        language=version.language,
        translations=[Translation(**one) for one in version.translations],
    )
