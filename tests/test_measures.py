"""Measures on cases small enough to be computed by hand, and the laws that measures between worlds must keep."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import test_run
from singlestep.engine import tallies
from singlestep.engine.world import World
from singlestep.measures import answerable, counts, disparity, effects, mobility
from singlestep.measures.counts import Counted, Names, Ratio, compared, measured
from singlestep.measures.parting import Followed, Parting, Spells
from singlestep.regime.loader import load_regime, load_society
from singlestep.regime.schema import Regime
from singlestep.society.schema import Society
from singlestep.study import run, summary, tables, twins
from singlestep.study.compare import compare
from singlestep.words import measures as words

CAUSE, TRIGGER = tallies.column(tallies.CAUSES), tallies.column(tallies.TRIGGERS)
DOOR, ACT, FLOW = (tallies.column(names) for names in (tallies.DOOR, tallies.ACT, tallies.FLOW))
HERE = Path(__file__).parent
LOWER_MINORITY, HIGHEST_MAJORITY = 3, 8  # cells: income fifth x 2 + minority


def hamlet(years: int = 2) -> Counted:
    """A hamlet of 1,000 with nothing counted: litters (minor harm), speaks (speech on work), walks; a loan and a flight."""
    society, regime = Society.model_validate(test_run.SOCIETY), Regime.model_validate(test_run.REGIME)
    names = Names.of(society, regime)
    sizes = (len(names.acts), len(names.sources), len(names.rules), len(names.doors), len(names.lists), len(names.classes))
    counted = tallies.empty(tallies.shapes(*sizes))
    counted["stock_people"][:] = 100
    return Counted(names, counted, 1000, years)


def at_door(column: str, number: int, door: int = 0, cell: int = LOWER_MINORITY) -> Counted:
    """A hamlet where this happened at a door."""
    world = hamlet()
    world.tallies["door"][door, DOOR[column], cell] = number
    return world


# Harm terms ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("term", "column", "whole"), [
    ("erroneous", "erroneous", "begun"), ("mistaken", "mistaken", "begun"), ("protected", "protected", "begun"),
    ("for another", "for another", "begun"), ("cross-context", "cross-context", "begun"),
    ("disproportionate", "disproportionate", "ended"), ("overlong", "overlong days", "closed days"),
    ("missed", "missed", "clean begun"),
])  # fmt: skip
def test_each_harm_term_stands_alone(term: str, column: str, whole: str) -> None:
    """3 of 12 on the lower fifth's minority; no other term moves, and none is a sum of others."""
    world = at_door(column, 3)
    world.tallies["door"][0, DOOR[whole], LOWER_MINORITY] = 12
    rows = measured(world)
    assert rows[term]["all"] == rows[term]["income lower"] == rows[term]["group minority"] == Ratio(3, 12)
    assert rows[term]["income highest"].value is None and rows[term]["all"].value == 0.25
    for other in counts.HARMS:
        if other != term:
            assert rows[other]["all"].numerator == 0
    if term != "overlong":
        each_year = rows[words.ALSO_PER_YEAR.format(name=term)]
        assert each_year["all"] == Ratio(3, 2000, 1000) and each_year["income lower"] == Ratio(3, 400, 1000)
        assert each_year["income lower"].value == 7.5


# Disparity -----------------------------------------------------------------------------------------------------------
def test_disparity_shows_both_rates_difference_and_ratio() -> None:
    found = disparity.disparity(Ratio(30, 1_000, 1000), Ratio(20, 2_000, 1000))
    assert found == {"rates": [30.0, 10.0], "difference": 20.0, "ratio": 3.0}


@pytest.mark.parametrize("pair", [(Ratio(19, 100), Ratio(500, 1000)), (Ratio(20, 100), Ratio(19, 1000))])
def test_disparity_shows_nothing_under_twenty_events(pair: tuple[Ratio, Ratio]) -> None:
    assert disparity.disparity(*pair) is None


