"""Worlds of the same made-up people, seed by seed, counted and written into a run folder: a regime beside its twin, or
several regimes beside each other (`compare`). What differs is only which worlds there are and how they are labelled."""

from __future__ import annotations

import datetime
import hashlib
import html
import io
import logging
import os
import platform
import shlex
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field, replace
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn

from singlestep.engine import memory
from singlestep.engine.calendar import is_first_of_month
from singlestep.quantities import DAYS_A_YEAR
from singlestep.regime.complaints import Refused
from singlestep.regime.provenance import confidence_counts
from singlestep.regime.schema import Regime
from singlestep.society.schema import Society
from singlestep.study import arguments, expecting, folder, keeping, summary
from singlestep.study.provenance import citations
from singlestep.words import commands as words
from singlestep.words import findings as finding_words
from singlestep.words import stories as story_words

if TYPE_CHECKING:
    import numpy as np
    import polars
    from numpy.typing import NDArray

    from singlestep.engine.exchange import Exchange
    from singlestep.measures.counts import Counted, Names, Rows
    from singlestep.measures.effects import Befell
    from singlestep.measures.mobility import Transitions
    from singlestep.measures.parting import Followed
    from singlestep.study.events import Events
    from singlestep.study.stories import Story
    from singlestep.study.tables import Block, Month

TWIN = "ordinary-law"
FLOOR = "none"  # the twin of ordinary law itself
REGIME_LABEL, TWIN_LABEL = "regime", "twin"  # of the worlds of a run
SIDE_BY_SIDE = 262_144  # people; larger worlds are several blocks, which threads share
MOST_FOLLOWED = 1_000_000  # people whose acts and doors are compared between worlds
MOST_TWICE = 100_000  # people who live again without errors, or with the regime on for a few alone
PLAIN, WITHOUT_ERRORS, ALONE = "", "without errors", "on for few alone"  # how a world is lived
COUNTED = "counted"  # like PLAIN, but nothing is kept of it but its measures
CHECKPOINT_MINUTES = 10.0
MUCH = 10**8  # bytes of kept states that are said to everybody beforehand
PAUSE = 0.1  # seconds between two looks at worlds that live side by side
LONGEST_NAME = 80  # of the regimes in a folder's name
PACKAGES = ("numpy", "numba", "polars")

LOG = logging.getLogger("singlestep")

Progress = Callable[[int, int, str], None]  # days lived, days in all, which world
Tick = Callable[..., None]  # days lived, 1 if left out
File = Regime | Society


class Run:
    """A finished run or comparison: its folder, its summary, and its tables as polars DataFrames, also as attributes."""

    def __init__(
        self, folder: Path, summary: dict[str, Any], manifest: dict[str, Any], tables: dict[str, polars.DataFrame]
    ) -> None:
        self.folder = folder
        self.summary = summary
        self.manifest = manifest
        self.tables = tables

    def __getattr__(self, name: str) -> polars.DataFrame:
        tables: dict[str, polars.DataFrame] = self.__dict__.get("tables", {})
        if name in tables:
            return tables[name]
        raise AttributeError(f"a run has no {name!r}; its tables are {', '.join(tables)}")

    def __dir__(self) -> list[str]:
        return sorted([*super().__dir__(), *self.tables])

    def __repr__(self) -> str:
        return f"<Run {self.heading()}; {self.folder}>"

    def heading(self) -> str:
        """What was run, in one line."""
        return summary.heading(self.summary)

    def findings(self) -> list[str]:
        """The main findings in sentences, each with its numerator and denominator, for all worlds."""
        return summary.findings(self.summary)

    def cautions(self) -> list[str]:
        """What must be said wherever these numbers are shown."""
        return list(self.summary["cautions"])

    def events(self) -> Events:
        """Every record and every decision, with both truths. Raises `Refused` if the run was made without `events=True`."""
        from singlestep.study.events import of_run

        return of_run(self.tables, self.manifest)

    def story(
        self, person: int | None = None, *, pick: str | None = None, seed: int | None = None, world: str | None = None
    ) -> Story:
        """One made-up life, event by event, beside its twin: this person's, or somebody's of the kind `pick`.

        The worlds of one seed are lived again with the person traced; the first seed and the first world that is not the one
        compared with are meant unless others are named. Raises `Refused`.
        """
        from singlestep.study.telling import Telling

        return Telling.of_folder(self.folder).story(person, pick=pick, seed=seed, world=world)

    def state_hash(self) -> str:
        """The hash of the state of all worlds at their end, taken together; of each, see `states` in the summary."""
        from singlestep.engine.hashing import together

        return together([state["hash"] for state in self.summary["states"]])

    def citations(self) -> list[str]:
        """The sources that the regimes and the society cite."""
        return list(self.summary["citations"])

    def report(self, path: str | Path | None = None) -> Path:
        """Write the report, one HTML file that needs no network, into the run folder or as the file `path`."""
        from singlestep.report import write_report  # the only look up from `study`: a result writes its own report

        return write_report(self.folder, path)

    def _repr_html_(self) -> str:
        items = "".join(f"<li>{html.escape(sentence)}</li>" for sentence in self.findings())
        said = " ".join(html.escape(sentence) for sentence in self.cautions())
        cited = "".join(f"<li>{html.escape(cite)}</li>" for cite in self.citations())
        sources = f"<details><summary>{html.escape(finding_words.SOURCES)}</summary><ul>{cited}</ul></details>"
        place = f"{html.escape(finding_words.RUN_FOLDER)}: <code>{html.escape(str(self.folder))}</code>"
        heading = f"<h4>{html.escape(self.heading())}</h4>"
        return f"{heading}<ul>{items}</ul><p>{place}</p><p><small>{said}</small></p>{sources}"


