"""Who is at a text just now: what the open pages of writers say every twenty seconds, forgotten after a minute."""

from dataclasses import dataclass
from typing import Any

from redis.exceptions import RedisError

from accounts.shortlived import impatient

_SECONDS = 60


@dataclass(frozen=True)
class Present:
    """Who else is at the text, and whose turn to write it is; both as members' numbers."""

    others: tuple[int, ...] = ()
    writer: int | None = None


def here(*, text: str, user: int, seconds: float, writes: bool = False, takes_over: bool = False) -> Present:
    """Say that somebody is at the text at this moment.

    Whoever begins to write first has the turn until she leaves or somebody takes over. A turn locks nothing: it tells
    the others to wait or to speak up.
    """
    try:
        memory: Any = impatient()
        memory.zadd(_room(text), {str(user): seconds})
        memory.expire(_room(text), 2 * _SECONDS)
        if takes_over:
            memory.set(_turn(text), user, ex=_SECONDS)
        elif writes and not memory.set(_turn(text), user, ex=_SECONDS, nx=True):
            _stay(memory, text, user)
    except RedisError:
        return Present()
    return look(text=text, user=user, seconds=seconds)


def look(*, text: str, user: int, seconds: float) -> Present:
    """Who else is there, without being counted oneself."""
    try:
        memory: Any = impatient()
        there = [int(member) for member in memory.zrangebyscore(_room(text), seconds - _SECONDS, "+inf")]
        writer = memory.get(_turn(text))
    except RedisError:
        return Present()
    return Present(tuple(one for one in there if one != user), int(writer) if writer else None)


def _stay(memory: Any, text: str, user: int) -> None:
    if memory.get(_turn(text)) == str(user).encode():
        memory.expire(_turn(text), _SECONDS)


def _room(text: str) -> str:
    return f"writing/{text}/here"


def _turn(text: str) -> str:
    return f"writing/{text}/turn"
