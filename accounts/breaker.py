"""The breaker: a relay that fails five times in a row is left alone for a while, then tried by one sender.

Its state lies in Redis and ends by itself, by Redis's clock. An empty Redis, or none, is a closed breaker.
"""

import logging
from collections.abc import Callable
from typing import Literal

from redis.exceptions import RedisError

from accounts.shortlived import impatient

log = logging.getLogger(__name__)

FAILURES = 5
FIRST_PAUSE, LONGEST_PAUSE = 5, 60  # seconds
_MEMORY = 600  # seconds in which failures count as in a row
_TRIAL = 120  # seconds that a trial may take before somebody else tries; longer than any sending

_MAY_SEND = """
if redis.call('EXISTS', 'breaker:open') == 1 then return 0 end
if tonumber(redis.call('GET', 'breaker:failures') or '0') < tonumber(ARGV[1]) then return 1 end
return redis.call('SET', 'breaker:trial', 1, 'EX', ARGV[2], 'NX') and 1 or 0
"""
_FAILED = """
if redis.call('EXISTS', 'breaker:open') == 1 then return 0 end
local failures = redis.call('INCR', 'breaker:failures')
redis.call('EXPIRE', 'breaker:failures', ARGV[2])
redis.call('DEL', 'breaker:trial')
local over = failures - tonumber(ARGV[1])
if over < 0 then return 0 end
local pause = math.min(tonumber(ARGV[4]), tonumber(ARGV[3]) * 2 ^ math.min(over, 10))
redis.call('SET', 'breaker:open', 1, 'EX', math.floor(pause))
return math.floor(pause)
"""


def may_send() -> bool:
    """Whether to send now. While the relay is on trial only one sender may; it tells how that went, or `not_tried`."""
    return bool(_ask(lambda: impatient().register_script(_MAY_SEND)(args=[FAILURES, _TRIAL]), otherwise=1))


def failed() -> None:
    """The relay failed once more."""
    arguments = [FAILURES, _MEMORY, FIRST_PAUSE, LONGEST_PAUSE]
    if pause := _ask(lambda: impatient().register_script(_FAILED)(args=arguments), otherwise=0):
        log.warning("the relay keeps failing: nothing is sent for %s s", pause)


def answered() -> None:
    """The relay does its work."""
    _ask(lambda: impatient().delete("breaker:failures", "breaker:open", "breaker:trial"), otherwise=0)


def not_tried() -> None:
    """There was nothing to try the relay with."""
    _ask(lambda: impatient().delete("breaker:trial"), otherwise=0)


def state() -> Literal["closed", "open", "on trial"]:
    """For people."""
    if _ask(lambda: impatient().exists("breaker:open"), otherwise=0):
        return "open"
    failures = _ask(lambda: int(impatient().get("breaker:failures") or 0), otherwise=0)
    return "on trial" if failures >= FAILURES else "closed"


def _ask(question: Callable[[], object], *, otherwise: int) -> int:
    try:
        answer = question()
    except RedisError:
        return otherwise
    return answer if isinstance(answer, int) else otherwise