class Stopped(KeyboardInterrupt):
    """Ctrl-C in the middle of a run; `folder` is what it leaves, marked as incomplete."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.folder = folder


def run(
    regime: str | Path | Regime,
    *,
    society: str | Path | Society = "coast",
    people: int = 20_000,
    years: int = 3,
    seed: int = 1,
    seeds: int = 1,
    threads: int = 1,
    twin: bool | str | Path | Regime = True,
    events: bool = False,
    stories: bool = False,
    checkpoint_every: float = CHECKPOINT_MINUTES,
    out: str | Path | None = None,
    progress: Progress | None = None,
) -> Run:
    """Let made-up people live under a regime, beside the same people under the twin regime, and write a run folder.

    `regime` and `society` are shipped names or paths of files. Seeds are `seed` to `seed` + `seeds` - 1. The twin is
    `ordinary-law`, or `none` for ordinary law itself; False leaves it out. `threads` changes the time, not the result.
    With `events` every record and decision has a row (see `Run.events`); with `stories` a life of each kind is told.
    Every `checkpoint_every` minutes the state of a world is kept, so that `singlestep.resume` can go on with a run that was
    stopped (0: only worlds that have come to their end). `progress` is called with days lived, days in all and a label.
    Raises `singlestep.regime.complaints.Refused` when an argument, a file, the memory or the disk does not let the run be; a
    folder left by then says that it is incomplete.
    """
    settings = checked(people, years, seed, seeds, threads, checkpoint_every)
    town, written = find_society(society)
    found, files = find_regime(regime, REGIME_LABEL, town)
    plan = Plan(
        kind="run",
        society=town,
        regimes={REGIME_LABEL: found},
        base=None,
        given={"society": as_given(society), REGIME_LABEL: as_given(regime)},
        files={"society": written, REGIME_LABEL: files},
        command=["run", as_given(regime), *([] if twin is not False else ["--no-twin"])],
        events=events,
        stories=stories,
        **settings,
    )
    if twin is not False:
        usual = FLOOR if found.name == TWIN else TWIN
        plan = plan.beside(TWIN_LABEL, usual if twin is True else twin)
    return carry_out(plan, out, progress)


@dataclass(frozen=True)
class Plan:
    """What is to be lived, checked and loaded: one world for each label and seed."""

    kind: str  # "run", "compare", "sweep" or "branch"
    society: Society
    regimes: dict[str, Regime]  # by label
    base: str | None  # the label of the world that the others are differenced against
    people: int
    years: int
    seeds: list[int]
    threads: int
    given: dict[str, str]  # regimes by label, and the society, as the caller wrote them
    files: dict[str, list[Path]]  # what they were read from
    command: list[str]  # the part of the command line that names the worlds
    events: bool = False  # whether a row is kept of every record and decision
    stories: bool = False  # whether a life of each kind is told
    asides: tuple[str, ...] = (WITHOUT_ERRORS,)  # other lives under each regime but the base, see `twins`
    same_seeing: bool = False  # whether all regimes have the first one's sources
    rests: bool = False  # whether to find out what the headlines rest on, see `rests`
    at: int = 0  # the day from which each world but the base lives under its own regime, and not the base's
    checkpoint: float = CHECKPOINT_MINUTES  # minutes between two kept states of a world; nought to keep nothing
    exchange: Exchange | None = None  # between the processes that live the worlds together

    @property
    def days(self) -> int:
        return DAYS_A_YEAR * self.years

    @property
    def follows(self) -> bool:
        """Whether it is kept who does what, so that persons can be compared."""
        return self.people <= MOST_FOLLOWED

    @property
    def keeps(self) -> bool:
        """Whether anything is kept for resuming."""
        return self.checkpoint > 0

    @property
    def workers(self) -> int:
        """How many worlds live side by side: small ones, which could not use several threads."""
        return min(self.threads, len(self.jobs())) if self.people <= SIDE_BY_SIDE and self.exchange is None else 1

    @property
    def panel(self) -> list[int]:
        """Whom each world traces while it lives; nobody in a branched run, whose people live under two regimes."""
        from singlestep.study.panel import members

        return members(self.people) if self.at == 0 else []

    def jobs(self) -> list[Job]:
        """Every world to be lived, seed by seed."""
        found = []
        for seed in self.seeds:
            found += [Job(seed, label) for label in self.regimes]
            for label in self.regimes if self.people <= MOST_TWICE else ():
                found += [Job(seed, label, aside) for aside in self.asides if label != self.base]
        return found

    def beside(self, label: str, regime: Any) -> Plan:
        """The same with one more world, to be the base."""
        found, files = find_regime(regime, label, self.society)
        return replace(
            self,
            regimes={**self.regimes, label: found},
            base=label,
            given={**self.given, label: as_given(regime)},
            files={**self.files, label: files},
        )

    @property
    def inputs(self) -> dict[str, File]:
        """The files by their role: society, and each world's label."""
        return {"society": self.society, **self.regimes}

    def cautions(self) -> list[str]:
        """What every output of this run says."""
        known = [confidence_counts(file) for file in self.inputs.values()]
        guesses, entries = sum(counts["guess"] for counts in known), sum(sum(counts.values()) for counts in known)
        watched = [finding_words.SAME_SEEING.format(name=self.first.name)] if self.same_seeing else []
        return watched + summary.cautions(len(self.seeds), guesses, entries)

    def default_folder(self) -> str:
        names = [self.first.name] if self.kind == "run" else [rules.name for rules in self.regimes.values()]
        return f"{'-'.join(names)[:LONGEST_NAME]}-{self.society.name}-{self.people}-seed{self.seeds[0]}"

    @property
    def first(self) -> Regime:
        """The regime named first."""
        return next(iter(self.regimes.values()))

    def command_line(self) -> str:
        """The command that makes this run."""
        if self.kind == "branch":
            return shlex.join(["singlestep", *self.command, "--threads", str(self.threads)])
        parts = ["singlestep", *self.command, "--society", self.given["society"]]
        parts += ["--people", str(self.people), "--years", str(self.years), "--seed", str(self.seeds[0])]
        parts += ["--seeds", str(len(self.seeds)), *([] if self.kind == "sweep" else ["--threads", str(self.threads)])]
        kept = [option for option, asked in (("--events", self.events), ("--stories", self.stories)) if asked]
        return shlex.join([*parts, *kept])


