"""The demonstration: ordinary law beside a scoring regime, at a size that takes seconds, with its report."""

from __future__ import annotations

from pathlib import Path

from singlestep.study.compare import compare
from singlestep.study.processes import processes
from singlestep.study.run import Progress, Run

REGIMES = ("ordinary-law", "rongcheng")
PEOPLE, YEARS, SEEDS = 20_000, 3, 5
MOST_THREADS = 2


def demo(
    *, people: int = PEOPLE, out: str | Path | None = None, threads: int | None = None, progress: Progress | None = None
) -> tuple[Run, Path]:
    """Compare `ordinary-law` with `rongcheng`, write the run folder and its report, and return both.

    `threads` is two, or one on a machine of one core, unless given; so many processes live the worlds. Raises
    `singlestep.regime.complaints.Refused` as `singlestep.compare` does.
    """
    workers = min(MOST_THREADS, cores()) if threads is None else threads
    with processes(workers) as executor:
        result = compare(
            *REGIMES, people=people, years=YEARS, seeds=SEEDS, threads=workers, stories=True, executor=executor, out=out,
            progress=progress,
            checkpoint_every=0,  # it is soon lived again, and keeping what worlds leave takes a tenth of its time
        )  # fmt: skip
    return result, result.report()


def cores() -> int:
    """How many cores this process may use."""
    import os

    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
