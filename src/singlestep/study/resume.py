"""Going on with a run that was stopped, from what it kept: the result is that of the run undisturbed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from singlestep.regime.complaints import Refused, complain, show
from singlestep.regime.schema import Regime
from singlestep.society.schema import Society
from singlestep.study import arguments, expecting, folder
from singlestep.study import run as runs
from singlestep.study.run import Plan, Progress, Run, version, written
from singlestep.words import commands as words


def resume(
    folder_of_run: str | Path, *, threads: int | None = None, checkpoint_every: float | None = None,
    progress: Progress | None = None,
) -> Run:  # fmt: skip
    """Finish the run in this folder, which was stopped by whatever it was; what it kept is not lived again.

    Tables and summary are those of the run undisturbed, byte for byte. `threads` and `checkpoint_every` are as the run began,
    unless given. Processes that `mpirun` began live the rest together, however many had lived the beginning. Raises
    `singlestep.regime.complaints.Refused` when the folder is no run that was stopped, is still worked on, or holds anything
    that is not as the run wrote it.
    """
    from singlestep.engine.exchange import here

    path = Path(folder_of_run)
    begun = folder.unfinished(path)
    plan = plan_of(path, begun)
    if threads is not None:
        plan = replace(plan, threads=arguments.check_between(threads, "threads", 1, arguments.MOST_THREADS))
    if checkpoint_every is not None:
        plan = replace(plan, checkpoint=arguments.check_minutes(checkpoint_every))
    exchange = here()
    plan = runs.shared(plan, exchange)
    if exchange.rank > 0:
        exchange.barrier()  # until the first has compiled
        runs.live_share(plan, path, folder.Folder(path, begun, resumed=True).run)
    worlds = runs.world_class()
    exchange.barrier()
    arguments.check_memory(plan.people, lambda number: expecting.memory(plan, worlds, number))
    return written(plan, worlds, path, progress, begun)


def plan_of(path: Path, manifest: dict[str, Any]) -> Plan:
    """The plan that a manifest tells of. Raises `Refused` for one that no run of this version wrote."""
    try:
        told, made_by = manifest["parameters"], manifest["versions"]["singlestep"]
        if made_by != version():
            details = {"again": folder.again(manifest), "found": show(str(made_by)), "known": version()}
            raise Refused([complain(words.OTHER_VERSION, str(path), 0, **details)])
        inputs, labels = manifest["inputs"], [world["label"] for world in manifest["worlds"]]
        return Plan(
            kind=manifest["kind"],
            society=Society.model_validate_json(inputs["society"]["resolved"]),
            regimes={label: Regime.model_validate_json(inputs[label]["resolved"]) for label in labels},
            base=manifest["base"],
            people=arguments.check_people(told["people"]),
            years=arguments.check_between(told["years"], "years", 1, arguments.MOST_YEARS),
            seeds=[arguments.check_between(seed, "seed", 0, arguments.HIGHEST_SEED) for seed in manifest["seeds"]],
            threads=arguments.check_between(told["threads"], "threads", 1, arguments.MOST_THREADS),
            given={**told["regimes"], "society": told["society"]},
            files={},
            command=[],
            events=told["events"],
            stories=told["stories"],
            asides=tuple(told["asides"]),
            same_seeing=told["same_seeing"],
            rests=told["rests"],
            at=arguments.check_between(told["at"], "at", 0, 365 * arguments.MOST_YEARS),
            checkpoint=arguments.check_minutes(told["checkpoint"]),
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:  # a forged manifest
        raise Refused([complain(words.NOT_RESUMABLE, str(path), 0, again=folder.again(manifest))]) from error
