"""What a second core brings, and what a neighbour that keeps it busy takes.

    python benchmarks/cores.py [PEOPLE] [--days D] [--rounds R]

First `rongcheng` with one thread and with two, over the same ratio for a loop of nothing but arithmetic, all taking turns:
a machine whose two cores share something gives neither the double. Then one thread alone and beside a process that only
counts, each tied to a core of its own where the system can do that.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import statistics
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.synchronize import Event

import numpy as np
from numba import njit

from engine import cost, rongcheng
from pairing import seconds
from singlestep.engine.world import World

PEOPLE = 10_000_000
DAYS = 30  # a turn, with a settling in most of them
ROUNDS = 5
COUNTS = 4_000_000_000  # of the arithmetic loop, in a turn


@njit(nogil=True, cache=True)
def count(turns, start):  # type: ignore[no-untyped-def]
    """Arithmetic that waits for no memory."""
    x = np.uint64(start)
    for _ in range(turns):
        x = x * np.uint64(6364136223846793005) + np.uint64(1442695040888963407)
    return x


def two_threads(world: World, pool: ThreadPoolExecutor, days: int, rounds: int) -> list[float]:
    """Gain of the model from a second thread over that of the arithmetic, in each round."""

    def lived(threads: ThreadPoolExecutor | None) -> float:
        world.pool = threads
        return seconds(lambda: world.run(days))

    def counted(threads: int) -> float:
        return seconds(lambda: list(pool.map(count, [COUNTS // threads] * threads, range(threads))))

    shares, alone = [], []
    for _ in range(rounds):
        alone.append(lived(None))
        model, arithmetic = alone[-1] / lived(pool), counted(1) / counted(2)
        shares.append(model / arithmetic)
        print(f"two threads: the model gains {model:.2f}, arithmetic {arithmetic:.2f}; share {shares[-1]:.2f}", flush=True)
    print(f"one thread, by the clock: {cost(world, statistics.median(alone) / world.people / days * 1e9)}")
    return shares


def keep_busy(core: int, begun: Event) -> None:
    """Count for ever, on one core, once this process is there."""
    tie_to(core)
    count(1, 1)
    begun.set()
    while True:
        count(COUNTS, 1)


def tie_to(core: int | None) -> None:
    """Let this process run on one core only, or on all (None), where the system can do that."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, range(os.cpu_count() or 1) if core is None else [core])


def beside_a_neighbour(world: World, days: int, rounds: int) -> list[float]:
    """Share of its idle speed that one thread keeps, in each round."""
    world.pool = None
    shares = []
    context = multiprocessing.get_context("spawn")
    tie_to(0)
    for _ in range(rounds):
        idle = seconds(lambda: world.run(days))
        begun = context.Event()  # until then it shares our core, which a new process takes over from us
        neighbour = context.Process(target=keep_busy, args=(1, begun), daemon=True)
        neighbour.start()
        begun.wait()
        busy = seconds(lambda: world.run(days))
        neighbour.terminate()
        neighbour.join()
        shares.append(idle / busy)
        print(f"beside a busy neighbour: {shares[-1]:.2f} of the idle speed", flush=True)
    tie_to(None)
    return shares


def told(what: str, shares: list[float]) -> str:
    """Median, least and most."""
    return f"{what}: median {statistics.median(shares):.2f}, least {min(shares):.2f}, most {max(shares):.2f}"


def main() -> None:
    """Both measurements."""
    asked = argparse.ArgumentParser(description="Two threads, and a busy neighbour")
    asked.add_argument("people", nargs="?", type=float, default=PEOPLE)
    asked.add_argument("--days", type=int, default=DAYS)
    asked.add_argument("--rounds", type=int, default=ROUNDS)
    given = asked.parse_args()
    people = int(given.people)
    world = rongcheng(people, threads=2)
    world.run(33)
    with ThreadPoolExecutor(2) as pool:
        shares = two_threads(world, pool, given.days, given.rounds)
    days = given.days * max(1, 3_000_000 // people)
    kept = beside_a_neighbour(world, days, given.rounds)
    print(told(f"{people:,} people, two threads over the same for arithmetic", shares))
    print(told(f"{people:,} people, one thread beside a busy neighbour over its idle speed", kept))


if __name__ == "__main__":
    main()
