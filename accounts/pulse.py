"""Signs of life: beat sends a task every few seconds, the worker that runs it leaves the moment in Redis."""

import time

from accounts.shortlived import memory

QUEUES = ("codes", "mail")
FRESH = 30.0  # seconds after which silence means that beat or the worker is gone


def mark(queue: str) -> None:
    """This queue's worker has just run what beat planned."""
    memory().set(f"pulse:{queue}", time.time(), ex=3600)


def age(queue: str) -> float | None:
    """Seconds since `queue` was last alive; None when it never was."""
    moment = memory().get(f"pulse:{queue}")
    return None if moment is None else max(0.0, time.time() - float(moment))