def test_disparities_of_a_summary_are_those_of_its_rows() -> None:
    """Erroneous spells in 2 years: minority 40 of 500 people, majority 20 of 500."""
    world = hamlet()
    world.tallies["door"][0, DOOR["erroneous"], [LOWER_MINORITY, HIGHEST_MAJORITY]] = 40, 20
    told = summary.measures({"regime": [measured(world)]}, None, {})
    found = {(row["measure"], tuple(row["of"])): row for row in summary.disparities(told)}
    row = found["erroneous, a year", ("group minority", "group majority")]
    assert row["rates"] == [40.0, 20.0] and row["ratio"] == 2.0 and row["difference"] == 20.0
    assert [part["numerator"] for part in row["counts"]] == [40, 20]
    assert len(found) == 1  # nobody of the lowest income met with any


# False points, stages, funnel, gaming, dose ---------------------------------------------------------------------------
def test_false_share_of_points_by_hand() -> None:
    world = hamlet()
    world.tallies["cause"][[CAUSE["true"], CAUSE["mistyped"]], 0] = 60, 40
    assert measured(world)["false points"]["all"] == Ratio(40, 100)


def test_gaming_by_hand() -> None:
    """Of 40 points gained 10 were for a deed that was never done, 5 for one done for the points alone, by the best off."""
    world = hamlet()
    for row, cell, number in (("gained", LOWER_MINORITY, 25), ("gained", HIGHEST_MAJORITY, 15),
                              ("gained faked", LOWER_MINORITY, 10), ("gained bought", HIGHEST_MAJORITY, 5)):  # fmt: skip
        world.tallies["flow"][FLOW[row], cell] = number
    rows = answerable.gaming(world)
    assert rows["all"] == Ratio(15, 40) and rows["bought"] == Ratio(5, 40) and rows["faked"] == Ratio(10, 40)
    assert rows["income lower"] == Ratio(10, 25) and rows["income highest"] == Ratio(5, 15)


def test_days_shut_too_long_are_those_of_doors_still_shut_too() -> None:
    world = at_door("overlong days", 3)
    world.tallies["door"][0, DOOR["closed days"], LOWER_MINORITY] = 100
    world.tallies["stock_spell"][1, :, LOWER_MINORITY] = 50, 7
    assert measured(world)["overlong"]["all"] == measured(world)["overlong"]["income lower"] == Ratio(10, 150)


def test_missed_acts_by_hand() -> None:
    """20 litter, which is penal: 9 are recorded, 2 reported. What is not penal does not count."""
    world = hamlet()
    assert dict(zip(world.names.rule_acts, world.names.penal, strict=True)) == {"litters": True}
    place = world.names.acts.index("litters")
    world.tallies["act"][:, ACT["taken"]] = 20
    world.tallies["left"][place] = 9, 2
    assert measured(world)["missed acts"] == {"all": Ratio(9, 20), "act litters": Ratio(9, 20)}


def test_knowledge_and_those_left_out_by_hand() -> None:
    """Four people know 15, 9, 6 and 0; the first two stand well, and the second has had a door shut."""
    cells = np.array([LOWER_MINORITY, 0, 0, HIGHEST_MAJORITY])
    rows = effects.knowledge(
        np.array([15, 9, 6, 0]), np.array([0, 0, 1, 1]), ("good", "poor"), cells, np.array([False, True, False, False])
    )
    assert rows["all"] == Ratio(30, 4) and rows["class good"] == Ratio(24, 2) and rows["class poor"] == Ratio(6, 2)
    assert rows[words.DOOR_SHUT] == Ratio(9, 1) and rows[words.NEVER_SHUT] == Ratio(21, 3)
    assert rows["income lower"] == Ratio(15, 1)
    assert effects.not_covered(12, 3, 60) == {"lost": Ratio(12, 60), "gained": Ratio(3, 60)}


def test_reasons_to_approve_and_to_object_by_hand() -> None:
    """Four people: one gained, one gained and lost, one lost, one met with nothing; two and two stand in a class."""
    cells = np.array([LOWER_MINORITY, 0, 0, HIGHEST_MAJORITY])
    gained, lost = np.array([True, True, False, False]), np.array([False, True, True, False])
    rows = effects.reasons(gained, lost, np.array([0, 0, 1, 1]), ("good", "poor"), cells)
    approve, against = rows["reason to approve"], rows["reason to object"]
    assert approve["all"] == Ratio(1, 4) and against["all"] == Ratio(2, 4)
    assert approve["class good"] == Ratio(1, 2) and against["class poor"] == Ratio(1, 2)
    assert approve["income lower"] == Ratio(1, 1) and against["income highest"] == Ratio(0, 1)


