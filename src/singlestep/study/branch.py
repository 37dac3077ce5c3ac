"""A run branched: the same people live again up to a day, and from that day on under other rules, beside those who go on."""

from __future__ import annotations

from pathlib import Path

from singlestep.regime.complaints import Refused, complain
from singlestep.regime.schema import Regime
from singlestep.study import arguments, folder
from singlestep.study.resume import plan_of
from singlestep.study.run import Plan, Progress, Run, SoFar, as_given, carry_out, find_regime
from singlestep.words import commands as words

BRANCH, BASE = "branch", "regime"  # labels of the world that is branched, and of the one that goes on


def branch(
    folder_of_run: str | Path, *, at: int, regime: str | Path | Regime, world: str | None = None, threads: int | None = None,
    checkpoint_every: float | None = None, out: str | Path | None = None, progress: Progress | None = None,
) -> Run:  # fmt: skip
    """Let the people of a finished run live on under another regime from day `at`, beside the same people as they lived on.

    `world` is the label of the world to branch, the first that is not the base unless named. All seeds, years and people are
    those of the run; its days up to `at` are lived again, to the same bits. What is carried over is said in docs/resuming.md.
    Raises `singlestep.regime.complaints.Refused` as `singlestep.run` does, and for a folder that is not whole, a day outside
    the run, or a run that was itself branched.
    """
    path = Path(folder_of_run)
    opened = folder.open_folder(path)
    lived = plan_of(path, opened.manifest)
    if lived.at:
        raise Refused([complain(words.BRANCHED_ALREADY, str(path), 0)])
    label = world if world is not None else next((name for name in lived.regimes if name != lived.base), lived.base)
    if label is None or label not in lived.regimes:
        raise Refused([complain(words.NO_SUCH_LABEL, "world", 0, value=str(label), known=", ".join(lived.regimes))])
    day = arguments.check_between(at, "at", 1, lived.days - 1)
    other, files = find_regime(regime, "regime", lived.society)
    plan = Plan(
        kind="branch",
        society=lived.society,
        regimes={BRANCH: other, BASE: lived.regimes[label]},
        base=BASE,
        people=lived.people,
        years=lived.years,
        seeds=lived.seeds,
        threads=lived.threads if threads is None else arguments.check_between(threads, "threads", 1, arguments.MOST_THREADS),
        given={"society": lived.given["society"], BRANCH: as_given(regime), BASE: lived.given[label]},
        files={"society": [], BRANCH: files, BASE: []},
        command=["branch", str(folder_of_run), "--at", str(day), "--regime", as_given(regime), "--world", label],
        asides=(),
        at=day,
        checkpoint=lived.checkpoint if checkpoint_every is None else arguments.check_minutes(checkpoint_every),
    )
    return carry_out(plan, out, progress)


def carried(so_far: SoFar, old: Regime, new: Regime) -> SoFar:
    """The months up to the branch with rows as the new regime has them; moves between classes begin anew."""
    from dataclasses import replace

    from singlestep.engine.branching import Places, classes
    from singlestep.measures.mobility import Transitions

    places, months = Places(old, new), []
    for month in so_far.months:
        rows = {
            "listing": places.carried("listing", month.listing, len(new.lists)),
            "source": places.carried("source", month.source, len(new.sources)),
            "classes": places.carried("stock_class", month.classes, len(classes(new))),
        }
        months.append(replace(month, **rows))
    return SoFar(months, Transitions(len(classes(new))) if so_far.moves is not None else None)
