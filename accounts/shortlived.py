"""The Redis connection for what lives minutes: pending forms, sealing keys, limits, the pulse.

Redis holds nothing that must last. When it is emptied people ask for a new code, and nothing else happens.
"""

from functools import cache

import redis
from django.conf import settings


@cache
def memory() -> "redis.Redis":
    """The process's client; commands fail within seconds when the server is gone."""
    return redis.Redis.from_url(settings.REDIS_URL, socket_timeout=5, socket_connect_timeout=3)
