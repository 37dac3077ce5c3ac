"""The engine and the slow reading agree bit for bit, compiled or not, in any blocks, on any threads.

Compared are all per-person arrays, the letters under way, and all tallies: for every shipped regime, and for two files
in which everything happens (`tests/stress`). Where they part, the message names the array, the place and both values.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import reference
from tests.stress import worlds

from singlestep.engine import counters, tallies
from singlestep.engine.world import World
from singlestep.regime.schema import Regime
from singlestep.regime.tables import RISK
from singlestep.society import tables
from singlestep.society.schema import Society

ROOT = Path(__file__).parent.parent
OFTEN = 20
CHECKS = 5  # looks at both on the way, so that a difference is found near the day on which it arises
NEVER_NAMED = ("missed", "erased", "true")  # such records never reach a recorded file, or are no error


def side_by_side(name: str, variant: str, rules: str, people: int, days: int, seed: int = 1) -> None:
    """Both readings, day after day; fails with the first difference."""
    society = worlds.society(name, variant)
    regime = worlds.regime(rules, society)
    engine, slow = World(society, regime, people, seed), reference.World(society, regime, people, seed)
    for _ in range(CHECKS):
        engine.run(days // CHECKS)
        slow.run(days // CHECKS)
        assert worlds.differences(engine, slow) == [], f"by day {engine.day}"
    engine.finish()
    slow.finish()
    assert worlds.differences(engine, slow) == [], "taking stock at the end"
    assert engine.state_hash() == slow.state_hash()


# These differ from another of the cases by little, and live among fewer people unless the slow tests are asked for.
AKIN = (("coast", "none"), ("coast", "rongcheng-brief-ceilings"), ("stress", "spill"))


@pytest.mark.parametrize(("society", "regime"), [pair for pair in worlds.cases() if pair not in AKIN])
def test_both_readings_agree_over_a_year(society: str, regime: str) -> None:
    side_by_side(society, "as written", regime, 1000, worlds.YEAR)


@pytest.mark.parametrize("people", [250, pytest.param(1000, marks=pytest.mark.slow)])
@pytest.mark.parametrize(("society", "regime"), AKIN)
def test_both_readings_agree_over_a_year_of_regimes_akin(society: str, regime: str, people: int) -> None:
    side_by_side(society, "as written", regime, people, worlds.YEAR)


@pytest.mark.slow
@pytest.mark.parametrize("regime", worlds.STRESS)
@pytest.mark.parametrize(("people", "days"), [(1009, 70), (4099, 35), (4097, 10), (1, 365), (2, 365), (17, 365)])
def test_both_readings_agree_at_odd_sizes(people: int, days: int, regime: str) -> None:
    side_by_side("stress", "as written", regime, people, days, seed=2)


@pytest.mark.slow
@pytest.mark.parametrize("regime", worlds.STRESS)
@pytest.mark.parametrize("variant", [name for name in worlds.VARIANTS if name != "as written"])
def test_both_readings_agree_in_other_towns(variant: str, regime: str) -> None:
    side_by_side("stress", variant, regime, 301, 150, seed=3)


@pytest.mark.parametrize("seed", [0, 2**32, 2**64 - 1])
def test_both_readings_agree_at_the_ends_of_the_seeds(seed: int) -> None:
    side_by_side("stress", "as written", "regime", 100, 60, seed=seed)


def test_both_readings_agree_where_letters_only_add_points() -> None:
    """Such letters are read a shorter way. On days with letters that are no records (here favours) the long one is taken."""
    written = worlds.society().model_dump(by_alias=True, exclude_unset=True)
    acts = {name: act for name, act in written["acts"].items() if not {"door", "behind"} & set(act) and name != "boasts"}
    responses = {**written["responses"], "knows_untold": 0}
    society = Society.model_validate({**written, "acts": acts, "services": {}, "responses": responses})
    stressed = worlds.regime("regime", worlds.society()).model_dump(by_alias=True, exclude_unset=True)
    sources, rules = stressed["sources"], ("speech", "insult", "telling")
    sources["camera"]["sees"] = {"steals": 0.5, "endangers": 0.6}
    regime = Regime.model_validate({
        "format": stressed["format"], "name": "plain", "words": "points alone", "sources": sources,
        "points": {"start": 100, "low": 0, "high": 140, "bounds": "hold"},
        "rules": {
            **{name: {"act": stressed["rules"][name]["act"], "points": stressed["rules"][name]["points"]} for name in rules},
            "theft": {"act": "steals", "points": -9},
            "theft-again": {"act": "steals", "points": -3, "fine": 2, "seen_by": ["camera"]},
            "gift": {"act": "gives", "points": 14},
        },
        "ladder": {"classes": [{"name": "A", "floor": 110}, {"name": "B"}]},
        "powers": {"erase": True, "plant": {"source": "camera", "acts": ["steals"]}},
    })  # fmt: skip
    engine, slow = World(society, regime, 300, 1), reference.World(society, regime, 300, 1)
    assert engine.regime_tables.only_adds
    engine.record(0, "camera", "hums", due=1, step=0)  # no rule takes it
    act, source = list(society.acts).index("hums"), list(regime.sources).index("camera")
    slow.post(reference.Letter(0, 0, 0, 0, reference.RECORD, reference.BOTH, act=act, source=source), due=1)
    for world in (engine, slow):
        world.run(100)
    assert worlds.differences(engine, slow) == []
    found, flow = engine.tallies["source"].sum(axis=0), engine.tallies["flow"].sum(axis=1)
    assert too_rare(tallies.CAUSES, found, never=["bent discretion"]) == {}
    counted = ("clipped recorded", "clipped clean", "penal wrong", "penal right", "gained", "gained bought", "gained faked")
    assert engine.tallies["refusal"][tallies.REFUSALS.index("old")] == 1
    assert too_rare(counted, [abs(flow[tallies.FLOW.index(name)]) for name in counted]) == {}


def test_both_readings_agree_where_kinds_are_picked_by_families(monkeypatch: pytest.MonkeyPatch) -> None:
    """As where there are thousands of kinds."""
    monkeypatch.setattr(tables, "MANY_KINDS", 0)
    monkeypatch.setattr(reference, "MANY_KINDS", 0)
    tabled = World(worlds.society("coast"), worlds.regime("none", worlds.society("coast")), 1, 1).society_tables
    sizes = np.diff(tabled.family_from)
    assert sizes.max() > 1 and sizes.sum() == tabled.kinds and tabled.alias.shape[1] == len(sizes)
    side_by_side("coast", "as written", "rongcheng", 250, 120)


# Compiled or not ------------------------------------------------------------------------------------------------------


def uncompiled(name: str, variant: str, rules: str, people: int, days: int) -> str:
    """The fingerprint of the same world from another process that compiles nothing."""
    ways = [str(ROOT / "src"), str(ROOT), os.environ.get("PYTHONPATH", "")]
    around = {**os.environ, "SINGLESTEP_COMPILE": "0", "PYTHONPATH": os.pathsep.join(ways)}
    what = [name, variant, rules, str(people), str(days)]
    command = [sys.executable, "-W", "error::RuntimeWarning", "-m", "tests.stress.worlds", *what]
    done = subprocess.run(command, cwd=ROOT, env=around, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.mark.slow
@pytest.mark.parametrize(("society", "regime"), worlds.cases())
def test_a_year_is_the_same_uncompiled(society: str, regime: str) -> None:
    compiled = worlds.fingerprint(worlds.lived(society, "as written", regime, 1000, worlds.YEAR))
    assert uncompiled(society, "as written", regime, 1000, worlds.YEAR) == compiled


@pytest.mark.parametrize("regime", worlds.STRESS)
def test_some_weeks_are_the_same_uncompiled(regime: str) -> None:
    compiled = worlds.fingerprint(worlds.lived("stress", "ring", regime, 101, 42))
    assert uncompiled("stress", "ring", regime, 101, 42) == compiled


# Blocks and threads ---------------------------------------------------------------------------------------------------


@cache
def in_one_block(regime: str, people: int) -> str:
    """The fingerprint of a world of one block."""
    return worlds.fingerprint(worlds.lived("stress", "as written", regime, people, 62, block_pages=64))


@pytest.mark.parametrize("people", [10_007, pytest.param(20_000, marks=pytest.mark.slow)])
@pytest.mark.parametrize("regime", worlds.STRESS)
@pytest.mark.parametrize(("block_pages", "threads"), [(1, 1), (1, 2), (1, 3), (3, 1), (3, 2), (16, 3)])
def test_blocks_and_threads_change_nothing(regime: str, people: int, block_pages: int, threads: int) -> None:
    how = {"block_pages": block_pages, "threads": threads}
    many = worlds.lived("stress", "as written", regime, people, 62, **how)
    assert worlds.fingerprint(many) == in_one_block(regime, people)


# That the stress files are what they say ------------------------------------------------------------------------------


@cache
def a_year(rules: str) -> World:
    """A thousand people's year under a stress regime."""
    return worlds.lived("stress", "as written", rules, 1000, worlds.YEAR)


