"""A block: some whole pages of people with their own outbox and counters. What it does depends on no other block."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from singlestep.engine import counters, letters
from singlestep.engine.adding import CELLS, COLUMNS, add_up, wrong_at_most
from singlestep.engine.compiling import for_columns
from singlestep.engine.day import PIECE, live
from singlestep.engine.following import Following
from singlestep.engine.handing import hand
from singlestep.engine.reading import AGAIN, BY_LETTER, FIRST, read
from singlestep.engine.settle import settle
from singlestep.engine.sheets import new_sheets, new_slips
from singlestep.engine.step import SENT, new_flat, take_stock, wake
from singlestep.engine.tallies import LETTER, REFUSALS, Counts
from singlestep.engine.telling import Trace

if TYPE_CHECKING:
    from singlestep.engine.world import World

NO_LETTERS = np.empty((0, 4), np.int64)
NO_DIGESTS = np.empty(0, np.int64)
ROOM = 1 << 10  # letters, and counters, for which room is made at a time


class Scratch:
    """What one thread needs while it works on a block, so that blocks keep nothing per person between days."""

    def __init__(self, people: int) -> None:
        self.people = people
        self.out: NDArray[np.int64] = np.empty((max(1 << 12, people // 8), 5), np.int64)
        self.sent = np.zeros(SENT, np.int64)
        self.felt = np.zeros((people, 3), np.int8)
        self.feeling = np.empty(people, np.int32)
        self.who = np.empty(people + 1, np.int32)
        self.count = np.empty(people + 1, np.uint8)
        self.words = np.empty(4096, np.uint32)
        self.entries, self.flat = 0, hand(new_flat(0))
        self.home: NDArray[np.int64] = np.empty(0, np.int64)
        self.wrong: NDArray[np.int64] = np.empty(0, np.int64)
        self.plain: NDArray[np.int64] = np.empty((0, COLUMNS), np.int64)
        self.sheets, self.slips = new_sheets(), new_slips(0)
        self.bench = counters.Bench()

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

    def room_at_home(self, records: int) -> None:
        """Make sure that so many records can stay at home."""
        if self.home.shape[0] < records:
            self.home = np.empty(records + records // 4, np.int64)

    def hand_over_home(self, records: int) -> NDArray[np.int64]:
        """The first records of those that stay at home, handed over with the array they lie in."""
        kept, self.home = self.home[:records], letters.NONE_AT_HOME
        return kept

    def use_again(self, briefs: NDArray[np.int64]) -> None:
        """Records that stayed at home leave room, once they are read, for those that will (measured where every occasion is
        recorded: a fiftieth of a day less than copying them)."""
        array = briefs if briefs.base is None else briefs.base
        if len(array) > len(self.home):
            self.home = array

    def wrong_for(self, records: int) -> NDArray[np.int64]:
        """Room for the counters of so many wrong records, and one."""
        if self.wrong.shape[0] <= records:
            self.wrong = np.empty(records + records // 4 + 1, np.int64)
        return self.wrong

    def plain_for(self, pairs: int, records: int) -> NDArray[np.int64]:
        """Room to count records of so many pairs of act and source, or none where too few records come of each for that."""
        if pairs * CELLS > records:
            return self.plain[:0]
        if self.plain.shape[0] < pairs:
            self.plain = np.empty((pairs, COLUMNS), np.int64)
        return self.plain[:pairs]

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


@contextmanager
def working(people: int) -> Iterator[Scratch]:
    """This thread's scratch for a piece of work. If the work is broken off (Ctrl-C, a full disk), what it leaves there is no
    other world's business: the next one gets a new scratch."""
    scratch = scratch_for(people)
    try:
        yield scratch
    except BaseException:
        THREAD.scratch = None
        raise


