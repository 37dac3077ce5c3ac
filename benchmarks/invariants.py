"""What the always-on laws cost: the same run with `World.check_laws` and without it, taking turns.

The laws are checked at every settling and at the end. They may take at most 2 % of a run; the direct share (time inside
`check_laws` over time of the run) is told beside the ratio, since on a busy machine a ratio moves by more than that.
"""

from __future__ import annotations

import sys
import time

from pairing import alternate
from singlestep.engine.world import World
from singlestep.regime.loader import load_regime, load_society

MOST = 0.02
DAYS = 365


class Unchecked(World):
    """A world that never checks its laws."""

    def check_laws(self) -> None:
        """Nothing."""


class Timed(World):
    """A world that knows how long its checks took, in seconds."""

    checking = 0.0

    def check_laws(self) -> None:
        """The laws, with a clock running."""
        start = time.perf_counter()
        super().check_laws()
        self.checking += time.perf_counter() - start


def share(people: int, name: str) -> float:
    """Time inside the checks over time of a year's run."""
    society = load_society("coast")
    world = Timed(society, load_regime(name, society), people, seed=1)
    start = time.perf_counter()
    world.run(DAYS)
    world.finish()
    return world.checking / (time.perf_counter() - start)


def main(people: int = 100_000, name: str = "rongcheng", rounds: int = 5) -> None:
    """Print the ratio of checked to unchecked runs and the direct share; exit with 1 if the share is above 2 %."""
    society = load_society("coast")
    regime = load_regime(name, society)

    def year(kind: type[World]) -> None:
        world = kind(society, regime, people, seed=1)
        world.run(DAYS)
        world.finish()

    alternate(lambda: year(World), lambda: year(Unchecked), rounds, names=("checked", "unchecked"))
    part = share(people, name)
    print(f"{people:,} people under {name}, {DAYS} days: {100 * part:.2f} % of the run inside the checks (at most 2 %)")
    sys.exit(part > MOST)


if __name__ == "__main__":
    main(int(float(sys.argv[1].replace("_", ""))) if len(sys.argv) > 1 else 100_000)
