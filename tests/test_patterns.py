"""The patterns of `docs/patterns.md`: its numbers come out again, and its verdicts follow from them.

`python tests/test_patterns.py` measures everything anew and prints the tables of the page. Five seeds of 20,000 people
and three years take a few minutes.
"""

from __future__ import annotations

import math
import re
import statistics
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

from singlestep.engine import tallies
from singlestep.engine.world import World
from singlestep.regime.loader import load_regime, load_society

PAGE = Path(__file__).parent.parent / "docs" / "patterns.md"
PEOPLE, YEARS, SEEDS = 20_000, 3, (1, 2, 3, 4, 5)
T = {4: 2.776}  # 97.5 % point of Student's t with so many degrees of freedom
LAUNCH = 31  # days
FADED, DAYS = 547, 365 * YEARS  # from eighteen months on
QUARTER = 91
QUARTERS = range(QUARTER, DAYS + 1, QUARTER)

DRIVING = ("runs-red-light", "speeds", "drives-carelessly")
SENSITIVE = ("criticises-local-government", "posts-about-history", "posts-about-religion", "reads-sensitive-book")
LESS_SENSITIVE = ("posts-about-work", "posts-about-environment", "contacts-foreign-friend", "worships")

Doors = dict[int, frozenset[str]]


class Lived(NamedTuple):
    """What one world showed: tallies and needs by day, doors shut (but for driving) by day and person."""

    regime: str
    tallies: dict[int, dict[str, np.ndarray]]
    need: dict[int, np.ndarray]
    doors: dict[int, Doors]
    points: np.ndarray
    adult: np.ndarray
    services: list[str]
    acts: list[str]
    start: int
    shut_by_class: np.ndarray  # on the days of publication, and those of them in error

    @property
    def end(self) -> dict[str, np.ndarray]:
        """The tallies of the last day."""
        return self.tallies[DAYS]

    def taken(self, acts: tuple[str, ...], first: int = 0, last: int = DAYS) -> int:
        """How often these acts were done from day `first` to day `last`."""
        rows = [self.acts.index(act) for act in acts]
        before = self.tallies[first]["act"][rows, 0].sum() if first else 0
        return int(self.tallies[last]["act"][rows, 0].sum() - before)

    def flow(self, row: str) -> int:
        """A row of the flow, over everyone."""
        return int(self.end["flow"][tallies.FLOW.index(row)].sum())

    def door(self, name: str, column: str) -> int:
        """A column of one door, over everyone."""
        return int(self.end["door"][self.services.index(name), tallies.DOOR.index(column)].sum())


class Publishing(World):
    """A world that counts the doors shut by publication, and those of them that a clean file would leave open."""

    shut_by_class = np.zeros(2, np.int64)

    def settle(self) -> None:
        before = self._shut()
        super().settle()
        self.shut_by_class = self.shut_by_class + self._shut() - before

    def _shut(self) -> np.ndarray:
        of_all = self.tallies["door"].sum(axis=(0, 2))
        return of_all[[tallies.DOOR.index("begun"), tallies.DOOR.index("erroneous")]]


@cache
def lived(regime: str, seed: int) -> Lived:
    """One world from beginning to end."""
    society = load_society("coast")
    rules = load_regime(regime, society)
    world = Publishing(society, rules, PEOPLE, seed)
    adult = world.trait("age") > 0
    counted, need, doors = {}, {}, {}
    for day in sorted({LAUNCH, FADED, DAYS, *QUARTERS}):
        world.run(day - world.day)
        if day == DAYS:
            world.finish()
        counted[day] = {name: table.copy() for name, table in world.tallies.items()}
        if day in QUARTERS:
            need[day] = world.need.astype(int)
            shut = {person: frozenset(world.doors_shut(person)) - {"driving"} for person in range(PEOPLE)}
            doors[day] = {person: names for person, names in shut.items() if names}
    names = list(society.services), list(society.acts)
    return Lived(
        regime, counted, need, doors, world.points.copy(), adult, *names, rules.points.start, world.shut_by_class
    )  # fmt: skip


# What is measured ----------------------------------------------------------------------------------------------------
def rongcheng(seed: int) -> Lived:
    """The scoring world."""
    return lived("rongcheng", seed)