class Job(NamedTuple):
    """One world to be lived."""

    seed: int
    label: str
    aside: str = PLAIN
    text: str = ""  # what the progress says besides


@dataclass
class Lived:
    """What one world leaves: its measures and tables (none of a life aside), and what comparing it with others needs."""

    followed: Followed | None
    befell: Befell | None
    cells: NDArray[np.int64] | None  # income fifth x 2 + minority, by person
    counted: Counted | None = None
    rows: dict[str, Rows] = field(default_factory=dict)
    tables: dict[str, Block] = field(default_factory=dict)
    months: list[Month] = field(default_factory=list)
    times: dict[str, tuple[Any, Any]] = field(default_factory=dict)  # waiting times, and which are censored
    told: Any = None  # rows traced of everyone, or None
    state: str = ""  # hash of its state at the end


@dataclass
class SoFar:
    """What is counted of a world while it lives, month by month."""

    months: list[Month]
    moves: Transitions | None  # between classes, where persons are followed
    looks: list[NDArray[np.int64]] = field(default_factory=list)  # at the panel, as of `lives.look`


@dataclass
class Results:
    """What has been counted so far, seed by seed."""

    rows: dict[str, list[dict[str, Rows]]] = field(default_factory=dict)  # by world
    compared: dict[str, list[dict[str, Rows]]] = field(default_factory=dict)  # by world, against the base
    partings: dict[str, list[dict[str, Any]]] = field(default_factory=dict)  # by world, against the base
    rested: dict[str, Any] | None = None
    states: list[dict[str, Any]] = field(default_factory=list)  # hash of each world at its end
    blocks: dict[str, list[Block]] = field(default_factory=dict)  # by table
    events: dict[str, list[polars.DataFrame]] = field(default_factory=dict)  # by table

    def add(self, tables: dict[str, Block]) -> None:
        for name, block in tables.items():
            self.blocks.setdefault(name, []).append(block)


# Before --------------------------------------------------------------------------------------------------------------
def checked(people: Any, years: Any, seed: Any, seeds: Any, threads: Any, checkpoint_every: Any) -> dict[str, Any]:
    """The numbers of a run, as fields of a `Plan`. Raises `Refused`."""
    return {
        "people": arguments.check_people(people),
        "years": arguments.check_between(years, "years", 1, arguments.MOST_YEARS),
        "seeds": arguments.check_seeds(seed, seeds),
        "threads": arguments.check_between(threads, "threads", 1, arguments.MOST_THREADS),
        "checkpoint": arguments.check_minutes(checkpoint_every),
    }


def find_society(society: Any) -> tuple[Society, list[Path]]:
    """A society and the files it was read from; none when it was loaded before."""
    if isinstance(society, Society):
        return society, []
    return _load_society(arguments.check_name(society, "society"))


def find_regime(regime: Any, name: str, society: Society) -> tuple[Regime, list[Path]]:
    """A regime and the files it was read from; none when it was loaded before. `name` is said in a refusal."""
    if isinstance(regime, Regime):
        return regime, []
    return _load_regime(arguments.check_name(regime, name), society)


def as_given(file: Any) -> str:
    """A regime or society as the caller wrote it."""
    return file.name if isinstance(file, Regime | Society) else str(file)


def _load_regime(name: str | Path, society: Society) -> tuple[Regime, list[Path]]:
    """A regime and the files it is written in: its own, those it extends, its table of indicators."""
    from singlestep.regime.loader import load_whole_regime

    regime, whole = load_whole_regime(name, society)
    files = [folder / file for folder, file in zip(whole.folders, whole.files, strict=False)]
    if regime.indicators is not None:
        files.append(whole.folders[whole.file_of(("indicators",))] / regime.indicators)
    return regime, list(dict.fromkeys(files))


def _load_society(name: str | Path) -> tuple[Society, list[Path]]:
    """A society and the files it is written in: its own, its table of acts."""
    from singlestep.regime.loader import load_whole_society

    society, whole = load_whole_society(name)
    return society, [folder / file for folder, file in zip(whole.folders, whole.files, strict=True)]


