"""A world lived by 1, 2 and 3 processes: time of a step, of a settling, and bytes that pass between them.

    python benchmarks/ranks.py [PEOPLE] [--days DAYS]

Runs itself under `mpirun` (the extra `cluster` brings one), once with each number of processes. With more processes than
cores the times say little; the bytes do not depend on the machine. Prints, for each number of processes: median
milliseconds of an ordinary step and of one with settling, and the bytes sent by all of them together in each.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path

from singlestep.engine.exchange import here
from singlestep.engine.world import World
from singlestep.regime.loader import load_regime, load_society

RANKS = (1, 2, 3)
INSIDE = "SINGLESTEP_RANKS_BENCH"


def live(people: int, days: int) -> None:
    """What each process does; the first prints."""
    exchange = here()
    world = World(load_society("coast"), load_regime("rongcheng"), people, 1, exchange=exchange)
    world.run(20)
    times: dict[bool, list[float]] = {False: [], True: []}
    sent: dict[bool, list[int]] = {False: [], True: []}
    for _ in range(days):
        settles, before = world.settles_today(), exchange.sent
        exchange.barrier()
        start = time.perf_counter()
        world.step()
        exchange.barrier()
        times[settles].append(time.perf_counter() - start)
        sent[settles].append(world.share.total(exchange.sent - before))
    digest = world.state_hash()
    if exchange.rank == 0:
        told = {
            "processes": exchange.size,
            "step_ms": round(1000 * statistics.median(times[False]), 2),
            "settling_ms": round(1000 * statistics.median(times[True]), 2),
            "bytes_a_step": round(statistics.mean(sent[False])),
            "bytes_a_settling": round(statistics.mean(sent[True])),
            "hash": digest,
        }
        print(json.dumps(told), flush=True)


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser()
    parser.add_argument("people", nargs="?", default="1e6", type=lambda text: int(float(text)))
    parser.add_argument("--days", type=int, default=70)
    options = parser.parse_args()
    if INSIDE in os.environ:
        live(options.people, options.days)
        return
    beside = Path(sys.executable).parent / "mpirun"
    mpirun = str(beside) if beside.exists() else shutil.which("mpirun")
    if mpirun is None:
        raise SystemExit("no mpirun: pip install '.[cluster]'")
    hashes = set()
    for ranks in RANKS:
        command = [mpirun, "-n", str(ranks), sys.executable, __file__, str(options.people), "--days", str(options.days)]
        done = subprocess.run(command, env={**os.environ, INSIDE: "1"}, capture_output=True, text=True, check=True)
        print(done.stdout.strip())
        hashes.add(json.loads(done.stdout.strip().splitlines()[-1])["hash"])
    if len(hashes) != 1:
        raise SystemExit("the worlds differ")


if __name__ == "__main__":
    main()
