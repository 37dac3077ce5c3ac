"""One regime beside its twin: the same made-up people, seed by seed, counted and written into a run folder."""

from __future__ import annotations

import datetime
import hashlib
import html
import io
import platform
import shlex
import time
from collections.abc import Callable
from dataclasses import dataclass, field
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

if TYPE_CHECKING:
    import polars

    from singlestep.measures.counts import Counted, Names, Rows
    from singlestep.study.tables import Block, Month

TWIN = "ordinary-law"
FLOOR = "none"  # the twin of ordinary law itself
PACKAGES = ("numpy", "numba", "polars")

Progress = Callable[[int, int, str], None]  # days lived, days in all, which world
File = Regime | Society


class Run:
    """A finished run: its folder, its summary, and its tables as polars DataFrames, also as attributes."""

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
        """The main findings in sentences, each with its numerator and denominator, beside the twin."""
        return summary.findings(self.summary)

    def cautions(self) -> list[str]:
        """What must be said wherever these numbers are shown."""
        return list(self.summary["cautions"])

    def citations(self) -> list[str]:
        """The sources that the regime, its twin and the society cite."""
        return list(self.summary["citations"])

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
    out: str | Path | None = None,
    progress: Progress | None = None,
) -> Run:
    """Let made-up people live under a regime, beside the same people under the twin regime, and write a run folder.

    `regime` and `society` are shipped names or paths of files. Seeds are `seed` to `seed` + `seeds` - 1. The twin is
    `ordinary-law`, or `none` for ordinary law itself; False leaves it out. `threads` changes the time, not the result.
    `progress` is called with days lived, days in all and a label. Raises `singlestep.regime.complaints.Refused` when an
    argument, a file, the memory or the disk does not let the run be; a folder left by then says that it is incomplete.
    """
    plan = _plan(regime, society, people, years, seed, seeds, threads, twin)
    worlds = _world_class()
    arguments.check_memory(plan.people, lambda number: plan.memory(worlds, number))
    return _carry_out(plan, worlds, out, progress)


@dataclass(frozen=True)
class _Plan:
    """What is to be run, checked and loaded."""

    society: Society
    regimes: dict[str, Regime]  # "regime" and, unless left out, "twin"
    people: int
    years: int
    seeds: list[int]
    threads: int
    given: dict[str, str]  # regime and society as the caller wrote them
    files: dict[str, list[Path]]  # what they and the twin were read from

    @property
    def days(self) -> int:
        return arguments.DAYS_A_YEAR * self.years

    def memory(self, worlds: Any, people: int) -> int:
        """Bytes the run takes with so many people: one world at a time."""
        days = self.days
        return max(int(worlds.forecast(self.society, rules, people, days)["memory"]) for rules in self.regimes.values())

    @property
    def inputs(self) -> dict[str, File]:
        """The files by their role: society, regime, twin."""
        return {"society": self.society, **self.regimes}

    def cautions(self) -> list[str]:
        """What every output of this run says."""
        known = [confidence_counts(file) for file in self.inputs.values()]
        guesses, entries = sum(counts["guess"] for counts in known), sum(sum(counts.values()) for counts in known)
        return summary.cautions(len(self.seeds), guesses, entries)

    def default_folder(self) -> str:
        return f"{self.regimes['regime'].name}-{self.society.name}-{self.people}-seed{self.seeds[0]}"

    def command(self) -> str:
        """The command that makes this run."""
        parts = ["singlestep", "run", self.given["regime"], "--society", self.given["society"]]
        parts += ["--people", str(self.people), "--years", str(self.years), "--seed", str(self.seeds[0])]
        parts += ["--seeds", str(len(self.seeds)), "--threads", str(self.threads)]
        return shlex.join(parts if "twin" in self.regimes else [*parts, "--no-twin"])


@dataclass
class _Results:
    """What has been counted so far, seed by seed."""

    rows: dict[str, list[dict[str, Rows]]] = field(default_factory=dict)  # by world
    compared: list[dict[str, Rows]] = field(default_factory=list)
    blocks: dict[str, list[Block]] = field(default_factory=dict)  # by table

    def add(self, tables: dict[str, Block]) -> None:
        for name, block in tables.items():
            self.blocks.setdefault(name, []).append(block)


# Before --------------------------------------------------------------------------------------------------------------
def _plan(regime: Any, society: Any, people: Any, years: Any, seed: Any, seeds: Any, threads: Any, twin: Any) -> _Plan:
    number = arguments.check_people(people)
    span = arguments.check_between(years, "years", 1, arguments.MOST_YEARS)
    numbers = arguments.check_seeds(seed, seeds)
    workers = arguments.check_between(threads, "threads", 1, arguments.MOST_THREADS)
    town, written = _society(society)
    files = {"society": written}
    regimes: dict[str, Regime] = {}
    regimes["regime"], files["regime"] = _regime(regime, "regime", town)
    if twin is not False:
        usual = FLOOR if regimes["regime"].name == TWIN else TWIN
        regimes["twin"], files["twin"] = _regime(usual if twin is True else twin, "twin", town)
    given = {"regime": _as_given(regime), "society": _as_given(society)}
    return _Plan(town, regimes, number, span, numbers, workers, given, files)


def _society(society: Any) -> tuple[Society, list[Path]]:
    if isinstance(society, Society):
        return society, []
    return _load_society(arguments.check_name(society, "society"))