def world_class(progress: Progress | None = None) -> Any:
    """The class of worlds, compiled."""
    from singlestep.engine import compiling, warming
    from singlestep.engine.world import World
    from singlestep.study import old_code

    old_code.clear(compiling.cache_folder())
    if progress is not None and warming.is_cold():
        progress(0, 1, words.PROGRESS_COMPILES)
    warming.warm()
    return World


# The run -------------------------------------------------------------------------------------------------------------
def carry_out(plan: Plan, out: str | Path | None, progress: Progress | None, executor: Executor | None = None) -> Run:
    """Live all worlds of the plan and write the run folder. Raises `Refused`, and `Stopped` on Ctrl-C.

    With an executor each world lives wherever that lets it live, in another process or on another machine. Without one, the
    processes that `mpirun` began live all worlds together; the first writes the folder, the others leave by `SystemExit`.
    """
    from singlestep.engine.exchange import Alone, here
    from singlestep.study.processes import how_many

    exchange = here() if executor is None else Alone()
    plan = shared(plan, exchange)
    if exchange.rank > 0:
        exchange.barrier()  # until the first has compiled
        live_share(plan, told_by_first(exchange), "")
    folder.check_new(out)
    worlds = world_class(progress)
    exchange.barrier()
    if plan.events:
        from singlestep.study.events import check_size

        check_size(plan.people, plan.years, len(plan.regimes) * len(plan.seeds))
    processes = how_many(executor)
    arguments.check_memory(plan.people, lambda number: expecting.memory(plan, worlds, number, processes))
    told = expecting.expected(plan, worlds, len(folder.as_json(_manifest(plan))), processes)
    path = folder.new_folder(out, plan.default_folder())
    _check_disk(path, told)
    say(told)
    told_by_first(exchange, path)
    return written(plan, worlds, path, progress, executor=executor)


def shared(plan: Plan, exchange: Exchange) -> Plan:
    """The plan, its worlds to be lived together by the processes of an exchange."""
    return replace(plan, exchange=exchange) if exchange.size > 1 else plan


def told_by_first(exchange: Exchange, path: Path | None = None) -> Path:
    """The path that the first process gives; every process must ask."""
    import numpy as np

    from singlestep.engine.exchange import everything

    return Path(os.fsdecode(everything(exchange, np.frombuffer(os.fsencode(path or ""), np.uint8)).tobytes()))


def live_share(plan: Plan, path: Path, run: str) -> NoReturn:
    """What each process but the first does: live its share of all worlds of the run of this folder and name, and leave by
    `SystemExit`."""
    keeper = keeping.Keeper(path, run, 60 * plan.checkpoint, plan.exchange) if plan.keeps else None
    _live(plan, world_class(), None, keeper, None)
    raise SystemExit(0)


def _check_disk(path: Path, told: expecting.Expected) -> None:
    """Refuse a disk that cannot hold the run. Raises `Refused`."""
    try:
        arguments.check_disk(path, told.results + told.kept)
    except Refused:
        folder.remove_if_empty(path)
        raise


def say(told: expecting.Expected) -> None:
    """Say what a run is expected to take, to everybody if that is much on the disk."""
    LOG.log(logging.WARNING if told.kept >= MUCH else logging.INFO, told.told(), extra={"expected": told})


def written(
    plan: Plan, worlds: Any, path: Path, progress: Progress | None, begun: dict[str, Any] | None = None,
    executor: Executor | None = None,
) -> Run:  # fmt: skip
    """Live what has not been lived yet and write the folder; `begun` is the manifest of a run that is resumed."""
    try:
        with folder.locked(path):
            return _written(plan, worlds, path, progress, begun, executor)
    except KeyboardInterrupt:
        raise Stopped(path) from None


def _written(
    plan: Plan, worlds: Any, path: Path, progress: Progress | None, begun: dict[str, Any] | None, executor: Executor | None
) -> Run:
    started = time.time()
    manifest = begun or {**_manifest(plan), "started": _moment(started)}
    under_way = folder.Folder(path, manifest, resumed=begun is not None)
    keeper = keeping.Keeper(path, under_way.run, 60 * plan.checkpoint, plan.exchange) if plan.keeps else None
    if begun is not None:
        done = keeper.finished() if keeper is not None else 0
        say(expecting.expected(plan, worlds, len(folder.as_json(begun)), done=done))
    results = _live(plan, worlds, progress, keeper, executor)
    if plan.rests:
        _find_what_it_rests_on(plan, results, progress)
    told = _summary(plan, results)
    tables = _frames(results)
    under_way.write("summary.json", folder.as_json(told))
    if plan.stories or plan.panel:
        if progress is not None and plan.stories:
            worlds_lived = plan.days * len(plan.regimes) * len(plan.seeds)
            progress(worlds_lived, worlds_lived, story_words.PROGRESS_STORIES)
        under_way.write("stories.json", folder.as_json(_stories(plan, tables, executor)))
    for name, table in tables.items():
        under_way.write(f"{name}.parquet", _parquet(table))
    ended = time.time()
    times = {"ended": _moment(ended), "seconds": round(ended - started, 3)}
    if begun is not None:
        times["resumed"] = _moment(started)
    finished = under_way.finish({**manifest, **times, "states": told["states"]})
    if keeper is not None:
        keeper.clear()
    return Run(path, told, finished, tables)


