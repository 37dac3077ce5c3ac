"""Comparing worlds: what is kept of persons, who differs and since when, and several regimes beside each other."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from singlestep.engine import tallies
from singlestep.engine.world import World
from singlestep.measures.parting import NEVER, Followed, parted
from singlestep.regime.complaints import Refused
from singlestep.regime.loader import load_society, load_whole_regime
from singlestep.regime.schema import Regime
from singlestep.study import run
from singlestep.study.compare import compare, seeing_as
from singlestep.study.resume import plan_of

DOOR = tallies.column(tallies.DOOR)
PEOPLE, DAYS = 5_000, 120


@cache
def regime(name: str) -> Regime:
    return load_whole_regime(name, load_society("coast"))[0]


@cache
def lived(name: str, seed: int = 3, **options: Any) -> World:
    world = World(load_society("coast"), regime(name), PEOPLE, seed, follow=True, **options)
    world.run(DAYS)
    world.finish()
    return world


# What is kept of persons ---------------------------------------------------------------------------------------------
def test_spells_are_those_that_were_tallied() -> None:
    for name in ("rongcheng", "ordinary-law"):
        world = lived(name)
        spells, door = Followed.of(world).spells(), world.tallies["door"].sum(axis=2)
        assert len(spells.person) > 0
        for place in range(len(door)):
            here = spells.door == place
            assert here.sum() == door[place, DOOR["begun"]]
            assert (here & (spells.ended != NEVER)).sum() == door[place, DOOR["ended"]]
            assert (here & spells.erroneous).sum() == door[place, DOOR["erroneous"]]
            ended = here & (spells.ended != NEVER)
            assert (spells.ended - spells.begun)[ended].sum() == door[place, DOOR["closed days"]]


def test_following_changes_nothing_and_neither_do_threads_and_blocks() -> None:
    world = lived("rongcheng")
    other = World(load_society("coast"), regime("rongcheng"), PEOPLE, 3, threads=2, block_pages=1, follow=True)
    plain = World(load_society("coast"), regime("rongcheng"), PEOPLE, 3)
    for one in (other, plain):
        one.run(DAYS)
        one.finish()
        for name, table in world.tallies.items():
            assert np.array_equal(table, one.tallies[name]), name
    assert np.array_equal(world.acts_digest, other.acts_digest)
    assert np.array_equal(world.days_digest, other.days_digest)
    assert np.array_equal(world.changes, other.changes)


def test_standings_say_what_is_said_of_one_person() -> None:
    world = lived("rongcheng")
    classes, doors = world.standings()
    shut = np.flatnonzero(doors)
    assert len(shut) and len(set(classes)) > 1
    for person in [*shut[:20].tolist(), *range(50)]:
        assert classes[person] == world.class_of(person)
        names = [name for bit, name in enumerate(world.society.services) if doors[person] >> bit & 1]
        assert names == world.doors_shut(person)


# Who differs ---------------------------------------------------------------------------------------------------------
def test_a_world_does_not_differ_from_itself() -> None:
    world = Followed.of(lived("rongcheng"))
    same = parted(world, world)
    assert (same.day, same.people, same.acts, same.doors) == (NEVER, 0, 0, 0)


def test_who_differs_by_hand() -> None:
    """Person 1 acts otherwise from day 3 on, person 2 finds door 4 shut a day later, person 3 only another clean file."""
    nobody = np.zeros((0, 4), np.int64)
    base = Followed(np.array([5, 5, 5, 5]), np.array([1, 2, 3, 4, 5]), nobody)
    shut, clean = 1 << 4, 1 << (4 + 12)
    here = Followed(
        np.array([5, 6, 5, 5]), np.array([1, 2, 3, 9, 5]), np.array([[2, 3, clean, -1], [4, 2, shut, 7], [6, 2, 0, -1]])
    )
    parting = parted(here, base)
    assert (parting.day, parting.people, parting.acts, parting.doors) == (3, 2, 1, 1)
    spells = here.spells()
    assert [part.tolist() for part in spells] == [[2], [4], [4], [6], [True], [7]]
    later = Followed(base.acts, base.days, np.array([[1, 2, shut, 7]]))
    assert parted(later, base).day == 1


def test_the_first_day_is_the_day_on_which_acts_differ() -> None:
    """Day by day: before that day nobody has taken another act, on it somebody has."""
    society = load_society("coast")
    worlds = [World(society, regime(name), 1_000, 1, follow=True) for name in ("rongcheng", "ordinary-law")]
    taken = tallies.ACT.index("taken")
    parting = None
    for day in range(DAYS):
        for world in worlds:
            world.step()
        counts = [world.tallies["act"][:, taken] for world in worlds]
        parting = parted(*(Followed.of(world) for world in worlds))
        if parting.day != NEVER:
            assert parting.day == day and parting.people > 0
            break
        assert np.array_equal(*counts)
    assert parting is not None and parting.day != NEVER


def test_records_kept_from_the_shielded_leave_the_ledger_whole() -> None:
    shielded = np.arange(PEOPLE) % 7 == 0
    world = World(load_society("coast"), regime("rongcheng"), PEOPLE, 3, follow=True, shielded=shielded)
    world.run(DAYS)
    world.finish()
    assert (world.points[shielded] == regime("rongcheng").points.start).all()
    assert (world.points[~shielded] != regime("rongcheng").points.start).any()
    assert (lived("rongcheng").points[shielded] != regime("rongcheng").points.start).any()


# Comparing regimes ---------------------------------------------------------------------------------------------------
@pytest.fixture
def two(tmp_path: Path) -> run.Run:
    return compare("ordinary-law", "rongcheng", people=1_000, years=1, seeds=2, threads=2, out=tmp_path / "two")


def test_regimes_beside_each_other(two: run.Run) -> None:
    assert two.manifest["kind"] == two.summary["kind"] == "compare"
    assert two.manifest["worlds"] == [{"label": name, "regime": name} for name in ("ordinary-law", "rongcheng")]
    assert two.summary["base"] == "ordinary-law" and set(two.doors["world"]) == {"ordinary-law", "rongcheng"}
    assert two.manifest["command"].startswith("singlestep compare ordinary-law rongcheng --society coast --people 1000")
    row = two.summary["measures"]["silence"]["rows"]["all"]
    values = {
        label: two.measures.filter(pl.col("world") == label, pl.col("measure") == "silence", pl.col("of") == "all")["value"]
        for label in ("ordinary-law", "rongcheng")
    }
    difference = (values["rongcheng"] - values["ordinary-law"]).mean()
    assert row["differences"]["rongcheng"]["mean"] == pytest.approx(difference, rel=1e-8)
    assert row["differences"]["rongcheng"]["seeds"] == 2 and "ordinary-law" not in row["differences"]
    differ = two.summary["measures"]["differ"]["rows"]["all"]["worlds"]["rongcheng"]
    assert differ["numerator"] == two.partings["people"].sum() > 0 and differ["denominator"] == 2_000
    sentences = " ".join(two.findings())
    assert "Refused, ordinary-law:" in sentences and "Under rongcheng:" in sentences and "part" in sentences
    assert "synthetic" in " ".join(two.cautions()) and two.citations()
    begun = two.doors.filter(pl.col("measure") == "begun")["value"].sum()
    assert two.spells.height == begun and two.spells["until"].dtype == pl.Int64


def test_a_comparison_is_what_the_runs_are(two: run.Run, tmp_path: Path) -> None:
    """One way of living: the same world in a run and in a comparison has the same tables."""
    single = run.run("rongcheng", people=1_000, years=1, seed=2, out=tmp_path / "single")
    for name in ("doors", "acts", "people"):
        here = single.tables[name].filter(pl.col("world") == "regime").drop("world")
        there = two.tables[name].filter(pl.col("world") == "rongcheng", pl.col("seed") == 2).drop("world")
        assert here.equals(there), name


def test_what_cannot_be_compared_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="two regimes or more"):
        compare("rongcheng", people=1_000)
    with pytest.raises(Refused, match="another `name:`"):
        compare("rongcheng", "none", "rongcheng", people=1_000)


def test_the_same_seeing() -> None:
    first, other = regime("national-list"), regime("rongcheng")
    seeing = seeing_as(first, other)
    assert seeing.sources == first.sources and seeing.name == other.name
    assert {rule.seen_by for rule in seeing.rules.values()} == {"any"}
    assert {rule.act for rule in seeing.rules.values()} == {rule.act for rule in other.rules.values()}
    assert seeing.points == other.points and seeing.gates == other.gates
    again = seeing_as(first, first)
    assert len(again.rules) <= len(first.rules)


def test_with_the_same_seeing_the_same_is_seen(tmp_path: Path) -> None:
    """Only the law sees: what differs in the records made of traffic, if anything, comes from what people do."""
    result = compare(
        "ordinary-law", "rongcheng", people=1_000, years=1, seeds=1, same_seeing=True, out=tmp_path / "same"
    )
    assert "people are watched as under ordinary-law" in result.cautions()[0]
    assert plan_of(result.folder, result.manifest).cautions() == result.cautions()  # also when it is resumed
    law, other = (set(result.sources.filter(pl.col("world") == name)["source"]) for name in ("ordinary-law", "rongcheng"))
    assert law == other
    assert "--same-seeing" in result.manifest["command"]
