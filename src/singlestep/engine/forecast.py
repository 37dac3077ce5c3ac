"""What a run is expected to need, found by a pilot: the same society and regime with few people, for a year at most.

The constants are measured: `python benchmarks/memory.py` lays the forecast beside what worlds really take.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from singlestep.engine.letters import DUE
from singlestep.engine.state import PAGE, bytes_a_person
from singlestep.regime.schema import Regime
from singlestep.society.schema import Society

if TYPE_CHECKING:
    from singlestep.engine.world import World

PILOT_PEOPLE = PAGE
PILOT_DAYS = 365
LETTER_BYTES = 40
COUNTER_BYTES = 16  # a row of key and value
COUNTERS_AHEAD = 4096  # for which a block's table has room beforehand; it is at most a quarter full
SCRATCH_BYTES, SCRATCH_BYTES_A_PERSON = 10 << 20, 80  # of one thread: its lists, for a block of so many people
PROGRAM_BYTES = 205 << 20  # interpreter, libraries, compiled code
DAYS_OF_NEW_COUNTERS = 5 * 365  # after which nearly everyone who will ever have counters has them


class Pilot(NamedTuple):
    """What a small world left after `days`: due days of its letters, and counters at half time and at the end."""

    days: int
    dues: tuple[tuple[int, int], ...]  # due day, letters
    counters_before: int
    counters: int
    spills: bool


_PILOTS: deque[tuple[Society, Regime, int, Pilot]] = deque(maxlen=8)  # asked for again when looking for what fits


def forecast(society: Society, regime: Regime, people: int, days: int) -> dict[str, int]:
    """Bytes expected at the peak of a run of `people` for `days`, with one thread: `memory` in all, and its parts.

    `blocks` is no part but a number: as many threads can work, each with as much `scratch`. `checkpoint` is the size of the
    state at the end on the disk.
    Beyond the pilot's days letters go on to arise at its pace and to wait as long, and counters to grow as in its last half.
    """
    from singlestep.engine.world import BLOCK_PAGES

    pilot = _pilot(society, regime, days)
    share = people / PILOT_PEOPLE
    waits = ((count, due - pilot.days / 2) for due, count in pilot.dues)
    letters = sum(count * max(1.0, min(wait, days) / pilot.days) for count, wait in waits)
    growth = (pilot.counters - pilot.counters_before) / max(1, pilot.days - pilot.days // 2)
    counters = pilot.counters + growth * (min(days, max(pilot.days, DAYS_OF_NEW_COUNTERS)) - pilot.days)
    block = min(people, BLOCK_PAGES * PAGE)
    rows = 1 << (4 * (round(counters * block / PILOT_PEOPLE) + COUNTERS_AHEAD) - 1).bit_length()
    parts = {
        "state": bytes_a_person(pilot.spills) * people,
        "letters": round(letters * share * LETTER_BYTES),
        "counters": round(rows * people / block * COUNTER_BYTES),
        "scratch": SCRATCH_BYTES + SCRATCH_BYTES_A_PERSON * block,
        "program": PROGRAM_BYTES,
    }
    kept = parts["state"] - people + parts["letters"] + round(COUNTER_BYTES * counters * share)  # archetypes are not kept
    return {"memory": sum(parts.values()), "checkpoint": kept, "blocks": -(-people // (BLOCK_PAGES * PAGE))} | parts


def _pilot(society: Society, regime: Regime, days: int) -> Pilot:
    """The pilot for a run of so many days, remembered."""
    length = min(days, PILOT_DAYS)
    for known_society, known_regime, known_length, pilot in _PILOTS:
        if known_society is society and known_regime is regime and known_length == length:
            return pilot
    pilot = _flown(society, regime, length)
    _PILOTS.append((society, regime, length, pilot))
    return pilot


def _flown(society: Society, regime: Regime, days: int) -> Pilot:
    from singlestep.engine.world import World

    world = World(society, regime, PILOT_PEOPLE, 1)
    world.run(days // 2)
    before = _counters(world)
    world.run(days - days // 2)
    dues, count = np.unique(world.post.everything()[:, DUE], return_counts=True)
    return Pilot(days, tuple(zip(dues.tolist(), count.tolist(), strict=True)), before, _counters(world), world.spills)


def _counters(world: World) -> int:
    return sum(int(block.table[-1, 0]) for block in world.blocks)