def _live(
    plan: Plan, worlds: Any, progress: Progress | None, keeper: keeping.Keeper | None, executor: Executor | None
) -> Results:
    results = Results()
    jobs = plan.jobs()
    of_seed: dict[tuple[str, str], Lived] = {}
    tasks = [(plan, job) for job in jobs]
    if executor is None:
        lives = each(tasks, worlds, plan.workers, progress, keeper)
    else:
        lives = each_on(executor, tasks, progress, keeper)
    for job, lived in zip(jobs, lives, strict=True):
        if job.aside == PLAIN:
            _wait(job, lived)
            results.rows.setdefault(job.label, []).append(lived.rows)
            results.add(lived.tables)
            results.states.append({"seed": job.seed, "world": job.label, "hash": lived.state})
        of_seed[job.label, job.aside] = lived
        if len(of_seed) == len(jobs) // len(plan.seeds):
            _add_events(plan, job.seed, {label: of_seed[label, PLAIN] for label in plan.regimes}, results)
            for label in plan.regimes:
                if label != plan.base:
                    _compare(plan, job.seed, label, of_seed, results)
            of_seed = {}
    return results


def _add_events(plan: Plan, seed: int, lived: dict[str, Lived], results: Results) -> None:
    """Add the tables of what happened to everyone in the worlds of one seed."""
    if plan.events:
        from singlestep.study.events import tables

        told = {label: world.told for label, world in lived.items()}
        for name, table in tables(plan.society, plan.regimes, told, plan.base, seed).items():
            results.events.setdefault(name, []).append(table)


def _compare(plan: Plan, seed: int, label: str, lived: dict[tuple[str, str], Lived], results: Results) -> None:
    """Compare a world with the base, and with other lives under the same regime, of one seed."""
    from singlestep.measures import effects
    from singlestep.measures.counts import compared
    from singlestep.measures.parting import parted
    from singlestep.study import tables
    from singlestep.study.twins import the_few

    world, base = lived[label, PLAIN], lived.get((plan.base or "", PLAIN))
    right, alone = lived.get((label, WITHOUT_ERRORS)), lived.get((label, ALONE))
    rows: dict[str, Rows] = {}
    if base is not None and base.counted is not None and world.counted is not None:
        rows |= compared(world.counted, base.counted)
        block = {"seed": seed, "world": label}
        results.add({"against_base": tables.against(block, world.months, base.months)})
        if world.followed is not None and base.followed is not None:
            parting = parted(world.followed, base.followed)
            rows |= parting.rows(plan.people)
            results.partings.setdefault(label, []).append({"seed": seed, **parting.told()})
            results.add({"partings": {**block, **parting.block()}})
        if alone is not None and alone.befell and world.befell and base.befell:
            rows |= effects.effects(world.befell, alone.befell, base.befell, the_few(plan.people), plan.years)
    if right is not None and right.followed and world.followed and world.cells is not None:
        spells, others = world.followed.spells(), right.followed.spells()
        rows["induced by error"] = effects.induced(spells, others, plan.days, world.cells)
    if rows:
        results.compared.setdefault(label, []).append(rows)


def _find_what_it_rests_on(plan: Plan, results: Results, progress: Progress | None) -> None:
    """Move every guess, and keep what that does to the headlines."""
    from singlestep.study.rests import rest

    results.rested = rest(replace(plan, exchange=None), progress)
    moves = results.rested.pop("moves")
    columns = {name: [row[name] for row in moves] for name in moves[0]} if moves else {}
    seed = {"seed": results.rested["seeds"][0], "world": columns.pop("world", [])}
    results.add({"rests_on": {**seed, **{name: _column(column) for name, column in columns.items()}}} if moves else {})


def _column(values: list[Any]) -> Any:
    """Text as it is, numbers as an array with nan for none."""
    import numpy as np

    if any(isinstance(value, str) for value in values):
        return values
    return np.array([np.nan if value is None else value for value in values], np.float64)


def each(
    tasks: list[tuple[Plan, Job]], worlds: Any, workers: int, progress: Progress | None,
    keeper: keeping.Keeper | None = None,
) -> Iterator[Lived]:
    """What each world leaves, in the order of the tasks; so many live side by side. What was kept is not lived again."""
    clock = _Clock(sum(plan.days for plan, _ in tasks), progress)
    kept = keeping.of_each(keeper, len(tasks))
    if workers == 1:
        for (plan, job), mine in zip(tasks, kept, strict=True):
            yield _world(plan, worlds, job, clock.begin(_told(plan, job)), mine)
            clock.show()
        return
    with ThreadPoolExecutor(workers) as pool:
        waiting: list[Future[Lived]] = []
        try:
            for (plan, job), mine in zip(tasks, kept, strict=True):
                waiting.append(pool.submit(_world, plan, worlds, job, clock.later(_told(plan, job)), mine))
                if len(waiting) > workers:  # so that finished worlds do not pile up
                    yield clock.wait_for(waiting)
            while waiting:
                yield clock.wait_for(waiting)
            clock.show()
        finally:
            clock.stopped.set()
            pool.shutdown(cancel_futures=True)


def each_on(
    executor: Executor, tasks: list[tuple[Plan, Job]], progress: Progress | None, keeper: keeping.Keeper | None
) -> Iterator[Lived]:
    """What each world leaves, in the order of the tasks; where and when they live is the executor's affair. What was kept is
    not lived again; what is done is kept here."""
    clock = _Clock(sum(plan.days for plan, _ in tasks), progress)
    kept = keeping.of_each(keeper, len(tasks))
    before = [mine.lived() if mine is not None else None for mine in kept]
    missing = [task for task, lived in zip(tasks, before, strict=True) if lived is None]
    waiting = [executor.submit(live_elsewhere, plan, job) for plan, job in missing]
    try:
        for number, (plan, job) in enumerate(tasks):
            lived = before[number]
            if lived is None:
                clock.text = _told(plan, job)
                lived = clock.wait_for(waiting)
                mine = kept[number]
                if mine is not None:
                    mine.keep(lived)
            clock.done += plan.days
            yield lived
        clock.show()
    finally:
        for future in waiting:
            future.cancel()