def too_rare(names: Iterable[str], counts: Iterable[int], never: Iterable[str] = ()) -> dict[str, int]:
    """What happened less often than twenty times, apart from what cannot happen."""
    found = {name: int(count) for name, count in zip(names, counts, strict=True)}
    for name in never:
        assert found.pop(name) == 0, name
    return {name: count for name, count in found.items() if count < OFTEN}


def greater(name: str, *axes: int) -> np.ndarray:
    """A tally summed over these axes (its rows differ in number between the regimes), the greater of both."""
    return np.max([np.abs(a_year(rules).tallies[name].sum(axis=axes)) for rules in worlds.STRESS], axis=0)


def test_every_cause_occurs() -> None:
    assert too_rare(tallies.CAUSES, greater("source", 0), never=["bent discretion"]) == {}
    cause = greater("cause")
    assert too_rare(tallies.CAUSES, cause[:, 0], never=["missed", "erased"]) == {}
    assert cause[tallies.CAUSES.index("bent discretion"), 1] >= OFTEN
    assert too_rare(tallies.CAUSES, greater("alive"), never=NEVER_NAMED) == {}
    triggers = greater("trigger")
    assert too_rare(tallies.TRIGGERS, triggers[:, 0], never=["missed", "erased"]) == {}
    assert too_rare(tallies.TRIGGERS, triggers[:, 1], never=["missed", "erased"]) == {}