def test_who_is_answerable_by_hand() -> None:
    """Of 100 records of the wardens (police) 10 name somebody else, 5 are lost, 1 is late, 4 are erased."""
    world = hamlet()
    source = world.tallies["source"][0]
    source[[CAUSE[name] for name in ("true", "misidentified", "missed", "late", "erased")]] = 80, 10, 5, 1, 4
    by_stage = answerable.wrong_by_stage(world)
    assert by_stage["stage seen"] == Ratio(10, 20) and by_stage["stage linked"] == Ratio(5, 20)
    assert by_stage["stage delivered"] == Ratio(1, 20) and by_stage["stage decided"] == Ratio(4, 20)
    assert sum(ratio.numerator for ratio in by_stage.values()) == 20
    assert answerable.wrong_by_body(world) == {"body police": Ratio(20, 100)}
    trigger = world.tallies["trigger"]
    for cause, spells in (("true", (90, 2)), ("mistyped", (8, 6)), ("ties", (2, 2))):
        trigger[TRIGGER[cause], :2] = spells
    by_stage = answerable.harm_by_stage(world)
    assert by_stage["erroneous: stage typed"] == Ratio(6, 10) and by_stage["spells: stage as meant"] == Ratio(90, 100)
    assert by_stage["spells: stage no record"] == Ratio(2, 100)
    for harm in tallies.BROUGHT:
        assert sum(ratio.numerator for of, ratio in by_stage.items() if of.startswith(f"{harm}: ")) == (
            by_stage[f"{harm}: stage seen"].denominator
        )
    protected = tallies.BROUGHT.index("protected")
    world.tallies["brought"][:, protected] = 3, 1
    by_body = answerable.harm_by_body(world)
    assert by_body["protected: body police"] == Ratio(3, 4) and by_body["protected: body none"] == Ratio(1, 4)
    assert answerable.resting(world)["all"] == Ratio(8, 100)


def test_the_funnel_by_hand() -> None:
    world = hamlet()
    for stage, number in (("penal", 50), ("told", 20), ("knew", 30), ("filed", 10), ("decided", 8), ("won", 6)):
        world.tallies["flow"][FLOW[f"{stage} wrong"], 0] = number
    rows = measured(world)
    shares = [rows[f"{stage} if wrong"]["all"] for stage in counts.FUNNEL]
    assert shares == [Ratio(number, 50) for number in (20, 30, 10, 8, 6)]


def test_the_dose_of_watching_by_hand() -> None:
    """1,000 people, 2 years: 400 seen, of which 100 never became a record; 250 changed a file, 260 the clean one."""
    world = hamlet()
    world.tallies["source"][0, [CAUSE["true"], CAUSE["missed"]]] = 300, 100
    world.tallies["kept"][0] = 250, 260
    assert measured(world)["records made"]["source wardens"] == Ratio(300, 2000)
    assert measured(world)["records kept"] == {"all": Ratio(250, 2000), "source wardens": Ratio(250, 2000)}


# Silence, steering, deterrence ---------------------------------------------------------------------------------------
def test_silence_and_steering_by_hand() -> None:
    here, there = hamlet(), hamlet()
    taken = ACT["taken"]
    here.tallies["act"][:, taken], there.tallies["act"][:, taken] = (70, 30, 95), (100, 40, 100)
    here.tallies["act"][1, ACT["silenced"]] = 10
    rows = compared(here, there)
    assert rows["fewer protected acts"]["all"] == rows["fewer protected acts"]["topic work"] == Ratio(10, 40)
    assert rows["fewer harmless acts"]["all"] == Ratio(5, 100)
    assert rows["fewer harmful acts"]["all"] == rows["fewer harmful acts"]["minor"] == Ratio(30, 100)
    assert measured(here)["silence"]["topic work"] == Ratio(10, 40)


