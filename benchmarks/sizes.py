"""Cost of a person-day in a large population against a small one, and memory at the peak over that of the state alone.

    python benchmarks/sizes.py LARGE [SMALL] [--days D]

Both live the same first days, the small one in up to ten worlds of other seeds, in turns of half of the days each, by
processor time; everything is compiled beforehand. The peak is of the whole process, with letters and counters.
"""

from __future__ import annotations

import argparse
import resource
import sys

from engine import rongcheng
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
    large_people, small_people, half = int(given.large), int(given.small), given.days // 2
    rongcheng(4096).run(33)  # compile
    society = load_society("coast")
    regime = load_regime("rongcheng", society)
    smalls = [World(society, regime, small_people, seed) for seed in range(min(10, large_people // small_people))]
    large = rongcheng(large_people)
    took = [0.0, 0.0]
    for _ in range(2):
        for world in smalls:
            took[0] += worked(lambda world=world: world.run(half)) / len(smalls) / small_people  # type: ignore[misc]
        took[1] += worked(lambda: large.run(half)) / large_people
    small, big = (1e9 * t / 2 / half for t in took)
    state = large.bytes_a_person * large_people
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * KILOBYTES
    print(f"{small_people:,} people: {small:.1f} ns a person-day; {large_people:,}: {big:.1f}; ratio {big / small:.2f}")
    print(f"state {state / 1e9:.2f} GB; peak of the process {peak / 1e9:.2f} GB; {large.under_way:,} letters under way")


if __name__ == "__main__":
    main()
