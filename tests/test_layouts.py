"""The same bits under every layout: threads, blocks, order of blocks and of mail, compiled or not, stopped and resumed.

A *cell* is a world of one regime and one number of people under one layout. Each is held, by its state hash and all tallies,
against the same world plainly lived: in one block, on one thread, compiled, undisturbed. Every regime meets every number of
threads with every size of blocks; all else is dealt out so that any two settings meet.
"""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
from functools import cache, partial
from pathlib import Path
from typing import Any, NamedTuple
from unittest.mock import patch

import numpy as np
import pytest
from tests.stress import worlds

from singlestep.engine import checkpoint
from singlestep.engine import world as engine
from singlestep.engine.blocks import Block
from singlestep.engine.letters import Post
from singlestep.engine.world import World
from singlestep.regime.schema import Regime
from singlestep.society.schema import Society

ROOT = Path(__file__).parent.parent
THREADS, BLOCKS, PEOPLE = (1, 2, 3, 8), (1, 3, 7, 16), (1_009, 10_007, 100_003)
DAYS = {1_009: 40, 10_007: 33, 100_003: 33}  # the first of February among them
UNCOMPILED_DAYS = 8
STEPS = 64
WHOLE = 64  # pages of a block that holds everyone


class Cell(NamedTuple):
    """One world under one layout."""

    society: str
    regime: str
    people: int
    days: int
    threads: int = 1
    block_pages: int = WHOLE
    shuffled_blocks: bool = False
    shuffled_mail: bool = False
    least_region: int = engine.LEAST_REGION  # pages


class Shuffled(World):
    """A world whose blocks take turns in a new order each time."""

    order = np.random.default_rng(5)

    def _each_block(self, task: Any) -> None:
        self._share_out([partial(task, block) for block in self.shuffled(self.blocks)])

    def _days_tasks(self) -> list[Any]:
        self.regions = list(map(self.shuffled, self.regions))
        return super()._days_tasks()

    def shuffled(self, blocks: list[Block]) -> list[Block]:
        return [blocks[number] for number in self.order.permutation(len(blocks))]


class ShuffledPost(Post):
    """Mail that lies in another order each day."""

    order = np.random.default_rng(6)

    def begin_day(self, day: int) -> None:
        self.posted = [self.order.permutation(rows) for rows in reversed(self.posted)]
        super().begin_day(day)
        for pile in (self.days[key] for key in self.days if key[1] == day):
            pile.add(self.order.permutation(pile.take_loose()))


@cache
def files(society: str, regime: str) -> tuple[Society, Regime]:
    """Both files, read once."""
    made_up = worlds.society(society)
    return made_up, worlds.regime(regime, made_up)


def made(cell: Cell) -> World:
    """The cell's world on its first day."""
    kind = Shuffled if cell.shuffled_blocks else World
    layout = {"threads": cell.threads, "block_pages": cell.block_pages}
    with patch.object(engine, "LEAST_REGION", cell.least_region):
        world = kind(*files(cell.society, cell.regime), cell.people, 1, **layout)  # type: ignore[arg-type]
    if cell.shuffled_mail:
        world.post = ShuffledPost(0, cell.people, world.post.span)
    return world


def fingerprint(cell: Cell) -> str:
    """State hash and all tallies of the cell's world at its end."""
    world = made(cell)
    world.run(cell.days)
    world.finish()
    found = worlds.fingerprint(world)
    if world.pool is not None:
        world.pool.shutdown()
    return found


@cache
def plainly(society: str, regime: str, people: int, days: int) -> str:
    """The same in one block, on one thread."""
    return fingerprint(Cell(society, regime, people, days))