class Block:
    """Persons `first` to `end` - 1 of a world."""

    def __init__(self, world: World, first: int, end: int) -> None:
        self.world, self.first, self.end = world, first, end
        self.people = max(1, min(end, world.people) - first)
        self.counters = counters.Counters(first, self.people)
        self.published = False
        self.trace = Trace(world.traced, first, end)
        self.following = Following(first, end) if world.follow else None

    def table(self) -> Any:
        """The counters as kernels take them, until this thread works on another block."""
        self.counters.pack_raised()
        return scratch_for(self.end - self.first).bench.hold(self.counters)

    def _read(self, scratch: Scratch, counts: Counts, rows: NDArray[np.int64], start: int, stop: int, everyone: int) -> None:
        w = self.world
        self.counters.pack_raised()
        scratch.bench.hold(self.counters)
        letters = 0 if everyone else stop - start
        flat, slips, wanted = scratch.flat_for(letters), scratch.slips_for(letters), ROOM
        while start < stop:
            done = read(
                *w.given, counts.given, flat, scratch.sheets, slips, w.day, rows, start, stop, everyone,
                scratch.out, scratch.sent, scratch.bench.table, scratch.felt, scratch.feeling, self.first, w.filed_last,
                counts.filed, w.capacity, self.trace.told, self.trace.traced,
            )  # fmt: skip
            if done < stop:
                scratch.room_for_letters(wanted)
                scratch.bench.room(wanted)
                if self.trace.on:
                    self.trace.room(wanted)
                wanted = wanted * 2 if done == start else ROOM
            start = done

    def _note_doors(self, scratch: Scratch, rows: NDArray[np.int64], start: int, stop: int, everyone: bool) -> None:
        w = self.world
        if self.following is not None:
            self.following.note_doors(w.state, scratch.bench.table, rows, start, stop, everyone, w.day)

    def _send(self, scratch: Scratch) -> None:
        posted, stay, _ = scratch.sent.tolist()
        self.world.post.take_in(scratch.out, posted)
        if stay:
            self.world.post.keep_at_home(self.first, scratch.hand_over_home(stay))
        scratch.sent[:] = 0

    def live(self, counts: Counts, rows: NDArray[np.int64], start: int, stop: int) -> None:
        """One day: letters start..stop-1 of `rows` are what the post brings to this block."""
        w, rows = self.world, rows[start:stop]
        at_home = w.post.from_home(self.first)
        with working(self.end - self.first) as scratch:
            scratch.bench.hold(self.counters)
            if not self._add_up(scratch, counts, rows, at_home):
                rows = w.post.with_those_from_home(rows, at_home, self.first)
                if w.shielded is not None:
                    rows = self._shield(counts, rows, w.shielded)
                self._read(scratch, counts, rows, 0, len(rows), BY_LETTER)
                self._note_doors(scratch, rows, 0, len(rows), False)
            scratch.use_again(at_home)
            self.act(scratch, counts, rows)

    def _add_up(self, scratch: Scratch, counts: Counts, rows: NDArray[np.int64], at_home: NDArray[np.int64]) -> bool:
        """Read the day's mail by the shorter way of `adding`, if it can go that way; doors then do not change."""
        w = self.world
        if not w.regime_tables.only_adds or self.trace.on or w.shielded is not None:
            return False
        wrong = wrong_at_most(rows, at_home, scratch.bench.table, self.first)
        if wrong < 0:
            return False
        _, R, X = w.given
        keys = scratch.wrong_for(wrong * w.regime_tables.most_rules)
        plain = scratch.plain_for(len(w.regime_tables.pair) - 1, len(at_home))
        raised = add_up(
            R, X, counts.given, rows, at_home, scratch.sent, plain, keys, scratch.felt, scratch.feeling, self.first
        )
        if raised:
            self.counters.raise_by_one(keys[:raised].copy())
            scratch.bench.hold(self.counters)
        return True

    @staticmethod
    def _shield(counts: Counts, rows: NDArray[np.int64], shielded: NDArray[np.bool_]) -> NDArray[np.int64]:
        """The day's letters without records for the shielded, which are refused."""
        who, events = rows[:, letters.WHO - 1], rows[:, letters.EVENT - 1]
        kept = ~((for_columns(letters.kind_of)(events) == letters.RECORD) & shielded[who])
        refused = len(rows) - int(kept.sum())
        counts.tallies.letter[letters.RECORD, LETTER.index("refused")] += refused
        counts.tallies.refusal[REFUSALS.index("not covered")] += refused
        return rows[kept]

    def act(self, scratch: Scratch, counts: Counts, rows: NDArray[np.int64]) -> None:
        """What is done this day, once its letters are read; those of `rows` that are occasions are lived."""
        w, S = self.world, self.world.society_tables
        awake, occasions = wake(
            S.seed0, S.seed1, w.day, self.first, self.end, w.people, w.state.kind, S.wake, S.occasions,
            scratch.who, scratch.count, scratch.words,
        )  # fmt: skip
        most = len(rows) + int(occasions)
        F = scratch.flat_for(min(most, len(rows) + 4 * PIECE) * w.spread)
        scratch.room_at_home(most * w.spread)
        scratch.room_for_letters(most * (4 + 3 * w.spread))
        if self.trace.on:
            self.trace.room((len(rows) + self.trace.most) * (6 + 2 * w.spread))
        digest = live(
            *w.given, counts.given, F, w.day, rows, self.first, scratch.who, scratch.count, awake, scratch.out, scratch.sent,
            scratch.home, scratch.bench.table, scratch.felt, scratch.feeling,
            self.trace.told, self.trace.traced, self.trace.windows,
            self.following.acts if self.following is not None else NO_DIGESTS,
        )  # fmt: skip
        if self.following is not None:
            self.following.days.append(int(digest))
        self._send(scratch)

    def settle(self, counts: Counts) -> None:
        """Pass A of settling."""
        w = self.world
        mine = slice(self.first, min(self.end, w.people))
        absorbs = self.trace.on and w.regime_tables.absorb_share > 0
        before = (w.state.points[mine].copy(), w.state.clean[mine].copy()) if absorbs else ()
        settle(*w.given, counts.given, w.day, self.first, self.end)
        if absorbs:
            self.trace.absorbed(self.first, before, (w.state.points[mine], w.state.clean[mine]), w.day)

    def publish(self, counts: Counts) -> None:
        """Pass B of settling."""
        w = self.world
        last = min(self.end, w.people)
        with working(self.end - self.first) as scratch:
            scratch.bench.hold(self.counters)
            self._read(scratch, counts, NO_LETTERS, self.first, last, AGAIN if self.published else FIRST)
            self._note_doors(scratch, NO_LETTERS, self.first, last, True)
            self._send(scratch)
        self.published = True
        if w.regime_tables.monthly:
            self.counters.forget(counters.GRAVEST)
        self.take_stock(counts)

    def take_stock(self, counts: Counts) -> None:
        """Count people, classes, lists, doors and levels as they stand, without changing anything."""
        w = self.world
        _, R, X = w.given
        shut = self.counters.living(counters.DOORS)
        take_stock(X, counts.given, R, w.people, self.table(), shut, self.first, self.end, w.day)
