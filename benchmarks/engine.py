"""The engine against the hand-written loop: `rongcheng` over `coast`, everything on, one thread, taking turns.

    python benchmarks/engine.py [PEOPLE ...]

prints for each population the share of the baseline's speed that the engine reaches (1 would be as fast as a loop that
keeps no truth, no causes and no tallies), nanoseconds a person-day and an occasion, and the mean of candidate occasions.
"""

from __future__ import annotations

import statistics
import sys

from baseline import Baseline
from pairing import alternate
from singlestep.engine.tallies import FLOW
from singlestep.engine.world import World
from singlestep.regime.loader import load_regime, load_society

DAYS = 30  # one settling of each in every turn
TURN_PERSON_DAYS = 30_000_000  # at least, so that a turn does not measure the clock
ROUNDS = 7
SIZES = (10_000, 100_000, 1_000_000, 10_000_000)


def measure(people: int) -> tuple[float, float, float]:
    """Share of the baseline's speed (median of the rounds), ns a person-day, and occasions a person-day."""
    world = World(load_society("coast"), load_regime("rongcheng"), people, 1)
    baseline = Baseline(people, 1)
    days = DAYS * max(1, TURN_PERSON_DAYS // (people * DAYS))
    rounds = ROUNDS if people < 5_000_000 else 3
    pairing = alternate(
        lambda: world.run(days), lambda: baseline.run(days), rounds, names=(f"rongcheng, {people:,}", "baseline")
    )
    nanoseconds = statistics.median(pairing.seconds_a) / people / days * 1e9
    occasions = world.tallies["flow"][FLOW.index("occasions")].sum() / people / world.day
    return 1 / pairing.median, nanoseconds, occasions


def main() -> None:
    """Measure every population asked for."""
    sizes = [int(float(size)) for size in sys.argv[1:]] or SIZES
    for people in sizes:
        share, nanoseconds, occasions = measure(people)
        print(
            f"{people:>12,} people: {share:.3f} of the baseline's speed, {nanoseconds:.1f} ns a person-day, "
            f"{nanoseconds / occasions:.0f} ns an occasion at {occasions:.3f} occasions a person-day"
        )


if __name__ == "__main__":
    main()