def cells() -> list[Cell]:
    """All cells that are compiled."""
    found = []
    for number, (case, threads, pages) in enumerate(itertools.product(worlds.cases(), THREADS, BLOCKS)):
        for second in (0, 1):
            shuffles = divmod((number + number // 16 + 2 * second) % 4, 2)
            people = PEOPLE[1] if second else PEOPLE[2] if number % 9 == 0 else PEOPLE[0]
            regions = (1, engine.LEAST_REGION)[(number // 4 + number // 16 + second) % 2]
            found.append(Cell(*case, people, DAYS[people], threads, pages, bool(shuffles[0]), bool(shuffles[1]), regions))
    return found


def uncompiled() -> list[Cell]:
    """The cells for another process that compiles nothing: few people, few days."""
    found = []
    for number, case in enumerate(worlds.cases()):
        for layout in ((THREADS[number % 4], 1, True, False), (THREADS[(number + 1) % 4], 3, False, True)):
            found.append(Cell(*case, PEOPLE[0], UNCOMPILED_DAYS, *layout))
    return found


def test_there_are_enough_cells_and_all_settings_meet() -> None:
    found = cells()
    assert len(set(found)) == len(found) and len(found) + len(uncompiled()) + STEPS * len(worlds.STRESS) >= 300
    columns = ((1, None), (2, PEOPLE), (4, THREADS), (5, BLOCKS), (6, (False, True)), (7, (False, True)))
    for (one, _), (other, _) in itertools.combinations(columns, 2):
        values = [{cell[column] for cell in found} for column in (one, other)]
        met = {(cell[one], cell[other]) for cell in found}
        assert met == set(itertools.product(*values)), (one, other)
    for column, values in columns[1:]:
        assert {cell[column] for cell in found} == set(values or ())


@pytest.mark.slow
@pytest.mark.parametrize(("society", "regime"), worlds.cases())
def test_every_layout_gives_the_same_bits(society: str, regime: str) -> None:
    for cell in cells():
        if (cell.society, cell.regime) == (society, regime):
            assert fingerprint(cell) == plainly(*cell[:4]), cell


@pytest.mark.slow
def test_uncompiled_layouts_give_the_same_bits() -> None:
    ways = [str(ROOT / "src"), str(ROOT), os.environ.get("PYTHONPATH", "")]
    around = {**os.environ, "SINGLESTEP_COMPILE": "0", "PYTHONPATH": os.pathsep.join(ways)}
    command = [sys.executable, "-W", "error::RuntimeWarning", "-m", "tests.test_layouts"]
    done = subprocess.run(command, cwd=ROOT, env=around, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found = done.stdout.splitlines()
    assert len(found) == len(uncompiled())
    for cell, text in zip(uncompiled(), found, strict=True):
        assert text == plainly(*cell[:4]), cell


@pytest.mark.slow
@pytest.mark.parametrize("regime", worlds.STRESS)
def test_stopping_at_every_step_and_going_on_under_another_layout_changes_nothing(regime: str) -> None:
    people = 9_001  # three pages, the last not full
    plain = Cell("stress", regime, people, STEPS)
    world, ends = made(plain), plainly(*plain[:4])
    for day in range(STEPS):
        again = made(plain._replace(threads=THREADS[day % 4], block_pages=(1, 2, 3)[day % 3], shuffled_mail=day % 5 == 0))
        checkpoint.restore(again, checkpoint.parts(world))
        assert again.state_hash() == world.state_hash()
        again.run(STEPS - day)
        again.finish()
        assert worlds.fingerprint(again) == ends, f"stopped on day {day}"
        world.step()


@pytest.mark.slow
def test_a_world_stopped_every_day_and_put_into_another_layout_each_time_is_the_same() -> None:
    plain = Cell("stress", "regime", 9_001, STEPS)
    world = made(plain)
    for day in range(STEPS):
        world.step()
        other = made(plain._replace(threads=THREADS[day % 4], block_pages=(1, 2, 3)[day % 3]))
        checkpoint.restore(other, checkpoint.parts(world))
        world = other
    world.finish()
    assert worlds.fingerprint(world) == plainly(*plain[:4])


def test_a_shuffled_world_is_shuffled() -> None:
    """So that a shuffle which shuffles nothing is found."""
    turns: list[int] = []
    world = made(Cell("stress", "regime", 9_001, 0, block_pages=1, shuffled_blocks=True))
    for _ in range(8):
        world._each_block(lambda block, counts: turns.append(block.first))
    assert turns != sorted(turns[:3]) * 8 and all(isinstance(block, Block) for block in world.blocks)
    assert [block.first for block in world.blocks] == [0, 4096, 8192]


def main() -> None:
    """Print the fingerprint of each uncompiled cell."""
    for cell in uncompiled():
        print(fingerprint(cell))


if __name__ == "__main__":
    main()
