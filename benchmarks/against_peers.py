"""The reference workload in other people's frameworks and in ours, taking turns, one thread each.

    python benchmarks/against_peers.py [NAME ...] [--environments FOLDER] [--rounds R]

Each framework is installed from PyPI, at the version named below, into an environment of its own in FOLDER (outside the
checkout; made if missing). It lives in a process of its own, which rests while the other works. The slow ones have fewer
people than our million, which favours them: small populations stay in the caches. Compared are person-days a second of
processor time.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from engine import cost, reference_workload
from pairing import worked

HERE = Path(__file__).parent
DAYS = 30  # one pull towards the friends' mean in every turn
PEOPLE = 1_000_000
ROUNDS = 5


@dataclass(frozen=True)
class Peer:
    """A framework: what to install with which Python, the module with the workload in it, and how many people it gets."""

    package: str
    python: str
    module: str
    people: int
    must: float  # times as fast we should be


PEERS = {
    "mesa": Peer("mesa[network]==3.5.1", "python3.12", "on_mesa", 20_000, 60),
    "starsim": Peer("starsim==3.7.2", "python3.11", "on_starsim", 50_000, 40),
    "starsim-raw": Peer("starsim==3.7.2", "python3.11", "on_starsim_raw", 200_000, 4),
    "ambr": Peer("ambr==0.5.2", "python3.11", "on_ambr", 200_000, 3),
    "laser-core": Peer("laser-core==1.0.5", "python3.11", "on_laser", 1_000_000, 1.6),
}


def environment(peer: Peer, folder: Path) -> Path:
    """The Python of an environment that has the framework, made if it is not there. Raises CalledProcessError."""
    home = folder / peer.package
    python = home / ("Scripts" if os.name == "nt" else "bin") / "python"
    if not (home / "ready").exists():
        subprocess.run([peer.python, "-m", "venv", "--clear", str(home)], check=True)
        subprocess.run([str(python), "-m", "pip", "install", "--quiet", peer.package], check=True)
        (home / "ready").touch()
    return python


def measure(peer: Peer, python: Path, rounds: int) -> tuple[list[float], list[float], float, str]:
    """Nanoseconds a person-day of the peer and of ours in each round, the peer's mean score, and what ours takes in words."""
    ours = reference_workload(PEOPLE)
    ours.run(DAYS)
    command = [str(python), str(HERE / "peers" / "turns.py"), peer.module, str(peer.people)]
    alone = {**os.environ, "NUMBA_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "POLARS_MAX_THREADS": "1"}
    alone.pop("PYTHONPATH", None)
    theirs_took, ours_took, mean = [], [], 0.0
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=alone) as process:
        assert process.stdin is not None and process.stdout is not None
        for number in range(rounds + 1):
            process.stdin.write(f"{DAYS}\n")
            process.stdin.flush()
            answer = json.loads(process.stdout.readline())
            took = worked(lambda: ours.run(DAYS))
            if number > 0:  # the first warms both up
                theirs_took.append(answer["seconds"] / peer.people / DAYS * 1e9)
                ours_took.append(took / PEOPLE / DAYS * 1e9)
            mean = answer["mean"]
        process.stdin.close()
    return theirs_took, ours_took, mean, cost(ours, statistics.median(ours_took))


def main() -> None:
    """Measure the frameworks asked for."""
    asked = argparse.ArgumentParser(description="The reference workload in other frameworks and in ours")
    asked.add_argument("names", nargs="*", choices=[[], *PEERS])
    asked.add_argument("--environments", type=Path, default=Path.home() / ".cache" / "singlestep-peers")
    asked.add_argument("--rounds", type=int, default=ROUNDS)
    given = asked.parse_args()
    print(f"ours: {PEOPLE:,} people, one thread; turns of {DAYS} days, Python {sys.version.split()[0]}")
    print(f"{'peer':<28} {'people':>10} {'ns a person-day':>16} {'ours':>7} {'times as fast: median, least, most':>36}  must")
    for name in given.names or PEERS:
        peer = PEERS[name]
        theirs, ours, mean, takes = measure(peer, environment(peer, given.environments), given.rounds)
        ratios = [a / b for a, b in zip(theirs, ours, strict=True)]
        spread = f"{statistics.median(ratios):.2f}, {min(ratios):.2f}, {max(ratios):.2f}"
        figures = f"{statistics.median(theirs):>16.1f} {statistics.median(ours):>7.1f} {spread:>36} {peer.must:>5}"
        print(f"{f'{name} ({peer.package})':<28} {peer.people:>10,} {figures}  their mean score {mean:.1f}", flush=True)
        print(f"{'':<28} ours: {takes}", flush=True)


if __name__ == "__main__":
    main()