def month(**acts: list[int]) -> tables.Month:
    """A month's end: counts so far of [taken, deterred, silenced, forgone, shut, saturated] by kind of act."""
    kinds = np.array([acts.get(kind, [0] * 6) for kind in tables.KINDS], np.int64)
    nothing = np.zeros((1, 1), np.int64)
    return tables.Month(nothing, nothing, nothing, nothing, kinds, nothing, nothing)


def test_deterrence_by_month_by_hand() -> None:
    """Second month: 80 harmful acts instead of 100; 25 more were forgone than there, so need added 5."""
    here = [month(harmful=[90, 8, 0, 0, 0, 0]), month(harmful=[170, 30, 5, 0, 3, 0])]
    there = [month(harmful=[100, 0, 0, 0, 0, 0]), month(harmful=[200, 5, 0, 0, 0, 0])]
    table = tables.frame([tables.against({"seed": 1, "world": "here"}, here, there)])
    rows = table.filter(table["kind"] == "harmful").to_dicts()
    assert [(row["month"], row["taken"], row["base"], row["forgone"], row["added"], row["net"]) for row in rows] == [
        (1, 90, 100, 8, -2, 10), (2, 80, 100, 25, 5, 20),
    ]  # fmt: skip


# Mobility and waiting ------------------------------------------------------------------------------------------------
def test_transitions_by_hand() -> None:
    """Four people over three months: one falls and rises again, one falls and stays, one rises, one never moves."""
    moves = mobility.Transitions(3)
    for standing in ([0, 0, 2, 1], [1, 1, 1, 1], [0, 1, 1, 1]):
        moves.add(np.array(standing))
    assert moves.counts.tolist() == [[0, 2, 0], [1, 4, 0], [0, 1, 0]]
    rows = moves.rows()
    assert rows["moved"]["all"] == Ratio(4, 8) and rows["never out"]["all"] == Ratio(1, 2)


def test_the_shorrocks_index_by_hand() -> None:
    """P = (.9 .1; .5 .5): (2 - 1.4) / 1 = .6. Nobody moves: 0. Where one stood says nothing: 1. Empty classes drop out."""
    assert mobility.shorrocks(np.array([[9, 1], [5, 5]])).value == pytest.approx(0.6)
    assert mobility.shorrocks(np.diag([5, 7, 9])).value == 0
    assert mobility.shorrocks(np.full((3, 3), 4)).value == 1
    assert mobility.shorrocks(np.array([[9, 0, 1], [0, 0, 0], [5, 0, 5]])).value == pytest.approx(0.6)
    assert mobility.shorrocks(np.array([[9]])).value is None


def test_kaplan_meier_is_that_of_the_textbooks() -> None:
    """Weeks to relapse under 6-MP (Freireich and others 1963): 21 patients, 12 of them censored."""
    weeks = [6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35]
    censored = [0, 0, 0, 1, 0, 1, 0, 1, 1, 0, 0, 1, 1, 1, 0, 0, 1, 1, 1, 1, 1]
    curve = mobility.kaplan_meier(np.array(weeks), np.array(censored, bool))
    assert curve["day"].tolist() == [6, 7, 10, 13, 16, 22, 23]
    assert curve["at_risk"].tolist() == [21, 17, 15, 12, 11, 7, 6]
    assert curve["events"].tolist() == [3, 1, 1, 1, 1, 1, 1]
    assert curve["censored"].tolist() == [0, 1, 1, 2, 0, 3, 0]
    assert curve["waiting"] == pytest.approx([0.857, 0.807, 0.753, 0.690, 0.627, 0.538, 0.448], abs=5e-4)
    assert (curve["low"] < curve["waiting"]).all() and (curve["waiting"] < curve["high"]).all()
    nobody = mobility.kaplan_meier(np.array([9, 9]), np.array([True, True]))
    assert all(len(column) == 0 for column in nobody.values())


def some_spells() -> Spells:
    """Two spells of door 1 on person 4 (days 10 to 20, 30 to the end), one of door 0 on person 2 (day 5 to 50, in error)."""
    parts = ([4, 4, 2], [1, 1, 0], [10, 30, 5], [20, -1, 50], [False, False, True], [0, 0, -1])
    spells: Any = [np.array(part) for part in parts]
    return Spells(*spells)


