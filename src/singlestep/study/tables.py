"""The tables of a run: long and tidy, one row a count, with the columns `seed` and `world` (its label) first.

A table is built as a list of blocks, one for each seed and world; a block maps a column to a NumPy array or to one
value for all its rows. Polars comes in only when a list of blocks becomes a frame.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from singlestep.engine import tallies
from singlestep.measures.counts import ACT, CAUSE, FIFTHS, NO_CLASS, UNMADE, Counts, Names, Rows

if TYPE_CHECKING:
    import polars

    from singlestep.measures.parting import Spells
    from singlestep.regime.schema import Regime

Block = dict[str, Any]

MOST_PEOPLE = 100_000  # in the table of people
GROUPS = ("majority", "minority")
PAGE = 4096
CELL_COLUMNS = {
    "income": [fifth for fifth in FIFTHS for _ in GROUPS],
    "group": [group for _ in FIFTHS for group in GROUPS],
}
CAUSE_COLUMNS = ("points lost", "points gained", "erroneous spells")
KINDS = ("all", "protected", "harmful")
STILL_SHUT = ("closed days, still shut", "overlong days, still shut")


@dataclass(frozen=True)
class Month:
    """What had been counted by the end of a month, from the beginning; the stocks as they stood at that end."""

    flow: Counts  # [flow]
    door: Counts  # [door, column]
    listing: Counts  # [list, recorded or clean, event]
    source: Counts  # [source, cause]
    act: Counts  # [kind of act, outcome]
    classes: Counts  # [class, cell]
    level: Counts  # [level], sums over people

    @classmethod
    def of(cls, counted: dict[str, Counts], kinds: Counts) -> Month:
        """The sums that the monthly tables need; `kinds` [kind, act] is 1 where the act is of the kind."""
        return cls(
            flow=counted["flow"].sum(axis=1),
            door=counted["door"].sum(axis=2),
            listing=counted["listing"].sum(axis=3),
            source=counted["source"].copy(),
            act=kinds @ counted["act"],
            classes=counted["stock_class"].copy(),
            level=counted["stock_level"].sum(axis=1),
        )

    def with_stocks_of(self, counted: dict[str, Counts]) -> Month:
        """The same, with the stocks as they have been counted since."""
        return replace(self, classes=counted["stock_class"].copy(), level=counted["stock_level"].sum(axis=1))


def act_kinds(names: Names) -> Counts:
    """[kind, act]: 1 where the act belongs to the kind; kinds are all, protected and harmful."""
    protected = [right != "none" for right in names.rights]
    harmful = [harm != "none" for harm in names.harms]
    return np.array([[True] * len(names.acts), protected, harmful], np.int64).reshape(len(KINDS), len(names.acts))


def frame(blocks: list[Block]) -> polars.DataFrame:
    """The blocks one below the other, as a polars DataFrame."""
    import polars as pl

    frames = []
    for block in blocks:
        frames.append(pl.DataFrame({name: _series(name, column, _rows(block)) for name, column in block.items()}))
    return pl.concat(frames)


def counts(world: Block, counted: dict[str, Counts], names: Names) -> dict[str, Block]:
    """Tables of one world's tallies at its end: acts, rules, doors, sources, lists, causes, flow."""
    door = np.concatenate((counted["door"], counted["stock_door"], counted["stock_spell"]), axis=1)
    listing = np.concatenate((counted["listing"], counted["stock_list"][:, :, None, :]), axis=2)
    causes = np.stack((counted["cause"][:, 0], counted["cause"][:, 1], counted["alive"]), axis=1)
    act = np.concatenate((counted["act"], counted["left"]), axis=1)
    acts = {"act": names.acts, "harm": names.harms, "protected": names.rights}
    rules = {"rule": names.rules, "act": names.rule_acts}
    doors = (*tallies.DOOR, "shut at the end", "shut at the end, clean", *STILL_SHUT)
    return {
        "acts": {**world, **_long(act, acts, {"measure": (*tallies.ACT, *tallies.LEFT)})},
        "rules": {**world, **_long(counted["rule"], rules, {"measure": tallies.RULE})},
        "doors": {**world, **_long(door, {"door": names.doors}, {"measure": doors}, CELL_COLUMNS)},
        "sources": {
            **world,
            **_long(counted["source"], {"source": names.sources, "body": names.bodies}, {"cause": tallies.CAUSES}),
        },
        "kept": {
            **world,
            **_long(counted["kept"], {"source": names.sources, "body": names.bodies}, {"file": tallies.SIDES}),
        },
        "lists": {
            **world,
            **_long(
                listing, {"list": names.lists}, {"file": tallies.SIDES},
                {"measure": (*tallies.LISTING, "listed at the end")}, CELL_COLUMNS,
            ),
        },
        "causes": {
            **world,
            **_long(causes, {"cause": tallies.CAUSES}, {"measure": CAUSE_COLUMNS}),
        },
        "triggers": {
            **world, **_long(counted["trigger"], {"trigger": tallies.TRIGGERS}, {"measure": tallies.BROUGHT}),
        },
        "bodies": {
            **world,
            **_long(
                counted["brought"], {"source": (*names.sources, None), "body": (*names.bodies, None)},
                {"measure": tallies.BROUGHT},
            ),
        },
        "flow": {**world, **_long(counted["flow"], {"measure": tallies.FLOW}, CELL_COLUMNS)},
    }  # fmt: skip