def test_every_letter_and_refusal_occurs() -> None:
    letters = greater("letter")
    assert too_rare(tallies.LETTERS, letters[:, 0]) == {}
    assert too_rare(tallies.LETTERS, letters[:, 1]) == {}
    always = ["decision", "household", "favour", "follow", "witness"]
    assert too_rare(tallies.LETTERS, letters[:, 2], never=always) == {}
    assert too_rare(tallies.REFUSALS, greater("refusal")) == {}


def test_every_outcome_of_acts_requests_and_appeals_occurs() -> None:
    assert too_rare(tallies.ACT, greater("act", 0)) == {}
    assert too_rare(tallies.DOOR, greater("door", 0, 2)) == {}
    assert too_rare(tallies.FLOW, greater("flow", 1)) == {}
    decided, won = (tallies.FLOW.index(f"{row} wrong") for row in ("decided", "won"))
    flow = a_year("regime").tallies["flow"].sum(axis=1)
    right = tallies.FLOW.index("penal right") - tallies.FLOW.index("penal wrong")
    for lost in (flow[decided] - flow[won], flow[decided + right] - flow[won + right]):
        assert lost >= OFTEN


def test_every_rule_applies_on_both_sides_and_every_class_is_stood_in() -> None:
    for rules in worlds.STRESS:
        world = a_year(rules)
        applied = world.tallies["rule"][:, :2].min(axis=1)
        assert too_rare(world.regime.rules, applied) == {}
        assert (world.tallies["stock_class"].sum(axis=1) > 0).all()


def moved(world: World, listing: str, side: str, what: str) -> int:
    """How often somebody entered, left or was renewed."""
    row, column = list(world.regime.lists).index(listing), tallies.LISTING.index(what)
    return int(world.tallies["listing"][row, tallies.SIDES.index(side), column].sum())


def otherwise(rules: str, **changes: object) -> World:
    """A year under a stress regime changed in some parts."""
    society = worlds.society()
    written = worlds.regime(rules, society).model_dump(by_alias=True, exclude_unset=True)
    world = World(society, Regime.model_validate({**written, **changes}), 1000, 1)
    world.run(worlds.YEAR)
    return world


def test_every_exit_of_a_list_occurs() -> None:
    """Each list named here can be left in one way only, on that side and in that regime."""
    daily, monthly = a_year("regime"), a_year("spill")
    assert (
        moved(daily, "wanted", "clean", "left") >= OFTEN
    )  # term over: no condition, and the clean side has no appeals
    assert moved(daily, "debtors", "clean", "left") >= OFTEN  # fulfilled: the term is ten years
    assert moved(monthly, "marked", "clean", "left") >= OFTEN  # fulfilled, without a term
    assert moved(daily, "banned", "recorded", "left") >= OFTEN  # wiped
    assert moved(monthly, "below", "recorded", "left") >= OFTEN  # the class is better again
    assert moved(daily, "watched", "recorded", "left") >= OFTEN  # too few records are alive
    assert moved(daily, "kin", "recorded", "left") >= OFTEN  # nobody of the household is listed any more
    assert moved(daily, "doubtful", "recorded", "renewed") >= OFTEN
    assert moved(monthly, "fallen", "recorded", "renewed") >= OFTEN
    by_appeal = otherwise("regime", powers={})
    assert moved(by_appeal, "accused", "recorded", "left") >= OFTEN
    by_oversight = otherwise("regime", remedy={})
    assert moved(by_oversight, "accused", "recorded", "left") >= OFTEN


