"""A run branched: the same people, other rules from a day on; nothing is lost on the way, and the ledger adds up."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests import test_run
from tests.stress import worlds

import singlestep
from singlestep.engine import counters, letters, tallies
from singlestep.engine.branching import branch
from singlestep.engine.world import World
from singlestep.regime.complaints import Refused
from singlestep.regime.schema import Regime
from singlestep.study import folder, run
from singlestep.study.resume import resume
from singlestep.words import commands as words
from singlestep.words import stories as story_words

DAY = 45  # within a month
PEOPLE = 700
CASES = worlds.cases()
QUICK = {("none", "rongcheng"), ("rongcheng", "national-list"), ("regime", "spill"), ("spill", "regime")}
PAIRS = [
    pytest.param(society, one, other, marks=[] if (one, other) in QUICK else pytest.mark.slow)
    for (society, one), (where, other) in itertools.permutations(CASES, 2)
    if where == society
]


def world_of(society: str, regime: str, **how: Any) -> World:
    made_up = worlds.society(society)
    return World(made_up, worlds.regime(regime, made_up), PEOPLE, 3, **how)


def changed(world: World, **parts: Any) -> Regime:
    """The world's regime with some parts otherwise."""
    return Regime.model_validate({**world.regime.model_dump(by_alias=True, exclude_unset=True), **parts})


@pytest.mark.parametrize("regime", worlds.STRESS)
def test_a_branch_onto_the_same_regime_changes_nothing(regime: str) -> None:
    world = world_of("stress", regime, follow=True, examples=True)
    world.run(DAY)
    other = branch(world, world.regime, threads=2)
    for one in (world, other):
        one.run(30)
        one.finish()
    assert other.state_hash() == world.state_hash() and worlds.differences(world, other) == []
    assert np.array_equal(other.changes, world.changes) and np.array_equal(other.acts_digest, world.acts_digest)


@pytest.mark.parametrize(("society", "before", "after"), PAIRS)
def test_the_laws_hold_after_a_branch(society: str, before: str, after: str) -> None:
    world = world_of(society, before)
    world.run(DAY)
    other = branch(world, worlds.regime(after, world.society))
    other.run(40)  # over a settling, which checks the laws
    other.finish()


def test_what_the_other_regime_has_not_is_dropped_and_accounted_for() -> None:
    """One list less: nobody is on it any more, all else stays, and every letter about it was refused."""
    world = world_of("stress", "regime")
    world.run(DAY)
    written = world.regime.model_dump(by_alias=True, exclude_unset=True)
    gone = "doubtful"
    number = list(world.regime.lists).index(gone)
    rules = {name: rule for name, rule in written["rules"].items() if rule.get("enters") != gone}
    lists = {name: one for name, one in written["lists"].items() if name != gone}
    gates = {}
    for door, gate in written["gates"].items():
        gates[door] = {**gate, "lists": [one for one in gate.get("lists", []) if one != gone]}
    other = branch(world, changed(world, rules=rules, lists=lists, gates=gates, examples=[]))
    assert (world.lists >> number & 1).sum() > 0
    kept = [place for place in range(len(world.regime.lists)) if place != number]
    for mine, theirs in ((world.lists, other.lists), (world.clean_lists, other.clean_lists)):
        for place, old in enumerate(kept):
            assert np.array_equal(theirs >> place & 1, mine >> old & 1)
    assert all(other.counter(person, counters.LISTED, place) == world.counter(person, counters.LISTED, old)
               for person in range(0, PEOPLE, 9) for place, old in enumerate(kept))  # fmt: skip
    refused = tallies.LETTER.index("refused")
    dropped = other.tallies["letter"][:, refused] - world.tallies["letter"][:, refused]
    assert dropped.sum() == world.under_way - other.under_way > 0
    assert dropped[letters.LIST_END] > 0 and dropped[letters.FAVOUR] == dropped[letters.DECISION] == 0
    row = tallies.REFUSALS.index("not covered")
    assert other.tallies["refusal"][row] - world.tallies["refusal"][row] == dropped.sum()
    assert np.array_equal(other.points, world.points)


def test_points_are_held_in_the_new_bounds_and_begin_anew_where_there_were_none() -> None:
    world = world_of("coast", "rongcheng")
    world.run(DAY)
    start, points = world.regime.points.start, {"start": world.regime.points.start, "bounds": "hold"}
    narrow = branch(world, changed(world, points={**points, "low": start - 3, "high": start + 3}, examples=[]))
    held = np.clip(world.points, start - 3, start + 3)
    assert np.array_equal(narrow.points, held) and (held != world.points).any()
    lawful = world_of("coast", "none")
    lawful.run(DAY)
    scored = branch(lawful, world.regime)
    assert (scored.points == start).all() and (scored.clean == start).all()
    assert (scored.awareness >= scored.regime_tables.announced).all()