def test_waiting_times_by_hand() -> None:
    days, censored = mobility.until_open(some_spells(), 100)
    assert days.tolist() == [10, 70, 45] and censored.tolist() == [False, True, False]
    on, off = 1 << mobility.LISTS_SHIFT, 0
    changes = np.array([[3, 1, on, -1], [8, 1, off, -1], [9, 0, 1 << 3, -1], [20, 1, on, -1]])
    followed = Followed(np.zeros(3, np.int64), np.zeros(0, np.int64), changes)
    days, censored = mobility.until_listed(followed, 3, 100)
    assert days.tolist() == [100, 3, 100] and censored.tolist() == [True, False, True]


# Access, errors, effects ---------------------------------------------------------------------------------------------
def test_access_days_by_hand() -> None:
    """5 people, 2 doors, 100 days: person 2 (cell 3) without a door for 45 days, person 4 (cell 8) for 80."""
    cells = np.array([0, 0, LOWER_MINORITY, 0, HIGHEST_MAJORITY])
    rows = effects.access(some_spells(), 2, cells, 100)
    assert rows["all"] == Ratio(875, 1000)
    assert rows["income lower"] == rows["group minority"] == Ratio(155, 200)
    assert rows["income highest"] == Ratio(120, 200) and rows["income lowest"] == Ratio(600, 600)
    assert effects.shut_days(some_spells(), 5, 100).tolist() == [0, 0, 45, 0, 80]


def test_induced_by_error_by_hand() -> None:
    """Without errors person 4's door 1 shuts on days 15 to 25 only, and person 2's door 0 after day 50."""
    parts = ([4, 2, 2], [1, 0, 1], [15, 50, 5], [25, 60, 50], [False] * 3, [0, 0, 0])
    right: Any = [np.array(part) for part in parts]
    assert effects.overlapping(some_spells(), Spells(*right), 100).tolist() == [True, False, False]
    cells = np.array([0, 0, LOWER_MINORITY, 0, HIGHEST_MAJORITY])
    rows = effects.induced(some_spells(), Spells(*right), 100, cells)
    assert rows["all"] == Ratio(2, 3) and rows["income highest"] == Ratio(1, 2) and rows["group minority"] == Ratio(1, 1)
    nothing: Any = [np.zeros(0, np.int64)] * 6
    assert effects.induced(some_spells(), Spells(*nothing), 100, cells)["all"] == Ratio(3, 3)
    assert effects.induced(Spells(*nothing), some_spells(), 100, cells)["all"].value is None


def test_direct_and_total_effects_by_hand() -> None:
    """Two of four are the few: 30 days shut with the regime on for all, 20 with it on for them alone, 5 in the base."""
    few = np.array([True, False, True, False])
    worlds = [
        effects.Befell(np.array(shut), np.array(need), np.zeros(4, np.int64))
        for shut, need in (([30, 99, 0, 99], [3, 0, 1, 9]), ([15, 0, 5, 0], [2, 0, 1, 0]), ([5, 50, 0, 0], [1, 5, 1, 5]))
    ]
    found = effects.effects(*worlds, few=few, years=2)
    doors = found["effect on doors"]
    assert doors == {words.TOTAL: Ratio(25, 4), words.DIRECT: Ratio(15, 4), words.THROUGH_OTHERS: Ratio(10, 4)}
    assert found["effect on need"][words.TOTAL] == Ratio(2, 2) and found["effect on fear"][words.TOTAL] == Ratio(0, 2)


def test_persons_who_differ_are_counted_of_all() -> None:
    rows = Parting(day=3, people=7, acts=6, doors=2).rows(1000)
    assert rows["differ"] == {"all": Ratio(7, 1000), "acts taken": Ratio(6, 1000), "doors shut": Ratio(2, 1000)}