def monthly(world: Block, months: list[Month], names: Names) -> Block:
    """What happened in each month (differences), and how high the levels stood at its end (sums over people)."""
    blocks: list[Block] = []
    made = [CAUSE[cause] for cause in tallies.CAUSES if cause not in UNMADE]
    parts = (
        ("flow", [month.flow[None, :] for month in months], ("all",), tallies.FLOW),
        ("act", [month.act for month in months], KINDS, tuple(ACT)),
        ("door", [month.door for month in months], names.doors, tallies.DOOR),
        ("list", [month.listing[:, 0, :] for month in months], names.lists, tallies.LISTING),
        ("source", [month.source[:, made].sum(axis=1)[:, None] for month in months], names.sources, ("records made",)),
    )
    for part, series, items, measures in parts:
        happened = np.diff(np.stack(series), axis=0, prepend=0)
        blocks.append({"part": part, **_months(happened, items, measures)})
    level = np.stack([month.level[None, :] for month in months])
    blocks.append({"part": "level", **_months(level, ("all",), tallies.LEVELS)})
    sizes = [len(block["value"]) for block in blocks]
    part_names = np.repeat(np.array([block["part"] for block in blocks], object), sizes)
    columns = ("month", "item", "measure", "value")
    return {
        **world,
        "part": part_names,
        **{name: np.concatenate([block[name] for block in blocks]) for name in columns},
    }


def classes(world: Block, months: list[Month], names: Names) -> Block:
    """People by the class last published at the end of each month, by income and group."""
    numbers = _axis_of_months(months)
    stock = np.stack([month.classes for month in months])
    return {**world, **_long(stock, {"month": numbers}, {"class": names.classes}, CELL_COLUMNS, value="people")}


def against(world: Block, here: list[Month], there: list[Month]) -> Block:
    """Acts of each kind month by month, here and in the base: net is fewer taken here, forgone the part that rules and fear
    took away beyond those of the base, added the part that need and encouragement brought; net = forgone - added."""
    mine, base = _by_month(here), _by_month(there)
    lost = [ACT["deterred"], ACT["silenced"], ACT["shut"]]
    net = base[:, :, ACT["taken"]] - mine[:, :, ACT["taken"]]
    forgone = mine[:, :, lost].sum(axis=2) - base[:, :, lost].sum(axis=2)
    numbers = {"month": _axis_of_months(here)}
    return {
        **world,
        **_long(mine[:, :, ACT["taken"]], numbers, {"kind": KINDS}, value="taken"),
        "base": base[:, :, ACT["taken"]].reshape(-1),
        "forgone": forgone.reshape(-1),
        "added": (forgone - net).reshape(-1),
        "net": net.reshape(-1),
    }


def transitions(world: Block, counted: Counts, names: Names) -> Block:
    """People by class at the end of a month and of the next, over all months; shape of `counted`: (classes, classes)."""
    return {**world, **_long(counted, {"from": names.classes}, {"to": names.classes}, value="people")}


def waiting(world: Block, curves: dict[str, dict[str, Any]]) -> Block:
    """Kaplan-Meier curves one below the other, each under the name of what is waited for."""
    names = [name for name, curve in curves.items() for _ in curve["day"]]
    columns = {column: np.concatenate([curve[column] for curve in curves.values()]) for column in next(iter(curves.values()))}
    return {**world, "event": names, **columns}


def measures(world: Block, rows: dict[str, Rows]) -> Block:
    """Every measure with its numerator, denominator and value."""
    flat = [(name, of, ratio) for name, part in rows.items() for of, ratio in part.items()]
    return {
        **world,
        "measure": [name for name, _, _ in flat],
        "of": [of for _, of, _ in flat],
        "numerator": np.array([ratio.numerator for _, _, ratio in flat], np.int64),
        "denominator": np.array([ratio.denominator for _, _, ratio in flat], np.int64),
        "value": np.array([np.nan if ratio.value is None else ratio.value for _, _, ratio in flat], np.float64),
    }


