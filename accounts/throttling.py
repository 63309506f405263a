"""Limits that remember no address and no IP: counters under a day's random key that Redis forgets."""

import hmac
import ipaddress
import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest

from accounts.shortlived import memory

_DAY = 86400


@dataclass(frozen=True, kw_only=True)
class Limit:
    """So many for one subject in so many seconds; the window is fixed from the first count."""

    scope: str
    subject: str
    most: int
    seconds: int


def within(*, scope: str, subject: str, most: int, seconds: int) -> bool:
    """Count one more for `subject` and say whether that is still within `most` in so many seconds."""
    return take(Limit(scope=scope, subject=subject, most=most, seconds=seconds))


def take(limit: Limit) -> bool:
    """Count one more and say whether that is still within the limit.

    The subject never reaches Redis, only its HMAC under the day's key.
    """
    counter = _counter(limit, _day_key())
    pipe = memory().pipeline()
    pipe.incr(counter)
    pipe.expire(counter, limit.seconds)
    count, _ = pipe.execute()
    return int(count) <= limit.most


def counted(limit: Limit) -> int:
    """How many were counted in the window that runs now; counts nothing itself."""
    count = memory().get(_counter(limit, _day_key()))
    return int(count) if isinstance(count, bytes) else 0


def network_of(request: HttpRequest) -> str:
    """The caller's network, /24 or /56: the most that we ever look at, and only to count."""
    raw = caller_ip(request)
    try:
        ip = ipaddress.ip_address(raw)
    except ValueError:
        return "unknown"
    return str(ipaddress.ip_network(f"{ip}/{24 if ip.version == 4 else 56}", strict=False))


def veiled_network_of(request: HttpRequest) -> str:
    """A stand-in for the caller's IP that means nothing outside today (for libraries that insist on one)."""
    digest = hmac.digest(_day_key(), network_of(request).encode(), "sha256")
    return str(ipaddress.IPv6Address(b"\xfd" + digest[:15]))


def caller_ip(request: HttpRequest) -> str:
    """The address that the outermost trusted proxy saw; never the first X-Forwarded-For entry: anybody may write it."""
    if settings.TRUSTED_PROXIES:
        hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",") if hop.strip()]
        if len(hops) >= settings.TRUSTED_PROXIES:
            return hops[-settings.TRUSTED_PROXIES]
    return str(request.META.get("REMOTE_ADDR", ""))


def veiled(subject: str, *, key: bytes) -> str:
    """A stand-in for `subject` that means nothing without the day's key."""
    return hmac.digest(key, subject.encode(), "sha256").hex()[:32]


def key_of_day(name: str, day: int, *, seconds: int) -> bytes:
    """The random key of this name and day (since 1970), made on first use and forgotten so many seconds later."""
    pipe = memory().pipeline()
    pipe.set(f"{name}:{day}", secrets.token_bytes(32), ex=seconds, nx=True)
    pipe.get(f"{name}:{day}")
    _, key = pipe.execute()
    return key if isinstance(key, bytes) else b""


def keys_of_days(name: str, days: Sequence[int]) -> dict[int, bytes]:
    """The keys that there are of these days; makes none."""
    found = memory().mget([f"{name}:{day}" for day in days])
    return {day: key for day, key in zip(days, found, strict=True) if isinstance(key, bytes)}


def _counter(limit: Limit, key: bytes) -> str:
    slot = int(time.time()) // limit.seconds
    return f"limit:{limit.scope}:{slot}:" + veiled(f"{limit.scope}\0{limit.subject}", key=key)


def _day_key() -> bytes:
    return key_of_day("daykey", int(time.time()) // _DAY, seconds=_DAY)
