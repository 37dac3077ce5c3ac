"""The state hash: no layout shows in it, and every field of every person, counter, letter and count does.

That engine and reference, compiled and uncompiled worlds, and all layouts give the same is tested in `test_agreement`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from tests.stress import worlds

from singlestep.engine import counters, hashing, letters, tallies
from singlestep.engine.state import State
from singlestep.engine.world import World

PEOPLE = 257


@pytest.fixture(scope="module")
def world() -> World:
    """A world in which ties count, so that no array is empty."""
    return worlds.lived("stress", "as written", "regime", PEOPLE, 45)


@contextmanager
def altered(array: Any, place: Any) -> Iterator[None]:
    """The lowest bit of one number turned over."""
    array[place] ^= 1
    yield
    array[place] ^= 1


@pytest.mark.parametrize("name", State._fields)
def test_any_field_of_any_person_shows(world: World, name: str) -> None:
    before = world.state_hash()
    seen = {before}
    for person in (0, 1, 100, PEOPLE - 1):
        with altered(getattr(world.state, name), person):
            seen.add(world.state_hash())
    assert len(seen) == 5 and world.state_hash() == before


def test_nobody_who_fills_the_last_page_shows(world: World) -> None:
    before = world.state_hash()
    with altered(world.state.points, PEOPLE):
        assert world.state_hash() == before


def test_a_counter_shows_and_how_it_lies_does_not(world: World) -> None:
    before, block = world.state_hash(), world.blocks[0]
    rows = block.counters.living()
    assert len(rows) > 100
    for column, change in ((0, 2), (1, 1)):  # of a key: the next index
        other = rows.copy()
        other[7, column] += change
        block.counters = counters.Counters(block.first, block.people)
        block.counters.take_in(other)
        assert world.state_hash() != before
    block.counters = counters.Counters(block.first, block.people)
    block.counters.take_in(rows[::2])
    block.counters.keep(rows[1::2][::-1].copy())
    assert len(block.counters.lately)
    assert world.state_hash() == before


def test_each_part_of_a_letter_shows_and_its_place_does_not(world: World) -> None:
    before, pile = world.state_hash(), next(iter(world.post.periods.values())).loose
    for word in range(3):
        with altered(pile[0], (0, word)):
            assert world.state_hash() != before
    pile[0] = pile[0][::-1].copy()
    pile.append(pile[0][:1].copy())
    pile[0] = pile[0][1:].copy()
    assert world.state_hash() == before


def test_a_letter_is_the_same_wherever_it_lies(world: World) -> None:
    before, post, period = world.state_hash(), world.post, world.day // letters.PERIOD
    some = next(iter(post.days.values())).loose
    kept = list(some)
    post.posted.append(letters.unpacked(some.pop(), period))
    assert world.state_hash() == before
    post.posted.pop()
    some[:] = kept


@pytest.mark.parametrize("name", tallies.NAMES)
def test_every_tally_shows(world: World, name: str) -> None:
    before, table = world.state_hash(), getattr(world.counts[0].tallies, name)
    last = tuple(size - 1 for size in table.shape)
    with altered(table, last):
        assert world.state_hash() != before


def test_appeals_day_and_seed_show(world: World) -> None:
    before = world.state_hash()
    with altered(world.filed_last, 0):
        assert world.state_hash() != before
    with altered(world.counts[0].filed, 0):
        assert world.state_hash() != before
    for name in ("day", "seed"):
        setattr(world, name, getattr(world, name) + 1)
        assert world.state_hash() != before
        setattr(world, name, getattr(world, name) - 1)
    assert world.state_hash() == before


def test_hashes_of_several_worlds_add_up_in_any_order() -> None:
    one, other = "00000001ffffffff0000000000000002", "ffffffff000000010000000000000003"
    assert hashing.together([one]) == one
    assert hashing.together([one, other]) == hashing.together([other, one]) == "00000000000000000000000000000005"
