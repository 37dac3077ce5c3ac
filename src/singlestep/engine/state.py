"""The state of everybody: every resident per-person array, in this one place.

| array | type | unit | written by |
|---|---|---|---|
| points, clean | int16 | points, recorded and as rightly recorded | scored, graded (wiping), settling (absorbed) |
| board | int16 | shown points last published | settling |
| tie | int16 | points added by ties; only with spill-over | settling |
| lists, clean_lists | uint8 | a bit a list; bit 7: a class set for a term is in force | graded |
| moods | uint8 | need (low four bits) and fear (high) | responds, settling |
| known | uint8 | awareness (low four bits) and the cell of income and group (high, a cache of traits) | responds, settling |
| cut | uint8 | a bit a slot of ties cut; bit 7: a parent (a cache of traits) | settling |
| kind | uint8 | archetype | set at the start, a cache of traits |

That is 12 bytes a person, 14 with spill-over.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

PAGE = 4096
CLASS_BIT = 128
LIST_BITS = 127
CELL_BITS = 240
PARENT_SHIFT = 7
TIE_BITS = 127
DOOR_BITS = 12  # of doors shut: the recorded side low, the clean side above it
NO_ACT = 0xFFFF  # what triggered a spell that no act did


class State(NamedTuple):
    """Arrays of length padded to whole pages (`tie` is empty without spill-over)."""

    points: NDArray[np.int16]
    clean: NDArray[np.int16]
    board: NDArray[np.int16]
    tie: NDArray[np.int16]
    lists: NDArray[np.uint8]
    clean_lists: NDArray[np.uint8]
    moods: NDArray[np.uint8]
    known: NDArray[np.uint8]
    cut: NDArray[np.uint8]
    kind: NDArray[np.uint8]


def bytes_a_person(spills: bool) -> int:
    """Bytes of state for each person."""
    return 14 if spills else 12


def new_state(people: int, spills: bool) -> State:
    """All noughts, for whole pages."""
    size = -(-people // PAGE) * PAGE

    def short(length: int) -> NDArray[np.int16]:
        return np.zeros(length, np.int16)

    def byte() -> NDArray[np.uint8]:
        return np.zeros(size, np.uint8)

    return State(
        short(size), short(size), short(size), short(size if spills else 0),
        byte(), byte(), byte(), byte(), byte(), byte(),
    )  # fmt: skip
