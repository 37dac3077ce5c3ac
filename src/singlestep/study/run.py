"""Worlds of the same made-up people, seed by seed, counted and written into a run folder: a regime beside its twin, or
several regimes beside each other (`compare`). What differs is only which worlds there are and how they are labelled."""

from __future__ import annotations

import datetime
import gc
import hashlib
import html
import io
import platform
import shlex
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field, replace
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

from singlestep.engine.calendar import MONTH_DAYS
from singlestep.regime.provenance import confidence_counts
from singlestep.regime.schema import Regime
from singlestep.society.schema import Society
from singlestep.study import arguments, folder, summary
from singlestep.study.provenance import citations
from singlestep.words import commands as words
from singlestep.words import findings as finding_words
from singlestep.words import stories as story_words

if TYPE_CHECKING:
    import polars

    from singlestep.measures.counts import Counted, Names, Rows
    from singlestep.measures.parting import Followed
    from singlestep.study.events import Events
    from singlestep.study.stories import Story
    from singlestep.study.tables import Block, Month

TWIN = "ordinary-law"
FLOOR = "none"  # the twin of ordinary law itself
REGIME_LABEL, TWIN_LABEL = "regime", "twin"  # of the worlds of a run
SIDE_BY_SIDE = 262_144  # people; larger worlds are several blocks, which threads share
MOST_FOLLOWED = 1_000_000  # people whose acts and doors are compared between worlds
FOLLOWED_BYTES = 32  # a person, for each world of a seed; its changes included
EVENT_BYTES = 3_000  # a person and year, in each world
PAUSE = 0.1  # seconds between two looks at worlds that live side by side
LONGEST_NAME = 80  # of the regimes in a folder's name
PACKAGES = ("numpy", "numba", "polars")

Progress = Callable[[int, int, str], None]  # days lived, days in all, which world
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

    def citations(self) -> list[str]:
        """The sources that the regimes and the society cite."""
        return list(self.summary["citations"])

    def report(self, path: str | Path | None = None) -> Path:
        """Write the report, one HTML file that needs no network, into the run folder or as the file `path`."""
        from singlestep.report import write_report

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
    out: str | Path | None = None,
    progress: Progress | None = None,
) -> Run:
    """Let made-up people live under a regime, beside the same people under the twin regime, and write a run folder.

    `regime` and `society` are shipped names or paths of files. Seeds are `seed` to `seed` + `seeds` - 1. The twin is
    `ordinary-law`, or `none` for ordinary law itself; False leaves it out. `threads` changes the time, not the result.
    With `events` every record and decision has a row (see `Run.events`); with `stories` a life of each kind is told.
    `progress` is called with days lived, days in all and a label. Raises `singlestep.regime.complaints.Refused` when an
    argument, a file, the memory or the disk does not let the run be; a folder left by then says that it is incomplete.
    """
    settings = checked(people, years, seed, seeds, threads)
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

    kind: str  # "run" or "compare"
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

    @property
    def days(self) -> int:
        return arguments.DAYS_A_YEAR * self.years

    @property
    def follows(self) -> bool:
        """Whether it is kept who does what, so that persons can be compared."""
        return self.people <= MOST_FOLLOWED

    @property
    def workers(self) -> int:
        """How many worlds live side by side: small ones, which could not use several threads."""
        return min(self.threads, len(self.regimes) * len(self.seeds)) if self.people <= SIDE_BY_SIDE else 1

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

    def memory(self, worlds: Any, people: int) -> int:
        """Bytes this takes with so many people: as many worlds at a time as live side by side."""
        days = self.days
        told = [worlds.forecast(self.society, rules, people, days) for rules in self.regimes.values()]
        threads = self.threads if self.workers == 1 else 1
        more = [min(threads, parts.get("blocks", 1)) - 1 for parts in told]
        most = max(parts["memory"] + count * parts.get("scratch", 0) for parts, count in zip(told, more, strict=True))
        most = self.workers * most + (FOLLOWED_BYTES * people * len(self.regimes) if people <= MOST_FOLLOWED else 0)
        return most + self.events * EVENT_BYTES * people * self.years * len(self.regimes) * len(self.seeds)

    @property
    def inputs(self) -> dict[str, File]:
        """The files by their role: society, and each world's label."""
        return {"society": self.society, **self.regimes}

    def cautions(self) -> list[str]:
        """What every output of this run says."""
        known = [confidence_counts(file) for file in self.inputs.values()]
        guesses, entries = sum(counts["guess"] for counts in known), sum(sum(counts.values()) for counts in known)
        return summary.cautions(len(self.seeds), guesses, entries)

    def default_folder(self) -> str:
        names = [rules.name for rules in self.regimes.values()] if self.kind == "compare" else [self.first.name]
        return f"{'-'.join(names)[:LONGEST_NAME]}-{self.society.name}-{self.people}-seed{self.seeds[0]}"

    @property
    def first(self) -> Regime:
        """The regime named first."""
        return next(iter(self.regimes.values()))

    def command_line(self) -> str:
        """The command that makes this run."""
        parts = ["singlestep", *self.command, "--society", self.given["society"]]
        parts += ["--people", str(self.people), "--years", str(self.years), "--seed", str(self.seeds[0])]
        parts += ["--seeds", str(len(self.seeds)), "--threads", str(self.threads)]
        return shlex.join([*parts, *(["--events"] if self.events else [])])


