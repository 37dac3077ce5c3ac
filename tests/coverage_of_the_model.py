"""Prints how much of the model the files of `tests/stress` walk through: lines and branches of `reference.py` and of
the rooms, the engine and the society, which run uncompiled for this.

    python -m tests.coverage_of_the_model

Only runs of worlds count here, no other tests. The last column names what is never reached. Ends with an error when
the reference or the rooms fall below LEAST per cent. The worlds live side by side, one process for each core.
"""

from __future__ import annotations

import importlib.util
import os
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from pathlib import Path

os.environ["SINGLESTEP_COMPILE"] = "0"  # before anything of the engine is imported: what is compiled cannot be watched

import coverage

ROOT = Path(__file__).parent.parent
LEAST = 95.0
# Society, its variant, regime, people, days: as few as still walk everywhere. The longest come first.
WORLDS = (
    ("stress", "as written", "regime", 300, 62),
    ("stress", "as written", "spill", 300, 62),
    ("stress", "few ties", "regime", 300, 46),
    ("stress", "few ties", "spill", 300, 46),
    ("stress", "as written", "regime", 4099, 2),
    ("stress", "ring", "regime", 300, 12),
    ("stress", "ring", "spill", 300, 12),
    ("stress", "alone", "regime", 300, 8),
    ("stress", "alone", "spill", 300, 8),
    ("coast", "as written", "none", 300, 3),
    ("coast", "as written", "driver-points-uk", 300, 3),
)
World = tuple[str, str, str, int, int]


def package() -> Path:
    """The folder of the package, wherever it is installed."""
    spec = importlib.util.find_spec("singlestep")
    assert spec is not None and spec.origin is not None
    return Path(spec.origin).parent


def watched() -> dict[str, str]:
    """The parts that are watched: name and files."""
    return {"reference.py": str(ROOT / "reference.py")} | {
        name: str(package() / name / "*") for name in ("rooms", "engine", "society")
    }


def live(which: World, data: str) -> float:
    """One world in both readings, watched; the seconds it took."""
    begun = time.perf_counter()
    watch = coverage.Coverage(branch=True, data_file=data, data_suffix=True, include=list(watched().values()))
    watch.start()
    import reference
    from tests.stress import worlds

    from singlestep.engine.world import World

    name, variant, rules, people, days = which
    society = worlds.society(name, variant)
    regime = worlds.regime(rules, society)
    engine = World(society, regime, people, 1, block_pages=1, threads=2)
    for world in (engine, reference.World(society, regime, people, 1)):
        world.run(days)
        world.finish()
        worlds.everything(world)
        world.state_hash()
    watch.stop()
    watch.save()
    return time.perf_counter() - begun


def main() -> None:
    """Live, then print the figures of each part."""
    with tempfile.TemporaryDirectory() as folder:
        data = str(Path(folder) / "data")
        with ProcessPoolExecutor(os.cpu_count(), get_context("spawn"), max_tasks_per_child=1) as pool:
            lives = {pool.submit(live, world, data): world for world in WORLDS}
            for done in as_completed(lives):
                print(f"{done.result():6.0f} s  {lives[done]}", flush=True)
        together = coverage.Coverage(branch=True, data_file=data)
        together.combine([folder], keep=True)
        low = []
        for name, files in watched().items():
            print(f"\n{name}")
            share = together.report(include=[files], show_missing=True, file=sys.stdout)
            if name in ("reference.py", "rooms") and share < LEAST:
                low.append(f"{name}: {share:.1f} % is less than {LEAST:g} %")
    if low:
        sys.exit("\n".join(low))


if __name__ == "__main__":
    main()