def test_a_publication_is_put_down_to_the_gravest_record_of_its_month() -> None:
    """Nobody does anything. In January somebody is recorded as having spoken (-15) and littered (-10): the door that the
    publication of 1 February shuts is put down to the speech. Somebody else's speech was published a month before litter
    shut the door, and a third person's door shut at once, by a list."""
    acts = {name: {**act, "rate": 0} for name, act in test_run.SOCIETY["acts"].items()}  # type: ignore[attr-defined]
    wardens = {**test_run.REGIME["sources"]["wardens"], "sees": {"litters": 1, "speaks": 1, "walks": 1}}
    rules = {
        "litter": {"act": "litters", "points": -10},
        "speech": {"act": "speaks", "points": -15},
        "walk": {"act": "walks", "points": 0, "enters": "blacklist"},
    }
    ladder = {**test_run.REGIME["ladder"], "publish": "monthly"}
    written = {"sources": {"wardens": wardens}, "rules": rules, "ladder": ladder}
    society = Society.model_validate({**test_run.SOCIETY, "acts": acts})
    world = World(society, Regime.model_validate({**test_run.REGIME, **written}), 16, 1)
    for person, act, day in ((0, "speaks", 5), (0, "litters", 9), (1, "speaks", 5), (1, "litters", 40), (2, "walks", 45)):
        world.record(person, "wardens", act, day, day - 1)
    brought = tallies.column(tallies.BROUGHT)
    seen = []
    for days in (32, 31):
        world.run(days)
        found = world.tallies["trigger"][TRIGGER["true"]]
        seen.append((found[brought["spells"]], found[brought["protected"]]))
        assert (world.tallies["brought"][0] == found).all() and not world.tallies["brought"][1].any()
    assert seen == [(1, 1), (3, 1)]  # the second by litter, the third by the walk


# Worlds of the engine ------------------------------------------------------------------------------------------------
PEOPLE, DAYS = 4_096, 200


@cache
def followed(errors: bool, few: bool = False, name: str = "rongcheng") -> World:
    society, regime = load_society("coast"), load_regime(name)
    if not errors:
        society, regime = twins.of_honest_people(society), twins.without_errors(regime)
    shielded = ~twins.the_few(PEOPLE) if few else None
    world = World(society, regime, PEOPLE, 2, follow=True, shielded=shielded)
    world.run(DAYS)
    world.finish()
    return world


def test_nothing_is_induced_by_error_where_there_is_none() -> None:
    spells = Followed.of(followed(False)).spells()
    assert len(spells.person) and not spells.erroneous.any()
    cells = np.zeros(PEOPLE, np.int64)
    assert effects.induced(spells, spells, DAYS, cells)["all"].numerator == 0


def test_what_errors_induce_is_not_all_that_is_shut() -> None:
    here, right = (Followed.of(followed(errors, name="rongcheng-brief")).spells() for errors in (True, False))
    share = effects.induced(here, right, DAYS, np.zeros(PEOPLE, np.int64))["all"]
    assert 0 < share.numerator < share.denominator


def test_on_for_few_alone_records_reach_only_them() -> None:
    world, few = followed(True, few=True), twins.the_few(PEOPLE)
    assert (world.points[~few] == 1000).all() and (world.points[few] != 1000).any()
    plots, windows = np.flatnonzero(few) // 16, np.flatnonzero(few) // 64
    assert len(set(plots)) == len(plots) and len(set(windows)) == len(windows) == PEOPLE // 64


def test_measures_between_worlds_are_in_the_summary(tmp_path: Path) -> None:
    result = compare("none", "ordinary-law", people=1_000, years=1, seeds=2, out=tmp_path / "out")
    measures = result.summary["measures"]
    for name in ("induced by error", "effect on doors", "fewer harmless acts", "differ"):
        row = next(iter(measures[name]["rows"].values()))
        assert row["worlds"]["none"] is None and row["worlds"]["ordinary-law"]["denominator"] is not None
    effect = measures["effect on doors"]["rows"]
    parts = [effect[of]["worlds"]["ordinary-law"]["numerator"] for of in (words.TOTAL, words.DIRECT, words.THROUGH_OTHERS)]
    assert parts[0] == parts[1] + parts[2]
    assert measures["access"]["rows"]["all"]["worlds"]["none"]["value"] == 1
    assert {"transitions", "waiting", "spells", "partings", "against_base"} <= set(result.tables)
    for measure in measures.values():
        assert measure["words"] and measure["formula"] and measure["source"]
    net = result.against_base.filter(result.against_base["kind"] == "harmful")["net"].sum()
    row = measures["fewer harmful acts"]["rows"]["all"]["worlds"]["ordinary-law"]
    assert row["numerator"] == net


