"""Two worlds of the same people side by side: who does other acts or finds other doors shut, and when the worlds part.

A *spell* is one door shut on one person, from the day it shuts to the day it opens (none while it is still shut at the end).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from singlestep.engine.following import ACT, DAY, DOORS, PERSON, STATUS
from singlestep.engine.state import DOOR_BITS, NO_ACT
from singlestep.measures.counts import Ratio, Rows
from singlestep.words import measures as words

NEVER = -1  # a spell that has not ended; worlds that have not parted

Ints = NDArray[np.int64]


class Spells(NamedTuple):
    """All spells of a world, arrays of one length: whose, which door, first and last day, and what brought them."""

    person: Ints
    door: Ints
    begun: Ints
    ended: Ints  # NEVER while shut
    erroneous: NDArray[np.bool_]  # the clean file had it open on the day it shut
    act: Ints  # that triggered it; -1 for none

    def only(self, which: NDArray[np.bool_]) -> Spells:
        """Those of the spells for which this is true."""
        parts: Any = [part[which] for part in self]
        return Spells(*parts)


@dataclass(frozen=True)
class Followed:
    """What a world that was followed has kept: digests of acts by person and by day, and changes of doors and lists."""

    acts: Ints  # [person]
    days: Ints  # [day]
    changes: Ints  # [change, (day, person, status, act)], by day

    @classmethod
    def of(cls, world: Any) -> Followed:
        """What this world has kept so far."""
        return cls(world.acts_digest, world.days_digest, world.changes)

    def spells(self) -> Spells:
        """Every spell, by door and person."""
        return self._spells

    @cached_property
    def _spells(self) -> Spells:  # asked for by several measures
        rows, before = _by_person(self.changes)
        found = [_spells_of(door, rows, before) for door in range(DOOR_BITS)]
        return Spells(*(np.concatenate(parts) for parts in zip(*found, strict=True)))

    def door_changes(self) -> Ints:
        """A number for each change of the doors shut, alike in two worlds when person, day and doors are alike."""
        rows, before = _by_person(self.changes)
        changed = rows[(rows[:, STATUS] ^ before) & DOORS != 0]
        return (changed[:, PERSON] << 32) + (changed[:, DAY] << DOOR_BITS) + (changed[:, STATUS] & DOORS)


@dataclass(frozen=True)
class Parting:
    """How two worlds of the same people part."""

    day: int  # the first day on which anybody acts otherwise or finds other doors shut; NEVER
    people: int  # persons who differ, in acts or doors
    acts: int  # persons whose acts differ
    doors: int  # persons whose doors differ

    def rows(self, everyone: int) -> dict[str, Rows]:
        """The persons who differ, of all."""
        counted = {words.ALL: self.people, words.IN_ACTS: self.acts, words.IN_DOORS: self.doors}
        return {"differ": {of: Ratio(number, everyone) for of, number in counted.items()}}

    def told(self) -> dict[str, Any]:
        """As in the summary; `day` is None when the worlds have not parted."""
        day = None if self.day == NEVER else self.day
        return {"day": day, "people": self.people, "acts": self.acts, "doors": self.doors}

    def block(self) -> dict[str, Any]:
        """One row of the table of partings."""
        day = np.ma.masked_equal(np.array([self.day]), NEVER)
        return {"day": day, "people": self.people, "acts": self.acts, "doors": self.doors}


def parted(world: Followed, base: Followed) -> Parting:
    """Compare two worlds of the same people, seed and days."""
    by_acts = world.acts != base.acts
    other = np.setxor1d(world.door_changes(), base.door_changes())
    by_doors = np.zeros(len(by_acts), bool)
    by_doors[other >> 32] = True
    days = np.concatenate((np.flatnonzero(world.days != base.days), (other >> DOOR_BITS) & 0xFFFFF))
    return Parting(
        day=int(days.min()) if len(days) else NEVER,
        people=int((by_acts | by_doors).sum()),
        acts=int(by_acts.sum()),
        doors=int(by_doors.sum()),
    )


def _by_person(changes: Ints) -> tuple[Ints, Ints]:
    """Changes by person, each person's in the order in which they came, and the status before each."""
    rows = changes[np.argsort(changes[:, PERSON], kind="stable")]
    before = np.zeros(len(rows), np.int64)
    same = rows[1:, PERSON] == rows[:-1, PERSON]
    before[1:][same] = rows[:-1, STATUS][same]
    return rows, before


def _spells_of(door: int, rows: Ints, before: Ints) -> tuple[Any, ...]:
    """The spells of one door: it shuts and opens in turn, so each shutting ends with the person's next change."""
    moved = ((rows[:, STATUS] ^ before) >> door) & 1 == 1
    turns = rows[moved]
    shuts = (turns[:, STATUS] >> door) & 1 == 1
    ended = np.full(len(turns), NEVER, np.int64)
    followed = (turns[1:, PERSON] == turns[:-1, PERSON]) & shuts[:-1]
    ended[:-1][followed] = turns[1:, DAY][followed]
    begun = turns[shuts]
    clean = (begun[:, STATUS] >> (door + DOOR_BITS)) & 1 == 1
    act = np.where(begun[:, ACT] == NO_ACT, -1, begun[:, ACT])
    place = np.full(len(begun), door, np.int64)
    return begun[:, PERSON], place, begun[:, DAY], ended[shuts], ~clean, act
