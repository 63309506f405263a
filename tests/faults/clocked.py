"""Celery on a machine whose clock is wrong: `python -m tests.faults.clocked DAYS ARGUMENTS OF CELERY …`."""

import sys
from datetime import UTC, datetime, timedelta

import time_machine
from celery.__main__ import main

if __name__ == "__main__":
    days = float(sys.argv.pop(1))
    sys.argv[0] = "celery"
    time_machine.travel(datetime.now(UTC) + timedelta(days=days), tick=True).start()
    main()