def live_elsewhere(plan: Plan, job: Job) -> Lived:
    """What one world leaves that lives in whatever process this is called in."""
    return _to_its_end(plan, world_class(), job, lambda days=1: None, None)


def _told(plan: Plan, job: Job) -> str:
    """What the progress says of a world."""
    name = plan.regimes[job.label].name
    besides = job.text if job.aside == COUNTED else job.aside
    return words.PROGRESS_WORLD.format(seed=job.seed, world=f"{name}, {besides}" if besides else name)


class _Clock:
    """Days lived by all worlds. Worlds of other threads only count; the main thread tells of it."""

    def __init__(self, total: int, progress: Progress | None) -> None:
        self.total, self.progress = total, progress
        self.done, self.text = 0, ""
        self.lock, self.stopped = threading.Lock(), threading.Event()

    def begin(self, text: str) -> Tick:
        """What a world of this thread calls each day, or with how many days it did not have to live again."""
        self.text = text
        self.show(words.PROGRESS_BEGINS.format(world=self.text))

        def tick(days: int = 1) -> None:
            self.done += days
            self.show()

        return tick

    def later(self, text: str) -> Tick:
        """What a world of another thread calls each day. Raises KeyboardInterrupt once all are to stop."""

        def tick(days: int = 1) -> None:
            with self.lock:
                self.done += days
                self.text = text
            if self.stopped.is_set():
                raise KeyboardInterrupt

        return tick

    def show(self, text: str | None = None) -> None:
        """Tell of the days lived."""
        if self.progress is not None:
            self.progress(self.done, self.total, text or self.text)

    def wait_for(self, waiting: list[Future[Lived]]) -> Lived:
        """The first of these, taken off the list, once it is there."""
        first = waiting[0]
        self.show(None if self.done else words.PROGRESS_BEGINS.format(world=words.PROGRESS))
        while not first.done():
            wait([first], PAUSE, FIRST_COMPLETED)
            self.show()
        return waiting.pop(0).result()


def _world(plan: Plan, worlds: Any, job: Job, tick: Tick, kept: keeping.Kept | None) -> Lived:
    """Let one world live to its end, and keep what it leaves; or take what was kept of it."""
    lived = kept.lived() if kept is not None else None
    if lived is not None:
        tick(plan.days)
        return lived
    try:
        lived = _to_its_end(plan, worlds, job, tick, kept)
    except OSError as error:  # of letters that lie on the disk
        if kept is None:
            raise
        raise folder.refused(error, kept.keeper.path.parent) from error
    memory.give_back_what_lies_between()  # a world of a million people left 90 MB under the tables made of it
    if kept is not None:
        kept.keep(lived)
    return lived


def _to_its_end(plan: Plan, worlds: Any, job: Job, tick: Tick, kept: keeping.Kept | None) -> Lived:
    """Let one world live to its end, from its beginning or from the last state kept of it."""
    import numpy as np

    from singlestep.measures.counts import Counted, Names
    from singlestep.measures.mobility import Transitions
    from singlestep.study.lives import look
    from singlestep.study.twins import of_honest_people, the_few, without_errors

    society, regime = plan.society, plan.regimes[job.label]
    if job.aside == WITHOUT_ERRORS:
        society, regime = of_honest_people(society), without_errors(regime)
    more: dict[str, Any] = {"shielded": ~the_few(plan.people)} if job.aside == ALONE else {}
    if plan.exchange is not None:
        more["exchange"] = plan.exchange
    if kept is not None:
        more["spool"] = kept.spool()
    threads = plan.threads if plan.workers == 1 else 1
    watched = plan.panel if job.aside == PLAIN else []
    everyone = plan.events and job.aside == PLAIN
    told = {"trace": "everyone" if everyone else watched or None, "examples": job.aside == PLAIN}

    day = kept.day() if kept is not None else 0
    turns = job.label != plan.base and day <= plan.at and plan.at > 0  # the branch is still to come
    rules = plan.regimes[plan.base] if turns and plan.base is not None else regime
    world = worlds(society, rules, plan.people, job.seed, threads=threads, follow=plan.follows, **told, **more)
    names = Names.of(society, regime)
    so_far = kept.bring_back(world, branched=plan.at > 0 and not turns) if kept is not None else None
    if so_far is None:
        so_far = SoFar([], Transitions(len(Names.of(society, rules).classes)) if plan.follows else None)
        so_far.looks += [look(world, watched)] if watched else []
    else:
        tick(world.day)
    if turns:
        from singlestep.engine.branching import branch
        from singlestep.study.branch import carried

        _live_on(world, plan.at, Names.of(society, rules), so_far, tick, kept, watched)
        before, world = world, branch(world, regime, threads)
        before.blocks.clear()
        so_far = carried(so_far, rules, regime)
    _live_on(world, plan.days, names, so_far, tick, kept, watched)
    world.finish()
    _close_month(world, so_far)
    months, moves = so_far.months, so_far.moves
    lived = Lived(*_kept(plan, world))
    if job.aside in (PLAIN, COUNTED):
        points = int(np.asarray(world.points).sum(dtype=np.int64))
        lived.counted, lived.months = Counted(names, world.tallies, plan.people, plan.years, points), months
        _measure(plan, world, regime, moves, lived)
        if job.aside == PLAIN:
            lived.state = world.state_hash()
            _tabulate(plan, world, job, moves, lived)
            _tell(plan, world, job, [*so_far.looks, look(world, watched)] if watched else [], lived)
    world.blocks.clear()  # they hold the world: without this its memory would be taken until some later collection
    return lived


