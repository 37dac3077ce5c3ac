"""The memory forecast against what a world really takes at its peak.

    python benchmarks/memory.py [PEOPLE ...] [--days D] [--regime R] [--society S]

Each world lives in a process of its own, whose largest resident size is asked of the system; what the forecast says is
asked of another. Everything is compiled beforehand: compiling itself takes more than a small world does.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys

SIZES = (20_000, 200_000, 1_000_000)
DAYS = 365
KILOBYTES = 1 if sys.platform == "darwin" else 1024  # of ru_maxrss


def apart(what: str, society: str, regime: str, people: int, days: int) -> dict[str, int]:
    """What this script answers in a process of its own."""
    command = [sys.executable, __file__, "--apart", what, "--society", society, "--regime", regime]
    done = subprocess.run([*command, "--days", str(days), str(people)], capture_output=True, text=True, check=True)
    answer: dict[str, int] = json.loads(done.stdout.splitlines()[-1])
    return answer


def forecast(society: str, regime: str, people: int, days: int) -> dict[str, int]:
    """Bytes forecast: in all, and parts."""
    from singlestep.engine.world import World
    from singlestep.regime.loader import load_regime, load_society

    town = load_society(society)
    return World.forecast(town, load_regime(regime, town), people, days)


def peak(society: str, regime: str, people: int, days: int) -> dict[str, int]:
    """Bytes of the largest resident size of this process, once the world has lived."""
    from singlestep.engine.world import World
    from singlestep.regime.loader import load_regime, load_society

    town = load_society(society)
    world = World(town, load_regime(regime, town), people, 1)
    world.run(days)
    world.finish()
    return {"memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * KILOBYTES, "letters": world.under_way}


def main() -> None:
    """Print a line for each population."""
    asked = argparse.ArgumentParser(description="The memory forecast against what a world really takes")
    asked.add_argument("people", nargs="*", type=float, default=SIZES)
    asked.add_argument("--days", type=int, default=DAYS)
    asked.add_argument("--regime", default="rongcheng")
    asked.add_argument("--society", default="coast")
    asked.add_argument("--apart", choices=("forecast", "peak"), help=argparse.SUPPRESS)
    given = asked.parse_args()
    which = given.society, given.regime
    if given.apart:
        answer = {"forecast": forecast, "peak": peak}[given.apart](*which, int(given.people[0]), given.days)
        print(json.dumps(answer))
        return
    apart("peak", *which, 4_096, 62)  # compile
    print(f"{'people':>12} {'days':>6} {'forecast MB':>12} {'measured MB':>12} {'forecast / measured':>20}")
    for people in map(int, given.people):
        told, taken = (apart(what, *which, people, given.days) for what in ("forecast", "peak"))
        share = told["memory"] / taken["memory"]
        print(f"{people:>12,} {given.days:>6} {told['memory'] / 1e6:>12.0f} {taken['memory'] / 1e6:>12.0f} {share:>20.2f}")
        parts = ", ".join(f"{name} {size / 1e6:.0f}" for name, size in told.items() if name not in ("memory", "blocks"))
        print(f"{'':>19} of it, in MB: {parts}; letters under way at the end: {taken['letters']:,}", flush=True)


if __name__ == "__main__":
    main()
