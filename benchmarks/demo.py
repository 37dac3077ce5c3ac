"""How long `singlestep demo` takes once the model is compiled: seconds by the clock, and seconds of processor time, which
say on a busy machine what an idle one would need: half of them on two cores.

    python benchmarks/demo.py

runs a small comparison first, so that everything is compiled, then the demonstration in a folder of its own, three times.
"""

from __future__ import annotations

import os
import tempfile
import time
from pathlib import Path

from singlestep.study.compare import compare
from singlestep.study.demo import REGIMES, cores, demo

ROUNDS = 3
AIM = 30  # seconds on two cores


def processor_seconds() -> float:
    """Seconds of processor so far, of this process and of those that it began and that have ended."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def main() -> None:
    """Compile, then time the demonstration."""
    with tempfile.TemporaryDirectory() as folder:
        begun = time.perf_counter()
        compare(*REGIMES, people=1_000, years=1, seeds=1, out=Path(folder) / "small").report()
        print(f"getting ready: {time.perf_counter() - begun:.1f} s")
        for number in range(ROUNDS):
            begun, worked = time.perf_counter(), processor_seconds()
            result, _ = demo(out=Path(folder) / f"demo-{number}")
            seconds, lived = time.perf_counter() - begun, result.manifest["seconds"]
            worked = processor_seconds() - worked
            told = f"{seconds:.1f} s, {lived:.1f} of them living and counting, {worked:.1f} s of processor"
            print(f"demo on {cores()} cores: {told}; aimed at {AIM} s on 2")


if __name__ == "__main__":
    main()