def test_at_the_next_settling_everybodys_doors_are_as_the_new_rules_have_them() -> None:
    """Nobody had a score; now everybody begins in a class that shuts doors, without a letter to anyone."""
    lawful = world_of("coast", "none")
    lawful.run(DAY)
    other = worlds.regime("rongcheng", lawful.society).model_dump(by_alias=True, exclude_unset=True)
    poor = Regime.model_validate({**other, "points": {**other["points"], "start": 500}, "examples": []})
    world = branch(lawful, poor)
    world.run(30 - DAY % 30 + 1)
    assert all(world.doors_shut(person) for person in range(PEOPLE))


def test_people_stay_the_same_and_the_old_world_goes_on() -> None:
    world, undisturbed = world_of("stress", "regime"), world_of("stress", "regime")
    undisturbed.run(DAY + 20)
    world.run(DAY)
    other = branch(world, worlds.regime("spill", world.society))
    for name in ("need", "fear", "income", "minority", "cut"):
        assert np.array_equal(getattr(other, name), getattr(world, name)), name
    other.run(20)
    world.run(20)
    assert world.state_hash() == undisturbed.state_hash()


def test_a_traced_world_is_not_branched() -> None:
    world = world_of("stress", "regime", trace=[1])
    with pytest.raises(ValueError, match="traced"):
        branch(world, world.regime)


# The command ---------------------------------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> run.Run:
    """A run of the real engine to branch from."""
    return singlestep.run("rongcheng", people=1000, years=1, out=tmp_path_factory.mktemp("whole") / "run")


def test_a_branched_run_stands_beside_the_one_that_goes_on(whole: run.Run, tmp_path: Path) -> None:
    result = singlestep.branch(whole.folder, at=200, regime="none", out=tmp_path / "branch")
    assert folder.is_whole(result.folder)
    assert [world["name"] for world in result.summary["worlds"]] == ["none", "rongcheng"]
    hashes = {state["world"]: state["hash"] for state in result.summary["states"]}
    assert hashes["regime"] == next(one["hash"] for one in whole.summary["states"] if one["world"] == "regime")
    (parting,) = result.summary["partings"]["branch"]
    assert parting["day"] >= 200 and parting["people"] > 0
    assert result.manifest["command"].startswith("singlestep branch ") and result.manifest["parameters"]["at"] == 200
    assert "rules" in result.tables and set(result.monthly["month"]) == set(range(1, 13))
    assert result.findings() and result.report().exists()
    with pytest.raises(Refused, match=words.BRANCHED_ALREADY.found):
        singlestep.branch(result.folder, at=10, regime="none", out=tmp_path / "twice")
    with pytest.raises(Refused, match=story_words.BRANCHED.found):
        result.story(1)


@pytest.mark.parametrize("after", [pytest.param(100, marks=pytest.mark.slow), 260])
def test_a_branched_run_is_resumed(whole: run.Run, tmp_path: Path, after: int) -> None:
    """Stopped before the branch, and after it."""
    settings: dict[str, Any] = {"at": 180, "regime": "national-list", "checkpoint_every": 0.0005}
    undisturbed = singlestep.branch(whole.folder, out=tmp_path / "undisturbed", **settings)
    looks = iter(range(after))

    def stop(done: int, total: int, text: str) -> None:
        if next(looks, None) is None:
            raise KeyboardInterrupt

    with pytest.raises(run.Stopped):
        singlestep.branch(whole.folder, out=tmp_path / "left", progress=stop, **settings)
    again = resume(tmp_path / "left")
    assert (again.folder / "summary.json").read_bytes() == (undisturbed.folder / "summary.json").read_bytes()
    assert all(table.equals(again.tables[name]) for name, table in undisturbed.tables.items())


@pytest.mark.parametrize(
    ("changes", "text"),
    [({"at": 0}, "between 1 and 364"), ({"at": 365}, "between 1 and 364"), ({"world": "other"}, "one of: regime, twin"),
     ({"regime": "nowhere"}, "nowhere")],
)  # fmt: skip
def test_what_cannot_be_branched_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, changes: dict[str, Any], text: str
) -> None:
    test_run.use_fake_world(monkeypatch.setattr)
    finished = test_run.small(out=tmp_path / "run").folder
    monkeypatch.undo()
    with pytest.raises(Refused, match=text):
        singlestep.branch(finished, **{"at": 5, "regime": "none", "out": tmp_path / "out", **changes})
    assert not (tmp_path / "out").exists()
