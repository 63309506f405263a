"""What the writing room's pages show: frozen values."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from django.utils.translation import gettext as _

from accounts.models import User
from campaign.models import CampaignLetter, Comment, Membership, SavedText
from campaign.writing import anchors, presence
from campaign.writing.saving import Words
from letters import differences, publishing
from letters.differences import Kind, Piece

PAGE = 50
_AROUND = 160  # characters that are left of a long passage without changes


@dataclass(frozen=True)
class Save:
    """One save in the history."""

    id: int
    author: str
    accepted_by: str
    at: datetime
    revision: int | None
    title: str
    is_draft: bool  # what the draft says now


@dataclass(frozen=True)
class Compared:
    """A save beside the draft as it stands."""

    save: Save
    title: tuple[Piece, ...]
    body: tuple[Piece, ...]
    demands: tuple[Piece, ...]

    @property
    def same(self) -> bool:
        return all(piece.kind == Kind.SAME for piece in (*self.title, *self.body, *self.demands))


@dataclass(frozen=True)
class Thread:
    """A comment, where its passage stands, and what was answered."""

    row: Comment
    number: int
    place: tuple[int, int] | None
    change: tuple[Piece, ...]

    @property
    def is_lost(self) -> bool:
        """Whether an open thread's passage was changed."""
        return self.place is None and self.row.state == Comment.State.OPEN


@dataclass(frozen=True)
class Segment:
    """A run of the text, in some threads' passages or in none; `ends` are the threads whose passage ends with it."""

    text: str
    marked: bool
    ends: tuple[int, ...]


def drafts(campaign_letter: CampaignLetter) -> list[publishing.Saved]:
    """The letter in every language as it stands, the original first."""
    demands = [demand.text for demand in campaign_letter.campaign.demands.order_by("number")]
    return publishing.drafts(letter_id=campaign_letter.letter_id, demands=demands)


def history(
    campaign_letter: CampaignLetter, standing: publishing.Saved, *, before: int | None = None
) -> tuple[list[Save], int | None]:
    """What was saved, newest first, and from where older saves go on.

    Of what somebody kept while writing only the last before the next save is shown, and nothing that became a draft.
    """
    rows = SavedText.objects.filter(campaign_letter=campaign_letter, language=standing.language)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found: list[Save] = []
    newest: set[tuple[int | None, int]] = set()
    for row in rows.select_related("author", "accepted_by").order_by("-pk").iterator(chunk_size=200):
        turn = (row.author_id, row.began_from)
        if row.revision is None and turn in newest:
            continue
        newest.add(turn)
        if len(found) == PAGE:
            return found, found[-1].id
        found.append(_save(row, standing))
    return found, None


def compared(row: SavedText, standing: publishing.Saved) -> Compared:
    """From this save to the draft as it stands now, word by word."""
    return Compared(
        _save(row, standing),
        tuple(differences.changes(row.title, standing.title)),
        tuple(shortened(differences.changes(row.body, standing.body))),
        tuple(differences.changes("\n".join(row.demands), "\n".join(standing.demands))),
    )


def shortened(pieces: Sequence[Piece]) -> list[Piece]:
    """The same, with long passages that did not change cut in the middle."""
    found = []
    for piece in pieces:
        text = piece.text
        if piece.kind == Kind.SAME and len(text) > 3 * _AROUND:
            text = f"{text[:_AROUND]} … {text[-_AROUND:]}"
        found.append(Piece(piece.kind, text))
    return found


def unsaved(campaign_letter: CampaignLetter, standing: publishing.Saved, user: User) -> SavedText | None:
    """What this member wrote last, where it never became the draft and says something else."""
    rows = SavedText.objects.filter(campaign_letter=campaign_letter, language=standing.language, author=user)
    last = rows.order_by("-pk").first()
    return last if last and last.revision is None and Words.of(last) != Words.of(standing) else None


def threads(campaign_letter: CampaignLetter, standing: publishing.Saved) -> list[Thread]:
    """The open threads in the order of the text, then those whose passage was changed, then the settled ones."""
    rows = Comment.objects.filter(campaign_letter=campaign_letter, language=standing.language)
    found = []
    for row in rows.select_related("author", "settled_by").prefetch_related("replies__author").order_by("pk"):
        anchor = anchors.Anchor(row.quote, row.before, row.after, row.position)
        is_open = row.state == Comment.State.OPEN
        change = differences.changes(row.quote, row.replacement) if row.replacement is not None else []
        found.append((row, anchors.found(standing.body, anchor) if is_open else None, tuple(change)))
    found.sort(key=lambda one: (one[0].state != Comment.State.OPEN, one[1] is None, one[1] or (0, 0), one[0].pk))
    return [Thread(row, number, place, change) for number, (row, place, change) in enumerate(found, 1)]


def segments(body: str, found: Sequence[Thread]) -> list[Segment]:
    """The text cut where passages begin and end."""
    open_ones = [(thread.number, *thread.place) for thread in found if thread.place]
    cuts = sorted({0, len(body), *(cut for _number, start, end in open_ones for cut in (start, end))})
    return [
        Segment(
            body[start:end],
            any(begin <= start and end <= finish for _number, begin, finish in open_ones),
            tuple(number for number, _begin, finish in open_ones if finish == end),
        )
        for start, end in pairwise(cuts)
    ]


def open_threads(campaign_letter: CampaignLetter, drafts: Sequence[publishing.Saved]) -> int:
    """How many comments wait for somebody, in the languages that there are."""
    rows = Comment.objects.filter(campaign_letter=campaign_letter, state=Comment.State.OPEN)
    return rows.filter(language__in=[one.language for one in drafts]).count()


def company(campaign_letter: CampaignLetter, there: presence.Present, user: User) -> tuple[str, bool]:
    """Who else is at the text, in a sentence, and whether somebody else has the turn to write."""
    wanted = {*there.others, *([there.writer] if there.writer else [])} - {user.pk}
    members = Membership.objects.filter(team__campaigns=campaign_letter.campaign_id, user__in=wanted)
    names = {member.user_id: str(member.user) for member in members.select_related("user")}
    others = [name for pk, name in sorted(names.items()) if pk != there.writer]
    parts = []
    writer = names.get(there.writer or 0)
    if writer:
        parts.append(_("%(name)s is editing.") % {"name": writer})
    if others:
        parts.append(_("Also here: %(names)s.") % {"names": ", ".join(others)})
    return " ".join(parts), writer is not None


def _save(row: SavedText, standing: publishing.Saved) -> Save:
    return Save(
        id=row.pk,
        author=str(row.author) if row.author else "",
        accepted_by=str(row.accepted_by) if row.accepted_by else "",
        at=row.saved_at,
        revision=row.revision,
        title=row.title,
        is_draft=row.revision == standing.revision,
    )
