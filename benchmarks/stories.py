"""What stories cost while a world lives: the panel that is traced, and the candidates of each kind, over a step's time.

    python benchmarks/stories.py [PEOPLE]

A world of `rongcheng`, followed as in every run, lives again and again; on each day it keeps one or the other, both or
neither, by turns. The same day is the same work in every life, so the least time of each day and way counts; of what a way
adds, the median over days, and over those on which everyone settles. Both together may take at most 3 % of a step.
"""

from __future__ import annotations

import sys
import time

import numpy as np
from numpy.typing import NDArray

from singlestep.engine.calendar import is_first_of_month
from singlestep.engine.rows import new_told
from singlestep.engine.world import World
from singlestep.regime.loader import load_regime, load_society
from singlestep.study import panel
from singlestep.study.lives import live_a_day

MOST = 0.03
DAYS, LIVES = 182, 60
WAYS = ("neither", "panel", "candidates", "both")


class Switched:
    """A world that can trace its panel, and look for candidates, or not."""

    def __init__(self, world: World, members: list[int]) -> None:
        self.world, self.members, self.examples = world, members, world.examples
        self.rooms = [block.trace.told for block in world.blocks]

    def live(self, way: str) -> float:
        """Seconds that a day takes in this way."""
        traces = way in ("panel", "both")
        self.world.examples = self.examples if way in ("candidates", "both") else None
        for place, block in enumerate(self.world.blocks):
            block.trace.on, block.trace.told = traces, self.rooms[place] if traces else new_told(0)
        begun = time.perf_counter()
        live_a_day(self.world, self.members if traces else [], [])
        spent = time.perf_counter() - begun
        if traces:
            self.rooms = [block.trace.told for block in self.world.blocks]
        return spent


def least_times(people: int) -> dict[str, NDArray[np.float64]]:
    """Seconds of each day by what is kept, the least of all lives."""
    society = load_society("coast")
    regime, members = load_regime("rongcheng", society), panel.members(people)
    found = {way: np.full(DAYS, np.inf) for way in WAYS}
    for life in range(LIVES):
        world = Switched(World(society, regime, people, 1, trace=members, examples=True, follow=True), members)
        for day in range(DAYS):
            way = WAYS[(day + life) % len(WAYS)]
            found[way][day] = min(found[way][day], world.live(way))
    return found


def share(least: NDArray[np.float64], neither: NDArray[np.float64]) -> float:
    """What a way adds to the time of all days."""
    settling = np.array([day > 0 and is_first_of_month(day) for day in range(DAYS)])
    added = sum(float(np.median((least - neither)[days])) * int(days.sum()) for days in (settling, ~settling))
    return added / float(neither.sum())


def main(people: int = 20_000) -> None:
    """Print the shares; exit with 1 if both together take more than they may."""
    least = least_times(people)
    shares = {way: share(least[way], least["neither"]) for way in WAYS[1:]}
    told = ", ".join(f"{way} {part:.1%}" for way, part in shares.items())
    step = 1e6 * float(least["neither"].mean())
    print(f"{people:,} people, {step:,.0f} us a step with neither; besides: {told}; at most {MOST:.0%} is allowed")
    sys.exit(shares["both"] > MOST)


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:2]))
