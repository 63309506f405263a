"""Public signers who asked for news: from the signature to the subscription, so that nothing joins the two.

An address waits in Redis for some minutes, sealed under a brief key. Then all that wait become subscriptions in one
transaction and in random order. If Redis loses them before, they are lost; nobody is told, and they can follow again.
"""

import json
import logging
import secrets
import uuid
from datetime import datetime

from redis.exceptions import RedisError, ResponseError

from accounts import sealing
from accounts.shortlived import memory
from letters import broadcasting

log = logging.getLogger(__name__)
_WAITING = "newcomers"
_LIFE = 45 * 60
_BOUND = "newcomer"


def keep(*, topic: uuid.UUID, address: str) -> None:
    """Let somebody whose mailbox is proved follow the topic in a while."""
    try:
        key_name, key = sealing.brief_key()
        sealed = sealing.seal(json.dumps([topic.hex, address]).encode(), key=key, bound_to=_BOUND)
        pipe = memory().pipeline()
        pipe.rpush(_WAITING, key_name.encode() + b"\n" + sealed)
        pipe.expire(_WAITING, _LIFE)
        pipe.execute()
    except RedisError as error:
        log.warning("a newcomer is lost (%s)", type(error).__name__)


def take_all(*, now: datetime) -> int:
    """Make followers of all who wait; answers how many there were."""
    taken = f"{_WAITING}:{secrets.token_hex(8)}"
    try:
        memory().rename(_WAITING, taken)
    except ResponseError:
        return 0  # nobody waits
    blocks = [block for block in memory().lrange(taken, 0, -1) if isinstance(block, bytes)]
    newcomers = [found for block in blocks if (found := _open(block))]
    secrets.SystemRandom().shuffle(newcomers)
    try:
        broadcasting.take_in(newcomers=newcomers, now=now)
    except Exception:
        memory().rpush(_WAITING, *blocks)
        memory().expire(_WAITING, _LIFE)
        raise
    finally:
        memory().delete(taken)
    return len(newcomers)


def _open(block: bytes) -> tuple[uuid.UUID, str] | None:
    key_name, _, sealed = block.partition(b"\n")
    try:
        topic, address = json.loads(sealing.unseal_named(sealed, key_name=key_name.decode(), bound_to=_BOUND))
        return uuid.UUID(topic), str(address)
    except sealing.KeyGone:
        return None
