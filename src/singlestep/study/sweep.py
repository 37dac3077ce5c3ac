"""Ensembles: many regimes and seeds, each world by itself, on any executor of `concurrent.futures`.

A sweep looks for nothing: it lives what it was told to live, and tells all measures of each world, harms beside benefits.
"""

from __future__ import annotations

from concurrent.futures import Executor
from pathlib import Path

from singlestep.regime.complaints import Refused, complain
from singlestep.regime.schema import Regime
from singlestep.society.schema import Society
from singlestep.study.compare import found_together
from singlestep.study.run import CHECKPOINT_MINUTES, Plan, Progress, Run, as_given, carry_out, checked
from singlestep.words import commands as words

MOST = 1_000  # regimes


def sweep(
    *regimes: str | Path | Regime,
    society: str | Path | Society = "coast",
    people: int = 20_000,
    years: int = 3,
    seed: int = 1,
    seeds: int = 5,
    executor: Executor | None = None,
    out: str | Path | None = None,
    progress: Progress | None = None,
) -> Run:
    """Let the same people live under each regime with each seed, wherever `executor` lets them, and write a run folder.

    Worlds are what they would be anywhere else, bit for bit. Each takes one thread and the memory of one world where it
    lives. Without an executor they live one after the other in this process. The first regime is the one that all others
    are differenced against, seed by seed. The executor stays open. A sweep that was stopped is resumed from the worlds that
    had come to their end. Raises `singlestep.regime.complaints.Refused` without a regime, for two of one name, and as
    `singlestep.run` does.
    """
    settings = checked(people, years, seed, seeds, 1, CHECKPOINT_MINUTES)
    if not 1 <= len(regimes) <= MOST:
        raise Refused([complain(words.TOO_FEW_SWEPT, "sweep", 0, count=len(regimes), most=MOST)])
    several = found_together(regimes, society)
    plan = Plan(
        kind="sweep", base=next(iter(several["regimes"])) if len(regimes) > 1 else None, asides=(),
        command=["sweep", *(as_given(regime) for regime in regimes)], **several, **settings,
    )  # fmt: skip
    return carry_out(plan, out, progress, executor)
