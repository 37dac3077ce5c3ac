"""Tiny worlds whose answers can be worked out with pencil and paper; `closed_forms/README.md` has the formulas.

Each form is measured in a world with a fixed seed and compared with its formula. A reading must lie within FOUR
standard errors of what the formula says. The same reading of a *wrong twin* (the same files with one thing changed)
must lie more than six away, so that the check is known to see an error of the size that the twin has.

False alarms: seeds are fixed, so a test that passes goes on passing. With fresh seeds a right world would fail one
reading in 16,000 (normal law, four standard errors, both sides), and one of the seventeen readings here once in 900
runs. Sizes are chosen so that four standard errors are small beside what is looked for; `ERRORS` below states them.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest
from scipy import stats

from singlestep.engine import tallies
from singlestep.engine.world import World
from singlestep.regime.check import check
from singlestep.regime.loader import load_regime, load_society

FILES = Path(__file__).parent / "closed_forms"
FOUR, SIX = 4, 6
YEAR = 365
CITY = 3 * 4096
CAUSES = tallies.column(tallies.CAUSES)

# The largest error that could go unnoticed: four standard errors of each reading, rounded up.
ERRORS = {
    "sanctioned who never offend, one record": 0.018,
    "sanctioned who never offend, two records": 0.013,
    "records a year, innocent": 0.0005,
    "records a year, offenders": 0.14,
    "mean points": 0.7,
    "spread of points": 0.5,
    "at or above 1050": 0.0085,
    "three or more, kept 1 year": 0.0032,
    "three or more, kept 5 years": 0.005,
    "not listed after 1 year": 0.0032,
    "not listed after 3 years": 0.0065,
    "not listed after 5 years": 0.005,
    "right links, 1 namesake": 0.0046,
    "right links, 3 namesakes": 0.0036,
    "false alarms": 0.0083,
}


class Reading(NamedTuple):
    """What was found, what the formula says, and the standard error of the difference."""

    what: str
    found: float
    expected: float
    error: float

    @property
    def off(self) -> float:
        """Distance in standard errors."""
        return abs(self.found - self.expected) / self.error


class Form(NamedTuple):
    """A closed form: its files, its size, and how it is read."""

    society: str
    regime: str
    people: int
    days: tuple[int, ...]  # on which it is read
    read: Callable[[World], list[Reading]]


Change = tuple[str, tuple[str, ...], Any]  # society or regime, the way to a key, its new value


def changed(model: Any, way: tuple[str, ...], value: Any) -> Any:
    """The same file with one value changed."""
    data = model.model_dump(by_alias=True)
    part = data
    for key in way[:-1]:
        part = part[key]
    part[way[-1]] = value
    return type(model).model_validate(data)


def lived(form: Form, change: Change | None = None) -> Iterator[World]:
    """The world of a form on each of its days; perhaps with one value changed."""
    society = load_society(FILES / f"{form.society}.yaml")
    regime = load_regime(FILES / f"{form.regime}.yaml", society)
    if change is not None:
        which, way, value = change
        society = changed(society, way, value) if which == "society" else society
        regime = changed(regime, way, value) if which == "regime" else regime
    world = World(society, regime, form.people, seed=20)
    for day in form.days:
        world.run(day - world.day)
        world.finish()
        yield world


@cache
def readings(name: str, change: str | None = None) -> list[Reading]:
    """All readings of a form, or of its wrong twin of this name."""
    form = FORMS[name]
    return [reading for world in lived(form, TWINS[change][1] if change else None) for reading in form.read(world)]


def years(world: World) -> float:
    """Years whose acts have been delivered: a record takes a day to arrive."""
    return (world.day - 1) / YEAR


def at_least(k: int, mean: float) -> float:
    """The chance that a Poisson number of this mean is at least k."""
    return float(stats.poisson.sf(k - 1, mean))


def share(what: str, mask: Any, expected: float) -> Reading:
    """A share of independent people."""
    return Reading(what, float(np.mean(mask)), expected, math.sqrt(expected * (1 - expected) / len(mask)))


def doors_shut(world: World) -> int:
    """How many doors are shut, by the regime's own file."""
    return int(world.tallies["stock_door"][:, 0].sum())


