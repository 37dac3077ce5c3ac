"""Candidates for life stories, gathered while a world lives: of each kind the persons first in an order of their own.

A candidate is somebody of whom the state, or the day's mail, says that a story of this kind may be there; whether it is,
shows when the world is lived again with that person traced. The order is by a random word with an address, so the
candidates do not depend on layout; only the first of a kind are kept, whatever the number of people.
"""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from singlestep.engine import counters as c
from singlestep.engine import draws as d
from singlestep.engine import letters as m
from singlestep.engine.compiling import Place, compiled, small
from singlestep.engine.exchange import everything
from singlestep.engine.state import CLASS_BIT, LIST_BITS
from singlestep.quantities import DAYS_A_YEAR, MOST_SHOWN
from singlestep.regime.tables import HOUSE, SHUTS
from singlestep.rooms import graded

if TYPE_CHECKING:
    from singlestep.engine.world import World

KINDS = ("wrongly-listed", "locked-in", "silenced", "appealed-and-won", "informer", "gained", "for-another")
WRONGLY_LISTED, LOCKED_IN, SILENCED, APPEALED, INFORMER, GAINED, FOR_ANOTHER = range(len(KINDS))
KEPT = 64  # of each kind
LAST = 1 << 32  # beyond every word


@small
def offer(k0, k1, kind, person, found):  # type: ignore[no-untyped-def]
    """Keep a candidate if they come before the last kept; `found` [kind, place, word and person] is in order."""
    word = d.draw(k0, k1, person, 0, d.EXAMPLE, 0, 0)[0]
    place = found.shape[1] - 1
    if word > found[kind, place, 0] or (word == found[kind, place, 0] and person >= found[kind, place, 1]):
        return
    for n in range(found.shape[1]):
        if found[kind, n, 1] == person:
            return
    while place > 0 and (
        found[kind, place - 1, 0] > word or (found[kind, place - 1, 0] == word and found[kind, place - 1, 1] > person)
    ):
        found[kind, place, 0], found[kind, place, 1] = found[kind, place - 1, 0], found[kind, place - 1, 1]
        place -= 1
    found[kind, place, 0], found[kind, place, 1] = word, person


@compiled
def note_letters(k0, k1, letters, found):  # type: ignore[no-untyped-def]
    """Candidates among those who get mail today: appeals won against a wrong record, and people told of what a tie did."""
    for n in range(letters.shape[0]):
        kind = m.kind_of(letters[n, 1])
        if kind == m.WITNESS:
            offer(k0, k1, INFORMER, letters[n, 0], found)
        elif kind == m.DECISION and m.rule_of(letters[n, 2]) == 1 and m.reason_of(letters[n, 2]) == 1:
            offer(k0, k1, APPEALED, letters[n, 0], found)


@compiled
def note_people(
    k0, k1, lists, clean_lists, board, moods, class_at, class_shut, houses, start, fear_rest, spills, points, table, doors,
    first, end, day, lowest, highest, found,
):  # type: ignore[no-untyped-def]  # fmt: skip
    """Candidates among persons first..end-1 as they stand after settling; `houses`: bits of lists that reach households. Most
    people are unlisted, unafraid and in the class they began in, with `lowest` to `highest` points: they are passed over."""
    usual, calm = graded.class_of(start, class_at), 16 * fear_rest + 15
    for place in range(Place(first), Place(end)):
        if lists[place] == 0 and lowest <= board[place] and board[place] <= highest and moods[place] <= calm:
            continue
        person, bits = np.int64(place), np.int64(lists[place])
        standing = graded.class_of(np.int64(board[place]), class_at)
        if np.int64(moods[person]) >> 4 > fear_rest:
            offer(k0, k1, SILENCED, person, found)
        if standing < usual:
            offer(k0, k1, GAINED, person, found)
        shut = class_shut[standing] != 0
        if bits == 0 and not shut:
            continue
        if bits & LIST_BITS & ~np.int64(clean_lists[person]):
            offer(k0, k1, WRONGLY_LISTED, person, found)
        if bits & houses or (spills and shut and class_shut[graded.class_of(np.int64(points[person]), class_at)] == 0):
            offer(k0, k1, FOR_ANOTHER, person, found)
        if bits & (LIST_BITS | CLASS_BIT) or shut:
            long = False
            for door in range(doors):
                packed = c.get(table, c.slot_of(person, c.SPELL, door))
                long = long or (packed > 0 and day - c.spell_in(packed)[0] > DAYS_A_YEAR)
            if long:
                offer(k0, k1, LOCKED_IN, person, found)


class Examples:
    """The candidates of one world so far."""

    def __init__(self, world: World) -> None:
        R = world.regime_tables
        self.found: NDArray[np.int64] = np.full((len(KINDS), KEPT, 2), LAST, np.int64)
        self.houses = sum(1 << place for place in range(R.lists) if R.listing[place, HOUSE])
        self.class_shut = R.rung[:, SHUTS].copy()
        self.lowest, self.highest = self._uneventful(R)
        self.keys = world.society_tables.seed0, world.society_tables.seed1
        self.doors = len(world.society.services)
        self.exchange = world.share.exchange
        self.lock = Lock()  # the mail of several regions is looked at at a time; no order shows

    def _uneventful(self, R: Any) -> tuple[int, int]:
        """Lowest and highest points of the class that everybody begins in; none where it shuts a door."""
        usual = R.class_at[R.start + MOST_SHOWN]
        points = np.flatnonzero(R.class_at == usual) - MOST_SHOWN
        return (0, -1) if self.class_shut[usual] else (int(points[0]), int(points[-1]))

    def letters(self, rows: NDArray[np.int64]) -> None:
        """Look at a day's mail."""
        with self.lock:
            note_letters(*self.keys, rows, self.found)

    def look(self, world: World) -> None:
        """Look at everyone, on a day of settling."""
        X, R = world.state, world.regime_tables
        for block in world.blocks:
            note_people(
                *self.keys, X.lists, X.clean_lists, X.board, X.moods, R.class_at, self.class_shut, self.houses, R.start,
                R.fear_rest, R.tie_share > 0, X.points, block.table(), self.doors, block.first,
                min(block.end, world.people), world.day, self.lowest, self.highest, self.found,
            )  # fmt: skip

    def candidates(self) -> dict[str, list[int]]:
        """The candidates of each kind, in their order."""
        parts = everything(self.exchange, self.found.reshape(1, -1)).reshape(-1, *self.found.shape)
        found = first_of(parts)
        return {kind: found[place][found[place, :, 0] < LAST, 1].tolist() for place, kind in enumerate(KINDS)}


def first_of(parts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Several processes' candidates as those of one: `parts` [process, kind, place, word and person]."""
    found = np.full(parts.shape[1:], LAST, np.int64)
    for kind in range(len(KINDS)):
        first = np.unique(parts[:, kind].reshape(-1, 2), axis=0)[:KEPT]
        found[kind, : len(first)] = first
    return found
