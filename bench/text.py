"""`python -m bench.text`: how long hostile texts of 100 kB keep the renderer busy, in CPU milliseconds."""

import os
import time

os.environ["DJANGO_SETTINGS_MODULE"] = "bench.settings"
MOST = 200


def main() -> int:
    from letters import text
    from tests.letters.bombs import BOMBS

    worst = 0.0
    for name, written in BOMBS.items():
        took = min(_took(text.preview, written) for _ in range(3))
        worst = max(worst, took)
        print(f"{name:24} {took:6.1f} ms")
    print(f"{'the worst':24} {worst:6.1f} ms of {MOST}")
    return worst > MOST


def _took(render, written: str) -> float:
    begun = time.process_time()
    render(written)
    return (time.process_time() - begun) * 1000


if __name__ == "__main__":
    raise SystemExit(main())
