"""What a world is expected to need, found by a pilot: the same society and regime with few people, for a year at most; and
how long it takes, found by living some weeks of a piece of it.

The constants are measured: `python benchmarks/memory.py` lays what a run says beforehand beside what it really took.
"""

from __future__ import annotations

import time
from collections import deque
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from singlestep.engine import counters
from singlestep.engine.letters import DUE, LOOSE
from singlestep.engine.state import PAGE, bytes_a_person
from singlestep.regime.schema import Regime
from singlestep.society.schema import Society

if TYPE_CHECKING:
    from singlestep.engine.world import World

PILOT_PEOPLE = PAGE
PILOT_DAYS = 365
LETTER_BYTES, PRESSED_BYTES = 24, 4  # packed, and pressed as well (4.3 of 2 million people, 3.3 of 1.4 billion)
GROUP_BYTES = 4 / (1 << counters.GROUP_BITS)  # a person, to find packed counters by
ROW_BYTES = 16  # of a counter that changed lately
SCRATCH_BYTES, SCRATCH_BYTES_A_PERSON = 10 << 20, 25  # of one thread: its lists, for a block of so many people
PROGRAM_BYTES = 205 << 20  # interpreter, libraries, compiled code
DAYS_OF_NEW_COUNTERS = 5 * 365  # after which nearly everyone who will ever have counters has them
PIECE_DAYS = 45  # one settling among them
PIECE_LEAST, PIECE_MOST, PIECE_SHARE = 1 << 17, 1 << 20, 8  # people, people, and people for each one of a piece between these
REMEMBERED = 1_024  # pilots and paces: as many as a sweep may have regimes


class Pilot(NamedTuple):
    """What a small world left after `days`: due days of its letters, and counters at half time and at the end."""

    days: int
    dues: NDArray[np.int64]  # rows of due day and letters
    counters_before: int  # bytes, packed
    counters: int
    spills: bool


_PILOTS: deque[tuple[Society, Regime, int, Pilot]] = deque(maxlen=REMEMBERED)  # asked for again when looking for what fits
_PACES: deque[tuple[Society, Regime, int, bool, float]] = deque(maxlen=REMEMBERED)


def forecast(society: Society, regime: Regime, people: int, days: int) -> dict[str, int]:
    """Bytes expected at the peak of a run of `people` for `days`, with one thread: `memory` in all, and its parts, of which
    `pressed` can lie on the disk instead.

    `blocks` is no part but a number: as many threads can work, each with as much `scratch`. `checkpoint` is the size of the
    state at the end on the disk.
    Beyond the pilot's days letters go on to arise at its pace and to wait as long, and counters to grow as in its last half.
    """
    from singlestep.engine.world import BLOCK_PAGES, LEAST_BLOCK

    pilot = _pilot(society, regime, days)
    share = people / PILOT_PEOPLE
    due, count = pilot.dues.T
    waiting = share * float((count * np.maximum(1.0, np.minimum(due - pilot.days / 2, days) / pilot.days)).sum())
    loose = min(waiting, LOOSE)
    growth = (pilot.counters - pilot.counters_before) / max(1, pilot.days - pilot.days // 2)
    packed = share * (pilot.counters + growth * (min(days, max(pilot.days, DAYS_OF_NEW_COUNTERS)) - pilot.days))
    block = min(people, BLOCK_PAGES * PAGE)
    lately = min(max(counters.LATELY, block // counters.LATELY_SHARE), block) * ROW_BYTES // 2 * people / block
    parts = {
        "state": bytes_a_person(pilot.spills) * people,
        "letters": round(loose * LETTER_BYTES),
        "pressed": round((waiting - loose) * PRESSED_BYTES),
        "counters": round(packed + GROUP_BYTES * people + lately),
        "scratch": SCRATCH_BYTES + SCRATCH_BYTES_A_PERSON * block,
        "program": PROGRAM_BYTES,
    }
    kept = parts["state"] - people + round(waiting * PRESSED_BYTES + packed + GROUP_BYTES * people)  # without kinds
    return {"memory": sum(parts.values()), "checkpoint": kept, "blocks": -(-people // (LEAST_BLOCK * PAGE))} | parts


def pace(society: Society, regime: Regime, people: int, follow: bool = False) -> float:
    """About how many seconds a day of so many people takes on one thread, as fast as this machine is just now.

    It is what a piece takes: all of them up to 131,072 people, an eighth of them up to 1,048,576.
    """
    piece = min(people, max(PIECE_LEAST, people // PIECE_SHARE), PIECE_MOST)
    for known_society, known_regime, known_piece, known_follow, seconds in _PACES:
        if known_society is society and known_regime is regime and (known_piece, known_follow) == (piece, follow):
            return seconds * people / piece
    seconds = _lived(society, regime, piece, follow)
    _PACES.append((society, regime, piece, follow, seconds))
    return seconds * people / piece


def _lived(society: Society, regime: Regime, people: int, follow: bool) -> float:
    """Seconds a day that some weeks of so many people took."""
    from singlestep.engine.world import World

    world = World(society, regime, people, 1, follow=follow, examples=True)
    began = time.perf_counter()
    world.run(PIECE_DAYS)
    return (time.perf_counter() - began) / PIECE_DAYS


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
    dues = np.stack(np.unique(world.post.everything()[:, DUE], return_counts=True), axis=1)
    return Pilot(days, dues, before, _counters(world), world.spills)


def _counters(world: World) -> int:
    for block in world.blocks:
        block.counters.pack()
    return sum(block.counters.packed.nbytes for block in world.blocks)