def people(block: Block, world: Any, regime: Regime, city_pages: int) -> Block:
    """Each made-up person as they stand at the end; `class` is today's, which may be ahead of the published one."""
    points, tie = np.asarray(world.points, np.int64), np.asarray(world.tie, np.int64)
    person = np.arange(len(points), dtype=np.int64)
    ladder = [rung.name for rung in regime.ladder.classes] if regime.ladder else [NO_CLASS]
    standing, doors = world.standings()
    return {
        **block,
        "person": person,
        "city": person // (PAGE * city_pages),
        "income": _named(FIFTHS, np.asarray(world.income)),
        "group": _named(GROUPS, np.asarray(world.minority).astype(np.int64)),
        "points": points,
        "clean": np.asarray(world.clean, np.int64),
        "tie": tie,
        "shown": shown(regime, points, tie),
        "board": np.asarray(world.board, np.int64),
        "class": _named(ladder, standing),
        "lists": _set_bits(tuple(regime.lists), np.asarray(world.lists, np.int64)),
        "clean_lists": _set_bits(tuple(regime.lists), np.asarray(world.clean_lists, np.int64)),
        "doors_shut": _set_bits(tuple(world.society.services), doors),
        "need": np.asarray(world.need, np.int64),
        "fear": np.asarray(world.fear, np.int64),
        "awareness": np.asarray(world.awareness, np.int64),
    }


def spells(block: Block, found: Spells, names: Names) -> Block:
    """Every spell: a door shut on a person from one day to another, whether in error, and the act that triggered it."""
    acts = np.array([*names.acts, None], object)
    return {
        **block,
        "person": found.person,
        "door": _named(names.doors, found.door),
        "from": found.begun,
        "until": np.ma.masked_equal(found.ended, -1),
        "erroneous": found.erroneous,
        "act": acts[found.act],
    }


def shown(regime: Regime, points: Counts, tie: Counts) -> Counts:
    """Points shown: own, held as the regime reads them, and what ties add (docs/model.md, Grading)."""
    spill = regime.spill_over
    weight = round(65536 * spill.weight.value) if spill is not None and spill.mode == "shown" else 0
    table = regime.points
    own = np.clip(points, table.low, table.high) if table.bounds == "read" else points
    return np.clip(((65536 - weight) * own >> 16) + tie, -32_000, 32_000)


# Building blocks -----------------------------------------------------------------------------------------------------
def _long(array: Counts, *axes: dict[str, Any], value: str = "value") -> Block:
    """One row for each cell of the array; each axis gives its columns with a label for each place."""
    block: Block = {}
    for number, columns in enumerate(axes):
        inner = int(np.prod(array.shape[number + 1 :], dtype=np.int64))
        outer = int(np.prod(array.shape[:number], dtype=np.int64))
        for name, labels in columns.items():
            column = labels if isinstance(labels, np.ndarray) else np.array(list(labels), object)
            block[name] = np.tile(np.repeat(column, inner), outer)
    block[value] = np.ascontiguousarray(array, np.int64).reshape(-1)
    return block


def _by_month(months: list[Month]) -> Counts:
    """Acts within each month; shape (months, kinds, outcomes)."""
    so_far = np.stack([month.act for month in months])
    before = np.concatenate((np.zeros_like(so_far[:1]), so_far[:-1]))
    return so_far - before


def _months(series: Counts, items: Sequence[str], of: Sequence[str]) -> Block:
    numbers = np.arange(1, len(series) + 1, dtype=np.int64)
    return _long(series, {"month": numbers}, {"item": items}, {"measure": of})


def _axis_of_months(months: list[Month]) -> Counts:
    return np.arange(1, len(months) + 1, dtype=np.int64)


def _named(names: Sequence[str], places: NDArray[Any]) -> NDArray[Any]:
    return np.array(list(names), object)[places]


def _set_bits(names: tuple[str, ...], bits: Counts) -> NDArray[Any]:
    """Names of which a bit is set, joined by commas."""
    kinds, place = np.unique(bits, return_inverse=True)
    texts = [", ".join(name for bit, name in enumerate(names) if int(kind) >> bit & 1) for kind in kinds]
    return _named(texts, place)


def _rows(block: Block) -> int:
    return max((len(column) for column in block.values() if isinstance(column, list | np.ndarray)), default=1)


def _series(name: str, column: Any, rows: int) -> polars.Series:
    """One column; text stays text and numbers stay numbers in an empty table too."""
    import polars as pl

    if isinstance(column, np.ma.MaskedArray):
        return pl.Series(name, column.tolist(), dtype=pl.Int64)
    if isinstance(column, int):
        return pl.Series(name, np.full(rows, column, np.uint64))
    if isinstance(column, str):
        return pl.repeat(column, rows, dtype=pl.String, eager=True).alias(name)
    text = isinstance(column, list) or column.dtype == object
    return pl.Series(name, list(column), dtype=pl.String) if text else pl.Series(name, column)
