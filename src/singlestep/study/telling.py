"""Stories of a run: who is told about, the worlds lived again with them traced, and the story made of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from singlestep.quantities import DAYS_A_YEAR
from singlestep.regime.complaints import Refused, complain, show
from singlestep.regime.schema import Regime
from singlestep.society.schema import Society
from singlestep.study import arguments, folder
from singlestep.study.lives import Life, Pair, Tick, relive, shows
from singlestep.study.stories import Story, Where, from_plain, tell
from singlestep.words import stories as words

if TYPE_CHECKING:
    import polars

KINDS = tuple(kind for kind in words.KINDS if kind)
FROM_PANEL = 3  # stories that are told of the panel when a run is made, as many as a report shows


@dataclass(frozen=True)
class Telling:
    """What stories of a run are made from: its worlds, and the candidates that it kept."""

    society: Society
    regimes: dict[str, Regime]  # by label
    base: str | None
    people: int
    years: int
    seeds: list[int]
    given: dict[str, Any]  # regimes as the caller wrote them, by label
    candidates: Any  # the table `lives`, or None
    standing: Any  # the table `people`, or None
    panel: tuple[Any, Any] | None = None  # the tables `panel` and `panel_months`
    seconds: float | None = None  # that one world took
    threads: int = 1
    ready: tuple[Story, ...] = ()  # told when the run was made, of its first seed and first world that is not the base

    @classmethod
    def of_plan(cls, plan: Any) -> Telling:
        """Of a run under way."""
        given = {label: plan.given[label] for label in plan.regimes}
        return cls(
            plan.society, plan.regimes, plan.base, plan.people, plan.years, plan.seeds, given, None, None,
            threads=plan.threads,
        )  # fmt: skip

    @classmethod
    def of_folder(cls, path: str | Path) -> Telling:
        """Of a finished run, from what its manifest says was run. Raises `Refused` for a folder that is not whole."""
        opened = folder.open_folder(path)
        manifest, told = opened.manifest, opened.summary
        tables = opened.tables
        if manifest.get("kind") == "branch":
            raise Refused([complain(words.BRANCHED, str(opened.path), 0)])
        try:
            inputs, labels = manifest["inputs"], [world["label"] for world in manifest["worlds"]]
            worlds = len(labels) * len(told["seeds"])
            return cls(
                society=Society.model_validate_json(inputs["society"]["resolved"]),
                regimes={label: Regime.model_validate_json(inputs[label]["resolved"]) for label in labels},
                base=manifest["base"],
                people=arguments.check_people(told["people"]),
                years=arguments.check_between(told["years"], "years", 1, arguments.MOST_YEARS),
                seeds=[arguments.check_between(seed, "seed", 0, arguments.HIGHEST_SEED) for seed in told["seeds"]],
                given=manifest["parameters"]["regimes"],
                candidates=tables.get("lives"),
                standing=tables.get("people"),
                panel=(tables["panel"], tables["panel_months"]) if "panel" in tables and "panel_months" in tables else None,
                seconds=float(manifest.get("seconds", 0)) * _workers(manifest) / worlds,
                threads=arguments.check_between(manifest["parameters"]["threads"], "threads", 1, arguments.MOST_THREADS),
                ready=tuple(from_plain(opened.other("stories.json"))),
            )
        except (ValueError, KeyError, TypeError, ZeroDivisionError) as error:  # a forged manifest
            raise Refused([complain(words.NOT_A_RUN, str(opened.path), 0)]) from error

    @property
    def days(self) -> int:
        """Days of each world."""
        return DAYS_A_YEAR * self.years

    def takes(
        self, person: int | None = None, *, pick: str | None = None, seed: int | None = None, world: str | None = None
    ) -> str | None:
        """What a story is told from, in words: what was traced while the run was made, or else worlds lived again, and how
        long that takes. None if it cannot be said, or if the story has been told already."""
        if self.already(person, pick, seed, world) is not None:
            return None
        members = self.members()
        if person in members:
            return words.FROM_PANEL.format(person=person, count=len(members))
        if self.seconds is None:
            return None
        worlds = len(self.side_by_side(self.label(world)))
        seconds = max(1, round(worlds * self.seconds / min(self.threads, worlds)))
        takes = words.TAKES.format(worlds=words.counted(worlds, words.WORLDS), seconds=seconds)
        at_once = words.AT_ONCE.format(persons=words.joined([str(one) for one in members])) if members else ""
        return takes + at_once

    def already(self, person: int | None, pick: str | None, seed: int | None, world: str | None) -> Story | None:
        """The story asked for, if it was told when the run was made."""
        if seed not in (None, self.seeds[0]) or world not in (None, self.label(None)):
            return None
        asked = (story for story in self.ready if person == story.person or pick == story.kind != "")
        return next(asked, None)

    def label(self, world: str | None) -> str:
        """The world meant: the one named, or the first that is not the base. Raises `Refused`."""
        if world is None:
            return next((label for label in self.regimes if label != self.base), next(iter(self.regimes)))
        if world not in self.regimes:
            raise Refused([complain(words.NO_SUCH_WORLD, "world", 0, value=show(world), known=", ".join(self.regimes))])
        return world

    def side_by_side(self, label: str) -> dict[str, Regime]:
        """The world meant and the one it is compared with."""
        labels = [label] if self.base is None or label == self.base else [label, self.base]
        return {name: self.regimes[name] for name in labels}

    def story(
        self,
        person: int | None = None,
        *,
        pick: str | None = None,
        seed: int | None = None,
        world: str | None = None,
        tick: Tick | None = None,
    ) -> Story:
        """One life: this person's, or the first candidate's of a kind whose life shows it. What was told when the run was
        made is told again, who was traced then is told from that; for anybody else the worlds are lived again. Raises
        `Refused`."""
        label, number = self.label(world), self._seed(seed)
        if person is not None and pick is not None:
            raise Refused([complain(words.PERSON_AND_PICK, "story", 0)])
        told = self.already(person, pick, seed, world)
        if told is not None:
            return told
        if person is not None:
            one = arguments.check_between(person, "person", 0, self.people - 1)
            if one in self.members():
                return self.from_panel(one, number, label)
            return self.told(self.pairs(number, label, [one], tick)[one], "", number, label)
        kinds = [self._kind(pick)] if pick is not None else list(KINDS)
        found = {kind: self.found(kind, number, label) for kind in kinds}
        pairs = self.pairs(number, label, {one for persons in found.values() for one in persons}, tick)
        for kind, persons in found.items():
            for one in persons:
                if shows(kind, pairs[one]):
                    return self.told(pairs[one], kind, number, label)
        named = show(pick) if pick is not None else words.ANY_KIND
        raise Refused([complain(words.NOBODY_OF_KIND, "story", 0, kind=named, world=label, seed=number)])

    def ticking(self, progress: Callable[[int, int, str], None] | None) -> Tick | None:
        """What `story` calls each day, to tell of the days lived."""
        if progress is None:
            return None
        seen: dict[str, int] = {}

        def tick(label: str, day: int) -> None:
            seen[label] = day
            progress(sum(seen.values()), 2 * self.days, words.PROGRESS.format(world=self.regimes[label].name))

        return tick

    def caution(self) -> str:
        """What is said under every story."""
        return words.CAUTION

    def found(self, kind: str, seed: int, label: str) -> list[int]:
        """The candidates of a kind, in their order."""
        if self.candidates is None:
            return []
        import polars as pl

        rows = self.candidates.filter(
            (pl.col("seed") == seed) & (pl.col("world") == label) & (pl.col("kind") == kind)
        )
        return [int(person) for person in rows.sort("place")["person"]]

    def pairs(
        self, seed: int, label: str, persons: Iterable[int], tick: Tick | None = None, executor: Executor | None = None
    ) -> dict[int, Pair]:
        """The lives of these persons in the world and in the one it is compared with. Raises `Refused` where the world lived
        again is not the one of the run."""
        worlds = self.side_by_side(label)
        lived = relive(self.society, worlds, self.people, self.days, seed, persons, self.threads, tick, executor)
        if not all(self._is_of_the_run(seed, name, lives) for name, lives in lived.items()):
            raise Refused([complain(words.OTHER_WORLD, "story", 0)])
        other = [name for name in worlds if name != label]
        return {one: Pair(life, lived[other[0]][one] if other else None) for one, life in lived[label].items()}

    def members(self) -> list[int]:
        """Persons of whom the run kept what befell them, in order."""
        if self.panel is None or "person" not in self.panel[1].columns:
            return []
        return sorted(int(person) for person in self.panel[1]["person"].unique())

    def from_panel(self, person: int, seed: int, label: str) -> Story:
        """The story of a member of the panel, from its tables. Raises `Refused` for tables that no run has written."""
        from polars.exceptions import PolarsError

        try:
            pair = self.pair_in_panel(person, seed, label)
            lives = {name: life for name, life in zip(self.side_by_side(label), (pair.life, pair.twin), strict=False) if life}
            if all(self._is_of_the_run(seed, name, {person: life}) for name, life in lives.items()):
                return self.told(pair, "", seed, label)
        except (ValueError, KeyError, IndexError, TypeError, AttributeError, PolarsError):
            pass
        raise Refused([complain(words.PANEL_ALTERED, "panel", 0)])

    def pair_in_panel(self, person: int, seed: int, label: str) -> Pair:
        """A member's lives in a world and in the one it is compared with. What it raises: see `panel.life`."""
        from singlestep.study.panel import life

        assert self.panel is not None
        rows, months = self.panel
        lives = [
            life(rows, months, seed, name, person, self.society, regime, self.days)
            for name, regime in self.side_by_side(label).items()
        ]
        return Pair(lives[0], lives[1] if len(lives) > 1 else None)

    def told(self, pair: Pair, kind: str, seed: int, label: str, where: Sequence[Where] | None = None) -> Story:
        """The story of a pair of lives; `where` is what `wheres` says, where several stories need it."""
        base = self.base if pair.twin is not None else None
        return tell(pair, (label, base), kind, self.people, seed, where or self.wheres(label))

    def wheres(self, label: str) -> list[Where]:
        """What finds the lines of rules, in the world and in the one it is compared with."""
        return [self.where(name) for name in self.side_by_side(label)]

    def where(self, label: str) -> Where:
        """Finds file and line of a rule, as long as the files still say of it what they said when the run was made."""
        from singlestep.regime.loader import load_whole_regime

        try:
            regime, whole = load_whole_regime(self.given[label], self.society)
        except (Refused, KeyError):
            return lambda rule: None
        lived_under = self.regimes[label].rules

        def place(name: str) -> tuple[str, int] | None:
            written = regime.rules.get(name)  # with --same-seeing only who sees it is another
            if written is None or written.model_copy(update={"seen_by": lived_under[name].seen_by}) != lived_under[name]:
                return None
            return whole.place(("rules", name))

        return place

    def _is_of_the_run(self, seed: int, label: str, lives: dict[int, Life]) -> bool:
        """Whether these persons end with the points that they have in the run's table of people, where there is one."""
        if self.standing is None:
            return True
        import polars as pl

        rows = self.standing.filter((pl.col("seed") == seed) & (pl.col("world") == label))
        before = dict(rows.filter(pl.col("person").is_in(list(lives))).select("person", "points").iter_rows())
        return all(before.get(person) == life.points()[-1][1] for person, life in lives.items())

    def _seed(self, seed: int | None) -> int:
        if seed is None:
            return self.seeds[0]
        if seed not in self.seeds:
            known = ", ".join(map(str, self.seeds))
            raise Refused([complain(words.NO_SUCH_SEED, "seed", 0, value=show(str(seed)), known=known)])
        return seed

    def _kind(self, pick: str) -> str:
        if pick not in KINDS:
            raise Refused([complain(words.NO_SUCH_KIND, "pick", 0, value=show(str(pick)), kinds=", ".join(KINDS))])
        return pick