def _kept(plan: Plan, world: Any) -> tuple[Followed | None, Befell | None, NDArray[np.int64] | None]:
    """What is kept of persons, where it is kept."""
    import numpy as np

    from singlestep.measures.effects import Befell, shut_days
    from singlestep.measures.parting import Followed

    if not plan.follows:
        return None, None, None
    followed = Followed.of(world)
    shut = shut_days(followed.spells(), plan.people, plan.days)
    befell = Befell(shut, np.asarray(world.need, np.int64), np.asarray(world.fear, np.int64))
    return followed, befell, np.asarray(world.income, np.int64) * 2 + np.asarray(world.minority, np.int64)


def _measure(plan: Plan, world: Any, regime: Regime, moves: Transitions | None, lived: Lived) -> None:
    """Measure a world."""
    from singlestep.measures.answerable import answerable
    from singlestep.measures.counts import measured

    assert lived.counted is not None
    lived.rows |= {**measured(lived.counted), **answerable(lived.counted)}
    if moves is not None:
        lived.rows |= {**moves.rows(), **_persons(plan, lived), **_knowing(plan, world, regime, lived)}


def _tabulate(plan: Plan, world: Any, job: Job, moves: Transitions | None, lived: Lived) -> None:
    """Make the tables of a world."""
    from singlestep.study import tables
    from singlestep.study.lives import candidates_table

    block, counted, regime = {"seed": job.seed, "world": job.label}, lived.counted, plan.regimes[job.label]
    assert counted is not None
    names = counted.names
    lived.tables |= tables.counts(block, counted.tallies, names)
    if moves is not None:
        lived.tables["transitions"] = tables.transitions(block, moves.counts, names)
    lived.tables["measures"] = tables.measures(block, lived.rows)
    lived.tables["monthly"] = tables.monthly(block, lived.months, names)
    lived.tables["classes"] = tables.classes(block, lived.months, names)
    if plan.people <= tables.MOST_PEOPLE:
        lived.tables["people"] = tables.people(block, world, regime, plan.society.city_pages)
        if lived.followed is not None:
            lived.tables["spells"] = tables.spells(block, lived.followed.spells(), names)
    lived.tables["lives"] = candidates_table(world.examples.candidates(), job.seed, job.label)


def _tell(plan: Plan, world: Any, job: Job, looks: list[NDArray[np.int64]], lived: Lived) -> None:
    """Make the tables of the panel, and keep what was traced of everyone."""
    from singlestep.study import panel

    rows = world.traced_rows()
    if plan.panel:
        lived.tables |= panel.tables({"seed": job.seed, "world": job.label}, plan.panel, rows, looks)
    lived.told = rows if plan.events else None


def _persons(plan: Plan, lived: Lived) -> dict[str, Rows]:
    """Access to services, and for how many it had not happened by the end, from what is kept of persons."""
    from singlestep.measures.counts import Ratio
    from singlestep.measures.effects import access
    from singlestep.measures.mobility import until_listed, until_open
    from singlestep.words import measures as about

    followed, cells = lived.followed, lived.cells
    assert followed is not None and cells is not None
    spells = followed.spells()
    lived.times = {
        about.FIRST_LISTING: until_listed(followed, plan.people, plan.days),
        about.REMEDY: until_open(spells.only(spells.erroneous), plan.days),
        about.OPENING: until_open(spells, plan.days),
    }
    still = {name: Ratio(int(censored.sum()), len(censored)) for name, (_, censored) in lived.times.items()}
    return {"still waiting": still, "access": access(spells, len(plan.society.services), cells, plan.days)}


def _knowing(plan: Plan, world: Any, regime: Regime, lived: Lived) -> dict[str, Rows]:
    """What people know of the rules, who has reason to approve or object, and what those whom the regime leaves out would
    have lost and gained."""
    import numpy as np

    from singlestep.measures.effects import knowledge, not_covered, reasons
    from singlestep.regime.tables import class_place
    from singlestep.study.lives import brings

    assert lived.followed is not None and lived.counted is not None and lived.cells is not None
    ever_shut = np.zeros(plan.people, bool)
    ever_shut[lived.followed.spells().person] = True
    aware, classes = np.asarray(world.awareness, np.int64), lived.counted.names.classes
    covered = np.ones(plan.people, bool)
    for trait, levels in regime.applies_to.items():
        places = [plan.society.levels_of(trait).index(level) for level in levels]
        covered &= np.isin(world.trait(trait), places)
    years = int((~covered).sum()) * plan.years
    lost, gained = (lived.counted.flow(row) for row in ("not covered lost", "not covered gained"))
    standing = world.standings()[0]
    better = np.array([brings(regime, place) for place in range(len(classes))])[standing]
    worse = ever_shut | (standing > class_place(regime, regime.points.start))
    return {
        "knowledge": knowledge(aware, standing, classes, lived.cells, ever_shut),
        **reasons(better, worse, standing, classes, lived.cells),
        "not covered": not_covered(lost, gained, years),
    }


