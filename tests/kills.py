"""Runs that are killed again and again, and what they end in: `python -m tests.kills --kills 2000`.

A run of three years of 1,000 people is begun in a child process, killed by SIGKILL at a random moment, resumed in another
child, killed again, and so on until it comes to its end; then the next run is begun. Most children are forks of this
process, which has loaded the compiled model, so that few seconds go by in loading it; some are whole new processes, killed
while they start or later. In the end every run must have left the same bytes as one that nothing disturbed. Prints what
happened, and fails otherwise. The slow tests kill 100 times; what came of more is in `benchmarks/results/kills.txt`.
"""

from __future__ import annotations

import argparse
import datetime
import os
import platform
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from collections import Counter
from pathlib import Path

import singlestep
from singlestep.study import folder

REGIME, PEOPLE, YEARS = "rongcheng", 1000, 3
EVERY = 0.0002  # minutes between two kept states
FRESH = 0.06  # share of children that are whole new processes
FRESH_SECONDS = 4.0
GENTLY = 0.15  # share of children that are left alone


def load() -> None:
    """Load before the first fork what children need; but make no table, since threads of polars do not survive a fork."""
    import polars  # noqa: F401
    from scipy import stats  # noqa: F401

    from singlestep.engine.world import World
    from singlestep.regime.loader import load_regime, load_society

    society = load_society("coast")
    world = World(society, load_regime(REGIME, society), PEOPLE, 1, follow=True, examples=True)
    world.run(40)
    world.finish()
    world.state_hash()
    world.standings()


def begin_or_resume(path: Path) -> None:
    """Go on with the run in this folder, or begin it."""
    if (path / folder.MANIFEST).exists():
        singlestep.resume(path)
    else:
        shutil.rmtree(path, ignore_errors=True)
        singlestep.run(REGIME, people=PEOPLE, years=YEARS, twin=False, checkpoint_every=EVERY, out=path)


def fork(path: Path) -> int:
    """A child that goes on with the run; its number."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            begin_or_resume(path)
            code = 0
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(code)
    return child


def fresh(path: Path) -> int:
    """The same as a whole new process."""
    if (path / folder.MANIFEST).exists():
        words = ["resume", str(path)]
    else:
        shutil.rmtree(path, ignore_errors=True)
        words = ["run", REGIME, "--people", str(PEOPLE), "--years", str(YEARS), "--no-twin", "--out", str(path)]
        words += ["--checkpoint-every", str(EVERY)]
    quiet = subprocess.DEVNULL
    return subprocess.Popen([sys.executable, "-m", "singlestep", *words], stdout=quiet, stderr=quiet).pid


def ended(child: int, seconds: float) -> int | None:
    """The child's exit code, or None after it was killed once so many seconds had gone by."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.002)
    os.kill(child, signal.SIGKILL)
    status = os.waitpid(child, 0)[1]
    return None if os.WIFSIGNALED(status) else os.waitstatus_to_exitcode(status)


def content(path: Path) -> dict[str, bytes]:
    """Every file but the manifest, whose times differ."""
    return {file.name: file.read_bytes() for file in path.iterdir() if file.name != folder.MANIFEST}


def kill_again_and_again(kills: int, seed: int, base: Path) -> Counter[str]:
    """So many kills; what happened. Raises AssertionError for a run that did not end in the same bytes."""
    luck, happened = random.Random(seed), Counter[str]()
    whole = base / "undisturbed"
    assert ended(fork(whole), 600) == 0
    before = time.monotonic()
    assert ended(fork(base / "again"), 600) == 0  # the first takes longer
    took = time.monotonic() - before
    expected, path, number = content(whole), base / "0", 0
    while happened["killed"] < kills or path.exists():
        as_new = luck.random() < FRESH
        left_alone = happened["killed"] >= kills or luck.random() < GENTLY
        most = FRESH_SECONDS if as_new else took
        code = ended((fresh if as_new else fork)(path), 600 if left_alone else luck.uniform(0, most))
        happened["killed" if code is None else "came to its end"] += 1
        happened["killed as a new process"] += code is None and as_new
        if code is None:
            kept = list((path / "kept").glob("*")) if path.exists() else []
            happened["left a kept state"] += any(file.suffix == ".state" for file in kept)
            happened["left a file half written"] += any(file.suffix == folder.TEMPORARY for file in kept)
            if not folder.is_whole(path):
                continue
            happened["whole, though killed"] += 1
        else:
            assert code == 0, f"exit code {code}; the folder is {path}"
        assert folder.is_whole(path), path
        shutil.rmtree(path / "kept", ignore_errors=True)
        assert content(path) == expected, f"other bytes in {path}"
        happened["runs with the same bytes"] += 1
        shutil.rmtree(path)
        number += 1
        path = base / str(number)
    return happened


def main() -> None:
    """Kill, and print what happened."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    load()
    with tempfile.TemporaryDirectory() as base:
        began = time.monotonic()
        happened = kill_again_and_again(given.kills, given.seed, Path(base))
        versions = f"singlestep {singlestep.__version__}, Python {platform.python_version()}, {platform.platform()}"
        print(f"{datetime.date.today()}, {versions}")
        print(f"{given.kills} kills of runs of {PEOPLE:,} people, seed {given.seed}: {time.monotonic() - began:.0f} s")
    for what, count in happened.items():
        print(f"{count:6} {what}")


if __name__ == "__main__":
    main()
