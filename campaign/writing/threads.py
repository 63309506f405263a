"""For whom a thread waits: somebody spoke in it before, and somebody else spoke last."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef

from campaign.models import Comment, CommentReply


@dataclass(frozen=True)
class Unheard:
    """What others said in an open thread after a member's own last word there."""

    comment_id: int
    user_id: int
    said_at: tuple[datetime, ...]


def unheard(campaign_letter_id: int) -> list[Unheard]:
    """All that waits to be heard in the open threads of a letter, for each member who is in one."""
    answered = Exists(CommentReply.objects.filter(comment=OuterRef("pk")))
    threads = Comment.objects.filter(answered, campaign_letter=campaign_letter_id, state=Comment.State.OPEN)
    found = []
    for thread in threads.prefetch_related("replies").order_by("pk"):
        replies = sorted(thread.replies.all(), key=lambda reply: (reply.said_at, reply.pk))
        said = [(thread.author_id, thread.said_at), *((reply.author_id, reply.said_at) for reply in replies)]
        found += [Unheard(thread.pk, user_id, later) for user_id in _people(said) if (later := _later(said, user_id))]
    return found


def _people(said: Iterable[tuple[int | None, datetime]]) -> list[int]:
    return list(dict.fromkeys(user_id for user_id, _at in said if user_id is not None))


def _later(said: list[tuple[int | None, datetime]], user_id: int) -> tuple[datetime, ...]:
    last = max(place for place, (who, _at) in enumerate(said) if who == user_id)
    return tuple(at for _who, at in said[last + 1 :])