def _wait(job: Job, lived: Lived) -> None:
    """Make the table of waiting times."""
    from singlestep.measures.mobility import kaplan_meier
    from singlestep.study import tables

    if lived.times:
        curves = {name: kaplan_meier(*times) for name, times in lived.times.items()}
        lived.tables["waiting"] = tables.waiting({"seed": job.seed, "world": job.label}, curves)


def _live_on(
    world: Any, until: int, names: Names, so_far: SoFar, tick: Tick, kept: keeping.Kept | None, watched: list[int]
) -> None:
    """Live up to a day. Stocks are counted on the first, when everyone settles: they show the end of the month before."""
    from singlestep.study.lives import live_a_day
    from singlestep.study.tables import Month, act_kinds

    kinds = act_kinds(names)
    while world.day < until:
        live_a_day(world, watched, so_far.looks)
        tick()
        if is_first_of_month(world.day - 1) and so_far.months:
            _close_month(world, so_far)
        if is_first_of_month(world.day):
            so_far.months.append(Month.of(world.tallies, kinds))
        if kept is not None:
            kept.look(world, so_far)


def _close_month(world: Any, so_far: SoFar) -> None:
    """Add the stocks of a month's end to what was counted of it."""
    so_far.months[-1] = so_far.months[-1].with_stocks_of(world.tallies)
    if so_far.moves is not None:
        so_far.moves.add(world.standings()[0])


# After ---------------------------------------------------------------------------------------------------------------
def _summary(plan: Plan, results: Results) -> dict[str, Any]:
    counted = summary.measures(results.rows, plan.base, results.compared)
    told = {
        "format": summary.FORMAT,
        "singlestep": version(),
        "kind": plan.kind,
        "cautions": plan.cautions(),
        "worlds": [{"label": label, **_about(rules)} for label, rules in plan.regimes.items()],
        "base": plan.base,
        "society": _about(plan.society),
        "people": plan.people,
        "years": plan.years,
        "seeds": plan.seeds,
        "partings": results.partings,
        "measures": counted,
        "disparities": summary.disparities(counted),
        "rests_on": results.rested,
        "states": results.states,
        "citations": list(dict.fromkeys(cite for file in plan.inputs.values() for cite in citations(file))),
    }
    if results.rested is None:
        from singlestep.study.rests import beforehand

        told["rests_on"] = beforehand(told)
    return told


def _about(file: File) -> dict[str, Any]:
    entries = confidence_counts(file)
    return {"name": file.name, "words": file.words, "sha256": _hash(_resolved(file)), "entries": entries}


def _frames(results: Results) -> dict[str, polars.DataFrame]:
    import polars as pl

    from singlestep.study.tables import frame

    tables = {name: frame(results.blocks.pop(name)) for name in sorted(results.blocks)}
    return tables | {name: pl.concat(results.events.pop(name)) for name in sorted(results.events)}


def _stories(plan: Plan, tables: dict[str, polars.DataFrame], executor: Executor | None) -> list[dict[str, Any]]:
    """Lives of the first seed and the first world that is not the base: one of each kind, or a few of the panel."""
    from singlestep.study.telling import Telling, one_of_each, some_of_the_panel

    telling = Telling.of_plan(plan)
    if plan.stories:
        return [story.plain() for story in one_of_each(telling, tables["lives"], executor)]
    return [story.plain() for story in some_of_the_panel(telling, (tables["panel"], tables["panel_months"]))]


def _parquet(table: polars.DataFrame) -> bytes:
    data = io.BytesIO()
    table.write_parquet(data, statistics=True)
    return data.getvalue()


def _manifest(plan: Plan) -> dict[str, Any]:
    return {
        "kind": plan.kind,
        "cautions": plan.cautions(),
        "command": plan.command_line(),
        "worlds": [{"label": label, "regime": rules.name} for label, rules in plan.regimes.items()],
        "base": plan.base,
        "versions": {"singlestep": version(), "python": platform.python_version(), **_versions()},
        "parameters": {
            "regimes": {label: plan.given[label] for label in plan.regimes},
            "society": plan.given["society"],
            "people": plan.people,
            "years": plan.years,
            "threads": plan.threads,
            "events": plan.events,
            "stories": plan.stories,
            "asides": list(plan.asides),
            "same_seeing": plan.same_seeing,
            "rests": plan.rests,
            "at": plan.at,
            "checkpoint": plan.checkpoint,
        },
        "seeds": plan.seeds,
        "inputs": {
            role: {"name": file.name, "files": _hashes(plan.files[role]), "sha256": _hash(text), "resolved": text}
            for role, file in plan.inputs.items()
            for text in [_resolved(file)]
        },
    }


def _resolved(file: File) -> str:
    """What a file says once everything it builds on has been followed, as JSON text."""
    return file.model_dump_json(by_alias=True, exclude_unset=True)


def _hashes(files: list[Path]) -> dict[str, str]:
    """SHA-256 of each file by its bare name."""
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def version() -> str:
    """The version of the program."""
    import singlestep

    return singlestep.__version__


def _versions() -> dict[str, str | None]:
    found: dict[str, str | None] = {}
    for package in PACKAGES:
        try:
            found[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            found[package] = None
    return found


def _moment(seconds: float) -> str:
    return datetime.datetime.fromtimestamp(seconds, datetime.UTC).isoformat(timespec="seconds")