@dataclass
class Lived:
    """What one world leaves: its measures, its tables, and what comparing it with others needs."""

    counted: Counted
    rows: dict[str, Rows]
    tables: dict[str, Block]
    followed: Followed | None
    told: Any  # rows traced of everyone, or None


@dataclass
class Results:
    """What has been counted so far, seed by seed."""

    rows: dict[str, list[dict[str, Rows]]] = field(default_factory=dict)  # by world
    compared: dict[str, list[dict[str, Rows]]] = field(default_factory=dict)  # by world, against the base
    partings: dict[str, list[dict[str, Any]]] = field(default_factory=dict)  # by world, against the base
    blocks: dict[str, list[Block]] = field(default_factory=dict)  # by table
    events: dict[str, list[polars.DataFrame]] = field(default_factory=dict)  # by table

    def add(self, tables: dict[str, Block]) -> None:
        for name, block in tables.items():
            self.blocks.setdefault(name, []).append(block)


# Before --------------------------------------------------------------------------------------------------------------
def checked(people: Any, years: Any, seed: Any, seeds: Any, threads: Any) -> dict[str, Any]:
    """The numbers of a run, as fields of a `Plan`. Raises `Refused`."""
    return {
        "people": arguments.check_people(people),
        "years": arguments.check_between(years, "years", 1, arguments.MOST_YEARS),
        "seeds": arguments.check_seeds(seed, seeds),
        "threads": arguments.check_between(threads, "threads", 1, arguments.MOST_THREADS),
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
    """A society and the file it is written in."""
    from singlestep.regime.loader import SOCIETIES, load_society, shipped

    society = load_society(name)
    return society, [SOCIETIES / f"{name}.yaml" if name in shipped()["societies"] else Path(name)]


def _world_class() -> Any:
    from singlestep.engine import compiling
    from singlestep.engine.world import World
    from singlestep.study import old_code

    old_code.clear(compiling.cache_folder())
    return World


# The run -------------------------------------------------------------------------------------------------------------
def carry_out(plan: Plan, out: str | Path | None, progress: Progress | None) -> Run:
    """Live all worlds of the plan and write the run folder. Raises `Refused`, and `Stopped` on Ctrl-C."""
    worlds = _world_class()
    if plan.events:
        from singlestep.study.events import check_size

        check_size(plan.people, plan.years, len(plan.regimes) * len(plan.seeds))
    arguments.check_memory(plan.people, lambda number: plan.memory(worlds, number))
    path = folder.new_folder(out, plan.default_folder())
    try:
        return _written(plan, worlds, path, progress)
    except KeyboardInterrupt:
        raise Stopped(path) from None


def _written(plan: Plan, worlds: Any, path: Path, progress: Progress | None) -> Run:
    started = time.time()
    manifest = _manifest(plan)
    under_way = folder.Folder(path, {**manifest, "started": _moment(started)})
    results = _live(plan, worlds, progress)
    told = _summary(plan, results)
    tables = _frames(results)
    under_way.write("summary.json", folder.as_json(told))
    if plan.stories:
        if progress is not None:
            worlds_lived = plan.days * len(plan.regimes) * len(plan.seeds)
            progress(worlds_lived, worlds_lived, story_words.PROGRESS_STORIES)
        under_way.write("stories.json", folder.as_json(_stories(plan, tables["lives"])))
    for name, table in tables.items():
        under_way.write(f"{name}.parquet", _parquet(table))
    ended = time.time()
    times = {"started": _moment(started), "ended": _moment(ended), "seconds": round(ended - started, 3)}
    return Run(path, told, under_way.finish({**manifest, **times}), tables)


def _live(plan: Plan, worlds: Any, progress: Progress | None) -> Results:
    results = Results()
    jobs = [(seed, label) for seed in plan.seeds for label in plan.regimes]
    of_seed: dict[str, Lived] = {}
    for (seed, label), lived in zip(jobs, _each(plan, worlds, jobs, progress), strict=True):
        results.rows.setdefault(label, []).append(lived.rows)
        results.add(lived.tables)
        of_seed[label] = lived
        if len(of_seed) == len(plan.regimes):
            _compare(plan, seed, of_seed, results)
            _add_events(plan, seed, of_seed, results)
            of_seed = {}
    return results


def _add_events(plan: Plan, seed: int, lived: dict[str, Lived], results: Results) -> None:
    """Add the tables of what happened to everyone in the worlds of one seed."""
    if plan.events:
        from singlestep.study.events import tables

        told = {label: world.told for label, world in lived.items()}
        for name, table in tables(plan.society, plan.regimes, told, plan.base, seed).items():
            results.events.setdefault(name, []).append(table)


def _compare(plan: Plan, seed: int, lived: dict[str, Lived], results: Results) -> None:
    """Compare the worlds of one seed with their base."""
    from singlestep.measures.counts import compared
    from singlestep.measures.parting import parted

    if plan.base is None:
        return
    base = lived[plan.base]
    for label, world in lived.items():
        if label == plan.base:
            continue
        rows = compared(world.counted, base.counted)
        if world.followed is not None and base.followed is not None:
            parting = parted(world.followed, base.followed)
            rows.update(parting.rows(plan.people))
            results.partings.setdefault(label, []).append({"seed": seed, **parting.told()})
            results.add({"partings": {"seed": seed, "world": label, **parting.block()}})
        results.compared.setdefault(label, []).append(rows)


def _each(
    plan: Plan, worlds: Any, jobs: list[tuple[int, str]], progress: Progress | None
) -> Iterator[Lived]:
    """What each world leaves, in the order of the jobs. Worlds live side by side where the plan says so."""
    clock = _Clock(plan.days * len(jobs), progress)
    if plan.workers == 1:
        for seed, label in jobs:
            yield _world(plan, worlds, label, seed, clock.begin(seed, plan.regimes[label].name))
            clock.show()
        return
    with ThreadPoolExecutor(plan.workers) as pool:
        waiting: list[Future[Lived]] = []
        try:
            ahead = iter(jobs)
            for seed, label in ahead:
                waiting.append(pool.submit(_world, plan, worlds, label, seed, clock.later(seed, plan.regimes[label].name)))
                if len(waiting) > plan.workers:  # so that finished worlds do not pile up
                    yield clock.wait_for(waiting)
            while waiting:
                yield clock.wait_for(waiting)
            clock.show()
        finally:
            clock.stopped.set()
            pool.shutdown(cancel_futures=True)


class _Clock:
    """Days lived by all worlds. Worlds of other threads only count; the main thread tells of it."""

    def __init__(self, total: int, progress: Progress | None) -> None:
        self.total, self.progress = total, progress
        self.done, self.text = 0, ""
        self.lock, self.stopped = threading.Lock(), threading.Event()

    def begin(self, seed: int, name: str) -> Callable[[], None]:
        """What a world of this thread calls each day."""
        self.text = words.PROGRESS_WORLD.format(seed=seed, world=name)
        self.show(words.PROGRESS_BEGINS.format(world=self.text))

        def tick() -> None:
            self.done += 1
            self.show()

        return tick

    def later(self, seed: int, name: str) -> Callable[[], None]:
        """What a world of another thread calls each day. Raises KeyboardInterrupt once all are to stop."""
        text = words.PROGRESS_WORLD.format(seed=seed, world=name)

        def tick() -> None:
            with self.lock:
                self.done += 1
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


def _world(plan: Plan, worlds: Any, label: str, seed: int, tick: Callable[[], None]) -> Lived:
    """Let one world live to its end, and keep its tables."""
    import numpy as np

    from singlestep.measures.counts import Counted, Names, measured
    from singlestep.measures.parting import Followed
    from singlestep.study import tables
    from singlestep.study.lives import candidates_table

    regime, block = plan.regimes[label], {"seed": seed, "world": label}
    names = Names.of(plan.society, regime)
    threads = plan.threads if plan.workers == 1 else 1
    gc.collect()  # the world before this one is held by its own blocks, and would take its memory twice
    trace = "everyone" if plan.events else None
    world = worlds(
        plan.society, regime, plan.people, seed, threads=threads, follow=plan.follows, trace=trace, examples=True
    )
    months = _months(world, plan.years, names, tick)
    points = int(np.asarray(world.points, np.int64).sum())
    counted = Counted(names, world.tallies, plan.people, plan.years, points)
    rows = measured(counted)
    kept = {"measures": tables.measures(block, rows), "monthly": tables.monthly(block, months, names)}
    kept |= {"classes": tables.classes(block, months, names), **tables.counts(block, counted.tallies, names)}
    followed = Followed.of(world) if plan.follows else None
    if plan.people <= tables.MOST_PEOPLE:
        kept["people"] = tables.people(block, world, regime, plan.society.city_pages)
        if followed is not None:
            kept["spells"] = tables.spells(block, followed.spells(), names)
    kept["lives"] = candidates_table(world.examples.candidates(), seed, label)
    return Lived(counted, rows, kept, followed, world.traced_rows() if plan.events else None)


def _months(world: Any, years: int, names: Names, tick: Callable[[], None]) -> list[Month]:
    """Live all days. Stocks are counted on the first, when everyone settles: they show the end of the month before."""
    from singlestep.study.tables import Month, act_kinds

    kinds = act_kinds(names)
    months: list[Month] = []
    for length in MONTH_DAYS * years:
        for day in range(length):
            world.step()
            tick()
            if day == 0 and months:
                months[-1] = months[-1].with_stocks_of(world.tallies)
        months.append(Month.of(world.tallies, kinds))
    world.finish()
    months[-1] = months[-1].with_stocks_of(world.tallies)
    return months


# After ---------------------------------------------------------------------------------------------------------------
def _summary(plan: Plan, results: Results) -> dict[str, Any]:
    return {
        "format": summary.FORMAT,
        "singlestep": _version(),
        "kind": plan.kind,
        "cautions": plan.cautions(),
        "worlds": [{"label": label, **_about(rules)} for label, rules in plan.regimes.items()],
        "base": plan.base,
        "society": _about(plan.society),
        "people": plan.people,
        "years": plan.years,
        "seeds": plan.seeds,
        "partings": results.partings,
        "measures": summary.measures(results.rows, plan.base, results.compared),
        "citations": list(dict.fromkeys(cite for file in plan.inputs.values() for cite in citations(file))),
    }


def _about(file: File) -> dict[str, Any]:
    entries = confidence_counts(file)
    return {"name": file.name, "words": file.words, "sha256": _hash(_resolved(file)), "entries": entries}


def _frames(results: Results) -> dict[str, polars.DataFrame]:
    from singlestep.study.tables import frame

    tables = {name: frame(results.blocks.pop(name)) for name in sorted(results.blocks)}
    return tables | {name: _one_below_the_other(results.events.pop(name)) for name in sorted(results.events)}


def _one_below_the_other(parts: list[polars.DataFrame]) -> polars.DataFrame:
    import polars as pl

    return pl.concat(parts)


def _stories(plan: Plan, candidates: polars.DataFrame) -> list[dict[str, Any]]:
    """A life of each kind, of the first seed and the first world that is not the base."""
    from singlestep.study.telling import Telling, one_of_each

    telling = Telling.of_plan(plan)
    return [story.plain() for story in one_of_each(telling, candidates)]


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
        "versions": {"singlestep": _version(), "python": platform.python_version(), **_versions()},
        "parameters": {
            "regimes": {label: plan.given[label] for label in plan.regimes},
            "society": plan.given["society"],
            "people": plan.people,
            "years": plan.years,
            "threads": plan.threads,
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


def _version() -> str:
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
