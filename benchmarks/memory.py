"""What a run says beforehand that it takes, memory, disk and time, beside what it really took.

    python benchmarks/memory.py [PEOPLE ...] [--years Y] [--regime R] [--society S] [--twin]

Each run is a process of its own, whose largest resident size is asked of the system. States are kept often, so that some are
written in each. Everything is compiled beforehand: compiling itself takes more than a small run does.
"""

from __future__ import annotations

import argparse
import json
import logging
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

SIZES = (20_000, 200_000, 1_000_000)
KILOBYTES = 1 if sys.platform == "darwin" else 1024  # of ru_maxrss
EVERY = 3e-8  # minutes between two kept states, for each of the people


def apart(*arguments: str) -> dict[str, Any]:
    """What this script answers in a process of its own."""
    done = subprocess.run([sys.executable, __file__, "--apart", *arguments], stdout=subprocess.PIPE, text=True, check=True)
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer


def taken(given: argparse.Namespace) -> dict[str, Any]:
    """What a run said beforehand and what it took, both in bytes and seconds."""
    import singlestep
    from singlestep.study import keeping

    said: list[Any] = []
    log, handler = logging.getLogger("singlestep"), logging.Handler()
    handler.emit = said.append  # type: ignore[assignment, method-assign]
    log.handlers = [handler]
    log.setLevel(logging.INFO)
    kept = [0]
    write = keeping.Kept._write

    def written(self: keeping.Kept, path: Path, pieces: Iterable[Any]) -> None:
        write(self, path, pieces)
        kept.append(_size(path.parent))

    keeping.Kept._write = written  # type: ignore[method-assign]
    people, began = int(given.people[0]), time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "run"
        singlestep.run(
            given.regime, society=given.society, people=people, years=given.years, twin=given.twin, out=out,
            checkpoint_every=EVERY * people,
        )  # fmt: skip
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * KILOBYTES
        took = {"memory": peak, "results": _size(out), "kept": max(kept), "seconds": time.monotonic() - began}
    return {"told": said[0].expected._asdict(), "took": took}


def _size(path: Path) -> int:
    return sum(file.stat().st_size for file in path.iterdir())


def main() -> None:
    """Print a line for each population."""
    asked = argparse.ArgumentParser(description="What a run says that it takes, and what it took")
    asked.add_argument("people", nargs="*", type=float, default=SIZES)
    asked.add_argument("--years", type=int, default=1)
    asked.add_argument("--regime", default="rongcheng")
    asked.add_argument("--society", default="coast")
    asked.add_argument("--twin", action="store_true")
    asked.add_argument("--apart", action="store_true", help=argparse.SUPPRESS)
    given = asked.parse_args()
    if given.apart:
        print(json.dumps(taken(given)))
        return
    same = ["--years", str(given.years), "--regime", given.regime, "--society", given.society, *["--twin"] * given.twin]
    apart("1000", *same)  # compile
    print(f"{'people':>12} {'':>8} {'told':>12} {'taken':>12} {'told / taken':>12}")
    for people in map(int, given.people):
        answer = apart(str(people), *same)
        for what, took in answer["took"].items():
            told, unit = answer["told"][what], "s" if what == "seconds" else "MB"
            shown = [f"{number if unit == 's' else number / 1e6:>9.1f} {unit:>2}" for number in (told, took)]
            print(f"{people:>12,} {what:>8} {shown[0]} {shown[1]} {told / took:>12.2f}", flush=True)


if __name__ == "__main__":
    main()