# Misattribution ------------------------------------------------------------------------------------------------------
def rates(offenders: float, people: float) -> tuple[float, float]:
    """Records a year of somebody who never offends, and of an offender."""
    pinned = 12 * 0.5 * 0.1 / (people - 1)
    return offenders * pinned, 12 * 0.5 * 0.9 + (offenders - 1) * pinned


def innocent_share(needed: int, span: float, offenders: float, people: float) -> float:
    """The share of the sanctioned who never offend."""
    innocent, guilty = rates(offenders, people)
    among = (people - offenders) * at_least(needed, innocent * span)
    return among / (among + offenders * at_least(needed, guilty * span))


def test_the_formulas_give_the_published_numbers() -> None:
    innocent, guilty = rates(100, 10_000)
    assert (round(innocent, 6), round(guilty, 6)) == (0.006001, 5.405941)
    assert round(innocent_share(1, 1, 100, 10_000), 3) == 0.373
    assert round(innocent_share(2, 5, 100, 10_000), 3) == 0.042
    assert [round(at_least(3, 0.9 * kept), 4) for kept in (1, 5)] == [0.0629, 0.8264]
    assert [round(1 - at_least(3, 0.9 * t), 4) for t in (1, 3, 5)] == [0.9371, 0.4936, 0.1736]
    assert [round(right_links(namesakes), 4) for namesakes in (1, 3)] == [0.6321, 0.3167]
    assert round(points_reached(), 4) == 0.2839
    assert round(math.sqrt(25 * 52 * 1.1), 3) == 37.815


def misattribution(needed: int) -> Callable[[World], list[Reading]]:
    """Who is sanctioned, in many cities; the formula is taken at the number of offenders found."""

    def read(world: World) -> list[Reading]:
        assert world.people % CITY == 0
        guilty = world.trait("offender") == 1
        records = -world.points.astype(np.int64)
        sanctioned = world.lists > 0 if needed == 1 else records >= needed
        assert doors_shut(world) == sanctioned.sum()
        cities, offenders = world.people // CITY, int(guilty.sum())
        each, span = offenders / cities, years(world)
        innocent_rate, guilty_rate = rates(each, CITY)
        innocent = world.people - offenders
        p, q = at_least(needed, innocent_rate * span), at_least(needed, guilty_rate * span)
        wrong, right = innocent * p, offenders * q
        error = (
            math.hypot(right * math.sqrt(wrong * (1 - p)), wrong * math.sqrt(right * (1 - q))) / (wrong + right) ** 2
        )
        words = {1: "one record", 2: "two records"}[needed]
        found = float((sanctioned & ~guilty).sum() / sanctioned.sum())
        return [
            Reading(f"sanctioned who never offend, {words}", found, innocent_share(needed, span, each, CITY), error),
            mean_of_poisson("records a year, innocent", records[~guilty], innocent_rate, span),
            mean_of_poisson("records a year, offenders", records[guilty], guilty_rate, span),
        ]

    return read


def mean_of_poisson(what: str, counts: Any, rate: float, span: float) -> Reading:
    """A yearly rate of independent Poisson counts."""
    return Reading(what, float(counts.mean()) / span, rate, math.sqrt(rate / (len(counts) * span)))


# Points --------------------------------------------------------------------------------------------------------------
def points_reached() -> float:
    """The chance of ten or more good deeds than bad in 52 weeks."""
    return float(stats.skellam.sf(9, 52 * 0.6, 52 * 0.5))


def points(world: World) -> list[Reading]:
    """Mean, spread and upper tail of everybody's points."""
    own, n = world.points.astype(float), world.people
    spread = math.sqrt(25 * 52 * 1.1)
    return [
        Reading("mean points", own.mean(), 1026, spread / math.sqrt(n)),
        Reading("spread of points", own.std(), spread, spread / math.sqrt(2 * n)),
        share("at or above 1050", own >= 1050, points_reached()),
    ]


# Records kept, and counted -------------------------------------------------------------------------------------------
def retention(kept: int) -> Callable[[World], list[Reading]]:
    """Who has three records alive, once as many years have passed."""

    def read(world: World) -> list[Reading]:
        three = world.points <= -3
        assert doors_shut(world) == three.sum()
        what = f"three or more, kept {kept} year{'s' * (kept > 1)}"
        return [share(what, three, at_least(3, 0.9 * kept))]

    return read


