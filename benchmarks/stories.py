"""What finding candidates for life stories costs while a world lives: time inside it over time of the run.

    python benchmarks/stories.py [PEOPLE]

A year of `rongcheng`, seven times; the median counts. It may take at most 3 % of a step's time.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

from singlestep.engine.world import World
from singlestep.regime.loader import load_regime, load_society

MOST = 0.03
DAYS, ROUNDS = 365, 7


def share(people: int) -> float:
    """Time inside looking for candidates over time of a year's run."""
    society = load_society("coast")
    world = World(society, load_regime("rongcheng", society), people, 1, examples=True)
    spent = 0.0

    def timed(inner: Callable[..., None]) -> Callable[..., None]:
        def call(*arguments: Any) -> None:
            nonlocal spent
            begun = time.perf_counter()
            inner(*arguments)
            spent += time.perf_counter() - begun

        return call

    assert world.examples is not None
    for name in ("letters", "look"):
        setattr(world.examples, name, timed(getattr(world.examples, name)))
    begun = time.perf_counter()
    world.run(DAYS)
    return spent / (time.perf_counter() - begun)


def main(people: int = 20_000) -> None:
    """Print the share; exit with 1 if it is more than it may be."""
    found = statistics.median(share(people) for _ in range(ROUNDS))
    print(f"candidates for stories, {people:,} people: {found:.2%} of a run; at most {MOST:.0%} is allowed")
    sys.exit(found > MOST)


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:2]))
