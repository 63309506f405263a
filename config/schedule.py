"""Beat as we need it: a queue that nobody empties gets no pile of the same task, and a clock may be put back.

Tasks carry no time to live instead: Celery would compare that with the worker's own clock, and a worker whose
clock is a day ahead would throw every task away.
"""

from datetime import timedelta
from typing import Any

from celery.beat import PersistentScheduler
from redis.exceptions import RedisError

from accounts import pulse
from accounts.shortlived import impatient

_ENOUGH = 2  # of one task waiting in its queue
_LOOKED_AT = 100  # of the queue's newest messages
_HAIR = timedelta(seconds=5)


class Scheduler(PersistentScheduler):
    """Sends what is due unless it waits already; says that it lives."""

    def tick(self, *args: Any, **kwargs: Any) -> float:
        """One step of beat."""
        self._heed_the_clock()
        try:
            pulse.mark(pulse.SCHEDULE)
        except RedisError:
            self.logger.warning("beat: Redis does not answer")
        return float(super().tick(*args, **kwargs))

    def apply_entry(self, entry: Any, producer: Any = None) -> None:
        """Send this one, unless it waits already."""
        if waiting(task=entry.task, queue=entry.options.get("queue", "")) < _ENOUGH:
            super().apply_entry(entry, producer=producer)

    def _heed_the_clock(self) -> None:
        """What ran last in the future did so before the clock was put back; it would stand still until then."""
        entries: list[Any] = list(self.schedule.values())
        early = [entry for entry in entries if entry.last_run_at > entry.default_now() + _HAIR]
        for entry in early:
            entry.last_run_at = entry.default_now()
        if early:
            self._heap = None


def waiting(*, task: str, queue: str) -> int:
    """How often this task is among the newest messages of its queue."""
    try:
        newest: Any = impatient().lrange(queue, 0, _LOOKED_AT - 1)
    except RedisError:
        return 0
    named = f'"{task}"'.encode()
    return sum(named in message for message in newest)