def law(seed: int) -> Lived:
    """Its twin."""
    return lived("ordinary-law", seed)


def drivers(seed: int) -> Lived:
    """Penalty points for drivers, and nothing else."""
    return lived("driver-points-uk", seed)


def none(seed: int) -> Lived:
    """No rules at all."""
    return lived("none", seed)


def near_the_start(seed: int) -> float:
    """Adults within 50 points of the start, per cent."""
    here = rongcheng(seed)
    return 100 * float((np.abs(here.points[here.adult] - here.start) <= 50).mean())


def wrong_records(seed: int) -> float:
    """Wrong among the penal records, per cent."""
    wrong, right = rongcheng(seed).flow("penal wrong"), rongcheng(seed).flow("penal right")
    return 100 * wrong / (wrong + right)


def false_points(seed: int) -> float:
    """Points lost by records that were not true, per cent."""
    lost = rongcheng(seed).end["cause"][:, 0]
    return 100 * float(1 - lost[0] / lost.sum())


def erroneous_by_points(seed: int) -> float:
    """Erroneous among the doors shut by the published class, on the days of publication, per cent."""
    spells, erroneous = rongcheng(seed).shut_by_class
    return 100 * float(erroneous / spells)


def erroneous_by_listing(seed: int) -> float:
    """Erroneous among flights shut, which only the list of judgment debtors does, per cent."""
    return 100 * rongcheng(seed).door("flight", "erroneous") / rongcheng(seed).door("flight", "begun")


def months_shut(here: Lived) -> dict[int, int]:
    """For each person with any door shut (but for driving) at the end of a quarter: doors x quarters."""
    found: dict[int, int] = {}
    for doors in here.doors.values():
        for person, names in doors.items():
            found[person] = found.get(person, 0) + len(names)
    return found


def ever_shut(seed: int) -> float:
    """People for whom a door (but for driving) was shut at the end of any quarter, per cent."""
    return 100 * len(months_shut(rongcheng(seed))) / PEOPLE


