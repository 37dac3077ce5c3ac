"""What is told of traced people: it adds up to the tallies, changes nothing, and does not depend on the layout."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from tests.stress import worlds

from singlestep.engine import rows as r
from singlestep.engine import tallies as t
from singlestep.engine.world import World
from singlestep.regime.loader import load_regime, load_society
from singlestep.regime.schema import SpillOver
from singlestep.rooms import observed

PEOPLE, DAYS = 1_500, 95
TWO_PAGES = 5_000
COLUMN = {name: place for place, name in enumerate(r.COLUMNS)}
SHIPPED = ("rongcheng", "absorbed")
CASES = (*worlds.STRESS, *SHIPPED)


def world(name: str, people: int = PEOPLE, days: int = DAYS, **how: Any) -> World:
    """A world that has lived: of the stress society, or of the shipped one."""
    if name in worlds.STRESS:
        return worlds.lived("stress", "as written", name, people, days, **how)
    regime = load_regime("rongcheng")
    if name == "absorbed":
        share = {"value": 0.3, "confidence": "guess"}
        spill = SpillOver.model_validate({"mode": "absorbed", "weight": share, "household": 1, "near": 1, "far": 1})
        regime = regime.model_copy(update={"spill_over": spill})
    lived = World(load_society("coast"), regime, people, 1, **how)
    lived.run(days)
    lived.finish()
    return lived


@cache
def traced(name: str) -> World:
    return world(name, trace="everyone")


class Rows:
    """Rows of one kind, by column."""

    def __init__(self, rows: NDArray[np.int32]) -> None:
        self.rows = rows

    def of(self, what: int, **where: int) -> Rows:
        keep = self.rows[:, COLUMN["what"]] == what
        for name, value in where.items():
            keep &= self.rows[:, COLUMN[name]] == value
        return Rows(self.rows[keep])

    def with_bit(self, name: str, bit: int) -> Rows:
        return Rows(self.rows[self[name] & bit != 0])

    def __getitem__(self, name: str) -> NDArray[np.int64]:
        return self.rows[:, COLUMN[name]].astype(np.int64)

    def __len__(self) -> int:
        return len(self.rows)

    def count(self, name: str, size: int) -> list[int]:
        """How many rows have each value of a column."""
        return [int(number) for number in np.bincount(self[name], minlength=size)]


@pytest.mark.parametrize("name", CASES)
def test_tracing_changes_no_bit_of_the_world(name: str) -> None:
    assert worlds.fingerprint(traced(name)) == worlds.fingerprint(world(name))


@pytest.mark.parametrize("name", CASES)
def test_acts_and_requests_are_those_of_the_tallies(name: str) -> None:
    lived, rows = traced(name), Rows(traced(name).traced_rows())
    acts, doors = len(lived.society.acts), len(lived.society.services)
    for outcome in ("taken", "deterred", "silenced", "shut"):
        place = t.ACT.index(outcome)
        assert rows.of(r.ACT, reason=place).count("act", acts) == lived.tallies["act"][:, place].tolist(), outcome
    door = lived.tallies["door"].sum(axis=2)
    asked = rows.of(r.ASKED)
    assert asked.count("rule", doors) == door[:, t.DOOR.index("asked")].tolist()
    for answer in ("unaffordable", "refused"):
        told = rows.of(r.ASKED, reason=r.ANSWERS.index(answer))
        assert told.count("rule", doors) == door[:, t.DOOR.index(answer)].tolist(), answer
    assert rows.of(r.ASKED, x=1).count("rule", doors) == door[:, t.DOOR.index("refused by a human")].tolist()


@pytest.mark.parametrize("name", CASES)
def test_records_are_those_of_the_tallies(name: str) -> None:
    lived, rows = traced(name), Rows(traced(name).traced_rows())
    told = np.zeros_like(lived.tallies["source"])
    np.add.at(told, (rows.of(r.SEEN)["source"], rows.of(r.SEEN)["cause"]), 1)
    np.add.at(told, (rows.of(r.ERASED)["source"], t.CAUSES.index("erased")), 1)
    assert told.tolist() == lived.tallies["source"].tolist()
    refused = rows.of(r.TURNED_AWAY).count("reason", len(t.REFUSALS))
    refused[t.REFUSALS.index("erased")] += len(rows.of(r.ERASED, reason=0))
    assert refused == lived.tallies["refusal"].tolist()
    mistakes = rows.of(r.SEEN, reason=observed.MISTAKE)
    assert (mistakes["author"] == mistakes["person"]).all()


@pytest.mark.parametrize("name", CASES)
def test_points_by_rule_and_cause_are_those_of_the_tallies(name: str) -> None:
    lived, applied = traced(name), Rows(traced(name).traced_rows()).of(r.APPLIED)
    for side, points in enumerate(("x", "y")):
        here = applied.with_bit("sides", 1 << side)
        assert here.count("rule", len(lived.regime.rules)) == lived.tallies["rule"][:, side].tolist()
        told = np.bincount(here["rule"], here[points], len(lived.regime.rules))
        assert told.astype(np.int64).tolist() == lived.tallies["rule"][:, 2 + side].tolist()
    recorded = applied.with_bit("sides", 1)
    lost = np.bincount(recorded["cause"], np.maximum(-recorded["x"], 0), len(t.CAUSES))
    assert lost.astype(np.int64).tolist() == lived.tallies["cause"][:, 0].tolist()


@pytest.mark.parametrize("name", CASES)
def test_spells_and_listings_are_those_of_the_tallies(name: str) -> None:
    lived, rows = traced(name), Rows(traced(name).traced_rows())
    door, doors = lived.tallies["door"].sum(axis=2), len(lived.society.services)
    shut, opened = rows.of(r.DOOR, sides=1, reason=1), rows.of(r.DOOR, sides=1, reason=0)
    expected = {
        "begun": shut, "ended": opened, "erroneous": shut.with_bit("x", 1), "mistaken": shut.with_bit("x", 2),
        "clean begun": rows.of(r.DOOR, sides=2, reason=1), "clean ended": rows.of(r.DOOR, sides=2, reason=0),
    }  # fmt: skip
    for measure, told in expected.items():
        assert told.count("rule", doors) == door[:, t.DOOR.index(measure)].tolist(), measure
    assert int(opened["y"].sum()) == int(door[:, t.DOOR.index("closed days")].sum())
    assert shut.count("cause", len(t.TRIGGERS)) == lived.tallies["trigger"][:, 0].tolist()
    for side in range(2):
        for reason in range(len(t.LISTING)):
            told = rows.of(r.LIST, sides=side + 1, reason=reason).count("rule", len(lived.regime.lists))
            assert told == lived.tallies["listing"][:, side, reason].sum(axis=1).tolist()


@pytest.mark.parametrize("name", CASES)
def test_the_appeal_funnel_is_that_of_the_tallies(name: str) -> None:
    lived, rows = traced(name), Rows(traced(name).traced_rows())
    flow = {row: int(lived.tallies["flow"][place].sum()) for place, row in enumerate(t.FLOW)}
    wrong = rows.of(r.REMEDY).with_bit("x", r.WRONG_BIT)
    assert len(wrong) == flow["penal wrong"]
    assert len(rows.of(r.REMEDY)) == flow["penal wrong"] + flow["penal right"]
    for bit, name_of in ((r.TOLD_BIT, "told"), (r.KNEW_BIT, "knew"), (r.FILED_BIT, "filed")):
        assert len(wrong.with_bit("x", bit)) == flow[f"{name_of} wrong"], name_of
    assert len(rows.of(r.DECIDED, rule=1)) == flow["decided wrong"]
    assert len(rows.of(r.DECIDED, rule=1, reason=1)) == flow["won wrong"]
    assert int((rows.of(r.REMEDY)["z"] >= 0).sum()) == flow["found by oversight"]


@pytest.mark.parametrize("name", CASES)
def test_the_ledger_of_points_from_the_rows_is_exact(name: str) -> None:
    lived, rows = traced(name), Rows(traced(name).traced_rows())
    signs = {r.APPLIED: 1, r.CLOSED: -1, r.WIPED: 1, r.ABSORBED: 1, r.CLIPPED: -1}
    for points, held in (("x", lived.points), ("y", lived.clean)):
        told = np.full(PEOPLE, lived.regime.points.start, np.int64)
        for what, sign in signs.items():
            here = rows.of(what)
            np.add.at(told, here["person"], sign * here[points])
        assert told.tolist() == held.tolist()
    assert len(rows.of(r.APPLIED)) > 0


def test_every_kind_of_row_is_told_somewhere() -> None:
    seen = {int(what) for name in CASES for what in np.unique(Rows(traced(name).traced_rows())["what"])}
    assert seen == set(range(len(r.WHAT)))


@cache
def in_one_block(name: str) -> World:
    return world(name, TWO_PAGES, 40, trace="everyone")


@pytest.mark.parametrize("name", CASES[:2])
@pytest.mark.parametrize(("block_pages", "threads"), [(1, 1), (1, 2)])
def test_layout_does_not_change_the_table(name: str, block_pages: int, threads: int) -> None:
    other = world(name, TWO_PAGES, 40, trace="everyone", block_pages=block_pages, threads=threads)
    assert (other.traced_rows() == in_one_block(name).traced_rows()).all()


def test_some_persons_are_told_as_among_everyone() -> None:
    name, some = CASES[0], [0, 17, 4095, 4096, 4999, 1234]
    few, everyone = world(name, TWO_PAGES, 40, trace=some).traced_rows(), in_one_block(name).traced_rows()
    mine, theirs = (table[np.isin(table[:, 0], some)] for table in (few, everyone))
    assert len(mine) > 100
    assert (mine == theirs).all()


def test_nobody_is_told_of_unless_asked_for() -> None:
    assert len(world("rongcheng").traced_rows()) == 0
    with pytest.raises(ValueError, match="from 0 to 1499"):
        world("rongcheng", trace=[5000])