def test_a_run_tells_what_errors_induce(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    result = run.run("rongcheng", people=1_000, years=1, twin=False, out=tmp_path / "out")
    row = result.summary["measures"]["induced by error"]["rows"]["all"]["worlds"]["regime"]
    begun = result.summary["measures"]["erroneous"]["rows"]["all"]["worlds"]["regime"]
    assert row["denominator"] == begun["denominator"]


# The page of measures ------------------------------------------------------------------------------------------------
def test_shares_of_acts_and_doors_by_hand() -> None:
    """Of 100 requests 5 nobody could pay, 10 were refused, 4 of these by a human; 200 find the door shut at the end."""
    world = hamlet()
    for column, number in (("asked", 100), ("unaffordable", 5), ("refused", 10), ("refused by a human", 4)):
        world.tallies["door"][0, DOOR[column], LOWER_MINORITY] = number
    world.tallies["stock_door"][0, 0], world.tallies["stock_door"][0, 1] = 20, 15
    world.tallies["act"][0, [ACT["taken"], ACT["deterred"], ACT["saturated"]]] = 30, 10, 8
    flow, lists = world.tallies["flow"], world.tallies["listing"]
    flow[FLOW["occasions"], 0], flow[FLOW["cut off"], 0] = 97, 3
    flow[FLOW["ties cut"], LOWER_MINORITY], flow[FLOW["clipped recorded"], 0] = 40, 60
    lists[0, 0, 0, LOWER_MINORITY], world.tallies["stock_list"][0, 0, 1] = 12, 9
    world.tallies["stock_class"][:, 0] = 900, 100
    world.tallies["stock_level"][tallies.LEVELS.index("fear"), LOWER_MINORITY] = 250
    rows = measured(world)
    assert rows["unaffordable"]["all"] == Ratio(5, 100) and rows["refused"]["door loan"] == Ratio(10, 100)
    assert rows["refused by a human"]["income lower"] == Ratio(4, 10)
    assert rows["shut at the end"]["door loan"] == Ratio(200, 1000)
    assert rows["shut by a clean file"]["door loan"] == Ratio(150, 1000)
    assert rows["deterrence"]["all"] == rows["deterrence"]["minor"] == Ratio(10, 40)
    assert rows["saturated"]["all"] == Ratio(8, 40) and rows["cut off"]["all"] == Ratio(3, 100)
    assert rows["ties cut"]["income lower"] == Ratio(40, 400, 1000) and rows["clipped"]["all"] == Ratio(60, 2000)
    assert rows["listed"]["list blacklist"] == Ratio(12, 2000, 1000)
    assert rows["listed at the end"]["list blacklist"] == Ratio(9, 1000)
    assert rows["class at the end"]["class Poor"] == Ratio(100, 1000)
    assert rows["level"]["fear (income lower)"] == Ratio(250, 200)
    assert rows["own points"]["all"] == Ratio(0, 1000)


@cache
def page() -> Any:
    """The script that writes the page."""
    import importlib.util

    spec = importlib.util.spec_from_file_location("measures_of_the_demo", HERE.parent / "docs" / "measures_of_the_demo.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_page_names_every_measure_its_formula_and_a_test_that_exists() -> None:
    lines = [line for line in page().written().splitlines() if line.startswith("| ") and not line.startswith("| measure ")]
    cells = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]
    names = [name for name in words.MEASURES if name not in words.CHECKS] + list(words.CHECKS)
    assert [(row[0], row[1]) for row in cells] == [(name, words.MEASURES[name].formula) for name in names]
    tests = "".join((HERE / name).read_text() for name in ("test_measures.py", "test_run.py"))
    for row in cells:
        assert f"def {row[2].strip('`')}(" in tests, row


@pytest.mark.slow
def test_the_values_in_the_page_are_those_of_the_demonstration(tmp_path: Path) -> None:
    from singlestep.study.demo import demo

    assert page().written() == page().table(demo(out=tmp_path / "demo")[0].summary)