def three_records(world: World) -> list[Reading]:
    """Who is not listed by now."""
    free = world.lists == 0
    assert doors_shut(world) == world.people - free.sum()
    span = round(years(world))
    return [share(f"not listed after {span} year{'s' * (span > 1)}", free, 1 - at_least(3, 0.9 * span))]


# Linkage and base rate -----------------------------------------------------------------------------------------------
def right_links(mean: float) -> float:
    """The mean of 1/(1+n) over a Poisson number n of namesakes."""
    return (1 - math.exp(-mean)) / mean


def linkage(mean: int) -> Callable[[World], list[Reading]]:
    """Share of records joined to the right file. A person's records share their namesakes, which widens the error."""

    def read(world: World) -> list[Reading]:
        n = np.arange(60)
        law = stats.poisson.pmf(n, mean)
        right, squared = right_links(mean), float((law / (1 + n) ** 2).sum())
        each = 6 * years(world)  # records a person
        variance = each * right * (1 - right) + each**2 * (squared - right**2)
        causes = world.tallies["source"].sum(axis=0)
        error = math.sqrt(variance / world.people) / each
        what = f"right links, {mean} namesake{'s' * (mean > 1)}"
        return [Reading(what, float(causes[CAUSES["true"]] / causes.sum()), right, error)]

    return read


def base_rate(world: World) -> list[Reading]:
    """Share of alarms that are false; half, at one wanted in a hundred: the formula is taken at the number found."""
    wanted = float((world.trait("wanted") == 1).mean())
    expected = (1 - wanted) * 0.01 / ((1 - wanted) * 0.01 + wanted * 0.99)
    assert abs(expected - 0.5) < 0.02
    causes = world.tallies["source"].sum(axis=0)
    alarms = int(causes.sum())
    found = float(causes[CAUSES["misidentified"]] / alarms)
    return [Reading("false alarms", found, expected, math.sqrt(expected * (1 - expected) / alarms))]


# The forms and their wrong twins --------------------------------------------------------------------------------------
ONE_TOO_FEW = ("lists", "out", "entry", "records")
EXPIRY = ("rules", "note", "expires")
FORMS = {
    "misattribution one": Form("misattribution-society", "misattribution-one", 40 * CITY, (366,), misattribution(1)),
    "misattribution two": Form("misattribution-society", "misattribution-two", 30 * CITY, (1826,), misattribution(2)),
    "points": Form("points-society", "points-regime", 50_000, (365,), points),
    "retention one": Form("records-society", "retention-one", 100_000, (800,), retention(1)),
    "retention five": Form("records-society", "retention-five", 100_000, (1900,), retention(5)),
    "three records": Form("records-society", "three-records", 100_000, (366, 1096, 1826), three_records),
    "linkage one": Form("linkage-one-society", "linkage-regime", 100_000, (366,), linkage(1)),
    "linkage three": Form("linkage-three-society", "linkage-regime", 100_000, (366,), linkage(3)),
    "base rate": Form("base-rate-society", "base-rate-regime", 250_000, (366,), base_rate),
}
TWINS: dict[str, tuple[str, Change]] = {
    "one taken for another at .12 of what is seen": (
        "misattribution one", ("regime", ("sources", "camera", "misidentified", "value"), 0.12)),
    "seen at .4": ("misattribution one", ("regime", ("sources", "camera", "sees", "offends", "value"), 0.4)),
    "one taken for another at .15 of what is seen": (
        "misattribution two", ("regime", ("sources", "camera", "misidentified", "value"), 0.15)),
    "good deeds expire": ("points", ("regime", ("rules", "good", "expires"), "48 weeks")),
    "held at 1,100": ("points", ("regime", ("points", "high"), 1100)),
    "expiry a month late": ("retention one", ("regime", EXPIRY, "13 months")),
    "expiry after four years": ("retention five", ("regime", EXPIRY, "4 years")),
    "the second record lists": ("three records", ("regime", ONE_TOO_FEW, 2)),
    "one namesake doubled": ("linkage one", ("society", ("namesakes", "value"), 2)),
    "three namesakes doubled": ("linkage three", ("society", ("namesakes", "value"), 6)),
    "false alarms at .011": (
        "base rate", ("regime", ("sources", "camera", "mistakes", "passes-by", "share", "value"), 0.011)),
}  # fmt: skip


