"""`make faults`: the full ordeal, and the table of what became of the mail. Takes about five minutes.

With `web` it is the web workers that are killed, under people who sign.
"""

import dataclasses
import sys
import tempfile
from pathlib import Path

from tests.faults import siege
from tests.faults.ordeal import FULL, ROLLING, SMALL, undergo
from tests.journeys.campaigns import open_letter
from tests.journeys.site import start, stop

_NAMED = {"small": SMALL, "rolling": ROLLING}


def main(arguments: list[str]) -> int:
    """The full plan, or the one that is named; a number is the seed. Answers whether a promise broke."""
    if "web" in arguments:
        return _web(next((int(word) for word in arguments if word.isdigit()), 0))
    plan = next((plan for name, plan in _NAMED.items() if name in arguments), FULL)
    seed = next((int(word) for word in arguments if word.isdigit()), 0)
    with tempfile.TemporaryDirectory(prefix="undersigned-faults-") as folder:
        Path(folder).chmod(0o711)
        outcome = undergo(
            dataclasses.replace(plan, seed=seed), folder=Path(folder), say=lambda text: print(text, flush=True)
        )
    print(f"\n{outcome.table()}\n")
    for promise in (broken := outcome.broken()):
        print(f"BROKEN: {promise}")
    return bool(broken)


def _web(seed: int) -> int:
    with tempfile.TemporaryDirectory(prefix="undersigned-faults-") as folder:
        Path(folder).chmod(0o711)
        site = start(Path(folder))
        try:
            outcome = siege.lay(open_letter(site), dataclasses.replace(siege.FULL, seed=seed))
        finally:
            stop(site)
    print(outcome.table())
    for promise in (broken := outcome.broken()):
        print(f"BROKEN: {promise}")
    return bool(broken)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