def _regime(regime: Any, name: str, society: Society) -> tuple[Regime, list[Path]]:
    if isinstance(regime, Regime):
        return regime, []
    return _load_regime(arguments.check_name(regime, name), society)


def _as_given(file: Any) -> str:
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
    from singlestep.engine.world import World

    return World


# The run -------------------------------------------------------------------------------------------------------------
def _carry_out(plan: _Plan, worlds: Any, out: str | Path | None, progress: Progress | None) -> Run:
    path = folder.new_folder(out, plan.default_folder())
    try:
        return _written(plan, worlds, path, progress)
    except KeyboardInterrupt:
        raise Stopped(path) from None


def _written(plan: _Plan, worlds: Any, path: Path, progress: Progress | None) -> Run:
    started = time.time()
    manifest = _manifest(plan)
    under_way = folder.Folder(path, {**manifest, "started": _moment(started)})
    results = _live(plan, worlds, progress)
    told = _summary(plan, results)
    tables = _frames(results)
    under_way.write("summary.json", folder.as_json(told))
    for name, table in tables.items():
        under_way.write(f"{name}.parquet", _parquet(table))
    ended = time.time()
    times = {"started": _moment(started), "ended": _moment(ended), "seconds": round(ended - started, 3)}
    return Run(path, told, under_way.finish({**manifest, **times}), tables)


def _live(plan: _Plan, worlds: Any, progress: Progress | None) -> _Results:
    from singlestep.measures.counts import compared

    results = _Results()
    total, done = plan.days * len(plan.seeds) * len(plan.regimes), 0
    for seed in plan.seeds:
        counted: dict[str, Counted] = {}
        for label, regime in plan.regimes.items():
            text = words.PROGRESS_WORLD.format(seed=seed, world=regime.name)
            if progress is not None:
                progress(done, total, words.PROGRESS_BEGINS.format(world=text))

            def tick(day: int, before: int = done, text: str = text) -> None:
                if progress is not None:
                    progress(before + day, total, text)

            counted[label] = _world(plan, worlds, label, seed, results, tick)
            done += plan.days
        if "twin" in counted:
            results.compared.append(compared(counted["regime"], counted["twin"]))
    return results


def _world(plan: _Plan, worlds: Any, label: str, seed: int, results: _Results, tick: Callable[[int], None]) -> Counted:
    """Let one world live to its end, and add its tables to the results. No more than one world is held at a time."""
    import numpy as np

    from singlestep.measures.counts import Counted, Names, measured
    from singlestep.study import tables

    regime, block = plan.regimes[label], {"seed": seed, "world": label}
    names = Names.of(plan.society, regime)
    world = worlds(plan.society, regime, plan.people, seed, threads=plan.threads)
    months = _months(world, plan.years, names, tick)
    points = int(np.asarray(world.points, np.int64).sum())
    counted = Counted(names, world.tallies, plan.people, plan.years, points)
    rows = measured(counted)
    results.rows.setdefault(label, []).append(rows)
    results.add({"measures": tables.measures(block, rows), "monthly": tables.monthly(block, months, names)})
    results.add({"classes": tables.classes(block, months, names), **tables.counts(block, counted.tallies, names)})
    if plan.people <= tables.MOST_PEOPLE:
        results.add({"people": tables.people(block, world, regime, plan.society.city_pages)})
    return counted


def _months(world: Any, years: int, names: Names, tick: Callable[[int], None]) -> list[Month]:
    """Live all days. Stocks are counted on the first, when everyone settles: they show the end of the month before."""
    from singlestep.study.tables import Month, act_kinds

    kinds = act_kinds(names)
    months: list[Month] = []
    for length in MONTH_DAYS * years:
        for day in range(length):
            world.step()
            tick(int(world.day))
            if day == 0 and months:
                months[-1] = months[-1].with_stocks_of(world.tallies)
        months.append(Month.of(world.tallies, kinds))
    world.finish()
    months[-1] = months[-1].with_stocks_of(world.tallies)
    return months


# After ---------------------------------------------------------------------------------------------------------------
def _summary(plan: _Plan, results: _Results) -> dict[str, Any]:
    about = {role: _about(file) for role, file in plan.inputs.items()}
    return {
        "format": summary.FORMAT,
        "singlestep": _version(),
        "cautions": plan.cautions(),
        "regime": about["regime"],
        "twin": about.get("twin"),
        "society": about["society"],
        "people": plan.people,
        "years": plan.years,
        "seeds": plan.seeds,
        "measures": summary.measures(results.rows["regime"], results.rows.get("twin"), results.compared),
        "citations": list(dict.fromkeys(cite for file in plan.inputs.values() for cite in citations(file))),
    }


def _about(file: File) -> dict[str, Any]:
    entries = confidence_counts(file)
    return {"name": file.name, "words": file.words, "sha256": _hash(_resolved(file)), "entries": entries}


def _frames(results: _Results) -> dict[str, polars.DataFrame]:
    from singlestep.study.tables import frame

    return {name: frame(results.blocks.pop(name)) for name in sorted(results.blocks)}


def _parquet(table: polars.DataFrame) -> bytes:
    data = io.BytesIO()
    table.write_parquet(data, statistics=True)
    return data.getvalue()


def _manifest(plan: _Plan) -> dict[str, Any]:
    return {
        "cautions": plan.cautions(),
        "command": plan.command(),
        "versions": {"singlestep": _version(), "python": platform.python_version(), **_versions()},
        "parameters": {
            "regime": plan.given["regime"],
            "twin": plan.regimes["twin"].name if "twin" in plan.regimes else None,
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