def one_of_each(telling: Telling, candidates: polars.DataFrame, executor: Executor | None = None) -> list[Story]:
    """A story of each kind that the first seed's first scored world holds, in the order of the kinds. With an executor the
    worlds are lived again wherever it lets them."""
    from dataclasses import replace

    of = replace(telling, candidates=candidates)
    seed, label = of.seeds[0], of.label(None)
    found = {kind: of.found(kind, seed, label) for kind in KINDS}
    pairs = of.pairs(seed, label, {person for persons in found.values() for person in persons}, executor=executor)
    stories, told, where = [], set[int](), of.wheres(label)
    for kind, persons in found.items():
        good = [person for person in persons if shows(kind, pairs[person])]
        fresh = [person for person in good if person not in told]  # so that each story is somebody else's, where it can be
        for person in (fresh or good)[:1]:
            told.add(person)
            stories.append(of.told(pairs[person], kind, seed, label, where))
    return stories


def some_of_the_panel(telling: Telling, panel: tuple[polars.DataFrame, polars.DataFrame]) -> list[Story]:
    """Stories of a few members of the panel, of the first seed and the first world that is not the base: of those whose lives
    show a kind, then of those whom most befell."""
    from dataclasses import replace

    of = replace(telling, panel=panel)
    seed, label = of.seeds[0], of.label(None)
    pairs = {person: of.pair_in_panel(person, seed, label) for person in of.members()}
    chosen: dict[int, str] = {}
    for kind in KINDS:
        found = (person for person, pair in pairs.items() if person not in chosen and shows(kind, pair))
        chosen |= {person: kind for person in [next(found, None)] if person is not None}
    for person in sorted(pairs, key=lambda person: -len(pairs[person].life.rows)):
        chosen.setdefault(person, "")
    where = of.wheres(label)
    return [of.told(pairs[person], kind, seed, label, where) for person, kind in list(chosen.items())[:FROM_PANEL]]


def _workers(manifest: dict[str, Any]) -> int:
    """How many worlds lived side by side."""
    return min(int(manifest["parameters"]["threads"]), len(manifest["worlds"]) * len(manifest["seeds"]))
