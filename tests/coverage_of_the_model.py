"""Prints how much of the model the files of `tests/stress` walk through: lines and branches of `reference.py` and of
the rooms, the engine and the society, which run uncompiled for this.

    python -m tests.coverage_of_the_model

Only runs of worlds count here, no other tests. The last column names what is never reached.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

os.environ["SINGLESTEP_COMPILE"] = "0"  # before anything of the engine is imported: what is compiled cannot be watched

import coverage

ROOT = Path(__file__).parent.parent
WATCHED = ("reference.py", "src/singlestep/rooms/*", "src/singlestep/engine/*", "src/singlestep/society/*")
PEOPLE, DAYS, FEWER_DAYS = 300, 100, 35


def both(society_name: str, variant: str, rules: str, people: int, days: int, **how: int) -> None:
    """One world in both readings."""
    import reference
    from tests.stress import worlds

    from singlestep.engine.world import World

    society = worlds.society(society_name, variant)
    regime = worlds.regime(rules, society)
    for world in (World(society, regime, people, 1, **how), reference.World(society, regime, people, 1)):
        world.run(days)
        world.finish()


def live_through_everything() -> None:
    """The stress towns under the stress regimes, and some larger towns for a few days."""
    from tests.stress import worlds

    for variant in worlds.VARIANTS:
        for rules in worlds.STRESS:
            both("stress", variant, rules, PEOPLE, DAYS if variant == "as written" else FEWER_DAYS)
    both("stress", "as written", "regime", 4099, 2, block_pages=1, threads=2)
    for rules in ("none", "driver-points-uk"):
        both("coast", "as written", rules, PEOPLE, 3)


def main() -> None:
    """Live, then print the figures of each file and of each folder."""
    watch = coverage.Coverage(branch=True, data_file=None, include=[str(ROOT / path) for path in WATCHED])
    watch.start()
    live_through_everything()
    watch.stop()
    for path in WATCHED:
        print(f"\n{path}")
        watch.report(include=[str(ROOT / path)], show_missing=True, file=sys.stdout)


if __name__ == "__main__":
    main()
