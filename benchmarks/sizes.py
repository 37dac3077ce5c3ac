"""Cost of a person-day in a large population against a small one, and memory at the peak over that of the state alone.

    python benchmarks/sizes.py LARGE [SMALL] [--days D]

Both live the same first days, in turns: after each day of the large one a small one of another seed lives all of them. By
processor time; everything is compiled beforehand. The peak is of the whole process, with letters, counters and a small world.
"""

from __future__ import annotations

import argparse
import gc
import resource
import sys

from engine import cost, rongcheng
from pairing import worked
from singlestep.engine.world import World
from singlestep.regime.loader import load_regime, load_society

SMALL = 1_000_000
DAYS = 10
KILOBYTES = 1 if sys.platform == "darwin" else 1024  # of ru_maxrss


def main() -> None:
    """Print both costs, their ratio, and memory."""
    asked = argparse.ArgumentParser(description="Large populations against small ones")
    asked.add_argument("large", type=float)
    asked.add_argument("small", nargs="?", type=float, default=SMALL)
    asked.add_argument("--days", type=int, default=DAYS)
    given = asked.parse_args()
    large_people, small_people, days = int(given.large), int(given.small), given.days
    rongcheng(4096).run(33)  # compile
    society = load_society("coast")
    regime = load_regime("rongcheng", society)
    large, took, small_took = rongcheng(large_people), 0.0, 0.0
    for seed in range(days):
        took += worked(lambda: large.run(1))
        small = World(society, regime, small_people, seed)
        small_took += worked(lambda world=small: world.run(days))  # type: ignore[misc]
        del small
        gc.collect()
    big, little = 1e9 * took / days / large_people, 1e9 * small_took / days**2 / small_people
    state = large.bytes_a_person * large_people
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * KILOBYTES
    print(f"{small_people:,} people: {little:.1f} ns a person-day")
    print(f"{large_people:,} people: {cost(large, big)}; ratio {big / little:.2f}")
    told = f"peak of the process {peak / 1e9:.2f} GB, {peak / state:.2f} x"
    print(f"state {state / 1e9:.2f} GB; {told}; {large.under_way:,} letters under way")


if __name__ == "__main__":
    main()
