"""The Redis connection for what lives minutes: pending forms, sealing keys, limits, the pulse.

Redis holds nothing that must last. When it is emptied people ask for a new code, and nothing else happens.
"""

from functools import cache

import redis
from django.conf import settings
from redis.backoff import NoBackoff
from redis.retry import Retry


@cache
def memory() -> "redis.Redis":
    """The process's client; commands fail within seconds when the server is gone."""
    return redis.Redis.from_url(settings.REDIS_URL, socket_timeout=5, socket_connect_timeout=3)


@cache
def impatient() -> "redis.Redis":
    """A client that fails at once: for what can do without an answer."""
    return redis.Redis.from_url(
        settings.REDIS_URL, socket_timeout=1, socket_connect_timeout=1, retry=Retry(NoBackoff(), 1)
    )
