"""Public signers who asked for news: from the signature to the subscription, so that nothing joins the two.

An address waits in Redis, sealed under a key of the day, until ten wait for one topic or the day is over. Then all of
them become subscriptions in one transaction that also writes anew, in random order, all who followed before. If Redis
loses them meanwhile, they are lost; nobody is told, and they can follow again.
"""

import json
import logging
import secrets
import uuid
from collections import defaultdict
from datetime import datetime

from redis.exceptions import RedisError

from accounts import sealing
from accounts.shortlived import memory
from letters import broadcasting

log = logging.getLogger(__name__)
_WAITING = "newcomers"
_LIFE = 3 * 86400  # as long as the key, at most
_ENOUGH = 10
_BOUND = "newcomer"


def keep(*, topic: uuid.UUID, address: str) -> None:
    """Let somebody whose mailbox is proved follow the topic in a while."""
    try:
        key_name, key = sealing.days_key()
        sealed = sealing.seal(json.dumps([topic.hex, address]).encode(), key=key, bound_to=_BOUND)
        pipe = memory().pipeline()
        pipe.rpush(_WAITING, key_name.encode() + b"\n" + sealed)
        pipe.expire(_WAITING, _LIFE)
        pipe.execute()
    except RedisError as error:
        log.warning("a newcomer is lost (%s)", type(error).__name__)


def take_all(*, now: datetime, day_is_over: bool = False) -> int:
    """Make followers of all who wait for a topic that ten wait for, or of everybody; answers how many.

    They wait until that is done, so being cut off in the middle loses nobody, and doing it twice changes nothing.
    """
    blocks = [block for block in memory().lrange(_WAITING, 0, -1) if isinstance(block, bytes)]
    waiting: dict[uuid.UUID, dict[bytes, str]] = defaultdict(dict)
    done: list[bytes] = []
    for block in blocks:
        if found := _open(block):
            topic, address = found
            waiting[topic][block] = address
        else:
            done.append(block)
    newcomers: list[tuple[uuid.UUID, str]] = []
    for topic, addresses in waiting.items():
        if day_is_over or len(set(addresses.values())) >= _ENOUGH:
            newcomers += [(topic, address) for address in set(addresses.values())]
            done += addresses
    if newcomers:
        secrets.SystemRandom().shuffle(newcomers)
        broadcasting.take_in(newcomers=newcomers, now=now)
    for block in done:
        memory().lrem(_WAITING, 1, block)  # type: ignore[arg-type]  # the client takes bytes as well
    return len(newcomers)


def _open(block: bytes) -> tuple[uuid.UUID, str] | None:
    key_name, _, sealed = block.partition(b"\n")
    try:
        topic, address = json.loads(sealing.unseal_named(sealed, key_name=key_name.decode(), bound_to=_BOUND))
        return uuid.UUID(topic), str(address)
    except sealing.KeyGone:
        return None
