"""Signs of life: the schedule and each queue's workers leave the moment in Redis, by Redis's own clock."""

from accounts.kinds import QUEUES
from accounts.shortlived import memory

SCHEDULE = "schedule"
PARTS = (SCHEDULE, *QUEUES)
FRESH = 30.0  # seconds after which silence means that it is gone
_KEPT = 3600

_MARK = """
local now = redis.call('TIME')
redis.call('SET', 'pulse:' .. ARGV[1], now[1] .. '.' .. string.format('%06d', now[2]), 'EX', ARGV[2])
"""
_AGE = """
local moment = redis.call('GET', 'pulse:' .. ARGV[1])
if not moment then return false end
local now = redis.call('TIME')
return tostring(now[1] + now[2] / 1000000 - tonumber(moment))
"""


def mark(part: str) -> None:
    """The schedule, or a worker of this queue, has just done something."""
    memory().register_script(_MARK)(args=[part, _KEPT])


def age(part: str) -> float | None:
    """Seconds since `part` was last alive; None when it never was, or not for an hour."""
    answer = memory().register_script(_AGE)(args=[part])
    return None if answer is None else max(0.0, float(answer))