def most_burdened(seed: int) -> float:
    """Share of all shut doors x quarters that falls on the one per cent of people who bear most, per cent."""
    burdens = sorted(months_shut(rongcheng(seed)).values(), reverse=True)
    return 100 * sum(burdens[: PEOPLE // 100]) / sum(burdens)


def needier(seed: int) -> float:
    """Need of those with a shut door, minus need of the same people on the same day in the twin, in levels."""
    here, there = rongcheng(seed), law(seed)
    gaps = [int(here.need[day][p] - there.need[day][p]) for day in QUARTERS for p in here.doors[day]]
    return statistics.fmean(gaps)


def needier_others(seed: int) -> float:
    """The same for adults with no door shut."""
    here, there = rongcheng(seed), law(seed)
    gaps = []
    for day in QUARTERS:
        free = here.adult.copy()
        free[list(here.doors[day])] = False
        gaps.append(float((here.need[day] - there.need[day])[free].mean()))
    return statistics.fmean(gaps)


def appealed(seed: int) -> float:
    """Wrong penal records that were appealed, per cent."""
    return 100 * rongcheng(seed).flow("filed wrong") / rongcheng(seed).flow("penal wrong")


def won(seed: int) -> float:
    """Decided appeals against wrong records that were won, per cent."""
    return 100 * rongcheng(seed).flow("won wrong") / rongcheng(seed).flow("decided wrong")


Worlds = tuple[Callable[[int], Lived], Callable[[int], Lived]]


def fewer(acts: tuple[str, ...], first: int, last: int, worlds: Worlds = (rongcheng, law)) -> Callable[[int], float]:
    """How much more of these acts there was than in the twin (negative: less), per cent of the twin's."""
    here, there = worlds

    def change(seed: int) -> float:
        return 100 * (here(seed).taken(acts, first, last) / there(seed).taken(acts, first, last) - 1)

    return change


class Measure(NamedTuple):
    """A row of the page: how it is measured, and how far a mean may lie from the page's."""

    of: Callable[[int], float]
    tolerance: float


MEASURES: dict[str, Measure] = {
    "near the start": Measure(near_the_start, 1),
    "wrong records": Measure(wrong_records, 0.3),
    "false points": Measure(false_points, 0.4),
    "erroneous, by points": Measure(erroneous_by_points, 3),
    "erroneous, by listing": Measure(erroneous_by_listing, 1),
    "ever shut": Measure(ever_shut, 0.2),
    "on the most burdened 1 %": Measure(most_burdened, 3),
    "needier, refused": Measure(needier, 0.1),
    "needier, others": Measure(needier_others, 0.02),
    "appealed if wrong": Measure(appealed, 0.5),
    "won if wrong": Measure(won, 5),
    "points for drivers, first month": Measure(fewer(DRIVING, 0, LAUNCH, (drivers, none)), 2),
    "points for drivers, from month 19": Measure(fewer(DRIVING, FADED, DAYS, (drivers, none)), 1),
    "driving offences, first month": Measure(fewer(DRIVING, 0, LAUNCH), 2),
    "driving offences, from month 19": Measure(fewer(DRIVING, FADED, DAYS), 0.7),
    "sensitive acts": Measure(fewer(SENSITIVE, 0, DAYS), 0.7),
    "less sensitive acts": Measure(fewer(LESS_SENSITIVE, 0, DAYS), 0.5),
}


class Found(NamedTuple):
    """Mean over the seeds and half the width of its 95 % interval."""

    mean: float
    half: float


def measured() -> dict[str, Found]:
    """Every measure over the seeds."""
    found = {}
    for name, measure in MEASURES.items():
        values = [measure.of(seed) for seed in SEEDS]
        half = T[len(SEEDS) - 1] * statistics.stdev(values) / math.sqrt(len(SEEDS))
        found[name] = Found(statistics.fmean(values), half)
    return found


# Verdicts ------------------------------------------------------------------------------------------------------------
def verdicts(found: Mapping[str, Found]) -> dict[str, str]:
    """What follows from the numbers, pattern by pattern: comes out, does not, or undecided within luck."""

    def above(name: str, bound: float) -> str:
        mean, half = found[name]
        return "comes out" if mean - half > bound else "does not come out" if mean + half < bound else "undecided"

    return {
        "most people sit near the start": above("near the start", 50),
        "errors grow, by points": above("erroneous, by points", 3 * found["false points"].mean),
        "errors grow, by listing": above("erroneous, by listing", 3 * found["wrong records"].mean),
        "refusals cluster": above("on the most burdened 1 %", 50),
        "the refused fall behind": above("needier, refused", max(0.0, found["needier, others"].mean)),
    }


ROW = re.compile(r"^\| ([^|]+?) \| ([+-]?[0-9.]+) \| ([0-9.]+) \| ([0-9.]+) \|", re.MULTILINE)
VERDICT = re.compile(r"^\| ([^|]+?) \| (comes out|does not come out|undecided) \|", re.MULTILINE)


def on_the_page() -> tuple[dict[str, tuple[float, float, float]], dict[str, str]]:
    """Numbers (mean, half interval, tolerance) and verdicts as the page states them."""
    text = PAGE.read_text(encoding="utf-8")
    numbers = {row[0]: (float(row[1]), float(row[2]), float(row[3])) for row in ROW.findall(text)}
    return numbers, dict(VERDICT.findall(text))


def test_the_page_states_every_measure_and_its_tolerance() -> None:
    numbers, stated = on_the_page()
    assert {name: row[2] for name, row in numbers.items()} == {name: m.tolerance for name, m in MEASURES.items()}
    assert stated == verdicts({name: Found(row[0], row[1]) for name, row in numbers.items()})


@pytest.mark.slow
def test_numbers_and_verdicts_of_the_page_come_out_again() -> None:
    numbers, stated = on_the_page()
    found = measured()
    off = {
        name: (round(found[name].mean, 2), mean)
        for name, (mean, _, tolerance) in numbers.items()
        if abs(found[name].mean - mean) > tolerance
    }
    assert not off, f"found, and stated on the page: {off}"
    assert verdicts(found) == stated


if __name__ == "__main__":
    now = measured()
    for name, (mean, half) in now.items():
        print(f"| {name} | {mean:.2f} | {half:.2f} | {MEASURES[name].tolerance:g} |")
    for pattern, verdict in verdicts(now).items():
        print(f"| {pattern} | {verdict} |")
