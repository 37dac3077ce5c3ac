"""The engine against the hand-written loop, one thread, taking turns: `rongcheng` over `coast` with everything on, or the
reference workload itself in the public file language.

    python benchmarks/engine.py [PEOPLE ...] [--workload]

prints for each population the share of the baseline's speed that the engine reaches (1 would be as fast as a loop that
keeps no truth, no causes and no tallies), nanoseconds a person-day and an occasion, and the mean of candidate occasions.
"""

from __future__ import annotations

import argparse
import statistics
from collections.abc import Callable
from pathlib import Path

from baseline import Baseline
from pairing import alternate
from singlestep.engine.tallies import FLOW
from singlestep.engine.world import World
from singlestep.regime.loader import load_regime, load_society

WORKLOAD = Path(__file__).parent / "workload"
DAYS = 30  # one settling of each in every turn
TURN_PERSON_DAYS = 30_000_000  # at least, so that a turn does not measure the clock
ROUNDS = 7
SIZES = (10_000, 100_000, 1_000_000, 10_000_000)


def rongcheng(people: int, threads: int = 1) -> World:
    """The world of most of the benchmarks."""
    society = load_society("coast")
    return World(society, load_regime("rongcheng", society), people, 1, threads)


def reference_workload(people: int) -> World:
    """The reference workload in the public file language."""
    society = load_society(WORKLOAD / "society.yaml")
    return World(society, load_regime(WORKLOAD / "regime.yaml", society), people, 1)


def occasions(world: World) -> float:
    """Candidate occasions so far, each person and day."""
    return float(world.tallies["flow"][FLOW.index("occasions")].sum() / world.people / world.day)


def cost(world: World, nanoseconds: float) -> str:
    """What a person-day of this world takes, and an occasion of it, in words."""
    met = occasions(world)
    each = f"{nanoseconds / met:.0f} ns an occasion at {met:.3f} candidate occasions a person-day"
    return f"{nanoseconds:.1f} ns a person-day, {each}"


def measure(people: int, make: Callable[[int], World], rounds: int) -> tuple[float, str]:
    """Share of the baseline's speed (median of the rounds), and what a person-day takes."""
    world, baseline = make(people), Baseline(people, 1)
    days = DAYS * max(1, TURN_PERSON_DAYS // (people * DAYS))
    names = make.__name__.replace("_", " "), "baseline"
    pairing = alternate(lambda: world.run(days), lambda: baseline.run(days), rounds, names=names)
    nanoseconds = statistics.median(pairing.seconds_a) / people / days * 1e9
    return 1 / pairing.median, cost(world, nanoseconds)


def main() -> None:
    """Measure every population asked for."""
    asked = argparse.ArgumentParser(description="The engine against the hand-written loop")
    asked.add_argument("people", nargs="*", type=float, default=SIZES)
    asked.add_argument("--workload", action="store_true", help="the reference workload instead of rongcheng")
    asked.add_argument("--rounds", type=int, default=ROUNDS)
    given = asked.parse_args()
    for people in map(int, given.people):
        make = reference_workload if given.workload else rongcheng
        share, takes = measure(people, make, given.rounds)
        print(f"{people:>12,} people: {share:.3f} of the baseline's speed, {takes}", flush=True)


if __name__ == "__main__":
    main()
