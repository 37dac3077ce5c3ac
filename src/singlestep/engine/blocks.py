"""A block: some whole pages of people with their own outbox, counters and tallies. What it does depends on no other block."""

from __future__ import annotations

import threading
from collections import namedtuple
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from singlestep.engine import counters, tallies
from singlestep.engine.day import live
from singlestep.engine.following import Following
from singlestep.engine.handing import hand
from singlestep.engine.reading import AGAIN, BY_LETTER, FIRST, new_sheets, new_slips, read
from singlestep.engine.settle import settle
from singlestep.engine.step import new_flat, take_stock, wake
from singlestep.engine.telling import Trace

if TYPE_CHECKING:
    from singlestep.engine.world import World

Tallies = namedtuple("Tallies", list(tallies.NAMES))  # type: ignore[misc]
NO_LETTERS = np.empty((0, 4), np.int64)
NO_DIGESTS = np.empty(0, np.int64)
ROOM = 1 << 10  # letters, and counters, for which room is made at a time


class Scratch:
    """What one thread needs while it works on a block, so that blocks keep nothing per person between days."""

    def __init__(self, people: int) -> None:
        self.people = people
        self.out: NDArray[np.int64] = np.empty((max(1 << 12, people // 8), 5), np.int64)
        self.sent = np.zeros(1, np.int64)
        self.felt = np.zeros((people, 3), np.int8)
        self.who = np.empty(people + 1, np.int32)
        self.count = np.empty(people + 1, np.uint8)
        self.words = np.empty(4096, np.uint32)
        self.entries, self.flat = 0, hand(new_flat(0))
        self.sheets, self.slips = new_sheets(), new_slips(0)

    def room_for_letters(self, wanted: int) -> None:
        """Make sure that so many more letters fit into the outbox."""
        sent = int(self.sent[0])
        if sent + wanted > self.out.shape[0]:
            larger = np.empty((max(2 * self.out.shape[0], sent + 2 * wanted), 5), np.int64)
            larger[:sent] = self.out[:sent]
            self.out = larger

    def flat_for(self, entries: int) -> Any:
        """Flat lists with room for so many entries, as kernels take them."""
        if self.entries < entries:
            self.entries = entries + entries // 4
            self.flat = hand(new_flat(self.entries))
        return self.flat

    def slips_for(self, letters: int) -> NDArray[np.int64]:
        """Slips for so many letters."""
        if self.slips.shape[0] < letters:
            self.slips = new_slips(letters + letters // 4)
        return self.slips


THREAD = threading.local()


def scratch_for(people: int) -> Scratch:
    """This thread's scratch."""
    scratch: Scratch | None = getattr(THREAD, "scratch", None)
    if scratch is None or scratch.people < people:
        scratch = THREAD.scratch = Scratch(people)
    return scratch


class Block:
    """Persons `first` to `end` - 1 of a world."""

    def __init__(self, world: World, first: int, end: int, sizes: dict[str, tuple[int, ...]], cities: int) -> None:
        self.world, self.first, self.end = world, first, end
        self.people = max(1, min(end, world.people) - first)
        self.table = counters.new_table(ROOM, first, self.people)
        self.tallies: Any = Tallies(**tallies.empty(sizes))
        self.counts = hand(self.tallies)
        self.filed_now = np.zeros(cities, np.int64)
        self.published = False
        self.trace = Trace(world.traced, first, end)
        self.following = Following(first, end) if world.follow else None

    def _read(self, scratch: Scratch, rows: NDArray[np.int64], start: int, stop: int, everyone: int) -> None:
        w = self.world
        letters = 0 if everyone else stop - start
        flat, slips, wanted = scratch.flat_for(letters), scratch.slips_for(letters), ROOM
        while start < stop:
            done = read(
                *w.given, self.counts, flat, scratch.sheets, slips, w.day, rows, start,
                stop, everyone, scratch.out, scratch.sent, self.table, scratch.felt, self.first, w.filed_last, self.filed_now,
                w.capacity, self.trace.told, self.trace.traced,
            )  # fmt: skip
            if done < stop:
                scratch.room_for_letters(wanted)
                self.table = counters.room(self.table, wanted, self.first, self.people)
                if self.trace.on:
                    self.trace.room(wanted)
                wanted = wanted * 2 if done == start else ROOM
            start = done

    def _note_doors(self, rows: NDArray[np.int64], start: int, stop: int, everyone: bool) -> None:
        w = self.world
        if self.following is not None:
            self.following.note_doors(w.state, self.table, rows, start, stop, everyone, w.day)

    def _send(self, scratch: Scratch) -> None:
        self.world.post.take_in(scratch.out, int(scratch.sent[0]))
        scratch.sent[0] = 0

    def live(self, rows: NDArray[np.int64], start: int, stop: int) -> None:
        """One day: letters start..stop-1 of `rows` are this block's."""
        self._read(scratch_for(self.end - self.first), rows, start, stop, BY_LETTER)
        self._note_doors(rows, start, stop, False)
        self.act(rows, start, stop)

    def act(self, rows: NDArray[np.int64], start: int, stop: int) -> None:
        """What is done this day, once its letters are read."""
        w, S = self.world, self.world.society_tables
        scratch = scratch_for(self.end - self.first)
        awake, occasions = wake(
            S.seed0, S.seed1, w.day, self.first, self.end, w.people, w.state.kind, S.wake, S.occasions,
            scratch.who, scratch.count, scratch.words,
        )  # fmt: skip
        most = stop - start + int(occasions)
        F = scratch.flat_for(most * w.spread)
        scratch.room_for_letters(most * (4 + 3 * w.spread))
        if self.trace.on:
            self.trace.room((stop - start + self.trace.most) * (6 + 2 * w.spread))
        digest = live(
            *w.given, self.counts, F, w.day, rows, start, stop, self.first, scratch.who, scratch.count,
            awake, scratch.out, scratch.sent, self.table, scratch.felt, self.trace.told, self.trace.traced,
            self.trace.windows, self.following.acts if self.following is not None else NO_DIGESTS,
        )  # fmt: skip
        if self.following is not None:
            self.following.days.append(int(digest))
        self._send(scratch)

    def settle(self) -> None:
        """Pass A of settling."""
        w = self.world
        mine = slice(self.first, min(self.end, w.people))
        absorbs = self.trace.on and w.regime_tables.absorb_share > 0
        before = (w.state.points[mine].copy(), w.state.clean[mine].copy()) if absorbs else ()
        settle(*w.given, self.counts, w.day, self.first, self.end)
        if absorbs:
            self.trace.absorbed(self.first, before, (w.state.points[mine], w.state.clean[mine]), w.day)

    def publish(self) -> None:
        """Pass B of settling."""
        w, scratch = self.world, scratch_for(self.end - self.first)
        last = min(self.end, w.people)
        self._read(scratch, NO_LETTERS, self.first, last, AGAIN if self.published else FIRST)
        self._note_doors(NO_LETTERS, self.first, last, True)
        self.published = True
        if w.regime_tables.monthly:
            counters.forget(self.table, counters.GRAVEST)
        self._send(scratch)
        self.take_stock()

    def take_stock(self) -> None:
        """Count people, classes, lists, doors and levels anew, as they stand, without changing anything."""
        w = self.world
        for name in tallies.NAMES:
            if name.startswith("stock_"):
                getattr(self.tallies, name)[:] = 0
        _, R, X = w.given
        take_stock(X, self.counts, R, w.people, self.table, self.first, self.end, w.day)
