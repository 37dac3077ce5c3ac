"""What happened to whom, kept for comparing worlds: a digest of each person's acts, and every change of doors and lists.

Only worlds made with `follow=True` keep this (16 bytes a person, and 32 bytes a change); others pay nothing. A digest is
a sum of keyed words, one for each act taken, so that no order can show: who takes the same acts on the same days in two
worlds has the same digest in both, and hardly ever otherwise (62 bits).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from singlestep.engine import counters as c
from singlestep.engine import draws as d
from singlestep.engine.compiling import a_pass, compiled
from singlestep.engine.state import DOOR_BITS
from singlestep.rooms import lives

LISTS_SHIFT = 2 * DOOR_BITS  # recorded list bits above the doors of both sides, then the clean ones
CLEAN_LISTS_SHIFT = LISTS_SHIFT + 8
DOORS = (1 << DOOR_BITS) - 1
DIGEST = (1 << 62) - 1
DIGEST_PURPOSE = 255  # no draw of the model has this purpose
DAY, PERSON, STATUS, ACT = 0, 1, 2, 3  # columns of a change
ROOM = 1 << 10

Changes = NDArray[np.int64]


class Following:
    """What is kept about persons `first` to `end` - 1."""

    def __init__(self, first: int, end: int) -> None:
        self.first = first
        self.acts = np.zeros(end - first, np.int64)
        self.status = np.zeros(end - first, np.int64)
        self.log: Changes = np.empty((ROOM, 4), np.int64)
        self.noted = 0
        self.days: list[int] = []  # of each day the digest over everybody's acts

    def note_doors(self, X: Any, table: Any, rows: Any, start: int, stop: int, everyone: bool, day: int) -> None:
        """Note who of these has other doors or lists than before: addressees of letters, or everyone from start on."""
        if self.noted + stop - start > self.log.shape[0]:
            larger = np.empty((2 * (self.noted + stop - start), 4), np.int64)
            larger[: self.noted] = self.log[: self.noted]
            self.log = larger
        self.noted = int(
            add_changes(
                X.lists, X.clean_lists, table, rows, start, stop, everyone, day, self.first, self.status, self.log, self.noted
            )
        )

    @property
    def changes(self) -> Changes:
        """Rows of (day, person, status, act that triggered it) in the order in which they were noted."""
        return self.log[: self.noted]


@a_pass
def add_acts(authors, steps, purposes, persons, acts, became, occasions, digests, first):  # type: ignore[no-untyped-def]
    """Add each act taken to its person's digest; the sum over all is returned."""
    today = np.int64(0)
    for at in range(occasions):
        if became[at] != lives.TAKEN:
            continue
        address = np.int64(purposes[at])  # purpose and occasion
        low, high, u, v = d.draw(acts[at], address, authors[at], steps[at], DIGEST_PURPOSE, 0, persons[at])
        word = ((high << 32) + low) & DIGEST
        place = np.int64(persons[at]) - first
        digests[place] = (digests[place] + word) & DIGEST
        today = (today + word) & DIGEST
    return today


@compiled
def add_changes(lists, clean_lists, table, rows, start, stop, everyone, day, first, status, log, noted):  # type: ignore[no-untyped-def]
    """Write down whose doors or lists differ from what they were. Returns how many changes there are now."""
    for n in range(start, stop):
        person = np.int64(n)
        if not everyone:
            person = np.int64(rows[n, 0])
        now = np.int64(c.get(table, c.slot_of(person, c.DOORS, 0)))
        now += (np.int64(lists[person]) << LISTS_SHIFT) + (np.int64(clean_lists[person]) << CLEAN_LISTS_SHIFT)
        before = status[person - first]
        if now == before:
            continue
        status[person - first] = now
        newly_shut = (now ^ before) & DOORS & now
        act = np.int64(-1)
        for door in range(DOOR_BITS):
            if (newly_shut >> door) & 1:
                act = c.spell_in(c.get(table, c.slot_of(person, c.SPELL, door)))[3]
        log[noted, 0], log[noted, 1], log[noted, 2], log[noted, 3] = day, person, now, act
        noted += 1
    return noted