@pytest.mark.parametrize("name", FORMS)
def test_the_world_meets_its_closed_form(name: str) -> None:
    for reading in readings(name):
        assert reading.off < FOUR, reading
        assert FOUR * reading.error <= ERRORS[reading.what], reading


@pytest.mark.parametrize("name", TWINS)
def test_the_wrong_twin_is_told_apart(name: str) -> None:
    assert max(reading.off for reading in readings(TWINS[name][0], name)) > SIX


@pytest.mark.parametrize(
    ("form", "wrong"),
    [
        (
            "misattribution one",
            ("sanctioned who never offend, one record", 0.543),
        ),  # mistaken at every act, seen or not
        ("misattribution two", ("sanctioned who never offend, two records", 0.745)),  # the first record sanctions
        ("points", ("spread of points", 25.239)),  # at most one deed of each kind a week
        ("points", ("at or above 1050", 0.1974)),
        ("retention one", ("three or more, kept 1 year", 0.0829)),  # records kept for 400 days
        ("three records", ("not listed after 3 years", 0.2487)),  # the second record lists
        ("linkage one", ("right links, 1 namesake", 0.5)),  # 1/(1 + mean of n)
        ("linkage three", ("right links, 3 namesakes", 0.25)),
        ("base rate", ("false alarms", 0.01)),  # the share of passers-by taken for wanted
    ],
)
def test_a_wrong_formula_is_told_apart(form: str, wrong: tuple[str, float]) -> None:
    what, value = wrong
    (reading,) = (r for r in readings(form) if r.what == what)
    assert reading._replace(expected=value).off > SIX


# Spill-over on a ring -------------------------------------------------------------------------------------------------
RING = Form("ring-society", "ring-regime", 8192, (101,), lambda world: [])
HOPS = 10  # beyond which nothing of 10,000 points is left


def shown_on_a_ring(change: Change | None = None) -> tuple[Any, Any]:
    """Shown points of those who gained alone among ten neighbours on either side, and of their next neighbours.

    Points are whole numbers rounded down at each settling, so they may fall short of the formula by up to four.
    """
    (world,) = lived(RING, change)
    lucky = world.trait("lucky") == 1
    near = sum(np.roll(lucky, k).astype(int) for k in range(-HOPS, HOPS + 1))
    alone = np.flatnonzero(lucky & (near == 1))
    assert len(alone) > 30
    return world.board[alone], world.board[(alone + 1) % world.people]


def weights_on_a_ring(a: float) -> tuple[float, float]:
    """What is left of one's own points, and what reaches the next neighbour, when ties make up `a` of what is shown."""
    own = (1 - a) / math.sqrt(1 - a * a)
    return own, own * (1 - math.sqrt(1 - a * a)) / a


def test_spill_over_on_a_ring_after_twenty_settlings() -> None:
    own, next_to = weights_on_a_ring(0.3)
    assert (round(own, 4), round(next_to, 4)) == (0.7338, 0.1127)
    mine, neighbours = shown_on_a_ring()
    assert np.abs(mine - 10_000 * own).max() <= 4
    assert np.abs(neighbours - 10_000 * next_to).max() <= 4


@pytest.mark.parametrize(
    "change",
    [
        ("regime", ("spill_over", "weight", "value"), 0.31),
        ("regime", ("spill_over", "mode"), "absorbed"),  # one's own points sink at every settling
        ("regime", ("points", "start"), 100),
    ],
)
def test_another_spill_over_is_told_apart(change: Change) -> None:
    mine, _ = shown_on_a_ring(change)
    assert np.abs(mine - 10_000 * weights_on_a_ring(0.3)[0]).min() > 40


# The files -----------------------------------------------------------------------------------------------------------
SOCIETIES = {form.regime: form.society for form in [*FORMS.values(), RING]}


@pytest.mark.parametrize("regime", SOCIETIES)
def test_the_examples_in_the_files_hold(regime: str) -> None:
    check(FILES / f"{regime}.yaml", load_society(FILES / f"{SOCIETIES[regime]}.yaml"))
