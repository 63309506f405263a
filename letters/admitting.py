"""Who may sign a letter, with which proof, and who is in the number of its headline (docs/signing.md).

What is refused depends on the domain of an address alone, which everybody can know, and never on who has signed.
"""

import uuid
from collections.abc import Collection
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from letters import freshness
from letters.models import THRESHOLD, Case, Directory, Employer, Letter


class NotPossible(Exception):
    """The letter cannot be set up like this; `field` and the text say where and why."""

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


FIELDS = ("for_anyone", "former_too", "takes_email", "takes_reviewed", "counts_email", "counts_reviewed")


@dataclass(frozen=True, kw_only=True)
class Choice:
    """What a letter's owner chose."""

    for_anyone: bool = True
    employer_ids: Collection[int] = ()
    former_too: bool = False
    takes_email: bool = True
    takes_reviewed: bool = False
    counts_email: bool = True
    counts_reviewed: bool = True
    takes_organisations: bool = False
    asks_reason: bool = False


@dataclass(frozen=True, kw_only=True)
class Admission:
    """Who may sign and how, for the form to say before anybody types."""

    for_anyone: bool
    employers: tuple[str, ...]
    employer_ids: tuple[int, ...]
    former_too: bool
    takes_email: bool
    takes_reviewed: bool
    counts_email: bool
    counts_reviewed: bool
    takes_evidence: bool  # reviewed, and the reviewers keep up
    takes_organisations: bool
    asks_reason: bool

    @property
    def intake_closed(self) -> bool:
        """Whether evidence would be taken if less of it waited."""
        return self.takes_reviewed and not self.takes_evidence

    @property
    def is_plain(self) -> bool:
        """Anybody, with any mailbox, and everybody is counted."""
        return self.for_anyone and self.takes_email and self.counts_email and self.counts_reviewed

    @property
    def names(self) -> str:
        """The employers in one line."""
        return ", ".join(self.employers)


def admission(letter_id: uuid.UUID) -> Admission:
    """How this letter is set up now."""
    letter = Letter.objects.get(pk=letter_id)
    named = [] if letter.for_anyone else list(letter.employers.order_by("name").values_list("pk", "name"))
    return Admission(
        for_anyone=letter.for_anyone,
        employers=tuple(name for _pk, name in named),
        employer_ids=tuple(pk for pk, _name in named),
        former_too=letter.former_too,
        takes_email=letter.takes_email,
        takes_reviewed=letter.takes_reviewed,
        counts_email=letter.counts_email,
        counts_reviewed=letter.counts_reviewed,
        takes_evidence=letter.takes_reviewed and _has_room(letter.directory_id),
        takes_organisations=letter.takes_organisations,
        asks_reason=letter.asks_reason,
    )


def problem(*, letter: Letter, employer: Employer | None, public: bool, evidence: bool) -> str:
    """Why somebody with an address there cannot sign like this, in words for the field; nothing if she can."""
    if evidence:
        if not letter.takes_reviewed or not public:
            return _("This letter takes no evidence from you. Choose another way above.")
        if not _has_room(letter.directory_id):
            return _(
                "The reviewers cannot keep up right now, so nothing more is taken. Please come back in a day or two."
            )
        return ""
    if employer and not letter.for_anyone and not letter.employers.filter(pk=employer.pk).exists():
        return _("This letter is for people of other employers. Those are named above.")
    if employer:
        return ""
    if not letter.takes_email:
        return _with_review(
            letter, public, _("No employer has this address. Use one at an employer named above.")
            if not letter.for_anyone
            else _("This letter asks for an address at an employer that it knows.")
        )  # fmt: skip
    if not public and not letter.counts_email:
        return _(
            "This letter counts only people whose employer is proved. Confidentially, that takes an address there."
        )
    return ""


def choose(*, letter_id: uuid.UUID, choice: Choice) -> None:
    """Set the letter up like this. Raises NotPossible.

    Who is counted in the headline is settled when the letter opens, so that its number always means the same.
    """
    _check(choice)
    with transaction.atomic():
        letter = Letter.objects.select_for_update().get(pk=letter_id)
        if letter.state == Letter.State.CLOSED:
            raise NotPossible(_("This letter is closed."))
        counted = (choice.counts_email, choice.counts_reviewed)
        if letter.state == Letter.State.OPEN and counted != (letter.counts_email, letter.counts_reviewed):
            raise NotPossible(
                _("The letter is open. Who counts in its headline was settled then, and stays."), field="counts"
            )
        employers = Employer.objects.filter(pk__in=choice.employer_ids, directory_id=letter.directory_id)
        found = [] if choice.for_anyone else list(employers)
        if not choice.for_anyone and not found:
            raise NotPossible(_("Choose at least one employer whose people may sign."), field="employers")
        letter.employers.set(found)
        Letter.objects.filter(pk=letter_id).update(
            for_anyone=choice.for_anyone,
            former_too=choice.former_too,
            takes_email=choice.takes_email,
            takes_reviewed=choice.takes_reviewed,
            counts_email=choice.counts_email,
            counts_reviewed=choice.counts_reviewed,
            takes_organisations=choice.takes_organisations,
            asks_reason=choice.asks_reason,
        )
        freshness.changed()


def limit_evidence(*, directory_id: uuid.UUID, most: int) -> None:
    """Take evidence only while fewer than so many wait. Raises NotPossible."""
    if most < THRESHOLD:
        raise NotPossible(
            _("At least %(least)s: when the intake closes, everybody learns that so many wait.") % {"least": THRESHOLD},
            field="most",
        )
    Directory.objects.filter(pk=directory_id).update(most_evidence=most)


def _check(choice: Choice) -> None:
    if not choice.for_anyone and choice.takes_email:
        raise NotPossible(
            _("A mailbox anywhere proves no employer. For people of some employers, untick it."), field="takes"
        )
    if choice.former_too and (choice.for_anyone or not choice.takes_reviewed):
        raise NotPossible(
            _("Who used to work there has no address there: this takes evidence, and named employers."),
            field="former_too",
        )


def _with_review(letter: Letter, public: bool, sentence: str) -> str:
    if not letter.takes_reviewed:
        return sentence
    if public:
        return sentence + " " + _("Or choose to show a reviewer something else.")
    return sentence + " " + _("Or sign publicly and show a reviewer something else.")


def _has_room(directory_id: uuid.UUID) -> bool:
    waiting = Case.objects.filter(
        kind=Case.Kind.PROOF, state=Case.State.WAITING, signature__letter__directory_id=directory_id
    )
    return waiting.count() < Directory.objects.values_list("most_evidence", flat=True).get(pk=directory_id)
