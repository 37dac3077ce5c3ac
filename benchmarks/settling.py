"""A day on which everybody settles (five near ties and a far one, as in `coast`) against an ordinary day of `rongcheng`.

    python benchmarks/settling.py [PEOPLE] [--months M]

Each first of a month is held against the median of the five days before and the five after. A settling day is an ordinary one
besides: the ratio is of the whole day, by processor time.
"""

from __future__ import annotations

import argparse
import statistics

from engine import cost, rongcheng
from pairing import worked

PEOPLE = 1_000_000
MONTHS = 6
AROUND = 5  # days


def main() -> None:
    """Print a line for each month, and the median."""
    asked = argparse.ArgumentParser(description="Settling against an ordinary day")
    asked.add_argument("people", nargs="?", type=float, default=PEOPLE)
    asked.add_argument("--months", type=int, default=MONTHS)
    given = asked.parse_args()
    world = rongcheng(int(given.people))
    world.run(32)
    took: list[float] = []
    settled: list[int] = []
    while len(settled) < given.months or len(took) <= settled[-1] + AROUND:
        if world.settles_today():
            settled.append(len(took))
        took.append(worked(world.step))
    ratios, ordinary_days = [], []
    for day in settled[: given.months]:
        ordinary = statistics.median([*took[day - AROUND : day], *took[day + 1 : day + 1 + AROUND]])
        ratios.append(took[day] / ordinary)
        ordinary_days.append(ordinary / world.people * 1e9)
        each = f"{took[day] / world.people * 1e9:.0f} ns a person, an ordinary one {ordinary / world.people * 1e9:.0f}"
        print(f"a day of settling takes {each}: {ratios[-1]:.2f} times as long", flush=True)
    spread = f"median {statistics.median(ratios):.2f}, least {min(ratios):.2f}, most {max(ratios):.2f}"
    print(f"an ordinary day: {cost(world, statistics.median(ordinary_days))}")
    print(f"{world.people:,} people, settling over an ordinary day: {spread}")


if __name__ == "__main__":
    main()
