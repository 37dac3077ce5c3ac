"""Seconds from starting Python to the end of a first step, and seconds of compiling on a first run.

    python benchmarks/start.py [--compile]

The first step is that of ten thousand people under `rongcheng`, in a process of its own, with everything compiled
beforehand. With `--compile` a month is lived once more with an empty cache.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile

from pairing import seconds

STARTS = 5
LIVE = """
from singlestep.engine.world import World
from singlestep.regime.loader import load_regime, load_society
society = load_society("coast")
World(society, load_regime("rongcheng", society), 10_000, 1).run({days})
"""


def start(days: int, environment: dict[str, str]) -> tuple[float, float]:
    """Seconds that a process takes to live so many days, by the clock and of processor."""
    command = [sys.executable, "-c", LIVE.format(days=days)]
    before = os.times()
    took = seconds(lambda: subprocess.run(command, check=True, env=environment))
    after = os.times()
    return took, after.children_user + after.children_system - before.children_user - before.children_system


def main() -> None:
    """Print the times."""
    asked = argparse.ArgumentParser(description="From starting to the first step")
    asked.add_argument("--compile", action="store_true", help="compile everything once more, in an empty cache")
    given = asked.parse_args()
    usual = dict(os.environ)
    start(33, usual)  # compile
    took, worked = zip(*(start(1, usual) for _ in range(STARTS)), strict=True)
    told = f"median {statistics.median(took):.2f} s, least {min(took):.2f}; of processor {statistics.median(worked):.2f}"
    print(f"start to the end of the first step: {told}", flush=True)
    if given.compile:
        with tempfile.TemporaryDirectory() as folder:
            for what in ("compiled anew", "the same once compiled"):
                clock, processor = start(33, {**usual, "XDG_CACHE_HOME": folder})
                print(f"a month, {what}: {clock:.1f} s, of processor {processor:.1f}", flush=True)


if __name__ == "__main__":
    main()
