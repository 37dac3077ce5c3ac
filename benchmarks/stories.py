"""What stories cost while a world lives: the panel that is traced, and the candidates of each kind, over a step's time.

    python benchmarks/stories.py [PEOPLE]

A world of `rongcheng` with both and one with neither live side by side, day by day by turns, many times over; the
same day is the same work each time, so the least time of each day counts. Both together may take at most 3 % of a step.
"""

from __future__ import annotations

import sys
import time
from typing import Any

import numpy as np

from singlestep.engine.world import World
from singlestep.regime.loader import load_regime, load_society
from singlestep.study import panel
from singlestep.study.lives import live_a_day

MOST = 0.03
DAYS, ROUNDS = 200, 25
WAYS = ("neither", "panel", "candidates", "both")


def least_times(people: int) -> dict[str, Any]:
    """Seconds of each day, by what the world keeps; the least of all rounds."""
    society = load_society("coast")
    regime, members = load_regime("rongcheng", society), panel.members(people)
    found = {way: np.full(DAYS, np.inf) for way in WAYS}
    for turn in range(ROUNDS):
        worlds = []
        for way in WAYS:
            traced = members if way in ("panel", "both") else []
            kept = {"trace": traced or None, "examples": way in ("candidates", "both")}
            worlds.append((found[way], World(society, regime, people, 1, **kept), traced))  # type: ignore[arg-type]
        for day in range(DAYS):
            first = (day + turn) % len(worlds)
            for least, world, traced in worlds[first:] + worlds[:first]:
                begun = time.perf_counter()
                live_a_day(world, traced, [])
                least[day] = min(least[day], time.perf_counter() - begun)
    return found


def main(people: int = 20_000) -> None:
    """Print the shares; exit with 1 if both together take more than they may."""
    least = {way: float(times.sum()) for way, times in least_times(people).items()}
    shares = {way: least[way] / least["neither"] - 1 for way in WAYS[1:]}
    print(f"{people:,} people, {1e6 * least['neither'] / DAYS:,.0f} us a step without; besides " + ", ".join(
        f"{way} {share:.1%}" for way, share in shares.items()
    ) + f"; at most {MOST:.0%} is allowed")  # fmt: skip
    sys.exit(shares["both"] > MOST)


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:2]))