def test_people_are_listed_again_for_longer() -> None:
    society = worlds.society()
    slow = reference.World(society, worlds.regime("regime", society), 200, 1)
    slow.run(150)
    times = [slow.count(person, "times", 0, reference.RECORDED) for person in range(slow.people)]
    assert sum(count > 1 for count in times) >= OFTEN
    assert sum(count > 2 for count in times) > 0


# Worked out by hand ---------------------------------------------------------------------------------------------------


def one_person(rule: dict[str, object], responses: dict[str, float] | None = None, **more: object) -> tuple[Society, Regime]:
    """A society of one person and one act, and a regime with one camera, one rule and two classes."""
    society = {
        "format": "singlestep-society 1",
        "name": "one",
        "words": "one person",
        "households": {"templates": ["MMMMMMMMMMMMMMMM"]},
        "acts": {"speaks": {"words": "speaks", "domain": "speech", "rate": 0}},
        "responses": responses or {},
    }
    regime = {
        "format": "singlestep-regime 1",
        "name": "one",
        "words": "one rule",
        "sources": {"camera": {"words": "a camera", "body": "police", "sees": {"speaks": 0.8}}},
        "rules": {"speech": {"act": "speaks", **rule}},
        "ladder": {"classes": [{"name": "High", "floor": 0, "perk": 10}, {"name": "Low"}]},
        **more,
    }
    return Society.model_validate(society), Regime.model_validate(regime)


def both_with_a_record(society: Society, regime: Regime) -> tuple[World, reference.World]:
    """Both readings of one person, who gets a true record on 2 January."""
    engine, slow = World(society, regime, 1, 1), reference.World(society, regime, 1, 1)
    engine.record(0, "camera", "speaks", due=1, step=0)
    slow.post(reference.Letter(0, 0, 0, 0, reference.RECORD, reference.BOTH), due=1)
    return engine, slow


def test_a_won_appeal_undoes_a_class_set_for_a_term() -> None:
    """Set on day 1 for 300 days, appealed and won 20 days later: recorded over on day 21, the clean file keeps it."""
    society, regime = one_person(
        {"set_class": {"to": "Low", "term": "300 days"}},
        {"appeals_if_right": 1},
        disclosure={"told": 1},
        remedy={"appeals": True, "wait": "20 days", "wins_if_right": 1},
    )
    engine, slow = both_with_a_record(society, regime)
    for days, recorded, clean in ((21, 1, 1), (22, 0, 1), (301, 0, 1), (302, 0, 0)):
        for world in (engine, slow):
            world.run(days - world.day)
        assert engine.class_of(0) == slow.count(0, "class", reference.RECORDED) == recorded
        assert slow.count(0, "class", reference.CLEAN) == clean
        assert engine.counter(0, counters.CLASS + 1) & 15 == clean
        assert worlds.differences(engine, slow) == []


def test_of_several_records_that_a_list_asks_for_each_is_felt_as_its_part() -> None:
    for entry, risk in (({}, 0.8), ({"records": 4}, 0.2)):
        society, regime = one_person(
            {"enters": "marked", "fine": 3}, lists={"marked": {"words": "marked", "entry": entry, "term": "1 year"}}
        )
        assert reference.World(society, regime, 1, 1).felt(0) == (round(65536 * risk), 0)
        tables = World(society, regime, 1, 1).regime_tables
        assert tables.felt[tables.felt_sort[0], RISK] == round(65536 * risk)


# What once differed ---------------------------------------------------------------------------------------------------


def test_a_class_set_for_a_term_is_over_when_its_last_day_begins_with_settling() -> None:
    """Set on 2 January for 30 days, the class is over on 1 February, and the perk of the better class is paid then."""
    engine, slow = both_with_a_record(*one_person({"set_class": {"to": "Low", "term": "30 days"}}))
    for world in (engine, slow):
        world.run(32)
        world.finish()
        assert world.tallies["flow"][tallies.FLOW.index("perks")].sum() == 10
    assert worlds.differences(engine, slow) == []
